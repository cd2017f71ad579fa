//! Seeing through what somebody began before.

use super::double::{Step, broken, not_found};
use super::*;
use crate::model::{DeploymentId, Failure, Follow, Followed, Progress, Stage, Text, Verdict};

fn step(result: Result<Option<Verdict>, Failure>) -> Step<Followed> {
    let followed = |verdict| Followed {
        progress: Progress::default(),
        verdict,
        again_in: Duration::from_secs(3),
    };
    (Duration::from_millis(10), result.map(followed))
}

async fn check(
    steps: impl IntoIterator<Item = Result<Option<Verdict>, Failure>>,
    expected: &Stage,
    calls: usize,
) {
    let platform = Scripted::several(1).remove(0);
    platform.script().follow = steps.into_iter().map(step).collect();
    let what = Follow::Deployment(DeploymentId::new("d1"));
    let mut said = Vec::new();
    let mut progress = |event: &OperationEvent| said.push(event.clone());
    let served = Arc::clone(&platform) as Arc<dyn Platform>;
    let last = see_through(served, &what, clock, &mut progress).await;
    assert_eq!(last, *expected);
    let event = said.last().unwrap();
    assert_eq!((&event.stage, &event.follow), (&last, &Some(what)));
    assert_eq!(platform.calls().len(), calls);
}

#[tokio::test(start_paused = true)]
async fn what_was_begun_is_seen_to_its_end() {
    let failed = Verdict::Failed(Text::clean("migrate"));
    let end = Stage::Ended(failed.clone());
    check([Ok(Some(failed.clone()))], &end, 1).await;
    check([Ok(None), Ok(None), Ok(Some(failed))], &end, 3).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_at_first_is_refused_and_an_outage_later_is_not_the_end() {
    let missing = not_found();
    check([Err(missing.clone())], &Stage::Refused(missing), 1).await;
    let done = Stage::Ended(Verdict::Done(None));
    let steps = [Ok(None), Err(broken(502)), Ok(Some(Verdict::Done(None)))];
    check(steps, &done, 3).await;
}
