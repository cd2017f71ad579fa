//! Sessions in use: a server of the platform, a login server, and the client's files.

use std::sync::Arc;

use indexmap::IndexMap;
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::value::RawValue;
use wiremock::matchers::{any, body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Home, session};
use crate::config::credential::Source;
use crate::config::discover::tsuru::{ENTRY, TOOL};
use crate::model::{AuthProblem, Failure, Safety, Text};
use crate::platforms::Connection;
use crate::platforms::http::{Call, Dialect, Http, Refusal};

const PAST: &str = "2001-01-01T00:00:00Z";
const FUTURE: &str = "2999-01-01T00:00:00.5-03:00";
const OWN: &str = ".tsuru/token-v2.d/ci.json";
const SHARED: &str = ".tsuru/token-v2.json";

/// The platform, which takes one token only; the login server; and the client's files, in which the
/// platform is the target `ci`.
struct Desk {
    home: Home,
    platform: MockServer,
    login: MockServer,
}

impl Desk {
    async fn new(good: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (platform, login) = (MockServer::start().await, MockServer::start().await);
        let home = Home::new();
        let targets = format!("ci\t{}\nother\thttps://other.example.com\n", platform.uri());
        home.write(".tsuru/targets", &targets);
        home.write(".tsuru/target", &platform.uri());
        let desk = Self {
            home,
            platform,
            login,
        };
        desk.accepts(good).await;
        desk
    }

    async fn accepts(&self, good: &str) {
        let good = format!("bearer {good}");
        let mock = Mock::given(header("authorization", good.as_str()));
        let ok = ResponseTemplate::new(200);
        mock.respond_with(ok).mount(&self.platform).await;
        // wiremock answers 404 to what it does not know.
        let mock = Mock::given(any());
        let no = ResponseTemplate::new(401);
        mock.respond_with(no)
            .with_priority(9)
            .mount(&self.platform)
            .await;
    }

    /// The session in both files, as the client leaves it, and its token in those of older clients.
    fn session(&self, access_token: &str, refresh_token: &str, expiry: &str) {
        let text = session(access_token, refresh_token, expiry, &self.login.uri());
        for file in [OWN, SHARED] {
            self.home.write(file, &text);
        }
        for file in [".tsuru/token", ".tsuru/token.d/ci"] {
            self.home.write(file, access_token);
        }
    }

    /// What the login server says to a refresh token.
    async fn grants(&self, refresh_token: &str, answer: &'static str) {
        let form = format!("refresh_token={refresh_token}");
        let mock = Mock::given(method("POST")).and(path("/token"));
        mock.and(body_string_contains(form.as_str()))
            .respond_with(ResponseTemplate::new(200).set_body_string(answer))
            .mount(&self.login)
            .await;
    }

    async fn refuses(&self, status: u16, answer: &'static str) {
        let answer = ResponseTemplate::new(status).set_body_string(answer);
        let mock = Mock::given(method("POST"));
        mock.respond_with(answer).mount(&self.login).await;
    }

    fn http(&self) -> Arc<Http> {
        self.http_with(&[])
    }

    fn http_with(&self, variables: &[(&str, &str)]) -> Arc<Http> {
        let address = self.platform.uri();
        let source = Source::Login {
            tool: &TOOL,
            name: Some(address.clone()),
        };
        let environment = self.home.environment(variables);
        let connection = Connection {
            base_url: address.parse().unwrap(),
            credential: source.into_credential(environment, ENTRY.tidy),
            read_only: false,
            organisation: None,
            settings: crate::platforms::Settings::default(),
            notebook: std::sync::Arc::new(crate::model::Scratch::default()),
            allow_plain_http: false,
        };
        let dialect = Dialect {
            authorization: |token| (AUTHORIZATION, format!("bearer {token}")),
            failure: |refusal: &Refusal<'_>| match refusal.status {
                401 => Failure::Auth(AuthProblem::Rejected),
                _ => refusal.server(None),
            },
        };
        Arc::new(Http::new(&connection, dialect).unwrap())
    }

    /// The tokens that came to the platform.
    async fn tokens(&self) -> Vec<String> {
        let requests = self.platform.received_requests().await.unwrap();
        let sent = requests.iter().map(|request| {
            let sent = request.headers["authorization"].to_str().unwrap();
            sent.replace("bearer ", "")
        });
        sent.collect()
    }

    /// The forms that came to the login server.
    async fn forms(&self) -> Vec<String> {
        let requests = self.login.received_requests().await.unwrap();
        let form = requests
            .iter()
            .map(|it| String::from_utf8(it.body.clone()).unwrap());
        form.collect()
    }
}

type Object = IndexMap<String, Box<RawValue>>;

fn object(text: &str) -> Object {
    serde_json::from_str(text).unwrap()
}

fn object_text(object: &Object, name: &str) -> String {
    serde_json::from_str(object[name].get()).unwrap()
}

/// Names and values as they are written.
fn fields(object: &Object) -> Vec<(&str, &str)> {
    let fields = object.iter();
    fields
        .map(|(name, value)| (name.as_str(), value.get()))
        .collect()
}

async fn ask(http: &Http) -> Result<(), Failure> {
    let call = Call::new("Ask", Method::GET, "/ask".into(), Safety::Read);
    http.send(call).await.map(|_| ())
}

fn expired(reason: Option<&str>) -> Failure {
    Failure::Auth(AuthProblem::Expired {
        reason: reason.map(Text::clean),
        advice: Text::clean("run `tsuru target-set ci` and `tsuru login`"),
    })
}

#[tokio::test]
async fn a_session_that_is_good_is_used_as_it_is() {
    let desk = Desk::new("a0").await;
    desk.session("a0", "r0", FUTURE);
    ask(&desk.http()).await.unwrap();
    assert_eq!(desk.tokens().await, ["a0"]);
    assert_eq!(desk.forms().await, [""; 0]);
}

#[tokio::test]
async fn a_session_that_is_over_is_renewed_before_it_is_used() {
    let desk = Desk::new("a1").await;
    desk.session("a0", "r0", PAST);
    let before = desk.home.read(OWN);
    let answer = r#"{"access_token": "a1", "refresh_token": "r0", "expires_in": "300"}"#;
    desk.grants("r0", answer).await;
    let http = desk.http();
    ask(&http).await.unwrap();
    ask(&http).await.unwrap();
    assert_eq!(desk.tokens().await, ["a1", "a1"]);
    assert_eq!(desk.forms().await.len(), 1);
    // The refresh token is the same: nothing is written.
    assert_eq!(desk.home.read(OWN), before);
    // No token of the platform went to the login server: what is there is the client's name.
    let sent = &desk.login.received_requests().await.unwrap()[0];
    assert_eq!(sent.headers["authorization"], "Basic dHN1cnUtY2xpZW50Og==");
    let form = "grant_type=refresh_token&refresh_token=r0";
    assert_eq!(desk.forms().await, [form]);
}

#[tokio::test]
async fn a_session_that_the_platform_rejects_is_renewed_by_one_for_all() {
    let desk = Desk::new("a1").await;
    desk.session("a0", "r0", FUTURE);
    let answer = r#"{"access_token": "a1", "expires_in": 300}"#;
    desk.grants("r0", answer).await;
    let http = desk.http();
    let all = (0..5).map(|_| ask(&http));
    for answer in futures_util::future::join_all(all).await {
        answer.unwrap();
    }
    assert_eq!(desk.forms().await.len(), 1);
    ask(&http).await.unwrap();
    assert_eq!(desk.forms().await.len(), 1);
}

#[tokio::test]
async fn two_contexts_of_one_session_do_not_spend_its_refresh_token_twice() {
    let desk = Desk::new("a1").await;
    desk.session("a0", "r0", PAST);
    let answer = r#"{"access_token": "a1", "refresh_token": "r1", "expires_in": 300}"#;
    desk.grants("r0", answer).await;
    let (one, other) = (desk.http(), desk.http());
    let (one, other) = tokio::join!(ask(&one), ask(&other));
    assert_eq!((one, other), (Ok(()), Ok(())));
    assert_eq!(desk.forms().await.len(), 1);
}

#[tokio::test]
async fn a_new_refresh_token_is_written_back_as_the_client_does() {
    let desk = Desk::new("a1").await;
    desk.session("a0", "r0", PAST);
    let other = session("b0", "s0", PAST, &desk.login.uri());
    desk.home.write(".tsuru/token-v2.d/other.json", &other);
    let answer = r#"{"access_token": "a1", "refresh_token": "r1", "expires_in": 300}"#;
    desk.grants("r0", answer).await;
    ask(&desk.http()).await.unwrap();
    let before = session("a0", "r0", PAST, &desk.login.uri());
    for file in [OWN, SHARED] {
        let written = desk.home.read(file);
        let [mut all, mut expected] = [&written, &before].map(|text| object(text));
        let [token, old] = [&mut all, &mut expected].map(|it| it.swap_remove("oauth2_token"));
        // What is none of our business stays as it is.
        assert_eq!(fields(&all), fields(&expected));
        let [token, mut expected] = [token, old].map(|it| object(it.unwrap().get()));
        let expiry = object_text(&token, "expiry");
        assert!(expiry.parse::<jiff::Timestamp>().unwrap() > PAST.parse().unwrap());
        for (name, value) in [
            ("access_token", "a1"),
            ("refresh_token", "r1"),
            ("expiry", &expiry),
        ] {
            let value = serde_json::value::to_raw_value(value).unwrap();
            expected.insert(name.to_owned(), value);
        }
        assert_eq!(fields(&token), fields(&expected));
    }
    for file in [".tsuru/token", ".tsuru/token.d/ci"] {
        assert_eq!(desk.home.read(file), "a1");
    }
    assert_eq!(desk.home.read(".tsuru/token-v2.d/other.json"), other);
    // Another run goes on with what was written.
    ask(&desk.http()).await.unwrap();
    assert_eq!(desk.forms().await.len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_written_back_is_for_its_owner_and_stays_where_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new("a1").await;
    desk.session("a0", "r0", PAST);
    let kept = desk.home.path("kept.json");
    std::fs::rename(desk.home.path(OWN), &kept).unwrap();
    std::os::unix::fs::symlink(&kept, desk.home.path(OWN)).unwrap();
    std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o644)).unwrap();
    // The shared file is another's by now.
    let other = session("b0", "s0", PAST, &desk.login.uri());
    desk.home.write(SHARED, &other);
    desk.home.write(".tsuru/token", "b0");
    let answer = r#"{"access_token": "a1", "refresh_token": "r1"}"#;
    desk.grants("r0", answer).await;
    ask(&desk.http()).await.unwrap();
    let metadata = std::fs::symlink_metadata(desk.home.path(OWN)).unwrap();
    assert!(metadata.is_symlink());
    assert!(desk.home.read("kept.json").contains("\"r1\""));
    let mode = std::fs::metadata(&kept).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(desk.home.read(SHARED), other);
    assert_eq!(desk.home.read(".tsuru/token"), "b0");
}

#[tokio::test]
async fn a_new_refresh_token_is_used_even_where_it_could_not_be_kept() {
    let desk = Desk::new("a1").await;
    desk.session("a0", "r0", PAST);
    let answer = r#"{"access_token": "a1", "refresh_token": "r1", "expires_in": 300}"#;
    desk.grants("r0", answer).await;
    desk.grants("r1", r#"{"access_token": "a2"}"#).await;
    let http = desk.http();
    ask(&http).await.unwrap();
    // As if nothing had been written.
    desk.session("a0", "r0", PAST);
    desk.platform.reset().await;
    desk.accepts("a2").await;
    ask(&http).await.unwrap();
    assert_eq!(desk.tokens().await, ["a1", "a2"]);
    let form = "grant_type=refresh_token&refresh_token=";
    assert_eq!(
        desk.forms().await,
        [format!("{form}r0"), format!("{form}r1")]
    );
}

#[tokio::test]
async fn a_login_in_another_terminal_heals() {
    let desk = Desk::new("a2").await;
    desk.session("a0", "r0", PAST);
    desk.refuses(
        400,
        r#"{"error": "invalid_grant", "error_description": "r0"}"#,
    )
    .await;
    let http = desk.http();
    let reason = "127.0.0.1 does not renew it (invalid_grant)";
    assert_eq!(ask(&http).await, Err(expired(Some(reason))));
    assert_eq!(desk.tokens().await, [""; 0]);
    desk.session("a2", "r2", FUTURE);
    ask(&http).await.unwrap();
    assert_eq!(desk.tokens().await, ["a2"]);
}

#[tokio::test]
async fn a_bare_token_that_is_rejected_is_told_with_the_way_to_another() {
    let desk = Desk::new("t1").await;
    desk.home.write(".tsuru/token.d/ci", "t0");
    let http = desk.http();
    assert_eq!(ask(&http).await, Err(expired(None)));
    assert_eq!(desk.tokens().await, ["t0"]);
    desk.home.write(".tsuru/token.d/ci", "t1\n");
    ask(&http).await.unwrap();
    // A variable is nobody's session.
    let given = desk.http_with(&[("TSURU_TOKEN", "t-given")]);
    assert_eq!(ask(&given).await, Err(Failure::Auth(AuthProblem::Rejected)));
}

#[tokio::test]
async fn a_session_that_nothing_renews_is_over() {
    let desk = Desk::new("a1").await;
    desk.session("a0", "", PAST);
    assert_eq!(
        ask(&desk.http()).await,
        Err(expired(Some("nothing renews it")))
    );
    assert_eq!(desk.forms().await, [""; 0]);
}

#[tokio::test]
async fn a_token_address_without_tls_elsewhere_is_not_asked() {
    let desk = Desk::new("a1").await;
    let text = session("a0", "r0", PAST, "http://login.example.com");
    desk.home.write(OWN, &text);
    let reason = "the address where it is renewed is without TLS (http), and it is not asked there";
    assert_eq!(ask(&desk.http()).await, Err(expired(Some(reason))));
}

#[tokio::test]
async fn a_refresh_token_follows_no_redirect() {
    let desk = Desk::new("a1").await;
    desk.session("a0", "r0", PAST);
    let to = format!("{}/token", desk.platform.uri());
    let answer = ResponseTemplate::new(307).insert_header("location", to.as_str());
    let mock = Mock::given(method("POST"));
    mock.respond_with(answer).mount(&desk.login).await;
    let reason = "127.0.0.1 does not renew it (status 307)";
    assert_eq!(ask(&desk.http()).await, Err(expired(Some(reason))));
    assert_eq!(desk.tokens().await, [""; 0]);
}

#[tokio::test]
async fn a_login_server_that_fails_is_no_end_of_the_session() {
    let desk = Desk::new("a1").await;
    desk.session("a0", "r0", FUTURE);
    desk.refuses(503, "{}").await;
    let failure = ask(&desk.http()).await.unwrap_err();
    let Failure::Network { sent, detail, .. } = &failure else {
        panic!("{failure:?}");
    };
    assert!(!sent);
    assert_eq!(detail.as_str(), "the login server 127.0.0.1 answered 503");
    assert!(!failure.is_bad_credential());
}

#[tokio::test]
async fn no_failure_shows_what_was_sent() {
    let desk = Desk::new("a1").await;
    desk.session("canary-access", "canary-refresh", PAST);
    let words = r#"{"error": "canary-refresh", "error_description": "canary-refresh"}"#;
    desk.refuses(400, words).await;
    let failure = ask(&desk.http()).await.unwrap_err();
    let shown = format!("{failure:?} {failure} {}", failure.advice());
    assert!(!shown.contains("canary"), "{shown}");
    assert_eq!(desk.tokens().await, [""; 0]);
}
