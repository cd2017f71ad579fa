//! The platform's records in its own names. Of every record only `id` is required; unknown keys are
//! ignored. Nothing of this leaves the adapter, and nothing of it has a `Debug`: some of it is
//! secret.
//!
//! Source: DigitalOcean contract, sections 1 and 5.

#![expect(clippy::struct_field_names, reason = "the names are the platform's")]

mod app;
mod database;
mod deployment;
mod spec;
mod state;

pub(super) use app::{Account, App, Domain, InstanceSize, Project, Region};
pub(super) use database::{Backup, Backups, Cluster};
pub(super) use deployment::{
    Autoscaled, Built, CauseDetails, Deployment, Event, JobInvocation, Progress, Step, Trigger,
};
pub(super) use spec::{AppSpec, Autoscaling, Component, Database, Image, Repository, Variable};
pub(super) use state::{
    Alert, AlertRule, Bandwidth, ComponentHealth, Health, Instance, Measurements,
};

use serde_json::Value;

use crate::platforms::loose::FromField as _;

/// A record of fields that may all be absent.
macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(serde::Deserialize)]
        pub(in crate::platforms::digitalocean) struct $name {
            $($(#[$attribute])* #[serde(default)]
            pub(in crate::platforms::digitalocean) $field: crate::platforms::loose::Loose<$kind>,)*
        }

        impl crate::platforms::loose::FromField for $name {
            fn from_field(value: serde_json::Value) -> Option<Self> {
                serde_json::from_value(value).ok()
            }
        }
    )*};
}
use records;

/// A record that is nothing without its `id`.
macro_rules! entities {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(serde::Deserialize)]
        pub(in crate::platforms::digitalocean) struct $name {
            pub(in crate::platforms::digitalocean) id: String,
            $($(#[$attribute])* #[serde(default)]
            pub(in crate::platforms::digitalocean) $field: crate::platforms::loose::Loose<$kind>,)*
        }

        impl crate::platforms::loose::FromField for $name {
            fn from_field(value: serde_json::Value) -> Option<Self> {
                serde_json::from_value(value).ok()
            }
        }
    )*};
}
use entities;

/// What a list says about the rest of it.
pub(super) struct Links {
    links: Value,
    meta: Value,
}

impl Links {
    pub(super) fn new(links: Option<Value>, meta: Option<Value>) -> Self {
        Self {
            links: links.unwrap_or_default(),
            meta: meta.unwrap_or_default(),
        }
    }

    /// Whether there is another page. With one page `links` or `pages` may be missing or empty.
    pub(super) fn has_next(&self) -> bool {
        let next = self.links.pointer("/pages/next");
        next.and_then(Value::as_str)
            .is_some_and(|next| !next.is_empty())
    }

    /// How many records the whole list has.
    pub(super) fn total(&self) -> Option<u64> {
        u64::from_field(self.meta.get("total")?.clone())
    }
}
