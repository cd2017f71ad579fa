//! Which servers the tsuru client knows: its current target, and all that have a label.
//!
//! Source: tsuru contract, section 4.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use url::Url;

use super::super::super::Environment;
use super::super::super::credential::cause;
use super::super::problem_in;
use crate::config::problem::Problem;

/// The variable that names the current target: its address, or its label.
const VARIABLE: &str = "TSURU_TARGET";

/// The folder in which the client keeps everything.
pub(super) fn folder(environment: &Environment) -> Option<PathBuf> {
    Some(environment.home()?.join(".tsuru"))
}

/// A server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// What the user calls it; the first in the order of the alphabet.
    pub(super) label: Option<String>,
    /// Where it is, with its scheme.
    pub(super) address: String,
}

impl Target {
    /// How it is called in a sentence.
    pub(super) fn named(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.address)
    }
}

/// What the client knows.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// The address of the one in use.
    current: Option<String>,
    /// Labels in the order of the alphabet, and their addresses.
    labelled: Vec<(String, String)>,
}

impl Targets {
    /// Reads what is there; a file that cannot be read is a problem.
    pub(super) fn read(environment: &Environment, problems: &mut Vec<Problem>) -> Self {
        let mut text = |name, legacy| text(environment, name, legacy, problems);
        let mut labelled = labels(&text("targets", ".tsuru_targets").unwrap_or_default());
        labelled.sort();
        let kept = text("target", ".tsuru_target");
        let mut targets = Self {
            current: None,
            labelled,
        };
        let named = environment.variable(VARIABLE);
        let named = named.map(|name| name.trim().to_owned());
        targets.current = match named.filter(|name| !name.is_empty()) {
            Some(name) => Some(targets.address_of(&name)),
            None => kept.map(|address| with_scheme(address.trim())),
        };
        targets
    }

    /// The same, where problems are told elsewhere.
    pub(super) fn known(environment: &Environment) -> Self {
        Self::read(environment, &mut Vec::new())
    }

    /// The address behind a label. What is no label is an address.
    pub(super) fn address_of(&self, name: &str) -> String {
        let found = self.labelled.iter().find(|(label, _)| label == name);
        found.map_or_else(|| with_scheme(name), |(_, address)| address.clone())
    }

    /// The target in use.
    pub(super) fn current(&self) -> Option<Target> {
        self.current.as_deref().map(|address| self.target(address))
    }

    /// The target at an address.
    pub(super) fn target(&self, address: &str) -> Target {
        let mut labelled = self.labelled.iter();
        let found = labelled.find(|(_, known)| is_same(known, address));
        Target {
            label: found.map(|(label, _)| label.clone()),
            address: address.to_owned(),
        }
    }

    /// Every server once, the one in use first.
    pub(super) fn all(&self) -> Vec<Target> {
        let mut all: Vec<Target> = self.current().into_iter().collect();
        for (_, address) in &self.labelled {
            if !all.iter().any(|known| is_same(&known.address, address)) {
                all.push(self.target(address));
            }
        }
        all
    }

    /// Whether the target in use is at an address.
    pub(super) fn is_current(&self, address: &str) -> bool {
        let current = self.current.as_deref();
        current.is_some_and(|current| is_same(current, address))
    }

    /// The labels, for a message.
    pub(super) fn labels(&self) -> String {
        let labels: Vec<_> = self.labelled.iter().map(|(label, _)| &**label).collect();
        labels.join(", ")
    }
}

/// A text without blanks at its ends; nothing where neither file exists or it is empty.
fn text(
    environment: &Environment,
    name: &str,
    legacy: &str,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let usual = folder(environment)?.join(name);
    let older = environment.home()?.join(legacy);
    for file in [usual, older] {
        match fs::read_to_string(&file) {
            Ok(text) => return Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                problems.push(unreadable(&file, &error));
                return None;
            }
        }
    }
    None
}

fn unreadable(file: &Path, error: &std::io::Error) -> Problem {
    let message = format!("this file of the tsuru client {}", cause(error));
    problem_in(file, None, "tsuru", &message)
}

/// Lines `label<TAB>url`; others say nothing.
fn labels(text: &str) -> Vec<(String, String)> {
    let line = |line: &str| {
        let (label, address) = line.split_once('\t')?;
        let (label, address) = (label.trim(), address.trim());
        let is_pair = !label.is_empty() && !address.is_empty() && !address.contains('\t');
        is_pair.then(|| (label.to_owned(), with_scheme(address)))
    };
    text.lines().filter_map(line).collect()
}

/// An address as the client takes it.
fn with_scheme(address: &str) -> String {
    if address.starts_with("https://") || address.starts_with("http://") {
        return address.to_owned();
    }
    format!("http://{address}")
}

/// Whether two addresses are one, however they end.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let bare = |address: &str| {
        let url = Url::parse(address).map_or_else(|_| address.to_owned(), String::from);
        url.trim_end_matches('/').to_owned()
    };
    bare(one) == bare(other)
}
