//! The sentences by which the platform refuses, whatever the status they come with, and what they
//! mean. All of them are definite: nothing was done.
//!
//! Source: tsuru contract, sections 2 and 3.

use jiff::Timestamp;

use crate::model::{Failure, Text};
use crate::platforms::http::hidden;

/// Somebody has asked before that an event be cancelled.
pub(in super::super) const CANCEL_ASKED: &str = "it is being cancelled already";

/// What runs lets itself not be cancelled, or does not run any more.
pub(in super::super) const NOT_CANCELABLE: &str = "it cannot be cancelled (any more)";

/// The field that a version is complained about by.
const VERSION: &str = "version";

/// How it begins.
const NO_VERSION: &str = ": there is no ";

/// The longest reason told of a failure inside a stream.
const MAX_CHARS: usize = 300;

/// A sentence, by what is always in it, and what it means; absent if it only looks like it.
type Sentence = (&'static str, fn(&str) -> Option<Failure>);

const SENTENCES: &[Sentence] = &[
    ("event locked: ", locked),
    ("event throttled, ", throttled),
    ("error running \"", blocked),
    ("Quota exceeded. Available: ", out_of_quota),
    ("Quota exceeded", |_| {
        conflict("quota: no more of them may be created")
    }),
    ("New limit is less than the current allocated value", |_| {
        conflict("more than that is in use: scale down first, or allow more")
    }),
    ("with autoscaler configured", |_| {
        conflict("it scales automatically: change its bounds with `autoscale`")
    }),
    ("to an app that has stopped units", |_| {
        conflict("the app is stopped: start it first")
    }),
    ("more than one version deployed", |_| {
        conflict("several versions are deployed: choose the process of one of them")
    }),
    ("multiple versions currently deployed", |_| {
        conflict(
            "several versions are deployed: `release-version` asks whether the new one stands \
             beside them or takes their place",
        )
    }),
    ("event cancel already requested", |_| conflict(CANCEL_ASKED)),
    ("event is not cancelable", |_| conflict(NOT_CANCELABLE)),
    ("Invalid version", no_version),
    ("parameter is not ObjectId", |_| {
        Some(Failure::NotFound {
            subject: Text::clean("an event or block of this identifier"),
        })
    }),
    ("must be available to run non-isolated", |_| {
        conflict("nothing of it runs: start it first, or run the command alone")
    }),
    ("you have to configure at least one trigger", |_| {
        Some(Failure::invalid(
            "cpu",
            "say from which use of processors on there are more: nothing else is set",
        ))
    }),
    ("autoscale cpu value cannot be", |said| {
        Some(Failure::invalid("cpu", said))
    }),
    ("maximum units cannot be greater", |said| {
        Some(Failure::invalid("most", said))
    }),
    ("maximum units must be greater", |said| {
        Some(Failure::invalid("most", said))
    }),
    ("minimum units must be greater", |said| {
        Some(Failure::invalid("least", said))
    }),
    ("Applications bound to the service", bound),
    ("This service instance is bound to at least one app", |_| {
        conflict("an app uses it: detach it from there first")
    }),
    ("unique team with access", |_| {
        conflict("no other team may use the app: grant it to another one first")
    }),
    ("no router with tls support", |_| {
        conflict("no router of the app does TLS")
    }),
    ("app provisioner does not support", conflict),
    ("no versions available for app", |_| {
        conflict("nothing was ever deployed")
    }),
];

/// What a text means, if it is one of those that are known.
pub(super) fn recognised(text: &str) -> Option<Failure> {
    SENTENCES.iter().find_map(|(says, means)| {
        let at = text.find(says)?;
        let line = text.get(at..)?.lines().next()?;
        means(line.trim())
    })
}

/// The reason in what a stream or an event says of a failure: what it means where that is known, else
/// what stands below the first heading that names an error, as far as the next heading; all of it,
/// where there is no such heading.
pub(in super::super) fn explained(said: &str) -> Text {
    // An address may say with which password.
    let said = &hidden(said, &[]);
    if let Some(failure) = recognised(said) {
        return Text::clean(&failure.headline());
    }
    let lines = said.lines().map(str::trim).filter(|it| !it.is_empty());
    let lines: Vec<&str> = lines.collect();
    let below = lines.iter().position(|it| is_error_heading(it));
    let below = below.map_or(0, |at| at + 1);
    let words = lines.iter().skip(below).copied();
    let words: Vec<&str> = words.take_while(|it| !is_heading(it)).collect();
    let told = cut(&words.join(" ")).or_else(|| cut(&lines.join(" ")));
    told.unwrap_or_else(|| Text::clean("the server said no more than that it failed"))
}

fn cut(text: &str) -> Option<Text> {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Text::non_empty(&format!("{}…", text.get(..end)?)),
        None => Text::non_empty(text),
    }
}

/// Whether this is how it is told that there is no such version: in a failure, or at the end of a
/// stream.
pub(in super::super) fn is_no_version(told: &str) -> bool {
    told.strip_prefix(VERSION)
        .is_some_and(|rest| rest.starts_with(NO_VERSION))
}

/// `---- ERROR during restart: ----`, `**** ERROR ****`.
pub(in super::super) fn is_error_heading(line: &str) -> bool {
    is_heading(line) && line.contains("ERROR")
}

fn is_heading(line: &str) -> bool {
    line.starts_with("---- ") || line.starts_with("**** ")
}

#[expect(clippy::unnecessary_wraps, reason = "other sentences may mean nothing")]
fn conflict(text: &str) -> Option<Failure> {
    Some(Failure::Conflict(Text::clean(text)))
}

/// `event locked: app(NAME) running "KIND" start by user WHO at TIME`.
fn locked(said: &str) -> Option<Failure> {
    let (_, rest) = said.split_once(" running \"")?;
    let (kind, rest) = rest.split_once('"')?;
    let (who, since) = rest.rsplit_once(" at ")?;
    let who = who.trim_start().strip_prefix("start by ").unwrap_or(who);
    let who = who.strip_prefix("user ").unwrap_or(who);
    // To the minute: what to do has to fit into a line.
    let since: Result<Timestamp, _> = since.trim().parse();
    let since = since.map_or_else(
        |_| String::new(),
        |at| format!(" since {}", at.strftime("%Y-%m-%d %H:%M UTC")),
    );
    conflict(&format!(
        "locked: {kind} of {who}{since}: wait, or cancel it"
    ))
}

fn throttled(said: &str) -> Option<Failure> {
    let limit = said.strip_prefix("event throttled, ")?;
    conflict(&format!("throttled: the {limit}; wait, then try again"))
}

/// `error running "KIND" on TYPE(VALUE): block WHAT by WHO on WHERE: REASON`.
fn blocked(said: &str) -> Option<Failure> {
    let (_, block) = said.split_once(": block ")?;
    let (scope, reason) = block.split_once(": ")?;
    conflict(&format!("blocked: {reason} ({scope})"))
}

/// `Quota exceeded. Available: A, Requested: R.`
fn out_of_quota(said: &str) -> Option<Failure> {
    let rest = said.strip_prefix("Quota exceeded. Available: ")?;
    let (left, asked) = rest.split_once(", Requested: ")?;
    let asked = asked.trim_end_matches('.');
    conflict(&format!(
        "quota: {asked} more asked for, {left} left: `set-quota` raises it"
    ))
}

#[expect(clippy::unnecessary_wraps, reason = "other sentences may mean nothing")]
fn no_version(said: &str) -> Option<Failure> {
    let version = said.split_once(": ").map_or("it", |(_, version)| version);
    let problem = format!("there is no {version} of the app");
    Some(Failure::invalid(VERSION, &problem))
}

/// `Applications bound to the service "NAME": "a,b"`, before the sentence that says it all.
fn bound(said: &str) -> Option<Failure> {
    let (_, apps) = said.rsplit_once("\": ")?;
    let apps = apps.trim_matches('"').replace(',', ", ");
    conflict(&format!("{apps} use it: detach it from there first"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(said: &str, expected: &str) {
        let failure = recognised(said).unwrap_or_else(|| panic!("{said}"));
        assert_eq!(failure.headline(), expected, "{said}");
    }

    #[test]
    fn what_stands_in_the_way_is_told_with_who_and_since_when() {
        check(
            "event locked: app(shop) running \"app.deploy\" start by user ops@example.com at \
             2026-11-21T12:00:00Z\n",
            "locked: app.deploy of ops@example.com since 2026-11-21 12:00 UTC: wait, or cancel it",
        );
        check(
            "event locked: app(shop) running \"app.run\" start by token ci at x",
            "locked: app.run of token ci: wait, or cancel it",
        );
        check(
            "event throttled, limit for app.deploy on app \"shop\" is 2 every 1h0m0s",
            "throttled: the limit for app.deploy on app \"shop\" is 2 every 1h0m0s; wait, then try \
             again",
        );
        check(
            "error running \"app.deploy\" on app(shop): block app.deploy by all users on all \
             targets: release freeze: call us",
            "blocked: release freeze: call us (app.deploy by all users on all targets)",
        );
    }

    #[test]
    fn what_is_too_much_is_told_with_its_numbers() {
        check(
            "\n---- ERROR during add units: ----\nQuota exceeded. Available: 1, Requested: 2.\n",
            "quota: 2 more asked for, 1 left: `set-quota` raises it",
        );
        check("Quota exceeded\n", "quota: no more of them may be created");
        check(
            "autoscale cpu value cannot be less than 20%",
            "cpu: autoscale cpu value cannot be less than 20%",
        );
        check(
            "Applications bound to the service \"db\": \"shop,docs\"\n: bound",
            "shop, docs use it: detach it from there first",
        );
    }

    #[test]
    fn a_version_that_is_not_there_is_told_from_the_rest() {
        let told = recognised("Invalid version: v3").unwrap().headline();
        assert!(is_no_version(&told));
        assert_eq!(told, "version: there is no v3 of the app");
        assert!(is_no_version(explained("\nInvalid version: 3\n").as_str()));
        assert!(!is_no_version("version: is missing"));
        assert!(recognised("version 3 is invalid").is_none());
        assert!(recognised("error running \"x\" on y: disk full").is_none());
    }

    #[test]
    fn the_reason_of_a_failure_stands_below_its_heading() {
        for (said, expected) in [
            ("errored msg", "errored msg"),
            (
                "\n---- ERROR during deploy: ----\nstep 3\nimage not found\n\n",
                "step 3 image not found",
            ),
            ("\n---- ERROR during restart: ----\nno\nunits\n", "no units"),
            (
                "building\n\n---- ERROR during deploy: ----\ndeploy error\n\n\
                 ---- Last 1 log messages: ----\n    2026 [web]: msg",
                "deploy error",
            ),
            (
                "\n---- ERROR during add units: ----\nQuota exceeded. Available: 0, Requested: 2.",
                "quota: 2 more asked for, 0 left: `set-quota` raises it",
            ),
            ("**** ERROR ****\n", "**** ERROR ****"),
            ("", "the server said no more than that it failed"),
        ] {
            assert_eq!(explained(said).as_str(), expected, "{said:?}");
        }
        let long = explained(&"é".repeat(400));
        assert_eq!(long.as_str().chars().count(), MAX_CHARS + 1);
    }
}
