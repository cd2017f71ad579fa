//! From the menu through a form to the question, and the answer to it.

use flightdeck::app::State;
use flightdeck::app::confirm::{Check, Confirm};
use flightdeck::app::forecast::Forecast;
use flightdeck::app::form::{Condition, Entry, FormState};
use flightdeck::app::screen::Overlay;
use flightdeck::model::catalogue::{Field, FieldKind, Need, Recipe};

use crate::desk::Desk;
use crate::rules::Rule;

impl Desk {
    pub(crate) fn confirm(&self) -> Option<&Confirm> {
        match &self.state.screen.overlay {
            Some(Overlay::Confirm(confirm)) => Some(confirm),
            _ => None,
        }
    }

    fn form(&self) -> Option<&FormState> {
        match &self.state.screen.overlay {
            Some(Overlay::Form(form)) => Some(form),
            _ => None,
        }
    }

    /// Starts an operation from the menu and fills its form; what the program says if it does not
    /// come to the question.
    pub(crate) async fn ask(&mut self, recipe: &str, rule: Option<&Rule>) -> Result<(), String> {
        let context = self.state.selected_context().unwrap();
        let recipe = Recipe::named_for(recipe, context.profile.specials).unwrap();
        self.press("a");
        self.press(&recipe.letter.to_string());
        if matches!(self.state.screen.overlay, Some(Overlay::Menu(_))) {
            let notice = self.notice();
            self.press("esc");
            return Err(notice);
        }
        if self.form().is_some() {
            self.fill(rule.unwrap()).await;
        }
        if let Some(form) = self.form() {
            panic!("{}: {:?}", recipe.name, form.fields);
        }
        self.confirm().map(|_| ()).ok_or_else(|| self.notice())
    }

    async fn fill(&mut self, rule: &Rule) {
        let fields = self.form().unwrap().fields.len();
        for at in 0..fields {
            let form = self.form().unwrap();
            assert_eq!(form.focus, at);
            let field = form.fields[at].field;
            // What was typed before a no is still there.
            if form.fields[at].entry.is_empty() {
                self.answer(field, rule).await;
            }
            self.press("enter");
        }
    }

    async fn answer(&mut self, field: &'static Field, rule: &Rule) {
        let answer = rule.answers.iter().find(|(name, _)| *name == field.name);
        let Some((_, answer)) = answer else {
            let (recipe, name) = (rule.recipe, field.name);
            assert_eq!(field.need, Need::Optional, "{recipe} {name}");
            return;
        };
        match field.kind {
            FieldKind::Text
            | FieldKind::Secret
            | FieldKind::Count { .. }
            | FieldKind::Time
            | FieldKind::Pairs => self.type_text(answer),
            FieldKind::Choice(words) => {
                let place = words.iter().position(|(word, _)| word == answer);
                for _ in 0..=place.unwrap() {
                    self.press("right");
                }
            }
            FieldKind::Flag => self.press("space"),
            FieldKind::Pick(_) | FieldKind::Some(_) => self.pick(answer).await,
        }
    }

    async fn pick(&mut self, search: &str) {
        let is_ready = |state: &State| {
            let Some(Overlay::Form(form)) = &state.screen.overlay else {
                panic!("the form is gone");
            };
            let entry = &form.focused().unwrap().entry;
            matches!(entry, Entry::Pick(picker) if picker.condition == Condition::Ready)
        };
        self.until("a list", is_ready).await;
        self.type_text(search);
        let focused = self.form().unwrap().focused().unwrap();
        let picker = focused.entry.picker().unwrap();
        assert!(picker.selected().is_some(), "{search}: {:?}", picker.all);
    }

    /// The dialog takes keys, what it shows is young enough, and the platform has said what would come
    /// of it.
    pub(crate) async fn ready(&mut self) {
        self.pass();
        let is_fresh = |state: &State| match &state.screen.overlay {
            Some(Overlay::Confirm(confirm)) => {
                let is_waiting = confirm.forecast.as_ref().is_some_and(Forecast::is_waiting);
                confirm.check == Check::Fresh && !is_waiting
            }
            _ => panic!("the question is gone"),
        };
        self.until("what is asked about", is_fresh).await;
    }

    /// Gives an answer that would do.
    pub(crate) fn agree(&mut self, must_type: Option<&str>) {
        match must_type {
            Some(text) => {
                self.type_text(text);
                self.press("enter");
            }
            None => self.press("y"),
        }
    }
}
