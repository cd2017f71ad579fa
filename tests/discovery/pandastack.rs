//! PandaStack's token and the login of panda are contexts; what belongs to pandastack.ai is not sent.

use super::desk::{Desk, printed};

#[tokio::test(flavor = "multi_thread")]
async fn the_token_and_the_login_of_panda_are_contexts() {
    let desk = Desk::new().await;
    let address = desk.server.uri();
    let file =
        r#"{"token": "psk_canary-kept", "org_id": 7, "org_name": "Acme", "api_url": "ADDRESS/"}"#;
    desk.write(".panda/config.json", &file.replace("ADDRESS", &address));
    let given = [
        ("PANDASTACK_API_TOKEN", "psk_canary-given"),
        ("PANDASTACK_API_URL", address.as_str()),
        ("PANDASTACK_TOKEN", "pds_canary"),
    ];
    let output = desk.run("config check", &given).await;
    let told = printed(&output);
    let expected = "\
context pandastack: pandastack, token from environment variable PANDASTACK_API_TOKEN
context panda: pandastack, token from panda's login (~/.panda/config.json)
no configuration file: everything as it is by default
";
    assert_eq!(told, expected);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(desk.server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_the_other_product_is_refused_before_anything_is_sent() {
    let desk = Desk::new().await;
    let address = desk.server.uri();
    let given = [
        ("PANDASTACK_API_TOKEN", "pds_canary"),
        ("PANDASTACK_API_URL", address.as_str()),
    ];
    let output = desk.run("config check", &given).await;
    let told = printed(&output);
    assert!(
        told.contains("a token of pandastack.ai (pds_…), another product"),
        "{told}"
    );
    assert!(!told.contains("\ncontext "), "{told}");
    assert_eq!(output.status.code(), Some(2));
    printed(&desk.run("get apps", &given).await);
    let text = format!(
        "[contexts.p]\nplatform = \"pandastack\"\nbase_url = \"{address}\"\norganisation = \"7\"\n\
         token = {{ env = \"PANDASTACK_API_TOKEN\" }}\n"
    );
    let file = desk.write("flightdeck.toml", &text);
    let arguments = format!("get apps --config {}", file.display());
    let output = desk.run(&arguments, &given).await;
    printed(&output);
    assert_ne!(output.status.code(), Some(0));
    assert_eq!(desk.server.received_requests().await.unwrap().len(), 0);
}
