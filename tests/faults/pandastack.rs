//! PandaStack: every operation of the catalogue that it supports, on managed apps and on projects.

use flightdeck::model::catalogue::{Inputs, Value as Answer};
use flightdeck::model::{
    DeployMode, DomainId, OperationKind, Secret, VariableChange, VariableWish,
};
use flightdeck::platforms::pandastack;
use serde_json::{Value, json};

use crate::cases::{Case, Ground, Look, Ready, case, long, text};
use crate::world::World;

pub(crate) const GROUND: Ground = Ground {
    name: "pandastack",
    scheme: "Bearer",
    root: "/",
    // The simulator is asked.
    total: "",
    connect: pandastack::connect_with,
    cases: CASES,
    prepare: |world, case| Box::pin(prepare(world, case)),
};

/// What takes its time to show: not yet is not never.
const fn late(recipe: &'static str, request: &'static str) -> Case {
    Case {
        absence_shows: false,
        ..long(recipe, request)
    }
}

/// What may be gone at once.
const fn end(recipe: &'static str, request: &'static str) -> Case {
    Case {
        may_be_over: true,
        ..late(recipe, request)
    }
}

const CASES: &[Case] = &[
    long("create-app", "DeployManagedApp"),
    late("retry", "RetryManagedApp"),
    // No answer has the configuration for certain.
    Case {
        absence_shows: false,
        presence_shows: false,
        ..case("configure", "ConfigureManagedApp")
    },
    // A question, which is followed where the answer cannot be read.
    Case {
        presence_shows: false,
        asks_again: true,
        ..end("verify-domain", "VerifyManagedAppDomain")
    },
    late("complete-installation", "CompleteManagedAppInstallation"),
    end("delete-app", "DeleteManagedApp"),
    Case {
        variant: "project",
        ..end("delete-app", "DeleteProject")
    },
    long("deploy", "DeployProject"),
    case("set-var", "UpdateProject"),
    case("unset-var", "UpdateProject"),
];

/// The app from a slug; of projects the first.
async fn find(world: &World, slug: &str) -> Value {
    let all = world.overview().await;
    let mut fitting = all.into_iter().filter(|it| match slug {
        "" => text(&it["uuid"]).starts_with("project:"),
        slug => it["template"] == slug,
    });
    fitting.next().unwrap()
}

/// Which app a case is tried with: one waits for its domain, one has failed, one runs.
fn slug_of(case: &Case) -> &'static str {
    match (case.recipe, case.variant) {
        ("verify-domain" | "complete-installation", _) => "ghost",
        ("retry", _) => "n8n",
        ("deploy" | "set-var" | "unset-var", _) | (_, "project") => "",
        _ => "umami",
    }
}

async fn prepare(world: &World, case: &Case) -> Ready {
    let app = find(world, slug_of(case)).await;
    let (id, name) = (text(&app["uuid"]), text(&app["slug"]));
    if case.recipe == "verify-domain" || case.recipe == "complete-installation" {
        world.control("dns", &json!({"application": id})).await;
    }
    if case.recipe == "complete-installation" {
        let organisation = world.organisation();
        let verify = "api/v1/managed-apps/verify-domain";
        let path = format!("{verify}/{id}?organization_id={organisation}");
        world.get(&path).await;
    }
    let (kind, look) = of(case, &id, &name);
    Ready {
        kind,
        environment: id.clone(),
        app: id,
        look,
    }
}

fn change(name: &str, wish: VariableWish) -> OperationKind {
    OperationKind::ChangeVariables(vec![VariableChange {
        id: None,
        name: name.into(),
        wish,
    }])
}

fn configure() -> OperationKind {
    let special = pandastack::PROFILE.specials[0];
    assert_eq!(special.recipe.name, "configure");
    let settings = Answer::Text(r#"{"plan": "small"}"#.into());
    let inputs = Inputs::default().with("settings", settings);
    (special.recipe.build)(&inputs).unwrap()
}

fn of(case: &Case, id: &str, name: &str) -> (OperationKind, Look) {
    let newest = || Look::Of(id.to_owned(), "newest_deployment/uuid");
    let variables = || Look::Field(format!("v1/projects/{name}"), "data/env");
    match case.recipe {
        "create-app" => (
            OperationKind::CreateApp {
                name: "umami".into(),
                inputs: vec![("region".into(), "us".into())],
            },
            Look::Apps,
        ),
        "retry" => (
            OperationKind::RetryDeployment { deployment: None },
            newest(),
        ),
        "configure" => (configure(), Look::Of(id.to_owned(), "configuration")),
        "verify-domain" => (
            OperationKind::VerifyDomain {
                id: DomainId::new(id),
                name: "blog.example.com".into(),
            },
            Look::Nothing,
        ),
        "complete-installation" => (
            OperationKind::CompleteInstallation {
                domain: "ours.example.com".into(),
            },
            Look::Of(id.to_owned(), "domain"),
        ),
        "delete-app" => (
            OperationKind::DeleteApp {
                typed_name: name.into(),
            },
            Look::Known(id.to_owned()),
        ),
        "deploy" => (
            OperationKind::Deploy {
                mode: DeployMode::Auto,
            },
            newest(),
        ),
        "set-var" => {
            let value = Secret::new("after".repeat(1_900));
            let wish = VariableWish::Set {
                value,
                is_sensitive: false,
            };
            (change("OURS", wish), variables())
        }
        "unset-var" => (change("NODE_ENV", VariableWish::Unset), variables()),
        name => panic!("{name} is not prepared"),
    }
}
