//! The copy menu: what of the selection is worth having elsewhere.

use super::aim::Aim;
use super::panes::{self, logs};
use super::rows::status_word;
use super::screen::Pane;
use super::state::State;
use crate::model::{Environment, Text};

/// One thing that can be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyRow {
    /// The letter that copies it.
    pub letter: char,
    /// What it is.
    pub label: &'static str,
    /// The text.
    pub text: Text,
}

/// What the menu shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyState {
    /// What there is to copy.
    pub rows: Vec<CopyRow>,
    /// The selected row.
    pub selected: usize,
}

impl CopyState {
    /// What can be copied of the selection, as it is now.
    #[must_use]
    pub fn new(state: &State) -> Self {
        let mut rows = Self::of_selection(state);
        rows.extend(to_do(state));
        Self { rows, selected: 0 }
    }

    fn of_selection(state: &State) -> Vec<CopyRow> {
        let Some(aim) = Aim::of(state) else {
            return Vec::new();
        };
        let env = state.selected_environment();
        let id = match (&aim.environment, &aim.app) {
            (Some(env), _) => Some(env.to_text()),
            (None, Some(app)) => Some(app.to_text()),
            (None, None) => None,
        };
        let release = env.and_then(|env| env.release.as_ref());
        let all = [
            ('n', "name", Some(aim.title.clone())),
            ('i', "id", id),
            ('u', "address", address(state)),
            ('s', "status", status(state, &aim, env)),
            ('r', "release", release.map(|release| release.label.clone())),
            ('c', "commit", env.and_then(|env| commit(state, env))),
            ('l', "newest line of the log", newest_line(state)),
        ];
        let rows = all.into_iter().filter_map(|(letter, label, text)| {
            let text = text.filter(|text| !text.is_empty())?;
            Some(CopyRow {
                letter,
                label,
                text,
            })
        });
        rows.collect()
    }
}

/// What has to be done next, where it is in sight: the DNS records of the domain under the bar or of
/// the selection, the next steps of an operation. By digits.
fn to_do(state: &State) -> Vec<CopyRow> {
    let texts: Vec<&Text> = match state.screen.focus {
        Pane::Parts => {
            let row = state.panes.parts.selected();
            row.map_or_else(Vec::new, |row| row.to_do.iter().collect())
        }
        Pane::Operations => {
            let entry = panes::operations::selected(state);
            entry.map_or_else(Vec::new, |entry| entry.next_steps.iter().collect())
        }
        Pane::Apps
        | Pane::Environments
        | Pane::Logs
        | Pane::Backups
        | Pane::Detail
        | Pane::BackupFleet
        | Pane::Variables
        | Pane::Activity => panes::detail::to_do(state),
    };
    let rows = ('1'..='9').zip(texts).map(|(letter, text)| CopyRow {
        letter,
        label: "to do",
        text: text.clone(),
    });
    rows.collect()
}

/// Where the selection is served: the environment's own address, else the app's.
#[must_use]
pub fn address(state: &State) -> Option<Text> {
    let own = state.selected_environment().and_then(|env| env.url.clone());
    own.or_else(|| state.inventory.app(state.selected_app()?)?.url.clone())
}

/// `divio checkout/live LIVE d41c0de: health flapping`, to paste into a chat.
fn status(state: &State, aim: &Aim, env: Option<&Environment>) -> Option<Text> {
    let context = state.contexts.get(aim.context)?;
    let env = env?;
    let word = status_word(&env.status, state.overlay_of(context));
    let release = env
        .release
        .as_ref()
        .map(|release| format!(" {}", release.label));
    let reason = env.reason.as_ref().map(|reason| format!(": {reason}"));
    Some(Text::clean(&format!(
        "{} {} {word}{}{}",
        context.name,
        aim.title,
        release.unwrap_or_default(),
        reason.unwrap_or_default()
    )))
}

fn commit(state: &State, env: &Environment) -> Option<Text> {
    let id = state.selected_env()?;
    let deployment = env.release.as_ref()?.deployment.as_ref()?;
    state.inventory.deployment(&id, deployment)?.commit.clone()
}

/// Only where the log is in sight: what nobody sees is not what is meant.
fn newest_line(state: &State) -> Option<Text> {
    let channel = logs::selected_channel(state).filter(|_| state.layout().shows(Pane::Logs))?;
    let last = channel.ring.end().checked_sub(1)?;
    Some(Text::clean(channel.ring.get(last)?.text))
}
