use super::double::{Step, broken, connect, limited, line, not_found, rejected};
use super::*;
use crate::model::{
    AppId, Capability, DeploymentId, Failure, LineKind, LogLine, LogSource, TailState,
};
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

fn request(tail: &TailId) -> TailRequest {
    TailRequest {
        source: tail.source.clone(),
        lines: 100,
        since: None,
        until: None,
        follow: true,
    }
}

fn numbered(numbers: std::ops::Range<usize>) -> TailStep {
    TailStep::Lines(numbers.map(|n| line(&n.to_string())).collect())
}

fn texts(lines: &[LogLine]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

impl Bench {
    /// A bench whose tail does `steps` and is then silent.
    fn following(queue: usize, steps: impl IntoIterator<Item = Step<TailStep>>) -> Self {
        let mut bench = Self::with(1, queue);
        bench.platform().script().tail = steps.into_iter().collect();
        bench.engine.open_tail(tail(), request(&tail()));
        bench
    }

    async fn opening(&mut self) {
        let batch = self.batch().await;
        assert_eq!((batch.state, batch.lines.len()), (TailState::Opening, 0));
    }

    /// The next batch, with its lines and its age.
    async fn lines(&mut self) -> (Vec<String>, Duration) {
        let batch = self.batch().await;
        assert_eq!(batch.state, TailState::Live);
        let lines = texts(&batch.lines).into_iter().map(str::to_owned);
        (lines.collect(), self.elapsed())
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_lines_come_at_once_and_the_next_with_the_beat() {
    let mut bench = Bench::following(
        QUEUE,
        [
            (millis(5), Ok(numbered(0..1))),
            (millis(5), Ok(numbered(1..2))),
            (millis(5), Ok(numbered(2..4))),
        ],
    );
    bench.opening().await;
    let (lines, at) = bench.lines().await;
    assert_eq!(lines, ["0"]);
    assert!(at < millis(10), "{at:?}");
    let (lines, at) = bench.lines().await;
    assert_eq!(lines, ["1", "2", "3"]);
    assert!(at >= millis(100) && at < millis(120), "{at:?}");
    bench.silence(secs(600)).await;
}

#[tokio::test(start_paused = true)]
async fn five_hundred_lines_do_not_wait_for_the_beat() {
    let mut bench = Bench::following(
        QUEUE,
        [
            (millis(1), Ok(numbered(0..1))),
            (millis(1), Ok(numbered(1..502))),
        ],
    );
    bench.opening().await;
    assert_eq!(bench.lines().await.0.len(), 1);
    let (lines, at) = bench.lines().await;
    assert_eq!(lines.len(), 500);
    assert!(at < millis(10), "{at:?}");
    let (lines, at) = bench.lines().await;
    assert_eq!(lines, ["501"]);
    assert!(at >= millis(100), "{at:?}");
}

#[tokio::test(start_paused = true)]
async fn a_long_text_in_one_piece_comes_whole() {
    let mut bench = Bench::following(QUEUE, [(millis(1), Ok(numbered(0..20_000)))]);
    bench.opening().await;
    let mut count = 0;
    while count < 20_000 {
        let batch = bench.batch().await;
        assert_eq!(batch.skipped, 0);
        count += batch.lines.len();
    }
}

#[tokio::test(start_paused = true)]
async fn a_history_longer_than_the_queue_waits_for_a_loop_that_goes_on() {
    let mut bench = Bench::following(4, [(millis(1), Ok(numbered(0..30_000)))]);
    bench.opening().await;
    let mut count = 0;
    while count < 30_000 {
        tokio::time::sleep(millis(10)).await;
        let batch = bench.batch().await;
        assert_eq!(batch.skipped, 0);
        count += batch.lines.len();
    }
}

#[tokio::test(start_paused = true)]
async fn a_history_does_not_wait_for_ever() {
    let steps = [
        (millis(1), Ok(numbered(0..30_000))),
        (millis(1), Ok(numbered(30_000..30_001))),
    ];
    let mut bench = Bench::following(4, steps);
    tokio::time::sleep(secs(3)).await;
    assert_eq!(bench.platform().count("tail"), 3, "it is read on");
    let mut accounted = 0;
    while accounted < 30_001 {
        let batch = bench.batch().await;
        accounted += usize::try_from(batch.skipped).unwrap() + batch.lines.len();
    }
}

/// 50,000 lines a second, and a loop that draws frames in between.
#[tokio::test(start_paused = true)]
async fn a_flood_that_the_loop_keeps_up_with_loses_nothing() {
    const LINES: usize = 100_000;
    let steps = (0..LINES / 250).map(|n| (millis(5), Ok(numbered(n * 250..(n + 1) * 250))));
    let mut bench = Bench::following(QUEUE, steps);
    bench.opening().await;
    let mut count = 0;
    while count < LINES {
        tokio::time::sleep(millis(33)).await;
        while let Ok(event) = bench.events.try_recv() {
            let EngineEvent::Logs(batch) = event else {
                panic!("{event:?}");
            };
            assert_eq!(batch.skipped, 0);
            for line in batch.lines {
                assert_eq!(line.text, count.to_string());
                count += 1;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_into_a_full_queue_drops_the_oldest_and_counts_each() {
    let steps = (0..400).map(|n| (millis(2), Ok(numbered(n * 100..(n + 1) * 100))));
    let mut bench = Bench::following(4, steps);
    // The loop does nothing for a while; the source is read all the same.
    tokio::time::sleep(secs(2)).await;
    assert_eq!(bench.platform().count("tail"), 401);
    let mut accounted = 0;
    let mut skipped = 0;
    while accounted < 40_000 {
        let batch = bench.batch().await;
        skipped += batch.skipped;
        accounted += usize::try_from(batch.skipped).unwrap();
        for line in batch.lines {
            assert_eq!(line.text, accounted.to_string());
            accounted += 1;
        }
    }
    assert_eq!(accounted, 40_000);
    assert!(skipped > 30_000);
}

#[tokio::test(start_paused = true)]
async fn a_gap_is_a_line_when_lines_come_again() {
    let mut bench = Bench::following(
        QUEUE,
        [
            (secs(1), Ok(numbered(0..1))),
            (secs(1), Err(connect())),
            (secs(10), Ok(TailStep::Quiet(secs(1)))),
            (secs(1), Ok(numbered(1..2))),
            (secs(1), Ok(numbered(2..3))),
        ],
    );
    bench.opening().await;
    assert_eq!(bench.lines().await.0, ["0"]);
    let batch = bench.batch().await;
    let TailState::Waiting { failure, retry_in } = batch.state else {
        panic!("{batch:?}");
    };
    assert_eq!(failure, connect());
    assert!(retry_in >= secs(1) && retry_in <= secs(2));
    assert!(bench.lines().await.0.is_empty());
    let batch = bench.batch().await;
    let [mark, again] = batch.lines.as_slice() else {
        panic!("{batch:?}");
    };
    assert_eq!((mark.kind, again.text.as_str()), (LineKind::Mark, "1"));
    let gap = (secs(10) + retry_in).as_secs();
    let resumed = clock() - secs(2);
    let words = format!("gap {gap} s, resumed {}", resumed.strftime("%H:%M:%S"));
    assert_eq!(mark.text, words);
    assert_eq!(bench.lines().await.0, ["2"]);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_stays_down_is_asked_less_and_less() {
    let steps = std::iter::repeat_n((millis(1), Err(broken(502))), 12);
    let mut bench = Bench::following(QUEUE, steps);
    bench.opening().await;
    let mut least = secs(1);
    for _ in 0..12 {
        let TailState::Waiting { retry_in, .. } = bench.batch().await.state else {
            panic!("it waits");
        };
        assert!(retry_in >= least && retry_in <= (least * 2).min(secs(30)));
        least = (least * 2).min(secs(30));
    }
}

#[tokio::test(start_paused = true)]
async fn a_tail_obeys_retry_after() {
    let steps = [
        (millis(1), Err(limited(Some(secs(90))))),
        (millis(1), Ok(numbered(0..1))),
    ];
    let mut bench = Bench::following(QUEUE, steps);
    bench.opening().await;
    let TailState::Waiting { retry_in, .. } = bench.batch().await.state else {
        panic!("it waits");
    };
    assert_eq!(retry_in, secs(90));
    assert!(bench.lines().await.1 >= secs(90));
}

#[tokio::test(start_paused = true)]
async fn a_replaced_text_voids_what_was_shown() {
    let replaced = TailStep::Replaced(vec![line("new")]);
    let steps = [
        (millis(1), Ok(numbered(0..1))),
        (millis(1), Ok(numbered(1..2))),
        (millis(1), Ok(replaced)),
        (millis(1), Ok(numbered(7..8))),
    ];
    let mut bench = Bench::following(QUEUE, steps);
    bench.opening().await;
    assert!(!bench.batch().await.restarted);
    let batch = bench.batch().await;
    assert!(batch.restarted);
    assert_eq!(texts(&batch.lines), ["new", "7"]);
}

#[tokio::test(start_paused = true)]
async fn the_end_comes_with_the_last_lines_and_the_tail_may_be_opened_again() {
    let steps = [
        (millis(1), Ok(numbered(0..1))),
        (millis(1), Ok(numbered(1..3))),
        (millis(1), Ok(TailStep::Ended)),
        (millis(1), Ok(numbered(5..6))),
    ];
    let mut bench = Bench::following(QUEUE, steps);
    bench.opening().await;
    assert_eq!(bench.lines().await.0, ["0"]);
    let batch = bench.batch().await;
    assert_eq!(batch.state, TailState::Ended);
    assert_eq!(texts(&batch.lines), ["1", "2"]);
    bench.engine.open_tail(tail(), request(&tail()));
    bench.opening().await;
    assert_eq!(bench.lines().await.0, ["5"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_followed_fails() {
    for failure in [rejected(), not_found()] {
        let mut bench = Bench::following(QUEUE, [(millis(1), Err(failure.clone()))]);
        bench.opening().await;
        assert_eq!(bench.batch().await.state, TailState::Failed(failure));
        bench.silence(secs(600)).await;
    }
    let mut bench = Bench::new();
    bench.platform().script().refuses = Some((Capability::RuntimeLog, "it has none"));
    bench.engine.open_tail(tail(), request(&tail()));
    bench.opening().await;
    let state = bench.batch().await.state;
    assert!(matches!(
        state,
        TailState::Failed(Failure::Unsupported { .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn opening_an_open_tail_changes_nothing() {
    let mut bench = Bench::following(QUEUE, [(secs(1), Ok(numbered(0..1)))]);
    bench.opening().await;
    bench.engine.open_tail(tail(), request(&tail()));
    assert_eq!(bench.lines().await.0, ["0"]);
    bench.silence(secs(60)).await;
    assert_eq!(bench.platform().count("tail"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_closed_tail_and_the_tails_of_a_context_left_are_silent() {
    for close in [
        |engine: &mut Engine| engine.close_tail(&tail()),
        |engine: &mut Engine| engine.leave(ContextId(0)),
    ] {
        let steps = (0..100).map(|n| (millis(200), Ok(numbered(n..n + 1))));
        let mut bench = Bench::following(QUEUE, steps);
        bench.opening().await;
        assert_eq!(bench.lines().await.0, ["0"]);
        close(&mut bench.engine);
        bench.silence(secs(600)).await;
        assert!(bench.platform().count("tail") <= 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_holds_no_place_and_a_polled_log_only_while_it_asks() {
    let mut bench = Bench::following(QUEUE, []);
    for n in 0..6 {
        let source = LogSource::Deployment {
            app: AppId::new("docs"),
            environment: None,
            deployment: DeploymentId::new(n.to_string()),
        };
        let polled = TailId { source, ..tail() };
        bench.engine.open_tail(polled.clone(), request(&polled));
    }
    for _ in 0..7 {
        bench.opening().await;
    }
    bench.silence(secs(60)).await;
    // The stream and four of the polled ones: the scripted platform never answers.
    assert_eq!(bench.platform().here.most(), 5);
}

#[tokio::test(start_paused = true)]
async fn following_stops_when_nobody_listens() {
    let steps = (0..1_000).map(|n| (millis(200), Ok(numbered(n..n + 1))));
    let bench = Bench::following(QUEUE, steps);
    tokio::time::sleep(secs(1)).await;
    let Bench {
        engine,
        events,
        platforms,
        ..
    } = bench;
    drop(events);
    tokio::time::sleep(secs(60)).await;
    assert!(platforms[0].count("tail") < 20);
    engine.shutdown().await;
}
