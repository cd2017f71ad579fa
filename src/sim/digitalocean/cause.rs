//! Why a deployment was made: a text for people, and the same in detail.
//! Source: DigitalOcean contract, section 5.3.

use serde_json::{Value, json};

use super::{
    id::{Kind, id},
    wire::object,
    world::World,
};
use crate::sim::words;

/// Why a deployment was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Somebody asked for it.
    Manual(&'static str),
    /// Somebody changed the specification.
    Spec(&'static str),
    Restart(&'static str),
    Push {
        by: &'static str,
        message: &'static str,
    },
    Maintenance,
    Domain(String),
    Rollback(&'static str),
    Revert(&'static str),
    /// The platform went back after the failure of this ordinal.
    AutoRollback(usize),
    TrustedSources,
    Autoscaled {
        component: String,
        from: u32,
        to: u32,
    },
}

impl Cause {
    /// The kind by which lists are filtered.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Cause::Manual(_) | Cause::Spec(_) | Cause::Restart(_) => "MANUAL",
            Cause::Push { .. } => "DEPLOY_ON_PUSH",
            Cause::Maintenance | Cause::Domain(_) => "MAINTENANCE",
            Cause::Rollback(_) | Cause::Revert(_) => "MANUAL_ROLLBACK",
            Cause::AutoRollback(_) => "AUTO_ROLLBACK",
            Cause::TrustedSources => "UPDATE_DATABASE_TRUSTED_SOURCES",
            Cause::Autoscaled { .. } => "AUTOSCALED",
        }
    }

    /// The component that scales by itself, and from how many instances to how many.
    pub(super) fn scaling(&self) -> Option<(&str, u32, u32)> {
        if let Cause::Autoscaled {
            component,
            from,
            to,
        } = self
        {
            return Some((component, *from, *to));
        }
        None
    }

    /// The text for people.
    pub(super) fn text(&self, world: &World, app: usize, commit: &str) -> String {
        match self {
            Cause::Manual(_) => "manual".to_owned(),
            Cause::Spec(_) => "app spec updated".to_owned(),
            Cause::Restart(_) => "app restarted".to_owned(),
            Cause::Push { .. } => {
                let short: String = commit.chars().take(7).collect();
                format!("commit {short} pushed to github/{}", repository(world, app))
            }
            Cause::Maintenance => "maintenance".to_owned(),
            Cause::Domain(name) => format!("domain {name} ready"),
            Cause::Rollback(_) => "manual rollback".to_owned(),
            Cause::Revert(_) => "revert of a rollback".to_owned(),
            Cause::AutoRollback(failed) => format!(
                "automated rollback after failed deployment of \"{}\"",
                world.deployment_id(app, *failed)
            ),
            Cause::TrustedSources => "database trusted sources updated".to_owned(),
            Cause::Autoscaled { .. } => "autoscaled".to_owned(),
        }
    }

    /// The same for programs.
    pub(super) fn details(&self, world: &World, app: usize, commit: &str) -> Value {
        let kind = json!(self.kind());
        let acted = |by, name| json!({ "type": kind, "digitalocean_user_action": { "user": user(world, by), "name": name } });
        match self {
            Cause::Manual(by) => acted(by, "CREATE_DEPLOYMENT"),
            Cause::Spec(by) => acted(by, "UPDATE_SPEC"),
            Cause::Restart(by) => acted(by, "RESTART"),
            Cause::Rollback(by) => acted(by, "ROLLBACK_APP"),
            Cause::Revert(by) => acted(by, "REVERT_APP_ROLLBACK"),
            Cause::Push { by, message } => json!({
                "type": kind,
                "git_push": {
                    "github": { "repo": repository(world, app), "branch": "main", "deploy_on_push": true },
                    "username": by,
                    "commit_author": by,
                    "commit_sha": commit,
                    "commit_message": format!("{message}\n\nSee the notes of the release.\n"),
                },
            }),
            Cause::Maintenance
            | Cause::Domain(_)
            | Cause::AutoRollback(_)
            | Cause::TrustedSources => json!({ "type": kind, "internal": true }),
            Cause::Autoscaled {
                component,
                from,
                to,
            } => json!({
                "type": kind,
                "internal": true,
                "autoscaler": {
                    "autoscaled": true,
                    "scaled_components": { component.as_str(): scaled(*from, *to) },
                },
            }),
        }
    }
}

/// A change of the number of instances.
pub(super) fn scaled(from: u32, to: u32) -> Value {
    object([
        ("from", json!(from)),
        ("to", json!(to)),
        ("triggering_metric", json!("cpu")),
    ])
}

/// A person of the team.
pub(super) fn user(world: &World, name: &str) -> Value {
    let place = words::PEOPLE.iter().position(|person| *person == name);
    json!({
        "uuid": id(world.seed, Kind::User, 0, place.unwrap_or(words::PEOPLE.len())),
        "email": format!("{name}@example.com"),
        "full_name": format!("{name} Example"),
    })
}

/// Where the source of an app is.
pub(super) fn repository(world: &World, app: usize) -> String {
    format!("harbour-works/{}", world.apps[app].name)
}
