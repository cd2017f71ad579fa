//! Deployments of managed apps.

use jiff::{SignedDuration, Timestamp};

use crate::model::{AppId, Deployment, DeploymentId, Failure, Page, Phase, Text};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::decode::Of;
use crate::platforms::pandastack::ids;
use crate::platforms::pandastack::map;
use crate::platforms::pandastack::paths::Op;

/// The platform may not know a deployment yet that it just began.
/// Source: PandaStack contract, section 4.
const TAKES_SHAPE: SignedDuration = SignedDuration::from_secs(30);

/// Those of a managed app that are known, newest first.
pub(in crate::platforms::pandastack) async fn deployments(
    api: &Api,
    app: &AppId,
) -> Result<Page<Deployment>, Failure> {
    let fleet = Box::pin(api.fleet()).await?;
    let managed = fleet.find(app).ok();
    if let Some(managed) = managed {
        api.looked_at(managed).await;
    }
    let seen = api.known.of(app).await;
    Ok(Page::whole(map::history(app, &seen, managed)))
}

/// One of a managed app.
pub(in crate::platforms::pandastack) async fn deployment(
    api: &Api,
    id: &DeploymentId,
) -> Result<Deployment, Failure> {
    let (app, uuid) = ids::of_deployment(id)?;
    let record = match api.ask(Op::GetDeploymentStatus, &[uuid]).await {
        Err(Failure::NotFound { subject }) => {
            let new = api.takes_shape(&app, uuid).await;
            return new.ok_or(Failure::NotFound { subject });
        }
        payload => payload?.record(),
    };
    let word = record.status(Of::Deployment);
    let word = word.as_ref().map(Text::as_str);
    api.known.saw(&app, uuid, word, api.http.now()).await;
    let told = map::told(&app, uuid, &record);
    Ok(Deployment {
        is_current: told.phase == Phase::Succeeded && api.round.is_latest(&app, uuid),
        started_at: match told.started_at {
            None => api.first_seen(&app, uuid).await,
            at => at,
        },
        ..told
    })
}

impl Api {
    /// When a deployment was first seen.
    async fn first_seen(&self, app: &AppId, uuid: &str) -> Option<Timestamp> {
        let seen = self.known.of(app).await;
        seen.iter().find(|it| it.uuid == uuid)?.first
    }

    /// A deployment that the platform does not know yet, because it just began.
    async fn takes_shape(&self, app: &AppId, uuid: &str) -> Option<Deployment> {
        let first = self.first_seen(app, uuid).await?;
        let age = self.http.now()?.duration_since(first);
        (age <= TAKES_SHAPE).then(|| map::begun(app, uuid, first))
    }
}
