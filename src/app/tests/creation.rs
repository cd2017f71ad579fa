//! What a platform asks for when an app is created, what is edited as a whole, and a domain that an
//! installation waits for.

use super::kit::*;
use crate::app::contexts::Context;
use crate::app::form::{Entry, FormState};
use crate::app::message::Effect;
use crate::app::screen::Overlay;
use crate::model::catalogue::{Field, FieldKind, Group, On, Recipe};
use crate::model::{
    AuthProblem, Capability, ContextId, Creation, Detail, DetailValue, Domain, DomainId, EnvId,
    Failure, FieldProblem, OperationKind, OperationTicket, Page, Payload, Profile, Query, Safety,
    Special, Stage, Stakes, Status, Text,
};

const GEOS: [(&str, &str); 2] = [("us", "United States"), ("eu", "European Union")];

static DECLARES: Profile = Profile {
    creation: Creation {
        name: "The name of the project",
        fields: &[
            Field::new("geo", FieldKind::Choice(&GEOS), "Where its data stays"),
            Field::text("region", "Which region").optional(),
        ],
    },
    specials: &[&CONFIGURE],
    ..BY_APP
};

static CONFIGURE: Special = Special {
    recipe: Recipe {
        name: "configure",
        capability: Capability::Special,
        group: Group::Own,
        letter: '1',
        on: On::App,
        about: "Changes the configuration",
        fields: &[Field::text("settings", "An object")],
        build: |inputs| {
            Ok(OperationKind::Special {
                what: &CONFIGURE,
                inputs: inputs.clone(),
            })
        },
    },
    verb: "configure",
    stakes: Stakes::Traffic,
    safety: Safety::Once,
    needs_no_credential: false,
};

fn desk() -> Desk {
    let context = Context::new(ContextId(0), Text::clean("c0"), &DECLARES, everything());
    let mut desk = Desk::with(vec![context]);
    desk.lists(0, vec![env("shop", "test", Status::Live)]);
    desk.rest();
    desk
}

fn form(desk: &Desk) -> &FormState {
    match &desk.state.screen.overlay {
        Some(Overlay::Form(form)) => form,
        other => panic!("no form is open: {other:?}"),
    }
}

fn typed(desk: &Desk, field: &str) -> String {
    let field = form(desk).fields.iter().find(|it| it.field.name == field);
    match &field.unwrap().entry {
        Entry::Line(line) => line.value().to_owned(),
        other => panic!("{other:?} is no line"),
    }
}

fn create(desk: &mut Desk) {
    desk.press("a");
    desk.press("A");
    desk.type_text("demo");
    desk.press("tab");
    desk.press("right");
    desk.press("ctrl-enter");
    desk.pass(600);
    desk.press("y");
}

#[test]
fn declared_answers_are_the_inputs_of_the_operation() {
    let mut desk = desk();
    create(&mut desk);
    let (_, operation) = desk.operated.last().unwrap();
    let inputs = vec![("geo".to_owned(), "us".to_owned())];
    let name = "demo".to_owned();
    assert_eq!(operation.kind, OperationKind::CreateApp { name, inputs });
    let command = crate::app::command::of_operation(&desk.state, operation).unwrap();
    assert!(
        command.contains("do create-app c0: --name demo --set 'geo=us'"),
        "{command}"
    );
}

#[test]
fn a_refused_creation_opens_again_with_what_was_answered() {
    let mut desk = desk();
    create(&mut desk);
    let complaint = FieldProblem {
        field: Some(Text::clean("geo")),
        problem: Text::clean("is closed"),
    };
    let refused = Stage::Refused(Failure::Validation(vec![complaint]));
    desk.event(OperationTicket(1), refused);
    let fields = &form(&desk).fields;
    assert_eq!(fields[1].problem, Some(Text::clean("is closed")));
    assert!(matches!(fields[1].entry, Entry::Choice(Some(0))));
    assert_eq!(typed(&desk, "name"), "demo");
    // Closed and opened again, it is as it was left.
    desk.pass(600);
    desk.press("esc");
    desk.press("a");
    desk.press("A");
    assert_eq!(typed(&desk, "name"), "demo");
}

#[test]
fn a_configuration_is_edited_from_what_the_app_has() {
    let mut desk = desk();
    let mut shop = app("shop");
    let text = Text::clean("{\"plan\": \"small\"}");
    shop.details = vec![Detail::new("configuration", DetailValue::Text(text))];
    desk.pass(300_000);
    desk.answer(0, &Query::Apps, Ok(apps(vec![shop])));
    desk.press("a");
    desk.press("1");
    assert_eq!(typed(&desk, "settings"), "{\"plan\": \"small\"}");
}

fn waiting(name: &str) -> Domain {
    Domain {
        id: DomainId::new("d1"),
        name: Text::clean(name),
        environment: None,
        status: Status::Degraded,
        message: None,
        is_primary: true,
        redirects: false,
        tls: None,
        checked_at: None,
        instructions: vec![Text::clean("CNAME www.example.com shop.example.net")],
        details: Vec::new(),
    }
}

fn awaiting() -> (Desk, Query) {
    let context = Context::new(ContextId(0), Text::clean("c0"), &DECLARES, everything());
    let mut desk = Desk::with(vec![context]);
    desk.lists(0, vec![env("shop", "test", Status::Degraded)]);
    desk.rest();
    (desk, Query::Domains(EnvId::new("shop/test")))
}

#[test]
fn records_are_read_for_what_waits_and_for_nothing_else() {
    let (mut desk, domains) = awaiting();
    assert!(!desk.waits_for(0, &domains), "nobody looks");
    desk.press("i");
    desk.rest();
    assert!(desk.waits_for(0, &domains));
    let mut live = self::desk();
    live.press("i");
    live.rest();
    assert!(!live.waits_for(0, &domains), "it is live");
}

#[test]
fn an_installation_is_gone_on_with_for_the_domain_it_waits_for() {
    let (mut desk, domains) = awaiting();
    desk.press("i");
    desk.rest();
    let page = Page::whole(vec![waiting("www.example.com")]);
    desk.answer(0, &domains, Ok(Payload::Domains(page)));
    desk.press("a");
    desk.press("C");
    assert_eq!(typed(&desk, "domain"), "www.example.com");
    desk.press("esc");
    desk.press("a");
    desk.press("f");
    let picker = form(&desk).fields[0].entry.picker().unwrap();
    assert_eq!(picker.chosen[0].id, "d1");
    desk.press("esc");
    desk.press("y");
    let outcome = desk.press("1");
    let record = "CNAME www.example.com shop.example.net".to_owned();
    assert!(outcome.effects.contains(&Effect::CopyText(record)));
}

#[test]
fn a_token_of_the_wrong_kind_stops_the_context_and_says_what_it_is() {
    let mut desk = Desk::new(1);
    let unfit = Failure::Auth(AuthProblem::Unfit {
        what: Text::clean("a service token"),
        advice: Text::clean("create a management client"),
    });
    desk.fail(0, &Query::AllEnvironments, unfit);
    let context = desk.first_context();
    let told = context.bad_credential.as_ref().unwrap();
    assert_eq!(
        told.headline(),
        "wrong kind of token: this is a service token"
    );
    desk.pass(600_000);
    assert!(
        !desk.waits_for(0, &Query::AllEnvironments),
        "it is not tried again"
    );
}
