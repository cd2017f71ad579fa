//! Deploying, rolling back, cancelling.
//!
//! Source: tsuru contract, section 5 (deploys, events).

use super::{Attempt, app, ended};
use crate::model::{Accepted, DeploymentId, Failure, Follow, Safety, Text};
use crate::platforms::http::unsent;
use crate::platforms::tsuru::api::{Api, Parameter, call, with_form};
use crate::platforms::tsuru::failure::{CANCEL_ASKED, NOT_CANCELABLE};
use crate::platforms::tsuru::paging::Slice;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::stream::End;
use crate::platforms::tsuru::wire::{DEPLOY, Deploy};
use crate::platforms::tsuru::{map, progress};

/// What is said where nobody says why: the server takes no cancelling without a reason.
const REASON: &str = "cancelled with flightdeck";

impl Attempt<'_> {
    /// What was deployed last, built again.
    pub(super) async fn rebuild(&mut self, flags: &[Parameter<'_>]) -> Result<Accepted, Failure> {
        let fields = [&[("origin", "rebuild")], flags].concat();
        let call = call(Op::DeployRebuild, &[app(self.operation)?], Safety::Once)?;
        self.act(Op::DeployRebuild, with_form(call, &fields), DEPLOY)
            .await
    }

    pub(super) async fn deploy_image(
        &mut self,
        image: &str,
        flags: &[Parameter<'_>],
    ) -> Result<Accepted, Failure> {
        let fields = [&[("image", image), ("origin", "image")], flags].concat();
        let call = call(Op::AppDeploy, &[app(self.operation)?], Safety::Once)?;
        let call = with_form(call, &fields);
        Ok(match self.stream(Op::AppDeploy, call, DEPLOY).await? {
            End::Failed {
                event: Some(id), ..
            } if is_readable(self.api, &id).await => {
                Accepted::following(Follow::Deployment(DeploymentId::new(id)))
            }
            end @ (End::Done | End::Failed { .. }) => ended(end),
        })
    }

    /// By its whole image: a number would fit the end of another's name, too.
    pub(super) async fn roll_back(
        &mut self,
        to: &DeploymentId,
        pin: bool,
        flags: &[Parameter<'_>],
    ) -> Result<Accepted, Failure> {
        no_pin(pin)?;
        let app = app(self.operation)?;
        let deploys = deploys_of(self.api, app).await.map_err(unsent)?;
        let image = target_of(among(&deploys, app, to)?)?;
        let fields = [&[("image", image), ("origin", "rollback")], flags].concat();
        let call = call(Op::DeployRollback, &[app], Safety::Once)?;
        self.act(Op::DeployRollback, with_form(call, &fields), DEPLOY)
            .await
    }

    /// It ends when it can: it is looked at until then.
    pub(super) async fn cancel(
        &mut self,
        id: &str,
        reason: Option<&str>,
    ) -> Result<Accepted, Failure> {
        let reason = reason.filter(|it| !it.trim().is_empty()).unwrap_or(REASON);
        let call = call(Op::EventCancel, &[id], Safety::Once)?;
        let call = with_form(call, &[("reason", reason)]);
        let cancelling = Accepted::following(Follow::Task(progress::cancelling(id)));
        match self.send(Op::EventCancel, call).await {
            Ok(_) => Ok(cancelling),
            Err(Failure::Conflict(text)) if text.as_str() == CANCEL_ASKED => Ok(Accepted {
                note: Some("somebody had asked for it before".into()),
                ..cancelling
            }),
            Err(Failure::Conflict(text)) if text.as_str() == NOT_CANCELABLE => {
                Err(Failure::Conflict(why_not(self.api, id).await))
            }
            Err(failure) => Err(failure),
        }
    }
}

/// Whether an event tells how it ended: better than an answer that may have ended before it.
async fn is_readable(api: &Api, id: &str) -> bool {
    api.event(id).await.is_ok()
}

async fn why_not(api: &Api, id: &str) -> Text {
    let Ok(event) = api.event(id).await else {
        return NOT_CANCELABLE.into();
    };
    if *event.is_running == Some(false) {
        return "it has ended already".into();
    }
    match map::kind(&event) {
        DEPLOY => "its roll-out has begun: it cannot be cancelled any more".into(),
        "" => NOT_CANCELABLE.into(),
        kind => format!("{kind} cannot be cancelled: it goes on to its end").into(),
    }
}

/// Nothing waits to be kept or undone.
pub(in super::super) fn no_pin(pin: bool) -> Result<(), Failure> {
    if pin {
        let problem = "a roll-back on tsuru is final: leave it out";
        return Err(Failure::invalid("pin", problem));
    }
    Ok(())
}

/// The newest deploys of an app, with what only the list tells: whether it can be rolled back to them.
pub(in super::super) async fn deploys_of(api: &Api, app: &str) -> Result<Vec<Deploy>, Failure> {
    api.deploys(app, Slice::newest()).await
}

/// One of them.
pub(in super::super) fn among<'a>(
    deploys: &'a [Deploy],
    app: &str,
    id: &DeploymentId,
) -> Result<&'a Deploy, Failure> {
    let found = deploys.iter().find(|it| it.id == id.as_str());
    found.ok_or_else(|| {
        let text = format!("the deploy {} among the newest 100 of {app}", id.as_str());
        Failure::NotFound {
            subject: text.into(),
        }
    })
}

/// The image to go back to.
pub(in super::super) fn target_of(deploy: &Deploy) -> Result<&str, Failure> {
    let image = deploy.image.as_deref().filter(|it| !it.is_empty());
    match image {
        Some(image) if *deploy.can_rollback == Some(true) => Ok(image),
        Some(_) | None => {
            let text = "tsuru does not let the app be rolled back to this deploy: it failed, its \
                        image is gone, or somebody forbade it";
            Err(Failure::Conflict(Text::clean(text)))
        }
    }
}
