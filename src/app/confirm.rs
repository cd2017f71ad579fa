//! Questions before something is changed, by how much there is to lose.

use std::time::Duration;

use jiff::Timestamp;
use tui_input::Input;

use crate::model::{Class, Operation, OperationKind, Text};

/// During this time after a dialog opened, keys do nothing: what was typed before was not meant
/// for it.
const ARM_AFTER: Duration = Duration::from_millis(500);

/// So long no key must come before keys count. Held keys repeat many times faster.
const QUIET: Duration = Duration::from_millis(250);

/// What it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Reversible, not production: one key, in the line.
    One,
    /// Production, or traffic is affected: a dialog.
    Two,
    /// Data may be lost: a dialog and the app's name, typed.
    Three,
}

impl Tier {
    /// The tier of an operation. A protected context raises it by one.
    #[must_use]
    pub fn of(operation: &Operation, is_protected: bool) -> Self {
        let is_production = operation.target.class == Some(Class::Production);
        let kind = &operation.kind;
        let loses_data = matches!(
            kind,
            OperationKind::RestoreBackup { .. }
                | OperationKind::DeleteApp { .. }
                | OperationKind::RemoveService { .. }
                | OperationKind::Scale { units: 0, .. }
        );
        let takes_away = matches!(
            kind,
            OperationKind::Stop { .. } | OperationKind::UnsetVariable { .. }
        );
        let own = if loses_data || (takes_away && is_production) {
            Self::Three
        } else if is_production || matches!(kind, OperationKind::Stop { .. }) {
            Self::Two
        } else {
            Self::One
        };
        match (own, is_protected) {
            (tier, false) => tier,
            (Self::One, true) => Self::Two,
            (Self::Two | Self::Three, true) => Self::Three,
        }
    }
}

/// A question.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// What is asked about.
    pub operation: Operation,
    /// What it takes.
    pub tier: Tier,
    /// When keys begin to count.
    pub armed_at: Timestamp,
    /// What the user should know: label and value, in order.
    pub facts: Vec<(&'static str, Text)>,
    /// What must be typed at tier three.
    pub name: Text,
    /// What was typed.
    pub typed: Input,
}

/// What a key means to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Do it.
    Yes,
    /// Do not.
    No,
    /// Too early, or nothing.
    Nothing,
}

impl Confirm {
    /// A question that opens at `now`.
    #[must_use]
    pub fn new(
        operation: Operation,
        tier: Tier,
        name: Text,
        facts: Vec<(&'static str, Text)>,
        now: Timestamp,
    ) -> Self {
        // The question in the line is one key away from nothing lost: no wait there.
        let wait = if tier == Tier::One {
            Duration::ZERO
        } else {
            ARM_AFTER
        };
        let armed_at = now.saturating_add(wait).unwrap_or(now);
        Self {
            operation,
            tier,
            armed_at,
            facts,
            name,
            typed: Input::default(),
        }
    }

    /// Whether keys count.
    #[must_use]
    pub fn is_armed(&self, now: Timestamp) -> bool {
        now >= self.armed_at
    }

    /// A key came too early: keys do not count until there has been a pause, so that a key that is
    /// held down never answers, also where the terminal does not tell repeats from presses.
    pub fn postpone(&mut self, now: Timestamp) {
        let quiet = now.saturating_add(QUIET).unwrap_or(now);
        self.armed_at = self.armed_at.max(quiet);
    }

    /// Whether what must be typed was typed.
    #[must_use]
    pub fn is_name_typed(&self) -> bool {
        self.typed.value() == self.name.as_str()
    }
}
