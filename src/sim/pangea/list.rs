//! The list of projects: filters and pages. Source: Pangea contract, section 7.

use serde_json::Value;

use super::{
    call::{Call, Done, Outcome, Page},
    forms::Pages,
    project::Project,
};

/// How many are on a page where nobody says how many. Nothing is published about that.
const USUAL: usize = 20;
const MOST: usize = 100;
/// How many there are where there are fewer than were asked for.
const FEW: usize = 5;

/// `project/list`.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    call.expect_organisation("org_id")?;
    let filter = Filter::of(call);
    let fitting: Vec<&Project> = call
        .world
        .present()
        .filter(|project| filter.takes(project))
        .collect();
    let offset = call.number("offset").unwrap_or_default();
    let limit = call.number("limit").unwrap_or(USUAL).min(MOST);
    let (first, most) = match call.shape.pages {
        Pages::Exact => (offset, limit),
        Pages::Overlapping => (offset.saturating_sub(1), limit),
        Pages::Short => (offset, limit.min(FEW)),
        Pages::SameAgain => (0, limit),
    };
    let page = fitting.iter().skip(first).take(most);
    Ok(Done::Page(Page {
        projects: page.map(|project| (*project).clone()).collect(),
        total: fitting.len(),
        offset,
    }))
}

/// Which projects are wanted; a filter that is not there takes all.
struct Filter<'a> {
    words: Vec<String>,
    geo: Option<&'a str>,
    region: Option<&'a str>,
}

impl<'a> Filter<'a> {
    fn of(call: &'a Call<'_>) -> Filter<'a> {
        let filter = call.body.get("filter");
        let text = |name: &str| filter?.get(name).and_then(Value::as_str);
        let words = text("search").unwrap_or_default().split(',');
        let words = words.map(|word| word.trim().to_lowercase());
        Filter {
            words: words.filter(|word| !word.is_empty()).collect(),
            geo: text("geo"),
            region: text("region"),
        }
    }

    /// All of the filters have to fit, but one of the keywords is enough.
    fn takes(&self, project: &Project) -> bool {
        let searched = [&project.id, &project.name, &project.owner_email];
        let has = |word: &String| searched.iter().any(|it| it.to_lowercase().contains(word));
        (self.words.is_empty() || self.words.iter().any(has))
            && self.geo.is_none_or(|geo| geo == project.geo)
            && self.region.is_none_or(|region| region == project.region)
    }
}
