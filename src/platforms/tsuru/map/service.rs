//! Services: instances that an app is bound to, those it could be bound to, and its volumes.
//!
//! Source: tsuru contract, section 5 (services, volumes and platform lists).

use std::collections::BTreeMap;

use super::words::list;
use crate::model::{EnvId, Service, ServiceId, ServiceKind, Status, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::tsuru::{ids, wire};

const BOUND: &str = "bound";
const NOT_BOUND: &str = "not bound";

/// Bound instances first, then the others, then volumes.
pub(in crate::platforms::tsuru) fn services(
    app: &wire::App,
    entries: &[wire::ServiceEntry],
    of: &EnvId,
) -> Vec<Service> {
    let mut found: Vec<_> = entries
        .iter()
        .flat_map(|it| of_entry(it, app, of))
        .collect();
    let missing: Vec<_> = binds(app)
        .filter(|(id, ..)| !found.iter().any(|it| it.id == *id))
        .filter_map(|(_, service, bind)| bound(service, bind, of))
        .collect();
    found.extend(missing);
    found.sort_by_key(|it| {
        let is_bound = it.environment.is_some();
        (!is_bound, it.kind.clone(), it.name.clone())
    });
    found.extend(volumes(app, of));
    found
}

/// What the app says that it is bound to.
fn binds(app: &wire::App) -> impl Iterator<Item = (ServiceId, &str, &wire::ServiceBind)> {
    app.service_instance_binds
        .iter()
        .flatten()
        .filter_map(|bind| {
            let (service, instance) = (bind.service.as_deref()?, bind.instance.as_deref()?);
            Some((ids::service(service, instance), service, bind))
        })
}

fn of_entry(entry: &wire::ServiceEntry, app: &wire::App, of: &EnvId) -> Vec<Service> {
    let full: Vec<_> = entry.service_instances.iter().flatten().collect();
    let known = full
        .iter()
        .filter_map(|it| instance(&entry.service, it, app, of));
    let bare_names = entry.instances.iter().flatten().enumerate();
    let others = bare_names.filter(|(_, name)| !full.iter().any(|it| it.name == **name));
    let others = others.filter_map(|(at, name)| {
        let plan = entry.plans.as_ref().and_then(|plans| plans.get(at));
        let bare = bare(&entry.service, name, plan.map(String::as_str))?;
        Some(placed(bare, is_bound(&entry.service, name, app), of))
    });
    known.chain(others).collect()
}

fn is_bound(service: &str, name: &str, app: &wire::App) -> bool {
    let id = ids::service(service, name);
    binds(app).any(|(bound, ..)| bound == id)
}

/// Absent for one of another pool: the app cannot be bound to it.
fn instance(service: &str, wire: &wire::Instance, app: &wire::App, of: &EnvId) -> Option<Service> {
    let apps = wire.apps.as_deref().unwrap_or_default();
    let is_bound = apps.contains(&app.name) || is_bound(service, &wire.name, app);
    let (pool, own) = (text(&wire.pool), text(&app.pool));
    let is_elsewhere = pool.is_some() && own.is_some() && pool != own;
    if is_elsewhere && !is_bound {
        return None;
    }
    let bare = bare(service, &wire.name, wire.plan_name.as_deref())?;
    let details = Details::default()
        .word("Plan", &wire.plan_name)
        .word("Description", &wire.description)
        .word("Team", &wire.team_owner)
        .word("Pool", &wire.pool)
        .text("Apps", list(apps))
        .text("Jobs", wire.jobs.as_ref().and_then(list))
        .text("Teams with access", wire.teams.as_ref().and_then(list))
        .text("Tags", wire.tags.as_ref().and_then(list))
        .done();
    Some(Service {
        details,
        ..placed(bare, is_bound, of)
    })
}

fn bound(service: &str, bind: &wire::ServiceBind, of: &EnvId) -> Option<Service> {
    let bare = bare(service, bind.instance.as_deref()?, bind.plan.as_deref())?;
    Some(placed(bare, true, of))
}

fn bare(service: &str, name: &str, plan: Option<&str>) -> Option<Service> {
    let plan_text = plan.and_then(Text::non_empty);
    Some(Service {
        id: ids::service(service, name),
        name: Text::non_empty(name)?,
        kind: Text::non_empty(service)?,
        kind_id: Some(ids::kind(service, plan)),
        environment: None,
        status: Status::Present,
        state: None,
        can_back_up: Some(false),
        details: Details::default().text("Plan", plan_text).done(),
    })
}

fn placed(bare: Service, is_bound: bool, of: &EnvId) -> Service {
    Service {
        environment: is_bound.then(|| of.clone()),
        state: Some(Text::clean(if is_bound { BOUND } else { NOT_BOUND })),
        ..bare
    }
}

/// The volumes of an app: each once, wherever it is mounted. Their identifiers have no slash, so
/// that none is taken for an instance.
fn volumes(app: &wire::App, of: &EnvId) -> Vec<Service> {
    let mut mounts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for bind in app.volume_binds.iter().flatten() {
        let Some(id) = bind.id.as_ref() else { continue };
        let Some(volume) = id.volume.as_deref() else {
            continue;
        };
        let at = id.mount_point.as_deref().unwrap_or_default();
        let how = if *bind.is_read_only == Some(true) {
            " (read-only)"
        } else {
            ""
        };
        mounts.entry(volume).or_default().push(format!("{at}{how}"));
    }
    let volumes = mounts.into_iter().filter_map(|(volume, mounts)| {
        Some(Service {
            id: ServiceId::new(volume),
            name: Text::non_empty(volume)?,
            kind: Text::clean("volume"),
            kind_id: None,
            environment: Some(of.clone()),
            status: Status::Present,
            state: Some(Text::clean(BOUND)),
            can_back_up: Some(false),
            details: Details::default().text("Mounted at", list(&mounts)).done(),
        })
    });
    volumes.collect()
}

/// What instances can be made of a service: one kind for each plan.
pub(in crate::platforms::tsuru) fn kinds(
    service: &str,
    plans: &[wire::ServicePlan],
) -> Vec<ServiceKind> {
    let Some(name) = Text::non_empty(service) else {
        return Vec::new();
    };
    let kind = |plan: Option<&wire::ServicePlan>| ServiceKind {
        id: ids::kind(service, plan.map(|plan| plan.name.as_str())),
        name: match plan.and_then(|plan| Text::non_empty(&plan.name)) {
            Some(plan) => Text::clean(&format!("{name} {plan}")),
            None => name.clone(),
        },
        kind: name.clone(),
        can_back_up: Some(false),
        description: plan.and_then(|plan| text(&plan.description)),
    };
    if plans.is_empty() {
        return vec![kind(None)];
    }
    plans.iter().map(|plan| kind(Some(plan))).collect()
}
