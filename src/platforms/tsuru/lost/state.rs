//! What is told by how things are: what an operation wished for is so, or is not.
//!
//! Source: tsuru contract, section 5.

use serde_json::{Map, Value};

use super::{Before, events};
use crate::model::catalogue::Inputs;
use crate::model::{DomainId, Failure};
use crate::platforms::Found;
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::ids::{self, Place};
use crate::platforms::tsuru::map;
use crate::platforms::tsuru::operate::{self, Kinds};
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::wire::{App, Block, Certificates, Quota};

/// Whether there is something, of what was asked for.
fn is_there<T>(answer: Result<T, Failure>) -> Result<bool, Failure> {
    match answer {
        Ok(_) => Ok(true),
        Err(Failure::NotFound { .. }) => Ok(false),
        Err(failure) => Err(failure),
    }
}

pub(super) async fn has_app(api: &Api, name: &str) -> Result<bool, Failure> {
    is_there(api.app(name).await)
}

pub(super) async fn has_instance(api: &Api, service: &str, name: &str) -> Result<bool, Failure> {
    let ids = [service, name];
    is_there(
        api.get::<Map<String, Value>>(Op::InstanceGet, &ids, &[])
            .await,
    )
}

/// What keeps events from beginning now.
pub(in super::super) async fn blocks(api: &Api) -> Result<Vec<Block>, Failure> {
    let active = [("active", "true")];
    api.list(Op::EventBlocks, &[], &active).await
}

/// An app that is still there may be about to go.
pub(super) async fn deleted(
    api: &Api,
    app: &str,
    kinds: Kinds,
    before: Option<&Before>,
) -> Result<Found, Failure> {
    if has_app(api, app).await? {
        return events::look_for(api, app, kinds, before).await;
    }
    Ok(Found::HappenedAndEnded)
}

pub(super) async fn made_app(
    api: &Api,
    name: &str,
    before: Option<&Before>,
) -> Result<Found, Failure> {
    Ok(match (has_app(api, name).await?, before) {
        (true, Some(before)) if !before.existed => Found::HappenedAndEnded,
        (true, _) => Found::CannotTell,
        (false, _) => Found::DidNotHappen,
    })
}

/// The service itself makes and removes them, in its own time.
pub(super) async fn instance(
    api: &Api,
    (service, name): (&str, &str),
    is_made: bool,
    before: Option<&Before>,
) -> Result<Found, Failure> {
    let is_there = has_instance(api, service, name).await?;
    Ok(match (is_made, before) {
        _ if is_there != is_made => Found::NotYet,
        (true, Some(before)) if !before.existed => Found::HappenedAndEnded,
        (true, _) => Found::CannotTell,
        (false, _) => Found::HappenedAndEnded,
    })
}

/// It is as wished, or whatever holds the lock decides whether it still may become so.
async fn either(api: &Api, app: &str, is_so: bool) -> Result<Found, Failure> {
    if is_so {
        return Ok(Found::HappenedAndEnded);
    }
    events::nothing_new(api, app).await
}

pub(super) async fn domain(
    api: &Api,
    app: &str,
    name: &str,
    is_wanted: bool,
) -> Result<Found, Failure> {
    let record = api.app(app).await?;
    let names = record.cname.as_deref().unwrap_or_default();
    let is_there = names.iter().any(|it| it == name);
    either(api, app, is_there == is_wanted).await
}

pub(super) async fn team(
    api: &Api,
    app: &str,
    name: &str,
    is_granted: bool,
) -> Result<Found, Failure> {
    let record = api.app(app).await?;
    let names = record.teams.as_deref().unwrap_or_default();
    let is_there = names.iter().any(|it| it == name);
    either(api, app, is_there == is_granted).await
}

pub(super) async fn routable(
    api: &Api,
    app: &str,
    version: &str,
    is_reached: bool,
) -> Result<Found, Failure> {
    let record = api.app(app).await?;
    match is_routable(&record, version) {
        Some(routable) => either(api, app, routable == is_reached).await,
        None => Ok(Found::CannotTell),
    }
}

/// Whether requests reach the units of a version; absent where there are none, or some of each.
fn is_routable(app: &App, version: &str) -> Option<bool> {
    let units = app.units.as_deref().unwrap_or_default().iter();
    let its = units.filter(|unit| map::is_of_version(unit, version));
    let mut all = its.filter_map(|unit| *unit.routable);
    let first = all.next()?;
    all.all(|routable| routable == first).then_some(first)
}

pub(super) async fn autoscale(
    api: &Api,
    place: &Place<'_>,
    limits: Option<(u32, u32)>,
    cpu: Option<u32>,
) -> Result<Found, Failure> {
    let entries: Vec<Map<String, Value>> = api.list(Op::AutoScaleInfo, &[place.app], &[]).await?;
    let Some(process) = place.process else {
        return Ok(match limits {
            None if entries.is_empty() => Found::HappenedAndEnded,
            Some(_) | None => Found::CannotTell,
        });
    };
    let entry = entries.iter().find(|it| operate::is_of(it, process));
    let is_so = match (limits, entry) {
        (Some(limits), Some(entry)) => operate::is_as_wished(entry, (limits, cpu)),
        (Some(_), None) => false,
        (None, entry) => entry.is_none(),
    };
    either(api, place.app, is_so).await
}

pub(super) async fn quota(api: &Api, app: &str, wanted: i64) -> Result<Found, Failure> {
    let quota: Quota = api.get(Op::AppQuotaGet, &[app], &[]).await?;
    let is_so = quota.limit.map(|limit| limit.max(-1)) == Some(wanted);
    either(api, app, is_so).await
}

pub(super) async fn job(api: &Api, id: &str) -> Result<Found, Failure> {
    let record = api.get::<Map<String, Value>>(Op::GetJob, &[id], &[]).await;
    Ok(gone(is_there(record)?))
}

pub(super) async fn unblocked(api: &Api, id: &str) -> Result<Found, Failure> {
    let is_there = blocks(api).await?.iter().any(|block| block.id == id);
    Ok(gone(is_there))
}

/// What is removed at once.
fn gone(is_there: bool) -> Found {
    if is_there {
        Found::DidNotHappen
    } else {
        Found::HappenedAndEnded
    }
}

pub(super) async fn blocked(
    api: &Api,
    app: &str,
    inputs: &Inputs,
    before: Option<&Before>,
) -> Result<Found, Failure> {
    let Some(before) = before else {
        return Ok(Found::CannotTell);
    };
    let reason = operate::text(inputs, "reason")?;
    let is_ours = |block: &&Block| {
        let target = block.target.as_ref().and_then(|it| it.value.as_deref());
        !before.blocks.contains(&block.id)
            && block.reason.as_deref() == Some(reason.as_str())
            && target == Some(app)
    };
    let blocks = blocks(api).await?;
    Ok(match blocks.iter().filter(is_ours).count() {
        0 => Found::DidNotHappen,
        1 => Found::HappenedAndEnded,
        _ => Found::CannotTell,
    })
}

/// Who issues the certificate of a domain: of any router that does.
pub(super) async fn issuer(api: &Api, domain: &str, wanted: &str) -> Result<Found, Failure> {
    let id = DomainId::new(domain);
    let (app, name) = ids::of_domain(&id)?;
    let all: Certificates = api.get(Op::AppGetCertificates, &[app], &[]).await?;
    either(api, app, is_issued_by(&all, name, wanted)).await
}

fn is_issued_by(all: &Certificates, domain: &str, wanted: &str) -> bool {
    let routers = all.routers.as_ref().into_iter().flat_map(|it| it.values());
    let certificates = routers.filter_map(|router| router.cnames.as_ref()?.get(domain));
    let mut issuers = certificates.map(|it| it.issuer.as_deref().unwrap_or_default());
    if wanted.is_empty() {
        issuers.all(str::is_empty)
    } else {
        issuers.any(|issuer| issuer == wanted)
    }
}
