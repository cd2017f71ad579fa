//! The log of an event: a deploy, or whatever else was done.
//!
//! Three places have it, one after the other: while it runs, the answer to the call that made it, if
//! that was ours; else the app's log, in which the platform repeats what events print, as far as it
//! still has it; and when it is over, the event itself, whose log then takes the place of what came
//! before. Source: tsuru contract, sections 5 (events) and 7.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::aim::Aim;
use super::runtime::Runtime;
use super::standing::Standing;
use crate::model::{AppId, Failure, LogLine, LogSource, TailRequest};
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::live::{Came, Over, Reader};
use crate::platforms::{Answer, Tail, TailStep};

/// Between looks at an event that runs.
const AGAIN: Duration = Duration::from_secs(3);

/// What an event has printed last comes so much later at most: the app's log is written out twice a
/// second.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Enough of the app's log to find the beginning of an event that runs.
const REACH: u32 = 1_000;

/// Whose log it is.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) event: String,
    /// Whether it is to be found among the deploys.
    pub(super) is_deploy: bool,
}

impl Subject {
    pub(super) fn deploy(event: &str) -> Self {
        Self {
            event: event.to_owned(),
            is_deploy: true,
        }
    }

    pub(super) fn event(event: &str) -> Self {
        Self {
            event: event.to_owned(),
            is_deploy: false,
        }
    }

    fn noun(&self) -> &'static str {
        if self.is_deploy { "deploy" } else { "event" }
    }
}

/// Follows an event.
pub(super) struct Finite {
    api: Arc<Api>,
    subject: Subject,
    follows: bool,
    mode: Mode,
}

/// Where it is read now.
enum Mode {
    /// Not known yet.
    Unknown,
    /// From the answer to our own call.
    Own(Reader),
    /// From the app's log.
    Elsewhere(Box<Elsewhere>),
    /// Nowhere any more.
    Over,
}

/// The app's log, while an event runs.
struct Elsewhere {
    /// Absent where it cannot be read.
    log: Option<Runtime>,
    look_at: Instant,
    /// It has ended, and nothing is kept of it: until then the last lines may come.
    ends_at: Option<Instant>,
    /// Something of it was shown.
    has_shown: bool,
}

impl Finite {
    pub(super) fn new(api: Arc<Api>, subject: Subject, request: &TailRequest) -> Self {
        Self {
            api,
            subject,
            follows: request.follow,
            mode: Mode::Unknown,
        }
    }

    async fn step(&mut self) -> Result<TailStep, Failure> {
        loop {
            let step = match &self.mode {
                Mode::Unknown => self.begin().await?,
                Mode::Own(_) => self.own().await,
                Mode::Elsewhere(_) => self.elsewhere().await?,
                Mode::Over => Some(TailStep::Ended),
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    async fn begin(&mut self) -> Result<Option<TailStep>, Failure> {
        if let Some(reader) = self.api.live.of_event(&self.subject.event) {
            self.mode = Mode::Own(reader);
            return Ok(None);
        }
        let standing = Standing::of(&self.api, &self.subject).await?;
        if !standing.is_running {
            self.mode = Mode::Over;
            return Ok(Some(TailStep::Lines(self.kept(standing, false))));
        }
        let app = standing.app.as_deref().unwrap_or_default();
        let ours = (self.api.live).of_running(app, &standing.kind, &self.subject.event);
        if let Some(reader) = ours {
            self.mode = Mode::Own(reader);
            return Ok(None);
        }
        let noun = self.subject.noun();
        let mark = match standing.app {
            Some(_) => format!(
                "this {noun} was started elsewhere: until it ends, lines come from the app's log and \
                 some may be missing"
            ),
            None => format!("tsuru shows the log of this {noun} when it has ended"),
        };
        self.turn(standing.app.as_deref(), standing.from);
        Ok(Some(TailStep::Lines(vec![LogLine::mark(None, mark)])))
    }

    /// Turns to the app's log.
    fn turn(&mut self, app: Option<&str>, since: Option<Timestamp>) {
        let log = app.map(|app| {
            let request = TailRequest {
                source: LogSource::Runtime {
                    app: AppId::new(app),
                    environment: None,
                },
                lines: REACH,
                since,
                until: None,
                follow: self.follows,
            };
            Runtime::new(Arc::clone(&self.api), Aim::platform(app), &request)
        });
        self.mode = Mode::Elsewhere(Box::new(Elsewhere {
            log,
            look_at: Instant::now() + AGAIN,
            ends_at: None,
            has_shown: false,
        }));
    }

    async fn own(&mut self) -> Option<TailStep> {
        let Mode::Own(reader) = &mut self.mode else {
            return None;
        };
        let came = match (self.follows, reader.now()) {
            (_, Some(came)) => came,
            (true, None) => reader.next().await,
            (false, None) => Came::Over(Over::Complete),
        };
        match came {
            Came::Lines { lines, gone: 0 } => Some(TailStep::Lines(lines)),
            Came::Lines { lines, gone } => {
                let mark = LogLine::mark(None, format!("{gone} older lines were not kept"));
                Some(TailStep::Lines([vec![mark], lines].concat()))
            }
            Came::Over(Over::Complete) => {
                self.mode = Mode::Over;
                None
            }
            Came::Over(Over::Lost) => {
                let since = reader.newest().or_else(|| self.api.http.now());
                let app = reader.app().map(str::to_owned);
                self.turn(app.as_deref(), since);
                let mark = "the connection was lost: what follows comes from the app's log";
                Some(TailStep::Lines(vec![LogLine::mark(None, mark)]))
            }
        }
    }

    async fn elsewhere(&mut self) -> Result<Option<TailStep>, Failure> {
        let Mode::Elsewhere(elsewhere) = &mut self.mode else {
            return Ok(None);
        };
        let now = Instant::now();
        if elsewhere.ends_at.is_some_and(|ends_at| now >= ends_at) {
            return Ok(Some(self.without_log()));
        }
        if self.follows && elsewhere.ends_at.is_none() && now >= elsewhere.look_at {
            // Also if it fails: whoever asks again waits as long.
            elsewhere.look_at = now + AGAIN;
            return self.look().await;
        }
        let until = elsewhere.ends_at.unwrap_or(elsewhere.look_at);
        let Some(log) = &mut elsewhere.log else {
            if !self.follows {
                self.mode = Mode::Over;
                return Ok(None);
            }
            return Ok(Some(TailStep::Quiet(until.saturating_duration_since(now))));
        };
        let Ok(step) = timeout_at(until, log.step()).await else {
            return Ok(None);
        };
        self.heard(step, until)
    }

    /// What the app's log brought.
    fn heard(
        &mut self,
        step: Result<TailStep, Failure>,
        until: Instant,
    ) -> Result<Option<TailStep>, Failure> {
        let Mode::Elsewhere(elsewhere) = &mut self.mode else {
            return Ok(None);
        };
        match step {
            Ok(TailStep::Lines(lines)) => {
                elsewhere.has_shown |= !lines.is_empty();
                Ok(Some(TailStep::Lines(lines)))
            }
            Ok(TailStep::Quiet(pause)) => {
                let left = until.saturating_duration_since(Instant::now());
                Ok(Some(TailStep::Quiet(pause.min(left))))
            }
            Ok(step @ TailStep::Replaced(_)) => Ok(Some(step)),
            Ok(TailStep::Ended) => {
                self.mode = Mode::Over;
                Ok(None)
            }
            Err(failure) if is_refusal(&failure) => {
                elsewhere.log = None;
                let mark = format!(
                    "the app's log cannot be read ({failure}): the log of this {} comes when it has \
                     ended",
                    self.subject.noun()
                );
                Ok(Some(TailStep::Lines(vec![LogLine::mark(None, mark)])))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Looks whether it has ended.
    async fn look(&mut self) -> Result<Option<TailStep>, Failure> {
        let standing = Standing::of(&self.api, &self.subject).await?;
        let Mode::Elsewhere(elsewhere) = &mut self.mode else {
            return Ok(None);
        };
        if standing.is_running {
            return Ok(None);
        }
        if standing.log.is_empty() && elsewhere.log.is_some() {
            elsewhere.ends_at = Some(Instant::now() + LAST_WORDS);
            return Ok(None);
        }
        let has_shown = elsewhere.has_shown;
        let is_kept = !standing.log.is_empty();
        self.mode = Mode::Over;
        let lines = self.kept(standing, has_shown);
        Ok(Some(if is_kept {
            TailStep::Replaced(lines)
        } else {
            TailStep::Lines(lines)
        }))
    }

    /// Ends what nothing is kept of.
    fn without_log(&mut self) -> TailStep {
        let has_shown = matches!(&self.mode, Mode::Elsewhere(it) if it.has_shown);
        self.mode = Mode::Over;
        TailStep::Lines(vec![self.no_log(has_shown)])
    }

    /// What is kept of its log, or that nothing is.
    fn kept(&self, standing: Standing, has_shown: bool) -> Vec<LogLine> {
        let no_log = standing.log.is_empty().then(|| self.no_log(has_shown));
        no_log.into_iter().chain(standing.told()).collect()
    }

    fn no_log(&self, has_shown: bool) -> LogLine {
        let noun = self.subject.noun();
        let rest = if has_shown {
            ": some lines above may be missing"
        } else {
            ""
        };
        LogLine::mark(None, format!("tsuru kept no log of this {noun}{rest}"))
    }
}

/// Whether asking again gives the same: the provisioner shows no logs, or not to this token.
fn is_refusal(failure: &Failure) -> bool {
    match failure {
        Failure::Auth(_)
        | Failure::NotFound { .. }
        | Failure::Unsupported { .. }
        | Failure::Validation(_)
        | Failure::Conflict(_)
        | Failure::Server { status: 500, .. } => true,
        Failure::RateLimited { .. }
        | Failure::ReadOnly
        | Failure::Server { .. }
        | Failure::Network { .. }
        | Failure::Decode { .. }
        | Failure::Local { .. }
        | Failure::Cancelled => false,
    }
}

impl Tail for Finite {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}
