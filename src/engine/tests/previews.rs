use super::double::{broken, forbidden};
use super::*;
use crate::model::{
    AppId, DeployMode, Failure, OperationKind, Preview, PreviewReport, Target, Text, Ticket,
};

fn operation(kind: OperationKind) -> Operation {
    Operation {
        target: Target {
            context: ContextId(0),
            app: Some(AppId::new("a")),
            environment: None,
            title: Text::clean("a"),
            class: None,
        },
        kind,
    }
}

fn deploy() -> Operation {
    operation(OperationKind::Deploy {
        mode: DeployMode::Auto,
    })
}

fn costly() -> Preview {
    Preview {
        facts: vec![(Text::clean("cost"), Text::clean("5 USD"))],
        ..Preview::default()
    }
}

impl Bench {
    async fn previewed(&mut self) -> PreviewReport {
        match self.event().await {
            EngineEvent::Preview(report) => report,
            other @ (EngineEvent::Report(_)
            | EngineEvent::Logs(_)
            | EngineEvent::Operation(_)
            | EngineEvent::PastLines(_)
            | EngineEvent::Transfer(_)) => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_operation_of_a_question_is_answered_at_its_place() {
    let mut bench = Bench::new();
    bench.platform().script().preview.extend([
        (millis(10), Ok(Some(costly()))),
        (millis(20), Err(forbidden())),
    ]);
    bench
        .engine
        .preview(Ticket(3), vec![(1, deploy()), (4, deploy())]);
    let first = bench.previewed().await;
    assert_eq!((first.ticket, first.step), (Ticket(3), 1));
    assert_eq!(first.result, Ok(Some(costly())));
    let second = bench.previewed().await;
    assert_eq!((second.step, second.result), (4, Err(forbidden())));
    assert_eq!(bench.platform().calls(), ["preview", "preview"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stumbles_is_asked_again_as_for_any_read() {
    let mut bench = Bench::new();
    bench.platform().script().preview.extend([
        (millis(10), Err(broken(503))),
        (millis(10), Ok(Some(costly()))),
    ]);
    bench.engine.preview(Ticket(1), vec![(0, deploy())]);
    assert_eq!(bench.previewed().await.result, Ok(Some(costly())));
    assert_eq!(bench.platform().count("preview"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_newer_question_is_the_only_one_that_is_answered() {
    let mut bench = Bench::new();
    let script = [(secs(5), Ok(None)), (secs(1), Ok(Some(costly())))];
    bench.platform().script().preview.extend(script);
    bench.engine.preview(Ticket(1), vec![(0, deploy())]);
    tokio::task::yield_now().await;
    bench.engine.preview(Ticket(2), vec![(0, deploy())]);
    assert_eq!(bench.previewed().await.ticket, Ticket(2));
    bench.silence(secs(60)).await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_asked_about_costs_no_request() {
    let mut bench = Bench::new();
    let stop = operation(OperationKind::Stop { process: None });
    bench.engine.preview(Ticket(1), vec![(0, stop)]);
    assert_eq!(bench.previewed().await.result, Ok(None));
    assert!(bench.platform().calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_mistake_of_ours_is_told_as_one() {
    let mut bench = Bench::new();
    bench.platform().script().panics = true;
    bench.engine.preview(Ticket(1), vec![(0, deploy())]);
    let result = bench.previewed().await.result;
    assert!(matches!(result, Err(Failure::Decode { .. })), "{result:?}");
}
