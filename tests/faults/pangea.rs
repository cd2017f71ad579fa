//! Pangea: every operation, answered at once and answered later.

use flightdeck::model::{OperationKind, OrgId};
use flightdeck::platforms::pangea;
use serde_json::json;

use crate::cases::{Case, Ground, Look, Ready, case, long, text};
use crate::world::World;

pub(crate) const GROUND: Ground = Ground {
    name: "pangea",
    scheme: "Bearer",
    root: "/",
    // The simulator is asked.
    total: "",
    connect: pangea::connect_with,
    cases: CASES,
    prepare: |world, case| Box::pin(prepare(world, case)),
};

/// What is answered at once. Any answer may come later there: not yet is not never.
const fn now(recipe: &'static str, request: &'static str) -> Case {
    Case {
        absence_shows: false,
        ..case(recipe, request)
    }
}

/// What is answered later, and found at its end.
const fn later(recipe: &'static str, request: &'static str) -> Case {
    Case {
        may_be_over: true,
        variant: "later",
        absence_shows: false,
        ..long(recipe, request)
    }
}

const CASES: &[Case] = &[
    now("create-app", "ProjectCreate"),
    later("create-app", "ProjectCreate"),
    now("rename-app", "ProjectUpdate"),
    later("rename-app", "ProjectUpdate"),
    now("delete-app", "ProjectDelete"),
    later("delete-app", "ProjectDelete"),
    now("rename-organisation", "OrgUpdate"),
    later("rename-organisation", "OrgUpdate"),
];

async fn prepare(world: &World, case: &Case) -> Ready {
    if case.variant == "later" {
        let accepted = json!({"operation": case.request, "shape": "accepted"});
        world.fault(&accepted).await;
    }
    let app = world.overview().await[0].clone();
    let (id, name) = (text(&app["uuid"]), text(&app["slug"]));
    let (kind, look) = of(case, &id, name, world.organisation());
    Ready {
        kind,
        environment: id.clone(),
        app: id,
        look,
    }
}

fn of(case: &Case, id: &str, name: String, organisation: String) -> (OperationKind, Look) {
    match case.recipe {
        "create-app" => (
            OperationKind::CreateApp {
                name: "ours".into(),
                inputs: vec![("geo".into(), "us".into())],
            },
            Look::Apps,
        ),
        "rename-app" => (
            OperationKind::UpdateApp {
                name: "ours".into(),
            },
            Look::Of(id.to_owned(), "slug"),
        ),
        "delete-app" => (
            OperationKind::DeleteApp { typed_name: name },
            Look::Known(id.to_owned()),
        ),
        "rename-organisation" => {
            let body = json!({"id": organisation});
            let kind = OperationKind::RenameOrganisation {
                id: OrgId::new(organisation),
                name: "Ours".into(),
            };
            let look = Look::Posted("v1beta/platform/org/get", body, "result/name");
            (kind, look)
        }
        name => panic!("{name} is not prepared"),
    }
}
