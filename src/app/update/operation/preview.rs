//! Where a platform can be asked what an operation would do, it is asked before somebody says yes.

use crate::app::confirm::Confirm;
use crate::app::forecast::Forecast;
use crate::app::message::{Effect, Outcome};
use crate::app::request::Request;
use crate::app::screen::Overlay;
use crate::app::state::State;
use crate::model::{Operation, PreviewReport, Text};

/// More operations than these are not asked about one by one: that costs requests, and nobody
/// reads so many answers.
const SINGLY: usize = 5;

/// Whether the platform can be asked about any of them.
pub(super) fn is_previewed(state: &State, request: &Request) -> bool {
    request.operations.iter().any(|it| can_be(state, it))
}

fn can_be(state: &State, operation: &Operation) -> bool {
    let capability = operation.kind.capability();
    let context = state.contexts.get(operation.target.context);
    context.is_some_and(|it| it.profile.previews.contains(&capability))
}

/// Asks about the operations of a question. Says so in its facts where there are too many.
pub(super) fn ask(
    state: &mut State,
    request: &mut Request,
    outcome: &mut Outcome,
) -> Option<Forecast> {
    if !is_previewed(state, request) {
        return None;
    }
    let count = request.operations.len();
    if count > SINGLY {
        let text = format!("{count} are too many to ask the platform what each would do");
        let remark = (Text::clean("preview"), Text::clean(&text));
        request.facts.push(remark);
        return None;
    }
    let ticket = state.tickets.issue_single();
    let all = request.operations.iter().cloned().enumerate();
    let asked = all.filter(|(_, operation)| can_be(state, operation));
    outcome
        .effects
        .push(Effect::Preview(ticket, asked.collect()));
    let forecast = Forecast::new(ticket, &request.operations, |it| can_be(state, it));
    Some(forecast)
}

/// A platform answered: the question may be the one that asked.
pub(in crate::app) fn previewed(state: &mut State, report: PreviewReport, outcome: &mut Outcome) {
    let Some(Overlay::Confirm(confirm)) = &mut state.screen.overlay else {
        return;
    };
    if let Some(forecast) = &mut confirm.forecast {
        outcome.redraw |= forecast.take(report);
    }
}

/// Why a yes does not count yet, or at all.
pub(super) fn obstacle(confirm: &Confirm) -> Option<String> {
    let forecast = confirm.forecast.as_ref()?;
    if let Some(why) = forecast.refusal() {
        return Some(format!("the platform refuses this: {why}"));
    }
    let text = "the platform is being asked what it would do; answer when it is there";
    forecast.is_waiting().then(|| text.to_owned())
}
