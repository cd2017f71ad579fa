//! What changes managed apps. Source: PandaStack contract, sections 3.4 to 3.7.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    app::{App, Removal},
    call::Call,
    catalogue,
    errors::Refusal,
    forms::AnswerPlace,
    install::{End, Stage},
    reply::{Outcome, Payload, Reply},
    wire::{Object, View},
    words::Field,
};

/// Keys of a body that are no settings.
const KNOWN: [&str; 3] = ["slug", "length", "organization_id"];

/// Installs an app of the catalogue.
pub(super) fn deploy(call: &mut Call<'_>) -> Outcome {
    let slug = call.text("slug");
    let slug = slug.ok_or_else(|| Refusal::invalid("slug", "slug is required"))?;
    let entry = catalogue::find(slug).ok_or_else(|| Refusal::missing("App template"))?;
    let domain = call.text("domain").map(host).transpose()?;
    let name = call.text("name").map(str::to_owned);
    let settings = settings(&call.body, &["name", "domain"]);
    let doom = call.view.tweaks.fail_deployment.clone();
    let place = call.world.install(call.view.now, entry, name, doom);
    let app = &mut call.world.apps[place];
    app.settings = settings;
    if let Some(domain) = domain {
        app.domain = domain;
    }
    Ok(accepted(
        &call.view,
        app,
        StatusCode::CREATED,
        "Installation started",
    ))
}

/// Tries a failed installation again.
pub(super) fn retry(call: &mut Call<'_>) -> Outcome {
    let (place, now) = (call.place()?, call.now());
    let app = &call.world.apps[place];
    if app.stage(now, call.view.pace) != Stage::Failed {
        return Err(Refusal::bad("Only a failed installation can be retried"));
    }
    if call.text("slug").is_some_and(|slug| slug != app.slug) {
        return Err(Refusal::invalid("slug", "slug is not that of the app"));
    }
    let doom = call.view.tweaks.fail_deployment.clone();
    let end = doom.map_or_else(|| app.next_end(), End::Fails);
    call.world.begin(place, now, end);
    let app = &call.world.apps[place];
    Ok(accepted(&call.view, app, StatusCode::OK, "Retry started"))
}

/// Changes the settings of an app.
pub(super) fn configure(call: &mut Call<'_>) -> Outcome {
    let place = call.place()?;
    let changed = settings(&call.body, &[]);
    let app = &mut call.world.apps[place];
    if app.removal != Removal::None {
        return Err(Refusal::bad("The app is being deleted"));
    }
    app.settings.extend(changed);
    app.updated = call.view.now;
    Ok(accepted(
        &call.view,
        app,
        StatusCode::OK,
        "Configuration saved",
    ))
}

/// Deletes an app; that takes a while. Doing so again changes nothing.
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let (place, now) = (call.place()?, call.now());
    let app = &mut call.world.apps[place];
    if app.removal == Removal::None {
        app.removal = Removal::Begun(now);
        app.updated = now;
    }
    Ok(accepted(
        &call.view,
        app,
        StatusCode::OK,
        "Deletion started",
    ))
}

/// What a body says besides what everybody says.
fn settings(body: &Map<String, Value>, others: &[&str]) -> Map<String, Value> {
    let is_setting = |name: &str| !KNOWN.contains(&name) && !others.contains(&name);
    let body = body.iter().filter(|(name, _)| is_setting(name));
    body.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// A bare host name.
pub(super) fn host(text: &str) -> Result<String, Refusal> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
    let is_label = |label: &str| !label.is_empty() && !label.starts_with('-');
    let fits = text.chars().all(is_plain) && text.contains('.') && text.split('.').all(is_label);
    let wrong = || {
        Refusal::invalid(
            "domain",
            "domain must be a host name without scheme or path",
        )
    };
    fits.then(|| text.to_ascii_lowercase()).ok_or_else(wrong)
}

/// What is said of a change that was accepted.
pub(super) fn accepted(view: &View, app: &App, status: StatusCode, said: &str) -> Reply {
    let stage = app.stage(view.now, view.pace);
    let object = match view.shape.answer {
        AnswerPlace::Flat => {
            let mut object = Object::new();
            view.put(&mut object, Field::Id, view.id(app.id));
            view.put(&mut object, Field::Slug, json!(app.slug));
            view.put_status(&mut object, Field::Status, stage);
            view.put_uuid(&mut object, app.run());
            object.insert("message".into(), json!(said));
            object
        }
        AnswerPlace::Inside(name) => {
            let deployment = json!({ "uuid": app.run().uuid, "status": view.word(stage) });
            let record = Value::Object(view.record(app));
            Object::from_iter([(name.into(), record), ("deployment".into(), deployment)])
        }
        AnswerPlace::Quiet => Object::from_iter([("message".into(), json!(said))]),
        AnswerPlace::Success => Object::from_iter([("status".into(), json!("success"))]),
    };
    Reply::Shaped(status, Payload::One(object, said.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(host(text).ok().as_deref(), expected, "{text}");
    }

    #[test]
    fn domain_is_a_bare_host_name() {
        check("Blog.example.com", Some("blog.example.com"));
        check("https://blog.example.com", None);
        check("blog.example.com/path", None);
        check("blog", None);
        check("blog..com", None);
    }
}
