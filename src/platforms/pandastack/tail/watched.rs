//! What was seen of a managed app, in place of the log that PandaStack's API does not have. Nothing
//! is asked for it: the list of apps brings it. Source: PandaStack contract, section 9.

use std::sync::Arc;
use std::time::Duration;

use crate::model::{AppId, Level, LogLine, Text};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::map::short;
use crate::platforms::pandastack::trail::Change;
use crate::platforms::pandastack::words::State;
use crate::platforms::{Answer, Tail, TailStep};

/// What stands first, so that nobody takes it for the log of the app.
const NO_LOG: &str = "no logs of managed apps in PandaStack's API: what flightdeck saw";

/// How often what was seen is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Follows the states of a managed app, or of one of its deployments.
pub(super) struct Watched {
    api: Arc<Api>,
    app: AppId,
    /// The UUID of the deployment that it is about, where it is about one: then it has an end.
    deployment: Option<Text>,
    follows: bool,
    has_begun: bool,
    /// The number of the change that is told next.
    next: usize,
    /// The state that was told last.
    state: Option<State>,
    is_over: bool,
}

impl Watched {
    pub(super) fn of_app(api: Arc<Api>, app: AppId, follows: bool) -> Self {
        Self {
            api,
            app,
            deployment: None,
            follows,
            has_begun: false,
            next: 0,
            state: None,
            is_over: false,
        }
    }

    /// The same of one deployment, to its end.
    pub(super) fn of_deployment(api: Arc<Api>, app: AppId, uuid: &str, follows: bool) -> Self {
        Self {
            deployment: Some(Text::clean(uuid)),
            ..Self::of_app(api, app, follows)
        }
    }

    /// Reads on. Cancel-safe: nothing is awaited after the first change.
    async fn step(&mut self) -> TailStep {
        if self.is_over {
            return TailStep::Ended;
        }
        let before = if self.has_begun {
            None
        } else {
            self.before().await
        };
        let (mut changes, next) = self.api.trail.since(&self.app, self.next);
        self.next = next;
        changes.retain(|change| self.is_about(change));
        if changes.is_empty() {
            changes.extend(before);
        }
        let mut lines = Vec::new();
        if !std::mem::replace(&mut self.has_begun, true) {
            lines.push(LogLine::mark(None, NO_LOG));
        }
        lines.extend(changes.iter().map(line));
        self.state = changes.pop().map(|it| it.state).or(self.state.take());
        self.is_over = !self.follows || self.has_ended();
        if !lines.is_empty() {
            return TailStep::Lines(lines);
        }
        if self.is_over {
            TailStep::Ended
        } else {
            TailStep::Quiet(LOOK)
        }
    }

    fn is_about(&self, change: &Change) -> bool {
        self.deployment.is_none() || self.deployment == change.deployment
    }

    /// What an earlier run, or a look at the deployment itself, has seen of it.
    async fn before(&self) -> Option<Change> {
        let uuid = self.deployment.clone()?;
        let known = self.api.known.of(&self.app).await.into_iter();
        let seen = known.into_iter().find(|it| it.uuid == uuid.as_str())?;
        let word = seen.state?;
        Some(Change {
            at: seen.last,
            state: State::of(word.as_str()),
            word,
            deployment: Some(uuid),
        })
    }

    /// Whether nothing more will happen in the deployment, or another one has followed it.
    fn has_ended(&self) -> bool {
        let newest = || self.api.trail.last(&self.app)?.deployment;
        let is_final = self.state.as_ref().is_some_and(State::is_final);
        let is_past = || newest().is_some_and(|it| Some(it) != self.deployment);
        self.deployment.is_some() && (is_final || is_past())
    }
}

impl Tail for Watched {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(async { Ok(self.step().await) })
    }
}

/// A change as a line: what it means, and the platform's word where that is another.
fn line(change: &Change) -> LogLine {
    let means = change.state.word();
    let word = change.word.as_str();
    let is_same = word == means || word.to_lowercase().replace(['_', '-'], " ") == means;
    let text = if is_same {
        means.to_owned()
    } else {
        format!("{means} ({word})")
    };
    let is_failed = change.state == State::Failed;
    let level = if is_failed { Level::Error } else { Level::Info };
    let of = change.deployment.as_ref();
    let of = of.map(|uuid| short(uuid.as_str())).unwrap_or_default();
    LogLine {
        level: Some(level),
        ..LogLine::output(change.at, of, &text)
    }
}
