//! Detail: everything known of the selected environment and its newest deployment.

use super::Motion;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::Backup;

/// What the pane holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct DetailPane {
    /// The first line in sight. The view stops at the end.
    pub offset: usize,
    /// Whether it was opened from a backup, which is shown instead of the environment.
    pub of_backup: bool,
}

/// The backup that is shown in full; absent while the environment is.
#[must_use]
pub fn shown_backup(state: &State) -> Option<&Backup> {
    let is_wanted = state.screen.focus == Pane::Detail && state.panes.detail.of_backup;
    super::backups::selected(state).filter(|_| is_wanted)
}

/// At most so many lines are of the model's own fields; platforms add details of theirs.
const OWN_LINES: usize = 24;

/// At most so many lines has why a deployment failed, and as many what to do.
pub const MOST_WRAPPED: usize = 6;

pub(super) fn motion(state: &mut State, motion: Motion) {
    // Not far past the end, or the way back would seem dead.
    let most = lines_at_most(state).saturating_sub(state.layout().rows(Pane::Detail));
    let offset = &mut state.panes.detail.offset;
    *offset = match motion {
        Motion::By(delta) => offset.saturating_add_signed(delta).min(most),
        Motion::Top => 0,
        Motion::Bottom => most,
    };
}

fn lines_at_most(state: &State) -> usize {
    if let Some(backup) = shown_backup(state) {
        let parts = backup.parts.iter();
        let of_parts = parts.map(|part| 1 + part.errors.len()).sum::<usize>();
        return OWN_LINES + backup.details.len() + of_parts;
    }
    let env = state
        .selected_environment()
        .map_or(0, |env| env.details.len());
    let app = state.selected_app().and_then(|id| state.inventory.app(id));
    let newest = state
        .selected_env()
        .and_then(|id| state.inventory.deployments_of(&id)?.value.as_ref()?.first());
    OWN_LINES
        + env
        + app.map_or(0, |app| app.details.len())
        + newest.map_or(0, |deployment| {
            let told = [&deployment.reason, &deployment.hint];
            deployment.details.len() + MOST_WRAPPED * told.into_iter().flatten().count()
        })
}
