//! Messages of an action stream: fragments of what is written, one JSON object each.
//! Source: tsuru contract, section 3 A.

use serde::Serialize;

use super::{
    super::event::{Event, Piece},
    output, wire,
};
use crate::sim::{clock::Moment, dice::Dice};

#[derive(Serialize)]
struct Message<'a> {
    #[serde(rename = "Message")]
    message: &'a str,
    #[serde(rename = "Timestamp")]
    timestamp: String,
    #[serde(rename = "Error", skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// All messages of an action, oldest first, the error last, with times moved by the clock skew of
/// the answer. What comes before a moment does not depend on what comes after it: an action can be
/// cancelled while it is read.
pub(super) fn messages(seed: u64, event: &Event, skewed: impl Fn(Moment) -> Moment) -> Vec<Piece> {
    let written = |at: Moment, text: &str, error| {
        wire::line(&Message {
            message: text,
            timestamp: wire::stamp(at),
            error,
        })
    };
    let fragments = fragments(seed, &event.pieces()).into_iter();
    let mut sent: Vec<Piece> = fragments
        .map(|(at, text)| Piece {
            at,
            text: written(skewed(at), &text, None),
        })
        .collect();
    if let Some(error) = event.error.as_deref() {
        // Where nothing was written, there is no time either.
        let stamped = if sent.is_empty() {
            Moment(0)
        } else {
            skewed(event.end)
        };
        sent.push(Piece {
            at: event.end,
            text: written(stamped, "", Some(error)),
        });
    }
    sent
}

/// Cuts and joins what is written: lines come in parts, newlines by themselves, and several lines
/// of the same moment at once. Records of the container engine stay whole.
fn fragments(seed: u64, pieces: &[Piece]) -> Vec<(Moment, String)> {
    let mut made: Vec<(Moment, String)> = Vec::new();
    let mut joins = false;
    for (number, Piece { at, text }) in pieces.iter().enumerate() {
        if output::record(text).is_some() {
            made.push((*at, text.clone()));
            joins = false;
            continue;
        }
        let mut dice = Dice::new(seed, &[0x51, number as u64]);
        let (first, second) = text.split_at(cut(&mut dice, text));
        match made.last_mut().filter(|(before, _)| joins && before == at) {
            Some((_, before)) => before.push_str(first),
            None => made.push((*at, first.to_owned())),
        }
        if !second.is_empty() {
            made.push((*at, second.to_owned()));
        }
        joins = dice.chance(30);
    }
    made
}

/// Where a text is cut: at its end mostly, anywhere sometimes, before its newline now and then.
fn cut(dice: &mut Dice, text: &str) -> usize {
    let place = match dice.below(10) {
        0..2 => {
            let characters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let place = dice.between(1, characters) as usize;
            text.char_indices().nth(place).map(|(place, _)| place)
        }
        2 => text.strip_suffix('\n').map(str::len).filter(|len| *len > 0),
        _ => None,
    };
    place.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{super::testing, *};

    const RECORD: &str = "{\"id\":\"5f70bf18a086\",\"status\":\"Pushing\"}\n";

    fn event(error: Option<&str>) -> Event {
        let lines = (0..60).map(|number| format!("line {number} é\nmore of {number}\n"));
        let lines: Vec<String> = lines.collect();
        let pieces = (0_i64..).zip(&lines);
        let mut pieces: Vec<(i64, &str)> = pieces
            .map(|(number, line)| (number / 3 + 1, line.as_str()))
            .collect();
        pieces.insert(30, (11, RECORD));
        testing::event(&pieces, 99, error)
    }

    fn sent(event: &Event) -> Vec<Piece> {
        messages(1, event, |at| at)
    }

    fn texts(sent: &[Piece]) -> Vec<String> {
        let read = |sent: &Piece| serde_json::from_str::<Value>(&sent.text).unwrap();
        let text = |value: Value| value["Message"].as_str().unwrap().to_owned();
        sent.iter().map(|sent| text(read(sent))).collect()
    }

    #[test]
    fn fragments_are_what_is_written_cut_anywhere() {
        let event = event(None);
        let texts = texts(&sent(&event));
        let whole: String = texts.iter().map(String::as_str).collect();
        let pieces = event.pieces();
        assert_eq!(
            whole,
            pieces
                .iter()
                .map(|piece| piece.text.as_str())
                .collect::<String>()
        );
        assert!(texts.iter().any(|text| text == RECORD));
        assert!(texts.iter().any(|text| !text.ends_with('\n')));
        assert!(texts.iter().any(|text| text.matches('\n').count() > 2));
        assert!(texts.iter().any(|text| text == "\n"));
    }

    #[test]
    fn error_is_the_last_object_and_has_no_message() {
        let messages = sent(&event(Some("no way")));
        let last: Value = serde_json::from_str(&messages.last().unwrap().text).unwrap();
        assert_eq!(last["Message"], "");
        assert_eq!(last["Error"], "no way");
        let only = &sent(&testing::event(&[], 9, Some("no way")))[0].text;
        assert!(
            only.contains("\"Timestamp\":\"0001-01-01T00:00:00Z\""),
            "{only}"
        );
    }

    #[test]
    fn what_was_sent_stays_the_same_when_the_rest_is_cancelled() {
        let whole = event(None);
        for stop in 1..20 {
            let mut part = whole.clone();
            if let super::super::super::event::Script::Written(pieces) = &mut part.script {
                pieces.retain(|piece| piece.at <= Moment(stop));
            }
            let part = sent(&part);
            assert_eq!(part, sent(&whole)[..part.len()], "{stop}");
        }
    }
}
