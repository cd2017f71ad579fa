//! Several targets at once, undoing, and reading again before something is sent.

use super::kit::*;
use crate::app::batch::StepState;
use crate::app::confirm::{Check, Confirm, Tier};
use crate::app::message::{Effect, Outcome};
use crate::app::screen::Overlay;
use crate::model::{
    BackupState, Capability, EnvId, Environment, OperationKind, Payload, Phase, Progress, Query,
    QueryKey, Release, Stage, Status, Text, Verdict,
};

const APPS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

fn fleet(apps: usize) -> Desk {
    let list = APPS[..apps].iter();
    Desk::showing(list.map(|app| env(app, "test", Status::Live)).collect())
}

fn done() -> Stage {
    Stage::Ended(Verdict::Done(None))
}

fn failed() -> Stage {
    Stage::Ended(Verdict::Failed(Text::clean("no room")))
}

fn asked(desk: &Desk) -> &Confirm {
    match &desk.state.screen.overlay {
        Some(Overlay::Confirm(confirm)) => confirm,
        other => panic!("it does not ask: {other:?}; {}", desk.notice()),
    }
}

/// Answers the question that is open as it wants to be answered.
fn confirm(desk: &mut Desk) -> Outcome {
    desk.pass(500);
    match asked(desk).must_type.clone() {
        Some(text) => {
            desk.type_text_with_spaces(text.as_str());
            desk.press("enter")
        }
        None => desk.press("y"),
    }
}

fn end(desk: &mut Desk, at: usize, stage: Stage) -> Outcome {
    let ticket = desk.operated[at].0;
    desk.event(ticket, stage)
}

fn titles(desk: &Desk) -> Vec<&str> {
    let sent = desk.operated.iter();
    sent.map(|(_, it)| it.target.title.as_str()).collect()
}

#[test]
fn marks_stand_for_their_apps_until_esc() {
    let mut desk = fleet(3);
    desk.press("space");
    desk.press("space");
    desk.press("D");
    assert_eq!(asked(&desk).request.title(), "deploy 2 targets");
    assert_eq!(asked(&desk).tier, Tier::Two, "not one key in the line");
    desk.pass(500);
    desk.press("n");
    desk.press("esc");
    assert!(desk.state.marks.is_empty(), "Esc takes the marks");
    desk.press("D");
    assert_eq!(asked(&desk).request.title(), "deploy c/test");
}

#[test]
fn a_range_and_all_are_marked_and_survive_refresh_and_filter() {
    let mut desk = fleet(5);
    desk.press("j");
    desk.press("space");
    desk.press("j");
    desk.press("v");
    let marked = |desk: &Desk| -> Vec<String> {
        let apps = desk.state.marks.apps();
        apps.map(|app| app.id.as_str().to_owned()).collect()
    };
    assert_eq!(marked(&desk), ["b", "c", "d"]);
    desk.poll(vec![
        env("e", "test", Status::Live),
        env("d", "test", Status::Failed),
        env("b", "test", Status::Live),
    ]);
    assert_eq!(marked(&desk), ["b", "c", "d"], "the apps are still listed");
    desk.press("*");
    assert_eq!(marked(&desk).len(), 5);
    desk.press("*");
    assert!(desk.state.marks.is_empty());
}

#[test]
fn one_goes_first_and_the_others_when_it_has_ended_well() {
    let mut desk = fleet(7);
    desk.press("*");
    desk.press("D");
    assert_eq!(asked(&desk).tier, Tier::Four);
    assert_eq!(
        asked(&desk).must_type.as_ref().unwrap().as_str(),
        "deploy 7"
    );
    confirm(&mut desk);
    assert_eq!(titles(&desk), ["a/test"], "the canary");
    desk.event(desk.operated[0].0, Stage::Running(Progress::default()));
    assert_eq!(desk.operated.len(), 1);
    end(&mut desk, 0, done());
    assert_eq!(desk.operated.len(), 5, "four at once");
    end(&mut desk, 2, done());
    assert_eq!(desk.operated.len(), 6);
    for at in [1, 3, 4, 5] {
        end(&mut desk, at, done());
    }
    end(&mut desk, 6, done());
    assert!(desk.notice().contains("all 7 done"), "{}", desk.notice());
    assert_eq!(desk.operated.len(), 7, "each exactly once");
}

#[test]
fn what_matters_least_is_the_canary() {
    let mut desk = Desk::showing(vec![
        env("a", "live", Status::Failed),
        env("b", "test", Status::Live),
    ]);
    desk.press("*");
    desk.press("D");
    confirm(&mut desk);
    assert_eq!(titles(&desk), ["b/test"]);
}

#[test]
fn a_failure_stops_the_rest_and_only_what_failed_is_tried_again() {
    let mut desk = fleet(7);
    desk.press("*");
    desk.press("D");
    confirm(&mut desk);
    end(&mut desk, 0, done());
    end(&mut desk, 1, failed());
    for at in 2..5 {
        end(&mut desk, at, done());
    }
    assert_eq!(desk.operated.len(), 5, "two never began");
    assert!(desk.notice().contains("2 not begun"), "{}", desk.notice());
    desk.press("T");
    desk.press("F");
    assert_eq!(asked(&desk).request.title(), "deploy b/test");
    desk.press("y");
    assert_eq!(titles(&desk)[5..], ["b/test"]);
    end(&mut desk, 5, done());
    desk.press("C");
    assert_eq!(asked(&desk).request.targets(), 2);
    confirm(&mut desk);
    end(&mut desk, 6, done());
    end(&mut desk, 7, done());
    assert_eq!(desk.operated.len(), 8);
}

#[test]
fn a_canary_that_fails_stops_everything() {
    let mut desk = fleet(3);
    desk.press("*");
    desk.press("D");
    confirm(&mut desk);
    end(&mut desk, 0, failed());
    assert_eq!(desk.operated.len(), 1);
    let batch = desk.state.batches.iter().next().unwrap();
    assert!(batch.is_over());
    assert_eq!(batch.not_begun().count(), 2);
}

#[test]
fn an_unknown_outcome_stops_and_is_never_tried_again_with_the_failed() {
    let mut desk = fleet(2);
    desk.press("*");
    desk.press("D");
    confirm(&mut desk);
    end(&mut desk, 0, Stage::Unresolved(Text::clean("look")));
    let batch = desk.state.batches.iter().next().unwrap();
    assert!(matches!(batch.steps[0].state, StepState::Unknown(_)));
    desk.press("T");
    desk.press("F");
    assert!(!desk.is_asking() && desk.notice().contains("nothing failed"));
}

#[test]
fn a_lock_that_falls_stops_a_batch() {
    let mut own = context(0);
    own.is_protected = true;
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, APPS.map(|app| env(app, "test", Status::Live)).to_vec());
    desk.rest();
    desk.press("!");
    desk.type_text("c0");
    desk.press("enter");
    desk.press("*");
    desk.press("D");
    confirm(&mut desk);
    desk.pass(11 * 60_000);
    end(&mut desk, 0, done());
    assert_eq!(desk.operated.len(), 1);
    assert!(desk.state.batches.iter().next().unwrap().is_over());
}

#[test]
fn leaving_asks_while_a_batch_has_more_to_do() {
    let mut desk = fleet(2);
    desk.press("*");
    desk.press("D");
    confirm(&mut desk);
    desk.press("q");
    assert!(matches!(desk.state.screen.overlay, Some(Overlay::Quit)));
}

fn released(name: &str, label: &str) -> Environment {
    let mut env = env("shop", name, Status::Live);
    env.release = Some(Release {
        label: Text::clean(label),
        deployment: Some(deployment(label, Phase::Succeeded).id),
        at: None,
        by: None,
    });
    env
}

#[test]
fn a_deployment_is_undone_by_going_back_once_and_as_a_question() {
    let mut desk = Desk::showing(vec![released("test", "v1")]);
    desk.press("u");
    assert!(!desk.is_asking() && desk.notice().contains("nothing to undo"));
    desk.press("D");
    desk.press("y");
    desk.press("u");
    assert!(!desk.is_asking(), "it has not ended");
    end(&mut desk, 0, done());
    desk.poll(vec![released("test", "v2")]);
    desk.press("u");
    assert_eq!(asked(&desk).tier, Tier::Two);
    desk.pass(500);
    desk.press("enter");
    assert_eq!(desk.operated.len(), 1, "Enter never confirms");
    desk.press("u");
    confirm(&mut desk);
    let to = deployment("v1", Phase::Succeeded).id;
    let kind = OperationKind::RollBack { to, pin: false };
    assert_eq!(desk.operated[1].1.kind, kind);
    end(&mut desk, 1, done());
    desk.press("u");
    assert!(!desk.is_asking(), "not to and fro");
}

#[test]
fn what_the_platform_cannot_take_back_is_not_offered() {
    let mut own = context(0);
    own.support = without(&[Capability::RollBack]);
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, vec![released("test", "v1")]);
    desk.rest();
    desk.press("D");
    desk.press("y");
    end(&mut desk, 0, done());
    desk.press("u");
    assert!(!desk.is_asking());
}

/// A desk that is an hour late, because reading fails.
fn late(list: Vec<Environment>) -> Desk {
    let mut desk = Desk::showing(list);
    desk.pass(15_000);
    desk.fail(0, &Query::AllEnvironments, unreachable());
    desk.move_clock(3_600_000);
    desk
}

fn again() -> Query {
    Query::Environment(EnvId::new("shop/test"))
}

fn fresh(env: Environment) -> Payload {
    Payload::Environment(Box::new(env))
}

#[test]
fn what_is_old_is_read_again_before_anything_is_sent() {
    let mut desk = late(vec![released("test", "v1")]);
    let outcome = desk.press("D");
    assert!(fetched(&outcome).contains(&key(0, again())));
    desk.press("y");
    assert!(desk.operated.is_empty() && desk.is_asking(), "not yet");
    desk.report(&again(), fresh(released("test", "v1")));
    assert_eq!(asked(&desk).check, Check::Fresh);
    desk.press("y");
    assert_eq!(desk.operated.len(), 1);
}

#[test]
fn what_changed_is_told_instead_of_done() {
    let mut desk = late(vec![released("test", "v1")]);
    desk.press("D");
    desk.report(&again(), fresh(released("test", "v2")));
    assert!(!desk.is_asking());
    assert!(desk.notice().contains("v2 runs now"), "{}", desk.notice());
    desk.press("y");
    assert!(desk.operated.is_empty());
}

#[test]
fn what_cannot_be_read_again_is_not_done() {
    let mut desk = late(vec![released("test", "v1")]);
    desk.press("D");
    desk.fail(0, &again(), unreachable());
    desk.press("y");
    assert!(desk.operated.is_empty() && !desk.is_asking());
    assert!(desk.notice().contains("could not be read again"));
}

#[test]
fn many_are_read_again_by_their_list_and_while_polling_rests() {
    let list: Vec<_> = APPS
        .iter()
        .map(|app| env(app, "test", Status::Live))
        .collect();
    let mut desk = Desk::showing(list);
    desk.press("p");
    desk.move_clock(3_600_000);
    desk.press("*");
    let outcome = desk.press("D");
    let asked: Vec<QueryKey> = fetched(&outcome);
    assert_eq!(asked, [key(0, Query::AllEnvironments)]);
}

#[test]
fn a_restore_offers_a_backup_first_and_waits_for_it() {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    let taken = backup("b1", START - 60, BackupState::Done);
    desk.report(&deployments_of("shop/test"), deployments(Vec::new()));
    desk.report(&backups_of("shop/test"), backups(vec![taken]));
    desk.press("b");
    desk.press("Z");
    assert_eq!(asked(&desk).tier, Tier::Three);
    assert!(asked(&desk).offer.as_ref().unwrap().is_taken);
    confirm(&mut desk);
    let kinds = |desk: &Desk| -> Vec<&str> {
        let sent = desk.operated.iter();
        sent.map(|(_, it)| it.kind.verb()).collect()
    };
    assert_eq!(kinds(&desk), ["backup"]);
    end(&mut desk, 0, done());
    assert_eq!(kinds(&desk), ["backup", "restore"]);
    end(&mut desk, 1, done());
    desk.press("Z");
    desk.pass(500);
    desk.press("tab");
    desk.type_text("shop");
    desk.press("enter");
    assert_eq!(
        kinds(&desk),
        ["backup", "restore", "restore"],
        "unless told not to"
    );
}

#[test]
fn data_is_not_replaced_when_the_backup_before_it_fails() {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    desk.report(&deployments_of("shop/test"), deployments(Vec::new()));
    let taken = backup("b1", START - 60, BackupState::Done);
    desk.report(&backups_of("shop/test"), backups(vec![taken]));
    desk.press("b");
    desk.press("Z");
    confirm(&mut desk);
    end(&mut desk, 0, failed());
    assert_eq!(desk.operated.len(), 1);
}

#[test]
fn cancelling_and_rolling_back_know_what_is_meant() {
    let mut busy = released("test", "v2");
    busy.running = Some(deployment("v3", Phase::Building).id);
    let mut desk = Desk::showing(vec![busy]);
    desk.press("X");
    desk.press("y");
    let sent = &desk.operated[0].1.kind;
    let OperationKind::CancelDeployment { deployment: id, .. } = sent else {
        panic!("{sent:?}");
    };
    assert_eq!(*id, deployment("v3", Phase::Building).id);
    let mut desk = Desk::showing(vec![released("test", "v2")]);
    let good = ["v2", "v1", "v0"].map(|label| deployment(label, Phase::Succeeded));
    desk.report(&deployments_of("shop/test"), deployments(good.to_vec()));
    desk.press("Z");
    confirm(&mut desk);
    let to = deployment("v1", Phase::Succeeded).id;
    let kind = OperationKind::RollBack { to, pin: true };
    assert_eq!(desk.operated[0].1.kind, kind, "it can be kept or undone");
}

#[test]
fn nothing_is_changed_from_logs() {
    let mut desk = fleet(1);
    desk.press("l");
    for key in ["D", "B", "X", "Z", "u"] {
        let outcome = desk.press(key);
        assert!(!desk.is_asking(), "{key}");
        assert!(
            !outcome
                .effects
                .iter()
                .any(|it| matches!(it, Effect::Operate(..)))
        );
        assert!(
            desk.notice().contains("nothing is changed from Logs"),
            "{key}"
        );
    }
}

#[test]
fn a_stopped_batch_shows_what_never_began() {
    use crate::app::panes::operations::Row;
    let mut desk = fleet(3);
    desk.press("*");
    desk.press("D");
    confirm(&mut desk);
    desk.press("T");
    let rows = |desk: &Desk| desk.state.panes.operations.rows.clone();
    let ticket = desk.operated[0].0;
    let waiting = [Row::Step(1, 1), Row::Step(1, 2), Row::Operation(ticket)];
    assert_eq!(rows(&desk), waiting);
    end(&mut desk, 0, failed());
    assert_eq!(rows(&desk), waiting, "they are still to be seen");
    desk.press("C");
    confirm(&mut desk);
    end(&mut desk, 1, done());
    end(&mut desk, 2, done());
    assert!(
        rows(&desk)
            .iter()
            .all(|row| matches!(row, Row::Operation(_)))
    );
}

#[test]
fn what_is_selected_elsewhere_is_not_changed_from_operations() {
    let mut desk = fleet(1);
    desk.press("T");
    for key in ["D", "B"] {
        desk.press(key);
        assert!(!desk.is_asking(), "{key}");
        let told = desk.notice();
        assert!(
            told.contains("nothing is changed from Operations"),
            "{told}"
        );
    }
}

#[test]
fn the_backups_pane_acts_on_the_environment_of_its_row() {
    let mut desk = Desk::showing(vec![
        env("shop", "live", Status::Failed),
        env("shop", "test", Status::Live),
    ]);
    let taken = |id: &str, at| vec![backup(id, START - at, BackupState::Done)];
    desk.report(&deployments_of("shop/live"), deployments(Vec::new()));
    desk.report(&backups_of("shop/live"), backups(taken("of-live", 600)));
    desk.report(&backups_of("shop/test"), backups(taken("of-test", 60)));
    desk.press("b");
    desk.press("Z");
    let operation = asked(&desk).request.first();
    assert_eq!(
        operation.target.title.as_str(),
        "shop/test",
        "the newest row"
    );
    let OperationKind::RestoreBackup { backup, .. } = &operation.kind else {
        panic!("{operation:?}");
    };
    assert_eq!(backup.as_str(), "of-test");
    desk.pass(500);
    desk.press("esc");
    desk.press("B");
    assert_eq!(asked(&desk).request.title(), "backup shop/test");
}
