//! The states of managed apps as they were seen to change: the API has no log of them.
//! Source: PandaStack contract, section 9.

/// What was seen, oldest first for each app.
#[derive(Default)]
pub(super) struct Trail;
