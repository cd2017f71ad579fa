use super::*;
use crate::model::Text;

fn line(text: &str) -> LogLine {
    LogLine::output(None, Text::default(), text)
}

fn deploy(app: &str) -> Subject {
    Subject {
        app: Some(app.to_owned()),
        kind: "app.deploy",
    }
}

fn told(came: &Came) -> String {
    match came {
        Came::Lines { lines, gone } => {
            let lines: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
            format!("{gone} gone, {}", lines.join("/"))
        }
        Came::Over(over) => format!("{over:?}"),
    }
}

#[tokio::test]
async fn who_follows_sees_all_and_the_end() {
    let live = Live::default();
    let writer = live.begin(deploy("shop"));
    writer.opened(Some("e1".into()));
    writer.push([line("a"), line("b")]);
    let mut late = live.of_event("e1").unwrap();
    assert_eq!(told(&late.next().await), "0 gone, a/b");
    assert!(late.now().is_none());
    let (came, ()) = tokio::join!(late.next(), async {
        tokio::task::yield_now().await;
        writer.push([line("c")]);
    });
    assert_eq!(told(&came), "0 gone, c");
    writer.push([line("d")]);
    writer.end(&Verdict::Failed("no".into()));
    drop(writer);
    assert_eq!(told(&late.next().await), "0 gone, d");
    assert_eq!(told(&late.next().await), "Complete");
    let mut after = live.of_event("e1").unwrap();
    assert_eq!(told(&after.next().await), "0 gone, a/b/c/d");
    assert_eq!(told(&after.next().await), "Complete");
}

#[tokio::test]
async fn what_is_left_in_the_middle_is_lost() {
    let live = Live::default();
    let writer = live.begin(deploy("shop"));
    writer.opened(Some("e1".into()));
    let mut reader = live.of_event("e1").unwrap();
    drop(writer);
    assert_eq!(told(&reader.next().await), "Lost");
}

#[test]
fn an_event_without_a_name_is_known_by_its_app_and_kind_while_it_runs() {
    let live = Live::default();
    let writer = live.begin(deploy("shop"));
    // The server has not let it in: the event that runs is another's.
    assert!(live.of_running("shop", "app.deploy", "e1").is_none());
    writer.opened(None);
    assert!(live.of_running("other", "app.deploy", "e1").is_none());
    assert!(
        live.of_running("shop", "app.update.restart", "e1")
            .is_none()
    );
    assert!(live.of_running("shop", "app.deployer", "e1").is_none());
    assert!(
        live.of_running("shop", "app.deploy.rollback", "e1")
            .is_some()
    );
    assert!(live.of_event("e1").is_some());
    assert!(live.of_running("shop", "app.deploy", "e2").is_none());
    writer.end(&Verdict::Done);
    let writer = live.begin(deploy("shop"));
    writer.opened(None);
    writer.end(&Verdict::Done);
    assert!(live.of_running("shop", "app.deploy", "e3").is_none());
}

#[test]
fn a_bounded_part_is_kept() {
    let live = Live::default();
    let writer = live.begin(deploy("shop"));
    writer.opened(Some("e".into()));
    writer.push((0..10_010).map(|number| line(&number.to_string())));
    let mut reader = live.of_event("e").unwrap();
    let Some(Came::Lines { lines, gone }) = reader.now() else {
        panic!("nothing came")
    };
    assert_eq!(
        (lines.len(), gone, lines[0].text.as_str()),
        (10_000, 10, "10")
    );
    let long = "x".repeat(10_000);
    writer.push((0..200).map(|_| line(&long)));
    let Some(Came::Lines { lines, gone }) = reader.now() else {
        panic!("nothing came")
    };
    assert_eq!(lines.len() as u64 + gone, 200);
    assert!(gone > 0 && lines.iter().map(|it| it.text.len()).sum::<usize>() <= 1 << 20);
}

#[test]
fn few_that_ended_are_kept_and_all_that_run() {
    let live = Live::default();
    let running = live.begin(deploy("shop"));
    running.opened(Some("running".into()));
    for number in 0..20 {
        let writer = live.begin(deploy("shop"));
        writer.opened(Some(number.to_string()));
        writer.end(&Verdict::Done);
    }
    assert!(live.of_event("running").is_some());
    assert!(live.of_event("0").is_none());
    assert!(live.of_event("19").is_some());
    assert!(lock(&live.entries).len() <= MOST_ENDED + 2);
}
