//! Whose token it is, and which organisation is kept to.

use crate::model::{Account, Failure, Organisation, Page};
use crate::platforms::pandastack::api::Api;
use crate::platforms::pandastack::decode::Record;
use crate::platforms::pandastack::map;
use crate::platforms::pandastack::paths::Op;

/// Who a token belongs to. That the platform does not tell is no failure: that it takes the token is.
pub(in crate::platforms::pandastack) async fn account(api: &Api) -> Result<Account, Failure> {
    let served = Box::pin(api.served()).await?;
    let user = if served.managed {
        Box::pin(api.user()).await?
    } else {
        None
    };
    let organisation = Box::pin(api.organisation()).await.ok();
    Ok(map::account(user.as_ref(), &served, organisation.as_ref()))
}

/// The one organisation that a token belongs to.
pub(in crate::platforms::pandastack) async fn organisations(
    api: &Api,
) -> Result<Page<Organisation>, Failure> {
    let id = Box::pin(api.organisation()).await?;
    let whoami = Box::pin(api.whoami()).await;
    let organisation = map::organisation(&id, whoami.as_deref());
    Ok(Page::whole(vec![organisation]))
}

impl Api {
    /// What is told of the user; nothing where the host does not answer that question.
    async fn user(&self) -> Result<Option<Record>, Failure> {
        match self.ask(Op::GetCurrentUser, &[]).await {
            Ok(payload) => Ok(Some(payload.record())),
            Err(failure) if is_silence(&failure) => {
                tracing::debug!(%failure, "the user is not told");
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }
}

/// Whether a failure says nothing about the token: the answer is not published, and a 500 is
/// documented. Source: PandaStack contract, section 7.
fn is_silence(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::NotFound { .. }
            | Failure::Server { status: ..=501, .. }
            | Failure::Decode { .. }
            | Failure::Validation(_)
    )
}
