//! Domains of an app, with the records their owner must make.
//!
//! Source: DigitalOcean contract, section 5.2.

use url::Url;

use super::progress;
use crate::model::{Domain, EnvId, Status, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::digitalocean::{ids, wire};

pub(in crate::platforms::digitalocean) fn domains(app: &wire::App, of: &EnvId) -> Vec<Domain> {
    let domains = app.domains.iter().flatten();
    domains.filter_map(|wire| domain(app, wire, of)).collect()
}

/// Absent without a name.
fn domain(app: &wire::App, wire: &wire::Domain, of: &EnvId) -> Option<Domain> {
    let spec = wire.spec.as_ref()?;
    let name = text(&spec.domain)?;
    let status = match wire.phase.as_deref() {
        Some("ACTIVE") => Status::Live,
        Some("PENDING") => Status::Queued,
        Some("CONFIGURING") => Status::Deploying,
        Some("ERROR") => Status::Failed,
        Some("UNKNOWN") | None => Status::Unknown,
        Some(word) => Status::Other(Text::clean(word)),
    };
    let must_rotate = *wire.rotate_validation_records == Some(true);
    let steps = wire.progress.as_ref();
    let failed = steps.and_then(|steps| progress::first_failure(steps.steps.as_deref()?));
    let rotate = must_rotate.then(|| Text::clean("make the validation records anew"));
    let instructions = instructions(app, wire, &name);
    let waits = matches!(wire.phase.as_deref(), Some("PENDING" | "CONFIGURING"));
    let waits = (waits && !instructions.is_empty()).then(|| "waits for DNS records".into());
    Some(Domain {
        id: ids::domain(&app.id, name.as_str()),
        environment: Some(of.clone()),
        status: if must_rotate {
            status.worst(Status::Degraded)
        } else {
            status
        },
        message: rotate.or(failed).or(waits),
        is_primary: spec.kind.as_deref() == Some("PRIMARY"),
        redirects: false,
        tls: wire.certificate_expires_at.map(|_| true),
        instructions,
        checked_at: None,
        details: Details::default()
            .text(
                "Type",
                text(&spec.kind).map(|kind| Text::clean(&kind.as_str().to_lowercase())),
            )
            .word("Zone", &spec.zone)
            .when("Wildcard", &spec.wildcard)
            .word("Lowest TLS version", &spec.minimum_tls_version)
            .word("Certificate", &spec.certificate)
            .time("Certificate until", &wire.certificate_expires_at)
            .done(),
        name,
    })
}

/// Records to make. A zone that the platform manages needs none; neither does what works.
fn instructions(app: &wire::App, wire: &wire::Domain, name: &Text) -> Vec<Text> {
    let validations = wire.validations.iter().flatten().filter_map(|record| {
        let (name, value) = (text(&record.txt_name)?, text(&record.txt_value)?);
        Some(Text::clean(&format!("TXT {name} {value}")))
    });
    let spec = wire.spec.as_ref();
    let is_managed = spec.is_some_and(|spec| text(&spec.zone).is_some());
    let works = matches!(wire.phase.as_deref(), Some("ACTIVE"));
    let target = (!is_managed && !works).then(|| host(app)).flatten();
    let alias = target.map(|host| Text::clean(&format!("CNAME {name} {host}")));
    alias.into_iter().chain(validations).collect()
}

fn host(app: &wire::App) -> Option<String> {
    let url = Url::parse(app.default_ingress.as_deref()?).ok()?;
    url.host_str().map(str::to_owned)
}
