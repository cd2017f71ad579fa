//! Logs written to take over the terminal: what comes out is read as a terminal reads it, and only
//! what this program says by itself may be in it.

use serde_json::json;
use vte::{Params, Parser, Perform};

use crate::kit::{Launch, Shot, Sim, Terminal};

/// What a log can have in it, and whether what follows it on the same line is still text.
const HOSTILE: &[(&[u8], bool)] = &[
    // Asks the terminal something: the answer would be typed.
    (b"\x1b[6n", true),
    (b"\x1b[?6n\x1b[5n\x1b[c\x1b[>c\x1b[=c\x1b[0c\x1b[>q\x1b[?u", true),
    (b"\x1bZ\x05", true),
    (b"\x1b]10;?\x07\x1b]11;?\x1b\\\x1b]4;1;?\x07", true),
    (b"\x1bP$qm\x1b\\\x1bP+q544e\x1b\\", true),
    (b"\x1b[18t\x1b[21t\x1b[14t", true),
    // Clipboard, title, links, notifications, working directory, palette, fonts.
    (b"\x1b]52;c;UFdORUQ=\x07\x1b]52;p;UFdORUQ=\x1b\\", true),
    (b"\x1b]0;PWNED\x07\x1b]2;PWNED\x1b\\\x1b]1;PWNED\x07", true),
    (b"\x1b]8;;http://PWNED.example/PWNED\x07", true),
    (b"\x1b]9;PWNED\x07\x1b]777;notify;PWNED;PWNED\x07\x1b]99;;PWNED\x1b\\", true),
    (b"\x1b]7;file:///PWNED\x07\x1b]50;PWNED\x07\x1b]4;0;rgb:ff/ff/ff\x07\x1b]104\x07", true),
    (b"\x1b]1337;File=inline=1:UFdORUQ=\x07\x1b]133;A\x07\x1b]633;PWNED\x07", true),
    // Strings of other kinds: graphics, applications, privacy messages.
    (b"\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\", true),
    (b"\x1b_Gf=24,s=1,v=1;PWNED\x1b\\\x1b^PWNED\x1b\\\x1bXPWNED\x1b\\", true),
    (b"\x1bP1000pPWNED\x1b\\\x1bPtmux;\x1b\x1b]52;c;PWNED\x07\x1b\\", true),
    // Reset, screens, scrolling, erasing, moving, modes.
    (b"\x1bc\x1b[!p\x1b#8", true),
    (b"\x1b[?1049h\x1b[?1049l\x1b[?47h\x1b[?47l\x1b[?1047l", true),
    (b"\x1b[2J\x1b[3J\x1b[H\x1b[1;1H\x1b[99;99H\x1b[K\x1b[2K\x1b[P\x1b[9L\x1b[9M", true),
    (b"\x1b[5A\x1b[5B\x1b[5C\x1b[5D\x1b[5G\x1b[5d\x1b[5S\x1b[5T\x1b[1;2r\x1b[2;3s", true),
    (b"\x1b7\x1b8\x1b[s\x1b[u\x1bD\x1bE\x1bM\x1bH\x1b[3g", true),
    (b"\x1b[?25h\x1b[?2004h\x1b[?2026h\x1b[?2026l\x1b[?7l\x1b[?5h\x1b[4h\x1b[20h", true),
    (b"\x1b[?9h\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h\x1b[?1015h\x1b[?1004h", true),
    (b"\x1b[>1u\x1b[=5u\x1b[>4;2m\x1b[5 q\x1b[?12h\x1b=\x1b>", true),
    (b"\x1b[4i\x1b[5i\x1b[?5i\x1b[?4i", true),
    (b"\x1b(0\x1b)0\x1b*0\x1bn\x1bo\x0e\x0f\x1b%G\x1b%@", true),
    // The same with single characters of eight bits.
    ("\u{9b}6n\u{9b}31m\u{9d}0;x\u{9c}\u{90}q\u{9c}\u{9f}G\u{9c}\u{84}\u{85}\u{8d}".as_bytes(), false),
    // Never finished: all that follows on the line belongs to it.
    (b"\x1b[", false),
    (b"\x1b]0;", false),
    (b"\x1bP", false),
    (b"\x1b_", false),
    (b"\x1b[999999999999999999999;", false),
    (b"\x1b]52;c;", false),
    // Order, width, and what has none.
    ("\u{202e}txet\u{202c}\u{2066}isolate\u{2069}\u{2067}\u{2068}\u{200e}\u{200f}\u{61c}".as_bytes(), true),
    ("\u{200b}\u{feff}\u{2060}\u{ad}\u{180e}\u{2028}\u{2029}".as_bytes(), true),
    ("👩\u{200d}👩\u{200d}👧\u{200d}👦 🇩🇪 🏴\u{e0067}\u{e0062}\u{e007f} ❤\u{fe0f} 1\u{fe0f}\u{20e3}".as_bytes(), true),
    ("日本語의한국어中文ｆｕｌｌ".as_bytes(), true),
    ("ﷺ𒐫⸻ กำ นํ้า كتاب עברית".as_bytes(), true),
    // Bytes that are no text, and controls.
    (b"\xff\xfe\xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80\xe2\x82", true),
    (b"\0\x01\x02\x07\x08\x08\x08\x0b\x0c\x0e\x7f\x1a\x1c", true),
    (b"\t\ta\tb\t\t", true),
    (b"over\rwritten\r\rtwice\r", true),
    (b"a\x08\x08\x08\x08b\x1b[3D\x1b[1K", true),
    // Colours without end, and such as nobody has.
    (b"\x1b[38;5;999m\x1b[48;2;300;300;300m\x1b[58;5;1m\x1b[4:3m\x1b[38:2::1:2:3m\x1b[9999m", true),
    (b"\x1b[8m\x1b[5m\x1b[7m\x1b[9m\x1b[53m\x1b[21m", true),
];

/// What no byte of may come out: it stands in strings that are no text.
const SECRET: [&str; 2] = ["PWNED", "UFdORUQ"];

/// Base64, as the control port takes bytes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut all = [0; 3];
        all[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, all[0], all[1], all[2]]);
        for digit in 0..=chunk.len() {
            let at = bits >> (18 - 6 * digit) & 63;
            text.push(char::from(DIGITS[at as usize]));
        }
    }
    text
}

fn write(sim: &Sim, log: &str, lines: &[Vec<u8>]) {
    let raw: Vec<String> = lines.iter().map(|line| base64(line)).collect();
    sim.post("log", &json!({ "environment": log, "raw": raw }));
}

/// The log of a process on the whole screen.
fn following(sim: &Sim, app: &str) -> Terminal {
    let mut tty = Launch::on(sim).start();
    tty.when("the apps and a log", |shot| {
        shot.has("Apps 24") && shot.has("FOLLOW")
    });
    tty.types(&format!("/app:{app}\r"));
    tty.when("the log of the app", |shot| {
        shot.selected_app().as_deref() == Some(app) && shot.has(&format!("Logs  {app}/"))
    });
    tty.types("3");
    tty.when("nothing but the log", |shot| {
        top(shot).is_some_and(|top| shot.cell(top, 0) == "┏" && shot.cell(top, 119) == "┓")
    });
    tty
}

/// The row in which the log begins.
fn top(shot: &Shot) -> Option<usize> {
    shot.rows.iter().position(|row| row.contains("Logs  "))
}

/// The frame around the log stands in its columns.
fn frame_is_whole(shot: &Shot) {
    let top = top(shot).expect("a log");
    let rows = top + 1..shot.rows.len();
    let bottom = rows.clone().find(|row| shot.cell(*row, 0) == "┗");
    let bottom = bottom.expect("an end of the frame");
    assert!(bottom - top > 20, "{:?}", shot.rows);
    for row in top + 1..bottom {
        for column in [0, 119] {
            assert_eq!(shot.cell(row, column), "┃", "row {row}: {}", shot.rows[row]);
        }
    }
    assert_eq!(shot.cell(bottom, 119), "┛");
}

/// What a program may say to a terminal, and what this one has said beside that.
#[derive(Default)]
struct Judge {
    alternate: usize,
    frames: (usize, usize),
    foreign: Vec<String>,
}

/// Modes that are set once at the start, and set back at the end.
const MODES: [u16; 4] = [1049, 2004, 25, 2026];
/// What is switched off at the end, whether it was on or not.
const OFF: [u16; 2] = [1000, 1006];

impl Judge {
    fn of(raw: &[u8]) -> Judge {
        let mut judge = Judge::default();
        Parser::new().advance(&mut judge, raw);
        judge
    }

    fn mode(&mut self, mode: u16, is_on: bool) -> bool {
        match (mode, is_on) {
            (1049, true) => self.alternate += 1,
            (2026, true) => self.frames.0 += 1,
            (2026, false) => self.frames.1 += 1,
            _ => {}
        }
        MODES.contains(&mode) || (OFF.contains(&mode) && !is_on)
    }
}

impl Perform for Judge {
    fn print(&mut self, c: char) {
        let is_foreign = c.is_control()
            || matches!(
                c,
                '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
            )
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{10ff00}'..);
        if is_foreign {
            self.foreign.push(format!("{c:?}"));
        }
    }

    fn execute(&mut self, byte: u8) {
        self.foreign.push(format!("control {byte:#x}"));
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        let all: Vec<u16> = params.iter().flatten().copied().collect();
        let is_own = match (intermediates, action) {
            ([], 'm' | 'H') => true,
            ([], 'J') => all == [2],
            (b"?", 'h' | 'l') => all.iter().all(|mode| self.mode(*mode, action == 'h')),
            _ => false,
        };
        if !is_own || ignore {
            self.foreign
                .push(format!("CSI {intermediates:?} {all:?} {action}"));
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _ignore: bool, byte: u8) {
        self.foreign
            .push(format!("ESC {intermediates:?} {:?}", char::from(byte)));
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _bell_terminated: bool) {
        self.foreign.push(format!("OSC {params:?}"));
    }

    fn hook(&mut self, params: &Params, intermediates: &[u8], _ignore: bool, action: char) {
        self.foreign
            .push(format!("DCS {params:?} {intermediates:?} {action}"));
    }
}

/// Everything that came out is this program's own.
fn check_raw(raw: &[u8], frames_are_whole: bool) {
    let judge = Judge::of(raw);
    assert_eq!(judge.foreign, Vec::<String>::new());
    assert_eq!(judge.alternate, 1, "the screen is switched once");
    if frames_are_whole {
        let (begun, ended) = judge.frames;
        assert!(
            begun > 1 && (begun..=begun + 1).contains(&ended),
            "{begun} {ended}"
        );
    }
    let text = std::str::from_utf8(raw).expect("UTF-8");
    for secret in SECRET {
        assert!(!text.contains(secret), "{secret}");
    }
    // Strings of the terminal begin with these; a parser could have been led past one.
    for begin in [
        "\u{1b}]", "\u{1b}P", "\u{1b}_", "\u{1b}^", "\u{1b}X", "\u{1b}c",
    ] {
        assert!(!text.contains(begin), "{begin:?}");
    }
}

/// A key is answered, and what is drawn then is whole.
fn answers(tty: &mut Terminal) {
    tty.types("?");
    tty.sees("Keys in Logs");
    tty.types("\u{1b}");
    frame_is_whole(&tty.sees_no("Keys in Logs"));
}

/// Each by itself, with text around it.
fn one_by_one() -> Vec<Vec<u8>> {
    let numbered = HOSTILE.iter().enumerate();
    let around = |(number, (hostile, _)): (usize, &(&[u8], bool))| {
        let before = format!("{number:02}<");
        let after = format!(">end-{number:02}");
        [before.as_bytes(), *hostile, after.as_bytes()].concat()
    };
    numbered.map(around).collect()
}

/// Many lines of many of them in any order, cut anywhere; always the same.
fn mixed(count: usize) -> Vec<Vec<u8>> {
    let mut dice = fastrand::Rng::with_seed(7);
    let mut line = || {
        let mut line = Vec::new();
        for _ in 0..dice.usize(1..12) {
            let (hostile, _) = HOSTILE[dice.usize(..HOSTILE.len())];
            let from = if dice.bool() {
                0
            } else {
                dice.usize(..hostile.len())
            };
            line.extend(&hostile[from..dice.usize(from..=hostile.len())]);
            if dice.bool() {
                line.extend(b" text ");
            }
        }
        // What stands in strings is secret only where its string begins.
        line.retain(|byte| !b"PWNEDU\n".contains(byte));
        line
    };
    (0..count).map(|_| line()).collect()
}

/// Lines that are long in one way or another.
fn long() -> Vec<Vec<u8>> {
    let combining = format!("z{}", "\u{301}\u{489}".repeat(3_000));
    let joined = "👩\u{200d}".repeat(2_000);
    let coloured = format!("👍{}", "\u{1f3fd}".repeat(2_000));
    let escapes = b"\x1b[31m\x1b[6n".repeat(20_000);
    let returns = b"0123456789\r".repeat(20_000);
    let parameters = [b"\x1b[".to_vec(), b"1;".repeat(100_000), b"m".to_vec()].concat();
    vec![
        b"long".repeat(256 * 1024),
        combining.into_bytes(),
        joined.into_bytes(),
        coloured.into_bytes(),
        "宽".repeat(30_000).into_bytes(),
        escapes,
        returns,
        parameters,
        b"\t".repeat(50_000),
    ]
}

fn check(platform: &'static str, app: &str, log: &str) {
    let sim = Sim::still_on(platform, 1.0);
    let mut tty = following(&sim, app);
    write(&sim, log, &one_by_one());
    sim.log(log, &["sentinel of the first"]);
    tty.sees("sentinel of the first");
    tty.types("g");
    tty.sees("f follows");
    tty.types("G");
    let shot = tty.when("the end", |shot| {
        shot.has("FOLLOW") && shot.has("sentinel of the first")
    });
    frame_is_whole(&shot);
    check_ends(&shot);
    answers(&mut tty);
    write(&sim, log, &long());
    sim.log(log, &["sentinel of the second"]);
    frame_is_whole(&tty.sees("sentinel of the second"));
    answers(&mut tty);
    write(&sim, log, &mixed(1_500));
    sim.log(log, &["sentinel of the third"]);
    frame_is_whole(&tty.sees("sentinel of the third"));
    walk(&mut tty);
    check_raw(&tty.raw(), true);
    tty.types("q");
    tty.sees("Apps 1 of 24");
    tty.types("q");
    let (code, _) = tty.end();
    assert_eq!(code, 0);
    check_raw(&tty.raw(), false);
}

/// What stands in sight behind a hostile part that ends is text.
fn check_ends(shot: &Shot) {
    let in_sight = |number: usize| shot.has(&format!("{number:02}<"));
    let mut seen = 0;
    for (number, (hostile, ends)) in HOSTILE.iter().enumerate() {
        if *ends && in_sight(number) {
            let end = format!(">end-{number:02}");
            assert!(
                shot.has(&end),
                "{end} after {:?}",
                String::from_utf8_lossy(hostile)
            );
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}

/// Back through all of it, in every way of looking, and into another size.
fn walk(tty: &mut Terminal) {
    for key in [
        "\u{2}", "\u{15}", "k", "l", "l", "0", "w", "\u{2}", "x", "t", "w", "g", "G", "f",
    ] {
        tty.types(key);
        answers(tty);
    }
    tty.types("G");
    for _ in 0..40 {
        tty.types("\u{2}");
    }
    answers(tty);
    tty.resize(80, 24);
    tty.when("smaller", |shot| {
        top(shot).is_some_and(|top| shot.cell(top, 79) == "┓")
    });
    tty.resize(120, 40);
    tty.when("as before", |shot| {
        top(shot).is_some_and(|top| shot.cell(top, 119) == "┓")
    });
    answers(tty);
}

#[test]
fn what_a_stream_of_records_carries_is_harmless() {
    check("tsuru", "lantern", "lantern/web");
}

#[test]
fn what_frames_carry_is_harmless() {
    check("digitalocean", "quotes", "quotes/web");
}

#[test]
fn judge_finds_what_is_not_ours() {
    let foreign = |raw: &[u8]| Judge::of(raw).foreign.len();
    assert_eq!(
        foreign(b"\x1b[?1049h\x1b[?2026h\x1b[1;1Habc\x1b[0m\x1b[?2026l"),
        0
    );
    for (hostile, _) in HOSTILE.iter().take(5) {
        assert!(
            foreign(hostile) > 0,
            "{:?}",
            String::from_utf8_lossy(hostile)
        );
    }
    for raw in [
        "\u{7}",
        "\u{202e}",
        "\u{1b}]0;a\u{7}",
        "\u{1b}[5A",
        "\u{1b}[3J",
        "\u{1b}[?1003h",
    ] {
        assert_eq!(foreign(raw.as_bytes()), 1, "{raw:?}");
    }
}
