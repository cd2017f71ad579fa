//! The logins that doctl keeps are contexts, each is asked with its own token.

use std::fs;
use std::process::Output;

use super::desk::{Desk, printed};

const FILE: &str = "\
access-token: canary-default
auth-contexts:
    client-x: canary-x
    my-team: canary-team
    removed: \"\"
context: my-team
";

/// A desk with doctl's file on it.
async fn desk() -> Desk {
    let desk = Desk::new().await;
    desk.write("doctl.yaml", FILE);
    desk
}

/// The binary with what doctl reads in its environment.
async fn run(desk: &Desk, arguments: &str, variables: &[(&str, &str)]) -> Output {
    let (address, file) = (desk.server.uri(), desk.path("doctl.yaml"));
    let mut all = vec![
        ("DIGITALOCEAN_API_URL", address.as_str()),
        ("DIGITALOCEAN_CONFIG", file.to_str().unwrap()),
    ];
    all.extend(variables);
    desk.run(arguments, &all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_logins_of_doctl_are_contexts() {
    let desk = desk().await;
    let given = ("DIGITALOCEAN_TOKEN", "canary-given");
    let output = run(&desk, "config check", &[given]).await;
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
    let desk = desk().await;
    let output = run(&desk, "get contexts -o wide", &[]).await;
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
    let desk = desk().await;
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
    let output = run(&desk, "config check", &named).await;
    let lines = printed(&output);
    for expected in [
        ":12:9: warning: doctl context \"removed\" has no token: log in with `doctl auth init \
         --context removed`, or use one that has: default, client-x, my-team\n",
        "context now: digitalocean, token from doctl's context in use (~/doctl.yaml)\n",
        "context client: digitalocean, token from doctl context client-x (~/doctl.yaml)\n",
    ] {
        assert!(lines.contains(expected), "{lines}");
    }
    let output = run(&desk, "get contexts --context now --context client", &named).await;
    printed(&output);
    assert_eq!(desk.tokens().await, ["canary-team", "canary-x"]);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn doctl_s_own_folder_is_found() {
    let desk = desk().await;
    desk.write(".config/doctl/config.yaml", "access-token: canary\n");
    let output = run(&desk, "config check", &[("DIGITALOCEAN_CONFIG", "")]).await;
    let expected = "context do-default: digitalocean, token from doctl context default \
                    (~/.config/doctl/config.yaml)\n";
    assert!(printed(&output).starts_with(expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_others_can_read_keeps_nothing_from_starting() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = desk().await;
    let file = desk.path("doctl.yaml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let given = [("DIGITALOCEAN_ACCESS_TOKEN", "canary-given")];
    let output = run(&desk, "get contexts", &given).await;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains(&format!("chmod 600 {}", file.display())),
        "{told}"
    );
    assert!(printed(&output).contains("environment variable DIGITALOCEAN_ACCESS_TOKEN"));
    assert_eq!(desk.tokens().await, ["canary-given"]);
}
