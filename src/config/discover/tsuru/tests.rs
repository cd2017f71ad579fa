//! What the client's files make of targets, accounts and configured contexts.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::config::discover::tests::told;
use crate::config::{Config, Origin, parse};
use crate::platforms::adapter;

mod sessions;

const CI: &str = "https://ci.example.com";
const PROD: &str = "https://prod.example.com";

/// A home folder with the client's files in it.
pub(super) struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub(super) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Two targets, `ci` in use.
    fn with_targets() -> Self {
        let home = Self::new();
        home.write(".tsuru/targets", &format!("prod\t{PROD}\nci\t{CI}/ \n"));
        home.write(".tsuru/target", &format!(" {CI}\n"));
        home
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file that nobody else can read.
    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        set_mode(&path, 0o600);
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(super) fn environment(&self, variables: &[(&str, &str)]) -> Environment {
        let home = self.folder.path().to_str().unwrap();
        let mut variables = variables.to_vec();
        variables.push(("HOME", home));
        Environment::fixed(&variables)
    }

    /// What is found, as name, address, source and token, and the problems.
    fn found(&self, variables: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let environment = self.environment(variables);
        let found = accounts::find(adapter("tsuru").unwrap().profile, &environment);
        let (accounts, problems) = told(&ENTRY, &found, &environment);
        let addresses = found.accounts.iter().map(|it| it.base_url.as_str());
        let accounts = addresses.zip(accounts);
        let accounts = accounts.map(|(address, account)| format!("{account} at {address}"));
        (accounts.collect(), problems)
    }

    fn config(&self, variables: &[(&str, &str)], context: &str) -> Config {
        let origin = Origin {
            name: "f".into(),
            path: None,
            is_private: true,
            environment: self.environment(variables),
        };
        let text = format!("[contexts.a]\nplatform = \"tsuru\"\n{context}");
        parse(&text, &origin).unwrap()
    }

    /// The context that a configuration makes, as address, source and token.
    fn configured(&self, variables: &[(&str, &str)], context: &str) -> Result<String, String> {
        let config = self.config(variables, context);
        if let Some(problem) = config.problems.first() {
            return Err(problem.to_string());
        }
        let context = &config.contexts[0];
        let token = context.connection.credential.token();
        let token = token.map_err(|failure| failure.headline())?;
        let (address, source) = (&context.connection.base_url, &context.credential_source);
        Ok(format!("{address} {source} = {}", token.expose()))
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) {}

/// A file with a session.
pub(super) fn session(access_token: &str, refresh_token: &str, expiry: &str, url: &str) -> String {
    format!(
        r#"{{
    "scheme": "oidc",
    "oauth2_token": {{
      "access_token": "{access_token}",
      "token_type": "Bearer",
      "refresh_token": "{refresh_token}",
      "expiry": "{expiry}",
      "expires_in": 300
    }},
    "oauth2_config": {{
      "ClientID": "tsuru-client",
      "ClientSecret": "",
      "Endpoint": {{"AuthURL": "{url}/auth", "TokenURL": "{url}/token", "AuthStyle": 0}},
      "RedirectURL": "http://localhost:41000",
      "Scopes": ["openid", "email"]
    }}
  }}
"#
    )
}

#[test]
fn targets_are_what_the_client_says() {
    let home = Home::with_targets();
    let all = |variables: &[(&str, &str)]| {
        let all = Targets::known(&home.environment(variables)).all();
        let all = all
            .iter()
            .map(|it| format!("{} {}", it.named(), it.address));
        all.collect::<Vec<_>>()
    };
    let (ci, prod) = (format!("ci {CI}"), format!("prod {PROD}"));
    assert_eq!(all(&[]), [ci.clone(), prod.clone()]);
    let by_label = [prod.clone(), format!("ci {CI}/")];
    assert_eq!(all(&[("TSURU_TARGET", " prod ")]), by_label);
    let by_address = [format!("prod {PROD}/"), format!("ci {CI}/")];
    assert_eq!(
        all(&[("TSURU_TARGET", "https://prod.example.com/")]),
        by_address
    );
    // What is no label is an address, and one without a scheme has no TLS.
    let literal = &all(&[("TSURU_TARGET", "stage")])[0];
    assert_eq!(literal, "http://stage http://stage");
    // Older clients kept them beside the folder; other lines say nothing.
    let home = Home::new();
    home.write(".tsuru_target", "tsuru.local:8080\n");
    home.write(".tsuru_targets", "x\nb\tc\td\n\n zz\ttsuru.local:8080\ny\t");
    let all = Targets::known(&home.environment(&[])).all();
    let expected = Target {
        label: Some("zz".into()),
        address: "http://tsuru.local:8080".into(),
    };
    assert_eq!(all, [expected]);
}

#[test]
fn the_first_label_of_an_address_counts() {
    let home = Home::with_targets();
    let text = format!("prod\t{PROD}\nci\t{CI}\nalpha\t{CI}\n");
    home.write(".tsuru/targets", &text);
    home.write(".tsuru/token.d/alpha", "t-alpha");
    home.write(".tsuru/token.d/ci", "t-ci");
    let (accounts, _) = home.found(&[]);
    let expected =
        "tsuru-alpha: tsuru target alpha (~/.tsuru) = t-alpha at https://ci.example.com/";
    assert_eq!(accounts, [expected]);
}

#[test]
fn every_target_with_a_login_is_an_account() {
    let home = Home::with_targets();
    home.write(".tsuru/token.d/ci", " t-ci\n");
    let never = "0001-01-01T00:00:00Z";
    let text = session("t-prod", "r", never, "https://login.example.com");
    home.write(".tsuru/token-v2.d/prod.json", &text);
    let (accounts, problems) = home.found(&[]);
    let ci = "tsuru-ci: tsuru target ci (~/.tsuru) = t-ci at https://ci.example.com/";
    let prod = "tsuru-prod: tsuru target prod (~/.tsuru) = t-prod at https://prod.example.com/";
    assert_eq!((accounts, problems), (vec![ci.into(), prod.into()], vec![]));
    let (accounts, _) = home.found(&[("TSURU_TARGET", "prod")]);
    assert_eq!(accounts, [prod, ci]);
}

#[test]
fn a_target_without_a_label_is_an_account() {
    let home = Home::new();
    home.write(".tsuru/target", CI);
    home.write(".tsuru/token", "t");
    let (accounts, problems) = home.found(&[]);
    let account = "tsuru: tsuru's login for https://ci.example.com (~/.tsuru) = t at \
                   https://ci.example.com/";
    assert_eq!((accounts, problems), (vec![account.into()], vec![]));
}

#[test]
fn where_nobody_logged_in_there_is_nothing() {
    assert_eq!(Home::new().found(&[]), (vec![], vec![]));
    let (accounts, problems) = Home::with_targets().found(&[]);
    assert!(accounts.is_empty());
    let expected = "environment: warning: the tsuru client keeps no login for ci: run `tsuru \
                    target-set ci` and `tsuru login`";
    assert_eq!(problems, [expected]);
}

#[test]
fn a_session_counts_before_a_bare_token_and_an_own_file_before_the_shared_one() {
    let home = Home::with_targets();
    let token = |home: &Home| home.configured(&[], "").unwrap();
    let is = |token: &str| format!("{CI}/ tsuru target ci (~/.tsuru) = {token}");
    let text = |token: &str| session(token, "r", "2999-01-01T00:00:00Z", CI);
    home.write(".tsuru/token", "t-shared");
    assert_eq!(token(&home), is("t-shared"));
    home.write(".tsuru/token.d/ci", "t-own");
    assert_eq!(token(&home), is("t-own"));
    home.write(".tsuru/token-v2.json", &text("t-shared-session"));
    assert_eq!(token(&home), is("t-shared-session"));
    home.write(".tsuru/token-v2.d/ci.json", &text("t-session"));
    assert_eq!(token(&home), is("t-session"));
    // Another scheme is none of a session's.
    home.write(".tsuru/token-v2.d/ci.json", r#"{"scheme":"native"}"#);
    home.write(".tsuru/token-v2.json", "{}");
    assert_eq!(token(&home), is("t-own"));
}

#[test]
fn what_was_logged_in_to_last_is_not_sent_to_every_target() {
    let home = Home::with_targets();
    home.write(".tsuru/token", "t-prod");
    home.write(".tsuru/token.d/prod", "t-prod");
    let (accounts, problems) = home.found(&[]);
    // `ci` is in use and was never logged in to.
    assert_eq!(accounts.len(), 1);
    assert!(accounts[0].ends_with("= t-prod at https://prod.example.com/"));
    assert!(problems[0].contains("no login for ci"), "{problems:?}");
    // The shared file is nobody's, and `prod` is not in use.
    fs::remove_file(home.path(".tsuru/token.d/prod")).unwrap();
    let (accounts, _) = home.found(&[]);
    assert_eq!(accounts.len(), 1);
    assert!(accounts[0].ends_with("= t-prod at https://ci.example.com/"));
}

#[test]
fn the_variable_wins_and_goes_to_the_target_in_use() {
    let home = Home::with_targets();
    home.write(".tsuru/token.d/ci", "t-ci");
    home.write(".tsuru/token.d/prod", "t-prod");
    let given = ("TSURU_TOKEN", "t-given");
    let (accounts, problems) = home.found(&[given]);
    let account = "tsuru-ci: environment variable TSURU_TOKEN = t-given at https://ci.example.com/";
    assert_eq!(accounts, [account]);
    assert_eq!(problems.len(), 1);
    let warning = "environment: warning: TSURU_TOKEN wins over every login";
    assert!(problems[0].starts_with(warning), "{problems:?}");
    // In a configuration somebody said where it goes.
    let configured = home.configured(&[given], "token = { cli = \"tsuru\", context = \"prod\" }");
    let expected = format!("{PROD}/ environment variable TSURU_TOKEN = t-given");
    assert_eq!(configured, Ok(expected));
    let (accounts, problems) = Home::new().found(&[given]);
    assert!(accounts.is_empty());
    assert!(problems[0].contains("set TSURU_TARGET"), "{problems:?}");
}

#[test]
fn a_target_without_tls_is_refused_and_said_how_it_is_allowed() {
    let home = Home::new();
    home.write(".tsuru/target", "tsuru.example.com");
    home.write(".tsuru/token", "canary");
    let (accounts, problems) = home.found(&[]);
    assert!(accounts.is_empty());
    let expected = "environment: the target http://tsuru.example.com would send the token over \
                    plain http to another machine: make it https://… (`tsuru target-add`), or \
                    configure a context with `base_url = \"http://tsuru.example.com\"` and \
                    `allow_plain_http = true`";
    assert_eq!(problems, [expected]);
    let allowed = home.configured(&[], "allow_plain_http = true\n");
    assert!(allowed.is_ok_and(|it| it.ends_with(" = canary")));
    let refused = home.configured(&[], "").unwrap_err();
    assert!(refused.contains("`allow_plain_http = true`"), "{refused}");
    // On this machine nobody listens in.
    home.write(".tsuru/target", "127.0.0.1:8080");
    assert_eq!(home.found(&[]).0.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_used_and_told() {
    let home = Home::with_targets();
    home.write(".tsuru/token.d/ci", "canary");
    let open = |name: &str, mode| set_mode(&home.path(name), mode);
    open(".tsuru/token.d/ci", 0o644);
    open(".tsuru/token.d", 0o700);
    open(".tsuru", 0o755);
    // Nobody gets as far as the file.
    assert_eq!(home.found(&[]).1, [""; 0]);
    open(".tsuru/token.d", 0o755);
    let (accounts, problems) = home.found(&[]);
    assert_eq!(accounts.len(), 1);
    let expected = "environment: warning: file ~/.tsuru/token.d/ci can be read by others, and \
                    holds a token: chmod 600 ~/.tsuru/token.d/ci";
    assert_eq!(problems, [expected]);
    let environment = home.environment(&[]);
    assert!(caution(&environment, Some("ci")).is_some());
    assert!(caution(&environment, None).is_some());
    open(".tsuru", 0o700);
    assert!(caution(&environment, Some("ci")).is_none());
}

#[test]
fn a_context_uses_the_login_for_its_address() {
    let home = Home::with_targets();
    home.write(".tsuru/token.d/ci", "t-ci");
    home.write(".tsuru/token.d/prod", "t-prod");
    let ci = format!("{CI}/ tsuru target ci (~/.tsuru) = t-ci");
    let prod = format!("{PROD}/ tsuru target prod (~/.tsuru) = t-prod");
    let is = |context: &str, expected: &str| {
        assert_eq!(
            home.configured(&[], context).as_deref(),
            Ok(expected),
            "{context}"
        );
    };
    // Nothing said: the target in use, and its login.
    is("", &ci);
    is("token = { cli = \"tsuru\" }", &ci);
    is(&format!("base_url = \"{PROD}\""), &prod);
    is(
        &format!("base_url = \"{PROD}\"\ntoken = {{ cli = \"tsuru\" }}"),
        &prod,
    );
    is("token = { cli = \"tsuru\", context = \"prod\" }", &prod);
    // A tunnel to a target.
    let tunnel =
        "base_url = \"http://127.0.0.1:9\"\ntoken = { cli = \"tsuru\", context = \"prod\" }";
    is(
        tunnel,
        "http://127.0.0.1:9/ tsuru target prod (~/.tsuru) = t-prod",
    );
    let elsewhere = home.configured(&[], "base_url = \"https://x.example.com\"");
    let expected = "no token: the tsuru client keeps no login for https://x.example.com/ \
                    (it knows: ci, prod): make https://x.example.com/ the target of the tsuru \
                    client and run `tsuru login`";
    assert_eq!(elsewhere.unwrap_err(), expected);
}

#[test]
fn a_context_with_a_token_of_its_own_says_where_it_goes() {
    let home = Home::with_targets();
    let given = [("X", "t")];
    let refused = home.configured(&given, "token = { env = \"X\" }");
    let expected = "f:1:11: [contexts.a] has no `base_url`: a tsuru server is wherever its owner \
                    runs it; add: base_url = \"https://ci.example.com\"";
    assert_eq!(refused.unwrap_err(), expected);
    let context = format!("base_url = \"{CI}\"\ntoken = {{ env = \"X\" }}");
    let expected = format!("{CI}/ environment variable X = t");
    assert_eq!(home.configured(&given, &context), Ok(expected));
    let refused = Home::new().configured(&given, "");
    let expected = "f:1:11: [contexts.a] has no `base_url`: the tsuru client has no target in use; \
                    add: base_url = \"https://tsuru.example.com\"";
    assert_eq!(refused.unwrap_err(), expected);
}

#[test]
fn a_broken_file_is_told_without_what_is_in_it() {
    let home = Home::with_targets();
    home.write(".tsuru/token-v2.d/ci.json", "{\"oauth2_token\": \"canary");
    let refused = home.configured(&[], "").unwrap_err();
    assert!(
        refused.contains("token-v2.d/ci.json is not as"),
        "{refused}"
    );
    assert!(!refused.contains("canary"));
    let (accounts, problems) = home.found(&[]);
    assert!(accounts.is_empty() && !problems[0].contains("canary"));
}

#[test]
fn a_label_is_no_way_out_of_the_folder() {
    let home = Home::with_targets();
    home.write(".tsuru/targets", &format!("../../token\t{CI}\n"));
    home.write("token", "canary");
    assert!(home.found(&[]).0.is_empty());
}

#[test]
fn an_account_keeps_its_server_whatever_becomes_of_the_label() {
    let home = Home::with_targets();
    home.write(".tsuru/token.d/ci", "t-ci");
    let context = home.config(&[], "token = { cli = \"tsuru\", context = \"ci\" }");
    let credential = &context.contexts[0].connection.credential;
    assert_eq!(credential.token().unwrap().expose(), "t-ci");
    home.write(".tsuru/targets", "ci\thttps://moved.example.com\n");
    home.write(".tsuru/target", "https://moved.example.com");
    home.write(".tsuru/token.d/ci", "t-moved");
    assert!(credential.token().is_err());
}
