//! Asking the platform: everything is posted, and answered in an envelope.

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::envelope::{Answer, Later, Meaning, Outcome, is_rejected, outcome};
use super::failure::judge;
use super::memory::Memory;
use super::paths::Op;
use super::{ids, later, login};
use crate::model::{Failure, OrgId, Safety, Text};
use crate::platforms::http::{Call, Dialect, Http, Patience, Reply};
use crate::platforms::{Connection, Settings};

const DIALECT: Dialect = Dialect {
    authorization: |token| (AUTHORIZATION, format!("Bearer {token}")),
    failure: judge,
};

/// Names the requests that a repeated read failed in.
///
/// Source: Pangea contract, section 5.
const RETRIED: &str = "x-pangea-retried-request-ids";

/// By which an answer is known to the platform, envelope or not.
const REQUEST_ID: &str = "x-request-id";

/// What was heard to a request.
pub(super) enum Heard {
    /// A good answer.
    Done(Answer),
    /// It comes later.
    Later(Later),
    /// The platform says no.
    Refused(No),
}

/// A no.
pub(super) struct No {
    pub(super) failure: Failure,
    /// What the status means; absent where something else than the platform answered.
    pub(super) meaning: Option<Meaning>,
}

/// The platform's API for one account.
pub(super) struct Api {
    pub(super) http: Http,
    /// The organisation: the API lists none.
    organisation: Option<OrgId>,
    pub(super) settings: Settings,
    pub(super) memory: Memory,
}

impl Api {
    pub(super) fn new(mut connection: Connection, patience: Patience) -> Result<Self, Failure> {
        connection.credential = login::source(&connection)?;
        Ok(Self {
            http: Http::with_patience(&connection, DIALECT, patience)?,
            organisation: connection.organisation,
            settings: connection.settings,
            memory: Memory::default(),
        })
    }

    /// The organisation that is kept to, and a remark on its id.
    ///
    /// # Errors
    /// `Local` where none is configured, `Validation` for what is no id of one.
    pub(super) fn organisation(&self) -> Result<(&str, Option<Text>), Failure> {
        let Some(id) = &self.organisation else {
            return Err(Failure::Local {
                problem: Text::clean("no organisation is configured, and Pangea lists none"),
                advice: Text::clean("set `organisation` of the context to its id (poi_…)"),
            });
        };
        let remark = ids::check(ids::ORGANISATION, id.as_str())?;
        Ok((id.as_str(), remark))
    }

    /// A read, waited for where its answer comes later.
    pub(super) async fn read<W: DeserializeOwned>(
        &self,
        op: Op,
        subject: &str,
        body: &Value,
    ) -> Result<W, Failure> {
        let call = call(op, subject, body, Safety::Read);
        let answer = later::awaited(self, call).await?;
        answer.decode(op.row().operation)
    }

    /// One request, judged by the platform's rule.
    ///
    /// # Errors
    /// Where no answer came, or one that says nothing; what the platform refuses is an answer.
    pub(super) async fn exchange(&self, call: Call) -> Result<Heard, Failure> {
        let read = name_of(&call);
        let before = read.as_ref().and_then(|it| self.memory.failed_before(it));
        let call = match before {
            Some(ids) => call.header(RETRIED, &ids),
            None => call,
        };
        let reply = self.http.exchange(&call, is_rejected).await?;
        if let Some(read) = read {
            self.note(&read, &reply);
        }
        let status = reply.status.as_u16();
        let meaning = match outcome(status, &reply.body) {
            Outcome::Done(answer) => {
                self.memory.note_taken();
                return Ok(Heard::Done(answer));
            }
            Outcome::Later(later) => {
                self.memory.note_taken();
                return Ok(Heard::Later(later));
            }
            Outcome::Refused(meaning) => Some(meaning),
            Outcome::Unavailable | Outcome::Garbled => None,
        };
        let failure = self.http.refused(&call, &reply).await;
        Ok(Heard::Refused(No {
            failure: self.with_wait(failure),
            meaning,
        }))
    }

    /// Where the platform names no time to wait.
    fn with_wait(&self, failure: Failure) -> Failure {
        if let Failure::RateLimited {
            retry_after: None,
            limit,
        } = failure
        {
            return Failure::RateLimited {
                retry_after: Some(self.memory.back_off()),
                limit,
            };
        }
        failure
    }

    /// What a repeated read has to name.
    fn note(&self, read: &str, reply: &Reply) {
        let id = reply
            .headers
            .get(REQUEST_ID)
            .and_then(|it| it.to_str().ok());
        if !reply.status.is_server_error() {
            self.memory.note_answered(read);
        } else if let Some(id) = id {
            self.memory.note_failed(read, id);
        }
    }
}

/// By which a read is known again; absent for what is not repeated.
fn name_of(call: &Call) -> Option<String> {
    let (_, body) = call.body.as_ref().filter(|_| call.safety == Safety::Read)?;
    Some(format!(
        "{} {}",
        call.operation,
        String::from_utf8_lossy(body)
    ))
}

/// A call with its body; `subject` is the id of what it is about.
pub(super) fn call(op: Op, subject: &str, body: &Value, safety: Safety) -> Call {
    let row = op.row();
    let subject = format!("{} {subject}", row.noun);
    Call::new(row.operation, Method::POST, row.path.to_owned(), safety)
        .about(Text::clean(subject.trim()))
        .json(body)
}
