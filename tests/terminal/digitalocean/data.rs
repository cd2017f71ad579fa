//! Backups, and what an app has beside its components.

use serde_json::Value;

use super::{at, team};
use crate::kit::{Shot, Sim};

/// The names of the database clusters.
fn clusters(sim: &Sim) -> Vec<String> {
    let list: Value = serde_json::from_str(&sim.read("/v2/databases?per_page=200")).unwrap();
    let list = list["databases"].as_array().unwrap().iter();
    list.map(|it| it["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_restore_overwrites_nothing_and_makes_a_new_cluster() {
    let sim = team(20.0);
    let mut tty = at(&sim, "storefront");
    tty.types("b");
    tty.when("its backups", |shot| {
        shot.has("┏ Backups 7") && shot.has("● DONE")
    });
    let before = clusters(&sim);
    tty.types("Z");
    tty.sees("nothing is overwritten");
    let shot = tty.sees("new cluster  storefront-db-restored-");
    assert!(shot.has("it makes a new cluster, which costs money"));
    assert_eq!(sim.changing(), 0);
    tty.when("it takes keys", |shot| shot.is_bold("storefront: "));
    tty.types("storefront\r");
    tty.sees("✓ restore storefront/db done");
    let after = clusters(&sim);
    assert_eq!(after[..before.len()], before[..], "what was there stays");
    assert_eq!(after.len(), before.len() + 1);
    assert!(after.last().unwrap().starts_with("storefront-db-restored-"));
    assert_eq!(sim.count("CreateDatabase"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}

#[test]
fn a_component_without_data_says_so_and_nothing_failed() {
    let sim = team(20.0);
    let tty = at(&sim, "uploads");
    let pane = |shot: &Shot| -> String {
        let from = shot.rows.iter().position(|row| row.contains("Backups 0"));
        let rows = shot.rows.iter().skip(from.unwrap_or(usize::MAX)).take(4);
        let rows: Vec<_> = rows.map(|row| super::right(row).trim()).collect();
        rows.join(" ")
    };
    let shot = tty.when("why there are none", |shot| {
        pane(shot).contains("web keeps no data, and its app has no database to back up.")
    });
    assert!(!pane(&shot).contains("failed"));
    tty.quit();
}

#[test]
fn an_app_shows_everything_it_has_beside_its_components() {
    let sim = team(20.0);
    let mut tty = at(&sim, "storefront");
    tty.types("8");
    let below = |shot: &Shot, heading: &str, row: &str| {
        let from = shot.rows.iter().position(|it| it.contains(heading));
        let rows = shot.rows.iter().skip(from.map_or(usize::MAX, |at| at + 1));
        let own = rows.take_while(|it| !it.contains("── "));
        own.into_iter().any(|it| it.contains(row))
    };
    tty.when("every section with rows", |shot| {
        below(shot, "Domains 3", "● LIVE  storefront.example.com")
            && below(shot, "Domains 3", "waits for DNS records")
            && below(shot, "── Services 1", " db ")
            && below(shot, "── Jobs and runs", "*/15 * * * * (Europe/Berlin)")
            && below(shot, "── Jobs and runs", "run, schedule")
            && below(shot, "── Instances", "api-0")
            && below(shot, "── Alerts", "a deployment failed")
    });
    tty.types("q");
    tty.sees("Apps 1 of 24");
    tty.quit();
}
