//! Where the next page of a list is.
//!
//! The platform answers an absolute link to its own public address. Only its path and query are
//! used, so that the token stays on the configured host and lists work behind a tunnel.
//!
//! Source: Divio contract, section 2.1.

use url::Url;

use crate::model::{Failure, Text};

/// Entries asked for at once; the platform's maximum is not documented.
pub(super) const PAGE_SIZE: u32 = 100;

/// No list of a dashboard is longer; a list without end stops here.
pub(super) const MAX_PAGES: u64 = 200;

/// Where links may lead.
const PREFIXES: [&str; 3] = ["/apps/v3/", "/iam/v3/", "/billing/v3/"];

/// The page that was read.
pub(super) struct Here<'a> {
    /// Name of the operation, for failures.
    pub operation: &'static str,
    /// Where the API is.
    pub base: &'a Url,
    /// Path below the base.
    pub path: &'a str,
    /// Query.
    pub query: &'a str,
    /// How many records it had.
    pub got: usize,
    /// How many the whole list has.
    pub count: Option<u64>,
}

impl Here<'_> {
    /// Path and query of the next page; absent at the end of the list.
    ///
    /// # Errors
    /// `Decode` for a link that leads elsewhere: the rest of a list must not vanish silently.
    pub(super) fn next(&self, link: Option<&str>) -> Result<Option<String>, Failure> {
        if self.got == 0 {
            return Ok(None);
        }
        let Some(link) = link.filter(|link| !link.is_empty()) else {
            return Ok(self.by_offset());
        };
        let Some((path, query)) = self.below_base(link) else {
            return Err(Failure::Decode {
                endpoint: Text::clean(self.operation),
                path: Text::clean("next"),
                expected: Text::clean("a link into the same API"),
                found: Text::clean("a link elsewhere"),
            });
        };
        if !self.goes_on(&path, &query) {
            tracing::warn!(operation = self.operation, "the list does not go on");
            return Ok(None);
        }
        Ok(Some(format!("{path}?{query}")))
    }

    /// A list with `limit` and `offset` that gives no links.
    fn by_offset(&self) -> Option<String> {
        let limit = number(self.query, "limit")?;
        let offset = number(self.query, "offset").unwrap_or(0) + self.got as u64;
        if offset >= self.count? || offset / limit.max(1) >= MAX_PAGES {
            return None;
        }
        let query = with_offset(self.query, offset);
        Some(format!("{}?{query}", self.path))
    }

    fn below_base(&self, link: &str) -> Option<(String, String)> {
        let url = self.base.join(link).ok()?;
        let prefix = self.base.path().trim_end_matches('/');
        let path = url.path();
        // A proxy may have rewritten the link, or not.
        let path = path.strip_prefix(prefix).unwrap_or(path);
        let inside = PREFIXES.iter().any(|prefix| path.starts_with(prefix));
        inside.then(|| (path.to_owned(), url.query().unwrap_or_default().to_owned()))
    }

    /// Whether the link leads on: not here again, not back, and not for ever.
    fn goes_on(&self, path: &str, query: &str) -> bool {
        if (path, query) == (self.path, self.query) {
            return false;
        }
        for (key, first) in [("page", 1), ("offset", 0)] {
            if let Some(next) = number(query, key) {
                return next > number(self.query, key).unwrap_or(first)
                    && (key == "offset" || next <= MAX_PAGES);
            }
        }
        true
    }
}

/// Splits what [`Here::next`] gave; absent for what it cannot have given.
pub(super) fn split(token: &str) -> Option<(&str, &str)> {
    let (path, query) = token.split_once('?')?;
    PREFIXES
        .iter()
        .any(|prefix| path.starts_with(prefix))
        .then_some((path, query))
}

fn number(query: &str, key: &str) -> Option<u64> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == key)
        .and_then(|(_, value)| value.parse().ok())
}

fn with_offset(query: &str, offset: u64) -> String {
    let others = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "offset");
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("offset", &offset.to_string())
        .finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATH: &str = "/apps/v3/applications/";

    fn check(base: &str, query: &str, link: Option<&str>, expected: Option<&str>) {
        let next = here(&Url::parse(base).unwrap(), query).next(link).unwrap();
        assert_eq!(next.as_deref(), expected, "{link:?} after {query:?}");
    }

    fn here<'a>(base: &'a Url, query: &'a str) -> Here<'a> {
        Here {
            operation: "ListApplications",
            base,
            path: PATH,
            query,
            got: 2,
            count: Some(5),
        }
    }

    #[test]
    fn only_path_and_query_of_a_link_are_used() {
        let second = Some("/apps/v3/applications/?page=2");
        for base in ["https://api.example.org", "http://localhost:1/tunnel/"] {
            for link in [
                "https://api.divio.com/apps/v3/applications/?page=2",
                "https://evil.example/apps/v3/applications/?page=2",
                "//evil.example/apps/v3/applications/?page=2",
                "/apps/v3/applications/?page=2",
                "https://user:word@evil.example:99/apps/v3/applications/?page=2#x",
            ] {
                check(base, "page_size=100", Some(link), second);
            }
        }
        let rewritten = "http://localhost:1/tunnel/apps/v3/applications/?page=2";
        check("http://localhost:1/tunnel", "", Some(rewritten), second);
    }

    #[test]
    fn a_list_ends() {
        let base = "https://api.example.org";
        check(base, "", None, None);
        check(base, "", Some(""), None);
        check(base, "page=2", Some("/apps/v3/applications/?page=2"), None);
        check(base, "page=3", Some("/apps/v3/applications/?page=2"), None);
        check(
            base,
            "page_size=9",
            Some("/apps/v3/applications/?page=1"),
            None,
        );
        check(
            base,
            "page=200",
            Some("/apps/v3/applications/?page=201"),
            None,
        );
        let url = Url::parse(base).unwrap();
        let empty = Here {
            got: 0,
            ..here(&url, "")
        };
        assert_eq!(empty.next(Some("/apps/v3/applications/?page=2")), Ok(None));
    }

    #[test]
    fn a_link_out_of_the_api_is_a_failure() {
        let base = Url::parse("https://api.example.org").unwrap();
        for link in [
            "/admin/",
            "/apps/v3/../../admin/?page=2",
            "https://x/legacy/v3/?page=2",
            "::",
        ] {
            let next = here(&base, "").next(Some(link));
            assert!(matches!(next, Err(Failure::Decode { .. })), "{link:?}");
        }
    }

    #[test]
    fn offsets_are_counted_where_no_link_is_given() {
        let base = "https://api.example.org";
        let query = "environment=e&limit=2&offset=0";
        check(
            base,
            query,
            None,
            Some("/apps/v3/applications/?environment=e&limit=2&offset=2"),
        );
        check(base, "limit=2&offset=4", None, None);
        check(
            base,
            "limit=2&offset=2",
            Some("/apps/v3/applications/?limit=2&offset=2"),
            None,
        );
    }

    proptest! {
        #[test]
        fn a_token_never_leaves_the_api(link in ".{0,60}", query in "[a-z0-9=&%]{0,20}") {
            let base = Url::parse("https://api.example.org/p").unwrap();
            if let Ok(Some(token)) = here(&base, &query).next(Some(&link)) {
                prop_assert!(split(&token).is_some());
            }
        }

        #[test]
        fn following_links_comes_to_an_end(pages in prop::collection::vec(0_u64..300, 1..50)) {
            let base = Url::parse("https://api.example.org").unwrap();
            let mut query = String::new();
            for turn in 0..=MAX_PAGES {
                let page = pages[usize::try_from(turn).unwrap() % pages.len()];
                let link = format!("{PATH}?page={page}");
                match here(&base, &query).next(Some(&link)).unwrap() {
                    Some(token) => query = split(&token).unwrap().1.to_owned(),
                    None => return Ok(()),
                }
            }
            prop_assert!(false, "a list without end");
        }
    }
}
