//! Service instances and the kinds of services (contract sections 5.7 and 7.6).

use serde_json::{Value, json};

use super::{
    call::{Call, View},
    errors::Refusal,
    form::present,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice};

/// A kind of service.
pub(super) struct Service {
    identifier: &'static str,
    name: &'static str,
    pub(super) kind: &'static str,
    pub(super) backupable: bool,
}

/// All kinds.
pub(super) const SERVICES: &[Service] = &[
    Service {
        identifier: "postgres",
        name: "PostgreSQL",
        kind: "DATABASE",
        backupable: true,
    },
    Service {
        identifier: "media",
        name: "Object storage",
        kind: "STORAGE",
        backupable: true,
    },
    Service {
        identifier: "search",
        name: "Search index",
        kind: "SEARCH",
        backupable: false,
    },
    Service {
        identifier: "queue",
        name: "Message queue",
        kind: "AMQP",
        backupable: false,
    },
];

/// One service of an environment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Instance {
    pub(super) n: usize,
    /// Index in [`SERVICES`].
    pub(super) service: usize,
    pub(super) prefix: String,
    pub(super) state: State,
    changed: Moment,
}

/// Where a service instance is in its life. Only two of the words are documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    New,
    ProvisioningFailed,
    Detached,
    /// Attached with the next deployment.
    Attaching,
    Attached,
    /// Detached with the next deployment.
    Detaching,
    /// A word nobody has documented.
    Hibernated,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::New => "NEW",
            State::ProvisioningFailed => "PROVISIONING_FAILED",
            State::Detached => "DETACHED",
            State::Attaching => "PENDING_ATTACHMENT",
            State::Attached => "ATTACHED",
            State::Detaching => "PENDING_DETACHMENT",
            State::Hibernated => "HIBERNATED",
        }
    }
}

/// The service instances an environment has from the start.
pub(super) fn generated(world: &World, environment: usize) -> Vec<Instance> {
    let mut dice = Dice::new(world.seed, &[12, environment as u64]);
    let changed = world.environments[environment].created;
    let never = world.environments[environment].past == 0;
    let usual = if never { State::New } else { State::Attached };
    let instance = |n, service, prefix: &str, state| {
        let prefix = prefix.to_owned();
        Instance {
            n,
            service,
            prefix,
            state,
            changed,
        }
    };
    let mut instances = vec![
        instance(0, 0, "DATABASE", usual),
        instance(1, 1, "DEFAULT_STORAGE", usual),
    ];
    if environment % 9 == 3 {
        instances.push(instance(2, 2, "SEARCH", State::Hibernated));
    } else if dice.chance(25) {
        instances.push(instance(2, 2, "SEARCH", usual));
    }
    if dice.chance(8) {
        instances.push(instance(3, 3, "QUEUE", State::ProvisioningFailed));
    }
    instances
}

impl World {
    /// The state of an instance now: what was pending takes effect with a deployment.
    pub(super) fn instance_state(&self, environment: usize, n: usize, now: Moment) -> State {
        let instances = &self.detail(environment).instances;
        let Some(instance) = instances.iter().find(|instance| instance.n == n) else {
            return State::Detached;
        };
        let deployed = || self.taken_up(environment, instance.changed, now);
        match instance.state {
            State::Attaching | State::New if deployed() => State::Attached,
            State::Detaching if deployed() => State::Detached,
            State::New
            | State::ProvisioningFailed
            | State::Detached
            | State::Attaching
            | State::Attached
            | State::Detaching
            | State::Hibernated => instance.state,
        }
    }
}

fn wire(world: &World, view: &View, environment: usize, instance: &Instance) -> Value {
    let state = world.instance_state(environment, instance.n, view.now);
    json!({
        "uuid": world.id(Kind::Instance, environment, instance.n),
        "environment": world.root_id(Kind::Environment, environment),
        "region": world.root_id(Kind::Region, 0),
        "service": world.root_id(Kind::Service, instance.service),
        "service_status": view.word(state.word()),
        "last_status_update": view.time(instance.changed),
        "prefix": instance.prefix,
        "type": SERVICES[instance.service].kind,
        "last_config_update": null,
        "environment_variables": [format!("{}_URL", instance.prefix)],
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let scope = world.scope(call).into_iter();
    let items: Vec<(usize, &Instance)> = scope
        .flat_map(|n| {
            world
                .detail(n)
                .instances
                .iter()
                .map(move |instance| (n, instance))
        })
        .collect();
    paging::page(call, &items, |(n, instance)| {
        wire(world, &call.view, *n, instance)
    })
}

fn place(world: &World, key: Key) -> Result<usize, Refusal> {
    let instances = &world.detail(key.parent).instances;
    instances
        .iter()
        .position(|instance| instance.n == key.ordinal)
        .ok_or(Refusal::MISSING)
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::Instance)?;
    let instance = &call.world.detail(key.parent).instances[place(call.world, key)?];
    Ok(Reply::ok(&wire(
        call.world, &call.view, key.parent, instance,
    )))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let mut form = call.form();
    let environment = form.reference("environment", Kind::Environment);
    let prefix = form.text("prefix", 32);
    let service = form.reference("service", Kind::Service);
    form.finish()?;
    let environment = present(environment)?.ordinal;
    let (prefix, service) = (present(prefix)?, present(service)?.ordinal);
    call.world.may_change_environment(environment)?;
    if service >= SERVICES.len() {
        return Err(Refusal::field(
            "service",
            "Invalid pk - object does not exist.",
        ));
    }
    if call
        .world
        .detail(environment)
        .instances
        .iter()
        .any(|other| other.prefix == prefix)
    {
        return Err(Refusal::whole(
            "The fields environment, prefix must make a unique set.",
        ));
    }
    let changed = call.now();
    let detail = call.world.detail_mut(environment);
    let n = detail.next_ordinal();
    let instance = Instance {
        n,
        service,
        prefix: prefix.clone(),
        state: State::New,
        changed,
    };
    detail.instances.push(instance);
    Ok(Reply::created(&json!({
        "uuid": call.world.id(Kind::Instance, environment, n),
        "environment": call.world.root_id(Kind::Environment, environment),
        "prefix": prefix,
        "service": call.world.root_id(Kind::Service, service),
    })))
}

pub(super) fn provision(call: &mut Call<'_>) -> Outcome {
    let (key, state) = subject(call)?;
    if !matches!(state, State::New | State::ProvisioningFailed) {
        return Err(Refusal::whole(
            "This service instance is already provisioned.",
        ));
    }
    if call.world.running(key.parent, call.now()).is_some() {
        return Err(Refusal::whole("Not while the environment is deploying."));
    }
    set(call, key, State::Detached)
}

pub(super) fn attach(call: &mut Call<'_>) -> Outcome {
    let (key, state) = subject(call)?;
    match state {
        State::Detached | State::Hibernated => set(call, key, State::Attaching),
        State::Detaching => set(call, key, State::Attached),
        State::New | State::ProvisioningFailed => {
            Err(Refusal::whole("This service instance is not provisioned."))
        }
        State::Attaching | State::Attached => {
            Err(Refusal::whole("This service instance is already attached."))
        }
    }
}

pub(super) fn detach(call: &mut Call<'_>) -> Outcome {
    let (key, state) = subject(call)?;
    match state {
        State::Attached => set(call, key, State::Detaching),
        State::Attaching => set(call, key, State::Detached),
        State::New
        | State::ProvisioningFailed
        | State::Detached
        | State::Detaching
        | State::Hibernated => Err(Refusal::whole("This service instance is not attached.")),
    }
}

pub(super) fn destroy(call: &mut Call<'_>) -> Outcome {
    let (key, state) = subject(call)?;
    if matches!(state, State::Attached | State::Attaching | State::Detaching) {
        return Err(Refusal::whole(
            "An attached service instance cannot be removed.",
        ));
    }
    let place = place(call.world, key)?;
    call.world.detail_mut(key.parent).instances.remove(place);
    Ok(Reply::deleted())
}

fn subject(call: &Call<'_>) -> Result<(Key, State), Refusal> {
    let key = call.subject(Kind::Instance)?;
    call.world.may_change_environment(key.parent)?;
    Ok((
        key,
        call.world
            .instance_state(key.parent, key.ordinal, call.now()),
    ))
}

fn set(call: &mut Call<'_>, key: Key, state: State) -> Outcome {
    let (now, place) = (call.now(), place(call.world, key)?);
    let instance = &mut call.world.detail_mut(key.parent).instances[place];
    instance.state = state;
    instance.changed = now;
    let change = format!("service {} {}", instance.prefix, state.word());
    if matches!(state, State::Attaching | State::Detaching) {
        call.world.note_change(key.parent, now, change);
    }
    Ok(Reply::done())
}

/// The kinds of services.
pub(super) fn list_kinds(call: &mut Call<'_>) -> Outcome {
    let query = &call.query;
    let kind = query.get("type");
    let backupable = query.flag("is_backupable");
    let items: Vec<usize> = (0..SERVICES.len())
        .filter(|n| kind.is_none_or(|kind| SERVICES[*n].kind == kind))
        .filter(|n| backupable.is_none_or(|flag| SERVICES[*n].backupable == flag))
        .collect();
    let world = &*call.world;
    paging::page(call, &items, |n| kind_wire(world, *n))
}

pub(super) fn get_kind(call: &mut Call<'_>) -> Outcome {
    let ordinal = call.subject(Kind::Service)?.ordinal;
    if ordinal >= SERVICES.len() {
        return Err(Refusal::MISSING);
    }
    Ok(Reply::ok(&kind_wire(call.world, ordinal)))
}

fn kind_wire(world: &World, ordinal: usize) -> Value {
    let Service {
        identifier,
        name,
        kind,
        backupable,
    } = SERVICES[ordinal];
    json!({
        "uuid": world.root_id(Kind::Service, ordinal),
        "name": name,
        "type": kind,
        "description": format!("{name}, run by the platform"),
        "is_backupable": backupable,
        "is_self_manageable": true,
        "identifier": identifier,
        "requires_subscriptions": [],
    })
}
