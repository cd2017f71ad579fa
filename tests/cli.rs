//! The real binary, without a screen, against the simulator in this process.

#[expect(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "the helpers of a test fail the test, and are shared with other tests"
)]
mod support;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use predicates::prelude::*;
use serde_json::Value;

use support::{TOKEN_VARIABLE, World, has, indiscreet, json_of, text_of};

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn apps_are_listed_as_a_table() {
    let world = World::still();
    let output = world.run(&["get", "apps"]).success().stderr("");
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let mut lines = text.lines();
    let heading = lines.next().unwrap();
    for title in ["STATUS", "APP", "CLASS", "CONTEXT", "RELEASE", "REASON"] {
        assert!(heading.contains(title), "{heading}");
    }
    assert_eq!(lines.count(), World::APPS);
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn apps_are_listed_as_json() {
    let world = World::still();
    let document = json_of(&world.run(&["get", "apps", "-o", "json"]).success());
    assert_eq!(document["schema"], "flightdeck/1");
    assert_eq!(document["kind"], "apps");
    assert!(document["generated_at"].is_string());
    let items = document["items"].as_array().unwrap();
    assert_eq!(items.len(), World::APPS);
    let keys = [
        "context",
        "id",
        "name",
        "title",
        "organisation",
        "status",
        "platform_word",
        "class",
        "release",
        "reason",
        "url",
    ];
    for item in items {
        for key in keys {
            assert!(item.get(key).is_some(), "{key} in {item}");
        }
        assert_eq!(item["context"], "divio");
    }
    let context = &document["contexts"][0];
    assert_eq!(context["name"], "divio");
    assert_eq!(context["platform"], "divio");
    assert_eq!(context["ok"], true);
    assert!(context["fetched_at"].is_string());
    assert!(context.get("error").is_none());
}

#[test]
fn every_kind_is_listed_in_every_form() {
    let world = World::still();
    let app = world.app();
    let plain = ["contexts", "orgs", "apps", "envs", "deployments", "regions"];
    let of_app = [
        "apps",
        "envs",
        "deployments",
        "backups",
        "vars",
        "domains",
        "services",
        "activity",
        "metrics",
        "jobs",
    ];
    let plain = plain.map(|kind| (kind, None));
    let of_app = of_app.map(|kind| (kind, Some(app.as_str())));
    for (kind, target) in plain.into_iter().chain(of_app) {
        let list = |form| {
            let command = ["get", kind, "-o", form].into_iter().chain(target);
            let output = world.run(&command.collect::<Vec<_>>()).success();
            String::from_utf8(output.get_output().stdout.clone()).unwrap()
        };
        let document: Value = serde_json::from_str(&list("json")).unwrap();
        let count = document["items"].as_array().unwrap().len();
        assert!(count > 0, "{kind}");
        assert_eq!(document["kind"], kind);
        assert_eq!(list("table").lines().count(), count + 1, "{kind}");
        assert_eq!(list("wide").lines().count(), count + 1, "{kind}");
        assert!(list("csv").matches("\r\n").count() > count, "{kind}");
    }
}

#[test]
fn what_a_platform_does_not_offer_is_said_and_is_no_failure() {
    let world = World::still();
    let app = world.app();
    let kinds = [
        ("units", Some(app.as_str()), "single instances"),
        ("runs", Some(app.as_str()), "keeps no list"),
        ("alerts", None, "has no alerts"),
        ("sizes", None, "by subscription"),
    ];
    for (kind, target, reason) in kinds {
        let command = |form| {
            let command = ["get", kind, "-o", form].into_iter().chain(target);
            command.collect::<Vec<_>>()
        };
        let told = world.run(&command("table")).success();
        told.stderr(has("divio: ").and(has(reason)));
        let document = json_of(&world.run(&command("json")).success());
        assert_eq!(document["items"].as_array().unwrap().len(), 0, "{kind}");
        let context = &document["contexts"][0];
        assert!(context["unsupported"].as_str().unwrap().contains(reason));
    }
}

#[test]
fn what_belongs_to_no_app_refuses_one() {
    let world = World::still();
    for kind in ["sizes", "regions"] {
        let refused = world.run(&["get", kind, &world.app()]).code(2);
        refused.stderr(has(kind).and(has("do not belong to an app")));
    }
}

#[test]
fn values_of_variables_are_shown_only_on_request() {
    let world = World::still();
    let app = world.app();
    let vars = |more: &[&str]| {
        let mut command = vec!["get", "vars", app.as_str(), "-o", "json"];
        command.extend(more);
        let document = json_of(&world.run(&command).success());
        let items = document["items"].as_array().unwrap().clone();
        items.iter().any(|item| item["value"].is_string())
    };
    assert!(!vars(&[]));
    assert!(vars(&["--reveal"]));
    world
        .run(&["get", "vars", &app])
        .success()
        .stdout(has("***"));
}

#[test]
fn an_unknown_state_is_shown_as_itself() {
    let world = World::with_faults(r#"[{ "status_word": "exploding" }]"#);
    let target = world.target("live");
    let document = json_of(
        &world
            .run(&["get", "backups", &target, "-o", "json"])
            .success(),
    );
    let items = document["items"].as_array().unwrap();
    assert!(!items.is_empty());
    for backup in items {
        assert_eq!(backup["state"], "unknown", "{backup}");
        assert_eq!(backup["platform_word"], "exploding");
    }
    world
        .run(&["get", "backups", &target])
        .success()
        .stdout(has("exploding?"));
    // Whether a deployment is over is told by times, not by words.
    world.run(&["get", "deployments", &target]).success();
}

// ── Failures ────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_rejected_token_is_told_and_the_other_context_still_listed() {
    let world = World::still();
    let bad = world.context("bad", "\"no-such-token\"");
    let config = world.config(&format!("{}{bad}", world.good()));
    let output = world.run(&["get", "apps", "-o", "json", "--config", &config]);
    let output = output
        .code(3)
        .stderr(has("flightdeck: bad: token rejected"));
    let document = json_of(&output);
    assert_eq!(document["items"].as_array().unwrap().len(), World::APPS);
    assert_eq!(document["contexts"][0]["ok"], true);
    assert_eq!(document["contexts"][1]["ok"], false);
    assert_eq!(document["contexts"][1]["error"]["kind"], "auth");
}

#[test]
fn a_short_limit_is_waited_out() {
    let world = World::with_faults(
        r#"[{ "operation": "ListApplications", "status": 429, "retry_after": 1, "times": 1 }]"#,
    );
    world.run(&["get", "apps"]).success();
    assert_eq!(world.requests("ListApplications"), 2);
}

#[test]
fn a_long_limit_is_told() {
    let world = World::with_faults(r#"[{ "status": 429, "retry_after": 900 }]"#);
    let output = world.run(&["get", "apps", "-o", "json"]);
    let output = output.code(4).stderr(has("rate limited, again in"));
    let document = json_of(&output);
    assert_eq!(document["contexts"][0]["error"]["kind"], "rate_limited");
}

#[test]
fn a_broken_server_is_told() {
    let world = World::with_faults(r#"[{ "status": 502 }]"#);
    world
        .run(&["get", "apps"])
        .code(4)
        .stderr(has("divio: server error 502"));
}

#[test]
fn answers_that_are_no_answers_are_told() {
    for fault in [r#"[{ "truncate": true }]"#, r#"[{ "malformed": true }]"#] {
        let world = World::with_faults(fault);
        let output = world.run(&["get", "apps"]);
        output.failure().stderr(has("flightdeck: divio: "));
    }
    let world = World::with_faults(r#"[{ "malformed": true }]"#);
    world
        .run(&["get", "apps"])
        .code(1)
        .stderr(has("does not understand"));
}

#[test]
fn half_an_answer_is_listed_and_told() {
    let world = World::with_faults(r#"[{ "operation": "ListEnvironments", "status": 503 }]"#);
    let document = json_of(&world.run(&["get", "apps", "-o", "json"]).code(4));
    let items = document["items"].as_array().unwrap();
    assert_eq!(items.len(), World::APPS);
    assert!(items.iter().all(|item| item["status"] != "live"));
}

#[test]
fn nothing_listening_is_told() {
    let world = World::still();
    let config = world.config(
        "[contexts.gone]\nplatform = \"divio\"\nbase_url = \"http://127.0.0.1:1\"\ntoken = \"x\"\n",
    );
    let output = world.run(&["get", "apps", "--config", &config]);
    output.code(4).stderr(has("gone: nothing answers"));
}

#[test]
fn a_missing_token_variable_concerns_its_context_only() {
    let world = World::still();
    let missing = world.context("empty", "{ env = \"NO_SUCH_VARIABLE\" }");
    let config = world.config(&format!("{missing}{}", world.good()));
    let output = world.run(&["get", "contexts", "--config", &config]);
    output
        .code(3)
        .stderr(has(
            "empty: no token: environment variable NO_SUCH_VARIABLE is not set",
        ))
        .stdout(has("divio    divio     ok"));
}

// ── Configuration ───────────────────────────────────────────────────────────────────────────────

#[test]
fn an_unknown_key_is_told_with_its_place_and_does_no_harm() {
    let world = World::still();
    let config = world.config(&format!("{}tokn = 1\n", world.good()));
    let output = world.run(&["get", "apps", "--config", &config]);
    output.success().stderr(has(
        ":5:1: unknown key \"tokn\" in [contexts.divio]; did you mean",
    ));
}

#[test]
fn a_context_that_is_left_out_is_told() {
    let world = World::still();
    let config = world.config(&format!(
        "[contexts.bad]\nplatform = \"x\"\n{}",
        world.good()
    ));
    let output = world.run(&["get", "apps", "-o", "json", "--config", &config]);
    let document = json_of(&output.code(2).stderr(has("unknown platform \"x\"")));
    assert_eq!(document["items"].as_array().unwrap().len(), World::APPS);
    assert_eq!(document["contexts"][1]["name"], "bad");
    assert_eq!(document["contexts"][1]["error"]["kind"], "configuration");
    let chosen = ["get", "apps", "--context", "divio", "--config", &config];
    world.run(&chosen).success();
}

#[test]
fn a_configuration_that_cannot_be_read_is_an_error() {
    let world = World::still();
    let missing = world.path("no.toml");
    let output = world.run(&["get", "apps", "--config", &missing]);
    output
        .code(2)
        .stderr(has("does not exist").and(has("show-default")));
    let config = world.config("[contexts.a\ntoken = \"canary\"");
    let output = world.run(&["get", "apps", "--config", &config]);
    output
        .code(2)
        .stderr(has(":1:12: not TOML").and(has("canary").not()));
}

#[cfg(unix)]
#[test]
fn a_configuration_of_somebody_else_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::still();
    let config = world.config(&world.good());
    std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser reads everything.
    if std::fs::read(&config).is_ok() {
        return;
    }
    let output = world.run(&["get", "apps", "--config", &config]);
    output.code(2).stderr(has("is not open to this user"));
}

#[test]
fn without_a_terminal_the_dashboard_names_the_commands_for_scripts() {
    let world = World::still();
    let output = world.run(&["--demo"]);
    output
        .code(2)
        .stderr(has("needs a terminal").and(has("flightdeck get")));
}

#[test]
fn without_any_context_it_is_said_how_to_get_one() {
    let world = World::still();
    let output = world
        .command(&["get", "apps"])
        .env_remove("FLIGHTDECK_CONFIG")
        .assert();
    output
        .code(2)
        .stderr(has("DIVIO_API_TOKEN").and(has("--demo")));
}

#[test]
fn the_configuration_can_be_looked_at() {
    let world = World::still();
    let config = world.config(&world.good());
    let ask = |what| world.run(&["config", what, "--config", &config]);
    ask("path").success().stdout(format!("{config}\n"));
    ask("check")
        .success()
        .stdout(has("context divio: divio, token from"));
    ask("show-default")
        .success()
        .stdout(has("#[contexts.divio]"));
    let config = world.config("[contexts.a]\nplatform = \"divio\"\n");
    let output = world.run(&["config", "check", "--config", &config]);
    output
        .code(2)
        .stdout(has(":1:11: [contexts.a] has no `token`"));
    let config = world.config(&format!("{}\n[keys]\nqiut = \"x\"\n", world.good()));
    let output = world.run(&["config", "check", "--config", &config]);
    output.code(2).stdout(has(
        "unknown action \"qiut\" in [keys]; did you mean \"quit\"?",
    ));
}

#[test]
fn usage_is_told() {
    let world = World::still();
    world.run(&["--help"]).success().stdout(has("Exit codes"));
    world.run(&["get", "nonsense"]).code(2);
    world
        .run(&["get", "envs", "no-such-app"])
        .code(2)
        .stderr(has("no app \"no-such-app\"; nearest:"));
    world
        .run(&["get", "envs", "x:y"])
        .code(2)
        .stderr(has("no context \"x\""));
    world
        .run(&["get", "vars"])
        .code(2)
        .stderr(has("say of what"));
    world
        .run(&["--context", "dvio", "get", "apps"])
        .code(2)
        .stderr(has("did you mean \"divio\"?"));
}

// ── Operations ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_backup_is_taken_to_its_end() {
    let world = World::still();
    let target = world.target("test");
    let output = world.run(&["do", "backup", &target, "--notes", "before", "--wait"]);
    output
        .success()
        .stdout(has(&format!("backup divio:{target}: done (backup ")));
    let document = json_of(
        &world
            .run(&["get", "backups", &target, "-o", "json"])
            .success(),
    );
    assert_eq!(document["items"][0]["state"], "done");
    assert_eq!(document["items"][0]["notes"], "before");
}

#[test]
fn production_needs_a_yes() {
    let world = World::still();
    let target = world.target("live");
    let output = world.run(&["do", "deploy", &target]);
    output.code(2).stderr(
        has(&format!("this would deploy divio:{target}"))
            .and(has("PROD"))
            .and(has("nothing was sent; to do it, add --yes")),
    );
    assert_eq!(world.changes(), 0);
    let output = world.run(&["do", "deploy", &target, "--yes"]);
    output.success().stdout(has("accepted (deployment "));
    assert_eq!(world.requests("CreateDeployment"), 1);
}

#[test]
fn a_protected_context_asks_once_more() {
    let world = World::still();
    let good = world.good();
    let config = world.config(&format!("{}\nprotected = true\n", good.trim_end()));
    let (test, live) = (world.target("test"), world.target("live"));
    let run =
        |more: &[&str]| world.run(&[&["--config", config.as_str(), "do", "deploy"], more].concat());
    run(&[&test]).code(2).stderr(has("add --yes\n"));
    let app = world.app();
    run(&[&live, "--yes"])
        .code(2)
        .stderr(has(&format!("add --yes --confirm {app}\n")));
    assert_eq!(world.changes(), 0);
    run(&[&live, "--yes", "--confirm", &app]).success();
}

#[test]
fn read_only_sends_nothing() {
    let world = World::still();
    let target = world.target("test");
    let output = world.run(&["do", "deploy", &target, "--read-only"]);
    output.code(2).stderr(has("read-only: nothing was sent"));
    let good = world.good();
    let config = world.config(&format!("{}\nread_only = true\n", good.trim_end()));
    world
        .run(&["do", "backup", &target, "--config", &config])
        .code(2);
    assert_eq!(world.changes(), 0);
}

#[test]
fn a_failed_deployment_is_told() {
    let world = World::with_faults(
        r#"[{ "operation": "CreateDeployment", "fail_deployment": "migrate: exit 1" }]"#,
    );
    let output = world.run(&["do", "deploy", &world.target("test"), "--wait"]);
    output
        .code(1)
        .stdout("")
        .stderr(has(": failed (deployment "));
}

#[test]
fn a_lost_answer_is_found_out_about_and_nothing_sent_twice() {
    let world =
        World::with_faults(r#"[{ "operation": "CreateDeployment", "act_then_status": 502 }]"#);
    let output = world.run(&["do", "deploy", &world.target("test")]);
    output
        .success()
        .stdout(has("accepted (deployment "))
        .stderr(has("looking what happened"));
    assert_eq!(world.requests("CreateDeployment"), 1);
}

#[test]
fn waiting_has_an_end() {
    let world = World::slow();
    let output = world.run(&[
        "do",
        "deploy",
        &world.target("test"),
        "--wait",
        "--timeout",
        "1s",
    ]);
    output.code(124).stderr(has("not over after 1s"));
}

// ── Logs ────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_last_lines_of_a_log_are_shown() {
    let world = World::still();
    let target = world.target("live");
    world.write_log("live", &["alpha 1", "beta 2", "alpha 3", "beta 4"]);
    let output = world.run(&[
        "logs",
        &target,
        "--grep",
        "^(alpha|beta) [0-9]$",
        "--lines",
        "3",
    ]);
    let output = output.success().stderr("");
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let ends: Vec<&str> = text
        .lines()
        .filter_map(|line| line.get(line.len() - 7..))
        .collect();
    assert_eq!(ends, [" beta 2", "alpha 3", " beta 4"], "{text}");
}

#[test]
fn log_lines_are_json_objects() {
    let world = World::still();
    world.write_log("live", &["alpha \u{1b}[31mred"]);
    let target = world.target("live");
    let output = world
        .run(&["logs", &target, "--grep", "alpha", "-o", "json"])
        .success();
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(line["schema"], "flightdeck/1");
    assert_eq!(line["text"], "alpha red");
    assert_eq!(line["kind"], "output");
    assert_eq!(line["app"], world.app().as_str());
    assert_eq!(line["environment"], "live");
}

#[test]
fn the_log_of_a_deployment_is_followed_to_its_end() {
    let world = World::still();
    let target = world.target("test");
    let output = world.run(&["do", "deploy", &target, "--wait"]).success();
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let id = text
        .split("(deployment ")
        .nth(1)
        .and_then(|rest| rest.split(')').next())
        .unwrap();
    let whole = world.run(&["logs", &target, "--deployment", id]).success();
    let followed = world
        .run(&["logs", &target, "--deployment", id, "--follow"])
        .success();
    assert_eq!(whole.get_output().stdout, followed.get_output().stdout);
    assert!(!whole.get_output().stdout.is_empty());
    world
        .run(&["logs", &target, "--deployment", "none"])
        .code(1);
}

#[test]
fn a_log_that_the_platform_does_not_keep_is_refused_with_its_reason() {
    let world = World::still();
    let target = world.target("live");
    let refusals: [(&[&str], &str); 3] = [
        (&["--previous"], "keeps one runtime log"),
        (&["--run", "abc"], "keeps no list"),
        (&["--event", "abc"], "keeps no logs of activities"),
    ];
    for (which, reason) in refusals {
        let command = [&["logs", target.as_str()][..], which].concat();
        world.run(&command).code(1).stdout("").stderr(has(reason));
    }
    let both = ["logs", &target, "--previous", "--run", "abc"];
    world.run(&both).code(2).stderr(has("cannot be used with"));
}

#[test]
fn an_app_with_several_environments_has_several_logs() {
    let world = World::still();
    let app = world.app();
    let output = world.run(&["logs", &app]);
    output
        .code(2)
        .stderr(has("is ambiguous").and(has(&format!("{app}/live"))));
}

// ── Around ──────────────────────────────────────────────────────────────────────────────────────

#[test]
fn no_output_and_no_log_carries_the_token() {
    let world = World::still();
    let token = world.token();
    let literal = world.good();
    let variable = world.context("variable", &format!("{{ env = \"{TOKEN_VARIABLE}\" }}"));
    let command = world.context("command", &format!("{{ command = \"echo {token}\" }}"));
    let config = world.config(&format!("{literal}{variable}{command}"));
    let target = format!("divio:{}", world.target("test"));
    let commands: [&[&str]; 8] = [
        &["get", "contexts", "-o", "wide"],
        &["get", "contexts", "-o", "json"],
        &["get", "apps", "-o", "json"],
        &["get", "vars", &target, "--reveal", "-o", "json"],
        &["logs", &target],
        &["do", "backup", &target, "--wait"],
        &["config", "check"],
        &["get", "envs", "no-such-app"],
    ];
    for arguments in commands {
        let output = world
            .command(arguments)
            .env("FLIGHTDECK_CONFIG", &config)
            .env("FLIGHTDECK_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .output()
            .unwrap();
        for text in [&output.stdout, &output.stderr] {
            assert!(
                !String::from_utf8_lossy(text).contains(&token),
                "{arguments:?}"
            );
        }
    }
    let log = std::fs::read_to_string(world.path("state/flightdeck.log")).unwrap();
    assert!(!log.is_empty());
    assert!(!log.contains(&token));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let world = World::still();
    let mut child = world
        .std_command(&["get", "deployments", "-o", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    let mut complaint = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut complaint)
        .unwrap();
    assert_eq!((status.code(), complaint.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn the_simulator_prints_a_configuration_that_works_and_ends_when_asked() {
    let world = World::still();
    let mut child = world
        .std_command(&[
            "simulate",
            "--listen",
            "0",
            "--apps",
            "3",
            "--still",
            "--platform",
            "divio",
            "--print-config",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let text: String = lines
        .take_while(|line| !line.is_empty())
        .flat_map(|line| [line, "\n".into()])
        .collect();
    // Its tokens are no secrets: a file that everybody can read will do.
    let config = world.public_config(&text);
    let document = json_of(
        &world
            .run(&["get", "apps", "-o", "json", "--config", &config])
            .success(),
    );
    assert_eq!(document["items"].as_array().unwrap().len(), 3);
    let ended = std::process::Command::new("kill")
        .arg(child.id().to_string())
        .status();
    assert!(ended.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_fault_script_that_is_wrong_is_told() {
    let world = World::still();
    let script = world.config("[{ \"hang\": true, \"truncate\": true }]");
    let output = world.run(&["simulate", "--faults", &script]);
    output.code(2).stderr(has("fault 1: several effects"));
    world.run(&["simulate", "--speed", "0"]).code(2);
    world.run(&["simulate", "--listen", "0.0.0.0:0"]).code(2);
}

#[test]
fn the_demo_works_without_a_screen_too() {
    let world = World::still();
    let document = json_of(
        &world
            .run(&["--demo", "get", "contexts", "-o", "json"])
            .success(),
    );
    let names: Vec<_> = document["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["name"])
        .collect();
    assert_eq!(
        names,
        [
            "divio",
            "divio-lab",
            "digitalocean",
            "tsuru",
            "pandastack",
            "pangea"
        ]
    );
}

// ── The report ──────────────────────────────────────────────────────────────────────────────────

/// A word that stands for a secret.
const CANARY: &str = "canary7f3a9c1e5b2d8046xyz";

#[test]
fn the_report_tells_what_is_there_and_what_was_done() {
    let world = World::still();
    let target = world.target("test");
    let done = ["do", "deploy", target.as_str(), "--yes", "--wait"];
    world.run(&done).success();
    let output = world
        .run(&["incident", "--since", "30m"])
        .success()
        .stderr("");
    let text = text_of(&output);
    for part in [
        "# Incident report",
        "(30m 00s)",
        "| divio | Divio | ok | 6 |",
        "## Broken now",
        "## Timeline",
        "## Open questions",
    ] {
        assert!(text.contains(part), "{part:?} in\n{text}");
    }
    let target = target.as_str();
    let operation = text.lines().find(|line| line.contains("| deploy |"));
    let operation = operation.unwrap_or_else(|| panic!("no operation in\n{text}"));
    assert!(operation.contains(&format!("| {target} |")), "{operation}");
    assert!(operation.contains("| DONE"), "{operation}");
    let events = text.lines().filter(|line| line.starts_with("- 2"));
    let events: Vec<_> = events.filter(|line| line.contains(target)).collect();
    assert_eq!(
        events.len(),
        1,
        "the operation and its deployment are one: {events:?}"
    );
    assert!(events[0].contains("deployment"), "{events:?}");
    assert!(!text.contains(&world.token()));
}

#[test]
fn the_report_keeps_secrets_that_others_let_out() {
    let world = World::with_faults(&format!(
        r#"[{{ "operation": "CreateDeployment",
              "fail_deployment": "DATABASE_URL=postgres://u:{CANARY}@db | <b>`x`" }}]"#
    ));
    let done = ["do", "deploy", &world.target("test"), "--yes", "--wait"];
    world.run(&done).code(1);
    let broken = format!(
        "[contexts.broken]\nplatform = \"divio\"\nbase_url = \"{}\"\ntoken = \"{CANARY}-token\"\n",
        indiscreet(CANARY)
    );
    let config = world.config(&format!("{}\n{broken}", world.good()));
    let output = world.run(&["incident", "--config", &config]);
    // The context that fails is told in both places, the other is there all the same.
    let output = output.code(4).stderr(has("broken: 500"));
    let text = text_of(&output);
    for part in [
        "| broken | Divio | **failing: 500** | ? | never |",
        "| divio | Divio | ok | 6 |",
        "broken could not be read (500)",
        "FAIL",
    ] {
        assert!(text.contains(part), "{part:?} in\n{text}");
    }
    assert!(!text.contains(CANARY), "{text}");
    assert!(!text.contains("<b>"), "{text}");
    let errors = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(!errors.contains(CANARY), "{errors}");
}

#[test]
fn without_any_answer_the_report_is_written_all_the_same() {
    let world = World::with_faults(r#"[{ "status": 401 }]"#);
    let output = world.run(&["incident"]).code(3);
    let text = text_of(&output);
    assert!(text.contains("**failing: token rejected**"), "{text}");
    assert!(text.contains("divio could not be read"), "{text}");
}
