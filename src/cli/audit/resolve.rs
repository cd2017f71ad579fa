//! Finding out what became of operations that an earlier run left open, without a screen.

use futures_util::future::join_all;

use super::super::exit::{CliError, Exit};
use super::super::fleet::Fleet;
use super::super::terminal::tell;
use crate::engine::resolve_operation;
use crate::model::{Failure, Stage, Text, Verdict};
use crate::shell::{self, Earlier};

/// Before something new is done: what became of what an earlier run left open is told first.
pub(in super::super) async fn catch_up(fleet: &Fleet) {
    match fleet.ledger().take_up(false) {
        Ok((earlier, left)) => {
            look(fleet, earlier, false).await;
            if left > 0 {
                tell(format_args!(
                    "{left} more without a recorded end: see flightdeck audit"
                ));
            }
        }
        // Nothing can be written then, either, and that is told when something is to be.
        Err(error) => tracing::warn!(%error, "what earlier runs left open is not known"),
    }
}

/// Sees everything that is open to its end, as far as that can be told.
pub(in super::super) async fn resolve(fleet: &Fleet) -> Result<Exit, CliError> {
    let (earlier, _) = fleet.ledger().take_up(true).map_err(|error| CliError::Io {
        what: "cannot read the audit".into(),
        error,
    })?;
    if !look(fleet, earlier, true).await {
        return Ok(Exit::Failed);
    }
    let given_up = fleet.ledger().give_up().map_err(|failure| {
        let context = "audit".to_owned();
        CliError::Failure { context, failure }
    })?;
    if given_up > 0 {
        tell(format_args!(
            "{given_up} cannot be looked for: noted as unresolved"
        ));
    }
    Ok(Exit::Done)
}

/// Looks for all at once; gives whether something was learned about each.
async fn look(fleet: &Fleet, earlier: Vec<Earlier>, wait: bool) -> bool {
    let looks = earlier.into_iter().map(|earlier| one(fleet, earlier, wait));
    join_all(looks).await.into_iter().all(|is_known| is_known)
}

async fn one(fleet: &Fleet, earlier: Earlier, wait: bool) -> bool {
    let Earlier { at, context, open } = earlier;
    let operation = &open.operation;
    let title = format!(
        "{} {context}:{} of {at:.0}",
        operation.kind.verb(),
        operation.target.title
    );
    let Some(platform) = fleet.client(operation.target.context) else {
        return false;
    };
    tell(format_args!(
        "{title} had no recorded end: looking what became of it"
    ));
    let ledger = fleet.ledger();
    let mut nobody = |_: &_| {};
    let stage = resolve_operation(platform, open, ledger, shell::now, wait, &mut nobody).await;
    tell(format_args!("{title}: {}", became(&stage)));
    !matches!(stage, Stage::Unresolved(_))
}

fn became(stage: &Stage) -> String {
    let remarked = |remark: &Option<Text>| {
        let remark = remark.as_ref();
        remark.map_or_else(String::new, |remark| format!(", {remark}"))
    };
    match stage {
        Stage::Ended(Verdict::Done(remark)) => format!("done{}", remarked(remark)),
        Stage::Ended(Verdict::Partly(why)) => format!("partly done: {why}"),
        Stage::Ended(Verdict::Failed(why)) => format!("failed: {why}"),
        Stage::Running(_) => "it happened".into(),
        Stage::Refused(failure) if *failure == Failure::interrupted() => "it did not happen".into(),
        Stage::Refused(failure) => format!("not done: {}", failure.headline()),
        Stage::Unresolved(why) => format!("outcome unknown; {why}"),
        Stage::Sending | Stage::Unknown(_) => "interrupted".into(),
    }
}
