//! What in a spec nobody may see, should an error answer repeat it.

use super::same::named;
use super::{Edit, raw};
use crate::model::Secret;

/// Fields that hold values of variables, and credentials of registries and log destinations.
///
/// Source: `DigitalOcean` contract, section 5.6, and the published description of the API.
const FIELDS: [&str; 6] = [
    "value",
    "registry_credentials",
    "api_key",
    "token",
    "password",
    "endpoint",
];

/// Deeper than any spec.
const DEEPEST: usize = 64;

/// Every secret of a spec and of what is to be changed in it.
pub(crate) fn secrets(spec: &str, edits: &[Edit]) -> Vec<Secret> {
    let mut found: Vec<Secret> = edits.iter().filter_map(new_value).collect();
    collect(spec, DEEPEST, &mut found);
    found
}

fn new_value(edit: &Edit) -> Option<Secret> {
    match edit {
        Edit::SetVariable { value, .. } => Some(value.clone()),
        Edit::UnsetVariable { .. }
        | Edit::Count { .. }
        | Edit::Size { .. }
        | Edit::Bounds { .. }
        | Edit::EndBounds { .. }
        | Edit::AddDomain { .. }
        | Edit::RemoveDomain { .. }
        | Edit::MakePrimary { .. }
        | Edit::Name { .. }
        | Edit::Branch { .. } => None,
    }
}

fn collect(raw: &str, deeper: usize, found: &mut Vec<Secret>) {
    if deeper == 0 {
        return;
    }
    for item in raw::list(raw).unwrap_or_default() {
        collect(item, deeper - 1, found);
    }
    for (name, value) in named(raw).unwrap_or_default() {
        match raw::text(value) {
            Some(text) if FIELDS.contains(&name.as_str()) && !is_binding(&text) => {
                found.push(Secret::new(text));
            }
            _ => collect(value, deeper - 1, found),
        }
    }
}

/// `${db.DATABASE_URL}` names a value and is none.
fn is_binding(text: &str) -> bool {
    text.starts_with("${") && text.ends_with('}')
}
