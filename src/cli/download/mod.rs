//! `flightdeck download`: a backup from the platform's storage to this machine.
//!
//! Standard output has one line a file, as `sha256sum` writes it, so that `sha256sum -c` reads it.

mod find;
mod progress;

use std::io::Write as _;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;

use tokio::time::timeout;

use self::find::Found;
use self::progress::Reporter;
use super::args::Download;
use super::exit::{CliError, Exit, told};
use super::fleet::Fleet;
use super::operate;
use super::table::length;
use super::terminal::{output, tell, tell_more};
use super::tier;
use crate::app::confirm::Tier;
use crate::engine;
use crate::model::{
    Class, Destination, DiskTrouble, DownloadRequest, Failure, Operation, OperationKind, Saved,
    Target, Text, TransferEvent, TransferFailure, TransferProblem,
};
use crate::shell;
use crate::store::download::Disk;

/// Downloads a backup.
pub(super) async fn run(fleet: &mut Fleet, args: &Download) -> Result<Exit, CliError> {
    let found = find::find(fleet, &args.backup).await?;
    let request = request(fleet, args, &found)?;
    let (_, platform) = fleet.platform(found.place.context)?;
    let context = &fleet.contexts()[found.place.context].name;
    let title = format!("download {context}:{}", request.target.title);
    let mut progress = Reporter::new(title.clone());
    let mut tell_progress = |event: &TransferEvent| progress.tell(event);
    let keep = Arc::new(Disk);
    let running = engine::download(
        platform,
        request,
        keep,
        fleet.ledger(),
        shell::now,
        &mut tell_progress,
    );
    let result = match args.timeout {
        Some(limit) => timeout(limit, running).await.map_err(|_| {
            let limit = length(limit);
            CliError::TimedOut(format!(
                "{title}: not over after {limit}; what has come stays, and the same command goes \
                 on with it"
            ))
        }),
        None => Ok(running.await),
    };
    progress.end();
    finish(&title, &context.to_string(), result?)
}

/// What is asked for, if that may be.
fn request(fleet: &Fleet, args: &Download, found: &Found) -> Result<DownloadRequest, CliError> {
    let Found {
        place,
        environment,
        backup,
    } = found;
    let (id, platform) = fleet.platform(place.context)?;
    let context = &fleet.contexts()[place.context];
    let fail = |failure| CliError::Failure {
        context: context.name.to_string(),
        failure,
    };
    let kind = OperationKind::PrepareDownload {
        backup: backup.clone(),
    };
    let capability = kind.capability();
    if let Some(reason) = platform.support(capability).refusal() {
        return Err(fail(Failure::unsupported(capability, reason)));
    }
    // The platform is asked to prepare it: that is a change.
    if context.connection.read_only {
        return Err(fail(Failure::ReadOnly));
    }
    let target = Target {
        context: id,
        app: Some(place.app.id.clone()),
        environment: environment.as_ref().map(|it| it.id.clone()),
        title: operate::title(Some(&place.app), environment.as_ref()),
        class: operate::class(fleet, place, environment.as_ref()),
    };
    let operation = Operation { target, kind };
    let tier = Tier::of(&operation, context.is_protected);
    let app = place.app.name.as_str();
    if let Some(missing) = tier::missing(tier, &args.consent, app) {
        let target = &operation.target;
        let class = target.class.map_or("none", Class::word);
        let (context, title, backup) = (&context.name, &target.title, backup.to_text());
        tell(format_args!("this would download {context}:{title}"));
        tell_more(format_args!("backup   {backup}"));
        tell_more(format_args!("class    {class}"));
        let advice = format!("nothing was sent; to do it, add {missing}");
        return Err(CliError::Usage(advice));
    }
    Ok(DownloadRequest {
        target: operation.target,
        backup: backup.clone(),
        to: destination(args.to.as_deref()),
        overwrite: args.overwrite,
        consent: tier::consent(tier, Vec::new(), None),
    })
}

/// A folder is what is one, or what is written as one.
fn destination(to: Option<&Path>) -> Destination {
    let Some(path) = to else {
        return Destination::Folder(PathBuf::from("."));
    };
    let ends_as_folder = path.to_string_lossy().ends_with(['/', MAIN_SEPARATOR]);
    if ends_as_folder || path.is_dir() {
        Destination::Folder(path.to_owned())
    } else {
        Destination::File(path.to_owned())
    }
}

fn finish(
    title: &str,
    context: &str,
    result: Result<Vec<Saved>, TransferFailure>,
) -> Result<Exit, CliError> {
    match result {
        Ok(saved) => {
            list(&saved)?;
            Ok(Exit::Done)
        }
        Err(failure) => {
            list(&failure.saved)?;
            tell(format_args!("{title}: {}", why(context, &failure.problem)));
            for path in &failure.kept {
                let path = Text::clean(&path.to_string_lossy());
                tell_more(format_args!("so far: {path}"));
            }
            Ok(exit(&failure.problem))
        }
    }
}

fn list(saved: &[Saved]) -> Result<(), CliError> {
    let mut out = output();
    for file in saved {
        writeln!(out, "{}  {}", file.sha256, file.path.display())?;
    }
    out.flush()?;
    Ok(())
}

/// What happened and what to do, in the words of the command line.
fn why(context: &str, problem: &TransferProblem) -> String {
    let headline = problem.headline();
    match problem {
        TransferProblem::Platform(failure) => format!("{context}: {}", told(failure)),
        TransferProblem::Disk(disk) if disk.trouble == DiskTrouble::Exists => {
            format!("{headline}; choose another --to, or --overwrite")
        }
        TransferProblem::SeveralFiles(_) => {
            format!("{headline}; --to must be a folder that exists")
        }
        TransferProblem::Disk(_)
        | TransferProblem::NotPrepared(_)
        | TransferProblem::Unresolved(_)
        | TransferProblem::Storage(_)
        | TransferProblem::LinkRefused(_)
        | TransferProblem::Damaged(_)
        | TransferProblem::Incomplete(_) => format!("{headline} ({})", problem.advice()),
    }
}

fn exit(problem: &TransferProblem) -> Exit {
    match problem {
        TransferProblem::Platform(failure) | TransferProblem::Storage(failure) => Exit::of(failure),
        TransferProblem::LinkRefused(_) => Exit::Unreachable,
        TransferProblem::SeveralFiles(_) => Exit::Usage,
        TransferProblem::Disk(disk) => match disk.trouble {
            DiskTrouble::Exists | DiskTrouble::Foreign | DiskTrouble::NoFolder => Exit::Usage,
            DiskTrouble::Busy | DiskTrouble::Denied | DiskTrouble::Full | DiskTrouble::Other(_) => {
                Exit::Failed
            }
        },
        TransferProblem::NotPrepared(_)
        | TransferProblem::Unresolved(_)
        | TransferProblem::Damaged(_)
        | TransferProblem::Incomplete(_) => Exit::Failed,
    }
}
