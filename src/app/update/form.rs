//! Keys in a form, and what becomes of it.

use std::time::Duration;

use tui_input::InputRequest;

use super::input::{edit, is_close};
use super::operation;
use crate::app::action::Action;
use crate::app::form::{Entry, FormState, Picker};
use crate::app::help::keys_of;
use crate::app::keys::{Key, KeyPress};
use crate::app::menu::titled;
use crate::app::message::Outcome;
use crate::app::notices::Tone;
use crate::app::panes;
use crate::app::screen::{Overlay, Pane};
use crate::app::state::State;
use crate::model::catalogue::{Chosen, FieldKind, Inputs, Pick, Recipe, Value, recipe_of};
use crate::model::{
    Capability, Creation, DetailValue, Failure, FieldProblem, Operation, Scoped, Stage, Target,
    Text, Verdict,
};

/// A form that opens by itself takes no keys for so long.
const QUIET: Duration = Duration::from_millis(500);
/// What a detail of an app is called that can be edited as a whole.
const CONFIGURATION: &str = "configuration";
/// What a page moves by in a list.
const PAGE: isize = 6;

/// Asks for what an operation needs to know, beginning with `inputs` and with what was typed when
/// it was last asked here.
#[expect(
    clippy::needless_pass_by_value,
    reason = "who opens a form has no use for its beginnings any more"
)]
pub(in crate::app) fn open(state: &mut State, recipe: &'static Recipe, inputs: Inputs) {
    let Some(targets) = operation::subject(state, recipe) else {
        state
            .notices
            .say(state.now, Tone::Info, "select an app first");
        return;
    };
    let draft = state.drafts.take(recipe, &targets);
    let mut form = draft.unwrap_or_else(|| {
        let presumed = operation::presumed(state, recipe, &targets, known(state, recipe, &targets));
        let mut form = FormState::new(recipe, targets);
        if let Some(creation) = creation(state, &form) {
            form.ask_for(creation);
        }
        form.presume(presumed);
        if !restores_beside(state, &form) {
            form.leave_out("into");
        }
        if names_process(state, &form) {
            form.leave_out(operation::PROCESS);
        }
        form
    });
    let selected = preselected(state, recipe).map(|(field, chosen)| (field, Value::One(chosen)));
    if let Some((field, value)) = selected {
        form.fill(&Inputs::default().with(field, value));
    }
    form.fill(&inputs);
    form.focus = 0;
    form.refresh(state);
    state.has_chosen = true;
    state.screen.overlay = Some(Overlay::Form(Box::new(form)));
}

/// What is known already of the only target, to be changed or not: the domain that an installation
/// waits for, and the configuration that is to be edited.
fn known(state: &State, recipe: &Recipe, targets: &[Target]) -> Inputs {
    let [target] = targets else {
        return Inputs::default();
    };
    let none = Inputs::default();
    if recipe.capability == Capability::VerifyDomain {
        none.with_some("domain", domain(state, target).map(Value::One))
    } else if recipe.capability == Capability::CompleteInstallation {
        let domain = domain(state, target).map(|it| Value::Text(it.title.to_string()));
        none.with_some("domain", domain)
    } else if recipe.capability == Capability::Special {
        configuration(state, recipe, target)
    } else {
        none
    }
}

/// The domain under the bar, or the only one there is.
fn domain(state: &State, target: &Target) -> Option<Chosen> {
    let only = || match panes::detail::domains_of(state, target) {
        [only] => Some(Chosen {
            id: only.id.as_str().to_owned(),
            title: only.name.clone(),
        }),
        _ => None,
    };
    panes::parts::chosen(state, Pick::Domain).or_else(only)
}

/// Where all that is asked for is one text, the detail of the app that has its name, or is called its
/// configuration: who edits begins with what there is.
fn configuration(state: &State, recipe: &Recipe, target: &Target) -> Inputs {
    let mut asked = recipe.asked();
    let (Some(field), None) = (asked.next(), asked.next()) else {
        return Inputs::default();
    };
    let app = target
        .app
        .clone()
        .map(|app| Scoped::new(target.context, app));
    let app = app.and_then(|app| state.inventory.app(&app));
    let mut details = app.into_iter().flat_map(|app| &app.details);
    let value = details.find_map(|detail| {
        let DetailValue::Text(text) = &detail.value else {
            return None;
        };
        let is_it = [field.name, CONFIGURATION].contains(&detail.label);
        is_it.then(|| Value::Text(text.to_string()))
    });
    let is_text = field.kind == FieldKind::Text;
    Inputs::default().with_some(field.name, value.filter(|_| is_text))
}

/// What the platform wants to know of an app that is to be created. There is one target then: a
/// context.
fn creation(state: &State, form: &FormState) -> Option<&'static Creation> {
    let target = form.targets.first()?;
    let profile = state.contexts.get(target.context)?.profile;
    (form.recipe.capability == Capability::CreateApp).then_some(&profile.creation)
}

/// Whether what is restored gets a name of its own.
fn restores_beside(state: &State, form: &FormState) -> bool {
    let mut contexts = form.targets.iter().map(|target| target.context);
    contexts.all(|id| {
        let context = state.contexts.get(id);
        context.is_some_and(|context| context.profile.restores_beside)
    })
}

/// Whether the targets are the processes themselves.
fn names_process(state: &State, form: &FormState) -> bool {
    form.targets.iter().any(|target| {
        let env = target.environment.clone();
        let env = env.map(|env| Scoped::new(target.context, env));
        let known = env.and_then(|env| state.inventory.environment(&env));
        known.is_some_and(|env| env.is_synthetic)
    })
}

/// What the focused pane's selected row answers.
fn preselected(state: &State, recipe: &Recipe) -> Option<(&'static str, Chosen)> {
    let mut fields = recipe.asked();
    let field = fields.find(|field| field.kind == FieldKind::Pick(Pick::Backup))?;
    if state.screen.focus != Pane::Backups {
        return None;
    }
    let id = state.panes.backups.cursor.selected.clone()?;
    let list = state.inventory.backups.get(&state.selected_env()?)?;
    // Of another environment it would not be in the list.
    let own = list.value.as_ref()?.iter().find(|it| it.id == id)?;
    let (id, title) = (own.id.as_str().to_owned(), own.id.to_text());
    Some((field.name, Chosen { id, title }))
}

/// A key while a form is open.
pub(super) fn key(
    state: &mut State,
    mut form: Box<FormState>,
    press: KeyPress,
    repeat: bool,
    outcome: &mut Outcome,
) {
    if is_close(press) {
        let name = form.recipe.name;
        let text = if form.is_empty() {
            format!("{name}: not done")
        } else {
            state.drafts.keep(*form, false);
            format!("{name}: not done; what you typed is kept")
        };
        state.notices.say(state.now, Tone::Info, text);
        return;
    }
    let is_quiet = state.now < form.quiet_until;
    // Enter held down must not walk through to the end.
    let is_held = repeat && press.key == Key::Enter;
    if !is_quiet && !is_held {
        match (press.key, press.ctrl) {
            (Key::Enter, is_ctrl) if sends(&mut form) || is_ctrl => {
                return send(state, form, outcome);
            }
            (Key::Enter | Key::Tab, _) => form.next(),
            (Key::BackTab, _) => form.previous(),
            _ => in_field(&mut form, press),
        }
    }
    state.screen.overlay = Some(Overlay::Form(form));
}

/// Enter takes the selected entry of a list. Says whether it also sends the form.
fn sends(form: &mut FormState) -> bool {
    let is_at_end = form.is_at_end();
    if let Some(field) = form.focused_mut()
        && let Entry::Pick(picker) = &mut field.entry
        && !picker.is_many
        && picker.selected().is_some()
    {
        picker.choose();
        field.problem = None;
    }
    is_at_end
}

fn in_field(form: &mut FormState, press: KeyPress) {
    let is_up = press.key == Key::Up;
    let Some(field) = form.focused_mut() else {
        if matches!(press.key, Key::Up | Key::Left) {
            form.previous();
        } else if matches!(press.key, Key::Down | Key::Right) {
            form.next();
        }
        return;
    };
    let kind = field.field.kind;
    let is_done = match &mut field.entry {
        Entry::Pick(picker) => in_list(picker, press),
        Entry::Flag(flag) => in_flag(flag, press),
        Entry::Choice(choice) => in_choice(choice, kind, press),
        Entry::Line(line) => in_count(line, kind, press),
        Entry::Hidden(_) => false,
    };
    if is_done {
        field.problem = None;
    } else if matches!(press.key, Key::Up | Key::Down) {
        if is_up { form.previous() } else { form.next() }
    } else if let Some(request) = edit(press).filter(|request| fits(kind, *request)) {
        field.entry.edit(request);
        field.problem = None;
    }
}

/// A number has digits only.
fn fits(kind: FieldKind, request: InputRequest) -> bool {
    match (kind, request) {
        (FieldKind::Count { .. }, InputRequest::InsertChar(c)) => c.is_ascii_digit(),
        _ => true,
    }
}

fn in_list(picker: &mut Picker, press: KeyPress) -> bool {
    // From the first row one leaves the list.
    let up = if picker.row > 0 { Some(-1) } else { None };
    let steps = [
        (Key::Down, Some(1)),
        (Key::Up, up),
        (Key::PageDown, Some(PAGE)),
        (Key::PageUp, Some(-PAGE)),
    ];
    if picker.is_many && press == KeyPress::plain(Key::Char(' ')) {
        picker.choose();
        return true;
    }
    let step = steps.into_iter().find(|(key, _)| *key == press.key);
    let Some(by) = step.and_then(|(_, by)| by) else {
        return false;
    };
    picker.step(by);
    true
}

fn in_flag(flag: &mut bool, press: KeyPress) -> bool {
    let toggles = matches!(press.key, Key::Char(' ') | Key::Left | Key::Right);
    if toggles {
        *flag = !*flag;
    }
    toggles
}

/// Goes round through the words and, before the first, none.
fn in_choice(choice: &mut Option<usize>, kind: FieldKind, press: KeyPress) -> bool {
    let FieldKind::Choice(words) = kind else {
        return false;
    };
    let stops = words.len() + 1;
    let here = choice.map_or(0, |at| at + 1);
    let next = match (press.key, press.ctrl) {
        (Key::Right | Key::Char(' '), false) => here + 1,
        (Key::Left, false) => here + stops - 1,
        _ => return false,
    };
    *choice = (next % stops).checked_sub(1);
    true
}

/// The arrows count; past the bounds they stay.
fn in_count(line: &mut tui_input::Input, kind: FieldKind, press: KeyPress) -> bool {
    let FieldKind::Count { least, most } = kind else {
        return false;
    };
    let typed: Option<u32> = line.value().parse().ok();
    let next = match (press.key, typed) {
        (Key::Up, Some(number)) => number.saturating_add(1),
        (Key::Down, Some(number)) => number.saturating_sub(1),
        (Key::Up | Key::Down, None) => least,
        _ => return false,
    };
    *line = tui_input::Input::new(next.clamp(least, most).to_string());
    true
}

/// Text that was pasted goes into the focused field. What is not shown keeps its lines, as keys and
/// certificates have them; elsewhere they become blanks.
pub(super) fn paste(state: &State, form: &mut FormState, raw: &str) {
    if state.now < form.quiet_until {
        return;
    }
    let Some(field) = form.focused_mut() else {
        return;
    };
    let kind = field.field.kind;
    let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = if kind == FieldKind::Secret {
        let is_kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
        raw.trim_matches('\n').chars().filter(is_kept).collect()
    } else {
        let text = Text::clean(&raw);
        let is_kept = |c: &char| fits(kind, InputRequest::InsertChar(*c));
        text.as_str().chars().filter(is_kept).collect()
    };
    field.entry.insert(&text);
    field.problem = None;
}

fn send(state: &mut State, mut form: Box<FormState>, outcome: &mut Outcome) {
    let Some(inputs) = form.check(state.now, &state.zone.clone()) else {
        state.screen.overlay = Some(Overlay::Form(form));
        return;
    };
    // A form that was opened again may be about something else than what is selected by now.
    if !go_to(state, &form) {
        let text = "what this is about is not selected any more; Esc keeps what you typed";
        state.notices.say(state.now, Tone::Bad, text);
        state.screen.overlay = Some(Overlay::Form(form));
        return;
    }
    let recipe = form.recipe;
    state.drafts.keep(*form, true);
    operation::start(state, recipe, inputs, outcome);
}

/// Selects what a form is about, so that what follows concerns that and nothing else.
fn go_to(state: &mut State, form: &FormState) -> bool {
    let is_there = |state: &State| {
        let targets = operation::subject(state, form.recipe);
        targets.is_some_and(|targets| form.is_about(&targets))
    };
    if is_there(state) {
        return true;
    }
    if let [target] = &form.targets[..] {
        if let Some(app) = &target.app {
            let app = Scoped::new(target.context, app.clone());
            // From there all parts of an app are meant, or one of them.
            let pane = match target.environment {
                Some(_) => Pane::Environments,
                None => Pane::Apps,
            };
            super::navigate::focus(state, pane);
            panes::apps::select(state, &app);
        }
        if let Some(env) = &target.environment {
            panes::environments::select(state, env);
        }
    }
    is_there(state)
}

/// While a form is open its lists follow what is read.
pub(super) fn derive(state: &mut State, outcome: &mut Outcome) {
    let Some(Overlay::Form(mut form)) = state
        .screen
        .overlay
        .take_if(|it| matches!(it, Overlay::Form(_)))
    else {
        return;
    };
    outcome.redraw |= form.refresh(state);
    state.screen.overlay = Some(Overlay::Form(form));
}

/// An operation ended: what was typed for it is not needed any more, or has to be changed.
pub(super) fn ended(state: &mut State, operation: &Operation, ending: &Stage) {
    let Some(recipe) = recipe_of(&operation.kind) else {
        return;
    };
    let target = &operation.target;
    match ending {
        Stage::Ended(Verdict::Done(_) | Verdict::Partly(_)) => {
            state.drafts.take_sent(recipe, target);
        }
        Stage::Refused(Failure::Validation(problems)) => {
            if let Some(form) = state.drafts.take_sent(recipe, target) {
                reopen(state, form, problems);
            }
        }
        Stage::Sending
        | Stage::Running(_)
        | Stage::Ended(Verdict::Failed(_))
        | Stage::Refused(_)
        | Stage::Unknown(_)
        | Stage::Unresolved(_) => {}
    }
}

/// Shows the form again with the platform's complaints, unless something else takes the keys: then
/// a notice says how to come back to it.
fn reopen(state: &mut State, mut form: FormState, problems: &[FieldProblem]) {
    form.complain(problems);
    if state.screen.overlay.is_none() && !state.panes.apps.is_filtering {
        form.quiet_until = state.now.saturating_add(QUIET).unwrap_or(state.now);
        form.refresh(state);
        state.screen.overlay = Some(Overlay::Form(Box::new(form)));
        return;
    }
    let title = titled(&form.targets).map(|(title, _)| title);
    let text = format!(
        "{} {} was refused; {} {} there opens its form again",
        form.recipe.name,
        title.unwrap_or_default(),
        keys_of(&state.screen.keymap, Action::Menu),
        form.recipe.letter
    );
    state.notices.say(state.now, Tone::Bad, text);
    state.drafts.keep(form, false);
}
