//! Variables and panda's file, in every combination that people have.

use std::fs;

use super::super::super::problem::Severity;
use super::super::tests::told;
use super::*;
use crate::platforms::adapter;

/// A home folder; its panda may have a file.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(text: &str) -> Self {
        let home = Self::new();
        home.write(text, 0o600);
        home
    }

    fn write(&self, text: &str, mode: u32) {
        let file = self.0.path().join(".panda/config.json");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        set_mode(&file, mode);
    }

    fn environment(&self, variables: &[(&str, &str)]) -> Environment {
        let mut all = vec![("HOME", self.0.path().to_str().unwrap())];
        all.extend(variables);
        Environment::fixed(&all)
    }

    /// Every account as "name = token at address for organisation", and the problems.
    fn told(&self, variables: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let environment = self.environment(variables);
        let found = find(profile(), &environment);
        let account = |account: &Account| {
            let token = account.source.token(&environment, tidy).unwrap();
            let organisation = account.organisation.as_ref().map_or("-", OrgId::as_str);
            let (name, address) = (&account.name, &account.base_url);
            format!(
                "{name} = {} at {address} for {organisation}",
                token.expose()
            )
        };
        let (_, problems) = told(&ENTRY, &found, &environment);
        (found.accounts.iter().map(account).collect(), problems)
    }

    #[track_caller]
    fn check(&self, variables: &[(&str, &str)], expected: &[&str]) {
        let (accounts, problems) = self.told(variables);
        assert_eq!(problems, Vec::<String>::new(), "{variables:?}");
        assert_eq!(accounts, expected, "{variables:?}");
    }
}

#[cfg(unix)]
fn set_mode(file: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_file: &std::path::Path, _mode: u32) {}

fn profile() -> &'static Profile {
    adapter("pandastack").unwrap().profile
}

const GIVEN: (&str, &str) = ("PANDASTACK_API_TOKEN", "psk_given");

const USUAL: &str = "https://api.pandastack.io/";

const FILE: &str = r#"{"token": "psk_kept", "org_id": 12345678901234567890, "org_name": "Acme",
    "api_url": "https://panda.example.com/"}"#;

#[test]
fn a_token_in_the_variable_is_an_account() {
    let home = Home::new();
    home.check(&[], &[]);
    home.check(
        &[GIVEN],
        &[&format!("pandastack = psk_given at {USUAL} for -")],
    );
    let elsewhere = ("PANDASTACK_API_URL", "https://one.example.com/");
    let tool = ("PANDA_API_URL", "https://two.example.com");
    let organisation = ("PANDASTACK_ORGANIZATION_ID", "9007199254740993");
    home.check(
        &[GIVEN, elsewhere, tool, organisation],
        &["pandastack = psk_given at https://one.example.com/ for 9007199254740993"],
    );
    let two = "pandastack = psk_given at https://two.example.com/ for -";
    home.check(&[GIVEN, tool], &[two]);
}

#[test]
fn the_login_of_panda_is_an_account_where_its_file_says() {
    let home = Home::with(FILE);
    let kept = "panda = psk_kept at https://panda.example.com/ for 12345678901234567890";
    // Its own address counts before the variable of the tool, and the other variable is not its own.
    let variables = [
        ("PANDA_API_URL", "https://no.example.com"),
        ("PANDASTACK_API_URL", "https://no.example.com"),
    ];
    home.check(&variables, &[kept]);
    let given = format!("pandastack = psk_given at {USUAL} for 7");
    home.check(
        &[GIVEN, ("PANDASTACK_ORGANIZATION_ID", "7")],
        &[&given, kept],
    );
    let asked_for = kept.replace("12345678901234567890", "7");
    home.check(&[("PANDASTACK_ORGANIZATION_ID", "7")], &[&asked_for]);
}

#[test]
fn one_token_in_two_places_is_one_account() {
    let home = Home::with(FILE);
    let given = ("PANDASTACK_API_TOKEN", "psk_kept");
    let one = "pandastack = psk_kept at https://panda.example.com/ for 12345678901234567890";
    home.check(&[given], &[one]);
    let elsewhere = ("PANDASTACK_API_URL", "https://one.example.com");
    home.check(
        &[given, elsewhere],
        &[&one.replace("panda.example", "one.example")],
    );
}

#[test]
fn an_organisation_is_read_with_every_digit() {
    let id = |written: &str, expected: &str| {
        let home = Home::with(&format!(r#"{{"token": "psk_a", "org_id": {written}}}"#));
        home.check(&[], &[&format!("panda = psk_a at {USUAL} for {expected}")]);
    };
    id("123", "123");
    id("9007199254740993", "9007199254740993");
    id(
        "123456789012345678901234567890",
        "123456789012345678901234567890",
    );
    id("\" 123 \"", "123");
    id("\"org-a_1\"", "org-a_1");
    id("\"\"", "-");
    id("null", "-");
    id("1.5e3", "-");
    id("{\"id\": 1}", "-");
    id("true", "true");
}

#[test]
fn after_a_log_out_there_is_no_account() {
    for text in [
        r#"{"token": null, "org_id": null, "org_name": null, "api_url": "https://a.example.com"}"#,
        r#"{"token": " "}"#,
        "{}",
    ] {
        Home::with(text).check(&[], &[]);
    }
    // Its address is still what the tool uses, and not what a token in the variable is for.
    let home = Home::with(r#"{"token": null, "api_url": "https://a.example.com"}"#);
    home.check(
        &[GIVEN],
        &[&format!("pandastack = psk_given at {USUAL} for -")],
    );
}

#[test]
fn the_other_product_is_left_alone() {
    let home = Home::new();
    let others = [
        ("PANDASTACK_TOKEN", "pds_canary"),
        ("PANDASTACK_API", "https://api.pandastack.ai/v1"),
        ("PANDASTACK_API_KEY", "pds_canary"),
    ];
    home.check(&others, &[]);
    let (accounts, problems) = home.told(&[("PANDASTACK_API_TOKEN", "pds_canary")]);
    assert_eq!(accounts, Vec::<String>::new());
    let expected = "environment: environment variable PANDASTACK_API_TOKEN holds a token of \
                    pandastack.ai (pds_…), another product, which is not sent: make a token of \
                    PandaStack (psk_…) in its dashboard: Settings, API Tokens";
    assert_eq!(problems, [expected]);
    let home = Home::with(r#"{"token": "pds_canary"}"#);
    let (accounts, problems) = home.told(&[]);
    assert!(accounts.is_empty() && problems[0].contains("panda's login (~/.panda/config.json)"));
    assert!(!problems[0].contains("canary"));
}

#[test]
fn a_token_of_the_other_product_is_unfit() {
    let environment = Environment::fixed(&[("PANDASTACK_API_TOKEN", "pds_canary")]);
    let source = Source::Variable(TOKEN.to_owned());
    let failure = source
        .into_credential(environment, tidy)
        .token()
        .unwrap_err();
    let headline = "wrong kind of token: this is a token of pandastack.ai (pds_…), another product";
    assert_eq!(failure.headline(), headline);
    assert!(
        failure
            .advice()
            .starts_with("make a token of PandaStack (psk_…)")
    );
    assert!(!format!("{failure:?}").contains("canary"));
}

#[test]
fn an_unusual_token_is_told_and_used() {
    let home = Home::new();
    let given = ("PANDASTACK_API_TOKEN", "canary");
    let (accounts, problems) = home.told(&[given]);
    assert_eq!(accounts, [format!("pandastack = canary at {USUAL} for -")]);
    assert!(problems[0].starts_with(
        "environment: warning: environment variable PANDASTACK_API_TOKEN does not begin with psk_"
    ));
    assert!(!problems[0].contains("canary"));
    // A simulator's are its own.
    let local = ("PANDASTACK_API_URL", "http://127.0.0.1:1");
    home.check(
        &[given, local],
        &["pandastack = canary at http://127.0.0.1:1/ for -"],
    );
}

#[test]
fn what_cannot_be_used_is_told_without_a_token() {
    let problems = |home: &Home, variables: &[(&str, &str)]| {
        let (accounts, problems) = home.told(variables);
        assert_eq!(accounts, Vec::<String>::new());
        assert!(!problems.concat().contains("canary"), "{problems:?}");
        problems.concat()
    };
    for text in [
        "{\"token\": \"psk_canary\"",
        "\"psk_canary\"",
        "{\"token\": [\"psk_canary\"]}",
        "",
    ] {
        let told = problems(&Home::with(text), &[]);
        assert!(told.contains("is not as panda writes it (line "), "{told}");
        assert!(told.ends_with("log in again with `panda login`"), "{told}");
    }
    let home = Home::with(r#"{"token": "psk_canary", "api_url": "http://panda.example.com"}"#);
    let told = problems(&home, &[]);
    assert!(told.starts_with("environment: `api_url` would send the token over plain http"));
    let told = problems(
        &Home::new(),
        &[GIVEN, ("PANDASTACK_API_URL", "api.example.com")],
    );
    assert!(
        told.starts_with("environment: PANDASTACK_API_URL must be an address"),
        "{told}"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_told_and_used() {
    let home = Home::new();
    home.write(FILE, 0o644);
    let environment = home.environment(&[]);
    let found = find(profile(), &environment);
    assert_eq!(found.accounts.len(), 1);
    assert_eq!(found.problems[0].severity, Severity::Warning);
    let told = found.problems[0].to_string();
    assert!(told.ends_with("chmod 600 ~/.panda/config.json"), "{told}");
    let folder = home.0.path().join(".panda");
    set_mode(&folder, 0o700);
    assert_eq!(find(profile(), &environment).problems, []);
}

#[test]
fn the_login_is_read_when_it_is_needed() {
    let home = Home::with(FILE);
    let credential = LOGIN.into_credential(home.environment(&[]), tidy);
    assert_eq!(credential.token().unwrap().expose(), "psk_kept");
    home.write(r#"{"token": "psk_new"}"#, 0o600);
    assert_eq!(credential.token().unwrap().expose(), "psk_new");
    home.write(r#"{"token": null}"#, 0o600);
    let gone = credential.token().unwrap_err().headline();
    assert_eq!(
        gone,
        "no token: panda keeps no login: log in with `panda login`"
    );
    let named = read(&home.environment(&[]), Some("work")).unwrap_err();
    assert!(named.as_str().ends_with("leave `context` out"));
}
