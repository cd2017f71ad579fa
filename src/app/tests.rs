//! Messages in, state and effects compared; no runtime, no sleeping.
