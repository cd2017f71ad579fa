//! What the numbers would be.
//!
//! Source: tsuru contract, section 5.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::model::catalogue::Inputs;
use crate::model::{
    DeploymentId, Failure, Operation, OperationKind, Preview, RunPlace, Special, Text,
};
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::map;
use crate::platforms::tsuru::operate;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::special::Own;
use crate::platforms::tsuru::wire::{App, Deploy, Quota};

pub(super) async fn of(api: &Api, operation: &Operation, app: &str) -> Result<Preview, Failure> {
    let kind = &operation.kind;
    if let OperationKind::Scale {
        process,
        units,
        size,
    } = kind
    {
        operate::no_size(size.as_deref())?;
        return scaled(&*api.app(app).await?, operation, process.as_deref(), *units);
    }
    if let OperationKind::Autoscale {
        process,
        limits,
        cpu,
    } = kind
    {
        return bounded(api, operation, process.as_deref(), (*limits, *cpu)).await;
    }
    if let OperationKind::Deploy { .. } | OperationKind::DeployImage { .. } = kind {
        return Ok(deployed(&*api.app(app).await?));
    }
    if let OperationKind::RollBack { to, pin } = kind {
        operate::no_pin(*pin)?;
        return rolled_back(api, app, to).await;
    }
    if let OperationKind::DeleteApp { .. } = kind {
        return Ok(deleted(&*api.app(app).await?));
    }
    if let OperationKind::RunCommand { place, .. } = kind {
        return Ok(run(*place));
    }
    if let OperationKind::Special { what, inputs } = kind {
        return own(api, app, what, inputs).await;
    }
    Ok(Preview::default())
}

fn scaled(
    app: &App,
    operation: &Operation,
    process: Option<&str>,
    wanted: u32,
) -> Result<Preview, Failure> {
    let counted = operate::count(app, &operate::place(operation, process)?)?;
    let version = counted.version.as_ref().map(|it| format!(" v{it}"));
    let name = format!("{}{}", counted.process, version.unwrap_or_default());
    let mut preview = told([("process", name), ("units", change(counted.now, wanted))]);
    if wanted == counted.now {
        let text = "it has as many already: nothing will be sent";
        preview.warnings.push(text.into());
    }
    if let Some(quota) = app.quota.as_ref() {
        let more = i64::from(wanted) - i64::from(counted.now);
        preview.facts.extend(of_quota(quota));
        preview.refusal = left(quota).filter(|left| more > *left).map(|left| {
            let left = left.max(0);
            format!("quota: {more} more asked for, {left} left: `set-quota` raises it").into()
        });
    }
    if operate::autoscaled(app, &counted.process).is_some() {
        preview.refusal = Some(operate::scales_itself(&counted.process));
    }
    Ok(preview)
}

/// How many more there may be; absent for as many as one likes.
fn left(quota: &Quota) -> Option<i64> {
    let limit = quota.limit.filter(|limit| *limit >= 0)?;
    Some(limit - quota.in_use.unwrap_or_default())
}

fn of_quota(quota: &Quota) -> Option<(Text, Text)> {
    let limit = quota.limit.filter(|limit| *limit >= 0)?;
    let used = quota.in_use.unwrap_or_default();
    Some(("quota".into(), format!("{used} of {limit} in use").into()))
}

async fn bounded(
    api: &Api,
    operation: &Operation,
    process: Option<&str>,
    (limits, cpu): (Option<(u32, u32)>, Option<u32>),
) -> Result<Preview, Failure> {
    let place = operate::place(operation, process)?;
    let list = api.list(Op::AutoScaleInfo, &[place.app], &[]).await;
    let entries: Vec<Map<String, Value>> = list?;
    let process = operate::process_of(&entries, place.process)?;
    let entry = entries.iter().find(|it| operate::is_of(it, &process));
    if limits.is_some() && cpu.is_none() && entry.is_none() {
        return Err(operate::no_trigger());
    }
    let now = entry.map_or_else(|| "not automatic".to_owned(), operate::words_of);
    let then = match limits {
        Some((least, most)) => format!("{least} to {most}"),
        None => "not automatic".to_owned(),
    };
    Ok(told([("process", process), ("units", arrow(&now, &then))]))
}

fn deployed(app: &App) -> Preview {
    let versions = versions(app);
    let names: Vec<_> = versions.iter().map(|it| format!("v{it}")).collect();
    let mut preview = told([]);
    if !names.is_empty() {
        let runs = names.join(" and ");
        preview.facts.push(("runs now".into(), runs.into()));
    }
    if versions.len() > 1 {
        let text = "several versions are deployed: `release-version` asks where the new one stands";
        preview.refusal = Some(text.into());
    }
    preview
}

fn versions(app: &App) -> BTreeSet<i64> {
    let units = app.units.as_deref().unwrap_or_default().iter();
    units.filter_map(map::version).collect()
}

/// Of what was deployed, the newest that ended well is what runs.
async fn rolled_back(api: &Api, app: &str, to: &DeploymentId) -> Result<Preview, Failure> {
    let deploys = operate::deploys_of(api, app).await?;
    let runs = deploys.iter().find(|it| map::has_succeeded(it));
    let target = operate::among(&deploys, app, to)?;
    let image = operate::target_of(target)?;
    let mut preview = told([("image", image.to_owned())]);
    let now = runs.map(version).unwrap_or_default();
    let then = version(target);
    preview
        .facts
        .push(("version".into(), arrow(&now, &then).into()));
    if runs.is_some_and(|it| it.id == target.id) {
        preview.warnings.push("it is what runs already".into());
    }
    Ok(preview)
}

fn version(deploy: &Deploy) -> String {
    let version = map::version_of_deploy(deploy);
    version.map_or_else(|| "?".to_owned(), |version| format!("v{version}"))
}

fn deleted(app: &App) -> Preview {
    let count = app.units.as_deref().unwrap_or_default().len();
    let mut preview = told([("units", count.to_string())]);
    let binds = app.service_instance_binds.as_deref().unwrap_or_default();
    let binds = binds.iter().filter_map(|it| {
        let (service, instance) = (it.service.as_deref()?, it.instance.as_deref()?);
        Some(format!("{service}/{instance}"))
    });
    let volumes = app.volume_binds.as_deref().unwrap_or_default();
    let volumes = volumes.iter();
    let volumes = volumes.filter_map(|it| it.id.as_ref()?.volume.0.clone());
    let names = app.cname.as_deref().unwrap_or_default().iter();
    let names = names.filter(|it| !it.is_empty()).cloned();
    for (label, list) in [
        ("bound to", binds.collect::<Vec<_>>()),
        ("volumes", volumes.collect()),
        ("domains", names.collect()),
    ] {
        if !list.is_empty() {
            preview.facts.push((label.into(), list.join(", ").into()));
        }
    }
    preview
}

fn run(place: RunPlace) -> Preview {
    let text = match place {
        RunPlace::One => "tsuru chooses the unit, of whichever process",
        RunPlace::Every => "it runs in the units of all processes",
        RunPlace::Alone => return Preview::default(),
    };
    Preview {
        warnings: vec![text.into()],
        ..Preview::default()
    }
}

async fn own(api: &Api, app: &str, what: &Special, inputs: &Inputs) -> Result<Preview, Failure> {
    if Own::of(what) == Some(Own::ReleaseVersion) {
        let deployed = deployed(&*api.app(app).await?);
        // It is made for several versions.
        return Ok(Preview {
            refusal: None,
            ..deployed
        });
    }
    if Own::of(what) == Some(Own::SetQuota) {
        let quota: Quota = api.get(Op::AppQuotaGet, &[app], &[]).await?;
        let now = of_quota(&quota).map_or_else(|| "unlimited".into(), |(_, text)| text);
        let then = match operate::quota_of(inputs) {
            limit @ 0.. => limit.to_string(),
            _ => "unlimited".to_owned(),
        };
        return Ok(told([("quota", arrow(now.as_str(), &then))]));
    }
    if Own::of(what) == Some(Own::DeleteVersion) {
        let record = api.app(app).await?;
        let version = operate::text(inputs, "version")?;
        let units = record.units.as_deref().unwrap_or_default().iter();
        let units = units.filter(|it| map::is_of_version(it, &version));
        return Ok(told([("units of it", units.count().to_string())]));
    }
    Ok(Preview::default())
}

fn change(now: u32, then: u32) -> String {
    arrow(&now.to_string(), &then.to_string())
}

fn arrow(now: &str, then: &str) -> String {
    if now == then {
        format!("{now}, as now")
    } else if now.is_empty() {
        then.to_owned()
    } else {
        format!("{now} → {then}")
    }
}

fn told<const N: usize>(facts: [(&str, String); N]) -> Preview {
    let facts = facts.into_iter();
    Preview {
        facts: facts
            .map(|(label, text)| (label.into(), text.into()))
            .collect(),
        ..Preview::default()
    }
}
