//! The question before something is changed, and its answer.

use super::{facts, freshness, is_restore, preview, sending, target};
use crate::app::confirm::{Check, Confirm, Offer, Reply, Tier};
use crate::app::contexts::Wish;
use crate::app::keys::{Key, KeyPress};
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::request::Request;
use crate::app::screen::Overlay;
use crate::app::standing::Standing;
use crate::app::state::State;
use crate::model::{Operation, OperationKind, Text};

/// Opens the question for one or more operations, or says why it may not be asked.
pub(in crate::app) fn question(state: &mut State, request: Request, outcome: &mut Outcome) {
    match try_question(state, request, outcome) {
        Ok(confirm) => {
            state.screen.overlay = Some(Overlay::Confirm(Box::new(confirm)));
            state.has_chosen = true;
        }
        Err(reason) => state.notices.say(state.now, Tone::Bad, reason),
    }
    outcome.redraw = true;
}

fn try_question(
    state: &mut State,
    mut request: Request,
    outcome: &mut Outcome,
) -> Result<Confirm, String> {
    let mut seen = Vec::new();
    for operation in &request.operations {
        let told = |reason| format!("{}: {reason}", operation.kind.verb());
        let (context, wish) = (operation.target.context, Wish::from(&operation.kind));
        target::refusal(state, context, wish).map_err(told)?;
        target::collision(state, operation).map_err(told)?;
        let standing = Standing::of(state, operation);
        seen.push(standing.ok_or_else(|| gone(operation))?);
    }
    let is_protected = |id| (state.contexts.get(id)).is_none_or(|context| context.is_protected);
    let mut tier = Tier::of_all(&request, is_protected);
    if preview::is_previewed(state, &request) {
        // What the platform says has no room in the line.
        tier = tier.max(Tier::Two);
    }
    let forecast = preview::ask(state, &mut request, outcome);
    let app = target::typed_name(state, &request.first().target);
    let mut confirm = Confirm::new(request, tier, &app, seen, state.now);
    confirm.forecast = forecast;
    confirm.offer = offer(state, &confirm.request);
    confirm.check = freshness::read_again(state, &confirm.request, outcome);
    Ok(confirm)
}

/// Before data is replaced, a backup of it is offered; it is taken unless somebody says no.
fn offer(state: &State, request: &Request) -> Option<Offer> {
    let [operation] = &request.operations[..] else {
        return None;
    };
    let context = state.contexts.get(operation.target.context)?;
    if !is_restore(operation) || context.profile.restores_beside {
        return None;
    }
    let backup = Operation {
        target: operation.target.clone(),
        kind: OperationKind::CreateBackup {
            services: Vec::new(),
            notes: Some("before a restore".into()),
            keep_until: None,
        },
    };
    target::refusal(state, operation.target.context, Wish::from(&backup.kind)).ok()?;
    target::collision(state, &backup).ok()?;
    Some(Offer {
        operation: backup,
        is_taken: true,
    })
}

pub(super) fn gone(operation: &Operation) -> String {
    let (verb, title) = (operation.kind.verb(), &operation.target.title);
    format!("{verb} {title}: it is gone")
}

/// A key while a question is open.
pub(in crate::app) fn in_confirm(
    state: &mut State,
    mut confirm: Box<Confirm>,
    press: KeyPress,
    repeat: bool,
    outcome: &mut Outcome,
) {
    match reply(&mut confirm, press, repeat, state) {
        Reply::Nothing => state.screen.overlay = Some(Overlay::Confirm(confirm)),
        Reply::No => {
            let text = format!("{}: not done", confirm.request.title());
            state.notices.say(state.now, Tone::Info, text);
        }
        Reply::Yes => say_yes(state, confirm, outcome),
    }
}

fn reply(confirm: &mut Confirm, press: KeyPress, repeat: bool, state: &State) -> Reply {
    if !confirm.is_armed(state.now) {
        confirm.postpone(state.now);
        return Reply::Nothing;
    }
    if repeat {
        return Reply::Nothing;
    }
    let is_plain = !press.ctrl && !press.alt;
    if press.key == Key::Esc || (press.ctrl && press.key == Key::Char('c')) {
        return Reply::No;
    }
    if scroll(confirm, press.key) {
        return Reply::Nothing;
    }
    match (confirm.must_type.is_some(), confirm.tier, press.key) {
        (false, _, Key::Char('y')) if is_plain => Reply::Yes,
        // In the line any other key is a no: work goes on.
        (false, Tier::One, _) | (false, _, Key::Char('n' | 'q') | Key::Enter) => Reply::No,
        (false, _, _) => Reply::Nothing,
        (true, _, Key::Enter) if confirm.is_typed() => Reply::Yes,
        (true, _, Key::Enter) => Reply::No,
        (true, _, Key::Tab) => {
            if let Some(offer) = &mut confirm.offer {
                offer.is_taken = !offer.is_taken;
            }
            Reply::Nothing
        }
        (true, _, _) => {
            if let Some(request) = crate::app::update::input::edit(press) {
                confirm.typed.handle(request);
            }
            Reply::Nothing
        }
    }
}

/// A list of targets that is longer than the screen is looked through.
fn scroll(confirm: &mut Confirm, key: Key) -> bool {
    let len = confirm.request.operations.len();
    if len < 2 || confirm.tier == Tier::One {
        return false;
    }
    let steps = [
        (Key::Up, -1),
        (Key::Down, 1),
        (Key::PageUp, -10),
        (Key::PageDown, 10),
    ];
    let Some((_, by)) = steps.into_iter().find(|(known, _)| *known == key) else {
        return false;
    };
    confirm.offset = confirm.offset.saturating_add_signed(by).min(len - 1);
    true
}

/// What was asked about may have changed while the question was open: then it is not done. What is
/// not read again yet is waited for.
fn say_yes(state: &mut State, confirm: Box<Confirm>, outcome: &mut Outcome) {
    let now = state.now;
    if let Err(reason) = still_right(state, &confirm) {
        state.notices.say(now, Tone::Bad, reason);
        return;
    }
    if let Some(reason) = preview::obstacle(&confirm) {
        state.notices.say(now, Tone::Bad, reason);
        state.screen.overlay = Some(Overlay::Confirm(confirm));
        return;
    }
    match &confirm.check {
        Check::Fresh => sending::begin(state, &confirm, outcome),
        Check::Reading(_) => {
            let text = "what you see is being read again; answer when it is there";
            state.notices.say(now, Tone::Info, text);
            state.screen.overlay = Some(Overlay::Confirm(confirm));
        }
        Check::Failed(why) => {
            let title = confirm.request.title();
            let text = format!("{title}: not done; it could not be read again: {why}");
            state.notices.say(now, Tone::Bad, text);
        }
    }
}

/// Whether everything is still as it was when it was asked, and allowed.
pub(super) fn still_right(state: &State, confirm: &Confirm) -> Result<(), String> {
    let steps = confirm.request.operations.iter().zip(&confirm.seen);
    for (operation, seen) in steps {
        let told = |reason| format!("{}: {reason}", operation.kind.verb());
        let (context, wish) = (operation.target.context, Wish::from(&operation.kind));
        target::refusal(state, context, wish).map_err(told)?;
        unchanged(state, operation, seen)?;
        target::collision(state, operation).map_err(told)?;
    }
    Ok(())
}

/// Whether a target is what it was when it was asked.
pub(super) fn unchanged(
    state: &State,
    operation: &Operation,
    seen: &Standing,
) -> Result<(), String> {
    let now = Standing::of(state, operation).ok_or_else(|| gone(operation))?;
    match seen.change(&now) {
        None => Ok(()),
        Some(change) => Err(format!(
            "{} {}: not done, it changed since you were asked: {change}; look again",
            operation.kind.verb(),
            operation.target.title
        )),
    }
}

/// The facts of a request made by others than a form.
pub(super) fn facts_of(state: &State, operations: &[Operation]) -> Vec<(Text, Text)> {
    facts::of(state, operations)
}
