//! How long what was said holds.

use serde_json::json;

use super::*;
use crate::platforms::tsuru::{folded, map};

fn app(name: &str) -> Arc<wire::App> {
    let metrics = json!([{"ID": "u1", "CPU": "100m", "Memory": "1Mi"}]);
    let value = json!({"name": name, "unitsMetrics": metrics});
    Arc::new(folded::from_value(value).unwrap())
}

fn at(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(1_800_000_000 + seconds).ok()
}

#[tokio::test(start_paused = true)]
async fn readings_are_those_of_the_last_hour_and_few() {
    let memory = Memory::default();
    for seconds in 0..5000 {
        let app = app("shop");
        let sample = map::sample(&app);
        memory.remember_full(app, sample, at(seconds));
    }
    let samples = memory.samples("shop");
    assert_eq!(samples.len(), 361);
    assert_eq!(samples.last().unwrap().0, at(4990).unwrap());
    assert!(memory.samples("blog").is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_app_that_was_not_used_for_longest_makes_room() {
    let memory = Memory::default();
    for number in 0..=APPS {
        tokio::time::advance(Duration::from_millis(1)).await;
        memory.remember_full(app(&format!("app{number}")), Vec::new(), None);
    }
    assert!(memory.full("app0").is_none());
    assert!(memory.full("app1").is_some());
    tokio::time::advance(FULL_HOLDS).await;
    assert!(memory.full("app1").is_none());
}
