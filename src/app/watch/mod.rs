//! Deploy watches: each follows one release from its build to its errors after it went live.

/// The releases that are watched, and those whose verdict was told last.
#[derive(Clone, Debug, Default)]
pub struct Watches {}
