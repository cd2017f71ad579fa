//! The targets of the tsuru client are contexts, and a session that is over is renewed.

use std::fs;

use serde_json::json;
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::desk::{Desk, printed, tokens};

/// A desk with two targets, `ci` in use: the desk's server, and another.
async fn desk() -> (Desk, MockServer) {
    let (desk, other) = (Desk::new().await, MockServer::start().await);
    let targets = format!("ci\t{}\nprod\t{}\n", desk.server.uri(), other.uri());
    desk.write(".tsuru/targets", &targets);
    desk.write(".tsuru/target", &desk.server.uri());
    (desk, other)
}

/// Who asks is told to one token.
async fn knows(server: &MockServer, token: &str) {
    let token = format!("bearer {token}");
    let me = json!({"Email": "ana@example.com", "Roles": [], "Permissions": [], "Groups": []});
    let mock = Mock::given(header("authorization", token.as_str()));
    mock.respond_with(ResponseTemplate::new(200).set_body_json(me))
        .mount(server)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_targets_of_the_client_are_contexts() {
    let (desk, other) = desk().await;
    desk.write(".tsuru/token.d/ci", "canary-ci");
    desk.write(".tsuru/token.d/prod", "canary-prod");
    let output = desk.run("config check", &[]).await;
    let lines = printed(&output);
    let expected = [
        "context tsuru-ci: tsuru, token from tsuru target ci (~/.tsuru)",
        "context tsuru-prod: tsuru, token from tsuru target prod (~/.tsuru)",
        "no configuration file: everything as it is by default",
    ];
    assert_eq!(lines.lines().collect::<Vec<_>>(), expected);
    assert_eq!(output.status.code(), Some(0));
    knows(&other, "canary-prod").await;
    let output = desk.run("get contexts", &[]).await;
    let table = printed(&output);
    assert!(table.contains("session expired"), "{table}");
    assert!(table.contains("ana@example.com"), "{table}");
    assert_eq!(desk.tokens().await, ["canary-ci"]);
    assert_eq!(tokens(&other).await, ["canary-prod"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_is_told_with_the_way_to_another() {
    let (desk, _other) = desk().await;
    desk.write(".tsuru/token.d/ci", "canary-ci");
    let output = desk.run("get apps", &[]).await;
    printed(&output);
    let told = String::from_utf8_lossy(&output.stderr);
    let expected = "session expired (run `tsuru target-set ci` and `tsuru login`)";
    assert!(told.contains(expected), "{told}");
    assert_eq!(output.status.code(), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_variable_goes_to_the_target_in_use_alone() {
    let (desk, other) = desk().await;
    desk.write(".tsuru/token.d/prod", "canary-prod");
    let given = [("TSURU_TOKEN", "canary-given")];
    let output = desk.run("get contexts", &given).await;
    let table = printed(&output);
    assert!(
        table.contains("environment variable TSURU_TOKEN"),
        "{table}"
    );
    assert_eq!(desk.tokens().await, ["canary-given"]);
    assert_eq!(tokens(&other).await, [""; 0]);
    let lines = printed(&desk.run("config check", &given).await);
    assert!(
        lines.contains("warning: TSURU_TOKEN wins over every login"),
        "{lines}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_renewed_where_it_came_from() {
    let (desk, login) = desk().await;
    let session = json!({
        "scheme": "oidc",
        "oauth2_token": {
            "access_token": "canary-old", "token_type": "Bearer",
            "refresh_token": "canary-refresh", "expiry": "2001-01-01T00:00:00Z"
        },
        "oauth2_config": {
            "ClientID": "tsuru-client", "ClientSecret": "",
            "Endpoint": {"AuthURL": "", "TokenURL": format!("{}/token", login.uri()), "AuthStyle": 1}
        }
    });
    let file = desk.write(".tsuru/token-v2.d/ci.json", &session.to_string());
    knows(&desk.server, "canary-new").await;
    let form = "grant_type=refresh_token&refresh_token=canary-refresh&client_id=tsuru-client";
    let answer = json!({"access_token": "canary-new", "expires_in": 300});
    Mock::given(method("POST"))
        .and(path("/token"))
        .and(body_string(form))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&login)
        .await;
    let output = desk.run("get contexts", &[]).await;
    let table = printed(&output);
    assert!(table.contains("ana@example.com"), "{table}");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(desk.tokens().await, ["canary-new"]);
    let asked = login.received_requests().await.unwrap();
    assert_eq!(asked.len(), 1);
    assert!(!asked[0].headers.contains_key("authorization"));
    assert_eq!(fs::read_to_string(file).unwrap(), session.to_string());
    // No file of our own keeps a token.
    assert!(!desk.files().iter().any(|text| text.contains("canary-new")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_needs_no_more_than_its_platform() {
    let (desk, other) = desk().await;
    desk.write(".tsuru/token.d/ci", "canary-ci");
    desk.write(".tsuru/token.d/prod", "canary-prod");
    let config = format!(
        "[contexts.here]\nplatform = \"tsuru\"\n\
         [contexts.live]\nplatform = \"tsuru\"\ntoken = {{ cli = \"tsuru\", context = \"prod\" }}\n\
         [contexts.same]\nplatform = \"tsuru\"\nbase_url = \"{}\"\n\
         [contexts.none]\nplatform = \"tsuru\"\nbase_url = \"https://tsuru.example.com\"\n",
        other.uri()
    );
    let config = desk.write("flightdeck.toml", &config);
    let named = [("FLIGHTDECK_CONFIG", config.to_str().unwrap())];
    let output = desk.run("config check", &named).await;
    let lines = printed(&output);
    for expected in [
        "context here: tsuru, token from tsuru target ci (~/.tsuru)\n",
        "context live: tsuru, token from tsuru target prod (~/.tsuru)\n",
        "context same: tsuru, token from tsuru target prod (~/.tsuru)\n",
        "warning: the tsuru client keeps no login for https://tsuru.example.com/",
    ] {
        assert!(lines.contains(expected), "{lines}");
    }
    desk.run("get contexts --context here --context live", &named)
        .await;
    assert_eq!(desk.tokens().await, ["canary-ci"]);
    assert_eq!(tokens(&other).await, ["canary-prod"]);
}
