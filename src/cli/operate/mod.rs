//! `flightdeck do`: operations from the command line.
//!
//! The rules are those of the dashboard: production needs a yes, a read-only context sends nothing,
//! what may not be repeated is sent at most once, and a lost answer is not called a failure.

mod progress;

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use self::progress::Reporter;
use super::args::{Action, Common, Do};
use super::exit::{CliError, Exit, told};
use super::fleet::Fleet;
use super::table::{age, length};
use super::target::{self, AppPlace};
use super::terminal::{output, tell, tell_more};
use super::tier;
use crate::app::confirm::Tier;
use crate::engine::run_operation;
use crate::model::{
    Class, Environment, Failure, Follow, Operation, OperationEvent, OperationKind, Stage, Target,
    Text, Verdict,
};
use crate::shell;

/// What an action does. One row per action.
fn plan(action: &Action) -> (&Common, OperationKind) {
    match action {
        Action::Deploy { common, mode } => {
            let mode = (*mode).into();
            (common, OperationKind::Deploy { mode })
        }
        Action::Backup { common, notes } => {
            let kind = OperationKind::CreateBackup {
                services: Vec::new(),
                notes: notes.clone(),
                keep_until: None,
            };
            (common, kind)
        }
    }
}

/// Carries out an operation.
pub(super) async fn run(fleet: &mut Fleet, args: &Do) -> Result<Exit, CliError> {
    let (common, kind) = plan(&args.action);
    let place = the_app(fleet, common).await?;
    let environment = target::environment(fleet, &place, &common.target).await?;
    let (id, platform) = fleet.platform(place.context)?;
    let context = &fleet.contexts()[place.context];
    let fail = |failure| CliError::Failure {
        context: context.name.to_string(),
        failure,
    };
    let capability = kind.capability();
    if let Some(reason) = platform.support(capability).refusal() {
        let reason = Text::clean(reason);
        return Err(fail(Failure::Unsupported { capability, reason }));
    }
    if context.connection.read_only {
        return Err(fail(Failure::ReadOnly));
    }
    let class = class(fleet, &place, environment.as_ref());
    let operation = Operation {
        target: Target {
            context: id,
            app: Some(place.app.id.clone()),
            environment: environment.as_ref().map(|it| it.id.clone()),
            title: title(&place, environment.as_ref()),
            class,
        },
        kind,
    };
    let title = format!(
        "{} {}:{}",
        operation.kind.verb(),
        context.name,
        operation.target.title
    );
    let app = place.app.name.as_str();
    let tier = Tier::of(&operation, context.is_protected);
    if let Some(missing) = tier::missing(tier, common.yes, common.confirm.as_deref(), app) {
        explain(&title, class, context.is_protected, environment.as_ref());
        let advice = format!("nothing was sent; to do it, add {missing}");
        return Err(CliError::Usage(advice));
    }
    let mut progress = Reporter::new(title.clone());
    let mut tell_progress = |event: &OperationEvent| progress.tell(event);
    let running = run_operation(
        Arc::clone(&platform),
        operation,
        tier::consent(tier),
        fleet.ledger(),
        shell::now,
        common.wait,
        &mut tell_progress,
    );
    let stage = match common.timeout {
        Some(limit) => timeout(limit, running)
            .await
            .map_err(|_| late(&title, limit))?,
        None => running.await,
    };
    finish(&title, &stage, &progress)
}

/// The app to act on. It must be the only one: where a context did not answer, another app of the
/// same name may be there.
async fn the_app(fleet: &mut Fleet, common: &Common) -> Result<AppPlace, CliError> {
    let place = target::app(fleet, &common.target).await?;
    let others = 0..fleet.contexts().len();
    let silent = others
        .into_iter()
        .find_map(|at| fleet.failure(at).map(|failure| (at, failure)));
    let Some((at, failure)) = silent.filter(|_| common.target.context.is_none()) else {
        return Ok(place);
    };
    let (here, there) = (
        &fleet.contexts()[place.context].name,
        &fleet.contexts()[at].name,
    );
    let target = &common.target;
    Err(CliError::Failure {
        context: format!("{there} did not answer, so name the context ({here}:{target})"),
        failure: failure.clone(),
    })
}

fn class(fleet: &Fleet, place: &AppPlace, environment: Option<&Environment>) -> Option<Class> {
    let app = place.app.name.as_str();
    let own = environment.map_or(place.app.class, |it| it.class);
    let name = environment.map(|it| it.name.as_str());
    fleet.class(place.context, own, name, app)
}

fn title(place: &AppPlace, environment: Option<&Environment>) -> Text {
    match environment {
        Some(environment) => Text::clean(&format!("{}/{}", place.app.name, environment.name)),
        None => place.app.name.clone(),
    }
}

/// Says what would happen.
fn explain(
    title: &str,
    class: Option<Class>,
    is_protected: bool,
    environment: Option<&Environment>,
) {
    tell(format_args!("this would {title}"));
    let word = class.map_or("none", Class::word);
    let protected = if is_protected {
        ", in a protected context"
    } else {
        ""
    };
    tell_more(format_args!("class    {word}{protected}"));
    let Some(environment) = environment else {
        return;
    };
    if let Some(release) = &environment.release {
        let since = release
            .at
            .map(|at| format!(", for {}", age(at, shell::now())));
        tell_more(format_args!(
            "release  {}{}",
            release.label,
            since.unwrap_or_default()
        ));
    }
    if let Some(commits) = environment.pending.commits.filter(|commits| *commits > 0) {
        tell_more(format_args!("pending  {commits} commits"));
    }
    if let Some(running) = &environment.running {
        tell_more(format_args!("running  deployment {}", running.to_text()));
    }
}

fn late(title: &str, limit: Duration) -> CliError {
    let limit = length(limit);
    CliError::TimedOut(format!(
        "{title}: not over after {limit}; it goes on at the platform"
    ))
}

/// Says how it ended, and gives the exit code.
fn finish(title: &str, stage: &Stage, progress: &Reporter) -> Result<Exit, CliError> {
    let what = progress.follow.as_ref().map(followed).unwrap_or_default();
    let remarked = |remark: &Option<Text>| {
        remark
            .as_ref()
            .map_or_else(String::new, |remark| format!(": {remark}"))
    };
    let (outcome, exit) = match stage {
        Stage::Ended(Verdict::Done(remark)) => {
            (format!("done{what}{}", remarked(remark)), Exit::Done)
        }
        Stage::Running(_) => (format!("accepted{what}"), Exit::Done),
        Stage::Ended(Verdict::Partly(reason)) => {
            (format!("partly done{what}: {reason}"), Exit::Failed)
        }
        Stage::Ended(Verdict::Failed(reason)) => (format!("failed{what}: {reason}"), Exit::Failed),
        Stage::Unresolved(reason) => (format!("outcome unknown{what}: {reason}"), Exit::Failed),
        Stage::Refused(failure) => (format!("not done: {}", told(failure)), Exit::of(failure)),
        Stage::Sending | Stage::Unknown(_) => ("interrupted".into(), Exit::Failed),
    };
    if exit == Exit::Done {
        let mut out = output();
        writeln!(out, "{title}: {outcome}")?;
        out.flush()?;
    } else {
        tell(format_args!("{title}: {outcome}"));
    }
    for step in &progress.next_steps {
        tell_more(step);
    }
    Ok(exit)
}

fn followed(follow: &Follow) -> String {
    match follow {
        Follow::Deployment(id) => format!(" (deployment {})", id.to_text()),
        Follow::Backup(id) => format!(" (backup {})", id.to_text()),
        Follow::Restore(id) => format!(" (restore {})", id.to_text()),
        Follow::Download(id) => format!(" (download {})", id.to_text()),
        Follow::Task(task) => format!(" (task {task})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NetworkProblem, Progress};

    fn check(stage: &Stage, expected: Exit) {
        let progress = Reporter::new(String::new());
        assert_eq!(
            finish("t", stage, &progress).unwrap(),
            expected,
            "{stage:?}"
        );
    }

    #[test]
    fn only_what_is_done_or_accepted_is_a_success() {
        let text = || Text::clean("x");
        check(&Stage::Ended(Verdict::Done(None)), Exit::Done);
        check(&Stage::Running(Progress::default()), Exit::Done);
        check(&Stage::Ended(Verdict::Partly(text())), Exit::Failed);
        check(&Stage::Ended(Verdict::Failed(text())), Exit::Failed);
        check(&Stage::Unresolved(text()), Exit::Failed);
        let nobody = Failure::Network {
            problem: NetworkProblem::Connect,
            sent: false,
            detail: text(),
        };
        check(&Stage::Refused(nobody), Exit::Unreachable);
    }
}
