//! What a platform repeats of what it was sent is told to nobody.

use crate::model::catalogue::secrets_of;
use crate::model::{Operation, Stage, Text, Verdict};
use crate::platforms::http::hidden;

/// The last word of an operation without its secrets: whoever follows one reads what the platform
/// has noted of it, and no longer knows what was sent.
pub(super) fn without_secrets(stage: Stage, operation: &Operation) -> Stage {
    let clean = |text: &Text| Text::clean(&hidden(text.as_str(), &secrets_of(&operation.kind)));
    match stage {
        Stage::Ended(Verdict::Failed(text)) => Stage::Ended(Verdict::Failed(clean(&text))),
        Stage::Ended(Verdict::Partly(text)) => Stage::Ended(Verdict::Partly(clean(&text))),
        Stage::Ended(Verdict::Done(Some(text))) => Stage::Ended(Verdict::Done(Some(clean(&text)))),
        Stage::Ended(Verdict::Done(None))
        | Stage::Sending
        | Stage::Running(_)
        | Stage::Unknown(_)
        | Stage::Unresolved(_)
        | Stage::Refused(_) => stage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ContextId, OperationKind, Secret, Target};

    #[test]
    fn a_verdict_repeats_no_value() {
        let operation = Operation {
            target: Target {
                context: ContextId(0),
                app: None,
                environment: None,
                title: "shop".into(),
                class: None,
            },
            kind: OperationKind::SetVariable {
                id: None,
                name: "KEY".into(),
                value: Secret::new("canary"),
                is_sensitive: true,
            },
        };
        let said = || Text::clean("canary is bad: see https://u:p@example.com/a");
        let expected = Text::clean("*** is bad: see https://***@example.com/a");
        for (verdict, expected) in [
            (Verdict::Failed(said()), Verdict::Failed(expected.clone())),
            (Verdict::Partly(said()), Verdict::Partly(expected.clone())),
            (Verdict::Done(Some(said())), Verdict::Done(Some(expected))),
            (Verdict::Done(None), Verdict::Done(None)),
        ] {
            let told = without_secrets(Stage::Ended(verdict), &operation);
            assert_eq!(told, Stage::Ended(expected));
        }
    }
}
