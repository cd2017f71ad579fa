//! `get sizes` and `get regions`: what a platform has to choose from.

use super::super::fleet::Fleet;
use super::super::output::{RegionItem, SizeItem};
use super::super::pages::Pages;
use super::super::table::{Cell, Column, column, wide};
use super::Listed;
use crate::model::Query;

impl Listed for SizeItem {
    const KIND: &'static str = "sizes";
    const COLUMNS: &'static [Column<Self>] = &[
        column("SIZE", |it| Cell::Text(it.slug.clone())),
        column("NAME", |it| Cell::Text(it.name.clone())),
        column("CPUS", |it| Cell::Text(it.cpus.clone())),
        column("MEMORY", |it| Cell::Bytes(it.memory_bytes)),
        column("A MONTH", |it| Cell::maybe(it.price.as_deref())),
        column("SCALES", |it| Cell::Flag(it.can_scale)),
        column("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

/// The sizes an instance can have in some contexts, smallest first.
pub(super) async fn sizes(fleet: &mut Fleet, contexts: &[usize]) -> Vec<SizeItem> {
    let mut items = Vec::new();
    for (context, pages) in of_contexts(fleet, contexts, &Query::Sizes).await {
        items.extend(pages.sizes().into_iter().map(|size| SizeItem {
            context: context.clone(),
            slug: size.slug.to_string(),
            name: size.name.to_string(),
            cpus: size.cpus.to_string(),
            memory_bytes: size.memory_bytes,
            price: size.price.map(|it| it.to_string()),
            can_scale: size.can_scale,
        }));
    }
    items
}

impl Listed for RegionItem {
    const KIND: &'static str = "regions";
    const COLUMNS: &'static [Column<Self>] = &[
        column("REGION", |it| Cell::Text(it.name.clone())),
        column("CONTEXT", |it| Cell::Text(it.context.clone())),
        wide("ID", |it| Cell::Text(it.id.clone())),
    ];
}

/// The regions of some contexts.
pub(super) async fn regions(fleet: &mut Fleet, contexts: &[usize]) -> Vec<RegionItem> {
    let mut items = Vec::new();
    for (context, pages) in of_contexts(fleet, contexts, &Query::Regions).await {
        items.extend(pages.regions().into_iter().map(|region| RegionItem {
            context: context.clone(),
            id: region.id.to_text().to_string(),
            name: region.name.to_string(),
        }));
    }
    items
}

/// Asks the same of every context.
async fn of_contexts(fleet: &mut Fleet, contexts: &[usize], query: &Query) -> Vec<(String, Pages)> {
    let questions = contexts.iter().map(|at| (*at, query.clone())).collect();
    let answers = fleet.ask(questions).await;
    let named = answers.into_iter().map(|pages| {
        let name = fleet.contexts()[pages.context].name.to_string();
        (name, pages)
    });
    named.collect()
}
