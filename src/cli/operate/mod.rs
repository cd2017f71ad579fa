//! `flightdeck do`: operations from the command line.
//!
//! The rules are those of the dashboard: production needs a yes, a read-only context sends nothing,
//! what may not be repeated is sent at most once, and a lost answer is not called a failure. What
//! can be done and what it takes is read from the catalogue; there is no list of it here.

mod after;
mod answer;
mod command;
mod document;
mod explain;
mod given;
mod outcome;
mod pick;
mod preview;
mod progress;
mod send;
mod subject;

pub(super) use self::answer::{file, stdin};
pub(super) use self::command::Action;
pub(super) use self::document::TargetItem;
pub(super) use self::explain::{fact, head};
pub(super) use self::given::{named, variables};
pub(super) use self::outcome::{Ended, told_stage};
pub(super) use self::preview::Forecast;
pub(super) use self::progress::Reporter;
pub(super) use self::send::send;
pub(super) use self::subject::{Place, Subject, class, the_app, title};

use super::args::{Common, Do};
use super::exit::{CliError, Exit};
use super::fleet::Fleet;
use super::tier;
use crate::app::confirm::Tier;
use crate::config::Environment;
use crate::model::catalogue::{FieldKind, Inputs, Recipe, Value};
use crate::model::{Operation, OperationEvent, OperationKind, Stage, Verdict};
use crate::shell;

use self::after::After;
use self::answer::Answer;
use self::command::special;
use self::preview::PreviewItem;

/// Carries out an operation.
pub(super) async fn run(
    fleet: &mut Fleet,
    args: &Do,
    environment: &Environment,
) -> Result<Exit, CliError> {
    let action = &args.action;
    let result = carry_out(fleet, action, environment).await;
    if let Err(CliError::Failure { failure, .. }) = &result {
        let target = TargetItem::from(&action.common.target);
        ended(action, "", target).refused(failure)?;
    }
    result
}

fn ended<'a>(action: &Action, title: &'a str, target: TargetItem) -> Ended<'a> {
    Ended {
        operation: action.recipe.name,
        recipe: Some(action.recipe),
        title,
        target,
        began: shell::now(),
        preview: None,
        limit: action.common.timeout,
        how: action.common.output,
    }
}

/// Opens a terminal session: `do console` under another name.
pub(super) async fn console(
    fleet: &mut Fleet,
    common: Common,
    unit: Option<&str>,
    environment: &Environment,
) -> Result<Exit, CliError> {
    let action = Action::console(common, unit);
    let action = action.ok_or_else(|| CliError::Usage("there are no sessions".into()))?;
    carry_out(fleet, &action, environment).await
}

async fn carry_out(
    fleet: &mut Fleet,
    action: &Action,
    environment: &Environment,
) -> Result<Exit, CliError> {
    let Action { recipe, common, .. } = action;
    lasts(recipe)?;
    // Before anything is asked: what is wrong on this machine costs no request.
    let inputs = plain(action, environment)?;
    let place = Place::find(fleet, recipe.on, &common.target).await?;
    place.permit_own(fleet, recipe)?;
    place.permit(fleet, recipe.capability)?;
    let mut inputs = place.gathered(fleet, recipe, inputs)?;
    let subject = place.subject(fleet, recipe.on, &common.target).await?;
    subject.permit_pinned(recipe.capability)?;
    choose(&subject, action, &mut inputs).await?;
    given::fill(&subject, recipe, &mut inputs).await?;
    let kind = (recipe.build)(&inputs).map_err(|wrong| {
        let option = explain::option(recipe, wrong.field);
        CliError::Usage(format!("{option}: {}", wrong.problem))
    })?;
    // An input may ask for more than the operation as such.
    subject.permit(kind.capability())?;
    let operation = Operation {
        target: subject.target.clone(),
        kind,
    };
    let forecast = Forecast::of(&subject, &operation).await;
    let tier = Tier::of(&operation, subject.is_protected);
    if let Some(missing) = tier::missing(tier, &common.consent, subject.name()) {
        explain::explain(&subject, recipe, &inputs, &operation.kind).await;
        forecast.tell(false);
        let advice = format!("nothing was sent; to do it, add {missing}");
        return Err(CliError::Usage(advice));
    }
    let title = format!("{} {}", operation.kind.verb(), subject.title());
    let mut ended = ended(action, &title, TargetItem::from(&subject));
    ended.preview = PreviewItem::of(&forecast);
    let mut progress = Reporter::new(title.clone());
    forecast.tell(true);
    if let Some(failure) = forecast.refusal() {
        return ended.finish(Some(&Stage::Refused(failure)), &progress);
    }
    let mut before = explain::known(&subject, recipe, &inputs);
    before.extend(forecast.shown());
    let consent = tier::consent(tier, before, subject.revision());
    let mut tell = |event: &OperationEvent| progress.tell(event);
    let (wait, limit) = (common.wait, common.timeout);
    let after = After::of(&operation.kind);
    let stage = if matches!(operation.kind, OperationKind::Console { .. }) {
        Some(super::console::session(&subject, operation, consent).await?)
    } else {
        send(&subject, operation, consent, wait, limit, &mut tell).await
    };
    if let Some(Stage::Ended(Verdict::Done(_))) = &stage
        && progress.next_steps.is_empty()
    {
        progress.next_steps = after.steps(&subject).await;
    }
    ended.finish(stage.as_ref(), &progress)
}

/// Refuses what lasts as long as the program: a command would be over before it was of use.
fn lasts(recipe: &Recipe) -> Result<(), CliError> {
    if !special(recipe.name).is_some_and(|(special, _)| special.needs_no_credential) {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{name} lasts as long as the program runs, and this command ends at once: {name} in the \
         dashboard; commands take their token from the configuration, a variable or the platform's \
         own client",
        name = recipe.name
    )))
}

/// What needs no platform to be known.
fn plain(action: &Action, environment: &Environment) -> Result<Inputs, CliError> {
    let mut inputs = Inputs::default();
    for (field, answer) in &action.answers {
        let value = match answer {
            Answer::Value(value) => value.clone(),
            Answer::Secret(source) => Value::Secret(source.read(environment)?),
            Answer::Pick(..) | Answer::Some(..) => continue,
        };
        inputs.set(field.name, value);
    }
    Ok(inputs)
}

/// What is one of what exists.
async fn choose(subject: &Subject, action: &Action, inputs: &mut Inputs) -> Result<(), CliError> {
    for (field, answer) in &action.answers {
        let value = match answer {
            Answer::Value(_) | Answer::Secret(_) => continue,
            Answer::Pick(what, wanted) => {
                Value::One(pick::find(subject, *what, field.name, wanted).await?)
            }
            Answer::Some(what, all) => {
                let mut found = Vec::new();
                for wanted in all {
                    found.push(pick::find(subject, *what, field.name, wanted).await?);
                }
                Value::Many(found)
            }
        };
        inputs.set(field.name, value);
    }
    for field in action.recipe.asked() {
        let word = pick::default_word(action.recipe, field);
        let Some(word) = word.filter(|_| inputs.get(field.name).is_none()) else {
            continue;
        };
        let FieldKind::Pick(what) = field.kind else {
            continue;
        };
        let found = pick::find(subject, what, field.name, word.as_str()).await?;
        inputs.set(field.name, Value::One(found));
    }
    Ok(())
}
