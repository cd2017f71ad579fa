//! What an operation acts on: what is marked, else what is selected.

use crate::app::action::Action;
use crate::app::contexts::{Context, Wish};
use crate::app::inventory::Fleet;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::model::catalogue::{On, Recipe};
use crate::model::{
    AppId, Capability, ContextId, EnvId, Environment, Operation, Scoped, Target, Text,
};

/// The input that names one of the parts of an app that run.
pub(in crate::app) const PROCESS: &str = "process";

/// The targets of an operation, in the order of the list; at least one.
pub(super) fn targets(state: &State, recipe: &Recipe) -> Result<Vec<Target>, String> {
    if recipe.on == On::Context {
        let context = state.selected_context().ok_or("select an app first")?;
        return Ok(vec![of_context(context)]);
    }
    let mut targets = Vec::new();
    for place in places(state)? {
        let target = of(state, recipe, &place)?;
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    Ok(targets)
}

/// An app and, where it has one, its environment.
struct Place {
    app: Scoped<AppId>,
    environment: Option<EnvId>,
}

fn places(state: &State) -> Result<Vec<Place>, String> {
    let marks = &state.marks;
    if state.screen.focus == Pane::Environments {
        let marked: Vec<_> = marks
            .environments()
            .filter_map(|env| place_of(state, env))
            .collect();
        if !marked.is_empty() {
            return Ok(marked);
        }
    }
    if state.screen.focus == Pane::Apps {
        let marked: Vec<_> = marks.apps().map(|app| main_place(state, app)).collect();
        if !marked.is_empty() {
            return Ok(marked);
        }
    }
    if let Some(env) = crate::app::panes::selected_in_view(state) {
        return Ok(place_of(state, &env).into_iter().collect());
    }
    let app = state.selected_app().ok_or("select an app first")?;
    Ok(vec![Place {
        app: app.clone(),
        environment: state.selected_env().map(|env| env.id),
    }])
}

fn place_of(state: &State, env: &Scoped<EnvId>) -> Option<Place> {
    let known = state.inventory.environment(env)?;
    Some(Place {
        app: Scoped::new(env.context, known.app.clone()),
        environment: Some(env.id.clone()),
    })
}

/// A marked app stands for its most important environment, whose release its row shows.
fn main_place(state: &State, app: &Scoped<AppId>) -> Place {
    let fleet = state.inventory.fleet(app.context);
    let own = fleet.into_iter().flat_map(|it| it.environments_of(&app.id));
    let main = own.max_by_key(|env| {
        let at = env.release.as_ref().and_then(|release| release.at);
        (state.class_of(app.context, env), at)
    });
    Place {
        app: app.clone(),
        environment: main.map(|env| env.id.clone()),
    }
}

/// Whether an operation is about all parts of an app at once: somebody looks at apps, the platform
/// has no environments but parts of apps that run (processes), and the operation takes them together
/// unless one is named.
fn is_about_all(state: &State, recipe: &Recipe, fleet: &Fleet, app: &AppId) -> bool {
    state.screen.focus == Pane::Apps
        && recipe.field(PROCESS).is_some()
        && fleet.environments_of(app).nth(1).is_some()
        && fleet.environments_of(app).all(|env| env.is_synthetic)
}

fn of(state: &State, recipe: &Recipe, place: &Place) -> Result<Target, String> {
    let on = recipe.on;
    let id = place.app.context;
    let context = state.contexts.get(id).ok_or("this context is gone")?;
    let fleet = state.inventory.fleet(id).ok_or("this context is gone")?;
    let app = fleet.app(&place.app.id).ok_or("this app is gone")?;
    let is_whole = on == On::App
        || (on == On::Release && !context.profile.deploys_environments)
        || is_about_all(state, recipe, fleet, &app.id);
    if is_whole {
        let own = fleet.environments_of(&app.id);
        let class = own.filter_map(|env| state.class_of(id, env)).max();
        return Ok(Target {
            context: id,
            app: Some(app.id.clone()),
            environment: None,
            title: app.name.clone(),
            class: class.or(app.class).or(context.class),
        });
    }
    let env = place
        .environment
        .as_ref()
        .and_then(|env| fleet.environments.get(env))
        .ok_or_else(|| no_environment(state, app.name.as_str()))?;
    Ok(Target {
        context: id,
        app: Some(app.id.clone()),
        environment: Some(env.id.clone()),
        title: Text::clean(&format!("{}/{}", app.name, fleet.name_of(env))),
        class: state.class_of(id, env),
    })
}

fn no_environment(state: &State, app: &str) -> String {
    if state.marks.is_empty() {
        "this app has no environment yet".into()
    } else {
        format!("{app} has no environment yet; Space takes its mark away")
    }
}

fn of_context(context: &Context) -> Target {
    Target {
        context: context.id,
        app: None,
        environment: None,
        title: context.name.clone(),
        class: context.class,
    }
}

/// Why nothing of the kind may be done in a context now.
pub(super) fn refusal(state: &State, id: ContextId, wish: Wish) -> Result<(), String> {
    let context = state.contexts.get(id).ok_or("this context is gone")?;
    if let Some(reason) = context.refusal(wish) {
        return Err(reason);
    }
    let changes = !context.changes_nothing(wish);
    if context.is_read_only && changes {
        return Err(format!("{} is read-only", context.name));
    }
    if let Some(why) = context.forbidden.get(&wish) {
        let refresh = state.screen.keymap.key(Action::Refresh);
        return Err(format!("{why}; {refresh} tries it again"));
    }
    if context.bad_credential.is_some() && !context.needs_no_credential(wish) {
        return Err(format!(
            "the token of {} is not accepted; {} tries it again",
            context.name,
            state.screen.keymap.key(Action::Refresh)
        ));
    }
    if context.is_locked(state.now) && changes {
        return Err(format!(
            "{} is protected; {} unlocks it for 10 minutes",
            context.name,
            state.screen.keymap.key(Action::Unlock)
        ));
    }
    Ok(())
}

/// Why a target in its present state does not allow an operation of the kind.
pub(super) fn standing_refusal(
    state: &State,
    target: &Target,
    capability: Capability,
) -> Result<(), String> {
    if let Some(reason) = lacking(state, target, capability) {
        return Err(reason.to_owned());
    }
    super::pinned::refusal(state, target, capability)?;
    if capability == Capability::CancelDeployment && is_at_rest(state, target) {
        return Err(format!("no deployment of {} is running", target.title));
    }
    Ok(())
}

/// Why the app of a target has not what others of its platform have.
fn lacking(state: &State, target: &Target, capability: Capability) -> Option<&'static str> {
    let id = Scoped::new(target.context, target.app.clone()?);
    state.inventory.app(&id)?.refusal(capability)
}

/// Whether it is known that no deployment of a target is under way.
fn is_at_rest(state: &State, target: &Target) -> bool {
    let mut own = environments(state, target).peekable();
    let is_known = own.peek().is_some();
    let runs = |env: &Environment| {
        let id = Scoped::new(target.context, env.id.clone());
        let list = state.inventory.deployments_of(&id);
        let list = list.and_then(|list| list.value.as_ref());
        // What was not read may run.
        let listed = list.is_none_or(|list| list.iter().any(|it| !it.phase.is_final()));
        env.running.is_some() || listed
    };
    is_known && !own.any(runs)
}

/// Why an operation does not go together with what happens already.
pub(super) fn collision(state: &State, operation: &Operation) -> Result<(), String> {
    let Operation { target, kind } = operation;
    if state.operations.is_running(&operation.key()) {
        return Err(format!("{} is already under way", target.title));
    }
    standing_refusal(state, target, kind.capability())?;
    let is_deployment = matches!(
        kind.capability(),
        Capability::Deploy | Capability::ForceDeploy | Capability::RollBack
    );
    if is_deployment && environments(state, target).any(|env| env.running.is_some()) {
        return Err(format!(
            "a deployment of {} is already running",
            target.title
        ));
    }
    Ok(())
}

/// The environments that a target concerns and that are still there.
pub(super) fn environments<'a>(
    state: &'a State,
    target: &'a Target,
) -> impl Iterator<Item = &'a Environment> {
    let fleet = state.inventory.fleet(target.context);
    let all = fleet
        .zip(target.app.as_ref())
        .into_iter()
        .flat_map(|(fleet, app)| fleet.environments_of(app));
    all.filter(|env| target.environment.as_ref().is_none_or(|id| *id == env.id))
}

/// The name that is typed to confirm: the app's, or the context's where no app is concerned.
pub(super) fn typed_name(state: &State, target: &Target) -> Text {
    let fleet = state.inventory.fleet(target.context);
    let app = fleet
        .zip(target.app.as_ref())
        .and_then(|(fleet, app)| fleet.app(app));
    app.map_or_else(|| target.title.clone(), |app| app.name.clone())
}
