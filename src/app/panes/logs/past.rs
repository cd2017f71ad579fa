//! Older lines than those a log began with, asked for by a time or by scrolling past the start.
//!
//! One question is under way at most, for the log that is shown: whoever leaves it wants no answer.

mod moment;

use jiff::Timestamp;

use self::moment::From;
use super::motion::{self, Place, top};
use super::{Motion, rows, shown};
use crate::app::logs::ring::{LineNo, Ring};
use crate::app::message::{Effect, Outcome};
use crate::app::notices::Tone;
use crate::app::state::State;
use crate::model::{
    EnvId, Failure, LogHistory, LogLine, LogSource, PastLines, Profile, Scoped, TailId,
    TailRequest, Ticket,
};

/// How many lines scrolling past the start asks for: some screens, and one page of most platforms.
const CHUNK: usize = 1_000;
/// How many a time asks for: as many as a log keeps.
const ALL: u32 = 100_000;

/// What is shown while lines are on their way.
const WORD: &str = "reading older lines…";

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Past {
    asked: Option<Asked>,
    /// Somebody scrolls past the start.
    is_wished: bool,
    /// It was said why nothing can be asked for.
    has_said: bool,
}

/// A question under way.
#[derive(Clone, Debug)]
struct Asked {
    ticket: Ticket,
    of: Scoped<EnvId>,
    tail: TailId,
    /// How many lines are wanted at most.
    lines: u32,
    /// The platform is asked for the newest, whatever the time.
    is_newest: bool,
    from: Option<From>,
}

impl Past {
    /// The same for another log: only what is under way is kept in mind, to be stopped.
    pub(super) fn left(self) -> Self {
        Self {
            asked: self.asked,
            ..Self::default()
        }
    }

    /// A word on what is under way, for the pane's right side.
    #[must_use]
    pub fn word(&self) -> Option<&'static str> {
        self.asked.as_ref().map(|_| WORD)
    }
}

/// Goes to where lines of that time begin; asks for them where they are not there.
pub(in crate::app) fn since(state: &mut State, typed: &str, outcome: &mut Outcome) {
    outcome.redraw = true;
    let from = match moment::parse(typed, state.now, &state.zone) {
        Ok(from) => from,
        Err(problem) => return state.notices.say(state.now, Tone::Bad, problem.as_str()),
    };
    let known = first_from(state, from);
    if let Some(known) = known.filter(|_| reaches(state, from)) {
        return go_to(state, known);
    }
    match question(state, Some(from)) {
        Ok(asked) => ask(state, asked, outcome),
        Err(Refusal::Said(why)) => {
            state.notices.say(state.now, Tone::Info, why);
            go_to_any(state, known);
        }
        Err(Refusal::Silent) => go_to_any(state, known),
    }
}

/// Moves through the lines. Whoever stands at the first and moves up wishes for older ones.
pub(in crate::app::panes) fn motion(state: &mut State, motion: Motion) {
    let was_at_start = is_at_start(state);
    motion::motion(state, motion);
    let is_up = match motion {
        Motion::By(delta) => delta < 0,
        Motion::Top => true,
        Motion::Bottom => false,
    };
    state.panes.logs.past.is_wished |= is_up && was_at_start;
}

fn is_at_start(state: &State) -> bool {
    let Some(ring) = shown(state) else {
        return false;
    };
    let first = state.panes.logs.sieve.at_or_after(ring, ring.start());
    let place = top(state, ring, rows(state));
    place.row == 0 && place.line <= first.unwrap_or(ring.start())
}

/// Asks for what is wished for; stops what nobody waits for any more.
pub(super) fn go_on(state: &mut State, outcome: &mut Outcome) {
    leave(state, outcome);
    if std::mem::take(&mut state.panes.logs.past.is_wished) {
        older(state, outcome);
    }
}

/// Asks for a chunk of older lines, once at a time.
fn older(state: &mut State, outcome: &mut Outcome) {
    if state.panes.logs.past.asked.is_some() {
        return;
    }
    match question(state, None) {
        Ok(asked) => ask(state, asked, outcome),
        Err(Refusal::Said(why)) if !state.panes.logs.past.has_said => {
            state.panes.logs.past.has_said = true;
            state.notices.say(state.now, Tone::Info, why);
        }
        Err(Refusal::Said(_) | Refusal::Silent) => {}
    }
}

/// Whoever looks at another log, or at none, wants no answer.
fn leave(state: &mut State, outcome: &mut Outcome) {
    let is_here = |asked: &Asked| {
        Some(&asked.of) == super::shown_env(state).as_ref() && !state.panes.logs.shows_previous
    };
    let is_left = state
        .panes
        .logs
        .past
        .asked
        .as_ref()
        .is_some_and(|it| !is_here(it));
    if is_left {
        stop(&mut state.panes.logs.past, outcome);
    }
}

/// Stops what is under way.
pub(super) fn stop(past: &mut Past, outcome: &mut Outcome) {
    if let Some(asked) = past.asked.take() {
        outcome.effects.push(Effect::StopReading(asked.tail));
        outcome.redraw = true;
    }
}

/// Why nothing is asked.
enum Refusal {
    /// A sentence without a full stop.
    Said(String),
    /// It stands at the start of the log.
    Silent,
}

/// What to ask for.
fn question(state: &State, from: Option<From>) -> Result<Asked, Refusal> {
    let said = |why: &str| Err(Refusal::Said(why.to_owned()));
    if state.logs.merged().is_some() {
        return said("older lines are read for one log at a time");
    }
    let of = super::shown_env(state).filter(|_| !state.panes.logs.shows_previous);
    let of = of.ok_or(Refusal::Silent)?;
    let known = state
        .inventory
        .environment(&of)
        .zip(state.contexts.get(of.context));
    let (environment, context) = known.ok_or(Refusal::Silent)?;
    let channel = state.logs.channel(&of).ok_or(Refusal::Silent)?;
    let lines = match context.profile.runtime_history {
        LogHistory::None(reason) => return said(reason),
        LogHistory::Newest(most) => most,
        LogHistory::ByTime if from.is_some() => ALL,
        LogHistory::ByTime => {
            let least = channel.head.known() + CHUNK / 2;
            u32::try_from(least.max(CHUNK)).unwrap_or(ALL)
        }
    };
    if channel.head.is_whole {
        return Err(Refusal::Silent);
    }
    if channel.ring.is_empty() {
        return said("no line is there yet: what is older is asked for from the first on");
    }
    if channel.head.until().is_none() {
        return said("the log of a deployment is whole: it begins here");
    }
    if channel.has_lost_its_head() {
        return said("older lines have given way to newer ones: a log keeps no more");
    }
    let source = LogSource::Runtime {
        app: environment.app.clone(),
        environment: Some(of.id.clone()),
    };
    Ok(Asked {
        ticket: Ticket(0),
        tail: TailId {
            context: of.context,
            source,
        },
        of,
        lines,
        is_newest: matches!(context.profile.runtime_history, LogHistory::Newest(_)),
        from,
    })
}

fn ask(state: &mut State, asked: Asked, outcome: &mut Outcome) {
    stop(&mut state.panes.logs.past, outcome);
    let channel = state.logs.channel(&asked.of);
    let request = TailRequest {
        source: asked.tail.source.clone(),
        lines: asked.lines,
        since: asked
            .from
            .filter(|_| !asked.is_newest)
            .and_then(From::moment),
        until: channel.and_then(|channel| channel.head.until()),
        follow: false,
    };
    let ticket = state.tickets.issue_single();
    let effect = Effect::ReadLog(ticket, asked.tail.clone(), request);
    state.panes.logs.past.asked = Some(Asked { ticket, ..asked });
    outcome.effects.push(effect);
    outcome.redraw = true;
}

/// Older lines came, or why they did not.
pub(in crate::app) fn took(state: &mut State, report: PastLines) {
    let past = &mut state.panes.logs.past;
    let asked = past.asked.take_if(|asked| asked.ticket == report.ticket);
    let Some(asked) = asked else { return };
    match report.result {
        Ok(lines) => put(state, &asked, lines),
        Err(failure) => failed(state, &asked, &failure),
    }
}

fn failed(state: &mut State, asked: &Asked, failure: &Failure) {
    let context = state.contexts.get(asked.of.context);
    let advice = context.map_or_else(|| failure.advice(), |context| context.advice(failure));
    let text = format!("no older lines: {}; {advice}", failure.headline());
    state.notices.say(state.now, Tone::Bad, text);
}

fn put(state: &mut State, asked: &Asked, lines: Vec<LogLine>) {
    let profile = state
        .contexts
        .get(asked.of.context)
        .map(|context| context.profile);
    let Some((profile, channel)) = profile.zip(state.logs.known_mut(&asked.of)) else {
        return;
    };
    let came = lines.len();
    let new = channel.head.new_ones(lines);
    // Those that are there are among the newest; so many of them came again.
    let there = channel.ring.len().saturating_sub(channel.head.known());
    let remark = end(profile, asked, came, there);
    channel.head.is_whole |= remark.is_some();
    let count = new.len();
    let put = channel.prepend(new, remark.as_deref());
    let has_room = put >= count;
    channel.head.is_whole |= !has_room;
    if !has_room {
        let text = "older lines have no room here: a log keeps no more";
        state.notices.say(state.now, Tone::Info, text);
    }
    if let Some(from) = asked.from {
        let first = first_from(state, from);
        go_to_any(state, first);
    }
    state.logs.trim();
}

/// What stands at the very start where nothing is older, or nothing that can be had.
fn end(profile: &Profile, asked: &Asked, came: usize, there: usize) -> Option<String> {
    let most = asked.lines as usize;
    match profile.runtime_history {
        LogHistory::Newest(_) if came + there < most => Some("the log begins here".to_owned()),
        LogHistory::Newest(_) => Some(format!(
            "{} is asked for the newest {most} lines: older ones are not shown",
            profile.title
        )),
        LogHistory::ByTime if matches!(asked.from, Some(From::Moment(_))) => None,
        LogHistory::ByTime | LogHistory::None(_) => {
            (came < most).then(|| format!("{} keeps nothing older", profile.title))
        }
    }
}

fn go_to_any(state: &mut State, no: Option<LineNo>) {
    if let Some(no) = no {
        go_to(state, no);
    }
}

/// The first line from that time on, of those that are there.
fn first_from(state: &State, from: From) -> Option<LineNo> {
    let ring = shown(state)?;
    let Some(moment) = from.moment() else {
        return Some(ring.start());
    };
    position(ring, |at| at >= moment)
}

fn position(ring: &Ring, is: impl Fn(Timestamp) -> bool) -> Option<LineNo> {
    let mut lines = ring.window(ring.start(), usize::MAX);
    lines.find_map(|line| line.at.is_some_and(&is).then_some(line.no))
}

/// Whether all lines from that time on are there.
fn reaches(state: &State, from: From) -> bool {
    let Some(moment) = from.moment() else {
        return false;
    };
    let own = super::selected_channel(state).filter(|_| state.logs.merged().is_none());
    match own {
        Some(channel) => channel.head.oldest().is_some_and(|oldest| oldest < moment),
        None => shown(state).is_some_and(|ring| position(ring, |at| at < moment).is_some()),
    }
}

fn go_to(state: &mut State, line: LineNo) {
    let pane = &mut state.panes.logs;
    (pane.top, pane.follows) = (Place { line, row: 0 }, false);
}
