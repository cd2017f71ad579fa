//! The one function that changes the state. It only routes; handlers are in the files beside.

mod act;
mod choose;
mod clock;
mod copy;
mod form;
mod help;
mod input;
mod leaving;
mod marks;
mod menu;
mod navigate;
mod operation;
mod palette;
mod polling;
mod report;
mod variables;

pub(super) use input::{edit, is_close};
pub(super) use operation::{obstacle, subject};

pub(in crate::app) use self::copy::MOST_COPIED;

use super::message::{Effect, Message, Outcome, Signal};
use super::mouse;
use super::panes;
use super::past::PastOperation;
use super::schedule;
use super::screen::Size;
use super::state::State;
use super::transfers;
use super::watch;

/// Applies a message. `state.now` is the time.
pub fn update(state: &mut State, message: Message) -> Outcome {
    let mut outcome = Outcome::default();
    clock::follow(state, &mut outcome);
    match message {
        Message::Key { press, repeat } => input::key(state, press, repeat, &mut outcome),
        Message::Mouse(at) => {
            mouse::mouse(state, at);
            outcome.redraw = true;
        }
        Message::Paste(text) => input::paste(state, text.expose(), &mut outcome),
        Message::Resized(size) => resized(state, size, &mut outcome),
        Message::Clock => clock::clock(state, &mut outcome),
        Message::InputClosed | Message::Signal(Signal::Terminate | Signal::Interrupt) => {
            outcome.effects.push(Effect::Quit);
        }
        Message::Signal(Signal::Resumed) => {
            outcome.effects.push(Effect::Redraw);
            outcome.redraw = true;
        }
        Message::Report(report) => report::report(state, report, &mut outcome),
        Message::Logs(batch) => report::logs(state, batch, &mut outcome),
        Message::Past(list) => past(state, list, &mut outcome),
        Message::Preview(report) => operation::previewed(state, report, &mut outcome),
        Message::Operation(event) => operation::event(state, event, &mut outcome),
        Message::Transfer(event) => transfers::event(state, event, &mut outcome),
        Message::PastLines(report) => {
            panes::logs::took_past(state, report);
            outcome.redraw = true;
        }
        Message::Saved(result) => {
            panes::logs::saved(state, result);
            outcome.redraw = true;
        }
        Message::NotOpened(why) => copy::failed(state, &why, &mut outcome),
        Message::Edited(result) => variables::edited(state, result, &mut outcome),
    }
    watch::tend(state, &mut outcome);
    panes::derive(state, &mut outcome);
    operation::watch(state, &mut outcome);
    form::derive(state, &mut outcome);
    let fetches = schedule::due(state);
    outcome
        .effects
        .extend(fetches.into_iter().map(Effect::Fetch));
    outcome
}

fn past(state: &mut State, list: Vec<PastOperation>, outcome: &mut Outcome) {
    state.past = list;
    state.room_is_old |= state.screen.focus.is_view();
    outcome.redraw |= state.screen.focus.is_view();
}

fn resized(state: &mut State, size: Size, outcome: &mut Outcome) {
    state.screen.size = size;
    state.room_is_old = true;
    outcome.effects.push(Effect::Redraw);
    outcome.redraw = true;
}
