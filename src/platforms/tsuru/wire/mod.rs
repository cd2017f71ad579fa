//! The platform's records in its own names. Only what names a record is required; unknown keys are
//! ignored, and keys are matched whatever their case (see `folded`). Nothing of this leaves the
//! adapter, and nothing of it has a `Debug`: some of it is secret.
//!
//! What is never needed and may be secret has no field at all: the data of events, tokens, options
//! of routers, certificates of clusters, headers of webhooks, parameters of service instances.
//!
//! Source: tsuru contract, sections 1 and 5.

mod account;
mod app;
mod deploy;
mod event;
mod job;
mod nanos;
mod platform;
mod router;
mod service;

pub(super) use account::{Grant, Me, Permission, Server, Team, TeamToken, User};
pub(super) use app::{
    App, AutoScale, EnvVar, InternalAddress, Plan, Prometheus, Quota, Schedule, Unit, UnitMetrics,
};
pub(super) use deploy::Deploy;
pub(super) use event::{Block, DEPLOY, ENV_SET, ENV_UNSET, Event, Kind, LogEntry, Target, Webhook};
pub(super) use job::{Job, JobSpec};
pub(super) use nanos::Took;
pub(super) use platform::{Cluster, PlanRouter, PlatformEntry, Pool};
pub(super) use router::{Certificate, Certificates, LegacyCertificates, Router};
pub(super) use service::{Instance, ServiceBind, ServiceEntry, ServicePlan, Volume, VolumeBind};

/// A record of fields that may all be absent.
macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Default, serde::Deserialize)]
        pub(in crate::platforms::tsuru) struct $name {
            $($(#[$attribute])* #[serde(default)]
            pub(in crate::platforms::tsuru) $field: crate::platforms::loose::Loose<$kind>,)*
        }

        impl crate::platforms::loose::FromField for $name {
            fn from_field(value: serde_json::Value) -> Option<Self> {
                crate::platforms::tsuru::folded::from_value(value).ok()
            }
        }
    )*};
}
use records;

/// A record that is nothing without what names it.
macro_rules! entities {
    ($($(#[$doc:meta])* $name:ident by $id:ident {
        $($(#[$attribute:meta])* $field:ident: $kind:ty,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(serde::Deserialize)]
        pub(in crate::platforms::tsuru) struct $name {
            pub(in crate::platforms::tsuru) $id: String,
            $($(#[$attribute])* #[serde(default)]
            pub(in crate::platforms::tsuru) $field: crate::platforms::loose::Loose<$kind>,)*
        }

        impl crate::platforms::loose::FromField for $name {
            fn from_field(value: serde_json::Value) -> Option<Self> {
                crate::platforms::tsuru::folded::from_value(value).ok()
            }
        }
    )*};
}
use entities;
