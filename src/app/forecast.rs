//! What the platforms say that the operations of a question would do.

use crate::model::{Operation, Preview, PreviewReport, Text, Ticket};

/// What is known of one operation of the question.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Its platform cannot be asked about such.
    NotAsked,
    /// It is asked, and has not answered.
    Asking,
    /// It said this.
    Said(Preview),
    /// It could not be asked; why.
    Unread(Text),
}

/// What became of asking the platforms what a question's operations would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    ticket: Ticket,
    steps: Vec<(Text, Told)>,
}

impl Forecast {
    /// Nothing is known yet of those that `is_asked`.
    pub(super) fn new(
        ticket: Ticket,
        operations: &[Operation],
        is_asked: impl Fn(&Operation) -> bool,
    ) -> Self {
        let steps = operations.iter().map(|operation| {
            let told = if is_asked(operation) {
                Told::Asking
            } else {
                Told::NotAsked
            };
            (operation.target.title.clone(), told)
        });
        Self {
            ticket,
            steps: steps.collect(),
        }
    }

    /// Takes an answer. Says whether it was for this question and this step still waited.
    pub(super) fn take(&mut self, report: PreviewReport) -> bool {
        let step = self.steps.get_mut(report.step);
        let Some((_, told)) = step.filter(|_| report.ticket == self.ticket) else {
            return false;
        };
        if *told != Told::Asking {
            return false;
        }
        *told = match report.result {
            Ok(Some(preview)) => Told::Said(preview),
            Ok(None) => Told::Said(Preview::default()),
            Err(failure) => Told::Unread(Text::clean(&failure.headline())),
        };
        true
    }

    /// Whether an answer is waited for.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.steps.iter().any(|(_, told)| *told == Told::Asking)
    }

    /// Why a platform would refuse one of the operations; absent while none would.
    #[must_use]
    pub fn refusal(&self) -> Option<Text> {
        let said = self.steps.iter();
        let mut refusals = said.filter_map(|(title, told)| match told {
            Told::Said(preview) => Some(self.of(title, preview.refusal.as_ref()?)),
            Told::NotAsked | Told::Asking | Told::Unread(_) => None,
        });
        refusals.next()
    }

    /// What it would come to: label and value, in order.
    pub fn facts(&self) -> impl Iterator<Item = (Text, Text)> {
        self.said().flat_map(move |(title, preview)| {
            let facts = preview.facts.iter();
            facts.map(move |(label, value)| (label.clone(), self.of(title, value)))
        })
    }

    /// What speaks against it, without forbidding it.
    pub fn warnings(&self) -> impl Iterator<Item = Text> {
        self.said().flat_map(move |(title, preview)| {
            let warnings = preview.warnings.iter();
            warnings.map(move |warning| self.of(title, warning))
        })
    }

    /// Why a platform could not be asked.
    pub fn unread(&self) -> impl Iterator<Item = Text> {
        self.steps
            .iter()
            .filter_map(move |(title, told)| match told {
                Told::Unread(why) => Some(self.of(title, why)),
                Told::NotAsked | Told::Asking | Told::Said(_) => None,
            })
    }

    /// All of it as it was shown, for the audit.
    pub(super) fn shown(&self) -> Vec<(Text, Text)> {
        let labelled = |label: &'static str| move |text| (Text::clean(label), text);
        let warnings = self.warnings().map(labelled("warning"));
        let unread = self.unread().map(labelled("not previewed"));
        self.facts().chain(warnings).chain(unread).collect()
    }

    fn said(&self) -> impl Iterator<Item = (&Text, &Preview)> {
        self.steps.iter().filter_map(|(title, told)| match told {
            Told::Said(preview) => Some((title, preview)),
            Told::NotAsked | Told::Asking | Told::Unread(_) => None,
        })
    }

    /// Of which target it is said, where there are several.
    fn of(&self, title: &Text, text: &Text) -> Text {
        match self.steps.len() {
            1 => text.clone(),
            _ => Text::clean(&format!("{title}: {text}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ContextId, Failure, OperationKind, Target};

    fn on(title: &str) -> Operation {
        Operation {
            target: Target {
                context: ContextId(0),
                app: None,
                environment: None,
                title: Text::clean(title),
                class: None,
            },
            kind: OperationKind::CommitRollback,
        }
    }

    fn report(ticket: u64, step: usize, preview: Preview) -> PreviewReport {
        PreviewReport {
            ticket: Ticket(ticket),
            step,
            result: Ok(Some(preview)),
        }
    }

    fn preview(warning: &str, refusal: Option<&str>) -> Preview {
        Preview {
            facts: vec![(Text::clean("cost"), Text::clean("5 USD"))],
            warnings: vec![Text::clean(warning)],
            refusal: refusal.map(Text::clean),
        }
    }

    #[test]
    fn only_its_own_answers_count_and_once() {
        let mut forecast = Forecast::new(Ticket(7), &[on("a")], |_| true);
        for wrong in [(6, 0), (8, 0), (7, 1)] {
            let (ticket, step) = wrong;
            assert!(!forecast.take(report(ticket, step, preview("w", None))));
        }
        assert!(forecast.is_waiting());
        assert!(forecast.take(report(7, 0, preview("first", None))));
        assert!(!forecast.take(report(7, 0, preview("second", Some("no")))));
        assert!(!forecast.is_waiting());
        assert_eq!(forecast.refusal(), None);
        let words: Vec<_> = forecast.warnings().map(|it| it.to_string()).collect();
        assert_eq!(words, ["first"]);
    }

    #[test]
    fn of_several_each_says_which_it_is_about() {
        let mut forecast = Forecast::new(Ticket(7), &[on("a"), on("b"), on("c")], |it| {
            it.target.title.as_str() != "b"
        });
        forecast.take(report(7, 0, preview("it restarts", Some("too big"))));
        forecast.take(PreviewReport {
            ticket: Ticket(7),
            step: 2,
            result: Err(Failure::ReadOnly),
        });
        assert!(!forecast.is_waiting(), "b is not asked about");
        let refusal = forecast.refusal().map(|it| it.to_string());
        assert_eq!(refusal.as_deref(), Some("a: too big"));
        let labels: Vec<_> = forecast.shown().iter().map(|it| it.0.to_string()).collect();
        assert_eq!(labels, ["cost", "warning", "not previewed"]);
        assert!(forecast.shown()[2].1.as_str().starts_with("c: "));
    }
}
