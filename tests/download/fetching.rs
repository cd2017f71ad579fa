//! What comes piece by piece becomes one file.

use std::fs;

use flightdeck::model::{Destination, TransferPhase, TransferProblem};

use super::depot::{Depot, FILE, Here, noise, notes};
use super::storage::{Act, Object};

#[tokio::test]
async fn a_file_is_saved_under_a_name_that_says_what_it_is() {
    let (here, bytes) = (Here::new(), noise(100_000));
    let depot = Depot::of(&bytes);
    let (result, events) = here.download(&depot).await;
    let saved = result.unwrap();
    assert_eq!(saved[0].path, here.path(FILE));
    assert_eq!(saved[0].bytes, 100_000);
    assert_eq!(here.read(FILE), bytes);
    assert_eq!(here.names(), [FILE], "nothing else is left");
    assert_eq!(events.last().unwrap().phase, TransferPhase::Done(saved));
    assert_eq!(depot.prepared(), 1);
    assert_eq!(depot.storage.asked().len(), 1);
}

#[tokio::test]
async fn what_is_cut_goes_on_where_it_ended() {
    let (here, bytes) = (Here::new(), noise(300_000));
    let depot = Depot::of(&bytes);
    depot
        .storage
        .act([Act::Cut(1), Act::Cut(70_000), Act::Cut(0), Act::Status(503)]);
    let (result, events) = here.download(&depot).await;
    result.unwrap();
    assert_eq!(here.read(FILE), bytes);
    let asked = depot.storage.asked();
    let ranges: Vec<_> = asked.iter().map(|it| it.header("range")).collect();
    let after = Some("bytes=70001-");
    assert_eq!(ranges, [None, Some("bytes=1-"), after, after, after]);
    assert!(
        asked[1..]
            .iter()
            .all(|it| it.header("if-range") == Some("\"v1\""))
    );
    let waits = |phase: &TransferPhase| matches!(phase, TransferPhase::Waiting(_));
    assert_eq!(events.iter().filter(|it| waits(&it.phase)).count(), 4);
    assert_eq!(depot.prepared(), 1);
}

#[tokio::test]
async fn a_file_of_unknown_length_ends_with_its_answer() {
    let (here, bytes) = (Here::new(), noise(50_000));
    let object = Object {
        has_length: false,
        ..Object::new(bytes.clone())
    };
    let (result, events) = here.download(&Depot::with(object, &["DATABASE"])).await;
    assert_eq!(result.unwrap()[0].bytes, 50_000);
    assert_eq!(here.read(FILE), bytes);
    assert!(events.iter().all(|event| event.part.total.is_none()));
    let said = notes(&events);
    assert!(said[0].contains("cannot be proved"), "{said:?}");
}

#[tokio::test]
async fn a_length_that_is_told_later_counts() {
    let (here, bytes) = (Here::new(), noise(50_000));
    let depot = Depot::of(&bytes);
    depot.storage.act([Act::Status(501)]);
    // What an earlier run has left of an answer that did not say how long it would be.
    std::fs::write(here.path(&format!("{FILE}.part")), &bytes[..20_000]).unwrap();
    let label = r#"{"schema":1,"backup":"b1","part":"DATABASE","total":null,"etag":"\"v1\"","modified":null,"gzip":false}"#;
    std::fs::write(here.path(&format!("{FILE}.part.json")), label).unwrap();
    let (result, _) = here.download(&depot).await;
    result.unwrap_err();
    depot.storage.act([Act::Cut(10_000)]);
    let (result, events) = here.download(&depot).await;
    result.unwrap();
    assert_eq!(here.read(FILE), bytes);
    assert_eq!(notes(&events), [""; 0]);
    assert_eq!(events.last().unwrap().part.total, Some(50_000));
}

#[tokio::test]
async fn an_empty_file_is_a_file() {
    let here = Here::new();
    let (result, _) = here.download(&Depot::of(b"")).await;
    assert_eq!(result.unwrap()[0].bytes, 0);
    assert_eq!(here.names(), [FILE]);
}

#[tokio::test]
async fn another_run_goes_on_with_what_one_has_left() {
    let (here, bytes) = (Here::new(), noise(200_000));
    let depot = Depot::of(&bytes);
    depot.storage.act([Act::Cut(120_000), Act::Status(501)]);
    let (result, _) = here.download(&depot).await;
    let failure = result.unwrap_err();
    let part = format!("{FILE}.part");
    assert!(matches!(failure.problem, TransferProblem::Storage(_)));
    assert_eq!(failure.kept, [here.path(&part)]);
    assert_eq!(here.names(), [part.clone(), format!("{part}.json")]);
    assert_eq!(here.read(&part), bytes[..120_000]);

    let (result, _) = here.download(&depot).await;
    result.unwrap();
    assert_eq!(here.read(FILE), bytes);
    assert_eq!(here.names(), [FILE]);
    let last = depot.storage.asked().pop().unwrap();
    assert_eq!(last.header("range"), Some("bytes=120000-"));
}

#[tokio::test]
async fn what_is_complete_already_is_not_fetched_again() {
    let (here, bytes) = (Here::new(), noise(10_000));
    let depot = Depot::with(Object::new(bytes.clone()), &["A", "B"]);
    // The first is complete, the second fails: neither has its name yet.
    depot.storage.act([Act::Cut(10_000), Act::Status(501)]);
    let (result, _) = here.download(&depot).await;
    assert_eq!(result.unwrap_err().saved, []);
    assert!(here.names().iter().all(|name| name.contains(".part")));
    let (result, _) = here.download(&depot).await;
    assert_eq!(result.unwrap().len(), 2);
    let third = &depot.storage.asked()[2];
    assert_eq!(
        third.header("range"),
        Some("bytes=10000-"),
        "nothing is missing"
    );
    assert_eq!(here.read("shop-live-20260301T140000Z-A.dump"), bytes);
}

#[tokio::test]
async fn a_file_that_changed_begins_anew() {
    let (here, bytes, other) = (Here::new(), noise(90_000), noise(95_000).split_off(7));
    let depot = Depot::of(&bytes);
    depot
        .storage
        .act([Act::Cut(40_000), Act::Change(other.clone(), "\"v2\"")]);
    let (result, events) = here.download(&depot).await;
    result.unwrap();
    assert_eq!(here.read(FILE), other);
    let said = notes(&events);
    assert_eq!(
        said,
        ["the file changed at the storage; from the start again"]
    );
}

#[tokio::test]
async fn a_change_is_seen_where_versions_are_not_compared_by_the_storage() {
    let (here, bytes, other) = (Here::new(), noise(90_000), noise(99_000));
    // Without a version to ask for it sends the rest of the other file.
    let object = Object {
        etag: None,
        ..Object::new(bytes)
    };
    let depot = Depot::with(object, &["DATABASE"]);
    depot
        .storage
        .act([Act::Cut(40_000), Act::Change(other.clone(), "\"v2\"")]);
    let (result, events) = here.download(&depot).await;
    result.unwrap();
    assert_eq!(here.read(FILE), other);
    assert_eq!(notes(&events).len(), 1);
}

#[tokio::test]
async fn a_storage_without_ranges_begins_anew_and_that_is_said() {
    let (here, bytes) = (Here::new(), noise(90_000));
    let object = Object {
        has_ranges: false,
        ..Object::new(bytes.clone())
    };
    let depot = Depot::with(object, &["DATABASE"]);
    depot.storage.act([Act::Cut(40_000)]);
    let (result, events) = here.download(&depot).await;
    result.unwrap();
    assert_eq!(here.read(FILE), bytes);
    let said = notes(&events);
    assert_eq!(
        said,
        ["the storage cannot go on where it ended; from the start again"]
    );
}

#[tokio::test]
async fn compressed_files_are_kept_as_they_are_stored() {
    let (here, bytes) = (Here::new(), noise(60_000));
    let object = Object {
        more: "content-encoding: gzip\r\n",
        ..Object::new(bytes.clone())
    };
    let depot = Depot::with(object, &["STORAGE"]);
    depot.storage.act([Act::Cut(20_000)]);
    let (result, _) = here.download(&depot).await;
    let path = here.path("shop-live-20260301T140000Z-STORAGE.tar.gz");
    assert_eq!(result.unwrap()[0].path, path);
    assert_eq!(fs::read(path).unwrap(), bytes);
}

#[tokio::test]
async fn one_file_may_have_a_name_of_its_own() {
    let (here, bytes) = (Here::new(), noise(1_000));
    let mut request = here.request();
    request.to = Destination::File(here.path("mine.sql"));
    let disk = std::sync::Arc::new(flightdeck::store::download::Disk);
    let depot = Depot::of(&bytes);
    let (result, _) = super::depot::run(&depot, request.clone(), disk.clone()).await;
    result.unwrap();
    assert_eq!(here.read("mine.sql"), bytes);

    let depot = Depot::with(Object::new(bytes), &["A", "B"]);
    request.to = Destination::File(here.path("both"));
    let (result, _) = super::depot::run(&depot, request, disk).await;
    assert_eq!(
        result.unwrap_err().problem,
        TransferProblem::SeveralFiles(2)
    );
    assert_eq!(depot.prepared(), 0, "and the platform is not troubled");
}

#[tokio::test]
async fn the_same_request_twice_is_refused_while_the_first_runs() {
    let (here, bytes) = (Here::new(), noise(50_000));
    let (one, other) = (Depot::of(&bytes), Depot::of(&bytes));
    one.storage
        .act([Act::Drip(5_000, std::time::Duration::from_millis(20))]);
    let ((first, _), (second, _)) = tokio::join!(here.download(&one), here.download(&other));
    let refused = [&first, &second]
        .into_iter()
        .filter(|it| it.is_err())
        .count();
    assert_eq!(refused, 1, "{first:?} {second:?}");
    assert_eq!(here.read(FILE), bytes);
}
