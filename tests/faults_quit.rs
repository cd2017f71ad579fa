//! Quitting while something is being done: at once, and nothing is sent again.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; deadlines need a clock"
)]

#[expect(
    dead_code,
    reason = "of the terminal's tools, only some are needed here"
)]
#[path = "terminal/kit.rs"]
mod kit;

use std::time::{Duration, Instant};

use flightdeck::sim::SimOptions;
use kit::{Launch, Shot, Sim};
use serde_json::json;

/// From the yes to the end of the process.
const AT_ONCE: Duration = Duration::from_millis(50);

/// A busy machine may be slow once; a program that waits for an answer is slow every time.
const TRIES: usize = 5;

/// Quits while a deployment was sent and nothing was answered, or while it runs.
fn quit_amid(fault: &serde_json::Value) -> Duration {
    let sim = Sim::of(SimOptions {
        story: false,
        speed: 1.0,
        platforms: vec!["divio"],
        ..SimOptions::default()
    });
    let mut tty = Launch::on(&sim).start();
    tty.when("all panes", |shot: &Shot| {
        shot.has("Apps 24") && shot.has("FOLLOW") && shot.has("DONE")
    });
    tty.types("d");
    tty.sees("┏ Environments");
    tty.types("jk");
    tty.sees("Logs  checkout/test");
    sim.fault(fault);
    tty.types("D");
    tty.sees("deploy checkout/test (stag) in divio? y/N");
    tty.types("y");
    kit::until("the order arrives", || {
        (sim.count("CreateDeployment") == 1).then_some(())
    });
    tty.sees("◐ deploy checkout/test (stag, divio)");
    tty.types("q");
    tty.sees("flightdeck will not see its end");
    let start = Instant::now();
    tty.types("y");
    let (code, _) = tty.end();
    let took = start.elapsed();
    assert_eq!(code, 0);
    assert_eq!(sim.count("CreateDeployment"), 1);
    assert_eq!(sim.changing(), 1);
    took
}

fn check(fault: &serde_json::Value) {
    let tries: Vec<Duration> = (0..TRIES)
        .scan(false, |is_done, _| {
            (!*is_done).then(|| {
                let took = quit_amid(fault);
                *is_done = took < AT_ONCE;
                took
            })
        })
        .collect();
    assert!(tries.iter().any(|took| *took < AT_ONCE), "{tries:?}");
}

#[test]
fn an_operation_without_an_answer_delays_nothing() {
    check(&json!({"operation": "CreateDeployment", "hang_after": true}));
}

#[test]
fn an_operation_that_is_followed_delays_nothing() {
    check(&json!({"operation": "CreateDeployment", "latency_ms": 1}));
}
