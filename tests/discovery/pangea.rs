//! Pangea's clients and tokens are contexts where their organisation is known; service tokens are not
//! sent.

use super::desk::{Desk, printed};

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
