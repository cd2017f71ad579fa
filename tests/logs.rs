//! `flightdeck logs`: the real binary against the simulator in this process.

#[expect(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "the helpers of a test fail the test, and are shared with other tests"
)]
mod support;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use assert_cmd::assert::Assert;
use predicates::prelude::*;
use serde_json::{Value, json};

use own::{Followed, Target, check_until_done, numbers, objects, target};
use support::{World, has, stderr, text_of};

#[cfg(test)]
mod own {
    use super::*;
    use support::items;

    /// Longer than anything takes here.
    const PATIENCE: Duration = Duration::from_mins(1);

    /// A log that can be written to.
    #[derive(Clone)]
    pub(super) struct Target {
        pub(super) context: &'static str,
        pub(super) name: String,
        /// What the simulator calls it.
        place: String,
    }

    /// An environment of a platform that runs.
    pub(super) fn target(world: &World, context: &'static str) -> Target {
        let all = items(world, &["envs", &format!("{context}:")]);
        let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let runs = |item: &&Value| item["status"] == "live" && item["kind"] != "job";
        let found = all.iter().find(|item| runs(item));
        let found = found.unwrap_or_else(|| panic!("{context}: {all:#?}"));
        let short = format!("{}/{}", text(found, "app"), text(found, "name"));
        let place = if context == "divio" {
            text(found, "id")
        } else {
            short.clone()
        };
        Target {
            context,
            name: format!("{context}:{short}"),
            place,
        }
    }

    impl Target {
        /// Writes lines now.
        pub(super) fn write(&self, world: &World, lines: &[String]) {
            let order =
                json!({ "context": self.context, "environment": self.place, "lines": lines });
            world.control("POST", "/_sim/log", &order.to_string());
        }

        /// Another user deploys it.
        pub(super) fn deploy(&self, world: &World, outcome: &str) {
            let order =
                json!({ "context": self.context, "environment": self.place, "outcome": outcome });
            world.control("POST", "/_sim/deploy", &order.to_string());
        }
    }

    /// The command while it follows.
    pub(super) struct Followed {
        pub(super) child: Child,
        pub(super) lines: Receiver<String>,
        pub(super) told: Receiver<String>,
    }

    impl Followed {
        pub(super) fn start(world: &World, command: &[&str]) -> Self {
            let mut child = world
                .std_command(command)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let lines = read(child.stdout.take().unwrap());
            let told = read(child.stderr.take().unwrap());
            Self { child, lines, told }
        }

        /// The next line that fits; those before it are dropped.
        pub(super) fn until(&self, fits: impl Fn(&str) -> bool) -> String {
            find(&self.lines, fits)
        }

        /// The same of what is told beside the lines.
        pub(super) fn tells(&self, text: &str) -> String {
            find(&self.told, |line| line.contains(text))
        }

        /// Interrupts it, and gives its exit code and what was told.
        #[cfg(unix)]
        pub(super) fn interrupt(self) -> (Option<i32>, String) {
            let id = self.child.id().to_string();
            let sent = std::process::Command::new("kill")
                .args(["-INT", &id])
                .status();
            assert!(sent.unwrap().success());
            self.end()
        }

        /// Waits for its end.
        pub(super) fn end(mut self) -> (Option<i32>, String) {
            let status = self.child.wait().unwrap();
            let told: Vec<String> = self.told.iter().collect();
            (status.code(), told.join("\n"))
        }
    }

    impl Drop for Followed {
        fn drop(&mut self) {
            // A test that failed leaves nothing behind.
            let _ended = self.child.kill();
            let _reaped = self.child.wait();
        }
    }

    fn read(from: impl std::io::Read + Send + 'static) -> Receiver<String> {
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        lines
    }

    fn find(lines: &Receiver<String>, fits: impl Fn(&str) -> bool) -> String {
        let mut seen = Vec::new();
        loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) if fits(&line) => return line,
                Ok(line) => seen.push(line),
                Err(end) => panic!("{end}: {seen:#?}"),
            }
        }
    }

    /// A deployment is waited for, and followed to its verdict.
    pub(super) fn check_until_done(outcome: &str, faults: &Value, expected: i32, verdict: &str) {
        let world = World::across(&["divio"], 100.0);
        let divio = target(&world, "divio");
        let all = command(
            std::slice::from_ref(&divio),
            &["--until-done", "-o", "json"],
        );
        let followed = Followed::start(&world, &all);
        followed.tells("no deployment runs; waiting for one");
        world.control("POST", "/_sim/faults", &faults.to_string());
        divio.deploy(&world, outcome);
        let first: Value = serde_json::from_str(&followed.until(|_| true)).unwrap();
        assert!(first["deployment"].is_string(), "{first}");
        let (code, told) = followed.end();
        assert_eq!(code, Some(expected), "{told}");
        assert!(told.contains(verdict), "{told}");
        // It is over: its log is shown once more, whole, with the same verdict.
        let again = [
            &["logs", &divio.name, "--deployment", "latest"][..],
            &["--until-done"],
        ]
        .concat();
        let again = world.run(&again).code(expected).stderr(has(verdict));
        assert!(text_of(&again).lines().count() > 1);
    }

    /// The lines of an output, as JSON.
    pub(super) fn objects(output: &Assert) -> Vec<Value> {
        let text = text_of(output);
        let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        text.lines().map(parse).collect()
    }

    /// The numbers in lines `seq N`.
    pub(super) fn numbers(lines: &[Value]) -> Vec<usize> {
        let texts = lines.iter().filter_map(|line| line["text"].as_str());
        let numbers = texts.filter_map(|text| text.strip_prefix("seq ")?.parse().ok());
        numbers.collect()
    }
}

fn seq(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("seq {number}")).collect()
}

fn command<'a>(targets: &'a [Target], more: &[&'a str]) -> Vec<&'a str> {
    let names = targets.iter().map(|it| it.name.as_str());
    ["logs"]
        .into_iter()
        .chain(names)
        .chain(more.iter().copied())
        .collect()
}

const THREE: [&str; 3] = ["divio", "digitalocean", "tsuru"];

// ── Several ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn several_logs_of_three_platforms_are_one_ordered_by_time() {
    let world = World::across(&THREE, 200.0);
    let targets = THREE.map(|context| target(&world, context));
    for number in 0..12 {
        targets[number % 3].write(&world, &seq(number..number + 1));
    }
    let json = command(&targets, &["--grep", "^seq ", "-o", "json"]);
    let lines = objects(&world.run(&json).success());
    assert_eq!(numbers(&lines), (0..12).collect::<Vec<_>>());
    let contexts: BTreeSet<&str> = lines
        .iter()
        .filter_map(|it| it["context"].as_str())
        .collect();
    assert_eq!(contexts, THREE.into());
    // Whose line it is stands before it, and only where there are several.
    let text = text_of(
        &world
            .run(&command(&targets, &["--grep", "^seq ", "--time", "off"]))
            .success(),
    );
    let first = text.lines().find(|line| line.ends_with("seq 0")).unwrap();
    let (_, name) = targets[0].name.split_once(':').unwrap();
    assert!(first.starts_with(&format!("{name} ")), "{first}");
    let alone = text_of(
        &world
            .run(&command(
                &targets[..1],
                &["--grep", "^seq 0$", "--time", "off"],
            ))
            .success(),
    );
    assert!(!alone.contains(name), "{alone}");
    assert!(!text.contains('\u{1b}') && !alone.contains('\u{1b}'));
}

#[test]
fn all_environments_of_an_app_are_one_star() {
    let world = World::still();
    let app = world.app();
    world.write_log("live", &["seq 1"]);
    world.write_log("test", &["seq 2"]);
    let star = format!("{app}/*");
    let output = world
        .run(&["logs", &star, "--grep", "^seq ", "-o", "json"])
        .success();
    let lines = objects(&output);
    let environments: Vec<&str> = lines
        .iter()
        .filter_map(|it| it["environment"].as_str())
        .collect();
    assert_eq!(
        (numbers(&lines), environments),
        (vec![1, 2], vec!["live", "test"])
    );
}

#[test]
fn what_one_context_fails_at_is_told_and_the_others_are_shown() {
    let world = World::still();
    world.write_log("live", &["seq 1"]);
    let bad = world.context("bad", "\"no-such-token\"");
    let config = world.config(&format!("{}{bad}", world.good()));
    let target = world.target("live");
    let (good, bad) = (format!("divio:{target}"), format!("bad:{target}"));
    let command = [
        "logs", &good, &bad, "--config", &config, "--grep", "^seq", "--time", "off",
    ];
    let output = world.run(&command).code(3);
    assert!(text_of(&output).contains("seq 1"));
    let told = stderr(&output);
    assert_eq!(told.matches("flightdeck: bad: ").count(), 1, "{told}");
}

#[test]
fn a_target_that_names_nothing_ends_the_command() {
    let world = World::still();
    let target = world.target("live");
    let output = world.run(&["logs", &target, "no-such-app", "--follow"]);
    output
        .code(2)
        .stdout("")
        .stderr(has("no app \"no-such-app\""));
    world.run(&["logs"]).code(2).stderr(has("<TARGET>"));
}

#[test]
fn a_platform_without_logs_says_so() {
    let world = World::across(&["divio", "pangea"], 200.0);
    let divio = target(&world, "divio");
    divio.write(&world, &seq(0..1));
    let apps = support::items(&world, &["apps", "pangea:"]);
    let pangea = format!("pangea:{}", apps[0]["name"].as_str().unwrap());
    for more in [&["--time", "off"][..], &["--until-done"]] {
        let alone = [&["logs", &pangea], more].concat();
        world
            .run(&alone)
            .code(1)
            .stdout("")
            .stderr(has("flightdeck: pangea:").and(has("Pangea")));
    }
    let both = [
        "logs",
        &divio.name,
        &pangea,
        "--grep",
        "^seq",
        "--time",
        "off",
    ];
    world
        .run(&both)
        .code(1)
        .stdout(has("seq 0"))
        .stderr(has("pangea"));
}

// ── Which lines ─────────────────────────────────────────────────────────────────────────────────

#[test]
fn lines_are_chosen_by_time_number_pattern_and_level() {
    let world = World::still();
    let target = world.target("live");
    let words = [
        "one",
        "two",
        "WARN three",
        "four",
        "five",
        "ERROR six",
        "seven",
    ];
    world.write_log("live", &words);
    let run = |more: &[&str]| {
        let all = [&["logs", &target, "--since", "1m", "--time", "off"], more].concat();
        let text = text_of(&world.run(&all).success());
        let lines = text
            .lines()
            .map(|line| line.trim_start_matches("web ").to_owned());
        lines.collect::<Vec<_>>()
    };
    // What the world says by itself is none of these.
    let ours = "^([A-Z]+ )?(one|two|three|four|five|six|seven)$";
    let of_ours = |more: &[&str]| run(&[&["--grep", ours], more].concat());
    assert_eq!(of_ours(&[]), words);
    assert_eq!(of_ours(&["--lines", "2"]), ["ERROR six", "seven"]);
    assert_eq!(of_ours(&["--level", "warn"]), ["WARN three", "ERROR six"]);
    assert_eq!(
        of_ours(&["--level", "error", "-C", "1"]),
        ["five", "ERROR six", "seven"]
    );
    assert_eq!(
        run(&["--grep", "^two$|^ERROR six$", "-C", "1"]),
        [
            "one",
            "two",
            "WARN three",
            "--",
            "five",
            "ERROR six",
            "seven"
        ]
    );
    world
        .run(&["logs", &target, "--since", "2999-01-01"])
        .code(2)
        .stderr(has("has not come yet"));
    world
        .run(&["logs", &target, "--since", "soon"])
        .code(2)
        .stderr(has("a time is such as"));
    world
        .run(&["logs", &target, "--grep", "("])
        .code(2)
        .stdout("");
}

#[test]
fn a_log_without_lines_is_no_failure() {
    let world = World::still();
    let target = world.target("live");
    let output = world.run(&["logs", &target, "--since", "0s"]).success();
    output.stdout("").stderr(has("this log has no lines"));
}

#[test]
fn every_line_of_json_has_the_same_fields() {
    let world = World::still();
    let target = world.target("live");
    world.write_log(
        "live",
        &["a \u{1b}[31mred\u{1b}[0m \u{1b}]0;x\u{7}line", "WARN b"],
    );
    let runtime = world.run(&[
        "logs", &target, "--since", "1m", "-C", "1", "--grep", "^WARN b$", "-o", "json",
    ]);
    let mut lines = objects(&runtime.success());
    assert_eq!(lines[0]["text"], "a red line");
    assert_eq!(
        (&lines[0]["is_context"], &lines[1]["is_context"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(lines[1]["level"], "warn");
    let latest = world
        .run(&["logs", &target, "--deployment", "latest", "-o", "json"])
        .success();
    let latest = objects(&latest);
    assert!(latest.iter().all(|line| line["deployment"].is_string()) && !latest.is_empty());
    lines.extend(latest);
    let keys = [
        "schema",
        "at",
        "context",
        "app",
        "environment",
        "deployment",
        "source",
        "level",
        "kind",
        "is_context",
        "text",
    ];
    for line in lines {
        let own: BTreeSet<&str> = line
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(own, BTreeSet::from(keys));
        assert_eq!(line["schema"], "flightdeck/1");
    }
}

#[test]
fn colours_are_kept_only_where_they_are_wanted() {
    let world = World::still();
    let target = world.target("live");
    world.write_log("live", &["seq \u{1b}[31mred\u{1b}[0m\u{1b}[2J\u{9b}5n end"]);
    let run = |more: &[&str]| {
        let all = [&["logs", &target, "--grep", "^seq", "--time", "off"], more].concat();
        text_of(&world.run(&all).success())
    };
    assert_eq!(run(&["--colour", "never"]), run(&[]));
    assert!(!run(&[]).contains('\u{1b}'));
    let coloured = run(&["--color", "always"]);
    assert!(
        coloured.contains("seq \u{1b}[0;38;5;1mred\u{1b}[0m"),
        "{coloured:?}"
    );
    assert!(!coloured.contains("\u{1b}[2J") && !coloured.contains('\u{9b}'));
}

// ── Following ───────────────────────────────────────────────────────────────────────────────────

#[cfg(unix)]
#[test]
fn cut_streams_lose_nothing_show_nothing_twice_and_each_cut_is_seen() {
    const CUTS: usize = 4;
    let world = World::across(&["digitalocean", "tsuru"], 200.0);
    let targets = ["digitalocean", "tsuru"].map(|context| target(&world, context));
    let json = command(
        &targets,
        &[
            "--follow",
            "--runtime-only",
            "--grep",
            "^seq ",
            "-o",
            "json",
        ],
    );
    for target in &targets {
        target.write(&world, &seq(0..5));
    }
    let followed = Followed::start(&world, &json);
    let mut lines: Vec<Value> = Vec::new();
    for cut in 0..=CUTS {
        let last = cut * 5 + 4;
        let is_here = |lines: &[Value], context: &str| {
            let own = |it: &&Value| it["context"] == context && it["text"] == format!("seq {last}");
            lines.iter().any(|it| own(&it))
        };
        while !targets.iter().all(|it| is_here(&lines, it.context)) {
            lines.push(serde_json::from_str(&followed.until(|_| true)).unwrap());
        }
        if cut < CUTS {
            world.control("POST", "/_sim/cut", "");
            for target in &targets {
                target.write(&world, &seq(last + 1..last + 6));
            }
        }
    }
    let (code, _) = followed.interrupt();
    assert_eq!(code, Some(0));
    for Target { context, .. } in &targets {
        let own = lines.iter().filter(|it| it["context"] == *context).cloned();
        let own: Vec<Value> = own.collect();
        assert_eq!(
            numbers(&own),
            (0..(CUTS + 1) * 5).collect::<Vec<_>>(),
            "{context}"
        );
        let is_gap =
            |it: &&Value| it["kind"] == "mark" && it["text"].as_str().unwrap().starts_with("gap ");
        assert_eq!(
            own.iter().filter(is_gap).count(),
            CUTS,
            "{context}: {own:#?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_new_deployment_joins_by_itself_and_its_verdict_is_a_line() {
    let world = World::across(&["divio"], 100.0);
    let divio = target(&world, "divio");
    let followed = Followed::start(
        &world,
        &command(std::slice::from_ref(&divio), &["--follow", "-o", "json"]),
    );
    divio.write(&world, &seq(0..1));
    followed.until(|line| line.contains("seq 0"));
    divio.deploy(&world, "fail");
    let first = followed.until(|line| line.contains("\"deployment\":\""));
    let first: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(first["kind"], "output");
    let verdict = followed.until(|line| line.contains("\"kind\":\"mark\""));
    assert!(verdict.contains("failed"), "{verdict}");
    // What runs is followed all the while.
    divio.write(&world, &seq(1..2));
    followed.until(|line| line.contains("seq 1"));
    assert_eq!(followed.interrupt(), (Some(0), String::new()));
}

#[test]
fn a_reader_that_has_seen_enough_ends_what_follows() {
    let world = World::still();
    let target = world.target("live");
    world.write_log("live", &["seq 0"]);
    let mut child = world
        .std_command(&["logs", &target, "--follow", "--grep", "^seq"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    assert!(first.ends_with("seq 0\n"));
    drop(out);
    world.write_log("live", &["seq 1"]);
    let status = child.wait().unwrap();
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert_eq!((status.code(), told.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_followed_any_more_is_told_and_the_others_go_on() {
    let world = World::across(&["divio", "tsuru"], 200.0);
    let targets = ["divio", "tsuru"].map(|context| target(&world, context));
    let followed = Followed::start(&world, &command(&targets, &["--follow", "--runtime-only"]));
    targets[1].write(&world, &seq(0..1));
    followed.until(|line| line.ends_with("seq 0"));
    world.control(
        "POST",
        "/_sim/faults",
        &json!([{ "context": "divio", "status": 401 }]).to_string(),
    );
    followed.tells(&targets[0].name);
    targets[1].write(&world, &seq(1..2));
    followed.until(|line| line.ends_with("seq 1"));
    assert_eq!(followed.interrupt().0, Some(3));
}

// ── Until done ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_deployment_is_followed_to_its_good_end() {
    check_until_done("success", &json!([]), 0, "succeeded");
}

#[test]
fn a_deployment_that_fails_is_exit_code_one() {
    check_until_done("fail", &json!([]), 1, "failed");
}

#[test]
fn a_lost_answer_hides_no_end() {
    let lost = json!([
        { "operation": "GetDeployment", "cut": "during", "times": 3 },
        { "operation": "ListDeployments", "status": 502, "times": 2 },
        { "operation": "GetDeploymentLogs", "cut": "after_headers", "times": 2 },
    ]);
    check_until_done("success", &lost, 0, "succeeded");
}

#[cfg(unix)]
#[test]
fn waiting_has_an_end_and_can_be_interrupted() {
    let world = World::still();
    let target = world.target("test");
    let late = world.run(&["logs", &target, "--until-done", "--timeout", "1s"]);
    late.code(124).stderr(has("not over after 1s"));
    let followed = Followed::start(&world, &["logs", &target, "--until-done"]);
    followed.tells("waiting for one");
    assert_eq!(followed.interrupt().0, Some(130));
    world
        .run(&["logs", &target, "--deployment", "running"])
        .code(2)
        .stderr(has("no deployment \"running\""));
    world.run(&["logs", &target, "--timeout", "1s"]).code(2);
}
