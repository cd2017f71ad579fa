//! From a configuration to a running dashboard.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;

use super::audit::{Earlier, Ledger, audit_context, watched};
use super::clipboard::Multiplexer;
use super::clock::now;
use super::editor::Editor;
use super::notes::noting;
use super::past::{past_operations, without};
use super::run::{Shell, signals};
use super::terminal::Tty;
use crate::app::contexts::{Context, SupportTable};
use crate::app::notices::Tone;
use crate::app::notify::{Desktop, NotifyRules};
use crate::app::place::Place;
use crate::app::screen::{Colours, Look, Size};
use crate::app::{Message, State};
use crate::config::{ColourMode, Config, ContextConfig, Environment};
use crate::engine::{Engine, OpenIntent};
use crate::model::{
    AppId, Capability, ContextId, Failure, Follow, Followed, IntentId, OperationTicket, Profile,
    Support, TailRequest,
};
use crate::platforms::{Answer, Platform, Tail};
use crate::store::audit::Hidden;
use crate::store::paths;
use crate::store::places::{self as store, AppPlace, Places};

/// Reports wait here for the loop; when it is full, reads slow down.
const REPORTS: usize = 256;

/// What the dashboard starts with.
#[derive(Debug)]
pub struct Setup {
    /// Contexts, classes, looks, keys.
    pub config: Config,
    /// Variables that decide how things look.
    pub environment: Environment,
    /// Whether the built-in simulator is shown.
    pub is_demo: bool,
    /// Whether only ASCII is drawn, whatever the configuration says.
    pub ascii: bool,
}

/// Opens the dashboard in the terminal and runs it to its end.
///
/// # Errors
/// If there is no terminal, or it is gone.
pub async fn open(setup: Setup) -> io::Result<()> {
    let hidden = Hidden::default();
    let kept = kept_in(&setup);
    let (platforms, contexts) = contexts(&setup.config.contexts, &hidden, kept.as_deref());
    let ledger = Arc::new(ledger(&setup, hidden));
    let mut state = State::new(contexts, setup.config.rules(), now(), TimeZone::system());
    state.is_demo = setup.is_demo;
    if let Some(dir) = &kept {
        state.start_at(&place(store::load(dir)));
    }
    state.screen.look = look(&setup);
    state.screen.keymap = setup.config.keys.clone();
    state.notify = notify_rules(&setup);
    // What was decided here holds: crossterm would look at NO_COLOR once more, by itself.
    crossterm::style::force_color_output(state.screen.look.colours != Colours::None);
    if let Some(problem) = setup.config.problems.first() {
        let more = match setup.config.problems.len() {
            1 => String::new(),
            n => format!(" (and {} more: `flightdeck config check`)", n - 1),
        };
        let text = format!("{problem}{more}");
        state.notices.say(now(), Tone::Bad, text);
    }
    let earlier = take_up(&mut state, &ledger);
    let taken_up = earlier.iter().map(|(_, open)| open.id.clone()).collect();
    let begun_at = state.begun_at;
    let (width, height) = crossterm::terminal::size()?;
    state.screen.size = Size::new(width, height);
    let variable = |name: &str| setup.environment.variable(name);
    state.is_remote = ["SSH_CONNECTION", "SSH_TTY"]
        .iter()
        .any(|name| variable(name).is_some());
    let multiplexer = Multiplexer::of(variable);
    let (events, reports) = mpsc::channel(REPORTS);
    let engine = Engine::new(platforms, events, now).recording(ledger);
    let editor = Editor::of(&setup.environment);
    editor.clear_leftovers();
    let shell = Shell::new(state, Tty::take(multiplexer)?, engine, reports)
        .reading_terminal()
        .finding_out(earlier)
        .editing_with(editor);
    if let Some(dir) = &kept {
        read_past(paths::audit_dir(dir), taken_up, begun_at, shell.input());
    }
    let listening = Listening::start(signals(shell.input()));
    let ended = Box::pin(shell.run()).await;
    drop(listening);
    let state = ended?;
    if let Some(dir) = &kept
        && let Err(error) = store::save(dir, &places(state.place()))
    {
        tracing::warn!(dir = %dir.display(), %error, "the place is not saved");
    }
    Ok(())
}

/// The timeline reaches this far back into earlier runs.
const PAST: Duration = Duration::from_hours(7 * 24);

/// Reads what earlier runs did, beside everything else: the audit may be long, and the first frame
/// does not wait for it.
fn read_past(
    dir: PathBuf,
    taken_up: HashSet<IntentId>,
    begun_at: Timestamp,
    to: mpsc::Sender<Message>,
) {
    let since = begun_at.saturating_sub(PAST).unwrap_or(Timestamp::MIN);
    let read = move || match past_operations(&dir, since) {
        Ok(list) => {
            let list = without(list, &taken_up, begun_at);
            // With the loop gone there is nobody to be told.
            let _gone = to.blocking_send(Message::Past(list));
        }
        Err(error) => {
            tracing::warn!(dir = %dir.display(), %error, "what earlier runs did is not known");
        }
    };
    drop(tokio::task::spawn_blocking(read));
}

/// Where the place of the last run and the notes of adapters are kept; nowhere in the demo, whose apps
/// are nobody's.
fn kept_in(setup: &Setup) -> Option<PathBuf> {
    setup.environment.state_dir().filter(|_| !setup.is_demo)
}

fn ledger(setup: &Setup, hidden: Hidden) -> Ledger {
    let contexts = setup.config.contexts.iter().map(audit_context).collect();
    Ledger::new(&setup.environment, setup.is_demo, contexts, hidden)
}

/// Shows what earlier runs left open; gives what can be found out about.
fn take_up(state: &mut State, ledger: &Ledger) -> Vec<(OperationTicket, OpenIntent)> {
    let (earlier, mut left) = ledger.take_up(false).unwrap_or_else(|error| {
        tracing::warn!(%error, "what earlier runs left open is not known");
        (Vec::new(), 0)
    });
    let mut taken = Vec::new();
    // The newest first: of two on the same target it is the one that reading tells about.
    for Earlier { at, open, .. } in earlier.into_iter().rev() {
        match state.adopt(open.operation.clone(), at) {
            Some(ticket) => taken.push((ticket, open)),
            None => left += 1,
        }
    }
    if left > 0 {
        let operations = if left == 1 {
            "operation has"
        } else {
            "operations have"
        };
        let text = format!("{left} {operations} no recorded end: see flightdeck audit");
        state.notices.say(now(), Tone::Bad, text);
    }
    taken
}

fn place(places: Places) -> Place {
    Place {
        app: places.app.map(|app| (app.context, AppId::new(&app.id))),
        filter: places.filter,
    }
}

fn places(place: Place) -> Places {
    let app = place.app.map(|(context, id)| AppPlace {
        context,
        id: id.as_str().to_owned(),
    });
    Places {
        app,
        filter: place.filter,
    }
}

/// A task that ends with its owner.
struct Listening(tokio::task::JoinHandle<()>);

impl Listening {
    #[expect(
        clippy::disallowed_methods,
        reason = "listening for signals belongs to no request"
    )]
    fn start(task: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(task))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn contexts(
    configured: &[ContextConfig],
    hidden: &Hidden,
    kept: Option<&Path>,
) -> (Vec<Arc<dyn Platform>>, Vec<Context>) {
    configured
        .iter()
        .zip(0..)
        .map(|(config, number)| {
            let connection = watched(noting(config, kept), hidden);
            let platform = (config.adapter.connect)(connection).unwrap_or_else(|failure| {
                Arc::new(Unusable {
                    profile: config.adapter.profile,
                    failure,
                })
            });
            let support: SupportTable = Capability::ALL
                .iter()
                .map(|what| (*what, platform.support(*what)))
                .collect();
            let id = ContextId(number);
            let mut context = Context::new(id, config.name.clone(), platform.profile(), support);
            context.class = config.class;
            context.is_protected = config.is_protected;
            context.is_read_only = config.is_read_only;
            context.poll = config.poll;
            (platform, context)
        })
        .unzip()
}

/// As configured; a terminal that is no window has no desktop behind it.
fn notify_rules(setup: &Setup) -> NotifyRules {
    let term = setup.environment.variable("TERM").unwrap_or_default();
    let rules = setup.config.notify;
    if matches!(term.as_str(), "linux" | "dumb") {
        NotifyRules {
            desktop: Desktop::Off,
            ..rules
        }
    } else {
        rules
    }
}

fn look(setup: &Setup) -> Look {
    let ui = &setup.config.ui;
    let variable = |name| setup.environment.variable(name).unwrap_or_default();
    let colours = match ui.colour {
        ColourMode::Full => Colours::True,
        ColourMode::Sixteen => Colours::Sixteen,
        ColourMode::None => Colours::None,
        ColourMode::Auto => colours(&variable("TERM"), &variable("COLORTERM")),
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .map(variable)
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    let is_ascii_locale = matches!(locale.as_str(), "C" | "POSIX") || variable("TERM") == "linux";
    Look {
        is_ascii: setup.ascii || ui.ascii.unwrap_or(is_ascii_locale),
        colours,
        is_light: is_light(&variable("COLORFGBG")),
    }
}

/// As many colours as the terminal says it has; one that says nothing gets sixteen.
fn colours(term: &str, colour_term: &str) -> Colours {
    if term == "dumb" {
        return Colours::None;
    }
    let has_many = term.contains("256color") || term.contains("direct") || term.contains("kitty");
    if has_many || matches!(colour_term, "truecolor" | "24bit") {
        Colours::True
    } else {
        Colours::Sixteen
    }
}

/// Some terminals say their colours as `foreground;background`, by number; the light ones are 7 and
/// from 9 on.
fn is_light(colorfgbg: &str) -> bool {
    let background = colorfgbg
        .rsplit(';')
        .next()
        .and_then(|number| number.parse::<u8>().ok());
    background.is_some_and(|number| number == 7 || number > 8)
}

/// Stands for a context whose client could not be made: every read says why.
struct Unusable {
    profile: &'static Profile,
    failure: Failure,
}

impl Platform for Unusable {
    fn profile(&self) -> &'static Profile {
        self.profile
    }

    fn support(&self, capability: Capability) -> Support {
        // One read is enough to be told why.
        if capability == Capability::ListApps {
            Support::Yes
        } else {
            Support::No("this context cannot be used as it is configured")
        }
    }

    fn apps(
        &self,
        _page: crate::model::PageRequest,
    ) -> Answer<'_, crate::model::Page<crate::model::App>> {
        Box::pin(async { Err(self.failure.clone()) })
    }

    fn tail(&self, _request: TailRequest) -> Result<Box<dyn Tail>, Failure> {
        Err(self.failure.clone())
    }

    fn follow<'a>(&'a self, _what: &'a Follow) -> Answer<'a, Followed> {
        Box::pin(async { Err(self.failure.clone()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_being_kept() {
        let place = Place {
            app: Some(("divio".into(), AppId::new("appk2m5"))),
            filter: "class:prod".into(),
        };
        assert_eq!(super::place(places(place.clone())), place);
    }

    #[test]
    fn a_light_terminal_is_known_by_its_own_word() {
        assert!(is_light("0;15") && is_light("0;default;7"));
        assert!(!is_light("15;0") && !is_light("") && !is_light("0;default"));
    }

    #[test]
    fn colours_follow_what_the_terminal_says() {
        assert_eq!(colours("xterm-256color", ""), Colours::True);
        assert_eq!(colours("xterm", "truecolor"), Colours::True);
        assert_eq!(colours("xterm", ""), Colours::Sixteen);
        assert_eq!(colours("dumb", "truecolor"), Colours::None);
    }
}
