//! The incident report: what is broken, what happened and what was done, as Markdown that can be
//! shown to others. Pure: made from the state alone.
//!
//! Nothing in it carries a secret: values of variables are never in the state's timeline, failures
//! are told in flightdeck's own words, and every foreign word goes through `redact`.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::age::{Long, Short, since};
use super::contexts::Context;
use super::operations::Entry;
use super::past::PastOperation;
use super::redact::{plain, shown};
use super::rows::{self, AppRow, Overlay, Totals};
use super::state::State;
use super::timeline::{self, Event, EventId, past_words, stage_words};
use crate::model::{Capability, Class, Deployment, Text};

/// Terminals drop longer texts on their way to the clipboard; the shortest limit in use is 74,994
/// bytes of base64.
pub const CLIPBOARD: usize = 50_000;

/// So many lines a section has at most; how many are left out is said.
const MOST_LINES: usize = 300;

/// The report of what happened since `from`, in at most `bytes` bytes.
#[must_use]
pub fn report(state: &State, from: Timestamp, bytes: usize) -> String {
    let mut lines = MOST_LINES;
    loop {
        let report = written(state, from, lines);
        if report.len() <= bytes || lines == 0 {
            return report;
        }
        // What is newest is worth most: older lines go until it fits.
        lines /= 2;
    }
}

fn written(state: &State, from: Timestamp, lines: usize) -> String {
    let events: Vec<_> = timeline::events(state)
        .into_iter()
        .filter(|event| event.at >= from)
        .collect();
    let sections = [
        header(state, from),
        contexts(state),
        broken(state, lines),
        happened(&events, lines),
        operations(state, from, lines),
        deployments(state, from, &events, lines),
        questions(state),
    ];
    sections.join("\n")
}

fn time(at: Timestamp) -> String {
    let at = TimeZone::UTC.to_datetime(at);
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

fn header(state: &State, from: Timestamp) -> String {
    let totals = Totals::of(&state.panes.apps.rows);
    let counts = [
        (totals.failed, "failing"),
        (totals.degraded, "degraded"),
        (totals.changing, "changing"),
        (totals.unknown, "unknown or stale"),
        (totals.live, "live"),
        (totals.asleep, "asleep"),
        (totals.stopped, "stopped"),
    ];
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let demo = if state.is_demo {
        "- **DEMO**: none of this is real\n"
    } else {
        ""
    };
    format!(
        "# Incident report\n\n{demo}- generated {} by flightdeck {}\n- covers {} to {} ({})\n\
         - {} apps: {}\n- all times are UTC; secrets and mail domains are taken out\n",
        time(state.now),
        env!("CARGO_PKG_VERSION"),
        time(from),
        time(state.now),
        Long(since(from, state.now)),
        totals.sum(),
        if counts.is_empty() {
            "none known".to_owned()
        } else {
            counts.join(", ")
        }
    )
}

/// A table; `(nothing)` says why it is empty.
fn table(titles: &[&str], rows: &[Vec<String>], nothing: &str) -> String {
    if rows.is_empty() {
        return format!("{nothing}\n");
    }
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut out = line(&titles.iter().map(ToString::to_string).collect::<Vec<_>>());
    out += &line(&vec!["---".to_owned(); titles.len()]);
    for row in rows {
        out += &line(row);
    }
    out
}

/// Of a list, newest first, the newest; in front of them how many are left out.
fn newest<T>(list: Vec<T>, most: usize) -> (Vec<T>, String) {
    let left_out = list.len().saturating_sub(most);
    let said = if left_out == 0 {
        String::new()
    } else {
        format!("{left_out} more are left out.\n\n")
    };
    let mut list = list;
    list.truncate(most);
    (list, said)
}

fn contexts(state: &State) -> String {
    let rows = state.contexts.iter().map(|context| {
        let fleet = state.inventory.fleet(context.id);
        // An empty list that was not read to its end is not known to be empty.
        let apps = fleet.and_then(|fleet| fleet.apps.value.as_ref());
        let is_read = fleet.is_some_and(|fleet| fleet.apps.load.fetched_at.is_some());
        let apps = apps.filter(|apps| is_read || !apps.is_empty());
        let read_at = state.fetched_at(context);
        vec![
            plain(context.name.as_str()),
            context.profile.title.to_owned(),
            health(state, context),
            apps.map_or_else(|| "?".to_owned(), |apps| apps.len().to_string()),
            read_at.map_or_else(|| "never".to_owned(), time),
        ]
    });
    let titles = ["context", "platform", "health", "apps", "read at"];
    let rows: Vec<_> = rows.collect();
    format!(
        "## Contexts\n\n{}",
        table(&titles, &rows, "None is configured.")
    )
}

/// Failures are told by their kind: what a platform writes into one is nobody else's business.
fn health(state: &State, context: &Context) -> String {
    let failure = context.bad_credential.as_ref().or(context.failing.as_ref());
    match failure {
        Some(failure) => format!("**failing: {}**", failure.short()),
        None if state.fetched_at(context).is_none() => "not read".into(),
        None if state.age_of(context).is_stale() => "**stale**".into(),
        None => "ok".into(),
    }
}

fn broken(state: &State, most: usize) -> String {
    let rows = state.panes.apps.rows.iter();
    let rows: Vec<_> = rows.filter(|row| row.status.is_problem()).collect();
    let (rows, left_out) = newest(rows, most);
    let lines: String = rows.iter().map(|row| broken_line(state, row)).collect();
    let lines = if lines.is_empty() {
        "Nothing is failed or degraded.\n".to_owned()
    } else {
        lines
    };
    format!("## Broken now\n\n{left_out}{lines}")
}

fn broken_line(state: &State, row: &AppRow) -> String {
    let context = state.contexts.get(row.app.context);
    let context = context.map_or_else(String::new, |context| plain(context.name.as_str()));
    let overlay = match row.overlay {
        Overlay::None => "",
        Overlay::Stale => ", as last known (stale)",
        Overlay::Auth => ", as last known (token rejected)",
    };
    let class = row.class.map_or("no class", Class::word);
    let since = row.changed_at.map(|at| format!(", since {}", time(at)));
    let release = row.release.as_ref();
    let release = release.map(|it| format!(", release {}", shown(it.label.as_str())));
    format!(
        "- **{} {}** ({class}, {context}){overlay}: {}{}{}\n",
        rows::status_word(&row.status, Overlay::None),
        plain(row.name.as_str()),
        or_none(&row.reason),
        release.unwrap_or_default(),
        since.unwrap_or_default(),
    )
}

fn or_none(text: &Text) -> String {
    if text.is_empty() {
        "no reason known".into()
    } else {
        shown(text.as_str())
    }
}

/// Newest last, as one tells a story.
fn happened(events: &[Event], most: usize) -> String {
    let (events, left_out) = newest(events.iter().collect(), most);
    let mut out = format!("## Timeline\n\n{left_out}");
    if events.is_empty() {
        out += "Nothing is known to have happened.\n";
    }
    for event in events.iter().rev() {
        let place = if event.place.is_empty() {
            String::new()
        } else {
            format!(" {}", plain(event.place.as_str()))
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "- {} {} {}{place} ({}): {}",
            time(event.at),
            shown(event.word.as_str()),
            plain(event.context.as_str()),
            shown(event.who.word()),
            shown(event.what.as_str()),
        );
    }
    out
}

fn operations(state: &State, from: Timestamp, most: usize) -> String {
    let own = state.operations.newest_first();
    let own = own.filter(|it| it.ended_at.unwrap_or(it.started_at) >= from);
    let own = own.map(|it| (it.started_at, own_operation(state, it)));
    let past = state.past.iter();
    let past = past.filter(|it| it.ended_at.unwrap_or(it.started_at) >= from);
    let past = past.map(|it| (it.started_at, past_operation(it)));
    let mut all: Vec<_> = own.chain(past).collect();
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let (all, left_out) = newest(all, most);
    let rows: Vec<_> = all.into_iter().rev().map(|(_, row)| row).collect();
    let titles = [
        "asked at",
        "who",
        "what",
        "target",
        "class",
        "context",
        "confirmed",
        "outcome",
    ];
    let nothing = "flightdeck was asked to do nothing.";
    format!(
        "## Operations\n\n{left_out}{}",
        table(&titles, &rows, nothing)
    )
}

fn own_operation(state: &State, entry: &Entry) -> Vec<String> {
    let target = &entry.operation.target;
    let context = state.contexts.get(target.context);
    let (_, word, said) = stage_words(&entry.stage);
    vec![
        time(entry.started_at),
        "you".into(),
        entry.operation.kind.verb().into(),
        plain(target.title.as_str()),
        target.class.map_or("", Class::word).into(),
        context.map_or_else(String::new, |context| plain(context.name.as_str())),
        "in this dashboard".into(),
        outcome(word, &said.unwrap_or_default()),
    ]
}

fn past_operation(it: &PastOperation) -> Vec<String> {
    let (_, word) = past_words(it.end);
    vec![
        time(it.started_at),
        shown(it.by.as_str()),
        plain(it.verb.as_str()),
        plain(it.title.as_str()),
        it.class.map_or("", Class::word).into(),
        plain(it.context.as_str()),
        shown(it.confirmed.as_str()),
        outcome(word, it.words.as_str()),
    ]
}

fn outcome(word: &str, said: &str) -> String {
    if said.is_empty() {
        word.into()
    } else {
        format!("{word}: {}", shown(said))
    }
}

fn deployments(state: &State, from: Timestamp, events: &[Event], most: usize) -> String {
    let mut seen = std::collections::HashSet::new();
    let mut all: Vec<(Timestamp, Vec<String>)> = Vec::new();
    for (of, list) in &state.inventory.deployments {
        let context = state.contexts.get(of.context);
        let context = context.map_or_else(String::new, |context| plain(context.name.as_str()));
        for it in list.value.iter().flatten() {
            let at = it.ended_at.or(it.started_at).filter(|at| *at >= from);
            if let Some(at) = at.filter(|_| seen.insert((of.context, &it.id))) {
                let place = events
                    .iter()
                    .find(|event| is_about(event, of.context, it))
                    .map_or_else(String::new, |event| plain(event.place.as_str()));
                all.push((at, deployment(&context, place, it)));
            }
        }
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let (all, left_out) = newest(all, most);
    let rows: Vec<_> = all.into_iter().rev().map(|(_, row)| row).collect();
    let titles = [
        "began", "context", "target", "release", "by", "phase", "took", "reason",
    ];
    let nothing = "None is known in this time.";
    format!(
        "## Deployments\n\n{left_out}{}",
        table(&titles, &rows, nothing)
    )
}

fn is_about(event: &Event, context: crate::model::ContextId, deployment: &Deployment) -> bool {
    matches!(&event.id, EventId::Deployment(id) if id.context == context && id.id == deployment.id)
        || event.follows(context, &deployment.id)
}

fn deployment(context: &str, place: String, it: &Deployment) -> Vec<String> {
    let text = |text: &Option<Text>| {
        let text = text.as_ref();
        text.map_or_else(String::new, |text| shown(text.as_str()))
    };
    let took = it.duration.map(|took| Long(took).to_string());
    vec![
        it.started_at.map_or_else(|| "not yet".into(), time),
        context.to_owned(),
        place,
        shown(it.label.as_str()),
        text(&it.by),
        timeline::phase_word(&it.phase).to_string(),
        took.unwrap_or_default(),
        text(&it.reason),
    ]
}

/// What this report does not know.
fn questions(state: &State) -> String {
    let mut out = String::from("## Open questions\n\n");
    let mut count = 0;
    let mut ask = |text: String| {
        count += 1;
        let _ = writeln!(out, "- {text}");
    };
    for context in state.contexts.iter() {
        of_context(state, context, &mut ask);
    }
    if state.is_paused {
        ask("polling is paused: everything is as old as it says".into());
    }
    for entry in state.operations.newest_first() {
        if !matches!(
            entry.stage,
            crate::model::Stage::Ended(_) | crate::model::Stage::Refused(_)
        ) {
            let title = plain(entry.operation.target.title.as_str());
            ask(format!(
                "how does `{}` of {title} end?",
                entry.operation.kind.verb()
            ));
        }
    }
    if count == 0 {
        out += "None.\n";
    }
    out
}

fn of_context(state: &State, context: &Context, ask: &mut impl FnMut(String)) {
    let name = plain(context.name.as_str());
    let age = state
        .fetched_at(context)
        .map(|at| Short(since(at, state.now)));
    if let Some(failure) = context.bad_credential.as_ref().or(context.failing.as_ref()) {
        let short = failure.short();
        ask(format!(
            "{name} could not be read ({short}): what happened there since?"
        ));
    } else if age.is_none() {
        ask(format!("{name} was not read: what is there?"));
    } else if let Some(age) = age.filter(|_| state.age_of(context).is_stale()) {
        ask(format!(
            "{name} was last read {age} ago: what happened there since?"
        ));
    }
    let Some(fleet) = state.inventory.fleet(context.id).filter(|_| age.is_some()) else {
        return;
    };
    let known = fleet.environments.values().filter(|env| {
        let id = crate::model::Scoped::new(context.id, env.id.clone());
        let list = state.inventory.deployments_of(&id);
        list.is_some_and(|list| list.value.is_some())
    });
    let (known, all) = (known.count(), fleet.environments.len());
    if known < all && !context.lacks(Capability::ListDeployments) {
        ask(format!(
            "{name}: deployments of {known} of {all} environments were read; were there others?"
        ));
    }
    let has_trail = state
        .inventory
        .activities
        .iter()
        .any(|(of, list)| of.context == context.id && of.id.is_none() && list.value.is_some());
    if context.lacks(Capability::ListActivity) {
        ask(format!(
            "{name}: its platform offers no activity; only what was seen is here"
        ));
    } else if !has_trail {
        ask(format!("{name}: the platform's own activity was not read"));
    }
}

#[cfg(test)]
mod tests;
