//! Questions before something is changed, by how much there is to lose.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use tui_input::Input;

use super::forecast::Forecast;
use super::request::Request;
use crate::model::{Class, ContextId, Operation, QueryKey, Stakes, Text};

/// During this time after a dialog opened, keys do nothing: what was typed before was not meant
/// for it.
const ARM_AFTER: Duration = Duration::from_millis(500);

/// So long no key must come before keys count. Held keys repeat many times faster.
const QUIET: Duration = Duration::from_millis(250);

/// More targets than these are a fleet.
const FEW: usize = 5;

/// What it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Reversible, not production, one target: one key, in the line.
    One,
    /// Production, traffic is affected, several targets, undo: a dialog.
    Two,
    /// Something is lost: a dialog, and the app's name typed.
    Three,
    /// Many targets, several contexts, or something is lost on more than one: a dialog with all of
    /// them, and the verb typed with their number; for one target in a protected context the verb
    /// with the app's name.
    Four,
}

impl Tier {
    /// The tier of one operation. A protected context raises it by one.
    #[must_use]
    pub fn of(operation: &Operation, is_protected: bool) -> Self {
        let is_production = operation.target.class == Some(Class::Production);
        let own = match (operation.kind.stakes(), is_production) {
            (Stakes::Irreversible, _) | (Stakes::TakesAway, true) => Self::Three,
            (Stakes::TakesAway | Stakes::Traffic, _) | (Stakes::Reversible, true) => Self::Two,
            (Stakes::Reversible, false) => Self::One,
        };
        if is_protected { own.raised() } else { own }
    }

    /// The tier of everything that one answer confirms.
    #[must_use]
    pub fn of_all(request: &Request, is_protected: impl Fn(ContextId) -> bool) -> Self {
        let each = request
            .operations
            .iter()
            .map(|it| Self::of(it, is_protected(it.target.context)));
        let worst = each.max().unwrap_or(Self::One);
        let (targets, contexts) = (request.targets(), request.contexts().len());
        if targets > FEW || contexts > 1 || (targets > 1 && worst >= Self::Three) {
            return Self::Four;
        }
        // One key in the line is for one thing at one place.
        let is_more = request.operations.len() > 1 || request.undoes.is_some();
        if is_more { worst.max(Self::Two) } else { worst }
    }

    fn raised(self) -> Self {
        match self {
            Self::One => Self::Two,
            Self::Two => Self::Three,
            Self::Three | Self::Four => Self::Four,
        }
    }

    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
        }
    }
}

/// Something that can be done first, by the same answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// What is done first.
    pub operation: Operation,
    /// Whether it is.
    pub is_taken: bool,
}

/// Whether what the question shows is as young as it must be.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Check {
    /// It is.
    #[default]
    Fresh,
    /// It is being read again.
    Reading(BTreeSet<QueryKey>),
    /// It could not be read again, and why.
    Failed(Text),
}

/// A question.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// What is asked about.
    pub request: Request,
    /// What can be done first.
    pub offer: Option<Offer>,
    /// What it takes.
    pub tier: Tier,
    /// When keys begin to count.
    pub armed_at: Timestamp,
    /// What must be typed; absent where a key is enough.
    pub must_type: Option<Text>,
    /// What was typed.
    pub typed: Input,
    /// Whether what is shown is young enough.
    pub check: Check,
    /// What the platforms say that it would do; absent where they are not asked.
    pub forecast: Option<Forecast>,
    /// The first of the listed targets that is in sight.
    pub offset: usize,
    /// What the targets were when it was asked, in the order of the operations.
    pub(super) seen: Vec<super::standing::Standing>,
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
    pub(super) fn new(
        request: Request,
        tier: Tier,
        app: &Text,
        seen: Vec<super::standing::Standing>,
        now: Timestamp,
    ) -> Self {
        // The question in the line is one key away from nothing lost: no wait there.
        let wait = if tier == Tier::One {
            Duration::ZERO
        } else {
            ARM_AFTER
        };
        let must_type = match (tier, request.targets()) {
            (Tier::One | Tier::Two, _) => None,
            (Tier::Three, _) => Some(app.clone()),
            (Tier::Four, 1) => Some(Text::clean(&format!("{} {app}", request.word()))),
            (Tier::Four, many) => Some(Text::clean(&format!("{} {many}", request.word()))),
        };
        Self {
            tier,
            armed_at: now.saturating_add(wait).unwrap_or(now),
            must_type,
            typed: Input::default(),
            offer: None,
            check: Check::Fresh,
            forecast: None,
            offset: 0,
            seen,
            request,
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
    pub fn is_typed(&self) -> bool {
        self.must_type
            .as_ref()
            .is_none_or(|text| text.as_str() == self.typed.value())
    }

    /// Whether a yes can count: everything it is asked about is known and young, and no platform
    /// would refuse it.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let is_open = |forecast: &Forecast| forecast.is_waiting() || forecast.refusal().is_some();
        self.check == Check::Fresh && !self.forecast.as_ref().is_some_and(is_open)
    }

    /// What is done after a yes: the offer first, if it is taken.
    #[must_use]
    pub fn steps(&self) -> Vec<Operation> {
        let first = self.offer.iter().filter(|offer| offer.is_taken);
        let first = first.map(|offer| offer.operation.clone());
        first
            .chain(self.request.operations.iter().cloned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AppId, BackupId, DeployMode, EnvId, OperationKind, Target};

    const DEPLOY: OperationKind = OperationKind::Deploy {
        mode: DeployMode::Auto,
    };

    fn on(context: u16, app: &str, class: Option<Class>, kind: OperationKind) -> Operation {
        Operation {
            target: Target {
                context: ContextId(context),
                app: Some(AppId::new(app)),
                environment: Some(EnvId::new(app)),
                title: Text::clean(app),
                class,
            },
            kind,
        }
    }

    fn check(operations: Vec<Operation>, is_protected: bool, expected: Tier) {
        let mut request = Request::one(operations[0].clone(), Vec::new());
        request.operations = operations;
        let tier = Tier::of_all(&request, |_| is_protected);
        assert_eq!(tier, expected, "{:?}", request.operations);
    }

    #[test]
    fn what_it_takes_grows_with_what_there_is_to_lose() {
        let production = Some(Class::Production);
        let restore = || OperationKind::RestoreBackup {
            backup: BackupId::new("b"),
            notes: None,
            into: None,
        };
        let stop = || OperationKind::Stop { process: None };
        for (class, kind, open, protected) in [
            (None, DEPLOY, Tier::One, Tier::Two),
            (production, DEPLOY, Tier::Two, Tier::Three),
            (None, stop(), Tier::Two, Tier::Three),
            (production, stop(), Tier::Three, Tier::Four),
            (None, restore(), Tier::Three, Tier::Four),
            (production, restore(), Tier::Three, Tier::Four),
        ] {
            check(vec![on(0, "a", class, kind.clone())], false, open);
            check(vec![on(0, "a", class, kind)], true, protected);
        }
    }

    #[test]
    fn more_than_one_target_is_more_than_one_key() {
        let many = |n: usize| -> Vec<_> {
            let names = (0..n).map(|i| i.to_string());
            names.map(|name| on(0, &name, None, DEPLOY)).collect()
        };
        check(many(2), false, Tier::Two);
        check(many(5), false, Tier::Two);
        check(many(6), false, Tier::Four);
        let two_contexts = vec![on(0, "a", None, DEPLOY), on(1, "b", None, DEPLOY)];
        check(two_contexts, false, Tier::Four);
        let stop = || OperationKind::Scale {
            process: None,
            units: 0,
            size: None,
        };
        let lossy = vec![on(0, "a", None, stop()), on(0, "b", None, stop())];
        check(lossy, false, Tier::Four);
    }

    #[test]
    fn undoing_is_never_one_key() {
        let mut request = Request::one(on(0, "a", None, DEPLOY), Vec::new());
        request.undoes = Some(crate::model::OperationTicket(1));
        assert_eq!(Tier::of_all(&request, |_| false), Tier::Two);
    }
}
