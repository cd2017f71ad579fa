//! Entries of lists as something to choose from.

use jiff::Timestamp;

use crate::cli::operate::subject::Subject;
use crate::cli::table::age;
use crate::cli::words;
use crate::model::catalogue::Chosen;
use crate::model::{Backup, BackupState, Deployment, JobRun, Page, Payload, Text};

/// One entry.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) chosen: Chosen,
    /// What people may call it.
    pub(super) names: Vec<String>,
    /// What tells it from the others.
    pub(super) about: String,
    /// It runs now; of deployments only.
    pub(super) is_current: bool,
    /// One could go back to it.
    pub(super) is_good: bool,
    /// It is under way.
    pub(super) is_running: bool,
    /// Why one cannot go back to it, where the platform says so.
    pub(super) out_of_reach: Option<&'static str>,
}

impl Candidate {
    pub(super) fn new(id: &str, title: Text) -> Self {
        Self {
            names: vec![title.to_string()],
            chosen: Chosen {
                id: id.to_owned(),
                title,
            },
            about: String::new(),
            is_current: false,
            is_good: false,
            is_running: false,
            out_of_reach: None,
        }
    }

    fn about(self, about: &[Option<String>]) -> Self {
        let about: Vec<&str> = about.iter().flatten().map(String::as_str).collect();
        let about = about.join(", ");
        Self { about, ..self }
    }
}

/// A list to choose from.
pub(super) struct Listing {
    pub(super) candidates: Vec<Candidate>,
    /// Older entries were not read.
    pub(super) is_cut: bool,
}

fn of<T>(page: Page<T>, each: impl Fn(T) -> Candidate) -> Listing {
    Listing {
        is_cut: page.next.is_some(),
        candidates: page.items.into_iter().map(each).collect(),
    }
}

/// What a list holds.
pub(super) fn listing(payload: Payload, subject: &Subject, now: Timestamp) -> Listing {
    let kind = |kind: Text| Some(kind.to_string()).filter(|kind| !kind.is_empty());
    match payload {
        Payload::Deployments(page) => deployments(page, subject, now),
        Payload::Backups(page) => of(page, |it| backup(&it, now)),
        Payload::Variables(page) => of(page, |it| {
            let id = it.id.as_ref().map_or(it.name.as_str(), |id| id.as_str());
            Candidate::new(id, it.name.clone())
        }),
        Payload::Domains(page) => of(page, |it| {
            let primary = it.is_primary.then(|| "primary".into());
            Candidate::new(it.id.as_str(), it.name).about(&[primary])
        }),
        Payload::Services(page) => of(page, |it| {
            let state = it.state.map(|state| state.to_string());
            Candidate::new(it.id.as_str(), it.name).about(&[kind(it.kind), state])
        }),
        Payload::ServiceKinds(page) => of(page, |it| {
            let mut candidate = Candidate::new(it.id.as_str(), it.name);
            candidate.names.push(it.kind.to_string());
            candidate.about(&[kind(it.kind)])
        }),
        Payload::Jobs(page) => of(page, |it| {
            Candidate::new(it.id.as_str(), it.command).about(&[kind(it.schedule)])
        }),
        Payload::JobRuns(mut page) => {
            page.items.retain(|it| !it.phase.is_final());
            of(page, |it| job_run(it, now))
        }
        Payload::Activity(mut page) => {
            page.items.retain(|it| it.can_cancel);
            of(page, |it| {
                let by = it.by.map(|by| format!("by {by}"));
                let at = it.at.map(|at| ago(at, now));
                Candidate::new(it.id.as_str(), it.text).about(&[at, by])
            })
        }
        Payload::Units(page) => of(page, |it| {
            let state = it.state.map(|state| state.to_string());
            Candidate::new(it.id.as_str(), it.name).about(&[state])
        }),
        Payload::Maintenance(page) => of(page, |it| {
            let planned = it.planned_for.map(|at| format!("planned for {at}"));
            Candidate::new(it.id.as_str(), it.title).about(&[planned])
        }),
        Payload::Organisations(page) => of(page, |it| Candidate::new(it.id.as_str(), it.name)),
        Payload::Account(_)
        | Payload::Apps(_)
        | Payload::Environments(_)
        | Payload::Environment(_)
        | Payload::Deployment(_)
        | Payload::Backup(_)
        | Payload::Restores(_)
        | Payload::Download(_)
        | Payload::BackupPlans(_)
        | Payload::Metrics(_)
        | Payload::Alerts(_)
        | Payload::Sizes(_)
        | Payload::Regions(_)
        | Payload::Others(_)
        | Payload::Repositories(_)
        | Payload::Webhooks(_)
        | Payload::Invoices(_)
        | Payload::InvoiceItems(_) => Listing {
            candidates: Vec::new(),
            is_cut: false,
        },
    }
}

/// One of them at most is the present one: that which the platform calls so, else that which the
/// environment says, else the newest good one.
fn deployments(page: Page<Deployment>, subject: &Subject, now: Timestamp) -> Listing {
    let release = subject
        .environment
        .as_ref()
        .and_then(|it| it.release.as_ref()?.deployment.clone());
    let mut list = of(page, |it| deployment(&it, now));
    let all = &mut list.candidates;
    if !all.iter().any(|it| it.is_current) {
        let told = release.and_then(|id| all.iter().position(|it| it.chosen.id == id.as_str()));
        if let Some(at) = told.or_else(|| all.iter().position(|it| it.is_good)) {
            all[at].is_current = true;
        }
    }
    list
}

fn deployment(it: &Deployment, now: Timestamp) -> Candidate {
    let (phase, word) = words::phase(&it.phase);
    let state = word.unwrap_or_else(|| phase.into());
    let current = it.is_current.then(|| "runs now".into());
    let at = it.ended_at.or(it.started_at);
    let mut candidate = Candidate::new(it.id.as_str(), it.label.clone());
    candidate
        .names
        .extend(it.commit.iter().map(ToString::to_string));
    Candidate {
        is_current: it.is_current,
        is_good: it.is_good(),
        is_running: !it.phase.is_final(),
        out_of_reach: (it.can_roll_back_to == Some(false))
            .then_some("the platform cannot go back to"),
        ..candidate.about(&[Some(state), current, at.map(|at| ago(at, now))])
    }
}

fn job_run(it: JobRun, now: Timestamp) -> Candidate {
    let (phase, word) = words::phase(&it.phase);
    let at = it.started_at.or(it.created_at);
    let cause = it.cause.map(|cause| cause.to_string());
    let about = [
        Some(word.unwrap_or_else(|| phase.into())),
        at.map(|at| ago(at, now)),
        cause,
    ];
    Candidate::new(it.id.as_str(), it.name).about(&about)
}

fn backup(it: &Backup, now: Timestamp) -> Candidate {
    let (state, word) = words::backup(&it.state);
    let state = word.unwrap_or_else(|| state.into());
    let notes = it.notes.as_ref().map(ToString::to_string);
    // Platforms give backups no names; people tell them by when they were taken.
    let taken = it.taken_at.map(|at| at.strftime("%Y-%m-%d %H:%M UTC"));
    let title = taken.map_or_else(|| it.id.to_text(), |at| Text::clean(&at.to_string()));
    let mut candidate = Candidate::new(it.id.as_str(), title);
    // Two may have the same notes, and that is told; none is taken by chance.
    candidate.names.extend(notes.clone());
    Candidate {
        is_good: it.state == BackupState::Done,
        is_running: !it.state.is_final(),
        ..candidate.about(&[Some(state), it.taken_at.map(|at| ago(at, now)), notes])
    }
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    format!("{} ago", age(at, now))
}
