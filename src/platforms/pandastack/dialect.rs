//! Which of the two APIs the host serves. Source: PandaStack contract, section 8.
//!
//! A context may be told to keep to one of them; then nothing is ever asked of the other. Otherwise
//! both are asked once, one question at a time for all who want to know, and the answer is kept
//! while the program runs. That something is not served is asked again after a while, or when the
//! list of managed apps is suddenly not there. A broken network is no answer and is not kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as Turn;
use tokio::time::Instant;

use super::api::Api;
use super::decode::Payload;
use super::paths::{self, Op};
use crate::model::{AuthProblem, Capability, Failure, OrgId, Safety, Text};
use crate::platforms::Settings;
use crate::platforms::http::{Call, Reply};

/// What is not served is asked for again after this long.
const ASK_AGAIN: Duration = Duration::from_mins(10);

/// An answer that was none (the platform broke) is waited for this long.
const ASK_SOON: Duration = Duration::from_mins(1);

/// The list that came of asking stands for so long for the one that is read next.
const SAME_ROUND: Duration = Duration::from_secs(3);

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
    first: Mutex<Option<(Instant, Reply)>>,
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

    fn take_first(&self) -> Option<Reply> {
        let (at, reply) = lock(&self.first).take()?;
        (at.elapsed() < SAME_ROUND).then_some(reply)
    }
}

impl Api {
    /// What the host serves to this token. Sends nothing where that is known.
    ///
    /// # Errors
    /// What asking for managed apps gave where that is no answer; `Local` with both statuses where
    /// the host serves neither.
    pub(super) async fn served(&self) -> Result<Served, Failure> {
        match self.dialects.choice {
            Choice::ApiV1 => Ok(Served {
                managed: true,
                ..Served::default()
            }),
            Choice::V1 => self.only_projects().await,
            Choice::Auto => self.found_out().await,
        }
    }

    /// The list of managed apps as it came; absent where there is none to be had here.
    ///
    /// # Errors
    /// As [`Api::served`].
    pub(super) async fn managed_apps(&self) -> Result<Option<Reply>, Failure> {
        if !self.served().await?.managed {
            return Ok(None);
        }
        if let Some(reply) = self.dialects.take_first() {
            return Ok(Some(reply));
        }
        let read = self.read(Op::ListManagedApps, &[]).await;
        let is_gone = matches!(read, Err(Failure::NotFound { .. }));
        if self.dialects.choice != Choice::Auto || !is_gone {
            return read.map(Some);
        }
        self.dialects.forget().await;
        let served = self.served().await?;
        Ok(self.dialects.take_first().filter(|_| served.managed))
    }

    /// Who the token belongs to; absent where `v1` is not served, or not used.
    pub(super) async fn whoami(&self) -> Option<Arc<Whoami>> {
        if self.dialects.choice == Choice::ApiV1 {
            return None;
        }
        match self.asked_who().await {
            Projects::Yes(whoami) => Some(whoami),
            Projects::No(_) | Projects::Unclear(_) => None,
        }
    }

    async fn only_projects(&self) -> Result<Served, Failure> {
        match self.asked_who().await {
            Projects::Yes(whoami) => Ok(of_projects(&whoami, KEPT_TO_V1)),
            Projects::No(401) => Err(Failure::Auth(AuthProblem::Rejected)),
            Projects::No(403) => Err(Failure::Auth(AuthProblem::Forbidden(None))),
            Projects::No(status) => Err(nothing(&format!("projects: {status}"))),
            Projects::Unclear(failure) => Err(failure),
        }
    }

    async fn found_out(&self) -> Result<Served, Failure> {
        // Without a configured organisation `v1` must name one before managed apps can be asked for.
        if let Err(missing) = self.organisation().await {
            return match self.asked_who().await {
                Projects::Yes(whoami) => Ok(of_projects(&whoami, NO_ORGANISATION)),
                Projects::Unclear(failure) => Err(failure),
                Projects::No(_) => Err(missing),
            };
        }
        let managed = self.asked_for_managed().await?;
        let projects = self.asked_who().await;
        let served = match (managed, projects) {
            (Managed::Yes, Projects::Yes(whoami)) => Served {
                managed: true,
                notice: None,
                ..of_projects(&whoami, "")
            },
            (Managed::Yes | Managed::Rejected, Projects::No(_) | Projects::Unclear(_)) => Served {
                managed: true,
                ..Served::default()
            },
            (Managed::Rejected, Projects::Yes(whoami)) => of_projects(&whoami, REFUSED),
            (Managed::Gone, Projects::Yes(whoami)) => of_projects(&whoami, GONE),
            (Managed::Gone, Projects::Unclear(failure)) => return Err(failure),
            (Managed::Gone, Projects::No(status)) => {
                return Err(nothing(&format!("managed apps: 404, projects: {status}")));
            }
        };
        *lock(&self.dialects.notice) = served.notice;
        Ok(served)
    }

    async fn asked_for_managed(&self) -> Result<Managed, Failure> {
        let mut known = self.dialects.managed.lock().await;
        if let Some((at, managed)) = *known
            && (managed == Managed::Yes || at.elapsed() < ASK_AGAIN)
        {
            return Ok(managed);
        }
        let managed = match Box::pin(self.read(Op::ListManagedApps, &[])).await {
            Ok(reply) => {
                *lock(&self.dialects.first) = Some((Instant::now(), reply));
                Managed::Yes
            }
            Err(failure) => match status(&failure) {
                Some(401) => Managed::Rejected,
                Some(404) => Managed::Gone,
                // What the organisation may not do, or how it is written, is another question.
                Some(400 | 403) => Managed::Yes,
                Some(_) | None => return Err(failure),
            },
        };
        *known = Some((Instant::now(), managed));
        Ok(managed)
    }

    async fn asked_who(&self) -> Projects {
        let mut known = self.dialects.whoami.lock().await;
        if let Some((at, projects)) = known.as_ref()
            && at.elapsed() < projects.holds()
        {
            return projects.clone();
        }
        let projects = self.who().await;
        // A broken way is not kept: it may be well again with the next question.
        if !matches!(projects, Projects::Unclear(Failure::Network { .. })) {
            *known = Some((Instant::now(), projects.clone()));
        }
        projects
    }

    async fn who(&self) -> Projects {
        let row = Op::Whoami.row();
        let call = Op::Whoami
            .path(&[])
            .map(|path| Call::new(row.operation, row.method.clone(), path, Safety::Read));
        let reply = match call {
            Ok(call) => self.send(call).await,
            Err(failure) => Err(failure),
        };
        match reply.and_then(|reply| read(&reply)) {
            Ok(Some(whoami)) => Projects::Yes(Arc::new(whoami)),
            Ok(None) => Projects::No(200),
            Err(failure) => match status(&failure) {
                Some(status @ (200..=428 | 430..=499)) => Projects::No(status),
                Some(_) | None => Projects::Unclear(failure),
            },
        }
    }
}

/// What an answer to "who am I" says; absent where that is not what it is: `success` must be true.
fn read(reply: &Reply) -> Result<Option<Whoami>, Failure> {
    let Ok(payload) = Payload::of(reply) else {
        return Ok(None);
    };
    if payload.success() != Some(true) {
        return Ok(None);
    }
    let record = payload.record();
    Ok(Some(Whoami {
        org_id: record.organisation(),
        org_name: record.text(&["orgname", "organizationname"]),
        role: record.text(&["role"]),
        plan: record.text(&["plan"]),
    }))
}

/// Projects and no managed apps, for this reason.
fn of_projects(whoami: &Whoami, notice: &'static str) -> Served {
    Served {
        managed: false,
        projects: true,
        whoami: Some(whoami.clone()),
        notice: Some(notice),
    }
}

/// The status of an answer that is a failure.
fn status(failure: &Failure) -> Option<u16> {
    match failure {
        Failure::Auth(
            AuthProblem::Rejected | AuthProblem::Expired { .. } | AuthProblem::Refused { .. },
        ) => Some(401),
        Failure::Auth(AuthProblem::Forbidden(_)) => Some(403),
        Failure::NotFound { .. } => Some(404),
        Failure::RateLimited { .. } => Some(429),
        Failure::Conflict(_) => Some(409),
        // What was sent is of this program's making, and was sent.
        Failure::Validation(_) => Some(400),
        Failure::Server { status, .. } => Some(*status),
        Failure::Auth(AuthProblem::Missing(_) | AuthProblem::Unfit { .. })
        | Failure::Unsupported { .. }
        | Failure::ReadOnly
        | Failure::Network { .. }
        | Failure::Decode { .. }
        | Failure::Local { .. }
        | Failure::Cancelled => None,
    }
}

/// The host has nothing that is used here.
fn nothing(statuses: &str) -> Failure {
    Failure::Local {
        problem: Text::clean(&format!(
            "this host does not serve PandaStack's API ({statuses})"
        )),
        advice: Text::clean("check `base_url`, `dialect` and the token of the context"),
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
