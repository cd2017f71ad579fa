//! What can be changed in a spec, as data.

use super::{domains, new, scale, variables};
use crate::model::{Failure, Secret};

/// Where a variable stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the app: every component has it.
    App,
    /// In one component.
    Component(String),
}

/// One change to a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// A variable has this value.
    SetVariable {
        place: Place,
        key: String,
        value: Secret,
        /// Whether it is encrypted from now on. What is stays so.
        is_secret: bool,
        /// Whether it must be there already.
        exists: bool,
    },
    /// A variable is gone.
    UnsetVariable { place: Place, key: String },
    /// So many instances; automatic scaling ends.
    Count { component: String, units: u32 },
    /// Instances of this size.
    Size { component: String, slug: String },
    /// Automatic scaling between these bounds.
    Bounds {
        component: String,
        least: u32,
        most: u32,
    },
    /// No automatic scaling: as many instances as were the fewest.
    EndBounds { component: String },
    /// A domain more.
    AddDomain { name: String },
    /// A domain less.
    RemoveDomain { name: String },
    /// The main domain; what was is an alias from now on.
    MakePrimary { name: String },
    /// Another name for the app.
    Name { name: String },
    /// The branch a component is built from.
    Branch { component: String, branch: String },
}

/// Why a spec cannot be changed like that, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The input that is wrong.
    pub(crate) field: &'static str,
    /// What is wrong with it.
    pub(crate) text: String,
}

impl Problem {
    pub(super) fn new(field: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { field, text }
    }

    /// The text is not what the contract calls a spec.
    pub(super) fn unreadable() -> Self {
        Self::new(
            "spec",
            "the platform's description of the app is not what is documented: \
             change it on the platform's own pages",
        )
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::invalid(problem.field, &problem.text)
    }
}

/// The spec after all `edits`, in order. Where nothing changes, it is the same text.
pub(crate) fn apply(spec: &str, edits: &[Edit]) -> Result<String, Problem> {
    let mut spec = spec.to_owned();
    for edit in edits {
        check(edit)?;
        spec = one(&spec, edit)?;
    }
    Ok(spec)
}

/// Refuses what no spec can be changed to, before one is read.
pub(super) fn check(edit: &Edit) -> Result<(), Problem> {
    match edit {
        Edit::SetVariable { key, .. } => variables::check_name(key),
        Edit::Count { units, .. } => scale::check_count("units", *units),
        Edit::Bounds { least, most, .. } => scale::check_bounds(*least, *most),
        Edit::Name { name } => new::check_name("name", name),
        Edit::UnsetVariable { .. }
        | Edit::Size { .. }
        | Edit::EndBounds { .. }
        | Edit::AddDomain { .. }
        | Edit::RemoveDomain { .. }
        | Edit::MakePrimary { .. }
        | Edit::Branch { .. } => Ok(()),
    }
}

fn one(spec: &str, edit: &Edit) -> Result<String, Problem> {
    match edit {
        Edit::SetVariable {
            place,
            key,
            value,
            is_secret,
            exists,
        } => {
            let wish = variables::Wish {
                key,
                value,
                is_secret: *is_secret,
                exists: *exists,
            };
            variables::set(spec, place, &wish)
        }
        Edit::UnsetVariable { place, key } => variables::unset(spec, place, key),
        Edit::Count { component, units } => scale::count(spec, component, *units),
        Edit::Size { component, slug } => scale::size(spec, component, slug),
        Edit::Bounds {
            component,
            least,
            most,
        } => scale::bounds(spec, component, *least, *most),
        Edit::EndBounds { component } => scale::end_bounds(spec, component),
        Edit::AddDomain { name } => domains::add(spec, name),
        Edit::RemoveDomain { name } => domains::remove(spec, name),
        Edit::MakePrimary { name } => domains::make_primary(spec, name),
        Edit::Name { name } => new::rename(spec, name),
        Edit::Branch { component, branch } => scale::branch(spec, component, branch),
    }
}
