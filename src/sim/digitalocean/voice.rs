//! What the components of apps write while they run, and how a line is printed.
//! Source: DigitalOcean contract, section 6.3.
//!
//! A component has one record for all its deployments: what it writes belongs to the one that
//! serves at that moment.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, LazyLock},
};

use super::chatter::Talk;
use crate::sim::{
    clock::{Clock, Moment},
    flood::{Flood, Stamps},
    record::{Appended, Line, Place, Record, Voice, Wanted},
};

/// What the components of all apps have been asked to write, by app and name.
#[derive(Debug)]
pub(super) struct Voices {
    /// How everybody speaks who was asked for nothing.
    usual: Voice,
    asked: HashMap<(usize, String), Speech>,
}

#[derive(Debug)]
struct Speech {
    voice: Voice,
    appended: Appended,
}

/// When a deployment served, as far as that is known: lines from then on, up to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Moment,
    /// Absent while it lasts.
    pub(super) until: Option<Moment>,
}

impl Voices {
    /// Nobody has been asked for anything yet.
    pub(super) fn new(clock: &Clock, story: bool) -> Voices {
        Voices {
            usual: Voice::new(clock, story, false),
            asked: HashMap::new(),
        }
    }

    /// A component writes these lines now.
    pub(super) fn append(&mut self, app: usize, component: &str, now: Moment, lines: &[String]) {
        let speech = self.speech(app, component);
        speech.appended.write(now, component, lines);
    }

    /// A component writes so many lines a second from the next one on.
    pub(super) fn set_rate(&mut self, app: usize, component: &str, now: Moment, rate: u32) {
        self.speech(app, component).voice.set_rate(now, rate);
    }

    /// A component writes lines in great number.
    pub(super) fn flood(&mut self, app: usize, component: &str, floods: &[Arc<Flood>]) {
        let voice = &mut self.speech(app, component).voice;
        voice.floods.extend(floods.iter().cloned());
    }

    fn speech(&mut self, app: usize, component: &str) -> &mut Speech {
        let usual = &self.usual;
        let speech = || Speech {
            voice: usual.clone(),
            appended: Appended::default(),
        };
        self.asked
            .entry((app, component.to_owned()))
            .or_insert_with(speech)
    }

    /// What a component has written after a place by `now` within a span, oldest first; without
    /// what it writes in great number.
    pub(super) fn after(&self, talk: &Talk, span: Span, after: Place, now: Moment) -> Vec<Line> {
        self.with(talk, |record| {
            let record = Record {
                floods: &[],
                ..record
            };
            record.after(after, now, &span.wanted(usize::MAX))
        })
    }

    /// What it has written in great number, in pieces of many lines each, and when.
    pub(super) fn flooded(
        &self,
        talk: &Talk,
        span: Span,
        after: Place,
        now: Moment,
    ) -> Vec<(Moment, String)> {
        let from = span.from.max(Moment(after.at.0 + 1));
        let to = Moment(now.0 + 1);
        let to = span.until.map_or(to, |until| until.min(to));
        let speech = self.asked.get(&(talk.app, talk.component.clone()));
        let floods = speech.into_iter().flat_map(|speech| &speech.voice.floods);
        floods
            .flat_map(|flood| pieces(flood, &talk.component, flood.between(from, to)))
            .collect()
    }

    /// The last lines a component has written by `now` within a span, oldest first.
    pub(super) fn last(&self, talk: &Talk, span: Span, most: usize, now: Moment) -> Vec<Line> {
        self.with(talk, |record| {
            record.before(Place::END, now, &span.wanted(most))
        })
    }

    fn with<T>(&self, talk: &Talk, read: impl FnOnce(Record<'_>) -> T) -> T {
        static NOTHING: LazyLock<Appended> = LazyLock::new(Appended::default);
        let speech = self.asked.get(&(talk.app, talk.component.clone()));
        read(Record {
            voice: speech.map_or(&self.usual, |speech| &speech.voice),
            chatter: talk,
            appended: speech.map_or(&NOTHING, |speech| &speech.appended),
            floods: speech.map_or(&[], |speech| &speech.voice.floods),
        })
    }
}

impl Span {
    /// Whether a moment lies in it.
    pub(super) fn holds(self, at: Moment) -> bool {
        at >= self.from && self.until.is_none_or(|until| at < until)
    }

    fn wanted(self, limit: usize) -> Wanted {
        Wanted {
            service: None,
            search: None,
            from: Some(self.from),
            to: self.until.map(|until| Moment(until.0 - 1)),
            limit,
        }
    }
}

/// Lines of a flood as they are sent, many at once.
fn pieces(flood: &Flood, component: &str, lines: Range<u64>) -> Vec<(Moment, String)> {
    const AT_ONCE: usize = 200;
    let (start, end) = (lines.start, lines.end);
    let mut stamps = Stamps::default();
    let starts = (start..end).step_by(AT_ONCE);
    let piece = |start: u64| {
        let mut text = String::with_capacity(AT_ONCE * 160);
        for line in (start..end).take(AT_ONCE) {
            text.push_str(component);
            text.push(' ');
            stamps.write(flood.at(line), &mut text);
            text.push_str("Z ");
            flood.write(line, &mut text);
            text.push('\n');
        }
        (flood.at(start), text)
    };
    starts.map(piece).collect()
}

/// A line as it is sent, with its newline.
pub(super) fn printed(component: &str, at: Moment, message: &str) -> String {
    format!("{component} {} {message}\n", at.iso_nanoseconds())
}

#[cfg(test)]
mod tests {
    use super::{super::component::Role, *};

    const FROM_THE_START: Span = Span {
        from: Moment(0),
        until: None,
    };

    fn talk() -> Talk {
        Talk {
            seed: 1,
            app: 0,
            component: "web".to_owned(),
            role: Role::Service,
            crashed: Vec::new(),
        }
    }

    fn numbered(range: std::ops::Range<u32>) -> Vec<String> {
        range.map(|number| format!("line {number}")).collect()
    }

    #[test]
    fn appended_lines_are_kept_in_order_and_belong_to_the_one_that_serves() {
        let clock = Clock::start(1.0);
        let mut voices = Voices::new(&clock, false);
        let now = clock.started().plus(5.0);
        voices.append(0, "web", now, &numbered(0..500));
        voices.append(0, "web", now, &numbered(500..900));
        let later = now.plus(60.0);
        let read = voices.last(&talk(), FROM_THE_START, 900, later);
        let messages: Vec<&str> = read.iter().map(|line| line.message.as_str()).collect();
        assert_eq!(messages, numbered(0..900));
        assert!(
            read.windows(2)
                .all(|pair| pair[0].place.at < pair[1].place.at)
        );
        let before = Span {
            until: Some(now),
            ..FROM_THE_START
        };
        let told = voices.after(&talk(), before, Place::START, later);
        assert!(told.iter().all(|line| !line.message.starts_with("line ")));
        assert!(!told.is_empty());
    }

    #[test]
    fn same_line_twice_in_a_row_has_the_same_time() {
        let clock = Clock::start(1.0);
        let mut voices = Voices::new(&clock, false);
        let lines = ["a", "a", "b"].map(str::to_owned);
        voices.append(0, "web", clock.started().plus(1.0), &lines);
        let read = voices.last(&talk(), FROM_THE_START, 3, clock.started().plus(9.0));
        assert_eq!(read[0].place.at, read[1].place.at);
        assert!(read[1].place.at < read[2].place.at);
    }

    #[test]
    fn lines_are_printed_with_nanoseconds() {
        let line = printed("web", Moment(1_700_000_000_123_456), "hello");
        assert!(line.starts_with("web 2023-11-14T22:13:20.123456"), "{line}");
        assert!(line.ends_with("Z hello\n"), "{line}");
        assert_eq!(
            line.len(),
            "web 2023-11-14T22:13:20.123456789Z hello\n".len()
        );
    }
}
