//! Actions whose answers are plain text. Source: tsuru contract, section 3 C.
//!
//! Only the end tells how it ended: an `OK` of its own as the last line is success, and everything
//! else is not.

use super::{
    super::event::{Event, Piece},
    output,
};
/// All pieces of text of an action, oldest first, and when each is sent. What comes before a moment
/// does not depend on what comes after it.
pub(super) fn pieces(event: &Event) -> Vec<Piece> {
    let readable = |piece: &Piece| Piece {
        at: piece.at,
        text: output::readable(&piece.text),
    };
    let mut pieces: Vec<Piece> = event.pieces().iter().map(readable).collect();
    pieces.push(Piece {
        at: event.end,
        text: ending(event.error.as_deref()),
    });
    pieces
}

fn ending(error: Option<&str>) -> String {
    match error {
        None => "\nOK\n".to_owned(),
        Some(error) => format!("{}\n", error.trim_end_matches('\n')),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::event;

    fn check(error: Option<&str>, expected: &str) {
        let pieces = [
            (1, "Ran 48 tests\n\nOK\n"),
            (
                2,
                "{\"id\":\"5f\",\"status\":\"Pushed\",\"progress\":\"-\"}\n",
            ),
            (3, "rolling "),
            (4, "out\n"),
        ];
        let pieces = super::pieces(&event(&pieces, 9, error));
        let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(
            whole,
            format!("Ran 48 tests\n\nOK\n5f: Pushed -\nrolling out\n{expected}")
        );
        assert!(pieces.is_sorted_by_key(|piece| piece.at));
    }

    #[test]
    fn only_the_end_tells_how_it_ended() {
        check(None, "\nOK\n");
        check(
            Some("\n---- ERROR during deploy: ----\nno way\n"),
            "\n---- ERROR during deploy: ----\nno way\n",
        );
    }
}
