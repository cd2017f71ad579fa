//! The views: what they read, how they order it, and where Enter leads.

use jiff::Timestamp;

use super::kit::*;
use crate::app::panes::backup_fleet::{Condition, Place};
use crate::app::screen::{Overlay, Pane};
use crate::model::{
    Activity, ActivityId, BackupState, Capability, ContextId, Environment, OperationEvent, Page,
    Payload, Query, Stage, Status, Text, Verdict,
};

const HOUR: i64 = 3_600;

fn trail(query: Option<&str>) -> Query {
    Query::Activity(query.map(crate::model::AppId::new))
}

fn activity(id: &str, at: i64) -> Payload {
    Payload::Activity(Page::whole(vec![Activity {
        id: ActivityId::new(id),
        at: Timestamp::from_second(at).ok(),
        app: Some(crate::model::AppId::new("shop")),
        by: Text::non_empty("ana"),
        kind: Text::clean("domain"),
        text: Text::clean("domain added"),
        failed: None,
        can_cancel: false,
        follow: None,
        details: Vec::new(),
    }]))
}

fn planned(app: &str, name: &str, in_seconds: i64) -> Environment {
    let mut env = env(app, name, Status::Live);
    env.next_backup_at = Timestamp::from_second(START + in_seconds).ok();
    env.backup_schedule = Text::non_empty("Daily");
    env
}

/// The environments of the view and how their backups are, from the top.
fn fleet(desk: &Desk) -> Vec<(String, Condition)> {
    let rows = desk.state.panes.backup_fleet.rows.iter();
    rows.map(|row| (row.name.to_string(), row.condition))
        .collect()
}

/// Answers every list of backups that is asked for, until none is, as time goes on.
fn read_all(desk: &mut Desk, answer: impl Fn(&str) -> Payload) {
    let mut rounds = 0;
    while desk.state.panes.backup_fleet.read < desk.state.panes.backup_fleet.environments {
        let lists: Vec<_> = desk
            .asked
            .iter()
            .map(|fetch| fetch.key.query.clone())
            .filter(|query| matches!(query, Query::Backups(_)))
            .collect();
        for query in lists {
            let Query::Backups(env) = &query else {
                continue;
            };
            let payload = answer(env.as_str());
            desk.report(&query, payload);
        }
        desk.pass(1_000);
        rounds += 1;
        assert!(rounds < 1_000, "{:?}", desk.asked);
    }
}

#[test]
fn trails_are_read_only_while_the_view_is_in_sight() {
    let mut desk = Desk::showing(vec![env("shop", "live", Status::Live)]);
    assert!(!desk.waits_for(0, &trail(None)));
    desk.press("6");
    assert!(desk.waits_for(0, &trail(None)));
    assert!(desk.waits_for(0, &trail(Some("shop"))));
    desk.report(&trail(None), activity("a1", START - 60));
    desk.report(&trail(Some("shop")), activity("a1", START - 60));
    let rows = &desk.state.panes.activity.rows;
    assert_eq!(rows.len(), 1, "the entry of both lists is one");
    assert_eq!(rows[0].who.word(), "ana");
    desk.press("1");
    desk.pass(10 * 60 * 1_000);
    assert!(!desk.waits_for(0, &trail(None)));
}

#[test]
fn the_log_on_the_whole_screen_gives_way_to_the_dashboard() {
    for back in ["1", "esc", "q"] {
        let mut desk = Desk::showing(vec![env("shop", "live", Status::Live)]);
        desk.press("3");
        assert!(!desk.state.layout().shows(Pane::Apps));
        desk.press(back);
        let layout = desk.state.layout();
        let panes = [Pane::Apps, Pane::Environments, Pane::Logs];
        assert!(panes.iter().all(|pane| layout.shows(*pane)), "{back}");
    }
}

#[test]
fn enter_leads_from_an_event_to_its_app_past_a_filter() {
    let mut desk = Desk::showing(vec![
        env("blog", "live", Status::Failed),
        env("shop", "live", Status::Live),
    ]);
    desk.type_text("/blog");
    desk.press("enter");
    desk.press("6");
    desk.report(&trail(None), activity("a1", START - 60));
    desk.press("enter");
    assert_eq!(desk.selected(), "shop");
    assert_eq!(desk.state.screen.focus, Pane::Apps);
}

#[test]
fn the_timeline_is_filtered_as_it_is_typed_and_esc_peels() {
    let mut desk = Desk::showing(vec![env("shop", "live", Status::Live)]);
    desk.press("6");
    desk.report(&trail(None), activity("a1", START - 60));
    desk.type_text("/bo");
    assert!(desk.state.panes.activity.rows.is_empty());
    assert_eq!(desk.state.panes.activity.total, 1);
    desk.press("enter");
    desk.press("esc");
    assert_eq!(desk.state.panes.activity.rows.len(), 1, "the filter went");
    assert_eq!(desk.state.screen.focus, Pane::Activity);
    desk.press("esc");
    assert_ne!(desk.state.screen.focus, Pane::Activity);
}

#[test]
fn a_platform_without_activity_is_not_asked() {
    let mut bare = context(0);
    bare.support = without(&[Capability::ListActivity]);
    let mut desk = Desk::with(vec![bare]);
    desk.lists(0, vec![env("shop", "live", Status::Live)]);
    desk.press("6");
    desk.rest();
    assert!(!desk.waits_for(0, &trail(None)));
}

#[test]
fn the_overdue_come_first_and_then_by_how_bad_it_is() {
    let day = 24 * HOUR;
    let mut desk = Desk::showing(vec![
        planned("fine", "live", HOUR),
        planned("overdue", "live", -2 * HOUR),
        planned("never", "live", HOUR),
        planned("late", "live", HOUR),
        planned("failed", "live", HOUR),
        planned("partial", "live", HOUR),
        env("nothing", "dev", Status::Live),
    ]);
    desk.press("4");
    assert_eq!(
        desk.state.panes.backup_fleet.overdue, 1,
        "known before it is read"
    );
    read_all(&mut desk, |env| {
        backups(match env.split('/').next().unwrap() {
            "fine" | "overdue" => vec![backup("f", START - HOUR, BackupState::Done)],
            "late" => vec![backup("l", START - 3 * day, BackupState::Done)],
            "failed" => vec![
                backup("x2", START - HOUR, BackupState::Failed),
                backup("x1", START - 2 * HOUR, BackupState::Done),
            ],
            "partial" => vec![
                backup("p2", START - HOUR, BackupState::Partial),
                backup("p1", START - 2 * HOUR, BackupState::Done),
            ],
            _ => Vec::new(),
        })
    });
    let expected = [
        ("overdue/live", Condition::Overdue),
        ("never/live", Condition::NoneGood),
        ("late/live", Condition::Late),
        ("failed/live", Condition::Failed),
        ("partial/live", Condition::Partial),
        ("fine/live", Condition::Good),
        ("nothing/dev", Condition::None),
    ];
    let expected: Vec<_> = expected.map(|(name, it)| (name.to_owned(), it)).into();
    assert_eq!(fleet(&desk), expected);
    assert_eq!(desk.state.panes.backup_fleet.overdue, 3);
}

#[test]
fn lists_are_read_a_few_at_a_time_and_not_again_too_soon() {
    let many: Vec<_> = (0..100)
        .map(|n| env(&format!("a{n:03}"), "live", Status::Live))
        .collect();
    let mut desk = Desk::showing(many);
    desk.press("4");
    let lists = |desk: &Desk| {
        let asked = desk.asked.iter();
        asked
            .filter(|fetch| matches!(fetch.key.query, Query::Backups(_)))
            .count()
    };
    // What the dashboard asked for its selection is not answered yet either.
    desk.pass(60_000);
    assert!(lists(&desk) <= 3, "{}", lists(&desk));
    let begun = desk.now();
    read_all(&mut desk, |_| backups(Vec::new()));
    assert_eq!(desk.state.panes.backup_fleet.read, 100);
    // Sixty a minute are allowed: half of that is taken.
    assert!(desk.now() - begun >= 150, "{}", desk.now() - begun);
    // More than are kept in full were read, and none of them is asked for again at once.
    desk.pass(30_000);
    assert_eq!(lists(&desk), 0);
    desk.pass(10 * 60 * 1_000);
    assert_eq!(lists(&desk), 1);
}

#[test]
fn a_list_that_is_kept_in_short_is_read_at_once_where_it_is_looked_at() {
    let many: Vec<_> = (0..80)
        .map(|n| env(&format!("a{n:03}"), "live", Status::Live))
        .collect();
    let mut desk = Desk::showing(many);
    let of_selected = backups_of("a000/live");
    desk.report(&of_selected, backups(Vec::new()));
    desk.press("4");
    read_all(&mut desk, |_| backups(Vec::new()));
    desk.press("1");
    desk.rest();
    assert!(desk.waits_for(0, &of_selected), "{:?}", desk.asked);
}

#[test]
fn a_platform_without_backups_is_one_row_with_its_reason() {
    let mut bare = context(1);
    bare.support = without(&[Capability::ListBackups]);
    let mut desk = Desk::with(vec![context(0), bare]);
    desk.lists(0, vec![env("shop", "live", Status::Live)]);
    desk.lists(1, vec![env("blog", "live", Status::Live)]);
    desk.rest();
    desk.press("4");
    let rows = &desk.state.panes.backup_fleet.rows;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].place, Place::Context(ContextId(1)));
    assert_eq!(
        rows[1].reason.as_ref().map(Text::as_str),
        Some("it has none")
    );
    assert_eq!(desk.state.panes.backup_fleet.environments, 1);
    desk.pass(60_000);
    assert!(!desk.waits_for(1, &backups_of("blog/live")));
    desk.press("G");
    desk.press("enter");
    assert_eq!(desk.notice(), "it has none");
    assert_eq!(desk.state.screen.focus, Pane::BackupFleet);
}

#[test]
fn enter_leads_from_an_environment_to_its_backups() {
    let mut desk = Desk::showing(vec![
        env("blog", "live", Status::Live),
        planned("shop", "live", HOUR),
        planned("shop", "test", -2 * HOUR),
    ]);
    desk.press("4");
    desk.press("enter");
    assert_eq!(desk.state.screen.focus, Pane::Backups);
    let env = desk.state.selected_env().map(|env| env.id);
    assert_eq!(
        env.as_ref().map(crate::model::EnvId::as_str),
        Some("shop/test")
    );
}

#[test]
fn an_operation_keeps_what_to_do_next_and_what_it_wrote() {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    desk.press("B");
    desk.press("y");
    let ticket = desk.operated[0].0;
    let at = desk.state.now;
    let line = |n: u32| Text::clean(&format!("line {n}"));
    desk.send(crate::app::Message::Operation(OperationEvent {
        ticket,
        at,
        stage: Stage::Running(crate::model::Progress::default()),
        follow: None,
        note: None,
        next_steps: vec![Text::clean("create a CNAME")],
        output: (0..50).map(line).collect(),
    }));
    desk.press("T");
    desk.press("enter");
    desk.pass(2_000);
    desk.event(ticket, Stage::Ended(Verdict::Done(None)));
    let entry = desk.state.operations.get(ticket).unwrap();
    assert_eq!(entry.next_steps, [Text::clean("create a CNAME")]);
    assert_eq!(entry.output.len(), 50);
    let pane = &desk.state.panes.operations;
    assert!(pane.is_open && pane.rows == [crate::app::panes::operations::Row::Operation(ticket)]);
    // The end is reached, and the way back from it is not dead.
    desk.press("G");
    desk.press("k");
    let offset = desk.state.panes.operations.offset;
    assert!(offset > 0 && offset < 70, "{offset}");
    desk.press("esc");
    assert!(!desk.state.panes.operations.is_open);
    assert_eq!(desk.state.screen.focus, Pane::Operations);
}

#[test]
fn the_report_is_copied_and_says_how_large_it_is() {
    let mut desk = Desk::showing(vec![env("shop", "live", Status::Failed)]);
    let outcome = desk.press("S");
    let copied = outcome.effects.iter().find_map(|effect| match effect {
        crate::app::Effect::CopyText(text) => Some(text),
        _ => None,
    });
    assert!(
        copied.is_some_and(|text| text.contains("**FAIL shop**")),
        "{copied:?}"
    );
    assert!(
        desk.notice().contains("copied: Markdown, "),
        "{}",
        desk.notice()
    );
}

#[test]
fn a_backup_opens_with_its_parts_which_are_read_where_the_list_names_them_only() {
    let mut desk = Desk::showing(vec![env("shop", "live", Status::Live)]);
    let mut bare = backup("b1", START - HOUR, BackupState::Partial);
    bare.part_ids = vec![crate::model::BackupPartId::new("p1")];
    desk.report(&backups_of("shop/live"), backups(vec![bare.clone()]));
    let whole = Query::Backup(bare.id.clone());
    desk.press("b");
    assert!(desk.waits_for(0, &whole));
    let part = crate::model::BackupPart {
        id: crate::model::BackupPartId::new("p1"),
        service: Text::clean("pg"),
        kind: None,
        of: None,
        size_bytes: None,
        errors: vec![Text::clean("no space left")],
        ended_at: None,
    };
    let mut read = bare.clone();
    read.parts = vec![part.clone()];
    desk.report(&whole, Payload::Backup(Box::new(read)));
    desk.press("enter");
    let shown = crate::app::panes::detail::shown_backup(&desk.state);
    assert_eq!(shown.map(|backup| &backup.parts), Some(&vec![part.clone()]));
    // The list comes again without them: they are known.
    desk.press("b");
    desk.pass(60_000);
    desk.report(&backups_of("shop/live"), backups(vec![bare]));
    desk.press("enter");
    let shown = crate::app::panes::detail::shown_backup(&desk.state);
    assert_eq!(shown.map(|backup| &backup.parts), Some(&vec![part]));
    assert!(!desk.waits_for(0, &whole));
    desk.press("i");
    assert!(crate::app::panes::detail::shown_backup(&desk.state).is_none());
}

/// The target of the question that is open.
fn asked_about(desk: &Desk) -> String {
    match &desk.state.screen.overlay {
        Some(Overlay::Confirm(confirm)) => confirm.request.first().target.title.to_string(),
        _ => String::new(),
    }
}

#[test]
fn a_key_acts_on_the_row_under_the_bar_of_all_backups() {
    let mut desk = Desk::showing(vec![
        env("blog", "live", Status::Failed),
        planned("shop", "live", -2 * HOUR),
    ]);
    assert_eq!(desk.selected(), "blog");
    desk.press("4");
    desk.press("g");
    desk.press("B");
    assert_eq!(asked_about(&desk), "shop/live");
    desk.pass(1_000);
    desk.press("n");
    desk.press("e");
    assert_eq!(desk.selected(), "shop", "and its variables are shown");
    assert_eq!(desk.state.screen.focus, Pane::Variables);
}

#[test]
fn a_backup_is_restored_where_it_came_from() {
    let mut desk = Desk::showing(vec![
        env("shop", "live", Status::Live),
        env("shop", "test", Status::Live),
    ]);
    let one = |id, at| backups(vec![backup(id, START - at, BackupState::Done)]);
    desk.report(&backups_of("shop/live"), one("b1", HOUR));
    desk.report(&backups_of("shop/test"), one("b2", 2 * HOUR));
    desk.press("d");
    while desk.state.selected_environment().unwrap().name.as_str() != "test" {
        desk.press("j");
    }
    desk.press("b");
    desk.press("g");
    desk.press("Z");
    assert_eq!(asked_about(&desk), "shop/live");
    desk.pass(1_000);
    desk.press("esc");
    desk.press("j");
    desk.press("Z");
    assert_eq!(asked_about(&desk), "shop/test");
}

#[test]
fn nothing_is_changed_from_the_timeline() {
    let mut desk = Desk::showing(vec![env("shop", "live", Status::Live)]);
    desk.press("6");
    desk.report(&trail(None), activity("a1", START - 60));
    desk.press("D");
    assert!(!desk.is_asking());
    assert_eq!(
        desk.notice(),
        "nothing is changed from Activity; Enter goes to the app"
    );
}
