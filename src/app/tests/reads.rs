//! Who may report, and what failures do to what is known.

use super::kit::*;
use crate::app::message::{Effect, Message};
use crate::app::rows::Overlay;
use crate::model::{BackupState, Budget, Capability, ContextId, Page, Payload, Query, Status};

fn one_app() -> Desk {
    Desk::showing(vec![env("shop", "live", Status::Live)])
}

#[test]
fn late_backup_list_is_ignored() {
    let mut desk = one_app();
    let query = backups_of("shop/live");
    let late = desk.ticket(0, &query);
    desk.report(
        &query,
        backups(vec![backup("new", START, BackupState::Done)]),
    );
    let before = desk.state.panes.backups.rows.clone();
    let outcome = desk.send(Message::Report(report(
        &late,
        desk.state.now,
        Ok(backups(Vec::new())),
    )));
    assert_eq!(desk.state.panes.backups.rows, before);
    assert!(!outcome.redraw);
}

#[test]
fn an_answer_counts_once_and_only_under_the_newest_ticket() {
    let mut desk = one_app();
    desk.pass(15_000);
    let old = desk.ticket(0, &Query::AllEnvironments);
    desk.fail(0, &Query::AllEnvironments, unreachable());
    desk.press("r");
    let new = desk.ticket(0, &Query::AllEnvironments);
    assert_ne!(old.ticket, new.ticket);
    let failed = environments(vec![env("shop", "live", Status::Failed)]);
    let now = desk.state.now;
    desk.send(Message::Report(report(&old, now, Ok(failed.clone()))));
    assert_eq!(
        desk.state.panes.apps.rows[0].status,
        Status::Live,
        "overtaken"
    );
    desk.send(Message::Report(report(&new, now, Ok(failed))));
    assert_eq!(desk.state.panes.apps.rows[0].status, Status::Failed);
    let live = environments(vec![env("shop", "live", Status::Live)]);
    desk.send(Message::Report(report(&new, now, Ok(live))));
    assert_eq!(
        desk.state.panes.apps.rows[0].status,
        Status::Failed,
        "doubled"
    );
}

#[test]
fn an_answer_for_one_context_never_appears_under_another() {
    let mut desk = Desk::new(2);
    let mut wrong = desk.ticket(0, &Query::Apps);
    wrong.key = key(1, Query::Apps);
    desk.send(Message::Report(report(
        &wrong,
        desk.state.now,
        Ok(apps(vec![app("x")])),
    )));
    assert!(desk.listed().is_empty());
}

#[test]
fn an_answer_of_another_kind_changes_nothing_and_the_question_is_asked_again() {
    let mut desk = Desk::new(1);
    desk.report(&Query::Apps, backups(Vec::new()));
    assert!(desk.listed().is_empty());
    desk.pass(5 * 60_000);
    assert!(desk.waits_for(0, &Query::Apps));
}

#[test]
fn a_failed_refresh_keeps_the_value_and_shows_the_failure() {
    let mut desk = one_app();
    desk.pass(15_000);
    assert!(desk.fail(0, &Query::AllEnvironments, unreachable()).redraw);
    assert_eq!(desk.listed(), ["shop"]);
    assert_eq!(desk.state.panes.apps.rows[0].status, Status::Live);
    let load = &desk
        .state
        .inventory
        .fleet(ContextId(0))
        .unwrap()
        .all_environments;
    assert_eq!(load.failure(), Some(&unreachable()));
    desk.pass(5_000);
    let load = &desk
        .state
        .inventory
        .fleet(ContextId(0))
        .unwrap()
        .all_environments;
    assert!(
        load.is_loading() && load.failure().is_some(),
        "shown while it is tried again"
    );
}

#[test]
fn a_rejected_token_stops_one_context_and_leaves_the_others() {
    let mut desk = Desk::new(2);
    let list = vec![env("shop", "live", Status::Live)];
    desk.lists(0, list.clone());
    desk.lists(1, list);
    desk.pass(15_300);
    let outcome = desk.fail(0, &Query::AllEnvironments, rejected());
    assert!(outcome.effects.contains(&Effect::Leave(ContextId(0))));
    assert!(desk.notice().starts_with("c0: token rejected"));
    desk.lists(1, vec![env("shop", "live", Status::Live)]);
    for _ in 0..60 {
        for key in fetched(&desk.pass(10_000)) {
            assert_eq!(key.context, ContextId(1));
            if key.query == Query::AllEnvironments {
                desk.lists(1, vec![env("shop", "live", Status::Live)]);
            }
        }
    }
    let overlays: Vec<_> = desk
        .state
        .panes
        .apps
        .rows
        .iter()
        .map(|row| row.overlay)
        .collect();
    assert_eq!(overlays, [Overlay::Auth, Overlay::None]);
}

#[test]
fn refresh_tries_a_rejected_token_again() {
    let mut desk = one_app();
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, rejected());
    assert!(fetched(&desk.pass(60_000)).is_empty());
    let keys = fetched(&desk.press("r"));
    assert!(keys.contains(&key(0, Query::Apps)) && keys.contains(&key(0, Query::AllEnvironments)));
    desk.lists(0, vec![env("shop", "live", Status::Live)]);
    assert_eq!(desk.state.panes.apps.rows[0].overlay, Overlay::None);
}

#[test]
fn pages_of_a_reading_that_a_rejected_token_ended_are_forgotten() {
    let mut desk = Desk::showing(vec![env("a", "live", Status::Live)]);
    desk.pass(5 * 60_000);
    desk.page(0, &Query::Apps, apps(vec![app("ghost")]));
    desk.fail(0, &Query::AllEnvironments, rejected());
    desk.press("r");
    desk.report(&Query::Apps, apps(vec![app("a")]));
    assert_eq!(desk.listed(), ["a"]);
}

#[test]
fn one_success_makes_what_failed_due_at_once() {
    let mut desk = one_app();
    let history = deployments_of("shop/live");
    for _ in 0..4 {
        desk.pass(60_000);
        for query in [Query::AllEnvironments, history.clone()] {
            if desk.waits_for(0, &query) {
                desk.fail(0, &query, unreachable());
            }
        }
    }
    assert!(desk.first_context().failing.is_some());
    desk.pass(60_000);
    desk.fail(0, &history, unreachable());
    let list = environments(vec![env("shop", "live", Status::Live)]);
    let outcome = desk.report(&Query::AllEnvironments, list);
    assert!(outcome.redraw);
    assert_eq!(fetched(&outcome), [key(0, history)]);
    assert!(desk.first_context().failing.is_none());
}

#[test]
fn what_fails_by_itself_is_not_asked_for_as_often_as_its_neighbours_succeed() {
    let mut desk = one_app();
    let broken = backups_of("shop/live");
    let mut tries = 0;
    for _ in 0..20 {
        if desk.waits_for(0, &broken) {
            tries += 1;
            desk.fail(0, &broken, unreachable());
        }
        desk.poll(vec![env("shop", "live", Status::Live)]);
    }
    assert!(tries <= 8, "{tries} in five minutes");
}

#[test]
fn a_limit_is_waited_for_although_others_succeed() {
    let mut desk = one_app();
    let limited = crate::model::Failure::RateLimited {
        retry_after: Some(std::time::Duration::from_mins(4)),
        limit: None,
    };
    desk.fail(0, &backups_of("shop/live"), limited);
    desk.poll(vec![env("shop", "live", Status::Live)]);
    assert!(!desk.waits_for(0, &backups_of("shop/live")));
    desk.pass(4 * 60_000);
    assert!(desk.waits_for(0, &backups_of("shop/live")));
}

#[test]
fn what_was_not_read_for_three_intervals_is_stale_until_it_is_read() {
    let mut desk = one_app();
    let status = |desk: &Desk| desk.state.panes.apps.rows[0].overlay;
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, unreachable());
    desk.pass(29_000);
    assert_eq!(status(&desk), Overlay::None);
    assert!(desk.pass(1_000).redraw);
    assert_eq!(status(&desk), Overlay::Stale);
    assert_eq!(desk.state.panes.apps.totals.unknown, 1);
    desk.report(
        &Query::AllEnvironments,
        environments(vec![env("shop", "live", Status::Live)]),
    );
    assert_eq!(status(&desk), Overlay::None);
}

#[test]
fn an_equal_answer_in_time_changes_nothing_on_screen() {
    let mut desk = one_app();
    desk.press("?");
    desk.press("esc");
    assert!(!desk.poll(vec![env("shop", "live", Status::Live)]).redraw);
    assert!(desk.poll(vec![env("shop", "live", Status::Failed)]).redraw);
}

#[test]
fn an_equal_answer_that_came_late_is_drawn_because_the_age_changes() {
    let mut desk = one_app();
    desk.pass(15_000);
    desk.move_clock(12_000);
    let list = environments(vec![env("shop", "live", Status::Live)]);
    assert!(desk.report(&Query::AllEnvironments, list).redraw);
}

#[test]
fn an_equal_answer_after_a_failure_is_drawn() {
    let mut desk = one_app();
    let query = backups_of("shop/live");
    desk.report(&query, backups(Vec::new()));
    desk.pass(60_000);
    let gone = crate::model::Failure::Conflict(crate::model::Text::clean("not now"));
    desk.fail(0, &query, gone);
    desk.pass(5_000);
    assert!(desk.report(&query, backups(Vec::new())).redraw);
}

#[test]
fn a_first_list_is_shown_as_it_arrives_and_a_later_one_when_it_is_whole() {
    let mut desk = Desk::new(1);
    desk.pass(1_000);
    desk.page(0, &Query::Apps, apps(vec![app("a")]));
    desk.pass(40);
    assert_eq!(desk.listed(), ["a"]);
    desk.report(&Query::Apps, apps(vec![app("b")]));
    assert_eq!(desk.listed(), ["a", "b"]);
    desk.pass(5 * 60_000);
    desk.page(0, &Query::Apps, apps(vec![app("c")]));
    desk.pass(40);
    assert_eq!(desk.listed(), ["a", "b"]);
    desk.report(&Query::Apps, apps(vec![app("d")]));
    assert_eq!(desk.listed(), ["c", "d"]);
}

#[test]
fn what_a_platform_counts_and_does_not_list_is_told() {
    let mut desk = Desk::new(1);
    let page = |total| {
        Payload::Apps(Page {
            total: Some(total),
            ..Page::whole(vec![app("a")])
        })
    };
    desk.report(&Query::Apps, page(3));
    assert_eq!(desk.state.panes.apps.unlisted, 2);
    desk.pass(5 * 60_000);
    assert!(desk.report(&Query::Apps, page(1)).redraw);
    assert_eq!(desk.state.panes.apps.unlisted, 0);
}

#[test]
fn many_pages_at_once_are_derived_once() {
    let mut desk = Desk::new(1);
    desk.pass(1_000);
    let mut drawn = 0;
    for n in 0..50 {
        let page = apps(vec![app(&format!("a{n}"))]);
        drawn += u32::from(desk.page(0, &Query::Apps, page).redraw);
    }
    assert!(drawn <= 1);
    let wakeup = crate::app::next_wakeup(&desk.state).unwrap();
    assert!(wakeup.duration_since(desk.state.now).as_millis() <= 33);
    desk.pass(33);
    assert_eq!(desk.listed().len(), 50);
}

#[test]
fn a_first_list_that_broke_off_keeps_nothing_that_vanished() {
    let mut desk = Desk::new(1);
    desk.page(0, &Query::Apps, apps(vec![app("gone"), app("kept")]));
    desk.page(
        0,
        &Query::AllEnvironments,
        environments(vec![env("gone", "live", Status::Live)]),
    );
    desk.fail(0, &Query::Apps, unreachable());
    desk.fail(0, &Query::AllEnvironments, unreachable());
    desk.pass(5_000);
    desk.page(0, &Query::Apps, apps(vec![app("kept")]));
    assert_eq!(
        desk.listed(),
        ["kept", "gone"],
        "until it is known to be gone"
    );
    desk.report(&Query::Apps, apps(vec![app("new")]));
    desk.report(&Query::AllEnvironments, environments(Vec::new()));
    assert_eq!(desk.listed(), ["kept", "new"]);
    assert!(
        desk.state
            .inventory
            .fleet(ContextId(0))
            .unwrap()
            .environments
            .is_empty()
    );
}

#[test]
fn a_refresh_that_broke_off_leaves_nothing_behind() {
    let mut desk = Desk::new(1);
    desk.report(&Query::Apps, apps(vec![app("a"), app("b"), app("c")]));
    desk.pass(5 * 60_000);
    desk.page(0, &Query::Apps, apps(vec![app("b")]));
    desk.fail(0, &Query::Apps, unreachable());
    desk.pass(5_000);
    desk.report(&Query::Apps, apps(vec![app("a")]));
    assert_eq!(desk.listed(), ["a"]);
}

#[test]
fn pages_of_a_short_list_are_joined() {
    let mut desk = one_app();
    let query = backups_of("shop/live");
    let page = |id| backups(vec![backup(id, START, BackupState::Done)]);
    desk.page(0, &query, page("b1"));
    desk.page(0, &query, page("b2"));
    desk.report(&query, page("b3"));
    assert_eq!(desk.state.panes.backups.rows.len(), 3);
}

#[test]
fn an_environment_that_was_read_with_one_app_goes_with_the_app() {
    let mut lists_by_app = context(0);
    lists_by_app.support = without(&[Capability::ListAllEnvironments]);
    let mut desk = Desk::with(vec![lists_by_app]);
    desk.report(&Query::Apps, apps(vec![app("shop")]));
    desk.rest();
    let query = Query::Environments(app("shop").id);
    assert!(
        desk.report(&query, environments(Vec::new())).redraw,
        "no longer loading"
    );
    desk.pass(15_000);
    desk.report(&query, environments(vec![env("shop", "web", Status::Live)]));
    desk.pass(5 * 60_000);
    desk.report(&query, environments(vec![env("shop", "web", Status::Live)]));
    desk.report(&Query::Apps, apps(Vec::new()));
    let fleet = desk.state.inventory.fleet(ContextId(0)).unwrap();
    assert!(fleet.environments.is_empty() && fleet.environments_of.is_empty());
}

#[test]
fn an_app_that_vanishes_while_it_is_read_leaves_nothing_and_is_not_asked_for_twice() {
    let mut lists_by_app = context(0);
    lists_by_app.support = without(&[Capability::ListAllEnvironments]);
    let mut desk = Desk::with(vec![lists_by_app]);
    desk.report(&Query::Apps, apps(vec![app("shop")]));
    desk.rest();
    let query = Query::Environments(app("shop").id);
    let asked = desk.ticket(0, &query);
    for list in [Vec::new(), vec![app("shop")], Vec::new()] {
        desk.pass(5 * 60_000);
        desk.report(&Query::Apps, apps(list));
        desk.rest();
        assert_eq!(desk.ticket(0, &query), asked);
    }
    desk.report(
        &query,
        environments(vec![env("shop", "web", Status::Building)]),
    );
    let fleet = desk.state.inventory.fleet(ContextId(0)).unwrap();
    assert!(fleet.environments.is_empty() && fleet.environments_of.is_empty());
    assert!(!fleet.is_changing());
}

#[test]
fn a_wish_during_a_reading_is_kept_until_it_is_answered() {
    let mut desk = one_app();
    desk.pass(15_000);
    let list = || environments(vec![env("shop", "live", Status::Live)]);
    desk.press("r");
    assert!(
        fetched(&desk.report(&Query::AllEnvironments, list()))
            .contains(&key(0, Query::AllEnvironments))
    );
    assert!(fetched(&desk.report(&Query::AllEnvironments, list())).is_empty());
}

#[test]
fn the_budget_is_shown_when_it_changes() {
    let mut desk = one_app();
    desk.pass(15_000);
    let fetch = desk.ticket(0, &Query::AllEnvironments);
    let list: Payload = environments(vec![env("shop", "live", Status::Live)]);
    let mut answer = report(&fetch, desk.state.now, Ok(list));
    answer.budget = Some(Budget {
        remaining: 9,
        limit: 10,
        resets_at: None,
    });
    assert!(desk.send(Message::Report(answer.clone())).redraw);
    assert_eq!(desk.first_context().budget, answer.budget);
}

#[test]
fn a_first_load_is_no_news() {
    let mut desk = Desk::new(1);
    desk.report(&Query::Apps, apps(vec![app("shop")]));
    let page = |name, status| Payload::Environments(Page::whole(vec![env("shop", name, status)]));
    desk.page(0, &Query::AllEnvironments, page("live", Status::Live));
    desk.pass(40);
    desk.page(0, &Query::AllEnvironments, page("test", Status::Failed));
    desk.pass(40);
    desk.report(&Query::AllEnvironments, page("next", Status::Degraded));
    assert!(desk.state.journal.is_empty());
    desk.poll(vec![env("shop", "live", Status::Live)]);
    assert_eq!(desk.state.journal.iter().count(), 1);
}
