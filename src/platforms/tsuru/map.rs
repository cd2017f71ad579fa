//! What the platform's records mean.
