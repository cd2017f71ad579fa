//! All contexts at once: questions go out together through the engine, with its limits and
//! retries, and what became of each context is kept for the end of the command.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::exit::{CliError, Exit, told};
use super::pages::Pages;
use super::target::AppPlace;
use super::terminal::tell;
use crate::app::contexts::ClassRules;
use crate::config::{Config, ContextConfig, Environment};
use crate::engine::{Engine, EngineEvent};
use crate::model::{
    Capability, Class, ContextId, Failure, Fetch, LogBatch, Priority, Query, QueryKey, Report,
    TailId, TailRequest, Text, Ticket,
};
use crate::platforms::Platform;
use crate::shell::{self, Ledger};
use crate::store::audit::Hidden;

/// As many reports may wait as in the dashboard.
const QUEUE: usize = 256;

/// A wait that is worth telling.
const LONG: Duration = Duration::from_secs(2);

/// What became of a context in this command.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// Whether it was asked anything.
    pub(crate) was_asked: bool,
    /// The failure with the gravest exit code.
    pub(crate) failure: Option<Failure>,
    /// When it last answered.
    pub(crate) fetched_at: Option<Timestamp>,
    /// How many apps or environments it listed, and how many there are, where those are more.
    pub(crate) part: Option<(u64, u64)>,
    /// Why it has nothing to list, where its platform does not offer it.
    pub(crate) unsupported: Option<Text>,
}

/// The contexts of a command.
pub(crate) struct Fleet {
    config: Config,
    states: Vec<State>,
    /// The clients, and under which id the engine knows each.
    clients: Vec<Option<(ContextId, Arc<dyn Platform>)>>,
    engine: Engine,
    ledger: Arc<Ledger>,
    events: mpsc::Receiver<EngineEvent>,
    ticket: u64,
}

impl Fleet {
    /// Makes the clients. Sends nothing yet.
    pub(crate) fn new(config: Config, environment: &Environment, is_demo: bool) -> Self {
        let mut states = vec![State::default(); config.contexts.len()];
        let mut platforms: Vec<Arc<dyn Platform>> = Vec::new();
        let mut clients = Vec::new();
        let mut names = Vec::new();
        let hidden = Hidden::default();
        let kept = environment.state_dir().filter(|_| !is_demo);
        for (context, state) in config.contexts.iter().zip(&mut states) {
            let connection = shell::watched(shell::noting(context, kept.as_deref()), &hidden);
            match (context.adapter.connect)(connection) {
                Ok(platform) => {
                    // Far fewer contexts than 65,536 fit a screen.
                    let id = ContextId(u16::try_from(platforms.len()).unwrap_or(u16::MAX));
                    platforms.push(Arc::clone(&platform));
                    names.push(shell::audit_context(context));
                    clients.push(Some((id, platform)));
                }
                Err(failure) => {
                    state.failure = Some(failure);
                    clients.push(None);
                }
            }
        }
        let (sender, events) = mpsc::channel(QUEUE);
        let ledger = Arc::new(Ledger::new(environment, is_demo, names, hidden));
        Self {
            config,
            states,
            clients,
            engine: Engine::new(platforms, sender, shell::now),
            ledger,
            events,
            ticket: 0,
        }
    }

    pub(crate) fn contexts(&self) -> &[ContextConfig] {
        &self.config.contexts
    }

    /// Where operations are written down.
    pub(crate) fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger)
    }

    /// The client that the engine knows by this id.
    pub(crate) fn client(&self, id: ContextId) -> Option<Arc<dyn Platform>> {
        let mut clients = self.clients.iter().flatten();
        let (_, platform) = clients.find(|(it, _)| *it == id)?;
        Some(Arc::clone(platform))
    }

    /// The names of contexts that the configuration leaves out.
    pub(crate) fn left_out(&self) -> &[Text] {
        &self.config.left_out
    }

    pub(crate) fn states(&self) -> &[State] {
        &self.states
    }

    pub(crate) fn failure(&self, context: usize) -> Option<&Failure> {
        self.states[context].failure.as_ref()
    }

    /// The client of a context.
    pub(crate) fn platform(
        &self,
        context: usize,
    ) -> Result<(ContextId, Arc<dyn Platform>), CliError> {
        let client = self.clients[context].clone();
        client.ok_or_else(|| {
            let failure = self.states[context].failure.clone();
            self.error(context, failure.unwrap_or(Failure::Cancelled))
        })
    }

    /// Whether a context's platform offers something, as far as is known before asking.
    pub(crate) fn offers(&self, context: usize, capability: Capability) -> bool {
        let client = self.clients[context].as_ref();
        client.is_some_and(|(_, platform)| platform.support(capability).refusal().is_none())
    }

    /// Rules that tell classes from names.
    pub(crate) fn rules(&self) -> ClassRules {
        self.config.rules()
    }

    /// How much an environment matters.
    pub(crate) fn class(
        &self,
        context: usize,
        own: Option<Class>,
        environment: Option<&str>,
        app: &str,
    ) -> Option<Class> {
        let of_context = self.config.contexts[context].class;
        self.config
            .rules()
            .decide(own, environment, Some(app), of_context)
    }

    /// Asks all questions at once and answers them in their order. A context whose platform does
    /// not offer something has no entries of it; that is no failure here.
    pub(crate) async fn ask(&mut self, questions: Vec<(usize, Query)>) -> Vec<Pages> {
        let mut places: HashMap<QueryKey, usize> = HashMap::new();
        let mut answers: Vec<Pages> = Vec::new();
        let mut whole = Vec::new();
        for (context, query) in questions {
            let place = answers.len();
            answers.push(Pages::new(context));
            self.states[context].was_asked = true;
            let Some((id, platform)) = &self.clients[context] else {
                answers[place]
                    .failure
                    .clone_from(&self.states[context].failure);
                continue;
            };
            // Of a history, a part is what was asked for.
            if matches!(query, Query::Apps | Query::AllEnvironments) {
                whole.push(place);
            }
            let capability = query.capability();
            if let Some(reason) = platform.support(capability).refusal() {
                self.states[context].unsupported = Some(Text::clean(reason));
                answers[place].failure = Some(Failure::unsupported(capability, reason));
                continue;
            }
            let key = QueryKey {
                context: *id,
                query,
            };
            places.insert(key.clone(), place);
            self.ticket += 1;
            self.engine.fetch(Fetch {
                key,
                ticket: Ticket(self.ticket),
                priority: Priority::Visible,
            });
        }
        while !places.is_empty() {
            let Some(event) = self.events.recv().await else {
                break;
            };
            let EngineEvent::Report(report) = event else {
                continue;
            };
            let Some(place) = places.get(&report.key).copied() else {
                continue;
            };
            if !report.more {
                places.remove(&report.key);
            }
            self.take(report, &mut answers[place]);
        }
        for answer in whole.into_iter().map(|place| &answers[place]) {
            let part = answer.part().filter(|_| answer.failure.is_none());
            self.states[answer.context].part = part.or(self.states[answer.context].part);
        }
        // Parts of an app that have no such thing are no news where others have.
        for answer in answers.iter().filter(|answer| answer.failure.is_none()) {
            self.states[answer.context].unsupported = None;
        }
        answers
    }

    /// Asks one question that the command cannot do without.
    pub(crate) async fn one(&mut self, context: usize, query: Query) -> Result<Pages, CliError> {
        let answer = self.ask(vec![(context, query)]).await.pop();
        let answer = answer.unwrap_or_else(|| Pages::new(context));
        match answer.failure {
            Some(failure) => Err(self.error(context, failure)),
            None => Ok(answer),
        }
    }

    /// The apps of some contexts.
    pub(crate) async fn apps(&mut self, contexts: &[usize]) -> Vec<AppPlace> {
        let questions = contexts.iter().map(|at| (*at, Query::Apps)).collect();
        let answers = self.ask(questions).await;
        answers
            .into_iter()
            .flat_map(|pages| {
                let context = pages.context;
                let apps = pages.apps().into_iter();
                apps.map(move |app| AppPlace { context, app })
            })
            .collect()
    }

    /// Begins to follow a log; its batches come from [`Fleet::next_batch`].
    pub(crate) fn follow(&mut self, tail: TailId, request: TailRequest) {
        self.engine.open_tail(tail, request);
    }

    /// The next lines of the log that is followed.
    pub(crate) async fn next_batch(&mut self) -> Option<LogBatch> {
        loop {
            match self.events.recv().await? {
                EngineEvent::Logs(batch) => return Some(batch),
                EngineEvent::Report(_)
                | EngineEvent::Preview(_)
                | EngineEvent::Operation(_)
                | EngineEvent::PastLines(_)
                | EngineEvent::Transfer(_) => {}
            }
        }
    }

    /// Tells every failure, and gives the exit code that all contexts together deserve.
    pub(crate) fn tell_failures(&self) -> Exit {
        let mut worst = Exit::Done;
        for (context, state) in self.contexts().iter().zip(&self.states) {
            if let (true, Some(failure)) = (state.was_asked, &state.failure) {
                tell(format_args!("{}: {}", context.name, told(failure)));
                worst = worst.max(Exit::of(failure));
            }
        }
        worst
    }

    /// Tells where there is nothing to list because the platform does not offer it: an empty table
    /// would be read as an answer.
    pub(crate) fn tell_unsupported(&self) {
        for (context, state) in self.contexts().iter().zip(&self.states) {
            if let Some(reason) = &state.unsupported {
                tell(format_args!("{}: {reason}", context.name));
            }
        }
    }

    /// Tells where a platform counts more than it lists: what is missing would be taken for absent.
    pub(crate) fn tell_parts(&self) {
        for (context, state) in self.contexts().iter().zip(&self.states) {
            if let Some((listed, all)) = state.part {
                tell(format_args!("{}: {listed} of {all} listed", context.name));
            }
        }
    }

    /// Ends what is under way.
    pub(crate) async fn close(self) {
        self.engine.shutdown().await;
    }

    fn take(&mut self, report: Report, answer: &mut Pages) {
        let Some(state) = self.states.get_mut(answer.context) else {
            return;
        };
        let name = &self.config.contexts[answer.context].name;
        match report.result {
            Ok(page) => {
                state.fetched_at = Some(report.at);
                answer.push(page);
            }
            Err(failure) if report.more => {
                let wait = report.retry_at.map(|at| at.duration_since(report.at));
                let wait = wait.and_then(|wait| Duration::try_from(wait).ok());
                if let Some(wait) = wait.filter(|wait| *wait >= LONG) {
                    let (why, seconds) = (failure.short(), wait.as_secs());
                    tell(format_args!("{name}: {why}, asking again in {seconds} s"));
                }
            }
            Err(failure @ Failure::Unsupported { .. }) => {
                state.unsupported = Some(Text::clean(&failure.headline()));
                answer.failure = Some(failure);
            }
            Err(failure) => {
                answer.failure = Some(failure.clone());
                let graver = |known: &Failure| Exit::of(&failure) > Exit::of(known);
                if state.failure.as_ref().is_none_or(graver) {
                    state.failure = Some(failure);
                }
            }
        }
    }

    /// What a command ends with that cannot do without this context.
    fn error(&self, context: usize, failure: Failure) -> CliError {
        CliError::Failure {
            context: self.contexts()[context].name.to_string(),
            failure,
        }
    }
}
