//! PEM that went through a field of one line: its line ends are gone, or have become spaces.

/// Characters of a line, as everybody who writes PEM wraps it.
const WIDTH: usize = 64;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The text with each of its blocks on lines again. What is no PEM stays as it is: the platform says
/// what is wrong with it.
pub(in super::super) fn wrapped(text: &str) -> String {
    blocks(text).unwrap_or_else(|| text.to_owned())
}

fn blocks(text: &str) -> Option<String> {
    let mut all = String::with_capacity(text.len() + text.len() / WIDTH);
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (label, after) = rest.strip_prefix(BEGIN)?.split_once(DASHES)?;
        let (inside, after) = after.split_once(END)?;
        let after = after.strip_prefix(label)?.strip_prefix(DASHES)?;
        push(&mut all, label, inside);
        rest = after.trim_start();
    }
    (!all.is_empty()).then_some(all)
}

fn push(all: &mut String, label: &str, inside: &str) {
    let (headers, data) = split(inside);
    all.extend([BEGIN, label, DASHES, "\n"]);
    all.push_str(&headers);
    let data: Vec<char> = data.chars().filter(|c| !c.is_whitespace()).collect();
    for line in data.chunks(WIDTH) {
        all.extend(line);
        all.push('\n');
    }
    all.extend([END, label, DASHES, "\n"]);
}

/// An old encrypted key has headers before its data, and where those end is lost with the lines: it is
/// left as it is.
fn split(inside: &str) -> (String, &str) {
    match inside.rfind(": ") {
        None => (String::new(), inside),
        Some(_) => (format!("{}\n", inside.trim()), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, lines: &[&str]) -> String {
        let lines = lines.join("\n");
        format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
    }

    #[test]
    fn lines_come_back_however_they_were_lost() {
        let long = "A".repeat(64);
        let one = block("CERTIFICATE", &[&long, "BC=="]);
        let two = format!("{one}{}", block("CERTIFICATE", &["DEF="]));
        for whole in [one, two] {
            assert_eq!(wrapped(&whole), whole);
            assert_eq!(wrapped(&whole.replace('\n', " ")), whole);
            assert_eq!(wrapped(&whole.replace('\n', "")), whole);
            assert_eq!(wrapped(&whole.replace('\n', "\r\n")), whole);
        }
    }

    #[test]
    fn what_is_no_pem_stays_as_it_is() {
        for text in [
            "",
            "canary",
            "-----BEGIN X-----AB",
            "-----BEGIN X-----A-----END Y-----",
        ] {
            assert_eq!(wrapped(text), text);
        }
        let old = block("RSA PRIVATE KEY", &["Proc-Type: 4,ENCRYPTED", "", "AB"]);
        assert_eq!(wrapped(&old), old);
    }
}
