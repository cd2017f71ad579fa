//! What only tsuru has.

use crate::model::Special;

/// Every operation that no other platform has, in the order of menus.
pub(super) const SPECIALS: &[&Special] = &[];
