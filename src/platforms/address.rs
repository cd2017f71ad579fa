//! Addresses of repositories as they may be shown.

use url::Url;

use crate::model::Text;

/// An address without what logs in. `git@host:path` is no URL and holds no password.
pub(super) fn address(dsn: &str) -> Option<Text> {
    let Ok(mut url) = Url::parse(dsn) else {
        let safe = !dsn.contains("://");
        return Text::non_empty(dsn).filter(|_| safe);
    };
    if url.password().is_some() || url.scheme().starts_with("http") {
        let _ = url.set_password(None);
        let _ = url.set_username("");
    }
    url.set_query(None);
    Text::non_empty(url.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_logs_in() {
        let shown = |dsn| address(dsn).map(|text| text.to_string());
        assert_eq!(
            shown("https://user:canary@git.example.org/a.git?token=canary").as_deref(),
            Some("https://git.example.org/a.git")
        );
        assert_eq!(
            shown("https://canary@git.example.org/a.git").as_deref(),
            Some("https://git.example.org/a.git")
        );
        assert_eq!(
            shown("ssh://git@git.example.org/a.git").as_deref(),
            Some("ssh://git@git.example.org/a.git")
        );
        assert_eq!(
            shown("git@git.example.org:a/b.git").as_deref(),
            Some("git@git.example.org:a/b.git")
        );
        assert_eq!(shown("https://user:canary@[::"), None);
    }
}
