//! Finding out what the host serves: by the list of managed apps, and by who the token belongs to.

use std::sync::Arc;

use tokio::time::Instant;

use super::{
    ASK_AGAIN, Choice, GONE, KEPT_TO_V1, Managed, NO_ORGANISATION, Projects, REFUSED, Served,
    Whoami, lock,
};
use crate::model::{AuthProblem, Failure, Safety, Text};
use crate::platforms::http::{Call, Reply};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::decode::Payload;
use crate::platforms::pandastack::paths::Op;

impl Api {
    /// What the host serves to this token. Sends nothing where that is known.
    ///
    /// # Errors
    /// What asking for managed apps gave where that is no answer; `Local` with both statuses where
    /// the host serves neither.
    pub(in crate::platforms::pandastack) async fn served(&self) -> Result<Served, Failure> {
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
    pub(in crate::platforms::pandastack) async fn managed_apps(
        &self,
    ) -> Result<Option<Payload>, Failure> {
        if !self.served().await?.managed {
            return Ok(None);
        }
        if let Some(list) = self.dialects.take_first() {
            return Ok(Some(list));
        }
        let list = self.ask(Op::ListManagedApps, &[]).await;
        let is_gone = matches!(list, Err(Failure::NotFound { .. }));
        if self.dialects.choice != Choice::Auto || !is_gone {
            return list.map(Some);
        }
        self.dialects.forget().await;
        let served = self.served().await?;
        Ok(self.dialects.take_first().filter(|_| served.managed))
    }

    /// Who the token belongs to; absent where `v1` is not served, or not used.
    pub(in crate::platforms::pandastack) async fn whoami(&self) -> Option<Arc<Whoami>> {
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
        let managed = match Box::pin(self.ask(Op::ListManagedApps, &[])).await {
            Ok(list) => {
                *lock(&self.dialects.first) = Some((Instant::now(), list));
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
            Ok(call) => self.http.send(call).await,
            Err(failure) => Err(failure),
        };
        match reply.map(|reply| read(&reply)) {
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
fn read(reply: &Reply) -> Option<Whoami> {
    let payload = Payload::of(reply).ok()?;
    let record = payload.record();
    (payload.success() == Some(true)).then(|| Whoami {
        org_id: record.organisation(),
        org_name: record.text(&["orgname", "organizationname"]),
        role: record.text(&["role"]),
        plan: record.text(&["plan"]),
    })
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
