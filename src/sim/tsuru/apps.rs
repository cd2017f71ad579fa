//! Lists and tells apps. Source: tsuru contract, section 5, "Apps".

use regex::Regex;
use serde_json::json;

use super::{
    app::App,
    app_wire::{self, Extent},
    call::Call,
    errors::Refusal,
    event::Event,
    input::Input,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::clock::Moment;

/// The apps the token may read.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let filter = Filter::of(&call.input)?;
    let extent = extent(&call.input);
    let fitting = call.world.present_apps().filter(|app| filter.fits(app));
    let world = &*call.world;
    let apps = fitting.map(|app| app_wire::resume(world, app, &call.view, extent));
    Ok(Reply::list(apps.collect()))
}

fn extent(input: &Input) -> Extent {
    if input.flag("simplified") {
        Extent::Simplified
    } else if input.flag("extended") {
        Extent::Extended
    } else {
        Extent::Usual
    }
}

/// Which apps are listed. The status is read and has no effect, as it is on Kubernetes.
struct Filter {
    name: Option<Regex>,
    exact: Vec<(fn(&App) -> &str, String)>,
    tags: Vec<String>,
}

impl Filter {
    fn of(input: &Input) -> Result<Filter, Refusal> {
        const EXACT: [(&str, fn(&App) -> &str); 4] = [
            ("platform", |app| &app.platform),
            ("teamOwner", |app| &app.team),
            ("owner", |app| &app.owner),
            ("pool", |app| &app.pool),
        ];
        let name = input.get("name").map(|name| Regex::new(&name)).transpose();
        let exact = EXACT.into_iter();
        Ok(Filter {
            name: name.map_err(|error| Refusal::failed(format!("invalid name filter: {error}")))?,
            exact: exact
                .filter_map(|(key, of)| Some((of, input.get(key)?)))
                .collect(),
            tags: input.all("tag"),
        })
    }

    fn fits(&self, app: &App) -> bool {
        self.name
            .as_ref()
            .is_none_or(|name| name.is_match(&app.name))
            && self.exact.iter().all(|(of, wanted)| of(app) == wanted)
            && self.tags.iter().all(|tag| app.tags.contains(tag))
    }
}

/// One app.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let app = &call.world.apps[app];
    Ok(Reply::ok(app_wire::info(call.world, app, &call.view)))
}

/// How many units an app may have, and how many it has.
pub(super) fn quota(call: &mut Call<'_>) -> Outcome {
    let app = &call.world.apps[call.app()?];
    let body = json!({ "limit": app.quota, "inuse": app.in_use() });
    Ok(Reply::ok(body))
}

impl World {
    /// How many deploys of an app went well.
    pub(super) fn successes(&self, app: &App, now: Moment) -> usize {
        let events = app.deploys.iter().map(|place| &self.events[*place]);
        let well = |event: &&Event| !event.is_running(now) && event.error.is_none();
        events.filter(well).count()
    }
}
