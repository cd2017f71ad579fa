//! PandaStack and Pangea: the rules of `rules`, written down for what can be done there. An app of
//! PandaStack has one environment, and all that is installed from the catalogue is in PROD.

use std::collections::BTreeSet;

use flightdeck::model::Capability;
use flightdeck::model::catalogue::recipes_for;
use reqwest::Method;
use serde_json::json;

use crate::cases::Case;
use crate::desk::{Desk, OPEN, PROTECTED, READ_ONLY};
use crate::prepare::Place;
use crate::rules::{About, Loss, Rule, of_app, of_context, rule};
use crate::world::{Counts, World, since};

/// What is done to managed apps, each to one that is in the right state.
const MANAGED: &[Rule] = &[
    of_context(rule(
        "create-app",
        "DeployManagedApp",
        Loss::Little,
        &[("name", "umami")],
    )),
    of_app(rule("retry", "RetryManagedApp", Loss::Little, &[])),
    of_app(rule(
        "configure",
        "ConfigureManagedApp",
        Loss::Traffic,
        &[("settings", "{\"plan\":\"small\"}")],
    )),
    rule(
        "verify-domain",
        "VerifyManagedAppDomain",
        Loss::Little,
        &[("domain", "ghost.example.com")],
    ),
    rule(
        "complete-installation",
        "CompleteManagedAppInstallation",
        Loss::Little,
        &[("domain", "ours.example.com")],
    ),
    of_app(rule("delete-app", "DeleteManagedApp", Loss::Lost, &[])),
];

/// What is done to projects.
const PROJECTS: &[Rule] = &[
    of_app(rule("deploy", "DeployProject", Loss::Little, &[])),
    rule(
        "set-var",
        "UpdateProject",
        Loss::Little,
        &[("name", "OURS"), ("value", "something")],
    ),
    rule(
        "unset-var",
        "UpdateProject",
        Loss::Goes,
        &[("name", "NODE_ENV")],
    ),
    of_app(rule("delete-app", "DeleteProject", Loss::Lost, &[])),
];

const PANGEA: &[Rule] = &[
    of_context(rule(
        "create-app",
        "ProjectCreate",
        Loss::Little,
        &[("name", "ours"), ("geo", "us")],
    )),
    of_app(rule(
        "rename-app",
        "ProjectUpdate",
        Loss::Little,
        &[("name", "ours")],
    )),
    of_app(rule("delete-app", "ProjectDelete", Loss::Lost, &[])),
    of_context(rule(
        "rename-organisation",
        "OrgUpdate",
        Loss::Little,
        &[("organisation", ""), ("name", "Ours")],
    )),
];

/// The rules of a platform, with the environments in which each is tried.
const GROUNDS: &[(&str, &[Rule], &[&str])] = &[
    ("pandastack", MANAGED, &["production"]),
    ("pandastack", PROJECTS, &["main", "develop"]),
    ("pangea", PANGEA, &["us-west-1", "us-east-1"]),
];

/// Every rule in each of its environments, in an open and in a protected context.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (platform, rules, environments) in GROUNDS {
        for rule in *rules {
            for environment in *environments {
                cases.extend([OPEN, PROTECTED].map(|context| Case {
                    platform,
                    rule,
                    environment,
                    context,
                    takes_offer: true,
                }));
            }
        }
    }
    cases
}

/// In which app a case is tried: one waits for its domain, one has failed, one runs.
fn app_of(case: &Case) -> &'static str {
    match (case.environment, case.rule.recipe) {
        ("production", "retry") => "n8n",
        ("production", "verify-domain" | "complete-installation") => "ghost",
        ("production", _) => "umami",
        ("main", _) => "shop-api",
        ("develop", _) => "www",
        ("us-west-1", _) => "shop-api-prod",
        _ => "billing-staging",
    }
}

pub(crate) async fn prepare(world: &World, case: &Case) -> Place {
    let app = app_of(case);
    if app == "ghost" {
        let dns = json!({"application": app}).to_string();
        world.control(Method::POST, "dns", dns).await;
    }
    if case.rule.recipe == "complete-installation" {
        let id = world.id_of(app).await;
        let organisation = world.organisation();
        let verify = "/api/v1/managed-apps/verify-domain";
        let path = format!("{verify}/{id}?organization_id={organisation}");
        world.ask(&path).await;
    }
    Place {
        app,
        environment: case.environment,
        look: None,
    }
}

fn ruled(platform: &str) -> BTreeSet<&'static str> {
    let of = GROUNDS.iter().filter(|(name, ..)| *name == platform);
    let rules = of.flat_map(|(_, rules, _)| rules.iter());
    rules.map(|rule| rule.recipe).collect()
}

/// Everything else is refused with its reason, wherever it is asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_no_rule_is_not_offered_and_says_why() {
    for (platform, app, environment) in [
        ("pandastack", "umami", "production"),
        ("pandastack", "www", "develop"),
        ("pangea", "shop-api-prod", "us-west-1"),
    ] {
        let world = World::on(platform).await;
        let adapter = world.connect(false);
        let before = world.changes().await;
        let mut desk = Desk::new(&world).await;
        let ruled = ruled(platform);
        let specials = adapter.profile().specials;
        let others = || recipes_for(specials).filter(|it| !ruled.contains(it.name));
        assert!(others().count() > 30);
        for context in [OPEN, PROTECTED, READ_ONLY] {
            desk.select(context, app, environment);
            if context == PROTECTED {
                desk.unlock(PROTECTED);
            }
            // What belongs to another platform is in no menu.
            for recipe in others().filter(|it| it.capability != Capability::Special) {
                let reason = adapter.support(recipe.capability).refusal();
                let reason = reason.unwrap_or_else(|| panic!("{} has no rule", recipe.name));
                let said = desk.ask(recipe.name, None).await;
                assert_eq!(said, Err(format!("{}: {reason}", recipe.name)));
            }
        }
        assert_eq!(desk.begun, 0);
        desk.close().await;
        assert_eq!(since(&before, world.changes().await), Counts::new());
    }
}

#[test]
fn every_kind_of_target_is_tried() {
    let abouts = cases().into_iter().map(|case| case.rule.about);
    let abouts: Vec<About> = abouts.collect();
    for about in [About::Context, About::App, About::Environment] {
        assert!(abouts.contains(&about), "{about:?}");
    }
    assert_eq!(abouts.len(), 2 * (6 + 2 * 4 + 2 * 4));
}
