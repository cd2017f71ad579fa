//! What an operation needs to know.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{input, keys_line, panel, titled};
use crate::app::form::{Condition, Entry, FormField, FormState, Hidden, Picker};
use crate::app::menu::titled as subject;
use crate::model::catalogue::{FieldKind, Need, Pick};
use crate::ui::View;
use crate::ui::sentence::wrapped;
use crate::ui::text::{fit, width};

/// Columns of the box.
const COLUMNS: u16 = 84;
/// Stands for a character that must not be seen.
const MASK: &str = "*";
/// So many entries of a list are in sight.
const LIST: usize = 6;

/// Lines of the form; which of them have to be in sight, and which one carries the bar of a list.
struct Lines<'a> {
    all: Vec<Line<'a>>,
    focus: (usize, usize),
    bar: Option<usize>,
}

impl Lines<'_> {
    /// A sentence below a field, in as many lines as it takes.
    fn say(&mut self, view: View<'_>, text: &str, label: usize, columns: usize, style: Style) {
        let by = indent(label, columns);
        let lines = wrapped(view, text, columns.saturating_sub(by)).into_iter();
        let lines = lines
            .map(|text| Line::from(vec![Span::raw(" ".repeat(by)), Span::styled(text, style)]));
        self.all.extend(lines);
    }
}

pub(super) fn draw(view: View<'_>, form: &FormState, buffer: &mut Buffer) {
    let columns = COLUMNS.min(buffer.area.width);
    let inside = usize::from(columns.saturating_sub(4));
    let lines = lines(view, form, inside);
    let title = titled(view, form.recipe.name, subject(&form.targets));
    let (body, keys) = panel(view, title, (columns, lines.all.len()), buffer);
    let hints = hints(form);
    let line = keys_line(view, &hints, keys.width);
    buffer.set_line(keys.x, keys.y, &line, keys.width);
    let room = usize::from(body.height);
    // The focused field is in sight to its end, but its name before that.
    let (from, to) = lines.focus;
    let first = to.saturating_sub(room).min(from);
    let shown = lines.all.iter().enumerate().skip(first);
    for (y, (at, line)) in (body.y..body.bottom()).zip(shown) {
        buffer.set_line(body.x, y, line, body.width);
        if lines.bar == Some(at) {
            let bar = Rect {
                y,
                height: 1,
                ..body
            };
            view.theme.select(true, bar, buffer);
        }
    }
}

fn hints(form: &FormState) -> Vec<(&'static str, &'static str)> {
    let enter = if form.is_at_end() { "goes on" } else { "next" };
    let own: &[(&str, &str)] = match form.focused().map(|field| field.field.kind) {
        Some(FieldKind::Flag) => &[("Space", "yes or no")],
        Some(FieldKind::Choice(_)) => &[("← →", "choose")],
        Some(FieldKind::Some(_)) => &[("Space", "choose or not")],
        Some(FieldKind::Pick(_)) => &[("↑ ↓", "choose")],
        Some(FieldKind::Count { .. }) => &[("↑ ↓", "count")],
        Some(FieldKind::Text | FieldKind::Secret | FieldKind::Time | FieldKind::Pairs) | None => {
            &[]
        }
    };
    let all = [("Enter", enter), ("Esc", "closes, keeps")];
    let rest = [("Tab", "next field")];
    all.iter().chain(own).chain(&rest).copied().collect()
}

fn lines<'a>(view: View<'a>, form: &'a FormState, columns: usize) -> Lines<'a> {
    let names = form.fields.iter().map(|field| width(field.field.name));
    let label = names.max().unwrap_or(0);
    let mut lines = Lines {
        all: vec![
            Line::from(Span::styled(
                fit(form.recipe.about, columns, view.glyphs.ellipsis),
                view.theme.dim(),
            )),
            Line::default(),
        ],
        focus: (0, 1),
        bar: None,
    };
    for (at, field) in form.fields.iter().enumerate() {
        let is_focused = at == form.focus;
        let from = lines.all.len();
        lines
            .all
            .push(answer(view, field, is_focused, label, columns));
        if let Some(problem) = &field.problem {
            let text = format!("{} {problem}", view.glyphs.failed);
            lines.say(view, &text, label, columns, view.theme.bad());
        }
        if is_focused {
            more(view, field, label, columns, &mut lines);
            lines.focus = (from, lines.all.len());
        }
    }
    for problem in &form.problems {
        let text = format!("{} {problem}", view.glyphs.failed);
        let text = fit(&text, columns, view.glyphs.ellipsis);
        lines
            .all
            .push(Line::from(Span::styled(text, view.theme.bad())));
    }
    button(view, form, &mut lines);
    lines
}

fn button(view: View<'_>, form: &FormState, lines: &mut Lines<'_>) {
    let is_focused = form.focused().is_none();
    let style = if is_focused {
        view.theme.production()
    } else {
        view.theme.plain()
    };
    let text = format!("[ {}{} ]", form.recipe.name, view.glyphs.ellipsis);
    lines.all.push(Line::default());
    let from = lines.all.len();
    lines.all.push(Line::from(Span::styled(text, style)));
    if is_focused {
        lines.focus = (from, from + 1);
    }
}

/// `▸ name   the answer`.
fn answer<'a>(
    view: View<'a>,
    field: &'a FormField,
    is_focused: bool,
    label: usize,
    columns: usize,
) -> Line<'a> {
    let (mark, style) = if is_focused {
        (view.glyphs.selected, view.theme.accent())
    } else {
        (" ", view.theme.dim())
    };
    let name = format!("{mark} {:label$}  ", field.field.name);
    let room = columns.saturating_sub(width(&name));
    let mut spans = vec![Span::styled(name, style)];
    match &field.entry {
        Entry::Line(line) => spans.extend(typed(view, line, is_focused, room, None)),
        Entry::Hidden(Hidden(line)) => {
            spans.extend(typed(view, line, is_focused, room, Some(MASK)));
        }
        Entry::Flag(is_on) => spans.push(Span::raw(if *is_on { "[x] yes" } else { "[ ] no" })),
        Entry::Choice(place) => spans.extend(choice(view, field.field.kind, *place, room)),
        Entry::Pick(picker) => spans.push(chosen(view, picker, room)),
    }
    Line::from(spans)
}

fn typed<'a>(
    view: View<'a>,
    line: &Input,
    is_focused: bool,
    room: usize,
    mask: Option<&str>,
) -> Vec<Span<'a>> {
    if is_focused {
        input::spans(view, line, room, mask)
    } else {
        vec![input::plain(view, line, room, mask)]
    }
}

fn choice(view: View<'_>, kind: FieldKind, place: Option<usize>, room: usize) -> Vec<Span<'_>> {
    let word = match (kind, place) {
        (FieldKind::Choice(words), Some(at)) => words.get(at).copied(),
        _ => None,
    };
    let Some((word, about)) = word else {
        return vec![Span::styled(view.glyphs.none, view.theme.dim())];
    };
    let about = fit(
        about,
        room.saturating_sub(width(word) + 2),
        view.glyphs.ellipsis,
    );
    vec![
        Span::raw(word),
        Span::styled(format!("  {about}"), view.theme.dim()),
    ]
}

fn chosen<'a>(view: View<'a>, picker: &Picker, room: usize) -> Span<'a> {
    let titles: Vec<_> = picker.chosen.iter().map(|it| it.title.as_str()).collect();
    if titles.is_empty() {
        return Span::styled(view.glyphs.none, view.theme.dim());
    }
    Span::raw(fit(&titles.join(", "), room, view.glyphs.ellipsis))
}

/// What helps to answer the focused field.
fn more<'a>(
    view: View<'a>,
    field: &'a FormField,
    label: usize,
    columns: usize,
    lines: &mut Lines<'a>,
) {
    let optional = if field.field.need == Need::Optional {
        "; may be left out"
    } else {
        ""
    };
    let bounds = match field.field.kind {
        FieldKind::Count { least, most } => format!(", from {least} to {most}"),
        FieldKind::Time => ": 2026-12-24, 30d, 12h, 2026-12-24T18:00:00Z".into(),
        FieldKind::Pairs => ": key=value key='two words'".into(),
        FieldKind::Text
        | FieldKind::Secret
        | FieldKind::Choice(_)
        | FieldKind::Flag
        | FieldKind::Pick(_)
        | FieldKind::Some(_) => String::new(),
    };
    let about = format!("{}{bounds}{optional}", field.about);
    let dim = view.theme.dim();
    lines.say(view, &about, label, columns, dim);
    if let Entry::Pick(picker) = &field.entry {
        list(view, picker, label, columns, lines);
    }
}

/// Where there is little room, a sentence is worth more than its place.
fn indent(label: usize, columns: usize) -> usize {
    if columns < 60 { 2 } else { label + 4 }
}

fn list<'a>(
    view: View<'a>,
    picker: &'a Picker,
    label: usize,
    columns: usize,
    lines: &mut Lines<'a>,
) {
    if let Some(text) = condition(view, picker) {
        let style = match picker.condition {
            Condition::Failed(_) => view.theme.bad(),
            Condition::Ready
            | Condition::Loading
            | Condition::Paused
            | Condition::NotOffered(_) => view.theme.dim(),
        };
        lines.say(view, &text, label, columns, style);
    }
    if picker.all.is_empty() {
        return;
    }
    let by = indent(label, columns);
    let mut search = Line::from(Span::styled(
        format!("{}search: ", " ".repeat(by)),
        view.theme.dim(),
    ));
    let room = columns.saturating_sub(by + 8);
    search
        .spans
        .extend(input::spans(view, &picker.search, room, None));
    lines.all.push(search);
    let first = super::scrolled(picker.shown.len(), picker.row, LIST);
    let shown = picker.shown.iter().enumerate().skip(first).take(LIST);
    for (row, at) in shown {
        let Some(choice) = picker.all.get(*at) else {
            continue;
        };
        let mark = match (picker.has(&choice.chosen.id), picker.is_many) {
            (true, true) => "[x]",
            (false, true) => "[ ]",
            (true, false) => view.glyphs.done,
            (false, false) => " ",
        };
        let text = format!("{mark} {}  {}", choice.chosen.title, choice.note);
        let pointer = if row == picker.row && !picker.waits {
            lines.bar = Some(lines.all.len());
            view.glyphs.selected
        } else {
            " "
        };
        let text = fit(&text, columns.saturating_sub(by + 2), view.glyphs.ellipsis);
        lines.all.push(Line::from(vec![
            Span::styled(format!("{}{pointer} ", " ".repeat(by)), view.theme.accent()),
            Span::raw(text),
        ]));
    }
    if picker.shown.len() > LIST {
        let text = format!("{} of {}", picker.row + 1, picker.shown.len());
        lines.say(view, &text, label, columns, view.theme.dim());
    }
}

/// A sentence on how the list is doing, unless it speaks for itself.
fn condition(view: View<'_>, picker: &Picker) -> Option<String> {
    let what = plural(picker.pick);
    match &picker.condition {
        Condition::Ready if picker.all.is_empty() => {
            Some(format!("There are no {what} to choose from."))
        }
        Condition::Ready if picker.shown.is_empty() => {
            Some("Nothing fits. Backspace widens the search.".into())
        }
        Condition::Ready => None,
        Condition::Loading => Some(format!("reading the {what}{}", view.glyphs.ellipsis)),
        Condition::Paused => Some("polling is paused: the list is not read".into()),
        Condition::Failed(why) => Some(format!("could not be read: {why}")),
        Condition::NotOffered(why) => Some(format!("no list: {why}")),
    }
}

fn plural(pick: Pick) -> &'static str {
    match pick {
        Pick::Deployment => "deployments",
        Pick::Backup => "backups",
        Pick::Variable => "variables",
        Pick::Domain => "domains",
        Pick::Service => "services",
        Pick::ServiceKind => "kinds of services",
        Pick::Job => "jobs",
        Pick::JobRun => "runs",
        Pick::Unit => "instances",
        Pick::Event => "events",
        Pick::Maintenance => "maintenance runs",
        Pick::Organisation => "organisations",
    }
}
