//! What Pangea's command-line tool keeps: `~/.pangea/config.toml`, read anew each time and never
//! written.
//!
//! Source: Pangea contract, section 10.

use std::path::PathBuf;

use toml::de::DeTable;

use super::super::super::Environment;
use super::super::{NO_ORGANISATION, Tool, kept};
use crate::model::{Secret, Text};

/// The vendor's command-line tool. A login is a profile there.
pub(super) const TOOL: Tool = Tool {
    name: "pangea",
    describe,
    read,
    caution,
    organisation: NO_ORGANISATION,
    keep: None,
};

/// The service that is asked, as the tool would name it.
const SERVICE: &str = "api.console";

/// The profile and the service that stand in for others.
const DEFAULT: &str = "default";

/// What the tool would use for this API.
pub(super) struct Kept {
    pub(super) domain: Option<String>,
    pub(super) token: Option<Secret>,
}

impl Kept {
    /// Reads the file, for a profile or the one that is in use; nothing where there is none.
    pub(super) fn read(
        environment: &Environment,
        profile: Option<&str>,
    ) -> Result<Option<Self>, Text> {
        let Some(file) = file(environment) else {
            return Ok(None);
        };
        let Some(text) = kept::text(&file)? else {
            return Ok(None);
        };
        // What the parser says may repeat a token.
        let broken = "is not as Pangea's tool writes it: log in again with `pangea login`";
        let table = DeTable::parse(&text).map_err(|_| kept::said(&file, broken))?;
        let table = table.get_ref();
        let current = string(table, "profile").unwrap_or(DEFAULT);
        let found = Self::of(table, profile.unwrap_or(current));
        match (profile, found) {
            (Some(name), None) => {
                let why = format!("has no profile \"{name}\": see `pangea login`");
                Err(kept::said(&file, &why))
            }
            (_, found) => Ok(found),
        }
    }

    /// Domain and token are looked for one by one, each where it is said most closely. Absent where
    /// there is no such profile.
    fn of(table: &DeTable<'_>, profile: &str) -> Option<Self> {
        let profiles = below(table, "profiles")?;
        below(profiles, profile)?;
        let find = |key: &str| {
            let places = [
                (profile, SERVICE),
                (profile, DEFAULT),
                (DEFAULT, SERVICE),
                (DEFAULT, DEFAULT),
            ];
            places.iter().find_map(|(profile, service)| {
                let service = below(below(profiles, profile)?, service)?;
                string(service, key)
            })
        };
        Some(Self {
            domain: find("domain").map(str::to_owned),
            token: find("token").map(Secret::new),
        })
    }
}

/// The table under a key, in any case.
fn below<'a>(table: &'a DeTable<'a>, key: &str) -> Option<&'a DeTable<'a>> {
    let mut entries = table.iter();
    let found = entries.find(|(name, _)| name.get_ref().eq_ignore_ascii_case(key));
    found?.1.get_ref().as_table()
}

/// The text under a key, in any case, that says anything.
fn string<'a>(table: &'a DeTable<'a>, key: &str) -> Option<&'a str> {
    let mut entries = table.iter();
    let found = entries.find(|(name, _)| name.get_ref().eq_ignore_ascii_case(key));
    let text = found?.1.get_ref().as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// Where the tool keeps its settings.
fn file(environment: &Environment) -> Option<PathBuf> {
    Some(environment.home()?.join(".pangea").join("config.toml"))
}

fn describe(environment: &Environment, name: Option<&str>) -> String {
    let file = file(environment);
    let place = file.map_or_else(|| "no file".to_owned(), |it| environment.shortened(&it));
    match name {
        Some(name) => format!("Pangea's profile {name} ({place})"),
        None => format!("Pangea's profile in use ({place})"),
    }
}

fn read(environment: &Environment, name: Option<&str>) -> Result<Secret, Text> {
    let token = Kept::read(environment, name)?.and_then(|kept| kept.token);
    token.ok_or_else(|| {
        let place = describe(environment, name);
        Text::clean(&format!("{place} has no token"))
    })
}

fn caution(environment: &Environment, _name: Option<&str>) -> Option<Text> {
    let file = file(environment)?;
    kept::caution(environment, &file, file.parent()?)
}
