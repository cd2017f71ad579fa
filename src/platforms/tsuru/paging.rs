//! Paging of the two lists that have it: so many are left out. Nothing tells how many there are.
//!
//! Source: tsuru contract, section 1.

use crate::model::{Page, PageRequest, PageToken};

/// The most that the platform gives at once.
const MOST: u32 = 100;

/// A page of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) skip: u32,
    pub(super) limit: u32,
}

impl Slice {
    /// What is asked for, `size` records where nobody says how many.
    pub(super) fn of(request: &PageRequest, size: u32) -> Self {
        let limit = request.limit.unwrap_or(size).clamp(1, MOST);
        let token = request.token.as_ref();
        token
            .and_then(|PageToken(token)| Self::parse(token))
            .unwrap_or(Self { skip: 0, limit })
    }

    /// The newest, as many as there are at once.
    pub(super) fn newest() -> Self {
        Self {
            skip: 0,
            limit: MOST,
        }
    }

    fn parse(token: &str) -> Option<Self> {
        let (skip, limit) = token.split_once('/')?;
        let limit = limit.parse().ok().filter(|it| (1..=MOST).contains(it))?;
        let skip = skip.parse().ok()?;
        Some(Self { skip, limit })
    }

    /// The page of `items`, of which the platform sent `count`: a full one may not be the last.
    pub(super) fn page<T>(self, items: Vec<T>, count: usize) -> Page<T> {
        let is_full = u32::try_from(count).unwrap_or(u32::MAX) >= self.limit;
        let skip = self.skip.saturating_add(self.limit);
        Page {
            items,
            next: is_full.then(|| PageToken(format!("{skip}/{}", self.limit).into())),
            total: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_page_may_not_be_the_last() {
        let first = Slice::of(&PageRequest::first(), 20);
        assert_eq!(first, Slice { skip: 0, limit: 20 });
        assert!(first.page(vec![1], 19).next.is_none());
        let request = PageRequest {
            token: first.page(vec![1], 20).next,
            limit: None,
        };
        let second = Slice {
            skip: 20,
            limit: 20,
        };
        assert_eq!(Slice::of(&request, 50), second);
        for odd in ["", "x/y", "1/0", "1/1000"] {
            let token = Some(PageToken(odd.into()));
            let request = PageRequest {
                token,
                limit: Some(500),
            };
            assert_eq!(
                Slice::of(&request, 20),
                Slice {
                    skip: 0,
                    limit: 100
                }
            );
        }
    }
}
