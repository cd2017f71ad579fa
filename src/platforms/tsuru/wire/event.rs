//! Events, what blocks them and who is told.
//!
//! Source: tsuru contract, section 5 (events).

use jiff::Timestamp;

use super::app::Named;
use super::{entities, records};

/// The kind of event that every deploy is, whatever it deploys; a roll-back and a rebuild are.
pub(in crate::platforms::tsuru) const DEPLOY: &str = "app.deploy";

/// The kinds of a change of variables: one for those that are set, one for those that are removed.
pub(in crate::platforms::tsuru) const ENV_SET: &str = "app.update.env.set";
pub(in crate::platforms::tsuru) const ENV_UNSET: &str = "app.update.env.unset";

entities! {
    /// An event. Its data are left out: they hold values of private variables.
    Event by unique_id {
        start_time: Timestamp,
        end_time: Timestamp,
        target: Target,
        extra_targets: Vec<ExtraTarget>,
        kind: Kind,
        owner: Owner,
        #[serde(rename = "SourceIP")]
        source_ip: String,
        error: String,
        /// Empty while it runs.
        log: String,
        /// Empty while it runs.
        structured_log: Vec<LogEntry>,
        cancel_info: CancelInfo,
        #[serde(rename = "cancelable")]
        is_cancelable: bool,
        #[serde(rename = "running")]
        is_running: bool,
    }
    /// What keeps events of a kind from beginning.
    Block by id {
        start_time: Timestamp,
        end_time: Timestamp,
        kind_name: String,
        owner_name: String,
        target: Target,
        conditions: Named<String>,
        reason: String,
        #[serde(rename = "active")]
        is_active: bool,
    }
    /// Who is told of events. Headers and body are left out: they may hold secrets.
    Webhook by name {
        description: String,
        team_owner: String,
        event_filter: EventFilter,
        url: String,
        method: String,
        insecure: bool,
    }
}

records! {
    Target {
        #[serde(rename = "type")]
        kind: String,
        value: String,
    }
    ExtraTarget {
        target: Target,
    }
    Kind {
        #[serde(rename = "type")]
        kind: String,
        name: String,
    }
    /// Who did it: `user`, `app`, `internal`, `token`.
    Owner {
        #[serde(rename = "type")]
        kind: String,
        name: String,
    }
    LogEntry {
        date: Timestamp,
        message: String,
    }
    CancelInfo {
        owner: String,
        start_time: Timestamp,
        ack_time: Timestamp,
        reason: String,
        #[serde(rename = "asked")]
        is_asked: bool,
        #[serde(rename = "canceled")]
        is_canceled: bool,
    }
    EventFilter {
        target_types: Vec<String>,
        target_values: Vec<String>,
        kind_names: Vec<String>,
        error_only: bool,
        success_only: bool,
    }
}
