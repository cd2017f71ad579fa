//! The same world in every shape that its answers can have.

use flightdeck::model::{
    AppId, EnvId, Failure, LogSource, PageRequest, Status, Support, TailRequest,
};
use flightdeck::platforms::{Platform, TailStep};

use super::understood::{All, managed, projects, small};
use super::world::{RETRY, World, apps, ids, on};

/// Answers that say nothing at all.
pub(super) const MUTE: [&str; 4] = ["empty_object", "no_content", "null", "data_null"];

/// What a record is called that says nothing but its number.
const ODD: &str = "1";

/// How many records are on the only page of a shape that has pages.
const PAGE: usize = 10;

const SEEDS: [u64; 4] = [1, 2, 9, 40];

/// What is left of what the plain shape says, where a shape says less.
fn expected(shape: &str, plain: &All) -> All {
    let mut all = plain.clone();
    for seen in all.values_mut() {
        match shape {
            "names_5" => seen.name = seen.slug.as_ref().unwrap().to_string(),
            "strange_times" => (seen.created, seen.changed) = (None, None),
            "no_uuid" => {
                seen.deployments.clear();
                seen.phases.clear();
                seen.release = None;
            }
            _ => {}
        }
    }
    match shape {
        "first_page" => newest(all, PAGE),
        "one_record" => newest(all, 1),
        mute if MUTE.contains(&mute) => All::new(),
        _ => all,
    }
}

/// The newest have the highest numbers.
fn newest(all: All, count: usize) -> All {
    let rest = all.len() - count;
    all.into_iter().skip(rest).collect()
}

/// Of what is stopped or waits, some shapes tell how its deployment went and some do not.
fn settled(mut all: All) -> All {
    for seen in all.values_mut() {
        if !matches!(seen.status, Status::Live | Status::Failed) {
            seen.phases.clear();
        }
    }
    all
}

/// Everything that every shape says, on one seed.
async fn check(seed: u64) {
    let world = World::new(seed).await;
    world.shape("enveloped").await;
    let platform = world.connect();
    let plain = settled(managed(platform.as_ref()).await);
    let of_projects = projects(platform.as_ref()).await;
    assert_eq!((plain.len(), of_projects.len()), (24, 5));
    for wanted in [Status::Live, Status::Failed, Status::Degraded] {
        assert!(plain.values().any(|seen| seen.status == wanted));
    }
    for shape in world.shapes().await {
        world.shape(&shape).await;
        let platform = world.connect();
        let mut found = settled(managed(platform.as_ref()).await);
        // It costs itself: it is shown with what it says, which is its number.
        let odd = found.remove(ODD);
        assert_eq!(odd.is_some(), shape == "odd_record", "{shape}");
        assert_eq!(found, expected(&shape, &plain), "{shape} of seed {seed}");
        assert_eq!(projects(platform.as_ref()).await, of_projects, "{shape}");
    }
}

#[tokio::test]
async fn every_shape_gives_the_same_model() {
    for seed in SEEDS {
        check(seed).await;
    }
}

/// A seed joins many shapes.
#[tokio::test]
async fn every_seed_gives_the_same_model_as_the_plain_shape() {
    for seed in 2..60 {
        let world = World::new(seed).await;
        let mut found = settled(managed(world.connect().as_ref()).await);
        found.remove(ODD);
        world.shape("enveloped").await;
        let mut plain = settled(managed(world.connect().as_ref()).await);
        for (id, plain) in &mut plain {
            let slug = plain.slug.as_ref().unwrap().as_str();
            if found[id].name == slug {
                plain.name = slug.to_owned();
            }
        }
        assert_eq!(found, plain, "seed {seed}");
    }
}

#[tokio::test]
async fn large_identifiers_keep_every_digit() {
    let world = World::new(1).await;
    let all = ids(world.connect().as_ref()).await;
    for shape in ["big_ids", "big_text_ids", "big_ids+map"] {
        world.shape(shape).await;
        let large = ids(world.connect().as_ref()).await;
        assert_eq!(large.len(), all.len());
        for id in large.iter().filter(|id| !id.as_str().contains(':')) {
            let (small, is_large) = small(id.as_str());
            assert!(is_large, "{}", id.as_str());
            assert!(all.contains(&AppId::new(small)), "{}", id.as_str());
        }
    }
}

#[tokio::test]
async fn a_part_of_the_list_is_said_to_be_one() {
    let world = World::new(1).await;
    world.shape("first_page").await;
    let platform = world.connect();
    let page = platform.apps(PageRequest::first()).await.unwrap();
    assert_eq!((page.items.len(), page.total), (PAGE + 5, Some(24 + 5)));
}

#[tokio::test]
async fn the_account_is_told_in_every_shape() {
    let world = World::new(1).await;
    for shape in world.shapes().await {
        world.shape(&shape).await;
        let platform = world.connect();
        let account = platform.account().await.unwrap();
        let says_all = !MUTE.contains(&shape.as_str()) && shape != "word";
        let name = if says_all {
            "ops@example.com"
        } else {
            "Harbour Works"
        };
        assert_eq!(account.name.as_str(), name, "{shape}");
        let page = platform.organisations(PageRequest::first()).await.unwrap();
        assert_eq!(page.items[0].name.as_str(), "Harbour Works", "{shape}");
    }
}

#[tokio::test]
async fn every_complaint_is_understood() {
    let world = World::new(1).await;
    let platform = world.connect();
    let live = apps(platform.as_ref()).await;
    let live = live.iter().find(|app| app.status == Status::Live).unwrap();
    let shapes = world.shapes().await;
    let errors = shapes.iter().filter(|shape| shape.starts_with("error_"));
    for shape in errors {
        world.shape(shape).await;
        let retry = on(&live.id, live.name.as_str(), RETRY);
        let answer = platform.operate(&retry, None, &mut |_| {}).await;
        let failure = answer.unwrap_err();
        assert!(matches!(failure, Failure::Validation(_)), "{failure:?}");
        let told = failure.to_string();
        let reason = match shape.as_str() {
            "error_nothing" => "Bad Request",
            _ => "Only a failed installation can be retried",
        };
        assert!(told.contains(reason), "{shape}: {told}");
        assert!(!told.contains('<'), "{shape}: {told}");
    }
}

/// The lines of a log that has ended.
pub(super) async fn lines(platform: &dyn Platform, source: LogSource) -> Vec<String> {
    let request = TailRequest {
        source,
        lines: 1_000,
        since: None,
        until: None,
        follow: false,
    };
    let mut tail = platform.tail(request).unwrap();
    let mut all = Vec::new();
    loop {
        match tail.next().await.unwrap() {
            TailStep::Lines(more) => all.extend(more.into_iter().map(|line| line.text)),
            TailStep::Replaced(more) => all = more.into_iter().map(|line| line.text).collect(),
            TailStep::Quiet(_) => {}
            TailStep::Ended => return all,
        }
    }
}

#[tokio::test]
async fn every_stream_says_the_same() {
    let world = World::new(1).await;
    let platform = world.connect();
    let all = ids(platform.as_ref()).await;
    let project = all.iter().find(|id| id.as_str().contains(':')).unwrap();
    let source = LogSource::Runtime {
        app: project.clone(),
        environment: Some(EnvId::new(project.as_str())),
    };
    // That it has ended may be told, or seen.
    let lines = async |platform: &dyn Platform| {
        let mut lines = lines(platform, source.clone()).await;
        lines.retain(|line| !line.starts_with("status: "));
        lines
    };
    let plain = lines(platform.as_ref()).await;
    assert!(plain.len() > 10, "{plain:?}");
    let shapes = world.shapes().await;
    for shape in shapes.iter().filter(|shape| shape.starts_with("sse_")) {
        world.shape(shape).await;
        let found = lines(world.connect().as_ref()).await;
        assert_eq!(found, plain, "{shape}");
    }
    let support = platform.support(flightdeck::model::Capability::RuntimeLog);
    assert!(matches!(support, Support::Depends(_)));
}
