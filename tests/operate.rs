//! `do`, `wait` and `vars` of the real binary, against the simulator in this process.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::similar_names,
    reason = "the helpers of a test fail the test; environments are called test and live"
)]

#[expect(dead_code, reason = "the helpers are shared with other tests")]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use assert_cmd::assert::Assert;
use flightdeck::model::Secret;
use flightdeck::model::catalogue::{Field, FieldKind, On, RECIPES, Recipe};
use flightdeck::platforms::{Connection, Platform, adapter};
use predicates::prelude::*;
use serde_json::Value;

use support::{World, has, json_of, stderr};

/// A word that stands for a value nobody may see.
const CANARY: &str = "canary-4711";

fn stdout(output: &Assert) -> String {
    String::from_utf8(output.get_output().stdout.clone()).unwrap()
}

/// The platform as the program knows it. Nothing is sent.
fn divio() -> Arc<dyn Platform> {
    // Making an HTTP client panics without a TLS provider; a second installation is refused.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let connection = Connection {
        base_url: "http://127.0.0.1:1".parse().unwrap(),
        credential: Arc::new(|| Ok(Secret::new("x"))),
        read_only: true,
        organisation: None,
        settings: flightdeck::platforms::Settings::default(),
        notebook: std::sync::Arc::new(flightdeck::model::Scratch::default()),
        allow_plain_http: false,
    };
    (adapter("divio").unwrap().connect)(connection).unwrap()
}

fn refusal(platform: &dyn Platform, recipe: &Recipe) -> Option<&'static str> {
    platform.support(recipe.capability).refusal()
}

/// Arguments that satisfy the command line, and nothing else.
fn any_answers(recipe: &Recipe) -> Vec<String> {
    let answer = |field: &Field| {
        let option = format!("--{}", field.name);
        match field.kind {
            FieldKind::Text | FieldKind::Pick(_) | FieldKind::Some(_) => vec![option, "x".into()],
            FieldKind::Secret => vec![format!("{option}-from-env"), "PATH".into()],
            FieldKind::Count { least, .. } => vec![option, least.to_string()],
            FieldKind::Choice(words) => vec![option, words[0].0.into()],
            FieldKind::Flag => vec![option],
            FieldKind::Time => vec![option, "30d".into()],
            FieldKind::Pairs => vec![option, "a=b".into()],
        }
    };
    recipe.asked().flat_map(answer).collect()
}

// ── Every operation ─────────────────────────────────────────────────────────────────────────────

/// Every operation that Divio offers: its name, environment, options, and what is sent.
const RUNS: &[(&str, &str, &[&str], &str)] = &[
    ("deploy", "test", &["--mode", "force"], "CreateDeployment"),
    ("rollback", "test", &[], "CreateDeployment"),
    (
        "backup",
        "live",
        &[
            "--services",
            "database",
            "--notes",
            "mine",
            "--keep-until",
            "30d",
        ],
        "CreateBackup",
    ),
    (
        "restore",
        "live",
        &["--backup", "mine"],
        "CreateBackupRestore",
    ),
    (
        "prepare-download",
        "live",
        &["--backup", "last-good"],
        "CreateBackupDownload",
    ),
    (
        "set-var",
        "test",
        &["--name", "NEW", "--value-from-env", "PATH"],
        "CreateEnvironmentVariable",
    ),
    (
        "unset-var",
        "test",
        &["--name", "NEW"],
        "DestroyEnvironmentVariable",
    ),
    (
        "add-domain",
        "test",
        &["--name", "new.example.com"],
        "CreateDomain",
    ),
    (
        "change-domain",
        "test",
        &["--domain", "new.example.com", "--change", "redirect"],
        "PartialUpdateDomain",
    ),
    (
        "remove-domain",
        "test",
        &["--domain", "NEW.example.com"],
        "DestroyDomain",
    ),
    (
        "create-service",
        "test",
        &["--kind", "AMQP", "--name", "JOBS"],
        "CreateServiceInstance",
    ),
    (
        "provision-service",
        "test",
        &["--service", "JOBS"],
        "ProvisionServiceInstance",
    ),
    (
        "attach-service",
        "test",
        &["--service", "JOBS"],
        "AttachServiceInstance",
    ),
    (
        "detach-service",
        "test",
        &["--service", "JOBS"],
        "DetachServiceInstance",
    ),
    (
        "remove-service",
        "test",
        &["--service", "JOBS"],
        "DestroyServiceInstance",
    ),
    (
        "create-job",
        "test",
        &[
            "--command",
            "tick tock",
            "--frequency",
            "DAILY",
            "--time",
            "02:30",
            "--kill-after",
            "5",
        ],
        "CreateCronjob",
    ),
    (
        "change-job",
        "test",
        &[
            "--job",
            "tick tock",
            "--command",
            "tock",
            "--frequency",
            "HOURLY",
            "--time",
            ":42",
        ],
        "PartialUpdateCronjob",
    ),
    ("remove-job", "test", &["--job", "tock"], "DestroyCronjob"),
    (
        "copy-environment",
        "test",
        &["--slug", "copy"],
        "CopyEnvironment",
    ),
    (
        "change-environment",
        "test",
        &["--branch", "next"],
        "PartialUpdateEnvironment",
    ),
    ("stop", "test", &[], "StopEnvironment"),
    (
        "rename-app",
        "",
        &["--name", "Another name"],
        "PartialUpdateApplication",
    ),
    ("delete-app", "", &[], "ArchiveApplication"),
];

/// Those that belong to no particular app of the simulator: some app has one.
const MAINTENANCE: [(&str, &str); 3] = [
    ("run-maintenance", "RunMaintenanceRun"),
    ("skip-maintenance", "SkipMaintenanceRun"),
    ("cancel-maintenance", "CancelMaintenanceRun"),
];

#[test]
fn every_offered_operation_is_sent_once() {
    let world = World::still();
    let app = world.app();
    for (name, environment, options, sent) in RUNS {
        let target = match *environment {
            "" => app.clone(),
            environment => format!("{app}/{environment}"),
        };
        let (before, changes) = (world.requests(sent), world.changes());
        let command = ["do", *name, &target, "--yes", "--confirm", &app, "--wait"];
        let output = world.run(&[command.as_slice(), *options].concat());
        output.success().stdout(has(": done"));
        assert_eq!(world.requests(sent), before + 1, "{name}");
        assert_eq!(world.changes(), changes + 1, "{name}");
    }
    // What is deleted is gone.
    world.run(&["get", "envs", &app]).code(2);
}

#[test]
fn maintenance_is_begun_left_out_and_cancelled() {
    for (name, sent) in MAINTENANCE {
        let world = World::still();
        let apps = json_of(&world.run(&["get", "apps", "-o", "json"]).success());
        let names = apps["items"].as_array().unwrap().iter();
        let done = names
            .map(|app| app["name"].as_str().unwrap())
            .filter(|app| {
                let run = ["--run", "database upgrade", "--yes", "--confirm", app];
                let command = [["do", name, app].as_slice(), &run].concat();
                let output = world.command(&command).output().unwrap();
                output.status.success()
            });
        assert!(done.count() > 0, "{name}");
        assert!(world.requests(sent) > 0, "{name}");
    }
}

#[test]
fn every_operation_is_either_run_here_or_not_offered() {
    let platform = divio();
    let run: BTreeSet<&str> = RUNS
        .iter()
        .map(|(name, ..)| *name)
        .chain(MAINTENANCE.iter().map(|(name, _)| *name))
        .collect();
    let offered: BTreeSet<&str> = RECIPES
        .iter()
        .filter(|recipe| refusal(platform.as_ref(), recipe).is_none())
        .map(|recipe| recipe.name)
        .collect();
    assert_eq!(run, offered);
}

#[test]
fn what_is_not_offered_is_refused_with_its_reason_and_nothing_is_sent() {
    let (world, platform) = (World::still(), divio());
    let mut count = 0;
    for recipe in RECIPES {
        let Some(reason) = refusal(platform.as_ref(), recipe) else {
            continue;
        };
        count += 1;
        let target = match recipe.on {
            On::Context => "divio:".to_owned(),
            On::App => world.app(),
            On::Release | On::Environment => world.target("test"),
        };
        let mut command = vec!["do", recipe.name, &target, "--yes", "-o", "json"];
        let answers = any_answers(recipe);
        command.extend(answers.iter().map(String::as_str));
        let output = world.run(&command).code(1).stderr(has(reason));
        let document = json_of(&output);
        assert_eq!(document["outcome"], "refused", "{}", recipe.name);
        assert_eq!(document["operation"], recipe.name);
        assert_eq!(document["error"]["kind"], "unsupported");
    }
    assert!(count > 10, "{count}");
    assert_eq!(world.changes(), 0);
}

#[test]
fn help_lists_every_operation_and_field() {
    let world = World::still();
    let help = stdout(&world.run(&["do", "--help"]).success());
    for recipe in RECIPES {
        let line = help
            .lines()
            .find(|line| line.split_whitespace().next() == Some(recipe.name));
        let line = line.unwrap_or_else(|| panic!("{} is missing in\n{help}", recipe.name));
        assert!(line.ends_with(recipe.about), "{line}");
        let own = stdout(&world.run(&["do", recipe.name, "--help"]).success());
        assert!(own.starts_with(recipe.about), "{own}");
        // Lines are wrapped; what counts are the words.
        let words: Vec<&str> = own.split_whitespace().collect();
        let words = words.join(" ");
        for field in recipe.asked() {
            assert!(words.contains(&format!("--{}", field.name)), "{own}");
            assert!(words.contains(field.about), "{} in {own}", field.about);
        }
    }
}

// ── Confirming ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn without_a_yes_it_is_said_what_would_happen_and_nothing_is_sent() {
    let world = World::still();
    let app = world.app();
    let cases: [(&str, &str, &[&str], &[&str]); 9] = [
        ("deploy", "live", &[], &["release", "last good"]),
        ("rollback", "live", &[], &["to  ", " → ", "last good"]),
        ("stop", "live", &[], &["last backup"]),
        ("restore", "live", &["--backup", "latest"], &["last backup"]),
        (
            "set-var",
            "live",
            &["--name", "A", "--value-from-env", "SECRET"],
            &["value        ***"],
        ),
        ("unset-var", "live", &["--name", "DEBUG"], &["DEBUG"]),
        (
            "change-environment",
            "live",
            &["--branch", "next"],
            &[" → next"],
        ),
        ("rename-app", "", &["--name", "New"], &[" → New"]),
        ("delete-app", "", &[], &["all of", "live", "test"]),
    ];
    for (name, environment, options, told) in cases {
        let target = match environment {
            "" => app.clone(),
            environment => format!("{app}/{environment}"),
        };
        let command = [["do", name, &target].as_slice(), options].concat();
        let output = world.command(&command).env("SECRET", CANARY).assert();
        let output = output.code(2).stdout("").stderr(
            has("this would ")
                .and(has("context      divio"))
                .and(has("class        PROD"))
                .and(has("nothing was sent; to do it, add --yes"))
                .and(has(CANARY).not()),
        );
        for words in told {
            assert!(stderr(&output).contains(words), "{words}: {output}");
        }
    }
    assert_eq!(world.changes(), 0);
}

#[test]
fn what_loses_data_needs_the_name_and_another_name_is_never_right() {
    let world = World::still();
    let (app, live, test) = (world.app(), world.target("live"), world.target("test"));
    let needed = format!("to do it, add --yes --confirm {app}");
    let delete = |more: &[&str]| world.run(&[&["do", "delete-app", &app], more].concat());
    delete(&["--yes"]).code(2).stderr(has(&needed));
    delete(&["--yes", "--confirm", "x"])
        .code(2)
        .stderr(has(&needed));
    delete(&["--confirm", &app]).code(2).stderr(has(&needed));
    world
        .run(&["do", "stop", &live, "--yes"])
        .code(2)
        .stderr(has(&needed));
    world
        .run(&["do", "deploy", &test, "--confirm", "x"])
        .code(2)
        .stderr(has(&format!("add --confirm {app}")));
    assert_eq!(world.changes(), 0);
}

#[test]
fn a_read_only_context_sends_nothing_whatever_it_is() {
    let world = World::still();
    let (app, test) = (world.app(), world.target("test"));
    let file = world.path("new.env");
    fs::write(&file, "A=1\n").unwrap();
    let commands: [&[&str]; 4] = [
        &["do", "stop", &test, "--yes", "--confirm", &app],
        &["do", "delete-app", &app, "--yes", "--confirm", &app],
        &["do", "unset-var", &test, "--name", "DEBUG"],
        &["vars", "import", &test, &file],
    ];
    for command in commands {
        let output = world.run(&[&["--read-only"], command].concat());
        output.code(2).stderr(has("read-only: nothing was sent"));
    }
    assert_eq!(world.changes(), 0);
}

/// Also not the question about a domain, which is a read that may move an installation on.
#[test]
fn a_read_only_context_sends_nothing_where_a_read_may_change_something() {
    let commands = [
        ("pandastack", "create-app pandastack: --name umami"),
        ("pandastack", "retry n8n"),
        (
            "pandastack",
            "configure umami --settings {\"plan\":\"small\"}",
        ),
        (
            "pandastack",
            "verify-domain ghost --domain ghost.example.com",
        ),
        (
            "pandastack",
            "complete-installation ghost --domain ghost.example.com",
        ),
        ("pandastack", "delete-app umami --confirm umami"),
        ("pandastack", "deploy shop-api"),
        (
            "pandastack",
            "unset-var shop-api --name NODE_ENV --confirm shop-api",
        ),
        ("pandastack", "delete-app shop-api --confirm shop-api"),
        ("pangea", "create-app pangea: --name ours --geo us"),
        ("pangea", "rename-app shop-api-prod --name ours"),
        ("pangea", "delete-app shop-api-prod --confirm shop-api-prod"),
        (
            "pangea",
            "rename-organisation pangea: --organisation ORG --name Ours",
        ),
    ];
    for platform in ["pandastack", "pangea"] {
        let world = World::on(platform);
        let orgs = json_of(&world.run(&["get", "orgs", "-o", "json"]).success());
        let organisation = orgs["items"][0]["id"].as_str().unwrap().to_owned();
        for (_, command) in commands.iter().filter(|(on, _)| *on == platform) {
            let command = command.replace("ORG", &organisation);
            let mut arguments = vec!["--read-only", "do"];
            arguments.extend(command.split(' '));
            arguments.push("--yes");
            let output = world.run(&arguments);
            output.code(2).stderr(has("read-only: nothing was sent"));
        }
        assert_eq!(world.changes(), 0);
        assert_eq!(world.requests("VerifyManagedAppDomain"), 0);
    }
}

// ── Inputs ──────────────────────────────────────────────────────────────────────────────────────

#[test]
fn every_kind_of_input_has_its_error() {
    let world = World::still();
    let (app, test) = (world.app(), world.target("test"));
    let cases: [(&[&str], &str); 21] = [
        (&["do", "set-var", &test, "--value-stdin"], "--name"),
        (
            &[
                "do",
                "set-var",
                &test,
                "--name",
                "",
                "--value-from-env",
                "PATH",
            ],
            "--name: is missing",
        ),
        (&["do", "set-var", &test, "--name", "A"], "--value-stdin"),
        (
            &["do", "set-var", &test, "--name", "A", "--value", "x"],
            "unexpected argument '--value'",
        ),
        (
            &[
                "do",
                "set-var",
                &test,
                "--name",
                "A",
                "--value-from-env",
                "NONE",
            ],
            "environment variable NONE is not set",
        ),
        (
            &[
                "do",
                "set-var",
                &test,
                "--name",
                "A",
                "--value-file",
                "/none",
            ],
            "/none: ",
        ),
        (
            &["do", "unset-var", &test, "--name", "DEBUK"],
            "--name: no variable \"DEBUK\"; nearest: DEBUG",
        ),
        (
            &["do", "unset-var", &test, "--name", "DOMAIN"],
            "DOMAIN is set by the platform itself",
        ),
        (&["do", "scale", &test, "--units", "-1"], "--units"),
        (&["do", "scale", &test, "--units", "1001"], "0..=1000"),
        (
            &["do", "deploy", &test, "--mode", "fast"],
            "possible values: auto, adopt, force",
        ),
        (&["do", "deploy", &test, "--pin"], "unexpected argument"),
        (
            &["do", "backup", &test, "--keep-until", "soon"],
            "a time is such as 2026-12-31",
        ),
        (
            &["do", "create-app", "divio:", "--name", "a", "--set", "b"],
            "a pair is KEY=VALUE",
        ),
        (
            &["do", "restore", &test],
            "required arguments were not provided",
        ),
        (
            &["do", "restore", &test, "--backup", "none"],
            "--backup: no backup \"none\" in divio:",
        ),
        (
            &["do", "backup", &test, "--services", "x"],
            "--services: no service \"x\"",
        ),
        (
            &["do", "create-service", &test, "--kind", "x", "--name", "a"],
            "PostgreSQL  DATABASE",
        ),
        (
            &["do", "rename-app", &test, "--name", "a"],
            "this concerns the whole app",
        ),
        (&["do", "deploy", &app], "is ambiguous; it could be"),
        (&["do", "fly", &test], "unrecognized subcommand"),
    ];
    for (command, complaint) in cases {
        world.run(command).code(2).stdout("").stderr(has(complaint));
    }
    assert_eq!(world.changes(), 0);
}

#[test]
fn an_app_is_created_by_what_its_platform_asks_for() {
    let world = World::still();
    // Nobody listens there: nothing may be sent.
    let elsewhere = "[contexts.projects]\nplatform = \"pangea\"\n\
                     base_url = \"http://127.0.0.1:9\"\ntoken = \"x\"\norganisation = \"poi_x\"\n";
    let other = "[contexts.lab]\nplatform = \"tsuru\"\n\
                 base_url = \"http://127.0.0.1:9\"\ntoken = \"x\"\n";
    let config = world.config(&format!("{}{elsewhere}{other}", world.good()));
    let check = |arguments: &[&str], complaint: &str| {
        let mut command = vec!["--config", &config, "do", "create-app"];
        command.extend(arguments);
        let output = world.run(&command);
        output.code(2).stdout("").stderr(has(complaint));
    };
    check(&["projects:", "--name", "a"], "geo is missing: us, eu");
    let mars = ["projects:", "--name", "a", "--geo", "mars"];
    check(&mars, "geo is none of us, eu");
    let mars = ["projects:", "--name", "a", "--set", "geo=mars"];
    check(&mars, "geo is none of us, eu");
    let more = ["projects:", "--name", "a", "--geo", "us", "--set", "plan=x"];
    check(&more, "set has \"plan\", which is not asked for");
    let foreign = ["lab:", "--name", "a", "--geo", "us"];
    check(&foreign, "--geo: tsuru does not ask for it");
    let help = stdout(&world.run(&["do", "create-app", "--help"]).success());
    let words: Vec<&str> = help.split_whitespace().collect();
    let words = words.join(" ");
    for told in [
        "--geo <TEXT>",
        "(Pangea, us, eu)",
        "PandaStack: The slug of an app",
    ] {
        assert!(words.contains(told), "{told} in {help}");
    }
    assert_eq!(world.changes(), 0);
}

#[test]
fn an_ambiguous_name_gives_the_candidates_with_their_ids() {
    let world = World::still();
    let (app, test) = (world.app(), world.target("test"));
    for _ in 0..2 {
        let backup = ["do", "backup", &test, "--notes", "mine", "--wait"];
        world.run(&backup).success();
    }
    let list = json_of(
        &world
            .run(&["get", "backups", &test, "-o", "json"])
            .success(),
    );
    let sure = ["--yes", "--confirm", &app];
    let restore = |backup: &str| {
        let command = ["do", "restore", &test, "--backup", backup];
        world.run(&[command.as_slice(), &sure].concat())
    };
    let mut output = restore("mine")
        .code(2)
        .stderr(has("--backup: \"mine\" is ambiguous"));
    for backup in list["items"].as_array().unwrap().iter().take(2) {
        output = output.stderr(has(backup["id"].as_str().unwrap()));
    }
    let id = list["items"][0]["id"].as_str().unwrap();
    restore(id).success();
    assert_eq!(world.requests("CreateBackupRestore"), 1);
}

#[test]
fn a_backup_of_another_environment_is_not_taken() {
    let world = World::still();
    let (app, test, live) = (world.app(), world.target("test"), world.target("live"));
    let list = json_of(
        &world
            .run(&["get", "backups", &live, "-o", "json"])
            .success(),
    );
    let id = list["items"][0]["id"].as_str().unwrap();
    let command = [
        "do",
        "restore",
        &test,
        "--backup",
        id,
        "--yes",
        "--confirm",
        &app,
    ];
    world
        .run(&command)
        .code(2)
        .stderr(has(&format!("no backup \"{id}\"")));
    assert_eq!(world.changes(), 0);
}

#[test]
fn a_rollback_goes_to_the_last_good_one_before_the_present_one() {
    let world = World::still();
    let live = world.target("live");
    let list = json_of(
        &world
            .run(&["get", "deployments", &live, "-o", "json"])
            .success(),
    );
    let items = list["items"].as_array().unwrap().iter();
    let good: Vec<&Value> = items.filter(|it| it["phase"] == "succeeded").collect();
    let present = good
        .iter()
        .position(|it| it["current"] == true)
        .unwrap_or(0);
    let (present, before) = (&good[present]["label"], &good[present + 1]);
    let arrow = format!(
        "{} → {} (id {})",
        text(present),
        text(&before["label"]),
        text(&before["id"])
    );
    world
        .run(&["do", "rollback", &live])
        .code(2)
        .stderr(has(&arrow));
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_variable_that_exists_is_changed_and_a_hidden_one_stays_hidden() {
    let world = World::still();
    let test = world.target("test");
    for name in ["DEBUG", "SECRET_KEY"] {
        let command = [
            "do",
            "set-var",
            &test,
            "--name",
            name,
            "--value-from-env",
            "PATH",
        ];
        world
            .run(&command)
            .success()
            .stderr(has("takes effect with the next deployment"));
    }
    assert_eq!(world.requests("PartialUpdateEnvironmentVariable"), 2);
    assert_eq!(world.requests("CreateEnvironmentVariable"), 0);
}

#[test]
fn a_variable_that_the_platform_does_not_hide_afterwards_is_told() {
    let world = World::still();
    let set = |name: &str| {
        let test = world.target("test");
        let command = ["do", "set-var", &test, "--name", name];
        let more = ["--value-from-env", "PATH", "--sensitive"];
        world.run(&[command.as_slice(), &more].concat()).success()
    };
    set("DEBUG").stderr(has("the value of DEBUG is not hidden"));
    set("NEW").stderr(has("is not hidden").not());
    set("NEW").stderr(has("is not hidden").not());
}

#[test]
fn a_new_domain_comes_with_what_is_to_be_done() {
    let world = World::still();
    let command = [
        "do",
        "add-domain",
        &world.target("test"),
        "--name",
        "a.example.com",
    ];
    let output = world.run(&[command.as_slice(), &["-o", "json"]].concat());
    let output = output.success().stderr(has("what is yours to do next:"));
    let steps = json_of(&output)["next_steps"].as_array().unwrap().clone();
    assert!(!steps.is_empty());
    for step in steps {
        assert!(stderr(&output).contains(text(&step)), "{step}");
    }
}

// ── Ends ────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_end_is_one_document() {
    let world = World::still();
    let test = world.target("test");
    let done = json_of(
        &world
            .run(&["do", "deploy", &test, "--wait", "-o", "json"])
            .success(),
    );
    for (key, value) in [
        ("schema", "flightdeck/1"),
        ("kind", "operation"),
        ("operation", "deploy"),
        ("outcome", "done"),
    ] {
        assert_eq!(done[key], value, "{done:#}");
    }
    assert_eq!(done["target"]["context"], "divio");
    assert_eq!(done["target"]["app"], world.app().as_str());
    assert_eq!(done["target"]["environment"], "test");
    assert_eq!(done["target"]["class"], "stag");
    assert_eq!(done["follow"]["kind"], "deployment");
    assert!(done["follow"]["id"].is_string());
    for key in ["message", "note", "error"] {
        assert!(done[key].is_null(), "{key} in {done:#}");
    }
    assert!(done["took_s"].is_u64());
}

#[test]
fn a_complaint_of_the_platform_stands_beside_its_option() {
    let world = World::still();
    let command = [
        "do",
        "copy-environment",
        &world.target("test"),
        "--slug",
        "No Slug",
    ];
    let complaint = "--slug: This value does not match the required pattern.";
    world
        .run(&command)
        .code(1)
        .stdout("")
        .stderr(has(complaint));
    let output = world.run(&[command.as_slice(), &["-o", "json"]].concat());
    let document = json_of(&output.code(1));
    assert_eq!(document["outcome"], "refused");
    assert_eq!(document["error"]["kind"], "validation");
    assert_eq!(document["problems"][0]["option"], "--slug");
}

#[test]
fn a_part_that_the_platform_cannot_stop_alone_is_not_taken_for_all() {
    let world = World::still();
    let command = ["do", "stop", &world.target("test"), "--process", "web"];
    let sure = ["--yes", "--confirm", &world.app()];
    world
        .run(&[command.as_slice(), &sure].concat())
        .code(1)
        .stderr(has("--process: Divio stops an environment as a whole"));
    assert_eq!(world.changes(), 0);
}

#[test]
fn failures_and_time_outs_are_documents_too() {
    let script = r#"[{ "operation": "CreateDeployment", "fail_deployment": "migrate: exit 1" }]"#;
    let world = World::with_faults(script);
    let command = [
        "do",
        "deploy",
        &world.target("test"),
        "--wait",
        "-o",
        "json",
    ];
    let document = json_of(&world.run(&command).code(1));
    assert_eq!(document["outcome"], "failed");
    let world = World::slow();
    let command = [
        "do",
        "deploy",
        &world.target("test"),
        "--wait",
        "-o",
        "json",
    ];
    let output = world.run(&[command.as_slice(), &["--timeout", "1s"]].concat());
    let output = output.code(124).stderr(has("not over after 1s"));
    assert_eq!(json_of(&output)["outcome"], "timed_out");
}

#[test]
fn what_was_begun_is_waited_for() {
    let world = World::still();
    let test = world.target("test");
    let begin = |name: &str| {
        let command = ["do", name, &test, "-o", "json"];
        let document = json_of(&world.run(&command).success());
        assert_eq!(document["outcome"], "accepted");
        text(&document["follow"]["id"]).to_owned()
    };
    for (name, kind) in [("deploy", "deployment"), ("backup", "backup")] {
        let id = begin(name);
        let changes = world.changes();
        world
            .run(&["wait", kind, &id])
            .success()
            .stdout(format!("wait divio: done ({kind} {id})\n"));
        let command = ["wait", kind, &id, "--target", &test, "-o", "json"];
        let document = json_of(&world.run(&command).success());
        assert_eq!(document["outcome"], "done");
        assert_eq!(document["operation"], "wait");
        assert_eq!(world.changes(), changes);
    }
    world
        .run(&["wait", "deployment", "none", "--target", "divio:"])
        .code(1)
        .stderr(has("does not exist or is not visible"));
    world
        .run(&["wait", "operation", "none"])
        .code(1)
        .stderr(has("Divio has no tasks to follow"));
}

#[test]
fn waiting_ends_with_the_verdict_or_the_time() {
    let script = r#"[{ "operation": "CreateDeployment", "fail_deployment": "migrate: exit 1" }]"#;
    let begin = |world: &World| {
        let command = ["do", "deploy", &world.target("test"), "-o", "json"];
        let document = json_of(&world.run(&command).success());
        text(&document["follow"]["id"]).to_owned()
    };
    let world = World::with_faults(script);
    let id = begin(&world);
    world
        .run(&["wait", "deployment", &id])
        .code(1)
        .stderr(has(": failed (deployment "));
    let world = World::slow();
    let id = begin(&world);
    let command = ["wait", "deployment", &id, "--timeout", "1s"];
    world
        .run(&command)
        .code(124)
        .stderr(has("not over after 1s"));
}

#[test]
fn with_several_contexts_it_is_said_where_to_wait() {
    let world = World::still();
    let other = world.context("other", &format!("\"{}\"", world.token()));
    let config = world.config(&format!("{}{other}", world.good()));
    let wait = |more: &[&str]| {
        let command = ["--config", config.as_str(), "wait", "deployment", "none"];
        world.run(&[command.as_slice(), more].concat())
    };
    wait(&[]).code(2).stderr(has("--target CONTEXT:"));
    wait(&["--target", "other:"]).code(1).stderr(has("other: "));
    wait(&["--context", "other"]).code(1).stderr(has("other: "));
}

// ── Variables as files ──────────────────────────────────────────────────────────────────────────

/// A file of that text.
fn dotenv(world: &World, text: &str) -> String {
    let path = world.path("variables.env");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn what_is_exported_can_be_imported() {
    let world = World::still();
    let (app, test) = (world.app(), world.target("test"));
    let odd = "two lines\nit's $HOME, \"quoted\" \\ # kept ";
    let set = [
        "do",
        "set-var",
        &test,
        "--name",
        "ODD",
        "--value-from-env",
        "ODD",
    ];
    world.command(&set).env("ODD", odd).assert().success();
    let file = world.path("test.env");
    world
        .run(&["vars", "export", &test, "--to", &file])
        .success()
        .stdout("")
        .stderr(has("SECRET_KEY").and(has("quoted").not()));
    let written = fs::read_to_string(&file).unwrap();
    assert!(
        written.contains("# SECRET_KEY: hidden by the platform"),
        "{written}"
    );
    assert!(!written.contains("DOMAIN"), "{written}");
    let plain = world.run(&["vars", "export", &test]).success();
    assert_eq!(stdout(&plain), written);
    let changes = world.changes();
    world
        .run(&["vars", "import", &test, &file, "--delete-missing"])
        .success()
        .stdout(has("nothing to change"));
    assert_eq!(world.changes(), changes);
    // Elsewhere it is a change, and the same afterwards.
    let live = world.target("live");
    let sure = ["--yes", "--confirm", &app];
    let import = ["vars", "import", &live, &file];
    world.run(&[import.as_slice(), &sure].concat()).success();
    world
        .run(&["vars", "import", &live, &file])
        .success()
        .stdout(has("nothing to change"));
}

#[cfg(unix)]
#[test]
fn an_exported_file_is_its_owners_and_replaces_none_unasked() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::still();
    let (test, file) = (world.target("test"), world.path("test.env"));
    fs::write(&file, "mine").unwrap();
    let export = ["vars", "export", &test, "--to", &file];
    world
        .run(&export)
        .code(2)
        .stderr(has("exists: add --overwrite"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    world
        .run(&[export.as_slice(), &["--overwrite"]].concat())
        .success();
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(fs::read_to_string(&file).unwrap().contains("DEBUG="));
}

#[test]
fn what_an_import_would_change_is_shown_by_name_only() {
    let world = World::still();
    let test = world.target("test");
    let text =
        format!("NEW={CANARY}\nDEBUG={CANARY}\nSECRET_KEY={CANARY}\nLOG_LEVEL=info\nDOMAIN=x\n");
    let file = dotenv(&world, &text);
    let dry = ["vars", "import", &test, &file, "--dry-run"];
    let output = world.run(&dry).success().stderr("");
    for line in [
        "+ NEW            new",
        "~ DEBUG          changed",
        "~ SECRET_KEY     set anew: the platform hides what it was",
        "= LOG_LEVEL      same",
        "  DOMAIN         set by the platform: left alone",
        "  MAIL_FROM      missing: kept",
        "  PAYMENT_TOKEN  missing in any file: kept",
    ] {
        assert!(stdout(&output).contains(line), "{line} in {output}");
    }
    assert!(!stdout(&output).contains(CANARY));
    assert_eq!(world.changes(), 0);
    let import = ["vars", "import", &test, &file];
    let output = world.run(&import).success();
    assert_eq!(stderr(&output).matches("next deployment").count(), 1);
    assert!(!stderr(&output).contains(CANARY));
    assert_eq!(world.changes(), 3);
}

#[test]
fn an_import_is_confirmed_as_the_gravest_of_its_changes() {
    let world = World::still();
    let (app, test, live) = (world.app(), world.target("test"), world.target("live"));
    let few = dotenv(&world, "A=1\n");
    let import = |target: &str, more: &[&str]| {
        let command = ["vars", "import", target];
        world.run(&[command.as_slice(), more].concat())
    };
    let name = format!("add --yes --confirm {app}\n");
    import(&live, &[&few]).code(2).stderr(has("add --yes\n"));
    import(&live, &[&few, "--delete-missing", "--yes"])
        .code(2)
        .stderr(has(&name));
    let many = ["A", "B", "C", "D", "E", "F"].join("=1\n") + "=1\n";
    let many = dotenv(&world, &many);
    import(&test, &[&many]).code(2).stderr(has(&name));
    assert_eq!(world.changes(), 0);
    import(&test, &[&many, "--yes", "--confirm", &app]).success();
    assert_eq!(world.requests("CreateEnvironmentVariable"), 6);
}

#[test]
fn a_file_that_is_not_understood_sends_nothing_and_is_not_repeated() {
    let world = World::still();
    let test = world.target("test");
    let cases = [
        (
            format!("A=1\nB='{CANARY}"),
            "2:3: this quote is never closed",
        ),
        (format!("A=1\n{CANARY}"), "2:12: = is expected"),
        (
            format!("A=1\nA={CANARY}"),
            "2:1: this name is set for the second time",
        ),
    ];
    for (text, complaint) in cases {
        let file = dotenv(&world, &text);
        let place = format!("{file}:{complaint}");
        let import = ["vars", "import", &test, &file];
        world.run(&import).code(2).stderr(
            has(&place)
                .and(has("nothing was sent"))
                .and(has(CANARY).not()),
        );
        let output = world
            .command(&["vars", "import", &test, "-"])
            .write_stdin(text)
            .assert();
        output
            .code(2)
            .stderr(has(&format!("standard input:{complaint}")));
    }
    let empty = dotenv(&world, "# nothing\n");
    let remove_all = ["vars", "import", &test, &empty, "--delete-missing"];
    world
        .run(&remove_all)
        .code(2)
        .stderr(has("would remove all"));
    // Not even a question.
    assert_eq!(world.requests("ListEnvironmentVariables"), 0);
    assert_eq!(world.changes(), 0);
}

#[test]
fn an_import_stops_at_the_first_failure_and_says_what_was_done() {
    let world = World::with_faults(
        r#"[{ "operation": "CreateEnvironmentVariable", "status": 403, "after": 1, "times": 1 }]"#,
    );
    let file = dotenv(&world, "A=1\nB=2\nC=3\nD=4\n");
    let import = ["vars", "import", &world.target("test"), &file];
    world.run(&import).code(3).stdout("").stderr(
        has("stopped at B: not done: ")
            .and(has("done         A\n"))
            .and(has("not sent     C, D\n")),
    );
    assert_eq!(world.requests("CreateEnvironmentVariable"), 2);
    world
        .run(&import)
        .success()
        .stdout(has("3 variables changed"));
}

// ── Secrets ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn no_output_and_no_log_carries_a_value() {
    let world = World::still();
    let test = world.target("test");
    let file = dotenv(&world, &format!("FROM_FILE={CANARY}\n"));
    let set = ["do", "set-var", &test, "--name", "A"];
    let commands = [
        [set.as_slice(), &["--value-stdin"]].concat(),
        [set.as_slice(), &["--value-file", &file, "-o", "json"]].concat(),
        [set.as_slice(), &["--value-from-env", "SECRET"]].concat(),
        [
            set.as_slice(),
            &["--value-from-env", "SECRET", "--sensitive"],
        ]
        .concat(),
        // The platform does not accept this name.
        vec!["do", "set-var", &test, "--name", "a b", "--value-stdin"],
        vec!["vars", "import", &test, &file],
        vec!["vars", "import", &test, &file, "--dry-run"],
        vec!["vars", "export", &test, "--to", "/nowhere/x.env"],
    ];
    for command in commands {
        let output = world
            .command(&command)
            .env("SECRET", CANARY)
            .env("FLIGHTDECK_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .write_stdin(format!("{CANARY}\n"))
            .output()
            .unwrap();
        for text in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(text);
            assert!(!text.contains(CANARY), "{command:?}: {text}");
        }
    }
    let log = fs::read_to_string(world.path("state/flightdeck.log")).unwrap();
    assert!(!log.is_empty());
    assert!(!log.contains(CANARY));
    // It arrived all the same.
    let vars = ["get", "vars", &test, "--reveal", "-o", "json"];
    let list = json_of(&world.run(&vars).success());
    let items = list["items"].as_array().unwrap();
    let value = |name: &str| items.iter().find(|it| it["name"] == name).unwrap()["value"].clone();
    assert_eq!(value("A"), CANARY);
    assert_eq!(value("FROM_FILE"), CANARY);
}

#[test]
fn a_value_cannot_be_an_argument() {
    let world = World::still();
    let test = world.target("test");
    let help = stdout(&world.run(&["do", "set-var", "--help"]).success());
    assert!(!help.contains("--value "), "{help}");
    for attempt in [["--value", CANARY], ["--name", CANARY]] {
        let set = ["do", "set-var", &test, "--name", "A"];
        world.run(&[set.as_slice(), &attempt].concat()).code(2);
    }
    assert_eq!(world.changes(), 0);
}
