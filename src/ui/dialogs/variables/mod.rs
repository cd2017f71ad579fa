//! The dialogs of the view of variables. No value is shown but one that somebody asked to see.

mod choose;
mod field;
mod review;

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::dialog;
use crate::app::panes::variables::{Dialog, Found, Mend, NewDialog, NewField, Place, ValueDialog};
use crate::model::Class;
use crate::ui::View;

pub(super) fn draw(view: View<'_>, open: &Dialog, buffer: &mut Buffer) {
    match open {
        Dialog::Value(open) => value(view, open, buffer),
        Dialog::New(open) => new(view, open, buffer),
        Dialog::Review(open) => review::draw(view, open, buffer),
        Dialog::Choose(open) => choose::draw(view, open, buffer),
        Dialog::Mend(open) => mend(view, open, buffer),
    }
}

/// In one line, where there is no room for a dialog.
pub(crate) fn summary(open: &Dialog) -> String {
    match open {
        Dialog::Value(open) => format!("{}: Enter stages, Esc leaves", open.slot.name),
        Dialog::New(_) => "new variable: Enter stages, Esc leaves".into(),
        Dialog::Review(_) => "review: A applies, Esc leaves".into(),
        Dialog::Choose(_) => "compare: Enter chooses, Esc leaves".into(),
        Dialog::Mend(open) => format!("{}: e edits again, Esc drops", open.problem),
    }
}

/// What it is about, and how much that matters.
fn title<'a>(view: View<'a>, words: &str, place: &Place) -> Line<'a> {
    let text = format!(" {words} {} {} ", view.glyphs.dot, place.title);
    let mut title = vec![Span::styled(text, view.theme.title(true))];
    if let Some(class) = place.class {
        let style = if class == Class::Production {
            view.theme.production()
        } else {
            view.theme.dim()
        };
        title.push(Span::styled(format!(" {} ", class.word()), style));
        title.push(Span::raw(" "));
    }
    Line::from(title)
}

/// `Enter stage    Esc leave`.
fn keys<'a>(view: View<'a>, keys: &[(&'a str, &'a str)]) -> Line<'a> {
    let pairs = keys.iter().enumerate().flat_map(|(at, (key, word))| {
        let gap = if at == 0 { "" } else { "    " };
        [
            Span::raw(gap),
            Span::styled(*key, view.theme.accent()),
            Span::raw(format!(" {word}")),
        ]
    });
    Line::from(pairs.collect::<Vec<_>>())
}

fn labelled<'a>(view: View<'a>, label: &'a str, rest: Vec<Span<'a>>) -> Line<'a> {
    let mut spans = vec![Span::styled(format!("{label:9}  "), view.theme.dim())];
    spans.extend(rest);
    Line::from(spans)
}

/// How a variable was found, in a few masked words.
fn found(view: View<'_>, found: &Found) -> &'static str {
    match found {
        Found::Absent => "absent",
        Found::Value(_) => view.glyphs.mask,
        Found::Hidden(_) => "hidden",
    }
}

fn value(view: View<'_>, open: &ValueDialog, buffer: &mut Buffer) {
    let room = field::room(buffer);
    let now = Span::styled(found(view, &open.was), view.theme.dim());
    let show = if open.field.is_shown { "mask" } else { "show" };
    let lines = [
        Line::default(),
        labelled(view, "now", vec![now]),
        labelled(view, "new", field::secret(view, &open.field, room, true)),
        Line::default(),
        keys(
            view,
            &[("Esc", "leave"), ("Enter", "stage"), ("Ctrl-t", show)],
        ),
    ];
    let words = open.slot.name.to_string();
    dialog(view, title(view, &words, &open.place), &lines, buffer);
}

fn new(view: View<'_>, open: &NewDialog, buffer: &mut Buffer) {
    let room = field::room(buffer);
    let name = field::open(view, &open.name, room, open.at == NewField::Name);
    let value = field::secret(view, &open.value, room, open.at == NewField::Value);
    let tick = if open.is_sensitive { "[x]" } else { "[ ]" };
    let style = if open.at == NewField::Sensitive {
        view.theme.production()
    } else {
        view.theme.plain()
    };
    let tick = vec![
        Span::styled(tick, style),
        Span::styled(" Space: the platform hides it", view.theme.dim()),
    ];
    let problem = open.problem.unwrap_or_default();
    let lines = [
        Line::default(),
        labelled(view, "name", name),
        labelled(view, "value", value),
        labelled(view, "sensitive", tick),
        Line::from(Span::styled(problem, view.theme.bad())),
        keys(
            view,
            &[
                ("Esc", "leave"),
                ("Enter", "stage"),
                ("Tab", "next"),
                ("Ctrl-t", "show"),
            ],
        ),
    ];
    dialog(
        view,
        title(view, "new variable", &open.place),
        &lines,
        buffer,
    );
}

fn mend(view: View<'_>, open: &Mend, buffer: &mut Buffer) {
    let at = format!("line {}, column {}", open.problem.line, open.problem.column);
    let lines = [
        Line::default(),
        Line::from(vec![
            Span::styled(format!("{at}: "), view.theme.bad()),
            Span::raw(open.problem.problem),
        ]),
        Line::from("Nothing is staged. The text is kept until you leave."),
        Line::default(),
        keys(view, &[("e", "edit again"), ("Esc", "drop the text")]),
    ];
    let title = Span::styled(" The text is not understood ", view.theme.title(true));
    dialog(view, Line::from(title), &lines, buffer);
}
