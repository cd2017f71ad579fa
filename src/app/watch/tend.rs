//! What becomes of the watches after every message: what they learn, and what is told of it.

use std::time::Duration;

use jiff::Timestamp;

use super::learn::{complete, learn};
use super::{BASELINE, SETTLING, STEP, Told, Verdict, Watch, Watches, remedy};
use crate::app::age::since;
use crate::app::journal::{Actor, Event};
use crate::app::logs::errors::Rate;
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::notify;
use crate::app::operations::Entry;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::{LogSource, Stage, TailState, Text};

/// What is to be said of an operation that ended.
pub(in crate::app) enum Said {
    /// Its release is not watched: what is said of any operation.
    Unwatched,
    /// The verdict of its watch, and what one can do.
    Verdict(Tone, String),
    /// It was said before.
    Before,
}

/// Brings the watches up to date and tells what ended.
pub(in crate::app) fn tend(state: &mut State, outcome: &mut Outcome) {
    if state.watches.open().next().is_none() {
        return;
    }
    let mut watches = std::mem::take(&mut state.watches);
    for watch in &mut watches.list {
        let before = watch.clone();
        step(watch, state);
        if *watch != before {
            outcome.redraw |= state.layout().shows(Pane::Logs);
        }
    }
    state.watches = watches;
    tell(state, outcome);
}

/// The operation of a watch ended, or was never done: what is said of it is the verdict.
pub(in crate::app) fn ended(state: &mut State, entry: &Entry) -> Said {
    let mut watches = std::mem::take(&mut state.watches);
    let said = said(&mut watches, state, entry);
    state.watches = watches;
    said
}

fn said(watches: &mut Watches, state: &State, entry: &Entry) -> Said {
    let own = |watch: &Watch| watch.operation == Some(entry.ticket);
    let Some(at) = watches.list.iter().position(own) else {
        return Said::Unwatched;
    };
    if matches!(entry.stage, Stage::Refused(_) | Stage::Unresolved(_)) {
        // There is nothing to watch, or nobody knows what.
        watches.list.remove(at);
        return Said::Unwatched;
    }
    let Some(watch) = watches.list.get_mut(at) else {
        return Said::Unwatched;
    };
    if state.inventory.environment(&watch.env).is_none() {
        // Nobody can say of what is not listed that it runs.
        watches.list.remove(at);
        return Said::Unwatched;
    }
    if watch.told.end {
        return Said::Before;
    }
    step(watch, state);
    watch.told.end = watch.end.is_some();
    match words(state, watch) {
        Some((tone, words)) => Said::Verdict(tone, words),
        None => Said::Unwatched,
    }
}

/// One watch learns what the state knows now.
fn step(watch: &mut Watch, state: &State) {
    if watch.is_running() {
        learn(watch, state);
        watch.before = before(watch, state).or(watch.before);
    } else if watch.is_settling() {
        complete(watch, state);
        settle(watch, state);
    }
}

/// Errors before the release.
fn before(watch: &Watch, state: &State) -> Option<Rate> {
    let errors = &state.logs.channel(&watch.env)?.errors;
    let from = watch.begun_at.saturating_sub(BASELINE).ok()?;
    errors.rate(from, watch.begun_at)
}

/// Counts the errors of what went live, until it has settled.
fn settle(watch: &mut Watch, state: &State) {
    watch.before = before(watch, state).or(watch.before);
    let Some(end) = &watch.end else { return };
    let is_over = since(end.seen_at, state.now) >= SETTLING;
    let is_live = matches!(end.verdict, Verdict::Live | Verdict::Regressed { .. });
    if is_live {
        watch.after = after(watch, end.live_at, end.seen_at, state).or(watch.after);
    }
    let regressed = watch
        .before
        .zip(watch.after)
        .filter(|(before, after)| after.is_worse_than(*before));
    let Some(end) = &mut watch.end else { return };
    end.is_over = is_over;
    if let Some((before, after)) = regressed.filter(|_| end.verdict == Verdict::Live) {
        end.verdict = Verdict::Regressed { before, after };
        watch.told = Told::default();
    }
}

/// Errors since it went live, by full steps: what is shown does not change with every message.
fn after(watch: &Watch, live_at: Timestamp, seen_at: Timestamp, state: &State) -> Option<Rate> {
    let channel = state.logs.channel(&watch.env)?;
    let tail = channel.tail.as_ref()?;
    let is_runtime = matches!(tail.source, LogSource::Runtime { .. });
    if !is_runtime || channel.state != TailState::Live {
        return None;
    }
    let steps = since(seen_at, state.now).min(SETTLING).as_secs() / STEP.as_secs();
    let until = seen_at.saturating_add(Duration::from_secs(steps * STEP.as_secs()));
    channel.errors.rate(live_at, until.ok()?)
}

/// The verdict of a watch and what one can do, as one sentence; absent while it runs.
fn words(state: &State, watch: &Watch) -> Option<(Tone, String)> {
    let end = watch.end.as_ref()?;
    let entry = watch.operation.and_then(|it| state.operations.get(it));
    let subject = match entry {
        Some(entry) => format!("{} {}", entry.operation.kind.verb(), watch.title),
        None => watch.heading().to_string(),
    };
    let remedy = remedy(state, watch).map(|remedy| format!("; {remedy}"));
    let verdict = end.verdict.words(end.took);
    // Where only ASCII is drawn an arrow would become a sign of its own meaning.
    let verdict = if state.screen.look.is_ascii {
        verdict.replace('→', "->")
    } else {
        verdict
    };
    let text = format!("{subject} {verdict}{}", remedy.unwrap_or_default());
    Some((end.verdict.tone(), text))
}

/// Tells what ended: by a notice, unless its operation did, and to who looks elsewhere.
fn tell(state: &mut State, outcome: &mut Outcome) {
    let mut watches = std::mem::take(&mut state.watches);
    for watch in &mut watches.list {
        let Some(end) = &watch.end else { continue };
        if watch.told.end && watch.told.notified {
            continue;
        }
        let told = std::mem::replace(
            &mut watch.told,
            Told {
                end: true,
                notified: true,
            },
        );
        let words_of_end = end.verdict.words(end.took);
        let is_good = end.verdict.is_good();
        if let Some((tone, text)) = words(state, watch).filter(|_| !told.end) {
            state.notices.say(state.now, tone, &text);
            note(state, &end.verdict, &text);
        }
        if !told.notified {
            let heading = watch.heading();
            let effect = notify::notification(state.notify, is_good, &heading, &words_of_end);
            outcome.effects.extend(effect.map(Effect::Notify));
        }
        outcome.redraw = true;
    }
    state.watches = watches;
}

/// What no operation and no list of environments says is kept in the journal.
fn note(state: &mut State, verdict: &Verdict, text: &str) {
    let is_seen_here_only = match verdict {
        Verdict::Regressed { .. } | Verdict::Gone => true,
        Verdict::Live
        | Verdict::Failed { .. }
        | Verdict::Partly(_)
        | Verdict::Cancelled
        | Verdict::Ended => false,
    };
    if is_seen_here_only {
        state.journal.note(Event {
            at: state.now,
            actor: Actor::Observed,
            status: verdict.status(),
            text: Text::clean(text),
            subject: None,
        });
    }
}
