//! A question before something is changed.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};

use super::{dialog, preview};
use crate::app::confirm::{Check, Confirm};
use crate::app::request::Order;
use crate::model::{Class, Operation, Text};
use crate::ui::View;
use crate::ui::text::{count, width};

/// Rows of the dialog that are not targets: frame, blank lines, facts, the question itself.
const OTHER_ROWS: usize = 8;
/// Rows of the frame.
const FRAME_ROWS: usize = 2;
/// Columns of the frame and its margin.
const OTHER_COLUMNS: usize = 4;

pub(super) fn draw(view: View<'_>, confirm: &Confirm, buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).saturating_sub(OTHER_COLUMNS);
    let told = preview::lines(view, confirm, columns);
    let mut lines = vec![Line::default()];
    lines.extend(facts(view, &confirm.request.facts));
    if confirm.request.targets() > 1 {
        let taken = confirm.request.facts.len() + told.len() + OTHER_ROWS;
        let room = usize::from(buffer.area.height).saturating_sub(taken);
        lines.extend(targets(view, confirm, room.max(1)));
    }
    let mut rest = told;
    rest.push(Line::default());
    rest.extend(condition(view, &confirm.check));
    rest.extend(offer(view, confirm));
    rest.extend(answer(view, confirm));
    // What speaks against it is never what there is no room for.
    let room = usize::from(buffer.area.height).saturating_sub(FRAME_ROWS + rest.len());
    lines.truncate(room);
    lines.append(&mut rest);
    dialog(view, title(view, confirm), &lines, buffer);
}

fn title<'a>(view: View<'a>, confirm: &Confirm) -> Line<'a> {
    let mut title = vec![Span::styled(
        format!(" {} ", confirm.request.title()),
        view.theme.title(true),
    )];
    let classes = confirm.request.operations.iter();
    if let Some(class) = classes.filter_map(|it| it.target.class).max() {
        title.push(class_of(view, class));
        title.push(Span::raw(" "));
    }
    Line::from(title)
}

fn class_of(view: View<'_>, class: Class) -> Span<'static> {
    let style = if class == Class::Production {
        view.theme.production()
    } else {
        view.theme.dim()
    };
    Span::styled(format!(" {} ", class.word()), style)
}

fn facts<'a>(view: View<'a>, facts: &'a [(Text, Text)]) -> impl Iterator<Item = Line<'a>> {
    let labels = facts.iter().map(|(label, _)| width(label.as_str()));
    let label = labels.max().unwrap_or(0);
    facts.iter().map(move |(name, value)| {
        Line::from(vec![
            Span::styled(format!("{:label$}  ", name.as_str()), view.theme.dim()),
            Span::raw(value.as_str()),
        ])
    })
}

/// The targets by context, as many as there is room for; the arrows show the others.
fn targets<'a>(view: View<'a>, confirm: &'a Confirm, room: usize) -> Vec<Line<'a>> {
    let mut lines = vec![Line::default()];
    let operations = &confirm.request.operations;
    let mut context = None;
    let shown = operations.iter().enumerate().skip(confirm.offset);
    for (at, operation) in shown {
        if lines.len() > room {
            break;
        }
        if context != Some(operation.target.context) {
            context = Some(operation.target.context);
            lines.push(heading(view, operation));
        }
        let mut spans = vec![Span::raw(format!("  {}", operation.target.title))];
        if let Some(class) = operation.target.class {
            spans.extend([Span::raw(" "), class_of(view, class)]);
        }
        if at == 0 && confirm.request.order == Order::CanaryFirst {
            spans.push(Span::styled("  first", view.theme.dim()));
        }
        lines.push(Line::from(spans));
    }
    if operations.len() > room {
        let text = format!(
            "  of {}; the arrow keys show the others",
            count(operations.len())
        );
        lines.push(Line::from(Span::styled(text, view.theme.dim())));
    }
    lines
}

fn heading<'a>(view: View<'a>, operation: &Operation) -> Line<'a> {
    let context = view.state.contexts.get(operation.target.context);
    let name = context.map_or("", |context| context.name.as_str());
    Line::from(Span::styled(name, view.theme.accent()))
}

/// That what is shown is being read again, or cannot be.
fn condition<'a>(view: View<'a>, check: &'a Check) -> Option<Line<'a>> {
    match check {
        Check::Fresh => None,
        Check::Reading(_) => Some(Line::from(Span::styled(
            format!(
                "reading it again, it may have changed{}",
                view.glyphs.ellipsis
            ),
            view.theme.changing(),
        ))),
        Check::Failed(why) => Some(Line::from(Span::styled(
            format!("it could not be read again: {why}"),
            view.theme.bad(),
        ))),
    }
}

fn offer<'a>(view: View<'a>, confirm: &Confirm) -> Option<Line<'a>> {
    let offer = confirm.offer.as_ref()?;
    let tick = if offer.is_taken { "[x]" } else { "[ ]" };
    Some(Line::from(vec![
        Span::styled("Tab", view.theme.accent()),
        Span::raw(format!(" {tick} {} first", offer.operation.kind.verb())),
    ]))
}

/// The safe answer stands first.
fn answer<'a>(view: View<'a>, confirm: &'a Confirm) -> Vec<Line<'a>> {
    let accent = view.theme.accent();
    let verb = confirm.request.verb();
    let is_armed = confirm.is_armed(view.state.now);
    if let Some(text) = &confirm.must_type {
        let keys = Line::from(vec![
            Span::styled("Esc", accent),
            Span::raw(" cancel    "),
            Span::styled("Enter", accent),
            Span::raw(format!(" {verb}, once typed")),
        ]);
        let field = Line::from(vec![
            Span::raw("type "),
            Span::styled(text.as_str(), view.theme.title(is_armed)),
            Span::raw(": "),
            Span::raw(confirm.typed.value().to_owned()),
            Span::styled(" ", view.theme.production()),
        ]);
        return vec![keys, field];
    }
    let counts = is_armed && confirm.is_settled();
    let (yes, word) = if counts {
        (accent, view.theme.plain())
    } else {
        (view.theme.dim(), view.theme.dim())
    };
    vec![Line::from(vec![
        Span::styled("n", accent),
        Span::raw(" or "),
        Span::styled("Enter", accent),
        Span::raw(" cancel    "),
        Span::styled("y", yes),
        Span::styled(format!(" {verb}"), word),
    ])]
}
