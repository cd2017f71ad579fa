//! Apps.
//!
//! Source: tsuru contract, sections 5, 6 and 7.

use jiff::Timestamp;

use super::busy::{Busy, busy};
use super::deploy::release;
use super::group::versions;
use super::place::class;
use super::plan::words;
use super::state::{State, of_units, real, unknown, without_units};
use super::words::list;
use crate::model::{App, AppId, Detail, OrgId, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::tsuru::wire;

/// What the record of an app does not say itself.
#[derive(Clone, Copy, Default)]
pub(in crate::platforms::tsuru) struct Around<'a> {
    /// Events under way.
    pub(in crate::platforms::tsuru) running: &'a [wire::Event],
    /// Deploys of any app, newest first.
    pub(in crate::platforms::tsuru) deploys: &'a [wire::Deploy],
    /// Deploys of this app, as far as they were read.
    pub(in crate::platforms::tsuru) own_deploys: &'a [wire::Deploy],
    /// The same app in full, as it was last read.
    pub(in crate::platforms::tsuru) full: Option<&'a wire::App>,
    /// What its units were measured at.
    pub(in crate::platforms::tsuru) measured: &'a [wire::UnitMetrics],
    /// Plans of processes that have their own.
    pub(in crate::platforms::tsuru) plans: &'a [wire::Plan],
    /// What time it is there.
    pub(in crate::platforms::tsuru) now: Option<Timestamp>,
}

impl<'a> Around<'a> {
    /// Deploys of an app, newest first.
    pub(super) fn deploys_of(&self, app: &'a str) -> impl Iterator<Item = &'a wire::Deploy> {
        let all = self.deploys.iter();
        let all = all.filter(move |deploy| deploy.app.as_deref() == Some(app));
        all.chain(self.own_deploys)
    }

    /// How many there were; absent where that is not known.
    pub(super) fn deploy_count(&self, wire: &'a wire::App) -> Option<i64> {
        let said = (*wire.deploys).or_else(|| *self.full?.deploys);
        let seen = self.deploys_of(&wire.name).next().map(|_| 1);
        said.filter(|count| *count > 0).or(seen).or(said)
    }

    pub(super) fn busy(&self, app: &str) -> Option<Busy> {
        busy(app, self.running, self.now)
    }
}

/// The state of all of an app, before what goes on with it.
pub(super) fn state(wire: &wire::App, around: &Around<'_>) -> State {
    let units: Vec<_> = real(wire.units.as_deref()).collect();
    match (units.is_empty(), text(&wire.error)) {
        (true, Some(error)) => unknown(&error),
        (true, None) => without_units(around.deploy_count(wire)),
        (false, error) => {
            let (status, reason) = of_units(&units);
            (status, reason.or(error))
        }
    }
}

pub(in crate::platforms::tsuru) fn app(wire: &wire::App, around: &Around<'_>) -> Option<App> {
    let name = Text::non_empty(&wire.name)?;
    let busy = around.busy(&wire.name);
    let (status, reason) = Busy::lay_over(busy.as_ref(), state(wire, around));
    let versions = versions(wire);
    Some(App {
        organisation: wire
            .team_owner
            .as_deref()
            .filter(|it| !it.is_empty())
            .map(OrgId::new),
        class: wire.pool.as_deref().and_then(class),
        status,
        reason,
        release: release(&versions, || around.deploys_of(&wire.name)),
        url: url(wire),
        badges: Busy::badge(busy.as_ref()).into_iter().collect(),
        details: details(wire, around),
        ..App::new(AppId::new(&wire.name), name)
    })
}

/// Where an app answers: at its own domain, else at that of its router.
pub(super) fn url(wire: &wire::App) -> Option<Text> {
    let own = custom(wire).next();
    let generated = || addresses(wire).next().map(|(_, address)| address);
    own.or_else(generated).and_then(openable)
}

/// The platform does not say whether it is served over TLS; who answers there redirects.
fn openable(host: &str) -> Option<Text> {
    if host.contains("://") {
        return Text::non_empty(host);
    }
    Text::non_empty(&format!("http://{host}"))
}

/// Domains of the app's own. A list of one empty name is none.
pub(super) fn custom(wire: &wire::App) -> impl Iterator<Item = &str> {
    let names = wire.cname.iter().flatten().map(|name| name.trim());
    names.filter(|name| !name.is_empty())
}

/// Where its routers answer, with the router. `ip` repeats the first one's; older servers have it
/// alone.
pub(super) fn addresses(wire: &wire::App) -> impl Iterator<Item = (Option<&wire::Router>, &str)> {
    let routers = wire.routers.iter().flatten();
    let routed = routers.flat_map(|router| {
        let many = router.addresses.iter().flatten().map(String::as_str);
        let only = router
            .address
            .as_deref()
            .filter(|_| router.addresses.iter().flatten().next().is_none());
        many.chain(only).map(move |address| (Some(router), address))
    });
    let only = wire
        .ip
        .as_deref()
        .filter(|_| wire.routers.iter().flatten().next().is_none());
    let all = routed.chain(only.map(|ip| (None, ip)));
    all.map(|(router, address)| (router, address.trim()))
        .filter(|(_, address)| !address.is_empty())
}

fn details(wire: &wire::App, around: &Around<'_>) -> Vec<Detail> {
    let full = around.full;
    let word = |own: &Option<String>, known: Option<&Option<String>>| {
        let own = own.as_deref().and_then(Text::non_empty);
        own.or_else(|| known?.as_deref().and_then(Text::non_empty))
    };
    let known = |field: fn(&wire::App) -> &Option<String>| word(field(wire), full.map(field));
    let plan = wire.plan.as_ref().or_else(|| full?.plan.as_ref());
    let quota = wire.quota.as_ref().or_else(|| full?.quota.as_ref());
    let mut details = Details::default()
        .text("Description", known(|it| &it.description))
        .word("Pool", &wire.pool)
        .word("Team", &wire.team_owner)
        .text("Platform", known(|it| &it.platform))
        .text("Plan", plan.map(words))
        .text("Quota", quota.and_then(quota_words))
        .text("Tags", wire.tags.as_ref().and_then(list));
    for router in wire.routers.iter().flatten() {
        details = details.text("Router", router_words(router));
    }
    details
        .text(
            "Teams with access",
            full.and_then(|it| list(it.teams.iter().flatten())),
        )
        .text("Owner", known(|it| &it.owner))
        .text("Cluster", known(|it| &it.cluster))
        .text("Provisioner", known(|it| &it.provisioner))
        .count(
            "Deploys",
            around.deploy_count(wire).filter(|_| full.is_some()),
        )
        .url("Dashboard", known(|it| &it.dashboard_url))
        .word("Not known", &wire.error)
        .done()
}

/// "3 of 40 units", "3 units, no limit".
fn quota_words(quota: &wire::Quota) -> Option<Text> {
    let used = (*quota.in_use)?;
    Some(Text::clean(&match *quota.limit {
        Some(limit) if limit >= 0 => format!("{used} of {limit} units"),
        Some(_) | None => format!("{used} units, no limit"),
    }))
}

/// "ingress: not ready, no address".
pub(super) fn router_words(router: &wire::Router) -> Option<Text> {
    let words = [text(&router.status), text(&router.status_detail)];
    let words: Vec<_> = words.iter().flatten().map(Text::as_str).collect();
    Text::non_empty(&if words.is_empty() {
        router.name.clone()
    } else {
        format!("{}: {}", router.name, words.join(", "))
    })
}
