//! The operations of dialect `v1`. Source: PandaStack contract, section 7.1.

use serde_json::{Value, json};

use super::{
    call::Call,
    errors::Refusal,
    install::{End, Run},
    project::{self, Project},
    reply::{Outcome, Reply},
    wire::View,
};
use crate::sim::{clock::Moment, dice::Dice};

/// Whose token it is.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn whoami(call: &mut Call<'_>) -> Outcome {
    let organisation = &call.view.organisation;
    let number = organisation.parse::<u64>();
    let organisation = number.map_or_else(|_| json!(organisation), |number| json!(number));
    Ok(Reply::data(&json!({
        "orgId": organisation,
        "orgName": "Harbour Works",
        "role": "OWNER",
        "plan": "team",
    })))
}

/// The projects, page by page.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    const USUAL: usize = 20;
    const MOST: usize = 100;
    let number = |name: &str, usual: usize| match call.query.get(name) {
        None => Ok(usual),
        Some(text) => text.parse().ok().filter(|number| *number > 0).ok_or(()),
    };
    let wrong = |()| Refusal::invalid("page", "page and pageSize are numbers from 1 on");
    let page: usize = number("page", 1).map_err(wrong)?;
    let size: usize = number("pageSize", USUAL).map_err(wrong)?.min(MOST);
    let present: Vec<&Project> = call.world.projects.iter().filter(|it| !it.gone).collect();
    let items = present.iter().skip((page - 1).saturating_mul(size));
    let items: Vec<Value> = items
        .take(size)
        .map(|project| record(&call.view, project))
        .collect();
    Ok(Reply::data(
        &json!({ "items": items, "total": present.len() }),
    ))
}

/// One project.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let place = found(call)?;
    Ok(Reply::data(&record(
        &call.view,
        &call.world.projects[place],
    )))
}

fn found(call: &Call<'_>) -> Result<usize, Refusal> {
    let place = call.world.find_project(call.given());
    place.ok_or_else(|| Refusal::missing("Project"))
}

fn record(view: &View, project: &Project) -> Value {
    let (now, pace) = (view.now, view.pace);
    let run = project.run();
    let status = view.tweaks.word(project::word(run.stage(now, pace)));
    let of_run = view.tweaks.word(project::run_word(run, now, pace));
    let env = project.env.iter();
    let env = env.map(|(name, value)| json!({ "name": name, "value": value }));
    let mut record = json!({
        "name": project.name,
        "slug": project.kind,
        "branch": project.branch,
        "repositoryName": format!("harbour-works/{}", project.name),
        "region": "us",
        "status": status,
        "Deployments": [{ uuid_key(view): run.uuid, "status": of_run }],
        "env": env.collect::<Vec<Value>>(),
        "updatedAt": time(view, project.updated),
    });
    let host = format!("{}.apps.example.com", project.name);
    if view.shape.names.is_multiple_of(2) {
        record["projectUrl"] = json!(format!("https://{host}"));
    } else {
        record["project_url"] = json!(host);
    }
    let failed = run.failure().filter(|_| status == "FAILED");
    if let Some(why) = failed {
        record["error_message"] = json!(why);
    }
    record
}

fn time(view: &View, moment: Moment) -> String {
    view.tweaks.shifted(moment).milliseconds()
}

/// The name of the UUID of a deployment: all three are known.
fn uuid_key(view: &View) -> &'static str {
    ["deploymentUuid", "deployment_uuid", "uuid"][view.shape.names % 3]
}

/// Replaces the variables of a project as a whole.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let place = found(call)?;
    let env = call.body.get("env").and_then(Value::as_array);
    let env = env.ok_or_else(|| Refusal::invalid("env", "env must be a list"))?;
    let text = |item: &Value, name: &str| item.get(name)?.as_str().map(str::to_owned);
    let pairs = env.iter().map(|item| {
        let name = text(item, "name").filter(|name| !name.is_empty())?;
        Some((name, text(item, "value")?))
    });
    let pairs: Option<Vec<(String, String)>> = pairs.collect();
    let wrong = || Refusal::invalid("env", "every variable needs a name and a value");
    let project = &mut call.world.projects[place];
    project.env = pairs.ok_or_else(wrong)?;
    project.updated = call.view.now;
    Ok(Reply::data(&record(&call.view, project)))
}

/// Deletes a project at once.
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let place = found(call)?;
    call.world.projects[place].gone = true;
    Ok(Reply::data(
        &json!({ "name": call.given(), "deleted": true }),
    ))
}

/// Deploys a project.
pub(super) fn deploy(call: &mut Call<'_>) -> Outcome {
    let (place, now) = (found(call)?, call.now());
    let world = &mut *call.world;
    let count = world.projects[place].runs.len() as u64;
    let build_s = f64::from(Dice::new(world.seed, &[0xb2, count]).between(12, 30));
    let doom = call.view.tweaks.fail_deployment.clone();
    let uuid = world.begin_project(place, now, build_s, doom.map_or(End::Runs, End::Fails));
    Ok(Reply::data(&json!({ uuid_key(&call.view): uuid })))
}

/// The deployments of a project, the newest first.
pub(super) fn list_deployments(call: &mut Call<'_>) -> Outcome {
    let project = &call.world.projects[found(call)?];
    let runs = project.runs.iter().rev();
    let items: Vec<Value> = runs.map(|run| deployment(&call.view, run)).collect();
    Ok(Reply::data(
        &json!({ "total": items.len(), "items": items }),
    ))
}

fn deployment(view: &View, run: &Run) -> Value {
    let (now, pace) = (view.now, view.pace);
    let ended = run.ends(pace);
    let mut record = json!({
        uuid_key(view): run.uuid,
        "status": view.tweaks.word(project::run_word(run, now, pace)),
        "createdAt": time(view, run.at),
        "updatedAt": time(view, if ended <= now { ended } else { now }),
    });
    if let Some(why) = run.failure().filter(|_| ended <= now) {
        record["error_message"] = json!(why);
    }
    record
}

/// The log of a deployment, from its first line on.
pub(super) fn stream_log(call: &mut Call<'_>) -> Outcome {
    let found = call.world.find_project_run(call.given());
    let (_, run) = found.ok_or_else(|| Refusal::missing("Deployment"))?;
    Ok(Reply::Log(run.uuid.clone()))
}
