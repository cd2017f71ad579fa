//! Paging: lists come in pages, and the engine walks them.

use compact_str::CompactString;

/// Where the next page begins, in the adapter's own notation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageToken(pub CompactString);

/// Which page is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// Absent for the first page.
    pub token: Option<PageToken>,
    /// At most this many entries, where somebody asked for fewer than the platform's page.
    pub limit: Option<u32>,
}

impl PageRequest {
    /// The first page.
    #[must_use]
    pub fn first() -> Self {
        Self::default()
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// Its entries, in the order of the list.
    pub items: Vec<T>,
    /// Where the next one begins; absent on the last page.
    pub next: Option<PageToken>,
    /// How many entries the whole list has, where the platform says so.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// A list that fits one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        let total = Some(items.len() as u64);
        Self {
            items,
            next: None,
            total,
        }
    }

    /// The same page with other entries.
    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
            total: self.total,
        }
    }
}
