//! Killed while something is under way, and started again.

use rustix::process::Signal;
use serde_json::json;
use tempfile::TempDir;

use crate::kit::{Launch, Sim, Terminal};

/// A dashboard that keeps its state where the next one finds it.
fn start(sim: &Sim, state: &TempDir) -> Terminal {
    let state = state.path().to_str().unwrap();
    Launch::on(sim).variable("XDG_STATE_HOME", state).start()
}

/// Deploys, and is killed when the request has arrived and no answer come.
fn killed_while_deploying(sim: &Sim, state: &TempDir) {
    let mut tty = start(sim, state);
    tty.when("all panes", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW") && shot.has("DONE")
    });
    tty.types("d");
    tty.when("the environments", |shot| shot.has("┏ Environments"));
    tty.types("jk");
    tty.when("the test environment", |shot| {
        shot.has("Logs  checkout/test") && shot.has("FOLLOW")
    });
    tty.types("D");
    tty.sees("deploy checkout/test (stag) in divio? y/N");
    tty.types("y");
    crate::kit::until("the deployment is sent", || {
        (sim.count("CreateDeployment") == 1).then_some(())
    });
    tty.signal(Signal::KILL);
    tty.end();
}

#[test]
fn the_next_start_finds_out_that_it_happened() {
    let (sim, state) = (Sim::still(), TempDir::new().unwrap());
    // It acts, and its answer never ends.
    sim.fault(&json!([{ "operation": "CreateDeployment", "drip_ms": 600_000, "times": 1 }]));
    killed_while_deploying(&sim, &state);
    let tty = start(&sim, &state);
    tty.sees("had no recorded end: looking what became of it");
    tty.when("what became of it", |shot| {
        shot.has("✓ deploy checkout/test")
    });
    assert_eq!(sim.count("CreateDeployment"), 1);
    tty.quit();
}

#[test]
fn the_next_start_finds_out_that_it_did_not_happen() {
    let (sim, state) = (Sim::still(), TempDir::new().unwrap());
    sim.fault(&json!([{ "operation": "CreateDeployment", "hang": true, "times": 1 }]));
    killed_while_deploying(&sim, &state);
    let tty = start(&sim, &state);
    tty.sees("had no recorded end: looking what became of it");
    tty.sees("deploy checkout/test not done: flightdeck ended before the answer came");
    assert_eq!(sim.count("CreateDeployment"), 1);
    tty.quit();
}
