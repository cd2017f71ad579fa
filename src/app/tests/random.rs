//! Anything may happen, in any order. Nothing panics, and what must never happen does not.

use proptest::prelude::*;

use super::kit::*;
use crate::app::action::ACTIONS;
use crate::app::confirm::{Check, Tier};
use crate::app::keymap::{Keymap, Preset};
use crate::app::keys::{Key, KeyPress};
use crate::app::message::{Effect, Message, Outcome};
use crate::app::next_wakeup;
use crate::app::screen::{Overlay, Size};
use crate::model::{
    BackupState, Environment, Failure, Fetch, LogBatch, LogLine, Operation, OperationEvent,
    OperationTicket, Payload, Phase, Progress, Query, Report, Stage, Status, TailState, Text,
    Verdict,
};

/// One thing that happens; numbers choose among what is there at that moment.
#[derive(Clone, Debug)]
enum Step {
    Key(usize, bool),
    Letter(char),
    Paste(String),
    Resize(u16, u16),
    /// Answers a read that was asked for at some time: late, doubled or in time.
    Answer(usize, u8, bool),
    Lines(usize, u8),
    Operation(u64, u8),
    Time(i64),
    Wakeup,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (any::<usize>(), prop::bool::weighted(0.1)).prop_map(|(n, r)| Step::Key(n, r)),
        6 => prop::sample::select("yynDDBB!jkrpshoq?/eexn.=AUEm".chars().collect::<Vec<_>>())
            .prop_map(Step::Letter),
        1 => any::<char>().prop_map(Step::Letter),
        1 => ".{0,8}".prop_map(Step::Paste),
        1 => (0u16..220, 0u16..70).prop_map(|(w, h)| Step::Resize(w, h)),
        1 => Just(Step::Resize(0, 0)),
        12 => (any::<usize>(), any::<u8>(), prop::bool::weighted(0.2))
            .prop_map(|(n, what, more)| Step::Answer(n, what, more)),
        3 => (any::<usize>(), any::<u8>()).prop_map(|(n, what)| Step::Lines(n, what)),
        2 => (0u64..6, any::<u8>()).prop_map(|(n, what)| Step::Operation(n, what)),
        5 => prop::sample::select(vec![1, 100, 600, 5_000, 60_000]).prop_map(Step::Time),
        1 => (-100_000_000i64..100_000_000).prop_map(Step::Time),
        4 => Just(Step::Wakeup),
    ]
}

fn keys() -> Vec<KeyPress> {
    let bound = ACTIONS.iter().flat_map(|row| row.keys.iter());
    let mut keys: Vec<_> = bound.filter_map(|name| KeyPress::from_name(name)).collect();
    keys.extend([Key::Backspace, Key::Delete, Key::Insert].map(KeyPress::plain));
    keys.extend("xQZ9~ü€".chars().map(|c| KeyPress::plain(Key::Char(c))));
    keys
}

/// Five contexts, each guarded in its own way.
fn contexts() -> Vec<crate::app::contexts::Context> {
    let mut all: Vec<_> = (0..5).map(context).collect();
    all[1].is_protected = true;
    all[2].is_read_only = true;
    all[3].profile = &BY_APP;
    all[3].support = without(&[crate::model::Capability::ListAllEnvironments]);
    all[4].support = without(crate::model::Capability::ALL);
    all
}

fn some_environments(what: u8, of: Option<&str>) -> Vec<Environment> {
    let statuses = [
        Status::Live,
        Status::Failed,
        Status::Building,
        Status::Asleep,
    ];
    let names = ["live", "test", "web"];
    let mut list = Vec::new();
    for (n, app) in ["shop", "blog", "s"].into_iter().enumerate() {
        for (m, name) in names.into_iter().enumerate() {
            let pick = usize::from(what).wrapping_mul(7) + n * 3 + m * 5;
            if pick % 4 == 0 || of.is_some_and(|of| of != app) {
                continue;
            }
            let mut env = env(app, name, statuses[pick % statuses.len()].clone());
            if env.status == Status::Building {
                env.running = Some(deployment(&format!("d{}", pick % 3), Phase::Building).id);
            }
            list.push(env);
        }
    }
    list
}

fn payload(query: &Query, what: u8) -> Payload {
    let phases = [Phase::Failed, Phase::Succeeded, Phase::Building];
    let phase = phases[usize::from(what) % phases.len()].clone();
    match query {
        _ if what == 255 => Payload::Regions(crate::model::Page::whole(Vec::new())),
        Query::Apps => {
            let names = ["shop", "blog", "s"].into_iter().enumerate();
            let kept = names.filter(|(n, _)| what >> n & 1 == 0);
            apps(kept.map(|(_, name)| app(name)).collect())
        }
        Query::Environments(app) => environments(some_environments(what, Some(app.as_str()))),
        Query::Deployments(_) => deployments(
            (0..what % 4)
                .map(|n| deployment(&format!("d{n}"), phase.clone()))
                .collect(),
        ),
        Query::Backups(_) => backups(
            (0..what % 40)
                .map(|n| backup(&format!("b{n}"), START - i64::from(n), BackupState::Done))
                .collect(),
        ),
        Query::Variables(_) => {
            let value = ["", "a", "ab"][usize::from(what) % 3];
            let some = (0..what % 5).map(|n| variable(&format!("V{n}"), (n != 3).then_some(value)));
            variables(some.collect())
        }
        _ => environments(some_environments(what, None)),
    }
}

fn failure(what: u8) -> Failure {
    match what % 5 {
        0 => rejected(),
        1 => Failure::Cancelled,
        2 => Failure::RateLimited {
            retry_after: Some(std::time::Duration::from_secs(u64::from(what))),
            limit: None,
        },
        3 => Failure::NotFound {
            subject: Text::clean("it"),
        },
        _ => unreachable(),
    }
}

fn stage(what: u8) -> Stage {
    match what % 6 {
        0 => Stage::Sending,
        1 => Stage::Running(Progress::default()),
        2 => Stage::Ended(Verdict::Done(None)),
        3 => Stage::Refused(unreachable()),
        4 => Stage::Unknown(unreachable()),
        _ => Stage::Unresolved(Text::clean("who knows")),
    }
}

struct World {
    desk: Desk,
    /// Every read that was ever asked for.
    ever: Vec<Fetch>,
    keys: Vec<KeyPress>,
}

impl World {
    fn new() -> Self {
        let mut desk = Desk::with(contexts());
        desk.resize(120, 40);
        Self {
            ever: desk.asked.clone(),
            desk,
            keys: keys(),
        }
    }

    fn message(&mut self, step: Step) -> Option<Message> {
        Some(match step {
            Step::Key(n, repeat) => Message::Key {
                press: self.keys[n % self.keys.len()],
                repeat,
            },
            Step::Letter(c) => Message::Key {
                press: KeyPress::plain(Key::Char(c)),
                repeat: false,
            },
            Step::Paste(text) => Message::Paste(text.into()),
            Step::Resize(width, height) => Message::Resized(Size::new(width, height)),
            Step::Answer(n, what, more) => Message::Report(self.answer(n, what, more)?),
            Step::Lines(n, what) => Message::Logs(self.batch(n, what)?),
            Step::Operation(n, what) => Message::Operation(OperationEvent {
                ticket: OperationTicket(n),
                at: self.desk.state.now,
                stage: stage(what),
                follow: None,
                note: None,
                next_steps: Vec::new(),
                output: Vec::new(),
            }),
            Step::Time(millis) => {
                self.desk.move_clock(millis);
                Message::Clock
            }
            Step::Wakeup => {
                self.desk.state.now = next_wakeup(&self.desk.state)?;
                Message::Clock
            }
        })
    }

    fn answer(&self, n: usize, what: u8, more: bool) -> Option<Report> {
        // Mostly what is waited for, sometimes anything that ever was.
        let list = if what.is_multiple_of(8) || self.desk.asked.is_empty() {
            &self.ever
        } else {
            &self.desk.asked
        };
        let fetch = list.get(n.checked_rem(list.len())?)?;
        let result = if what % 4 == 3 {
            Err(failure(what))
        } else {
            Ok(payload(&fetch.key.query, what))
        };
        let mut report = report(fetch, self.desk.state.now, result);
        report.more = more;
        Some(report)
    }

    fn batch(&self, n: usize, what: u8) -> Option<LogBatch> {
        let tails = &self.desk.tails;
        let tail = tails.get(n.checked_rem(tails.len())?)?.clone();
        let states = [
            TailState::Live,
            TailState::Ended,
            TailState::Failed(unreachable()),
        ];
        Some(LogBatch {
            tail,
            lines: vec![LogLine::output(None, Text::default(), "a line"); usize::from(what % 9)],
            skipped: u64::from(what % 3),
            restarted: what.is_multiple_of(16),
            state: states[usize::from(what) % states.len()].clone(),
        })
    }

    fn take(&mut self, step: Step) {
        let Some(message) = self.message(step) else {
            return;
        };
        let before = self.desk.clone();
        if let Message::Report(report) = &message
            && !report.more
        {
            self.desk
                .asked
                .retain(|fetch| fetch.ticket != report.ticket);
        }
        let still_asked = self.desk.asked.clone();
        let outcome = self.desk.send(message.clone());
        self.ever
            .extend(outcome.effects.iter().filter_map(|effect| match effect {
                Effect::Fetch(fetch) => Some(fetch.clone()),
                _ => None,
            }));
        check_operations(&before, &message, &outcome);
        check_reads(&self.desk, &still_asked, &outcome);
        check_tails(&before, &self.desk, &outcome);
        check_state(&self.desk);
    }
}

/// Something is changed only by the answer to a question, in a context where it may be.
fn check_operations(before: &Desk, message: &Message, outcome: &Outcome) {
    let sent: Vec<_> = outcome
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Operate(_, operation, _) | Effect::Console(_, operation, _) => Some(operation),
            _ => None,
        })
        .collect();
    for operation in &sent {
        check_allowed(before, operation);
    }
    if sent.is_empty() || is_step_of_batch(before, message, &sent) {
        return;
    }
    let Some(Overlay::Confirm(confirm)) = &before.state.screen.overlay else {
        panic!("nothing was asked");
    };
    assert_eq!([&confirm.steps()[0]], sent[..], "one, or a canary");
    assert_eq!(
        confirm.check,
        Check::Fresh,
        "what is old is read again first"
    );
    let Message::Key { press, repeat } = message else {
        panic!("{message:?} is no answer");
    };
    assert!(!repeat && !press.ctrl && !press.alt);
    if confirm.tier >= Tier::Three {
        let typed = confirm.typed.value();
        assert!(press.key == Key::Enter && confirm.must_type.as_ref().unwrap().as_str() == typed);
    } else {
        assert_eq!(press.key, Key::Char('y'));
    }
}

/// What the end of one step of a confirmed batch let begin.
fn is_step_of_batch(before: &Desk, message: &Message, sent: &[&Operation]) -> bool {
    let Message::Operation(event) = message else {
        return false;
    };
    let Some(batch) = before.state.batches.of(event.ticket) else {
        return false;
    };
    assert!(matches!(event.stage, Stage::Ended(Verdict::Done(_))));
    let waiting: Vec<_> = batch.not_begun().collect();
    sent.iter().all(|operation| waiting.contains(operation))
}

fn check_allowed(before: &Desk, operation: &Operation) {
    let context = before.state.contexts.get(operation.target.context).unwrap();
    assert!(!context.is_read_only && !context.is_locked(before.state.now));
    assert!(context.bad_credential.is_none());
    assert!(!context.lacks(operation.kind.capability()));
    assert!(!before.state.operations.is_running(&operation.key()));
}

fn check_reads(desk: &Desk, still_asked: &[Fetch], outcome: &Outcome) {
    for effect in &outcome.effects {
        if let Effect::Fetch(fetch) = effect {
            let context = desk.state.contexts.get(fetch.key.context).unwrap();
            assert!(
                context.bad_credential.is_none(),
                "asked with a rejected token"
            );
            let question = desk.state.screen.overlay.as_ref();
            let is_reading = matches!(question, Some(Overlay::Confirm(confirm))
                if confirm.check != Check::Fresh)
                // A review wants an answer to a question of its own.
                || matches!(question, Some(Overlay::Variables(_)));
            assert!(!desk.state.is_paused || is_reading, "asked while paused");
            let twice = still_asked.iter().any(|earlier| earlier.key == fetch.key);
            let left = outcome.effects.contains(&Effect::Leave(fetch.key.context));
            assert!(
                !twice || left || is_reading,
                "{:?} is asked twice",
                fetch.key
            );
        }
    }
}

fn check_tails(before: &Desk, after: &Desk, outcome: &Outcome) {
    assert!(after.tails.len() <= 1, "{:?}", after.tails);
    let mut open = before.tails.clone();
    for effect in &outcome.effects {
        match effect {
            Effect::OpenTail(tail, _) => {
                assert!(!open.contains(tail));
                open.push(tail.clone());
            }
            Effect::CloseTail(tail) => {
                assert!(open.contains(tail));
                open.retain(|other| other != tail);
            }
            _ => {}
        }
    }
}

fn check_cursor<Id>(cursor: &crate::app::cursor::Cursor<Id>, len: usize) {
    assert_eq!(cursor.selected.is_some(), len > 0);
    assert!(cursor.row < len.max(1) && cursor.offset <= cursor.row);
}

fn check_state(desk: &Desk) {
    let state = &desk.state;
    let panes = &state.panes;
    check_cursor(&panes.apps.cursor, panes.apps.shown.len());
    check_cursor(&panes.environments.cursor, panes.environments.rows.len());
    check_cursor(&panes.backups.cursor, panes.backups.rows.len());
    let row = panes.apps.selected().map(|row| &row.app);
    assert_eq!(row, state.selected_app(), "the selection is in its row");
    assert!(
        panes
            .apps
            .shown
            .iter()
            .all(|row| (*row as usize) < panes.apps.rows.len())
    );
    let known = |row| crate::app::panes::backups::backup(state, row).is_some();
    assert!(panes.backups.rows.iter().all(known));
    assert!(state.notices.iter().count() <= 100);
    assert!(state.journal.iter().count() <= 200);
    let operations = &state.operations;
    assert!(operations.running().count() + operations.finished().count() <= 200);
    let wakeup = next_wakeup(state).expect("the clock in the header goes on");
    assert!(wakeup > state.now, "a wake-up now would never end");
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2_000, ..ProptestConfig::with_cases(200) })]
    #[test]
    fn nothing_that_happens_breaks_a_promise(
        steps in proptest::collection::vec(step(), 1..250),
    ) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
        }
    }
}

/// A monkey at a keyboard: so many keys, with the time they take. Half of them are bound, the
/// others are what one types to get something done.
fn monkey(mut desk: Desk, keys: usize, seed: u64) -> Desk {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut bound: Vec<_> = desk
        .state
        .screen
        .keymap
        .bound()
        .map(|(_, key, _)| key)
        .collect();
    // In an order that is the same in every run.
    bound.sort_by_key(ToString::to_string);
    // Escape leaves what takes all letters: searches, the palette, forms.
    let meant = "yyyDDDBBXZu!aRshopblog \n\u{1b}\u{1b}";
    for _ in 0..keys {
        desk.move_clock(random.i64(1..400));
        let press = if random.bool() {
            bound[random.usize(..bound.len())]
        } else {
            let at = random.usize(..meant.len());
            let c = char::from(meant.as_bytes()[at]);
            KeyPress::plain(match c {
                '\n' => Key::Enter,
                '\u{1b}' => Key::Esc,
                c => Key::Char(c),
            })
        };
        desk.send(Message::Key {
            press,
            repeat: false,
        });
        check_state(&desk);
        answer_lists(&mut desk);
    }
    desk
}

/// What runs, so that nothing is ever too old to be acted on.
fn running() -> Vec<Environment> {
    let list = [("shop", "live"), ("blog", "test")];
    list.map(|(app, name)| env(app, name, Status::Live))
        .to_vec()
}

/// Every read of the lists is answered at once.
fn answer_lists(desk: &mut Desk) {
    let is_list = |fetch: &&Fetch| matches!(fetch.key.query, Query::Apps | Query::AllEnvironments);
    while let Some(fetch) = desk.asked.iter().find(is_list).cloned() {
        let payload = match fetch.key.query {
            Query::Apps => apps(vec![app("shop"), app("blog")]),
            _ => environments(running()),
        };
        desk.answer(fetch.key.context.0, &fetch.key.query, Ok(payload));
    }
}

/// One context that is locked and one that is read-only, side by side.
fn guarded(preset: Preset) -> Desk {
    let mut locked = context(0);
    locked.name = Text::clean("production");
    locked.is_protected = true;
    let mut read_only = context(1);
    read_only.is_read_only = true;
    let mut desk = Desk::with(vec![locked, read_only]);
    desk.state.screen.keymap = Keymap::preset(preset);
    answer_lists(&mut desk);
    desk
}

/// A million keys in all, over the four presets.
fn nothing_is_changed(preset: Preset) {
    let desk = monkey(guarded(preset), 250_000, 7);
    assert!(desk.operated.is_empty(), "{:?}", desk.operated);
}

#[test]
fn a_monkey_changes_nothing_with_the_default_keys() {
    nothing_is_changed(Preset::Default);
}

#[test]
fn a_monkey_changes_nothing_with_the_keys_of_vim() {
    nothing_is_changed(Preset::Vim);
}

#[test]
fn a_monkey_changes_nothing_with_the_keys_of_k9s() {
    nothing_is_changed(Preset::K9s);
}

#[test]
fn a_monkey_changes_nothing_with_the_keys_of_lazygit() {
    nothing_is_changed(Preset::Lazygit);
}

#[test]
fn the_monkey_is_one_that_could() {
    let mut desk = Desk::with(vec![context(0)]);
    answer_lists(&mut desk);
    assert!(!monkey(desk, 20_000, 7).operated.is_empty());
}
