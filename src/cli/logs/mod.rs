//! `flightdeck logs`: what a log has, or what it gets from now on.

mod lines;
mod snapshot;
mod source;

use std::io::Write;

use super::args::Logs;
use super::exit::{CliError, Exit, told};
use super::fleet::Fleet;
use super::target;
use super::terminal::{output, tell};
use crate::model::{LogBatch, TailId, TailRequest, TailState};
use crate::shell;

use self::lines::{Origin, Printer, Selection};
use self::source::Found;

/// How many lines are asked for where nobody says how many: a few screens.
const USUAL_LINES: u32 = 1_000;

/// A batch with fewer lines than this is all that there is for now.
const FULL_BATCH: usize = 500;

/// Shows a log.
pub(super) async fn run(fleet: &mut Fleet, args: &Logs) -> Result<Exit, CliError> {
    let place = target::app(fleet, &args.target).await?;
    let Found {
        source,
        environment,
    } = source::find(fleet, &place, args).await?;
    let since = args
        .since
        .and_then(|length| shell::now().checked_sub(length).ok());
    // With a pattern, the last lines that match may be further back than the last lines.
    let wanted = args.lines.filter(|_| args.grep.is_none());
    let wanted = wanted.map(|lines| u32::try_from(lines).unwrap_or(u32::MAX));
    let request = TailRequest {
        source,
        lines: wanted.unwrap_or(USUAL_LINES),
        since,
        until: None,
        follow: args.follow,
    };
    let selection = Selection {
        since,
        pattern: args.grep.clone(),
        last: args.lines,
    };
    let origin = Origin {
        context: fleet.contexts()[place.context].name.to_string(),
        app: place.app.name.to_string(),
        environment: environment.map(|it| it.name.to_string()),
    };
    let mut printer = Printer::new(output(), args.output, selection, origin);
    if args.follow {
        follow(fleet, place.context, request, &mut printer).await?;
    } else {
        let (_, platform) = fleet.platform(place.context)?;
        let context = &fleet.contexts()[place.context].name;
        let lines = snapshot::read(platform.as_ref(), request, context).await?;
        if lines.is_empty() {
            tell(format_args!("{context}: this log has no lines"));
        }
        printer.first(lines)?;
    }
    Ok(fleet.tell_failures())
}

/// Shows lines as they come, until the log ends.
async fn follow(
    fleet: &mut Fleet,
    context: usize,
    request: TailRequest,
    printer: &mut Printer<impl Write>,
) -> Result<(), CliError> {
    let (id, _) = fleet.platform(context)?;
    let name = fleet.contexts()[context].name.to_string();
    let tail = TailId {
        context: id,
        source: request.source.clone(),
    };
    fleet.follow(tail, request);
    // Until the past is complete, its lines are held back: only the last ones may be wanted.
    let mut past = Some(Vec::new());
    while let Some(batch) = fleet.next_batch().await {
        let LogBatch {
            lines,
            skipped,
            restarted,
            state,
            ..
        } = batch;
        if restarted {
            match &mut past {
                Some(past) => past.clear(),
                None => printer.mark("the log was replaced: it begins anew")?,
            }
        }
        if skipped > 0 {
            printer.mark(&format!("{skipped} lines came too fast and were dropped"))?;
        }
        let is_all = lines.len() < FULL_BATCH && state != TailState::Opening;
        match &mut past {
            Some(past) => past.extend(lines),
            None => printer.more(lines)?,
        }
        if let Some(lines) = past.take_if(|_| is_all) {
            printer.first(lines)?;
        }
        match state {
            TailState::Opening | TailState::Live => {}
            TailState::Waiting { failure, retry_in } => {
                let seconds = retry_in.as_secs().max(1);
                tell(format_args!(
                    "{name}: {}; asking again in {seconds} s",
                    told(&failure)
                ));
            }
            TailState::Ended => return Ok(()),
            TailState::Failed(failure) => {
                let context = name;
                return Err(CliError::Failure { context, failure });
            }
        }
    }
    Ok(())
}
