//! Answers that nobody is asked for: the program finds them.

use super::subject::Subject;
use crate::cli::exit::CliError;
use crate::config::nearest::most_alike;
use crate::engine::read_all;
use crate::model::catalogue::{Field, Inputs, Need, Recipe, Value};
use crate::model::{App, Capability, Payload, Query, Text, Variable};
use crate::shell;

/// How many names are told when one is unknown.
const HINTS: usize = 5;

/// Fills what is given.
pub(super) async fn fill(
    subject: &Subject,
    recipe: &Recipe,
    inputs: &mut Inputs,
) -> Result<(), CliError> {
    if recipe.capability == Capability::RollBack && inputs.get("pin").is_none() {
        // Where a pinned roll-back can be kept or undone, that is what the platform does by itself.
        let keeps = subject.platform.support(Capability::CommitRollback);
        inputs.set("pin", Value::Flag(keeps.refusal().is_none()));
    }
    let is_given = |field: &&Field| field.need == Need::Given;
    for field in recipe.fields.iter().filter(is_given) {
        if recipe.capability == Capability::DeleteApp {
            inputs.set(field.name, Value::Text(name_on_platform(subject)));
        } else if recipe.capability == Capability::CancelJobRun {
            job(subject, field, inputs).await?;
        } else {
            variable(subject, recipe, field, inputs).await?;
        }
    }
    Ok(())
}

/// What the platform calls the app, which it compares before it deletes. What people type to
/// confirm is the short name, and has been compared here.
fn name_on_platform(subject: &Subject) -> String {
    let app = subject.app.as_ref();
    let name = app.map(App::shown_name);
    name.map(ToString::to_string).unwrap_or_default()
}

/// The job that the chosen run is one of.
async fn job(subject: &Subject, field: &Field, inputs: &mut Inputs) -> Result<(), CliError> {
    let Some(Value::One(run)) = inputs.get("run").cloned() else {
        return Ok(());
    };
    let query = Query::JobRuns(subject.environment_id()?);
    let answer = read_all(subject.platform.as_ref(), &query, shell::now).await;
    let Payload::JobRuns(page) = answer.map_err(|failure| subject.failed(failure))? else {
        return Ok(());
    };
    let found = page.items.iter().find(|it| it.id.as_str() == run.id);
    if let Some(found) = found {
        inputs.set(field.name, Value::Text(found.job.as_str().to_owned()));
    }
    Ok(())
}

/// The id of the variable that was named.
async fn variable(
    subject: &Subject,
    recipe: &Recipe,
    field: &Field,
    inputs: &mut Inputs,
) -> Result<(), CliError> {
    let Some(Value::Text(name)) = inputs.get("name").cloned() else {
        return Ok(());
    };
    let Some(variables) = variables(subject).await? else {
        return Ok(());
    };
    let Some(found) = named(&variables, &name)? else {
        if recipe.capability == Capability::UnsetVariable {
            return Err(unknown(&variables, &name));
        }
        return Ok(());
    };
    if let Some(id) = &found.id {
        inputs.set(field.name, Value::Text(id.as_str().to_owned()));
    }
    // What is hidden stays hidden.
    if found.is_sensitive && recipe.field("sensitive").is_some() {
        inputs.set("sensitive", Value::Flag(true));
    }
    Ok(())
}

/// The variables that can be changed; absent where the platform does not list them.
pub(in crate::cli) async fn variables(
    subject: &Subject,
) -> Result<Option<Vec<Variable>>, CliError> {
    let capability = Capability::ListVariables;
    if subject.platform.support(capability).refusal().is_some() {
        return Ok(None);
    }
    let query = Query::Variables(subject.speaker_id()?);
    let answer = read_all(subject.platform.as_ref(), &query, shell::now).await;
    let answer = answer.map_err(|failure| subject.failed(failure))?;
    let Payload::Variables(page) = answer else {
        return Ok(None);
    };
    Ok(Some(page.items))
}

/// The one of that name that can be changed. One that the platform set is not meant.
pub(in crate::cli) fn named<'a>(
    variables: &'a [Variable],
    name: &str,
) -> Result<Option<&'a Variable>, CliError> {
    let mut found = variables
        .iter()
        .filter(|it| !it.is_read_only && it.name.as_str() == name);
    let first = found.next();
    if found.next().is_some() {
        let name = Text::clean(name);
        let advice = "change it in the platform's own console";
        return Err(CliError::Usage(format!(
            "several variables are called {name}: {advice}"
        )));
    }
    Ok(first)
}

fn unknown(variables: &[Variable], name: &str) -> CliError {
    let is_built_in = variables.iter().any(|it| it.name.as_str() == name);
    let (clean, free) = (Text::clean(name), variables.iter());
    if is_built_in {
        return CliError::Usage(format!("--name: {clean} is set by the platform itself"));
    }
    let names = free
        .filter(|it| !it.is_read_only)
        .map(|it| it.name.as_str());
    let near = most_alike(name, names, HINTS);
    let hint = if near.is_empty() {
        "there is none".into()
    } else {
        format!("nearest: {}", near.join(", "))
    };
    CliError::Usage(format!("--name: no variable \"{clean}\"; {hint}"))
}
