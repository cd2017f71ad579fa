//! Variables, domains and jobs.

use crate::model::{Domain, EnvId, Failure, Job, Page, Variable};
use crate::platforms::tsuru::api::Api;
use crate::platforms::tsuru::ids;
use crate::platforms::tsuru::map::{self, Certified};
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::wire;

/// The variables of an app: every process has them.
pub(in crate::platforms::tsuru) async fn variables(
    api: &Api,
    of: &EnvId,
) -> Result<Page<Variable>, Failure> {
    let app = ids::of_environment(of)?.app;
    let mut found = api.whole(Op::EnvGet, &[app], &[], map::variable).await?;
    found.items.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

pub(in crate::platforms::tsuru) async fn domains(
    api: &Api,
    of: &EnvId,
) -> Result<Page<Domain>, Failure> {
    let name = ids::of_environment(of)?.app;
    let (app, certified) = tokio::join!(api.app(name), api.certified(name));
    Ok(Page::whole(map::domains(&*app?, &certified, of)))
}

/// The jobs of an app's team: a job belongs to no app.
pub(in crate::platforms::tsuru) async fn jobs(api: &Api, of: &EnvId) -> Result<Page<Job>, Failure> {
    let app = ids::of_environment(of)?.app;
    let team = api.team(app).await?;
    let map = |wire: wire::Job| {
        let is_own = map::belongs(&wire, team.as_deref());
        is_own.then(|| map::job(&wire)).flatten()
    };
    let mut found = api.whole(Op::ListJob, &[], &[], map).await?;
    found
        .items
        .sort_by(|one, other| one.command.cmp(&other.command));
    Ok(found)
}

impl Api {
    /// What is known of an app's certificates. Servers before 1.24 tell less.
    async fn certified(&self, app: &str) -> Certified {
        let ids = [app];
        let new = self.get(Op::AppGetCertificates, &ids, &[]).await;
        let read = match new {
            Err(Failure::Unsupported { .. }) => {
                let old = self.get(Op::AppCertificatesLegacy, &ids, &[]).await;
                old.map(map::certified_before)
            }
            read => read.map(map::certified),
        };
        match read {
            Ok(certified) => certified,
            Err(Failure::NotFound { .. }) => Certified::Never,
            Err(failure) => {
                tracing::debug!(%failure, "certificates are not known");
                Certified::Unknown
            }
        }
    }

    /// The team that owns an app.
    async fn team(&self, app: &str) -> Result<Option<String>, Failure> {
        if let Some(brief) = self.memory.brief(app) {
            return Ok(brief.team);
        }
        let app = self.app(app).await?;
        Ok(app.team_owner.clone().filter(|team| !team.is_empty()))
    }
}
