//! Deployments.
//!
//! Source: DigitalOcean contract, section 5.3.

use std::time::Duration;

use jiff::Timestamp;

use super::progress::{blame, hint, last_end, progress};
use super::source::{release_label, short};
use crate::model::{AppId, Deployment, Detail, Phase, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::digitalocean::{ids, wire};

/// What a phase means. What is not known, or not said, goes on.
pub(in crate::platforms::digitalocean) fn phase(wire: &wire::Deployment) -> Phase {
    match wire.phase.as_deref() {
        None | Some("UNKNOWN" | "PENDING_BUILD" | "PENDING_DEPLOY") => Phase::Queued,
        Some("BUILDING") => Phase::Building,
        Some("DEPLOYING") => Phase::Deploying,
        Some("ACTIVE") => Phase::Succeeded,
        Some("SUPERSEDED") => Phase::Replaced,
        Some("ERROR") => Phase::Failed,
        Some("CANCELED") => Phase::Cancelled,
        Some(word) => Phase::Other(Text::clean(word)),
    }
}

/// What autoscaling began: on a busy app it would hide everything else.
pub(in crate::platforms::digitalocean) fn is_autoscaled(wire: &wire::Deployment) -> bool {
    let details = wire.cause_details.as_ref();
    details.is_some_and(|details| details.kind.as_deref() == Some("AUTOSCALED"))
}

pub(in crate::platforms::digitalocean) fn deployment(
    app: &str,
    wire: &wire::Deployment,
) -> Deployment {
    let phase = phase(wire);
    let failed = phase == Phase::Failed;
    let progress = progress(wire.progress.as_ref(), phase.is_final());
    let ended_at = ended(wire, &phase, last_end(&progress.tree));
    let started_at = wire.created_at.filter(|_| {
        !matches!(
            wire.phase.as_deref(),
            None | Some("UNKNOWN" | "PENDING_BUILD")
        )
    });
    let blame = blame(wire.progress.as_ref()).filter(|_| failed);
    let push = wire
        .cause_details
        .as_ref()
        .and_then(|it| it.git_push.as_ref());
    Deployment {
        app: Some(AppId::new(app)),
        by: by(wire),
        cause: cause(wire),
        commit: commit(wire),
        message: push.and_then(|push| first_line(push.commit_message.as_deref()?)),
        started_at,
        ended_at,
        duration: length(started_at, ended_at),
        progress,
        hint: blame
            .as_ref()
            .and_then(|blame| hint(blame.code.as_deref()?)),
        reason: match blame {
            Some(blame) => Some(blame.text),
            None => failed.then(|| Text::clean("the platform names no failed step")),
        },
        is_current: phase == Phase::Succeeded,
        can_roll_back_to: Some(phase == Phase::Replaced),
        details: details(wire),
        ..Deployment::new(
            ids::deployment(app, &wire.id),
            release_label(wire, None),
            phase,
        )
    }
}

/// The phase of what was replaced changed when it was replaced, not when it was done.
fn ended(
    wire: &wire::Deployment,
    phase: &Phase,
    last_step: Option<Timestamp>,
) -> Option<Timestamp> {
    if *phase == Phase::Replaced {
        return last_step;
    }
    let changed = wire.phase_last_updated_at.or(last_step);
    changed.filter(|_| phase.is_final())
}

fn length(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<Duration> {
    Duration::try_from(to?.duration_since(from?)).ok()
}

fn first_line(message: &str) -> Option<Text> {
    message.lines().find_map(Text::non_empty)
}

fn by(wire: &wire::Deployment) -> Option<Text> {
    let details = wire.cause_details.as_ref()?;
    let user = details
        .digitalocean_user_action
        .as_ref()
        .and_then(|action| action.user.as_ref());
    let push = details.git_push.as_ref();
    user.and_then(|user| text(&user.full_name).or_else(|| text(&user.email)))
        .or_else(|| push.and_then(|it| text(&it.commit_author).or_else(|| text(&it.username))))
}

/// What people did, by the platform's name of it.
const ACTIONS: &[(&str, &str)] = &[
    ("CREATE_DEPLOYMENT", "deploy"),
    ("UPDATE_SPEC", "change of the spec"),
    ("RESET_DATABASE_PASSWORD", "new database password"),
    ("ROLLBACK_APP", "roll-back"),
    ("REVERT_APP_ROLLBACK", "roll-back taken back"),
    ("UPGRADE_BUILDPACK", "buildpack upgrade"),
    ("RESTART", "restart"),
];

/// What the platform did, by its name of it.
const TYPES: &[(&str, &str)] = &[
    ("MANUAL", "manual"),
    ("DEPLOY_ON_PUSH", "push"),
    ("MAINTENANCE", "maintenance"),
    ("MANUAL_ROLLBACK", "roll-back"),
    ("AUTO_ROLLBACK", "automatic roll-back"),
    ("UPDATE_DATABASE_TRUSTED_SOURCES", "database access"),
    ("AUTOSCALED", "autoscaling"),
];

/// The type where there is one: the wording of `cause` varies.
fn cause(wire: &wire::Deployment) -> Option<Text> {
    let details = wire.cause_details.as_ref();
    let action = details.and_then(|it| it.digitalocean_user_action.as_ref());
    let action = action.and_then(|action| known(ACTIONS, action.name.as_deref()?));
    let kind = details.and_then(|it| known(TYPES, it.kind.as_deref()?));
    let from = details.and_then(pushed);
    match (action.or(kind), from) {
        (Some(word), Some(from)) => Some(Text::clean(&format!("{word} {from}"))),
        (Some(word), None) => Some(Text::clean(word)),
        (None, _) => text(&wire.cause),
    }
}

fn known(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    let found = table.iter().find(|(name, _)| *name == word);
    found.map(|(_, word)| *word)
}

/// Where a push came from.
fn pushed(details: &wire::CauseDetails) -> Option<String> {
    if let Some(push) = details.git_push.as_ref() {
        let hosts = [&push.github, &push.gitlab, &push.bitbucket];
        let host = hosts.into_iter().find_map(|host| host.as_ref())?;
        let branch = host.branch.as_deref().map(|branch| format!("@{branch}"));
        return Some(format!(
            "{}{}",
            host.repo.as_deref()?,
            branch.unwrap_or_default()
        ));
    }
    let push = details.docr_push.as_ref()?;
    let tag = push.tag.as_deref().map(|tag| format!(":{tag}"));
    Some(format!(
        "{}{}",
        push.repository.as_deref()?,
        tag.unwrap_or_default()
    ))
}

/// The commit that was pushed, else the one that all or the first of the components are built from.
fn commit(wire: &wire::Deployment) -> Option<Text> {
    let push = wire
        .cause_details
        .as_ref()
        .and_then(|it| it.git_push.as_ref());
    push.and_then(|push| text(&push.commit_sha))
        .or_else(|| built(wire).find_map(|built| text(&built.source_commit_hash)))
}

/// What each component was built from.
pub(super) fn built(wire: &wire::Deployment) -> impl Iterator<Item = &wire::Built> {
    [
        &wire.services,
        &wire.workers,
        &wire.jobs,
        &wire.static_sites,
        &wire.functions,
    ]
    .into_iter()
    .flat_map(|list| list.as_deref().unwrap_or_default())
}

fn details(wire: &wire::Deployment) -> Vec<Detail> {
    let timing = wire.timing.as_ref();
    let kind = wire.cause_details.as_ref().map(|it| &it.kind);
    let mut details = Details::default()
        .word("Cause", &wire.cause)
        .text("Type", kind.and_then(text))
        .word("Repeats", &wire.cloned_from)
        .word("Follows", &wire.previous_deployment_id)
        .time("Created", &wire.created_at)
        .time("Phase since", &wire.phase_last_updated_at)
        .word("Tier", &wire.tier_slug);
    if let Some(timing) = timing {
        details = details
            .duration("Waited", &timing.pending)
            .duration("Build", &timing.build_total)
            .duration("Build, billed", &timing.build_billable)
            .duration("Databases", &timing.database_provision)
            .duration("Roll-out", &timing.deploying);
    }
    for built in built(wire) {
        let from = text(&built.source_commit_hash).or_else(|| text(&built.source_image_digest));
        if let Some((name, from)) = text(&built.name).zip(from) {
            let line = format!("{name} from {}", short(from.as_str()));
            details = details.text("Built", Text::non_empty(&line));
        }
    }
    details.done()
}
