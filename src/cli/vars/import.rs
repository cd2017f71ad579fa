//! `vars import`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use super::diff::{Entry, Wishes, diff, lines};
use super::read;
use crate::app::confirm::Tier;
use crate::cli::args::Import;
use crate::cli::exit::{CliError, Exit};
use crate::cli::fleet::Fleet;
use crate::cli::operate::{Forecast, Place, Subject, fact, file, head, send, stdin, told_stage};
use crate::cli::terminal::{output, tell, tell_more};
use crate::cli::tier;
use crate::model::catalogue::On;
use crate::model::{
    Capability, Consent, Operation, OperationEvent, OperationKind, Secret, Stage, Text,
    VariableChange, Verdict, dotenv,
};

/// More changes than this are confirmed like a loss of data: nobody checks so many one by one.
const MANY: usize = 5;

/// So many operations are asked about before they are sent. Where that is possible, there is one.
const LOOKED_AHEAD: usize = 1;

/// Sets what differs.
pub(super) async fn run(fleet: &mut Fleet, args: &Import) -> Result<Exit, CliError> {
    // Before anything is asked: a file that is not understood changes nothing.
    let wanted = parse(&args.file)?;
    if wanted.is_empty() && args.delete_missing {
        // What was to write the file may have failed.
        let advice = "there is no variable in it, and --delete-missing would remove all; \
                      nothing was sent";
        return Err(CliError::Usage(advice.into()));
    }
    let place = Place::find(fleet, On::Environment, &args.target).await?;
    if !args.dry_run {
        place.permit(fleet, Capability::SetVariable)?;
        if args.delete_missing {
            place.permit(fleet, Capability::UnsetVariable)?;
        }
    }
    let subject = place.subject(fleet, On::Environment, &args.target).await?;
    if !args.dry_run {
        subject.permit_pinned(Capability::SetVariable)?;
    }
    let existing = read(&subject).await?;
    let wishes = Wishes {
        delete_missing: args.delete_missing,
        sensitive: args.sensitive,
    };
    let entries = diff(wanted, &existing, wishes)?;
    if args.dry_run {
        return show(&entries);
    }
    tell(format_args!("import into {}", subject.title()));
    lines(&entries).iter().for_each(tell_more);
    let count = entries.iter().filter(|it| it.change.is_some()).count();
    let changes: Vec<Change> = changes(&subject, &entries);
    let tier = tier_of(&changes, count, subject.is_protected);
    let mut forecasts = Vec::new();
    for change in changes.iter().take(LOOKED_AHEAD) {
        forecasts.push(Forecast::of(&subject, &change.operation).await);
    }
    if let Some(missing) = tier::missing(tier, &args.consent, subject.name()) {
        head(&subject);
        fact("changes", &count.to_string());
        for forecast in &forecasts {
            forecast.tell(false);
        }
        let advice = format!("nothing was sent; to do it, add {missing}");
        return Err(CliError::Usage(advice));
    }
    let mut before = vec![(Text::clean("changes"), Text::clean(&count.to_string()))];
    before.extend(forecasts.iter().flat_map(Forecast::shown));
    for forecast in &forecasts {
        forecast.tell(true);
    }
    if let Some(failure) = forecasts.iter().find_map(Forecast::refusal) {
        return Err(subject.failed(failure));
    }
    let consent = tier::consent(tier, before, subject.revision());
    carry_out(&subject, changes, count, consent).await
}

/// Reads the file. A problem has its place and none of the text.
fn parse(path: &Path) -> Result<Vec<(String, Secret)>, CliError> {
    let (text, name) = if path == Path::new("-") {
        (stdin()?, "standard input".into())
    } else {
        (file(path)?, path.display().to_string())
    };
    dotenv::parse(text.expose()).map_err(|problem| {
        let name = Text::clean(&name);
        CliError::Usage(format!("{name}:{problem}; nothing was sent"))
    })
}

fn show(entries: &[Entry]) -> Result<Exit, CliError> {
    let mut out = output();
    for line in lines(entries) {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// One operation of the import.
struct Change {
    name: String,
    operation: Operation,
}

fn changes(subject: &Subject, entries: &[Entry]) -> Vec<Change> {
    let kinds = entries.iter().filter_map(|entry| entry.change.clone());
    let kinds = kinds.collect();
    let kinds = if subject.platform.profile().changes_variables_together {
        VariableChange::together(kinds)
    } else {
        kinds
    };
    let change = |kind| Change {
        name: names(&kind),
        operation: Operation {
            target: subject.target.clone(),
            kind,
        },
    };
    kinds.into_iter().map(change).collect()
}

/// What it is about.
fn names(kind: &OperationKind) -> String {
    let changes = VariableChange::all_of(kind);
    let names = changes.iter().map(|it| Text::clean(&it.name).to_string());
    names.collect::<Vec<_>>().join(", ")
}

/// The highest of all of them; many take a name.
fn tier_of(changes: &[Change], count: usize, is_protected: bool) -> Tier {
    let each = changes
        .iter()
        .map(|it| Tier::of(&it.operation, is_protected));
    let highest = each.max().unwrap_or(Tier::One);
    if count > MANY {
        highest.max(Tier::Three)
    } else {
        highest
    }
}

/// Sends one after the other, and stops at the first that is not done.
async fn carry_out(
    subject: &Subject,
    changes: Vec<Change>,
    count: usize,
    mut consent: Consent,
) -> Result<Exit, CliError> {
    let title = format!("import into {}", subject.title());
    let all = changes.len();
    let names: Vec<String> = changes.iter().map(|it| it.name.clone()).collect();
    let mut notes: BTreeSet<String> = BTreeSet::new();
    for (at, Change { name, operation }) in changes.into_iter().enumerate() {
        let verb = operation.kind.verb();
        tell_more(format_args!("{}/{all} {verb} {name}", at + 1));
        let mut heard = None;
        let mut hear = |event: &OperationEvent| {
            if let Stage::Unknown(failure) = &event.stage {
                let why = failure.short();
                tell(format_args!("{name}: the answer was lost ({why}); looking"));
            }
            heard.clone_from(&event.note);
        };
        let stage = send(subject, operation, consent.clone(), true, None, &mut hear).await;
        let is_done = matches!(
            stage,
            Some(Stage::Ended(Verdict::Done(_)) | Stage::Running(_))
        );
        if !is_done {
            tell_notes(&notes);
            return Ok(stopped(&title, &names, at, stage.as_ref()));
        }
        // Its own changes move what was seen.
        consent.seen = None;
        notes.extend(heard.map(|note| note.to_string()));
    }
    let mut out = output();
    match count {
        0 => writeln!(out, "{title}: nothing to change")?,
        1 => writeln!(out, "{title}: 1 variable changed")?,
        count => writeln!(out, "{title}: {count} variables changed")?,
    }
    out.flush()?;
    tell_notes(&notes);
    Ok(Exit::Done)
}

/// Each once, however many changes said it.
fn tell_notes(notes: &BTreeSet<String>) {
    notes.iter().for_each(tell);
}

/// Says what was done and what was not.
fn stopped(title: &str, names: &[String], at: usize, stage: Option<&Stage>) -> Exit {
    let (words, exit) = stage.map_or_else(|| ("interrupted".into(), Exit::Failed), told_stage);
    let list = |names: &[String]| match names {
        [] => "nothing".to_owned(),
        names => names.join(", "),
    };
    tell(format_args!("{title}: stopped at {}: {words}", names[at]));
    fact("done", &list(&names[..at]));
    fact("not sent", &list(&names[at + 1..]));
    exit
}
