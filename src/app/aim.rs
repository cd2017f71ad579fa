//! What is looked at: the selection of the dashboard, or of the view in sight.

use super::panes;
use super::state::State;
use crate::model::{AppId, Class, ContextId, EnvId, Scoped, Text};

/// What is looked at, in ids and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aim {
    /// The context.
    pub context: ContextId,
    /// The app; absent while none is selected.
    pub app: Option<AppId>,
    /// The environment; absent where the app has none.
    pub environment: Option<EnvId>,
    /// `app/environment`, in names; the context's name where there is no app.
    pub title: Text,
    /// How much it matters.
    pub class: Option<Class>,
}

impl Aim {
    /// The selection; absent while there is none.
    #[must_use]
    pub fn of(state: &State) -> Option<Self> {
        let context = state.selected_context()?;
        let row = state.panes.apps.selected();
        let in_view = panes::selected_in_view(state);
        if let Some(env) = in_view.as_ref().and_then(|id| Self::at(state, id)) {
            return Some(env);
        }
        let env = state.selected_environment();
        let name = state.selected_env();
        let name = name.and_then(|env| state.inventory.environment_name(&env));
        let title = match (row, name) {
            (Some(row), Some(name)) => Text::clean(&format!("{}/{name}", row.name)),
            (Some(row), None) => row.name.clone(),
            (None, _) => context.name.clone(),
        };
        Some(Self {
            context: context.id,
            app: state.selected_app().map(|app| app.id.clone()),
            environment: env.map(|env| env.id.clone()),
            title,
            class: env.and_then(|env| state.class_of(context.id, env)),
        })
    }

    /// An environment, wherever it is listed.
    fn at(state: &State, id: &Scoped<EnvId>) -> Option<Self> {
        let env = state.inventory.environment(id)?;
        let app = Scoped::new(id.context, env.app.clone());
        let name = &state.inventory.app(&app)?.name;
        let own = state.inventory.environment_name(id)?;
        Some(Self {
            context: id.context,
            app: Some(app.id),
            environment: Some(id.id.clone()),
            title: Text::clean(&format!("{name}/{own}")),
            class: state.class_of(id.context, env),
        })
    }

    /// The environment with its context.
    #[must_use]
    pub fn scoped_environment(&self) -> Option<Scoped<EnvId>> {
        let env = self.environment.clone()?;
        Some(Scoped::new(self.context, env))
    }
}
