//! Logs of what runs.

use std::time::Duration;

use flightdeck::model::{AppId, JobId, JobRunId, LogSource, TailRequest};
use flightdeck::platforms::TailStep;
use serde_json::{Value, json};

use super::server::{Answer, Server};
use super::{LOG, check, next, request, running, short, waiting};
use crate::streaming::{Part, pieces, send};

/// A record: second after noon, process, unit, text.
fn record(second: i64, process: &str, unit: &str, text: &str) -> Value {
    let at = format!("2026-11-21T12:{:02}:{:02}.5Z", second / 60, second % 60);
    json!({
        "Date": at, "Message": text, "Source": process, "Name": "shop", "Type": "app",
        "Unit": format!("shop-{process}-{unit}"),
    })
}

fn list(records: impl IntoIterator<Item = Value>) -> String {
    format!("{}\n", Value::from(records.into_iter().collect::<Vec<_>>()))
}

#[tokio::test]
async fn a_process_shows_its_own_lines_and_an_app_everybody_s() {
    let server = Server::start().await;
    let platform = server.platform();
    let first = [
        record(1, "web", "1", "up"),
        record(2, "worker", "2", "up, too"),
        json!({"Date": "2026-11-21T12:00:03Z", "Message": "---- Restarting ----", "Source": "tsuru", "Unit": "api"}),
        json!({"Date": "2026-11-21T12:00:04Z", "Message": "Created pod", "Source": "kubernetes", "Unit": "apiserver"}),
    ];
    let dropped = json!([{"Date": "2026-11-21T12:00:05Z", "Source": "tsuru", "Unit": "api",
        "Message": "Log messages dropped due to full channel buffer"}]);
    let body = format!("{}\n\n{dropped}\n", list(first));
    server.answers(LOG, [Answer::of([send(body), Part::Hang])]);
    let mut web = platform.tail(running(Some("shop/web"))).unwrap();
    let gap = "+ ── the server dropped lines here: they came faster than they were read";
    check(&mut web, &["+ web-1|up", gap]).await;
    let mut app = platform.tail(running(None)).unwrap();
    let all = "+ web|up / worker|up, too / tsuru|---- Restarting ---- / kubernetes|Created pod";
    check(&mut app, &[all, gap]).await;
    assert_eq!(
        server.world().asked,
        [
            format!("{LOG}?lines=100&source=web&follow=1"),
            format!("{LOG}?lines=100&follow=1")
        ]
    );
}

#[tokio::test]
async fn a_version_shows_the_lines_of_its_units() {
    let server = Server::start().await;
    let platform = server.platform();
    let unit = |id: &str, version: i64| json!({"ID": format!("shop-web-{id}"), "ProcessName": "web", "Version": version});
    let app = |units: &[Value]| Answer::json(&json!({"name": "shop", "units": units}));
    let before = [unit("a", 3), unit("b", 4)];
    server.answers("GET /1.0/apps/shop", [app(&before)]);
    let first = list([
        record(1, "web", "a", "three"),
        record(2, "web", "b", "four"),
    ]);
    let news = list([record(3, "web", "a", "more")]);
    server.answers(LOG, [Answer::of([send(first), send(news), Part::Hang])]);
    let mut tail = platform.tail(running(Some("shop/web/3"))).unwrap();
    check(&mut tail, &["+ web-a|three", "+ web-a|more"]).await;
    assert_eq!(server.asked("GET /1.0/apps/shop").len(), 2);
}

#[tokio::test]
async fn only_so_many_lines_or_since_then_are_shown_of_what_there_was() {
    let server = Server::start().await;
    let platform = server.platform();
    let first = (0..20).map(|at| {
        record(
            at,
            "web",
            if at % 2 == 0 { "a" } else { "b" },
            &at.to_string(),
        )
    });
    server.answers(LOG, [Answer::of([send(list(first))])]);
    let mut asked = running(Some("shop/web"));
    (asked.lines, asked.follow) = (3, false);
    let mut tail = platform.tail(asked.clone()).unwrap();
    check(&mut tail, &["+ web-b|17 / web-a|18 / web-b|19", "."]).await;
    asked.since = Some("2026-11-21T12:00:16Z".parse().unwrap());
    let mut tail = platform.tail(asked).unwrap();
    check(
        &mut tail,
        &["+ web-a|16 / web-b|17 / web-a|18 / web-b|19", "."],
    )
    .await;
    assert_eq!(
        server.world().asked,
        [
            format!("{LOG}?lines=3&source=web"),
            format!("{LOG}?lines=10000&source=web")
        ]
    );
}

#[tokio::test]
async fn silence_is_no_cut_and_brings_nothing_twice() {
    let server = Server::start().await;
    let platform = server.platform_with(waiting(Duration::from_millis(300)), |_| {});
    let (first, again) = (record(1, "web", "a", "one"), record(1, "web", "a", "one"));
    server.answers(
        LOG,
        [
            Answer::of([send(list([first.clone()])), Part::Hang]),
            Answer::of([send(list([first.clone()])), Part::Hang]),
            Answer::of([
                send(list([first, again])),
                send(list([record(2, "web", "a", "two")])),
                Part::Hang,
            ]),
        ],
    );
    let mut tail = platform.tail(running(None)).unwrap();
    check(&mut tail, &["+ web|one", "+ web|one", "+ web|two"]).await;
    assert!(server.asked(LOG).len() >= 3);
}

#[tokio::test]
async fn what_cannot_be_read_follows_what_can() {
    let server = Server::start().await;
    let platform = server.platform();
    let good = list([record(1, "web", "a", "one")]);
    let later = list([record(1, "web", "a", "one"), record(2, "web", "a", "two")]);
    server.answers(
        LOG,
        [
            Answer::of([send(good), send("unparseable data\n"), Part::Hang]),
            Answer::of([send(
                "[{\"Message\":\"pretty\",\n\"source\":\"web\"},{\"Message\":4}]",
            )]),
            Answer::of([send(later), Part::Hang]),
        ],
    );
    let mut tail = platform.tail(running(None)).unwrap();
    check(&mut tail, &["+ web|one"]).await;
    let odd = "! flightdeck does not understand AppLog at a record: expected lists of records, found \
               something else";
    check(&mut tail, &[odd, "+ web|pretty", odd, "+ web|two"]).await;
}

#[tokio::test]
async fn a_log_that_is_refused_says_why() {
    let server = Server::start().await;
    let platform = server.platform();
    let mut tail = platform.tail(running(None)).unwrap();
    assert!(
        next(&mut tail)
            .await
            .starts_with("! this tsuru server is too old")
    );
    server.answers(
        "GET /1.13/jobs/sweep/log",
        [Answer::error(500, "logs are elsewhere")],
    );
    let job = |run: &str| {
        request(LogSource::JobRun {
            app: AppId::new("shop"),
            job: JobId::new("sweep"),
            run: JobRunId::new(run),
        })
    };
    let mut tail = platform.tail(job("sweep")).unwrap();
    assert_eq!(
        next(&mut tail).await,
        "! server error 500: logs are elsewhere"
    );
    let records = json!([
        {"Date": "2026-11-21T12:00:00Z", "Message": "a", "Source": "", "Type": "job", "Unit": "sweep-1"},
        {"Date": "2026-11-21T12:00:00Z", "Message": "b", "Source": "", "Type": "job", "Unit": "sweep-2"},
    ]);
    server.answers(
        "GET /1.13/jobs/sweep/log",
        [Answer::of([send(records.to_string()), Part::Hang])],
    );
    check(&mut tail, &["+ 1|a / 2|b"]).await;
    let mut tail = platform.tail(job("sweep-2")).unwrap();
    check(&mut tail, &["+ 2|b"]).await;
}

#[tokio::test]
async fn a_hundred_cuts_lose_no_line_and_show_none_twice() {
    const LINES: usize = 2000;
    let mut random = fastrand::Rng::with_seed(7);
    let text = |at: usize| {
        if at.is_multiple_of(3) {
            "again é€\u{1F680}".to_owned()
        } else {
            at.to_string()
        }
    };
    // Several of each moment, of two units.
    let log: Vec<Value> = (0..LINES)
        .map(|at| {
            let second = i64::try_from(at / 5).unwrap();
            record(
                second,
                "web",
                if at.is_multiple_of(2) { "a" } else { "b" },
                &text(at),
            )
        })
        .collect();
    let (mut answers, mut written) = (Vec::new(), 0);
    while answers.len() < 100 {
        written = (written + random.usize(..12)).min(LINES);
        let mut body = list(log[..written].iter().cloned());
        for _ in 0..random.usize(..8) {
            let new = random.usize(1..3).min(LINES - written);
            body += &list(log[written..written + new].iter().cloned());
            body += ["", "\n", "\n\n"][random.usize(..3)];
            written += new;
        }
        let half = list(log[written.min(LINES - 1)..].iter().take(1).cloned());
        body += half.split_at(random.usize(..40)).0;
        let parts = pieces(&body, random.usize(100..5000)).into_iter();
        answers.push(Answer::of(parts.chain([Part::Break])));
    }
    answers.push(Answer::of([send(list(log.clone())), Part::Hang]));
    let server = Server::start().await;
    server.answers(LOG, answers);
    let platform = server.platform();
    let mut tail = platform.tail(running(None)).unwrap();
    let (mut shown, mut failures) = (Vec::new(), 0);
    while shown.len() < LINES {
        match tail.next().await {
            Ok(TailStep::Lines(lines)) => shown.extend(lines.iter().map(short)),
            Ok(other) => panic!("{other:?}"),
            Err(_) => failures += 1,
        }
    }
    let expected: Vec<_> = (0..LINES).map(|at| format!("web|{}", text(at))).collect();
    assert_eq!(shown, expected);
    assert_eq!(failures, 100);
}

#[tokio::test]
async fn lines_up_to_a_moment_are_the_newest_less_what_is_later() {
    let server = Server::start().await;
    let records = (0..4).map(|second| record(second, "web", "1", &second.to_string()));
    server.answers(LOG, [Answer::of([send(list(records))])]);
    let request = TailRequest {
        lines: 10_000,
        until: Some("2026-11-21T12:00:02.5Z".parse().unwrap()),
        follow: false,
        ..running(None)
    };
    let mut tail = server.platform().tail(request).unwrap();
    check(&mut tail, &["+ web|0 / web|1", "."]).await;
    assert_eq!(server.world().asked, [format!("{LOG}?lines=10000")]);
}
