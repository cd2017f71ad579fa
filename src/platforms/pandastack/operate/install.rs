//! Installing an app of the catalogue, trying again, configuring, completing.
//!
//! Source: PandaStack contract, sections 3.4, 3.5, 3.6 and 3.9.

use serde_json::{Map, Value, json};

use super::super::api::Api;
use super::super::decode::{Of, Record};
use super::super::fresh;
use super::super::ids;
use super::super::map;
use super::super::paths::Op;
use super::super::progress::Task;
use super::super::special::{CONFIGURE, SETTINGS};
use super::super::words::State;
use super::{Managed, body, host};
use crate::model::catalogue::Inputs;
use crate::model::{Accepted, AppId, Capability, Failure, Follow, Safety, Special, Text};

/// The input of an installation that has what else goes into the request.
const SET: &str = "set";

/// Installs an app of the catalogue.
pub(super) async fn create(
    api: &Api,
    slug: &str,
    inputs: &[(String, String)],
) -> Result<Accepted, Failure> {
    let slug = slug.trim();
    if slug.is_empty() {
        let problem = "is missing: give the slug of an app in the catalogue, as in ghost";
        return Err(Failure::invalid("name", problem));
    }
    let body = body::whole(api, body::parsed(inputs), Some(slug), SET).await?;
    let call = api.call(Op::DeployManagedApp, &[], Safety::Once).await?;
    let call = call.about(Text::clean(&format!("catalogue app {slug}")));
    let payload = api.answer(body::with(call, &body)).await?;
    let record = payload.record();
    let deployment = record.deployment();
    let Some(app) = record.id().map(|id| ids::managed(id.as_str())) else {
        return Ok(find(api, slug, deployment.as_ref()));
    };
    note(api, &app, &record).await;
    let follow = Task::installed(&app, deployment.as_ref());
    Ok(Accepted::following(follow))
}

/// The answer does not say which app it is: the list will.
fn find(api: &Api, slug: &str, deployment: Option<&Text>) -> Accepted {
    let not = api.watches.listed_before(slug);
    let follow = Task::search(slug, not, deployment).follow();
    Accepted {
        note: Some("PandaStack does not say which app it is: the list is looked through".into()),
        ..Accepted::following(follow)
    }
}

/// Keeps the deployment that an answer tells of. That the request went well does not mean that the
/// deployment did. Source: PandaStack contract, section 6.1.
async fn note(api: &Api, app: &AppId, record: &Record) {
    if let Some(uuid) = record.deployment() {
        let word = record.status(Of::Deployment);
        let word = word.as_ref().map(Text::as_str);
        let word = word.filter(|word| State::of(word) != State::Running);
        api.known
            .saw(app, uuid.as_str(), word, api.http.now())
            .await;
    }
}

impl Managed<'_> {
    /// Tries the installation again.
    pub(super) async fn retry(&self) -> Result<Accepted, Failure> {
        let slug = self.slug().await;
        let body = body::whole(self.api, Map::new(), slug.as_deref(), SET).await?;
        let record = self.post(Op::RetryManagedApp, &body).await?.0;
        let uuid = record.deployment();
        let is_known = match &uuid {
            Some(uuid) => self.api.known.has(self.app, uuid.as_str()).await,
            None => true,
        };
        note(self.api, self.app, &record).await;
        let follow = match uuid {
            Some(uuid) if !is_known => Follow::Deployment(ids::deployment(self.app, uuid.as_str())),
            // It may go on saying for a moment how the last attempt ended.
            Some(_) | None => Task::retrying(self.app, uuid.as_ref()).follow(),
        };
        Ok(Accepted::following(follow))
    }

    /// What only this platform has.
    pub(super) async fn carry_out_own(
        &self,
        what: &'static Special,
        inputs: &Inputs,
    ) -> Result<Accepted, Failure> {
        if *what != CONFIGURE {
            let reason = "PandaStack does not offer it";
            return Err(Failure::unsupported(Capability::Special, reason));
        }
        self.configure(body::settings(inputs)?).await
    }

    /// Sends settings.
    async fn configure(&self, settings: Map<String, Value>) -> Result<Accepted, Failure> {
        let slug = self.slug().await;
        let body = body::whole(self.api, settings, slug.as_deref(), SETTINGS).await?;
        let (record, message) = self.post(Op::ConfigureManagedApp, &body).await?;
        let is_new = match record.deployment() {
            Some(uuid) => !self.api.known.has(self.app, uuid.as_str()).await,
            None => false,
        };
        note(self.api, self.app, &record).await;
        let uuid = record.deployment().filter(|_| is_new);
        let follow = uuid.map(|uuid| Follow::Deployment(ids::deployment(self.app, uuid.as_str())));
        let silent = || "taken; PandaStack does not say when it takes effect".into();
        Ok(Accepted {
            follow,
            note: Some(message.unwrap_or_else(silent)),
            ..Accepted::default()
        })
    }

    /// Gives the app its domain.
    pub(super) async fn complete(&self, domain: &str) -> Result<Accepted, Failure> {
        let domain = host::bare(domain)?;
        let organisation = self.api.organisation().await?;
        let body = json!({ body::ORGANISATION: organisation.as_str(), "domain": domain });
        let (record, _) = self.post(Op::CompleteInstallation, &body).await?;
        note(self.api, self.app, &record).await;
        Ok(Accepted::following(Task::completion(self.app).follow()))
    }

    async fn post(&self, op: Op, body: &Value) -> Result<(Record, Option<Text>), Failure> {
        let call = self.api.call(op, &[self.id], Safety::Once).await?;
        let payload = self.api.answer(body::with(call, body)).await?;
        Ok((payload.record(), payload.message().cloned()))
    }

    /// Which app of the catalogue it is, where the list says so. It is wanted, not needed.
    async fn slug(&self) -> Option<String> {
        let apps = fresh::apps(self.api).await.ok()?;
        let managed = map::Managed::of(apps.find(self.id)?.clone())?;
        self.api.looked_at(&managed).await;
        managed.record.slug().map(|slug| slug.to_string())
    }
}
