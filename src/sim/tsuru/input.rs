//! What a request says besides its path. Source: tsuru contract, section 1.
//!
//! A form is read of POST, PUT and PATCH only: on DELETE it is ignored. Keys of forms and queries
//! that are read one by one are case-sensitive; those of JSON are not.

use axum::{
    body::Bytes,
    http::{header, request::Parts},
};
use serde_json::{Map, Value};

use super::errors::Refusal;
use crate::sim::query::Query;

/// Form, query and JSON of a request.
#[derive(Clone, Debug, Default)]
pub(super) struct Input {
    pub(super) query: Query,
    form: Query,
    json: Map<String, Value>,
}

impl Input {
    /// Reads a request.
    pub(super) fn read(parts: &Parts, body: &Bytes) -> Result<Input, Refusal> {
        let mut input = Input {
            query: Query::parse(parts.uri.query().unwrap_or_default()),
            ..Input::default()
        };
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let has_form = matches!(parts.method.as_str(), "POST" | "PUT" | "PATCH");
        if kind.starts_with("application/json") && !body.is_empty() {
            let read = serde_json::from_slice(body);
            input.json = read
                .map_err(|error| Refusal::bad(format!("unable to parse as json: \"{error}\"")))?;
        } else if has_form && kind.starts_with("application/x-www-form-urlencoded") {
            input.form = Query::parse(&String::from_utf8_lossy(body));
        }
        Ok(input)
    }

    /// A value under exactly this name in a form or a query, or under any case of it in JSON.
    /// Empty is absent.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let plain = self.form.get(name).or_else(|| self.query.get(name));
        let plain = plain.map(str::to_owned);
        plain.or_else(|| self.json(name).and_then(scalar))
    }

    /// A value, or the empty text.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default()
    }

    /// All values under a name.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let plain = self.form.all(name).chain(self.query.all(name));
        let plain: Vec<String> = plain.map(str::to_owned).collect();
        match self.json(name) {
            Some(Value::Array(items)) if plain.is_empty() => {
                items.iter().filter_map(scalar).collect()
            }
            Some(one) if plain.is_empty() => scalar(one).into_iter().collect(),
            Some(_) | None => plain,
        }
    }

    /// A value of a form that is decoded as a whole, whatever the case of its name.
    pub(super) fn folded(&self, name: &str) -> Option<String> {
        let fits = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
        let form = self.form.0.iter().chain(&self.query.0).find(fits);
        let form = form.map(|(_, value)| value.clone());
        form.or_else(|| self.json(name).and_then(scalar))
    }

    /// Yes, as the server reads it: only what says so.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|text| is_yes(&text))
    }

    /// As [`Input::flag`], of a form that is decoded as a whole.
    pub(super) fn folded_flag(&self, name: &str) -> bool {
        self.folded(name).is_some_and(|text| is_yes(&text))
    }

    /// Whether a name is there at all, even with nothing behind it.
    pub(super) fn has(&self, name: &str) -> bool {
        let mut plain = self.form.0.iter().chain(&self.query.0);
        plain.any(|(key, _)| key == name) || self.json(name).is_some()
    }

    /// A field of the JSON body, whatever its case.
    pub(super) fn json(&self, name: &str) -> Option<&Value> {
        let mut fields = self.json.iter();
        let found = fields.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    /// The fields of a form, in their order.
    pub(super) fn form(&self) -> &[(String, String)] {
        &self.form.0
    }

    /// The JSON body as a whole.
    pub(super) fn object(&self) -> &Map<String, Value> {
        &self.json
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text, "true" | "True" | "TRUE" | "1" | "t" | "T")
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn check(method: &str, kind: &str, address: &str, body: &'static str) -> Input {
        let request = Request::builder().method(method).uri(address);
        let request = request.header("content-type", kind).body(()).unwrap();
        Input::read(
            &request.into_parts().0,
            &Bytes::from_static(body.as_bytes()),
        )
        .unwrap()
    }

    #[test]
    fn form_on_delete_is_ignored() {
        let form = "application/x-www-form-urlencoded";
        assert_eq!(check("POST", form, "/a", "units=2").text("units"), "2");
        assert_eq!(check("DELETE", form, "/a", "units=2").get("units"), None);
        assert_eq!(check("DELETE", form, "/a?units=2", "").text("units"), "2");
    }

    #[test]
    fn keys_of_forms_are_case_sensitive_and_those_of_json_are_not() {
        let form = "application/x-www-form-urlencoded";
        assert!(!check("POST", form, "/a", "norestart=true").flag("noRestart"));
        assert!(check("POST", form, "/a", "noRestart=true").flag("noRestart"));
        let json = check("POST", "application/json", "/a", r#"{"NORESTART":true}"#);
        assert!(json.flag("noRestart"));
    }
}
