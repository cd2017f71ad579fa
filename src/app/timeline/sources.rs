//! What each source says happened.

use super::{Event, EventId, Same, Who};
use crate::app::age::{Long, since};
use crate::app::operations::Entry;
use crate::app::past::{PastEnd, PastOperation};
use crate::app::rows::progress_words;
use crate::app::state::State;
use crate::app::{journal, rows};
use crate::model::{
    Activity, AppId, ContextId, Deployment, DeploymentScope, EnvId, Phase, Scoped, Stage, Status,
    Text, Verdict,
};

/// Everything, in no order.
pub(super) fn all(state: &State) -> Vec<Event> {
    let mut all = Vec::new();
    all.extend(seen(state));
    all.extend(
        state
            .operations
            .newest_first()
            .map(|entry| own(state, entry)),
    );
    all.extend(state.past.iter().map(|it| past(state, it)));
    for (of, list) in &state.inventory.deployments {
        let list = list.value.iter().flatten();
        all.extend(list.filter_map(|it| deployment(state, of, it)));
    }
    for (of, list) in &state.inventory.activities {
        let list = list.value.iter().flatten();
        all.extend(list.filter_map(|it| trail(state, of.context, it)));
    }
    all
}

/// Changes that were seen; the ends of own operations are told by the operations themselves.
fn seen(state: &State) -> impl Iterator<Item = Event> + '_ {
    let events = state.journal.numbered();
    let changes = events.filter(|(_, event)| event.actor == journal::Actor::Observed);
    changes.filter_map(|(number, event)| {
        let subject = event.subject.as_ref()?;
        Some(Event {
            id: EventId::Seen(number),
            at: event.at,
            status: event.status.clone(),
            word: Text::clean(rows::status_word(&event.status, rows::Overlay::None)),
            context: context_name(state, subject.app.context),
            app: Some(subject.app.clone()),
            place: subject.name.clone(),
            class: subject.class,
            who: Who::Observed,
            what: subject.what.clone(),
            brief: Text::default(),
            cancels: None,
            is_open: false,
            same: None,
        })
    })
}

fn own(state: &State, entry: &Entry) -> Event {
    let target = &entry.operation.target;
    let (status, word, said) = stage_words(&entry.stage);
    let verb = entry.operation.kind.verb();
    let took = entry
        .ended_at
        .map(|end| format!(" in {}", Long(since(entry.started_at, end))));
    let said = said.map(|said| format!(": {said}"));
    Event {
        id: EventId::Own(entry.ticket),
        at: entry.ended_at.unwrap_or(entry.started_at),
        status,
        word: Text::clean(word),
        context: context_name(state, target.context),
        app: target
            .app
            .clone()
            .map(|app| Scoped::new(target.context, app)),
        place: target.title.clone(),
        class: target.class,
        who: Who::You,
        what: Text::clean(&format!(
            "{verb}{}{}",
            took.unwrap_or_default(),
            said.unwrap_or_default()
        )),
        brief: Text::default(),
        cancels: None,
        is_open: !matches!(entry.stage, Stage::Ended(_) | Stage::Refused(_)),
        same: entry
            .follow
            .clone()
            .map(|follow| Same::Followed(target.context, follow)),
    }
}

/// How a stage looks, its word, and what is to be said about it.
#[must_use]
pub fn stage_words(stage: &Stage) -> (Status, &'static str, Option<String>) {
    match stage {
        Stage::Sending => (Status::Queued, "SEND", None),
        Stage::Running(progress) => {
            let words = Some(progress_words(progress)).filter(|words| !words.is_empty());
            (Status::Deploying, "RUNS", words)
        }
        Stage::Ended(Verdict::Done(remark)) => {
            (Status::Live, "DONE", remark.as_ref().map(Text::to_string))
        }
        Stage::Ended(Verdict::Partly(why)) => (Status::Degraded, "PART", Some(why.to_string())),
        Stage::Ended(Verdict::Failed(why)) => (Status::Failed, "FAIL", Some(why.to_string())),
        Stage::Refused(failure) => (
            Status::Failed,
            "NOT",
            Some(format!("not done, {}", failure.headline())),
        ),
        Stage::Unknown(failure) => (
            Status::Unknown,
            "LOST",
            Some(format!("answer lost ({}), looking", failure.short())),
        ),
        Stage::Unresolved(why) => (Status::Unknown, "UNKN", Some(why.to_string())),
    }
}

fn past(state: &State, it: &PastOperation) -> Event {
    let context = state
        .contexts
        .iter()
        .find(|context| context.name == it.context)
        .map(|context| context.id);
    let (status, word) = past_words(it.end);
    let said = (!it.words.is_empty()).then(|| format!(": {}", it.words));
    Event {
        id: EventId::Past(it.id.clone()),
        at: it.ended_at.unwrap_or(it.started_at),
        status,
        word: Text::clean(word),
        context: it.context.clone(),
        app: context
            .zip(it.app.clone())
            .map(|(c, app)| Scoped::new(c, app)),
        place: it.title.clone(),
        class: it.class,
        who: Who::Named(it.by.clone()),
        what: Text::clean(&format!("{}{}", it.verb, said.unwrap_or_default())),
        brief: Text::default(),
        cancels: None,
        is_open: matches!(
            it.end,
            PastEnd::Accepted | PastEnd::Running | PastEnd::Unknown
        ),
        same: context
            .zip(it.follow.clone())
            .map(|(context, follow)| Same::Followed(context, follow)),
    }
}

/// How the end of an earlier operation looks, and its word.
#[must_use]
pub fn past_words(end: PastEnd) -> (Status, &'static str) {
    match end {
        PastEnd::Done => (Status::Live, "DONE"),
        PastEnd::Partly => (Status::Degraded, "PART"),
        PastEnd::Failed => (Status::Failed, "FAIL"),
        PastEnd::Refused => (Status::Failed, "NOT"),
        PastEnd::Accepted => (Status::Deploying, "SENT"),
        PastEnd::Running => (Status::Deploying, "RUNS"),
        PastEnd::Unknown => (Status::Unknown, "UNKN"),
    }
}

fn deployment(state: &State, of: &Scoped<DeploymentScope>, it: &Deployment) -> Option<Event> {
    let context = of.context;
    let (env, app) = match &of.id {
        DeploymentScope::App(app) => (it.environment.clone(), Some(app.clone())),
        DeploymentScope::Environment(env) => (Some(env.clone()), it.app.clone()),
    };
    let env = env.and_then(|env| state.inventory.environment(&Scoped::new(context, env)));
    let app = app.or_else(|| env.map(|env| env.app.clone()))?;
    let id = Scoped::new(context, it.id.clone());
    Some(Event {
        same: Some(Same::Followed(
            context,
            crate::model::Follow::Deployment(it.id.clone()),
        )),
        id: EventId::Deployment(id),
        at: it.ended_at.or(it.started_at)?,
        status: phase_status(&it.phase),
        word: phase_word(&it.phase),
        context: context_name(state, context),
        place: place(state, context, &app, env.map(|env| &env.id)),
        class: env.and_then(|env| state.class_of(context, env)),
        app: Some(Scoped::new(context, app)),
        who: it
            .by
            .clone()
            .map_or_else(|| platform(state, context), Who::Named),
        brief: Text::clean(&format!("{} {}", noun(state, context), it.label)),
        what: deployment_words(state, context, it),
        cancels: None,
        is_open: !it.phase.is_final(),
    })
}

/// What was replaced since had succeeded when it happened.
fn phase_status(phase: &Phase) -> Status {
    match phase {
        Phase::Replaced => Status::Live,
        Phase::Queued
        | Phase::Building
        | Phase::Deploying
        | Phase::Running(_)
        | Phase::ActionRequired(_)
        | Phase::Succeeded
        | Phase::Failed
        | Phase::Cancelled
        | Phase::Ended
        | Phase::Other(_) => phase.status(),
    }
}

/// The word of a deployment's phase, as an event.
#[must_use]
pub fn phase_word(phase: &Phase) -> Text {
    Text::clean(match phase {
        Phase::Queued => "QUEU",
        Phase::Building => "BUIL",
        Phase::Deploying | Phase::Running(_) => "DEPL",
        Phase::ActionRequired(_) => "WAIT",
        Phase::Succeeded | Phase::Replaced => "DONE",
        Phase::Failed => "FAIL",
        Phase::Cancelled => "CANC",
        Phase::Ended => "UNKN",
        Phase::Other(word) => return word.clone(),
    })
}

fn noun(state: &State, context: ContextId) -> &'static str {
    let context = state.contexts.get(context);
    context.map_or("deployment", |c| c.profile.vocabulary.deployment.0)
}

fn deployment_words(state: &State, context: ContextId, it: &Deployment) -> Text {
    let noun = noun(state, context);
    let took = it.duration.map(|took| format!(" in {}", Long(took)));
    let progress = (!it.phase.is_final())
        .then(|| progress_words(&it.progress))
        .filter(|words| !words.is_empty())
        .map(|words| format!(": {words}"));
    let why = it.reason.as_ref().map(|why| format!(": {why}"));
    let said = [took, progress, why]
        .into_iter()
        .flatten()
        .collect::<String>();
    Text::clean(&format!("{noun} {}{said}", it.label))
}

fn trail(state: &State, context: ContextId, it: &Activity) -> Option<Event> {
    let id = Scoped::new(context, it.id.clone());
    let (status, word) = match it.failed {
        _ if it.can_cancel => (Status::Deploying, "RUNS"),
        Some(true) => (Status::Failed, "FAIL"),
        Some(false) => (Status::Live, "DONE"),
        None => (Status::Present, "NOTE"),
    };
    Some(Event {
        same: Some(match &it.follow {
            Some(follow) => Same::Followed(context, follow.clone()),
            None => Same::Trail(id.clone()),
        }),
        id: EventId::Trail(id),
        at: it.at?,
        status,
        word: Text::clean(word),
        context: context_name(state, context),
        place: it
            .app
            .as_ref()
            .map(|app| place(state, context, app, None))
            .unwrap_or_default(),
        class: None,
        app: it.app.clone().map(|app| Scoped::new(context, app)),
        who: it
            .by
            .clone()
            .map_or_else(|| platform(state, context), Who::Named),
        what: if it.text.is_empty() {
            it.kind.clone()
        } else {
            it.text.clone()
        },
        brief: Text::default(),
        cancels: it.can_cancel.then(|| it.id.clone()),
        is_open: it.can_cancel,
    })
}

fn platform(state: &State, context: ContextId) -> Who {
    let title = state.contexts.get(context).map(|c| c.profile.title);
    Who::Platform(title.unwrap_or("platform"))
}

fn context_name(state: &State, context: ContextId) -> Text {
    let known = state.contexts.get(context);
    known
        .map(|context| context.name.clone())
        .unwrap_or_default()
}

fn place(state: &State, context: ContextId, app: &AppId, env: Option<&EnvId>) -> Text {
    let known = state.inventory.app(&Scoped::new(context, app.clone()));
    let name = known.map_or_else(|| app.to_text(), |app| app.name.clone());
    let env = env.and_then(|env| {
        state
            .inventory
            .environment(&Scoped::new(context, env.clone()))
    });
    match env {
        Some(env) => Text::clean(&format!("{name}/{}", env.name)),
        None => name,
    }
}
