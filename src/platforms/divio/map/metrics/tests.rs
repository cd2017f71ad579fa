use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(series: &Value) -> Metric {
    let about = json!({"uuid": "m", "identifier": "cpu", "title": "CPU", "unit": "%"});
    let answer = json!({
        "metrics": {"cpu": series},
        "from_ts": "2024-03-02T09:00:00Z",
        "interval": 60,
    });
    metric(
        &serde_json::from_value(about).unwrap(),
        &serde_json::from_value(answer).unwrap(),
    )
}

/// The series in short: `label: seconds after nine=value`.
fn check(series: &Value, expected: &[&str]) {
    let nine: Timestamp = "2024-03-02T09:00:00Z".parse().unwrap();
    let metric = read(series);
    let lines = metric.series.iter().map(|series| {
        let points = series.points.iter().map(|point| {
            let seconds = point.at.duration_since(nine).as_secs();
            format!("{seconds}={}", point.value)
        });
        format!("{}: {}", series.label, points.collect::<Vec<_>>().join(" "))
    });
    assert_eq!(lines.collect::<Vec<_>>(), expected, "{series}");
    assert_eq!(metric.problem, None, "{series}");
}

#[test]
fn every_likely_shape_is_read() {
    check(&json!([1, 2.5]), &[": 0=1 60=2.5"]);
    check(&json!([1, null, 3]), &[": 0=1 120=3"]);
    check(&json!([["2024-03-02T09:00:30Z", 7]]), &[": 30=7"]);
    check(
        &json!([[1_709_370_030, "7.5"], [1_709_370_000_000_i64, 1]]),
        &[": 0=1 30=7.5"],
    );
    check(&json!([[1_709_370_030.5, 7]]), &[": 30=7"]);
    for (time, value) in [
        ("timestamp", "value"),
        ("ts", "v"),
        ("time", "y"),
        ("x", "y"),
    ] {
        check(
            &json!([{time: "2024-03-02T09:01:00Z", value: 3}]),
            &[": 60=3"],
        );
    }
    for key in ["data", "values", "series", "points"] {
        check(&json!({key: [1]}), &[": 0=1"]);
    }
    check(
        &json!({"web": [1], "worker": {"values": [2]}, "shell": null}),
        &["shell: ", "web: 0=1", "worker: 0=2"],
    );
}

#[test]
fn no_data_is_no_problem() {
    check(&json!(null), &[]);
    check(&json!([]), &[": "]);
}

#[test]
fn an_unknown_shape_says_so() {
    for odd in [
        json!("text"),
        json!(7),
        json!(true),
        json!({}),
        json!({"web": "text"}),
        json!([["yesterday", 1]]),
        json!([[1, 2, 3]]),
        json!([{"at": 1, "value": 2}]),
    ] {
        let metric = read(&odd);
        assert!(
            metric.series.is_empty() && metric.problem.is_some(),
            "{odd}"
        );
    }
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~]{0,20}".prop_map(Value::from),
        Just(json!("2024-03-02T09:00:00Z")),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let keys = prop_oneof![
            Just("values".to_owned()),
            Just("ts".to_owned()),
            Just("v".to_owned()),
            "[a-z]{1,4}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(keys, inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_shape_breaks_it(series in anything(), from in anything(), interval in anything()) {
        let about = json!({"uuid": "m", "identifier": "cpu"});
        let answer = json!({"metrics": {"cpu": series}, "from_ts": from, "interval": interval});
        let metric = metric(
            &serde_json::from_value(about).unwrap(),
            &serde_json::from_value(answer).unwrap(),
        );
        for series in metric.series {
            prop_assert!(series.points.is_sorted_by_key(|point| point.at));
            prop_assert!(series.points.iter().all(|point| point.value.is_finite()));
        }
    }
}
