//! A question before something is changed.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::dialog;
use crate::app::confirm::{Confirm, Tier};
use crate::model::Class;
use crate::ui::View;
use crate::ui::text::width;

pub(super) fn draw(view: View<'_>, confirm: &Confirm, buffer: &mut Buffer) {
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
