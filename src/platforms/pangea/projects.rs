//! The list of projects: page by page, and each page asked for once, whoever wants it.
//!
//! What the paging fields mean is not published. So a list goes on only while it brings something new,
//! and has an end.
//!
//! Source: Pangea contract, section 7.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::api::Api;
use super::paths::Op;
use super::wire::{Listing, Project};
use crate::model::{Failure, Page, PageRequest, PageToken};
use crate::platforms::http::{decode_value, readable};
use crate::platforms::rounds::Moment;

/// Projects asked for at once.
const LIMIT: usize = 100;

/// A list of more pages has no end.
const MOST_PAGES: usize = 100;

/// What of the projects is asked for, by the settings of the same names.
const FILTERS: [&str; 3] = ["search", "geo", "region"];

/// What is asked for, and where one is in it.
pub(super) struct Walk {
    /// When the newest page was asked for; of changes it knows those before the first.
    asked: Moment,
    pages: Vec<Kept>,
    seen: HashSet<String>,
    offset: usize,
    is_over: bool,
}

/// A page.
#[derive(Clone)]
struct Kept {
    projects: Arc<Vec<Project>>,
    /// How many there are in all, where that can be believed.
    total: Option<u64>,
    has_next: bool,
}

impl Walk {
    fn begin(asked: Moment) -> Self {
        Self {
            asked,
            pages: Vec::new(),
            seen: HashSet::new(),
            offset: 0,
            is_over: false,
        }
    }

    /// Takes a page as it came.
    fn take(&mut self, listing: Listing) -> Result<(), Failure> {
        let came = listing.results.len();
        let records = listing.results.into_iter().enumerate();
        let operation = Op::ListProjects.row().operation;
        let read = records.map(|(at, record)| {
            decode_value::<Project>(operation, &format!("result.results[{at}]"), record).map(Some)
        });
        let mut projects = readable(read)?;
        projects.retain(|project| self.seen.insert(project.id.clone()));
        self.offset += came;
        let collected = self.seen.len();
        let count = listing.count.and_then(|count| usize::try_from(count).ok());
        // More than came is no count of a page: then it is that of the list.
        let is_whole = count.is_some_and(|count| count > came && count == collected);
        let is_full = came >= LIMIT && !is_whole;
        let may_have_more = is_full || count.is_some_and(|count| count > collected);
        self.is_over = projects.is_empty() || !may_have_more || self.pages.len() + 1 >= MOST_PAGES;
        let total = if self.is_over { Some(collected) } else { count };
        self.pages.push(Kept {
            projects: Arc::new(projects),
            // Of the whole list, or of the page: it is no total where there is more already.
            total: total
                .filter(|total| *total >= collected)
                .map(|it| it as u64),
            has_next: !self.is_over,
        });
        Ok(())
    }
}

impl Api {
    /// A page of the projects. Who asks at nearly the same time gets the same answer.
    pub(super) async fn projects(
        &self,
        request: &PageRequest,
    ) -> Result<Page<Arc<Vec<Project>>>, Failure> {
        let wanted = number(request);
        let mut walk = self.memory.projects.lock().await;
        let rounds = &self.memory.rounds;
        // The first page begins a round. Of a later one the pages before it are still good.
        if wanted == 0 && !walk.as_ref().is_some_and(|it| rounds.is_this(it.asked)) {
            *walk = None;
        }
        let walk = walk.get_or_insert_with(|| Walk::begin(rounds.now()));
        while walk.pages.len() <= wanted && !walk.is_over {
            let asked = walk.asked.again();
            let listing = self.listing(walk.offset, self.filter()).await?;
            walk.take(listing)?;
            walk.asked = asked;
        }
        let Some(page) = walk.pages.get(wanted) else {
            return Ok(Page {
                items: Vec::new(),
                next: None,
                total: None,
            });
        };
        let next = wanted + 1;
        Ok(Page {
            items: vec![page.projects.clone()],
            next: page.has_next.then(|| PageToken(next.to_string().into())),
            total: page.total,
        })
    }

    /// All projects of the organisation, whatever is filtered.
    pub(super) async fn every_project(&self) -> Result<Vec<Arc<Vec<Project>>>, Failure> {
        let mut walk = Walk::begin(self.memory.rounds.now());
        while !walk.is_over {
            let listing = self.listing(walk.offset, None).await?;
            walk.take(listing)?;
        }
        Ok(walk.pages.into_iter().map(|page| page.projects).collect())
    }

    /// The projects of that name, as far as they were read last.
    pub(super) fn known_of_name(&self, name: &str) -> Vec<String> {
        let Ok(walk) = self.memory.projects.try_lock() else {
            return Vec::new();
        };
        let pages = walk.iter().flat_map(|walk| &walk.pages);
        let all = pages.flat_map(|page| page.projects.iter());
        let of_name = all.filter(|project| project.name.as_deref() == Some(name));
        of_name.map(|project| project.id.clone()).collect()
    }

    /// Whether a page was just read, or is being read.
    pub(super) fn has_projects(&self, request: &PageRequest) -> bool {
        let Ok(walk) = self.memory.projects.try_lock() else {
            return true;
        };
        let wanted = number(request);
        let is_kept = |walk: &Walk| {
            walk.pages.len() > wanted && (wanted > 0 || self.memory.rounds.is_this(walk.asked))
        };
        walk.as_ref().is_some_and(is_kept)
    }

    async fn listing(&self, offset: usize, filter: Option<Value>) -> Result<Listing, Failure> {
        let (organisation, _) = self.organisation()?;
        let mut body = json!({"org_id": organisation, "offset": offset, "limit": LIMIT});
        if let (Some(filter), Some(fields)) = (filter, body.as_object_mut()) {
            fields.insert("filter".to_owned(), filter);
        }
        let subject = format!("of {organisation}");
        self.read(Op::ListProjects, &subject, &body).await
    }

    /// What is set is asked for together.
    fn filter(&self) -> Option<Value> {
        let set = FILTERS.iter().filter_map(|name| {
            let value = self.settings.get(name)?;
            Some(((*name).to_owned(), Value::from(value)))
        });
        let fields: serde_json::Map<_, _> = set.collect();
        (!fields.is_empty()).then_some(Value::Object(fields))
    }
}

/// The number of a page, counted from nothing.
fn number(request: &PageRequest) -> usize {
    let token = request.token.as_ref();
    let number = token.and_then(|PageToken(token)| token.parse::<usize>().ok());
    number.unwrap_or_default().min(MOST_PAGES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platforms::rounds::Rounds;

    fn listing(ids: std::ops::Range<usize>, count: Option<u64>) -> Listing {
        let results: Vec<_> = ids.map(|id| json!({"id": format!("ppi_{id}")})).collect();
        serde_json::from_value(json!({"results": results, "count": count})).unwrap()
    }

    /// The pages of a list that is answered so: how many are new, whether there is more, and how many
    /// there are in all.
    fn check(
        answers: &[(std::ops::Range<usize>, Option<u64>)],
        expected: &[(usize, bool, Option<u64>)],
    ) {
        let mut walk = Walk::begin(Rounds::default().now());
        for (ids, count) in answers {
            assert!(!walk.is_over);
            walk.take(listing(ids.clone(), *count)).unwrap();
        }
        let found = walk.pages.iter();
        let found: Vec<_> = found
            .map(|page| (page.projects.len(), page.has_next, page.total))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_list_ends_where_nothing_new_comes() {
        check(&[(0..0, Some(0))], &[(0, false, Some(0))]);
        check(&[(0..2, Some(2))], &[(2, false, Some(2))]);
        // The count is that of the page.
        check(
            &[(0..100, Some(100)), (100..110, Some(10))],
            &[(100, true, Some(100)), (10, false, Some(110))],
        );
        // The server gives fewer at once than were asked for.
        check(
            &[(0..20, Some(30)), (20..30, Some(30))],
            &[(20, true, Some(30)), (10, false, Some(30))],
        );
        // The offset is ignored: the same page comes again.
        check(
            &[(0..100, Some(500)), (0..100, Some(500))],
            &[(100, true, Some(500)), (0, false, Some(100))],
        );
        // Pages overlap.
        check(
            &[(0..100, None), (90..150, None)],
            &[(100, true, None), (50, false, Some(150))],
        );
    }

    #[test]
    fn a_list_without_end_is_ended() {
        let mut walk = Walk::begin(Rounds::default().now());
        let mut pages = 0;
        while !walk.is_over {
            walk.take(listing(pages * 100..pages * 100 + 100, None))
                .unwrap();
            pages += 1;
        }
        assert_eq!(pages, MOST_PAGES);
    }

    #[test]
    fn a_list_without_results_is_not_understood_and_null_is_none() {
        for bad in [json!({"count": 0}), json!({"results": {}}), json!(null)] {
            assert!(serde_json::from_value::<Listing>(bad).is_err());
        }
        let none: Listing = serde_json::from_value(json!({"results": null})).unwrap();
        assert!(none.results.is_empty());
    }
}
