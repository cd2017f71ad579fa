//! The inputs of operations, as data.

/// Something that exists already and is chosen from a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pick {
    /// A deployment of the target, newest first.
    Deployment,
    /// A backup of the target, newest first.
    Backup,
    /// A variable of the target.
    Variable,
    /// A domain of the target.
    Domain,
    /// A service of the target.
    Service,
    /// A kind of service that the app could get.
    ServiceKind,
    /// A scheduled job of the target.
    Job,
    /// A run of a job of the target that goes on, newest first.
    JobRun,
    /// An instance of the target.
    Unit,
    /// Something the platform began by itself in the app and that can be cancelled.
    Event,
    /// A maintenance run of the app.
    Maintenance,
    /// An organisation of the context.
    Organisation,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// A line of text that is not shown.
    Secret,
    /// A whole number within bounds.
    Count {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// One of some words; each with what it means.
    Choice(&'static [(&'static str, &'static str)]),
    /// Yes or no; no unless said otherwise.
    Flag,
    /// A moment, in the notation of RFC 3339, or a day.
    Time,
    /// `key=value`, any number of times.
    Pairs,
    /// One of what exists.
    Pick(Pick),
    /// Some of what exists.
    Some(Pick),
}

/// Whether a field must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Required,
    /// It may.
    Optional,
    /// Nobody is asked: the program knows it (the id of what was chosen by name).
    Given,
}

/// One input of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name on the command line, in forms and in the audit. Never changes.
    pub name: &'static str,
    /// What it is for, without a full stop.
    pub about: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it must be answered.
    pub need: Need,
}

impl Field {
    /// A field that must be answered.
    #[must_use]
    pub const fn new(name: &'static str, kind: FieldKind, about: &'static str) -> Self {
        Self {
            name,
            about,
            kind,
            need: Need::Required,
        }
    }

    /// A line of text.
    #[must_use]
    pub const fn text(name: &'static str, about: &'static str) -> Self {
        Self::new(name, FieldKind::Text, about)
    }

    /// One of what exists.
    #[must_use]
    pub const fn pick(name: &'static str, what: Pick, about: &'static str) -> Self {
        Self::new(name, FieldKind::Pick(what), about)
    }

    /// The same, that may be left out.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self {
            need: Need::Optional,
            ..self
        }
    }

    /// The same, that nobody is asked for.
    #[must_use]
    pub const fn given(self) -> Self {
        Self {
            need: Need::Given,
            ..self
        }
    }

    /// The words it takes; empty where it takes more than some words.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        match self.kind {
            FieldKind::Choice(words) => words.iter().map(|(word, _)| *word).collect(),
            FieldKind::Text
            | FieldKind::Secret
            | FieldKind::Count { .. }
            | FieldKind::Flag
            | FieldKind::Time
            | FieldKind::Pairs
            | FieldKind::Pick(_)
            | FieldKind::Some(_) => Vec::new(),
        }
    }

    /// That it was not answered, in words that follow its name: `is missing: us, eu`.
    #[must_use]
    pub fn missing(&self) -> String {
        let words = self.words();
        if words.is_empty() {
            return "is missing".into();
        }
        format!("is missing: {}", words.join(", "))
    }
}
