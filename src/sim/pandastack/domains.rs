//! The domain of an app: its verdict, and completing an installation with it. Source: PandaStack
//! contract, sections 3.8 and 3.9.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    app::App,
    call::Call,
    changes::{accepted, host},
    errors::Refusal,
    forms::VerdictForm,
    install::Stage,
    reply::{Outcome, Payload, Reply},
    wire::{Object, View},
    words::Field,
};

const REASON: &str = "No record that leads here was found yet";

/// Looks for the DNS records of an app's domain.
pub(super) fn verify(call: &mut Call<'_>) -> Outcome {
    let (place, now) = (call.place()?, call.now());
    let (second_s, story) = (call.view.pace, call.world.story);
    let app = &mut call.world.apps[place];
    if app.domain.is_empty() {
        return Err(Refusal::missing("Domain of this app"));
    }
    let verified = match app.stage(now, second_s) {
        Stage::Awaiting => app.dns.look(now, second_s, story),
        Stage::Running | Stage::Stopped | Stage::Done => true,
        Stage::Deploying if app.dns.verified => true,
        Stage::Pending | Stage::Building | Stage::Deploying | Stage::Failed | Stage::Deleting => {
            return Err(Refusal::bad("The installation does not await its domain"));
        }
    };
    verdict(&call.view, app, verified)
}

fn verdict(view: &View, app: &App, verified: bool) -> Outcome {
    let mut object = Object::new();
    view.put(&mut object, Field::Domain, json!(app.domain));
    if !verified {
        object.insert("message".into(), json!(REASON));
    }
    let mut top = Object::new();
    match view.shape.verdict {
        VerdictForm::Flag(flag, records) => {
            view.put_key(&mut object, flag, view.truth(verified));
            put_records(view, &mut object, records, app, verified);
        }
        VerdictForm::Success(records) => {
            object.insert("success".into(), json!(verified));
            put_records(view, &mut object, records, app, verified);
        }
        VerdictForm::TopSuccess => {
            top.insert("success".into(), json!(verified));
            put_records(view, &mut object, "records", app, verified);
        }
        VerdictForm::Word => {
            let word = if verified {
                "VERIFIED"
            } else {
                "DOMAIN_UNVERIFIED"
            };
            object.insert("status".into(), json!(view.tweaks.word(word)));
            put_records(view, &mut object, "expected", app, verified);
        }
        VerdictForm::Refused(status) if !verified => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            return Err(Refusal::invalid("domain", REASON).with(status));
        }
        VerdictForm::Refused(_) => {
            object.insert("verified".into(), json!(true));
        }
    }
    Ok(if top.is_empty() {
        let word = if verified {
            "VERIFIED"
        } else {
            "UNVERIFIED_DOMAIN"
        };
        Reply::one(object, word)
    } else {
        Reply::Shaped(StatusCode::OK, Payload::Topped(object, top))
    })
}

/// Writes the records that have to be created, while they are not there.
fn put_records(view: &View, object: &mut Object, name: &str, app: &App, verified: bool) {
    if verified {
        return;
    }
    let (owner, target) = match name {
        "records" => ("name", "value"),
        "dns_records" => ("host", "target"),
        _ => ("host", "value"),
    };
    let edge = format!("{}-edge.apps.example.com", app.slug);
    let proof = format!("verify-{:x}", app.id * 7_919);
    let alias = json!({ "type": "CNAME", owner: app.domain, target: edge });
    let text = json!({ "type": "TXT", owner: format!("_proof.{}", app.domain), target: proof });
    let value: Value = if name == "expected" {
        alias
    } else {
        json!([alias, text])
    };
    view.put_key(object, name, value);
}

/// Completes an installation with the domain that was verified.
pub(super) fn complete(call: &mut Call<'_>) -> Outcome {
    let domain = call.text("domain");
    let domain = domain.ok_or_else(|| Refusal::invalid("domain", "domain is required"))?;
    let domain = host(domain)?;
    let (place, now) = (call.place()?, call.now());
    let app = &mut call.world.apps[place];
    if app.stage(now, call.view.pace) != Stage::Awaiting {
        return Err(Refusal::bad("The installation does not await its domain"));
    }
    if !app.dns.verified {
        let message = format!("The domain {domain} is not verified yet");
        return Err(Refusal::invalid("domain", message));
    }
    app.domain = domain;
    app.completed = Some(now);
    app.updated = now;
    Ok(accepted(
        &call.view,
        app,
        StatusCode::OK,
        "Installation is being completed",
    ))
}
