//! What is to be expected, written down from the rules and not taken from the program: the request
//! that does each operation, what there is to lose by it, and what its form is answered.

/// What there is to lose.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Loss {
    /// It can be taken back, and nobody notices.
    Little,
    /// Users notice.
    Traffic,
    /// Something stops or goes: in PROD that is a loss.
    Goes,
    /// It cannot be taken back, wherever it is.
    Lost,
}

/// Who is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Environment,
    App,
    /// All processes of an app at once: whoever asks looks at the app.
    All,
    /// The whole context: whoever asks looks at any of its apps.
    Context,
}

/// One operation that the platform offers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Its name in the catalogue.
    pub(crate) recipe: &'static str,
    /// The one request that does it.
    pub(crate) request: &'static str,
    pub(crate) loss: Loss,
    pub(crate) about: About,
    /// What is typed into the fields; for a list what is searched for in it, nothing for its first.
    pub(crate) answers: &'static [(&'static str, &'static str)],
}

pub(crate) const fn rule(
    recipe: &'static str,
    request: &'static str,
    loss: Loss,
    answers: &'static [(&'static str, &'static str)],
) -> Rule {
    Rule {
        recipe,
        request,
        loss,
        about: About::Environment,
        answers,
    }
}

pub(crate) const fn of_app(rule: Rule) -> Rule {
    Rule {
        about: About::App,
        ..rule
    }
}

pub(crate) const fn of_all(rule: Rule) -> Rule {
    Rule {
        about: About::All,
        ..rule
    }
}

pub(crate) const fn of_context(rule: Rule) -> Rule {
    Rule {
        about: About::Context,
        ..rule
    }
}

const JOB: [(&str, &str); 3] = [
    ("command", "./manage.py ours"),
    ("frequency", "DAILY"),
    ("time", "02:30"),
];

pub(crate) const RULES: &[Rule] = &[
    rule("deploy", "CreateDeployment", Loss::Little, &[]),
    rule("rollback", "CreateDeployment", Loss::Traffic, &[("to", "")]),
    rule("stop", "StopEnvironment", Loss::Goes, &[]),
    rule("backup", "CreateBackup", Loss::Little, &[]),
    rule(
        "restore",
        "CreateBackupRestore",
        Loss::Lost,
        &[("backup", "")],
    ),
    rule(
        "prepare-download",
        "CreateBackupDownload",
        Loss::Little,
        &[("backup", "")],
    ),
    rule(
        "set-var",
        "CreateEnvironmentVariable",
        Loss::Little,
        &[("name", "THEIRS"), ("value", "something")],
    ),
    rule(
        "unset-var",
        "DestroyEnvironmentVariable",
        Loss::Goes,
        &[("name", "OURS")],
    ),
    rule(
        "add-domain",
        "CreateDomain",
        Loss::Little,
        &[("name", "two.example.org")],
    ),
    rule(
        "change-domain",
        "PartialUpdateDomain",
        Loss::Traffic,
        &[("domain", "one.example.org"), ("change", "redirect")],
    ),
    rule(
        "remove-domain",
        "DestroyDomain",
        Loss::Goes,
        &[("domain", "one.example.org")],
    ),
    rule(
        "create-service",
        "CreateServiceInstance",
        Loss::Little,
        &[("kind", ""), ("name", "OURS")],
    ),
    rule(
        "provision-service",
        "ProvisionServiceInstance",
        Loss::Little,
        &[("service", "EXTRA")],
    ),
    rule(
        "attach-service",
        "AttachServiceInstance",
        Loss::Little,
        &[("service", "EXTRA")],
    ),
    rule(
        "detach-service",
        "DetachServiceInstance",
        Loss::Goes,
        &[("service", "EXTRA")],
    ),
    rule(
        "remove-service",
        "DestroyServiceInstance",
        Loss::Lost,
        &[("service", "EXTRA")],
    ),
    rule("create-job", "CreateCronjob", Loss::Little, &JOB),
    rule(
        "change-job",
        "PartialUpdateCronjob",
        Loss::Little,
        &[("job", "./theirs"), JOB[0], JOB[1], JOB[2]],
    ),
    rule(
        "remove-job",
        "DestroyCronjob",
        Loss::Goes,
        &[("job", "./theirs")],
    ),
    of_app(rule(
        "run-maintenance",
        "RunMaintenanceRun",
        Loss::Traffic,
        &[("run", "")],
    )),
    of_app(rule(
        "skip-maintenance",
        "SkipMaintenanceRun",
        Loss::Traffic,
        &[("run", "")],
    )),
    of_app(rule(
        "cancel-maintenance",
        "CancelMaintenanceRun",
        Loss::Traffic,
        &[("run", "")],
    )),
    of_app(rule(
        "rename-app",
        "PartialUpdateApplication",
        Loss::Little,
        &[("name", "Documents, renamed")],
    )),
    of_app(rule("delete-app", "ArchiveApplication", Loss::Lost, &[])),
    rule(
        "copy-environment",
        "CopyEnvironment",
        Loss::Little,
        &[("slug", "ours")],
    ),
    rule(
        "change-environment",
        "PartialUpdateEnvironment",
        Loss::Little,
        &[("branch", "feature/ours")],
    ),
];

impl Rule {
    /// How it is confirmed: one key where it can be taken back, a dialog in PROD and where users
    /// notice, the name where something is lost; in a protected context one more.
    pub(crate) fn tier(&self, is_production: bool, is_protected: bool) -> u8 {
        let own = match (self.loss, is_production) {
            (Loss::Little, false) => 1,
            (Loss::Little, true) | (Loss::Traffic, _) | (Loss::Goes, false) => 2,
            (Loss::Goes, true) | (Loss::Lost, _) => 3,
        };
        own + u8::from(is_protected)
    }

    /// What must be typed for one target.
    pub(crate) fn must_type(&self, tier: u8, app: &str) -> Option<String> {
        match tier {
            3 => Some(app.to_owned()),
            4 => Some(format!("{} {app}", self.recipe)),
            _ => None,
        }
    }
}
