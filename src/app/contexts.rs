//! The configured contexts and how they are doing.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use regex::Regex;

use crate::model::catalogue::Recipe;
use crate::model::{
    Budget, Capability, Class, ContextId, Failure, OperationKind, Profile, Safety, Special,
    Support, Text,
};

/// How long `!` unlocks a protected context.
pub const UNLOCK_FOR: Duration = Duration::from_mins(10);

/// What a platform offers, asked once at the start.
pub type SupportTable = HashMap<Capability, Support>;

/// What somebody wants done, as far as a context allows or refuses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Wish {
    /// What must be offered for it.
    pub capability: Capability,
    /// Its name, where only one platform has it.
    pub special: Option<&'static str>,
}

impl From<&OperationKind> for Wish {
    fn from(kind: &OperationKind) -> Self {
        Self {
            capability: kind.capability(),
            special: kind.special(),
        }
    }
}

impl From<&'static Recipe> for Wish {
    fn from(recipe: &'static Recipe) -> Self {
        let is_special = recipe.capability == Capability::Special;
        Self {
            capability: recipe.capability,
            special: is_special.then_some(recipe.name),
        }
    }
}

/// A context.
#[derive(Clone, Debug)]
pub struct Context {
    /// Its id: its position.
    pub id: ContextId,
    /// The name its user gave it.
    pub name: Text,
    /// Its platform.
    pub profile: &'static Profile,
    /// What that offers.
    pub support: SupportTable,
    /// The class everything in it has unless the platform or a rule says otherwise.
    pub class: Option<Class>,
    /// Whether writes are locked until they are unlocked for a while.
    pub is_protected: bool,
    /// Whether nothing may be changed.
    pub is_read_only: bool,
    /// How often its lists are read, where somebody chose.
    pub poll: Option<Duration>,
    /// Until when it is unlocked.
    pub unlocked_until: Option<Timestamp>,
    /// The credential is missing or rejected: polling rests.
    pub bad_credential: Option<Failure>,
    /// What the credential may not do, or the server is too old for, as the platform said when it was
    /// tried; and what it said.
    pub forbidden: HashMap<Wish, Text>,
    /// What is left of the rate limit, where the platform says so.
    pub budget: Option<Budget>,
    /// The last failure of any read that no success has followed.
    pub failing: Option<Failure>,
    /// When the failed read is tried again, where that is known.
    pub retry_at: Option<Timestamp>,
}

impl Context {
    /// A context that has not been asked anything.
    #[must_use]
    pub fn new(
        id: ContextId,
        name: Text,
        profile: &'static Profile,
        support: SupportTable,
    ) -> Self {
        Self {
            id,
            name,
            profile,
            support,
            class: None,
            is_protected: false,
            is_read_only: false,
            poll: None,
            unlocked_until: None,
            bad_credential: None,
            forbidden: HashMap::new(),
            budget: None,
            failing: None,
            retry_at: None,
        }
    }

    /// Whether its platform offers something.
    #[must_use]
    pub fn supports(&self, capability: Capability) -> Support {
        self.support
            .get(&capability)
            .copied()
            .unwrap_or(Support::No("not known to this platform"))
    }

    /// Whether it certainly does not offer it.
    #[must_use]
    pub fn lacks(&self, capability: Capability) -> bool {
        self.supports(capability).refusal().is_some()
    }

    /// Why its platform does not offer what is wished for; absent if it may.
    #[must_use]
    pub fn refusal(&self, wish: Wish) -> Option<String> {
        if let Some(name) = wish.special.filter(|_| self.special(wish).is_none()) {
            return Some(format!("{} has no {name}", self.profile.title));
        }
        self.supports(wish.capability).refusal().map(str::to_owned)
    }

    /// Whether what is wished for is done without a credential: logging in.
    #[must_use]
    pub fn needs_no_credential(&self, wish: Wish) -> bool {
        let special = self.special(wish);
        special.is_some_and(|special| special.needs_no_credential)
    }

    /// What is wished for, if only its platform has it.
    fn special(&self, wish: Wish) -> Option<&'static Special> {
        self.profile.special(wish.special?)
    }

    /// What is to be done about a failure; of a credential, what the platform has for it, too.
    #[must_use]
    pub fn advice(&self, failure: &Failure) -> String {
        let is_of_credential = failure.is_bad_credential();
        let mut own = self.profile.specials.iter();
        match own.find(|special| is_of_credential && special.needs_no_credential) {
            Some(special) => format!("{}, or use `{}`", failure.advice(), special.recipe.name),
            None => failure.advice(),
        }
    }

    /// Whether what is wished for changes nothing at the platform, though it is asked about like what
    /// does.
    #[must_use]
    pub fn changes_nothing(&self, wish: Wish) -> bool {
        let special = self.special(wish);
        special.is_some_and(|special| special.safety == Safety::Read)
    }

    /// Whether writes are locked at `now`.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.is_protected && self.unlocked_until.is_none_or(|until| now >= until)
    }

    /// How often its environments are read while nothing changes: the age that is shown for it.
    #[must_use]
    pub fn interval(&self) -> Duration {
        let hints = &self.profile.poll;
        let own = if self.lacks(Capability::ListAllEnvironments) {
            hints.apps
        } else {
            hints.environments
        };
        self.poll.unwrap_or(own)
    }
}

/// All contexts, in the order of the configuration.
#[derive(Clone, Debug, Default)]
pub struct Contexts {
    list: Vec<Context>,
}

impl Contexts {
    /// Takes contexts whose ids are their positions.
    #[must_use]
    pub fn new(list: Vec<Context>) -> Self {
        Self { list }
    }

    /// In the order of the configuration.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Context> {
        self.list.iter()
    }

    /// In the order of the configuration, to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Context> {
        self.list.iter_mut()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: ContextId) -> Option<&Context> {
        self.list.get(usize::from(id.0))
    }

    /// One of them, to change.
    pub fn get_mut(&mut self, id: ContextId) -> Option<&mut Context> {
        self.list.get_mut(usize::from(id.0))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// Rules that tell the class of an environment from its name; the first that matches counts.
#[derive(Clone, Debug, Default)]
pub struct ClassRules(pub Vec<(Class, Regex)>);

impl ClassRules {
    /// How much something matters: by the platform's own word, else by the name of the environment,
    /// else by the more important of the app's name and the context.
    #[must_use]
    pub fn decide(
        &self,
        own: Option<Class>,
        environment: Option<&str>,
        app: Option<&str>,
        context: Option<Class>,
    ) -> Option<Class> {
        own.or_else(|| self.class_of(environment?))
            .or_else(|| app.and_then(|app| self.class_of(app)).max(context))
    }

    /// The class of a name, if a rule knows it.
    #[must_use]
    pub fn class_of(&self, name: &str) -> Option<Class> {
        self.0
            .iter()
            .find(|(_, pattern)| pattern.is_match(name))
            .map(|(class, _)| *class)
    }
}
