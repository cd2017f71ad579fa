//! What the platform says that an operation would do, before it is sent.

use serde::Serialize;

use super::explain::fact;
use super::subject::Subject;
use crate::cli::terminal::{tell, tell_more};
use crate::engine::preview_operation;
use crate::model::{Failure, FieldProblem, Operation, Preview, Text};
use crate::shell;

/// What came of asking.
pub(in crate::cli) enum Forecast {
    /// The platform cannot be asked about such.
    NotAsked,
    /// It said this.
    Said(Preview),
    /// It could not be asked; why. That is no obstacle: a token may do what it may not ask about.
    Unread(Failure),
}

impl Forecast {
    /// Asks the platform.
    pub(in crate::cli) async fn of(subject: &Subject, operation: &Operation) -> Self {
        let platform = subject.platform.as_ref();
        let capability = operation.kind.capability();
        if !platform.profile().previews.contains(&capability) {
            return Self::NotAsked;
        }
        match preview_operation(platform, operation, shell::now).await {
            Ok(preview) => Self::Said(preview.unwrap_or_default()),
            Err(failure) => Self::Unread(failure),
        }
    }

    /// Tells the person at the terminal. `heads` is unset where a head stands above already.
    pub(in crate::cli) fn tell(&self, heads: bool) {
        match self {
            Self::NotAsked => {}
            Self::Said(Preview {
                facts, warnings, ..
            }) => {
                if heads && !facts.is_empty() {
                    tell("this comes to");
                }
                for (label, value) in facts {
                    fact(label.as_str(), value.as_str());
                }
                for warning in warnings {
                    tell_more(format_args!("warning: {warning}"));
                }
            }
            Self::Unread(failure) => {
                let why = failure.headline();
                tell(format_args!(
                    "it could not be asked what it would do: {why}"
                ));
            }
        }
    }

    /// The failure that it would be, told before it is sent.
    pub(in crate::cli) fn refusal(&self) -> Option<Failure> {
        let Self::Said(Preview {
            refusal: Some(why), ..
        }) = self
        else {
            return None;
        };
        Some(Failure::Validation(vec![FieldProblem {
            field: None,
            problem: why.clone(),
        }]))
    }

    /// What is written down of it.
    pub(in crate::cli) fn shown(&self) -> Vec<(Text, Text)> {
        match self {
            Self::NotAsked => Vec::new(),
            Self::Said(preview) => {
                let warning = |text: &Text| (Text::clean("warning"), text.clone());
                let warnings = preview.warnings.iter().map(warning);
                preview.facts.iter().cloned().chain(warnings).collect()
            }
            Self::Unread(failure) => {
                let why = Text::clean(&failure.headline());
                vec![(Text::clean("not previewed"), why)]
            }
        }
    }
}

/// What `do -o json` says of it; nothing where the platform was not asked.
#[derive(Debug, Default, Serialize)]
pub(in crate::cli) struct PreviewItem {
    /// What it would come to.
    facts: Vec<FactItem>,
    /// What speaks against it.
    warnings: Vec<String>,
    /// Why the platform would refuse it; `null` if it would not.
    refusal: Option<String>,
    /// Why it could not be asked; `null` if it was.
    unread: Option<String>,
}

#[derive(Debug, Serialize)]
struct FactItem {
    label: String,
    value: String,
}

impl PreviewItem {
    /// Absent where the platform was not asked.
    pub(in crate::cli) fn of(forecast: &Forecast) -> Option<Self> {
        match forecast {
            Forecast::NotAsked => None,
            Forecast::Said(preview) => {
                let fact = |(label, value): &(Text, Text)| FactItem {
                    label: label.to_string(),
                    value: value.to_string(),
                };
                Some(Self {
                    facts: preview.facts.iter().map(fact).collect(),
                    warnings: preview.warnings.iter().map(ToString::to_string).collect(),
                    refusal: preview.refusal.as_ref().map(ToString::to_string),
                    unread: None,
                })
            }
            Forecast::Unread(failure) => Some(Self {
                unread: Some(failure.headline()),
                ..Self::default()
            }),
        }
    }
}
