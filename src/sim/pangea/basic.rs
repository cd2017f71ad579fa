//! Credentials in a header, as HTTP Basic has them.

use axum::http::HeaderValue;

use crate::sim::raw::from_base64;

/// The two parts of what a header says. OAuth wants both to be encoded as the values of forms are.
pub(super) fn credentials(value: &HeaderValue) -> Option<(String, String)> {
    let (scheme, text) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(from_base64(text.trim())?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id), decoded(secret)))
}

fn decoded(text: &str) -> String {
    let form = text.replace('&', "%26").replace('=', "%3D");
    let mut pairs = url::form_urlencoded::parse(form.as_bytes());
    pairs
        .next()
        .map_or_else(String::new, |(key, _)| key.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Option<(&str, &str)>) {
        let header = HeaderValue::from_str(header).unwrap();
        let owned = expected.map(|(id, secret)| (id.to_owned(), secret.to_owned()));
        assert_eq!(credentials(&header), owned, "{header:?}");
    }

    #[test]
    fn header_is_read() {
        check("Basic YTpi", Some(("a", "b")));
        check("basic YTpiOmM=", Some(("a", "b:c")));
        check("Basic YTpiJTI1YyUyQi8=", Some(("a", "b%c+/")));
        check("Bearer YTpi", None);
        check("Basic YWI=", None);
        check("Basic *", None);
    }
}
