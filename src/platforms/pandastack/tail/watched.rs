//! What was seen of a managed app, in place of the log that PandaStack's API does not have. Nothing
//! is asked for it: the list of apps brings it. Source: PandaStack contract, section 9.

use std::sync::Arc;
use std::time::Duration;

use crate::model::{AppId, Failure, Level, LogLine, Text};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::trail::Change;
use crate::platforms::pandastack::words::State;
use crate::platforms::{Answer, Tail, TailStep};

/// What stands first, so that nobody takes it for the log of the app.
const NO_LOG: &str = "no logs of managed apps in PandaStack's API: what flightdeck saw";

/// How often what was seen is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Follows the states of a managed app.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Watched {
    api: Arc<Api>,
    app: AppId,
    follows: bool,
    /// Whether it ends when nothing more will happen by itself.
    ends: bool,
    has_begun: bool,
    /// The number of the change that is told next.
    next: usize,
    is_over: bool,
}

impl Watched {
    pub(super) fn of_app(api: Arc<Api>, app: AppId, follows: bool) -> Self {
        Self {
            api,
            app,
            follows,
            ends: false,
            has_begun: false,
            next: 0,
            is_over: false,
        }
    }

    /// The same to the end of a deployment.
    pub(super) fn of_deployment(api: Arc<Api>, app: AppId, follows: bool) -> Self {
        Self {
            ends: true,
            ..Self::of_app(api, app, follows)
        }
    }

    fn step(&mut self) -> TailStep {
        if self.is_over {
            return TailStep::Ended;
        }
        let (changes, next) = self.api.trail.since(&self.app, self.next);
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        self.next = next;
        let last = self.api.trail.last(&self.app);
        let is_final = last.is_some_and(|state| state.is_final());
        self.is_over = !self.follows || (self.ends && is_final);
        // It has the time of what follows it: whoever opens the log again is not told it again.
        let at = changes.first().and_then(|change| change.at);
        let mut lines: Vec<_> = is_first
            .then(|| LogLine::mark(at, NO_LOG))
            .into_iter()
            .collect();
        lines.extend(changes.iter().map(line));
        if lines.is_empty() {
            return if self.is_over {
                TailStep::Ended
            } else {
                TailStep::Quiet(LOOK)
            };
        }
        TailStep::Lines(lines)
    }
}

impl Tail for Watched {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(async { Ok::<_, Failure>(self.step()) })
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
    LogLine {
        level: Some(level),
        ..LogLine::output(change.at, Text::default(), &text)
    }
}
