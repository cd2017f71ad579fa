//! What runs: restarted, stopped, started, killed, and commands in it.
//!
//! Source: tsuru contract, section 5 (apps, units).

use super::{Attempt, app, place};
use crate::model::{Accepted, Failure, RunPlace, Safety};
use crate::platforms::tsuru::api::{call, with_form};
use crate::platforms::tsuru::paths::Op;

impl Attempt<'_> {
    /// A whole app, a process of it, or a version of that.
    pub(super) async fn turn(
        &mut self,
        op: Op,
        process: Option<&str>,
    ) -> Result<Accepted, Failure> {
        let operation = self.operation;
        let place = place(operation, process)?;
        let process = place.process.unwrap_or_default();
        let call = |version: &str| {
            let call = call(op, &[place.app], Safety::Once)?;
            let fields = [("process", process), ("version", version)];
            Ok(with_form(call, &fields))
        };
        self.by_name(op, Some(kind_of(op)), place.version, call)
            .await
    }

    pub(super) async fn kill(&mut self, unit: &str, force: bool) -> Result<Accepted, Failure> {
        let app = app(self.operation)?;
        let call = call(Op::UnitKill, &[app, unit], Safety::Once)?;
        let call = if force {
            call.query([("force", "true")])
        } else {
            call
        };
        self.sent(Op::UnitKill, call).await
    }

    /// The server chooses the unit, of whichever process.
    pub(super) async fn run(
        &mut self,
        command: &str,
        place: RunPlace,
    ) -> Result<Accepted, Failure> {
        let (once, isolated) = match place {
            RunPlace::One => ("true", "false"),
            RunPlace::Every => ("false", "false"),
            RunPlace::Alone => ("false", "true"),
        };
        let call = call(Op::AppRun, &[app(self.operation)?], Safety::Once)?;
        let fields = [("command", command), ("once", once), ("isolated", isolated)];
        self.act(Op::AppRun, with_form(call, &fields), "app.run")
            .await
    }
}

fn kind_of(op: Op) -> &'static str {
    if op == Op::AppStop {
        "app.update.stop"
    } else if op == Op::AppStart {
        "app.update.start"
    } else {
        "app.update.restart"
    }
}
