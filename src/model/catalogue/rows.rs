//! The rows: every operation of every platform. A platform that lacks one says why in its support
//! table; here stands what it takes where it is offered.

use super::{Field, FieldKind, Group, InputProblem, Inputs, On, Pick, Recipe};
use crate::model::{
    ActivityId, BackupId, Capability, DeployMode, DeploymentId, DomainChange, DomainId, JobId,
    JobSpec, MaintenanceId, OperationKind, OrgId, RunPlace, ServiceId, ServiceKindId, VariableId,
};

/// The words of the modes of a deployment.
pub(super) const MODES: [(&str, &str); 3] = [
    ("auto", "as the platform thinks best"),
    ("adopt", "reuse what was built before"),
    ("force", "build anew"),
];

/// The words of the changes to a domain.
pub(super) const CHANGES: [(&str, &str); 3] = [
    ("primary", "make it the main one"),
    ("redirect", "redirect it to the main one"),
    ("no-redirect", "serve it itself"),
];

/// The words of where a command runs.
pub(super) const PLACES: [(&str, &str); 3] = [
    ("one", "in one instance that is up"),
    ("every", "in every instance"),
    ("alone", "in an instance made for it"),
];

/// More instances than this are a slip of the finger.
const MOST_UNITS: u32 = 1_000;

const PROCESS: Field = Field::text("process", "Which process; all if none is named").optional();
const NOTES: Field = Field::text("notes", "A remark that is kept with it").optional();
const DOMAIN: Field = Field::pick("domain", Pick::Domain, "Which domain");
const SERVICE: Field = Field::pick("service", Pick::Service, "Which service");
const JOB: Field = Field::pick("job", Pick::Job, "Which job");
const UNIT: Field = Field::pick("unit", Pick::Unit, "Which instance");
const RUN: Field = Field::pick("run", Pick::Maintenance, "Which maintenance run");
const BACKUP: Field = Field::pick("backup", Pick::Backup, "Which backup");
const JOB_SPEC: [Field; 4] = [
    Field::text("command", "What it runs"),
    Field::text(
        "frequency",
        "How often, in the platform's words: DAILY, HOURLY, a cron line",
    ),
    Field::text(
        "time",
        "At which time, where the frequency needs one: 02:30",
    )
    .optional(),
    Field::new(
        "kill-after",
        FieldKind::Count {
            least: 1,
            most: 10_080,
        },
        "After how many minutes it is killed",
    )
    .optional(),
];

const fn units(name: &'static str, about: &'static str) -> Field {
    let kind = FieldKind::Count {
        least: 0,
        most: MOST_UNITS,
    };
    Field::new(name, kind, about)
}

macro_rules! recipes {
    ($($name:literal, $capability:ident, $group:ident, $letter:literal, $on:ident, $about:literal,
       [$($field:expr),*], $build:expr;)*) => {
        /// Every operation, in the order of menus.
        pub const RECIPES: &[Recipe] = &[$(Recipe {
            name: $name,
            capability: Capability::$capability,
            group: Group::$group,
            letter: $letter,
            on: On::$on,
            about: $about,
            fields: &[$($field),*],
            build: $build,
        },)*];
    };
}

recipes! {
    "deploy", Deploy, Release, 'd', Release, "Deploy what is newest",
        [Field::new("mode", FieldKind::Choice(&MODES), "How the image is made").optional()],
        |i| Ok(OperationKind::Deploy { mode: mode(i) });
    "deploy-image", DeployImage, Release, 'i', Release, "Deploy an image",
        [Field::text("image", "Registry, name and tag")],
        |i| Ok(OperationKind::DeployImage { image: i.text("image")? });
    "retry", RetryDeployment, Release, 'y', Release, "Try a failed deployment again",
        [Field::pick("deployment", Pick::Deployment, "Which; the last one if none is named").optional()],
        |i| Ok(OperationKind::RetryDeployment { deployment: deployment(i) });
    "rollback", RollBack, Release, 'r', Release, "Go back to an earlier deployment",
        [Field::pick("to", Pick::Deployment, "Which deployment to go back to"),
         Field::new("pin", FieldKind::Flag, "Stay there until it is kept or undone").optional()],
        |i| Ok(OperationKind::RollBack {
            to: DeploymentId::new(&i.one("to")?.id),
            pin: i.flag("pin"),
        });
    "keep-rollback", CommitRollback, Release, 'K', Release, "Keep a roll-back that is pinned",
        [], |_| Ok(OperationKind::CommitRollback);
    "undo-rollback", RevertRollback, Release, 'U', Release, "Leave a roll-back that is pinned",
        [], |_| Ok(OperationKind::RevertRollback);
    "cancel", CancelDeployment, Release, 'x', Release, "Cancel the running deployment",
        [Field::pick("deployment", Pick::Deployment, "Which deployment"),
         Field::text("reason", "Why, for the platform's records").optional()],
        |i| Ok(OperationKind::CancelDeployment {
            deployment: DeploymentId::new(&i.one("deployment")?.id),
            reason: i.maybe_text("reason"),
        });

    "restart", Restart, Run, 'e', Environment, "Restart what runs",
        [PROCESS], |i| Ok(OperationKind::Restart { process: i.maybe_text("process") });
    "stop", Stop, Run, 's', Environment, "Stop what runs",
        [PROCESS], |i| Ok(OperationKind::Stop { process: i.maybe_text("process") });
    "start", Start, Run, 't', Environment, "Start what is stopped",
        [PROCESS], |i| Ok(OperationKind::Start { process: i.maybe_text("process") });
    "scale", Scale, Run, 'c', Environment, "Set the number of instances",
        [units("units", "How many instances"),
         PROCESS,
         Field::text("size", "The size of an instance, in the platform's words").optional()],
        |i| Ok(OperationKind::Scale {
            process: i.maybe_text("process"),
            units: i.count("units")?,
            size: i.maybe_text("size"),
        });
    "autoscale", Autoscale, Run, 'a', Environment, "Set the bounds of automatic scaling, or end it",
        [units("least", "The fewest instances; without bounds it ends").optional(),
         units("most", "The most instances").optional(),
         PROCESS,
         Field::new("cpu", FieldKind::Count { least: 1, most: 100 },
            "The use of processors, in per cent, from which on there are more").optional()],
        autoscale;
    "kill-unit", KillUnit, Run, 'l', Environment, "Kill one instance",
        [UNIT, Field::new("force", FieldKind::Flag,
            "Also when fewer would be up than the platform allows").optional()],
        |i| Ok(OperationKind::KillUnit {
            unit: i.one("unit")?.id.clone(),
            force: i.flag("force"),
        });
    "run", RunCommand, Run, 'o', Environment, "Run one command and show what it prints",
        [Field::text("command", "The command"),
         Field::new("place", FieldKind::Choice(&PLACES), "Where it runs").optional()],
        |i| Ok(OperationKind::RunCommand { command: i.text("command")?, place: place(i) });
    "console", Console, Run, 'T', Environment, "Open a terminal session in an instance",
        [UNIT.optional()],
        |i| Ok(OperationKind::Console { unit: i.maybe_one("unit").map(|it| it.id.clone()) });

    "backup", CreateBackup, Backups, 'b', Environment, "Take a backup now",
        [Field::new("services", FieldKind::Some(Pick::Service),
            "Which services; all that have data if none is named").optional(),
         NOTES,
         Field::new("keep-until", FieldKind::Time, "When the platform may delete it").optional()],
        |i| Ok(OperationKind::CreateBackup {
            services: i.many("services").iter().map(|it| ServiceId::new(&it.id)).collect(),
            notes: i.maybe_text("notes"),
            keep_until: i.time("keep-until"),
        });
    "restore", RestoreBackup, Backups, 'B', Environment,
        "Restore a backup, in place of the data that is there or beside it",
        [BACKUP, NOTES,
         Field::text("into", "The name of the copy, where a restore makes something new").optional()],
        |i| Ok(OperationKind::RestoreBackup {
            backup: BackupId::new(&i.one("backup")?.id),
            notes: i.maybe_text("notes"),
            into: i.maybe_text("into"),
        });
    "prepare-download", DownloadBackup, Backups, 'w', Environment,
        "Prepare a backup for download; from the dashboard it is saved, too",
        [BACKUP],
        |i| Ok(OperationKind::PrepareDownload { backup: BackupId::new(&i.one("backup")?.id) });

    "set-var", SetVariable, Variables, 'v', Environment, "Set a variable",
        [Field::text("name", "Its name"),
         Field::new("value", FieldKind::Secret, "Its value"),
         Field::new("sensitive", FieldKind::Flag, "Hide the value from now on").optional(),
         Field::text("id", "The platform's id, if it exists").given()],
        |i| Ok(OperationKind::SetVariable {
            id: i.maybe_text("id").map(|id| VariableId::new(&id)),
            name: i.text("name")?,
            value: i.secret("value")?,
            is_sensitive: i.flag("sensitive"),
        });
    "unset-var", UnsetVariable, Variables, 'V', Environment, "Remove a variable",
        [Field::text("name", "Its name"),
         Field::text("id", "The platform's id").given()],
        |i| Ok(OperationKind::UnsetVariable {
            id: i.maybe_text("id").map(|id| VariableId::new(&id)),
            name: i.text("name")?,
        });

    "add-domain", AddDomain, Domains, 'm', Environment, "Add a domain",
        [Field::text("name", "The domain: www.example.com")],
        |i| Ok(OperationKind::AddDomain { name: i.text("name")? });
    "change-domain", UpdateDomain, Domains, 'M', Environment, "Change what a domain does",
        [DOMAIN, Field::new("change", FieldKind::Choice(&CHANGES), "What it does from now on")],
        |i| Ok(OperationKind::UpdateDomain {
            id: DomainId::new(&i.one("domain")?.id),
            change: change(i)?,
        });
    "remove-domain", RemoveDomain, Domains, 'R', Environment, "Remove a domain",
        [DOMAIN],
        |i| i.one("domain").map(|it| OperationKind::RemoveDomain {
            id: DomainId::new(&it.id),
            name: it.title.to_string(),
        });
    "verify-domain", VerifyDomain, Domains, 'f', Environment, "Check the DNS records of a domain",
        [DOMAIN],
        |i| i.one("domain").map(|it| OperationKind::VerifyDomain {
            id: DomainId::new(&it.id),
            name: it.title.to_string(),
        });
    "complete-installation", CompleteInstallation, Domains, 'C', Environment,
        "Go on with an installation that waits for DNS records",
        [Field::text("domain", "The domain that was set up")],
        |i| Ok(OperationKind::CompleteInstallation { domain: i.text("domain")? });

    "create-service", CreateService, Services, 'g', Environment, "Create a service",
        [Field::pick("kind", Pick::ServiceKind, "Which kind"),
         Field::text("name", "A short name, used as prefix of its variables")],
        |i| Ok(OperationKind::CreateService {
            kind: ServiceKindId::new(&i.one("kind")?.id),
            name: i.text("name")?,
        });
    "provision-service", ProvisionService, Services, 'p', Environment, "Provision a service",
        [SERVICE], |i| Ok(OperationKind::ProvisionService { id: service(i)? });
    "attach-service", AttachService, Services, 'h', Environment, "Attach a service",
        [SERVICE], |i| Ok(OperationKind::AttachService { id: service(i)? });
    "detach-service", DetachService, Services, 'H', Environment, "Detach a service",
        [SERVICE], |i| Ok(OperationKind::DetachService { id: service(i)? });
    "remove-service", RemoveService, Services, 'G', Environment, "Remove a service and its data",
        [SERVICE], |i| Ok(OperationKind::RemoveService { id: service(i)? });

    "create-job", CreateJob, Jobs, 'n', Environment, "Create a scheduled job",
        [JOB_SPEC[0], JOB_SPEC[1], JOB_SPEC[2], JOB_SPEC[3]],
        |i| Ok(OperationKind::CreateJob(job_spec(i)?));
    "change-job", UpdateJob, Jobs, 'N', Environment, "Change a scheduled job",
        [JOB, JOB_SPEC[0], JOB_SPEC[1], JOB_SPEC[2], JOB_SPEC[3]],
        |i| Ok(OperationKind::UpdateJob { id: job(i)?, spec: job_spec(i)? });
    "remove-job", RemoveJob, Jobs, 'J', Environment, "Remove a scheduled job",
        [JOB], |i| Ok(OperationKind::RemoveJob { id: job(i)? });
    "cancel-run", CancelJobRun, Jobs, 'X', Environment, "Cancel a run of a job",
        [Field::pick("run", Pick::JobRun, "Which run"),
         Field::text("job", "The platform's id of the job").given()],
        |i| Ok(OperationKind::CancelJobRun {
            id: JobId::new(i.text("job")?),
            run: i.one("run")?.id.clone(),
        });
    "cancel-event", CancelEvent, Jobs, 'W', App, "Cancel what the platform began by itself",
        [Field::pick("event", Pick::Event, "Which event"),
         Field::text("reason", "Why, for the platform's records").optional()],
        |i| Ok(OperationKind::CancelEvent {
            event: ActivityId::new(&i.one("event")?.id),
            reason: i.maybe_text("reason"),
        });
    "run-maintenance", RunMaintenance, Jobs, 'u', App, "Begin planned maintenance now",
        [RUN], |i| Ok(OperationKind::RunMaintenance { id: maintenance(i)? });
    "skip-maintenance", SkipMaintenance, Jobs, 'P', App, "Leave out planned maintenance",
        [RUN], |i| Ok(OperationKind::SkipMaintenance { id: maintenance(i)? });
    "cancel-maintenance", CancelMaintenance, Jobs, 'Q', App, "Cancel maintenance that runs",
        [RUN], |i| Ok(OperationKind::CancelMaintenance { id: maintenance(i)? });

    "create-app", CreateApp, Life, 'A', Context, "Create an app",
        [Field::text("name", "Its name"),
         Field::new("set", FieldKind::Pairs, "What else the platform wants to know").optional()],
        |i| Ok(OperationKind::CreateApp { name: i.text("name")?, inputs: i.pairs("set") });
    "rename-app", UpdateApp, Life, 'E', App, "Rename the app",
        [Field::text("name", "Its new name")],
        |i| Ok(OperationKind::UpdateApp { name: i.text("name")? });
    "delete-app", DeleteApp, Life, 'D', App, "Delete the app with everything in it",
        [Field::text("app", "The app's name, typed by who confirms").given()],
        |i| Ok(OperationKind::DeleteApp { typed_name: i.text("app")? });
    "copy-environment", CopyEnvironment, Life, 'z', Environment, "Copy the environment",
        [Field::text("slug", "The name of the copy")],
        |i| Ok(OperationKind::CopyEnvironment { slug: i.text("slug")? });
    "change-environment", UpdateEnvironment, Life, 'Z', Environment,
        "Change the branch of the environment",
        [Field::text("branch", "The branch it is deployed from")],
        |i| Ok(OperationKind::UpdateEnvironment { branch: i.text("branch")? });
    "rename-organisation", RenameOrganisation, Life, 'L', Context, "Rename an organisation",
        [Field::pick("organisation", Pick::Organisation, "Which organisation"),
         Field::text("name", "Its new name")],
        |i| Ok(OperationKind::RenameOrganisation {
            id: OrgId::new(&i.one("organisation")?.id),
            name: i.text("name")?,
        });
}

fn mode(inputs: &Inputs) -> DeployMode {
    match inputs.maybe_text("mode").as_deref() {
        Some("adopt") => DeployMode::Adopt,
        Some("force") => DeployMode::Force,
        Some(_) | None => DeployMode::Auto,
    }
}

fn place(inputs: &Inputs) -> RunPlace {
    match inputs.maybe_text("place").as_deref() {
        Some("every") => RunPlace::Every,
        Some("alone") => RunPlace::Alone,
        Some(_) | None => RunPlace::One,
    }
}

fn change(inputs: &Inputs) -> Result<DomainChange, InputProblem> {
    Ok(match inputs.text("change")?.as_str() {
        "redirect" => DomainChange::Redirect(true),
        "no-redirect" => DomainChange::Redirect(false),
        _ => DomainChange::MakePrimary,
    })
}

fn autoscale(inputs: &Inputs) -> Result<OperationKind, InputProblem> {
    let limits = match (inputs.maybe_count("least"), inputs.maybe_count("most")) {
        (None, None) => None,
        (Some(least), Some(most)) if least <= most => Some((least, most)),
        (Some(_), Some(_)) => {
            return Err(InputProblem {
                field: "most",
                problem: "is less than the fewest".into(),
            });
        }
        (Some(_), None) => return Err(together("most")),
        (None, Some(_)) => return Err(together("least")),
    };
    Ok(OperationKind::Autoscale {
        process: inputs.maybe_text("process"),
        limits,
        cpu: inputs.maybe_count("cpu"),
    })
}

fn together(field: &'static str) -> InputProblem {
    InputProblem {
        field,
        problem: "is missing: bounds come in pairs".into(),
    }
}

fn deployment(inputs: &Inputs) -> Option<DeploymentId> {
    let chosen = inputs.maybe_one("deployment")?;
    Some(DeploymentId::new(&chosen.id))
}

fn service(inputs: &Inputs) -> Result<ServiceId, InputProblem> {
    Ok(ServiceId::new(&inputs.one("service")?.id))
}

fn job(inputs: &Inputs) -> Result<JobId, InputProblem> {
    Ok(JobId::new(&inputs.one("job")?.id))
}

fn maintenance(inputs: &Inputs) -> Result<MaintenanceId, InputProblem> {
    Ok(MaintenanceId::new(&inputs.one("run")?.id))
}

fn job_spec(inputs: &Inputs) -> Result<JobSpec, InputProblem> {
    Ok(JobSpec {
        command: inputs.text("command")?,
        frequency: inputs.text("frequency")?,
        time: inputs.maybe_text("time"),
        timeout_minutes: inputs.maybe_count("kill-after"),
    })
}
