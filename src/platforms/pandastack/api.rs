//! Asking the platform: which organisation, which paths, which bodies.

use std::sync::Arc;

use reqwest::header::AUTHORIZATION;
use serde_json::{Map, Value};

use super::decode::Payload;
use super::dialect::Dialects;
use super::failure::judge;
use super::known::Known;
use super::paths::{self, Op};
use super::progress::Watches;
use super::projects::Memory;
use super::reads::Round;
use super::trail::Trail;
use super::verdicts::Verdicts;
use crate::model::{Failure, OrgId, Safety, Text};
use crate::platforms::Connection;
use crate::platforms::Settings;
use crate::platforms::http::{Call, Dialect, Http, Patience, Reply, hidden};

const DIALECT: Dialect = Dialect {
    authorization: |token| (AUTHORIZATION, format!("Bearer {token}")),
    failure: judge,
};

/// The platform's API for one account.
pub(super) struct Api {
    pub(super) http: Http,
    /// The organisation that is configured.
    pub(super) organisation: Option<OrgId>,
    pub(super) settings: Settings,
    /// Which of the two APIs are served.
    pub(super) dialects: Dialects,
    /// The apps of this round.
    pub(super) round: Round,
    /// The deployments that are known.
    pub(super) known: Arc<Known>,
    /// The states that were seen.
    pub(super) trail: Trail,
    /// What verifications of domains said.
    pub(super) verdicts: Verdicts,
    /// What was seen of projects.
    pub(super) projects: Memory,
    /// What is followed.
    pub(super) watches: Watches,
}

impl Api {
    pub(super) fn new(connection: Connection, patience: Patience) -> Result<Self, Failure> {
        Ok(Self {
            http: Http::with_patience(&connection, DIALECT, patience)?,
            organisation: connection.organisation,
            dialects: Dialects::new(&connection.settings),
            round: Round::default(),
            settings: connection.settings,
            known: Arc::new(Known::new(connection.notebook)),
            trail: Trail::default(),
            verdicts: Verdicts::default(),
            projects: Memory::default(),
            watches: Watches::default(),
        })
    }

    /// Reads, with the organisation where the dialect wants it.
    pub(super) async fn read(&self, op: Op, ids: &[&str]) -> Result<Reply, Failure> {
        let call = self.call(op, ids, Safety::Read).await?;
        self.send(call).await
    }

    /// One request. A refusal with a good status may repeat what was sent: what is secret of that is
    /// not in what comes back.
    pub(super) async fn send(&self, call: Call) -> Result<Reply, Failure> {
        let carried = call.secrets.clone();
        let mut reply = self.http.send(call).await?;
        if Payload::of(&reply).is_err() {
            let secrets = self.http.secrets(carried).await;
            reply.body = hidden(&reply.text(), &secrets).into();
        }
        Ok(reply)
    }

    /// A call of `op`, with the organisation in its query where the dialect wants it.
    pub(super) async fn call(&self, op: Op, ids: &[&str], safety: Safety) -> Result<Call, Failure> {
        self.dialects.allow(op)?;
        let row = op.row();
        let subject = format!("{} {}", row.noun, ids.join("/"));
        let call = Call::new(row.operation, row.method.clone(), op.path(ids)?, safety)
            .about(Text::clean(subject.trim_end()));
        if row.dialect == paths::Dialect::V1 {
            return Ok(call);
        }
        let organisation = self.organisation().await?;
        Ok(call.query([("organization_id", organisation.as_str())]))
    }

    /// The body of a write: the organisation once more, and what else there is.
    pub(super) async fn body(&self, more: Map<String, Value>) -> Result<Value, Failure> {
        let mut body = Map::new();
        let organisation = self.organisation().await?;
        body.insert("organization_id".into(), organisation.as_str().into());
        if let Some(length) = self.settings.get("length") {
            let length = serde_json::from_str(length).unwrap_or_else(|_| length.into());
            body.insert("length".into(), length);
        }
        body.extend(more);
        Ok(Value::Object(body))
    }

    /// The organisation: the configured one, or what dialect `v1` says of the token.
    ///
    /// # Errors
    /// `Validation` where nobody says which.
    pub(super) async fn organisation(&self) -> Result<OrgId, Failure> {
        if let Some(organisation) = &self.organisation {
            return Ok(organisation.clone());
        }
        let whoami = Box::pin(self.whoami()).await;
        whoami.and_then(|who| who.org_id.clone()).ok_or_else(|| {
            Failure::invalid(
                "organisation",
                "is missing: set `organisation` of the context to the organisation's id",
            )
        })
    }

    /// Something was written: what was read before may have changed.
    pub(super) fn forget(&self) {
        self.round.forget();
    }
}
