//! Terminal sessions in a unit.
//!
//! The platform takes the size of the terminal when the session is opened, and never again: what
//! becomes of it afterwards is not told. Errors come as the first thing that a session writes. Source: tsuru contract, section 5 (shell).

use std::sync::Arc;

use super::api::{Api, call};
use super::failure;
use super::ids::{self, Place};
use super::map;
use super::paths::Op;
use super::wire;
use crate::model::{AuthProblem, EnvId, Failure, Safety, Text};
use crate::platforms::http::websocket::{Frame, WebSocket};
use crate::platforms::{Answer, Console, ConsoleInput};

/// In place of a unit: one of its own, without those that serve.
const ISOLATED: &str = "isolated";

/// What programs may expect of the terminal; others are not known everywhere.
const TERM: &str = "xterm-256color";

/// The server reads a message into so many bytes at least, and drops the rest.
const MOST_TYPED: usize = 4 * 1024;

/// How an error begins.
const ERROR: &str = "Error: ";

/// Opens a session in a unit of a process. What is typed there may change anything, so that a
/// read-only context has none.
pub(super) async fn open(
    api: Arc<Api>,
    of: &EnvId,
    unit: Option<&str>,
    (width, height): (u16, u16),
) -> Result<Box<dyn Console>, Failure> {
    api.http.allow(Safety::Once)?;
    let place = ids::of_environment(of)?;
    let (key, unit) = where_to(&api, &place, unit).await?;
    let (width, height) = (width.to_string(), height.to_string());
    let query = [
        (key, unit.as_str()),
        ("width", &width),
        ("height", &height),
        ("term", TERM),
    ];
    let call = call(Op::AppShell, &[place.app], Safety::Once)?.query(query);
    Ok(Box::new(Session {
        socket: api.ask(Op::AppShell, api.http.upgrade(call)).await?,
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
    let app = api.app(place.app).await?;
    let units = app.units.iter().flatten();
    let ours: Vec<_> = units
        .filter(|unit| !unit.id.is_empty() && map::is_of(unit, place))
        .collect();
    let runs = |unit: &&&wire::Unit| unit.status.as_deref() == Some("started");
    let best = ours.iter().find(runs).or(ours.first());
    best.map(|unit| ("unit", unit.id.clone())).ok_or_else(|| {
        let what = place.process.unwrap_or(place.app);
        let text = format!("no unit of {what} runs: start it first, or name the unit `{ISOLATED}`");
        Failure::Conflict(Text::clean(&text))
    })
}

struct Session {
    socket: WebSocket,
    /// Nothing was written yet.
    is_fresh: bool,
}

impl Session {
    async fn output(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let output = match self.socket.next().await? {
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
            // There is no message for another one.
            ConsoleInput::Size(..) => return Ok(()),
        };
        for part in typed.chunks(MOST_TYPED) {
            self.socket.send_raw(part.to_vec()).await?;
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
