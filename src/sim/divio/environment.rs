//! What an environment is, before anybody looks into it.

use std::cell::OnceCell;

use super::{backups::Backup, deployment::Deployment, detail::Detail, world::World};
use crate::sim::{
    clock::Moment,
    dice::Dice,
    record::{Appended, Voice},
};

/// What kind of life an environment has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    Ordinary,
    NeverDeployed,
    /// Its newest deployment failed.
    Failing,
    /// Its health check comes and goes.
    Flapping,
    /// Its scheduled backups have stopped.
    Overdue,
}

/// An environment of an application.
pub(super) struct Environment {
    pub(super) application: usize,
    pub(super) slug: String,
    pub(super) branch: String,
    pub(super) production: bool,
    pub(super) dockerfile: Option<String>,
    pub(super) profile: Profile,
    pub(super) created: Moment,
    /// How many deployments it had before the simulator started.
    pub(super) past: usize,
    /// Deployments started since, oldest first.
    pub(super) started: Vec<Deployment>,
    /// Backups taken since, oldest first.
    pub(super) taken: Vec<Backup>,
    /// Changes that take effect with the next deployment.
    pub(super) changes: Vec<(Moment, String)>,
    /// How it writes its runtime log by itself.
    pub(super) voice: Voice,
    /// Lines that were written because of requests.
    pub(super) appended: Appended,
    pub(super) gone: bool,
    /// What is in it; made at the first look.
    pub(super) detail: OnceCell<Box<Detail>>,
}

/// Makes the environment with this ordinal.
pub(super) fn born(
    world: &World,
    ordinal: usize,
    application: usize,
    (slug, branch): (&str, &str),
    created: Moment,
    profile: Profile,
) -> Environment {
    let mut dice = Dice::new(world.seed, &[2, ordinal as u64]);
    let never = profile == Profile::NeverDeployed;
    Environment {
        application,
        slug: slug.to_owned(),
        branch: branch.to_owned(),
        production: slug == "live",
        dockerfile: dice.chance(8).then(|| format!("Dockerfile.{slug}")),
        profile,
        created,
        past: if never {
            0
        } else {
            dice.between(8, 25) as usize
        },
        started: Vec::new(),
        taken: Vec::new(),
        changes: Vec::new(),
        voice: Voice::new(&world.clock, world.story, never),
        appended: Appended::default(),
        gone: false,
        detail: OnceCell::new(),
    }
}
