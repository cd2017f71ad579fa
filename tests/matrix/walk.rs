//! Going about: which app and environment is selected, and whether its context is unlocked.

use flightdeck::app::State;
use flightdeck::app::screen::Pane;

use crate::desk::Desk;

impl Desk {
    /// Goes to the list of apps and shows those of a context whose names contain a text.
    pub(crate) fn list(&mut self, context: &str, name: &str) {
        self.filter(&format!("ctx:{context} app:{name}"));
    }

    /// Goes to the list of apps and shows those that fit.
    pub(crate) fn filter(&mut self, text: &str) {
        for _ in 0..4 {
            if self.state.screen.focus != Pane::Apps {
                self.press("esc");
            }
        }
        self.press("/");
        self.press("ctrl-u");
        self.type_text(text);
        self.press("enter");
        assert_eq!(self.state.screen.focus, Pane::Apps);
    }

    /// Selects the listed app of a context.
    pub(crate) fn go_to(&mut self, context: &str) {
        self.press("g");
        let is_it = |state: &State| {
            let own = state.selected_context();
            own.is_some_and(|own| own.name.as_str() == context)
        };
        for _ in 1..self.state.panes.apps.shown.len() {
            if !is_it(&self.state) {
                self.press("j");
            }
        }
        assert!(is_it(&self.state), "{context} has none");
    }

    /// Selects an app, and looks at nothing below it.
    pub(crate) fn select_app(&mut self, context: &str, app: &str) {
        self.list(context, app);
        self.press("g");
        let len = self.state.panes.apps.shown.len();
        for _ in 0..len {
            let row = self.state.panes.apps.selected();
            if row.is_some_and(|row| row.name.as_str() == app) {
                break;
            }
            self.press("j");
        }
        let row = self.state.panes.apps.selected().unwrap();
        assert_eq!(row.name.as_str(), app);
        let own = self.state.contexts.get(row.app.context).unwrap();
        assert_eq!(own.name.as_str(), context);
        self.pass();
    }

    /// Selects an app and one of its environments.
    pub(crate) fn select(&mut self, context: &str, app: &str, environment: &str) {
        self.select_app(context, app);
        self.press("d");
        self.press("g");
        let is_it = |state: &State| {
            let selected = state.selected_environment();
            selected.is_some_and(|env| env.name.as_str() == environment)
        };
        for _ in 0..5 {
            if !is_it(&self.state) {
                self.press("j");
            }
        }
        assert!(is_it(&self.state), "{app} has no {environment}");
        self.pass();
    }

    /// Unlocks the selected context, by what is typed.
    pub(crate) fn unlock(&mut self, typed: &str) {
        self.press("!");
        self.type_text(typed);
        self.press("enter");
    }
}
