//! What is told of an operation while it runs.

use super::super::terminal::{tell, tell_more};
use crate::model::{Follow, OperationEvent, Progress, Stage, Text};

/// Tells progress on standard error, each news once.
pub(in crate::cli) struct Reporter {
    title: String,
    last: String,
    pub(super) follow: Option<Follow>,
    /// What the user should know; that of the last event.
    pub(super) note: Option<Text>,
    /// What the user has to do next.
    pub(super) next_steps: Vec<Text>,
}

impl Reporter {
    pub(in crate::cli) fn new(title: String) -> Self {
        Self {
            title,
            last: String::new(),
            follow: None,
            note: None,
            next_steps: Vec::new(),
        }
    }

    pub(in crate::cli) fn tell(&mut self, event: &OperationEvent) {
        self.follow.clone_from(&event.follow);
        self.note.clone_from(&event.note);
        self.next_steps.clone_from(&event.next_steps);
        for line in &event.output {
            tell_more(line);
        }
        let news = match &event.stage {
            Stage::Sending => "sending".into(),
            // Its lines are the news.
            Stage::Running(_) if !event.output.is_empty() => return,
            Stage::Running(progress) => running(progress),
            Stage::Unknown(failure) => {
                format!(
                    "the answer was lost ({}); looking what happened",
                    failure.short()
                )
            }
            // The last word is told at the end.
            Stage::Ended(_) | Stage::Refused(_) | Stage::Unresolved(_) => return,
        };
        let note = event.note.as_ref();
        let news = note.map_or(news.clone(), |note| format!("{news} ({note})"));
        if news != self.last {
            tell(format_args!("{}: {news}", self.title));
            self.last = news;
        }
    }
}

fn running(progress: &Progress) -> String {
    let label = progress.label.as_ref().map_or("running", Text::as_str);
    let steps = progress.steps.map(|(done, all)| format!(" {done}/{all}"));
    let percent = progress.percent.map(|percent| format!(" {percent} %"));
    format!(
        "{label}{}{}",
        steps.unwrap_or_default(),
        percent.unwrap_or_default()
    )
}
