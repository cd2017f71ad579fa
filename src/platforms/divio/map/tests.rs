use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::model::{AppId, DetailValue, Environment, OrgId, Phase, Status};
use crate::platforms::divio::known::Known;
use crate::platforms::divio::wire;

fn read(record: Value) -> Environment {
    let panel = Panel::beside(&Url::parse("https://api.divio.com").unwrap());
    let organisation = OrgId::new("org");
    let app = AppId::new("app");
    let around = Around {
        panel: &panel,
        organisation: Some(&organisation),
        app: Some(&app),
        known: &Known::default(),
    };
    let record: wire::Environment = serde_json::from_value(record).unwrap();
    environment(&record, &around).unwrap()
}

fn check(record: &Value, status: &Status, reason: Option<&str>) {
    let mut whole = json!({"uuid": "e", "slug": "live"});
    for (key, value) in record.as_object().unwrap() {
        whole[key] = value.clone();
    }
    let environment = read(whole);
    let shown = environment.reason.as_ref().map(crate::model::Text::as_str);
    assert_eq!((&environment.status, shown), (status, reason), "{record}");
}

#[test]
fn an_environment_is_what_it_last_did() {
    let good = json!({"uuid": "d", "success": true, "ended_at": "2024-03-02T10:00:00Z"});
    let bad = json!({"uuid": "d", "success": false, "ended_at": "2024-03-02T10:00:00Z"});
    let running = json!({"uuid": "d", "ended_at": null, "status": "Scaling"});
    check(&json!({}), &Status::Stopped, Some("never deployed"));
    check(
        &json!({"last_finished_deployment": good}),
        &Status::Live,
        None,
    );
    check(
        &json!({"currently_released_deployment": good}),
        &Status::Live,
        None,
    );
    check(
        &json!({"last_finished_deployment": bad, "currently_released_deployment": good}),
        &Status::Failed,
        Some("last deployment failed"),
    );
    check(
        &json!({"last_finished_deployment": bad, "currently_running_deployment": running}),
        &Status::Deploying,
        Some("Scaling"),
    );
    // What has ended does not run, whatever list it stands in.
    check(
        &json!({"last_finished_deployment": good, "currently_running_deployment": good}),
        &Status::Live,
        None,
    );
}

#[test]
fn an_environment_links_to_the_control_panel() {
    let environment = read(json!({"uuid": "e"}));
    let link = environment
        .details
        .iter()
        .find(|detail| detail.label == "Control panel");
    let expected = crate::model::Text::clean("https://control.divio.com/o/org/app/app/");
    assert_eq!(
        link.map(|link| &link.value),
        Some(&DetailValue::Url(expected))
    );
    assert_eq!(environment.name.as_str(), "e");
}

#[test]
fn a_result_ends_a_deployment_even_without_an_end() {
    let phase = |record: Value| {
        let record: wire::Deployment = serde_json::from_value(record).unwrap();
        deployment(&record, None).phase
    };
    assert_eq!(phase(json!({"uuid": "d"})), Phase::Deploying);
    assert_eq!(
        phase(json!({"uuid": "d", "success": true})),
        Phase::Succeeded
    );
    assert_eq!(phase(json!({"uuid": "d", "success": false})), Phase::Failed);
    assert_eq!(
        phase(json!({"uuid": "d", "success": "SUCCESS"})),
        Phase::Deploying
    );
    assert_eq!(
        phase(json!({"uuid": "d", "status": "failed"})),
        Phase::Deploying
    );
}

/// Any value for any field of an environment.
fn field() -> impl Strategy<Value = (String, Value)> {
    let names = prop::sample::select(vec![
        "application",
        "slug",
        "branch",
        "is_production_grade",
        "last_finished_deployment",
        "currently_running_deployment",
        "currently_released_deployment",
        "ssh_endpoint",
        "pending_commit_count",
        "pending_changes",
        "next_scheduled_backup_occurence",
    ]);
    let values = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({"uuid": "d", "success": "x", "percent": -9_000_000_000_i64})),
        Just(json!({"user": "u", "host": "h", "port": "22"})),
    ];
    (names.prop_map(str::to_owned), values)
}

proptest! {
    #[test]
    fn no_field_costs_the_record(fields in prop::collection::vec(field(), 0..8)) {
        let mut record = json!({"uuid": "e"});
        for (name, value) in fields {
            record[name] = value;
        }
        let environment = read(record);
        prop_assert_eq!(environment.id.as_str(), "e");
    }
}
