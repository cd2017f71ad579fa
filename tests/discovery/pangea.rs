//! Pangea's clients and tokens are contexts where their organisation is known; service tokens are not
//! sent.

use reqwest::Method;
use serde_json::json;
use wiremock::MockServer;

use super::desk::{Desk, Sim, is_untouched, printed, redirecting};

const ORGANISATION: (&str, &str) = ("PANGEA_ORG_ID", "poi_abcdefghijklmnopqrstuvwxyz234567");

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_a_context() {
    let desk = Desk::new().await;
    // Where its own tool keeps a service token, as it usually does.
    desk.write(
        ".pangea/config.toml",
        "profile = \"default\"\n[profiles.default.default]\ndomain = \"aws.eu.pangea.cloud\"\n\
         token = \"pts_canary\"\n",
    );
    let client = [
        ("PANGEA_CLIENT_ID", "psa_abcdefghijklmnopqrstuvwxyz234567"),
        ("PANGEA_CLIENT_SECRET", "canary"),
        ("PANGEA_VAULT_TOKEN", "pts_canary"),
        ORGANISATION,
    ];
    let output = desk.run("config check", &client).await;
    let expected = "\
context pangea: pangea, token from a client, its secret from environment variable PANGEA_CLIENT_SECRET
no configuration file: everything as it is by default
";
    assert_eq!(printed(&output), expected);
    let output = desk.run("config check", &client[..3]).await;
    let told = printed(&output);
    assert!(
        told.contains("set PANGEA_ORG_ID to the id of yours"),
        "{told}"
    );
    assert!(!told.contains("\ncontext "), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_token_is_refused_before_anything_is_sent() {
    let desk = Desk::new().await;
    let given = [("PANGEA_TOKEN", "pts_canary"), ORGANISATION];
    let told = printed(&desk.run("config check", &given).await);
    assert!(
        told.contains("PANGEA_TOKEN holds a service token (pts_…)"),
        "{told}"
    );
    let text = format!(
        "[contexts.p]\nplatform = \"pangea\"\nbase_url = \"{}\"\norganisation = \"{}\"\n\
         token = {{ env = \"PANGEA_TOKEN\" }}\n",
        desk.server.uri(),
        ORGANISATION.1
    );
    let file = desk.write("flightdeck.toml", &text);
    let check = format!("config check --config {}", file.display());
    let told = printed(&desk.run(&check, &given).await);
    assert!(
        told.contains("create a management client under Organization Settings"),
        "{told}"
    );
    let arguments = format!("get apps --config {}", file.display());
    let output = desk.run(&arguments, &given).await;
    printed(&output);
    assert_ne!(output.status.code(), Some(0));
    assert_eq!(desk.server.received_requests().await.unwrap().len(), 0);
}

/// A configuration with a client in variables, at an address.
fn with_client(address: &str, organisation: &str, id: &str) -> String {
    format!(
        "[contexts.p]\nplatform = \"pangea\"\nbase_url = \"{address}\"\n\
         organisation = \"{organisation}\"\nclient_id = \"{id}\"\n\
         client_secret = {{ env = \"PANGEA_CLIENT_SECRET\" }}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_on_another_host_is_not_asked_for_what_comes_later() {
    let (desk, sim) = (Desk::new().await, Sim::on("pangea").await);
    let elsewhere = MockServer::start().await;
    let address = json!(elsewhere.uri());
    sim.control(Method::POST, "location", &address).await;
    let fault = json!({"shape": "accepted_foreign_location"});
    sim.control(Method::POST, "faults", &fault).await;
    let served = sim.served();
    let organisation = served.organisation.as_deref().unwrap();
    let client = served.client.as_ref().unwrap();
    let config = with_client(&served.base_url, organisation, &client.id);
    let config = desk.write("flightdeck.toml", &config);
    let secret = [("PANGEA_CLIENT_SECRET", client.secret.as_str())];
    for command in [
        "get apps",
        "get orgs",
        "do create-app p: --name ours --geo eu --yes --wait",
        "do rename-app ours --name theirs --yes --wait",
        "do delete-app theirs --yes --confirm theirs --wait",
    ] {
        let before = sim.count("GetAsyncRequest").await;
        let command = format!("{command} --config {}", config.display());
        let output = desk.run(&command, &secret).await;
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{command}: {told}");
        // It is asked for, where the API is.
        assert!(sim.count("GetAsyncRequest").await > before, "{command}");
        is_untouched(&elsewhere).await;
    }
    assert!(sim.count("GetAccessToken").await >= 5);
    let kept = desk.files();
    assert!(!kept.iter().any(|text| text.contains(secret[0].1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_followed_by_nothing() {
    let (desk, elsewhere) = (Desk::new().await, MockServer::start().await);
    let given = [
        ("PANGEA_CLIENT_SECRET", "canary"),
        ("PANGEA_MANAGEMENT_TOKEN", "canary-token"),
    ];
    for is_client in [true, false] {
        for command in [
            "get apps",
            "get orgs",
            "do create-app p: --name ours --geo us --yes --wait",
        ] {
            let server = redirecting(&elsewhere).await;
            let client = "psa_abcdefghijklmnopqrstuvwxyz234567";
            let mut text = with_client(&server.uri(), ORGANISATION.1, client);
            if !is_client {
                let end = text.find("client_id").unwrap();
                text.truncate(end);
                text += "token = { env = \"PANGEA_MANAGEMENT_TOKEN\" }\n";
            }
            let file = desk.write("flightdeck.toml", &text);
            let command = format!("{command} --config {}", file.display());
            let output = desk.run(&command, &given).await;
            printed(&output);
            assert_ne!(output.status.code(), Some(0), "{command}");
            let came = server.received_requests().await.unwrap();
            assert!(!came.is_empty(), "{command}");
            is_untouched(&elsewhere).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_the_services_is_never_sent() {
    let desk = Desk::new().await;
    desk.write(
        ".pangea/config.toml",
        "profile = \"default\"\n[profiles.default.default]\ndomain = \"aws.us.pangea.cloud\"\n\
         token = \"pts_canary\"\n[profiles.default.vault]\ntoken = \"pts_canary-vault\"\n",
    );
    let given = [
        ("PANGEA_VAULT_TOKEN", "pts_canary-v"),
        ("PANGEA_AUDIT_TOKEN", "pts_canary-a"),
        ("PANGEA_TOKEN", "pts_canary-t"),
        ("PANGEA_CLIENT_SECRET", "pts_canary-s"),
        ORGANISATION,
    ];
    let at = |credential: &str| {
        format!(
            "[contexts.p]\nplatform = \"pangea\"\nbase_url = \"{}\"\norganisation = \"{}\"\n{credential}\n",
            desk.server.uri(),
            ORGANISATION.1
        )
    };
    for credential in [
        "token = { cli = \"pangea\" }",
        "token = { env = \"PANGEA_VAULT_TOKEN\" }",
        "token = \"pts_canary-w\"",
        "client_id = \"psa_abcdefghijklmnopqrstuvwxyz234567\"\n\
         client_secret = { env = \"PANGEA_CLIENT_SECRET\" }",
    ] {
        let file = desk.write("flightdeck.toml", &at(credential));
        for command in [
            "get apps",
            "get orgs",
            "do create-app p: --name a --geo us --yes",
        ] {
            let command = format!("{command} --config {}", file.display());
            let output = desk.run(&command, &given).await;
            printed(&output);
            assert_ne!(output.status.code(), Some(0), "{command}");
        }
        is_untouched(&desk.server).await;
    }
}
