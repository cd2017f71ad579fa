//! What an action has written, as the log of the app has it.
//! Source: tsuru contract, sections 3 and 5 (Logs, Events).

use serde_json::Value;

use super::super::event::{Event, Piece};
use crate::sim::clock::Moment;

/// The lines that are complete by `now` and not empty, with the moment each was finished. What has
/// no newline at its end is a line when all is over. Why it failed is no part of it.
pub(super) fn lines(event: &Event, now: Moment) -> Vec<(Moment, String)> {
    let mut lines = Vec::new();
    let mut begun = String::new();
    let mut last = event.start;
    for Piece { at, text } in event.pieces().iter().filter(|piece| piece.at <= now) {
        begun.push_str(&readable(text));
        last = *at;
        while let Some((line, rest)) = begun.split_once('\n') {
            lines.push((*at, line.to_owned()));
            begun = rest.to_owned();
        }
    }
    if event.end <= now {
        lines.push((last, begun));
    }
    lines.retain(|(_, line)| !line.trim().is_empty());
    lines
}

/// A fragment as people read it: of a record of the container engine, what it says.
pub(super) fn readable(text: &str) -> String {
    match record(text) {
        Some(record) => {
            let part = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            format!("{}: {} {}\n", part("id"), part("status"), part("progress"))
        }
        None => text.to_owned(),
    }
}

/// The record of the container engine that a fragment is.
pub(super) fn record(text: &str) -> Option<Value> {
    let read = || serde_json::from_str::<Value>(text).ok();
    let is_object = text.starts_with('{');
    is_object.then(read).flatten().filter(Value::is_object)
}

#[cfg(test)]
mod tests {
    use super::{super::testing::event, *};

    const PIECES: [(i64, &str); 4] = [
        (1, "a\n\nb"),
        (2, " c\n"),
        (
            2,
            "{\"id\":\"5f\",\"status\":\"Pushing\",\"progress\":\"[=>]\"}\n",
        ),
        (3, "e"),
    ];

    fn check(error: Option<&str>, now: i64, expected: &[(i64, &str)]) {
        let lines = lines(&event(&PIECES, 5, error), Moment(now)).into_iter();
        let lines: Vec<(i64, String)> = lines.map(|(at, line)| (at.0, line)).collect();
        let expected = expected.iter().map(|(at, line)| (*at, (*line).to_owned()));
        assert_eq!(lines, expected.collect::<Vec<_>>());
    }

    #[test]
    fn lines_are_told_when_they_are_complete() {
        let told = [(1, "a"), (2, "b c"), (2, "5f: Pushing [=>]"), (3, "e")];
        check(None, 1, &told[..1]);
        check(None, 3, &told[..3]);
        check(None, 5, &told);
        check(Some("\n---- ERROR ----\n"), 5, &told);
    }
}
