//! Before wishes are sent: how each variable was, how it is now, what it shall be.

use super::staging::{Edit, Found, Staging, Wish};
use crate::model::{EnvId, OperationKind, Scoped, Text, Variable};

/// What is done about a change that somebody else made meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nobody has decided.
    Open,
    /// The wish is carried out.
    Mine,
    /// The wish is dropped.
    Theirs,
}

/// What a look at the platform says to a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The variable is as it was.
    AsItWas,
    /// It is as it shall be already.
    Met,
    /// Somebody else changed it.
    Conflict(Choice),
}

/// One wish under review.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The wish.
    pub edit: Edit,
    /// How the variable is now.
    pub now: Found,
    /// What that means.
    pub finding: Finding,
}

impl Line {
    fn new(edit: &Edit, list: &[Variable], earlier: Option<&[Self]>) -> Self {
        let now = Found::in_list(&edit.slot, list);
        let finding = if edit.wish.is_met(&now) {
            Finding::Met
        } else if now == edit.was {
            Finding::AsItWas
        } else {
            // A choice holds as long as what it was made about.
            let same = |line: &&Self| line.edit == *edit && line.now == now;
            let earlier = earlier.and_then(|lines| lines.iter().find(same));
            earlier.map_or(Finding::Conflict(Choice::Open), |line| line.finding)
        };
        Self {
            edit: edit.clone(),
            now,
            finding,
        }
    }

    /// Whether the wish is to be sent.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        matches!(
            self.finding,
            Finding::AsItWas | Finding::Conflict(Choice::Mine)
        )
    }

    /// Whether somebody has to decide about it.
    fn is_open(&self) -> bool {
        self.finding == Finding::Conflict(Choice::Open)
    }

    /// What is sent for it.
    fn operation(&self, list: &[Variable]) -> OperationKind {
        let found = self.edit.slot.find(list);
        let (id, name) = (
            found.and_then(|variable| variable.id.clone()),
            self.edit.slot.name.to_string(),
        );
        match &self.edit.wish {
            Wish::Unset => OperationKind::UnsetVariable { id, name },
            Wish::Set(value) => OperationKind::SetVariable {
                id,
                name,
                value: value.clone(),
                is_sensitive: found.map_or(self.edit.is_sensitive, |v| v.is_sensitive),
            },
        }
    }
}

/// The review of an environment's wishes.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The environment.
    pub of: Scoped<EnvId>,
    /// Its name.
    pub title: Text,
    /// The wishes; absent until the environment was read anew.
    pub lines: Option<Vec<Line>>,
    /// The selected one.
    pub selected: usize,
    /// As many answers had come when it was looked at last.
    reads: u64,
}

impl Review {
    /// A review that waits for the next answer.
    #[must_use]
    pub(in crate::app) fn new(of: Scoped<EnvId>, title: Text, reads: u64) -> Self {
        Self {
            of,
            title,
            lines: None,
            selected: 0,
            reads,
        }
    }

    /// Looks at what is known now, if an answer came since or the wishes are others. Says whether it
    /// did.
    pub(super) fn settle(&mut self, staging: &Staging, list: &[Variable], reads: u64) -> bool {
        let is_read = reads != self.reads;
        let seen = self
            .lines
            .as_ref()
            .map(|lines| lines.iter().map(|line| &line.edit));
        let is_other = seen.is_some_and(|seen| !seen.eq(staging.edits()));
        if !is_read && !is_other {
            return false;
        }
        self.reads = reads;
        let lines = staging.edits().iter();
        let earlier = self.lines.as_deref();
        let lines: Vec<_> = lines.map(|edit| Line::new(edit, list, earlier)).collect();
        if self.lines.is_none() {
            self.selected = lines.iter().position(Line::is_open).unwrap_or(0);
        }
        self.lines = Some(lines);
        self.step(0);
        true
    }

    /// Moves the selection.
    pub(in crate::app) fn step(&mut self, delta: isize) {
        let last = self.lines.as_ref().map_or(0, Vec::len).saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(delta).min(last);
    }

    /// Decides a conflict, and goes on to the next one that is open.
    pub(in crate::app) fn choose(&mut self, choice: Choice) {
        let lines = self.lines.as_deref_mut().unwrap_or_default();
        let Some(line) = lines.get_mut(self.selected) else {
            return;
        };
        if let Finding::Conflict(own) = &mut line.finding {
            *own = choice;
        }
        let open = lines.iter().position(Line::is_open);
        self.selected = open.unwrap_or(self.selected);
    }

    /// How many conflicts nobody has decided.
    #[must_use]
    pub fn open_conflicts(&self) -> usize {
        let lines = self.lines.iter().flatten();
        lines.filter(|line| line.is_open()).count()
    }

    /// What is sent, in the order of the wishes.
    pub(in crate::app) fn operations(&self, list: &[Variable]) -> Vec<OperationKind> {
        let lines = self.lines.iter().flatten().filter(|line| line.is_sent());
        lines.map(|line| line.operation(list)).collect()
    }
}
