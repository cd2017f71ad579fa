//! What would be applied: how each variable was, how it is now, what it shall be.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{found, keys};
use crate::app::panes::variables::{Choice, Finding, Line as Reviewed, Review, Wish};
use crate::ui::View;
use crate::ui::dialogs::dialog;
use crate::ui::text::{fit, width};

/// Rows of the dialog beside its lines: frame, titles, blanks, keys.
const OTHER_ROWS: usize = 7;
/// Columns of a state and the gap after it.
const STATE: usize = 10;
/// Columns beside names and states: frame, marks, the longest verdict.
const OTHER_COLUMNS: usize = 35;
/// A screen of fewer columns shows how a variable is, and not how it was: what differs is said.
const ROOMY: u16 = 76;

pub(super) fn draw(view: View<'_>, open: &Review, buffer: &mut Buffer) {
    let mut lines = vec![Line::default()];
    match &open.lines {
        None => lines.push(waiting(view, open)),
        Some(reviewed) => lines.extend(table(view, open, reviewed, buffer)),
    }
    lines.push(Line::default());
    lines.push(answer(view, open));
    let text = format!(" Review {} {} ", view.glyphs.dot, open.title);
    let title = Span::styled(text, view.theme.title(true));
    dialog(view, Line::from(title), &lines, buffer);
}

fn waiting<'a>(view: View<'a>, open: &Review) -> Line<'a> {
    let known = view.state.inventory.vault.of(&open.of);
    let failure = known.and_then(|known| known.load.failure());
    match failure {
        Some(failure) => Line::from(vec![
            Span::styled(format!("{}; ", failure.headline()), view.theme.bad()),
            Span::raw("it is tried again"),
        ]),
        None => Line::from(format!(
            "reading the platform anew, somebody else may have changed something{}",
            view.glyphs.ellipsis
        )),
    }
}

fn table<'a>(
    view: View<'a>,
    open: &Review,
    reviewed: &'a [Reviewed],
    buffer: &Buffer,
) -> Vec<Line<'a>> {
    let states: &[&str] = if buffer.area.width < ROOMY {
        &["IS"]
    } else {
        &["WAS", "IS", "SHALL BE"]
    };
    let longest = reviewed
        .iter()
        .map(|line| width(line.edit.slot.name.as_str()));
    let most = usize::from(buffer.area.width)
        .saturating_sub(OTHER_COLUMNS + states.len() * STATE)
        .max(8);
    let name = longest.max().unwrap_or(0).clamp(4, most);
    let titles: Vec<_> = states
        .iter()
        .map(|title| format!("{title:STATE$}"))
        .collect();
    let titles = titles.concat();
    let head = format!("    {:name$}  {titles}", "NAME");
    let mut lines = vec![Line::from(Span::styled(head, view.theme.column()))];
    let rows = usize::from(buffer.area.height)
        .saturating_sub(OTHER_ROWS)
        .max(1);
    let from = (open.selected + 1).saturating_sub(rows);
    let shown = reviewed.iter().enumerate().skip(from).take(rows);
    lines.extend(shown.map(|(at, line)| row(view, line, at == open.selected, name, states.len())));
    lines
}

fn row<'a>(
    view: View<'a>,
    line: &'a Reviewed,
    selected: bool,
    name: usize,
    states: usize,
) -> Line<'a> {
    let theme = view.theme;
    let mark = if selected { view.glyphs.selected } else { " " };
    let title = fit(line.edit.slot.name.as_str(), name, view.glyphs.ellipsis);
    let pad = " ".repeat(name.saturating_sub(width(&title)));
    let mut spans = vec![
        Span::styled(format!("{mark} "), theme.accent()),
        Span::styled(format!("{} ", line.edit.mark()), theme.warning()),
        Span::styled(format!("{title}{pad}  "), theme.title(selected)),
    ];
    let (was, is) = (found(view, &line.edit.was), found(view, &line.now));
    let all = [
        (was, theme.dim()),
        (is, theme.dim()),
        (wish(view, &line.edit.wish), theme.plain()),
    ];
    let all = all.get(if states == 1 { 1..2 } else { 0..3 });
    let all = all.unwrap_or_default().iter();
    spans.extend(all.map(|(word, style)| Span::styled(format!("{word:STATE$}"), *style)));
    let (verdict, style) = verdict(view, line);
    spans.push(Span::styled(verdict, style));
    Line::from(spans)
}

fn wish(view: View<'_>, wish: &Wish) -> &'static str {
    match wish {
        Wish::Set(_) => view.glyphs.mask,
        Wish::Unset => "absent",
    }
}

fn verdict(view: View<'_>, line: &Reviewed) -> (&'static str, Style) {
    let theme = view.theme;
    match line.finding {
        Finding::AsItWas => ("", theme.plain()),
        Finding::Met => ("is so already", theme.dim()),
        Finding::Conflict(Choice::Open) => ("CONFLICT, decide", theme.bad()),
        Finding::Conflict(Choice::Mine) => ("conflict: mine", theme.warning()),
        Finding::Conflict(Choice::Theirs) => ("conflict: theirs", theme.warning()),
    }
}

/// The safe answer stands first.
fn answer<'a>(view: View<'a>, open: &Review) -> Line<'a> {
    if open.lines.is_none() {
        return keys(view, &[("Esc", "leave")]);
    }
    let lines = open.lines.iter().flatten();
    let mut conflicts = lines.filter(|line| matches!(line.finding, Finding::Conflict(_)));
    if conflicts.next().is_some() {
        let offered = [
            ("Esc", "leave"),
            ("m", "mine"),
            ("t", "theirs"),
            ("A", "go on"),
        ];
        keys(view, &offered)
    } else {
        keys(view, &[("Esc", "leave"), ("A", "go on to the question")])
    }
}
