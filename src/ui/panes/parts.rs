//! Domains and services: the sections of what the selected app has beside its environments.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::detail::words;
use super::{Part, View, part};
use crate::app::age::{Age, Short, since};
use crate::app::panes::parts::{
    Condition, PartRow, Section, condition, detail_rows, heights, list_height, loads, missing,
    selected_lines,
};
use crate::app::rows::Overlay;
use crate::ui::sentence::sentence;
use crate::ui::table::{self, Cell, Column, Selection};
use crate::ui::text::{count, draw_line, fit};

/// Name, moment and remark have other titles in each section.
fn columns(section: Section) -> [Column; 5] {
    let (name, at, about) = match section {
        Section::Domains => ("DOMAIN", "", "MESSAGE"),
        Section::Services => ("SERVICE", "", "KIND"),
        Section::Jobs => ("JOB", "LAST", "SCHEDULE"),
        Section::Units => ("INSTANCE", "UP", "STATE"),
        Section::Alerts => ("RULE", "", "TELLS"),
        Section::Maintenance => ("WHAT", "", "DETAILS"),
        Section::Platform => ("NAME", "", "ABOUT"),
    };
    let place = match section {
        Section::Platform => "LIST",
        Section::Domains
        | Section::Services
        | Section::Jobs
        | Section::Units
        | Section::Alerts
        | Section::Maintenance => "PART",
    };
    [
        Column::fixed("STATE", 0),
        Column::text(name, 14, 0),
        Column::text(place, 6, 2),
        Column::number(at, 3),
        Column::text(about, 8, 1).growing(),
    ]
}

/// Draws the view.
pub(crate) fn draw(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let pane = &view.state.panes.parts;
    let name = view.state.panes.apps.selected().map(|row| row.name.clone());
    let name = name.map(|name| format!(" {} {name}", view.glyphs.dot));
    let title = format!("Domains and services{}", name.unwrap_or_default());
    let inside = super::frame(view, &title, right(view), true, area, buffer);
    if view.state.selected_app().is_none() {
        let text = "Select an app on the dashboard to see what it has.";
        return sentence(view, text, inside, buffer);
    }
    if pane.is_open {
        return in_full(view, inside, buffer);
    }
    let heights = heights(pane, usize::from(inside.height));
    let mut y = inside.y;
    for section in pane.sections.iter().copied() {
        let height = heights[section as usize];
        if y >= inside.bottom() {
            return;
        }
        let height = u16::try_from(height).unwrap_or(u16::MAX);
        let height = height.min(inside.bottom() - y - 1);
        heading(view, section, height == 0, Rect { y, ..inside }, buffer);
        let below = Rect {
            y: y + 1,
            height,
            ..inside
        };
        body(view, section, below, buffer);
        y += 1 + height;
    }
}

fn right(view: View<'_>) -> Vec<Part<'_>> {
    let field = &view.state.panes.parts.field;
    if field.filter.is_empty() {
        return Vec::new();
    }
    let text = format!("/{}", field.text.value());
    vec![part(text, view.theme.accent())]
}

/// `Domains 3  <1m`, with the sentence beside it where there is no room below.
fn heading(view: View<'_>, section: Section, is_bare: bool, area: Rect, buffer: &mut Buffer) {
    let pane = &view.state.panes.parts;
    let (shown, total) = (
        pane.rows[section as usize].len(),
        pane.totals[section as usize],
    );
    let number = match (shown, total) {
        (_, 0) => String::new(),
        (shown, total) if shown == total => format!(" {}", count(total)),
        (shown, total) => format!(" {} of {}", count(shown), count(total)),
    };
    let is_focused = pane.section == section;
    let mark = if is_focused {
        view.glyphs.selected
    } else {
        view.glyphs.rule
    };
    let style = if is_focused {
        view.theme.title(true)
    } else {
        view.theme.column()
    };
    let mut spans = vec![
        Span::styled(format!(" {mark} "), view.theme.dim()),
        Span::styled(format!("{}{number}", section.title()), style),
    ];
    let mut add = |text: String, style| spans.push(Span::styled(format!("  {text}"), style));
    match condition(view.state, section) {
        Condition::Read => {
            if let Some(age) = age(view, section) {
                add(age, view.theme.dim());
            }
        }
        Condition::Failed(failure) => {
            add(format!("failed: {}", failure.short()), view.theme.bad());
            if let Some(age) = old(view, section) {
                add(format!("{age} old"), view.theme.dim());
            }
        }
        Condition::Loading => add(format!("loading{}", view.glyphs.ellipsis), view.theme.dim()),
        Condition::Paused => add("paused".to_owned(), view.theme.warning()),
        Condition::NotOffered(_) => {}
    }
    if is_bare && shown == 0 {
        add(empty(view, section), view.theme.dim());
    } else if let Some(reason) = missing(view.state, section) {
        add(reason.to_owned(), view.theme.dim());
    }
    let line = Line::from(spans);
    let ellipsis = view.glyphs.ellipsis;
    draw_line(&line, (area.x, area.y), area.width, ellipsis, buffer);
}

/// The bound that polling promises while it is kept.
fn age(view: View<'_>, section: Section) -> Option<String> {
    let context = view.state.selected_context()?;
    let oldest = oldest(view, section)?;
    let age = Age::of(Some(oldest), context.profile.poll.slow, view.state.now);
    Some(age.to_string())
}

fn old(view: View<'_>, section: Section) -> Option<Short> {
    oldest(view, section).map(|at| Short(since(at, view.state.now)))
}

fn oldest(view: View<'_>, section: Section) -> Option<jiff::Timestamp> {
    let loads = loads(view.state, section).into_iter().flatten();
    loads.filter_map(|load| load.fetched_at).min()
}

/// Why there are no rows.
fn empty(view: View<'_>, section: Section) -> String {
    let pane = &view.state.panes.parts;
    match condition(view.state, section) {
        Condition::NotOffered(reason) => format!("{reason}."),
        Condition::Failed(failure) => {
            format!("{}; {}.", failure.headline(), failure.advice())
        }
        Condition::Loading => format!("Reading{}", view.glyphs.ellipsis),
        Condition::Paused => "Polling is paused: this was not read.".into(),
        Condition::Read if pane.totals[section as usize] > 0 => {
            "None fits the filter. Esc clears it.".into()
        }
        Condition::Read => "There are none.".into(),
    }
}

fn body(view: View<'_>, section: Section, area: Rect, buffer: &mut Buffer) {
    let pane = &view.state.panes.parts;
    let all = &pane.rows[section as usize];
    if area.is_empty() {
        return;
    }
    if all.is_empty() {
        let beside = Rect {
            x: area.x + 2,
            width: area.width.saturating_sub(2),
            ..area
        };
        return sentence(view, &empty(view, section), beside, buffer);
    }
    let cursor = &pane.cursors[section as usize];
    let is_focused = pane.section == section;
    let offset = if is_focused {
        cursor.offset.min(all.len() - 1)
    } else {
        0
    };
    let visible = usize::from(area.height.saturating_sub(1));
    let rows: Vec<_> = all.iter().skip(offset).take(visible).collect();
    let rows: Vec<_> = rows.into_iter().map(|row| cells(view, row)).collect();
    let selection = Selection {
        row: cursor.row.checked_sub(offset).filter(|_| is_focused),
        focused: !pane.is_open,
    };
    table::draw(view, &columns(section), &rows, selection, area, buffer);
}

fn cells<'a>(view: View<'a>, row: &'a PartRow) -> Vec<Cell<'a>> {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let glyph = glyphs.status(&row.status, Overlay::None);
    let word = fit(row.word.as_str(), 9, glyphs.ellipsis);
    let age = row
        .at
        .map(|at| Short(since(at, view.state.now)).to_string());
    vec![
        Cell::new(
            format!("{glyph} {word}"),
            theme.status(&row.status, Overlay::None),
        ),
        Cell::new(row.name.as_str(), theme.plain()),
        Cell::new(row.place.as_str(), theme.dim()),
        Cell::new(age.unwrap_or_default(), theme.dim()),
        Cell::new(row.about.as_str(), theme.plain()),
    ]
}

/// The section with the focus, and the selected row of it with everything that is known.
fn in_full(view: View<'_>, area: Rect, buffer: &mut Buffer) {
    let pane = &view.state.panes.parts;
    heading(view, pane.section, false, area, buffer);
    let room = usize::from(area.height);
    let list = u16::try_from(list_height(pane, room.saturating_sub(1))).unwrap_or(u16::MAX);
    let list = Rect {
        y: area.y + 1,
        height: list.min(area.height.saturating_sub(1)),
        ..area
    };
    body(view, pane.section, list, buffer);
    let Some(row) = pane.selected() else { return };
    let rule = Line::from(vec![
        Span::styled(format!(" {} ", view.glyphs.rule), view.theme.dim()),
        Span::styled(row.name.as_str(), view.theme.title(true)),
    ]);
    let ellipsis = view.glyphs.ellipsis;
    if list.bottom() < area.bottom() {
        draw_line(&rule, (area.x, list.bottom()), area.width, ellipsis, buffer);
    }
    let shown = detail_rows(pane, room);
    let all = selected_lines(view.state);
    let offset = pane.offset.min(all.len().saturating_sub(shown));
    let lines = all.iter().skip(offset).take(shown);
    for (y, (label, value)) in (list.bottom() + 1..area.bottom()).zip(lines) {
        let line = Line::from(vec![
            Span::styled(format!("   {:<16} ", label.as_str()), view.theme.dim()),
            Span::raw(words(view, value)),
        ]);
        draw_line(&line, (area.x, y), area.width, ellipsis, buffer);
    }
}
