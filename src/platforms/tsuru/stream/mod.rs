//! The platform's three kinds of streams, and carrying out what prints one of them.
//!
//! `values` finds JSON in bytes however they were cut, `lines` and `printed` make lines of fragments;
//! `action` (format A), `log` (format B) and `plain` (format C) read what they mean. All of them are
//! pure, hold a bounded part of what comes, and do not depend on where it was cut.
//! Source: tsuru contract, section 3.

mod action;
#[cfg(test)]
mod cuts;
mod lines;
mod log;
mod plain;
mod printed;
mod values;

use reqwest::header::HeaderMap;

use self::action::Action;
pub(super) use self::action::Verdict;
pub(super) use self::lines::Line;
pub(super) use self::log::{Log, Record, Step};
use self::plain::Plain;
pub(super) use self::printed::Printed;
use super::api::Api;
use super::failure::explained;
use super::live::{Subject, Writer};
use super::paths::Op;
use crate::model::{Failure, NetworkProblem, Secret, Text};
use crate::platforms::Output;
use crate::platforms::http::{Call, Incoming, hidden};

/// Where the server names the event that a call has made.
const EVENT_HEADER: &str = "x-tsuru-eventid";

/// How an action ended whose answer was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It did what was asked.
    Done,
    /// It failed.
    Failed {
        /// The platform's reason.
        text: Text,
        /// The event that it is, where the server said so.
        event: Option<String>,
    },
}

/// Carries out an action that prints while it runs, and comes back at its end. Lines go to `output`,
/// and to whoever follows the event. One attempt, whatever happens.
///
/// # Errors
/// As any call; `Network { sent: true }` where the connection was lost on the way, or where the
/// stream does not tell how it ended: then the event is to be looked for.
pub(super) async fn action(
    api: &Api,
    op: Op,
    call: Call,
    what: Subject,
    output: Output<'_>,
) -> Result<End, Failure> {
    // Before it is sent: whoever follows the event may be faster than the answer.
    let live = api.live.begin(what);
    let carried = call.secrets.clone();
    let has_secrets = !carried.is_empty();
    let incoming = api.ask(op, api.http.stream(call)).await?;
    let event = event_of(incoming.headers());
    live.opened(event.clone());
    let secrets = api.http.secrets(carried).await;
    let mut shown = Shown {
        live,
        output,
        has_secrets,
        secrets,
    };
    let verdict = read(incoming, Decoder::of(op), &mut shown).await?;
    shown.live.end(&verdict);
    match verdict {
        Verdict::Done => Ok(End::Done),
        Verdict::Failed(said) => Ok(End::Failed {
            text: explained(&hidden(&said, &shown.secrets)),
            event,
        }),
        Verdict::Unknown(why) => Err(lost(why)),
    }
}

async fn read(
    mut incoming: Incoming,
    mut decoder: Decoder,
    shown: &mut Shown<'_>,
) -> Result<Verdict, Failure> {
    let broken = loop {
        match incoming.next().await {
            Ok(Some(bytes)) => shown.show(decoder.push(&bytes)),
            Ok(None) => break None,
            Err(failure) => break Some(failure),
        }
    };
    let (last, verdict) = decoder.finish();
    shown.show(last);
    match broken {
        Some(failure) => Err(failure),
        None => Ok(verdict),
    }
}

enum Decoder {
    Action(Action),
    Plain(Plain),
}

impl Decoder {
    /// A deploy answers in plain text (format C), everything else in format A.
    fn of(op: Op) -> Self {
        if op == Op::AppDeploy {
            Self::Plain(Plain::default())
        } else {
            Self::Action(Action::new())
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Vec<Line> {
        match self {
            Self::Action(action) => action.push(bytes),
            Self::Plain(plain) => plain.push(bytes),
        }
    }

    fn finish(self) -> (Vec<Line>, Verdict) {
        match self {
            Self::Action(action) => action.finish(),
            Self::Plain(plain) => plain.finish(),
        }
    }
}

/// Where lines go.
struct Shown<'a> {
    live: Writer,
    output: Output<'a>,
    /// Whether the call carried secrets: then a line may repeat parts of them.
    has_secrets: bool,
    /// What was sent and nobody may see, should a line repeat it.
    secrets: Vec<Secret>,
}

impl Shown<'_> {
    fn show(&mut self, mut lines: Vec<Line>) {
        for line in &mut lines {
            // What is printed otherwise is shown as it is, like any log.
            if self.has_secrets
                || self
                    .secrets
                    .iter()
                    .any(|it| line.text.contains(it.expose()))
            {
                line.text = hidden(&line.text, &self.secrets);
            }
        }
        for line in &lines {
            // Empty lines set parts of a log apart; a list of news has no use for them.
            if let Some(text) = Text::non_empty(&line.text) {
                (self.output)(text);
            }
        }
        self.live.push(lines.iter().map(Line::shown));
    }
}

impl Verdict {
    /// Whether it is one.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::Done | Self::Failed(_) => true,
            Self::Unknown(_) => false,
        }
    }
}

fn event_of(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(EVENT_HEADER)?.to_str().ok()?.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

fn lost(why: &str) -> Failure {
    Failure::Network {
        problem: NetworkProblem::Reset,
        sent: true,
        detail: Text::clean(why),
    }
}
