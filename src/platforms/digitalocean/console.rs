//! Terminal sessions. Source: DigitalOcean contract, section 5.8.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::api::{Api, Filter};
use super::ids;
use super::paths::Op;
use super::tail::lines::Piece;
use crate::model::{EnvId, Failure, Safety, Secret, Text};
use crate::platforms::http::websocket::WebSocket;
use crate::platforms::{Answer, Console, ConsoleInput};

/// The platform ends a session in which nothing is typed; nothing, typed this often, keeps it.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Opens a session in an instance of a component. What is typed there may change anything, so that
/// a read-only context has none.
pub(super) async fn open(
    api: Arc<Api>,
    of: &EnvId,
    unit: Option<&str>,
    (width, height): (u16, u16),
) -> Result<Box<dyn Console>, Failure> {
    api.http.allow(Safety::Once)?;
    let (app, component) = ids::of_environment(of)?;
    let query: Option<Filter<'_>> = unit.map(|unit| ("instance_name", unit));
    let answer: Value = api
        .get_with(Op::GetExec, &[app, component], query.as_slice())
        .await?;
    let link = answer.get("url").and_then(Value::as_str);
    let link = Secret::new(link.ok_or_else(no_link)?);
    let mut session = Session {
        socket: api.sockets.open(&link).await?,
        keep_alive_at: Instant::now() + KEEP_ALIVE,
        typed: Vec::new(),
    };
    session.input(ConsoleInput::Size(width, height)).await?;
    Ok(Box::new(session))
}

fn no_link() -> Failure {
    Failure::Decode {
        endpoint: Text::clean(Op::GetExec.row().operation),
        path: Text::clean("url"),
        expected: Text::clean("an address"),
        found: Text::clean("none"),
    }
}

struct Session {
    socket: WebSocket,
    keep_alive_at: Instant,
    /// The beginning of a character whose end was not typed yet.
    typed: Vec<u8>,
}

impl Session {
    async fn output(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            let came = timeout_at(self.keep_alive_at, self.socket.next()).await;
            let Ok(came) = came else {
                self.keep_alive().await?;
                continue;
            };
            return Ok(came?.map(|frame| match Piece::of(frame) {
                Piece::Log(output) | Piece::Raw(output) => output,
            }));
        }
    }

    /// Types nothing, and asks for a sign of life: a shell may be silent for hours.
    async fn keep_alive(&mut self) -> Result<(), Failure> {
        self.keep_alive_at = Instant::now() + KEEP_ALIVE;
        self.socket.send(stdin("")).await?;
        self.socket.ping().await
    }

    async fn input(&mut self, input: ConsoleInput) -> Result<(), Failure> {
        let frame = match input {
            ConsoleInput::Typed(bytes) => match self.whole(&bytes) {
                text if text.is_empty() => return Ok(()),
                text => stdin(&text),
            },
            ConsoleInput::Size(width, height) => {
                json!({ "op": "resize", "width": width, "height": height }).to_string()
            }
        };
        self.socket.send(frame).await
    }

    /// What was typed, in whole characters.
    fn whole(&mut self, bytes: &[u8]) -> String {
        self.typed.extend_from_slice(bytes);
        let kept = match self.typed.utf8_chunks().last() {
            Some(last) if is_begun(last.invalid()) => last.invalid().len(),
            _ => 0,
        };
        let rest = self.typed.split_off(self.typed.len() - kept);
        let whole = std::mem::replace(&mut self.typed, rest);
        String::from_utf8_lossy(&whole).into_owned()
    }
}

/// Whether more bytes could make a character of these.
fn is_begun(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

fn stdin(data: &str) -> String {
    json!({ "op": "stdin", "data": data }).to_string()
}

impl Console for Session {
    fn read(&mut self) -> Answer<'_, Option<Vec<u8>>> {
        Box::pin(self.output())
    }

    fn write(&mut self, input: ConsoleInput) -> Answer<'_, ()> {
        Box::pin(self.input(input))
    }
}
