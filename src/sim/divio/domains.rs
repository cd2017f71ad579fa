//! Domains (contract section 5.7).

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

/// One domain of an environment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Domain {
    pub(super) n: usize,
    pub(super) name: String,
    pub(super) primary: bool,
    redirect: bool,
    managed: bool,
    checked: Option<(Moment, bool)>,
    message: Option<String>,
    config: Value,
}

/// The domains an environment has from the start.
pub(super) fn generated(world: &World, environment: usize) -> Vec<Domain> {
    let mut dice = Dice::new(world.seed, &[11, environment as u64]);
    let live = world.environments[environment].production;
    let slug = &world.owner(environment).slug;
    let recently = world
        .clock
        .started()
        .plus(-f64::from(dice.between(600, 80_000)));
    let domain = |n, name: String, primary, managed| Domain {
        n,
        name,
        primary,
        redirect: n == 2,
        managed,
        checked: Some((recently, true)),
        message: None,
        config: json!({}),
    };
    let mut domains = vec![domain(0, platform_name(world, environment), !live, true)];
    if live {
        domains.push(domain(1, format!("{slug}.harbour.example"), true, false));
        domains.push(domain(
            2,
            format!("www.{slug}.harbour.example"),
            false,
            false,
        ));
        if dice.chance(20) {
            let message = Some("The name does not resolve to this platform.".to_owned());
            let name = format!("{slug}.lantern.example");
            let checked = Some((recently, false));
            domains.push(Domain {
                checked,
                message,
                ..domain(3, name, false, false)
            });
        }
        if dice.chance(20) {
            let name = format!("*.{slug}.harbour.example");
            domains.push(Domain {
                checked: None,
                ..domain(4, name, false, false)
            });
        }
    }
    domains
}

/// The ordinal and name of the primary domain. Lists of environments ask for it: an environment
/// that nobody has looked into is not kept in memory for that.
pub(super) fn primary(world: &World, environment: usize) -> Option<(usize, String)> {
    let find = |domains: &[Domain]| {
        let primary = domains.iter().find(|domain| domain.primary)?;
        Some((primary.n, primary.name.clone()))
    };
    match world.environments[environment].detail.get() {
        Some(detail) => find(&detail.domains),
        None => find(&generated(world, environment)),
    }
}

/// The name the platform itself gives an environment.
pub(super) fn platform_name(world: &World, environment: usize) -> String {
    let slug = &world.owner(environment).slug;
    format!(
        "{slug}-{}.apps.example",
        world.environments[environment].slug
    )
}

fn wire(world: &World, view: &View, environment: usize, domain: &Domain) -> Value {
    let status = domain.checked.map(|(_, good)| good);
    let usual = match status {
        Some(true) => "OK",
        Some(false) => "DNS_MISMATCH",
        None => "UNKNOWN",
    };
    let instructions =
        "<p>Point a <strong>CNAME</strong> record to <code>edge.apps.example</code>.</p>";
    json!({
        "uuid": world.id(Kind::Domain, environment, domain.n),
        "name": domain.name,
        "environment": world.root_id(Kind::Environment, environment),
        "last_check_status": status,
        "last_check_timestamp": view.maybe(domain.checked.map(|(at, _)| at)),
        "last_check_details": domain.message.as_ref().map(|_| json!({ "found": ["192.0.2.7"] })),
        "is_tls_enabled": status == Some(true),
        "is_redirect_to_primary": domain.redirect,
        "is_primary": domain.primary,
        "is_editable": !domain.managed,
        "is_managed_by_divio": domain.managed,
        "is_wildcard": domain.name.starts_with('*'),
        "is_monitored": !domain.managed,
        "setup_instructions_html": (!domain.managed).then_some(instructions),
        "additional_actions": [],
        "domain_config": domain.config,
        "state": view.word(usual),
        "state_message": domain.message,
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let name = call.query.get("name");
    let items: Vec<(usize, &Domain)> = world
        .scope(call)
        .into_iter()
        .flat_map(|n| {
            world
                .detail(n)
                .domains
                .iter()
                .map(move |domain| (n, domain))
        })
        .filter(|(_, domain)| name.is_none_or(|name| domain.name == name))
        .collect();
    paging::page(call, &items, |(n, domain)| {
        wire(world, &call.view, *n, domain)
    })
}

fn place(world: &World, key: Key) -> Result<usize, Refusal> {
    let domains = &world.detail(key.parent).domains;
    domains
        .iter()
        .position(|domain| domain.n == key.ordinal)
        .ok_or(Refusal::MISSING)
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::Domain)?;
    let domain = &call.world.detail(key.parent).domains[place(call.world, key)?];
    Ok(Reply::ok(&wire(call.world, &call.view, key.parent, domain)))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let mut form = call.form();
    let environment = form.reference("environment", Kind::Environment);
    let name = form.text("name", 255);
    if name
        .as_ref()
        .is_some_and(|name| !name.contains('.') || name.contains(char::is_whitespace))
    {
        form.complain("name", "Enter a valid domain name.");
    }
    form.finish()?;
    let (environment, name) = (present(environment)?.ordinal, present(name)?);
    call.world.may_change_environment(environment)?;
    if call
        .world
        .detail(environment)
        .domains
        .iter()
        .any(|domain| domain.name == name)
    {
        return Err(Refusal::field("name", "This domain is already in use."));
    }
    let detail = call.world.detail_mut(environment);
    let n = detail.next_ordinal();
    detail.domains.push(Domain {
        n,
        name: name.clone(),
        primary: false,
        redirect: false,
        managed: false,
        checked: None,
        message: None,
        config: json!({}),
    });
    Ok(Reply::created(&json!({
        "uuid": call.world.id(Kind::Domain, environment, n),
        "name": name,
        "environment": call.world.root_id(Kind::Environment, environment),
    })))
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let key = changeable(call)?;
    let mut form = call.partial_form();
    let redirect = form.flag("is_redirect_to_primary");
    form.finish()?;
    let config = call.body.get("domain_config").cloned();
    let place = place(call.world, key)?;
    let domain = &mut call.world.detail_mut(key.parent).domains[place];
    domain.redirect = redirect.unwrap_or(domain.redirect);
    domain.config = config.unwrap_or_else(|| domain.config.clone());
    let (redirect, config) = (domain.redirect, domain.config.clone());
    Ok(Reply::ok(&json!({
        "uuid": call.subject, "is_redirect_to_primary": redirect, "domain_config": config,
    })))
}

pub(super) fn destroy(call: &mut Call<'_>) -> Outcome {
    let key = changeable(call)?;
    let place = place(call.world, key)?;
    let domain = &call.world.detail(key.parent).domains[place];
    if domain.primary {
        return Err(Refusal::whole("The primary domain cannot be removed."));
    }
    if domain.managed {
        return Err(Refusal::whole("This domain belongs to the platform."));
    }
    call.world.detail_mut(key.parent).domains.remove(place);
    Ok(Reply::deleted())
}

pub(super) fn make_primary(call: &mut Call<'_>) -> Outcome {
    let key = changeable(call)?;
    for domain in &mut call.world.detail_mut(key.parent).domains {
        domain.primary = domain.n == key.ordinal;
        domain.redirect &= !domain.primary;
    }
    Ok(Reply::done())
}

pub(super) fn toggle_redirect(call: &mut Call<'_>) -> Outcome {
    let key = changeable(call)?;
    let place = place(call.world, key)?;
    let domain = &mut call.world.detail_mut(key.parent).domains[place];
    domain.redirect = !domain.redirect;
    let redirect = domain.redirect;
    Ok(Reply::ok(
        &json!({ "redirect_to_primary": redirect, "uuid": call.subject }),
    ))
}

fn changeable(call: &Call<'_>) -> Result<Key, Refusal> {
    let key = call.subject(Kind::Domain)?;
    call.world.may_change_environment(key.parent)?;
    Ok(key)
}
