//! When things are read, and when the program wakes.

use std::time::Duration;

use jiff::Timestamp;

use super::kit::*;
use crate::app::next_wakeup;
use crate::model::{
    BackupState, Environment, OperationTicket, Phase, Progress, Query, Stage, Status,
};

fn quiet() -> Desk {
    let mut desk = Desk::showing(vec![env("shop", "live", Status::Live)]);
    answer_all(&mut desk);
    desk
}

/// Whatever is asked for is answered with what is known already.
fn answer_all(desk: &mut Desk) {
    for fetch in std::mem::take(&mut desk.asked) {
        let payload = match &fetch.key.query {
            Query::Apps => apps(vec![app("shop")]),
            Query::AllEnvironments => environments(vec![env("shop", "live", Status::Live)]),
            Query::Deployments(_) => deployments(Vec::new()),
            Query::Backups(_) => backups(Vec::new()),
            other => panic!("{other:?} is not expected"),
        };
        let answer = report(&fetch, desk.state.now, Ok(payload));
        desk.send(crate::app::Message::Report(answer));
    }
}

fn wait_until_wakeup(desk: &Desk) -> i128 {
    next_wakeup(&desk.state).map_or(i128::MAX, |at| {
        at.duration_since(desk.state.now).as_millis()
    })
}

/// Milliseconds until a query is asked for, by striking the clock at every wake-up.
fn until_asked(desk: &mut Desk, query: &Query) -> i128 {
    let start = desk.state.now;
    for _ in 0..10_000 {
        if desk.waits_for(0, query) {
            return desk.state.now.duration_since(start).as_millis();
        }
        desk.state.now = next_wakeup(&desk.state).expect("something is due");
        desk.send(crate::app::Message::Clock);
    }
    panic!("{query:?} is never asked for");
}

#[test]
fn lists_are_read_slowly_when_idle_and_quickly_while_something_changes() {
    let mut desk = quiet();
    let own = until_asked(&mut desk, &Query::AllEnvironments);
    assert_eq!(
        own + 200,
        IDLE.as_millis().cast_signed(),
        "counted from when it was asked"
    );
    desk.lists(0, vec![env("shop", "live", Status::Building)]);
    assert_eq!(
        until_asked(&mut desk, &Query::AllEnvironments),
        CHANGING.as_millis().cast_signed()
    );
}

#[test]
fn a_running_operation_quickens_its_context() {
    let mut desk = quiet();
    desk.press("D");
    desk.pass(500);
    desk.press("y");
    desk.event(OperationTicket(1), Stage::Running(Progress::default()));
    answer_all(&mut desk);
    assert_eq!(
        until_asked(&mut desk, &Query::AllEnvironments),
        CHANGING.as_millis().cast_signed()
    );
}

#[test]
fn a_running_deployment_and_backup_are_followed_closely() {
    let mut busy = env("shop", "live", Status::Building);
    busy.running = Some(deployment("d1", Phase::Building).id);
    let mut desk = Desk::showing(vec![busy]);
    let (history, copies) = (deployments_of("shop/live"), backups_of("shop/live"));
    desk.report(
        &history,
        deployments(vec![deployment("d1", Phase::Building)]),
    );
    desk.report(
        &copies,
        backups(vec![backup("b1", START, BackupState::Working)]),
    );
    assert_eq!(until_asked(&mut desk, &copies), 2_000);
    desk.report(
        &copies,
        backups(vec![backup("b1", START, BackupState::Done)]),
    );
    assert_eq!(until_asked(&mut desk, &history), 1_000);
    assert_eq!(until_asked(&mut desk, &copies), 59_000);
}

#[test]
fn a_list_of_many_pages_leaves_room_for_what_is_looked_at() {
    let mut desk = quiet();
    until_asked(&mut desk, &Query::AllEnvironments);
    let interval = |desk: &Desk| {
        let context = desk.first_context();
        assert!(!desk.state.age_of(context).is_stale());
        desk.state.interval_of(context)
    };
    assert_eq!(interval(&desk), IDLE);
    // A hundred a minute is what the lists may take: sixty more pages take 36 s.
    for _ in 0..60 {
        let page = environments(vec![env("shop", "live", Status::Live)]);
        desk.page(0, &Query::AllEnvironments, page);
    }
    desk.poll(vec![env("shop", "live", Status::Live)]);
    assert_eq!(interval(&desk), Duration::from_secs(36));
    until_asked(&mut desk, &Query::AllEnvironments);
    desk.poll(vec![env("shop", "live", Status::Live)]);
    assert_eq!(interval(&desk), IDLE, "it is short again");
}

#[test]
fn what_is_not_shown_is_not_read() {
    let mut desk = quiet();
    desk.press("+");
    desk.press("+");
    for _ in 0..20 {
        for key in fetched(&desk.pass(15_000)) {
            assert!(
                matches!(key.query, Query::Apps | Query::AllEnvironments),
                "{key:?}"
            );
        }
        answer_all(&mut desk);
    }
}

#[test]
fn many_contexts_do_not_fire_together_and_none_is_late_by_that() {
    let mut desk = Desk::new(100);
    let list = || vec![env("shop", "live", Status::Live)];
    (0..100).for_each(|n| {
        desk.lists(n, list());
    });
    let start = desk.state.now;
    let mut at_once = Vec::new();
    while desk.state.now.duration_since(start).as_secs() < 60 {
        desk.state.now = next_wakeup(&desk.state).unwrap();
        let outcome = desk.send(crate::app::Message::Clock);
        let lists: Vec<_> = fetched(&outcome)
            .into_iter()
            .filter(|key| key.query == Query::AllEnvironments)
            .collect();
        at_once.push(lists.len());
        for key in lists {
            desk.lists(key.context.0, list());
        }
        for context in desk.state.contexts.iter() {
            let age = desk.state.age_of(context);
            assert!(
                matches!(age, crate::app::age::Age::Within(_)),
                "{:?}",
                context.id
            );
        }
    }
    assert!(at_once.iter().all(|n| *n <= 20), "{at_once:?}");
}

#[test]
fn a_quiet_dashboard_sleeps_until_the_next_poll_or_minute() {
    let mut desk = quiet();
    let mut wakeups = 0;
    let end = desk.now() + 600;
    while desk.now() < end {
        let wait = wait_until_wakeup(&desk);
        assert!(wait > 0);
        desk.state.now = next_wakeup(&desk.state).unwrap();
        let keys = fetched(&desk.send(crate::app::Message::Clock));
        let is_minute = desk.state.now.as_millisecond() % 60_000 == 0;
        assert!(
            is_minute || !keys.is_empty(),
            "woke for nothing at {}",
            desk.state.now
        );
        answer_all(&mut desk);
        wakeups += 1;
    }
    assert!(wakeups < 90, "{wakeups} in ten minutes");
}

#[test]
fn a_paused_dashboard_wakes_for_minutes_only_once_everything_is_old() {
    let mut desk = quiet();
    desk.press("p");
    desk.pass(3_600_000 + 1_000);
    for _ in 0..10 {
        let wait = wait_until_wakeup(&desk);
        assert!(wait >= 1_000, "{wait}");
        desk.state.now = next_wakeup(&desk.state).unwrap();
        desk.send(crate::app::Message::Clock);
    }
    assert_eq!(wait_until_wakeup(&desk), 60_000);
}

#[test]
fn a_context_that_failed_long_ago_does_not_wake_every_second() {
    let mut desk = quiet();
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, rejected());
    desk.pass(120_000);
    let mut wakeups = 0;
    let end = desk.now() + 600;
    while desk.now() < end {
        desk.state.now = next_wakeup(&desk.state).unwrap();
        desk.send(crate::app::Message::Clock);
        wakeups += 1;
    }
    assert!(wakeups <= 22, "{wakeups} in ten minutes");
}

#[test]
fn what_counts_seconds_wakes_every_full_second_whatever_else_happens() {
    let mut desk = quiet();
    desk.press("D");
    desk.pass(500);
    desk.press("y");
    answer_all(&mut desk);
    desk.move_clock(130);
    let first = next_wakeup(&desk.state).unwrap();
    desk.move_clock(100);
    desk.event(OperationTicket(99), Stage::Sending);
    assert_eq!(next_wakeup(&desk.state), Some(first), "not put off");
    assert_eq!(first.subsec_nanosecond(), 0);
}

#[test]
fn a_countdown_ends() {
    let mut desk = quiet();
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, unreachable());
    let retry_at = |desk: &Desk| desk.first_context().retry_at;
    assert_eq!(retry_at(&desk).unwrap().as_second(), desk.now() + 5);
    assert!(wait_until_wakeup(&desk) <= 1_000);
    desk.pass(5_000);
    assert_eq!(retry_at(&desk), None);
    assert!(desk.waits_for(0, &Query::AllEnvironments));
}

#[test]
fn a_clock_set_back_by_hours_stops_nothing_and_starts_no_burst() {
    let mut desk = quiet();
    desk.press("p");
    desk.press("p");
    answer_all(&mut desk);
    let before = desk.asked.len();
    desk.pass(-5 * 3_600_000);
    assert_eq!(desk.asked.len(), before, "nothing is due by that");
    let context = desk.first_context();
    assert!(matches!(
        desk.state.age_of(context),
        crate::app::age::Age::Within(_)
    ));
    assert!(until_asked(&mut desk, &Query::AllEnvironments) <= 15_000);
    desk.fail(0, &Query::AllEnvironments, unreachable());
    desk.pass(40_000);
    let context = desk.first_context();
    assert!(desk.state.age_of(context).is_stale(), "ages go on");
    assert_eq!(desk.notice(), "");
}

#[test]
fn a_clock_set_back_does_not_lengthen_an_unlock_or_bar_a_dialog() {
    let mut own = context(0);
    own.is_protected = true;
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, vec![env("shop", "test", Status::Live)]);
    desk.rest();
    desk.press("!");
    desk.press("D");
    desk.pass(-3_600_000);
    desk.pass(500);
    desk.press("n");
    assert!(!desk.is_asking());
    desk.pass(10 * 60_000);
    desk.press("D");
    assert!(!desk.is_asking(), "locked again");
}

#[test]
fn a_clock_that_jumps_ahead_asks_for_everything_once() {
    let mut desk = quiet();
    let outcome = desk.pass(86_400_000);
    let mut keys = fetched(&outcome);
    let all = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!((keys.len(), all), (4, 4));
    assert!(fetched(&desk.pass(1_000)).is_empty());
}

#[test]
fn far_away_times_do_no_harm() {
    for now in [Timestamp::MIN, Timestamp::MAX] {
        let mut desk = quiet();
        desk.state.now = now;
        for name in ["j", "r", "D", "!", "p", "p"] {
            desk.press(name);
        }
        desk.send(crate::app::Message::Clock);
        let _ = next_wakeup(&desk.state);
    }
}

#[test]
fn a_changed_environment_is_news() {
    let mut desk = quiet();
    let failed = |reason: &str| -> Vec<Environment> {
        let mut env = env("shop", "live", Status::Failed);
        env.reason = crate::model::Text::non_empty(reason);
        vec![env]
    };
    desk.poll(failed("out of memory"));
    let event = desk.state.journal.iter().next().unwrap();
    assert_eq!(event.text.as_str(), "c0 shop failed: out of memory");
}
