//! What only tsuru has, and what acts on all of an app there: the rules of `rules`, written down
//! for them.

use std::collections::BTreeSet;

use flightdeck::model::Special;
use flightdeck::platforms::tsuru::PROFILE;

use crate::cases::Case;
use crate::prepare::Place;
use crate::rules::{About, Loss, Rule, of_all, of_app, rule};
use crate::world::World;

const PEM: &str = "-----BEGIN CERTIFICATE-----QUJD-----END CERTIFICATE-----";
const KEY: &str = "-----BEGIN PRIVATE KEY-----QUJD-----END PRIVATE KEY-----";

pub(crate) const RULES: &[Rule] = &[
    of_all(rule("restart", "AppRestart", Loss::Traffic, &[])),
    of_all(rule("stop", "AppStop", Loss::Goes, &[])),
    rule("restart", "AppRestart", Loss::Traffic, &[]),
    of_app(rule("deploy", "DeployRebuild", Loss::Little, &[])),
    of_app(rule(
        "rollback",
        "DeployRollback",
        Loss::Traffic,
        &[("to", "")],
    )),
    of_app(rule("delete-app", "AppDelete", Loss::Lost, &[])),
    of_app(rule(
        "release-version",
        "DeployRebuild",
        Loss::Traffic,
        &[("versions", "beside")],
    )),
    of_app(rule(
        "configure-app",
        "AppUpdate",
        Loss::Traffic,
        &[("description", "Ours")],
    )),
    of_app(rule(
        "set-quota",
        "AppQuotaChange",
        Loss::Little,
        &[("limit", "40")],
    )),
    of_app(rule(
        "set-routable",
        "AppSetRoutable",
        Loss::Traffic,
        &[("version", "14"), ("routable", "no")],
    )),
    of_app(rule(
        "delete-version",
        "AppVersionDelete",
        Loss::Goes,
        &[("version", "2")],
    )),
    of_app(rule(
        "block-events",
        "EventBlockAdd",
        Loss::Little,
        &[("reason", "freeze")],
    )),
    of_app(rule(
        "grant-team",
        "AppTeamGrant",
        Loss::Little,
        &[("team", "payments")],
    )),
    of_app(rule(
        "revoke-team",
        "AppTeamRevoke",
        Loss::Goes,
        &[("team", "payments")],
    )),
    of_app(rule(
        "rebuild-routes",
        "AppRebuildRoutes",
        Loss::Traffic,
        &[],
    )),
    of_app(rule(
        "forbid-rollback",
        "DeployRollbackUpdate",
        Loss::Little,
        &[("deployment", "v2"), ("reason", "leaks")],
    )),
    of_app(rule(
        "allow-rollback",
        "DeployRollbackUpdate",
        Loss::Little,
        &[("deployment", "v2")],
    )),
    rule(
        "set-certificate",
        "CertificateSet",
        Loss::Traffic,
        &[
            ("domain", "example.com"),
            ("certificate", PEM),
            ("key", KEY),
        ],
    ),
    rule(
        "remove-certificate",
        "CertificateUnset",
        Loss::Goes,
        &[("domain", "example.com")],
    ),
    rule(
        "set-issuer",
        "AppSetCertIssuer",
        Loss::Traffic,
        &[("domain", "example.com"), ("issuer", "letsencrypt")],
    ),
    rule("trigger-job", "TriggerJob", Loss::Traffic, &[("job", "")]),
];

/// What is there of an app, with what is missing for the operation. An app is in the class of its most
/// important process: where it is not to be PROD, it is one without a web process.
pub(crate) async fn prepare(world: &World, case: &Case) -> Place {
    let app = match (case.rule.about, case.is_production()) {
        (About::App, false) => "pebble",
        // Its pool is called "staging".
        (About::Environment, false) => "saffron",
        (About::App | About::All | About::Environment, true) | (About::All, false) => "atlas",
        (About::Context, _) => panic!("none of these is about a context"),
    };
    if case.rule.recipe == "revoke-team" {
        world.put(&format!("/1.0/apps/{app}/teams/payments")).await;
    }
    Place {
        app,
        environment: case.environment,
        look: None,
    }
}

/// Logging in changes nothing, and may be where nothing may be changed: the rules are not for it.
#[test]
fn every_operation_of_its_own_has_a_rule() {
    let ruled: BTreeSet<&str> = RULES.iter().map(|rule| rule.recipe).collect();
    let is_left = |it: &&&Special| !ruled.contains(it.recipe.name);
    let left = PROFILE.specials.iter().filter(is_left);
    let left: Vec<_> = left.map(|it| it.recipe.name).collect();
    assert_eq!(left, ["log-in"]);
}
