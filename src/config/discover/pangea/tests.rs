//! Variables and the tool's file, in every combination that people have.

use std::fs;

use super::super::super::credential::Source;
use super::super::Account;
use super::super::tests::told;
use super::accounts::find;
use super::*;
use crate::model::OrgId;
use crate::platforms::adapter;

/// A home folder; its Pangea tool may have a file.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(text: &str) -> Self {
        let home = Self::new();
        let file = home.0.path().join(".pangea/config.toml");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        set_mode(&file, 0o600);
        home
    }

    fn environment(&self, variables: &[(&str, &str)]) -> Environment {
        let mut all = vec![("HOME", self.0.path().to_str().unwrap())];
        all.extend(variables);
        Environment::fixed(&all)
    }

    /// Every account as "secret at address for organisation (settings)", and the problems.
    fn told(&self, variables: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let environment = self.environment(variables);
        let found = find(adapter("pangea").unwrap().profile, &environment);
        let account = |account: &Account| {
            assert_eq!(account.name, "pangea");
            let secret = account.source.token(&environment, tidy).unwrap();
            let organisation = account.organisation.as_ref().map_or("-", OrgId::as_str);
            let settings = account.settings.0.iter();
            let settings: Vec<_> = settings.map(|(name, it)| format!(" {name}={it}")).collect();
            let (secret, address) = (secret.expose(), &account.base_url);
            format!(
                "{secret} at {address} for {organisation}{}",
                settings.concat()
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

    /// Nothing is offered and one thing is told.
    #[track_caller]
    fn refused(&self, variables: &[(&str, &str)], expected: &str) {
        let (accounts, problems) = self.told(variables);
        assert_eq!(accounts, Vec::<String>::new(), "{variables:?}");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains(expected), "{problems:?}");
        assert!(!problems[0].contains("canary"), "{problems:?}");
    }
}

#[cfg(unix)]
fn set_mode(file: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_file: &std::path::Path, _mode: u32) {}

const ORG: &str = "poi_abcdefghijklmnopqrstuvwxyz234567";

const ORGANISATION: (&str, &str) = ("PANGEA_ORG_ID", ORG);

const USUAL: &str = "https://api.console.aws.us.pangea.cloud/";

const CLIENT: [(&str, &str); 2] = [
    ("PANGEA_CLIENT_ID", "psa_abcdefghijklmnopqrstuvwxyz234567"),
    ("PANGEA_CLIENT_SECRET", "hush"),
];

const HINT: &str = "holds a service token (pts_…), which is not sent: create a management client \
                    under Organization Settings, Organization API Credentials";

#[test]
fn the_first_that_can_be_used_is_the_account() {
    let home = Home::with("[profiles.default.default]\ntoken = \"kept\"\n");
    let token = ("PANGEA_MANAGEMENT_TOKEN", "managing");
    let any = ("PANGEA_TOKEN", "any");
    let account = |secret: &str| format!("{secret} at {USUAL} for {ORG}");
    let [id, secret] = CLIENT;
    home.check(
        &[token, id, secret, any, ORGANISATION],
        &[&account("managing")],
    );
    let client = format!("{} client_id={}", account("hush"), id.1);
    home.check(&[id, secret, any, ORGANISATION], &[&client]);
    home.check(&[any, ORGANISATION], &[&account("any")]);
    home.check(&[ORGANISATION], &[&account("kept")]);
    Home::new().check(&[ORGANISATION], &[]);
}

#[test]
fn variables_of_single_services_are_never_read() {
    let services = [
        ("PANGEA_VAULT_TOKEN", "canary"),
        ("PANGEA_AUDIT_TOKEN", "canary"),
        ("PANGEA_AUTHN_TOKEN", "canary"),
        ORGANISATION,
    ];
    Home::new().check(&services, &[]);
}

#[test]
fn a_service_token_is_told_where_nothing_else_is_there() {
    let any = ("PANGEA_TOKEN", "pts_canary");
    let home = Home::new();
    home.refused(
        &[any, ORGANISATION],
        &format!("variable PANGEA_TOKEN {HINT}"),
    );
    home.refused(
        &[any],
        &format!("warning: environment variable PANGEA_TOKEN {HINT}"),
    );
    let given = ("PANGEA_MANAGEMENT_TOKEN", "pts_canary");
    home.refused(&[given], &format!("PANGEA_MANAGEMENT_TOKEN {HINT}"));
    let [id, secret] = CLIENT;
    home.refused(
        &[id, ("PANGEA_CLIENT_SECRET", "pts_canary")],
        &format!("PANGEA_CLIENT_SECRET {HINT}"),
    );
    let kept = Home::with("[profiles.default.default]\ntoken = \"pts_canary\"\n");
    let place = "Pangea's profile in use (~/.pangea/config.toml)";
    kept.refused(&[ORGANISATION], &format!("warning: {place} {HINT}"));
    let client = format!("hush at {USUAL} for {ORG} client_id={}", id.1);
    kept.check(&[any, id, secret, ORGANISATION], &[&client]);
}

#[test]
fn a_service_token_is_unfit() {
    let environment = Environment::fixed(&[("X", "pts_canary")]);
    let source = Source::Variable("X".into());
    let failure = source
        .into_credential(environment, tidy)
        .token()
        .unwrap_err();
    let headline = "wrong kind of token: this is a service token (pts_…)";
    assert_eq!(failure.headline(), headline);
    let advice = "create a management client under Organization Settings, Organization API \
                  Credentials";
    assert_eq!(failure.advice(), advice);
    assert!(!format!("{failure:?}").contains("canary"));
}

#[test]
fn an_account_without_its_organisation_is_told() {
    let home = Home::new();
    let token = ("PANGEA_MANAGEMENT_TOKEN", "canary");
    home.refused(&[token], "set PANGEA_ORG_ID to the id of yours (poi_…");
    home.refused(
        &[token, ("PANGEA_ORG_ID", "canary")],
        "PANGEA_ORG_ID must be the id of",
    );
    home.refused(
        &[token, ("PANGEA_ORG_ID", "ppi_a")],
        "is the id of a project",
    );
    let (accounts, problems) = home.told(&[token, ("PANGEA_ORG_ID", "poi_short")]);
    assert_eq!(accounts, [format!("canary at {USUAL} for poi_short")]);
    assert!(
        problems[0].contains("warning: PANGEA_ORG_ID does not look like"),
        "{problems:?}"
    );
}

#[test]
fn half_a_client_is_told() {
    let home = Home::new();
    let [id, secret] = CLIENT;
    home.refused(
        &[id, ORGANISATION],
        "PANGEA_CLIENT_ID is set, and PANGEA_CLIENT_SECRET is not",
    );
    home.refused(
        &[secret, ORGANISATION],
        "PANGEA_CLIENT_SECRET is set, and PANGEA_CLIENT_ID is not",
    );
}

#[test]
fn the_domain_is_that_of_the_variables_or_of_the_login() {
    let text = "[profiles.default.default]\ndomain = \"aws.eu.pangea.cloud\"\ntoken = \"kept\"\n";
    let home = Home::with(text);
    let given = ("PANGEA_DOMAIN", "https://gcp.us.pangea.cloud/");
    let token = ("PANGEA_MANAGEMENT_TOKEN", "managing");
    let at = |secret: &str, domain: &str| {
        format!("{secret} at https://api.console.{domain}/ for {ORG} domain={domain}")
    };
    let (eu, us) = ("aws.eu.pangea.cloud", "gcp.us.pangea.cloud");
    home.check(&[given, ORGANISATION], &[&at("kept", eu)]);
    home.check(&[given, token, ORGANISATION], &[&at("managing", us)]);
    home.check(&[token, ORGANISATION], &[&at("managing", eu)]);
    let bad = ("PANGEA_DOMAIN", "not a domain");
    home.refused(
        &[bad, token, ORGANISATION],
        "PANGEA_DOMAIN must be a domain such as",
    );
}

#[test]
fn token_and_domain_are_looked_up_one_by_one() {
    let text = |profile: &str, tables: &[(&str, &str)]| {
        let tables: Vec<_> = tables
            .iter()
            .map(|(path, line)| format!("[Profiles.{path}]\n{line}\n"))
            .collect();
        Home::with(&format!(
            "Title = \"Pangea\"\nPROFILE = \"{profile}\"\n{}",
            tables.concat()
        ))
    };
    let check = |home: &Home, name: Option<&str>, expected: (Option<&str>, Option<&str>)| {
        let kept = Kept::read(&home.environment(&[]), name).unwrap().unwrap();
        let token = kept.token.as_ref().map(Secret::expose);
        assert_eq!((kept.domain.as_deref(), token), expected);
    };
    let all = [
        ("work.'api.console'", "Token = \"1\""),
        ("work.vault", "token = \"pts_vault\""),
        ("Work2.default", "DOMAIN = \"two\""),
        ("default.'api.console'", "token = \"3\""),
        ("default.default", "token = \"4\"\ndomain = \"four\""),
    ];
    let home = text("Work", &all);
    check(&home, None, (Some("four"), Some("1")));
    check(&home, Some("WORK2"), (Some("two"), Some("3")));
    check(&home, Some("default"), (Some("four"), Some("3")));
    check(&text("work", &all[1..2]), None, (None, None));
    let unknown = Kept::read(&home.environment(&[]), Some("other")).map(|_| ());
    assert!(
        unknown
            .unwrap_err()
            .as_str()
            .contains("has no profile \"other\"")
    );
}

#[test]
fn a_broken_file_is_told_without_what_it_says() {
    let home = Home::with("[profiles.default.default]\ntoken = canary\n");
    home.refused(&[ORGANISATION], "is not as Pangea's tool writes it");
    let token = ("PANGEA_MANAGEMENT_TOKEN", "managing");
    let (accounts, problems) = home.told(&[token, ORGANISATION]);
    assert_eq!((accounts.len(), problems.len()), (1, 1));
}
