//! An installation that waits for its domain: the records are shown, the domain is verified, the
//! installation is completed.

use std::time::Duration;

use serde_json::json;

use super::{app_row, asks, at, organisation};
use crate::kit::{Sim, Terminal};

/// A domain is asked about every half minute.
const PATIENTLY: Duration = Duration::from_mins(1);

fn records(sim: &Sim, exist: bool) {
    sim.post("dns", &json!({ "application": "ghost", "exists": exist }));
}

/// Asks for the only domain to be verified.
fn verify(tty: &mut Terminal) {
    tty.types("af");
    tty.when("the form with the domain", |shot| {
        shot.has("verify-domain · ghost/production") && shot.has("ghost.example.com  the main one")
    });
    tty.types("\r");
    asks(tty, "verify domain");
    tty.types("y");
}

#[test]
fn an_installation_that_waits_for_its_domain_goes_live() {
    let sim = organisation(20.0);
    records(&sim, false);
    let mut tty = at(&sim, "ghost");
    let row = |shot: &crate::kit::Shot| app_row(shot, "ghost").to_owned();
    tty.when("that it waits", |shot| {
        row(shot).contains("▲ DEGR") && row(shot).contains("awaits its")
    });
    verify(&mut tty);
    tty.when("that it is not verified, which is no failure", |shot| {
        shot.row("◐ verify domain ghost/production")
            .is_some_and(|row| row.contains("not verified"))
    });
    assert_eq!(sim.count("VerifyManagedAppDomain"), 1);
    tty.types("8");
    tty.sees("domain not verified: No record that leads here was found yet");
    tty.types("\r");
    tty.when("the records, as the platform has them", |shot| {
        shot.has("CNAME ghost.example.com ghost-edge.apps.example.com")
            && shot.has("TXT _proof.ghost.example.com verify-")
    });
    assert_eq!(
        sim.count("VerifyManagedAppDomain"),
        1,
        "looking sends nothing"
    );
    records(&sim, true);
    tty.types("1");
    tty.within(PATIENTLY, "that it is verified", |shot| {
        shot.has("✓ verify domain ghost/production")
    });
    assert_eq!(sim.count("VerifyManagedAppDomain"), 2);
    assert_eq!(sim.changing(), 0);
    complete(&mut tty);
    tty.when("that it lives", |shot| {
        shot.has("✓ complete installation ghost/production") && row(shot).contains("● LIVE")
    });
    assert_eq!(sim.count("CompleteManagedAppInstallation"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

/// Completes the installation with the domain that is filled in already.
fn complete(tty: &mut Terminal) {
    tty.types("aC");
    tty.when("the form with the domain filled in", |shot| {
        shot.has("complete-installation · ghost/production")
            && shot.has("▸ domain  ghost.example.com")
    });
    tty.types("\r");
    asks(tty, "complete installation");
    tty.types("y");
}
