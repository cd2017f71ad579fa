//! Answers: reading them within bounds and decoding them with a path to what is wrong.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::{problem, remark};
use crate::model::{Failure, Text};

/// The largest body read. Deployment logs of several megabytes exist; beyond this something is
/// wrong, and reading on would only fill memory.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

/// A whole answer with a good status.
pub struct Reply {
    /// What was asked.
    pub operation: &'static str,
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Reply {
    pub(super) async fn read(
        operation: &'static str,
        mut response: Response,
    ) -> Result<Self, Failure> {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(problem::network)? {
            if body.len() + chunk.len() > MAX_BODY_BYTES {
                return Err(misunderstood(operation, "", "at most 64 MiB", "more"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self {
            operation,
            status,
            headers,
            body: body.freeze(),
        })
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// `Decode`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        decode(self.operation, &self.body)
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// An answer that comes bit by bit.
pub struct Incoming {
    response: Response,
    idle: Duration,
}

impl Incoming {
    pub(super) fn new(response: Response, idle: Duration) -> Self {
        Self { response, idle }
    }

    /// Headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next bytes, split anywhere; absent at the end. Cancel-safe.
    ///
    /// # Errors
    /// `Network`.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        match tokio::time::timeout(self.idle, self.response.chunk()).await {
            Ok(chunk) => chunk.map_err(problem::network),
            Err(_) => Err(problem::silent(self.idle)),
        }
    }
}

/// Decodes a body.
///
/// # Errors
/// `Decode`, with the path to what is wrong.
pub fn decode<T: DeserializeOwned>(operation: &str, body: &[u8]) -> Result<T, Failure> {
    let start = body.trim_ascii_start();
    if start.is_empty() {
        return Err(misunderstood(operation, "", "JSON", "nothing"));
    }
    if start.starts_with(b"<") {
        return Err(misunderstood(operation, "", "JSON", "an HTML page"));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        explain(operation, &path, error.inner())
    })?;
    json.end().map_err(|error| explain(operation, "", &error))?;
    Ok(value)
}

/// Decodes a part of an answer that stands at `path`.
///
/// # Errors
/// `Decode`, with the path to what is wrong.
pub fn decode_value<T: DeserializeOwned>(
    operation: &str,
    path: &str,
    value: serde_json::Value,
) -> Result<T, Failure> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| explain(operation, &below(path, &error), error.inner()))
}

/// Decodes a part of an answer that stands at `path`, as it is written.
///
/// # Errors
/// `Decode`, with the path to what is wrong.
pub fn decode_text<T: DeserializeOwned>(
    operation: &str,
    path: &str,
    text: &str,
) -> Result<T, Failure> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|error| explain(operation, &below(path, &error), error.inner()))
}

/// Where it is wrong, seen from the top of the answer.
fn below(path: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    match (path, error.path().to_string()) {
        (_, whole) if whole == "." => path.to_owned(),
        ("", inner) => inner,
        (_, inner) => format!("{path}.{inner}"),
    }
}

/// The records of a list that can be read. One that cannot is left out with a warning, unless none
/// can be. What is no entry of its own is absent.
///
/// # Errors
/// That of the first record, where all fail.
pub fn readable<T>(
    records: impl Iterator<Item = Result<Option<T>, Failure>>,
) -> Result<Vec<T>, Failure> {
    let (mut items, mut problem) = (Vec::with_capacity(records.size_hint().0), None);
    for record in records {
        match record {
            Ok(item) => items.extend(item),
            Err(failure) => {
                tracing::warn!(%failure, "a record is left out");
                problem.get_or_insert(failure);
            }
        }
    }
    match problem {
        Some(failure) if items.is_empty() => Err(failure),
        _ => Ok(items),
    }
}

/// Splits serde's sentence and keeps the type of what was found, never its value: it may be a
/// secret.
fn explain(operation: &str, path: &str, error: &serde_json::Error) -> Failure {
    let message = error.to_string();
    match error.classify() {
        Category::Eof => misunderstood(operation, path, "JSON", "an answer that was cut off"),
        Category::Syntax | Category::Io => misunderstood(operation, path, "JSON", "something else"),
        Category::Data => {
            let (found, expected) = split(&message);
            misunderstood(operation, path, &expected, &found)
        }
    }
}

fn split(message: &str) -> (String, String) {
    let message = message.split(" at line ").next().unwrap_or(message);
    if let Some(field) = message.strip_prefix("missing field ") {
        return ("no such field".into(), field.replace('`', ""));
    }
    let Some((found, expected)) = message.rsplit_once(", expected ") else {
        return ("something else".into(), "what the contract says".into());
    };
    (kind(found).into(), expected.into())
}

/// The type in `invalid type: string "…"`.
fn kind(found: &str) -> &'static str {
    let found = found
        .strip_prefix("invalid type: ")
        .or_else(|| found.strip_prefix("invalid value: "))
        .unwrap_or(found);
    for word in [
        "null",
        "boolean",
        "integer",
        "floating point",
        "string",
        "sequence",
        "map",
    ] {
        if found.starts_with(word) {
            return word;
        }
    }
    if found.starts_with("invalid length") {
        return "another length";
    }
    "another value"
}

/// The answer is not what the contract says.
fn misunderstood(operation: &str, path: &str, expected: &str, found: &str) -> Failure {
    Failure::Decode {
        endpoint: Text::clean(operation),
        path: remark(if path.is_empty() || path == "." {
            "the top"
        } else {
            path
        }),
        expected: remark(expected),
        found: remark(found),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Item {
        #[expect(dead_code, reason = "only decoded")]
        uuid: String,
    }

    #[derive(Debug, Deserialize)]
    struct List {
        #[expect(dead_code, reason = "only decoded")]
        results: Vec<Item>,
    }

    fn check(body: &str, expected: &str) {
        let failure = decode::<List>("ListThings", body.as_bytes()).unwrap_err();
        let Failure::Decode {
            path,
            expected: wanted,
            found,
            ..
        } = &failure
        else {
            panic!("{failure:?}")
        };
        assert_eq!(format!("{path}: {wanted} / {found}"), expected, "{body:?}");
        assert!(
            !format!("{failure:?} {failure}").contains("canary"),
            "{failure:?}"
        );
    }

    #[test]
    fn a_wrong_answer_is_named_by_path_and_type() {
        check(
            r#"{"results":[{"uuid":"a"},{"uuid":null}]}"#,
            "results[1].uuid: a string / null",
        );
        check(
            r#"{"results":[{"id":"canary"}]}"#,
            "results[0]: uuid / no such field",
        );
        check(r#"{"results":"canary"}"#, "results: a sequence / string");
        check(
            r#"{"results":[{"uuid":7}]}"#,
            "results[0].uuid: a string / integer",
        );
        check(
            r#"{"results":[{"uuid":"a"#,
            "results[0].uuid: JSON / an answer that was cut off",
        );
        check("", "the top: JSON / nothing");
        check("  <!DOCTYPE html><p>canary", "the top: JSON / an HTML page");
        check("canary", "the top: JSON / something else");
        check(r#"{"results":[]} canary"#, "the top: JSON / something else");
    }

    #[test]
    fn a_part_of_an_answer_keeps_its_place() {
        let wrong =
            decode_value::<Item>("ListThings", "results[3]", serde_json::json!({"uuid": 1}));
        let Err(Failure::Decode { path, .. }) = wrong else {
            panic!("{wrong:?}")
        };
        assert_eq!(path.as_str(), "results[3].uuid");
    }
}
