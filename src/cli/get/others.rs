//! `get others`: lists that only one platform has. Without the name of one it is said which there are.

use std::collections::BTreeMap;

use super::super::exit::CliError;
use super::super::fleet::Fleet;
use super::super::output::{OtherItem, OtherKindItem};
use super::super::table::{Cell, Column, column, wide};
use super::super::target::Target;
use super::super::words;
use super::Listed;
use crate::config::nearest::most_alike;
use crate::model::{Capability, Detail, Failure, Other, Query, Text};

/// How many names are told when one is unknown.
const HINTS: usize = 5;

impl Listed for OtherKindItem {
    const KIND: &'static str = "lists";
    const COLUMNS: &'static [Column<Self>] = &[
        column("LIST", |it| Cell::Text(it.name.into())),
        column("ABOUT", |it| Cell::Text(it.about.into())),
        column("CONTEXT", |it| Cell::Text(it.context.clone())),
    ];
}

impl Listed for OtherItem {
    const KIND: &'static str = "others";
    const COLUMNS: &'static [Column<Self>] = &[
        column("NAME", |it| Cell::Text(it.name.clone())),
        column("ABOUT", |it| Cell::maybe(it.about.as_deref())),
        column("CONTEXT", |it| Cell::Text(it.context.clone())),
        wide("LIST", |it| Cell::Text(it.list.into())),
        wide("DETAILS", |it| {
            let details = it.details.iter();
            let details = details.map(|(label, value)| format!("{label}: {value}"));
            Cell::Text(details.collect::<Vec<_>>().join("; "))
        }),
    ];
}

/// Which lists there are in some contexts.
pub(super) fn kinds(fleet: &Fleet, contexts: &[usize]) -> Vec<OtherKindItem> {
    let items = contexts.iter().flat_map(|at| {
        let context = &fleet.contexts()[*at];
        let kinds = context.adapter.profile.others.iter();
        kinds.map(|kind| OtherKindItem {
            context: context.name.to_string(),
            name: kind.name,
            about: kind.about,
        })
    });
    items.collect()
}

/// The entries of the list that a target names: `CONTEXT:LIST`, or `LIST` of every context that has it.
pub(super) async fn others(
    fleet: &mut Fleet,
    contexts: &[usize],
    target: &Target,
) -> Result<Vec<OtherItem>, CliError> {
    let questions = questions(fleet, contexts, target)?;
    let kinds: Vec<_> = questions.iter().map(|(_, kind)| *kind).collect();
    let queries = questions.into_iter();
    let queries = queries
        .map(|(at, kind)| (at, Query::Others(kind)))
        .collect();
    let answers = fleet.ask(queries).await;
    let mut items = Vec::new();
    for (kind, pages) in kinds.into_iter().zip(answers) {
        let context = fleet.contexts()[pages.context].name.to_string();
        let entries = pages.others().into_iter();
        items.extend(entries.map(|it| item(&context, kind, &it)));
    }
    Ok(items)
}

fn item(context: &str, list: &'static str, it: &Other) -> OtherItem {
    let detail = |Detail { label, value }: &Detail| ((*label).to_owned(), words::detail(value));
    OtherItem {
        context: context.to_owned(),
        list,
        name: it.name.to_string(),
        about: words::text(it.about.as_ref()),
        details: it.details.iter().map(detail).collect::<BTreeMap<_, _>>(),
    }
}

/// Who is asked for which list.
fn questions(
    fleet: &Fleet,
    contexts: &[usize],
    target: &Target,
) -> Result<Vec<(usize, &'static str)>, CliError> {
    let of = |at: &usize| fleet.contexts()[*at].adapter.profile.others;
    let wanted = target.app.as_deref().unwrap_or_default();
    if target.environment.is_some() {
        let text = "a list is named by one word: flightdeck get others [CONTEXT:]LIST";
        return Err(CliError::Usage(text.into()));
    }
    let found = contexts.iter().filter_map(|at| {
        let kind = of(at).iter().find(|kind| kind.name == wanted)?;
        Some((*at, kind.name))
    });
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        let names: Vec<_> = contexts.iter().flat_map(of).map(|kind| kind.name).collect();
        return Err(unknown(fleet, contexts, wanted, &names));
    }
    Ok(found)
}

fn unknown(fleet: &Fleet, contexts: &[usize], wanted: &str, names: &[&'static str]) -> CliError {
    if let (true, [only]) = (names.is_empty(), contexts) {
        let context = &fleet.contexts()[*only];
        let title = context.adapter.profile.title;
        let reason = format!("{title} has no lists of its own");
        return CliError::Failure {
            context: context.name.to_string(),
            failure: Failure::unsupported(Capability::ListOthers, &reason),
        };
    }
    let mut near = most_alike(wanted, names.iter().copied(), HINTS);
    if near.is_empty() {
        near = names.to_vec();
    }
    near.dedup();
    let (wanted, near) = (Text::clean(wanted), near.join(", "));
    let near = if near.is_empty() { "none" } else { &near };
    CliError::Usage(format!("no list \"{wanted}\"; there is {near}"))
}

/// Whether a target names a list, and not only contexts.
pub(super) fn names_one(target: Option<&Target>) -> Option<&Target> {
    target.filter(|target| target.app.is_some())
}
