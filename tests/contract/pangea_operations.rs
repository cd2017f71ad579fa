//! Pangea: what each operation sends, when nothing is sent, and what becomes of a lost answer.

use flightdeck::model::{Accepted, AppId, Failure, OperationKind, OrgId, Safety, Witness};
use flightdeck::platforms::Found;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::harness::Bench;
use crate::pangea_harness::{
    CREATE, DELETE, GET, GET_ORG, LIST, ORG, OTHER, PROJECT, REQUEST, UPDATE, UPDATE_ORG, create,
    delete, envelope, listing, note, operation, organisation, project, rename, rename_organisation,
    start, start_with, success, told,
};

/// Every operation, where it goes, and what it says.
fn every() -> [(OperationKind, &'static str, Value); 4] {
    [
        (
            create(" shop ", &[("geo", "eu"), ("region", "eu-central-1")]),
            CREATE,
            json!({"org_id": ORG, "name": "shop", "geo": "eu", "region": "eu-central-1"}),
        ),
        (
            rename("till"),
            UPDATE,
            json!({"id": PROJECT, "name": "till"}),
        ),
        (delete("checkout"), DELETE, json!({"id": PROJECT})),
        (
            rename_organisation("Example plc"),
            UPDATE_ORG,
            json!({"id": ORG, "name": "Example plc"}),
        ),
    ]
}

/// A platform with one project, that answers what changes something so.
async fn answering(answer: ResponseTemplate) -> Bench {
    let pangea = start().await;
    mount(&pangea, answer).await;
    pangea
}

async fn mount(pangea: &Bench, answer: ResponseTemplate) {
    let one = success(&project(PROJECT, "checkout"));
    pangea.answer("POST", GET, one).await;
    for (_, path, _) in every() {
        pangea.answer("POST", path, answer.clone()).await;
    }
}

/// What was sent that changes something.
async fn changes(pangea: &Bench) -> Vec<String> {
    let mut sent = pangea.sent().await;
    sent.retain(|line| ![GET, LIST, GET_ORG].iter().any(|read| line.ends_with(read)));
    sent
}

#[tokio::test]
async fn each_operation_is_one_request() {
    for (kind, path, body) in every() {
        let pangea = answering(success(&Value::Null)).await;
        let accepted = pangea.operate(kind.clone()).await.unwrap();
        assert_eq!(accepted, Accepted::default(), "{kind:?}");
        assert_eq!(changes(&pangea).await, [format!("POST {path}")]);
        assert_eq!(pangea.last_body().await, body);
        let safety = pangea.platform.safety(&operation(kind.clone()));
        assert_eq!(safety, Safety::Once, "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_made_is_named_by_its_id_and_an_absent_region_stays_out() {
    let pangea = answering(success(&project(OTHER, "shop"))).await;
    let kind = create("shop", &[("geo", "us"), ("region", " ")]);
    let accepted = pangea.operate(kind).await.unwrap();
    assert_eq!(note(accepted.note.as_ref()), format!("its id is {OTHER}"));
    let body = pangea.last_body().await;
    assert_eq!(body, json!({"org_id": ORG, "name": "shop", "geo": "us"}));
}

#[tokio::test]
async fn nothing_leaves_a_read_only_context() {
    let pangea = start_with(|connection| connection.read_only = true).await;
    mount(&pangea, success(&Value::Null)).await;
    for (kind, _, _) in every() {
        let failure = pangea.operate(kind).await.unwrap_err();
        assert_eq!(failure, Failure::ReadOnly);
    }
    assert_eq!(pangea.sent().await, [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_meant_is_not_sent() {
    let pangea = answering(success(&Value::Null)).await;
    for (kind, expected) in [
        (create(" ", &[("geo", "us")]), "name: is empty"),
        (create("a", &[]), "geo: say which: us or eu"),
        (create("a", &[("geo", "mars")]), "geo: is us or eu"),
        (
            create("a", &[("geo", "us"), ("plan", "x")]),
            "plan: a project is made from a name, `geo` and `region`",
        ),
        (rename(""), "name: is empty"),
        (rename_organisation("\t"), "name: is empty"),
        (
            OperationKind::RenameOrganisation {
                id: OrgId::new("org-1"),
                name: "a".to_owned(),
            },
            "organisation: `org-1` is no id of an organisation: these are `poi_` and then letters a \
             to z and digits 2 to 7",
        ),
        (
            delete("Checkout"),
            "app: the project is called checkout: type that",
        ),
    ] {
        let failure = pangea.operate(kind.clone()).await.unwrap_err();
        assert_eq!(failure.headline(), expected);
    }
    let mut elsewhere = operation(rename("a"));
    elsewhere.target.app = Some(AppId::new("app-1"));
    let answer = pangea.platform.operate(&elsewhere, None, &mut |_| {}).await;
    assert!(matches!(answer, Err(Failure::Validation(_))), "{answer:?}");
    assert_eq!(changes(&pangea).await, [""; 0]);
}

#[tokio::test]
async fn an_id_of_another_length_is_tried_and_remarked_on() {
    let pangea = answering(success(&Value::Null)).await;
    let mut odd = operation(rename("till"));
    odd.target.app = Some(AppId::new("ppi_abc"));
    let accepted = pangea.platform.operate(&odd, None, &mut |_| {}).await;
    let accepted = accepted.unwrap();
    let note = note(accepted.note.as_ref());
    assert!(note.contains("usually has 36 characters"), "{note}");
    assert_eq!(pangea.last_body().await["id"], "ppi_abc");
}

#[tokio::test]
async fn what_is_gone_is_deleted() {
    let gone = || envelope(404, "NotFound", "", &Value::Null);
    let pangea = answering(gone()).await;
    let accepted = pangea.operate(delete("checkout")).await.unwrap();
    assert_eq!(note(accepted.note.as_ref()), "it was gone already");
    let pangea = start().await;
    pangea.answer("POST", GET, gone()).await;
    let accepted = pangea.operate(delete("checkout")).await.unwrap();
    assert_eq!(note(accepted.note.as_ref()), "it was gone already");
    assert_eq!(changes(&pangea).await, [""; 0]);
    // Somebody else's 404 says nothing of the project.
    let pangea = answering(ResponseTemplate::new(404)).await;
    pangea.operate(delete("checkout")).await.unwrap_err();
    // Elsewhere it is a failure.
    let pangea = answering(gone()).await;
    let failure = pangea.operate(rename("till")).await.unwrap_err();
    assert!(matches!(failure, Failure::NotFound { .. }), "{failure:?}");
}

#[tokio::test]
async fn what_the_platform_refuses_is_sent_once_and_told() {
    let complaint = json!({"errors": [
        {"code": "NotEnumMember", "detail": "no such region", "source": "/region"},
    ]});
    for (answer, expected) in [
        (
            envelope(400, "ValidationError", "", &complaint),
            "region: no such region (NotEnumMember)",
        ),
        (envelope(200, "Forbidden", "", &Value::Null), "not allowed"),
        (
            envelope(402, "NoCredit", "pay", &Value::Null),
            "NoCredit: pay",
        ),
        (
            envelope(500, "InternalError", "", &Value::Null),
            "server error 500",
        ),
        (
            envelope(429, "TooManyRequests", "", &Value::Null),
            "rate limited",
        ),
        (ResponseTemplate::new(503), "temporarily unavailable"),
        (ResponseTemplate::new(200), "does not understand"),
    ] {
        for (kind, path, _) in every() {
            let pangea = answering(answer.clone()).await;
            let failure = pangea.operate(kind).await.unwrap_err();
            assert!(told(&failure).contains(expected), "{path}: {failure:?}");
            assert_eq!(changes(&pangea).await, [format!("POST {path}")]);
        }
    }
    let pangea = answering(envelope(402, "NoCredit", "pay", &Value::Null)).await;
    let failure = pangea.operate(rename("till")).await.unwrap_err();
    assert_eq!(failure.request_id().unwrap().as_str(), REQUEST);
}

/// What becomes of an operation whose answer is lost, with the projects and the organisation as they
/// are now.
async fn found(pangea: &Bench, kind: OperationKind, before: &Witness) -> Found {
    let operation = operation(kind);
    pangea.platform.look_for(&operation, before).await.unwrap()
}

#[tokio::test]
async fn a_lost_creation_is_found_by_what_is_new() {
    let (old, new) = (project(PROJECT, "shop"), project(OTHER, "shop"));
    let kind = || create("shop", &[("geo", "us")]);
    for (after, expected) in [
        (vec![old.clone()], Found::NotYet),
        (vec![old.clone(), new.clone()], Found::HappenedAndEnded),
        (vec![new, project("ppi_third", "shop")], Found::CannotTell),
    ] {
        // Filters may leave out what is looked for.
        let pangea = start_with(|connection| {
            connection.settings = crate::pangea_harness::settings(&[("geo", "eu")]);
        })
        .await;
        pangea
            .once("POST", LIST, listing(std::slice::from_ref(&old)))
            .await;
        pangea.answer("POST", LIST, listing(&after)).await;
        let before = pangea.platform.witness(&operation(kind())).await.unwrap();
        assert_eq!(found(&pangea, kind(), &before).await, expected);
        assert_eq!(pangea.last_body().await.get("filter"), None);
        assert_eq!(
            found(&pangea, kind(), &Witness(None)).await,
            Found::CannotTell
        );
    }
}

#[tokio::test]
async fn a_lost_change_is_found_by_how_things_are() {
    let none = Witness(None);
    let pangea = answering(success(&Value::Null)).await;
    pangea
        .answer("POST", GET_ORG, success(&organisation()))
        .await;
    for (kind, expected) in [
        (rename("checkout"), Found::HappenedAndEnded),
        (rename("till"), Found::NotYet),
        // It may be about to go.
        (delete("checkout"), Found::NotYet),
        (rename_organisation("Example Ltd"), Found::HappenedAndEnded),
        (rename_organisation("Example plc"), Found::NotYet),
    ] {
        assert_eq!(
            found(&pangea, kind.clone(), &none).await,
            expected,
            "{kind:?}"
        );
    }
    let pangea = start().await;
    let gone = envelope(404, "NotFound", "", &Value::Null);
    pangea.answer("POST", GET, gone).await;
    let expected = Found::HappenedAndEnded;
    assert_eq!(found(&pangea, delete("checkout"), &none).await, expected);
}
