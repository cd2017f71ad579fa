//! The platform's records, in its own names.
