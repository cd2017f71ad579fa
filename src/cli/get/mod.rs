//! `flightdeck get`: lists for people and scripts.

mod apps;
mod backups;
mod contexts;
mod deployments;
mod environments;
mod offers;
mod others;
mod parts;
mod resources;
mod select;

use std::io::Write as _;

use serde::Serialize;

use super::args::{Format, Get, Kind};
use super::exit::{CliError, Exit};
use super::fleet::Fleet;
use super::output::{ContextOutcome, Document, Problem, SCHEMA};
use super::table::{Column, write_csv, write_table};
use super::target::{self, Target};
use super::terminal::output;
use crate::shell;

/// A kind of entry that can be listed.
trait Listed: Serialize + Sized + 'static {
    /// Its name in JSON.
    const KIND: &'static str;
    /// Its columns, in order.
    const COLUMNS: &'static [Column<Self>];
}

/// Lists what was asked for.
pub(super) async fn run(fleet: &mut Fleet, args: &Get) -> Result<Exit, CliError> {
    let target = args.target.as_ref();
    let contexts = target::contexts(fleet, target)?;
    match args.kind {
        Kind::Contexts => {
            refuse_app(args.kind, target)?;
            let items = contexts::contexts(fleet, &contexts).await;
            finish(fleet, args, Ok(items))
        }
        Kind::Orgs => {
            refuse_app(args.kind, target)?;
            let items = contexts::organisations(fleet, &contexts).await;
            finish(fleet, args, Ok(items))
        }
        Kind::Apps => {
            let items = apps::apps(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Envs => {
            let items = environments::environments(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Deployments => {
            let items = deployments::deployments(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Backups => {
            let items = backups::backups(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Activity => {
            let items = resources::activity(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Vars => {
            let target = need_app(args.kind, target)?;
            let items = resources::variables(fleet, target, args.reveal).await;
            finish(fleet, args, items)
        }
        Kind::Domains => {
            let target = need_app(args.kind, target)?;
            let items = resources::domains(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Services => {
            let target = need_app(args.kind, target)?;
            let items = resources::services(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Metrics => {
            let target = need_app(args.kind, target)?;
            let items = resources::metrics(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Units => {
            let target = need_app(args.kind, target)?;
            let items = parts::units(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Alerts => {
            let items = parts::alerts(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Jobs => {
            let target = need_app(args.kind, target)?;
            let items = parts::jobs(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Runs => {
            let target = need_app(args.kind, target)?;
            let items = parts::runs(fleet, target).await;
            finish(fleet, args, items)
        }
        Kind::Sizes => {
            refuse_app(args.kind, target)?;
            let items = offers::sizes(fleet, &contexts).await;
            finish(fleet, args, Ok(items))
        }
        Kind::Regions => {
            refuse_app(args.kind, target)?;
            let items = offers::regions(fleet, &contexts).await;
            finish(fleet, args, Ok(items))
        }
        Kind::Others => match others::names_one(target) {
            Some(target) => {
                let items = others::others(fleet, &contexts, target).await;
                finish(fleet, args, items)
            }
            None => finish(fleet, args, Ok(others::kinds(fleet, &contexts))),
        },
    }
}

/// What is above apps has no app as its target.
fn refuse_app(kind: Kind, target: Option<&Target>) -> Result<(), CliError> {
    if target.is_some_and(|target| target.app.is_some()) {
        let what = kind_name(kind);
        let advice = "choose contexts with --context NAME";
        return Err(CliError::Usage(format!(
            "{what} do not belong to an app: {advice}"
        )));
    }
    Ok(())
}

/// One request for every environment of every app would serve nobody.
fn need_app(kind: Kind, target: Option<&Target>) -> Result<&Target, CliError> {
    let named = target.filter(|target| target.app.is_some());
    named.ok_or_else(|| {
        let what = kind_name(kind);
        CliError::Usage(format!(
            "say of what: flightdeck get {what} [CONTEXT:]APP[/ENVIRONMENT]"
        ))
    })
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Contexts => "contexts",
        Kind::Orgs => "orgs",
        Kind::Apps => "apps",
        Kind::Envs => "envs",
        Kind::Deployments => "deployments",
        Kind::Backups => "backups",
        Kind::Vars => "vars",
        Kind::Domains => "domains",
        Kind::Services => "services",
        Kind::Activity => "activity",
        Kind::Metrics => "metrics",
        Kind::Units => "units",
        Kind::Alerts => "alerts",
        Kind::Jobs => "jobs",
        Kind::Runs => "runs",
        Kind::Sizes => "sizes",
        Kind::Regions => "regions",
        Kind::Others => "others",
    }
}

/// Writes what was found, tells what was not, and gives the exit code.
fn finish<T: Listed>(
    fleet: &Fleet,
    args: &Get,
    found: Result<Vec<T>, CliError>,
) -> Result<Exit, CliError> {
    let is_whole = args.target.is_none();
    let (items, error) = match found {
        Ok(items) => (items, None),
        // A script that reads JSON learns from it why there is nothing.
        Err(error @ CliError::Failure { .. }) if args.output == Format::Json => {
            (Vec::new(), Some(error))
        }
        Err(error) => return Err(error),
    };
    write(fleet, args.output, is_whole, &items)?;
    if args.output != Format::Json {
        fleet.tell_unsupported();
    }
    fleet.tell_parts();
    if let Some(error) = error {
        return Err(error);
    }
    let exit = fleet.tell_failures();
    // Why a context is left out was told when the configuration was read.
    let is_complete = !is_whole || fleet.left_out().is_empty();
    Ok(if is_complete {
        exit
    } else {
        exit.max(Exit::Usage)
    })
}

fn write<T: Listed>(
    fleet: &Fleet,
    format: Format,
    is_whole: bool,
    items: &[T],
) -> Result<(), CliError> {
    let mut out = output();
    let now = shell::now();
    match format {
        Format::Table => write_table(&mut out, T::COLUMNS, items, false, now)?,
        Format::Wide => write_table(&mut out, T::COLUMNS, items, true, now)?,
        Format::Csv => write_csv(&mut out, T::COLUMNS, items)?,
        Format::Json => {
            let document = Document {
                schema: SCHEMA,
                kind: T::KIND,
                generated_at: now,
                items,
                contexts: outcomes(fleet, is_whole),
            };
            serde_json::to_writer_pretty(&mut out, &document).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(())
}

fn outcomes(fleet: &Fleet, is_whole: bool) -> Vec<ContextOutcome> {
    let asked = fleet.contexts().iter().zip(fleet.states());
    let asked = asked.filter(|(_, state)| state.was_asked);
    let asked = asked.map(|(context, state)| ContextOutcome {
        name: context.name.to_string(),
        platform: Some(context.adapter.profile.name),
        ok: state.failure.is_none(),
        error: state.failure.as_ref().map(Problem::from),
        unsupported: state.unsupported.as_ref().map(ToString::to_string),
        fetched_at: state.fetched_at,
    });
    let left_out = fleet.left_out().iter().filter(|_| is_whole);
    let left_out = left_out.map(|name| ContextOutcome {
        name: name.to_string(),
        platform: None,
        ok: false,
        error: Some(Problem {
            kind: "configuration",
            message: "the configuration leaves it out".into(),
            advice: "see flightdeck config check".into(),
            retry_after_s: None,
        }),
        unsupported: None,
        fetched_at: None,
    });
    asked.chain(left_out).collect()
}
