//! How an operation ended: in a line for people, in a document for scripts.

use std::io::Write as _;
use std::time::Duration;

use super::document::{Document, FollowItem, OptionProblem, TargetItem, follow, write};
use super::explain::option;
use super::preview::PreviewItem;
use super::progress::Reporter;
use crate::cli::args::Report;
use crate::cli::exit::{CliError, Exit, told};
use crate::cli::output::{Problem, SCHEMA};
use crate::cli::table::length;
use crate::cli::terminal::{output, tell, tell_more};
use crate::model::catalogue::Recipe;
use crate::model::{Failure, FieldProblem, Stage, Text, Verdict};
use crate::shell;
use jiff::Timestamp;

/// Something that was seen through as far as was asked for.
pub(in crate::cli) struct Ended<'a> {
    pub(in crate::cli) operation: &'static str,
    /// The row of the operation; absent for what was only waited for.
    pub(in crate::cli) recipe: Option<&'static Recipe>,
    /// What it is called in a line: verb and target.
    pub(in crate::cli) title: &'a str,
    pub(in crate::cli) target: TargetItem,
    /// What the platform said before it was sent; absent where it was not asked.
    pub(in crate::cli) preview: Option<PreviewItem>,
    pub(in crate::cli) began: Timestamp,
    /// How long it was waited for at most.
    pub(in crate::cli) limit: Option<Duration>,
    pub(in crate::cli) how: Report,
}

impl Ended<'_> {
    /// Says how it ended, and gives the exit code. Without a stage it took too long.
    pub(in crate::cli) fn finish(
        self,
        stage: Option<&Stage>,
        progress: &Reporter,
    ) -> Result<Exit, CliError> {
        let limit = self.limit.unwrap_or_default();
        let end = stage.map_or_else(|| End::late(limit), End::of);
        let (exit, line) = (end.exit, self.line(&end, progress));
        if exit == Exit::Done && self.how == Report::Text {
            let mut out = output();
            writeln!(out, "{line}")?;
            out.flush()?;
        } else if exit != Exit::Done && stage.is_some() {
            tell(&line);
        }
        let problems = problems(self.recipe, stage);
        tell_rest(&problems, progress);
        if self.how == Report::Json {
            write(&self.document(end, progress, problems, failure(stage)))?;
        }
        // That it took too long is told where all errors are.
        match stage {
            Some(_) => Ok(exit),
            None => Err(CliError::TimedOut(line)),
        }
    }

    /// It was refused before anything was sent. A script that reads JSON learns from it why.
    pub(in crate::cli) fn refused(self, failure: &Failure) -> Result<(), CliError> {
        if self.how == Report::Text {
            return Ok(());
        }
        let end = End::of(&Stage::Refused(failure.clone()));
        let nothing = Reporter::new(String::new());
        write(&self.document(end, &nothing, Vec::new(), Some(failure)))
    }

    fn line(&self, end: &End, progress: &Reporter) -> String {
        let what = progress.follow.as_ref().map(|what| {
            let (kind, id) = follow(what);
            format!(" ({kind} {id})")
        });
        let message = end.message.as_ref().map(|text| format!(": {text}"));
        let (what, message) = (what.unwrap_or_default(), message.unwrap_or_default());
        format!("{}: {}{what}{message}", self.title, end.words)
    }

    fn document(
        self,
        end: End,
        progress: &Reporter,
        problems: Vec<OptionProblem>,
        failure: Option<&Failure>,
    ) -> Document {
        let now = shell::now();
        let took = Duration::try_from(now.duration_since(self.began));
        Document {
            schema: SCHEMA,
            kind: "operation",
            generated_at: now,
            operation: self.operation,
            target: self.target,
            outcome: end.word,
            message: end.message,
            note: progress.note.as_ref().map(ToString::to_string),
            next_steps: progress
                .next_steps
                .iter()
                .map(ToString::to_string)
                .collect(),
            follow: progress.follow.as_ref().map(FollowItem::from),
            problems,
            preview: self.preview,
            error: failure.map(Problem::from),
            took_s: took.unwrap_or_default().as_secs(),
        }
    }
}

fn failure(stage: Option<&Stage>) -> Option<&Failure> {
    let Some(Stage::Refused(failure)) = stage else {
        return None;
    };
    Some(failure)
}

/// What stands below the line.
fn tell_rest(problems: &[OptionProblem], progress: &Reporter) {
    for OptionProblem { option, problem } in problems {
        let option = option.as_ref().map(|option| format!("{option}: "));
        tell_more(format_args!("{}{problem}", option.unwrap_or_default()));
    }
    if let Some(note) = &progress.note {
        tell(note);
    }
    if !progress.next_steps.is_empty() {
        tell("what is yours to do next:");
    }
    progress.next_steps.iter().for_each(tell_more);
}

/// A last stage in words, and its exit code.
pub(in crate::cli) fn told_stage(stage: &Stage) -> (String, Exit) {
    if let Stage::Refused(failure) = stage {
        return (format!("not done: {}", told(failure)), Exit::of(failure));
    }
    let End {
        words,
        message,
        exit,
        ..
    } = End::of(stage);
    let message = message.map(|message| format!(": {message}"));
    (format!("{words}{}", message.unwrap_or_default()), exit)
}

/// A stage as an end.
struct End {
    word: &'static str,
    words: &'static str,
    message: Option<String>,
    exit: Exit,
}

impl End {
    fn new(word: &'static str, words: &'static str, message: Option<String>, exit: Exit) -> Self {
        Self {
            word,
            words,
            message,
            exit,
        }
    }

    fn of(stage: &Stage) -> Self {
        let text = |text: &Text| Some(text.to_string());
        match stage {
            Stage::Ended(Verdict::Done(remark)) => {
                let remark = remark.as_ref().map(ToString::to_string);
                Self::new("done", "done", remark, Exit::Done)
            }
            Stage::Running(_) => Self::new("accepted", "accepted", None, Exit::Done),
            Stage::Ended(Verdict::Partly(reason)) => {
                Self::new("partly", "partly done", text(reason), Exit::Failed)
            }
            Stage::Ended(Verdict::Failed(reason)) => {
                Self::new("failed", "failed", text(reason), Exit::Failed)
            }
            Stage::Unresolved(reason) => {
                Self::new("unknown", "outcome unknown", text(reason), Exit::Failed)
            }
            // Its complaints stand below, each beside its option.
            Stage::Refused(failure @ Failure::Validation(problems)) if !problems.is_empty() => {
                let message = Some("the platform does not accept this".into());
                Self::new("refused", "not done", message, Exit::of(failure))
            }
            Stage::Refused(failure) => {
                let message = Some(told(failure));
                Self::new("refused", "not done", message, Exit::of(failure))
            }
            Stage::Sending | Stage::Unknown(_) => {
                Self::new("unknown", "interrupted", None, Exit::Failed)
            }
        }
    }

    fn late(after: Duration) -> Self {
        let after = length(after);
        let message = Some(format!(
            "not over after {after}; it goes on at the platform"
        ));
        Self::new("timed_out", "timed out", message, Exit::TimedOut)
    }
}

fn problems(recipe: Option<&'static Recipe>, stage: Option<&Stage>) -> Vec<OptionProblem> {
    let Some(Failure::Validation(problems)) = failure(stage) else {
        return Vec::new();
    };
    let each = |FieldProblem { field, problem }: &FieldProblem| OptionProblem {
        option: field.as_ref().map(|field| {
            let known = recipe.and_then(|recipe| Some(option(recipe, asked(recipe, field)?)));
            known.unwrap_or_else(|| field.to_string())
        }),
        problem: problem.to_string(),
    };
    problems.iter().map(each).collect()
}

/// The field that a platform complains about, where its name says so: `slug`, or `new_slug`.
fn asked(recipe: &'static Recipe, platform: &Text) -> Option<&'static str> {
    let words: Vec<&str> = platform.as_str().split(['_', '.']).collect();
    let whole = words.join("-");
    let names: Vec<&'static str> = recipe.asked().map(|field| field.name).collect();
    let same = names.iter().find(|name| **name == whole);
    let within: Vec<_> = names.iter().filter(|name| words.contains(name)).collect();
    match (same, within.as_slice()) {
        (Some(name), _) => Some(name),
        (None, [name]) => Some(name),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NetworkProblem, Progress};

    fn check(stage: &Stage, expected: Exit) {
        assert_eq!(End::of(stage).exit, expected, "{stage:?}");
    }

    #[test]
    fn only_what_is_done_or_accepted_is_a_success() {
        let text = || Text::clean("x");
        check(&Stage::Ended(Verdict::Done(None)), Exit::Done);
        check(&Stage::Running(Progress::default()), Exit::Done);
        check(&Stage::Ended(Verdict::Partly(text())), Exit::Failed);
        check(&Stage::Ended(Verdict::Failed(text())), Exit::Failed);
        check(&Stage::Unresolved(text()), Exit::Failed);
        let nobody = Failure::Network {
            problem: NetworkProblem::Connect,
            sent: false,
            detail: text(),
        };
        check(&Stage::Refused(nobody), Exit::Unreachable);
    }

    #[test]
    fn a_complaint_stands_beside_its_option() {
        let check = |recipe: &str, platform: &str, expected: Option<&str>| {
            let recipe = Recipe::named(recipe).unwrap();
            assert_eq!(
                asked(recipe, &Text::clean(platform)),
                expected,
                "{platform}"
            );
        };
        check("copy-environment", "slug", Some("slug"));
        check("copy-environment", "new_slug", Some("slug"));
        check("backup", "keep_until", Some("keep-until"));
        check("set-var", "environment", None);
        check("delete-app", "app", None);
    }
}
