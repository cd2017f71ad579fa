//! JSON of operations: what `do -o json` and `wait -o json` promise to scripts. The rules are those
//! of [`crate::cli::output`].

use std::io::{self, Write as _};

use jiff::Timestamp;
use serde::Serialize;

use super::preview::PreviewItem;
use super::subject::Subject;
use crate::cli::exit::CliError;
use crate::cli::output::Problem;
use crate::cli::target;
use crate::cli::terminal::output;
use crate::model::{Class, Follow, Text};

/// What `do -o json` and `wait -o json` write.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    /// `flightdeck/1`.
    pub(super) schema: &'static str,
    /// `operation`.
    pub(super) kind: &'static str,
    /// When the document was written.
    pub(super) generated_at: Timestamp,
    /// Its name on the command line; `wait` for something that was begun before.
    pub(super) operation: &'static str,
    /// What it acted on.
    pub(super) target: TargetItem,
    /// `done`, `accepted` (the platform took it and works on it), `partly`, `failed`, `refused`
    /// (it did not happen), `unknown` (it was sent, and what became of it is not known) or
    /// `timed_out` (it goes on at the platform).
    pub(super) outcome: &'static str,
    /// Why, or a remark.
    pub(super) message: Option<String>,
    /// What one should know.
    pub(super) note: Option<String>,
    /// What is to be done next, such as DNS records.
    pub(super) next_steps: Vec<String>,
    /// What it is called at the platform; for `flightdeck wait`.
    pub(super) follow: Option<FollowItem>,
    /// What is wrong with which option.
    pub(super) problems: Vec<OptionProblem>,
    /// What the platform said that it would do, before it was sent; `null` where it cannot be asked.
    pub(super) preview: Option<PreviewItem>,
    /// Why it was refused; `null` otherwise.
    pub(super) error: Option<Problem>,
    /// How long it took.
    pub(super) took_s: u64,
}

/// What an operation acted on.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct TargetItem {
    context: Option<String>,
    app: Option<String>,
    environment: Option<String>,
    /// `PROD`, `stag`, `dev`, or `null` where it is not known.
    class: Option<&'static str>,
}

impl From<&Subject> for TargetItem {
    fn from(subject: &Subject) -> Self {
        let app = subject.app.as_ref();
        let environment = subject.environment.as_ref();
        Self {
            context: Some(subject.context.to_string()),
            app: app.map(|it| it.name.to_string()),
            environment: environment.map(|it| it.name.to_string()),
            class: subject.target.class.map(Class::word),
        }
    }
}

/// What was asked for, where it was not found out what that is.
impl From<&target::Target> for TargetItem {
    fn from(target: &target::Target) -> Self {
        Self {
            context: target.context.clone(),
            app: target.app.clone(),
            environment: target.environment.clone(),
            class: None,
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct FollowItem {
    pub(super) kind: &'static str,
    pub(super) id: String,
}

#[derive(Debug, Serialize)]
pub(super) struct OptionProblem {
    /// The option, or the platform's own word; `null` if it is about all of it.
    pub(super) option: Option<String>,
    pub(super) problem: String,
}

impl From<&Follow> for FollowItem {
    fn from(what: &Follow) -> Self {
        let (kind, id) = follow(what);
        let id = id.to_string();
        Self { kind, id }
    }
}

/// The words are those that `wait` takes.
pub(super) fn follow(what: &Follow) -> (&'static str, Text) {
    match what {
        Follow::Deployment(id) => ("deployment", id.to_text()),
        Follow::Backup(id) => ("backup", id.to_text()),
        Follow::Restore(id) => ("restore", id.to_text()),
        Follow::Download(id) => ("download", id.to_text()),
        Follow::Task(task) => ("operation", task.clone()),
    }
}

/// Writes it: the only one, and the whole output.
pub(super) fn write(document: &Document) -> Result<(), CliError> {
    let mut out = output();
    serde_json::to_writer_pretty(&mut out, document).map_err(io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}
