//! An app that is pinned to an earlier deployment: what it refuses, and how it goes on.

use crate::app::action::Action;
use crate::app::help::keys_of;
use crate::app::rows::PINNED;
use crate::app::state::State;
use crate::model::catalogue::Recipe;
use crate::model::{App, Capability, Scoped, Target};

/// How to go on: `keep it (a K) or undo it (a U)`.
pub(super) fn ways(state: &State) -> String {
    let menu = keys_of(&state.screen.keymap, Action::Menu);
    let keys = |capability| {
        let letter = Recipe::of(capability).map(|recipe| format!(" {}", recipe.letter));
        format!("{menu}{}", letter.unwrap_or_default())
    };
    let keep = keys(Capability::CommitRollback);
    let undo = keys(Capability::RevertRollback);
    format!("keep it ({keep}) or undo it ({undo})")
}

/// Why it stands against an operation on a target; nothing where it does not.
pub(super) fn refusal(
    state: &State,
    target: &Target,
    capability: Capability,
) -> Result<(), String> {
    let (Some(app), Some(context)) = (app(state, target), state.contexts.get(target.context))
    else {
        return Ok(());
    };
    let ends = matches!(
        capability,
        Capability::CommitRollback | Capability::RevertRollback
    );
    if ends && !app.is_pinned() {
        return Err(format!("{} is not {PINNED}", app.name));
    }
    let deploys = capability.begins_deployment(context.profile.changes_variables_together);
    if deploys && app.is_pinned() {
        let (name, ways) = (&app.name, ways(state));
        return Err(format!("{name} is {PINNED}: {ways} first"));
    }
    Ok(())
}

fn app<'a>(state: &'a State, target: &Target) -> Option<&'a App> {
    let id = target.app.clone()?;
    state.inventory.app(&Scoped::new(target.context, id))
}
