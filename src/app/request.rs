//! What is asked of somebody before it is sent: one operation, or several that belong together.

use std::collections::BTreeSet;

use crate::model::catalogue::{Need, Value, inputs_of, recipe_of};
use crate::model::{
    AppId, ContextId, EnvId, Operation, OperationKind, OperationTicket, Target, Text,
};

/// The label of the fact that names all parts of an app that are concerned.
pub const ALL_OF: &str = "all of";

/// In which order several operations are sent. A failure stops what has not begun, either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// One after the other, each when the one before has ended well.
    OneByOne,
    /// One first, as a canary; when it has ended well the others, a few at a time.
    #[default]
    CanaryFirst,
}

/// What distinguishes targets.
type Place<'a> = (ContextId, Option<&'a AppId>, Option<&'a EnvId>);

/// Operations that are confirmed by one answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What is done, at least one.
    pub operations: Vec<Operation>,
    /// In which order.
    pub order: Order,
    /// What the user should know: label and value, in order.
    pub facts: Vec<(Text, Text)>,
    /// The operation that it takes back, if it takes one back.
    pub undoes: Option<OperationTicket>,
}

impl Request {
    /// One operation.
    #[must_use]
    pub fn one(operation: Operation, facts: Vec<(Text, Text)>) -> Self {
        Self {
            operations: vec![operation],
            order: Order::CanaryFirst,
            facts,
            undoes: None,
        }
    }

    /// The first operation, which stands for all where there is room for one.
    ///
    /// # Panics
    /// If there is none, which no constructor allows.
    #[must_use]
    pub fn first(&self) -> &Operation {
        #[expect(clippy::expect_used, reason = "a request is made for operations")]
        self.operations.first().expect("a request has an operation")
    }

    /// How many different targets there are.
    #[must_use]
    pub fn targets(&self) -> usize {
        let places: BTreeSet<_> = self.operations.iter().map(|it| place(&it.target)).collect();
        places.len()
    }

    /// The contexts it concerns.
    #[must_use]
    pub fn contexts(&self) -> BTreeSet<ContextId> {
        let contexts = self.operations.iter().map(|it| it.target.context);
        contexts.collect()
    }

    /// The verb for dialogs and notices: that of all operations, else "change".
    #[must_use]
    pub fn verb(&self) -> &'static str {
        let verb = self.first().kind.verb();
        let is_same = self.operations.iter().all(|it| it.kind.verb() == verb);
        if is_same { verb } else { "change" }
    }

    /// The verb as it is typed: the name on the command line of all operations, else "change".
    #[must_use]
    pub fn word(&self) -> &'static str {
        let name = |operation: &Operation| recipe_of(&operation.kind).map(|recipe| recipe.name);
        let first = name(self.first());
        let is_same = self.operations.iter().all(|it| name(it) == first);
        first.filter(|_| is_same).unwrap_or("change")
    }

    /// What distinguishes the first operation from others of its kind, where there is room for few
    /// words: a variable's name, a number. Absent where there is nothing. No secrets, and nothing
    /// that only says how.
    #[must_use]
    pub fn detail(&self) -> Option<String> {
        let kind = &self.first().kind;
        if let OperationKind::ChangeVariables(changes) = kind {
            let names: Vec<_> = changes.iter().map(|it| it.name.as_str()).collect();
            return Some(names.join(", "));
        }
        let (recipe, answers) = (recipe_of(kind)?, inputs_of(kind));
        let required = recipe.asked().filter(|field| field.need == Need::Required);
        let words = required.filter_map(|field| match answers.get(field.name)? {
            Value::Text(text) => Some(text.clone()),
            Value::Count(count) => Some(format!("{count} {}", field.name)),
            // Where the operation keeps no name, there is only an id, which says nothing.
            Value::One(chosen) if chosen.title.as_str() != chosen.id => {
                Some(chosen.title.to_string())
            }
            Value::One(_)
            | Value::Secret(_)
            | Value::Flag(_)
            | Value::Time(_)
            | Value::Pairs(_)
            | Value::Many(_) => None,
        });
        let words: Vec<_> = words.collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// `deploy shop/live`, `deploy 7 targets`, `change shop/live (3 steps)`.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = self.verb();
        let title = &self.first().target.title;
        match (self.targets(), self.operations.len()) {
            (1, 1) => format!("{verb} {title}"),
            (1, steps) => format!("{verb} {title} ({steps} steps)"),
            (targets, _) => format!("{verb} {targets} targets"),
        }
    }
}

fn place(target: &Target) -> Place<'_> {
    (
        target.context,
        target.app.as_ref(),
        target.environment.as_ref(),
    )
}
