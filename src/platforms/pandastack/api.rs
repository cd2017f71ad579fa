//! Asking the platform: which organisation, which paths, which bodies.

use std::sync::Arc;

use reqwest::header::AUTHORIZATION;

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
use crate::model::{Failure, OrgId, Safety, Secret, Text};
use crate::platforms::http::{Call, Dialect, Http, Patience, Reply, hidden};
use crate::platforms::{Connection, Settings};

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

    /// Reads.
    pub(super) async fn ask(&self, op: Op, ids: &[&str]) -> Result<Payload, Failure> {
        let call = self.call(op, ids, Safety::Read).await?;
        self.answer(call).await
    }

    /// Sends a call and takes its answer apart. What it carried in secret is in no answer, and the
    /// token neither: also a good status may come with a refusal that repeats it.
    pub(super) async fn answer(&self, call: Call) -> Result<Payload, Failure> {
        let carried = call.secrets.clone();
        let reply = self.http.send(call).await?;
        self.apart(reply, carried).await
    }

    /// The same as it came, for what is written back: there, what is hidden would be lost. It still
    /// is in no failure.
    pub(super) async fn unhidden(&self, call: Call) -> Result<Payload, Failure> {
        let carried = call.secrets.clone();
        let reply = self.http.send(call).await?;
        match Payload::of(&reply) {
            Ok(payload) => Ok(payload),
            Err(_) => self.apart(reply, carried).await,
        }
    }

    async fn apart(&self, reply: Reply, carried: Vec<Secret>) -> Result<Payload, Failure> {
        let secrets = self.http.secrets(carried).await;
        let body = hidden(&reply.text(), &secrets).into();
        Payload::of(&Reply { body, ..reply })
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
        self.round.rounds.forget();
    }
}
