use super::super::gate::{Lane, lanes};
use super::double::{clock, limited};
use super::*;
use crate::model::{Priority, RatePolicy};

const POLICY: RatePolicy = RatePolicy {
    per_minute: 60,
    burst: 2,
    concurrent: 4,
    lists_per_minute: 100,
};

async fn pass(lane: &Lane, priority: Priority) {
    drop(lane.enter(priority).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn the_rate_is_kept() {
    let lane = Lane::alone(&POLICY);
    let begun = Instant::now();
    for expected in [0, 0, 1, 2, 3] {
        pass(&lane, Priority::Visible).await;
        assert_eq!(begun.elapsed().as_millis().div_ceil(10), expected * 100);
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_rate_is_overtaken_too() {
    let lane = Lane::alone(&POLICY);
    pass(&lane, Priority::Visible).await;
    pass(&lane, Priority::Visible).await;
    let (order, mut done) = mpsc::channel(8);
    let wait = |priority, name: &'static str| {
        let (lane, order) = (lane.clone(), order.clone());
        async move {
            pass(&lane, priority).await;
            order.send(name).await.unwrap();
        }
    };
    tokio::join!(
        wait(Priority::Background, "late"),
        wait(Priority::Background, "later"),
        wait(Priority::Visible, "first"),
    );
    for expected in ["first", "late", "later"] {
        assert_eq!(done.recv().await, Some(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_context_holds_no_other_up() {
    let lanes = lanes([&POLICY, &POLICY]);
    let held = [
        lanes[0].enter(Priority::Visible).await.unwrap(),
        lanes[0].enter(Priority::Visible).await.unwrap(),
    ];
    let stuck = lanes[0].enter(Priority::Visible);
    let other = async {
        pass(&lanes[1], Priority::Background).await;
        Instant::now()
    };
    let begun = Instant::now();
    let (_, passed) = tokio::join!(stuck, other);
    assert_eq!(passed, begun);
    drop(held);
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_waiting_leaves_no_place_behind() {
    let lane = Lane::alone(&RatePolicy {
        per_minute: 60_000,
        burst: 100,
        concurrent: 1,
        lists_per_minute: 100,
    });
    let held = lane.enter(Priority::Visible).await.unwrap();
    for _ in 0..10 {
        let waits = timeout(millis(10), lane.enter(Priority::Visible)).await;
        assert!(waits.is_err());
    }
    drop(held);
    // Let in, and gone before it noticed.
    let held = lane.enter(Priority::Visible).await.unwrap();
    let mut waits = Box::pin(lane.enter(Priority::Visible));
    assert!(timeout(millis(10), &mut waits).await.is_err());
    let mut other = Box::pin(lane.enter(Priority::Background));
    assert!(timeout(millis(10), &mut other).await.is_err());
    drop(held);
    assert!(timeout(millis(10), &mut other).await.is_err());
    drop(waits);
    assert!(other.await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_longer_of_two_closures_counts() {
    let lane = Lane::alone(&POLICY);
    lane.close(secs(20), None);
    lane.close(secs(10), None);
    assert_eq!(lane.closed_for(), Some(limited(Some(secs(20)))));
    assert_eq!(lane.closed_until(clock()), Some(clock() + secs(20)));
    let begun = Instant::now();
    pass(&lane, Priority::Visible).await;
    assert!(begun.elapsed() >= secs(20));
}

#[tokio::test(start_paused = true)]
async fn a_pause_turns_away_who_waits_already() {
    let lane = Lane::alone(&POLICY);
    lane.close(secs(10), None);
    let waits = lane.enter(Priority::Visible);
    let close = async {
        tokio::time::sleep(secs(1)).await;
        lane.close(secs(1_000), None);
    };
    let (turned_away, ()) = tokio::join!(waits, close);
    assert_eq!(turned_away.unwrap_err(), limited(Some(secs(1_000))));
}

#[tokio::test(start_paused = true)]
async fn an_absurd_closure_is_survived() {
    let lane = Lane::alone(&POLICY);
    lane.close(Duration::MAX, None);
    assert_eq!(lane.closed_for(), Some(limited(Some(secs(24 * 3600)))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_real_time_no_turn_is_lost() {
    let lane = Lane::alone(&RatePolicy {
        per_minute: 120_000,
        burst: 1,
        concurrent: 2,
        lists_per_minute: 100,
    });
    let many = || async {
        for _ in 0..50 {
            pass(&lane, Priority::Visible).await;
        }
    };
    let all = async { tokio::join!(many(), many(), many(), many()) };
    assert!(timeout(secs(60), all).await.is_ok());
}
