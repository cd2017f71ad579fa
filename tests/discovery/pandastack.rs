//! PandaStack's token and the login of panda are contexts; what belongs to pandastack.ai is not sent.

use reqwest::Method;
use serde_json::{Value, json};
use wiremock::MockServer;

use super::desk::{Desk, Sim, is_untouched, printed, redirecting};

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

/// What panda keeps of a login.
fn login(token: &str, organisation: &str, address: &str) -> String {
    // As a number: the tool writes it in both ways.
    format!(r#"{{"token": "{token}", "org_id": {organisation}, "api_url": "{address}/"}}"#)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_context_asks_at_its_own_host_with_its_own_token() {
    let (desk, sim) = (Desk::new().await, Sim::on("pandastack").await);
    let served = sim.served();
    let organisation = served.organisation.as_deref().unwrap();
    let kept = login(&served.token, organisation, &served.base_url);
    let file = desk.write(".panda/config.json", &kept);
    let address = desk.server.uri();
    let given = [
        ("PANDASTACK_API_TOKEN", "psk_canary-given"),
        ("PANDASTACK_API_URL", address.as_str()),
        ("PANDASTACK_ORGANIZATION_ID", "7"),
        ("PANDASTACK_TOKEN", "pds_canary"),
        ("PANDASTACK_API_KEY", "pds_canary-key"),
    ];
    let output = desk.run("get apps --context panda -o json", &given).await;
    let told = printed(&output);
    let apps: Value = serde_json::from_str(&told).unwrap();
    assert!(apps["items"].as_array().unwrap().len() > 5, "{told}");
    is_untouched(&desk.server).await;
    let before = sim.control(Method::GET, "requests", &Value::Null).await;
    assert_eq!(before["unauthorised"], 0, "{before}");
    printed(&desk.run("get contexts", &given).await);
    assert_eq!(desk.tokens().await, ["psk_canary-given"]);
    let after = sim.control(Method::GET, "requests", &Value::Null).await;
    assert_eq!(after["unauthorised"], 0, "{after}");
    // Read, and left as it is; no file of our own has the token.
    assert_eq!(std::fs::read_to_string(&file).unwrap(), kept);
    let with_it = desk.files();
    let with_it = with_it.iter().filter(|text| text.contains(&served.token));
    assert_eq!(with_it.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_over_or_of_the_other_product_is_no_context() {
    let desk = Desk::new().await;
    let address = desk.server.uri();
    for (kept, why) in [
        (
            r#"{"token": null, "org_id": null, "org_name": null, "api_url": null}"#.to_owned(),
            "",
        ),
        (login("pds_canary", "7", &address), "another product"),
    ] {
        desk.write(".panda/config.json", &kept);
        let told = printed(&desk.run("config check", &[]).await);
        assert!(!told.contains("context panda"), "{told}");
        assert!(told.contains(why), "{told}");
        printed(&desk.run("get apps", &[]).await);
        printed(
            &desk
                .run("do create-app panda: --name ghost --yes", &[])
                .await,
        );
        is_untouched(&desk.server).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_followed_by_nothing() {
    let (desk, elsewhere) = (Desk::new().await, MockServer::start().await);
    for command in [
        "get apps",
        "get vars shop",
        "logs shop",
        "do create-app panda: --name ghost --yes",
        "do deploy shop --yes --wait",
    ] {
        let server = redirecting(&elsewhere).await;
        let kept = login("psk_canary", "7", &server.uri());
        desk.write(".panda/config.json", &kept);
        let output = desk.run(command, &[]).await;
        printed(&output);
        assert_ne!(output.status.code(), Some(0), "{command}");
        let came = server.received_requests().await.unwrap();
        assert!(!came.is_empty(), "{command}");
        is_untouched(&elsewhere).await;
    }
}

/// Where a platform says that something is, is no place to send a token to.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_an_answer_is_not_asked() {
    let (desk, elsewhere) = (Desk::new().await, MockServer::start().await);
    let place = elsewhere.uri();
    let list = json!([{"id": 7, "name": "blog", "slug": "ghost", "status": "RUNNING",
        "url": place, "domain": place, "next": place, "location": place}]);
    let answer = wiremock::ResponseTemplate::new(200)
        .insert_header("location", place.as_str())
        .insert_header("link", format!("<{place}>; rel=\"next\""))
        .set_body_json(list);
    let server = MockServer::start().await;
    let mock = wiremock::Mock::given(wiremock::matchers::any()).respond_with(answer);
    mock.mount(&server).await;
    desk.write(
        ".panda/config.json",
        &login("psk_canary", "7", &server.uri()),
    );
    for command in [
        "get apps",
        "get envs blog",
        "get domains blog",
        "logs blog",
        "do verify-domain blog --domain blog.example.com --yes",
    ] {
        printed(&desk.run(command, &[]).await);
    }
    assert!(server.received_requests().await.unwrap().len() > 4);
    is_untouched(&elsewhere).await;
}
