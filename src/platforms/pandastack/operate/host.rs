//! A bare host name: what the platform takes for a domain. Source: PandaStack contract, section 3.9.

use crate::model::Failure;

/// The longest name, and the longest part of one. Source: RFC 1035, section 2.3.4.
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// The name without what surrounds it.
///
/// # Errors
/// `Validation` for everything that is no bare host name: nothing was sent.
pub(super) fn bare(domain: &str) -> Result<&str, Failure> {
    let domain = domain.trim();
    match problem(domain) {
        Some(problem) => Err(Failure::invalid("domain", problem)),
        None => Ok(domain),
    }
}

fn problem(domain: &str) -> Option<&'static str> {
    if domain.contains("://") {
        return Some("has a scheme: give the host alone, as in blog.example.com");
    }
    if domain.contains(['/', '?', '#']) {
        return Some("has a path: give the host alone, as in blog.example.com");
    }
    if domain.contains([':', '@']) {
        return Some("has a port or a user: give the host alone, as in blog.example.com");
    }
    let labels: Vec<_> = domain.split('.').collect();
    let is_address = labels.last().is_some_and(|it| is_number(it));
    let is_name = labels.len() > 1 && domain.len() <= LONGEST && labels.iter().all(is_label);
    (is_address || !is_name).then_some("is no host name: it looks like blog.example.com")
}

fn is_label(label: &&str) -> bool {
    let has_edge = |edge: char| label.starts_with(edge) || label.ends_with(edge);
    let is_right = |it: char| it.is_alphanumeric() || it == '-';
    !label.is_empty()
        && label.len() <= LONGEST_LABEL
        && !has_edge('-')
        && label.chars().all(is_right)
}

fn is_number(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bare_host_name_is_sent() {
        for good in [
            "example.com",
            " blog.example.com ",
            "a-b.Example.CO",
            "bücher.example",
            "1.example.com",
            "xn--bcher-kva.example",
        ] {
            assert_eq!(bare(good), Ok(good.trim()));
        }
        let long = format!("{}.com", "a".repeat(64));
        for (bad, why) in [
            ("https://blog.example.com", "scheme"),
            ("blog.example.com/", "path"),
            ("blog.example.com?x", "path"),
            ("blog.example.com:443", "port"),
            ("me@example.com", "user"),
            ("", "no host name"),
            ("localhost", "no host name"),
            ("blog.example.com.", "no host name"),
            (".example.com", "no host name"),
            ("-a.example.com", "no host name"),
            ("a b.example.com", "no host name"),
            ("*.example.com", "no host name"),
            ("192.0.2.1", "no host name"),
            (&long, "no host name"),
        ] {
            let failure = bare(bad).unwrap_err();
            assert!(failure.headline().contains(why), "{bad}: {failure}");
        }
    }
}
