//! Cnames, certificates and routers of an app. Source: tsuru contract, section 5, "Domains and
//! certificates".

use serde_json::{Map, Value, json};

use super::{
    action::Plan,
    app::App,
    app_wire,
    call::Call,
    errors::Refusal,
    power::form,
    reply::{Outcome, Reply},
};
use crate::sim::clock::Moment;

/// A certificate for tests: it looks like one.
pub(super) fn pem(cname: &str) -> String {
    let body: String = cname.bytes().map(|byte| format!("{byte:02X}")).collect();
    format!("-----BEGIN CERTIFICATE-----\nMIIB{body}\n-----END CERTIFICATE-----\n")
}

/// Does something to an app at once, as an event.
pub(super) fn at_once(
    call: &mut Call<'_>,
    app: usize,
    kind: &'static str,
    fields: &[&str],
    effect: impl FnOnce(&mut App, Moment, f64) + Send + 'static,
) -> Outcome {
    let custom = form(&call.input, fields);
    let mut plan = Plan::of(kind, &call.world.apps[app].name).custom(custom);
    plan.then(effect);
    call.world.begin(call.view.now, plan)?;
    Ok(Reply::done())
}

/// Adds cnames; one that any app has is refused.
pub(super) fn add(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let cnames = call.input.all("cname");
    if cnames.is_empty() {
        return Err(Refusal::bad("You must provide the cname."));
    }
    if !cnames.iter().all(|cname| is_valid(cname)) {
        return Err(Refusal::bad("Invalid cname"));
    }
    let taken = |cname: &&String| {
        let mut apps = call.world.present_apps();
        apps.any(|other| other.cnames.contains(cname))
    };
    if let Some(cname) = cnames.iter().find(taken) {
        let name = &call.world.apps[app].name;
        return Err(Refusal::bad(format!(
            "cname {cname} already exists for app {name}"
        )));
    }
    at_once(
        call,
        app,
        "app.update.cname.add",
        &["cname"],
        |app, _, _| {
            app.cnames.extend(cnames);
        },
    )
}

fn is_valid(cname: &str) -> bool {
    let bare = cname.strip_prefix("*.").unwrap_or(cname);
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || "-_".contains(it))
    };
    bare.split('.').count() > 1 && bare.split('.').all(label)
}

/// Removes cnames. They are in the query.
pub(super) fn remove(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let cnames = call.input.all("cname");
    if cnames.is_empty() {
        return Err(Refusal::bad("You must provide the cname."));
    }
    let known = &call.world.apps[app].cnames;
    if let Some(cname) = cnames.iter().find(|cname| !known.contains(cname)) {
        return Err(Refusal::bad(format!("cname {cname} not exists in app")));
    }
    at_once(
        call,
        app,
        "app.update.cname.remove",
        &["cname"],
        move |app, _, _| {
            app.cnames.retain(|cname| !cnames.contains(cname));
            app.certificates.retain(|cname, _| !cnames.contains(cname));
            app.issuers.retain(|cname, _| !cnames.contains(cname));
        },
    )
}

/// The routers of an app that speak TLS; there may be none.
fn tls_routers(app: &App) -> Result<Vec<&String>, Refusal> {
    let routers: Vec<&String> = app
        .routers
        .iter()
        .filter(|name| *name == "ingress")
        .collect();
    if routers.is_empty() {
        return Err(Refusal::missing("no router with tls support"));
    }
    Ok(routers)
}

/// Every cname with its certificate, by router.
fn certificates(
    app: &App,
    one: impl Fn(&str, &str) -> Value,
) -> Result<Map<String, Value>, Refusal> {
    let routers = tls_routers(app)?.into_iter().map(|router| {
        let cnames = app.cnames.iter().map(|cname| {
            let pem = app.certificates.get(cname).map_or("", String::as_str);
            (cname.clone(), one(cname, pem))
        });
        (router.clone(), Value::Object(cnames.collect()))
    });
    Ok(routers.collect())
}

/// Certificates in the shape of 1.24.
pub(super) fn list_certificates(call: &mut Call<'_>) -> Outcome {
    let app = &call.world.apps[call.app()?];
    let routers = certificates(app, |cname, pem| {
        let mut body = json!({ "certificate": pem });
        if let Some(issuer) = app.issuers.get(cname) {
            body["issuer"] = json!(issuer);
        }
        body
    })?;
    let routers = routers.into_iter();
    let routers: Map<String, Value> = routers
        .map(|(router, cnames)| (router, json!({ "cnames": cnames })))
        .collect();
    Ok(Reply::ok(json!({ "routers": routers })))
}

/// Certificates in the shape of 1.2.
pub(super) fn list_legacy_certificates(call: &mut Call<'_>) -> Outcome {
    let app = &call.world.apps[call.app()?];
    let routers = certificates(app, |_, pem| json!(pem))?;
    Ok(Reply::ok(Value::Object(routers)))
}

/// Checks that a cname belongs to the app.
fn cname(call: &Call<'_>, app: usize) -> Result<String, Refusal> {
    let cname = call.input.text("cname");
    if cname.is_empty() {
        return Err(Refusal::bad("You must provide a cname."));
    }
    let app = &call.world.apps[app];
    tls_routers(app)?;
    if !app.cnames.contains(&cname) {
        return Err(Refusal::bad("invalid name"));
    }
    Ok(cname)
}

/// Sets the certificate of a cname.
pub(super) fn set_certificate(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let cname = cname(call, app)?;
    let (certificate, key) = (call.input.text("certificate"), call.input.text("key"));
    if !certificate.starts_with("-----BEGIN ") || !key.starts_with("-----BEGIN ") {
        return Err(Refusal::bad(
            "tls: failed to find any PEM data in certificate input",
        ));
    }
    at_once(
        call,
        app,
        "app.update.certificate.set",
        &["cname"],
        |app, _, _| {
            app.certificates.insert(cname, certificate);
        },
    )
}

/// Removes the certificate of a cname, which is in the query.
pub(super) fn unset_certificate(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let cname = cname(call, app)?;
    at_once(
        call,
        app,
        "app.update.certificate.unset",
        &["cname"],
        move |app, _, _| {
            app.certificates.remove(&cname);
        },
    )
}

/// Sets who issues the certificate of a cname.
pub(super) fn set_issuer(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let (cname, issuer) = (cname(call, app)?, call.input.text("issuer"));
    if issuer.is_empty() {
        return Err(Refusal::bad("You must provide an issuer."));
    }
    at_once(
        call,
        app,
        "app.update.certissuer.set",
        &["cname", "issuer"],
        |app, _, _| {
            app.certificates.insert(cname.clone(), pem(&cname));
            app.issuers.insert(cname, issuer);
        },
    )
}

/// Nobody issues the certificate of a cname any more.
pub(super) fn unset_issuer(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let cname = cname(call, app)?;
    at_once(
        call,
        app,
        "app.update.certissuer.unset",
        &["cname"],
        move |app, _, _| {
            app.issuers.remove(&cname);
        },
    )
}

/// The routers of an app.
pub(super) fn list_routers(call: &mut Call<'_>) -> Outcome {
    let app = &call.world.apps[call.app()?];
    Ok(Reply::list(app_wire::routers(app)))
}
