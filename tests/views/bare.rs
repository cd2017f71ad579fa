//! The snapshots of platforms that have little: one where nothing runs, and one that lists no
//! deployments and leaves it to people to set up DNS.

use std::collections::HashMap;

use flightdeck::app::contexts::Context;
use flightdeck::model::catalogue::{Field, FieldKind};
use flightdeck::model::{
    App, AppId, AuthProblem, Capability, ContextId, Creation, Deployment, DeploymentId, Detail,
    DetailValue, Domain, DomainId, EnvId, Environment, Failure, FieldProblem, LogDelivery,
    LogHistory, Page, Payload, Phase, Profile, Query, QueryKey, Stage as OperationStage, Status,
    Support, Verdict, Vocabulary,
};
use flightdeck::platforms::divio;

use crate::screens::{check, check_text, seconds};
use crate::stage::{Stage, ago};
use crate::world::text as word;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// What is offered where nothing runs.
const OFFERED: [Capability; 8] = [
    Capability::ReadAccount,
    Capability::ListOrganisations,
    Capability::ListApps,
    Capability::ListAllEnvironments,
    Capability::ListEnvironments,
    Capability::CreateApp,
    Capability::UpdateApp,
    Capability::DeleteApp,
];

const GEOS: [(&str, &str); 2] = [("us", "United States"), ("eu", "European Union")];

/// A platform of projects in which nothing runs.
static PANGEA: Profile = Profile {
    name: "pangea",
    title: "Pangea",
    vocabulary: Vocabulary {
        app: ("project", "projects"),
        environment: ("region", "regions"),
        deployment: ("deployment", "deployments"),
        backup: ("backup", "backups"),
        organisation: ("organisation", "organisations"),
    },
    creation: Creation {
        name: "The name of the project",
        fields: &[
            Field::new(
                "geo",
                FieldKind::Choice(&GEOS),
                "The part of the world its data stays in",
            ),
            Field::text("region", "us-west-1; its own choice otherwise").optional(),
        ],
    },
    specials: &[],
    others: &[],
    deploys_environments: false,
    deployment_log: LogDelivery::None,
    runtime_log: LogDelivery::None,
    runtime_history: LogHistory::None("this platform has no logs"),
    ..divio::PROFILE
};

/// A platform that installs apps and lists no deployments.
static PANDA: Profile = Profile {
    name: "pandastack",
    title: "PandaStack",
    deployments_note: Some("deployments known to flightdeck: PandaStack's API lists none"),
    deploys_environments: false,
    specials: &[],
    others: &[],
    ..divio::PROFILE
};

/// Why something is not offered where nothing runs.
fn reason(capability: Capability) -> &'static str {
    match capability {
        Capability::ListDeployments | Capability::Deploy | Capability::CancelDeployment => {
            "Pangea projects have no deployments: nothing runs in them"
        }
        Capability::DeploymentLog | Capability::RuntimeLog => "Pangea projects have no log stream",
        Capability::ListBackups | Capability::CreateBackup => "Pangea projects have no backups",
        Capability::ListVariables => "Pangea projects have no variables",
        Capability::ListActivity => "Pangea's Platform API has no record of activity",
        Capability::RollBack => "Pangea projects have no releases",
        Capability::ListDomains => "Pangea projects have no domains",
        _ => "nothing runs in a Pangea project",
    }
}

fn pangea() -> Context {
    let support = |it: &Capability| {
        if OFFERED.contains(it) {
            Support::Yes
        } else {
            Support::No(reason(*it))
        }
    };
    let table = Capability::ALL.iter().map(|it| (*it, support(it)));
    let table: HashMap<_, _> = table.collect();
    Context::new(ContextId(0), word("pangea"), &PANGEA, table)
}

fn project(name: &str, region: &str) -> (App, Environment) {
    let mut app = App::new(AppId::new(name), word(name));
    app.status = Status::Present;
    let mut env = Environment::new(EnvId::new(name), AppId::new(name), word(region));
    env.is_synthetic = true;
    env.status = Status::Present;
    env.details = vec![Detail::new("geo", DetailValue::Text(word("us")))];
    (app, env)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "what answers a stage may also keep it waiting"
)]
fn projects(key: &QueryKey) -> Option<Result<Payload, Failure>> {
    let all = [
        project("vault", "us-west-1"),
        project("audit", "eu-central-1"),
    ];
    Some(Ok(match &key.query {
        Query::Apps => Payload::Apps(Page::whole(all.map(|it| it.0).into())),
        Query::AllEnvironments => Payload::Environments(Page::whole(all.map(|it| it.1).into())),
        other => panic!("{other:?} is not offered, and was asked for"),
    }))
}

fn nothing_runs(width: u16, height: u16) -> Stage {
    Stage::new(vec![pangea()], width, height)
        .answering(projects)
        .ready()
        .after(seconds(7))
}

#[test]
fn where_nothing_runs_every_place_says_so() {
    for (width, height) in SIZES {
        let all = nothing_runs(width, height);
        check_text(&format!("bare_dashboard_{width}x{height}"), &all);
        for (key, name) in [
            ("tab", "regions"),
            ("l", "logs"),
            ("b", "backups"),
            ("i", "detail"),
        ] {
            let pane = all.clone().keys(key).after(seconds(1));
            check_text(&format!("bare_{name}_{width}x{height}"), &pane);
        }
        for (key, name) in [
            ("4", "all_backups"),
            ("5", "variables"),
            ("6", "activity"),
            ("8", "parts"),
        ] {
            let view = all.clone().keys(key).after(seconds(1));
            check_text(&format!("bare_{name}_{width}x{height}"), &view);
        }
    }
    check("bare_styles", &nothing_runs(120, 40));
}

#[test]
fn a_token_of_the_wrong_kind_says_what_it_is() {
    let unfit = || {
        Failure::Auth(AuthProblem::Unfit {
            what: word("a service token"),
            advice: word("create a management client in the console"),
        })
    };
    for (width, height) in SIZES {
        let stage = Stage::new(vec![pangea()], width, height);
        let stage = stage.answering(move |_| Some(Err(unfit()))).ready();
        let stage = stage.after(seconds(7));
        check_text(&format!("bare_unfit_{width}x{height}"), &stage);
    }
}

#[test]
fn keys_for_what_is_not_offered_tell_the_reason() {
    let all = nothing_runs(80, 24);
    let mut told = String::new();
    for key in ["D", "X", "Z", "B"] {
        let after = all.clone().keys(key);
        let notice = after.state.notices.shown(after.state.now);
        let notice = notice.map(|it| it.text.to_string());
        told.extend([key, ": ", &notice.unwrap_or_default(), "\n"]);
    }
    insta::assert_snapshot!(told, @r"
    D: deploy: Pangea projects have no deployments: nothing runs in them
    X: cancel: Pangea projects have no deployments: nothing runs in them
    Z: rollback: Pangea projects have no releases
    B: backup: Pangea projects have no backups
    ");
}

#[test]
fn an_app_is_created_by_what_its_platform_asks_for() {
    for (width, height) in SIZES {
        let form = nothing_runs(width, height)
            .keys("a A")
            .types("demo")
            .keys("tab");
        check_text(&format!("bare_form_{width}x{height}"), &form);
        let missing = form.clone().keys("ctrl-enter");
        check_text(&format!("bare_form_missing_{width}x{height}"), &missing);
        let sent = form.keys("right tab").types("mars-1").keys("ctrl-enter");
        let sent = sent.after(seconds(1)).keys("y");
        let complaint = FieldProblem {
            field: Some(word("region")),
            problem: word("there is no mars-1 in us"),
        };
        let refused = OperationStage::Refused(Failure::Validation(vec![complaint]));
        let refused = sent.after(seconds(1)).operation(0, refused);
        check_text(&format!("bare_form_refused_{width}x{height}"), &refused);
    }
}

const WAITS: &str = "installation waits for its domain: create the DNS records that view 8 shows, \
                     then verify-domain, then complete-installation";

fn waiting() -> Environment {
    let mut env = Environment::new(EnvId::new("ghost"), AppId::new("ghost"), word("production"));
    env.is_synthetic = true;
    env.status = Status::Degraded;
    env.reason = Some(word(WAITS));
    env.has_runtime_log = true;
    env
}

fn records() -> Domain {
    Domain {
        id: DomainId::new("ghost"),
        name: word("blog.example.com"),
        environment: None,
        status: Status::Degraded,
        message: Some(word("not verified: no CNAME record was found")),
        is_primary: true,
        redirects: false,
        tls: None,
        checked_at: Some(ago(60)),
        instructions: vec![
            word(
                "CNAME blog.example.com ghost-5f2c9a7e.managed-apps.eu-central-1.pandastack.example",
            ),
            word(
                "TXT _pandastack-challenge.blog.example.com panda-verify=8c1f0e6f2b7d4f6d9a35c7e0b1d2a4f8e6c7b9d0",
            ),
        ],
        details: Vec::new(),
    }
}

fn seen() -> Deployment {
    let mut deployment = Deployment::new(
        DeploymentId::new("ghost/1"),
        word("5f2c9a7e"),
        Phase::ActionRequired(word("DOMAIN_PENDING")),
    );
    deployment.started_at = Some(ago(600));
    deployment.cause = Some(word("known to flightdeck"));
    deployment.reason = Some(word(WAITS));
    deployment
}

fn installed(key: &QueryKey) -> Option<Result<Payload, Failure>> {
    let mut app = App::new(AppId::new("ghost"), word("ghost"));
    app.status = Status::Degraded;
    app.reason = Some(word(WAITS));
    app.details = vec![Detail::new(
        "configuration",
        DetailValue::Text(word("{\"plan\": \"small\"}")),
    )];
    Some(Ok(match &key.query {
        Query::Apps => Payload::Apps(Page::whole(vec![app])),
        Query::AllEnvironments | Query::Environments(_) => {
            Payload::Environments(Page::whole(vec![waiting()]))
        }
        Query::Deployments(_) => Payload::Deployments(Page::whole(vec![seen()])),
        Query::Domains(_) => Payload::Domains(Page::whole(vec![records()])),
        _ => return None,
    }))
}

fn installs(width: u16, height: u16) -> Stage {
    let lacks = |it: &Capability| match it {
        Capability::ListBackups | Capability::CreateBackup | Capability::ListServices => {
            Support::No("PandaStack's API has none")
        }
        _ => Support::Yes,
    };
    let table = Capability::ALL.iter().map(|it| (*it, lacks(it))).collect();
    let context = Context::new(ContextId(0), word("pandastack"), &PANDA, table);
    Stage::new(vec![context], width, height)
        .answering(installed)
        .ready()
        .after(seconds(7))
}

#[test]
fn what_is_to_be_done_next_is_in_sight_where_one_looks() {
    for (width, height) in SIZES {
        let all = installs(width, height);
        check_text(&format!("steps_dashboard_{width}x{height}"), &all);
        let detail = all.clone().keys("i").after(seconds(1));
        check_text(&format!("steps_detail_{width}x{height}"), &detail);
        let domains = all.clone().keys("8").after(seconds(1));
        check_text(&format!("steps_domains_{width}x{height}"), &domains);
        let open = domains.clone().keys("enter").after(seconds(1));
        check_text(&format!("steps_domain_{width}x{height}"), &open);
        check_text(
            &format!("steps_copy_{width}x{height}"),
            &domains.clone().keys("y"),
        );
        check_text(
            &format!("steps_complete_{width}x{height}"),
            &domains.keys("a C"),
        );
        let asked = all.keys("a C").types("blog.example.com").keys("ctrl-enter");
        let asked = asked.after(seconds(1)).keys("y");
        let told = asked.after(seconds(2)).told(
            0,
            &[
                "create the DNS record CNAME blog.example.com ghost-5f2c9a7e.managed-apps.eu-central-1.pandastack.example",
                "flightdeck do verify-domain pandastack:ghost/production --domain ghost",
            ],
            &[],
        );
        let over = told.operation(0, OperationStage::Ended(Verdict::Partly(word(WAITS))));
        let over = over.after(seconds(1));
        check_text(&format!("steps_strip_{width}x{height}"), &over);
        check_text(
            &format!("steps_operation_{width}x{height}"),
            &over.keys("T enter").after(seconds(1)),
        );
    }
}
