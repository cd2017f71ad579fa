//! Variables, as few as possible: those of the environment that is looked at, and of the one it is
//! compared with no more than prints.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use jiff::Timestamp;

use crate::app::loadable::{Load, Loadable};
use crate::model::{ContextId, EnvId, Scoped, Secret, Text, Variable};

/// What is left of a value when only its likeness to another counts. Its key is drawn anew in each
/// process, so a print that got out could not be compared with those of likely values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Print(u64);

impl fmt::Debug for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Print(***)")
    }
}

/// The prints of an environment, by name; absent where the platform hides the value.
pub type Prints = HashMap<Text, Option<Print>>;

#[derive(Clone, Debug)]
struct Kept<T> {
    of: Scoped<EnvId>,
    value: Loadable<T>,
}

impl<T> Kept<T> {
    fn new(of: Scoped<EnvId>) -> Self {
        Self {
            of,
            value: Loadable::default(),
        }
    }
}

/// The variables that are known.
#[derive(Clone, Debug, Default)]
pub struct Vault {
    shown: Option<Kept<Vec<Variable>>>,
    compared: Option<Kept<Prints>>,
    /// `SipHash` with a key of its own, from the system, as every map here has one: likeness is all
    /// that is ever asked, so no two runs differ by it.
    key: RandomState,
    reads: u64,
}

impl Vault {
    /// The variables of an environment, and how they are known.
    #[must_use]
    pub fn of(&self, env: &Scoped<EnvId>) -> Option<&Loadable<Vec<Variable>>> {
        let shown = self.shown.as_ref().filter(|kept| kept.of == *env);
        shown.map(|kept| &kept.value)
    }

    /// The variables of an environment, none where they were not read.
    #[must_use]
    pub fn list(&self, env: &Scoped<EnvId>) -> &[Variable] {
        let value = self.of(env).and_then(|known| known.value.as_deref());
        value.unwrap_or_default()
    }

    /// The prints of the environment that is compared with.
    #[must_use]
    pub fn prints(&self) -> Option<&Prints> {
        self.compared.as_ref()?.value.value.as_ref()
    }

    /// The print of a value.
    #[must_use]
    pub fn print(&self, value: &Secret) -> Print {
        Print(self.key.hash_one(value.expose()))
    }

    /// How many answers came about the environment that is shown.
    #[must_use]
    pub fn reads(&self) -> u64 {
        self.reads
    }

    /// The environments that are to be read.
    pub fn wanted(&self) -> impl Iterator<Item = &Scoped<EnvId>> {
        let shown = self.shown.iter().map(|kept| &kept.of);
        shown.chain(self.compared.iter().map(|kept| &kept.of))
    }

    /// From now on this environment is shown; values of another one go. Says whether it is new.
    pub(in crate::app) fn show(&mut self, env: &Scoped<EnvId>) -> bool {
        let is_new = self.shown.as_ref().is_none_or(|kept| kept.of != *env);
        if is_new {
            self.shown = Some(Kept::new(env.clone()));
            self.compared = None;
        }
        is_new
    }

    /// From now on it is compared with this one, or with none.
    pub(in crate::app) fn compare(&mut self, env: Option<Scoped<EnvId>>) {
        self.compared = env.map(Kept::new);
    }

    /// Nobody looks any more.
    pub(super) fn clear(&mut self) {
        (self.shown, self.compared) = (None, None);
    }

    pub(super) fn load(&self, env: &Scoped<EnvId>) -> Option<&Load> {
        let compared = self.compared.as_ref().filter(|kept| kept.of == *env);
        let compared = compared.map(|kept| &kept.value.load);
        self.of(env).map(|known| &known.load).or(compared)
    }

    /// Makes no room: a late answer about an environment that was left must not bring it back.
    pub(super) fn load_mut(&mut self, env: &Scoped<EnvId>) -> Option<&mut Load> {
        let compared = self.compared.as_mut().filter(|kept| kept.of == *env);
        let shown = self.shown.as_mut().filter(|kept| kept.of == *env);
        shown
            .map(|kept| &mut kept.value.load)
            .or(compared.map(|kept| &mut kept.value.load))
    }

    pub(super) fn loads_of(&mut self, context: ContextId) -> impl Iterator<Item = &mut Load> {
        let shown = self.shown.iter_mut();
        let shown = shown.map(|kept| (kept.of.context, &mut kept.value.load));
        let compared = self.compared.iter_mut();
        let compared = compared.map(|kept| (kept.of.context, &mut kept.value.load));
        let all = shown.chain(compared);
        all.filter_map(move |(own, load)| (own == context).then_some(load))
    }

    /// Variables came. Of those that are only compared, the values end here.
    pub(super) fn take(&mut self, env: &Scoped<EnvId>, list: Vec<Variable>, at: Timestamp) -> bool {
        if let Some(kept) = self.shown.as_mut().filter(|kept| kept.of == *env) {
            self.reads += 1;
            return kept.value.succeed(list, at);
        }
        let prints = self.prints_of(&list);
        let compared = self.compared.as_mut().filter(|kept| kept.of == *env);
        compared.is_some_and(|kept| kept.value.succeed(prints, at))
    }

    fn prints_of(&self, list: &[Variable]) -> Prints {
        // One that can be edited is what a built-in one of the same name is overruled by.
        let overruled = list.iter().filter(|variable| variable.is_read_only);
        let own = list.iter().filter(|variable| !variable.is_read_only);
        let all = overruled.chain(own);
        all.map(|variable| {
            let print = variable.value.as_ref().map(|value| self.print(value));
            (variable.name.clone(), print)
        })
        .collect()
    }
}
