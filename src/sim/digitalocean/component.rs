//! The components a specification lists, as the rest of the world sees them.

use serde_json::Value;

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Service,
    Worker,
    Job(When),
    StaticSite,
    Functions,
    Database,
}

/// When a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Before,
    After,
    OnFailure,
    Scheduled,
}

/// One component of a specification.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) role: Role,
    /// How many instances it is to have; 0 for what has none.
    pub(super) instances: u32,
    /// The least and the most instances, where it scales by itself.
    pub(super) range: Option<(u32, u32)>,
    /// Whether it comes as an image, so that nothing is built.
    pub(super) prebuilt: bool,
}

/// The lists of a specification and what is in them.
pub(super) const LISTS: [&str; 6] = [
    "services",
    "workers",
    "jobs",
    "static_sites",
    "functions",
    "databases",
];

impl Role {
    fn of(list: &str, item: &Value) -> Role {
        match list {
            "services" => Role::Service,
            "workers" => Role::Worker,
            "jobs" => Role::Job(When::of(item["kind"].as_str().unwrap_or_default())),
            "static_sites" => Role::StaticSite,
            "functions" => Role::Functions,
            _ => Role::Database,
        }
    }

    /// The word in the labels of a deployment's steps.
    pub(super) fn word(self) -> &'static str {
        match self {
            Role::Service => "service",
            Role::Worker => "worker",
            Role::Job(_) => "job",
            Role::StaticSite => "static site",
            Role::Functions => "functions",
            Role::Database => "database",
        }
    }

    /// Whether instances of it run all the time.
    pub(super) fn runs(self) -> bool {
        matches!(self, Role::Service | Role::Worker)
    }
}

impl When {
    fn of(kind: &str) -> When {
        match kind {
            "PRE_DEPLOY" => When::Before,
            "FAILED_DEPLOY" => When::OnFailure,
            "SCHEDULED" => When::Scheduled,
            // Unset means this.
            _ => When::After,
        }
    }
}

/// The components of a specification, services first.
pub(super) fn components(spec: &Value) -> Vec<Component> {
    LISTS
        .iter()
        .flat_map(|list| {
            let items = spec[list].as_array().map_or(&[][..], Vec::as_slice);
            items.iter().map(|item| component(list, item))
        })
        .collect()
}

fn component(list: &str, item: &Value) -> Component {
    let role = Role::of(list, item);
    let number = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok());
    let scaling = &item["autoscaling"];
    let least = number(&scaling["min_instance_count"]).unwrap_or(1);
    let most = number(&scaling["max_instance_count"]);
    let asked = number(&item["instance_count"]).unwrap_or(1);
    Component {
        name: item["name"].as_str().unwrap_or_default().to_owned(),
        role,
        instances: if role.runs() { asked } else { 0 },
        range: most.map(|most| (least, most)),
        prebuilt: item.get("image").is_some(),
    }
}

/// The item of a specification with this name.
pub(super) fn item_mut<'a>(spec: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let lists = spec.as_object_mut()?.iter_mut();
    let lists = lists.filter(|(list, _)| LISTS.contains(&list.as_str()));
    let mut items = lists
        .filter_map(|(_, items)| items.as_array_mut())
        .flatten();
    items.find(|item| item["name"] == name)
}
