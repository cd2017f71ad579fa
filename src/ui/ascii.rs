//! The last pass of the ASCII look: whatever is still not ASCII gets a stand-in.
//!
//! Glyphs are chosen by the look before; this is for foreign text (names, log lines) and for the
//! marks inside sentences.

use ratatui::buffer::Buffer;

/// Replaces every character that is not ASCII. A wide one leaves a blank beside its stand-in, so
/// that nothing moves.
pub(super) fn only(buffer: &mut Buffer) {
    let strange = buffer
        .content
        .iter_mut()
        .filter(|cell| !cell.symbol().is_ascii());
    for cell in strange {
        let first = cell.symbol().chars().next().unwrap_or(' ');
        cell.set_symbol(stand_in(first));
    }
}

fn stand_in(c: char) -> &'static str {
    match c {
        '…' => "~",
        '–' | '—' | '−' | '‐' | '‑' | '─' | '━' => "-",
        '│' | '┃' => "|",
        '↑' => "^",
        '↓' => "v",
        '←' | '◂' => "<",
        '→' | '▸' => ">",
        '·' | '•' | '●' => "*",
        '‘' | '’' => "'",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '×' => "x",
        '\u{a0}' => " ",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn what_is_not_ascii_gets_a_stand_in_of_the_same_width() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 16, 1));
        buffer.set_string(0, 0, "a…b – 日本 é→👩‍👧|", Style::new());
        only(&mut buffer);
        let text: String = buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert_eq!(text, "a~b - ? ?  ?>? |");
    }
}
