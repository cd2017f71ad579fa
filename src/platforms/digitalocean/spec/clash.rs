//! How an edit clashes with what somebody else changed meanwhile.

use super::diff::{Change, Difference};
use super::edit::{Edit, Place};
use super::scale;
use crate::model::Text;

/// Differences that are told one by one.
const TOLD: usize = 6;

/// What was seen, what is there now and what is wanted, in one line and without values of
/// variables.
pub(crate) fn conflict(found: &[Difference], edits: &[Edit]) -> Text {
    let mut wishes: Vec<About<'_>> = edits.iter().map(about).collect();
    let mut parts: Vec<String> = Vec::new();
    for difference in found.iter().take(TOLD) {
        let mut part = told(difference);
        let (ours, others) = wishes
            .into_iter()
            .partition(|it: &About<'_>| it.meets(difference));
        wishes = others;
        for about in ours {
            part = format!("{part}, you want {}", about.wanted);
        }
        parts.push(part);
    }
    if let Some(more @ 1..) = found.len().checked_sub(TOLD) {
        parts.push(format!("{more} more were changed"));
    }
    for about in &wishes {
        let name = placed(about.component, about.what);
        parts.push(format!("for {name} you want {}", about.wanted));
    }
    parts.push("look again".to_owned());
    Text::clean(&parts.join("; "))
}

/// Whether whatever is different is what the edits are about.
pub(crate) fn is_about(found: &[Difference], edits: &[Edit]) -> bool {
    found
        .iter()
        .all(|it| edits.iter().any(|edit| about(edit).meets(it)))
}

/// What an edit is about.
struct About<'a> {
    component: Option<&'a str>,
    what: &'a str,
    wanted: String,
}

impl About<'_> {
    fn meets(&self, difference: &Difference) -> bool {
        let what = difference.what.as_str();
        let is_scale = |what| {
            [scale::COUNT, scale::AUTOSCALING].contains(&what) || what.ends_with("_instance_count")
        };
        self.component == difference.component.as_deref()
            && (self.what == what || is_scale(self.what) && is_scale(what))
    }
}

fn about(edit: &Edit) -> About<'_> {
    let of_app = |what, wanted: &str| About {
        component: None,
        what,
        wanted: wanted.to_owned(),
    };
    let of = |component, what, wanted: String| About {
        component: Some(component),
        what,
        wanted,
    };
    match edit {
        Edit::SetVariable { place, key, .. } => placed_about(place, key, "to set it"),
        Edit::UnsetVariable { place, key } => placed_about(place, key, "to remove it"),
        Edit::Count { component, units } => of(component, scale::COUNT, units.to_string()),
        Edit::Size { component, slug } => of(component, scale::SIZE, slug.clone()),
        Edit::Bounds {
            component,
            least,
            most,
        } => of(component, scale::AUTOSCALING, format!("{least} to {most}")),
        Edit::EndBounds { component } => of(component, scale::AUTOSCALING, "to end it".to_owned()),
        Edit::AddDomain { name } => of_app(name, "to add it"),
        Edit::RemoveDomain { name } => of_app(name, "to remove it"),
        Edit::MakePrimary { name } => of_app(name, "to make it the main one"),
        Edit::Name { name } => of_app("name", name),
        Edit::Branch { component, branch } => of(component, "branch", branch.clone()),
    }
}

fn placed_about<'a>(place: &'a Place, key: &'a str, wanted: &str) -> About<'a> {
    let component = match place {
        Place::App => None,
        Place::Component(name) => Some(name.as_str()),
    };
    About {
        component,
        what: key,
        wanted: wanted.to_owned(),
    }
}

fn told(difference: &Difference) -> String {
    let name = placed(difference.component.as_deref(), &difference.what);
    match &difference.change {
        Change::Value { was, is } => format!("{name} was {was}, is {is} now"),
        Change::Added => format!("{name} was added by somebody else"),
        Change::Removed => format!("{name} was removed by somebody else"),
        Change::Other => format!("{name} was changed by somebody else"),
    }
}

fn placed(component: Option<&str>, what: &str) -> String {
    match component {
        Some(component) => format!("{component}: {what}"),
        None => what.to_owned(),
    }
}
