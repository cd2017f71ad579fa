//! Names of fields and words for states, of which the contract publishes none: rows of tables.
//! Source: PandaStack contract, sections 4 and 6.3.

use super::{forms::Case, install::Stage, shape::Shape};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Name,
    Slug,
    /// Of an app.
    Status,
    DeploymentStatus,
    InstallStatus,
    Uuid,
    Domain,
    Url,
    Created,
    Updated,
    Error,
    Organisation,
}

/// The names of the fields in their order; what has none is left out. An `error` in the first row
/// that has one is a text, in the next an object.
#[rustfmt::skip]
const NAMES: [[&str; 13]; 7] = [
    ["id", "name", "slug", "status", "deployment_status", "installation_status", "deployment_uuid", "domain", "url", "created_at", "updated_at", "error_message", "organization_id"],
    ["app_id", "app_name", "app_slug", "app_status", "status", "install_status", "deployment_id", "custom_domain", "app_url", "created", "updated", "failure_reason", "org_id"],
    ["managed_app_id", "display_name", "template_slug", "state", "state", "status", "deployment_uuid", "hostname", "public_url", "created_at", "deployed_at", "reason", "organisation_id"],
    ["_id", "title", "template", "phase", "phase", "state", "deployment_uuid", "host", "project_url", "created_at", "updated_at", "error", "org_id"],
    ["uuid", "", "app_type", "installation_status", "status", "phase", "deployment_id", "domain", "live_url", "created", "updated", "error", "organization_id"],
    ["id", "name", "type", "install_status", "state", "installation_status", "deployment_uuid", "domain", "url", "created_at", "updated_at", "error_message", "org_id"],
    ["id", "name", "slug", "deployment_status", "deployment_status", "install_status", "deployment_uuid", "custom_domain", "url", "created_at", "updated_at", "error_message", "organization_id"],
];

/// The row whose `error` is an object.
pub(super) const ERROR_OBJECT: usize = 4;

/// The words for the stages in their order.
#[rustfmt::skip]
const WORDS: [[&str; Stage::COUNT]; 5] = [
    ["PENDING", "BUILDING", "DEPLOYING", "DOMAIN_PENDING", "RUNNING", "FAILED", "STOPPED", "DELETING", "SUCCESS"],
    ["queued", "processing", "configuring", "awaiting-dns", "active", "error", "paused", "terminating", "completed"],
    ["Created", "In Progress", "Starting", "Waiting for domain", "Success", "Crashed", "Inactive", "Uninstalling", "Succeeded"],
    ["SCHEDULED", "INSTALLING", "UPDATING", "ACTION_REQUIRED", "LIVE", "TIMED_OUT", "SUSPENDED", "DELETING", "DONE"],
    ["init", "in-progress", "restarting", "setup_required", "healthy", "rejected", "sleeping", "deleting", "deployed"],
];

impl Shape {
    /// The name of a field; none if it is left out.
    pub(super) fn name(&self, field: Field) -> Option<String> {
        let name = NAMES[self.names][field as usize];
        (!name.is_empty()).then(|| self.key(name))
    }

    /// A name in snake case, in the case that names have here.
    pub(super) fn key(&self, snake: &str) -> String {
        let parts = || snake.split('_').filter(|part| !part.is_empty());
        match self.case {
            Case::Snake => snake.to_owned(),
            Case::Kebab => parts().collect::<Vec<_>>().join("-"),
            Case::Pascal => parts().map(capital).collect(),
            Case::Camel => {
                let mut parts = parts();
                let first = parts.next().unwrap_or_default().to_owned();
                first + &parts.map(capital).collect::<String>()
            }
        }
    }

    /// The word for a stage.
    pub(super) fn word(&self, stage: Stage) -> &'static str {
        WORDS[self.words][stage as usize]
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(case: Case, expected: [&str; 2]) {
        let shape = Shape {
            case,
            ..Shape::plausible()
        };
        assert_eq!(
            ["_id", "deployment_uuid"].map(|name| shape.key(name)),
            expected
        );
    }

    #[test]
    fn names_come_in_every_case() {
        check(Case::Snake, ["_id", "deployment_uuid"]);
        check(Case::Kebab, ["id", "deployment-uuid"]);
        check(Case::Pascal, ["Id", "DeploymentUuid"]);
        check(Case::Camel, ["id", "deploymentUuid"]);
    }

    #[test]
    fn no_record_has_a_name_twice() {
        for row in NAMES {
            // Of the three words for states a record has the first only.
            let record = [0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12].map(|place| row[place]);
            for (place, name) in record.iter().enumerate() {
                let first = record.iter().position(|other| other == name);
                assert!(name.is_empty() || first == Some(place), "{name}");
            }
        }
    }
}
