//! The name of a protected context, typed to unlock it.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::dialog;
use crate::app::unlock::Unlock;
use crate::ui::View;

pub(super) fn draw(view: View<'_>, unlock: &Unlock, buffer: &mut Buffer) {
    let accent = view.theme.accent();
    let lines = [
        Line::default(),
        Line::from("For 10 minutes it can be changed; everything there asks one step more."),
        Line::default(),
        Line::from(vec![
            Span::styled("Esc", accent),
            Span::raw(" stay locked    "),
            Span::styled("Enter", accent),
            Span::raw(" unlock, once typed"),
        ]),
        Line::from(vec![
            Span::raw("type "),
            Span::styled(unlock.name.as_str(), view.theme.title(true)),
            Span::raw(": "),
            Span::raw(unlock.typed.value().to_owned()),
            Span::styled(" ", view.theme.production()),
        ]),
    ];
    let title = format!(" Unlock {}? ", unlock.name);
    let title = Line::from(Span::styled(title, view.theme.title(true)));
    dialog(view, title, &lines, buffer);
}
