//! Where the user is, in words that outlive a run, and starting where they were.

use tui_input::Input;

use super::filter::Filter;
use super::state::State;
use crate::model::{AppId, Scoped, Text};

/// Where the user is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The name of a context and an app in it; absent if the user chose none.
    pub app: Option<(String, AppId)>,
    /// What the apps are filtered by, as it was typed.
    pub filter: String,
}

impl State {
    /// Begins at a place. Its app is selected when it first appears, unless the user has moved by
    /// then; one whose context is not configured any more is forgotten.
    pub fn start_at(&mut self, place: &Place) {
        self.start = place.app.as_ref().and_then(|(name, id)| {
            let mut contexts = self.contexts.iter();
            let context = contexts.find(|context| context.name.as_str() == name)?;
            Some(Scoped::new(context.id, id.clone()))
        });
        // It comes from a file, and is shown.
        let filter = Text::clean(&place.filter);
        self.panes.apps.filter = Filter::parse(filter.as_str());
        self.panes.apps.filter_text = Input::new(filter.to_string());
        self.rows_are_old = true;
    }

    /// The place to begin at next time. A selection that nobody made is no place: whatever needs
    /// the user most is then at the top again.
    #[must_use]
    pub fn place(&self) -> Place {
        let chosen = self.selected_app().filter(|_| self.has_chosen);
        let app = chosen.or(self.start.as_ref()).and_then(|app| {
            let context = self.contexts.get(app.context)?;
            Some((context.name.to_string(), app.id.clone()))
        });
        Place {
            app,
            filter: self.panes.apps.filter_text.value().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::app::contexts::{ClassRules, Context, SupportTable};
    use crate::app::keys::KeyPress;
    use crate::app::{Message, Size, update};
    use crate::model::{
        App, ContextId, LogDelivery, LogHistory, Page, PollHints, Profile, RatePolicy, Vocabulary,
    };

    const ONCE: Duration = Duration::from_mins(1);

    static PROFILE: Profile = Profile {
        name: "somewhere",
        title: "Somewhere",
        vocabulary: Vocabulary {
            app: ("app", "apps"),
            environment: ("environment", "environments"),
            deployment: ("deployment", "deployments"),
            backup: ("backup", "backups"),
            organisation: ("team", "teams"),
        },
        rate: RatePolicy {
            per_minute: 60,
            burst: 10,
            concurrent: 4,
            lists_per_minute: 100,
        },
        poll: PollHints {
            apps: ONCE,
            environments: ONCE,
            selected: None,
            changing: ONCE,
            running: ONCE,
            history: ONCE,
            backup_running: ONCE,
            slow: ONCE,
        },
        history: 100,
        changes_variables_together: false,
        restores_beside: false,
        previews: &[],
        specials: &[],
        others: &[],
        creation: crate::model::Creation::PLAIN,
        settings: &[],
        client: None,
        deployments_note: None,
        deploys_environments: true,
        deployment_log: LogDelivery::None,
        runtime_log: LogDelivery::None,
        runtime_history: LogHistory::None("this platform has no logs"),
        base_url: "https://example.com",
        token_variables: &[],
    };

    fn state() -> State {
        let name = Text::clean("work");
        let context = Context::new(ContextId(0), name, &PROFILE, SupportTable::new());
        let rules = ClassRules(Vec::new());
        let mut state = State::new(vec![context], rules, Timestamp::UNIX_EPOCH, TimeZone::UTC);
        state.screen.size = Size::new(120, 40);
        state
    }

    fn place(context: &str, app: &str) -> Place {
        Place {
            app: Some((context.to_owned(), AppId::new(app))),
            filter: String::new(),
        }
    }

    fn apps(state: &mut State, names: &[&str]) {
        let app = |name: &&str| App::new(AppId::new(name), Text::clean(name));
        let page = Page::whole(names.iter().map(app).collect());
        let at = state.now;
        let fleet = state.inventory.fleet_mut(ContextId(0)).unwrap();
        fleet.take_apps(page, true, at);
        state.rows_are_old = true;
        update(state, Message::Clock);
    }

    fn press(state: &mut State, key: &str) {
        let press = KeyPress::from_name(key).unwrap();
        let repeat = false;
        update(state, Message::Key { press, repeat });
    }

    fn selected(state: &State) -> Option<&str> {
        state.selected_app().map(|app| app.id.as_str())
    }

    #[test]
    fn the_app_is_selected_when_it_appears() {
        let mut state = state();
        state.start_at(&place("work", "c"));
        apps(&mut state, &["a", "b"]);
        assert_eq!(selected(&state), Some("a"));
        assert_eq!(state.place(), place("work", "c"), "still looked for");
        apps(&mut state, &["a", "b", "c"]);
        assert_eq!(selected(&state), Some("c"));
        apps(&mut state, &["c", "d", "e"]);
        assert_eq!(selected(&state), Some("c"));
        assert_eq!(state.place(), place("work", "c"));
    }

    #[test]
    fn who_has_moved_is_left_alone() {
        let mut state = state();
        state.start_at(&place("work", "c"));
        apps(&mut state, &["a", "b"]);
        press(&mut state, "j");
        apps(&mut state, &["a", "b", "c"]);
        assert_eq!(selected(&state), Some("b"));
        assert_eq!(state.place(), place("work", "b"));
    }

    #[test]
    fn who_looks_into_an_app_is_left_alone() {
        let mut state = state();
        state.start_at(&place("work", "c"));
        apps(&mut state, &["a", "b"]);
        press(&mut state, "l");
        apps(&mut state, &["a", "b", "c"]);
        assert_eq!(selected(&state), Some("a"));
    }

    #[test]
    fn nobody_is_sent_to_a_context_that_is_gone() {
        let mut state = state();
        state.start_at(&place("elsewhere", "b"));
        apps(&mut state, &["a", "b"]);
        assert_eq!(selected(&state), Some("a"));
        assert_eq!(state.place(), Place::default(), "nobody chose");
    }

    #[test]
    fn the_filter_is_typed_again() {
        let mut state = state();
        state.start_at(&Place {
            app: None,
            filter: "b\u{1b}[31m".to_owned(),
        });
        apps(&mut state, &["a", "b"]);
        assert_eq!(selected(&state), Some("b"));
        assert_eq!(state.place().filter, "b", "cleaned");
        press(&mut state, "esc");
        assert_eq!(state.place(), Place::default());
        assert_eq!(selected(&state), Some("a"));
    }
}
