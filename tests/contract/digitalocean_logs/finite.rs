//! Logs that end.

use flightdeck::model::{
    ActivityId, AppId, DeploymentId, EnvId, JobId, JobRunId, LogSource, TailRequest,
};
use serde_json::{Value, json};

use super::server::{Course, End, File, Server, World, live};
use super::{APP, WEB, check, request, told};

fn deployment(component: Option<&str>) -> TailRequest {
    request(LogSource::Deployment {
        app: AppId::new(APP),
        environment: component.map(EnvId::new),
        deployment: DeploymentId::new(format!("{APP}/d1")),
    })
}

fn archives(names: &[&str]) -> Value {
    let links = names
        .iter()
        .map(|name| format!("http://HOST/archive/{name}?token=TOKEN"));
    json!({"historic_urls": links.collect::<Vec<_>>()})
}

#[tokio::test]
async fn a_finished_deployment_is_read_from_all_archives_in_order() {
    let server = Server::start(World {
        phase: "ERROR",
        answers: vec![
            ("BUILD", [archives(&["web", "packed"])].into()),
            ("DEPLOY", [archives(&["deploy"])].into()),
        ],
        archives: vec![
            (
                "web",
                [(200, true, "web 2026-05-29T20:14:01Z one\ntwo\n")].into(),
            ),
            ("packed", [(200, false, "two")].into()),
            (
                "deploy",
                [(200, true, "web 2026-05-29T20:15:01Z crashed\n")].into(),
            ),
        ],
        ..World::default()
    })
    .await;
    let mut tail = server.platform().tail(deployment(None)).unwrap();
    check(
        &mut tail,
        &[
            "+ web|one / web|two",
            "+ |two",
            "+ ── deploy log / web|crashed",
            ".",
            ".",
        ],
    )
    .await;
    let world = server.world();
    assert_eq!(world.leaks, [""; 0]);
    let logs = |kind: &str| {
        format!(
            "{APP}/deployments/d1/logs?\
             type={kind}&follow=true&tail_lines=-1&pod_connection_timeout=10s"
        )
    };
    let record = format!("{APP}/deployments/d1?");
    assert_eq!(
        world.asked,
        [record.clone(), logs("BUILD"), record, logs("DEPLOY")]
    );
}

#[tokio::test]
async fn a_refused_link_is_asked_for_again_once() {
    let refused = (403, false, "<Error>expired</Error>");
    let world = |answers: &[File]| World {
        phase: "ACTIVE",
        answers: vec![("BUILD", [archives(&["a"])].into())],
        archives: vec![("a", answers.iter().copied().collect())],
        ..World::default()
    };
    let server = Server::start(world(&[refused, (200, false, "one\n")])).await;
    let mut tail = server.platform().tail(deployment(None)).unwrap();
    check(&mut tail, &["+ |one", "."]).await;
    let server = Server::start(world(&[refused])).await;
    let mut tail = server.platform().tail(deployment(None)).unwrap();
    assert!(told(tail.next().await).contains("403"));
    let asked = server
        .world()
        .asked
        .iter()
        .filter(|it| it.contains("type=BUILD"))
        .count();
    assert_eq!(asked, 2);
}

#[tokio::test]
async fn a_running_deployment_is_followed_from_stage_to_stage() {
    let builds = |end, then: fn(&mut World)| Course {
        written: 1,
        then,
        ..Course::new(0, end)
    };
    let server = Server::start(World {
        phase: "PENDING_BUILD",
        answers: vec![
            ("BUILD", [Value::Null, live()].into()),
            ("DEPLOY", [Value::Null, live()].into()),
        ],
        future: ["step 1", "step 1", "step 2", "up"]
            .map(str::to_owned)
            .into(),
        courses: [
            builds(End::Drop, |world| world.phase = "BUILDING"),
            builds(End::Close(1001), |_| {}),
            // The end of the build comes before the phase says so.
            builds(End::Close(1000), |_| {}),
            Course::new(0, End::Close(1000)),
            Course {
                then: |world| world.phase = "ACTIVE",
                ..Course::new(1, End::Close(1000))
            },
        ]
        .into(),
        ..World::default()
    })
    .await;
    let mut tail = server.platform().tail(deployment(Some(WEB))).unwrap();
    check(&mut tail, &["z 3", "+ |step 1"]).await;
    assert!(told(tail.next().await).starts_with("! "));
    check(&mut tail, &["+ |step 1"]).await;
    assert!(told(tail.next().await).starts_with("! "));
    check(&mut tail, &["+ |step 2", "z 3", "z 3"]).await;
    server.world().phase = "PENDING_DEPLOY";
    check(&mut tail, &["z 3"]).await;
    server.world().phase = "DEPLOYING";
    server.world().log.clear();
    check(&mut tail, &["z 3", "+ ── deploy log / |up", "."]).await;
    let asked = server.world().asked[1].clone();
    assert!(
        asked.starts_with(&format!("{APP}/deployments/d1/components/web/logs?")),
        "{asked}"
    );
}

#[tokio::test]
async fn what_was_cut_and_is_gone_is_told() {
    let server = Server::start(World {
        phase: "BUILDING",
        answers: vec![("BUILD", [live(), json!({})].into())],
        future: ["step 1"].map(str::to_owned).into(),
        courses: [Course {
            written: 1,
            then: |world| world.phase = "ERROR",
            ..Course::new(0, End::Drop)
        }]
        .into(),
        ..World::default()
    })
    .await;
    let mut tail = server.platform().tail(deployment(None)).unwrap();
    check(&mut tail, &["+ |step 1"]).await;
    assert!(told(tail.next().await).starts_with("! "));
    check(
        &mut tail,
        &[
            "z 3",
            "z 3",
            "z 3",
            "+ ── the rest of this log is no longer to be had",
            ".",
        ],
    )
    .await;
}

#[tokio::test]
async fn the_archives_of_a_stream_that_was_cut_give_only_what_is_new() {
    let server = Server::start(World {
        phase: "BUILDING",
        answers: vec![("BUILD", [live(), archives(&["b"])].into())],
        future: ["one", "one", "two"].map(str::to_owned).into(),
        archives: vec![("b", [(200, true, "one\none\ntwo\none\n")].into())],
        courses: [Course {
            written: 3,
            then: |world| world.phase = "ACTIVE",
            ..Course::new(0, End::Drop)
        }]
        .into(),
        ..World::default()
    })
    .await;
    let mut tail = server.platform().tail(deployment(None)).unwrap();
    check(&mut tail, &["+ |one / |one / |two"]).await;
    assert!(told(tail.next().await).starts_with("! "));
    check(&mut tail, &["+ |one", "."]).await;
}

#[tokio::test]
async fn crashes_runs_and_events_have_logs_of_their_own() {
    let app = AppId::new(APP);
    let previous = |environment| LogSource::Previous {
        app: AppId::new(APP),
        environment,
    };
    let run = LogSource::JobRun {
        app: app.clone(),
        job: JobId::new(format!("{APP}/migrate")),
        run: JobRunId::new(format!("{APP}/r1")),
    };
    let event = LogSource::Event {
        app,
        event: ActivityId::new(format!("{APP}/e1")),
    };
    let all = "tail_lines=-1&pod_connection_timeout=10s";
    for (source, kind, asked) in [
        (
            previous(None),
            "RUN_RESTARTED",
            "/logs?type=RUN_RESTARTED&follow=false&tail_lines=100&pod_connection_timeout=10s"
                .into(),
        ),
        (
            previous(Some(EnvId::new(WEB))),
            "RUN_RESTARTED",
            "/components/web/logs?type=RUN_RESTARTED&follow=false&tail_lines=100\
             &pod_connection_timeout=10s"
                .into(),
        ),
        (
            run,
            "JOB_INVOCATION",
            format!("/jobs/migrate/invocations/r1/logs?type=JOB_INVOCATION&follow=true&{all}"),
        ),
        (
            event,
            "AUTOSCALE_EVENT",
            format!("/events/e1/logs?type=AUTOSCALE_EVENT&follow=true&{all}"),
        ),
    ] {
        let finishing = Course {
            then: |world| world.phase = "SUCCEEDED",
            half: 4,
            ..Course::new(1, End::Close(1000))
        };
        let server = Server::start(World {
            phase: "RUNNING",
            answers: vec![(kind, [live()].into())],
            future: ["web 2026-05-29T20:14:01Z done", "bye!"]
                .map(str::to_owned)
                .into(),
            courses: [finishing].into(),
            ..World::default()
        })
        .await;
        let mut tail = server.platform().tail(request(source)).unwrap();
        // The last line has no end of its own.
        check(&mut tail, &["+ web|done", "+ web|bye!", "."]).await;
        let asked: String = asked;
        assert!(
            server.world().asked.contains(&format!("{APP}{asked}")),
            "{asked}"
        );
    }
}

#[tokio::test]
async fn what_never_wrote_ends_at_once_when_it_is_over() {
    let server = Server::start(World {
        phase: "CANCELED",
        ..World::default()
    })
    .await;
    let mut tail = server.platform().tail(deployment(None)).unwrap();
    check(&mut tail, &["."]).await;
}
