use proptest::prelude::*;

use super::*;
use crate::model::Colour;

fn line(text: &str) -> LogLine {
    LogLine {
        text: text.into(),
        source: Text::clean("web"),
        ..LogLine::default()
    }
}

fn texts(ring: &Ring) -> Vec<String> {
    ring.window(0, usize::MAX)
        .map(|line| line.text.to_owned())
        .collect()
}

#[test]
fn a_line_keeps_its_number_while_older_ones_go() {
    let mut ring = Ring::with_limits(3, usize::MAX);
    for n in 0..5 {
        ring.push(&line(&format!("line {n}")));
    }
    assert_eq!(
        (ring.start(), ring.end(), ring.dropped(), ring.len()),
        (FIRST + 2, FIRST + 5, 2, 3)
    );
    assert_eq!(ring.get(FIRST + 1).map(|line| line.text), None);
    assert_eq!(ring.get(FIRST + 3).map(|line| line.text), Some("line 3"));
    let shown: Vec<_> = ring.window(0, 2).map(|line| line.text).collect();
    assert_eq!(shown, ["line 2", "line 3"]);
}

#[test]
fn colours_and_levels_come_back() {
    let mut ring = Ring::default();
    ring.push(&line("plain"));
    let raw = "\u{1b}[31mERROR\u{1b}[0m \u{1b}[1mno\u{1b}[0m";
    let coloured = LogLine::output(None, Text::clean("web"), raw);
    ring.push(&coloured);
    ring.push(&line(""));
    let read = ring.get(FIRST + 1).unwrap();
    assert_eq!(read.level, Some(Level::Error));
    assert_eq!(read.spans().collect::<Vec<_>>(), coloured.spans);
    assert_eq!(coloured.spans.len(), 3);
    for plain in [FIRST, FIRST + 2] {
        assert_eq!(ring.get(plain).unwrap().spans().count(), 0);
    }
}

#[test]
fn times_come_back_to_the_microsecond_however_far_apart() {
    let micros = [
        Some(0),
        None,
        Some(i64::from(i32::MAX) * 1_000_000),
        Some(1),
        Some(-1),
        Some(-MIN_DISTANCE),
        Some(MIN_DISTANCE),
        Some(1 << 33),
        Some(-300_000_000),
        None,
    ];
    let mut ring = Ring::default();
    for at in micros {
        let at = at.and_then(|at| Timestamp::from_microsecond(at).ok());
        ring.push(&LogLine { at, ..line("x") });
    }
    let read = ring.window(0, 99);
    let read: Vec<_> = read
        .map(|line| line.at.map(Timestamp::as_microsecond))
        .collect();
    assert_eq!(read, micros);
}

/// Where a distance from the first time does not fit into the index any more.
const MIN_DISTANCE: i64 = (1 << 32) - 1 - 300_000_000;

#[test]
fn a_line_keeps_its_own_level_and_the_one_it_goes_on_with() {
    let mut ring = Ring::default();
    for (text, level) in [
        ("no", Some(Level::Error)),
        ("  at main", None),
        ("ok", None),
    ] {
        ring.push(&LogLine {
            level,
            ..line(text)
        });
    }
    let read = ring.window(0, 9).map(|it| (it.level, it.severity));
    let error = Some(Level::Error);
    assert_eq!(
        read.collect::<Vec<_>>(),
        [(error, error), (None, error), (None, None)]
    );
}

#[test]
fn more_colours_than_a_chunk_can_tell_begin_another() {
    let mut ring = Ring::default();
    let lines: Vec<_> = (0..600_u16)
        .map(|n| {
            let [high, low] = n.to_be_bytes();
            LogLine {
                spans: vec![SgrSpan {
                    start: 0,
                    style: SgrStyle {
                        fg: Some(Colour::Rgb(high, low, 0)),
                        ..SgrStyle::default()
                    },
                }],
                ..line("x")
            }
        })
        .collect();
    for line in &lines {
        ring.push(line);
    }
    for (read, line) in ring.window(0, 999).zip(&lines) {
        assert_eq!(read.spans().collect::<Vec<_>>(), line.spans);
    }
}

#[test]
fn a_log_whose_processes_change_names_keeps_only_the_names_it_shows() {
    let mut ring = Ring::with_limits(100, usize::MAX);
    for n in 0..70_000 {
        ring.push(&LogLine {
            source: Text::clean(&format!("web-{n}")),
            ..line("x")
        });
    }
    for (read, n) in ring.window(0, 999).zip(69_900..) {
        assert_eq!(read.source.as_str(), format!("web-{n}"));
    }
    assert!(ring.footprint() < 400 * 1024, "{}", ring.footprint());
}

#[test]
fn older_lines_come_before_the_first_and_nothing_is_dropped_for_them() {
    let mut ring = Ring::with_limits(5, usize::MAX);
    for text in ["d", "e"] {
        ring.push(&line(text));
    }
    let before = ring.generation();
    let old = ["x", "y", "a", "b", "c"].map(line);
    assert_eq!(ring.prepend(&old), 3);
    assert_eq!(texts(&ring), ["a", "b", "c", "d", "e"]);
    assert_eq!((ring.start(), ring.dropped()), (FIRST - 3, 0));
    assert_ne!(ring.generation(), before);
    assert_eq!(ring.get(FIRST).map(|line| line.text), Some("d"));
    assert_eq!(ring.prepend(&old), 0, "it is full");
    ring.push(&line("f"));
    assert_eq!(texts(&ring), ["b", "c", "d", "e", "f"]);
    assert_eq!((ring.start(), ring.dropped()), (FIRST - 2, 1));
}

#[test]
fn older_lines_stop_at_the_bytes_there_is_room_for() {
    let mut ring = Ring::with_limits(99, 10);
    ring.push(&line("12345"));
    assert_eq!(ring.prepend(&["1", "123", "12"].map(line)), 2);
    assert_eq!(texts(&ring), ["123", "12", "12345"]);
}

#[test]
fn what_is_forgotten_is_counted_and_numbers_go_on() {
    let mut ring = Ring::default();
    for text in ["a", "b"] {
        ring.push(&line(text));
    }
    let before = ring.generation();
    ring.clear();
    assert_ne!(ring.generation(), before);
    assert_eq!((ring.dropped(), ring.start()), (2, FIRST + 2));
    ring.push(&line("c"));
    assert_eq!(ring.get(FIRST + 2).map(|line| line.text), Some("c"));
}

#[test]
fn a_long_line_is_kept_whole_and_folded_for_drawing() {
    let mut ring = Ring::default();
    let text = "é".repeat(LONG_BYTES);
    ring.push(&line(&text));
    ring.push(&line(&"x".repeat(LONG_BYTES)));
    let long = ring.get(FIRST).unwrap();
    assert!(long.is_long() && long.text == text);
    let (head, size) = long.folded();
    assert!(head.len() <= FOLDED_BYTES && text.starts_with(head) && !head.is_empty());
    assert_eq!(size, 2 * LONG_BYTES);
    let short = ring.get(FIRST + 1).unwrap();
    assert!(!short.is_long());
    assert_eq!(short.folded(), (short.text, LONG_BYTES));
}

fn request(n: usize, is_coloured: bool) -> LogLine {
    let text = format!(
        "10.0.0.{} GET /api/v1/things?page={n} 200 512 0.021",
        n % 256
    );
    let raw = if is_coloured {
        format!("\u{1b}[32m200\u{1b}[0m \u{1b}[1m{text}\u{1b}[0m")
    } else {
        text
    };
    let at = Timestamp::from_millisecond(1_700_000_000_000 + i64::try_from(n).unwrap() * 7);
    LogLine::output(at.ok(), Text::clean("web.1"), &raw)
}

/// What the numbers promise is text × 1.1 + 16 bytes a line; what is built for is text + 8, and four
/// for a colour.
#[test]
fn memory_is_little_more_than_the_text_and_flat_at_the_cap() {
    const LINES: usize = 20_000;
    for is_coloured in [false, true] {
        let mut ring = Ring::with_limits(LINES, MAX_BYTES);
        let mut text = 0;
        let mut spans = 0;
        for n in 0..LINES {
            let line = request(n, is_coloured);
            text += line.text.len();
            spans += line.spans.len();
            ring.push(&line);
        }
        let full = ring.footprint();
        let index = 10 * LINES + spans * SPAN_BYTES;
        assert!(full < text + text / 100 + index, "{full} for {text}");
        for n in LINES..3 * LINES {
            ring.push(&request(n, is_coloured));
        }
        assert!(ring.footprint() < full + full / 50, "{}", ring.footprint());
    }
}

#[derive(Clone, Debug)]
enum Step {
    Push(Vec<String>),
    Prepend(Vec<String>),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let lines = || proptest::collection::vec("[a-zé]{0,40}", 0..700);
    prop_oneof![
        8 => lines().prop_map(Step::Push),
        6 => lines().prop_map(Step::Prepend),
        1 => Just(Step::Clear),
    ]
}

/// A ring as one would write it who had all the memory there is.
#[derive(Default)]
struct Plain {
    lines: std::collections::VecDeque<(LineNo, String)>,
    next: LineNo,
    dropped: u64,
    bytes: usize,
}

impl Plain {
    fn push(&mut self, text: &str, (lines, bytes): (usize, usize)) {
        self.lines.push_back((self.next, text.into()));
        self.next += 1;
        self.bytes += text.len();
        while self.lines.len() > lines || (self.bytes > bytes && self.lines.len() > 1) {
            let (_, gone) = self.lines.pop_front().unwrap();
            self.bytes -= gone.len();
            self.dropped += 1;
        }
    }

    fn prepend(&mut self, texts: &[String], (lines, bytes): (usize, usize)) -> usize {
        let mut taken = 0;
        for text in texts.iter().rev() {
            if self.lines.len() >= lines || self.bytes + text.len() > bytes {
                break;
            }
            let first = self.lines.front().map_or(self.next, |(no, _)| *no);
            self.lines.push_front((first - 1, text.clone()));
            self.bytes += text.len();
            taken += 1;
        }
        taken
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_ring_is_a_list_within_limits(
        steps in proptest::collection::vec(step(), 0..12),
        lines in 1usize..2500,
        bytes in 1usize..40_000,
    ) {
        let limits = (lines, bytes);
        let mut ring = Ring::with_limits(lines, bytes);
        let mut plain = Plain { next: FIRST, ..Plain::default() };
        for step in steps {
            match step {
                Step::Push(texts) => for text in &texts {
                    ring.push(&line(text));
                    plain.push(text, limits);
                },
                Step::Prepend(texts) => {
                    let older: Vec<_> = texts.iter().map(|text| line(text)).collect();
                    prop_assert_eq!(ring.prepend(&older), plain.prepend(&texts, limits));
                }
                Step::Clear => {
                    ring.clear();
                    plain.dropped += plain.lines.len() as u64;
                    (plain.lines, plain.bytes) = (std::collections::VecDeque::new(), 0);
                }
            }
            let kept: Vec<_> = ring.window(0, usize::MAX).map(|it| (it.no, it.text.to_owned())).collect();
            let expected: Vec<_> = plain.lines.iter().cloned().collect();
            prop_assert_eq!(kept, expected);
            prop_assert_eq!((ring.len(), ring.bytes()), (plain.lines.len(), plain.bytes));
            prop_assert_eq!((ring.dropped(), ring.end()), (plain.dropped, plain.next));
        }
    }
}
