//! `flightdeck logs`: what logs have, or what they get from now on; several are one, ordered by time.

mod follow;
mod history;
mod join;
mod lines;
mod outcome;
mod paint;
mod place;
mod sift;
mod snapshot;
mod source;
mod weave;

use std::io::{self, IsTerminal as _};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::{Choice, Colouring, LogFormat, Logs};
use super::exit::{CliError, Exit};
use super::fleet::Fleet;
use super::terminal::output;
use crate::config::Environment;
use crate::model::{LogSource, TailRequest};
use crate::shell;

use self::follow::Plan;
use self::lines::{Printer, Style};
use self::place::Place;
use self::sift::{Sift, Wanted};

/// How many lines are asked for where nobody says how many: a few screens.
const USUAL_LINES: u32 = 1_000;
/// How many where some are left out for what they say: the last that match may be further back.
const MANY_LINES: u32 = 10_000;
/// How many where all are meant: those since a time, those of a deployment.
const ALL_LINES: u32 = 100_000;

/// Shows logs.
pub(super) async fn run(
    fleet: &mut Fleet,
    args: &Logs,
    environment: &Environment,
) -> Result<Exit, CliError> {
    let (places, exit) = place::all(fleet, args).await?;
    if places.is_empty() {
        return Ok(exit);
    }
    let zone = TimeZone::system();
    let since = args.choice.since.map(|since| {
        let now = shell::now();
        let at = since.before(now, &zone).filter(|at| *at <= now);
        at.ok_or_else(|| CliError::Usage("--since has not come yet".into()))
    });
    let since = since.transpose()?;
    let wanted = wanted(&args.choice, since);
    let style = style(args, environment, zone, places.len() > 1);
    let is_followed = args.following.follow || args.following.until_done;
    let request = |source: LogSource| TailRequest {
        lines: lines(&wanted, &source),
        source,
        since,
        until: None,
        follow: is_followed,
    };
    let mut printer = Printer::new(output(), style);
    let mut sift = Sift::new(wanted.clone());
    let shown = if is_followed {
        let plan = Plan::new(args, request);
        Box::pin(follow::follow(fleet, places, &plan, sift, printer)).await?
    } else {
        let places = places.into_iter().filter_map(|place: Place| {
            let request = request(place.source.clone()?);
            Some((place, request))
        });
        history::show(fleet, places.collect(), &mut sift, &mut printer).await?
    };
    Ok(exit.max(shown))
}

fn wanted(choice: &Choice, since: Option<Timestamp>) -> Wanted {
    Wanted {
        since,
        pattern: choice.grep.clone(),
        level: choice.level(),
        context: choice.context_lines,
        last: choice.lines,
    }
}

/// How many lines to ask for.
fn lines(wanted: &Wanted, source: &LogSource) -> u32 {
    let is_whole = place::deployment(source).is_some() || wanted.since.is_some();
    let last = wanted
        .last
        .map(|last| u32::try_from(last).unwrap_or(u32::MAX));
    match last {
        _ if is_whole => ALL_LINES,
        _ if wanted.filters() => MANY_LINES,
        Some(last) => last.max(1),
        None => USUAL_LINES,
    }
}

fn style(args: &Logs, environment: &Environment, zone: TimeZone, is_named: bool) -> Style {
    let look = args.look;
    let may_be = || {
        let is_dumb = environment.variable("TERM").is_some_and(|it| it == "dumb");
        let is_plain = is_dumb || environment.variable("NO_COLOR").is_some();
        io::stdout().is_terminal() && !is_plain
    };
    let is_coloured = match look.colour {
        Colouring::Always => true,
        Colouring::Never => false,
        Colouring::Auto => may_be(),
    };
    Style {
        format: look.output,
        time: look.time,
        zone,
        is_coloured: is_coloured && look.output == LogFormat::Text,
        is_named,
        is_parted: args.choice.context_lines > 0,
    }
}
