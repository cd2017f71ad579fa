//! Terminal sessions in a unit.
//!
//! The platform takes the size of the terminal when the session is opened, and never again: it is
//! opened when that is known, and what becomes of the size afterwards is not told. Errors come as the
//! first thing that a session writes. Source: tsuru contract, section 5 (shell).

use std::sync::Arc;

use super::api::{Api, call};
use super::failure;
use super::ids::{self, Place};
use super::paths::Op;
use super::wire;
use crate::model::{AuthProblem, EnvId, Failure, Safety, Text};
use crate::platforms::http::websocket::{Frame, WebSocket};
use crate::platforms::{Answer, Console, ConsoleInput};

/// In place of a unit: one of its own, without those that serve.
const ISOLATED: &str = "isolated";

/// What programs may expect of the terminal; others are not known everywhere.
const TERM: &str = "xterm-256color";

/// Where somebody types before the size is known.
const USUAL_SIZE: (u16, u16) = (80, 24);

/// The server reads a message into so many bytes at least, and drops the rest.
const MOST_TYPED: usize = 4 * 1024;

/// How an error begins.
const ERROR: &str = "Error: ";

/// Prepares a session in a unit of a process. What is typed there may change anything, so that a
/// read-only context has none.
pub(super) async fn open(
    api: Arc<Api>,
    of: &EnvId,
    unit: Option<&str>,
) -> Result<Box<dyn Console>, Failure> {
    api.http.allow(Safety::Once)?;
    let place = ids::of_environment(of)?;
    let place = (place.app.to_owned(), where_to(&api, &place, unit).await?);
    Ok(Box::new(Session {
        api,
        app: place.0,
        place: place.1,
        socket: None,
        is_fresh: true,
    }))
}

/// Where a session runs, as the platform calls it.
type Where = (&'static str, String);

/// The unit, or one of the process: the platform's choice would be one of the whole app.
async fn where_to(api: &Api, place: &Place<'_>, unit: Option<&str>) -> Result<Where, Failure> {
    match unit {
        Some(ISOLATED) => return Ok((ISOLATED, "true".to_owned())),
        Some(unit) => return Ok(("unit", unit.to_owned())),
        None => {}
    }
    let app: wire::App = api.get(Op::AppGet, &[place.app], &[]).await?;
    let units = app.units.0.unwrap_or_default();
    let ours: Vec<_> = units.iter().filter(|unit| is_of(unit, place)).collect();
    let runs = |unit: &&&wire::Unit| unit.status.as_deref() == Some("started");
    let best = ours.iter().find(runs).or(ours.first());
    best.map(|unit| ("unit", unit.id.clone())).ok_or_else(|| {
        let what = place.process.unwrap_or(place.app);
        let text = format!("no unit of {what} runs: start it first, or name the unit `{ISOLATED}`");
        Failure::Conflict(Text::clean(&text))
    })
}

fn is_of(unit: &wire::Unit, place: &Place<'_>) -> bool {
    let version = unit.version.map(|version| version.to_string());
    let is_process = place.process.is_none() || unit.process_name.as_deref() == place.process;
    let is_version = place.version.is_none() || version.as_deref() == place.version;
    is_process && is_version && !unit.id.is_empty()
}

struct Session {
    api: Arc<Api>,
    app: String,
    place: Where,
    /// Open when the size of the terminal is known.
    socket: Option<WebSocket>,
    /// Nothing was written yet.
    is_fresh: bool,
}

impl Session {
    async fn connect(&mut self, (width, height): (u16, u16)) -> Result<(), Failure> {
        let (width, height) = (width.to_string(), height.to_string());
        let query = [
            (self.place.0, self.place.1.as_str()),
            ("width", &width),
            ("height", &height),
            ("term", TERM),
        ];
        let call = call(Op::AppShell, &[&self.app], Safety::Once)?.query(query);
        self.api.is_there(Op::AppShell)?;
        let opened = self.api.http.upgrade(call).await;
        self.api.note(Op::AppShell, &opened);
        self.socket = Some(opened?);
        Ok(())
    }

    async fn output(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let Some(socket) = &mut self.socket else {
            // The first thing that is sent opens it.
            return std::future::pending().await;
        };
        let output = match socket.next().await? {
            Some(Frame::Binary(bytes)) => bytes.to_vec(),
            Some(Frame::Text(text)) => text.into_bytes(),
            None => return Ok(None),
        };
        if std::mem::take(&mut self.is_fresh)
            && let Some(said) = output.strip_prefix(ERROR.as_bytes())
        {
            return Err(refused(&String::from_utf8_lossy(said)));
        }
        Ok(Some(output))
    }

    async fn input(&mut self, input: ConsoleInput) -> Result<(), Failure> {
        let typed = match input {
            ConsoleInput::Typed(typed) => typed,
            ConsoleInput::Size(width, height) => {
                // There is no message for another one.
                if self.socket.is_none() {
                    self.connect((width, height)).await?;
                }
                return Ok(());
            }
        };
        if self.socket.is_none() {
            self.connect(USUAL_SIZE).await?;
        }
        let Some(socket) = &mut self.socket else {
            return Ok(());
        };
        for part in typed.chunks(MOST_TYPED) {
            socket.send_raw(part.to_vec()).await?;
        }
        Ok(())
    }
}

/// What the platform says in place of opening a session.
fn refused(said: &str) -> Failure {
    if said.contains("session expired") {
        return Failure::Auth(AuthProblem::Rejected);
    }
    if said.contains("don't have permission") {
        let need = Text::clean("the token lacks app.run.shell");
        return Failure::Auth(AuthProblem::Forbidden(Some(need)));
    }
    Failure::Conflict(failure::explained(said))
}

impl Console for Session {
    fn read(&mut self) -> Answer<'_, Option<Vec<u8>>> {
        Box::pin(self.output())
    }

    fn write(&mut self, input: ConsoleInput) -> Answer<'_, ()> {
        Box::pin(self.input(input))
    }
}
