use super::double::{broken, limited, line, not_found};
use super::*;
use crate::model::{AppId, Failure, LogLine, LogSource, PastLines};
use crate::platforms::TailStep;

fn tail() -> TailId {
    TailId {
        context: ContextId(0),
        source: LogSource::Runtime {
            app: AppId::new("docs"),
            environment: None,
        },
    }
}

fn request() -> TailRequest {
    TailRequest {
        source: tail().source,
        lines: 1_000,
        since: None,
        until: Some("2026-03-01T14:00:00Z".parse().unwrap()),
        follow: false,
    }
}

fn numbered(numbers: std::ops::Range<usize>) -> Vec<LogLine> {
    numbers.map(|n| line(&n.to_string())).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "what a tail answers")]
fn lines(numbers: std::ops::Range<usize>) -> Result<TailStep, Failure> {
    Ok(TailStep::Lines(numbered(numbers)))
}

impl Bench {
    /// A bench whose log does `steps` and is then silent; it was asked with that ticket.
    fn reading(
        ticket: u64,
        steps: impl IntoIterator<Item = (Duration, Result<TailStep, Failure>)>,
    ) -> Self {
        let mut bench = Self::new();
        bench.platform().script().tail = steps.into_iter().collect();
        bench.engine.read_log(Ticket(ticket), tail(), request());
        bench
    }

    async fn past(&mut self) -> PastLines {
        match self.event().await {
            EngineEvent::PastLines(lines) => lines,
            other @ (EngineEvent::Report(_)
            | EngineEvent::Logs(_)
            | EngineEvent::Operation(_)
            | EngineEvent::Preview(_)
            | EngineEvent::Transfer(_)) => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_is_read_to_its_end_and_told_once() {
    let mut bench = Bench::reading(
        7,
        [
            (millis(10), lines(0..3)),
            (millis(10), lines(3..5)),
            (millis(10), Ok(TailStep::Ended)),
        ],
    );
    let answer = bench.past().await;
    assert_eq!((answer.ticket, answer.tail), (Ticket(7), tail()));
    assert_eq!(answer.result, Ok(numbered(0..5)));
    bench.silence(secs(600)).await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_silent_has_shown_what_it_has() {
    let mut bench = Bench::reading(1, [(secs(30), lines(0..2))]);
    assert_eq!(bench.past().await.result, Ok(numbered(0..2)));
    assert_eq!(bench.elapsed(), secs(32));
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_asked_again_and_goes_on_where_it_was() {
    let mut bench = Bench::reading(
        1,
        [
            (millis(1), lines(0..2)),
            (millis(1), Err(broken(502))),
            (millis(1), Err(limited(Some(secs(40))))),
            (millis(1), lines(2..3)),
            (millis(1), Ok(TailStep::Quiet(secs(2)))),
        ],
    );
    assert_eq!(bench.past().await.result, Ok(numbered(0..3)));
    assert!(bench.elapsed() >= secs(40));
}

#[tokio::test(start_paused = true)]
async fn what_fails_for_good_is_told_after_three_attempts_or_at_once() {
    let step = || (millis(1), Err(broken(502)));
    let mut bench = Bench::reading(1, [step(), step(), step(), (millis(1), lines(0..1))]);
    assert_eq!(bench.past().await.result, Err(broken(502)));
    assert_eq!(bench.platform().count("tail"), 3);
    let mut bench = Bench::reading(1, [(millis(1), Err(not_found()))]);
    assert_eq!(bench.past().await.result, Err(not_found()));
    assert_eq!(bench.platform().count("tail"), 1);
}

#[tokio::test(start_paused = true)]
async fn of_very_many_lines_the_newest_are_kept() {
    let pieces = (0..11).map(|n| (millis(1), lines(n * 10_000..(n + 1) * 10_000)));
    let mut bench = Bench::reading(1, pieces.chain([(millis(1), Ok(TailStep::Ended))]));
    let kept = bench.past().await.result.unwrap();
    assert_eq!((kept.len(), kept[0].text.as_str()), (100_000, "10000"));
    assert_eq!(kept.last().unwrap().text, "109999");
}

#[tokio::test(start_paused = true)]
async fn a_later_question_voids_the_one_before_and_leaving_all() {
    let mut bench = Bench::reading(1, [(secs(5), lines(0..1))]);
    let ended = (millis(1), Ok(TailStep::Ended));
    bench.platform().script().tail.push_back(ended.clone());
    bench.engine.read_log(Ticket(2), tail(), request());
    let answer = bench.past().await;
    assert_eq!(answer.ticket, Ticket(2));
    bench.silence(secs(60)).await;

    for stop in [
        (|engine: &mut Engine| engine.leave(ContextId(0))) as fn(&mut Engine),
        |engine| engine.stop_reading(&tail()),
    ] {
        let mut bench = Bench::reading(3, [(secs(5), lines(0..1)), ended.clone()]);
        stop(&mut bench.engine);
        bench.silence(secs(60)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_request_takes_a_place() {
    let mut bench = Bench::reading(1, [(secs(1), lines(0..1)), (secs(1), lines(1..2))]);
    bench.past().await;
    // The stream that stands is no request: nothing else waits for it.
    assert_eq!(bench.platform().here.most(), 1);
}
