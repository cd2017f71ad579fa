//! What a running event does to its app: it holds the lock.
//!
//! Source: tsuru contract, sections 5 (events) and 6.

use jiff::Timestamp;

use super::state::State;
use super::words::{apps, doing, is_cancelling, kind, since, who};
use crate::model::{Badge, DeploymentId, Status, Text};
use crate::platforms::tsuru::wire;

/// A terminal session. It holds no lock.
const SHELL: &str = "app.run.shell";

/// What goes on with an app.
pub(super) struct Busy {
    /// Of a deploy only: anything else leaves what runs as it is.
    pub(super) status: Option<Status>,
    pub(super) reason: Text,
    /// The deploy that it is.
    pub(super) deployment: Option<DeploymentId>,
}

/// Whether an event, of those that are said to run, holds the lock of its app.
pub(in crate::platforms::tsuru) fn holds(wire: &wire::Event) -> bool {
    *wire.is_running != Some(false) && kind(wire) != SHELL
}

/// Whether an event is a deploy.
pub(in crate::platforms::tsuru) fn is_deploy(wire: &wire::Event) -> bool {
    kind(wire) == wire::DEPLOY
}

/// What goes on with an app: its deploy, else whatever holds it.
pub(super) fn busy(app: &str, running: &[wire::Event], now: Option<Timestamp>) -> Option<Busy> {
    let own = || {
        let holding = running.iter().filter(|it| holds(it));
        holding.filter(|it| apps(it).any(|it| it == app))
    };
    let found = own().find(|it| is_deploy(it)).or_else(|| own().next())?;
    Some(if is_deploy(found) {
        deploying(found, now)
    } else {
        Busy {
            status: None,
            reason: Text::clean(&format!("busy: {}{}", doing(kind(found)), by(found))),
            deployment: None,
        }
    })
}

/// It can be cancelled while it builds.
fn deploying(wire: &wire::Event, now: Option<Timestamp>) -> Busy {
    let is_building = *wire.is_cancelable == Some(true);
    let age = wire.start_time.and_then(|from| since(from, now));
    let tail = if is_cancelling(wire) {
        ", being cancelled".to_owned()
    } else {
        age.map(|age| format!(", {age}")).unwrap_or_default()
    };
    Busy {
        status: Some(if is_building {
            Status::Building
        } else {
            Status::Deploying
        }),
        reason: Text::clean(&format!("deploy{}{tail}", by(wire))),
        deployment: Some(DeploymentId::new(&wire.unique_id)),
    }
}

fn by(wire: &wire::Event) -> String {
    who(wire)
        .map(|who| format!(" by {who}"))
        .unwrap_or_default()
}

impl Busy {
    /// Whether units change over from one version to another: it is past the build.
    pub(super) fn is_rolling_out(&self) -> bool {
        self.status == Some(Status::Deploying)
    }

    /// The state of what it happens to: a deploy is told first, anything else after what is wrong.
    pub(super) fn lay_over(this: Option<&Self>, (status, reason): State) -> State {
        let Some(busy) = this else {
            return (status, reason);
        };
        if let Some(changing) = &busy.status {
            return (changing.clone(), Some(busy.reason.clone()));
        }
        let reason = match reason.filter(|_| status.is_problem()) {
            Some(wrong) => Text::clean(&format!("{wrong}; {}", busy.reason)),
            None => busy.reason.clone(),
        };
        (status, Some(reason))
    }

    /// Locked: a deploy shows as what the app does.
    pub(super) fn badge(this: Option<&Self>) -> Option<Badge> {
        let busy = this?;
        busy.status.is_none().then_some(Badge::Locked)
    }
}
