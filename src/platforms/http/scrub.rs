//! Error answers that repeat what they were sent: a token, a value. What a platform says is shown,
//! logged and handed to scripts, so it is taken out before anybody reads it.

use std::borrow::Cow;

use crate::model::Secret;

/// Shorter ones are in every other word ("1", "on"): without them an error could not be read.
const SHORTEST: usize = 4;

/// What stands in their place.
const HIDDEN: &str = "***";

/// The body without the secrets, as they are and as JSON writes them.
pub(super) fn without<'a>(body: &'a [u8], secrets: &[&Secret]) -> Cow<'a, [u8]> {
    let text = String::from_utf8_lossy(body);
    let mut clean = text.clone().into_owned();
    for secret in secrets.iter().filter(|it| it.expose().len() >= SHORTEST) {
        let written = serde_json::Value::from(secret.expose()).to_string();
        clean = clean.replace(secret.expose(), HIDDEN);
        clean = clean.replace(written.trim_matches('"'), HIDDEN);
    }
    if clean == text {
        return Cow::Borrowed(body);
    }
    Cow::Owned(clean.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, secret: &str, expected: &str) {
        let secret = Secret::new(secret);
        assert_eq!(without(body.as_bytes(), &[&secret]), expected.as_bytes());
    }

    #[test]
    fn what_was_sent_is_taken_out() {
        check("bad token canary!", "canary", "bad token ***!");
        check(
            r#"{"value":["a \"canary\"\nis bad"]}"#,
            "a \"canary\"\n",
            r#"{"value":["***is bad"]}"#,
        );
        check("all is well", "canary", "all is well");
        // Nothing to hide, and much to lose.
        check("1 of 10", "1", "1 of 10");
    }
}
