//! How long a frame takes: 200×60 cells, with few apps and with many, and a full log.

#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a bench that cannot begin fails by panicking; its platform answers what it is asked"
)]

use std::time::Duration;

use divan::{Bencher, black_box};
use flightdeck::app::contexts::{ClassRules, Context};
use flightdeck::app::keys::KeyPress;
use flightdeck::app::screen::{Colours, Look};
use flightdeck::app::{Effect, Message, Size, State, update};
use flightdeck::model::{
    App, AppId, Capability, Class, ContextId, EnvId, Environment, Fetch, LogBatch, LogLine, Page,
    Payload, Query, Release, Report, Status, Support, TailState, Text,
};
use flightdeck::platforms::divio;
use flightdeck::ui::view;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use regex::Regex;

const SIZE: Size = Size::new(200, 60);
const APPS: [usize; 2] = [10, 10_000];
/// The most a log keeps.
const LINES: usize = 100_000;

fn main() {
    divan::main();
}

fn start() -> Timestamp {
    "2026-03-02T14:02:11Z".parse().unwrap()
}

/// A dashboard with so many apps and a full log.
fn state(apps: usize) -> State {
    let all = Capability::ALL.iter().map(|what| (*what, Support::Yes));
    let name = Text::clean("divio");
    let context = Context::new(ContextId(0), name, &divio::PROFILE, all.collect());
    let rules = ClassRules(vec![(Class::Production, Regex::new("live").unwrap())]);
    let mut state = State::new(vec![context], rules, start(), TimeZone::UTC);
    state.screen.size = SIZE;
    tell(&mut state, Message::Clock, apps);
    for _ in 0..3 {
        state.now = state.now.checked_add(Duration::from_millis(300)).unwrap();
        tell(&mut state, Message::Clock, apps);
    }
    state
}

fn tell(state: &mut State, message: Message, apps: usize) {
    for effect in update(state, message).effects {
        match effect {
            Effect::Fetch(fetch) => {
                let report = answer(fetch, state.now, apps);
                tell(state, Message::Report(report), apps);
            }
            Effect::OpenTail(tail, _) => {
                let batch = LogBatch {
                    tail,
                    lines: lines(),
                    skipped: 0,
                    restarted: false,
                    state: TailState::Live,
                };
                tell(state, Message::Logs(batch), apps);
            }
            Effect::Leave(_)
            | Effect::CopyText(_)
            | Effect::Edit(_)
            | Effect::Operate(..)
            | Effect::Console(..)
            | Effect::Download(..)
            | Effect::CancelDownload(_)
            | Effect::CloseTail(_)
            | Effect::Mouse(_)
            | Effect::Preview(..)
            | Effect::OpenUrl(_)
            | Effect::ReadLog(..)
            | Effect::StopReading(_)
            | Effect::SaveLog(_)
            | Effect::Notify(_)
            | Effect::Redraw
            | Effect::Suspend
            | Effect::Quit => {}
        }
    }
}

fn answer(Fetch { key, ticket, .. }: Fetch, at: Timestamp, apps: usize) -> Report {
    let app = |n: usize| {
        App::new(
            AppId::new(format!("a{n}")),
            Text::clean(&format!("app-{n}")),
        )
    };
    let payload = match &key.query {
        Query::Apps => Payload::Apps(Page::whole((0..apps).map(app).collect())),
        Query::AllEnvironments => {
            Payload::Environments(Page::whole((0..apps).map(environment).collect()))
        }
        Query::Deployments(_) => Payload::Deployments(Page::whole(Vec::new())),
        Query::Backups(_) => Payload::Backups(Page::whole(Vec::new())),
        _ => Payload::BackupPlans(Page::whole(Vec::new())),
    };
    Report {
        key,
        ticket,
        at,
        result: Ok(payload),
        more: false,
        budget: None,
        retry_at: None,
    }
}

fn environment(n: usize) -> Environment {
    let (id, app) = (EnvId::new(format!("e{n}")), AppId::new(format!("a{n}")));
    let mut env = Environment::new(id, app, Text::clean("live"));
    env.status = match n % 50 {
        0 => Status::Failed,
        1 => Status::Degraded,
        2 => Status::Deploying,
        _ => Status::Live,
    };
    env.reason = Text::non_empty("health check failed in 2 of 3 regions").filter(|_| n % 50 < 2);
    env.has_runtime_log = true;
    env.release = Some(Release {
        label: Text::clean(&format!("{n:07x}")),
        deployment: None,
        at: Some(start()),
        by: Text::non_empty("ana"),
    });
    env
}

fn lines() -> Vec<LogLine> {
    let line = |n: usize| {
        let raw =
            format!("level=info msg=\"request finished\" path=/orders/{n} \u{1b}[32m200\u{1b}[0m");
        LogLine::output(Some(start()), Text::clean("web.1"), &raw)
    };
    (0..LINES).map(line).collect()
}

fn terminal() -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(SIZE.width, SIZE.height)).unwrap()
}

/// A frame like the one before.
#[divan::bench(args = APPS)]
fn same_frame(bencher: Bencher<'_, '_>, apps: usize) {
    let (state, mut terminal) = (state(apps), terminal());
    bencher.bench_local(|| {
        terminal
            .draw(|frame| view(black_box(&state), frame))
            .unwrap();
    });
}

/// A frame after the selection has moved to the end of the list.
#[divan::bench(args = APPS)]
fn scrolled_frame(bencher: Bencher<'_, '_>, apps: usize) {
    let (mut state, mut terminal) = (state(apps), terminal());
    let press = KeyPress::from_name("G").unwrap();
    let message = Message::Key {
        press,
        repeat: false,
    };
    tell(&mut state, message, apps);
    bencher.bench_local(|| {
        terminal
            .draw(|frame| view(black_box(&state), frame))
            .unwrap();
    });
}

/// A frame with nothing but ASCII.
#[divan::bench(args = APPS)]
fn ascii_frame(bencher: Bencher<'_, '_>, apps: usize) {
    let (mut state, mut terminal) = (state(apps), terminal());
    state.screen.look = Look {
        is_ascii: true,
        colours: Colours::None,
        is_light: false,
    };
    bencher.bench_local(|| {
        terminal
            .draw(|frame| view(black_box(&state), frame))
            .unwrap();
    });
}
