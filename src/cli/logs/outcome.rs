//! How a deployment ended, as the platform's answers say, not its log.

use std::sync::Arc;

use super::super::exit::Exit;
use super::super::operate::told_stage;
use super::join::{Awaited, News, Site, deployments};
use super::weave::Strand;
use crate::app::panes::logs::verdict;
use crate::engine::see_through;
use crate::model::{Deployment, DeploymentId, Follow, Phase, Stage};
use crate::shell;

/// Sees a deployment through to its end.
pub(super) fn see(site: &Site, strand: Strand, id: DeploymentId) -> Awaited {
    let platform = Arc::clone(&site.platform);
    let scope = site.scope.clone();
    Box::pin(async move {
        let what = Follow::Deployment(id.clone());
        let mut unheard = |_: &_| {};
        let seen = see_through(Arc::clone(&platform), &what, shell::now, &mut unheard);
        let stage = seen.await;
        // Only for its words: the end is known.
        let list = deployments(platform.as_ref(), scope)
            .await
            .unwrap_or_default();
        let known = list.into_iter().find(|it| it.id == id);
        News::Ended {
            strand,
            id,
            stage,
            known: known.map(Box::new),
        }
    })
}

/// The verdict in a line, and the exit code it deserves.
pub(super) fn told(id: &DeploymentId, stage: &Stage, known: Option<&Deployment>) -> (String, Exit) {
    let (words, exit) = told_stage(stage);
    let exit = match stage {
        // It is not known to have failed: nothing could be read of it.
        Stage::Unresolved(_) => Exit::Unreachable,
        Stage::Ended(_)
        | Stage::Refused(_)
        | Stage::Sending
        | Stage::Running(_)
        | Stage::Unknown(_) => exit,
    };
    let fits = |it: &&Deployment| {
        let went_well = matches!(it.phase, Phase::Succeeded | Phase::Replaced);
        it.phase.is_final() && went_well == (exit == Exit::Done)
    };
    match known.filter(fits) {
        Some(known) => (verdict(known), exit),
        None => (format!("deployment {}: {words}", id.to_text()), exit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Failure, NetworkProblem, Text, Verdict};

    fn check(stage: &Stage, phase: Option<Phase>, line: &str, expected: Exit) {
        let id = DeploymentId::new("d1");
        let known = phase.map(|phase| Deployment::new(id.clone(), Text::clean("v7"), phase));
        let (told, exit) = told(&id, stage, known.as_ref());
        assert_eq!((told.as_str(), exit), (line, expected));
    }

    #[test]
    fn a_verdict_is_the_platforms_and_what_cannot_be_read_is_no_failure() {
        let text = || Text::clean("why");
        let done = Stage::Ended(Verdict::Done(None));
        let failed = Stage::Ended(Verdict::Failed(text()));
        check(
            &done,
            Some(Phase::Succeeded),
            "deployment v7 succeeded",
            Exit::Done,
        );
        // The list is a moment behind.
        check(
            &done,
            Some(Phase::Deploying),
            "deployment d1: done",
            Exit::Done,
        );
        check(
            &failed,
            Some(Phase::Cancelled),
            "deployment v7 was cancelled",
            Exit::Failed,
        );
        check(&failed, None, "deployment d1: failed: why", Exit::Failed);
        let lost = Stage::Unresolved(text());
        check(
            &lost,
            None,
            "deployment d1: outcome unknown: why",
            Exit::Unreachable,
        );
        let network = Failure::Network {
            problem: NetworkProblem::Connect,
            sent: false,
            detail: text(),
        };
        let (_, exit) = told(&DeploymentId::new("d1"), &Stage::Refused(network), None);
        assert_eq!(exit, Exit::Unreachable);
    }
}
