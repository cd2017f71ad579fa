use super::*;
use crate::model::Scratch;

fn app(id: &str) -> AppId {
    ids::managed(id)
}

fn at(second: i64) -> Option<Timestamp> {
    Timestamp::from_second(second).ok()
}

/// `uuid state first-last` of each, newest first.
async fn check(known: &Known, id: &str, expected: &[&str]) {
    let seen = known.of(&app(id)).await;
    let second = |at: Option<Timestamp>| at.map_or(-1, Timestamp::as_second);
    let lines = seen.iter().map(|it| {
        let state = it.state.as_ref().map_or("-", Text::as_str);
        format!(
            "{} {state} {}-{}",
            it.uuid,
            second(it.first),
            second(it.last)
        )
    });
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_deployment_is_kept_once_and_between_runs() {
    let notebook = Arc::new(Scratch::default());
    let known = Known::new(notebook.clone());
    known.saw(&app("1"), "a", Some("PENDING"), at(1)).await;
    known.saw(&app("1"), "b", None, at(2)).await;
    known.saw(&app("2"), "a", Some("RUNNING"), at(3)).await;
    known.saw(&app("1"), "a", Some("FAILED"), at(4)).await;
    known.saw(&app("1"), "a", Some("FAILED"), at(5)).await;
    check(&known, "1", &["b - 2-2", "a FAILED 1-5"]).await;
    check(&known, "2", &["a RUNNING 3-3"]).await;
    assert!(known.has(&app("2"), "a").await);
    assert!(!known.has(&app("2"), "b").await);

    // That it was only seen again is no news for the file.
    assert_eq!(notebook.notes().len(), 4);
    let later = Known::new(notebook);
    check(&later, "1", &["b - 2-2", "a FAILED 1-4"]).await;
}

#[tokio::test]
async fn lines_that_are_broken_are_passed_over() {
    let notebook = Arc::new(Scratch::default());
    let good = r#"{"app":"1","deployment":"a"}"#;
    let later = r#"{"app":"1","deployment":"b","state":"X\u001b[2J","word":[1]}"#;
    for line in [
        "",
        "{",
        "null",
        r#"{"app":"1"}"#,
        good,
        r#"{"app":"","deployment":""}"#,
    ] {
        notebook.note(line);
    }
    notebook.note(r#"{"app":"1","deployment":"c","first":"yesterday"}"#);
    notebook.note(later);
    check(&Known::new(notebook), "1", &["b X -1--1", "a - -1--1"]).await;
}

#[tokio::test]
async fn the_oldest_go_of_one_app_and_of_all() {
    let known = Known::new(Arc::new(Scratch::default()));
    let of = |id: &str, count: usize| {
        let app = app(id);
        let seen = move |n| Seen::new(&app, &format!("{n:04}"), None, None);
        (0..count).map(seen).collect::<Vec<_>>()
    };
    known.saw_all(of("busy", PER_APP + 3)).await;
    let busy = known.of(&app("busy")).await;
    assert_eq!(busy.len(), PER_APP);
    assert_eq!((&*busy[0].uuid, &*busy[PER_APP - 1].uuid), ("0202", "0003"));

    for id in 0..IN_ALL {
        known.saw_all(of(&format!("app-{id}"), 1)).await;
    }
    assert_eq!(known.of(&app("busy")).await, []);
    assert_eq!(known.open().await.0.len(), IN_ALL);
}
