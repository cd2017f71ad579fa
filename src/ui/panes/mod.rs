//! The panes, one file each.

pub(crate) mod activity;
pub(crate) mod apps;
pub(crate) mod backup_fleet;
pub(crate) mod backups;
pub(crate) mod detail;
pub(crate) mod environments;
pub(crate) mod logs;
pub(crate) mod operations;
pub(crate) mod parts;
pub(crate) mod sidebar;
pub(crate) mod variables;
pub(crate) mod watch;

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};

use super::View;
use super::text::{join_fitting, line_width};
use crate::app::age::{Short, since};
use crate::app::layout::Layout;
use crate::app::loadable::Load;
use crate::app::screen::Pane;
use crate::model::Failure;

/// Draws a pane with its frame.
pub(crate) fn draw(view: View<'_>, pane: Pane, layout: &Layout, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    match pane {
        Pane::Apps => apps::draw(view, area, buffer),
        Pane::Environments => environments::draw(view, layout.tabs, area, buffer),
        Pane::Logs => logs::draw(view, layout.tabs, area, buffer),
        Pane::Backups => backups::draw(view, layout.tabs, area, buffer),
        Pane::Detail => detail::draw(view, layout.tabs, area, buffer),
        Pane::BackupFleet => backup_fleet::draw(view, area, buffer),
        Pane::Variables => variables::draw(view, area, buffer),
        Pane::Activity => activity::draw(view, area, buffer),
        Pane::Operations => operations::draw(view, area, buffer),
        Pane::Parts => parts::draw(view, area, buffer),
    }
}

/// A frame with a title on the left and the state of the pane on the right; gives the inside.
pub(crate) fn frame(
    view: View<'_>,
    title: &str,
    state: Vec<Part<'_>>,
    focused: bool,
    area: Rect,
    buffer: &mut Buffer,
) -> Rect {
    let title = Line::from(Span::styled(
        format!(" {title} "),
        view.theme.title(focused),
    ));
    framed(view, title, state, focused, area, buffer)
}

/// The frame of a pane that may share its place with others: then it carries all their titles.
pub(crate) fn tabbed(
    view: View<'_>,
    pane: Pane,
    title: &str,
    state: Vec<Part<'_>>,
    tabs: bool,
    area: Rect,
    buffer: &mut Buffer,
) -> Rect {
    let focused = view.state.screen.focus == pane;
    if !tabs {
        return frame(view, title, state, focused, area, buffer);
    }
    let mut spans = vec![Span::raw(" ")];
    for (i, tab) in Pane::TABS.into_iter().enumerate() {
        if i > 0 {
            spans.push(Span::styled(
                format!(" {} ", view.glyphs.tab),
                view.theme.dim(),
            ));
        }
        let style = if tab == pane {
            view.theme.accent()
        } else {
            view.theme.dim()
        };
        let title = match tab {
            Pane::Environments => crate::app::panes::environments::heading(view.state).into(),
            Pane::Apps
            | Pane::Logs
            | Pane::Backups
            | Pane::Detail
            | Pane::BackupFleet
            | Pane::Variables
            | Pane::Activity
            | Pane::Operations
            | Pane::Parts => Cow::Borrowed(tab.title()),
        };
        spans.push(Span::styled(title, style));
    }
    spans.push(Span::raw(" "));
    framed(view, Line::from(spans), state, focused, area, buffer)
}

fn framed(
    view: View<'_>,
    title: Line<'_>,
    state: Vec<Part<'_>>,
    focused: bool,
    area: Rect,
    buffer: &mut Buffer,
) -> Rect {
    let room = usize::from(area.width).saturating_sub(line_width(&title) + 4);
    let set = if focused {
        view.glyphs.frame_focused
    } else {
        view.glyphs.frame
    };
    let mut block = Block::bordered()
        .border_set(set)
        .border_style(view.theme.frame(focused))
        .title(title);
    // What does not fit is left out whole: half of it could mean something else.
    let mut shown = join_fitting(state, 2, room.saturating_sub(2));
    if line_width(&shown) > 0 {
        shown.spans.insert(0, Span::raw(" "));
        shown.spans.push(Span::raw(" "));
        block = block.title(shown.right_aligned());
    }
    let inside = block.inner(area);
    block.render(area, buffer);
    inside
}

/// `loading…`, `failed: 502`, `14m old`; empty while all is well.
pub(crate) fn condition<'a>(view: View<'_>, load: Option<&Load>) -> Vec<Part<'a>> {
    let Some(load) = load else { return Vec::new() };
    // What is not offered did not fail: the pane says why where its rows would be.
    let is_offered = |failure: &&Failure| !matches!(failure, Failure::Unsupported { .. });
    if let Some(failure) = load.failure().filter(is_offered) {
        let age = load.fetched_at.map(|at| Short(since(at, view.state.now)));
        let failed = part(format!("failed: {}", failure.short()), view.theme.bad());
        let old = age.map(|age| part(format!("{age} old"), view.theme.dim()));
        return [Some(failed), old].into_iter().flatten().collect();
    }
    if load.is_loading() && load.fetched_at.is_none() {
        return vec![part(
            format!("loading{}", view.glyphs.ellipsis),
            view.theme.dim(),
        )];
    }
    Vec::new()
}

/// Why there is nothing, and what to do about it. What is not offered says so itself: its reason
/// names where else to look.
pub(crate) fn explained(failure: &Failure) -> String {
    match failure {
        Failure::Unsupported { reason, .. } => format!("{reason}."),
        Failure::Auth(_)
        | Failure::NotFound { .. }
        | Failure::RateLimited { .. }
        | Failure::Conflict(_)
        | Failure::Validation(_)
        | Failure::ReadOnly
        | Failure::Server { .. }
        | Failure::Network { .. }
        | Failure::Decode { .. }
        | Failure::Local { .. }
        | Failure::Cancelled => format!("{}; {}.", failure.headline(), failure.advice()),
    }
}

/// A piece of a pane's state; pieces are shown in order, as many as there is room for.
pub(crate) type Part<'a> = Vec<Span<'a>>;

/// A piece of one style.
pub(crate) fn part<'a>(text: impl Into<Cow<'a, str>>, style: Style) -> Part<'a> {
    vec![Span::styled(text, style)]
}
