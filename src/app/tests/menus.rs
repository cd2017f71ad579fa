//! The action menu, forms, the palette, copying and the choice of contexts.

use super::kit::*;
use crate::app::form::{Condition, Entry, FormState};
use crate::app::message::{Effect, Message};
use crate::app::palette::Command;
use crate::app::screen::{Overlay, Pane};
use crate::model::catalogue::{RECIPES, Recipe};
use crate::model::{
    App, BackupState, Badge, Capability, ContextId, Domain, DomainId, EnvId, Failure, FieldProblem,
    OperationKind, Page, Payload, Phase, Query, Stage, Status, Text, Verdict,
};

fn desk() -> Desk {
    Desk::showing(vec![
        env("shop", "test", Status::Live),
        env("blog", "test", Status::Live),
    ])
}

fn form(desk: &Desk) -> &FormState {
    match &desk.state.screen.overlay {
        Some(Overlay::Form(form)) => form,
        other => panic!("no form is open: {other:?}"),
    }
}

fn is_menu(desk: &Desk) -> bool {
    matches!(desk.state.screen.overlay, Some(Overlay::Menu(_)))
}

fn press_all(desk: &mut Desk, names: &str) {
    for name in names.split_whitespace() {
        desk.press(name);
    }
}

fn copied(desk: &mut Desk, keys: &str) -> Option<String> {
    let mut last = None;
    for name in keys.split_whitespace() {
        let outcome = desk.press(name);
        last = outcome.effects.into_iter().find_map(|effect| match effect {
            Effect::CopyText(text) => Some(text),
            _ => None,
        });
    }
    last
}

#[test]
fn every_letter_of_the_menu_begins_its_operation_or_says_why_not() {
    for recipe in RECIPES {
        let mut desk = desk();
        if recipe.name.ends_with("-rollback") {
            // These end what only an app has that is pinned.
            let pinned = |name| App {
                badges: vec![Badge::Pinned],
                ..app(name)
            };
            desk.press("r");
            let list = vec![pinned("blog"), pinned("shop")];
            desk.report(&Query::Apps, apps(list));
        }
        desk.press("a");
        desk.press(&recipe.letter.to_string());
        let is_asked =
            desk.is_asking() || matches!(desk.state.screen.overlay, Some(Overlay::Form(_)));
        assert!(is_asked, "{}: {}", recipe.name, desk.notice());
    }
}

#[test]
fn an_operation_that_is_not_offered_says_why_and_the_menu_stays() {
    let mut own = context(0);
    own.support = without(&[Capability::Restart]);
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, vec![env("shop", "test", Status::Live)]);
    press_all(&mut desk, "a e");
    assert!(is_menu(&desk));
    assert_eq!(desk.notice(), "restart: it has none");
    desk.press("%");
    assert!(is_menu(&desk) && desk.notice().contains("is no action"));
    desk.press("esc");
    assert!(desk.state.screen.overlay.is_none());
}

#[test]
fn nothing_begins_from_the_menu_where_nothing_may_be_changed() {
    for change in [
        |own: &mut crate::app::contexts::Context| own.is_read_only = true,
        |own: &mut crate::app::contexts::Context| own.is_protected = true,
    ] {
        let mut own = context(0);
        change(&mut own);
        let mut desk = Desk::with(vec![own]);
        desk.lists(0, vec![env("shop", "test", Status::Live)]);
        for recipe in RECIPES {
            desk.press("a");
            desk.press(&recipe.letter.to_string());
            assert!(is_menu(&desk), "{}", recipe.name);
            desk.press("esc");
        }
    }
}

#[test]
fn a_key_that_is_held_down_begins_nothing() {
    let mut desk = desk();
    desk.press("a");
    let press = crate::app::keys::KeyPress::from_name("a").unwrap();
    desk.send(Message::Key {
        press,
        repeat: true,
    });
    assert!(is_menu(&desk));
}

#[test]
fn a_form_goes_on_to_the_question_with_what_was_typed() {
    let mut desk = desk();
    press_all(&mut desk, "a m");
    desk.press("enter");
    let problem = form(&desk).fields[0].problem.clone();
    assert_eq!(problem, Some(Text::clean("is missing")));
    desk.type_text("www.example.com");
    assert_eq!(form(&desk).fields[0].problem, None, "typing clears it");
    desk.press("enter");
    assert!(desk.is_asking());
    desk.press("y");
    let (_, operation) = desk.operated.last().unwrap();
    let name = "www.example.com".into();
    assert_eq!(operation.kind, OperationKind::AddDomain { name });
    assert_eq!(operation.target.title.as_str(), "blog/test");
}

#[test]
fn what_was_typed_is_there_when_the_form_is_opened_again_here_and_not_elsewhere() {
    let mut desk = desk();
    press_all(&mut desk, "a m");
    desk.type_text("www");
    desk.press("esc");
    assert!(desk.notice().contains("what you typed is kept"));
    desk.press("j");
    desk.rest();
    press_all(&mut desk, "a m");
    assert!(form(&desk).is_empty(), "another app");
    press_all(&mut desk, "esc k a m");
    assert!(!form(&desk).is_empty());
    desk.type_text(".example.com");
    press_all(&mut desk, "enter n a m");
    let Entry::Line(line) = &form(&desk).fields[0].entry else {
        panic!("a line");
    };
    assert_eq!(line.value(), "www.example.com", "also after a no");
}

fn refusal() -> Stage {
    Stage::Refused(Failure::Validation(vec![FieldProblem {
        field: Some(Text::clean("name")),
        problem: Text::clean("is taken"),
    }]))
}

/// A domain that was sent.
fn sent(desk: &mut Desk) -> crate::model::OperationTicket {
    press_all(desk, "a m");
    desk.type_text("www");
    press_all(desk, "enter y");
    desk.operated.last().unwrap().0
}

#[test]
fn a_refused_operation_brings_its_form_back_with_what_the_platform_says() {
    let mut desk = desk();
    let ticket = sent(&mut desk);
    desk.press("j");
    desk.event(ticket, refusal());
    assert_eq!(form(&desk).fields[0].problem, Some(Text::clean("is taken")));
    desk.type_text("jD");
    assert_eq!(form(&desk).fields[0].problem, Some(Text::clean("is taken")));
    desk.pass(500);
    desk.type_text("2");
    desk.press("enter");
    desk.press("y");
    let (_, operation) = desk.operated.last().unwrap();
    let name = "www2".into();
    assert_eq!(operation.kind, OperationKind::AddDomain { name });
    assert_eq!(
        operation.target.title.as_str(),
        "blog/test",
        "not what is selected since"
    );
}

#[test]
fn a_refusal_does_not_push_away_what_is_open() {
    let mut desk = desk();
    let ticket = sent(&mut desk);
    desk.press("?");
    desk.event(ticket, refusal());
    assert!(matches!(desk.state.screen.overlay, Some(Overlay::Help(_))));
    assert!(
        desk.notice().contains("a m there opens its form again"),
        "{}",
        desk.notice()
    );
    press_all(&mut desk, "esc a m");
    assert_eq!(form(&desk).fields[0].problem, Some(Text::clean("is taken")));
}

#[test]
fn what_went_well_is_forgotten() {
    let mut desk = desk();
    let ticket = sent(&mut desk);
    assert_eq!(desk.state.drafts.len(), 1);
    desk.event(ticket, Stage::Ended(Verdict::Done(None)));
    assert!(desk.state.drafts.is_empty());
}

fn domains(names: &[&str]) -> Payload {
    let domain = |name: &&str| Domain {
        id: DomainId::new(name),
        name: Text::clean(name),
        environment: None,
        status: Status::Live,
        message: None,
        is_primary: false,
        redirects: false,
        tls: None,
        instructions: Vec::new(),
        checked_at: None,
        details: Vec::new(),
    };
    Payload::Domains(Page::whole(names.iter().map(domain).collect()))
}

#[test]
fn a_list_is_read_while_its_form_is_open_and_chosen_from() {
    let mut desk = desk();
    let query = Query::Domains(EnvId::new("blog/test"));
    assert!(!desk.waits_for(0, &query));
    press_all(&mut desk, "a R");
    assert!(desk.waits_for(0, &query));
    let condition = |desk: &Desk| {
        form(desk).fields[0]
            .entry
            .picker()
            .unwrap()
            .condition
            .clone()
    };
    assert_eq!(condition(&desk), Condition::Loading);
    desk.press("enter");
    let missing = Some(Text::clean("is missing"));
    assert_eq!(
        form(&desk).fields[0].problem,
        missing,
        "nothing to take yet"
    );
    assert!(
        desk.report(&query, domains(&["a.example", "b.example"]))
            .redraw
    );
    assert_eq!(condition(&desk), Condition::Ready);
    desk.type_text("b.e");
    press_all(&mut desk, "enter");
    desk.pass(500);
    press_all(&mut desk, "y");
    let (_, operation) = desk.operated.last().expect("it was asked and answered");
    assert_eq!(
        operation.kind,
        OperationKind::RemoveDomain {
            id: DomainId::new("b.example"),
            name: "b.example".into()
        }
    );
    desk.pass(120_000);
    assert!(!desk.waits_for(0, &query), "nobody chooses any more");
}

#[test]
fn a_list_that_fails_keeps_what_was_known_and_says_so() {
    let mut desk = desk();
    let query = Query::Domains(EnvId::new("blog/test"));
    press_all(&mut desk, "a R");
    desk.report(&query, domains(&["a.example"]));
    desk.pass(61_000);
    desk.fail(0, &query, unreachable());
    let picker = form(&desk).fields[0].entry.picker().unwrap();
    assert!(matches!(picker.condition, Condition::Failed(_)));
    assert_eq!(picker.all.len(), 1);
}

#[test]
fn the_backup_that_is_selected_is_chosen_already() {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    let list = vec![
        backup("new", START - 10, BackupState::Done),
        backup("broken", START - 15, BackupState::Failed),
        backup("old", START - 20, BackupState::Done),
    ];
    desk.report(&backups_of("shop/test"), backups(list));
    press_all(&mut desk, "b j j a / r e s t o r e tab");
    let picker = form(&desk).fields[0].entry.picker().unwrap();
    assert!(picker.has("old"), "{:?}", picker.chosen);
    assert_eq!(picker.all.len(), 2, "from what failed nothing is restored");
}

#[test]
fn only_what_one_can_go_back_to_is_offered() {
    let mut desk = Desk::showing(vec![env("shop", "test", Status::Live)]);
    let mut current = deployment("now", Phase::Succeeded);
    current.is_current = true;
    let failed = deployment("bad", Phase::Failed);
    let list = vec![current, failed, deployment("before", Phase::Replaced)];
    desk.report(&deployments_of("shop/test"), deployments(list));
    press_all(&mut desk, "a j j j tab");
    let picker = form(&desk).fields[0].entry.picker().unwrap();
    let ids: Vec<_> = picker.all.iter().map(|it| it.chosen.id.as_str()).collect();
    assert_eq!(ids, ["before"]);
}

#[test]
fn a_pasted_secret_keeps_its_lines_and_stays_hidden() {
    let mut desk = desk();
    press_all(&mut desk, "a v");
    desk.type_text("KEY");
    desk.press("tab");
    desk.send(Message::Paste(
        "-----BEGIN\r\ncanary\u{1b}[31m\n-----END\n".into(),
    ));
    assert!(!format!("{:?}", desk.state).contains("canary"));
    press_all(&mut desk, "enter enter y");
    let (_, operation) = desk.operated.last().unwrap();
    let OperationKind::SetVariable { value, .. } = &operation.kind else {
        panic!("{operation:?}");
    };
    assert_eq!(value.expose(), "-----BEGIN\ncanary[31m\n-----END");
}

#[test]
fn arrows_count_within_the_bounds_and_letters_are_no_digits() {
    let mut desk = desk();
    press_all(&mut desk, "a c x up up down down down");
    desk.press("enter");
    let Entry::Line(line) = &form(&desk).fields[0].entry else {
        panic!("a line");
    };
    assert_eq!(line.value(), "0");
    let scale = Recipe::named("scale").unwrap();
    assert_eq!(form(&desk).recipe, scale);
}

#[test]
fn the_palette_runs_what_is_typed_and_remembers_it() {
    let mut desk = desk();
    desk.press(":");
    desk.type_text("pause");
    desk.press("enter");
    assert!(desk.state.is_paused && desk.state.screen.overlay.is_none());
    desk.press("ctrl-p");
    let Some(Overlay::Palette(palette)) = &desk.state.screen.overlay else {
        panic!("the palette is open");
    };
    let first = palette.rows.first();
    assert_eq!(
        first,
        Some(&Command::Action(crate::app::action::Action::Pause))
    );
}

#[test]
fn the_palette_goes_to_an_app_whatever_is_listed() {
    let mut desk = desk();
    desk.press("/");
    desk.type_text("blog");
    desk.press("enter");
    desk.press(":");
    desk.type_text("shop");
    desk.press("enter");
    assert_eq!(desk.selected(), "shop");
    assert_eq!(desk.state.screen.focus, Pane::Apps);
}

#[test]
fn the_palette_says_why_not_and_stays() {
    let mut own = context(0);
    own.is_read_only = true;
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, vec![env("shop", "test", Status::Live)]);
    for typed in ["set-var", "deploy"] {
        desk.press(":");
        desk.type_text(typed);
        desk.press("enter");
        assert!(
            desk.notice().contains("read-only"),
            "{typed}: {}",
            desk.notice()
        );
        assert!(matches!(
            desk.state.screen.overlay,
            Some(Overlay::Palette(_))
        ));
        desk.press("esc");
    }
}

#[test]
fn an_action_of_another_pane_is_done_there() {
    let mut desk = desk();
    desk.press("b");
    desk.press(":");
    desk.type_text("follow");
    desk.press("enter");
    assert_eq!(desk.state.screen.focus, Pane::Logs);
    assert!(!desk.state.panes.logs.follows);
}

#[test]
fn contexts_are_hidden_and_listed_again() {
    let mut desk = Desk::new(2);
    desk.lists(0, vec![env("shop", "live", Status::Live)]);
    desk.lists(1, vec![env("blog", "live", Status::Live)]);
    press_all(&mut desk, "c g space esc");
    assert_eq!(desk.listed(), ["blog"]);
    desk.press("esc");
    assert_eq!(desk.listed().len(), 2, "Esc lists all");
    press_all(&mut desk, "c g enter");
    assert_eq!(desk.listed(), ["shop"]);
    desk.press(":");
    desk.type_text("c1");
    desk.press("enter");
    assert_eq!(desk.listed(), ["blog"]);
    assert!(desk.state.panes.apps.hidden.has(ContextId(0)));
}

#[test]
fn the_selection_is_copied_in_parts() {
    let mut own = env("shop", "test", Status::Live);
    own.url = Some(Text::clean("https://shop.example"));
    let mut desk = Desk::showing(vec![own]);
    for (keys, expected) in [
        ("y n", "shop/test"),
        ("y i", "shop/test"),
        ("y u", "https://shop.example"),
        ("y s", "c0 shop/test LIVE"),
        ("y j j enter", "https://shop.example"),
    ] {
        assert_eq!(copied(&mut desk, keys).as_deref(), Some(expected), "{keys}");
        assert!(desk.notice().contains("copied the"));
    }
    assert_eq!(copied(&mut Desk::new(2), "y n"), None);
}

#[test]
fn the_command_is_that_of_the_last_operation_here_else_of_what_is_offered() {
    let mut desk = desk();
    let offered = "flightdeck do deploy c0:blog/test --mode auto --yes --wait";
    assert_eq!(copied(&mut desk, "Y").as_deref(), Some(offered));
    sent(&mut desk);
    let done = "flightdeck do add-domain c0:blog/test --name www --yes --wait";
    assert_eq!(copied(&mut desk, "Y").as_deref(), Some(done));
    let log = "flightdeck logs c0:blog/test --follow";
    assert_eq!(copied(&mut desk, "l Y").as_deref(), Some(log));
}

#[test]
fn an_address_is_opened_here_and_copied_over_ssh() {
    let mut own = env("shop", "test", Status::Live);
    own.url = Some(Text::clean("https://shop.example"));
    let mut desk = Desk::showing(vec![own.clone()]);
    let url = "https://shop.example".to_owned();
    assert_eq!(desk.press("o").effects, [Effect::OpenUrl(url.clone())]);
    desk.send(Message::NotOpened("there is no xdg-open".into()));
    assert!(desk.notice().contains("y u copies"));
    desk.state.is_remote = true;
    assert_eq!(desk.press("o").effects, [Effect::CopyText(url)]);
    own.url = Some(Text::clean("javascript:alert(1)"));
    let mut desk = Desk::showing(vec![own]);
    assert_eq!(desk.press("o").effects, []);
    assert!(desk.notice().contains("is no web address"));
}

#[test]
fn help_lists_what_the_platform_does_not_offer() {
    let mut own = context(0);
    own.support = without(&[Capability::Deploy, Capability::Scale]);
    let mut desk = Desk::with(vec![own]);
    desk.lists(0, vec![env("shop", "test", Status::Live)]);
    desk.press("?");
    desk.type_text("set the number");
    desk.press("enter");
    assert_eq!(desk.notice(), "scale: it has none");
}
