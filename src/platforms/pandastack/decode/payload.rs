//! What is inside an answer, whatever it is wrapped in. Source: PandaStack contract, section 6.1.

use reqwest::Method;
use serde_json::{Map, Value};

use super::list::{self, Records};
use super::names;
use super::record::Record;
use super::scalar::{self, fold};
use crate::model::{Failure, Text};
use crate::platforms::http::Reply;
use crate::platforms::pandastack::failure;
use crate::platforms::pandastack::paths::{Op, Row, TABLE};

/// Under these an envelope has what it is about.
const WRAPPED: &[&str] = &["data", "result", "response", "payload"];

/// As many envelopes are taken off.
const DEEPEST: usize = 3;

/// Their answers may tell of the app or the deployment one level down.
const TELLS_INSIDE: &[Op] = &[
    Op::GetDeploymentStatus,
    Op::DeployManagedApp,
    Op::RetryManagedApp,
    Op::ConfigureManagedApp,
    Op::CompleteInstallation,
];

/// What an answer says, out of its envelopes.
#[derive(Clone, Debug)]
pub(in crate::platforms::pandastack) struct Payload {
    inside: Inside,
    operation: &'static str,
    /// What was said beside it, for people.
    message: Option<Text>,
    /// What was said that would explain a refusal.
    reason: Option<Text>,
    /// How many records there are, as the answer says.
    total: Option<u64>,
    success: Option<bool>,
}

#[derive(Clone, Debug)]
enum Inside {
    /// No body, `null`, or an envelope around nothing.
    Nothing,
    /// A single word: a state.
    Word(Text),
    /// Text for people.
    Message(Text),
    /// An object or a list.
    Json(Value),
}

impl Payload {
    /// Takes an answer apart.
    ///
    /// # Errors
    /// What the answer says where its top level has `success: false`, whatever its status; not for
    /// the verification of a domain, of which that is the verdict. `Decode` for a read whose answer
    /// is a page or was cut off: it would be taken for an empty list. An operation that was accepted
    /// stays accepted, whatever its answer looks like.
    pub(in crate::platforms::pandastack) fn of(reply: &Reply) -> Result<Self, Failure> {
        let text = scalar::text_of(&reply.body);
        if text.is_empty() {
            return Ok(Self::nothing(reply.operation));
        }
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => Self::of_json(reply, value),
            Err(_) if is_read(reply.operation) && text.starts_with(['{', '[', '<']) => reply
                .json::<Value>()
                .map(|_| Self::nothing(reply.operation)),
            Err(_) => Ok(Self {
                inside: Inside::of_text(&text),
                ..Self::nothing(reply.operation)
            }),
        }
    }

    fn of_json(reply: &Reply, value: Value) -> Result<Self, Failure> {
        let success = scalar::success(&value);
        if success == Some(false) && reply.operation != Op::VerifyDomain.row().operation {
            return Err(failure::refused(reply, &value));
        }
        let mut payload = Self {
            success,
            ..Self::nothing(reply.operation)
        };
        payload.note(&value);
        payload.inside = payload.unwrapped(value);
        Ok(payload)
    }

    fn nothing(operation: &'static str) -> Self {
        Self {
            inside: Inside::Nothing,
            operation,
            message: None,
            reason: None,
            total: None,
            success: None,
        }
    }

    /// Keeps what a level says of the whole: the first message, the last number, any refusal.
    fn note(&mut self, level: &Value) {
        self.message = self.message.take().or_else(|| failure::remark(level));
        self.reason = self.reason.take().or_else(|| failure::said(level));
        self.total = list::total(level).or(self.total);
        if let Some(success) = scalar::success(level) {
            self.success = Some(success && self.success != Some(false));
        }
    }

    /// Steps into envelopes.
    fn unwrapped(&mut self, mut value: Value) -> Inside {
        for _ in 0..DEEPEST {
            match open(value) {
                Opened::Inner(inner) => {
                    self.note(&inner);
                    value = inner;
                }
                Opened::Text(text) => return Inside::of_text(&text),
                Opened::Empty => return Inside::Nothing,
                Opened::Closed(closed) => return Inside::of_json(closed),
            }
        }
        Inside::of_json(value)
    }

    /// What the platform says to people: the message of the answer, or its whole text.
    pub(in crate::platforms::pandastack) fn message(&self) -> Option<&Text> {
        match &self.inside {
            Inside::Message(text) => Some(text),
            Inside::Nothing | Inside::Word(_) | Inside::Json(_) => self.message.as_ref(),
        }
    }

    /// Why something is not as it should be, found as in an error answer.
    pub(in crate::platforms::pandastack) fn reason(&self) -> Option<&Text> {
        match &self.inside {
            Inside::Message(text) => Some(text),
            Inside::Nothing | Inside::Word(_) | Inside::Json(_) => self.reason.as_ref(),
        }
    }

    /// What `success` says, at the top or inside: one `false` is enough.
    pub(in crate::platforms::pandastack) fn success(&self) -> Option<bool> {
        self.success
    }

    /// Whether a field is there and `null`; a record has none such.
    pub(in crate::platforms::pandastack) fn has_null(&self, name: &str) -> bool {
        let Inside::Json(Value::Object(fields)) = &self.inside else {
            return false;
        };
        let mut fields = fields.iter();
        fields.any(|(it, value)| fold(it) == name && value.is_null())
    }

    /// The records of a list. Source: PandaStack contract, section 6.2.
    pub(in crate::platforms::pandastack) fn records(&self) -> Records {
        let found = match &self.inside {
            Inside::Json(value) => list::records(value),
            Inside::Nothing | Inside::Word(_) | Inside::Message(_) => Records::default(),
        };
        if found.skipped > 0 {
            let (operation, skipped) = (self.operation, found.skipped);
            tracing::debug!(
                operation,
                skipped,
                "entries that are no records are left out"
            );
        }
        Records {
            total: self.total,
            ..found
        }
    }

    /// The one record of an answer; without any field where there is none. A single word is its
    /// state.
    pub(in crate::platforms::pandastack) fn record(&self) -> Record {
        let tells_inside = TELLS_INSIDE
            .iter()
            .any(|op| op.row().operation == self.operation);
        let fields = match &self.inside {
            Inside::Json(Value::Object(fields)) => fields.clone(),
            Inside::Json(Value::Array(items)) => self.of_list(items),
            Inside::Word(word) => single("status", word.as_str().into()),
            Inside::Json(_) | Inside::Nothing | Inside::Message(_) => Map::new(),
        };
        Record::new(fields, tells_inside)
    }

    /// A verdict on a domain that is a list has the DNS records to create; any other list where one
    /// record was expected has it as its first.
    fn of_list(&self, items: &[Value]) -> Map<String, Value> {
        if self.operation == Op::VerifyDomain.row().operation {
            return single("records", Value::Array(items.to_vec()));
        }
        let first = items.iter().find_map(Value::as_object);
        first.cloned().unwrap_or_default()
    }
}

impl Inside {
    fn of_json(value: Value) -> Self {
        match value {
            Value::String(text) => Self::of_text(&text),
            Value::Object(_) | Value::Array(_) => Self::Json(value),
            // The call went well, and there is nothing to it.
            Value::Null | Value::Bool(_) | Value::Number(_) => Self::Nothing,
        }
    }

    fn of_text(text: &str) -> Self {
        let text = failure::stripped(text);
        match text {
            None => Self::Nothing,
            Some(text) if text.as_str().contains(char::is_whitespace) => Self::Message(text),
            Some(text) => Self::Word(text),
        }
    }
}

/// What came of opening an envelope.
enum Opened {
    Inner(Value),
    Text(String),
    Empty,
    /// It was none.
    Closed(Value),
}

fn open(value: Value) -> Opened {
    let Value::Object(mut fields) = value else {
        return Opened::Closed(value);
    };
    if names::is_identified(&fields) {
        return Opened::Closed(Value::Object(fields));
    }
    let wrapped = |fields: &Map<String, Value>, is: fn(&Value) -> bool| {
        let mut names = WRAPPED.iter();
        names.find_map(|wanted| {
            let mut fields = fields.iter();
            let (name, _) = fields.find(|(name, value)| fold(name) == *wanted && is(value))?;
            Some(name.clone())
        })
    };
    let is_whole = |value: &Value| value.is_object() || value.is_array();
    if let Some(inner) = wrapped(&fields, is_whole).and_then(|name| fields.remove(&name)) {
        return Opened::Inner(inner);
    }
    let text = wrapped(&fields, Value::is_string).and_then(|name| fields.remove(&name));
    if let Some(Value::String(text)) = text {
        return Opened::Text(text);
    }
    if wrapped(&fields, Value::is_null).is_some_and(|name| fold(&name) == "data") {
        return Opened::Empty;
    }
    Opened::Closed(Value::Object(fields))
}

fn single(name: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value)])
}

/// Whether an operation only reads.
fn is_read(operation: &str) -> bool {
    let is_get = |row: &&Row| row.operation == operation && row.method == Method::GET;
    TABLE.iter().find(is_get).is_some()
}
