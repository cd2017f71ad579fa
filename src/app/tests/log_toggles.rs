//! The settings of the log are independent, in any order, while lines come and go.

use proptest::prelude::*;

use super::kit::*;
use super::log_find::{live, output, settle};
use crate::app::logs::find::Finder;
use crate::app::logs::ring::{LineNo, Ring};
use crate::app::logs::sieve::{Budget, Sieve};
use crate::app::panes::logs::{rows, shown, top};
use crate::model::{LogLine, Text};

#[derive(Clone, Debug)]
enum Step {
    Key(&'static str),
    Filter(&'static str),
    Search(&'static str),
    Lines(Vec<u8>),
    Older(Vec<u8>),
    Elsewhere,
    Pause,
    Size(u16),
}

fn step() -> impl Strategy<Value = Step> {
    let keys = vec![
        "w", "t", "x", "f", "g", "G", "j", "k", "ctrl-u", "ctrl-d", "C", "n", "N", "E", "ctrl-e",
        "h", "right", "0",
    ];
    prop_oneof![
        6 => prop::sample::select(keys).prop_map(Step::Key),
        2 => prop::sample::select(vec!["", "a", "level:error", "-b", "("]).prop_map(Step::Filter),
        2 => prop::sample::select(vec!["", "a", "x", "a|["]).prop_map(Step::Search),
        4 => proptest::collection::vec(any::<u8>(), 0..40).prop_map(Step::Lines),
        2 => proptest::collection::vec(any::<u8>(), 0..20).prop_map(Step::Older),
        1 => Just(Step::Elsewhere),
        1 => Just(Step::Pause),
        1 => (20u16..60).prop_map(Step::Size),
    ]
}

fn lines(which: &[u8]) -> Vec<String> {
    let words = [
        "a",
        "b",
        "ERROR a x",
        "  at a",
        "{\"level\":\"warn\",\"msg\":\"b\"}",
        "",
    ];
    let which = which
        .iter()
        .map(|n| words[usize::from(*n) % words.len()].to_owned());
    which.collect()
}

/// A log that keeps so many lines.
fn small(limit: usize) -> Desk {
    let mut desk = live();
    let env = desk.state.selected_env().expect("one is selected");
    desk.state.logs.channel_mut(&env).ring = Ring::with_limits(limit, usize::MAX);
    desk
}

fn type_and(desk: &mut Desk, key: &str, text: &str) {
    desk.press(key);
    desk.press("ctrl-u");
    desk.type_text(text);
    desk.press("enter");
    // What cannot be read is left.
    if desk.state.panes.logs.entry.is_some() {
        desk.press("esc");
    }
}

fn go(desk: &mut Desk, step: Step) {
    match step {
        Step::Key(key) => {
            desk.press(key);
        }
        Step::Filter(text) => type_and(desk, "&", text),
        Step::Search(text) => type_and(desk, "/", text),
        Step::Lines(which) => {
            if !desk.tails.is_empty() {
                output(desk, &lines(&which));
            }
        }
        Step::Older(which) => {
            let env = desk.state.selected_env().expect("one is selected");
            let older = lines(&which);
            let older = older
                .iter()
                .map(|text| LogLine::output(None, Text::default(), text));
            let older: Vec<_> = older.collect();
            desk.state.logs.channel_mut(&env).ring.prepend(&older);
            desk.pass(0);
        }
        Step::Elsewhere => {
            for key in ["1", "shift-tab", "j", "k", "l"] {
                desk.press(key);
                desk.rest();
            }
            while desk.state.screen.focus != crate::app::screen::Pane::Logs {
                desk.press("tab");
            }
        }
        Step::Pause => {
            desk.press("p");
            desk.press("p");
        }
        Step::Size(height) => {
            desk.resize(100 + height, height);
        }
    }
}

type Told = (Vec<(LineNo, bool)>, usize);

fn told(ring: &Ring, sieve: &Sieve, finder: &Finder) -> Told {
    let lines = (0..sieve.len(ring)).filter_map(|rank| sieve.nth(ring, rank));
    let lines = lines.map(|no| (no, sieve.is_context(no))).collect();
    (lines, finder.count())
}

/// The same settings, applied to what is there now.
fn afresh(desk: &Desk) -> Told {
    let (ring, pane) = (shown(&desk.state).unwrap(), &desk.state.panes.logs);
    let (mut sieve, mut finder) = (Sieve::default(), Finder::default());
    sieve.set(pane.sieve.filter().cloned(), pane.lens.context);
    finder.set(pane.finder.pattern().cloned());
    sieve.advance(ring, &mut Budget::of(usize::MAX));
    finder.advance(ring, &sieve, &mut Budget::of(usize::MAX));
    told(ring, &sieve, &finder)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_order_of_toggles_leaves_a_trace(
        steps in proptest::collection::vec(step(), 0..30),
        limit in 5usize..120,
    ) {
        let mut desk = small(limit);
        output(&mut desk, &lines(&[0, 1, 2, 3, 4, 5]));
        for step in steps {
            go(&mut desk, step);
        }
        settle(&mut desk);
        let pane = &desk.state.panes.logs;
        let ring = shown(&desk.state).unwrap();
        prop_assert_eq!(told(ring, &pane.sieve, &pane.finder), afresh(&desk));
    }

    #[test]
    fn a_view_that_is_scrolled_back_stays_on_its_line(
        before in 60usize..200,
        up in 1usize..60,
        batches in proptest::collection::vec(0usize..60, 0..12),
        filter in prop::sample::select(vec!["a", "level:error", "nowhere"]),
    ) {
        let mut desk = small(200);
        let many = |n: usize| (0..n).map(|n| lines(&[u8::try_from(n % 200).unwrap()]).concat());
        output(&mut desk, &many(before).collect::<Vec<_>>());
        (0..up).for_each(|_| { desk.press("k"); });
        let first = |desk: &Desk| {
            let ring = shown(&desk.state).unwrap();
            top(&desk.state, ring, rows(&desk.state)).line
        };
        let was = first(&desk);
        for batch in batches {
            output(&mut desk, &many(batch).collect::<Vec<_>>());
            let start = shown(&desk.state).unwrap().start();
            prop_assert_eq!(first(&desk), was.max(start));
        }
        let was = first(&desk);
        type_and(&mut desk, "&", filter);
        settle(&mut desk);
        desk.press("&");
        desk.press("ctrl-u");
        desk.press("enter");
        settle(&mut desk);
        prop_assert_eq!(first(&desk), was);
    }
}
