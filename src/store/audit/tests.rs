use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::thread;

use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::TempDir;

use super::folder::{CURRENT, files};
use super::*;
use crate::model::catalogue::{
    Chosen, Field, FieldKind, Group, Inputs, On, Pick, RECIPES, Recipe, Value,
};
use crate::model::{
    AppId, BackupId, Capability, Class, Consent, ContextId, DeploymentId, Ended, EnvId, Failure,
    Follow, IntentId, Operation, OperationKind, Progress, Safety, Secret, Special, Stage, Stakes,
    Target, Text, Verdict, Witness,
};

fn clock() -> Timestamp {
    "2026-03-01T03:12:00Z".parse().unwrap()
}

fn who() -> Who {
    Who {
        user: "ops".into(),
        host: "bastion".into(),
    }
}

fn context() -> AuditContext {
    AuditContext {
        name: Text::clean("divio"),
        platform: Text::clean("divio"),
        base: Text::clean("https://api.divio.com"),
    }
}

fn operation(kind: OperationKind) -> Operation {
    Operation {
        target: Target {
            context: ContextId(0),
            app: Some(AppId::new("app1")),
            environment: Some(EnvId::new("env1")),
            title: Text::clean("shop/live"),
            class: Some(Class::Production),
        },
        kind,
    }
}

fn stop() -> Operation {
    operation(OperationKind::Stop { process: None })
}

fn done() -> Ended {
    ended(Stage::Ended(Verdict::Done(None)))
}

fn ended(stage: Stage) -> Ended {
    Ended {
        stage,
        follow: None,
        lost: None,
        note: None,
    }
}

/// A folder with the audits of several runs in it.
struct Bench(TempDir);

impl Bench {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn dir(&self) -> &Path {
        self.0.path()
    }

    fn audit(&self) -> Audit {
        Audit::in_folder(self.dir().to_owned(), who(), clock)
    }

    fn text(&self) -> String {
        let files = files(self.dir()).unwrap();
        let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
        texts.collect()
    }

    fn append(&self, bytes: &[u8]) {
        let mut options = OpenOptions::new();
        let file = options.append(true).open(self.dir().join(CURRENT));
        file.unwrap().write_all(bytes).unwrap();
    }

    fn check(&self) -> Check {
        verify(self.dir()).unwrap()
    }

    fn entries(&self) -> Vec<Entry> {
        read(self.dir(), None).unwrap()
    }

    fn outcomes(&self) -> Vec<&'static str> {
        self.entries().iter().map(Entry::outcome).collect()
    }
}

impl Audit {
    fn ask(&self, operation: &Operation) -> IntentId {
        let asked = Asked {
            operation,
            safety: Safety::Once,
            consent: &Consent {
                tier: 2,
                words: Text::clean("y in the dialog"),
                before: vec![(Text::clean("runs now"), Text::clean("1a2b3c"))],
                seen: None,
            },
            witness: &Witness(Some("d1 d2".into())),
            context: &context(),
        };
        self.intent(asked).unwrap()
    }

    fn carry_out(&self, operation: &Operation, stage: Stage) {
        let id = self.ask(operation);
        self.ended(&id, &ended(stage)).unwrap();
    }
}

#[test]
fn an_operation_is_told_as_it_was_asked_for_and_as_it_ended() {
    let bench = Bench::new();
    let audit = bench.audit();
    let id = audit.ask(&operation(OperationKind::RestoreBackup {
        backup: BackupId::new("b1"),
        notes: Some("before the migration".into()),
        into: None,
    }));
    let deployment = Follow::Deployment(DeploymentId::new("d3"));
    audit.accepted(&id, &deployment).unwrap();
    assert_eq!(bench.outcomes(), ["running"]);
    let server = Failure::Server {
        status: 502,
        message: None,
        request_id: Some(Text::clean("r-1")),
    };
    let last = Ended {
        stage: Stage::Ended(Verdict::Failed(Text::clean("disk full"))),
        follow: Some(deployment.clone()),
        lost: Some(server),
        note: Some(Text::clean("soon")),
    };
    audit.ended(&id, &last).unwrap();

    let entry = bench.entries().remove(0);
    assert_eq!(entry.id, id);
    assert_eq!(entry.at, clock());
    assert_eq!(entry.by.user.as_str(), "ops");
    assert_eq!(entry.by.host.as_str(), "bastion");
    assert_eq!(entry.by.pid, std::process::id());
    assert_eq!(entry.context, context());
    assert_eq!(entry.operation.as_str(), "restore");
    let inputs: Vec<_> = entry
        .inputs
        .iter()
        .map(|(name, value)| format!("{name}={}", Entry::input(value)))
        .collect();
    assert_eq!(inputs, ["backup=b1", "notes=before the migration"]);
    assert_eq!(entry.target.title.as_str(), "shop/live");
    assert_eq!(entry.target.class, Some(Class::Production));
    assert_eq!(entry.tier, 2);
    assert_eq!(entry.confirmed.as_str(), "y in the dialog");
    assert_eq!(entry.before[0].1.as_str(), "1a2b3c");
    assert_eq!(entry.witness.as_deref(), Some("d1 d2"));
    assert_eq!(entry.follow, Some(deployment));
    let end = entry.end.clone().unwrap();
    assert_eq!((end.outcome, entry.outcome()), (Outcome::Failed, "failed"));
    assert_eq!(end.words.as_str(), "disk full");
    assert_eq!(end.request_id, Some(Text::clean("r-1")));
    assert_eq!(end.after, [(Text::clean("note"), Text::clean("soon"))]);
    assert_eq!(end.resolved_by, None);
}

#[test]
fn every_end_has_its_word() {
    let why = || Text::clean("because");
    let cases = [
        (Stage::Ended(Verdict::Done(None)), "done"),
        (Stage::Ended(Verdict::Partly(why())), "partly"),
        (Stage::Ended(Verdict::Failed(why())), "failed"),
        (Stage::Refused(Failure::ReadOnly), "refused"),
        (Stage::Running(Progress::default()), "accepted"),
        (Stage::Unresolved(why()), "unresolved"),
    ];
    let bench = Bench::new();
    let audit = bench.audit();
    for (stage, _) in &cases {
        audit.carry_out(&stop(), stage.clone());
    }
    assert_eq!(bench.outcomes(), cases.map(|(_, word)| word));
}

#[test]
fn what_is_recent_is_what_was_asked_for_or_ended_since() {
    let bench = Bench::new();
    bench.audit().carry_out(&stop(), done().stage);
    let count = |since| read(bench.dir(), Some(since)).unwrap().len();
    assert_eq!(count(clock()), 1);
    assert_eq!(count(clock() + jiff::Span::new().seconds(1)), 0);
    assert!(read(&bench.dir().join("nowhere"), None).unwrap().is_empty());
}

// ── Secrets ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn no_secret_is_written_wherever_it_turns_up() {
    let canary = "canary \"of\" the value";
    let bench = Bench::new();
    let audit = bench.audit();
    let operation = operation(OperationKind::SetVariable {
        id: None,
        name: "KEY".into(),
        value: Secret::new(canary),
        is_sensitive: true,
    });
    let id = audit
        .intent(Asked {
            operation: &operation,
            safety: Safety::Repeatable,
            consent: &Consent {
                tier: 1,
                words: Text::clean("--yes"),
                before: vec![(Text::clean("value"), Text::clean(canary))],
                seen: None,
            },
            witness: &Witness(None),
            context: &context(),
        })
        .unwrap();
    let echo = format!("{canary} is wrong, see https://me:canary-pw@host/?t=canary-query");
    let last = Ended {
        stage: Stage::Refused(Failure::Conflict(Text::clean(&echo))),
        note: Some(Text::clean("canary \\\"of\\\" the value")),
        ..done()
    };
    audit.ended(&id, &last).unwrap();
    let text = bench.text();
    assert!(!text.contains("canary"), "{text}");
    assert!(text.contains(r#""value":"***""#), "{text}");
    let entry = bench.entries().remove(0);
    let words = entry.end.unwrap().words;
    assert_eq!(words.as_str(), "*** is wrong, see https://***@host/?t=***");
}

/// An answer for every field, the first of each kind.
fn full(recipe: &Recipe) -> Inputs {
    let chosen = |id: &str| Chosen {
        id: id.into(),
        title: Text::clean(id),
    };
    let mut inputs = Inputs::default();
    for field in recipe.fields {
        let value = match field.kind {
            FieldKind::Text => Value::Text(format!("a {}", field.name)),
            FieldKind::Secret => Value::Secret(Secret::new("canary")),
            FieldKind::Count { least, .. } => Value::Count(least + 3),
            FieldKind::Choice(words) => Value::Text(words[words.len() - 1].0.into()),
            FieldKind::Flag => Value::Flag(true),
            FieldKind::Time => Value::Time(clock()),
            FieldKind::Pairs => Value::Pairs(vec![("region".into(), "eu".into())]),
            FieldKind::Pick(_) => Value::One(chosen("id-1")),
            FieldKind::Some(_) => Value::Many(vec![chosen("id-1"), chosen("id-2")]),
        };
        inputs.set(field.name, value);
    }
    inputs
}

#[test]
fn every_operation_can_be_made_anew_but_for_its_secrets() {
    for recipe in RECIPES {
        let bench = Bench::new();
        let kind = (recipe.build)(&full(recipe)).unwrap();
        let audit = bench.audit();
        audit.ask(&operation(kind.clone()));
        drop(audit);
        let open = unfinished(bench.dir(), false).unwrap();
        let again = open[0].operation(ContextId(0), &[]).unwrap();
        assert!(!bench.text().contains("canary"), "{}", recipe.name);
        let mut expected = full(recipe);
        if expected.get("value").is_some() {
            expected.set("value", Value::Secret(Secret::new("***")));
        }
        let expected = operation((recipe.build)(&expected).unwrap());
        assert_eq!(again, expected, "{}", recipe.name);
    }
}

/// What only one platform has.
static OWN: Special = Special {
    recipe: Recipe {
        name: "grant-team",
        capability: Capability::Special,
        group: Group::Own,
        letter: '1',
        on: On::App,
        about: "Gives a team access to the app",
        fields: &[
            Field::text("team", "team"),
            Field::new("value", FieldKind::Secret, "value"),
            Field::new("until", FieldKind::Time, "until"),
            Field::new("teams", FieldKind::Some(Pick::Organisation), "teams"),
        ],
        build: |inputs| {
            Ok(OperationKind::Special {
                what: &OWN,
                inputs: inputs.clone(),
            })
        },
    },
    verb: "grant team",
    stakes: Stakes::Traffic,
    safety: Safety::Once,
    needs_no_credential: false,
};

#[test]
fn what_only_one_platform_has_is_read_by_all_and_made_anew_where_it_is_known() {
    let bench = Bench::new();
    let kind = (OWN.recipe.build)(&full(&OWN.recipe)).unwrap();
    let audit = bench.audit();
    audit.ask(&operation(kind));
    drop(audit);
    assert!(!bench.text().contains("canary"));
    let entry = &bench.entries()[0];
    assert_eq!(entry.operation.as_str(), "grant-team");
    let words: Vec<_> = (entry.inputs.iter())
        .map(|(name, value)| format!("{name} {}", value.words()))
        .collect();
    let at = clock().to_string();
    let expected = [
        "team a team",
        "teams id-1, id-2",
        &format!("until {at}"),
        "value ***",
    ];
    assert_eq!(words, expected);
    let open = unfinished(bench.dir(), false).unwrap();
    assert_eq!(open[0].operation(ContextId(0), &[]), None);
    let again = open[0].operation(ContextId(0), &[&OWN]).unwrap();
    let OperationKind::Special { what, inputs } = again.kind else {
        panic!("{again:?}");
    };
    assert_eq!(what, &OWN);
    for (field, value) in full(&OWN.recipe).iter() {
        let masked = Value::Secret(Secret::new("***"));
        let expected = if field == "value" { &masked } else { value };
        assert_eq!(inputs.get(field), Some(expected), "{field}");
    }
}

#[test]
fn a_pair_whose_key_says_so_is_a_secret() {
    let bench = Bench::new();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    bench.audit().ask(&operation(OperationKind::CreateApp {
        name: "shop".into(),
        inputs: vec![pair("region", "eu"), pair("db_password", "canary two")],
    }));
    let text = bench.text();
    assert!(
        text.contains(r#"["region","eu"],["db_password","***"]"#),
        "{text}"
    );
}

// ── The chain ───────────────────────────────────────────────────────────────────────────────────

#[test]
fn no_byte_can_be_changed_unseen() {
    let bench = Bench::new();
    let audit = bench.audit();
    audit.carry_out(&stop(), done().stage);
    audit.carry_out(&stop(), done().stage);
    let file = bench.dir().join(CURRENT);
    let good = fs::read(&file).unwrap();
    assert!(bench.check().is_clean());
    for at in 0..good.len() {
        let mut changed = good.clone();
        changed[at] ^= 1;
        fs::write(&file, &changed).unwrap();
        let found = bench.check();
        let last = at + 1 == good.len();
        assert!(!found.is_clean(), "byte {at}");
        // Only the last line break may as well have been lost in a crash.
        assert_eq!(found.flaw.is_none(), last, "byte {at}: {found:?}");
    }
}

#[test]
fn lines_cannot_be_taken_out_put_in_or_moved() {
    let bench = Bench::new();
    let audit = bench.audit();
    for _ in 0..3 {
        audit.carry_out(&stop(), done().stage);
    }
    let file = bench.dir().join(CURRENT);
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let check = |order: &[usize], expected: usize| {
        let text: Vec<_> = order.iter().map(|at| lines[*at]).collect();
        fs::write(&file, text.join("\n") + "\n").unwrap();
        let flaw = bench.check().flaw.unwrap();
        assert_eq!(flaw.line, expected, "{order:?}: {flaw:?}");
        assert_eq!(flaw.file, file);
    };
    check(&[0, 2, 3, 4, 5], 2);
    check(&[0, 1, 1, 2, 3, 4, 5], 3);
    check(&[0, 2, 1, 3, 4, 5], 2);
    // Another's line, with a hash that fits it.
    let other = Bench::new();
    other.audit().carry_out(&stop(), done().stage);
    fs::write(&file, format!("{text}{}", other.text())).unwrap();
    assert_eq!(bench.check().flaw.unwrap().line, 7);
}

#[test]
fn a_change_stays_seen_when_the_chain_goes_on() {
    let bench = Bench::new();
    let audit = bench.audit();
    audit.carry_out(&stop(), done().stage);
    let file = bench.dir().join(CURRENT);
    let text = fs::read_to_string(&file).unwrap();
    let changed = text.replacen(r#""outcome":"done""#, r#""outcome":"gone""#, 1);
    assert_ne!(text, changed);
    fs::write(&file, changed).unwrap();
    audit.carry_out(&stop(), done().stage);
    let flaw = bench.check().flaw.unwrap();
    assert_eq!((flaw.line, flaw.what), (2, "was changed"));
    // What was written since is there all the same.
    assert_eq!(bench.entries().len(), 2);
}

#[test]
fn a_line_that_was_cut_short_is_marked_and_the_chain_goes_on() {
    for cut in ["{", r#"{"v":1,"seq":3,"kin"#, "\u{fffd}x"] {
        let bench = Bench::new();
        let audit = bench.audit();
        audit.carry_out(&stop(), done().stage);
        bench.append(cut.as_bytes());
        assert!(bench.check().is_cut);
        audit.carry_out(&stop(), done().stage);
        let found = bench.check();
        assert_eq!((found.torn, &found.flaw), (1, &None), "{cut}");
        assert_eq!(found.lines, 5);
        assert!(bench.text().contains(cut), "it is kept");
        assert_eq!(bench.outcomes(), ["done", "done"]);
        // The mark vouches for what was cut.
        let file = bench.dir().join(CURRENT);
        let changed = bench.text().replacen(&format!("{cut}\n"), "other\n", 1);
        fs::write(file, changed).unwrap();
        assert_eq!(bench.check().flaw.unwrap().line, 3);
    }
}

#[test]
fn a_file_cut_anywhere_is_gone_on_with() {
    let bench = Bench::new();
    bench.audit().carry_out(&stop(), done().stage);
    let file = bench.dir().join(CURRENT);
    let good = fs::read(&file).unwrap();
    // Every place would take its time on a disk; a step that is prime to all lengths does.
    for length in (0..=good.len()).rev().step_by(7) {
        fs::write(&file, &good[..length]).unwrap();
        bench.audit().carry_out(&stop(), done().stage);
        let found = bench.check();
        assert_eq!(found.flaw, None, "cut at {length}");
        assert_eq!(bench.entries().last().unwrap().outcome(), "done");
    }
}

#[test]
fn full_files_are_put_away_and_the_chain_goes_over_them() {
    let bench = Bench::new();
    let audit = bench.audit().rotating_at(2_000);
    for _ in 0..12 {
        audit.carry_out(&stop(), done().stage);
    }
    let found = bench.check();
    assert!(found.is_clean(), "{found:?}");
    assert_eq!(
        (found.lines, found.files),
        (24, files(bench.dir()).unwrap().len())
    );
    assert!(found.files > 3, "{found:?}");
    assert_eq!(bench.entries().len(), 12);
    let names: Vec<_> = files(bench.dir())
        .unwrap()
        .iter()
        .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names[0], "audit-2026-03-01-000000001.jsonl");
    assert_eq!(names.last().unwrap(), CURRENT);
    for file in files(bench.dir()).unwrap() {
        assert!(fs::metadata(file).unwrap().len() < 5_000);
    }
    // One of them gone is seen; the oldest gone is told.
    let all = files(bench.dir()).unwrap();
    let text = fs::read(&all[1]).unwrap();
    fs::remove_file(&all[1]).unwrap();
    assert_eq!(bench.check().flaw.unwrap().file, all[2]);
    fs::write(&all[1], text).unwrap();
    fs::remove_file(&all[0]).unwrap();
    let found = bench.check();
    assert!(found.flaw.is_none() && found.first > 1 && !found.is_clean());
}

#[test]
fn a_line_longer_than_the_first_look_is_gone_on_from() {
    let bench = Bench::new();
    let audit = bench.audit();
    let long = operation(OperationKind::RunCommand {
        place: crate::model::RunPlace::One,
        command: "x ".repeat(100_000),
    });
    audit.ask(&long);
    audit.carry_out(&stop(), done().stage);
    assert!(bench.check().is_clean());
    assert_eq!(bench.check().lines, 3);
}

#[test]
fn many_write_at_once_and_the_chain_holds() {
    let bench = Bench::new();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let audit = bench.audit().rotating_at(20_000);
                for _ in 0..10 {
                    audit.carry_out(&stop(), done().stage);
                }
            });
        }
    });
    let found = bench.check();
    assert!(found.is_clean(), "{found:?}");
    assert_eq!((found.lines, bench.entries().len()), (160, 80));
    assert!(found.files > 1);
}

#[test]
fn kinds_and_versions_of_a_newer_flightdeck_are_read_over() {
    let bench = Bench::new();
    let audit = bench.audit();
    audit.carry_out(&stop(), done().stage);
    let (_, hash) = bench.check().last.unwrap();
    let object = format!(
        r#"{{"v":2,"seq":3,"prev":"{hash}","at":"2027-01-01T00:00:00Z","run":"r","pid":1,"user":"u","host":"h","kind":"mood","colour":[1]}}"#
    );
    let (line, _) = chain::seal(&object).unwrap();
    bench.append(format!("{line}\n").as_bytes());
    audit.carry_out(&stop(), done().stage);
    assert!(bench.check().is_clean());
    assert_eq!(bench.entries().len(), 2);
}

// ── Where it is kept ────────────────────────────────────────────────────────────────────────────

#[cfg(unix)]
#[test]
fn only_the_user_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new();
    let dir = bench.dir().join("state/audit");
    let audit = Audit::in_folder(dir.clone(), who(), clock);
    audit.ask(&stop());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&dir), mode(&dir.join("runs"))), (0o700, 0o700));
    for file in fs::read_dir(&dir)
        .unwrap()
        .chain(fs::read_dir(dir.join("runs")).unwrap())
    {
        let path = file.unwrap().path();
        if path.is_file() {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
}

#[test]
fn what_cannot_be_written_is_told() {
    let bench = Bench::new();
    let blocked = bench.dir().join("file");
    fs::write(&blocked, "").unwrap();
    let asked = |audit: &Audit| {
        let result = audit.intent(Asked {
            operation: &stop(),
            safety: Safety::Once,
            consent: &Consent::default(),
            witness: &Witness(None),
            context: &context(),
        });
        result.unwrap_err().to_string()
    };
    let problem = asked(&Audit::in_folder(blocked.clone(), who(), clock));
    assert!(problem.contains(blocked.to_str().unwrap()), "{problem}");
    assert!(asked(&Audit::nowhere(who(), clock)).contains("no home folder"));
}

#[test]
fn in_memory_there_is_an_audit_and_no_file() {
    let audit = Audit::in_memory(who(), clock);
    audit.carry_out(&stop(), done().stage);
    audit.ask(&stop());
    let entries = audit.entries(None).unwrap();
    let outcomes: Vec<_> = entries.iter().map(Entry::outcome).collect();
    assert_eq!(outcomes, ["done", "running"]);
}

// ── Runs that are gone ──────────────────────────────────────────────────────────────────────────

fn open(bench: &Bench) -> Vec<Unfinished> {
    unfinished(bench.dir(), false).unwrap()
}

fn listed(bench: &Bench) -> usize {
    runs::listed(bench.dir()).len()
}

#[test]
fn what_a_run_leaves_open_is_found_by_one_other() {
    let bench = Bench::new();
    let gone = bench.audit();
    gone.carry_out(&stop(), done().stage);
    let id = gone.ask(&stop());
    assert!(open(&bench).is_empty(), "it may still be at it");
    drop(gone);
    assert_eq!(bench.outcomes(), ["done", "open"]);

    let mut first = open(&bench);
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].entry.id, id);
    assert_eq!(first[0].witness(), Witness(Some("d1 d2".into())));
    assert!(open(&bench).is_empty(), "somebody is at it");
    drop(first.remove(0));
    let again = open(&bench).remove(0);

    let next = bench.audit();
    next.resolved(again, &done()).unwrap();
    assert_eq!(bench.outcomes(), ["done", "done"]);
    let end = bench.entries()[1].end.clone().unwrap();
    assert_ne!(end.resolved_by.unwrap().run, bench.entries()[1].by.run);
    assert_eq!(listed(&bench), 0, "nothing is left to find out");
    assert!(open(&bench).is_empty());
}

#[test]
fn a_run_stays_listed_until_all_of_it_is_accounted_for() {
    let bench = Bench::new();
    let gone = bench.audit();
    gone.ask(&stop());
    gone.ask(&operation(OperationKind::CommitRollback));
    drop(gone);
    let next = bench.audit();
    let mut both = open(&bench);
    assert_eq!(both.len(), 2);
    next.resolved(both.remove(1), &done()).unwrap();
    drop(both);
    assert_eq!(listed(&bench), 1);
    next.resolved(open(&bench).remove(0), &done()).unwrap();
    assert_eq!(listed(&bench), 0);
}

#[test]
fn a_run_that_ended_well_leaves_nothing() {
    let bench = Bench::new();
    let audit = bench.audit();
    audit.carry_out(&stop(), done().stage);
    assert_eq!(listed(&bench), 1);
    drop(audit);
    assert_eq!(listed(&bench), 0);
    // A file of a run that had written nothing yet.
    fs::write(bench.dir().join("runs/0123456789abcdef.lock"), "").unwrap();
    assert!(open(&bench).is_empty());
    assert_eq!(listed(&bench), 0);
}

#[test]
fn a_run_whose_file_is_gone_is_found_only_when_asked() {
    let bench = Bench::new();
    let gone = bench.audit();
    gone.ask(&stop());
    drop(gone);
    fs::remove_dir_all(bench.dir().join("runs")).unwrap();
    assert!(open(&bench).is_empty());
    assert_eq!(bench.outcomes(), ["open"]);
    assert_eq!(unfinished(bench.dir(), true).unwrap().len(), 1);
}

#[test]
fn of_two_of_a_kind_the_later_stands_in_the_way_of_the_earlier() {
    let bench = Bench::new();
    let audit = bench.audit();
    audit.ask(&stop());
    audit.ask(&operation(OperationKind::CommitRollback));
    audit.ask(&stop());
    let superseded: Vec<_> = bench.entries().iter().map(|it| it.is_superseded).collect();
    assert_eq!(superseded, [true, false, false]);
    // What leaves the same traces stands in the way, too.
    audit.ask(&operation(OperationKind::RevertRollback));
    let superseded: Vec<_> = bench.entries().iter().map(|it| it.is_superseded).collect();
    assert_eq!(superseded, [true, true, false, false]);
}

proptest! {
    // Each case waits for the disk.
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_is_said_the_chain_holds_and_it_is_read_again(
        said in proptest::collection::vec(".{0,40}", 1..6),
    ) {
        let bench = Bench::new();
        let audit = bench.audit();
        for words in &said {
            let why = Text::clean(words);
            audit.carry_out(&stop(), Stage::Ended(Verdict::Failed(why)));
        }
        prop_assert!(bench.check().is_clean());
        prop_assert_eq!(bench.entries().len(), said.len());
    }
}
