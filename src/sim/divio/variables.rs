//! Environment variables (contract section 5.5).

use serde_json::{Map, Value, json};

use super::{
    call::{Call, View},
    errors::Refusal,
    form::present,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice, host::Change};

/// One variable of an environment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variable {
    pub(super) n: usize,
    pub(super) name: String,
    pub(super) value: Option<String>,
    sensitive: bool,
    read_only: bool,
    pattern: bool,
    created: Moment,
    modified: Moment,
}

const LONGEST: usize = 10_000;

/// The variables an environment has from the start.
pub(super) fn generated(world: &World, environment: usize) -> Vec<Variable> {
    let mut dice = Dice::new(world.seed, &[10, environment as u64]);
    let slug = world.owner(environment).slug.clone();
    let live = world.environments[environment].production;
    let database = format!(
        "postgres://{slug}:{}@db.internal.example:5432/{slug}",
        dice.hex(16)
    );
    let mut given: Vec<(&str, Option<String>, Hidden)> = vec![
        ("DATABASE_URL", Some(database), Hidden::BuiltIn),
        (
            "DOMAIN",
            Some(format!("{slug}.apps.example")),
            Hidden::BuiltIn,
        ),
        (
            "STAGE",
            Some(world.environments[environment].slug.clone()),
            Hidden::BuiltIn,
        ),
        ("SECRET_KEY", Some(dice.hex(48)), Hidden::Sensitive),
        ("DEBUG", Some((!live).to_string()), Hidden::No),
        ("LOG_LEVEL", Some("info".to_owned()), Hidden::No),
        ("FEATURES", Some(String::new()), Hidden::No),
        ("PAYMENT_TOKEN", Some(dice.hex(32)), Hidden::Sensitive),
        (
            "MAIL_FROM",
            Some(format!("post@{slug}.example")),
            Hidden::No,
        ),
    ];
    if dice.chance(40) {
        let lines = "first line\nsecond line = with equals\n\n# fourth after an empty one\n";
        given.push(("MULTI_LINE", Some(lines.to_owned()), Hidden::No));
    }
    if environment == 1 {
        given.push((
            "ALLOW_LIST",
            Some("a.example, ".repeat(1_000).chars().take(LONGEST).collect()),
            Hidden::No,
        ));
    }
    if dice.chance(25) {
        given.push(("UNSET", None, Hidden::No));
    }
    let created = world.environments[environment].created;
    let numbered = given.into_iter().enumerate();
    numbered
        .map(|(n, (name, value, hidden))| Variable {
            n,
            name: name.to_owned(),
            value,
            sensitive: hidden == Hidden::Sensitive,
            read_only: hidden == Hidden::BuiltIn,
            pattern: name == "MAIL_FROM",
            created,
            modified: created.plus(f64::from(dice.below(60)) * 86_400.0),
        })
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    No,
    Sensitive,
    BuiltIn,
}

fn wire(world: &World, view: &View, environment: usize, variable: &Variable) -> Value {
    let value = if variable.sensitive {
        None
    } else {
        variable.value.as_deref()
    };
    json!({
        "uuid": world.id(Kind::Variable, environment, variable.n),
        "name": variable.name,
        "environment": world.root_id(Kind::Environment, environment),
        "value": value,
        "order": variable.n,
        "is_sensitive": variable.sensitive,
        "is_read_only": variable.read_only,
        "is_pattern_replacement_active": variable.pattern,
        "date_created": view.time(variable.created),
        "date_modified": view.time(variable.modified),
    })
}

/// Names and values as a deployment carries them, secrets included.
pub(super) fn values(world: &World, environment: usize) -> Map<String, Value> {
    let variables = world.detail(environment).variables.iter();
    variables
        .map(|v| (v.name.clone(), json!(v.value)))
        .collect()
}

/// The value of a variable.
pub(super) fn value_of<'a>(world: &'a World, environment: usize, name: &str) -> Option<&'a str> {
    let variables = world.detail(environment).variables.iter();
    variables
        .rev()
        .find(|variable| variable.name == name)?
        .value
        .as_deref()
}

/// Another user changes a variable, or looks at it; gives the value before.
pub(super) fn by_another(
    world: &mut World,
    now: Moment,
    environment: usize,
    name: &str,
    change: Option<&Change>,
) -> Option<String> {
    let detail = world.detail_mut(environment);
    let is_it = |variable: &Variable| variable.name == name && !variable.read_only;
    let at = detail.variables.iter().position(is_it);
    let was = at.and_then(|at| detail.variables[at].value.clone());
    match (change, at) {
        (Some(Change::Set(value)), Some(at)) => {
            detail.variables[at].value = Some(value.clone());
            detail.variables[at].modified = now;
        }
        (Some(Change::Set(value)), None) => {
            let n = detail.next_ordinal();
            detail.variables.push(Variable {
                n,
                name: name.to_owned(),
                value: Some(value.clone()),
                sensitive: false,
                read_only: false,
                pattern: false,
                created: now,
                modified: now,
            });
        }
        (Some(Change::Remove), Some(at)) => {
            detail.variables.remove(at);
        }
        (Some(Change::Remove) | None, _) => {}
    }
    if change.is_some() {
        world.note_change(environment, now, format!("variable {name} changed"));
    }
    was
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    if call
        .query
        .get("environment")
        .or(call.query.get("application"))
        .is_none()
    {
        return Err(Refusal::whole(
            "One of the filters application, environment is required.",
        ));
    }
    let (world, query) = (&*call.world, &call.query);
    let uuids = call.filter("uuid", Kind::Variable);
    let slug = query.get("environment_slug");
    let scope = world.scope(call).into_iter();
    let scope = scope.filter(|n| slug.is_none_or(|slug| world.environments[*n].slug == slug));
    let items: Vec<(usize, &Variable)> = scope
        .flat_map(|n| {
            world
                .detail(n)
                .variables
                .iter()
                .map(move |variable| (n, variable))
        })
        .filter(|(n, variable)| {
            let key = Key::within(Kind::Variable, *n, variable.n);
            query.get("name").is_none_or(|name| variable.name == name)
                && query
                    .flag("is_sensitive")
                    .is_none_or(|flag| variable.sensitive == flag)
                && query
                    .flag("is_read_only")
                    .is_none_or(|flag| variable.read_only == flag)
                && Call::passes(uuids.as_ref(), key)
        })
        .collect();
    paging::page(call, &items, |(n, variable)| {
        wire(world, &call.view, *n, variable)
    })
}

fn place(world: &World, key: Key) -> Result<usize, Refusal> {
    let variables = &world.detail(key.parent).variables;
    variables
        .iter()
        .position(|variable| variable.n == key.ordinal)
        .ok_or(Refusal::MISSING)
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::Variable)?;
    let variable = &call.world.detail(key.parent).variables[place(call.world, key)?];
    Ok(Reply::ok(&wire(
        call.world, &call.view, key.parent, variable,
    )))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let mut form = call.form();
    let environment = form.reference("environment", Kind::Environment);
    let name = form.text("name", 255);
    let value = form.free_text("value", LONGEST);
    let sensitive = form.flag("is_sensitive").unwrap_or(false);
    let pattern = form.flag("is_pattern_replacement_active").unwrap_or(false);
    form.finish()?;
    let environment = present(environment)?.ordinal;
    let name = present(name)?;
    call.world.may_change_environment(environment)?;
    let own = |variable: &Variable| variable.name == name && !variable.read_only;
    if call.world.detail(environment).variables.iter().any(own) {
        return Err(Refusal::whole(
            "The fields environment, name must make a unique set.",
        ));
    }
    let now = call.now();
    let detail = call.world.detail_mut(environment);
    let n = detail.next_ordinal();
    let answered = if sensitive { None } else { value.clone() };
    detail.variables.push(Variable {
        n,
        name: name.clone(),
        value: Some(value.unwrap_or_default()),
        sensitive,
        read_only: false,
        pattern,
        created: now,
        modified: now,
    });
    call.world
        .note_change(environment, now, format!("variable {name} added"));
    Ok(Reply::created(&json!({
        "uuid": call.world.id(Kind::Variable, environment, n),
        "name": name,
        "environment": call.world.root_id(Kind::Environment, environment),
        "value": answered,
        "is_sensitive": sensitive,
        "is_pattern_replacement_active": pattern,
    })))
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let key = editable(call)?;
    let mut form = call.partial_form();
    let name = form.text("name", 255);
    let value = form.free_text("value", LONGEST);
    let pattern = form.flag("is_pattern_replacement_active");
    form.finish()?;
    let (now, place) = (call.now(), place(call.world, key)?);
    let variable = &mut call.world.detail_mut(key.parent).variables[place];
    variable.name = name.unwrap_or_else(|| variable.name.clone());
    variable.value = value.or_else(|| variable.value.clone());
    variable.pattern = pattern.unwrap_or(variable.pattern);
    variable.modified = now;
    let (name, pattern) = (variable.name.clone(), variable.pattern);
    let value = if variable.sensitive {
        None
    } else {
        variable.value.clone()
    };
    call.world
        .note_change(key.parent, now, format!("variable {name} changed"));
    Ok(Reply::ok(&json!({
        "uuid": call.subject,
        "name": name,
        "value": value,
        "is_pattern_replacement_active": pattern,
    })))
}

pub(super) fn destroy(call: &mut Call<'_>) -> Outcome {
    let key = editable(call)?;
    let (now, place) = (call.now(), place(call.world, key)?);
    let removed = call.world.detail_mut(key.parent).variables.remove(place);
    call.world.note_change(
        key.parent,
        now,
        format!("variable {} removed", removed.name),
    );
    Ok(Reply::deleted())
}

pub(super) fn move_after(call: &mut Call<'_>) -> Outcome {
    shift(call, 1)
}

pub(super) fn move_before(call: &mut Call<'_>) -> Outcome {
    shift(call, 0)
}

fn shift(call: &mut Call<'_>, offset: usize) -> Outcome {
    let key = call.subject(Kind::Variable)?;
    let mut form = call.form();
    let target = form.reference("target", Kind::Variable);
    form.finish()?;
    let target = present(target)?;
    if target.parent != key.parent || target == key {
        return Err(Refusal::field(
            "target",
            "The target is in another environment.",
        ));
    }
    let from = place(call.world, key)?;
    let variable = call.world.detail_mut(key.parent).variables.remove(from);
    let to = place(call.world, target)? + offset;
    call.world
        .detail_mut(key.parent)
        .variables
        .insert(to, variable);
    Ok(Reply::ok(
        &json!({ "target": call.world.id(Kind::Variable, key.parent, target.ordinal) }),
    ))
}

fn editable(call: &Call<'_>) -> Result<Key, Refusal> {
    let key = call.subject(Kind::Variable)?;
    call.world.may_change_environment(key.parent)?;
    let variable = &call.world.detail(key.parent).variables[place(call.world, key)?];
    if variable.read_only {
        return Err(Refusal::whole("This environment variable is read-only."));
    }
    Ok(key)
}
