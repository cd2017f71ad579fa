//! Where a log is to be read. The links are secrets, good for minutes: they are asked for anew
//! each time, and shown nowhere.
//!
//! Source: DigitalOcean contract, section 6.1.

use serde_json::Value;

use super::place::Reach;
use crate::model::{Failure, Secret};
use crate::platforms::digitalocean::api::{Api, Filter};
use crate::platforms::digitalocean::paths::Op;

/// How long the platform shall wait for an instance that is not up yet. Shorter than what is waited
/// for an answer.
const INSTANCE_WAIT: &str = "10s";

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask<'a> {
    pub(super) op: Op,
    pub(super) ids: &'a [&'a str],
    /// The platform's word for the kind of log.
    pub(super) kind: &'a str,
    /// Whether lines shall come as they are written.
    pub(super) follows: bool,
    pub(super) reach: Reach,
}

/// Where it is.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Links {
    /// As it is written.
    pub(super) live: Option<Secret>,
    /// What was written, in order.
    pub(super) archives: Vec<Secret>,
}

/// Asks. No links are an ordinary answer: not there yet, skipped, or gone.
pub(super) async fn links(api: &Api, ask: Ask<'_>) -> Result<Links, Failure> {
    let tail = match ask.reach {
        Reach::Last(lines) => lines.to_string(),
        Reach::All => "-1".to_owned(),
    };
    let query: [Filter<'_>; 4] = [
        ("type", ask.kind),
        ("follow", if ask.follows { "true" } else { "false" }),
        ("tail_lines", &tail),
        ("pod_connection_timeout", INSTANCE_WAIT),
    ];
    match api.get_with::<Value>(ask.op, ask.ids, &query).await {
        Ok(answer) => Ok(found(&answer)),
        Err(Failure::Validation(problems)) => {
            tracing::debug!(kind = ask.kind, ?problems, "no log there");
            Ok(Links::default())
        }
        Err(failure) => Err(failure),
    }
}

/// The links of an answer. Read by hand: the complaint of a decoder repeats what it found.
fn found(answer: &Value) -> Links {
    let link = |value: &Value| value.as_str().filter(|it| !it.is_empty()).map(Secret::new);
    let archives = answer.get("historic_urls").and_then(Value::as_array);
    Links {
        live: answer.get("live_url").and_then(link),
        archives: archives.into_iter().flatten().filter_map(link).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn links_may_be_missing_in_many_ways() {
        for nothing in [
            json!({}),
            json!({"live_url": "", "historic_urls": null}),
            json!({"live_url": null, "historic_urls": []}),
            json!({"url": "https://x", "historic_logs": ["https://x"]}),
            json!({"live_url": 3, "historic_urls": "x"}),
            json!(null),
        ] {
            assert_eq!(found(&nothing), Links::default(), "{nothing}");
        }
        let links = found(&json!({"live_url": "wss://x", "historic_urls": ["1", "", "2"]}));
        assert_eq!(links.live, Some(Secret::new("wss://x")));
        assert_eq!(links.archives, [Secret::new("1"), Secret::new("2")]);
        assert!(!format!("{links:?}").contains("wss"));
    }
}
