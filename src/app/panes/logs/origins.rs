//! Names for the sources of lines that were merged.

use std::collections::BTreeSet;

use crate::app::logs::ring::Line;
use crate::app::state::State;
use crate::model::{EnvId, Scoped, Text};

/// Where a line comes from, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginName {
    /// The account.
    pub context: String,
    /// The app; with its environment where another source is of the same app.
    pub app: String,
}

/// The names of the sources that are shown as one, in their order; none while one log is shown.
#[must_use]
pub fn origins(state: &State) -> Vec<OriginName> {
    let merged = state.logs.merged();
    let sources = merged.map_or(&[][..], |merged| &merged.sources);
    let apps: Vec<_> = sources.iter().map(|env| app(state, env)).collect();
    let is_alone = |name: &str| apps.iter().filter(|other| *other == name).count() < 2;
    let named = sources.iter().zip(&apps).map(|(env, app)| OriginName {
        context: context(state, env),
        app: if is_alone(app) {
            app.clone()
        } else {
            format!("{app}({})", environment(state, env))
        },
    });
    named.collect()
}

/// The name of a line's source.
#[must_use]
pub fn origin_of<'a>(names: &'a [OriginName], line: &Line<'_>) -> Option<&'a OriginName> {
    names.get(line.origin.map(usize::from)?)
}

/// How many platforms the merged sources are on.
#[must_use]
pub fn platforms(state: &State) -> usize {
    let sources = state
        .logs
        .merged()
        .map_or(&[][..], |merged| &merged.sources);
    let profiles = sources
        .iter()
        .filter_map(|env| state.contexts.get(env.context));
    let names: BTreeSet<_> = profiles.map(|context| context.profile.name).collect();
    names.len()
}

fn context(state: &State, env: &Scoped<EnvId>) -> String {
    let context = state.contexts.get(env.context);
    context.map_or_else(String::new, |context| context.name.to_string())
}

fn app(state: &State, env: &Scoped<EnvId>) -> String {
    let known = state.inventory.environment(env);
    let app = known.and_then(|known| {
        state.inventory.app(&Scoped {
            context: env.context,
            id: known.app.clone(),
        })
    });
    let id = || Text::clean(known.map_or(env.id.as_str(), |known| known.app.as_str()));
    app.map_or_else(id, |app| app.name.clone()).to_string()
}

fn environment(state: &State, env: &Scoped<EnvId>) -> String {
    let known = state.inventory.environment(env);
    let id = || Text::clean(env.id.as_str());
    known
        .map_or_else(id, |known| known.name.clone())
        .to_string()
}
