//! A request to make, before it knows where the API is.

use std::fmt::{self, Write as _};

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::model::{Failure, Safety, Secret, Text};

/// One request. Its `Debug` shows neither query nor body: both may carry secrets.
pub struct Call {
    /// The platform's name of it, for failures and the log.
    pub operation: &'static str,
    /// Method.
    pub method: Method,
    /// Absolute path, percent-encoded segment by segment.
    pub path: String,
    /// Query, percent-encoded; empty for none.
    pub query: String,
    /// Media type and body.
    pub body: Option<(&'static str, Bytes)>,
    /// Media types that are understood.
    pub accept: &'static str,
    /// Headers that only this call has. They carry no secret.
    pub headers: HeaderMap,
    /// What happens when it is sent twice. Only [`Safety::Read`] passes a read-only context.
    pub safety: Safety,
    /// What it is about, for "… does not exist".
    pub subject: Text,
    /// What it carries and nobody may see, should an error answer repeat it.
    pub secrets: Vec<Secret>,
}

impl Call {
    /// A call without query or body, that understands JSON.
    #[must_use]
    pub fn new(operation: &'static str, method: Method, path: String, safety: Safety) -> Self {
        Self {
            operation,
            method,
            path,
            query: String::new(),
            body: None,
            accept: "application/json",
            headers: HeaderMap::new(),
            safety,
            subject: Text::clean(operation),
            secrets: Vec::new(),
        }
    }

    /// Adds query parameters, encoded; a repeated key is sent repeatedly.
    #[must_use]
    pub fn query<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut encoded = Serializer::new(std::mem::take(&mut self.query));
        encoded.extend_pairs(pairs);
        self.query = encoded.finish();
        self
    }

    /// Adds a JSON body.
    #[must_use]
    pub fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = Some(("application/json", Bytes::from(body.to_string())));
        self
    }

    /// Adds a header; not one whose value no header can have.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Names a secret that it carries.
    #[must_use]
    pub fn hiding(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Says what it is about.
    #[must_use]
    pub fn about(mut self, subject: Text) -> Self {
        self.subject = subject;
        self
    }

    /// The address under `base`, whose own path is kept as a prefix.
    pub(super) fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        url.set_path(&format!(
            "{}{}",
            base.path().trim_end_matches('/'),
            self.path
        ));
        url.set_query((!self.query.is_empty()).then_some(self.query.as_str()));
        url.set_fragment(None);
        url
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.operation, self.method, self.path)
    }
}

/// A path with every `{}` of its template replaced by the next of `ids`, encoded.
///
/// # Errors
/// As [`segment`]; also for too few of them.
pub fn filled(template: &str, ids: &[&str]) -> Result<String, Failure> {
    let mut pieces = template.split("{}");
    let mut path = pieces.next().unwrap_or_default().to_owned();
    let mut ids = ids.iter();
    for piece in pieces {
        path.push_str(&segment(ids.next().unwrap_or(&""))?);
        path.push_str(piece);
    }
    Ok(path)
}

/// Encodes one segment of a path: everything but unreserved characters.
///
/// # Errors
/// `NotFound` for what cannot be a segment: nothing, `.` and `..`, which would name another path.
pub fn segment(raw: &str) -> Result<String, Failure> {
    if matches!(raw, "" | "." | "..") {
        return Err(Failure::NotFound {
            subject: Text::clean("something without a usable identifier"),
        });
    }
    let mut encoded = String::with_capacity(raw.len());
    for byte in raw.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    Ok(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(base: &str, path: &str) -> String {
        let call = Call::new("Read", Method::GET, path.into(), Safety::Read);
        let call = call.query([("a", "x y"), ("a", "&")]);
        call.url(&Url::parse(base).unwrap()).to_string()
    }

    #[test]
    fn the_path_of_the_base_is_a_prefix() {
        assert_eq!(url("https://h", "/v1/x/"), "https://h/v1/x/?a=x+y&a=%26");
        assert_eq!(url("https://h/p/", "/v1/"), "https://h/p/v1/?a=x+y&a=%26");
    }

    #[test]
    fn a_segment_cannot_leave_its_place() {
        assert_eq!(
            segment("a/../b?c#d%é").unwrap(),
            "a%2F..%2Fb%3Fc%23d%25%C3%A9"
        );
        for bad in ["", ".", ".."] {
            assert!(
                matches!(segment(bad), Err(Failure::NotFound { .. })),
                "{bad:?}"
            );
        }
        let path = format!("/x/{}/", segment("../y").unwrap());
        assert!(url("https://h", &path).starts_with("https://h/x/..%2Fy/"));
    }
}
