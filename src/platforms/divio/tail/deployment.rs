//! The log of a deployment: one text that grows and is fetched whole.
//!
//! Source: Divio contract, section 6.2.

use std::sync::Arc;

use crate::model::{DeploymentId, Failure, LogLine, Text};
use crate::platforms::divio::api::Api;
use crate::platforms::divio::paths::Op;
use crate::platforms::divio::progress::DEPLOYMENT_EVERY;
use crate::platforms::divio::wire::{self, DeploymentLogs};
use crate::platforms::{Answer, Tail, TailStep};

/// Reads the text again and again, and says what was added.
pub(super) struct Growing {
    api: Arc<Api>,
    deployment: DeploymentId,
    text: GrowingText,
    /// The deployment had ended when the text was last read.
    is_over: bool,
    /// The next look is not due at once.
    is_resting: bool,
}

impl Growing {
    pub(super) fn new(api: Arc<Api>, deployment: DeploymentId) -> Self {
        Self {
            api,
            deployment,
            text: GrowingText::default(),
            is_over: false,
            is_resting: false,
        }
    }

    async fn step(&mut self) -> Result<TailStep, Failure> {
        if self.is_over {
            return Ok(TailStep::Ended);
        }
        if self.is_resting {
            self.is_resting = false;
            return Ok(TailStep::Quiet(DEPLOYMENT_EVERY));
        }
        // The deployment first: a text read after its end is complete.
        let id = self.deployment.as_str();
        let record: wire::Deployment = self.api.get(Op::GetDeployment, id).await?;
        let is_over = record.ended_at.is_some() || record.success.is_some();
        let text = self.read().await?;
        let added = self.text.advance(text, is_over);
        self.is_over = is_over;
        Ok(match added {
            Added::Nothing if is_over => TailStep::Ended,
            Added::Nothing => TailStep::Quiet(DEPLOYMENT_EVERY),
            Added::Lines(lines) => {
                self.is_resting = true;
                TailStep::Lines(lines)
            }
            Added::Everything(lines) => {
                self.is_resting = true;
                TailStep::Replaced(lines)
            }
        })
    }

    /// No text, an empty one and none at all mean the same: no output yet.
    async fn read(&self) -> Result<String, Failure> {
        let id = self.deployment.as_str();
        match self
            .api
            .get::<DeploymentLogs>(Op::GetDeploymentLogs, id)
            .await
        {
            Ok(logs) => Ok(logs.logs.0.unwrap_or_default()),
            Err(Failure::NotFound { .. }) => Ok(String::new()),
            Err(failure) => Err(failure),
        }
    }
}

impl Tail for Growing {
    fn next(&mut self) -> Answer<'_, TailStep> {
        Box::pin(self.step())
    }
}

/// What a newer text has that the older had not.
#[derive(Debug, PartialEq)]
enum Added {
    Nothing,
    Lines(Vec<LogLine>),
    Everything(Vec<LogLine>),
}

/// A text that grows, as far as it was handed over.
#[derive(Default)]
struct GrowingText {
    text: String,
    /// Bytes handed over: always at the start of a line.
    done: usize,
    step: Text,
}

impl GrowingText {
    /// Takes the newer text. Its last line is kept back until it is whole, or all is over.
    /// An empty text says nothing: what was there stays.
    fn advance(&mut self, text: String, is_over: bool) -> Added {
        let text = if text.is_empty() {
            self.text.clone()
        } else {
            text
        };
        let goes_on = text.starts_with(&self.text);
        let had_lines = self.done > 0;
        if !goes_on {
            (self.done, self.step) = (0, Text::default());
        }
        self.text = text;
        let rest = self.text.get(self.done..).unwrap_or_default();
        let whole = match rest.rfind('\n') {
            _ if is_over => rest.len(),
            Some(last) => last + 1,
            None => 0,
        };
        let lines = lines(rest.get(..whole).unwrap_or_default(), &mut self.step);
        self.done += whole;
        match (goes_on || !had_lines, lines.is_empty()) {
            (true, true) => Added::Nothing,
            (true, false) => Added::Lines(lines),
            (false, _) => Added::Everything(lines),
        }
    }
}

/// The lines of a text. A headline names the step that the lines after it belong to.
fn lines(text: &str, step: &mut Text) -> Vec<LogLine> {
    let lines = text.lines().map(|raw| {
        let mut line = LogLine::output(None, Text::default(), raw);
        if let Some(title) = headline(&line.text) {
            *step = title;
        }
        line.source = step.clone();
        line
    });
    lines.collect()
}

/// `===== docker build =====`.
fn headline(line: &str) -> Option<Text> {
    let inner = line.trim().strip_prefix("=====")?.strip_suffix("=====")?;
    Text::non_empty(inner.trim_matches(['=', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(added: Added) -> (char, Vec<String>) {
        let (kind, lines) = match added {
            Added::Nothing => ('-', Vec::new()),
            Added::Lines(lines) => ('+', lines),
            Added::Everything(lines) => ('!', lines),
        };
        let lines = lines
            .iter()
            .map(|line| format!("{}|{}", line.source, line.text));
        (kind, lines.collect())
    }

    fn check(steps: &[(&str, bool, char, &[&str])]) {
        let mut growing = GrowingText::default();
        for (text, is_over, kind, expected) in steps {
            let (found, lines) = shown(growing.advance((*text).to_owned(), *is_over));
            assert_eq!(
                (found, lines.as_slice()),
                (
                    *kind,
                    &expected.iter().map(ToString::to_string).collect::<Vec<_>>()[..]
                ),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_was_added_is_handed_over_once() {
        check(&[
            ("", false, '-', &[]),
            ("one\ntw", false, '+', &["|one"]),
            ("one\ntwo", false, '-', &[]),
            ("one\ntwo\n", false, '+', &["|two"]),
            ("one\ntwo\nthree", true, '+', &["|three"]),
        ]);
    }

    #[test]
    fn a_text_that_changed_in_its_past_replaces_everything() {
        check(&[
            ("one\n", false, '+', &["|one"]),
            ("other\nlines\n", false, '!', &["|other", "|lines"]),
            ("", false, '-', &[]),
            ("other\nlines\nmore", false, '-', &[]),
            ("", true, '+', &["|more"]),
        ]);
        // What was never shown need not be taken back.
        check(&[("on", false, '-', &[]), ("two\n", false, '+', &["|two"])]);
    }

    #[test]
    fn a_headline_names_the_step() {
        check(&[(
            "wait\n===== docker build =====\nStep 1\r\n10%\r100%\n\x1b[1m== no headline ==\x1b[0m\n",
            false,
            '+',
            &[
                "|wait",
                "docker build|===== docker build =====",
                "docker build|Step 1",
                "docker build|100%",
                "docker build|== no headline ==",
            ],
        )]);
        assert_eq!(headline("=========="), None);
        assert_eq!(headline("====="), None);
    }
}
