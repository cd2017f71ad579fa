//! `flightdeck incident`: what is broken, what happened and what was done, as a report to show to
//! others.
//!
//! Everything is put into the state that the dashboard has, so that both write the same report.

use std::io::Write as _;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::Incident;
use super::exit::{CliError, Exit};
use super::fleet::Fleet;
use super::pages::Pages;
use super::terminal::{output, tell};
use crate::app::State;
use crate::app::contexts::{Context, SupportTable};
use crate::app::incident;
use crate::app::rows;
use crate::config::Environment;
use crate::model::{
    AppId, Capability, ContextId, DeploymentScope, Environment as Env, Page, Query, Scoped, Support,
};
use crate::shell;
use crate::store::paths;

/// Reads what happened and writes the report.
pub(super) async fn run(
    fleet: &mut Fleet,
    args: &Incident,
    audit: Option<PathBuf>,
) -> Result<Exit, CliError> {
    let now = shell::now();
    let from = now.checked_sub(args.since).unwrap_or(Timestamp::MIN);
    let mut state = State::new(contexts(fleet), fleet.rules(), now, TimeZone::UTC);
    read_inventory(fleet, &mut state).await;
    read_events(fleet, &mut state, from).await;
    let own = read_past(&mut state, audit, from);
    note_failures(fleet, &mut state);
    derive(&mut state);
    let mut out = output();
    out.write_all(incident::report(&state, from, usize::MAX).as_bytes())?;
    out.flush()?;
    Ok(tell_failures(fleet).max(own))
}

/// Where the audit of earlier runs is.
pub(super) fn audit_folder(environment: &Environment, is_demo: bool) -> Option<PathBuf> {
    let state = environment.state_dir().filter(|_| !is_demo)?;
    Some(paths::audit_dir(&state))
}

fn contexts(fleet: &Fleet) -> Vec<Context> {
    let configured = fleet.contexts().iter().enumerate();
    configured
        .map(|(at, config)| {
            let support = |what: &Capability| {
                let support = if fleet.offers(at, *what) {
                    Support::Yes
                } else {
                    Support::No("not offered")
                };
                (*what, support)
            };
            let support: SupportTable = Capability::ALL.iter().map(support).collect();
            let profile = config.adapter.profile;
            let mut context = Context::new(id(at), config.name.clone(), profile, support);
            context.class = config.class;
            context
        })
        .collect()
}

fn id(at: usize) -> ContextId {
    // Far fewer contexts than 65,536 fit a screen.
    ContextId(u16::try_from(at).unwrap_or(u16::MAX))
}

/// Apps and environments, where necessary app by app.
async fn read_inventory(fleet: &mut Fleet, state: &mut State) {
    let all = 0..fleet.contexts().len();
    let apps = all.clone().map(|at| (at, Query::Apps)).collect();
    for pages in fleet.ask(apps).await {
        let (at, is_whole) = (pages.context, pages.failure.is_none());
        let page = Page::whole(pages.apps());
        if let Some(fleet) = state.inventory.fleet_mut(id(at)) {
            fleet.take_apps(page, is_whole, state.now);
        }
    }
    let at_once = |fleet: &Fleet, at| fleet.offers(at, Capability::ListAllEnvironments);
    let mut questions: Vec<_> = all
        .filter(|at| at_once(fleet, *at))
        .map(|at| (at, Query::AllEnvironments))
        .collect();
    questions.extend(
        apps_of(state)
            .filter(|app| !at_once(fleet, usize::from(app.context.0)))
            .map(|app| (usize::from(app.context.0), Query::Environments(app.id))),
    );
    for pages in fleet.ask(questions).await {
        take_environments(state, pages);
    }
}

fn take_environments(state: &mut State, pages: Pages) {
    let (context, is_whole) = (id(pages.context), pages.failure.is_none());
    let page = Page::whole(pages.environments());
    if let Some(fleet) = state.inventory.fleet_mut(context) {
        fleet.take_environments(page, is_whole, state.now);
    }
}

fn apps_of(state: &State) -> impl Iterator<Item = Scoped<AppId>> + '_ {
    let fleets = state.contexts.iter().filter_map(|context| {
        let apps = state.inventory.fleet(context.id)?.apps.value.as_ref()?;
        Some((context.id, apps))
    });
    fleets.flat_map(|(context, apps)| {
        apps.keys()
            .map(move |app| Scoped::new(context, app.clone()))
    })
}

/// Trails of every context, and deployments of the apps in which something may have happened.
async fn read_events(fleet: &mut Fleet, state: &mut State, from: Timestamp) {
    let trails =
        (0..fleet.contexts().len()).filter(|at| fleet.offers(*at, Capability::ListActivity));
    let mut questions: Vec<_> = trails.map(|at| (at, Query::Activity(None))).collect();
    let trails = questions.len();
    let apps: Vec<_> = apps_of(state)
        .filter(|app| {
            fleet.offers(usize::from(app.context.0), Capability::ListDeployments)
                && may_have_changed(state, app, from)
        })
        .collect();
    questions.extend(apps.iter().map(|app| {
        let scope = DeploymentScope::App(app.id.clone());
        (usize::from(app.context.0), Query::Deployments(scope))
    }));
    let mut answers = fleet.ask(questions).await;
    let deployments = answers.split_off(trails);
    for pages in answers.into_iter().filter(|pages| pages.failure.is_none()) {
        let of = Scoped::new(id(pages.context), None);
        state
            .inventory
            .take_activity(of, pages.activity(), state.now);
    }
    for (app, pages) in apps.into_iter().zip(deployments) {
        if pages.failure.is_none() {
            let of = Scoped::new(app.context, DeploymentScope::App(app.id));
            let mut list = pages.deployments();
            list.retain(|it| it.ended_at.or(it.started_at).is_none_or(|at| at >= from));
            state.inventory.take_deployments(of, list, state.now);
        }
    }
}

/// Whether a deployment may fall into the time: one request for each of hundreds of apps in which
/// nothing stirred would serve nobody. What is broken or changing is always looked at.
fn may_have_changed(state: &State, app: &Scoped<AppId>, from: Timestamp) -> bool {
    let Some(fleet) = state.inventory.fleet(app.context) else {
        return false;
    };
    let stirs = |env: &Env| {
        let is_quiet = !env.status.is_problem() && !env.status.is_changing();
        let released = env.release.as_ref().and_then(|release| release.at);
        let last = env.changed_at.max(released);
        !is_quiet || env.running.is_some() || last.is_none_or(|at| at >= from)
    };
    let mut envs = fleet.environments_of(&app.id).peekable();
    envs.peek().is_none() || envs.any(stirs)
}

/// What was done from this machine; an audit that cannot be read is told and is no reason to write
/// nothing.
fn read_past(state: &mut State, audit: Option<PathBuf>, from: Timestamp) -> Exit {
    let Some(dir) = audit else { return Exit::Done };
    match shell::past_operations(&dir, from) {
        Ok(list) => {
            state.past = list;
            Exit::Done
        }
        Err(error) => {
            let dir = dir.display();
            tell(format_args!("the audit in {dir} cannot be read: {error}"));
            Exit::Failed
        }
    }
}

fn note_failures(fleet: &Fleet, state: &mut State) {
    for at in 0..fleet.contexts().len() {
        let failure = fleet.failure(at).cloned();
        if let Some(context) = state.contexts.get_mut(id(at)) {
            context.failing = failure;
        }
    }
}

/// As for other commands, but without the platform's own words: whoever keeps the report keeps these
/// lines beside it.
fn tell_failures(fleet: &Fleet) -> Exit {
    let mut worst = Exit::Done;
    for (at, context) in fleet.contexts().iter().enumerate() {
        if let Some(failure) = fleet.failure(at) {
            let (short, advice) = (failure.short(), failure.advice());
            tell(format_args!("{}: {short}; {advice}", context.name));
            worst = worst.max(Exit::of(failure));
        }
    }
    worst
}

fn derive(state: &mut State) {
    let overlays: Vec<_> = state
        .contexts
        .iter()
        .map(|context| state.overlay_of(context))
        .collect();
    let rows = rows::build(&state.contexts, &state.inventory, &state.rules, &overlays);
    state.panes.apps.rows = rows;
}
