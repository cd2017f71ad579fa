//! How far a deploy, or whatever else was done, is: as its event says.
//!
//! Source: tsuru contract, section 6.

use super::words::is_cancelling;
use crate::model::{Phase, Text};
use crate::platforms::tsuru::wire;

/// How a deploy whose event stopped being updated ends.
const EXPIRED: &str = "event expired";

/// How a deploy that was cancelled ends, unless the step that was interrupted has words of its own.
const CANCELLED: &str = "canceled by user request";

/// What an event says of what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platforms::tsuru) enum Verdict {
    Building,
    Deploying,
    /// It was asked to stop.
    Cancelling,
    Succeeded,
    Failed,
    Cancelled,
    /// The server that did it is gone.
    Lost,
}

impl Verdict {
    pub(super) fn phase(self) -> Phase {
        match self {
            Self::Building => Phase::Building,
            Self::Deploying => Phase::Deploying,
            Self::Cancelling => Phase::Running(Text::clean("cancelling")),
            Self::Succeeded => Phase::Succeeded,
            Self::Failed | Self::Lost => Phase::Failed,
            Self::Cancelled => Phase::Cancelled,
        }
    }

    /// Whether nothing more will happen.
    pub(in crate::platforms::tsuru) fn is_final(self) -> bool {
        self.phase().is_final()
    }
}

/// What an event says of its deploy. Whether it runs is said nowhere else for sure.
pub(in crate::platforms::tsuru) fn verdict(event: &wire::Event) -> Verdict {
    let cancel = event.cancel_info.as_ref();
    let error = event.error.as_deref().unwrap_or_default();
    if *event.is_running == Some(true) {
        return match *event.is_cancelable {
            _ if is_cancelling(event) => Verdict::Cancelling,
            Some(true) => Verdict::Building,
            Some(false) | None => Verdict::Deploying,
        };
    }
    let verdict = of_error(error);
    let is_stopped = cancel.is_some_and(|it| *it.is_canceled == Some(true));
    if is_stopped && verdict == Verdict::Failed {
        Verdict::Cancelled
    } else {
        verdict
    }
}

/// What is said where the event is not known.
pub(super) fn of_error(error: &str) -> Verdict {
    match error.trim() {
        "" => Verdict::Succeeded,
        error if error.contains(CANCELLED) => Verdict::Cancelled,
        error if error.contains(EXPIRED) => Verdict::Lost,
        _ => Verdict::Failed,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platforms::tsuru::folded;

    fn event(value: &serde_json::Value) -> wire::Event {
        let mut record = json!({"UniqueID": "e1"});
        record
            .as_object_mut()
            .unwrap()
            .extend(value.as_object().unwrap().clone());
        folded::from_value(record).unwrap()
    }

    #[test]
    fn an_event_tells_how_far_a_deploy_is() {
        let check = |value, expected| assert_eq!(verdict(&event(&value)), expected);
        check(
            json!({"Running": true, "Cancelable": true}),
            Verdict::Building,
        );
        check(
            json!({"Running": true, "Cancelable": false}),
            Verdict::Deploying,
        );
        let asked = json!({"Running": true, "Cancelable": true, "CancelInfo": {"Asked": true}});
        check(asked, Verdict::Cancelling);
        check(json!({"Running": false, "Error": ""}), Verdict::Succeeded);
        check(json!({"Running": false, "Error": "no"}), Verdict::Failed);
        let stopped =
            json!({"Running": false, "Error": "step 3", "CancelInfo": {"Canceled": true}});
        check(stopped, Verdict::Cancelled);
        // It was over before it was stopped.
        let late = json!({"Running": false, "Error": "", "CancelInfo": {"Canceled": true}});
        check(late, Verdict::Succeeded);
        let lost = json!({"Error": "event expired, no update for 5m0s"});
        check(lost, Verdict::Lost);
    }
}
