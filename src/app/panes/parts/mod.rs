//! Domains and services: what the selected app has beside its environments, in sections. Each is a
//! list of its own, with its own age and its own words where there is nothing to list. Sections that
//! few platforms have are there only where they are offered.

mod rows;

pub use rows::{PartId, PartRow, What};

use std::iter::repeat;

use super::Motion;
use crate::app::contexts::Context;
use crate::app::cursor::Cursor;
use crate::app::filter::{FilterField, Subject};
use crate::app::loadable::Load;
use crate::app::screen::Pane;
use crate::app::state::State;
use crate::app::wrap::wrapped;
use crate::model::catalogue::{Chosen, Pick};
use crate::model::{
    AppId, Capability, DetailValue, EnvId, Failure, Profile, Query, QueryKey, Scoped, Text,
};

/// How many environments of an app are read: as many as have their backups read.
const MAX_ENVIRONMENTS: usize = 6;
/// So many lines a section takes that has no rows: a sentence of two lines.
const SENTENCE: usize = 2;
/// So many lines of a section are in sight before another shows all it has: titles and three rows.
const BEGINNING: usize = 4;

/// So many columns the label of a fact takes, with what is around it.
const LABEL: usize = 20;

/// How many sections there are.
const SECTIONS: usize = 7;

/// A section of the view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Section {
    /// Domains.
    #[default]
    Domains,
    /// Services.
    Services,
    /// Scheduled jobs, and their runs.
    Jobs,
    /// Running instances.
    Units,
    /// What the platform watches for.
    Alerts,
    /// Planned work, and blocks that keep changes out.
    Maintenance,
    /// Lists that only this platform has.
    Platform,
}

impl Section {
    /// Every section, from top to bottom.
    pub const ALL: [Self; SECTIONS] = [
        Self::Domains,
        Self::Services,
        Self::Jobs,
        Self::Units,
        Self::Alerts,
        Self::Maintenance,
        Self::Platform,
    ];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Domains => "Domains",
            Self::Services => "Services",
            Self::Jobs => "Jobs and runs",
            Self::Units => "Instances",
            Self::Alerts => "Alerts",
            Self::Maintenance => "Blocks and maintenance",
            Self::Platform => "This platform",
        }
    }

    /// The lists it is made of.
    fn capabilities(self) -> &'static [Capability] {
        match self {
            Self::Domains => &[Capability::ListDomains],
            Self::Services => &[Capability::ListServices],
            Self::Jobs => &[Capability::ListJobs, Capability::ListJobRuns],
            Self::Units => &[Capability::ListUnits],
            Self::Alerts => &[Capability::ListAlerts],
            Self::Maintenance => &[Capability::ListMaintenance],
            Self::Platform => &[Capability::ListOthers],
        }
    }

    fn queries(self, env: &EnvId) -> Vec<Query> {
        match self {
            Self::Domains => vec![Query::Domains(env.clone())],
            Self::Services => vec![Query::Services(env.clone())],
            Self::Jobs => vec![Query::Jobs(env.clone()), Query::JobRuns(env.clone())],
            Self::Units => vec![Query::Units(env.clone())],
            Self::Alerts | Self::Maintenance | Self::Platform => Vec::new(),
        }
    }

    /// What is asked of the whole app, or of its platform.
    fn queries_of_app(self, app: &AppId, profile: &Profile) -> Vec<Query> {
        match self {
            Self::Alerts => vec![Query::Alerts(app.clone())],
            Self::Maintenance => vec![Query::Maintenance(Some(app.clone()))],
            Self::Platform => {
                let kinds = profile.others.iter();
                kinds.map(|kind| Query::Others(kind.name)).collect()
            }
            Self::Domains | Self::Services | Self::Jobs | Self::Units => Vec::new(),
        }
    }

    /// Whether it is a section of a context's platform. What others have is said to be missing in its
    /// place; what few have is not there.
    fn is_of(self, context: &Context) -> bool {
        match self {
            Self::Domains | Self::Services | Self::Jobs | Self::Units | Self::Alerts => true,
            Self::Maintenance => !context.lacks(Capability::ListMaintenance),
            Self::Platform => {
                !context.profile.others.is_empty() && !context.lacks(Capability::ListOthers)
            }
        }
    }
}

/// Why a section has no rows, or how its rows are.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition<'a> {
    /// The platform does not offer it; why.
    NotOffered(&'a str),
    /// It could not be read; why.
    Failed(&'a Failure),
    /// It is being read for the first time.
    Loading,
    /// Polling is paused, and it was not read before.
    Paused,
    /// It was read.
    Read,
}

/// What the view holds.
#[derive(Clone, Debug, Default)]
pub struct PartsPane {
    /// The section with the focus.
    pub section: Section,
    /// Those of the platform, from top to bottom.
    pub sections: Vec<Section>,
    /// The rows of each, as the filter lets them through.
    pub rows: [Vec<PartRow>; SECTIONS],
    /// How many there are of each, before the filter.
    pub totals: [usize; SECTIONS],
    /// The selection in each.
    pub cursors: [Cursor<PartId>; SECTIONS],
    /// Whether the selected one is shown in full.
    pub is_open: bool,
    /// The first line of it in sight.
    pub offset: usize,
    /// What the rows are filtered by.
    pub field: FilterField,
}

impl PartsPane {
    /// The selected row.
    #[must_use]
    pub fn selected(&self) -> Option<&PartRow> {
        let at = self.section as usize;
        self.rows[at].get(self.cursors[at].row)
    }
}

/// What is read for a section while the view is in sight.
#[must_use]
pub fn keys(state: &State, section: Section) -> Vec<QueryKey> {
    let Some(app) = state.selected_app() else {
        return Vec::new();
    };
    let Some(context) = state.contexts.get(app.context) else {
        return Vec::new();
    };
    let asked = |env: &EnvId| {
        let known = Scoped::new(app.context, env.clone());
        let known = state.inventory.environment(&known);
        let mut queries = section.queries(env);
        queries.retain(|query| known.is_none_or(|it| it.tells(query)));
        queries
    };
    let envs = state.panes.environments.rows.iter().map(asked);
    let envs = envs.filter(|queries| !queries.is_empty());
    let mut queries: Vec<_> = envs.take(MAX_ENVIRONMENTS).flatten().collect();
    queries.extend(section.queries_of_app(&app.id, context.profile));
    queries.retain(|query| !context.lacks(query.capability()));
    let context = app.context;
    let keys = queries.into_iter();
    keys.map(|query| QueryKey { context, query }).collect()
}

/// Whether the view shows the answer to a question.
#[must_use]
pub fn shows(state: &State, key: &QueryKey) -> bool {
    let mut sections = Section::ALL.into_iter();
    state.screen.focus == Pane::Parts && sections.any(|it| keys(state, it).contains(key))
}

/// How a section is doing.
#[must_use]
pub fn condition(state: &State, section: Section) -> Condition<'_> {
    let refused = refusals(state, section);
    if let [Some(reason), ..] = refused[..]
        && refused.iter().all(Option::is_some)
    {
        return Condition::NotOffered(reason);
    }
    let context = state.selected_context();
    if let Some(failure) = context.and_then(|it| it.bad_credential.as_ref()) {
        return Condition::Failed(failure);
    }
    let all = loads(state, section);
    let failures = || all.iter().map(|load| load.and_then(Load::failure));
    let is_broken = !all.is_empty() && failures().all(|failure| failure.is_some());
    let own = failures()
        .flatten()
        .find(|failure| reason(failure).is_none());
    // Of many lists that have nothing to do with each other each tells its own in its place.
    if let Some(failure) = own.filter(|_| is_broken || section != Section::Platform) {
        return Condition::Failed(failure);
    }
    if let Some(reason) = failures().flatten().find_map(reason).filter(|_| is_broken) {
        return Condition::NotOffered(reason);
    }
    let is_unread = |load: Option<&Load>| {
        load.is_none_or(|load| load.fetched_at.is_none() && load.failure().is_none())
    };
    match (all.into_iter().any(is_unread), state.is_paused) {
        (true, true) => Condition::Paused,
        (true, false) => Condition::Loading,
        (false, _) => Condition::Read,
    }
}

/// Why a part of a section is missing although the rest is there.
#[must_use]
pub fn missing(state: &State, section: Section) -> Option<&str> {
    let refused = refusals(state, section);
    let is_partly = refused.iter().any(Option::is_none);
    let declared = refused.into_iter().flatten().next().filter(|_| is_partly);
    declared.or_else(|| learned(state, section))
}

/// The same as it was learned by asking: one of several lists that a server is too old for.
fn learned(state: &State, section: Section) -> Option<&str> {
    // What an environment lacks by its kind is no news where others have it.
    let is_one_list = section.capabilities().len() == 1;
    if is_one_list {
        return None;
    }
    let failures = loads(state, section).into_iter().flatten();
    let reasons: Vec<_> = failures
        .map(|load| load.failure().and_then(reason))
        .collect();
    let is_partly = reasons.iter().any(Option::is_none);
    reasons.into_iter().flatten().next().filter(|_| is_partly)
}

/// Why something is not offered, if that is what went wrong.
fn reason(failure: &Failure) -> Option<&str> {
    if let Failure::Unsupported { reason, .. } = failure {
        return Some(reason.as_str());
    }
    None
}

fn refusals(state: &State, section: Section) -> Vec<Option<&'static str>> {
    let context: Option<&Context> = state.selected_context();
    let of = |it: &Capability| context.and_then(|context| context.supports(*it).refusal());
    section.capabilities().iter().map(of).collect()
}

/// Age and condition of the lists of a section.
#[must_use]
pub fn loads(state: &State, section: Section) -> Vec<Option<&Load>> {
    let keys = keys(state, section).into_iter();
    keys.map(|key| state.inventory.load(&key)).collect()
}

/// How many lines each section has under its heading, for a pane of `room` lines. Every section
/// shows its beginning before one shows all of its rows, and that with the focus comes first.
#[must_use]
pub fn heights(pane: &PartsPane, room: usize) -> [usize; SECTIONS] {
    let mut left = room.saturating_sub(pane.sections.len());
    let mut heights = [0; SECTIONS];
    let focused = pane.section as usize;
    let all = pane.sections.iter().map(|section| *section as usize);
    let others = all.filter(|at| *at != focused);
    // Where there is nothing, the sentence that says so has room beside the heading.
    let (empty, filled): (Vec<_>, Vec<_>) = others.partition(|at| pane.rows[*at].is_empty());
    let order: Vec<usize> = [focused].into_iter().chain(filled).chain(empty).collect();
    let half = (left / 2).max(BEGINNING);
    let begins = |at: usize| if at == focused { half } else { BEGINNING };
    let first = order.iter().map(|at| (*at, begins(*at)));
    let then = order.iter().map(|at| (*at, usize::MAX));
    for (at, most) in first.chain(then) {
        // One line is for the titles of the columns.
        let wanted = match pane.rows[at].len() {
            0 => SENTENCE,
            rows => rows + 1,
        };
        let given = wanted.min(most).min(heights[at] + left);
        // A title without a row says nothing.
        if given >= 2 || pane.rows[at].is_empty() {
            left -= given.saturating_sub(heights[at]);
            heights[at] = given.max(heights[at]);
        }
    }
    heights
}

/// How many lines the list has while a row is shown in full below it.
#[must_use]
pub fn list_height(pane: &PartsPane, room: usize) -> usize {
    let rows = pane.rows[pane.section as usize].len();
    (rows + 1).min((room / 3).max(2))
}

/// How many rows of the section with the focus are in sight; of `room` lines, if a row is open that
/// of its lines.
fn rows_in_sight(state: &State) -> usize {
    let room = state.layout().rows(Pane::Parts);
    let pane = &state.panes.parts;
    let lines = if pane.is_open {
        list_height(pane, room.saturating_sub(1))
    } else {
        heights(pane, room)[pane.section as usize]
    };
    lines.saturating_sub(1)
}

/// How many lines of what is open are in sight, in a pane of `room` lines.
#[must_use]
pub fn detail_rows(pane: &PartsPane, room: usize) -> usize {
    // A heading and a rule stand above.
    room.saturating_sub(list_height(pane, room.saturating_sub(1)) + 2)
}

/// Builds the rows anew.
pub(super) fn derive(state: &mut State) {
    let filter = state.panes.parts.field.filter.clone();
    let context = rows::context_of(state).and_then(|id| state.contexts.get(id));
    let context = context
        .map_or("", |context| context.name.as_str())
        .to_owned();
    let selected = state.selected_context();
    let is_there = |it: &Section| selected.is_none_or(|context| it.is_of(context));
    let sections = Section::ALL.into_iter().filter(is_there).collect();
    let pane = &mut state.panes.parts;
    pane.sections = sections;
    if !pane.sections.contains(&pane.section) {
        pane.section = Section::default();
    }
    for section in Section::ALL {
        let keys = keys(state, section);
        let mut rows = rows::of(state, section, &keys);
        let at = section as usize;
        state.panes.parts.totals[at] = rows.len();
        rows.retain(|row| {
            filter.fits(&Subject {
                context: &context,
                app: row.name.as_str(),
                environments: row.place.as_str(),
                state: row.word.as_str(),
                class: None,
                reason: row.about.as_str(),
            })
        });
        state.panes.parts.rows[at] = rows;
    }
    let visible = rows_in_sight(state);
    let pane = &mut state.panes.parts;
    for at in 0..Section::ALL.len() {
        let rows = &pane.rows[at];
        let id = |row: usize| rows.get(row).map(|row| row.id.clone());
        // Sections without the focus show their beginning.
        let visible = if at == pane.section as usize {
            visible
        } else {
            usize::MAX
        };
        pane.cursors[at].settle(rows.len(), visible, id);
    }
    pane.is_open &= pane.selected().is_some();
}

pub(super) fn motion(state: &mut State, motion: Motion) {
    if state.panes.parts.is_open {
        return scroll(state, motion);
    }
    let visible = rows_in_sight(state);
    let pane = &mut state.panes.parts;
    let at = pane.section as usize;
    let (rows, row) = (&pane.rows[at], pane.cursors[at].row);
    let is_last = row + 1 >= rows.len();
    match motion {
        // Past the end comes the next section.
        Motion::By(1) if is_last && pane.sections.last() != Some(&pane.section) => turn(state, 1),
        Motion::By(-1) if row == 0 && pane.sections.first() != Some(&pane.section) => {
            turn(state, -1);
        }
        Motion::By(_) | Motion::Top | Motion::Bottom => {
            let id = |row: usize| rows.get(row).map(|row| row.id.clone());
            motion.apply(&mut pane.cursors[at], rows.len(), visible, id);
        }
    }
}

fn scroll(state: &mut State, motion: Motion) {
    let room = state.layout().rows(Pane::Parts);
    let lines = selected_lines(state).len();
    let pane = &mut state.panes.parts;
    let most = lines.saturating_sub(detail_rows(pane, room));
    pane.offset = match motion {
        Motion::By(delta) => pane.offset.min(most).saturating_add_signed(delta).min(most),
        Motion::Top => 0,
        Motion::Bottom => most,
    };
}

/// Everything that is known of the selected row, as label and value. A long text, such as a DNS
/// record, goes on in the next lines.
#[must_use]
pub fn selected_lines(state: &State) -> Vec<(Text, DetailValue)> {
    let area = state.layout().pane(Pane::Parts);
    let width = area.map_or(0, |area| usize::from(area.inside().width));
    let room = width.saturating_sub(LABEL).max(LABEL);
    let row = state.panes.parts.selected();
    let facts = row.into_iter().flat_map(|row| &row.facts);
    let lines = facts.flat_map(|(label, value)| {
        let DetailValue::Text(text) = value else {
            return vec![(label.clone(), value.clone())];
        };
        let rows = wrapped(text.as_str(), room).into_iter();
        let rows = rows.map(|row| DetailValue::Text(Text::clean(row)));
        let labels = [label.clone()].into_iter().chain(repeat(Text::default()));
        labels.zip(rows).collect()
    });
    lines.collect()
}

/// Gives the focus to another section.
pub(in crate::app) fn turn(state: &mut State, by: isize) {
    let pane = &mut state.panes.parts;
    let place = pane.sections.iter().position(|it| *it == pane.section);
    let count = pane.sections.len().max(1).cast_signed();
    let next = (place.unwrap_or(0).cast_signed() + by).rem_euclid(count);
    let next = pane.sections.get(next.unsigned_abs());
    pane.section = next.copied().unwrap_or_default();
    (pane.is_open, pane.offset) = (false, 0);
    state.room_is_old = true;
}

/// What Enter does: shows the selected one in full, or no more.
pub(in crate::app) fn open(state: &mut State) {
    let pane = &mut state.panes.parts;
    pane.is_open = !pane.is_open && pane.selected().is_some();
    pane.offset = 0;
    state.room_is_old = true;
}

/// The environment of the row under the bar.
pub(super) fn environment(state: &State) -> Option<Scoped<EnvId>> {
    state.panes.parts.selected()?.environment.clone()
}

/// The row under the bar as an answer to a question for such a thing.
pub(in crate::app) fn chosen(state: &State, pick: Pick) -> Option<Chosen> {
    let is_here = state.screen.focus == Pane::Parts;
    let row = state.panes.parts.selected().filter(|_| is_here)?;
    row.chosen(pick)
}
