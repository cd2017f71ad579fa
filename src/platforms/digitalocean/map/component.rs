//! Components: what stands where other platforms have environments.
//!
//! Source: DigitalOcean contract, sections 5.4, 5.6 and 8.

use std::collections::HashMap;

use super::app::{url, version};
use super::deployment::{deployment, phase};
use super::source::{components as parts, release_label, source};
use super::state::{State, running, state, with_pulse};
use crate::model::{
    AppId, Class, Detail, Environment, Progress, Release, Status, Text, Unit, Units, Variable,
};
use crate::platforms::details::{Details, text};
use crate::platforms::digitalocean::memory::{KnownProject, Newest, Pulse};
use crate::platforms::digitalocean::{ids, wire};

/// What the record of an app does not say itself.
pub(in crate::platforms::digitalocean) struct Around<'a> {
    /// Projects by identifier.
    pub(in crate::platforms::digitalocean) projects: &'a HashMap<String, KnownProject>,
    /// How its components do, by name.
    pub(in crate::platforms::digitalocean) pulses: &'a HashMap<String, Pulse>,
    /// How its newest deployment ended.
    pub(in crate::platforms::digitalocean) newest: Option<&'a Newest>,
    /// Whether the platform's own control panel shows it.
    pub(in crate::platforms::digitalocean) has_panel: bool,
}

/// The components of an app, databases last.
pub(in crate::platforms::digitalocean) fn components(
    app: &wire::App,
    around: &Around<'_>,
) -> Vec<Environment> {
    let Some(spec) = app.spec.as_ref() else {
        return Vec::new();
    };
    let shared = Shared::of(app, around);
    let databases = spec.databases.as_deref().unwrap_or_default();
    let databases = databases.iter().filter_map(|it| shared.database(it));
    let components = parts(spec)
        .filter_map(|(kind, component)| shared.component(kind, component))
        .chain(databases);
    with_a_speaker(components.collect())
}

/// A job tells of its own runs only, every other component of all that the app has: one of these is
/// asked, if there is one.
fn with_a_speaker(mut components: Vec<Environment>) -> Vec<Environment> {
    let is_job = |it: &Environment| it.kind.as_ref().is_some_and(|kind| kind.as_str() == "job");
    if let Some(speaker) = components.iter().position(|it| !is_job(it)) {
        for (at, component) in components.iter_mut().enumerate() {
            component.tells_lists = at == speaker;
        }
    }
    components
}

/// What all components of an app have from it.
struct Shared<'a> {
    app: &'a wire::App,
    around: &'a Around<'a>,
    state: State,
    class: Option<Class>,
    progress: Option<Progress>,
}

impl<'a> Shared<'a> {
    fn of(app: &'a wire::App, around: &'a Around<'a>) -> Self {
        let project = app.project_id.as_deref();
        let progress = running(app).map(|running| Progress {
            tree: Vec::new(),
            ..deployment(&app.id, running).progress
        });
        Self {
            app,
            around,
            state: state(app, around.newest),
            class: project.and_then(|id| around.projects.get(id)?.class),
            progress,
        }
    }

    fn bare(&self, name: Text, kind: &str) -> Environment {
        let id = ids::environment(&self.app.id, name.as_str());
        Environment {
            kind: Some(Text::clean(kind)),
            class: self.class,
            revision: version(self.app),
            ..Environment::new(id, AppId::new(&self.app.id), name)
        }
    }

    /// Absent for a component without a name: it cannot be asked for.
    fn component(&self, kind: &str, wire: &wire::Component) -> Option<Environment> {
        let name = text(&wire.name)?;
        let pulse = self.around.pulses.get(name.as_str());
        let running = running(self.app);
        let (status, reason) = self.state_of(kind, name.as_str(), pulse);
        let release = is_deployed(self.app, name.as_str())
            .then(|| release(self.app, Some(name.as_str())))
            .flatten();
        Some(Environment {
            status,
            reason,
            running: running.map(|running| ids::deployment(&self.app.id, &running.id)),
            progress: self.progress.clone(),
            changed_at: running
                .and_then(|running| running.phase_last_updated_at.or(*running.created_at))
                .or(*self.app.last_deployment_active_at),
            units: pulse.and_then(|pulse| pulse.units),
            cpu_percent: pulse.and_then(|pulse| pulse.cpu),
            memory_percent: pulse.and_then(|pulse| pulse.memory),
            url: address(self.app, kind, wire),
            branch: source(wire).branch,
            has_runtime_log: release.is_some() && kind != "static site",
            release,
            details: details(kind, wire, self.app),
            ..self.bare(name, kind)
        })
    }

    /// Of what has no instances to look at, only that it is there is known.
    fn state_of(&self, kind: &str, name: &str, pulse: Option<&Pulse>) -> State {
        let state = with_pulse(self.state.clone(), pulse);
        if state.0 != Status::Live {
            return state;
        }
        if !is_deployed(self.app, name) {
            return (Status::Stopped, Some(Text::clean("not deployed yet")));
        }
        match kind {
            "job" | "function" => (Status::Present, state.1),
            _ => state,
        }
    }

    fn database(&self, wire: &wire::Database) -> Option<Environment> {
        let name = text(&wire.name)?;
        let is_managed = *wire.production == Some(true);
        let engine = text(&wire.engine);
        let is_backed_up = matches!(wire.engine.as_deref(), Some("PG" | "MYSQL")) && is_managed;
        let kind = if is_managed {
            "database"
        } else {
            "dev database"
        };
        Some(Environment {
            status: Status::Present,
            reason: (!is_managed).then(|| Text::clean("development database, no backups")),
            backup_schedule: is_backed_up.then(|| Text::clean("daily")),
            details: Details::default()
                .text("Engine", engine)
                .word("Version", &wire.version)
                .word("Cluster", &wire.cluster_name)
                .word("Database", &wire.db_name)
                .word("User", &wire.db_user)
                .word("Size", &wire.size)
                .count("Nodes", *wire.num_nodes)
                .done(),
            ..self.bare(name, kind)
        })
    }
}

/// Whether what serves has the component. Without a spec of its own, it has what the app has.
fn is_deployed(app: &wire::App, name: &str) -> bool {
    let Some(active) = app.active_deployment.as_ref() else {
        return false;
    };
    let spec = active.spec.as_deref();
    spec.is_none_or(|spec| parts(spec).any(|(_, it)| it.name.as_deref() == Some(name)))
}

/// What serves: of the app, or of one component.
pub(super) fn release(app: &wire::App, component: Option<&str>) -> Option<Release> {
    let active = app.active_deployment.as_ref()?;
    let is_live = phase(active).is_final();
    Some(Release {
        label: release_label(active, component),
        deployment: Some(ids::deployment(&app.id, &active.id)),
        at: app
            .last_deployment_active_at
            .or(*active.phase_last_updated_at)
            .filter(|_| is_live || active.phase.is_none()),
        by: deployment(&app.id, active).by,
    })
}

/// Where a component answers: the app's address with its path.
fn address(app: &wire::App, kind: &str, wire: &wire::Component) -> Option<Text> {
    if matches!(kind, "worker" | "job") {
        return None;
    }
    let path = route(app, wire)?;
    let base = url(app)?;
    let path = path.trim_end_matches('/');
    Some(Text::clean(&format!(
        "{}{path}",
        base.as_str().trim_end_matches('/')
    )))
}

/// The first path that leads to it: of the ingress, else of its own routes, which are the old form.
fn route(app: &wire::App, wire: &wire::Component) -> Option<String> {
    let ingress = app.spec.as_ref().and_then(|spec| spec.ingress.as_ref());
    let rules = ingress
        .and_then(|ingress| ingress.rules.as_deref())
        .unwrap_or_default();
    let own = rules.iter().find(|rule| {
        let leads_to = rule.component.as_ref().and_then(|it| it.name.as_deref());
        leads_to.is_some() && leads_to == wire.name.as_deref()
    });
    let path = own
        .and_then(|rule| rule.matches.as_ref()?.path.as_ref())
        .and_then(|path| path.prefix.clone().or_else(|| path.exact.clone()));
    let routes = wire.routes.as_deref().unwrap_or_default();
    path.or_else(|| routes.iter().find_map(|route| route.path.clone()))
        .or_else(|| own.map(|_| "/".to_owned()))
}

fn details(kind: &str, wire: &wire::Component, app: &wire::App) -> Vec<Detail> {
    let source = source(wire);
    let schedule = wire.schedule.as_ref();
    let destinations = wire.log_destinations.as_deref().unwrap_or_default();
    let destinations: Vec<_> = destinations
        .iter()
        .filter_map(|it| text(&it.name))
        .collect();
    let destinations: Vec<_> = destinations.iter().map(Text::as_str).collect();
    let count = wire
        .instance_count
        .and_then(|count| i64::try_from(count).ok());
    Details::default()
        .text("Source", source.place)
        .when(
            "Deploys on push",
            &crate::platforms::loose::Loose(Some(source.on_push)),
        )
        .word("Folder", &wire.source_dir)
        .word("Dockerfile", &wire.dockerfile_path)
        .word("Runtime", &wire.environment_slug)
        .word("Size", &wire.instance_size_slug)
        .count("Instances", count)
        .text("Autoscaling", wire.autoscaling.as_ref().map(autoscaling))
        .text(
            "Path",
            route(app, wire).and_then(|path| Text::non_empty(&path)),
        )
        .count("HTTP port", *wire.http_port)
        .text(
            "Internal ports",
            wire.internal_ports
                .as_ref()
                .and_then(|ports| Text::non_empty(&ports.join(", "))),
        )
        .text("Runs", (kind == "job").then(|| super::job::schedule(wire)))
        .text(
            "Time zone",
            schedule.and_then(|schedule| text(&schedule.time_zone)),
        )
        .word("Time limit", &wire.timeout)
        .text("Logs go to", Text::non_empty(&destinations.join(", ")))
        .done()
}

/// "2 to 8 instances, CPU 80 %".
fn autoscaling(wire: &wire::Autoscaling) -> Text {
    let number = |number: Option<u64>| number.map_or("?".to_owned(), |number| number.to_string());
    let mut words = vec![format!(
        "{} to {} instances",
        number(*wire.min_instance_count),
        number(*wire.max_instance_count)
    )];
    if let Some(metrics) = wire.metrics.as_ref() {
        let cpu = metrics.cpu.as_ref().and_then(|cpu| *cpu.percent);
        words.extend(cpu.map(|percent| format!("CPU {percent} %")));
        let requests = metrics.requests_per_second.as_ref();
        let requests = requests.and_then(|requests| *requests.per_instance);
        words.extend(requests.map(|count| format!("{count} requests/s each")));
        let latency = metrics.request_duration.as_ref();
        let latency = latency.and_then(|latency| *latency.p95_milliseconds);
        words.extend(latency.map(|ms| format!("{ms} ms for 95 %")));
    }
    Text::clean(&words.join(", "))
}

/// How a component does; absent without its name.
pub(in crate::platforms::digitalocean) fn pulse(
    wire: &wire::ComponentHealth,
) -> Option<(String, Pulse)> {
    let count = |count: Option<u64>| count.and_then(|count| u32::try_from(count).ok());
    // Zero is left out: without both there are no instances to speak of.
    let (ready, wanted) = (count(*wire.replicas_ready), count(*wire.replicas_desired));
    let has_units = ready.is_some() || wanted.is_some();
    let pulse = Pulse {
        units: has_units.then(|| Units {
            ready: ready.unwrap_or(0),
            wanted: wanted.unwrap_or(0),
        }),
        cpu: has_units.then(|| percent(*wire.cpu_usage_percent)),
        memory: has_units.then(|| percent(*wire.memory_usage_percent)),
        is_unhealthy: wire.state.as_deref() == Some("UNHEALTHY"),
    };
    Some((text(&wire.name)?.to_string(), pulse))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share in per cent is shown without digits"
)]
fn percent(value: Option<f64>) -> f32 {
    value.unwrap_or(0.0) as f32
}

/// One instance; absent without the name by which it is opened.
pub(in crate::platforms::digitalocean) fn unit(app: &str, wire: &wire::Instance) -> Option<Unit> {
    let id = text(&wire.instance_name).or_else(|| text(&wire.instance_alias))?;
    let component = text(&wire.component_name);
    Some(Unit {
        name: text(&wire.instance_alias).unwrap_or_else(|| id.clone()),
        id,
        environment: component
            .as_ref()
            .map(|name| ids::environment(app, name.as_str())),
        status: Status::Present,
        state: None,
        started_at: None,
        details: Details::default()
            .text("Component", component)
            .word("Type", &wire.component_type)
            .done(),
    })
}

/// The variables a component sees: its own, which take precedence, and the app's.
pub(in crate::platforms::digitalocean) fn variables(
    app: wire::App,
    component: &str,
) -> Option<Vec<Variable>> {
    let spec = app.spec.0?.read;
    let is_database = spec
        .databases
        .iter()
        .flatten()
        .any(|database| database.name.as_deref() == Some(component));
    if is_database {
        return Some(Vec::new());
    }
    let lists = [
        spec.services,
        spec.static_sites,
        spec.workers,
        spec.jobs,
        spec.functions,
    ];
    let mut all = lists.into_iter().filter_map(|list| list.0).flatten();
    let found = all.find(|it| it.name.as_deref() == Some(component))?;
    let own = found.envs.0.unwrap_or_default().into_iter();
    let mut seen: Vec<Variable> = own
        .filter_map(|it| variable(&app.id, component, it))
        .collect();
    let shared = spec.envs.0.unwrap_or_default().into_iter();
    let shared = shared.filter_map(|it| variable(&app.id, "", it));
    let shared: Vec<_> = shared
        .filter(|it| !seen.iter().any(|own| own.name == it.name))
        .collect();
    seen.extend(shared);
    Some(seen)
}

/// A secret comes back encrypted: that is no value.
fn variable(app: &str, component: &str, wire: wire::Variable) -> Option<Variable> {
    let name = text(&wire.key)?;
    let is_sensitive = wire.kind.as_deref() == Some("SECRET");
    Some(Variable {
        id: Some(ids::variable(app, component, name.as_str())),
        is_sensitive,
        is_read_only: false,
        scope: component.is_empty().then(|| Text::clean("app")),
        changed_at: None,
        details: Details::default()
            .text("Set when", Some(when(wire.scope.as_deref())))
            .done(),
        // Empty is left out on the wire, and is a value all the same.
        value: (!is_sensitive).then(|| {
            wire.value
                .0
                .unwrap_or_else(|| crate::model::Secret::new(""))
        }),
        name,
    })
}

fn when(scope: Option<&str>) -> Text {
    Text::clean(match scope {
        None | Some("" | "UNSET" | "RUN_AND_BUILD_TIME") => "it is built and runs",
        Some("RUN_TIME") => "it runs",
        Some("BUILD_TIME") => "it is built",
        Some(word) => word,
    })
}
