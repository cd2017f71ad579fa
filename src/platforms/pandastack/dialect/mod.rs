//! Which of the two APIs the host serves. Source: PandaStack contract, section 8.
//!
//! A context may be told to keep to one of them; then nothing is ever asked of the other. Otherwise
//! both are asked once, one question at a time for all who want to know, and the answer is kept
//! while the program runs. That something is not served is asked again after a while, or when the
//! list of managed apps is suddenly not there. A broken network is no answer and is not kept.
//! `asking` asks.

mod asking;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as Turn;
use tokio::time::Instant;

use super::decode::Payload;
use super::paths::{self, Op};
use crate::model::{Capability, Failure, OrgId, Text};
use crate::platforms::Settings;
use crate::platforms::rounds::SAME_ROUND;

/// What is not served is asked for again after this long.
const ASK_AGAIN: Duration = Duration::from_mins(10);

/// An answer that was none (the platform broke) is waited for this long.
const ASK_SOON: Duration = Duration::from_mins(1);

const GONE: &str = "this host no longer offers the managed-apps API";
const REFUSED: &str = "the managed-apps API of this host does not accept the token";
const NO_ORGANISATION: &str =
    "set `organisation` of the context to the organisation's id to see its managed apps";
const KEPT_TO_V1: &str = "the context's `dialect` is v1: its managed apps are not asked for";
const KEPT_TO_API_V1: &str = "the context's `dialect` is api-v1: its projects are not asked for";

/// Who a token belongs to, as dialect `v1` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Whoami {
    /// The organisation.
    pub(super) org_id: Option<OrgId>,
    pub(super) org_name: Option<Text>,
    pub(super) role: Option<Text>,
    pub(super) plan: Option<Text>,
}

/// What is to be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Served {
    /// Managed apps.
    pub(super) managed: bool,
    /// Projects.
    pub(super) projects: bool,
    /// What `v1` says of the token, where it is served.
    pub(super) whoami: Option<Whoami>,
    /// What the user should know: why there are no managed apps.
    pub(super) notice: Option<&'static str>,
}

/// What the context keeps to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Choice {
    #[default]
    Auto,
    ApiV1,
    V1,
}

/// What is known.
#[derive(Default)]
pub(super) struct Dialects {
    choice: Choice,
    whoami: Turn<Option<(Instant, Projects)>>,
    managed: Turn<Option<(Instant, Managed)>>,
    /// The same, for those who do not wait.
    notice: Mutex<Option<&'static str>>,
    /// The list that came of asking.
    first: Mutex<Option<(Instant, Payload)>>,
}

/// What became of asking for managed apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Managed {
    /// They are served.
    Yes,
    /// They may be: the answer was 401.
    Rejected,
    /// There is no such list: the answer was 404.
    Gone,
}

/// What became of asking who the token belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Projects {
    Yes(Arc<Whoami>),
    /// Projects are not served to this token, by this status.
    No(u16),
    /// Nobody knows.
    Unclear(Failure),
}

impl Projects {
    /// How long this holds.
    fn holds(&self) -> Duration {
        match self {
            Self::Yes(_) => Duration::MAX,
            Self::No(_) => ASK_AGAIN,
            Self::Unclear(_) => ASK_SOON,
        }
    }
}

impl Dialects {
    pub(super) fn new(settings: &Settings) -> Self {
        let choice = match settings.get("dialect") {
            Some("api-v1") => Choice::ApiV1,
            Some("v1") => Choice::V1,
            Some(_) | None => Choice::Auto,
        };
        Self {
            choice,
            ..Self::default()
        }
    }

    /// Refuses what belongs to an API that is not used here; nothing is sent then.
    ///
    /// # Errors
    /// `Unsupported` with the reason.
    pub(super) fn allow(&self, op: Op) -> Result<(), Failure> {
        let reason = match (self.choice, op.row().dialect) {
            (Choice::ApiV1, paths::Dialect::V1) => Some(KEPT_TO_API_V1),
            (Choice::V1, paths::Dialect::ApiV1) => Some(KEPT_TO_V1),
            // Asking for the list is how it is found out.
            (Choice::Auto, paths::Dialect::ApiV1) if op != Op::ListManagedApps => {
                *lock(&self.notice)
            }
            (Choice::Auto | Choice::ApiV1 | Choice::V1, _) => None,
        };
        reason.map_or(Ok(()), |reason| {
            Err(Failure::unsupported(capability(op), reason))
        })
    }

    /// What was found out about managed apps holds no longer.
    async fn forget(&self) {
        *self.managed.lock().await = None;
    }

    fn take_first(&self) -> Option<Payload> {
        let (at, list) = lock(&self.first).take()?;
        (at.elapsed() < SAME_ROUND).then_some(list)
    }
}

/// What somebody wanted who asked for it.
fn capability(op: Op) -> Capability {
    match op {
        Op::ListManagedApps | Op::ListProjects | Op::GetProject => Capability::ListApps,
        Op::GetDeploymentStatus | Op::GetInstallationStatus | Op::ListDeployments => {
            Capability::ListDeployments
        }
        Op::DeployManagedApp => Capability::CreateApp,
        Op::RetryManagedApp => Capability::RetryDeployment,
        Op::ConfigureManagedApp => Capability::Special,
        Op::DeleteManagedApp | Op::DeleteProject => Capability::DeleteApp,
        Op::VerifyDomain => Capability::VerifyDomain,
        Op::CompleteInstallation => Capability::CompleteInstallation,
        Op::GetCurrentUser | Op::Whoami => Capability::ReadAccount,
        Op::UpdateProject => Capability::SetVariable,
        Op::DeployProject => Capability::Deploy,
        Op::StreamDeploymentLogs => Capability::DeploymentLog,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
