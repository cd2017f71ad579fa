//! Under which names the fields of a record go, best first. Source: PandaStack contract, section 6.3.
//!
//! Names are compared without `_`, `-` and case, and stand here like that: `app_id`, `_id`.

use serde_json::{Map, Value};

use super::scalar;

pub(super) const ID: &[&str] = &["appid", "managedappid", "id", "uuid"];
/// In a deployment, other ids are its own.
pub(super) const ID_OF_DEPLOYMENT: &[&str] = &["appid", "managedappid"];
pub(super) const NAME: &[&str] = &["name", "appname", "displayname", "title"];
pub(super) const SLUG: &[&str] = &[
    "slug",
    "appslug",
    "templateslug",
    "template",
    "apptype",
    "type",
];
pub(super) const DEPLOYMENT: &[&str] = &["deploymentuuid", "deploymentid"];
pub(super) const DEPLOYMENT_INSIDE: &[&str] = &["uuid", "deploymentuuid", "deploymentid", "id"];
pub(super) const DOMAIN: &[&str] = &["customdomain", "domain", "hostname", "host"];
pub(super) const URL: &[&str] = &["url", "appurl", "publicurl", "projecturl", "liveurl"];
pub(super) const CREATED: &[&str] = &["createdat", "created"];
pub(super) const UPDATED: &[&str] = &["updatedat", "updated"];
pub(super) const DEPLOYED: &[&str] = &["deployedat"];
pub(super) const ERROR: &[&str] = &["errormessage", "failurereason", "reason", "error"];
pub(super) const ORGANISATION: &[&str] = &["organizationid", "orgid", "organisationid"];
pub(super) const DNS: &[&str] = &["records", "dnsrecords", "requiredrecords", "expected"];
pub(super) const DEPLOYMENTS: &str = "deployments";
/// What says that an installation is complete.
pub(super) const INSTALLED: &[&str] = &["installed", "completed", "ready", "isready"];
/// What says that a domain is verified.
pub(super) const VERIFIED: &[&str] = &["verified", "isverified", "domainverified", "valid"];

/// One level down, some answers tell of these.
pub(super) const INSIDE: &[&str] = &["deployment", "app", "managedapp"];

/// Every table of names, for what is left over.
const KNOWN: &[&[&str]] = &[
    ID,
    NAME,
    SLUG,
    DEPLOYMENT,
    DOMAIN,
    URL,
    CREATED,
    UPDATED,
    DEPLOYED,
    ERROR,
    ORGANISATION,
    DNS,
    Of::App.names(),
    Of::Deployment.names(),
    Of::Installation.names(),
    INSTALLED,
    VERIFIED,
    INSIDE,
    &[DEPLOYMENTS, "success", "message"],
];

/// What a state is of: each goes by other names first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platforms::pandastack) enum Of {
    /// A record of an app; that of its latest deployment where it has none of its own.
    App,
    /// The answer about a deployment.
    Deployment,
    /// The answer about an installation.
    Installation,
}

impl Of {
    pub(super) const fn names(self) -> &'static [&'static str] {
        match self {
            Self::App => &[
                "status",
                "appstatus",
                "state",
                "phase",
                "installationstatus",
                "installstatus",
                "deploymentstatus",
            ],
            Self::Deployment => &["deploymentstatus", "status", "state", "phase"],
            Self::Installation => &[
                "installationstatus",
                "installstatus",
                "status",
                "state",
                "phase",
            ],
        }
    }
}

/// Whether an object says which thing it is: then it is no envelope.
pub(super) fn is_identified(fields: &Map<String, Value>) -> bool {
    [ID, NAME, SLUG]
        .iter()
        .copied()
        .flatten()
        .any(|name| scalar::field(fields, name).is_some())
}

/// Whether an object has an id.
pub(super) fn has_id(fields: &Map<String, Value>) -> bool {
    ID.iter().any(|name| scalar::field(fields, name).is_some())
}

/// Whether some look-up finds a field of this name.
pub(super) fn is_known(folded: &str) -> bool {
    KNOWN.iter().any(|names| names.contains(&folded))
}
