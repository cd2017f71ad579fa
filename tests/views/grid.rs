//! A screen as text: the characters, then the styles.

use std::fmt::Write as _;

use flightdeck::app::State;
use flightdeck::ui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier, Style};

/// Draws the state on a screen of its size.
pub(crate) fn drawn(state: &State) -> Buffer {
    let size = state.screen.size;
    drawn_on(state, size.width, size.height)
}

/// Draws the state on a screen of any size.
pub(crate) fn drawn_on(state: &State, width: u16, height: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view(state, frame)).unwrap();
    terminal.backend().buffer().clone()
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    let width = usize::from(buffer.area.width).max(1);
    buffer.content.chunks(width)
}

/// The characters alone.
pub(crate) fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for row in rows(buffer) {
        let mut line = String::new();
        let mut covered = 0;
        for cell in row {
            // What a wide character covers is not a blank of its own.
            if covered == 0 {
                line.push_str(cell.symbol());
                covered = unicode_width::UnicodeWidthStr::width(cell.symbol());
            }
            covered = covered.saturating_sub(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The characters, then each row's styles as runs (`12a` is twelve cells of style a, `.` is plain
/// text), then what the letters mean.
pub(crate) fn styled(buffer: &Buffer) -> String {
    let mut legend: Vec<Style> = Vec::new();
    let mut out = text(buffer);
    out.push_str("\nstyles\n");
    for (number, row) in rows(buffer).enumerate() {
        let letters = row.iter().map(|cell| letter(cell.style(), &mut legend));
        let runs = runs(letters);
        if !runs.is_empty() {
            let _written = writeln!(out, "{number:2} {runs}");
        }
    }
    for (number, style) in legend.iter().enumerate() {
        let _written = writeln!(out, "{} = {}", name(number), words(*style));
    }
    out
}

fn letter(style: Style, legend: &mut Vec<Style>) -> char {
    if words(style).is_empty() {
        return '.';
    }
    let known = legend.iter().position(|other| *other == style);
    name(known.unwrap_or_else(|| {
        legend.push(style);
        legend.len() - 1
    }))
}

fn name(number: usize) -> char {
    let letters = ('a'..='z').chain('A'..='Z').nth(number);
    letters.unwrap_or_else(|| panic!("{number} styles on one screen"))
}

fn runs(letters: impl Iterator<Item = char>) -> String {
    let mut runs: Vec<(usize, char)> = Vec::new();
    for letter in letters {
        match runs.last_mut() {
            Some((count, last)) if *last == letter => *count += 1,
            Some(_) | None => runs.push((1, letter)),
        }
    }
    if runs.last().is_some_and(|(_, letter)| *letter == '.') {
        runs.pop();
    }
    let words: Vec<_> = runs
        .iter()
        .map(|(count, letter)| format!("{count}{letter}"))
        .collect();
    words.join(" ")
}

fn words(style: Style) -> String {
    let colour = |what: &str, colour: Option<Color>| {
        colour
            .filter(|colour| *colour != Color::Reset)
            .map(|colour| format!("{what} {colour}"))
    };
    let modifiers = [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ];
    let modifiers = modifiers
        .into_iter()
        .filter(|(modifier, _)| style.add_modifier.contains(*modifier))
        .map(|(_, word)| word.to_owned());
    let colours = [colour("on", style.bg), colour("in", style.fg)];
    let all = modifiers.chain(colours.into_iter().flatten());
    all.collect::<Vec<_>>().join(" ")
}
