//! HTML that platforms send where text was meant.

/// The text of some HTML on one line.
#[must_use]
pub fn plain_text(html: &str) -> String {
    plain_lines(html).join(" ")
}

/// The text of some HTML, a line per block; text that is not HTML passes with its blanks squeezed.
#[must_use]
pub fn plain_lines(html: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut rest = html;
    while let Some((before, tag, after)) = next_tag(rest) {
        append(&mut lines, before);
        rest = after;
        let name = tag_name(tag);
        if !tag.starts_with('/') && matches!(name.as_str(), "script" | "style") {
            rest = skip_past(rest, &format!("</{name}"));
        } else if is_block(&name) {
            lines.push(String::new());
        }
    }
    append(&mut lines, rest);
    lines
        .iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect()
}

/// Splits at the first tag: before it, inside it, after it. A `<` that begins no tag is text.
fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find('<')?;
        let inside = text.get(start + 1..)?;
        if inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
            let length = inside.find('>').unwrap_or(inside.len());
            let after = inside.get(length + 1..).unwrap_or_default();
            return Some((text.get(..start)?, inside.get(..length)?, after));
        }
        from = start + 1;
    }
}

fn tag_name(tag: &str) -> String {
    tag.trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "br" | "p"
            | "div"
            | "li"
            | "ul"
            | "ol"
            | "tr"
            | "table"
            | "title"
            | "pre"
            | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "dt"
            | "dd"
            | "section"
    )
}

fn skip_past<'a>(text: &'a str, end: &str) -> &'a str {
    let lower = text.to_ascii_lowercase();
    let at = lower.find(end).unwrap_or(text.len());
    text.get(at..).unwrap_or_default()
}

fn append(lines: &mut [String], text: &str) {
    let Some(line) = lines.last_mut() else { return };
    line.push_str(
        &text
            .replace("&nbsp;", " ")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&#x27;", "'")
            .replace("&amp;", "&"),
    );
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(html: &str, expected: &[&str]) {
        assert_eq!(plain_lines(html), expected, "{html:?}");
    }

    #[test]
    fn blocks_become_lines() {
        check(
            "<p>Add a <b>CNAME</b> record:</p><ul><li>www</li><li>a &amp; b</li></ul>",
            &["Add a CNAME record:", "www", "a & b"],
        );
        check(
            "<html><head><title>502 Bad Gateway</title><style>p{}</style></head>oops</html>",
            &["502 Bad Gateway", "oops"],
        );
    }

    #[test]
    fn text_that_is_not_html_passes() {
        check("1 < 2 and\n3 > 2", &["1 < 2 and 3 > 2"]);
        check("cut off <div cla", &["cut off"]);
        check("", &[]);
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(html in "[<>/a-z&;! é]{0,80}") {
            let _ = plain_text(&html);
        }
    }
}
