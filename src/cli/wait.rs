//! `flightdeck wait`: the end of what somebody began before.

use tokio::time::timeout;

use super::args::{Awaited, Wait};
use super::exit::{CliError, Exit};
use super::fleet::Fleet;
use super::operate::{Ended, Place, Reporter, TargetItem};
use super::target::{self, Target};
use crate::engine::see_through;
use crate::model::catalogue::On;
use crate::model::{
    BackupId, DeploymentId, DownloadId, Follow, OperationEvent, RestoreId, Stage, Text,
};
use crate::shell;

/// Waits for an end.
pub(super) async fn run(fleet: &mut Fleet, args: &Wait) -> Result<Exit, CliError> {
    let began = shell::now();
    let context = context(fleet, args.target.as_ref()).await?;
    let (_, platform) = fleet.platform(context)?;
    let name = fleet.contexts()[context].name.clone();
    let what = follow(args.what, &args.id);
    let title = format!("wait {name}");
    let target = args.target.clone().unwrap_or(Target {
        context: None,
        app: None,
        environment: None,
    });
    let target = Target {
        context: Some(name.to_string()),
        ..target
    };
    let mut progress = Reporter::new(title.clone());
    let mut tell = |event: &OperationEvent| progress.tell(event);
    let following = see_through(platform, &what, shell::now, &mut tell);
    let stage = match args.timeout {
        Some(limit) => timeout(limit, following).await.ok(),
        None => Some(following.await),
    };
    if let Some(Stage::Refused(failure)) = stage {
        let target = TargetItem::from(&target);
        ended(&title, target, began, args).refused(&failure)?;
        return Err(CliError::Failure {
            context: name.to_string(),
            failure,
        });
    }
    let target = TargetItem::from(&target);
    ended(&title, target, began, args).finish(stage.as_ref(), &progress)
}

fn ended<'a>(title: &'a str, target: TargetItem, began: jiff::Timestamp, args: &Wait) -> Ended<'a> {
    Ended {
        operation: "wait",
        recipe: None,
        title,
        target,
        preview: None,
        began,
        limit: args.timeout,
        how: args.output,
    }
}

/// The one context that is meant.
async fn context(fleet: &mut Fleet, target: Option<&Target>) -> Result<usize, CliError> {
    if let Some(target) = target.filter(|target| target.app.is_some()) {
        return Ok(Place::find(fleet, On::App, target).await?.context());
    }
    match target::contexts(fleet, target)?.as_slice() {
        [context] => Ok(*context),
        _ => Err(CliError::Usage(
            "say where: --target CONTEXT:, or --target [CONTEXT:]APP".into(),
        )),
    }
}

fn follow(what: Awaited, id: &str) -> Follow {
    match what {
        Awaited::Deployment => Follow::Deployment(DeploymentId::new(id)),
        Awaited::Backup => Follow::Backup(BackupId::new(id)),
        Awaited::Restore => Follow::Restore(RestoreId::new(id)),
        Awaited::Download => Follow::Download(DownloadId::new(id)),
        Awaited::Operation => Follow::Task(Text::clean(id)),
    }
}
