//! Together.
