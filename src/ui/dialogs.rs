//! What stands over the panes: questions and help.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

use super::View;
use super::text::{draw_line, fit, line_width, width};
use crate::app::confirm::{Confirm, Tier};
use crate::app::help::{HelpState, keys_of};
use crate::app::screen::Overlay;
use crate::model::Class;

/// Draws the overlay, if there is one.
pub(crate) fn draw(view: View<'_>, buffer: &mut Buffer) {
    match &view.state.screen.overlay {
        Some(Overlay::Help(help)) => draw_help(view, help, buffer),
        Some(Overlay::Confirm(confirm)) if confirm.tier != Tier::One => {
            draw_confirm(view, confirm, buffer);
        }
        Some(Overlay::Confirm(_)) | None => {}
        Some(Overlay::Quit) => draw_quit(view, buffer),
    }
}

/// As many lines as there is room for: blank ones go first, the last one, which says what the keys
/// do, never.
fn shortened<'a>(lines: &[Line<'a>], room: usize) -> Vec<Line<'a>> {
    let mut lines = lines.to_vec();
    if lines.len() > room {
        lines.retain(|line| line_width(line) > 0);
    }
    while lines.len() > room.max(1) {
        lines.remove(lines.len() - 2);
    }
    lines
}

/// A centred box as wide as its longest line; gives the area inside its frame.
fn dialog(view: View<'_>, title: Line<'_>, lines: &[Line<'_>], buffer: &mut Buffer) {
    let lines = shortened(lines, usize::from(buffer.area.height.saturating_sub(2)));
    let longest = lines
        .iter()
        .map(line_width)
        .chain([line_width(&title) + 2])
        .max()
        .unwrap_or(0);
    let screen = buffer.area;
    let columns = u16::try_from(longest + 4)
        .unwrap_or(u16::MAX)
        .min(screen.width);
    let rows = u16::try_from(lines.len() + 2)
        .unwrap_or(u16::MAX)
        .min(screen.height);
    let area = centred(screen, columns, rows);
    let inside = boxed(view, title, area, buffer);
    for (y, line) in (inside.y..inside.bottom()).zip(&lines) {
        let room = inside.width.saturating_sub(2);
        draw_line(line, (inside.x + 1, y), room, view.glyphs.ellipsis, buffer);
    }
}

fn boxed(view: View<'_>, title: Line<'_>, area: Rect, buffer: &mut Buffer) -> Rect {
    Clear.render(area, buffer);
    let block = Block::bordered()
        .border_set(view.glyphs.frame_focused)
        .border_style(view.theme.frame(true))
        .title(title);
    let inside = block.inner(area);
    block.render(area, buffer);
    inside
}

fn centred(screen: Rect, columns: u16, rows: u16) -> Rect {
    Rect {
        x: screen.x + (screen.width - columns) / 2,
        y: screen.y + (screen.height - rows) / 2,
        width: columns,
        height: rows,
    }
}

fn draw_confirm(view: View<'_>, confirm: &Confirm, buffer: &mut Buffer) {
    let operation = &confirm.operation;
    let mut title = vec![Span::styled(
        format!(" {} {} ", operation.kind.verb(), operation.target.title),
        view.theme.title(true),
    )];
    if let Some(class) = operation.target.class {
        let style = if class == Class::Production {
            view.theme.production()
        } else {
            view.theme.dim()
        };
        title.push(Span::styled(format!(" {} ", class.word()), style));
        title.push(Span::raw(" "));
    }
    let label = confirm
        .facts
        .iter()
        .map(|(label, _)| width(label))
        .max()
        .unwrap_or(0);
    let mut lines = vec![Line::default()];
    lines.extend(confirm.facts.iter().map(|(name, value)| {
        Line::from(vec![
            Span::styled(format!("{name:label$}  "), view.theme.dim()),
            Span::raw(value.to_string()),
        ])
    }));
    lines.push(Line::default());
    lines.extend(answer(view, confirm));
    dialog(view, Line::from(title), &lines, buffer);
}

/// The safe answer stands first.
fn answer<'a>(view: View<'a>, confirm: &Confirm) -> Vec<Line<'a>> {
    let accent = view.theme.accent();
    if confirm.tier == Tier::Three {
        let keys = Line::from(vec![
            Span::styled("Esc", accent),
            Span::raw(" cancel    "),
            Span::styled("Enter", accent),
            Span::raw(format!(" {}, once typed", confirm.operation.kind.verb())),
        ]);
        let field = Line::from(vec![
            Span::raw("type "),
            Span::styled(confirm.name.to_string(), view.theme.title(true)),
            Span::raw(": "),
            Span::raw(confirm.typed.value().to_owned()),
            Span::styled(" ", view.theme.production()),
        ]);
        return vec![keys, field];
    }
    let is_armed = confirm.is_armed(view.state.now);
    let yes = if is_armed { accent } else { view.theme.dim() };
    vec![Line::from(vec![
        Span::styled("n", accent),
        Span::raw(" or "),
        Span::styled("Enter", accent),
        Span::raw(" cancel    "),
        Span::styled("y", yes),
        Span::styled(
            format!(" {}", confirm.operation.kind.verb()),
            if is_armed {
                view.theme.plain()
            } else {
                view.theme.dim()
            },
        ),
    ])]
}

fn draw_quit(view: View<'_>, buffer: &mut Buffer) {
    let mut lines = vec![Line::default()];
    lines.extend(view.state.operations.running().map(|entry| {
        Line::from(format!(
            "{} {} {}",
            view.glyphs.changing,
            entry.operation.kind.verb(),
            entry.operation.target.title
        ))
    }));
    lines.extend(view.state.transfers.running().map(|entry| {
        let (glyph, title) = (view.glyphs.down, &entry.target.title);
        Line::from(format!(
            "{glyph} download {title}, which goes on when asked for again"
        ))
    }));
    if lines.len() == 1 {
        lines.push(Line::from("All of them have ended meanwhile."));
    }
    lines.extend([
        Line::default(),
        Line::from("What the platform has taken goes on there; flightdeck will not see its end."),
        Line::default(),
        Line::from(vec![
            Span::styled("any key", view.theme.accent()),
            Span::raw(" stay    "),
            Span::styled("y", view.theme.accent()),
            Span::raw(" quit"),
        ]),
    ]);
    let title = Span::styled(" Quit while operations run? ", view.theme.title(true));
    dialog(view, Line::from(title), &lines, buffer);
}

fn draw_help(view: View<'_>, help: &HelpState, buffer: &mut Buffer) {
    let screen = buffer.area;
    let area = centred(
        screen,
        screen.width.min(88),
        screen.height.saturating_sub(2).max(screen.height.min(6)),
    );
    let title = Line::from(Span::styled(
        format!(" Keys in {} ", view.state.screen.focus.title()),
        view.theme.title(true),
    ));
    let inside = boxed(view, title, area, buffer);
    if inside.height < 2 {
        return;
    }
    let search = Line::from(vec![
        Span::styled("search: ", view.theme.dim()),
        Span::raw(help.search.value().to_owned()),
        Span::styled(" ", view.theme.production()),
        Span::styled("   Enter runs, Esc closes", view.theme.dim()),
    ]);
    buffer.set_line(
        inside.x + 1,
        inside.y,
        &search,
        inside.width.saturating_sub(1),
    );
    let rows = help.rows.iter().enumerate().skip(help.offset);
    for (y, (i, action)) in (inside.y + 2..inside.bottom()).zip(rows) {
        let line = help_line(view, *action, usize::from(inside.width));
        buffer.set_line(inside.x, y, &line, inside.width);
        if i == help.selected {
            buffer.set_string(inside.x, y, view.glyphs.selected, view.theme.accent());
            let bar = Rect {
                y,
                height: 1,
                ..inside
            };
            view.theme.select(true, bar, buffer);
        }
    }
    if help.rows.is_empty() {
        let at = Rect {
            y: inside.y + 2,
            height: inside.height.saturating_sub(2),
            ..inside
        };
        super::sentence::sentence(
            view,
            "No key does that. Backspace widens the search.",
            at,
            buffer,
        );
    }
}

fn help_line(view: View<'_>, action: crate::app::action::Action, columns: usize) -> Line<'_> {
    let row = action.row();
    let refusal = row
        .needs
        .zip(view.state.selected_context())
        .and_then(|(needs, context)| context.supports(needs).refusal());
    let keys = format!("  {:<12}", keys_of(action));
    let about = match refusal {
        Some(reason) => format!("not on this platform: {reason}"),
        None => row.about.to_owned(),
    };
    let style = if refusal.is_some() {
        view.theme.dim()
    } else {
        view.theme.plain()
    };
    let room = columns.saturating_sub(width(&keys) + 1);
    Line::from(vec![
        Span::styled(keys, view.theme.accent()),
        Span::styled(fit(&about, room, view.glyphs.ellipsis), style),
    ])
}
