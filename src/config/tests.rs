//! Every kind of mistake with its place, and where configuration is looked for.

use std::fs;
use std::path::Path;

use super::*;
use crate::platforms::ADAPTERS;

fn origin(is_private: bool, variables: &[(&str, &str)]) -> Origin {
    Origin {
        name: "config.toml".into(),
        path: None,
        is_private,
        environment: Environment::fixed(variables),
    }
}

pub(super) fn read(text: &str) -> Config {
    parse(text, &origin(true, &[])).unwrap()
}

/// The only problem of `text` is `expected`, and so many contexts are left.
#[track_caller]
pub(super) fn check(text: &str, expected: &str, contexts: usize) {
    let config = read(text);
    let problems: Vec<_> = config.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, [expected], "{text}");
    assert_eq!(config.contexts.len(), contexts, "{text}");
}

const GOOD: &str = "[contexts.a]\nplatform = \"divio\"\ntoken = { env = \"A\" }\n";

fn token(context: &ContextConfig) -> Result<String, String> {
    let token = context.connection.credential.token();
    token
        .map(|token| token.expose().to_owned())
        .map_err(|failure| failure.headline().replace("no token: ", ""))
}

#[test]
fn a_context_is_read_in_full() {
    let config = read(
        "[contexts.z]\nplatform = \"divio\"\nbase_url = \"https://api.zone.example\"\n\
         token = \"t0\"\norganisation = \"o1\"\nclass = \"PROD\"\nprotected = true\n\
         read_only = true\npoll = \"1m 30s\"\n\
         [contexts.a]\nplatform = \"divio\"\ntoken = { command = \"op read 'a b'\" }\n",
    );
    assert_eq!(config.problems, []);
    let [first, second] = config.contexts.as_slice() else {
        panic!("two contexts in the order of the file");
    };
    assert_eq!(first.name.as_str(), "z");
    assert_eq!(
        first.connection.base_url.as_str(),
        "https://api.zone.example/"
    );
    assert_eq!(token(first), Ok("t0".into()));
    assert_eq!(first.class, Some(Class::Production));
    assert!(first.is_protected && first.is_read_only && first.connection.read_only);
    assert_eq!(first.poll, Some(Duration::from_secs(90)));
    assert_eq!(
        second.connection.base_url.as_str(),
        "https://api.divio.com/"
    );
    assert_eq!(second.credential_source.as_str(), "command op …");
    assert!(!second.is_protected && !second.is_read_only && second.poll.is_none());
}

#[test]
fn unknown_keys_are_named_with_the_nearest_one() {
    check(
        &format!("{GOOD}  tokn = 1\n"),
        "config.toml:4:3: unknown key \"tokn\" in [contexts.a]; did you mean \"token\"? allowed: \
         platform, base_url, token, organisation, class, protected, read_only, poll, \
         allow_plain_http",
        1,
    );
    check(
        "colours = 1",
        "config.toml:1:1: unknown key \"colours\" in the file; allowed: contexts, classes, ui, \
         notify, keys",
        0,
    );
}

#[test]
fn wrong_types_are_told_without_their_value() {
    check(
        &format!("{GOOD}poll = 15\n"),
        "config.toml:4:8: `poll` must be a text such as \"15s\", found an integer",
        1,
    );
    check(
        "[contexts.a]\nplatform = \"divio\"\ntoken = [\"canary\"]\n",
        "config.toml:3:9: `token` must be a table such as { env = \"…\" }, found an array",
        0,
    );
    check(
        "contexts = 3",
        "config.toml:1:12: `contexts` must be tables ([contexts.NAME]), found an integer",
        0,
    );
    check(
        "[contexts]\na = 3",
        "config.toml:2:5: `a` must be a table ([contexts.NAME]), found an integer",
        0,
    );
}

#[test]
fn one_bad_context_does_not_take_the_others_along() {
    let platforms: Vec<_> = ADAPTERS
        .iter()
        .map(|adapter| adapter.profile.name)
        .collect();
    let platforms = platforms.join(", ");
    check(
        &format!("[contexts.bad]\nplatform = \"divo\"\ntoken = {{ env = \"B\" }}\n{GOOD}"),
        &format!(
            "config.toml:2:12: unknown platform \"divo\"; did you mean \"divio\"? \
             allowed: {platforms}"
        ),
        1,
    );
    check(
        &format!("[contexts.bad]\ntoken = {{ env = \"B\" }}\n{GOOD}"),
        &format!("config.toml:1:11: [contexts.bad] has no `platform`; allowed: {platforms}"),
        1,
    );
    check(
        &format!("[contexts.bad]\nplatform = \"divio\"\n{GOOD}"),
        "config.toml:1:11: [contexts.bad] has no `token`; allowed: { env = \"…\" }, \
         { file = \"…\" }, { command = \"…\" }",
        1,
    );
    check(
        &format!("[contexts.\"a b\"]\nplatform = \"divio\"\ntoken.env = \"B\"\n{GOOD}"),
        "config.toml:1:11: \"a b\" cannot be the name of a context; \
         allowed: 1 to 32 letters, digits, `_`, `.`, `-`",
        1,
    );
}

#[test]
fn every_problem_of_a_context_is_told_at_once() {
    let config = read("[contexts.a]\nplatform = \"x\"\nbase_url = 1\nclass = \"y\"\n");
    let lines: Vec<_> = config
        .problems
        .iter()
        .filter_map(|problem| problem.position.map(|position| position.line))
        .collect();
    assert_eq!(lines, [1, 2, 3, 4]);
}

#[test]
fn addresses_to_which_no_token_may_go_are_refused() {
    let url = |url: &str, problem: &str| {
        check(
            &format!("{GOOD}base_url = \"{url}\"\n"),
            &format!("config.toml:4:12: `base_url` {problem}"),
            0,
        );
    };
    let form = "must be an address such as \"https://api.example.com\": ";
    url(
        "api.divio.com",
        &format!("{form}relative URL without a base"),
    );
    url("https://", &format!("{form}empty host"));
    url(
        "file:///x",
        "must begin with https:// or http:// and name a host",
    );
    url(
        "https://me:canary@h",
        "must not carry a user name or password",
    );
    url("https://h/?token=canary", "must not carry `?` or `#`");
    url(
        "http://api.example.com",
        "would send the token over plain http to another machine; \
         use https, or set `allow_plain_http = true`",
    );
    let allowed = format!("{GOOD}base_url = \"http://h\"\nallow_plain_http = true\n");
    assert_eq!(read(&allowed).problems, []);
    for host in ["localhost:1", "127.0.0.1:1", "127.8.8.8", "[::1]:1"] {
        assert_eq!(
            read(&format!("{GOOD}base_url = \"http://{host}\"\n")).problems,
            []
        );
    }
}

#[test]
fn durations_have_bounds() {
    for poll in ["1s", "25h", "-5s", "soon", ""] {
        check(
            &format!("{GOOD}poll = \"{poll}\"\n"),
            &format!(
                "config.toml:4:8: `poll` is \"{poll}\"; allowed: \"2s\" to \"24h\", \
                 such as \"15s\" or \"2m\""
            ),
            1,
        );
    }
}

#[test]
fn token_settings_are_checked() {
    let token = |token: &str, column: usize, problem: &str| {
        check(
            &format!("[contexts.a]\nplatform = \"divio\"\ntoken = {token}\n"),
            &format!("config.toml:3:{column}: {problem}"),
            0,
        );
    };
    let one = "`token` needs exactly one of: env, file, command";
    token("{ env = \"A\", file = \"b\" }", 9, one);
    token("{}", 9, one);
    token(
        "{ keyring = \"x\" }",
        9,
        "`keyring` is not available in this build; allowed: env, file, command",
    );
    token(
        "{ cli = \"x\" }",
        17,
        "`cli` knows no program for divio; allowed: env, file, command",
    );
    token(
        "{ command = \"op 'x\" }",
        21,
        "`command` is empty or has a quotation mark without its partner",
    );
    token("\" \"", 9, "`token` is empty");
}

#[test]
fn a_literal_token_needs_a_private_file_unless_it_is_for_this_machine() {
    let text = "[contexts.a]\nplatform = \"divio\"\ntoken = \"canary\"\n";
    let config = parse(text, &origin(false, &[])).unwrap();
    let problem = config.problems[0].to_string();
    assert!(problem.starts_with("config.toml:3:9: a token in a file that others can read"));
    assert!(problem.contains("chmod 600 config.toml") && !problem.contains("canary"));
    assert!(config.contexts.is_empty());
    let local = format!("{text}base_url = \"http://127.0.0.1:8080\"\n");
    let config = parse(&local, &origin(false, &[])).unwrap();
    assert_eq!(config.problems, []);
    assert_eq!(token(&config.contexts[0]), Ok("canary".into()));
}

#[test]
fn a_mistake_never_takes_a_protection_away() {
    for mistake in ["protected = \"yes\"", "protectd = true"] {
        let config = read(&format!("{GOOD}{mistake}\n"));
        assert!(config.contexts[0].is_protected, "{mistake}");
        assert_eq!(config.problems.len(), 1);
    }
    for mistake in ["read_only = 1", "readonly = true"] {
        let config = read(&format!("{GOOD}{mistake}\n"));
        assert!(config.contexts[0].connection.read_only, "{mistake}");
    }
    let config = read(&format!("{GOOD}class = \"prodd\"\n"));
    assert_eq!(config.contexts[0].class, Some(Class::Production));
    assert_eq!(
        config.problems[0].to_string(),
        "config.toml:4:9: unknown class \"prodd\"; allowed: \"PROD\", \"stag\" or \"dev\""
    );
    let config = read("[[classes]]\nclass = \"dev\"\npattern = \"(\"\n");
    assert_eq!(
        config.problems[0].to_string(),
        "config.toml:3:11: `pattern` is not a regular expression: unclosed group"
    );
    assert_eq!(
        config
            .rules()
            .decide(None, Some("live"), Some("shop"), None),
        Some(Class::Production)
    );
}

#[test]
fn class_comes_from_platform_then_name_then_context_then_app() {
    let config = read("[[classes]]\nclass = \"dev\"\npattern = \"^lab\"\n");
    let class = |own, context, environment| {
        config
            .rules()
            .decide(own, environment, Some("LAB-1"), context)
    };
    let (prod, stag) = (Some(Class::Production), Some(Class::Staging));
    assert_eq!(class(prod, stag, Some("lab")), prod);
    assert_eq!(class(None, stag, Some("lab")), Some(Class::Development));
    assert_eq!(class(None, stag, Some("live")), stag);
    assert_eq!(class(None, None, Some("live")), Some(Class::Development));
    assert_eq!(
        config
            .rules()
            .decide(None, Some("live"), Some("shop"), None),
        None
    );
}

#[test]
fn a_file_that_is_not_toml_stops_with_line_and_excerpt_but_no_value() {
    let text = "[contexts.a]\ntoken = \"canary\n";
    let error = parse(text, &origin(true, &[])).unwrap_err().to_string();
    assert!(error.starts_with("config.toml:2:"), "{error}");
    assert!(error.ends_with("\n  token = …"), "{error}");
    assert!(!error.contains("canary"));
}

#[test]
fn the_look_of_the_screen_is_read() {
    let config = read("[ui]\nascii = true\ncolour = \"16\"\n");
    assert_eq!(config.ui.ascii, Some(true));
    assert_eq!(config.ui.colour, ColourMode::Sixteen);
    check(
        "[ui]\ncolour = \"autp\"\n",
        "config.toml:2:10: unknown colour mode \"autp\"; did you mean \"auto\"? \
         allowed: auto, full, 16, none",
        0,
    );
    let plain = origin(true, &[("NO_COLOR", "1")]);
    assert_eq!(parse("", &plain).unwrap().ui.colour, ColourMode::None);
    let forced = parse("[ui]\ncolour = \"full\"", &plain).unwrap();
    assert_eq!(forced.ui.colour, ColourMode::Full);
}

#[test]
fn how_somebody_is_told_is_read() {
    use crate::app::notify::{Desktop, NotifyRules};
    let usual = NotifyRules::default();
    assert_eq!(read("").notify, usual);
    let told = read("[notify]\nbell = false\ndesktop = \"osc777\"\ngood = false\n").notify;
    let expected = NotifyRules {
        bell: false,
        desktop: Desktop::Osc777,
        good: false,
    };
    assert_eq!(told, expected);
    check(
        "[notify]\ndesktop = \"osc99\"\n",
        "config.toml:2:11: unknown kind of notification \"osc99\"; did you mean \"osc9\"? \
         allowed: off, osc9, osc777",
        0,
    );
    check(
        "[notify]\nbel = true\n",
        "config.toml:2:1: unknown key \"bel\" in [notify]; did you mean \"bell\"? \
         allowed: bell, desktop, good",
        0,
    );
    check(
        "[notify]\ngood = 1\n",
        "config.toml:2:8: `good` must be true or false, found an integer",
        0,
    );
}

// ── The default file ────────────────────────────────────────────────────────────────────────────

#[test]
fn the_default_file_documents_every_key_and_is_right_in_both_forms() {
    assert_eq!(read(DEFAULT).problems, []);
    let uncommented: String = DEFAULT
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting,
            _ => line,
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    let config = read(&uncommented);
    assert_eq!(config.problems, []);
    assert_eq!(config.contexts.len(), 6);
    let keys = [
        context::KEYS,
        token::KEYS,
        classes::KEYS,
        ui::KEYS,
        notify::KEYS,
        keys::KEYS,
    ];
    for key in keys.into_iter().flatten() {
        assert!(uncommented.contains(&format!("{key} = ")), "{key}");
    }
    for adapter in ADAPTERS {
        for setting in adapter.profile.settings {
            assert!(
                uncommented.contains(&format!("\n{} = ", setting.name)),
                "{}",
                setting.name
            );
        }
    }
    assert!(uncommented.contains(&format!("\n{} = ", settings::CLIENT_SECRET)));
    for (rule, shipped) in config.classes.iter().zip(classes::shipped()) {
        assert_eq!(rule.class, shipped.class);
        assert_eq!(rule.pattern.as_str(), shipped.pattern.as_str());
    }
}

// ── Finding and loading ─────────────────────────────────────────────────────────────────────────

fn options(file: Option<&Path>, variables: &[(&str, &str)]) -> LoadOptions {
    LoadOptions {
        file: file.map(Path::to_owned),
        environment: Environment::fixed(variables),
        read_only: false,
        only: Vec::new(),
    }
}

fn folder_with(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    make_private(&path);
    (folder, path)
}

#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn make_private(_path: &Path) {}

#[test]
fn files_are_looked_for_in_order() {
    let set = [
        ("FLIGHTDECK_CONFIG", "/named.toml"),
        ("FLIGHTDECK_CONFIG_DIR", "/dir"),
        ("XDG_CONFIG_HOME", "/xdg"),
        ("HOME", "/home"),
    ];
    let expected = [
        "/named.toml",
        "/dir/config.toml",
        "/xdg/flightdeck/config.toml",
        "/home/.config/flightdeck/config.toml",
    ];
    for (from, expected) in expected.into_iter().enumerate() {
        let found = file(&options(None, &set[from..]));
        assert_eq!(found, Some(PathBuf::from(expected)));
    }
    let asked = file(&options(Some(Path::new("/asked.toml")), &set));
    assert_eq!(asked, Some(PathBuf::from("/asked.toml")));
}

#[test]
fn a_missing_file_matters_only_if_it_was_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let home_name = home.path().to_str().unwrap();
    let config = load(&options(None, &[("HOME", home_name)])).unwrap();
    assert!(config.contexts.is_empty() && config.problems.is_empty());
    let missing = home.path().join("no.toml");
    let name = missing.to_str().unwrap();
    for asked in [
        options(Some(&missing), &[]),
        options(None, &[("FLIGHTDECK_CONFIG", name)]),
    ] {
        let error = load(&asked).unwrap_err().to_string();
        let expected = format!("configuration {name} does not exist\n");
        assert!(error.starts_with(&expected), "{error}");
        assert!(error.contains("flightdeck config show-default"));
    }
    let error = load(&options(Some(home.path()), &[])).unwrap_err();
    assert!(error.to_string().contains("is a folder"), "{error}");
}

#[test]
fn what_is_missing_outside_the_file_is_a_warning() {
    let text = "[contexts.a]\nplatform = \"divio\"\ntoken = { env = \"A\" }\n\
                [contexts.b]\nplatform = \"divio\"\ntoken = { file = \"b.token\" }\n";
    let (folder, path) = folder_with("config.toml", text);
    let config = load(&options(Some(&path), &[])).unwrap();
    assert_eq!(config.contexts.len(), 2);
    assert!(!config.has_errors());
    let problems: Vec<_> = config.problems.iter().map(ToString::to_string).collect();
    let (file, token_file) = (path.display(), folder.path().join("b.token"));
    assert_eq!(
        problems,
        [
            format!("{file}:3:9: warning: environment variable A is not set"),
            format!(
                "{file}:6:9: warning: file {} does not exist",
                token_file.display()
            ),
        ]
    );
    let missing = token(&config.contexts[0]);
    assert_eq!(missing, Err("environment variable A is not set".into()));
    fs::write(&token_file, "t0\n").unwrap();
    make_private(&token_file);
    assert_eq!(token(&config.contexts[1]), Ok("t0".into()));
}

#[cfg(unix)]
#[test]
fn the_mode_of_the_file_decides_about_literal_tokens() {
    use std::os::unix::fs::PermissionsExt as _;
    let text = "[contexts.a]\nplatform = \"divio\"\ntoken = \"t0\"\n";
    let (_folder, path) = folder_with("config.toml", text);
    assert_eq!(load(&options(Some(&path), &[])).unwrap().contexts.len(), 1);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let config = load(&options(Some(&path), &[])).unwrap();
    assert!(config.contexts.is_empty() && config.has_errors());
}

#[test]
fn contexts_can_be_chosen_and_made_read_only() {
    let text = format!(
        "{GOOD}[contexts.b]\nplatform = \"divio\"\ntoken.env = \"A\"\n\
         [contexts.c]\nplatform = \"no\"\ntoken.env = \"A\"\n"
    );
    let (_folder, path) = folder_with("config.toml", &text);
    let mut wanted = options(Some(&path), &[("A", "t0")]);
    wanted.only = vec!["b".into()];
    wanted.read_only = true;
    let config = load(&wanted).unwrap();
    assert_eq!(config.contexts.len(), 1);
    assert!(config.contexts[0].is_read_only && config.contexts[0].connection.read_only);
    wanted.only = vec!["bb".into()];
    let error = load(&wanted).unwrap_err().to_string();
    assert_eq!(
        error,
        "no context \"bb\"; did you mean \"b\"? there is: a, b"
    );
    wanted.only = vec!["c".into()];
    let error = load(&wanted).unwrap_err().to_string();
    assert!(error.contains("it is left out:") && error.contains("unknown platform \"no\""));
}

// ── Without a configuration ─────────────────────────────────────────────────────────────────────

/// The context that is found with these variables: its address, its source, its token.
fn discovered(variables: &[(&str, &str)]) -> Option<(String, String, String)> {
    let config = load(&options(None, variables)).unwrap();
    assert_eq!(config.problems, []);
    let context = config.contexts.first()?;
    assert_eq!(context.name.as_str(), "divio");
    Some((
        context.connection.base_url.to_string(),
        context.credential_source.to_string(),
        token(context).unwrap(),
    ))
}

#[test]
fn a_token_in_the_environment_is_a_context() {
    let set = ("DIVIO_API_TOKEN", "t0");
    let expect = |url: &str| {
        let source = "environment variable DIVIO_API_TOKEN".to_owned();
        Some((url.to_owned(), source, "t0".to_owned()))
    };
    assert_eq!(discovered(&[set]), expect("https://api.divio.com/"));
    assert_eq!(
        discovered(&[set, ("DIVIO_ZONE", "zone.example")]),
        expect("https://api.zone.example/")
    );
    assert_eq!(
        discovered(&[set, ("DIVIO_ZONE", "https://control.zone.example:8443")]),
        expect("https://api.zone.example:8443/")
    );
    assert_eq!(discovered(&[("DIVIO_ZONE", "zone.example")]), None);
}

#[test]
fn the_netrc_of_the_divio_cli_is_a_context() {
    let text = "machine api.divio.com\n\tlogin a\n\tpassword second\n\
                machine control.divio.com\n\tlogin a\n\tpassword first\n\
                machine control.zone.example\n\tlogin a\n\tpassword zoned\n";
    let (folder, path) = folder_with(".netrc", text);
    let home = ("HOME", folder.path().to_str().unwrap());
    let password = |variables: &[(&str, &str)]| discovered(variables).map(|found| found.2);
    assert_eq!(password(&[home]), Some("first".into()));
    assert_eq!(
        password(&[home, ("DIVIO_ZONE", "zone.example")]),
        Some("zoned".into())
    );
    assert_eq!(password(&[home, ("DIVIO_ZONE", "other.example")]), None);
    assert_eq!(
        password(&[("NETRC_PATH", path.to_str().unwrap())]),
        Some("first".into())
    );
    assert_eq!(password(&[home, ("NETRC_PATH", "/no/such/file")]), None);
}

#[cfg(unix)]
#[test]
fn a_netrc_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, path) = folder_with(".netrc", "machine control.divio.com password canary\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let home = ("HOME", folder.path().to_str().unwrap());
    let config = load(&options(None, &[home])).unwrap();
    assert!(config.contexts.is_empty());
    let problem = config.problems[0].to_string();
    assert!(problem.contains("chmod 600") && !problem.contains("canary"));
}

#[test]
fn a_file_without_contexts_leaves_discovery_on() {
    let (_folder, path) = folder_with("config.toml", "[ui]\nascii = true\n");
    let config = load(&options(Some(&path), &[("DIVIO_API_TOKEN", "t0")])).unwrap();
    assert_eq!(config.contexts.len(), 1);
    assert_eq!(config.ui.ascii, Some(true));
}

// ── What only one platform has ──────────────────────────────────────────────────────────────────

/// A context of PandaStack and one of Pangea, to which lines are added.
const PANDA: &str = "[contexts.p]\nplatform = \"pandastack\"\ntoken = { env = \"P\" }\n";
const PANGEA: &str = "[contexts.p]\nplatform = \"pangea\"\n\
                      organisation = \"poi_abcdefghijklmnopqrstuvwxyz234567\"\n";
const CLIENT: &str = "client_id = \"psa_abcdefghijklmnopqrstuvwxyz234567\"\n\
                      client_secret = { env = \"S\" }\n";

/// The settings of the only context in `text`, with which nothing is wrong.
#[track_caller]
fn only(text: &str, variables: &[(&str, &str)]) -> ContextConfig {
    let mut config = parse(text, &origin(true, variables)).unwrap();
    assert_eq!(config.problems, [], "{text}");
    assert_eq!(config.contexts.len(), 1, "{text}");
    config.contexts.remove(0)
}

#[test]
fn a_platform_has_its_own_settings() {
    let context = only(&format!("{PANDA}dialect = \"v1\"\nlength = \" 7 \"\n"), &[]);
    let settings = &context.connection.settings;
    assert_eq!(settings.get("dialect"), Some("v1"));
    assert_eq!(settings.get("length"), Some("7"));
    assert_eq!(settings.0.len(), 2);
    assert_eq!(only(PANDA, &[]).connection.settings.0.len(), 0);
    check(
        &format!("{PANDA}dialect = \"api-v\"\n"),
        "config.toml:4:11: unknown dialect \"api-v\"; did you mean \"api-v1\"? \
         allowed: auto, api-v1, v1",
        1,
    );
    check(
        &format!("{PANDA}length = 7\n"),
        "config.toml:4:10: `length` must be a text, found an integer",
        0,
    );
    check(
        &format!("{PANDA}length = \" \"\n"),
        "config.toml:4:10: `length` is empty; leave it out where there is none",
        0,
    );
}

#[test]
fn a_setting_of_another_platform_is_told_whose_it_is() {
    let common = "platform, base_url, token, organisation, class, protected, read_only, poll, \
                  allow_plain_http";
    check(
        &format!("{GOOD}dialect = \"v1\"\n"),
        &format!(
            "config.toml:4:1: unknown key \"dialect\" in [contexts.a]: it is a setting of \
             PandaStack; allowed: {common}"
        ),
        1,
    );
    check(
        &format!("{PANDA}client_secret = \"canary\"\n"),
        &format!(
            "config.toml:4:1: unknown key \"client_secret\" in [contexts.p]: it is a setting of \
             Pangea; allowed: {common}, dialect, length"
        ),
        1,
    );
    check(
        &format!("{PANDA}dialct = \"v1\"\n"),
        &format!(
            "config.toml:4:1: unknown key \"dialct\" in [contexts.p]; did you mean \"dialect\"? \
             allowed: {common}, dialect, length"
        ),
        1,
    );
    // Which platform is meant is told, and nothing else.
    let config =
        read("[contexts.a]\ntoken = { env = \"A\" }\ndialect = \"v1\"\ndomain = \"a.b\"\n");
    assert_eq!(config.problems.len(), 1);
}

#[test]
fn a_client_takes_the_place_of_a_token() {
    let context = only(
        &format!("{PANGEA}{CLIENT}scope = \"a b\"\n"),
        &[("S", "canary")],
    );
    let settings = &context.connection.settings;
    assert_eq!(
        settings.get("client_id"),
        Some("psa_abcdefghijklmnopqrstuvwxyz234567")
    );
    assert_eq!(settings.get("scope"), Some("a b"));
    assert_eq!(settings.get("client_secret"), None);
    assert_eq!(token(&context), Ok("canary".into()));
    assert_eq!(
        context.credential_source.as_str(),
        "a client, its secret from environment variable S"
    );
    assert!(!format!("{context:?}{settings:?}").contains("canary"));
    let forms = ["{ command = \"echo canary\" }", "\"canary\""];
    for form in forms {
        let text = format!("{PANGEA}{}", CLIENT.replace("{ env = \"S\" }", form));
        assert_eq!(token(&only(&text, &[])), Ok("canary".into()));
    }
    let plain = format!("{PANGEA}token = {{ env = \"S\" }}\n");
    assert_eq!(token(&only(&plain, &[("S", "t0")])), Ok("t0".into()));
}

#[test]
fn a_client_is_whole_and_instead_of_a_token() {
    let client = |lines: &str, place: &str, expected: &str| {
        check(
            &format!("{PANGEA}{lines}"),
            &format!("config.toml:{place}: {expected}"),
            0,
        );
    };
    let token = "token = { env = \"T\" }\n";
    client(
        &format!("{CLIENT}{token}"),
        "4:13",
        "`client_id` and `client_secret` name a management client in place of `token`: take \
         either them or `token` away",
    );
    client(
        &format!("client_secret = \"canary\"\n{token}"),
        "4:17",
        "`client_secret` belongs to a management client in place of `token`: take one of the two \
         away",
    );
    client(
        "client_secret = \"canary\"\n",
        "4:17",
        "`client_secret` needs the id of a management client: add `client_id`",
    );
    let id = CLIENT.lines().next().unwrap();
    client(
        &format!("{id}\n"),
        "4:13",
        "`client_id` needs the secret of a management client: add `client_secret`",
    );
    client(
        &format!("{id}\nclient_secret = {{ cli = \"pangea\" }}\n"),
        "5:25",
        "`cli` knows no program for pangea; allowed: env, file, command",
    );
    client(
        &format!("{id}\nclient_secret = {{}}\n"),
        "5:17",
        "`client_secret` needs exactly one of: env, file, command",
    );
    client(
        "",
        "1:11",
        "[contexts.p] has no `token`; allowed: { env = \"…\" }, { file = \"…\" }, \
         { command = \"…\" }, { cli = \"pangea\" }, or `client_id` with `client_secret`",
    );
}

#[test]
fn a_literal_client_secret_needs_a_private_file_unless_it_is_for_this_machine() {
    let text = format!(
        "{PANGEA}{}",
        CLIENT.replace("{ env = \"S\" }", "\"canary\"")
    );
    let config = parse(&text, &origin(false, &[])).unwrap();
    let problem = config.problems[0].to_string();
    assert!(
        problem.starts_with("config.toml:5:17: a client secret in a file that others can read")
    );
    assert!(!problem.contains("canary") && config.contexts.is_empty());
    let local = format!("{text}base_url = \"http://127.0.0.1:1\"\n");
    assert_eq!(parse(&local, &origin(false, &[])).unwrap().problems, []);
}

#[test]
fn pangea_needs_an_organisation_and_knows_what_it_looks_like() {
    let told = |organisation: &str| {
        let text = format!("[contexts.p]\nplatform = \"pangea\"\n{organisation}{CLIENT}");
        let config = parse(&text, &origin(true, &[("S", "s")])).unwrap();
        let problems: Vec<_> = config.problems.iter().map(ToString::to_string).collect();
        (problems.join("\n"), config.contexts.len())
    };
    let (missing, none) = told("");
    assert!(
        missing.starts_with("config.toml:1:11: [contexts.p] has no `organisation`: Pangea's API")
    );
    assert!(missing.contains("organisation = \"poi_…\"") && none == 0);
    let (wrong, none) = told("organisation = \"canary\"\n");
    assert!(
        wrong.starts_with("config.toml:3:16: `organisation` must be the id of an organisation")
    );
    assert!(!wrong.contains("canary") && none == 0);
    let (odd, one) = told("organisation = \"poi_short\"\n");
    assert!(
        odd.starts_with("config.toml:3:16: warning: `organisation` does not look like"),
        "{odd}"
    );
    assert_eq!(one, 1);
    // What would not be sent is told now.
    let (other, none) = told("organisation = \"poi_ABC\"\n");
    assert!(other.contains("must be the id of an organisation") && none == 0);
}

#[test]
fn the_secret_of_a_client_is_for_no_place_that_a_program_names() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".pangea");
    std::fs::create_dir(&folder).unwrap();
    let kept = "[profiles.default.default]\ndomain = \"evil.example.com\"\n";
    for text in [kept, "broken"] {
        std::fs::write(folder.join("config.toml"), text).unwrap();
        let variables = [("HOME", home.path().to_str().unwrap()), ("S", "canary")];
        let context = only(&format!("{PANGEA}{CLIENT}"), &variables);
        let address = context.connection.base_url.as_str();
        assert_eq!(address, "https://api.console.aws.us.pangea.cloud/");
    }
}

#[test]
fn pangea_is_where_its_domain_says() {
    let address = |lines: &str| {
        let context = only(&format!("{PANGEA}{CLIENT}{lines}"), &[]);
        context.connection.base_url.to_string()
    };
    assert_eq!(address(""), "https://api.console.aws.us.pangea.cloud/");
    let eu = "https://api.console.aws.eu.pangea.cloud/";
    assert_eq!(address("domain = \"aws.eu.pangea.cloud\"\n"), eu);
    assert_eq!(
        address("domain = \"https://api.console.aws.eu.pangea.cloud/\"\n"),
        eu
    );
    let local = "base_url = \"http://127.0.0.1:1\"\ndomain = \"aws.eu.pangea.cloud\"\n";
    assert_eq!(address(local), "http://127.0.0.1:1/");
    check(
        &format!("{PANGEA}{CLIENT}domain = \"localhost\"\n"),
        "config.toml:6:10: `domain` must be a domain such as \"aws.us.pangea.cloud\"; \
         for anything else set `base_url`",
        0,
    );
}

#[test]
fn the_login_of_panda_brings_its_organisation_and_its_address() {
    let text =
        r#"{"token": "psk_kept", "org_id": 9007199254740993, "api_url": "https://p.example.com/"}"#;
    let (home, _) = folder_with(".panda/config.json", text);
    let variables = [("HOME", home.path().to_str().unwrap())];
    let panda = "[contexts.p]\nplatform = \"pandastack\"\ntoken = { cli = \"panda\" }\n";
    let context = only(panda, &variables);
    let told = |context: &ContextConfig| {
        let organisation = context.connection.organisation.clone();
        (
            context.connection.base_url.to_string(),
            organisation.unwrap().as_str().to_owned(),
        )
    };
    let kept = (
        "https://p.example.com/".to_owned(),
        "9007199254740993".to_owned(),
    );
    assert_eq!(told(&context), kept);
    assert_eq!(token(&context), Ok("psk_kept".into()));
    let own = format!("{panda}organisation = \"7\"\nbase_url = \"https://q.example.com\"\n");
    let own = only(&own, &variables);
    assert_eq!(
        told(&own),
        ("https://q.example.com/".to_owned(), "7".to_owned())
    );
    // A token from elsewhere has nothing to do with that login.
    let other = only(PANDA, &variables);
    assert_eq!(
        other.connection.base_url.as_str(),
        "https://api.pandastack.io/"
    );
    assert!(other.connection.organisation.is_none());
}

#[test]
fn a_token_of_the_wrong_kind_is_told_when_the_file_is_loaded() {
    let text = format!(
        "{PANDA}{}",
        PANDA
            .replace(".p]", ".q]")
            .replace("env = \"P\"", "env = \"Q\"")
    );
    let (_folder, path) = folder_with("config.toml", &text);
    let variables = [("P", "pds_canary"), ("Q", "canary")];
    let config = load(&options(Some(&path), &variables)).unwrap();
    let problems: Vec<_> = config.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 2);
    assert!(problems[0].contains("variable P holds a token of pandastack.ai (pds_…)"));
    assert!(problems[1].contains("variable Q does not begin with psk_"));
    assert!(!problems.concat().contains("canary") && !config.has_errors());
    let failure = config.contexts[0]
        .connection
        .credential
        .token()
        .unwrap_err();
    assert!(
        failure
            .headline()
            .starts_with("wrong kind of token: this is a token of pandastack.ai")
    );
    assert_eq!(token(&config.contexts[1]), Ok("canary".into()));
    let literal = PANDA.replace("{ env = \"P\" }", "\"pds_canary\"");
    let (_folder, path) = folder_with("config.toml", &literal);
    let config = load(&options(Some(&path), &[])).unwrap();
    let told = config.problems[0].to_string();
    assert!(
        told.contains("pandastack.ai") && !told.contains("canary"),
        "{told}"
    );
}
