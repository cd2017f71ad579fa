//! Lines that are JSON, as time, level, message and fields.
