//! Servers of logins as they are, and as they should not be.

use wiremock::matchers::{any, body_string};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

const FORM: &str = "grant_type=refresh_token&refresh_token=r%26+0";

/// What a server that answers so grants, and what came to it: header and form.
async fn granted(
    style: Style,
    answers: &[(&str, ResponseTemplate)],
) -> (Result<Granted, Trouble>, Vec<(String, String)>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = MockServer::start().await;
    for (form, answer) in answers {
        let mock = match *form {
            "" => Mock::given(any()),
            form => Mock::given(body_string(form)),
        };
        mock.respond_with(answer.clone()).mount(&server).await;
    }
    let url = server.uri();
    let grant = Grant {
        token_url: &url,
        client_id: "a b",
        client_secret: &Secret::new("s/"),
        refresh_token: &Secret::new("r& 0"),
        style,
    };
    let answer = renew(&grant).await;
    let requests = server.received_requests().await.unwrap();
    let sent = requests.iter().map(|request| {
        let header = request.headers.get("authorization");
        let header = header.map_or("", |it| it.to_str().unwrap()).to_owned();
        (header, String::from_utf8(request.body.clone()).unwrap())
    });
    (answer, sent.collect())
}

fn token(lifetime: Option<u64>) -> Granted {
    Granted {
        access_token: Secret::new("t"),
        refresh_token: None,
        lifetime: lifetime.map(Duration::from_secs),
    }
}

fn ok(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_string(body)
}

#[tokio::test]
async fn who_asks_is_said_in_the_header_or_in_the_form() {
    let answer = ok(r#"{"access_token": "t"}"#);
    let (header, form) = (
        ("Basic YStiOnMlMkY=".to_owned(), FORM.to_owned()),
        (
            String::new(),
            format!("{FORM}&client_id=a+b&client_secret=s%2F"),
        ),
    );
    for (style, expected) in [(Style::Header, &header), (Style::Form, &form)] {
        let (answer, sent) = granted(style, &[("", answer.clone())]).await;
        assert_eq!(answer, Ok(token(None)));
        assert_eq!(sent, std::slice::from_ref(expected));
    }
    // Where nobody knows, the second way is tried after the first was refused.
    let refusal = ResponseTemplate::new(401).set_body_string(r#"{"error": "invalid_client"}"#);
    let answers = [(FORM, refusal), ("", answer)];
    let (answer, sent) = granted(Style::Unknown, &answers).await;
    assert_eq!((answer, sent), (Ok(token(None)), vec![header, form]));
}

#[tokio::test]
async fn answers_come_in_several_forms() {
    for (body, expected) in [
        (r#"{"access_token": "t", "expires_in": 60}"#, Some(60)),
        (r#"{"access_token": "t", "expires_in": "60"}"#, Some(60)),
        (r#"{"access_token": "t", "expires_in": 0}"#, None),
        ("access_token=t&expires_in=60&token_type=bearer", Some(60)),
    ] {
        let (answer, _) = granted(Style::Form, &[("", ok(body))]).await;
        assert_eq!(answer, Ok(token(expected)), "{body}");
    }
}

#[tokio::test]
async fn a_refusal_repeats_nothing_but_its_word() {
    for (status, body, expected) in [
        (400, r#"{"error": "invalid_grant"}"#, "invalid_grant"),
        (200, r#"{"error": "invalid_grant"}"#, "invalid_grant"),
        (400, r#"{"error": "canary r& 0"}"#, "status 400"),
        (200, "{}", "status 200"),
        (302, "", "status 302"),
    ] {
        let answer = ResponseTemplate::new(status).set_body_string(body);
        let (answer, _) = granted(Style::Form, &[("", answer)]).await;
        let expected = format!("127.0.0.1 does not renew it ({expected})");
        assert_eq!(
            answer,
            Err(Trouble::Refused(Text::clean(&expected))),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_once_and_may_be_asked_again() {
    for status in [429, 500, 503] {
        let answer = ResponseTemplate::new(status);
        let (answer, sent) = granted(Style::Unknown, &[("", answer)]).await;
        assert!(matches!(answer, Err(Trouble::Failed(_))), "{answer:?}");
        assert_eq!(sent.len(), 1);
    }
}

/// What a client is granted by a server that answers so, and how often it was asked.
async fn obtained(
    style: Style,
    scope: Option<&str>,
    answers: &[ResponseTemplate],
) -> (Result<(Granted, Style), Trouble>, Vec<String>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = MockServer::start().await;
    for answer in answers {
        let mock = Mock::given(any()).respond_with(answer.clone());
        mock.up_to_n_times(1).mount(&server).await;
    }
    let grant = ClientGrant {
        token_url: &server.uri(),
        client_id: "psa",
        client_secret: &Secret::new("canary"),
        scope,
        style,
    };
    let answer = obtain(&grant).await;
    let requests = server.received_requests().await.unwrap();
    let sent = requests.iter().map(|request| {
        let header = request.headers.contains_key("authorization");
        let form = String::from_utf8(request.body.clone()).unwrap();
        format!("{}{form}", if header { "basic " } else { "" })
    });
    (answer, sent.collect())
}

#[tokio::test]
async fn a_client_is_named_in_the_form_only_where_the_header_did_not_name_it() {
    let unknown = ResponseTemplate::new(401).set_body_string(r#"{"error": "invalid_client"}"#);
    let good = ok(r#"{"access_token": "t", "token_type": "bearer"}"#);
    let basic = "basic grant_type=client_credentials";
    let (answer, sent) = obtained(Style::Unknown, None, std::slice::from_ref(&good)).await;
    assert_eq!(answer, Ok((token(None), Style::Header)));
    assert_eq!(sent, [basic]);
    let answers = [unknown.clone(), good.clone()];
    let (answer, sent) = obtained(Style::Unknown, Some("a b"), &answers).await;
    assert_eq!(answer, Ok((token(None), Style::Form)));
    let form =
        "grant_type=client_credentials&scope=a+b&client_id=psa&client_secret=canary".to_owned();
    assert_eq!(sent, [format!("{basic}&scope=a+b"), form]);
    for other in [
        ResponseTemplate::new(401),
        ResponseTemplate::new(400).set_body_string(r#"{"error": "invalid_scope"}"#),
        ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:9/"),
    ] {
        let (answer, sent) = obtained(Style::Unknown, None, &[other, good.clone()]).await;
        let Err(Trouble::Refused(text)) = answer else {
            panic!("{answer:?}")
        };
        let is_told = text.as_str().contains("gives no token for this client");
        assert!(is_told && !text.as_str().contains("canary"), "{text}");
        assert_eq!(sent, [basic]);
    }
    let (answer, sent) = obtained(Style::Unknown, None, &[unknown.clone(), unknown]).await;
    assert!(matches!(answer, Err(Trouble::Refused(_))), "{answer:?}");
    assert_eq!(sent.len(), 2);
}

#[test]
fn a_login_is_renewed_over_tls_or_on_this_machine() {
    for good in ["https://login.example.com/t", "http://127.0.0.1:1/t"] {
        assert!(address(good, &RENEWING).is_ok(), "{good}");
    }
    for bad in ["http://login.example.com/t", "ftp://127.0.0.1/t", "", "/t"] {
        assert!(
            matches!(address(bad, &RENEWING), Err(Trouble::Refused(_))),
            "{bad}"
        );
    }
    let bare = address("https://u:p@login.example.com/t", &RENEWING).unwrap();
    assert_eq!(bare.as_str(), "https://login.example.com/t");
}
