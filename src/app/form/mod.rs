//! Forms: what an operation needs to know, one field per input of its recipe.
//!
//! A form knows nothing of sending: it checks what was typed and gives the answers. What was typed
//! is never lost: a form that is closed, sent or refused is kept as a draft.

mod entry;
mod picks;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::state::State;
use crate::model::catalogue::{Field, InputProblem, Inputs, Need, Recipe, Value};
use crate::model::{Creation, FieldProblem, QueryKey, Target, Text};

pub use entry::{Entry, Hidden, Picker};
pub use picks::{Choice, Condition};

/// How many drafts are kept; the oldest go first.
const KEPT: usize = 12;

/// One input that is asked for.
#[derive(Clone, Debug)]
pub struct FormField {
    /// What is asked.
    pub field: &'static Field,
    /// What it is for, on this platform.
    pub about: &'static str,
    /// What was answered.
    pub entry: Entry,
    /// What is wrong with it, in words that follow its name.
    pub problem: Option<Text>,
}

impl FormField {
    fn new(field: &'static Field) -> Self {
        Self {
            field,
            about: field.about,
            entry: Entry::of(field),
            problem: None,
        }
    }
}

/// A form.
#[derive(Clone, Debug)]
pub struct FormState {
    /// The operation.
    pub recipe: &'static Recipe,
    /// What the operation acts on, at least one.
    pub targets: Vec<Target>,
    /// Its fields, in the order of the recipe.
    pub fields: Vec<FormField>,
    /// The focused field; the button comes after the last one.
    pub focus: usize,
    /// Complaints that belong to no field.
    pub problems: Vec<Text>,
    /// Before this, keys do nothing: a form that opens by itself must not swallow what was typed
    /// for something else.
    pub quiet_until: Timestamp,
    /// Answers to what nobody is asked.
    given: Inputs,
    /// Answers that are meant unless others are given.
    presumed: Inputs,
    /// What the platform wants to know of an app that is to be created, where this is about one.
    creation: Option<Creation>,
    /// Whether it was sent: a refusal may be about it.
    is_sent: bool,
}

impl FormState {
    /// An empty form.
    #[must_use]
    pub fn new(recipe: &'static Recipe, targets: Vec<Target>) -> Self {
        Self {
            recipe,
            targets,
            fields: recipe.asked().map(FormField::new).collect(),
            focus: 0,
            problems: Vec::new(),
            quiet_until: Timestamp::MIN,
            given: Inputs::default(),
            presumed: Inputs::default(),
            creation: None,
            is_sent: false,
        }
    }

    /// Asks for what a platform wants to know of an app that is to be created: a name, and its own
    /// fields in place of pairs.
    pub fn ask_for(&mut self, creation: &Creation) {
        let name = self.recipe.field("name").map(FormField::new);
        let name = name.map(|field| FormField {
            about: creation.name,
            ..field
        });
        let own = creation.fields.iter().map(FormField::new);
        self.fields = name.into_iter().chain(own).collect();
        self.creation = Some(*creation);
    }

    /// Puts answers into their fields; what is not asked for is kept for the end.
    pub fn fill(&mut self, inputs: &Inputs) {
        let inputs = match &self.creation {
            Some(creation) => creation.spread(inputs),
            None => inputs.clone(),
        };
        for (name, value) in inputs.iter() {
            let field = self.fields.iter_mut().find(|it| it.field.name == name);
            match field {
                Some(field) => field.entry.fill(field.field.kind, value),
                None => self.given.set(name, value.clone()),
            }
        }
    }

    /// Does not ask for something, because it means nothing where this is done.
    pub fn leave_out(&mut self, name: &str) {
        self.fields.retain(|it| it.field.name != name);
    }

    /// Puts in what is meant unless somebody says otherwise.
    pub fn presume(&mut self, inputs: Inputs) {
        self.fill(&inputs);
        self.presumed = inputs;
    }

    /// The focused field; absent on the button.
    #[must_use]
    pub fn focused(&self) -> Option<&FormField> {
        self.fields.get(self.focus)
    }

    /// The focused field, to change.
    pub fn focused_mut(&mut self) -> Option<&mut FormField> {
        self.fields.get_mut(self.focus)
    }

    /// Whether it is about these, whatever they are called by now.
    #[must_use]
    pub fn is_about(&self, targets: &[Target]) -> bool {
        let place = |it: &Target| (it.context, it.app.clone(), it.environment.clone());
        self.targets.iter().map(place).eq(targets.iter().map(place))
    }

    /// Whether nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let is_untouched = |it: &FormField| match (&it.entry, self.presumed.get(it.field.name)) {
            (Entry::Flag(is_on), Some(presumed)) => *presumed == Value::Flag(*is_on),
            (Entry::Line(line), Some(Value::Text(presumed))) => line.value() == presumed,
            (entry, _) => entry.is_empty(),
        };
        self.fields.iter().all(is_untouched)
    }

    /// Goes to the next field, the button, and round again.
    pub fn next(&mut self) {
        self.focus = (self.focus + 1) % (self.fields.len() + 1);
    }

    /// Goes to the field before.
    pub fn previous(&mut self) {
        let stops = self.fields.len() + 1;
        self.focus = (self.focus + stops - 1) % stops;
    }

    /// Whether Enter sends the form from here: on the last field and on the button.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.focus + 1 >= self.fields.len()
    }

    /// The answers, if they do. Otherwise every field that does not says why, and the first of
    /// them has the focus.
    pub fn check(&mut self, now: Timestamp, zone: &TimeZone) -> Option<Inputs> {
        let mut inputs = self.given.clone();
        self.problems.clear();
        for field in &mut self.fields {
            let answer = field.entry.answer(field.field.kind, now, zone);
            field.problem = match answer {
                Ok(Some(value)) => {
                    inputs.set(field.field.name, value);
                    None
                }
                Ok(None) if field.field.need == Need::Required => {
                    Some(Text::clean(&field.field.missing()))
                }
                Ok(None) => None,
                Err(problem) => Some(Text::clean(&problem)),
            };
        }
        if self.fields.iter().all(|field| field.problem.is_none()) {
            match self.built(inputs) {
                Ok(inputs) => return Some(inputs),
                Err(wrong) => wrong.iter().for_each(|wrong| self.blame(wrong)),
            }
        }
        self.focus_problem();
        None
    }

    /// The answers as the row takes them. What nobody is asked for is filled in later.
    fn built(&self, inputs: Inputs) -> Result<Inputs, Vec<InputProblem>> {
        let inputs = match &self.creation {
            Some(creation) => creation.gather(&inputs)?,
            None => inputs,
        };
        let is_asked = |name: &str| self.fields.iter().any(|it| it.field.name == name);
        match (self.recipe.build)(&inputs) {
            Err(wrong) if is_asked(wrong.field) => Err(vec![wrong]),
            Ok(_) | Err(_) => Ok(inputs),
        }
    }

    /// Says beside its field what is wrong, and below all of them where there is no such field.
    fn blame(&mut self, wrong: &InputProblem) {
        match self.field_mut(wrong.field) {
            Some(field) => field.problem = Some(Text::clean(&wrong.problem)),
            None => self.problems.push(Text::clean(&wrong.to_string())),
        }
    }

    /// The platform's complaints: beside the fields they are about, the others below.
    pub fn complain(&mut self, problems: &[FieldProblem]) {
        for FieldProblem { field, problem } in problems {
            let name = field.as_ref().map(Text::as_str).unwrap_or_default();
            let own = self.alike(name).and_then(|name| self.field_mut(name));
            match own {
                Some(own) => own.problem = Some(problem.clone()),
                None if name.is_empty() => self.problems.push(problem.clone()),
                None => self
                    .problems
                    .push(Text::clean(&format!("{name}: {problem}"))),
            }
        }
        if problems.is_empty() {
            let text = "the platform does not accept this and does not say why";
            self.problems.push(Text::clean(text));
        }
        self.focus_problem();
    }

    /// The field that a platform means, which has its own names: `is_sensitive`, `domain`.
    fn alike(&self, theirs: &str) -> Option<&'static str> {
        let theirs = theirs.to_lowercase().replace(['_', '.', ' '], "-");
        let theirs = theirs.strip_prefix("is-").unwrap_or(&theirs);
        let words = |name: &str| name.split('-').map(str::to_owned).collect::<Vec<_>>();
        let shares = |field: &&'static Field| {
            let own = words(field.name);
            words(theirs).iter().any(|word| own.contains(word))
        };
        let mut asked = self.fields.iter().map(|it| it.field);
        let same = asked.clone().find(|field| field.name == theirs);
        same.or_else(|| asked.find(shares)).map(|field| field.name)
    }

    fn field_mut(&mut self, name: &str) -> Option<&mut FormField> {
        self.fields.iter_mut().find(|it| it.field.name == name)
    }

    fn focus_problem(&mut self) {
        let first = self.fields.iter().position(|it| it.problem.is_some());
        self.focus = first.unwrap_or(self.focus);
    }

    /// The lists that its fields choose from.
    #[must_use]
    pub fn queries(&self, state: &State) -> Vec<QueryKey> {
        let pickers = self.fields.iter().filter_map(|it| it.entry.picker());
        let queries = pickers.filter_map(|picker| picks::query(state, &self.targets, picker.pick));
        queries.collect()
    }

    /// Brings the lists up to date with what was read. Says whether anything changed.
    pub fn refresh(&mut self, state: &State) -> bool {
        let mut differs = false;
        for field in &mut self.fields {
            if let Entry::Pick(picker) = &mut field.entry {
                differs |= picks::refresh(picker, state, &self.targets, self.recipe);
            }
        }
        differs
    }
}

/// Forms that were closed or sent, newest last.
#[derive(Clone, Debug, Default)]
pub struct Drafts(Vec<FormState>);

impl Drafts {
    /// Keeps a form as it was left.
    pub fn keep(&mut self, mut form: FormState, is_sent: bool) {
        form.is_sent = is_sent;
        let is_it = |it: &FormState| it.recipe == form.recipe && it.is_about(&form.targets);
        self.0.retain(|other| !is_it(other));
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(form);
    }

    /// The form of an operation as it was left for these targets.
    pub fn take(&mut self, recipe: &Recipe, targets: &[Target]) -> Option<FormState> {
        let is_it = |form: &FormState| form.recipe == recipe && form.is_about(targets);
        let at = self.0.iter().position(is_it)?;
        Some(self.0.remove(at))
    }

    /// The newest form that was sent for an operation on a target.
    pub fn take_sent(&mut self, recipe: &Recipe, target: &Target) -> Option<FormState> {
        let place = |it: &Target| (it.context, it.app.clone(), it.environment.clone());
        let is_it = |form: &FormState| {
            let mut targets = form.targets.iter();
            form.is_sent
                && form.recipe == recipe
                && targets.any(|other| place(other) == place(target))
        };
        let at = self.0.iter().rposition(is_it)?;
        Some(self.0.remove(at))
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests;
