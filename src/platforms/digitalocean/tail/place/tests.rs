use proptest::prelude::*;

use super::super::lines::Splitter;
use super::*;

const MOMENT: &str = "2024-05-29T20:14:14.";

/// A log of lines with few components, times and texts: nearly everything is equal to something.
fn log() -> impl Strategy<Value = Vec<String>> {
    let line = (0..8_u8, 0..3_u8, 0..2_u8);
    prop::collection::vec(line, 0..40).prop_map(|lines| {
        let mut time = 0;
        let line = |(kind, step, text): (u8, u8, u8)| {
            time += u32::from(step / 2);
            match kind {
                0..4 => format!("web {MOMENT}{time:03}Z {text}"),
                4..6 => format!("worker {MOMENT}{time:03}Z {text}"),
                _ => format!("  at {text}"),
            }
        };
        lines.into_iter().map(line).collect()
    })
}

/// How a connection goes: lines written before it, lines sent again, where it is cut, in pieces of
/// which sizes.
#[derive(Clone, Debug)]
struct Course {
    written: usize,
    again: usize,
    cut: usize,
    pieces: Vec<usize>,
}

fn course() -> impl Strategy<Value = Course> {
    let pieces = prop::collection::vec(1..40_usize, 1..6);
    (0..10_usize, 0..20_usize, 0..400_usize, pieces).prop_map(|(written, again, cut, pieces)| {
        Course {
            written,
            again,
            cut,
            pieces,
        }
    })
}

/// A platform with a log, and a reader that is cut off again and again.
struct Bench {
    log: Vec<String>,
    written: usize,
    place: Place,
    shown: Vec<LogLine>,
    losses: usize,
}

impl Bench {
    fn new(log: Vec<String>, place: Place) -> Self {
        Self {
            log,
            written: 0,
            place,
            shown: Vec::new(),
            losses: 0,
        }
    }

    /// One connection, and another one for all lines if it fell short.
    fn connect(&mut self, course: &Course) {
        self.written = (self.written + course.written).min(self.log.len());
        let reach = self.place.reach(false);
        if !self.read(reach, course) {
            let reach = self.place.reach(true);
            assert_eq!(reach, Reach::All);
            assert!(self.read(reach, course));
        }
    }

    fn read(&mut self, reach: Reach, course: &Course) -> bool {
        let from = match reach {
            Reach::All => 0,
            Reach::Last(lines) => {
                let most = usize::try_from(lines).unwrap().min(course.again);
                self.written - most.min(self.written)
            }
        };
        let text: String = self.log[from..]
            .iter()
            .flat_map(|line| [line, "\n"])
            .collect();
        let mut rest = &text.as_bytes()[..course.cut.min(text.len())];
        self.place.begin(reach);
        let mut splitter = Splitter::default();
        for size in course.pieces.iter().cycle() {
            let (piece, later) = rest.split_at((*size).min(rest.len()));
            for line in splitter.push(piece) {
                match self.place.take(&line) {
                    Taken::New(line) => self.shown.push(line),
                    Taken::AfterLoss(line) => {
                        self.losses += 1;
                        self.shown.push(line);
                    }
                    Taken::Old => {}
                    Taken::TooShort => return false,
                }
            }
            rest = later;
            if rest.is_empty() {
                return true;
            }
        }
        true
    }
}

fn expected(log: &[String]) -> Vec<LogLine> {
    let mut place = Place::new(1, None).anew();
    let line = |raw: &String| {
        let Taken::New(line) = place.take(raw.as_bytes()) else {
            panic!("{raw}");
        };
        line
    };
    log.iter().map(line).collect()
}

/// To the end of the log.
fn last() -> Course {
    Course {
        written: usize::MAX / 2,
        again: 3,
        cut: usize::MAX,
        pieces: vec![7, 100],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn each_line_comes_once_and_in_order_wherever_the_stream_is_cut(
        log in log(),
        courses in prop::collection::vec(course(), 0..8),
    ) {
        let mut bench = Bench::new(log, Place::new(1, None).anew());
        for course in courses.iter().chain([&last()]) {
            bench.connect(course);
        }
        // Lines without a time may hide that there are new ones, until all are asked for.
        bench.place.begin(Reach::All);
        bench.read(Reach::All, &last());
        prop_assert_eq!(bench.shown, expected(&bench.log));
        prop_assert_eq!(bench.losses, 0);
    }
}

fn check(place: Place, connections: &[(&[&str], &str)]) {
    let mut place = place;
    let mut is_short = false;
    for (lines, expected) in connections {
        let reach = place.reach(is_short);
        place.begin(reach);
        is_short = false;
        let sign = |line: &&str| match place.take(line.as_bytes()) {
            Taken::New(_) => '+',
            Taken::AfterLoss(_) => '!',
            Taken::Old => '-',
            Taken::TooShort => {
                is_short = true;
                '?'
            }
        };
        assert_eq!(
            lines.iter().map(sign).collect::<String>(),
            *expected,
            "{lines:?}"
        );
    }
}

const A: &str = "web 2024-05-29T20:14:01Z same";
const B: &str = "web 2024-05-29T20:14:02Z same";
const C: &str = "web 2024-05-29T20:14:03Z same";
const D: &str = "web 2024-05-29T20:14:04Z same";

#[test]
fn what_does_not_reach_back_is_asked_for_whole() {
    check(
        Place::new(2, None),
        &[
            (&[B, C], "++"),
            // Which of the lines of that moment are these?
            (&[C], "?"),
            (&[A, B, C, C, D], "---++"),
            (&[B, C, C, D], "----"),
        ],
    );
}

#[test]
fn what_is_gone_on_the_platform_too_is_told() {
    check(
        Place::new(2, None),
        &[
            (&[A, B], "++"),
            (&[D], "?"),
            (&[C, D], "!+"),
            (&[C, D, D], "--+"),
        ],
    );
}

#[test]
fn what_was_written_before_somebody_looked_stays_away() {
    check(
        Place::new(1, None),
        &[(&[C], "+"), (&["  at x", A, "  at y", B, C, D], "-----+")],
    );
    let since = "2024-05-29T20:14:03Z".parse().unwrap();
    let trace = "  at main";
    check(
        Place::new(1, Some(since)),
        &[
            (&[A, trace, C, trace], "--++"),
            (&[B, trace, C, trace, trace], "----+"),
        ],
    );
}

#[test]
fn lines_without_times_go_by_position() {
    check(
        Place::new(1, None).anew(),
        &[
            (&["a", "a"], "++"),
            (&["a", "a", "a", A, B], "--+++"),
            (&["a", A, B], "---"),
        ],
    );
    // Where they were left cannot be known of a part of them.
    check(
        Place::new(2, None),
        &[(&["a", "b"], "++"), (&["b", "c"], "!+")],
    );
}

#[test]
fn a_remark_of_the_server_hides_no_line() {
    let mut place = Place::new(1, None).anew();
    let trace = "  at main".as_bytes();
    place.begin(Reach::All);
    assert!(matches!(place.take(A.as_bytes()), Taken::New(_)));
    assert!(place.take_remark(b"<unavailable>").is_some());
    place.begin(Reach::All);
    assert_eq!(place.take(A.as_bytes()), Taken::Old);
    assert!(matches!(place.take(trace), Taken::New(_)));
    assert!(place.take_remark(b"<unavailable>").is_none());
}

#[test]
fn memory_is_bounded_and_what_is_forgotten_stays_old() {
    let line = |number: usize| {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_millis(number.try_into().unwrap());
        format!("web {at} x")
    };
    let mut place = Place::new(1, None).anew();
    place.begin(Reach::All);
    for number in 0..MOMENTS + 50 {
        assert!(matches!(place.take(line(number).as_bytes()), Taken::New(_)));
    }
    assert_eq!((place.counts.len(), place.order.len()), (MOMENTS, MOMENTS));
    place.begin(Reach::All);
    for number in 0..MOMENTS + 50 {
        assert_eq!(place.take(line(number).as_bytes()), Taken::Old, "{number}");
    }
}
