//! tsuru: what its sentences mean, as an answer and inside a stream. Most are answered with a 500, and
//! none of them leaves anything to be found out.

use flightdeck::model::{AuthProblem, Failure, Text, Verdict};
use wiremock::ResponseTemplate;

use crate::tsuru_harness::{failed_stream, said, start, stream, too_old, writes};
use crate::tsuru_rows::{deploy, restart};

const AT: &str = "/1.0/apps/shop/restart";

async fn refused(answer: ResponseTemplate) -> Failure {
    let tsuru = start().await;
    tsuru.answer("POST", AT, answer).await;
    let failure = tsuru.operate(restart()).await.unwrap_err();
    assert_eq!(writes(&tsuru).await, [format!("POST {AT}")]);
    failure
}

/// A sentence, what is made of it, and whether an input is to blame.
const SENTENCES: &[(&str, &str)] = &[
    (
        "event locked: app(shop) running \"app.deploy\" start by user ops@example.com at \
         2026-11-21T12:00:00Z",
        "locked: app.deploy of ops@example.com since 2026-11-21 12:00 UTC: wait, or cancel it",
    ),
    (
        "event throttled, limit for app.deploy on any app is 3 every 5m0s",
        "throttled: the limit for app.deploy on any app is 3 every 5m0s; wait, then try again",
    ),
    (
        "error running \"app.deploy\" on app(shop): block app.deploy by all users on all targets: \
         freeze",
        "blocked: freeze (app.deploy by all users on all targets)",
    ),
    (
        "Quota exceeded. Available: 1, Requested: 3.",
        "quota: 3 more asked for, 1 left: `set-quota` raises it",
    ),
    (
        "cannot add units to an app with autoscaler configured, please update autoscale settings",
        "it scales automatically: change its bounds with `autoscale`",
    ),
    (
        "Cannot add units to an app that has stopped units",
        "the app is stopped: start it first",
    ),
    (
        "more than one version deployed, you must select one",
        "several versions are deployed: choose the process of one of them",
    ),
    (
        "multiple versions currently deployed, either new-version or override-old-versions must be \
         set",
        "several versions are deployed: `release-version` asks whether the new one stands beside \
         them or takes their place",
    ),
    (
        "event cancel already requested",
        "it is being cancelled already",
    ),
    (
        "App must be available to run non-isolated commands",
        "nothing of it runs: start it first, or run the command alone",
    ),
    (
        "New limit is less than the current allocated value",
        "more than that is in use: scale down first, or allow more",
    ),
    (
        "You can not revoke the access from this team, because it is the unique team with access to \
         the app, and an app can not be orphaned",
        "no other team may use the app: grant it to another one first",
    ),
];

#[tokio::test]
async fn a_known_sentence_is_a_refusal_whatever_its_status() {
    for (text, expected) in SENTENCES {
        for status in [400, 403, 500] {
            let failure = refused(said(status, text)).await;
            assert_eq!(failure, Failure::Conflict((*expected).into()), "{status}");
        }
    }
}

#[tokio::test]
async fn a_known_sentence_in_a_stream_is_how_it_ended() {
    for (text, expected) in SENTENCES {
        let tsuru = start().await;
        let framed = format!(
            "\n---- ERROR during restart: ----\n{text}\n\n---- Last 1 log messages: ----\n  x"
        );
        let answer = failed_stream(&["---- Restarting ----\n"], &framed);
        tsuru.answer("POST", AT, answer).await;
        let accepted = tsuru.operate(restart()).await.unwrap();
        assert_eq!(accepted.ended, Some(Verdict::Failed((*expected).into())));
        assert_eq!(writes(&tsuru).await.len(), 1);
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_input_is_told_beside_it() {
    for (text, expected) in [
        ("Invalid version: v3", "version: there is no v3 of the app"),
        (
            "autoscale cpu value cannot be greater than 95%",
            "cpu: autoscale cpu value cannot be greater than 95%",
        ),
        (
            "maximum units must be greater than minimum units",
            "most: maximum units must be greater than minimum units",
        ),
    ] {
        let failure = refused(said(500, text)).await;
        assert!(matches!(failure, Failure::Validation(_)), "{failure:?}");
        assert_eq!(failure.headline(), expected);
    }
}

#[tokio::test]
async fn what_is_not_allowed_names_the_permission() {
    let text = "You don't have permission to do this action";
    let lacking = |text: &str| Failure::Auth(AuthProblem::Forbidden(Some(Text::clean(text))));
    let expected = lacking("the token lacks app.update.restart");
    assert_eq!(refused(said(403, text)).await, expected);
    let tsuru = start().await;
    tsuru
        .answer("POST", "/1.3/apps/shop/deploy/rebuild", said(403, text))
        .await;
    let failure = tsuru.operate(deploy()).await.unwrap_err();
    assert_eq!(failure, lacking("the token lacks app.deploy"));
}

#[tokio::test]
async fn the_rest_is_told_by_its_status() {
    let rejected = Failure::Auth(AuthProblem::Rejected);
    let text = "You must provide a valid Authorization header";
    assert_eq!(refused(said(401, text)).await, rejected);
    let gone = refused(said(404, "App shop not found.")).await;
    assert_eq!(gone.headline(), "app shop does not exist or is not visible");
    let old = refused(too_old()).await;
    let expected = "this tsuru server is too old to restart: it needs API 1.0";
    assert_eq!(old.headline(), expected);
    let bad = refused(said(400, "no such thing")).await;
    assert_eq!(bad.headline(), "no such thing");
    let broken = refused(said(500, "disk full")).await;
    assert!(matches!(broken, Failure::Server { status: 500, .. }));
    assert_eq!(broken.headline(), "server error 500: disk full");
}

#[tokio::test]
async fn a_deploy_that_does_not_end_in_ok_has_failed() {
    let tsuru = start().await;
    let text = "building\n\n---- ERROR during deploy: ----\nno such image\n";
    let answer = ResponseTemplate::new(200).set_body_raw(text, "text");
    tsuru.answer("POST", "/1.0/apps/shop/deploy", answer).await;
    let image = flightdeck::model::OperationKind::DeployImage {
        image: "reg/x:1".into(),
    };
    let accepted = tsuru.operate(image).await.unwrap();
    assert_eq!(
        accepted.ended,
        Some(Verdict::Failed("no such image".into()))
    );
    let printed = stream(&["all of it\n"]);
    tsuru
        .answer("POST", "/1.3/apps/shop/deploy/rebuild", printed)
        .await;
    assert_eq!(tsuru.operate(deploy()).await.unwrap().ended, None);
}
