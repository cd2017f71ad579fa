//! The table, the names of contexts, and the plain rule.

use super::*;
use crate::platforms::adapter;

/// The profile of a platform that has two variables.
pub(super) fn profile(name: &'static str, base_url: &'static str) -> Profile {
    let divio = adapter("divio").unwrap().profile;
    Profile {
        name,
        base_url,
        token_variables: &["DIGITALOCEAN_ACCESS_TOKEN", "DIGITALOCEAN_TOKEN"],
        ..*divio
    }
}

/// The accounts as name, source and token, and the problems as they are told.
pub(super) fn told(
    entry: &Entry,
    found: &Findings,
    environment: &Environment,
) -> (Vec<String>, Vec<String>) {
    let account = |account: &Account| {
        let source = account.source.describe(environment);
        let token = account.source.token(environment, entry.tidy);
        let token = token.map(|token| token.expose().to_owned());
        format!("{}: {source} = {}", account.name, token.unwrap())
    };
    (
        found.accounts.iter().map(account).collect(),
        found.problems.iter().map(ToString::to_string).collect(),
    )
}

fn named(names: &[&str]) -> Vec<ContextConfig> {
    let environment = Environment::fixed(&[]);
    let context = |name: &&str| {
        let source = Source::Variable("X".into());
        let account = Account::new(name, "https://h".parse().unwrap(), source);
        offer(name, account, adapter("divio").unwrap(), &environment)
    };
    names.iter().map(context).collect()
}

#[test]
fn names_are_made_to_fit_and_unique() {
    let check = |wanted: &str, taken: &[&str], expected: &str| {
        assert_eq!(free_name(wanted, &named(taken)), expected, "{taken:?}");
    };
    check("do-my-team", &[], "do-my-team");
    check("do-my team/é", &[], "do-my-team--");
    check("do-a", &["do-a"], "do-a-2");
    check("do-a", &["do-a", "do-a-2"], "do-a-3");
    let long = "x".repeat(40);
    check(&long, &[], &"x".repeat(NAME_LIMIT));
    let numbered = format!("{}-2", "x".repeat(NAME_LIMIT - 2));
    check(&long, &[&"x".repeat(NAME_LIMIT)], &numbered);
}

#[test]
fn a_platform_without_an_entry_has_its_variables_and_its_address() {
    let profile = profile("unheard-of", "https://api.example.com");
    let entry = entry(profile.name);
    let find = |variables: &[(&str, &str)]| {
        let environment = Environment::fixed(variables);
        let found = (entry.find)(&profile, &environment);
        told(entry, &found, &environment)
    };
    let (second, both) = (
        [("DIGITALOCEAN_TOKEN", "t2")],
        [
            ("DIGITALOCEAN_TOKEN", "t2"),
            ("DIGITALOCEAN_ACCESS_TOKEN", "t1"),
        ],
    );
    let account = |name: &str, token: &str| {
        let source = format!("environment variable {name}");
        (vec![format!("unheard-of: {source} = {token}")], vec![])
    };
    assert_eq!(find(&[]), (vec![], vec![]));
    assert_eq!(find(&second), account("DIGITALOCEAN_TOKEN", "t2"));
    assert_eq!(find(&both), account("DIGITALOCEAN_ACCESS_TOKEN", "t1"));
    assert!(tools(Some("unheard-of")).is_empty());
}

#[test]
fn every_entry_and_every_program_has_a_name_of_its_own() {
    let mut platforms: Vec<_> = ENTRIES.iter().map(|entry| entry.platform).collect();
    let mut programs: Vec<_> = tools(None).iter().map(|tool| tool.name).collect();
    for names in [&mut platforms, &mut programs] {
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
    assert!(!platforms.contains(&PLAIN.platform));
}
