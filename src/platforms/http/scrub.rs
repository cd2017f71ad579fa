//! Error answers that repeat what they were sent: a token, a value. What a platform says is shown,
//! logged and handed to scripts, so it is taken out before anybody reads it. So is what makes an
//! address work for whoever has it, whether it was sent or not: user and password, and the query.

use std::borrow::Cow;

use crate::model::Secret;

/// Shorter ones are in every other word ("1", "on"): without them an error could not be read.
const SHORTEST: usize = 4;

/// What stands in their place.
const HIDDEN: &str = "***";

/// What comes before the host of an address.
const AUTHORITY: &str = "://";

/// How pages write what means something in them.
const ENTITIES: [(char, &[&str]); 5] = [
    ('&', &["&amp;", "&#38;"]),
    ('<', &["&lt;", "&#60;"]),
    ('>', &["&gt;", "&#62;"]),
    ('"', &["&quot;", "&#34;"]),
    ('\'', &["&#39;", "&#x27;"]),
];

/// The body without the secrets, as they are and as JSON and pages write them.
pub(super) fn without<'a>(body: &'a [u8], secrets: &[&Secret]) -> Cow<'a, [u8]> {
    let text = String::from_utf8_lossy(body);
    let mut clean = text.clone().into_owned();
    for secret in secrets.iter().filter(|it| it.expose().len() >= SHORTEST) {
        for written in forms(secret.expose()) {
            clean = clean.replace(&written, HIDDEN);
        }
    }
    clean = without_access(&clean);
    if clean == text {
        return Cow::Borrowed(body);
    }
    Cow::Owned(clean.into_bytes())
}

/// A text as it may be written: in JSON that repeats JSON, in JSON, as it is, and each in a page.
fn forms(text: &str) -> Vec<String> {
    let once = in_json(text);
    let mut plain = vec![in_json(&once), once, text.to_owned()];
    plain.dedup();
    let pages: Vec<_> = plain.iter().flat_map(|it| in_pages(it)).collect();
    pages.into_iter().chain(plain).collect()
}

fn in_json(text: &str) -> String {
    let written = serde_json::Value::from(text).to_string();
    let inside = written
        .strip_prefix('"')
        .and_then(|it| it.strip_suffix('"'));
    inside.unwrap_or(text).to_owned()
}

/// As pages may write it, where that is another way.
fn in_pages(text: &str) -> impl Iterator<Item = String> {
    let write = |which: usize| {
        let mut written = String::with_capacity(text.len());
        for c in text.chars() {
            let entity = ENTITIES.iter().find(|(plain, _)| *plain == c);
            match entity.and_then(|(_, ways)| ways.get(which)) {
                Some(entity) => written.push_str(entity),
                None => written.push(c),
            }
        }
        written
    };
    let both = [write(0), write(1)];
    both.into_iter().filter(move |it| it != text)
}

/// A text without the secrets.
#[must_use]
pub fn hidden(text: &str, secrets: &[Secret]) -> String {
    let secrets: Vec<&Secret> = secrets.iter().collect();
    String::from_utf8_lossy(&without(text.as_bytes(), &secrets)).into_owned()
}

/// The text with its addresses, less what gives access.
fn without_access(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(AUTHORITY) {
        let (before, address) = rest.split_at(at + AUTHORITY.len());
        let (address, after) = address.split_at(end(address));
        clean.push_str(before);
        push_public(&mut clean, address);
        rest = after;
    }
    clean.push_str(rest);
    clean
}

/// Where an address ends in what follows. A quote that JSON escapes stays whole.
fn end(text: &str) -> usize {
    let is_outside = |c: char| c.is_whitespace() || "\"'`<>".contains(c);
    let end = text.find(is_outside).unwrap_or(text.len());
    let inside = text.get(..end).unwrap_or(text);
    inside.trim_end_matches('\\').len()
}

/// Adds what may be seen of an address without its scheme.
fn push_public(clean: &mut String, address: &str) {
    let (place, has_query) = match address.find(['?', '#']) {
        Some(at) => (address.split_at(at).0, true),
        None => (address, false),
    };
    let (host, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    match host.rsplit_once('@') {
        Some((_, host)) => clean.extend([HIDDEN, "@", host]),
        None => clean.push_str(host),
    }
    clean.push_str(path);
    if has_query {
        clean.extend(["?", HIDDEN]);
    }
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
        check(
            r#"{"message":"{\"value\":\"a \\\"canary\\\"\"} is bad"}"#,
            "a \"canary\"",
            r#"{"message":"{\"value\":\"***\"} is bad"}"#,
        );
        for page in [
            "<pre>a &quot;canary&quot; &lt;</pre>",
            "<pre>a &#34;canary&#34; &#60;</pre>",
            "<pre>a \\&quot;canary\\&quot; &lt;</pre>",
        ] {
            check(page, "a \"canary\" <", "<pre>***</pre>");
        }
        check("all is well", "canary", "all is well");
        // Nothing to hide, and much to lose.
        check("1 of 10", "1", "1 of 10");
    }

    #[test]
    fn what_gives_access_is_taken_out_of_addresses() {
        for (body, expected) in [
            (
                "postgresql://doadmin:canary@db.example.com:25060/db?ssl=on refused",
                "postgresql://***@db.example.com:25060/db?*** refused",
            ),
            ("wss://h/_stream/?token=canary", "wss://h/_stream/?***"),
            ("see https://h/a#token=canary.", "see https://h/a?***"),
            (
                r#"{"message":"no \"https://h/a?X=1\u0026S=canary\" here"}"#,
                r#"{"message":"no \"https://h/a?***\" here"}"#,
            ),
            (
                "<a href='http://u@h/?q=canary'>http://h/b</a>",
                "<a href='http://***@h/?***'>http://h/b</a>",
            ),
            ("a ://?", "a ://?***"),
            ("mail a@b.example.com? yes", "mail a@b.example.com? yes"),
        ] {
            check(body, "nothing", expected);
        }
    }
}
