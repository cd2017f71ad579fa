//! From lines to operations.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;

use super::chain::hash_of;
use super::entry::{AuditContext, AuditTarget, Author, End, Entry, Outcome, follow_of};
use super::folder::{calm, files};
use super::inputs;
use super::record::{By, EndLine, Event, IntentLine, Line};
use super::runs;
use crate::model::catalogue::written_of;
use crate::model::{AppId, Class, EnvId, IntentId, Safety, Text};

/// The operations in the audit of `dir`, oldest first: all, or those that were asked for or ended
/// at `since` or later. Lines that were changed are left out; [`super::verify()`] finds them.
///
/// # Errors
/// If a file cannot be read. Without a folder there were no operations.
pub fn read(dir: &Path, since: Option<Timestamp>) -> io::Result<Vec<Entry>> {
    let mut entries = all(dir)?;
    let mut alive = HashMap::new();
    for entry in &mut entries {
        if entry.end.is_none() {
            let run = entry.by.run.as_str();
            let look = || matches!(runs::look(dir, run), runs::Run::Alive);
            entry.is_running = *alive.entry(run.to_owned()).or_insert_with(look);
        }
    }
    entries.retain(|entry| is_recent(entry, since));
    Ok(entries)
}

/// All operations; who is still running is not looked at.
pub(super) fn all(dir: &Path) -> io::Result<Vec<Entry>> {
    let _calm = calm(dir);
    let mut table = Table::default();
    for file in files(dir)? {
        let bytes = fs::read(file)?;
        bytes
            .split(|byte| *byte == b'\n')
            .for_each(|line| table.take(line));
    }
    Ok(table.finish())
}

/// The operations in lines that are kept in memory; all of them were asked for by a run that is
/// still there.
pub(super) fn of_lines(lines: &str, since: Option<Timestamp>) -> Vec<Entry> {
    let mut table = Table::default();
    lines.lines().for_each(|line| table.take(line.as_bytes()));
    let mut entries = table.finish();
    for entry in &mut entries {
        entry.is_running = entry.end.is_none();
    }
    entries.retain(|entry| is_recent(entry, since));
    entries
}

fn is_recent(entry: &Entry, since: Option<Timestamp>) -> bool {
    let last = entry.end.as_ref().map_or(entry.at, |end| end.at);
    since.is_none_or(|since| last.max(entry.at) >= since)
}

#[derive(Default)]
struct Table {
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
}

impl Table {
    fn take(&mut self, line: &[u8]) {
        if hash_of(line).is_none() {
            return;
        }
        let Ok(Line { by, event, .. }) = serde_json::from_slice(line) else {
            return;
        };
        match event {
            Event::Intent(intent) => {
                self.places.insert(intent.id.clone(), self.entries.len());
                self.entries.push(entry(&by, *intent));
            }
            Event::Accepted(accepted) => {
                if let Some(entry) = self.entry(&accepted.intent) {
                    entry.follow = follow_of(&accepted.follow.what, &accepted.follow.id);
                }
            }
            Event::End(end) => self.end(&end, by.at, None),
            Event::Resolved(end) => self.end(&end, by.at, Some(author(&by))),
            Event::Broken(_) | Event::Other => {}
        }
    }

    fn entry(&mut self, id: &str) -> Option<&mut Entry> {
        let at = *self.places.get(id)?;
        self.entries.get_mut(at)
    }

    fn end(&mut self, line: &EndLine, at: Timestamp, resolved_by: Option<Author>) {
        let Some(entry) = self.entry(&line.intent) else {
            return;
        };
        if let Some(follow) = &line.follow {
            entry.follow = follow_of(&follow.what, &follow.id);
        }
        entry.end = Some(End {
            at,
            outcome: Outcome::of(&line.outcome),
            words: Text::clean(&line.words),
            request_id: line.request_id.as_deref().and_then(Text::non_empty),
            after: facts(&line.after),
            resolved_by,
        });
    }

    fn finish(mut self) -> Vec<Entry> {
        let mut later = std::collections::HashSet::new();
        for entry in self.entries.iter_mut().rev() {
            let target = &entry.target;
            // Those of a group leave the same traces: a roll-back is a deployment, too.
            let name = entry.operation.as_str();
            let group = written_of(name).map(|(_, group)| group);
            let key = (
                entry.context.clone(),
                target.app.clone(),
                target.environment.clone(),
                group.ok_or_else(|| entry.operation.clone()),
            );
            entry.is_superseded = !later.insert(key);
        }
        self.entries
    }
}

fn entry(by: &By, line: IntentLine) -> Entry {
    Entry {
        id: IntentId(line.id),
        at: by.at,
        by: author(by),
        context: AuditContext {
            name: Text::clean(&line.context),
            platform: Text::clean(&line.platform),
            base: Text::clean(&line.base),
        },
        inputs: inputs::read(&line.operation, &line.inputs),
        operation: Text::clean(&line.operation),
        target: AuditTarget {
            app: line.app.map(AppId::new),
            environment: line.environment.map(EnvId::new),
            title: Text::clean(&line.title),
            class: line.class.as_deref().and_then(Class::from_word),
        },
        safety: safety_of(&line.safety),
        tier: line.tier,
        confirmed: Text::clean(&line.confirmed),
        before: facts(&line.before),
        witness: line.witness,
        follow: None,
        end: None,
        is_running: false,
        is_superseded: false,
    }
}

fn author(by: &By) -> Author {
    Author {
        user: Text::clean(&by.user),
        host: Text::clean(&by.host),
        pid: by.pid,
        run: Text::clean(&by.run),
    }
}

fn facts(lines: &[(String, String)]) -> Vec<(Text, Text)> {
    let cleaned = |(label, value): &(String, String)| (Text::clean(label), Text::clean(value));
    lines.iter().map(cleaned).collect()
}

/// The word of a safety.
pub(super) fn safety_word(safety: Safety) -> &'static str {
    match safety {
        Safety::Read => "read",
        Safety::Repeatable => "repeatable",
        Safety::Once => "once",
    }
}

/// What is not known is not repeated.
fn safety_of(word: &str) -> Safety {
    [Safety::Read, Safety::Repeatable]
        .into_iter()
        .find(|it| safety_word(*it) == word)
        .unwrap_or(Safety::Once)
}
