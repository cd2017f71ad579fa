//! Operations whose end nobody wrote down, of runs that are gone.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::entry::Entry;
use super::folder::Folder;
use super::runs::{self, Held, Run};
use super::{folder, inputs, read};
use crate::model::{ContextId, Operation, Special, Target, Witness};

/// An operation that a run which is gone has left open. As long as it lives, no other process takes
/// it up.
#[derive(Debug)]
pub struct Unfinished {
    /// What is known of it.
    pub entry: Entry,
    claim: Option<Arc<Claim>>,
}

/// A run that is gone, held by this process, and how many of its operations are still open.
#[derive(Debug)]
struct Claim {
    run: String,
    held: Held,
    left: AtomicUsize,
}

impl Unfinished {
    /// What was asked for, if it can be told; `context` is what the context of that name has now, and
    /// `specials` are the operations that only its platform has. It is for looking, not for sending:
    /// its secrets are gone.
    #[must_use]
    pub fn operation(
        &self,
        context: ContextId,
        specials: &[&'static Special],
    ) -> Option<Operation> {
        let Entry {
            operation,
            inputs,
            target,
            ..
        } = &self.entry;
        let kind = inputs::rebuilt(operation.as_str(), inputs, specials)?;
        let target = Target {
            context,
            app: target.app.clone(),
            environment: target.environment.clone(),
            title: target.title.clone(),
            class: target.class,
        };
        Some(Operation { target, kind })
    }

    /// What was newest before it was sent.
    #[must_use]
    pub fn witness(&self) -> Witness {
        Witness(self.entry.witness.clone())
    }

    /// It is accounted for: its run is forgotten with the last of its operations.
    pub(super) fn settle(self) {
        if let Some(claim) = &self.claim
            && claim.left.fetch_sub(1, Ordering::Relaxed) == 1
        {
            claim.held.forget();
        }
    }
}

/// The operations in the audit of `dir` that runs which are gone have left open, oldest first.
/// Runs that left nothing open are forgotten. Costs nothing but a look into a folder if every run
/// ended well, unless `thorough`: then runs that are no longer listed count, too.
///
/// # Errors
/// If a file cannot be read or locked.
pub fn unfinished(dir: &Path, thorough: bool) -> io::Result<Vec<Unfinished>> {
    if runs::listed(dir).is_empty() && !thorough {
        return Ok(Vec::new());
    }
    if !dir.exists() {
        return Ok(Vec::new());
    }
    // Whoever begins a run does so under this lock: none is taken for dead while it begins.
    let locked = Folder::lock(dir, folder::LIMIT)?;
    let dead = dead(dir);
    drop(locked);
    let mut open = Vec::new();
    for entry in read::all(dir)? {
        if entry.end.is_some() {
            continue;
        }
        let run = entry.by.run.as_str();
        let claim = dead.iter().find(|claim| claim.run == run).cloned();
        if let Some(claim) = &claim {
            claim.left.fetch_add(1, Ordering::Relaxed);
        } else if !thorough || matches!(runs::look(dir, run), Run::Alive) {
            continue;
        }
        open.push(Unfinished { entry, claim });
    }
    for claim in dead {
        if claim.left.load(Ordering::Relaxed) == 0 {
            claim.held.forget();
        }
    }
    Ok(open)
}

/// The runs that are gone, held by this process from now on.
fn dead(dir: &Path) -> Vec<Arc<Claim>> {
    let runs = runs::listed(dir).into_iter();
    let dead = runs.filter_map(|run| match runs::look(dir, &run) {
        Run::Dead(held) => Some(Arc::new(Claim {
            run,
            held,
            left: AtomicUsize::new(0),
        })),
        Run::Alive | Run::Unlisted => None,
    });
    dead.collect()
}
