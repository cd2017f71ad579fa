//! Who writes the lines of a ring. Names repeat, so a line keeps a number.

use std::collections::HashMap;

use unicode_width::UnicodeWidthStr;

use super::chunk::Chunks;
use crate::model::Text;

/// Which of several logs a line came from, in a ring into which they were merged: a place in its list
/// of sources.
pub type Origin = u8;

/// With so many names, those that no line bears any more are looked for.
const MANY: usize = 1024;

/// Who wrote a line: a process of one of several logs, or of the only one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Speaker {
    origin: Option<Origin>,
    name: Text,
}

/// All of them.
#[derive(Clone, Debug)]
pub(super) struct Speakers {
    /// The first stands for lines without a name.
    list: Vec<Speaker>,
    places: HashMap<Speaker, u16>,
    /// Who was asked for last: lines of one process come one after another.
    last: u16,
    /// When to look for names without lines.
    many: usize,
    /// How wide the widest name is that there ever was.
    widest: usize,
}

impl Default for Speakers {
    fn default() -> Self {
        Self {
            list: vec![Speaker::default()],
            places: HashMap::new(),
            last: 0,
            many: MANY,
            widest: 0,
        }
    }
}

impl Speakers {
    /// The number of a name. Past 65,535 names the rest goes nameless.
    pub(super) fn intern(&mut self, origin: Option<Origin>, name: &Text) -> u16 {
        let last = self.list.get(usize::from(self.last));
        if last.is_some_and(|last| last.origin == origin && last.name == *name) {
            return self.last;
        }
        self.last = self.place(Speaker {
            origin,
            name: name.clone(),
        });
        self.last
    }

    fn place(&mut self, speaker: Speaker) -> u16 {
        if speaker == Speaker::default() {
            return 0;
        }
        if let Some(place) = self.places.get(&speaker) {
            return *place;
        }
        let Ok(place) = u16::try_from(self.list.len()) else {
            return 0;
        };
        self.widest = self.widest.max(speaker.name.as_str().width());
        self.list.push(speaker.clone());
        self.places.insert(speaker, place);
        place
    }

    pub(super) fn get(&self, place: u16) -> Option<(Option<Origin>, &Text)> {
        let speaker = self.list.get(usize::from(place))?;
        Some((speaker.origin, &speaker.name))
    }

    /// How wide the widest name is that was ever here.
    pub(super) fn widest(&self) -> usize {
        self.widest
    }

    /// Whether it is time to look for names that no line bears any more.
    pub(super) fn is_crowded(&self) -> bool {
        self.list.len() >= self.many
    }

    /// Forgets names without lines: where every deployment brings processes with new ones, a log that
    /// stays within its limits must not grow by them.
    pub(super) fn forget_unused(&mut self, chunks: &mut Chunks) {
        let mut places: Vec<Option<u16>> = vec![None; self.list.len()];
        let mut kept = Self::default();
        for place in chunks.iter().flat_map(|chunk| &chunk.speakers) {
            let old = usize::from(*place);
            if let (Some(new @ None), Some(speaker)) = (places.get_mut(old), self.list.get(old)) {
                *new = Some(kept.place(speaker.clone()));
            }
        }
        for place in chunks.iter_mut().flat_map(|chunk| &mut chunk.speakers) {
            let new = places.get(usize::from(*place)).copied().flatten();
            *place = new.unwrap_or(0);
        }
        kept.widest = self.widest;
        kept.many = MANY.max(2 * kept.list.len());
        *self = kept;
    }

    /// Forgets all names. Their column stays as wide as it is.
    pub(super) fn forget_all(&mut self) {
        *self = Self {
            widest: self.widest,
            ..Self::default()
        };
    }

    pub(super) fn footprint(&self) -> usize {
        let on_heap =
            |name: &Text| Some(name.as_str().len()).filter(|length| *length > size_of::<Text>());
        let names = self.list.iter().filter_map(|it| on_heap(&it.name));
        self.list.capacity() * size_of::<Speaker>()
            + self.places.capacity() * (size_of::<(Speaker, u16)>() + 1)
            + 2 * names.sum::<usize>()
    }
}
