//! What was answered to one field, and whether it does.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tui_input::{Input, InputRequest};

use super::picks::{Choice, Condition};
use crate::app::filter::contains;
use crate::model::Secret;
use crate::model::catalogue::{Chosen, Field, FieldKind, Need, Pick, Value};

const DAY: Duration = Duration::from_hours(24);

/// A line that is not shown, neither on screen nor in a debug dump.
#[derive(Clone, Default)]
pub struct Hidden(pub Input);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A list of what exists, and what was chosen from it.
#[derive(Clone, Debug)]
pub struct Picker {
    /// What it lists.
    pub pick: Pick,
    /// Whether more than one may be chosen.
    pub is_many: bool,
    /// What was chosen.
    pub chosen: Vec<Chosen>,
    /// What is searched for.
    pub search: Input,
    /// What exists.
    pub all: Vec<Choice>,
    /// Positions in it that fit the search.
    pub shown: Vec<usize>,
    /// The selected one among those.
    pub row: usize,
    /// Whether none of it is selected before somebody moves or searches: who leaves an optional list
    /// out must not choose from it.
    pub waits: bool,
    /// How the list is doing.
    pub condition: Condition,
}

impl Picker {
    fn new(pick: Pick, is_many: bool) -> Self {
        Self {
            pick,
            is_many,
            chosen: Vec::new(),
            search: Input::default(),
            all: Vec::new(),
            shown: Vec::new(),
            row: 0,
            waits: false,
            condition: Condition::Loading,
        }
    }

    /// The selected entry.
    #[must_use]
    pub fn selected(&self) -> Option<&Choice> {
        if self.waits {
            return None;
        }
        self.all.get(*self.shown.get(self.row)?)
    }

    /// Whether an entry was chosen.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen.id == id)
    }

    /// Searches anew; what is chosen is selected if it is still in sight.
    pub fn search_again(&mut self) {
        let words = self.search.value().to_lowercase();
        self.waits &= words.is_empty();
        let fits = |choice: &Choice| {
            words.split_whitespace().all(|word| {
                contains(choice.chosen.title.as_str(), word) || contains(choice.note.as_str(), word)
            })
        };
        let fitting = self.all.iter().enumerate().filter(|(_, it)| fits(it));
        self.shown = fitting.map(|(at, _)| at).collect();
        let is_chosen = |at: &usize| self.all.get(*at).is_some_and(|it| self.has(&it.chosen.id));
        self.row = self.shown.iter().position(is_chosen).unwrap_or(0);
    }

    /// Moves the selection, not past the ends.
    pub fn step(&mut self, delta: isize) {
        if std::mem::take(&mut self.waits) {
            return;
        }
        let last = self.shown.len().saturating_sub(1);
        self.row = self.row.saturating_add_signed(delta).min(last);
    }

    /// Chooses the selected entry; of many, adds it or takes it away.
    pub fn choose(&mut self) {
        let Some(chosen) = self.selected().map(|choice| choice.chosen.clone()) else {
            return;
        };
        if !self.is_many {
            self.chosen = vec![chosen];
        } else if self.has(&chosen.id) {
            self.chosen.retain(|other| other.id != chosen.id);
        } else {
            self.chosen.push(chosen);
        }
    }
}

/// What was answered to one field.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A line of text.
    Line(Input),
    /// A line that is not shown.
    Hidden(Hidden),
    /// One of the words of the field, by its position.
    Choice(Option<usize>),
    /// Yes or no.
    Flag(bool),
    /// Some of what exists.
    Pick(Picker),
}

impl Entry {
    /// Nothing answered yet.
    #[must_use]
    pub fn of(field: &Field) -> Self {
        match field.kind {
            FieldKind::Text | FieldKind::Count { .. } | FieldKind::Time | FieldKind::Pairs => {
                Self::Line(Input::default())
            }
            FieldKind::Secret => Self::Hidden(Hidden::default()),
            FieldKind::Choice(_) => Self::Choice(None),
            FieldKind::Flag => Self::Flag(false),
            FieldKind::Pick(pick) => Self::Pick(Picker {
                waits: field.need == Need::Optional,
                ..Picker::new(pick, false)
            }),
            FieldKind::Some(pick) => Self::Pick(Picker::new(pick, true)),
        }
    }

    /// The list it chooses from.
    #[must_use]
    pub fn picker(&self) -> Option<&Picker> {
        match self {
            Self::Pick(picker) => Some(picker),
            Self::Line(_) | Self::Hidden(_) | Self::Choice(_) | Self::Flag(_) => None,
        }
    }

    /// Answers it with what is known already. A value of another kind is left out.
    pub fn fill(&mut self, kind: FieldKind, value: &Value) {
        match (self, value) {
            (Self::Choice(place), Value::Text(word)) => {
                if let FieldKind::Choice(words) = kind {
                    *place = words.iter().position(|(known, _)| known == word);
                }
            }
            (Self::Line(line), Value::Text(text)) => *line = Input::new(text.clone()),
            (Self::Line(line), Value::Count(count)) => *line = Input::new(count.to_string()),
            (Self::Line(line), Value::Time(at)) => *line = Input::new(at.to_string()),
            (Self::Line(line), Value::Pairs(pairs)) => {
                let words = pairs.iter().map(|(key, value)| format!("{key}={value}"));
                let words: Vec<_> = words.collect();
                *line = Input::new(shell_words::join(&words));
            }
            (Self::Hidden(Hidden(line)), Value::Secret(secret)) => {
                *line = Input::new(secret.expose().to_owned());
            }
            (Self::Flag(flag), Value::Flag(is_on)) => *flag = *is_on,
            (Self::Pick(picker), Value::One(chosen)) => picker.chosen = vec![chosen.clone()],
            (Self::Pick(picker), Value::Many(chosen)) => picker.chosen.clone_from(chosen),
            _ => {}
        }
    }

    /// Whether nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Line(line) | Self::Hidden(Hidden(line)) => line.value().is_empty(),
            Self::Choice(place) => place.is_none(),
            Self::Flag(is_on) => !is_on,
            Self::Pick(picker) => picker.chosen.is_empty(),
        }
    }

    /// Types into it.
    pub fn edit(&mut self, request: InputRequest) {
        match self {
            Self::Line(line) | Self::Hidden(Hidden(line)) => {
                line.handle(request);
            }
            Self::Pick(picker) => {
                let is_empty = picker.search.value().is_empty();
                if is_empty && request == InputRequest::DeletePrevChar {
                    picker.chosen.clear();
                }
                let change = picker.search.handle(request);
                if change.is_some_and(|change| change.value) {
                    picker.search_again();
                }
            }
            Self::Choice(_) | Self::Flag(_) => {}
        }
    }

    /// Puts a text in, as if it was typed.
    pub fn insert(&mut self, text: &str) {
        match self {
            Self::Line(line) | Self::Hidden(Hidden(line)) => insert(line, text),
            Self::Pick(picker) => {
                insert(&mut picker.search, text);
                picker.search_again();
            }
            Self::Choice(_) | Self::Flag(_) => {}
        }
    }

    /// What it answers; nothing if it was left out.
    ///
    /// # Errors
    /// What is wrong with it, in words that follow the name of the field.
    pub fn answer(
        &self,
        kind: FieldKind,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Result<Option<Value>, String> {
        match self {
            Self::Line(line) => line_answer(line.value().trim(), kind, now, zone),
            Self::Hidden(Hidden(line)) => {
                let text = line.value();
                Ok((!text.is_empty()).then(|| Value::Secret(Secret::new(text))))
            }
            Self::Choice(place) => Ok(place.and_then(|place| {
                let FieldKind::Choice(words) = kind else {
                    return None;
                };
                let (word, _) = words.get(place)?;
                Some(Value::Text((*word).to_owned()))
            })),
            // A no is an answer: some flags are a yes unless somebody switches them off.
            Self::Flag(is_on) => Ok(Some(Value::Flag(*is_on))),
            Self::Pick(picker) if picker.is_many => {
                let chosen = &picker.chosen;
                Ok((!chosen.is_empty()).then(|| Value::Many(chosen.clone())))
            }
            Self::Pick(picker) => Ok(picker.chosen.first().cloned().map(Value::One)),
        }
    }
}

/// In one go: key by key, a long text would take its length squared.
fn insert(line: &mut Input, text: &str) {
    let (at, value) = (line.cursor(), line.value().chars());
    let after = value.clone().skip(at);
    let all = value.take(at).chain(text.chars()).chain(after).collect();
    *line = Input::new(all).with_cursor(at + text.chars().count());
}

fn line_answer(
    typed: &str,
    kind: FieldKind,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Option<Value>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    let value = match kind {
        FieldKind::Count { least, most } => Value::Count(count(typed, least, most)?),
        FieldKind::Time => Value::Time(time(typed, now, zone)?),
        FieldKind::Pairs => Value::Pairs(pairs(typed)?),
        FieldKind::Text
        | FieldKind::Secret
        | FieldKind::Choice(_)
        | FieldKind::Flag
        | FieldKind::Pick(_)
        | FieldKind::Some(_) => Value::Text(typed.to_owned()),
    };
    Ok(Some(value))
}

fn count(typed: &str, least: u32, most: u32) -> Result<u32, String> {
    let is_number = typed.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return Err("is no whole number".into());
    }
    let number = typed.parse().ok();
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("must be from {least} to {most}"))
}

/// A moment, a day (its beginning here), or so many days or hours from now.
fn time(typed: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, String> {
    let at = moment(typed, now, zone)
        .ok_or("is no time: write 2026-12-24, 30d, 12h or 2026-12-24T18:00:00Z")?;
    if at <= now {
        return Err("has passed".into());
    }
    Ok(at)
}

fn moment(typed: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let units = [("d", DAY), ("h", Duration::from_hours(1))];
    let ahead = units.into_iter().find_map(|(unit, length)| {
        let number = typed.strip_suffix(unit)?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let number: u32 = number.parse().ok().filter(|_| is_number)?;
        length.checked_mul(number)
    });
    if let Some(ahead) = ahead {
        return now.checked_add(ahead).ok();
    }
    if let Ok(at) = typed.parse() {
        return Some(at);
    }
    let day: Date = typed.parse().ok().filter(|_| typed.len() == 10)?;
    Some(zone.to_zoned(day.at(0, 0, 0, 0)).ok()?.timestamp())
}

/// `key=value`, separated by blanks or lines; quotes hold a value with blanks together.
fn pairs(typed: &str) -> Result<Vec<(String, String)>, String> {
    let words = shell_words::split(typed).map_err(|_| "has a quote that does not end")?;
    let pair = |word: &String| match word.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        Some(_) | None => Err(format!("has no key=value in \"{word}\"")),
    };
    words.iter().map(pair).collect()
}
