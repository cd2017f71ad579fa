//! A platform that does what its script says, and remembers what it was asked.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use crate::engine::Recorder;
use crate::model::{
    Accepted, AppId, AuthProblem, Budget, Capability, Consent, Deployment, DeploymentScope, Ended,
    EnvId, Environment, Failure, Follow, Followed, IntentId, LogDelivery, LogHistory, LogLine,
    NetworkProblem, Operation, Page, PageRequest, PollHints, Preview, Profile, RatePolicy,
    Revision, Safety, Stage, Support, TailRequest, Text, Verdict, Vocabulary, Witness,
};
use crate::platforms::{Answer, Console, ConsoleInput, Found, Output, Platform, Tail, TailStep};

/// A terminal session in which nothing happens.
struct Silent;

impl Console for Silent {
    fn read(&mut self) -> Answer<'_, Option<Vec<u8>>> {
        Box::pin(std::future::pending())
    }

    fn write(&mut self, _: ConsoleInput) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// After how long comes what.
pub(crate) type Step<T> = (Duration, Result<T, Failure>);

const WORDS: (&str, &str) = ("thing", "things");
const HINT: Duration = Duration::from_secs(10);

/// Generous, so that only tests about the rate meet it.
const PROFILE: Profile = Profile {
    name: "scripted",
    title: "Scripted",
    vocabulary: Vocabulary {
        app: WORDS,
        environment: WORDS,
        deployment: WORDS,
        backup: WORDS,
        organisation: WORDS,
    },
    rate: RatePolicy {
        per_minute: 60_000,
        burst: 1_000,
        concurrent: 10,
        lists_per_minute: 100,
    },
    poll: PollHints {
        apps: HINT,
        environments: HINT,
        selected: None,
        changing: HINT,
        running: HINT,
        history: HINT,
        backup_running: HINT,
        slow: HINT,
    },
    history: 100,
    changes_variables_together: false,
    restores_beside: false,
    previews: &[Capability::Deploy],
    specials: &[],
    others: &[],
    creation: crate::model::Creation::PLAIN,
    settings: &[],
    client: None,
    deployments_note: None,
    deploys_environments: true,
    deployment_log: LogDelivery::Polled(HINT),
    runtime_log: LogDelivery::Stream,
    runtime_history: LogHistory::ByTime,
    base_url: "https://api.example.com",
    token_variables: &[],
};

/// What a platform does next, and what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) environments: HashMap<String, VecDeque<Step<Page<Environment>>>>,
    pub(crate) deployments: VecDeque<Step<Page<Deployment>>>,
    pub(crate) operate: VecDeque<Step<Accepted>>,
    pub(crate) output: Vec<(Duration, Text)>,
    pub(crate) preview: VecDeque<Step<Option<Preview>>>,
    pub(crate) witness: VecDeque<Step<Witness>>,
    pub(crate) look_for: VecDeque<Step<Found>>,
    pub(crate) follow: VecDeque<Step<Followed>>,
    pub(crate) tail: VecDeque<Step<TailStep>>,
    pub(crate) budget: Option<Budget>,
    /// Another safety than the operation's own.
    pub(crate) safety: Option<Safety>,
    /// What whoever said yes had seen, by attempt.
    pub(crate) seen: Vec<Option<Revision>>,
    pub(crate) panics: bool,
    pub(crate) refuses: Option<(Capability, &'static str)>,
    pub(crate) calls: Vec<(String, Instant)>,
    pub(crate) pages: Vec<PageRequest>,
}

/// How many requests are under way, and were at most.
#[derive(Default)]
pub(crate) struct Meter(Mutex<(usize, usize)>);

impl Meter {
    pub(crate) fn most(&self) -> usize {
        self.0.lock().unwrap().1
    }

    fn up(&self) {
        let mut meter = self.0.lock().unwrap();
        meter.0 += 1;
        meter.1 = meter.1.max(meter.0);
    }

    fn down(&self) {
        self.0.lock().unwrap().0 -= 1;
    }
}

#[derive(Default)]
pub(crate) struct Scripted {
    script: Arc<Mutex<Script>>,
    pub(crate) here: Arc<Meter>,
    pub(crate) all: Arc<Meter>,
}

impl Scripted {
    /// Platforms that share the meter of all requests.
    pub(crate) fn several(count: usize) -> Vec<Arc<Self>> {
        let all = Arc::new(Meter::default());
        let one = |_| {
            Arc::new(Self {
                all: Arc::clone(&all),
                ..Self::default()
            })
        };
        (0..count).map(one).collect()
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// Sets what comes when the environments of `app` are asked for.
    pub(crate) fn answers(
        &self,
        app: &str,
        steps: impl IntoIterator<Item = Step<Page<Environment>>>,
    ) {
        let steps = steps.into_iter().collect();
        self.script().environments.insert(app.to_owned(), steps);
    }

    /// How often something was asked.
    pub(crate) fn count(&self, call: &str) -> usize {
        let script = self.script();
        script.calls.iter().filter(|(name, _)| name == call).count()
    }

    /// What was asked, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        let script = self.script();
        script.calls.iter().map(|(name, _)| name.clone()).collect()
    }

    fn called(&self, call: impl Into<String>) {
        self.script().calls.push((call.into(), Instant::now()));
    }

    /// Under way for as long as the step says.
    fn answer<'a, T: Send + 'a>(&self, step: Step<T>) -> Answer<'a, T> {
        let (here, all) = (Arc::clone(&self.here), Arc::clone(&self.all));
        let (delay, result) = step;
        Box::pin(async move {
            let _under_way = UnderWay::new(here, all);
            sleep(delay).await;
            result
        })
    }
}

struct UnderWay(Arc<Meter>, Arc<Meter>);

impl UnderWay {
    fn new(here: Arc<Meter>, all: Arc<Meter>) -> Self {
        here.up();
        all.up();
        Self(here, all)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.down();
        self.1.down();
    }
}

fn now<T>(value: T) -> Step<T> {
    (Duration::ZERO, Ok(value))
}

impl Platform for Scripted {
    fn profile(&self) -> &'static Profile {
        &PROFILE
    }

    fn support(&self, capability: Capability) -> Support {
        match self.script().refuses {
            Some((refused, reason)) if refused == capability => Support::No(reason),
            Some(_) | None => Support::Yes,
        }
    }

    fn budget(&self) -> Option<Budget> {
        self.script().budget
    }

    fn environments<'a>(
        &'a self,
        of: &'a AppId,
        page: PageRequest,
    ) -> Answer<'a, Page<Environment>> {
        let app = of.as_str();
        self.called(app);
        assert_ne!(app, "panic", "as scripted");
        let mut script = self.script();
        script.pages.push(page);
        let steps = script.environments.get_mut(app);
        let step = steps.and_then(VecDeque::pop_front);
        drop(script);
        self.answer(step.unwrap_or_else(|| now(Page::whole(Vec::new()))))
    }

    fn deployments<'a>(
        &'a self,
        _of: &'a DeploymentScope,
        page: PageRequest,
    ) -> Answer<'a, Page<Deployment>> {
        self.called("deployments");
        self.script().pages.push(page);
        let step = self.script().deployments.pop_front();
        self.answer(step.unwrap_or_else(|| now(Page::whole(Vec::new()))))
    }

    fn tail(&self, request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
        let _ = request;
        if let Some((capability, reason)) = self.script().refuses {
            return Err(Failure::unsupported(capability, reason));
        }
        Ok(Box::new(ScriptedTail {
            script: Arc::clone(&self.script),
            here: Arc::clone(&self.here),
            all: Arc::clone(&self.all),
        }))
    }

    fn console<'a>(
        &'a self,
        _of: &'a EnvId,
        _unit: Option<&'a str>,
        _size: (u16, u16),
    ) -> Answer<'a, Box<dyn Console>> {
        self.called("console");
        self.answer((Duration::ZERO, Ok(Box::new(Silent))))
    }

    fn safety(&self, operation: &Operation) -> Safety {
        let own = operation.kind.safety();
        self.script().safety.unwrap_or(own)
    }

    fn witness<'a>(&'a self, _operation: &'a Operation) -> Answer<'a, Witness> {
        self.called("witness");
        let step = self.script().witness.pop_front();
        self.answer(step.unwrap_or_else(|| now(Witness(Some("before".into())))))
    }

    fn preview<'a>(&'a self, _operation: &'a Operation) -> Answer<'a, Option<Preview>> {
        self.called("preview");
        let panics = self.script().panics;
        assert!(!panics, "as scripted");
        let step = self.script().preview.pop_front();
        self.answer(step.unwrap_or_else(|| now(None)))
    }

    fn operate<'a>(
        &'a self,
        operation: &'a Operation,
        seen: Option<&'a Revision>,
        output: Output<'a>,
    ) -> Answer<'a, Accepted> {
        let _ = operation;
        self.script().seen.push(seen.cloned());
        self.called("operate");
        let panics = self.script().panics;
        assert!(!panics, "as scripted");
        let lines = std::mem::take(&mut self.script().output);
        let step = self.script().operate.pop_front();
        let answer = self.answer(step.unwrap_or_else(|| now(Accepted::default())));
        Box::pin(async move {
            for (delay, line) in lines {
                if !delay.is_zero() {
                    sleep(delay).await;
                }
                output(line);
            }
            answer.await
        })
    }

    fn look_for<'a>(&'a self, _: &'a Operation, before: &'a Witness) -> Answer<'a, Found> {
        self.called(format!(
            "look_for {}",
            before.0.as_deref().unwrap_or("nothing")
        ));
        let step = self.script().look_for.pop_front();
        self.answer(step.unwrap_or_else(|| now(Found::CannotTell)))
    }

    fn follow<'a>(&'a self, _what: &'a Follow) -> Answer<'a, Followed> {
        self.called("follow");
        let step = self.script().follow.pop_front();
        self.answer(step.unwrap_or_else(|| {
            now(Followed {
                progress: crate::model::Progress::default(),
                verdict: Some(Verdict::Done(None)),
                again_in: Duration::ZERO,
            })
        }))
    }
}

/// A recorder that remembers, and refuses if it is told to.
#[derive(Default)]
pub(crate) struct Noted {
    pub(crate) said: Mutex<Vec<Said>>,
    pub(crate) refuses: Mutex<Option<Failure>>,
    /// Whose calls what is written is put among.
    pub(crate) among: Mutex<Option<Arc<Scripted>>>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    Intent(Operation, Safety, Consent, Witness),
    Accepted(Follow),
    Ended(Ended),
    Resolved(IntentId, Ended),
}

impl std::fmt::Debug for Noted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Noted")
    }
}

impl Noted {
    pub(crate) fn said(&self) -> Vec<Said> {
        self.said.lock().unwrap().clone()
    }

    /// How the last operation that ended did.
    pub(crate) fn last_stage(&self) -> Option<Stage> {
        let said = self.said();
        said.into_iter().rev().find_map(|said| match said {
            Said::Ended(ended) | Said::Resolved(_, ended) => Some(ended.stage),
            Said::Intent(..) | Said::Accepted(_) => None,
        })
    }

    fn note(&self, call: &str, said: Said) -> Result<(), Failure> {
        if let Some(failure) = self.refuses.lock().unwrap().clone() {
            return Err(failure);
        }
        if let Some(platform) = &*self.among.lock().unwrap() {
            platform.called(call);
        }
        self.said.lock().unwrap().push(said);
        Ok(())
    }
}

impl Recorder for Noted {
    fn intent(
        &self,
        operation: &Operation,
        safety: Safety,
        consent: &Consent,
        witness: &Witness,
    ) -> Result<IntentId, Failure> {
        let said = Said::Intent(operation.clone(), safety, consent.clone(), witness.clone());
        self.note("intent", said)?;
        Ok(IntentId("run-1".into()))
    }

    fn accepted(&self, _: &IntentId, follow: &Follow) -> Result<(), Failure> {
        self.note("accepted", Said::Accepted(follow.clone()))
    }

    fn ended(&self, _: &IntentId, ended: &Ended) -> Result<(), Failure> {
        self.note("ended", Said::Ended(ended.clone()))
    }

    fn resolved(&self, id: &IntentId, ended: &Ended) -> Result<(), Failure> {
        self.note("resolved", Said::Resolved(id.clone(), ended.clone()))
    }
}

/// Somebody's yes.
pub(crate) fn yes() -> Consent {
    Consent {
        tier: 1,
        words: Text::clean("y"),
        before: Vec::new(),
        seen: None,
    }
}

struct ScriptedTail {
    script: Arc<Mutex<Script>>,
    here: Arc<Meter>,
    all: Arc<Meter>,
}

impl Tail for ScriptedTail {
    fn next(&mut self) -> Answer<'_, TailStep> {
        let mut script = self.script.lock().unwrap();
        script.calls.push(("tail".into(), Instant::now()));
        let step = script.tail.pop_front();
        drop(script);
        let (here, all) = (Arc::clone(&self.here), Arc::clone(&self.all));
        Box::pin(async move {
            let _under_way = UnderWay::new(here, all);
            let Some((delay, result)) = step else {
                return std::future::pending().await;
            };
            sleep(delay).await;
            result
        })
    }
}

/// Starts at 14:00:00 and goes with tokio's time.
pub(crate) fn clock() -> Timestamp {
    thread_local!(static BEGUN: Instant = Instant::now());
    let begun = BEGUN.with(|begun| *begun);
    let noon: Timestamp = "2026-03-01T14:00:00Z".parse().unwrap();
    noon + begun.elapsed()
}

pub(crate) fn environment(name: &str) -> Environment {
    Environment::new(EnvId::new(name), AppId::new("app"), Text::clean(name))
}

pub(crate) fn line(text: &str) -> LogLine {
    LogLine::output(None, Text::default(), text)
}

pub(crate) fn connect() -> Failure {
    Failure::Network {
        problem: NetworkProblem::Connect,
        sent: false,
        detail: Text::clean("refused"),
    }
}

pub(crate) fn lost() -> Failure {
    Failure::Network {
        problem: NetworkProblem::Timeout,
        sent: true,
        detail: Text::clean("60 s"),
    }
}

pub(crate) fn broken(status: u16) -> Failure {
    Failure::Server {
        status,
        message: None,
        request_id: None,
    }
}

pub(crate) fn limited(retry_after: Option<Duration>) -> Failure {
    Failure::RateLimited {
        retry_after,
        limit: None,
    }
}

pub(crate) fn rejected() -> Failure {
    Failure::Auth(AuthProblem::Rejected)
}

pub(crate) fn forbidden() -> Failure {
    Failure::Auth(AuthProblem::Forbidden(None))
}

pub(crate) fn not_found() -> Failure {
    Failure::NotFound {
        subject: Text::clean("app docs"),
    }
}

pub(crate) fn decode() -> Failure {
    Failure::Decode {
        endpoint: Text::clean("deploy"),
        path: Text::clean("uuid"),
        expected: Text::clean("a string"),
        found: Text::clean("null"),
    }
}
