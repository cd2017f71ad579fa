//! `get contexts` and `get orgs`.

use super::super::fleet::Fleet;
use super::super::output::{ContextItem, OrganisationItem};
use super::super::table::{Cell, Column, column, wide};
use super::Listed;
use crate::model::{Capability, Class, Failure, Query};

impl Listed for ContextItem {
    const KIND: &'static str = "contexts";
    const COLUMNS: &'static [Column<Self>] = &[
        column("CONTEXT", |it| Cell::Text(it.name.clone())),
        column("PLATFORM", |it| Cell::Text(it.platform.into())),
        column("STATE", |it| Cell::Text(it.state.clone())),
        column("ACCOUNT", |it| Cell::maybe(it.account.as_deref())),
        column("CLASS", |it| Cell::maybe(it.class)),
        wide("PROTECTED", |it| Cell::Flag(it.protected)),
        wide("READ ONLY", |it| Cell::Flag(it.read_only)),
        column("TOKEN FROM", |it| Cell::Text(it.credential.clone())),
        wide("URL", |it| Cell::Text(it.base_url.clone())),
    ];
}

/// Every context, and whether it answers: who it is is asked where the platform can tell, its apps
/// where it cannot.
pub(super) async fn contexts(fleet: &mut Fleet, contexts: &[usize]) -> Vec<ContextItem> {
    let question = |at: &usize| {
        let can_tell = fleet.offers(*at, Capability::ReadAccount);
        let query = if can_tell {
            Query::Account
        } else {
            Query::Apps
        };
        (*at, query)
    };
    let questions = contexts.iter().map(question).collect();
    let answers = fleet.ask(questions).await;
    let items = answers.into_iter().map(|pages| {
        let context = &fleet.contexts()[pages.context];
        let failure = pages.failure.as_ref();
        ContextItem {
            name: context.name.to_string(),
            platform: context.adapter.profile.name,
            base_url: context.connection.base_url.to_string(),
            state: failure.map_or_else(|| "ok".into(), Failure::short),
            account: pages.account().map(|account| account.name.to_string()),
            class: context.class.map(Class::word),
            protected: context.is_protected,
            read_only: context.is_read_only,
            credential: context.credential_source.to_string(),
        }
    });
    items.collect()
}

impl Listed for OrganisationItem {
    const KIND: &'static str = "orgs";
    const COLUMNS: &'static [Column<Self>] = &[
        column("NAME", |it| Cell::Text(it.name.clone())),
        column("CONTEXT", |it| Cell::Text(it.context.clone())),
        column("ID", |it| Cell::Text(it.id.clone())),
    ];
}

/// The organisations of some contexts.
pub(super) async fn organisations(fleet: &mut Fleet, contexts: &[usize]) -> Vec<OrganisationItem> {
    let questions = contexts.iter().map(|at| (*at, Query::Organisations));
    let questions = questions.collect();
    let answers = fleet.ask(questions).await;
    let mut items = Vec::new();
    for pages in answers {
        let context = fleet.contexts()[pages.context].name.to_string();
        for organisation in pages.organisations() {
            items.push(OrganisationItem {
                context: context.clone(),
                id: organisation.id.to_text().to_string(),
                name: organisation.name.to_string(),
            });
        }
    }
    items
}
