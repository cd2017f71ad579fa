//! What a target is like at a moment, as far as it matters to somebody who is about to change it.

use super::state::State;
use crate::model::{Class, DeploymentId, Environment, Operation, Revision, Text};

/// What a target is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// Its title.
    title: Text,
    /// Its class.
    class: Option<Class>,
    /// What runs, by environment.
    releases: Vec<(Text, Option<Text>)>,
    /// Which deployments are under way.
    running: Vec<DeploymentId>,
    /// Which version of its configuration it has, where the platform has such a thing.
    revision: Option<Revision>,
}

impl Standing {
    /// What the target of `operation` is like now; absent if it is gone.
    pub(super) fn of(state: &State, operation: &Operation) -> Option<Self> {
        let target = &operation.target;
        let context = state.contexts.get(target.context)?;
        let Some(app) = &target.app else {
            return Some(Self::of_context(context.name.clone()));
        };
        let fleet = state.inventory.fleet(target.context)?;
        let app_now = fleet.app(app)?;
        let name = &app_now.name;
        let own: Vec<&Environment> = fleet
            .environments_of(app)
            .filter(|env| target.environment.as_ref().is_none_or(|id| *id == env.id))
            .collect();
        let title = match &target.environment {
            Some(_) => Text::clean(&format!("{name}/{}", fleet.name_of(own.first()?))),
            None => name.clone(),
        };
        // Of a whole app its own counts: those of its environments may be many.
        let only = own.first().filter(|_| target.environment.is_some());
        let of_environment = only.and_then(|env| env.revision.clone());
        let classes = own.iter().map(|env| state.class_of(target.context, env));
        Some(Self {
            title,
            class: classes.max().flatten(),
            releases: own.iter().map(|env| release(env)).collect(),
            running: own.iter().filter_map(|env| env.running.clone()).collect(),
            revision: of_environment.or_else(|| app_now.revision.clone()),
        })
    }

    fn of_context(title: Text) -> Self {
        Self {
            title,
            class: None,
            releases: Vec::new(),
            running: Vec::new(),
            revision: None,
        }
    }

    /// What is different now, in words that follow the target; absent if nothing is.
    pub(super) fn change(&self, now: &Self) -> Option<String> {
        if self.title != now.title {
            return Some(format!("it is called {} now", now.title));
        }
        if self.class != now.class {
            let word = now.class.map_or("none", Class::word);
            return Some(format!("its class changed to {word}"));
        }
        if self.running != now.running {
            return Some(if now.running.len() > self.running.len() {
                "a deployment began meanwhile".into()
            } else {
                "a deployment ended meanwhile".into()
            });
        }
        if self.releases != now.releases {
            return Some(released(&self.releases, &now.releases));
        }
        // One that became known meanwhile is no change.
        let both = self.revision.as_ref().zip(now.revision.as_ref());
        let differs = both.is_some_and(|(before, now)| before != now);
        differs.then(|| "its configuration changed".to_owned())
    }

    /// Which version of its configuration it had.
    pub(super) fn revision(&self) -> Option<&Revision> {
        self.revision.as_ref()
    }
}

fn release(env: &Environment) -> (Text, Option<Text>) {
    let label = env.release.as_ref().map(|release| release.label.clone());
    (env.name.clone(), label)
}

fn released(before: &[(Text, Option<Text>)], now: &[(Text, Option<Text>)]) -> String {
    let newer = now.iter().find(|entry| !before.contains(entry));
    match newer.and_then(|(_, label)| label.as_ref()) {
        Some(label) => format!("{label} runs now"),
        None => "what runs changed".into(),
    }
}
