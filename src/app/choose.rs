//! Which contexts are shown.

use std::collections::BTreeSet;

use super::state::State;
use crate::model::ContextId;

/// What the list of contexts shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChooseState {
    /// The selected context, by its place in the configuration.
    pub selected: usize,
}

impl ChooseState {
    /// The list, on the context of the selection.
    #[must_use]
    pub fn new(state: &State) -> Self {
        let selected = state.selected_context();
        Self {
            selected: selected.map_or(0, |context| usize::from(context.id.0)),
        }
    }

    /// Moves the selection, not past the ends of `count` contexts.
    pub fn step(&mut self, delta: isize, count: usize) {
        let last = count.saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(delta).min(last);
    }
}

/// Contexts whose apps are not listed. They are read like the others: what fails there still
/// counts in the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden(BTreeSet<ContextId>);

impl Hidden {
    /// Whether the apps of a context are not listed.
    #[must_use]
    pub fn has(&self, context: ContextId) -> bool {
        self.0.contains(&context)
    }

    /// How many contexts are hidden.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether all are listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Hides a context, or lists it again.
    pub fn toggle(&mut self, context: ContextId) {
        if !self.0.remove(&context) {
            self.0.insert(context);
        }
    }

    /// Lists one context of all, and no other.
    pub fn all_but(&mut self, context: ContextId, all: impl Iterator<Item = ContextId>) {
        self.0 = all.filter(|other| *other != context).collect();
    }

    /// Lists all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
