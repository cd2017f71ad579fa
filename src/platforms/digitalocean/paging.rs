//! Paging by number. The `next` address of an answer is never followed: the token would go where
//! it leads.
//!
//! Source: DigitalOcean contract, section 4.

use crate::model::{PageRequest, PageToken};

/// The largest page the platform gives.
const MAX_PER_PAGE: u32 = 200;

/// One page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// From 1.
    pub(super) page: u32,
    pub(super) per_page: u32,
}

impl Place {
    /// What is asked for, at most `size` records at once.
    pub(super) fn of(request: &PageRequest, size: u32) -> Self {
        let size = size.clamp(1, MAX_PER_PAGE);
        let first = Self {
            page: 1,
            per_page: request.limit.unwrap_or(size).clamp(1, size),
        };
        let token = request.token.as_ref();
        token
            .and_then(|PageToken(token)| Self::parse(token))
            .unwrap_or(first)
    }

    fn parse(token: &str) -> Option<Self> {
        let (page, per_page) = token.split_once('/')?;
        Some(Self {
            page: page.parse().ok().filter(|page| *page > 0)?,
            per_page: per_page
                .parse()
                .ok()
                .filter(|size| (1..=MAX_PER_PAGE).contains(size))?,
        })
    }

    /// The page after it.
    pub(super) fn next(self) -> PageToken {
        let (page, per_page) = (self.page.saturating_add(1), self.per_page);
        PageToken(format!("{page}/{per_page}").into())
    }

    /// The first half of it, as a page of its own; absent where it cannot be halved.
    pub(super) fn halved(self) -> Option<Self> {
        (self.per_page.is_multiple_of(2)).then(|| Self {
            page: self.page.saturating_sub(1).saturating_mul(2) + 1,
            per_page: self.per_page / 2,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(token: &str) -> Place {
        let token = Some(PageToken(token.into()));
        Place::of(&PageRequest { token, limit: None }, 50)
    }

    #[test]
    fn pages_are_counted() {
        let first = Place::of(&PageRequest::first(), 50);
        assert_eq!((first.page, first.per_page), (1, 50));
        assert_eq!(first.next().0, "2/50");
        assert_eq!(at("2/50").next().0, "3/50");
    }

    #[test]
    fn fewer_are_asked_for_where_fewer_are_wanted() {
        let limit = |limit| PageRequest { token: None, limit };
        assert_eq!(Place::of(&limit(Some(3)), 10).per_page, 3);
        assert_eq!(Place::of(&limit(Some(0)), 10).per_page, 1);
        assert_eq!(Place::of(&limit(Some(20)), 10).per_page, 10);
    }

    #[test]
    fn half_a_page_begins_where_the_whole_did() {
        assert_eq!(at("3/10").halved(), Some(at("5/5")));
        assert_eq!(at("1/10").halved(), Some(at("1/5")));
        assert_eq!(at("1/5").halved(), None);
    }

    #[test]
    fn a_strange_token_begins_anew() {
        for token in ["", "x", "0/10", "2/0", "2/999", "-1/5"] {
            assert_eq!(at(token), at("1/50"), "{token:?}");
        }
    }
}
