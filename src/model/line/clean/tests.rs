use proptest::prelude::*;

use super::*;
use crate::model::Colour;

fn text(raw: &str) -> String {
    clean_line(raw.as_bytes()).0
}

fn red() -> SgrStyle {
    SgrStyle {
        fg: Some(Colour::Indexed(1)),
        ..SgrStyle::default()
    }
}

fn span(start: u32, style: SgrStyle) -> SgrSpan {
    SgrSpan { start, style }
}

#[test]
fn colours_become_spans_and_everything_else_goes() {
    let (line, spans) = clean_line(b"\x1b[1;31mfail\x1b[0m \x1b[6n\x1b[Jdone\x1b]0;x\x07\x1b[32m");
    assert_eq!(line, "fail done");
    let bold = SgrStyle {
        bold: true,
        ..red()
    };
    assert_eq!(spans, [span(0, bold), span(4, SgrStyle::default())]);
}

#[test]
fn extended_colours_are_read_in_both_forms() {
    for raw in [
        "\x1b[38;2;1;2;3mx",
        "\x1b[38:2:1:2:3mx",
        "\x1b[38:2::1:2:3mx",
    ] {
        let (_, spans) = clean_line(raw.as_bytes());
        assert_eq!(spans[0].style.fg, Some(Colour::Rgb(1, 2, 3)), "{raw:?}");
    }
}

/// What must never do anything, and what is left of it.
const HOSTILE: &[(&str, &[u8], &str)] = &[
    ("title", b"a\x1b]0;pwned\x07b", "ab"),
    ("title, ended by ST", b"a\x1b]2;pwned\x1b\\b", "ab"),
    ("clipboard", b"a\x1b]52;c;cm0gLXJm\x07b", "ab"),
    ("clipboard is asked for", b"a\x1b]52;c;?\x07b", "ab"),
    (
        "link",
        b"a\x1b]8;;http://evil.example\x07click\x1b]8;;\x07b",
        "aclickb",
    ),
    (
        "notification",
        b"a\x1b]777;notify;x;y\x07\x1b]9;x\x07b",
        "ab",
    ),
    ("palette", b"a\x1b]4;1;rgb:00/00/00\x1b\\b", "ab"),
    ("DCS", b"a\x1bPq#0;2;0;0;0#0~~\x1b\\b", "ab"),
    ("DECRQSS", b"a\x1bP$qm\x1b\\b", "ab"),
    ("APC", b"a\x1b_Gf=24;AAAA\x1b\\b", "ab"),
    ("PM", b"a\x1b^secret\x1b\\b", "ab"),
    ("SOS", b"a\x1bXsecret\x1b\\b", "ab"),
    ("where is the cursor", b"a\x1b[6nb", "ab"),
    ("who are you", b"a\x1b[c\x1b[>c\x1bZ\x05b", "ab"),
    ("clear", b"a\x1b[2J\x1b[H\x1b[3Jb", "ab"),
    ("move up and write", b"a\x1b[5A\x1b[1;1Hb", "ab"),
    ("reset", b"a\x1bc\x1b[!pb", "ab"),
    ("other screen", b"a\x1b[?1049h\x1b[?25lb", "ab"),
    ("mouse and paste", b"a\x1b[?1003h\x1b[?2004hb", "ab"),
    ("scroll region", b"a\x1b[1;2r\x1bD\x1bMb", "ab"),
    ("window", b"a\x1b[8;1;1t\x1b[21tb", "ab"),
    ("character sets", b"a\x1b(0\x0e\x1b%Gb\x0f", "ab"),
    ("keyboard", b"a\x1b[>4;2m\x1b[=5u\x1b=b", "ab"),
    (
        "C1 as UTF-8",
        "a\u{9b}31m\u{9d}0;x\u{9c}\u{90}b".as_bytes(),
        "a31m0;xb",
    ),
    ("C1 as bytes", b"a\x9b31mb", "a\u{fffd}31mb"),
    ("NEL", "a\u{85}b".as_bytes(), "a b"),
    ("NUL, BEL and DEL", b"a\x00\x07\x7fb", "ab"),
    ("CAN ends a sequence", b"a\x1b[3\x18b", "ab"),
    ("ESC ends a sequence", b"a\x1b[3\x1b[31mb", "ab"),
    ("unterminated CSI", b"a\x1b[31", "a"),
    ("unterminated OSC", b"a\x1b]0;x", "a"),
    ("unterminated DCS", b"a\x1bPx", "a"),
    ("lone ESC", b"a\x1b", "a"),
    (
        "overrides",
        "a\u{202e}b\u{202c}\u{202a}\u{202b}\u{202d}c".as_bytes(),
        "abc",
    ),
    (
        "isolates",
        "a\u{2066}b\u{2067}\u{2068}\u{2069}c".as_bytes(),
        "abc",
    ),
    (
        "marks of direction",
        "a\u{200e}\u{200f}\u{61c}b".as_bytes(),
        "ab",
    ),
    (
        "invisible",
        "a\u{200b}\u{2060}\u{feff}\u{ad}\u{180e}b".as_bytes(),
        "ab",
    ),
    (
        "tags that hide a text",
        "a\u{e0041}\u{e0042}\u{e01ef}b".as_bytes(),
        "ab",
    ),
    ("separators", "a\u{2028}b\u{2029}c".as_bytes(), "a b c"),
    ("invalid", b"a\xffb\xfe", "a\u{fffd}b\u{fffd}"),
    ("overlong", b"a\xc0\xafb", "a\u{fffd}\u{fffd}b"),
    ("overlong ESC", b"a\xc0\x9b[31mb", "a\u{fffd}\u{fffd}[31mb"),
    ("surrogate", b"a\xed\xa0\x80b", "a\u{fffd}\u{fffd}\u{fffd}b"),
    ("cut in a character", b"a\xe2\x82", "a\u{fffd}"),
    (
        "a character in a sequence",
        "a\x1b[3\u{e9}1mb".as_bytes(),
        "ab",
    ),
    ("form feed", b"a\x0cb\x0bc", "a b c"),
];

#[test]
fn nothing_hostile_is_left() {
    for (name, raw, left) in HOSTILE {
        assert_eq!(clean_line(raw).0, *left, "{name}");
        assert_eq!(text("next"), "next", "{name}: the next line is not touched");
    }
}

#[test]
fn a_list_of_parameters_without_end_sets_nothing() {
    let long = format!("a\x1b[{}mb", "31;".repeat(100_000));
    assert_eq!(clean_line(long.as_bytes()), ("ab".to_owned(), vec![]));
    let big = format!("a\x1b[{}mb", "9".repeat(100_000));
    assert_eq!(clean_line(big.as_bytes()), ("ab".to_owned(), vec![]));
}

#[test]
fn what_makes_up_a_visible_character_stays() {
    for raw in [
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} family",
        "\u{2764}\u{fe0f} heart",
        "\u{1f44d}\u{1f3fd} thumb",
        "e\u{301}\u{323} accents",
        "क\u{94d}\u{200d}ष",
        "\u{1f1e8}\u{1f1ed} flag",
    ] {
        assert_eq!(text(raw), raw);
    }
}

#[test]
fn a_cell_holds_so_many_marks_and_no_more() {
    let zalgo = format!(
        "z{}a{}",
        "\u{301}".repeat(500),
        "\u{316}\u{35c}".repeat(500)
    );
    let most = usize::from(MOST_MARKS);
    let expected = format!(
        "z{}a{}",
        "\u{301}".repeat(most),
        "\u{316}\u{35c}".repeat(most / 2)
    );
    assert_eq!(text(&zalgo), expected);
}

#[test]
fn a_progress_line_shows_its_last_state() {
    assert_eq!(text("10%\r50%\r100%"), "100%");
    assert_eq!(text("windows line\r"), "windows line");
    assert_eq!(text("windows line\r\n"), "windows line ");
    assert_eq!(text("a\tb"), "a       b");
    assert_eq!(text("12345678\tb"), "12345678        b");
    let (line, spans) = clean_line(b"\x1b[31m10%\r\x1b[32m20\r\x1b[31m30");
    assert_eq!((line.as_str(), spans), ("30", vec![span(0, red())]));
}

#[test]
fn what_is_written_over_goes() {
    for (raw, shown) in [
        ("|\x08/\x08-", "-"),
        ("b\x08bo\x08ol\x08ld\x08d", "bold"),
        ("___\x08\x08\x08abc", "abc"),
        ("\u{4f60}\x08x", "x"),
        ("e\u{301}\x08x", "x"),
        ("ab\x08\x08\x08\x08\x08cd", "cd"),
        ("ab\x08", "ab"),
        ("ab\r\x08c", "c"),
    ] {
        assert_eq!(text(raw), shown, "{raw:?}");
    }
    let (line, spans) = clean_line(b"ab\x1b[31mcd\x08\x08\x1b[0me\x1b[31mf");
    assert_eq!((line.as_str(), spans), ("abef", vec![span(3, red())]));
}

#[test]
fn a_line_is_kept_whole_up_to_a_mebibyte() {
    let whole = "x".repeat(MAX_LINE_BYTES);
    assert_eq!(text(&whole), whole);
    let coloured = format!("\x1b[31m{whole}\x1b[0m");
    assert_eq!(text(&coloured), whole);
    for over in ["y", &whole.repeat(6)] {
        let line = text(&format!("{whole}{over}"));
        let mark = format!(
            " … [shortened: {MAX_LINE_BYTES} of {} bytes]",
            whole.len() + over.len()
        );
        assert!(line.starts_with(&whole) && line.ends_with(&mark));
        assert_eq!(line.len(), MAX_LINE_BYTES + mark.len());
        assert!(line.chars().count() <= crate::model::MAX_LINE_COLUMNS);
    }
    let progress = format!("{whole}y\rdone");
    assert_eq!(text(&progress), "done", "what is overwritten was not cut");
}

/// Bytes among which there is trouble.
fn troubled() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => any::<u8>().prop_map(|byte| vec![byte]),
        2 => prop::sample::select(HOSTILE).prop_map(|(_, raw, _)| raw.to_vec()),
        2 => prop::sample::select(b"\x1b[];mP\\\r\x08\t0123".to_vec()).prop_map(|byte| vec![byte]),
        1 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
    ];
    prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_give_a_drawable_line(raw in troubled()) {
        let (line, spans) = clean_line(&raw);
        prop_assert!(!line.chars().any(is_unsafe));
        prop_assert!(spans.iter().all(|s| line.is_char_boundary(s.start as usize)));
        prop_assert!(spans.iter().all(|s| (s.start as usize) < line.len()));
        prop_assert!(spans.windows(2).all(|pair| pair[0].start < pair[1].start));
        prop_assert!(spans.windows(2).all(|pair| pair[0].style != pair[1].style));
        let (again, _) = clean_line(line.as_bytes());
        prop_assert_eq!(again, line, "what is clean stays as it is");
    }

    #[test]
    fn plain_text_takes_the_short_way_to_the_same_line(raw in "[ -~]{0,200}") {
        prop_assert!(is_plain(&raw));
        let mut cleaner = Cleaner { lines: true, ..Cleaner::default() };
        cleaner.feed(&raw);
        prop_assert_eq!(clean(&raw), (cleaner.text, cleaner.spans));
    }
}
