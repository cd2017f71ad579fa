//! Projects of dialect v1: deployed, with the log as it is written.

use std::time::Duration;

use super::{app_row, asks, at, organisation};

/// Builds are slow here, so that they are seen.
const SLOWLY: Duration = Duration::from_mins(1);

#[test]
fn a_project_is_deployed_and_its_log_is_read_as_it_is_written() {
    let sim = organisation(2.0);
    let mut tty = at(&sim, "shop-api");
    tty.types("D");
    asks(&tty, "deploy shop-api");
    assert_eq!(sim.changing(), 0, "a question sends nothing");
    tty.types("y");
    tty.when("the build", |shot| {
        app_row(shot, "shop-api").contains("◐") && shot.has("Logs  shop-api/main · deployment")
    });
    tty.types("l++");
    tty.within(SLOWLY, "what the build writes", |shot| {
        shot.has("Cloning branch main") && !shot.has("shop-api is live")
    });
    tty.within(SLOWLY, "its end", |shot| {
        shot.has("shop-api is live") && shot.has("succeeded")
    });
    tty.types("__1");
    tty.when("that it is done", |shot| {
        shot.has("✓ deploy shop-api") && app_row(shot, "shop-api").contains("● LIVE")
    });
    assert_eq!(sim.count("DeployProject"), 1);
    assert_eq!(sim.changing(), 1);
    tty.quit();
}
