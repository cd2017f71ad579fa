//! Typed ids. Each wraps the platform's opaque string; none is parsed, normalised or
//! interchangeable with another.

use std::fmt;

use compact_str::CompactString;

use super::Text;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(CompactString);

        impl $name {
            /// Wraps the platform's own identifier, unchanged.
            #[must_use]
            pub fn new(raw: impl AsRef<str>) -> Self {
                Self(CompactString::new(raw))
            }

            /// The identifier as the platform wrote it: for requests. For the screen use
            /// [`Self::to_text`].
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The identifier cleaned for display.
            #[must_use]
            pub fn to_text(&self) -> Text {
                Text::clean(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0.as_str())
            }
        }
    )*};
}

ids! {
    /// An organisation, team or project group.
    OrgId;
    /// An app.
    AppId;
    /// An environment (or the level an adapter made in its place).
    EnvId;
    /// One attempt to release.
    DeploymentId;
    /// A backup.
    BackupId;
    /// The part of a backup that belongs to one service.
    BackupPartId;
    /// A restore of a backup.
    RestoreId;
    /// A prepared download of a backup.
    DownloadId;
    /// An environment variable.
    VariableId;
    /// A domain.
    DomainId;
    /// An attached service: a database, a bucket.
    ServiceId;
    /// A kind of service that can be created.
    ServiceKindId;
    /// A scheduled job.
    JobId;
    /// A run of a job.
    JobRunId;
    /// Something a platform watches for.
    AlertId;
    /// An entry of a platform's audit trail.
    ActivityId;
    /// A maintenance run.
    MaintenanceId;
    /// A region.
    RegionId;
    /// A source repository.
    RepositoryId;
    /// A webhook.
    WebhookId;
    /// An invoice.
    InvoiceId;
}

/// A configured context, by its position in the configuration. Valid for the life of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContextId(pub u16);

/// An id together with the context it belongs to: what travels between contexts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scoped<Id> {
    /// The context.
    pub context: ContextId,
    /// The id within it.
    pub id: Id,
}

impl<Id> Scoped<Id> {
    /// Pairs `id` with its context.
    pub fn new(context: ContextId, id: Id) -> Self {
        Self { context, id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_identifier_pass_unchanged() {
        for raw in [
            "nxldpjkvbzggzh6xzvkqv4j3je",
            "095BE615-a8ad-4c33-8e9c-c7612fbf6c9f",
        ] {
            assert_eq!(AppId::new(raw).as_str(), raw);
        }
    }

    #[test]
    fn an_identifier_is_cleaned_before_it_is_shown() {
        assert_eq!(AppId::new("a\u{1b}[6nb").to_text().as_str(), "ab");
    }
}
