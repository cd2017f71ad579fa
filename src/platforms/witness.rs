//! What an adapter notes before an operation, as the text in which that is kept.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::Witness;

pub(super) fn written(before: &impl Serialize) -> Witness {
    Witness(serde_json::to_string(before).ok())
}

/// The other way round; absent where nothing was noted, or in words of another time.
pub(super) fn read<B: DeserializeOwned>(witness: &Witness) -> Option<B> {
    serde_json::from_str(witness.0.as_deref()?).ok()
}
