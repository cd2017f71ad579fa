//! What is shown instead of the selection's log: sources that somebody chose, as one.

use super::source_list::{SourceRow, SourcesState};
use super::wish::{explanation_is_coming, live};
use super::{Wanted, shown};
use crate::app::action::Action;
use crate::app::keys::{Key, KeyPress};
use crate::app::notices::Tone;
use crate::app::screen::Overlay;
use crate::app::state::State;
use crate::app::update::{edit, is_close};
use crate::model::{EnvId, Scoped};

/// So many logs are shown as one at most: more names and colours nobody tells apart.
pub const MOST: usize = 16;
/// What a page moves by.
const PAGE: isize = 10;

/// The sources that were chosen, in that order; empty while the selection is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// They.
    pub chosen: Vec<Scoped<EnvId>>,
}

impl Sources {
    pub(super) fn shown_env(&self, state: &State) -> Option<Scoped<EnvId>> {
        match self.chosen.as_slice() {
            [] => state.selected_env(),
            [only] => Some(only.clone()),
            _ => None,
        }
    }
}

/// The environment whose log is shown by itself: the only source that was chosen, or the selection.
#[must_use]
pub fn shown_env(state: &State) -> Option<Scoped<EnvId>> {
    state.panes.logs.sources.shown_env(state)
}

/// What a source is called: `do-prod shop-api/live`; absent once nothing is known of it.
#[must_use]
pub fn source_name(state: &State, env: &Scoped<EnvId>) -> Option<String> {
    let context = state.contexts.get(env.context)?;
    let fleet = state.inventory.fleet(env.context)?;
    let known = fleet.environments.get(&env.id)?;
    let app = fleet.app(&known.app);
    let app = app.map_or(known.app.as_str(), |app| app.name.as_str());
    Some(format!("{} {app}/{}", context.name, fleet.name_of(known)))
}

/// Environments whose logs are shown: those that were chosen, or the selection.
pub(super) fn wanted(state: &State) -> impl Iterator<Item = Scoped<EnvId>> {
    let chosen = &state.panes.logs.sources.chosen;
    let selected = state.selected_env().filter(|_| chosen.is_empty());
    chosen.iter().cloned().chain(selected)
}

/// Whether an environment is shown because it is selected just now, and for no other reason.
pub(super) fn is_passing(state: &State, env: &Scoped<EnvId>) -> bool {
    state.panes.logs.sources.chosen.is_empty() && !state.watches.wanted().any(|it| it == env)
}

/// Whether the pane shows lines of an environment.
#[must_use]
pub fn shows(state: &State, env: &Scoped<EnvId>) -> bool {
    wanted(state).any(|shown| shown == *env)
}

/// Takes note of what is shown now.
pub(super) fn settle(state: &mut State) {
    let now: Vec<_> = wanted(state).collect();
    if state.logs.show_as_one(&now, state.now) {
        let names = now.iter().map(|env| source_name(state, env));
        let names = names.map(Option::unwrap_or_default).collect();
        state.logs.call(names);
    }
    if now == state.panes.logs.of {
        return;
    }
    let stays_merged = now.len() > 1 && state.panes.logs.of.len() > 1;
    if stays_merged {
        state.panes.logs.of = now;
    } else {
        state.panes.logs.turn_to(now);
    }
}

/// Why an environment has no log to choose; absent where it has one.
#[must_use]
pub fn why_no_log(state: &State, row: &SourceRow) -> Option<String> {
    let Some(id) = row.env() else {
        return Some("not read yet: select it in Apps first".to_owned());
    };
    let env = state.inventory.environment(&id)?;
    let context = state.contexts.get(id.context)?;
    match live(state, &id, env) {
        Wanted::Nothing(_) if explanation_is_coming(state, context, &id, env) => None,
        Wanted::Nothing(reason) => Some(reason),
        Wanted::Deployment(_) | Wanted::Runtime | Wanted::Previous => None,
    }
}

/// Opens the list.
pub(super) fn open(state: &mut State) {
    let list = Box::new(SourcesState::new(state));
    state.screen.overlay = Some(Overlay::Sources(list));
    // The selection must not slip away under the list.
    state.has_chosen = true;
}

/// A key while the list is open.
pub(in crate::app) fn key(state: &mut State, mut open: SourcesState, press: KeyPress) {
    if is_close(press) {
        return tell(state);
    }
    match (press.key, press.ctrl) {
        (Key::Down, _) | (Key::Char('n'), true) => open.step(1),
        (Key::Up, _) | (Key::Char('p'), true) => open.step(-1),
        (Key::PageDown, _) => open.step(PAGE),
        (Key::PageUp, _) => open.step(-PAGE),
        (Key::Enter, _) | (Key::Char(' '), false) => toggle_row(state, &open),
        (Key::Tab, _) => add_marked(state),
        (Key::Char('*'), false) => state.panes.logs.sources.chosen.clear(),
        _ => {
            let change = edit(press).and_then(|request| open.search.handle(request));
            // The cursor alone finds nothing else.
            if change.is_some_and(|change| change.value) {
                open.search_again(state);
            }
        }
    }
    state.screen.overlay = Some(Overlay::Sources(Box::new(open)));
}

fn toggle_row(state: &mut State, open: &SourcesState) {
    let Some(row) = open.rows.get(open.selected) else {
        return;
    };
    let chosen = &mut state.panes.logs.sources.chosen;
    if let Some(env) = row.env()
        && let Some(at) = chosen.iter().position(|it| *it == env)
    {
        chosen.remove(at);
    } else {
        choose(state, row);
    }
}

/// Chooses a source, or says why not. The first that is chosen joins the selection.
fn choose(state: &mut State, row: &SourceRow) {
    let refusal = why_no_log(state, row);
    let env = row.env().filter(|_| refusal.is_none());
    let Some(env) = env else {
        let reason = refusal.unwrap_or_default();
        return state.notices.say(state.now, Tone::Bad, reason);
    };
    let first = state.selected_env().filter(|selected| {
        let is_alone = state.panes.logs.sources.chosen.is_empty();
        is_alone && has_log(state, selected)
    });
    for env in first.into_iter().chain([env]) {
        add(state, env);
    }
}

fn has_log(state: &State, env: &Scoped<EnvId>) -> bool {
    let Some(known) = state.inventory.environment(env) else {
        return false;
    };
    let row = SourceRow {
        app: Scoped::new(env.context, known.app.clone()),
        env: Some(env.id.clone()),
    };
    why_no_log(state, &row).is_none()
}

fn add(state: &mut State, env: Scoped<EnvId>) {
    let chosen = &mut state.panes.logs.sources.chosen;
    if chosen.contains(&env) {
        return;
    }
    if chosen.len() >= MOST {
        let text = format!("{MOST} logs at most are shown as one; take one away first");
        return state.notices.say(state.now, Tone::Bad, text);
    }
    chosen.push(env);
}

/// Adds what is marked: environments, and of each app the one that matters most.
fn add_marked(state: &mut State) {
    let of_apps = state.marks.apps().filter_map(|app| {
        let fleet = state.inventory.fleet(app.context)?;
        let envs = fleet.environments_of(&app.id).map(|env| {
            let id = Scoped::new(app.context, env.id.clone());
            (state.class_of(app.context, env), id)
        });
        let with_log = envs.filter(|(_, id)| has_log(state, id));
        // Of equals the first, as the platform lists them.
        let best = with_log.reduce(|best, it| if it.0 > best.0 { it } else { best });
        best.map(|(_, id)| id)
    });
    let marked = state.marks.environments().cloned();
    let marked = marked.filter(|env| has_log(state, env));
    let all: Vec<_> = of_apps.chain(marked).collect();
    if all.is_empty() {
        let key = state.screen.keymap.key(Action::Mark);
        let text = format!("nothing with a log is marked; {key} marks rows in Apps");
        return state.notices.say(state.now, Tone::Info, text);
    }
    for env in all {
        add(state, env);
    }
}

/// Says what is shown now, and how to go back.
fn tell(state: &mut State) {
    let chosen = state.panes.logs.sources.chosen.len();
    let key = state.screen.keymap.key(Action::Sources);
    let text = match chosen {
        0 => return,
        1 => format!("this log stays, whatever is selected; {key}, then * goes back"),
        _ => format!("{chosen} logs as one; {key}, then * goes back to the selection"),
    };
    state.notices.say(state.now, Tone::Info, text);
}

/// Several logs have nothing before their last restart.
pub(super) fn refuse_previous(state: &mut State) {
    let key = state.screen.keymap.key(Action::Sources);
    let text = if shown(state).is_some() {
        format!("only one log shows what was before; {key}, then * goes back to the selection")
    } else {
        "select an app first".to_owned()
    };
    state.notices.say(state.now, Tone::Info, text);
}
