//! Variables: what is wished, reviewed and sent, and that nothing of it is seen by accident.

use super::kit::*;
use crate::app::message::Message;
use crate::app::next_wakeup;
use crate::app::panes::variables::{
    Choice, Dialog, Finding, Likeness, Review, Staging, Value, Wish, value,
};
use crate::app::screen::{Overlay, Pane};
use crate::model::{
    Capability, EnvId, OperationEvent, OperationKind, Payload, Query, Scoped, Secret, Stage,
    Status, Text, Variable, VariableId, Verdict,
};

const CANARY: &str = "canary-value";

fn own() -> Query {
    variables_of("shop/test")
}

fn some() -> Vec<Variable> {
    let mut built_in = variable("DATABASE_URL", Some(CANARY));
    built_in.is_read_only = true;
    vec![
        variable("DEBUG", Some("true")),
        variable("LEVEL", Some(CANARY)),
        variable("TOKEN", None),
        built_in,
    ]
}

/// The view of `shop/test`, read.
fn desk() -> Desk {
    let mut desk = Desk::showing(vec![
        env("shop", "test", Status::Live),
        env("blog", "test", Status::Live),
    ]);
    select(&mut desk, "shop");
    desk.press("5");
    desk.report(&own(), variables(some()));
    desk
}

fn select(desk: &mut Desk, app: &str) {
    desk.press("g");
    while desk.selected() != app {
        desk.press("j");
    }
    desk.rest();
}

fn at(desk: &mut Desk, name: &str) {
    desk.press("g");
    let rows = &desk.state.panes.variables.rows;
    let at = rows
        .iter()
        .position(|row| row.id.slot.name.as_str() == name);
    for _ in 0..at.unwrap_or_else(|| panic!("no row {name}: {rows:?}")) {
        desk.press("j");
    }
}

fn names(desk: &Desk) -> Vec<String> {
    let rows = desk.state.panes.variables.rows.iter();
    rows.map(|row| row.id.slot.name.to_string()).collect()
}

/// The wishes, as marks and names.
fn staged(desk: &Desk) -> Vec<String> {
    let staged = desk.state.panes.variables.staged.values();
    staged
        .flat_map(Staging::edits)
        .map(|edit| format!("{}{}", edit.mark(), edit.slot.name))
        .collect()
}

fn wished(desk: &Desk, name: &str) -> Option<String> {
    let staged = desk.state.panes.variables.staged.values();
    let mut edits = staged.flat_map(Staging::edits);
    let edit = edits.find(|edit| edit.slot.name.as_str() == name)?;
    match &edit.wish {
        Wish::Set(value) => Some(value.expose().to_owned()),
        Wish::Unset => None,
    }
}

fn set(desk: &mut Desk, name: &str, value: &str) {
    at(desk, name);
    desk.press("enter");
    desk.type_text(value);
    desk.press("enter");
}

fn review(desk: &Desk) -> &Review {
    match &desk.state.screen.overlay {
        Some(Overlay::Variables(dialog)) => match dialog.as_ref() {
            Dialog::Review(review) => review,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn end(desk: &mut Desk, number: usize, stage: Stage) {
    let event = OperationEvent {
        ticket: desk.operated[number].0,
        at: desk.state.now,
        stage,
        follow: None,
        note: Some(Text::clean("takes effect with the next deployment")),
        next_steps: Vec::new(),
        output: Vec::new(),
    };
    desk.send(Message::Operation(event));
}

fn done() -> Stage {
    Stage::Ended(Verdict::Done(None))
}

fn knows_values(desk: &Desk) -> bool {
    let env = Scoped::new(crate::model::ContextId(0), EnvId::new("shop/test"));
    !desk.state.inventory.vault.list(&env).is_empty()
}

#[test]
fn variables_are_read_while_they_are_in_sight_and_forgotten_after() {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    desk.pass(120_000);
    assert!(!desk.waits_for(0, &own()), "nobody looks");
    desk.press("5");
    desk.report(&own(), variables(some()));
    assert_eq!(names(&desk), ["DATABASE_URL", "DEBUG", "LEVEL", "TOKEN"]);
    desk.pass(60_000);
    assert!(desk.waits_for(0, &own()), "as often as slow things");
    desk.press("1");
    assert!(!knows_values(&desk) && names(&desk).is_empty());
    assert_eq!(desk.state.screen.focus, Pane::Apps);
    desk.report(&own(), variables(some()));
    assert!(!knows_values(&desk), "a late answer brings nothing back");
}

#[test]
fn a_failed_refresh_keeps_the_variables() {
    let mut desk = desk();
    desk.pass(60_000);
    desk.fail(0, &own(), unreachable());
    assert_eq!(names(&desk).len(), 4);
    let key = key(0, own());
    assert!(desk.state.inventory.load(&key).unwrap().failure().is_some());
}

#[test]
fn leaving_keeps_what_is_staged_and_says_so() {
    let mut desk = desk();
    set(&mut desk, "DEBUG", "false");
    desk.press("esc");
    assert_eq!(
        desk.notice(),
        "1 staged change of shop/test kept; 5 goes back to them"
    );
    desk.pass(60_000);
    desk.press("5");
    assert_eq!(staged(&desk), ["~DEBUG"]);
    at(&mut desk, "DEBUG");
    desk.press("U");
    desk.press("esc");
    assert!(!knows_values(&desk), "nothing holds them any more");
}

#[test]
fn a_value_is_shown_for_fifteen_seconds_and_one_at_a_time() {
    let mut desk = desk();
    let is_shown = |desk: &Desk, row: usize| {
        let pane = &desk.state.panes.variables;
        pane.is_revealed(&pane.rows[row].id, desk.state.now)
    };
    at(&mut desk, "DEBUG");
    desk.press(".");
    at(&mut desk, "LEVEL");
    assert!(is_shown(&desk, 1));
    desk.press(".");
    assert!(is_shown(&desk, 2) && !is_shown(&desk, 1));
    desk.pass(14_999);
    assert!(is_shown(&desk, 2));
    let wakeup = next_wakeup(&desk.state).unwrap();
    assert!(wakeup.duration_since(desk.state.now).as_millis() <= 1);
    let outcome = desk.pass(1);
    assert!(outcome.redraw && !is_shown(&desk, 2));
    desk.press(".");
    desk.press(".");
    assert!(!is_shown(&desk, 2), "the same key masks it");
    desk.press(".");
    desk.press("1");
    desk.press("5");
    assert!(desk.state.panes.variables.revealed.is_none());
}

#[test]
fn a_filter_narrows_by_words_and_esc_peels_it() {
    let mut desk = desk();
    desk.press("/");
    desk.type_text("E ba");
    assert_eq!(names(&desk), ["DATABASE_URL"]);
    desk.press("enter");
    desk.press(".");
    assert!(
        desk.state.panes.variables.revealed.is_some(),
        "keys act again"
    );
    desk.press("esc");
    assert_eq!(names(&desk).len(), 4);
    assert_eq!(desk.state.screen.focus, Pane::Variables);
    desk.press("/");
    desk.send(Message::Paste("zz\n".into()));
    assert_eq!(names(&desk), Vec::<String>::new());
    desk.press("esc");
    assert_eq!(names(&desk).len(), 4);
}

#[test]
fn a_hidden_value_cannot_be_shown() {
    let mut desk = desk();
    at(&mut desk, "TOKEN");
    desk.press(".");
    assert_eq!(desk.notice(), "TOKEN: the platform hides the value");
    assert!(desk.state.panes.variables.revealed.is_none());
}

#[test]
fn changes_are_staged_and_dropped_and_nothing_is_sent() {
    let mut desk = desk();
    set(&mut desk, "LEVEL", "info");
    set(&mut desk, "TOKEN", "new");
    at(&mut desk, "DEBUG");
    desk.press("x");
    desk.press("n");
    desk.type_text("ADDED");
    desk.press("tab");
    desk.type_text("1");
    desk.press("tab");
    desk.press("space");
    desk.press("enter");
    assert_eq!(staged(&desk), ["~LEVEL", "~TOKEN", "-DEBUG", "+ADDED"]);
    assert_eq!(names(&desk)[0], "ADDED", "it has a row");
    desk.pass(60_000);
    desk.report(&own(), variables(some()));
    assert_eq!(staged(&desk).len(), 4, "polling goes on, wishes stay");
    at(&mut desk, "LEVEL");
    desk.press("U");
    assert_eq!(staged(&desk), ["~TOKEN", "-DEBUG", "+ADDED"]);
    desk.press("U");
    assert_eq!(staged(&desk).len(), 3, "no wish in this row: once more");
    assert!(desk.notice().ends_with("U again drops 3 staged changes"));
    desk.pass(6_000);
    desk.press("U");
    assert_eq!(staged(&desk).len(), 3, "that was long ago");
    desk.press("U");
    assert_eq!(staged(&desk), Vec::<String>::new(), "all of them");
    assert!(desk.operated.is_empty());
}

#[test]
fn what_changes_nothing_is_not_staged() {
    let mut desk = desk();
    set(&mut desk, "DEBUG", "true");
    assert_eq!(staged(&desk), Vec::<String>::new());
    set(&mut desk, "DEBUG", "false");
    set(&mut desk, "DEBUG", "true");
    assert_eq!(staged(&desk), Vec::<String>::new(), "taken back");
    set(&mut desk, "DEBUG", "");
    assert!(desk.notice().contains("nothing was typed"));
    at(&mut desk, "DEBUG");
    for key in ["enter", "z", "backspace", "enter"] {
        desk.press(key);
    }
    assert_eq!(
        wished(&desk, "DEBUG").as_deref(),
        Some(""),
        "an empty value is one"
    );
}

#[test]
fn a_shown_value_is_edited_as_it_is() {
    let mut desk = desk();
    at(&mut desk, "DEBUG");
    for key in [".", "enter", "x", "enter"] {
        desk.press(key);
    }
    assert_eq!(wished(&desk, "DEBUG").as_deref(), Some("truex"));
}

#[test]
fn a_pasted_value_keeps_its_lines() {
    let mut desk = desk();
    at(&mut desk, "TOKEN");
    desk.press("enter");
    desk.send(Message::Paste("-----BEGIN\r\nkey \t\r-----END\n".into()));
    desk.press("enter");
    let wished = wished(&desk, "TOKEN");
    assert_eq!(wished.as_deref(), Some("-----BEGIN\nkey \t\n-----END\n"));
}

#[test]
fn what_the_platform_sets_is_not_edited() {
    let mut desk = desk();
    at(&mut desk, "DATABASE_URL");
    for key in ["enter", "x"] {
        desk.press(key);
        assert!(desk.state.screen.overlay.is_none());
        let told = "DATABASE_URL is set by the platform and cannot be changed";
        assert_eq!(desk.notice(), told);
    }
}

#[test]
fn nothing_is_staged_where_nothing_could_be_applied() {
    let guarded = |change: &dyn Fn(&mut crate::app::contexts::Context)| {
        let mut own_context = context(0);
        change(&mut own_context);
        let mut desk = Desk::with(vec![own_context]);
        desk.lists(0, vec![env("shop", "test", Status::Live)]);
        desk.rest();
        desk.press("5");
        desk.report(&own(), variables(some()));
        desk
    };
    let read_only = guarded(&|context| context.is_read_only = true);
    let bare = guarded(&|context| context.support = without(&[Capability::SetVariable]));
    for (mut desk, told) in [(read_only, "c0 is read-only"), (bare, "it has none")] {
        at(&mut desk, "DEBUG");
        for key in ["enter", "n", "x", "E", "A"] {
            desk.press(key);
            assert_eq!(desk.notice(), told, "{key}");
            assert!(desk.state.screen.overlay.is_none() && desk.handed.is_empty());
        }
        desk.press(".");
        assert!(
            desk.state.panes.variables.revealed.is_some(),
            "looking is fine"
        );
    }
}

#[test]
fn a_new_variable_needs_a_name_that_is_new() {
    let mut desk = desk();
    desk.press("n");
    for (name, told) in [("1x", "a name is"), ("DEBUG", "it exists already")] {
        desk.press("ctrl-u");
        desk.type_text(name);
        desk.press("enter");
        let Some(Overlay::Variables(dialog)) = &desk.state.screen.overlay else {
            panic!("it is closed");
        };
        let Dialog::New(dialog) = dialog.as_ref() else {
            panic!("{dialog:?}");
        };
        assert!(dialog.problem.unwrap().starts_with(told));
    }
    assert_eq!(staged(&desk), Vec::<String>::new());
}

#[test]
fn a_review_reads_anew_and_applies_one_after_the_other() {
    let mut desk = desk();
    set(&mut desk, "LEVEL", "info");
    at(&mut desk, "DEBUG");
    desk.press("x");
    desk.pass(60_000);
    let before = desk.ticket(0, &own());
    desk.press("A");
    assert!(review(&desk).lines.is_none(), "what is known is not enough");
    assert_ne!(
        desk.ticket(0, &own()).ticket,
        before.ticket,
        "nor what is on its way"
    );
    let late = report(&before, desk.state.now, Ok(variables(some())));
    desk.send(Message::Report(late));
    assert!(review(&desk).lines.is_none());
    desk.press("A");
    assert!(!desk.is_asking() && desk.notice().contains("not been read yet"));
    desk.report(&own(), variables(some()));
    let findings: Vec<_> = review(&desk).lines.iter().flatten().collect();
    assert!(findings.iter().all(|line| line.finding == Finding::AsItWas));
    desk.press("A");
    assert!(desk.is_asking());
    let still = env("shop", "test", Status::Live);
    let query = Query::Environment(still.id.clone());
    desk.report(&query, Payload::Environment(Box::new(still)));
    desk.pass(500);
    desk.press("y");
    assert_eq!(desk.operated.len(), 1, "one after the other");
    let first = &desk.operated[0].1;
    let id = Some(VariableId::new("LEVEL"));
    let (name, value) = ("LEVEL".into(), Secret::new("info"));
    let is_sensitive = false;
    let expected = OperationKind::SetVariable {
        id,
        name,
        value,
        is_sensitive,
    };
    assert_eq!(first.kind, expected);
    end(&mut desk, 0, done());
    assert_eq!(
        staged(&desk),
        ["-DEBUG"],
        "what was applied is no wish any more"
    );
    end(&mut desk, 1, Stage::Refused(unreachable()));
    assert_eq!(staged(&desk), ["-DEBUG"], "what was not applied still is");
    assert_eq!(desk.operated.len(), 2);
    let env = Scoped::new(first_context(), EnvId::new("shop/test"));
    assert!(desk.state.panes.variables.undeployed.contains_key(&env));
    assert!(desk.waits_for(0, &own()), "what was changed is read again");
}

fn first_context() -> crate::model::ContextId {
    crate::model::ContextId(0)
}

#[test]
fn a_deployment_ends_the_call_for_one() {
    let mut desk = desk();
    set(&mut desk, "LEVEL", "info");
    desk.press("A");
    desk.report(&own(), variables(some()));
    desk.press("A");
    desk.press("y");
    end(&mut desk, 0, done());
    assert_eq!(desk.state.panes.variables.undeployed.len(), 1);
    let mut deployed = env("shop", "test", Status::Live);
    deployed.release = Some(crate::model::Release {
        label: Text::clean("v2"),
        deployment: None,
        at: None,
        by: None,
    });
    desk.poll(vec![deployed, env("blog", "test", Status::Live)]);
    desk.pass(1);
    assert!(desk.state.panes.variables.undeployed.is_empty());
}

/// Somebody else changed LEVEL and removed DEBUG after both were staged here.
fn contested() -> Desk {
    let mut desk = desk();
    set(&mut desk, "LEVEL", "mine");
    set(&mut desk, "DEBUG", "mine");
    set(&mut desk, "TOKEN", "mine");
    let mut now = some();
    now[1].value = Some(Secret::new("theirs"));
    now.remove(0);
    desk.press("A");
    desk.report(&own(), variables(now));
    desk
}

fn findings(desk: &Desk) -> Vec<Finding> {
    let lines = review(desk).lines.iter().flatten();
    lines.map(|line| line.finding).collect()
}

#[test]
fn a_conflict_is_decided_before_anything_is_asked() {
    let open = Finding::Conflict(Choice::Open);
    let mut desk = contested();
    assert_eq!(findings(&desk), [open, open, Finding::AsItWas]);
    desk.press("A");
    assert_eq!(
        desk.notice(),
        "2 conflicts are open: m keeps mine, t keeps theirs"
    );
    desk.press("t");
    desk.press("m");
    desk.press("A");
    assert!(desk.is_asking());
    assert_eq!(
        staged(&desk),
        ["~DEBUG", "~TOKEN"],
        "theirs is not wished away"
    );
    desk.pass(500);
    desk.press("y");
    let OperationKind::SetVariable { id, name, .. } = &desk.operated[0].1.kind else {
        panic!("{:?}", desk.operated);
    };
    assert_eq!(
        (id, name.as_str()),
        (&None, "DEBUG"),
        "it is gone, so it is made anew"
    );
}

#[test]
fn a_choice_holds_as_long_as_what_it_was_made_about() {
    let mut desk = contested();
    desk.press("m");
    desk.pass(60_000);
    let mut now = some();
    now[1].value = Some(Secret::new("theirs"));
    now.remove(0);
    desk.report(&own(), variables(now.clone()));
    assert_eq!(findings(&desk)[0], Finding::Conflict(Choice::Mine));
    now[0].value = Some(Secret::new("theirs again"));
    desk.pass(60_000);
    desk.report(&own(), variables(now));
    assert_eq!(findings(&desk)[0], Finding::Conflict(Choice::Open));
}

#[test]
fn a_review_follows_what_is_staged() {
    let mut desk = desk();
    set(&mut desk, "LEVEL", "info");
    desk.press("A");
    desk.report(&own(), variables(some()));
    desk.press("A");
    desk.press("y");
    set(&mut desk, "DEBUG", "false");
    desk.press("A");
    desk.report(&own(), variables(some()));
    assert_eq!(findings(&desk).len(), 2, "the first one is still under way");
    end(&mut desk, 0, done());
    assert_eq!(findings(&desk), [Finding::AsItWas], "it is not sent twice");
}

#[test]
fn a_hidden_value_that_was_changed_is_a_conflict() {
    let mut desk = desk();
    set(&mut desk, "TOKEN", "mine");
    let mut now = some();
    now[2].changed_at = Some(desk.state.now);
    desk.press("A");
    desk.report(&own(), variables(now));
    assert_eq!(findings(&desk), [Finding::Conflict(Choice::Open)]);
}

#[test]
fn what_is_so_already_is_not_sent() {
    let mut desk = desk();
    set(&mut desk, "LEVEL", "info");
    let mut now = some();
    now[1].value = Some(Secret::new("info"));
    desk.press("A");
    desk.report(&own(), variables(now));
    assert_eq!(findings(&desk), [Finding::Met]);
    desk.press("A");
    assert!(!desk.is_asking() && staged(&desk).is_empty());
    assert_eq!(desk.notice(), "nothing is left to change in shop/test");
}

#[test]
fn a_review_that_cannot_read_sends_nothing() {
    let mut desk = desk();
    set(&mut desk, "LEVEL", "info");
    desk.press("A");
    desk.fail(0, &own(), unreachable());
    assert!(review(&desk).lines.is_none());
    desk.press("A");
    assert!(!desk.is_asking());
    desk.press("esc");
    desk.press("p");
    desk.press("A");
    assert!(desk.notice().starts_with("polling is paused"));
}

fn compared() -> Desk {
    let mut desk = desk();
    desk.press("=");
    desk.type_text("blog");
    desk.press("enter");
    let other = vec![
        variable("DEBUG", Some("true")),
        variable("LEVEL", Some("other-canary")),
        variable("THEIRS", Some("their-canary")),
        variable("TOKEN", Some("third-canary")),
    ];
    desk.report(&variables_of("blog/test"), variables(other));
    desk
}

#[test]
fn two_environments_are_compared_without_keeping_the_other_values() {
    let desk = compared();
    let rows = desk.state.panes.variables.rows.iter();
    let told: Vec<_> = rows
        .map(|row| (row.id.slot.name.as_str(), row.likeness.unwrap()))
        .collect();
    let expected = [
        ("LEVEL", Likeness::Different),
        ("DATABASE_URL", Likeness::OnlyHere),
        ("THEIRS", Likeness::OnlyThere),
        ("TOKEN", Likeness::Unknown),
        ("DEBUG", Likeness::Same),
    ];
    assert_eq!(told, expected);
    let other = Scoped::new(first_context(), EnvId::new("blog/test"));
    assert!(desk.state.inventory.vault.list(&other).is_empty());
    let row = &desk.state.panes.variables.rows[2];
    assert_eq!(value(&desk.state, row), Value::Absent);
}

#[test]
fn prints_of_one_process_say_nothing_to_another() {
    let print = |desk: &Desk| format!("{:?}", desk.state.inventory.vault.prints());
    let secret = Secret::new(CANARY);
    let (one, other) = (compared(), compared());
    let vaults = [&one, &other].map(|desk| desk.state.inventory.vault.print(&secret));
    assert_ne!(vaults[0], vaults[1]);
    assert!(!print(&one).contains("canary"));
}

#[test]
fn esc_ends_the_comparison_before_it_leaves() {
    let mut desk = compared();
    desk.press("esc");
    assert_eq!(names(&desk), ["DATABASE_URL", "DEBUG", "LEVEL", "TOKEN"]);
    assert_eq!(desk.state.screen.focus, Pane::Variables);
    desk.pass(120_000);
    assert!(!desk.waits_for(0, &variables_of("blog/test")));
    desk.press("esc");
    assert_eq!(desk.state.screen.focus, Pane::Apps);
}

#[test]
fn what_only_the_other_side_has_can_be_added() {
    let mut desk = compared();
    at(&mut desk, "THEIRS");
    desk.press("enter");
    desk.type_text("own");
    desk.press("enter");
    assert_eq!(staged(&desk), ["+THEIRS"]);
    assert_eq!(names(&desk).len(), 5, "it is the same row");
}

fn edit_as(desk: &mut Desk, change: impl Fn(&str) -> String) {
    desk.press("E");
    let text = desk.handed.last().expect("it was handed over").clone();
    let text = Secret::new(change(text.expose()));
    desk.send(Message::Edited(Ok(text)));
}

#[test]
fn the_editor_gets_what_can_be_edited() {
    let mut desk = desk();
    set(&mut desk, "DEBUG", "false");
    desk.press("E");
    let text = desk.handed[0].expose();
    assert!(text.contains("\nDEBUG=false\n"), "what is wished: {text}");
    assert!(text.contains("\nLEVEL=canary-value\n"), "{text}");
    assert!(text.contains("\n# TOKEN=\n"), "hidden: {text}");
    assert!(text.contains("\n# DATABASE_URL\n") && !text.contains("DATABASE_URL="));
}

#[test]
fn what_differs_after_the_editor_is_staged() {
    let mut desk = desk();
    edit_as(&mut desk, |text| {
        text.replace("DEBUG=true\n", "")
            .replace("LEVEL=canary-value", "LEVEL='two words'")
            .replace("# TOKEN=", "TOKEN=filled")
            + "ADDED=1\n"
    });
    assert_eq!(staged(&desk), ["-DEBUG", "~LEVEL", "~TOKEN", "+ADDED"]);
    assert_eq!(wished(&desk, "LEVEL").as_deref(), Some("two words"));
    edit_as(&mut desk, |text| {
        let text = text.replace("TOKEN=filled\n", "").replace("ADDED=1\n", "");
        text.replace("'two words'", "canary-value")
    });
    assert_eq!(
        staged(&desk),
        ["-DEBUG"],
        "what was taken out again is no wish"
    );
    edit_as(&mut desk, str::to_owned);
    assert_eq!(desk.notice(), "nothing was changed in the editor");
}

#[test]
fn a_text_that_is_not_understood_is_edited_again() {
    let mut desk = desk();
    edit_as(&mut desk, |_| "DEBUG=false\nLEVEL 'x".into());
    let Some(Overlay::Variables(dialog)) = &desk.state.screen.overlay else {
        panic!("nothing is said");
    };
    let Dialog::Mend(mend) = dialog.as_ref() else {
        panic!("{dialog:?}");
    };
    assert_eq!((mend.problem.line, mend.problem.column), (2, 7));
    desk.press("e");
    assert_eq!(desk.handed[1].expose(), "DEBUG=false\nLEVEL 'x", "not lost");
    desk.send(Message::Edited(Ok(Secret::new("DEBUG=false\nLEVEL=x\n"))));
    assert_eq!(staged(&desk), ["~DEBUG", "~LEVEL"]);
}

#[test]
fn an_editor_that_fails_changes_nothing() {
    let mut desk = desk();
    desk.press("E");
    desk.send(Message::Edited(Err(Text::clean("the editor ended with 1"))));
    assert_eq!(desk.notice(), "the editor ended with 1");
    assert!(staged(&desk).is_empty() && desk.state.panes.variables.editing.is_none());
}

#[test]
fn quitting_with_staged_changes_asks() {
    let mut desk = desk();
    set(&mut desk, "DEBUG", "false");
    desk.press("1");
    desk.press("q");
    assert!(matches!(desk.state.screen.overlay, Some(Overlay::Quit)));
    desk.press("n");
    assert_eq!(staged(&desk), ["~DEBUG"]);
    desk.press("ctrl-c");
    assert!(matches!(desk.state.screen.overlay, Some(Overlay::Quit)));
}

#[test]
fn no_dump_of_the_state_has_a_value() {
    let mut desk = compared();
    at(&mut desk, "LEVEL");
    for key in [".", "enter"] {
        desk.press(key);
    }
    desk.type_text("canary");
    let outcomes = [desk.press("enter"), desk.press("E"), desk.press("A")];
    let dump = format!("{:?} {outcomes:?} {:?}", desk.state, desk.handed);
    assert!(!dump.contains("canary"), "{dump}");
    let messages = [
        Message::Edited(Ok(Secret::new(CANARY))),
        Message::Paste(CANARY.into()),
    ];
    assert!(!format!("{messages:?}").contains("canary"));
    desk.report(
        &own(),
        Payload::Variables(crate::model::Page::whole(some())),
    );
    for key in ["A", "y"] {
        desk.press(key);
    }
    let dump = format!("{:?} {:?}", desk.state, desk.operated);
    assert!(!desk.operated.is_empty() && !dump.contains("canary"));
}

#[test]
fn a_variable_gets_its_old_value_back() {
    let mut desk = desk();
    set(&mut desk, "DEBUG", "false");
    desk.press("A");
    desk.report(&own(), variables(some()));
    desk.press("A");
    desk.press("y");
    end(&mut desk, 0, done());
    desk.press("u");
    assert!(desk.is_asking(), "{}", desk.notice());
    desk.pass(500);
    desk.press("y");
    let OperationKind::SetVariable { name, value, .. } = &desk.operated[1].1.kind else {
        panic!("{:?}", desk.operated);
    };
    assert_eq!((name.as_str(), value.expose()), ("DEBUG", "true"));
}

#[test]
fn a_hidden_value_cannot_be_given_back() {
    let mut desk = desk();
    set(&mut desk, "TOKEN", "new");
    desk.press("A");
    desk.report(&own(), variables(some()));
    desk.press("A");
    desk.press("y");
    end(&mut desk, 0, done());
    desk.press("u");
    assert!(!desk.is_asking() && desk.notice().contains("nothing to undo"));
}
