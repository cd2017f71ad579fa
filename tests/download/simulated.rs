//! Through the adapter, from the simulator.

use std::sync::Arc;

use flightdeck::engine::download;
use flightdeck::model::{
    BackupState, DownloadRequest, Failure, PageRequest, Saved, Secret, TransferFailure,
    TransferProblem,
};
use flightdeck::platforms::{Connection, Platform, divio};
use flightdeck::sim::{SimOptions, Simulator, parse_faults};
use flightdeck::store::download::Disk;
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::depot::{Here, target};
use super::nobody::Nobody;

struct World {
    simulator: Simulator,
    platform: Arc<dyn Platform>,
    request: DownloadRequest,
}

/// A world with faults, and a wish for a backup in it.
async fn world(faults: &str, here: &Here) -> World {
    let options = SimOptions {
        apps: 6,
        story: false,
        speed: 200.0,
        faults: parse_faults(faults).unwrap(),
        ..SimOptions::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let platform = connect(&simulator, false);
    let backup = newest(platform.as_ref()).await;
    World {
        simulator,
        platform,
        request: DownloadRequest {
            backup,
            target: target(),
            ..here.request()
        },
    }
}

fn connect(simulator: &Simulator, read_only: bool) -> Arc<dyn Platform> {
    let served = &simulator.platforms()[0];
    let token = served.token.clone();
    divio::connect(Connection {
        base_url: Url::parse(&served.base_url).unwrap(),
        credential: Arc::new(move || Ok(Secret::new(token.clone()))),
        read_only,
        organisation: None,
        settings: flightdeck::platforms::Settings::default(),
        notebook: std::sync::Arc::new(flightdeck::model::Scratch::default()),
        allow_plain_http: false,
    })
    .unwrap()
}

/// A complete backup of a live environment.
async fn newest(platform: &dyn Platform) -> flightdeck::model::BackupId {
    let environments = platform
        .all_environments(PageRequest::first())
        .await
        .unwrap();
    for environment in environments.items {
        let backups = platform
            .backups(&environment.id, PageRequest::first())
            .await
            .unwrap();
        let mut complete = backups
            .items
            .into_iter()
            .filter(|it| it.state == BackupState::Done);
        if let Some(backup) = complete.next() {
            return backup.id;
        }
    }
    panic!("no backup is complete");
}

impl World {
    async fn download(&self) -> Result<Vec<Saved>, TransferFailure> {
        let platform = Arc::clone(&self.platform);
        let request = self.request.clone();
        let clock = || Timestamp::UNIX_EPOCH;
        download(
            platform,
            request,
            Arc::new(Disk),
            Arc::new(Nobody),
            clock,
            &mut |_| {},
        )
        .await
    }

    async fn counts(&self) -> Value {
        let url = format!("{}/_sim/requests", self.simulator.control_url());
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap();
        http.get(url).send().await.unwrap().json().await.unwrap()
    }
}

#[tokio::test]
async fn cut_ten_times_it_is_the_same_file() {
    let (one, other) = (Here::new(), Here::new());
    let whole = world("[]", &one).await.download().await.unwrap();
    let script = r#"[{"operation": "DownloadFile", "cut_at": "random", "times": 10}]"#;
    let world = world(script, &other).await;
    let pieces = world.download().await.unwrap();
    assert_eq!(whole.len(), 2);
    for (whole, pieces) in whole.iter().zip(&pieces) {
        assert_eq!((whole.bytes, &whole.sha256), (pieces.bytes, &pieces.sha256));
    }
    let counts = world.counts().await;
    assert_eq!(counts["operations"]["DownloadFile"], 12, "{counts}");
    assert_eq!(counts["operations"]["CreateBackupDownload"], 1, "{counts}");
    assert_eq!(counts["tokens_at_storage"], 0, "{counts}");
}

#[tokio::test]
async fn a_storage_in_trouble_is_waited_for() {
    let here = Here::new();
    let script = r#"[{"operation": "DownloadFile", "status": 503, "retry_after": 1, "times": 1},
        {"operation": "DownloadFile", "after": 1, "times": 1, "drip_ms": 5},
        {"operation": "DownloadFile", "after": 2, "times": 1, "cut": "during"}]"#;
    let world = world(script, &here).await;
    assert_eq!(world.download().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_expired_link_is_prepared_anew() {
    let here = Here::new();
    let script = r#"[{"operation": "DownloadFile", "cut_at": 1000, "times": 1},
        {"operation": "DownloadFile", "after": 1, "times": 1, "status": 403}]"#;
    let world = world(script, &here).await;
    assert_eq!(world.download().await.unwrap().len(), 2);
    let counts = world.counts().await;
    assert_eq!(counts["operations"]["CreateBackupDownload"], 2, "{counts}");
    assert_eq!(counts["operations"]["DownloadFile"], 4, "{counts}");
}

#[tokio::test]
async fn an_answer_that_was_tampered_with_is_noticed() {
    let here = Here::new();
    let script = r#"[{"operation": "DownloadFile", "truncate": true}]"#;
    let failure = world(script, &here).await.download().await.unwrap_err();
    let problem = failure.problem;
    assert!(
        matches!(problem, TransferProblem::Damaged(_)),
        "{problem:?}"
    );
}

#[tokio::test]
async fn a_read_only_context_is_not_asked_to_prepare_anything() {
    let here = Here::new();
    let mut world = world("[]", &here).await;
    world.platform = connect(&world.simulator, true);
    let failure = world.download().await.unwrap_err();
    let refused = TransferProblem::Platform(Failure::ReadOnly);
    assert_eq!(failure.problem, refused);
    assert_eq!(world.counts().await["changing"], 0);
    assert!(here.names().is_empty(), "and nothing is left here");
}
