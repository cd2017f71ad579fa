//! What the platforms of the snapshots run.

use std::time::Duration;

use flightdeck::app::contexts::{Context, SupportTable};
use flightdeck::model::{
    Activity, ActivityId, App, AppId, AuthProblem, Backup, BackupId, BackupPart, BackupPartId,
    BackupState, Badge, Capability, ContextId, Deployment, DeploymentId, DeploymentScope, Detail,
    DetailValue, EnvId, Environment, Failure, LogLine, LogSource, NetworkProblem, Page, Payload,
    Phase, Profile, Progress, Query, QueryKey, Release, Secret, Status, Support, Text, Units,
    Variable, VariableId,
};
use flightdeck::platforms::divio;

use crate::stage::{Stage, ago, start};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

static OCEAN: Profile = Profile {
    name: "digitalocean",
    title: "DigitalOcean",
    ..divio::PROFILE
};

/// A platform that can be asked what it would do.
static WHOLE: Profile = Profile {
    changes_variables_together: true,
    restores_beside: true,
    previews: &[Capability::Scale, Capability::RollBack],
    ..OCEAN
};

/// The context `do-prod` of such a platform, and its apps pinned if they are to be.
pub(crate) fn whole(width: u16, height: u16, is_pinned: bool) -> Stage {
    let mut contexts = contexts();
    contexts[1].profile = &WHOLE;
    Stage::new(contexts, width, height)
        .answering(move |key| match (answers(key), is_pinned) {
            (Ok(Payload::Apps(mut page)), true) if key.context == ContextId(1) => {
                for app in &mut page.items {
                    app.badges = vec![Badge::Pinned];
                }
                Some(Ok(Payload::Apps(page)))
            }
            (other, _) => Some(other),
        })
        .ready()
        // Long enough for what was told at the start to be gone.
        .after(Duration::from_secs(7))
}

pub(crate) fn text(raw: &str) -> Text {
    Text::clean(raw)
}

fn some(raw: &str) -> Option<Text> {
    Text::non_empty(raw)
}

fn everything() -> SupportTable {
    Capability::ALL
        .iter()
        .map(|what| (*what, Support::Yes))
        .collect()
}

fn context(number: u16, name: &str, profile: &'static Profile) -> Context {
    Context::new(ContextId(number), text(name), profile, everything())
}

/// Six accounts: one protected, one without backups, one with a bad token.
pub(crate) fn contexts() -> Vec<Context> {
    let mut all = vec![
        context(0, "divio", &divio::PROFILE),
        context(1, "do-prod", &OCEAN),
        context(2, "do-stag", &OCEAN),
        context(3, "tsuru", &divio::PROFILE),
        context(4, "panda", &divio::PROFILE),
        context(5, "pangea", &divio::PROFILE),
    ];
    all[3].is_protected = true;
    all[4].is_read_only = true;
    for what in [Capability::ListBackups, Capability::CreateBackup] {
        all[4]
            .support
            .insert(what, Support::No("PandaStack offers no backups"));
    }
    all
}

/// A context in which nothing is offered.
pub(crate) fn bare_context() -> Context {
    let mut context = context(0, "bare", &divio::PROFILE);
    for what in Capability::ALL {
        context
            .support
            .insert(*what, Support::No("Bare's API has none of this"));
    }
    for what in [
        Capability::ListApps,
        Capability::ListEnvironments,
        Capability::ListAllEnvironments,
    ] {
        context.support.insert(what, Support::Yes);
    }
    context
}

/// One environment of one app.
struct Row {
    context: u16,
    app: &'static str,
    env: &'static str,
    status: Status,
    reason: &'static str,
    release: &'static str,
    released: u64,
    by: &'static str,
    units: Option<(u32, u32)>,
    progress: Option<(u32, u32, &'static str)>,
}

fn row(
    (context, app, env): (u16, &'static str, &'static str),
    status: Status,
    reason: &'static str,
    (release, released, by): (&'static str, u64, &'static str),
) -> Row {
    Row {
        context,
        app,
        env,
        status,
        reason,
        release,
        released,
        by,
        units: None,
        progress: None,
    }
}

impl Row {
    fn units(self, ready: u32, wanted: u32) -> Self {
        Self {
            units: Some((ready, wanted)),
            ..self
        }
    }

    fn progress(self, done: u32, all: u32, label: &'static str) -> Self {
        Self {
            progress: Some((done, all, label)),
            ..self
        }
    }
}

/// Every status there is.
fn fleet() -> Vec<Row> {
    use Status as S;
    vec![
        row(
            (1, "shop-api", "prod"),
            S::Failed,
            "migrate exited with 1",
            ("v212", 4 * MINUTE, "ana"),
        )
        .units(0, 2),
        row(
            (1, "shop-api", "staging"),
            S::Live,
            "",
            ("v213", 2 * HOUR, "ci"),
        )
        .units(1, 1),
        row(
            (3, "billing", "prod"),
            S::Degraded,
            "2 of 3 units are up",
            ("v88", 12 * MINUTE, "ci"),
        )
        .units(2, 3),
        row(
            (0, "www", "live"),
            S::Degraded,
            "health flapping",
            ("d41c0de", 2 * HOUR, "bo"),
        )
        .units(3, 3),
        row(
            (2, "shop-web", "staging"),
            S::Building,
            "",
            ("v213", 3 * DAY, "ci"),
        )
        .progress(2, 5, "npm ci"),
        row(
            (4, "worker", "staging"),
            S::Deploying,
            "",
            ("r19", DAY, "ci"),
        )
        .units(1, 4)
        .progress(1, 4, "units up"),
        row((3, "search", "staging"), S::Queued, "", ("v9", DAY, "bo")),
        row(
            (4, "oddity", "dev"),
            S::Other(text("REBALANCE")),
            "",
            ("r3", 6 * DAY, "ana"),
        ),
        row((5, "crm", "prod"), S::Live, "", ("p7", 20 * DAY, "bo")),
        row((0, "docs", "live"), S::Live, "", ("d12beef", 3 * DAY, "bo")).units(2, 2),
        row((1, "auth", "prod"), S::Live, "", ("v31", 6 * DAY, "ana")).units(3, 3),
        row((4, "mailer", "dev"), S::Live, "", ("r4", 9 * DAY, "ci")),
        row(
            (0, "日本語サイト", "live"),
            S::Live,
            "",
            ("d99face", 5 * DAY, "bo"),
        ),
        row(
            (0, "an-app-whose-name-is-longer-than-any-column", "live"),
            S::Live,
            "",
            ("d0ff1ce", 8 * DAY, "somebody@example.org"),
        ),
        row((4, "brand-new", "dev"), S::Present, "", ("", 0, "")),
        row(
            (4, "preview-77", "preview"),
            S::Asleep,
            "scaled to zero",
            ("r1", 2 * DAY, "ci"),
        ),
        row(
            (0, "legacy", "test"),
            S::Stopped,
            "",
            ("d3ad", 90 * DAY, "bo"),
        ),
    ]
}

fn env_id(context: u16, app: &str, env: &str) -> EnvId {
    EnvId::new(format!("{context}/{app}/{env}"))
}

fn environment(row: &Row) -> Environment {
    let id = env_id(row.context, row.app, row.env);
    let mut env = Environment::new(id, AppId::new(row.app), text(row.env));
    env.status = row.status.clone();
    env.reason = some(row.reason);
    env.has_runtime_log = true;
    env.release = some(row.release).map(|label| Release {
        label,
        deployment: None,
        at: Some(ago(row.released)),
        by: some(row.by),
    });
    env.changed_at = Some(ago(row.released));
    env.units = row.units.map(|(ready, wanted)| Units { ready, wanted });
    env.progress = row.progress.map(|(done, all, label)| Progress {
        steps: Some((done, all)),
        label: some(label),
        ..Progress::default()
    });
    if row.app == "docs" {
        env.backup_schedule = some("Daily");
        env.next_backup_at = Some(ago(7 * DAY));
    }
    if row.app == "shop-api" {
        env.cpu_percent = Some(3.0);
        env.memory_percent = Some(41.0);
        env.url = some("https://shop.example");
        env.branch = some("main");
        env.pending.commits = Some(2);
        env.backup_schedule = some("daily 02:00");
        env.next_backup_at = start().checked_add(Duration::from_secs(12 * HOUR)).ok();
        env.details = vec![
            Detail::new("Region", DetailValue::Text(text("fra1"))),
            Detail::new("Disk", DetailValue::Bytes(12_400_000_000)),
            Detail::new("Created", DetailValue::Time(ago(400 * DAY))),
        ];
    }
    env
}

fn app(row: &Row) -> App {
    let mut app = App::new(AppId::new(row.app), text(row.app));
    if row.app == "legacy" {
        app.badges = vec![Badge::Suspended];
    }
    app
}

fn deployment(label: &str, phase: Phase, seconds: u64, took: u64, by: &str) -> Deployment {
    let mut deployment = Deployment::new(DeploymentId::new(label), text(label), phase);
    deployment.started_at = Some(ago(seconds));
    deployment.ended_at = Some(ago(seconds.saturating_sub(took)));
    deployment.duration = Some(Duration::from_secs(took));
    deployment.by = some(by);
    deployment
}

fn deployments() -> Vec<Deployment> {
    let mut failed = deployment("v212", Phase::Failed, 8 * MINUTE, 242, "ana");
    failed.reason = some("migrate exited with 1");
    failed.message = some("add index to orders");
    failed.commit = some("3f2c1ab0f1d2");
    failed.hint = some("raise lock_timeout, or migrate at night");
    let mut current = deployment("v211", Phase::Succeeded, 6 * DAY, 190, "bo");
    current.is_current = true;
    vec![
        failed,
        current,
        deployment("v210", Phase::Replaced, 9 * DAY, 224, "ci"),
        deployment("v209", Phase::Cancelled, 9 * DAY, 12, "ci"),
        deployment("v208", Phase::Ended, 12 * DAY, 301, "ana"),
    ]
}

fn backup(label: &str, state: BackupState, taken: u64, megabytes: u64, services: &str) -> Backup {
    let parts = services.split_whitespace().map(|service| BackupPart {
        id: BackupPartId::new(service),
        service: text(service.trim_end_matches('!')),
        kind: None,
        of: None,
        size_bytes: None,
        errors: service
            .ends_with('!')
            .then(|| text("no space left"))
            .into_iter()
            .collect(),
        ended_at: None,
    });
    Backup {
        id: BackupId::new(label),
        environment: None,
        parts: parts.collect(),
        taken_at: Some(ago(taken)),
        size_bytes: Some(megabytes * 1_000_000).filter(|size| *size > 0),
        part_ids: Vec::new(),
        notes: None,
        trigger: None,
        expires_at: start()
            .checked_add(Duration::from_secs(30 * DAY - taken))
            .ok(),
        percent: (state == BackupState::Working).then_some(41),
        state,
        details: Vec::new(),
    }
}

fn backups() -> Vec<Backup> {
    vec![
        backup("b6", BackupState::Working, 20, 0, ""),
        backup("b5", BackupState::Done, 12 * HOUR, 1_249, "pg media"),
        backup("b4", BackupState::Done, 36 * HOUR, 1_190, "pg media"),
        backup("b3", BackupState::Partial, 60 * HOUR, 870, "pg media!"),
        backup("b2", BackupState::Done, 84 * HOUR, 1_100, "pg media"),
        backup("b1", BackupState::Failed, 108 * HOUR, 0, "pg!"),
    ]
}

/// Backups of the environments that are not looked at otherwise.
fn backups_elsewhere(env: &EnvId) -> Vec<Backup> {
    match env.as_str() {
        "0/docs/live" => vec![backup("d1", BackupState::Done, 9 * DAY, 230, "pg")],
        "3/billing/prod" => vec![
            backup("i2", BackupState::Failed, HOUR, 0, "pg!"),
            backup("i1", BackupState::Done, 25 * HOUR, 410, "pg"),
        ],
        "1/auth/prod" => vec![
            backup("a3", BackupState::Done, 2 * HOUR, 91, "pg"),
            backup("a2", BackupState::Done, 26 * HOUR, 80, "pg"),
            backup("a1", BackupState::Done, 50 * HOUR, 55, "pg"),
        ],
        _ => Vec::new(),
    }
}

/// What the platforms themselves know to have happened.
fn activity(context: ContextId, of: Option<&AppId>) -> Vec<Activity> {
    let entry = |id: &str, seconds, app: &str, by: &str, what: &str, failed| Activity {
        id: ActivityId::new(id),
        at: Some(ago(seconds)),
        app: Some(AppId::new(app)),
        by: some(by),
        kind: text("change"),
        text: text(what),
        failed,
        can_cancel: false,
        follow: None,
        details: Vec::new(),
    };
    match (context.0, of) {
        (0, None) => vec![
            entry(
                "a1",
                40 * MINUTE,
                "www",
                "bo",
                "domain added: www.example.org",
                None,
            ),
            entry(
                "a2",
                3 * DAY,
                "日本語サイト",
                "ana",
                "変数を変更しました on live",
                None,
            ),
            entry("a3", 400 * DAY, "legacy", "", "stopped", None),
        ],
        (3, None) => vec![entry(
            "t1",
            12 * MINUTE,
            "billing",
            "ci",
            "unit 3 lost",
            Some(true),
        )],
        _ => Vec::new(),
    }
}

pub(crate) fn variable(name: &str, value: Option<&str>, days: u64) -> Variable {
    Variable {
        id: Some(VariableId::new(name)),
        name: text(name),
        value: value.map(Secret::new),
        is_sensitive: value.is_none(),
        is_read_only: false,
        scope: None,
        changed_at: Some(ago(days * DAY)),
        details: Vec::new(),
    }
}

pub(crate) fn variables(list: Vec<Variable>) -> Payload {
    Payload::Variables(Page::whole(list))
}

/// One of every kind; a value that would paint the screen if it reached it.
pub(crate) fn some_variables() -> Vec<Variable> {
    let hostile = "\u{1b}[31mcanary\u{1b}[0m\u{202e}\nline two\u{7}";
    let mut built_in = variable("DATABASE_URL", Some("postgres://canary"), 400);
    built_in.is_read_only = true;
    let mut scoped = variable("WORKERS", Some("canary"), 12);
    scoped.scope = Some(text("worker"));
    vec![
        variable("DEBUG", Some("false"), 3),
        built_in,
        variable("HOSTILE", Some(hostile), 9),
        variable("PAYMENT_TOKEN", None, 41),
        scoped,
        variable("日本語_の名前", Some("canary"), 1),
        variable(
            "A_NAME_THAT_IS_LONGER_THAN_ANY_COLUMN_OF_A_NARROW_SCREEN_AND_MORE",
            Some(""),
            0,
        ),
        variable("LEVEL", Some("info"), 77),
    ]
}

fn other_variables() -> Vec<Variable> {
    vec![
        variable("DEBUG", Some("true"), 3),
        variable("LEVEL", Some("info"), 3),
        variable("ONLY_THERE", Some("canary"), 3),
        variable("PAYMENT_TOKEN", Some("canary"), 3),
    ]
}

/// The lines that follow a failed release.
pub(crate) fn log() -> Vec<LogLine> {
    let line =
        |seconds, source: &str, raw: &str| LogLine::output(Some(ago(seconds)), text(source), raw);
    vec![
        line(44, "web.1", "INFO GET /health 200 3ms"),
        line(40, "web.1", "WARN health check slow 1.9s"),
        line(13, "migrate", "ERROR lock timeout after 30s"),
        line(
            8,
            "migrate",
            "\u{1b}[31mexit status 1\u{1b}[0m and \u{1b}[1;4mplain\u{1b}[0m again",
        ),
        LogLine::mark(Some(ago(7)), "gap 12 s, resumed 14:02:04"),
        line(
            6,
            "web.2",
            r#"{"level":"info","msg":"paid","order":8812,"total":41.2}"#,
        ),
        line(5, "a-source-with-a-long-name", "DEBUG cache miss"),
        line(4, "web.1", "注文を受け付けました 8812 → ok"),
        line(
            3,
            "web.1",
            "a line that is longer than any pane of this screen and goes on and on \
                          until nobody reads it any more, which is what lines of logs often do when \
                          nobody looks, and then some",
        ),
        line(2, "web.1", "order=8812 level=info total=41.20 msg=\"paid\""),
    ]
}

pub(crate) fn logged(_source: &LogSource) -> Vec<LogLine> {
    log()
}

/// Everything a list has.
pub(crate) fn lists(key: &QueryKey) -> Payload {
    let fleet = fleet();
    let own = || fleet.iter().filter(|row| row.context == key.context.0);
    let mut apps: Vec<_> = own().map(app).collect();
    apps.dedup_by(|a, b| a.id == b.id);
    match &key.query {
        Query::Apps => Payload::Apps(Page::whole(apps)),
        Query::AllEnvironments => {
            Payload::Environments(Page::whole(own().map(environment).collect()))
        }
        Query::Deployments(DeploymentScope::Environment(env))
            if *env == env_id(1, "shop-api", "prod") =>
        {
            Payload::Deployments(Page::whole(deployments()))
        }
        Query::Deployments(_) => Payload::Deployments(Page::whole(Vec::new())),
        Query::Backups(env) if *env == env_id(1, "shop-api", "prod") => {
            Payload::Backups(Page::whole(backups()))
        }
        Query::Backups(env) => Payload::Backups(Page::whole(backups_elsewhere(env))),
        Query::Activity(of) => Payload::Activity(Page::whole(activity(key.context, of.as_ref()))),
        Query::Variables(env) if *env == env_id(1, "shop-api", "prod") => {
            variables(some_variables())
        }
        Query::Variables(_) => variables(other_variables()),
        // Read beside what is degraded, in case it waits for its domain.
        Query::Domains(_) => Payload::Domains(Page::whole(Vec::new())),
        other => panic!("nobody should ask for {other:?}"),
    }
}

/// Lists, except for the account whose token is not accepted.
pub(crate) fn answers(key: &QueryKey) -> Result<Payload, Failure> {
    if key.context == ContextId(5) && key.query == Query::AllEnvironments {
        return Err(rejected());
    }
    Ok(lists(key))
}

pub(crate) fn rejected() -> Failure {
    Failure::Auth(AuthProblem::Rejected)
}

pub(crate) fn unreachable() -> Failure {
    Failure::Network {
        problem: NetworkProblem::Connect,
        sent: false,
        detail: text("connection refused"),
    }
}

/// Everything there is to see.
pub(crate) fn full(width: u16, height: u16) -> Stage {
    Stage::new(contexts(), width, height)
        .answering(|key| Some(answers(key)))
        .logging(logged)
        .budget(1, 412, 5000)
        .ready()
        // Long enough for what was told at the start to be gone.
        .after(Duration::from_secs(7))
}
