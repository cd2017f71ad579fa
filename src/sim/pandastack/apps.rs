//! What can be read of managed apps. Source: PandaStack contract, sections 3.1 to 3.3 and 7.

use axum::http::StatusCode;
use serde_json::json;

use super::{
    app::App,
    call::Call,
    errors::Refusal,
    forms::{AnswerPlace, InstallForm, ListForm},
    install::Stage,
    reply::{Outcome, Payload, Reply},
    routes::LIST,
    wire::{Object, View},
    words::Field,
};

/// All apps, the newest first.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let (view, now) = (&call.view, call.now());
    let records = call.world.present_apps(now).map(|app| {
        let mut record = view.record(app);
        if view.shape.list == ListForm::Map
            && let Some(name) = view.shape.name(Field::Id)
        {
            record.remove(&name);
        }
        (written(view, app), record)
    });
    let records: Vec<(String, Object)> = records.collect();
    // One that says nothing but a state that is none.
    let mut odd = Object::new();
    view.put(&mut odd, Field::Id, view.id(1));
    view.put(&mut odd, Field::Status, json!(["?"]));
    let payload = Payload::List(records, odd);
    Ok(Reply::Shaped(StatusCode::OK, payload))
}

/// The identifier of an app as text.
fn written(view: &View, app: &App) -> String {
    view.id(app.id).to_string().trim_matches('"').to_owned()
}

/// The list has its slash at the end; without it there is nothing, or the way to it.
pub(super) fn list_without_slash(call: &mut Call<'_>) -> Outcome {
    if !call.view.shape.quirks.redirects {
        return Err(Refusal::no_route());
    }
    let query = call.query.replaced("", None);
    Ok(Reply::Redirect(format!("{LIST}?{query}")))
}

/// How far a deployment is.
pub(super) fn deployment_status(call: &mut Call<'_>) -> Outcome {
    const LATE_S: f64 = 6.0;
    let (view, now) = (&call.view, call.now());
    let found = call.world.find_run(call.given(), now);
    let (app, run) = found.ok_or_else(|| Refusal::missing("Deployment"))?;
    if view.shape.quirks.late && now.since(run.at) < LATE_S * view.pace {
        return Err(Refusal::missing("Deployment"));
    }
    let stage = view.deployed(run);
    let mut object = Object::new();
    view.put_status(&mut object, Field::DeploymentStatus, stage);
    view.put_key(&mut object, "uuid", json!(run.uuid));
    view.put_key(&mut object, "progress", json!(run.percent(now, view.pace)));
    view.put(&mut object, Field::Created, view.time(run.at));
    if stage == Stage::Failed {
        view.put_failure(&mut object, run.failure().unwrap_or_default());
    }
    let word = view.word(stage);
    let object = match view.shape.answer {
        AnswerPlace::Flat | AnswerPlace::Quiet => {
            view.put_place(&mut object, app, app.stage(now, view.pace));
            object
        }
        AnswerPlace::Inside(_) => Object::from_iter([("deployment".into(), json!(object))]),
        AnswerPlace::Success => {
            let said = if stage == Stage::Done {
                "success"
            } else {
                &word
            };
            Object::from_iter([("status".into(), json!(said))])
        }
    };
    Ok(Reply::one(object, &word))
}

/// How far an installation is.
pub(super) fn installation_status(call: &mut Call<'_>) -> Outcome {
    let (place, now) = (call.place()?, call.now());
    let (view, app) = (&call.view, &call.world.apps[place]);
    let stage = app.stage(now, view.pace);
    let mut object = Object::new();
    let parts: &[&str] = match view.shape.install {
        InstallForm::Word => &[],
        InstallForm::Both => &["installed", "ready"],
        InstallForm::Booleans(parts) => parts,
    };
    for (number, part) in parts.iter().enumerate() {
        let yes = is_done(stage, number);
        view.put_key(&mut object, part, view.truth(yes));
    }
    if !matches!(view.shape.install, InstallForm::Booleans(_)) {
        view.put_status(&mut object, Field::InstallStatus, stage);
    }
    view.put_key(&mut object, "step", json!(step(stage)));
    view.put_place(&mut object, app, stage);
    if let Some(why) = app.run().failure().filter(|_| stage == Stage::Failed) {
        view.put_failure(&mut object, why);
    }
    Ok(Reply::one(object, &view.word(stage)))
}

/// The first part of an installation is done before the domain is awaited.
fn is_done(stage: Stage, part: usize) -> bool {
    stage == Stage::Running || part == 0 && stage == Stage::Awaiting
}

/// What an installation is at, in words.
fn step(stage: Stage) -> &'static str {
    match stage {
        Stage::Pending => "Waiting for a place",
        Stage::Building => "Pulling the image",
        Stage::Deploying => "Starting",
        Stage::Awaiting => "Waiting for the DNS records",
        Stage::Running | Stage::Done => "Finished",
        Stage::Failed => "Failed",
        Stage::Stopped => "Stopped",
        Stage::Deleting => "Removing",
    }
}

/// Whose token it is.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn me(call: &mut Call<'_>) -> Outcome {
    let view = &call.view;
    let mut object = Object::new();
    view.put_key(&mut object, "id", json!(991));
    view.put_key(&mut object, "email", json!("ops@example.com"));
    view.put_key(&mut object, "role", json!("OWNER"));
    view.put_organisation(&mut object);
    Ok(Reply::one(object, "ok"))
}
