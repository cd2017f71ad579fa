//! Operations that only one platform has: declared beside its adapter, and from there in every menu,
//! form and command, asked about and written down like all others.

use super::catalogue::Recipe;
use super::{Safety, Stakes};

/// An operation that only one platform has. Its recipe builds [`OperationKind::Special`] of itself.
///
/// [`OperationKind::Special`]: super::OperationKind::Special
#[derive(Debug)]
pub struct Special {
    /// Its row: name, letter, target and fields. The capability is [`Capability::Special`].
    ///
    /// [`Capability::Special`]: super::Capability::Special
    pub recipe: Recipe,
    /// The verb, for dialogs and the operations line: "grant team".
    pub verb: &'static str,
    /// How much there is to lose.
    pub stakes: Stakes,
    /// What happens when it is sent twice.
    pub safety: Safety,
    /// Whether it is what one does without a credential: logging in.
    pub needs_no_credential: bool,
}

impl PartialEq for Special {
    /// They are told by their names, which no two have.
    fn eq(&self, other: &Self) -> bool {
        self.recipe == other.recipe
    }
}

impl Eq for Special {}
