//! What edits come to: whether they have come true, and what comes with them.

use super::edit::{Edit, Problem, apply};
use super::{component as components, domains, raw, scale, variables};

/// Whether what the app costs may be another then.
pub(crate) fn moves_cost(edits: &[Edit]) -> bool {
    edits.iter().any(|edit| match edit {
        Edit::Count { .. } | Edit::Size { .. } | Edit::Bounds { .. } | Edit::EndBounds { .. } => {
            true
        }
        Edit::SetVariable { .. }
        | Edit::UnsetVariable { .. }
        | Edit::AddDomain { .. }
        | Edit::RemoveDomain { .. }
        | Edit::MakePrimary { .. }
        | Edit::Name { .. }
        | Edit::Branch { .. } => false,
    })
}

/// Whether a component that scales by itself gets a fixed number of instances.
pub(crate) fn ends_scaling(spec: &str, edits: &[Edit]) -> bool {
    let scales = |name: &String| {
        let found = components::find(spec, name);
        found.is_some_and(|(_, it)| raw::field(it, scale::AUTOSCALING).is_some())
    };
    let counted = edits.iter().filter_map(|edit| match edit {
        Edit::Count { component, .. } => Some(component),
        Edit::SetVariable { .. }
        | Edit::UnsetVariable { .. }
        | Edit::Size { .. }
        | Edit::Bounds { .. }
        | Edit::EndBounds { .. }
        | Edit::AddDomain { .. }
        | Edit::RemoveDomain { .. }
        | Edit::MakePrimary { .. }
        | Edit::Name { .. }
        | Edit::Branch { .. } => None,
    });
    counted.into_iter().any(scales)
}

/// Whether a spec is as all edits want it. Absent where the platform does not show what it holds:
/// an encrypted value.
pub(crate) fn is_reached(spec: &str, edits: &[Edit]) -> Option<bool> {
    let mut is_reached = Some(true);
    for edit in edits {
        match came_true(spec, edit) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => is_reached = None,
        }
    }
    is_reached
}

fn came_true(spec: &str, edit: &Edit) -> Option<bool> {
    match edit {
        Edit::SetVariable {
            place,
            key,
            is_secret,
            ..
        } => {
            let Some(now) = variables::find(spec, place, key) else {
                return Some(false);
            };
            match (*is_secret, variables::is_secret(&now)) {
                (true, false) => Some(false),
                (_, true) => None,
                (false, false) => unchanged(spec, edit),
            }
        }
        Edit::UnsetVariable { place, key } => Some(variables::find(spec, place, key).is_none()),
        Edit::AddDomain { name } => Some(domains::find(spec, name).is_some()),
        Edit::RemoveDomain { name } => Some(domains::find(spec, name).is_none()),
        Edit::EndBounds { component } => {
            let (_, component) = components::find(spec, component)?;
            Some(raw::field(component, scale::AUTOSCALING).is_none())
        }
        Edit::Count { .. }
        | Edit::Size { .. }
        | Edit::Bounds { .. }
        | Edit::MakePrimary { .. }
        | Edit::Name { .. }
        | Edit::Branch { .. } => unchanged(spec, edit),
    }
}

fn unchanged(spec: &str, edit: &Edit) -> Option<bool> {
    let changed: Result<String, Problem> = apply(spec, std::slice::from_ref(edit));
    changed.ok().map(|changed| changed == spec)
}
