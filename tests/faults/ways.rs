//! Everything that can happen to one request.

use serde_json::{Value, json};

/// One way in which a request goes wrong.
pub(crate) struct Way {
    pub(crate) name: &'static str,
    /// What the simulator does.
    effect: fn() -> Value,
    /// Whether the platform carries the request out all the same.
    pub(crate) acts: bool,
    /// Whether the request may be sent again: the platform said that it did nothing.
    pub(crate) again: bool,
}

macro_rules! ways {
    ($($name:literal: $effect:tt acts $acts:literal again $again:literal,)*) => {
        pub(crate) const WAYS: &[Way] = &[$(Way {
            name: $name,
            effect: || json!($effect),
            acts: $acts,
            again: $again,
        },)*];
    };
}

ways! {
    "cut before the body": {"cut": "before"} acts false again false,
    "cut in the body": {"cut": "in_body"} acts false again false,
    "cut after the request": {"cut": "after_body"} acts false again false,
    "500 before": {"status": 500} acts false again false,
    "502 before": {"status": 502} acts false again false,
    "hang before": {"hang": true} acts false again false,
    "throttled": {"status": 429, "retry_after": 1} acts true again true,
    "cut after acting": {"cut": "during"} acts true again false,
    "cut after the first line": {"cut": "after_status_line"} acts true again false,
    "cut in the headers": {"cut": "in_headers"} acts true again false,
    "cut in the answer": {"cut": "after_headers"} acts true again false,
    "500 after": {"act_then_status": 500} acts true again false,
    "503 after": {"act_then_status": 503} acts true again false,
    "hang after": {"hang_after": true} acts true again false,
    "half an answer": {"truncate": true} acts true again false,
    "an answer that is no JSON": {"malformed": true} acts true again false,
    "nothing goes wrong": {"latency_ms": 1} acts true again false,
}

impl Way {
    /// A fault script that hits so many requests for an operation, or all of them.
    pub(crate) fn script(&self, operation: &str, times: Option<u64>) -> Value {
        let mut fault = (self.effect)();
        fault["operation"] = json!(operation);
        if let Some(times) = times {
            fault["times"] = json!(times);
        }
        fault
    }
}
