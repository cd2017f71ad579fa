//! The program without a configuration: the logins that doctl keeps are contexts, each is asked
//! with its own token, and no token is shown.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const FILE: &str = "\
access-token: canary-default
auth-contexts:
    client-x: canary-x
    my-team: canary-team
    removed: \"\"
context: my-team
";

/// A home folder with a login of doctl, and a server that refuses every token.
struct Desk {
    home: tempfile::TempDir,
    server: MockServer,
}

impl Desk {
    async fn new() -> Self {
        let server = MockServer::start().await;
        let refusal = ResponseTemplate::new(401);
        let refusal = refusal.set_body_string(r#"{"id": "Unauthorized", "message": "no"}"#);
        Mock::given(any())
            .respond_with(refusal)
            .mount(&server)
            .await;
        let home = tempfile::tempdir().unwrap();
        let desk = Self { home, server };
        desk.write("doctl.yaml", FILE);
        desk
    }

    /// Writes a file that nobody else can read.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The binary with what doctl reads in its environment, and nothing else.
    async fn run(&self, arguments: &str, variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flightdeck"));
        command
            .args(arguments.split(' '))
            .env_clear()
            .env("HOME", self.home.path())
            .env("DIGITALOCEAN_API_URL", self.server.uri())
            .env("DIGITALOCEAN_CONFIG", self.home.path().join("doctl.yaml"))
            .envs(variables.iter().copied());
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    /// Every token that was sent, in the order of the alphabet.
    async fn tokens(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let sent = requests.iter().map(|request| {
            let header = request.headers.get("authorization").unwrap();
            let (_scheme, token) = header.to_str().unwrap().split_once(' ').unwrap();
            token.to_owned()
        });
        let mut sent: Vec<_> = sent.collect();
        sent.sort_unstable();
        sent.dedup();
        sent
    }
}

/// What a run printed, once it is clear that no token is in it.
fn printed(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(
        !out.contains("canary") && !err.contains("canary"),
        "{out}{err}"
    );
    out.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_logins_of_doctl_are_contexts() {
    let desk = Desk::new().await;
    let given = ("DIGITALOCEAN_TOKEN", "canary-given");
    let output = desk.run("config check", &[given]).await;
    let context =
        |name: &str, source: &str| format!("context {name}: digitalocean, token from {source}");
    let doctl = |name: &str| {
        let source = format!("doctl context {name} (~/doctl.yaml)");
        context(&format!("do-{name}"), &source)
    };
    let expected = [
        doctl("my-team"),
        context("digitalocean", "environment variable DIGITALOCEAN_TOKEN"),
        doctl("default"),
        doctl("client-x"),
        "no configuration file: everything as it is by default".to_owned(),
    ];
    let lines = printed(&output);
    assert_eq!(lines.lines().collect::<Vec<_>>(), expected);
    assert_eq!(output.status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_context_is_asked_with_its_own_token() {
    let desk = Desk::new().await;
    let output = desk.run("get contexts -o wide", &[]).await;
    let table = printed(&output);
    for name in ["my-team", "default", "client-x"] {
        let source = format!("doctl context {name} (~/doctl.yaml)");
        let row = table.lines().find(|line| line.contains(&source));
        assert!(
            row.is_some_and(|row| row.starts_with(&format!("do-{name}"))),
            "{table}"
        );
    }
    assert_eq!(output.status.code(), Some(3));
    let expected = ["canary-default", "canary-team", "canary-x"];
    assert_eq!(desk.tokens().await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_can_name_a_login() {
    let desk = Desk::new().await;
    let config = desk.write(
        "flightdeck.toml",
        &format!(
            "[contexts.now]\nplatform = \"digitalocean\"\nbase_url = \"{0}\"\n\
             token = {{ cli = \"doctl\" }}\n\
             [contexts.client]\nplatform = \"digitalocean\"\nbase_url = \"{0}\"\n\
             token = {{ cli = \"doctl\", context = \"client-x\" }}\n\
             [contexts.gone]\nplatform = \"digitalocean\"\nbase_url = \"{0}\"\n\
             token = {{ cli = \"doctl\", context = \"removed\" }}\n",
            desk.server.uri(),
        ),
    );
    let named = [("FLIGHTDECK_CONFIG", config.to_str().unwrap())];
    let output = desk.run("config check", &named).await;
    let lines = printed(&output);
    for expected in [
        ":12:9: warning: doctl context \"removed\" has no token: log in with `doctl auth init \
         --context removed`, or use one that has: default, client-x, my-team\n",
        "context now: digitalocean, token from doctl's context in use (~/doctl.yaml)\n",
        "context client: digitalocean, token from doctl context client-x (~/doctl.yaml)\n",
    ] {
        assert!(lines.contains(expected), "{lines}");
    }
    let output = desk
        .run("get contexts --context now --context client", &named)
        .await;
    printed(&output);
    assert_eq!(desk.tokens().await, ["canary-team", "canary-x"]);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn doctl_s_own_folder_is_found() {
    let desk = Desk::new().await;
    desk.write(".config/doctl/config.yaml", "access-token: canary\n");
    let output = desk
        .run("config check", &[("DIGITALOCEAN_CONFIG", "")])
        .await;
    let expected = "context do-default: digitalocean, token from doctl context default \
                    (~/.config/doctl/config.yaml)\n";
    assert!(printed(&output).starts_with(expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_others_can_read_keeps_nothing_from_starting() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new().await;
    let file = desk.home.path().join("doctl.yaml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let given = [("DIGITALOCEAN_ACCESS_TOKEN", "canary-given")];
    let output = desk.run("get contexts", &given).await;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains(&format!("chmod 600 {}", file.display())),
        "{told}"
    );
    assert!(printed(&output).contains("environment variable DIGITALOCEAN_ACCESS_TOKEN"));
    assert_eq!(desk.tokens().await, ["canary-given"]);
}
