//! Variables and doctl's file, in every combination that people have.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::tests::{profile, told};
use super::*;

/// As doctl writes it, most of its flag defaults left out.
const FILE: &str = "\
access-token: t-default
api-url: \"\"
apps:
    create:
        spec: \"\"
auth-contexts:
    client-x: t-x
    my-team: t-team
    removed: \"\"
context: my-team
output: text
";

/// A home folder; its doctl has the given file.
struct Home(tempfile::TempDir);

impl Home {
    fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(text: &str) -> Self {
        let home = Self::empty();
        home.write(text);
        home
    }

    fn file(&self) -> PathBuf {
        self.0.path().join(".config/doctl/config.yaml")
    }

    fn write(&self, text: &str) {
        let file = self.file();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        set_mode(&file, 0o600);
    }

    fn environment(&self, variables: &[(&str, &str)]) -> Environment {
        let mut all = vec![("HOME", self.0.path().to_str().unwrap())];
        all.extend(variables);
        Environment::fixed(&all)
    }

    fn find(&self, variables: &[(&str, &str)]) -> Findings {
        find(&known(), &self.environment(variables))
    }

    /// Accounts as "name = token", and the problems.
    fn told(&self, variables: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let environment = self.environment(variables);
        told(&ENTRY, &find(&known(), &environment), &environment)
    }

    /// The names of what is offered, in order, nothing being wrong.
    #[track_caller]
    fn names(&self, variables: &[(&str, &str)]) -> Vec<String> {
        let found = self.find(variables);
        assert_eq!(found.problems, [], "{variables:?}");
        let accounts = found.accounts.into_iter();
        accounts.map(|account| account.name).collect()
    }

    /// Where every account is.
    fn addresses(&self, variables: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let found = self.find(variables);
        if let Some(problem) = found.problems.first() {
            return Err(problem.to_string());
        }
        let addresses = found.accounts.iter().map(|it| it.base_url.to_string());
        Ok(addresses.collect())
    }
}

fn known() -> Profile {
    profile("digitalocean", "https://api.digitalocean.com")
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) {}

const FIRST: &str = "DIGITALOCEAN_ACCESS_TOKEN";
const SECOND: &str = "DIGITALOCEAN_TOKEN";

#[test]
fn every_login_of_doctl_is_an_account_and_the_one_in_use_is_first() {
    let home = Home::with(FILE);
    let (accounts, problems) = home.told(&[]);
    let place = Path::new("~/.config").join("doctl").join("config.yaml");
    let account = |name: &str, token: &str| {
        let source = format!("doctl context {name} ({})", place.display());
        format!("do-{name}: {source} = {token}")
    };
    let expected = [
        account("my-team", "t-team"),
        account("default", "t-default"),
        account("client-x", "t-x"),
    ];
    assert_eq!(accounts, expected);
    assert!(problems.is_empty());
    // doctl compares names in lower case.
    let order = home.names(&[("DIGITALOCEAN_CONTEXT", "CLIENT-X")]);
    assert_eq!(order, ["do-client-x", "do-default", "do-my-team"]);
}

#[test]
fn the_file_is_looked_for_where_doctl_keeps_it() {
    let home = Home::empty();
    let elsewhere = Home::with("access-token: t\n");
    let folder = elsewhere.0.path().join(".config");
    let (folder, file) = (folder.to_str().unwrap(), elsewhere.file());
    assert!(home.names(&[]).is_empty());
    assert_eq!(home.names(&[("XDG_CONFIG_HOME", folder)]), ["do-default"]);
    let named = ("DIGITALOCEAN_CONFIG", file.to_str().unwrap());
    assert_eq!(home.names(&[named]), ["do-default"]);
    let missing = home.told(&[("DIGITALOCEAN_CONFIG", "/no/such/file")]);
    let warning = "environment: warning: DIGITALOCEAN_CONFIG names /no/such/file, which does not \
                   exist: correct or unset it";
    assert_eq!(missing, (vec![], vec![warning.to_owned()]));
}

#[test]
fn a_variable_is_one_more_account() {
    let none = Home::empty();
    let expected = |name: &str| {
        let source = format!("environment variable {name}");
        (vec![format!("digitalocean: {source} = t")], vec![])
    };
    assert_eq!(none.told(&[(FIRST, " 't'\n")]), expected(FIRST));
    assert_eq!(none.told(&[(SECOND, "t")]), expected(SECOND));
    assert_eq!(none.told(&[(SECOND, "t"), (FIRST, "t")]), expected(FIRST));
    // In doctl it counts in the default context only.
    let home = Home::with(FILE);
    let given = (FIRST, "t");
    let order = home.names(&[given]);
    assert_eq!(
        order,
        ["do-my-team", "digitalocean", "do-default", "do-client-x"]
    );
    let order = home.names(&[given, ("DIGITALOCEAN_CONTEXT", "default")]);
    assert_eq!(
        order,
        ["digitalocean", "do-default", "do-client-x", "do-my-team"]
    );
}

#[test]
fn an_account_is_not_offered_twice() {
    let home = Home::with(FILE);
    let same = (FIRST, "t-x");
    assert_eq!(
        home.names(&[same]),
        ["do-my-team", "do-default", "do-client-x"]
    );
    let order = home.names(&[same, ("DIGITALOCEAN_CONTEXT", "default")]);
    assert_eq!(order, ["do-client-x", "do-default", "do-my-team"]);
}

#[test]
fn two_variables_that_differ_are_told() {
    let (accounts, problems) = Home::empty().told(&[(FIRST, "canary1"), (SECOND, "canary2")]);
    assert_eq!(accounts.len(), 1);
    assert!(accounts[0].ends_with("DIGITALOCEAN_ACCESS_TOKEN = canary1"));
    let warning = "environment: warning: DIGITALOCEAN_ACCESS_TOKEN and DIGITALOCEAN_TOKEN hold \
                   different tokens; DIGITALOCEAN_ACCESS_TOKEN is used: unset one, or configure a \
                   context for each";
    assert_eq!(problems, [warning]);
}

#[test]
fn a_refresh_token_is_refused_wherever_it_is() {
    let why = "holds a refresh token (dor_v1_…), which opens nothing: use an access token \
               (dop_v1_… or doo_v1_…)";
    let home = Home::with("access-token: dor_v1_canary\nauth-contexts:\n  a: t\n");
    let (accounts, problems) = home.told(&[(FIRST, "dor_v1_canary"), (SECOND, "t2")]);
    assert_eq!(accounts.len(), 2, "{accounts:?}");
    let place = home.environment(&[]).shortened(&home.file());
    assert_eq!(
        problems,
        [
            format!("environment: environment variable {FIRST} {why}"),
            format!(
                "{}: doctl context default ({place}) {why}",
                home.file().display()
            ),
        ]
    );
}

#[test]
fn the_address_is_a_root_in_either_writing() {
    let usual = "https://api.digitalocean.com/";
    let one = |address: &str| Ok(vec![address.to_owned()]);
    let home = Home::with("access-token: t\n");
    assert_eq!(home.addresses(&[]), one(usual));
    for written in [
        "https://do.example",
        "https://do.example/",
        "https://do.example/v2",
        " https://do.example/v2/ ",
    ] {
        let set = ("DIGITALOCEAN_API_URL", written);
        let other = Home::with(&format!("access-token: t\napi-url: '{written}'\n"));
        assert_eq!(home.addresses(&[set]), one("https://do.example/"));
        assert_eq!(other.addresses(&[]), one("https://do.example/"));
        let set = ("DIGITALOCEAN_API_URL", "http://127.0.0.1:8080/proxy");
        assert_eq!(other.addresses(&[set]), one("http://127.0.0.1:8080/proxy"));
    }
}

#[test]
fn where_no_token_may_go_nothing_is_offered() {
    let home = Home::with("access-token: t\napi-url: http://do.example\n");
    let refused = home.find(&[(FIRST, "t2")]);
    assert!(refused.accounts.is_empty());
    let problem = refused.problems[0].to_string();
    let start = format!("{}: `api-url` would send the token", home.file().display());
    assert!(problem.starts_with(&start), "{problem}");
    let refused = home.addresses(&[("DIGITALOCEAN_API_URL", "do.example")]);
    let problem = refused.unwrap_err();
    assert!(problem.starts_with("environment: DIGITALOCEAN_API_URL must be an address"));
}

#[test]
fn a_context_in_use_without_a_token_is_told() {
    let home = Home::with("access-token: t\ncontext: gone\n");
    let (accounts, problems) = home.told(&[]);
    assert_eq!(accounts.len(), 1);
    let said = "warning: doctl context \"gone\" has no token: log in with `doctl auth init \
                --context gone`, or use one that has: default";
    assert_eq!(problems, [format!("{}: {said}", home.file().display())]);
    assert!(Home::with("output: text\n").names(&[]).is_empty());
}

#[test]
fn a_file_that_cannot_be_read_says_what_to_do_and_stops_nothing() {
    let home = Home::with("access-token: t\ncanary\n");
    let (accounts, problems) = home.told(&[(FIRST, "t2")]);
    assert_eq!(accounts.len(), 1);
    let start = format!("{}:2:1: this line is not", home.file().display());
    assert!(problems[0].starts_with(&start), "{problems:?}");
    assert!(problems[0].contains("doctl auth init") && !problems[0].contains("canary"));
    let folder = Home::empty();
    fs::create_dir_all(folder.file()).unwrap();
    set_mode(&folder.file(), 0o700);
    let (_, problems) = folder.told(&[]);
    assert!(problems[0].ends_with("is a folder"), "{problems:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_refused() {
    let home = Home::with("access-token: canary\n");
    set_mode(&home.file(), 0o644);
    let (accounts, problems) = home.told(&[(FIRST, "t2")]);
    assert_eq!(accounts.len(), 1);
    let file = home.file();
    let advice = format!("chmod 600 {}", file.display());
    assert!(problems[0].ends_with(&advice), "{problems:?}");
    assert!(!problems[0].contains("canary"));
}

#[test]
fn no_description_carries_a_token() {
    let home = Home::with("access-token: canary\nauth-contexts:\n  a: canary2\n");
    let found = home.find(&[(FIRST, "canary3")]);
    assert_eq!(found.accounts.len(), 3);
    assert!(!format!("{found:?}").contains("canary"));
    let doctl = Doctl::read(&home.environment(&[])).unwrap().unwrap();
    assert!(!format!("{doctl:?}").contains("canary"));
}

// ── The login as a source ───────────────────────────────────────────────────────────────────────

fn login(name: Option<&str>) -> Source {
    Source::Login {
        tool: &doctl::TOOL,
        name: name.map(str::to_owned),
    }
}

#[test]
fn a_login_is_read_when_it_is_needed() {
    let home = Home::with(FILE);
    let environment = home.environment(&[]);
    let current = login(None).into_credential(environment.clone(), tidy);
    let named = login(Some("Client-X")).into_credential(environment.clone(), tidy);
    let token = |credential: &crate::platforms::Credential| {
        let token = credential.token().map(|token| token.expose().to_owned());
        token.map_err(|failure| failure.headline())
    };
    assert_eq!(token(&current), Ok("t-team".into()));
    assert_eq!(token(&named), Ok("t-x".into()));
    // Logged in anew, and switched.
    home.write("access-token: t-new\nauth-contexts:\n  client-x: \"'t-newer' \"\n");
    assert_eq!(token(&current), Ok("t-new".into()));
    assert_eq!(token(&named), Ok("t-newer".into()));
    home.write("access-token: t\n");
    let gone = token(&named).unwrap_err();
    let expected = "no token: doctl context \"client-x\" has no token: log in with `doctl auth init \
                    --context client-x`, or use one that has: default";
    assert_eq!(gone, expected);
    fs::remove_file(home.file()).unwrap();
    let gone = token(&current).unwrap_err();
    assert!(gone.ends_with("log in with `doctl auth init`"), "{gone}");
    let url = "https://h".parse().unwrap();
    assert!(login(None).look(&environment, &ENTRY, &url).is_err());
}

#[test]
fn a_login_is_described_by_its_name_and_its_place() {
    let environment = Environment::fixed(&[("DIGITALOCEAN_CONFIG", "/etc/d.yaml")]);
    let described = |name| login(name).describe(&environment).to_string();
    assert_eq!(described(None), "doctl's context in use (/etc/d.yaml)");
    assert_eq!(described(Some("A")), "doctl context a (/etc/d.yaml)");
}
