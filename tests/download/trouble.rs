//! What goes wrong is told with what to do, and costs nothing that was there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flightdeck::model::{DiskProblem, DiskTrouble, Keep, Partial, Spot, Stored, TransferProblem};
use flightdeck::store::download::Disk;

use super::depot::{Depot, FILE, Here, noise, run};
use super::storage::{Act, Object};

/// The problem of a download that fails on this machine.
async fn disk_problem(here: &Here, depot: &Arc<Depot>) -> DiskProblem {
    let (result, _) = here.download(depot).await;
    let problem = result.unwrap_err().problem;
    let TransferProblem::Disk(problem) = problem else {
        panic!("{problem:?}")
    };
    problem
}

/// A disk with room for so many bytes, and something that happens when they are sealed.
struct Odd {
    room: u64,
    at_the_end: fn(&Path),
}

struct OddPart {
    real: Box<dyn Partial>,
    room: u64,
    at_the_end: fn(&Path),
}

impl Keep for Odd {
    fn open(&self, spot: &Spot) -> Result<Box<dyn Partial>, DiskProblem> {
        Ok(Box::new(OddPart {
            real: Disk.open(spot)?,
            room: self.room,
            at_the_end: self.at_the_end,
        }))
    }
}

impl Partial for OddPart {
    fn path(&self) -> &Path {
        self.real.path()
    }

    fn kept(&self) -> (u64, Option<Stored>) {
        self.real.kept()
    }

    fn begin(&mut self, object: &Stored) -> Result<(), DiskProblem> {
        self.real.begin(object)
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), DiskProblem> {
        if self.kept().0 + bytes.len() as u64 > self.room {
            return Err(DiskProblem {
                path: self.path().to_owned(),
                trouble: DiskTrouble::Full,
            });
        }
        self.real.add(bytes)
    }

    fn seal(&mut self) -> Result<String, DiskProblem> {
        (self.at_the_end)(self.path());
        self.real.seal()
    }

    fn spoil(&mut self) {
        self.real.spoil();
    }

    fn publish(self: Box<Self>) -> Result<PathBuf, DiskProblem> {
        self.real.publish()
    }
}

#[tokio::test]
async fn a_file_that_exists_is_refused_before_anything_is_asked_for() {
    let here = Here::new();
    let depot = Depot::of(&noise(1_000));
    fs::write(here.path(FILE), "mine").unwrap();
    let problem = disk_problem(&here, &depot).await;
    assert_eq!(problem.trouble, DiskTrouble::Exists);
    assert_eq!(problem.path, here.path(FILE));
    assert_eq!(here.read(FILE), b"mine");
    assert_eq!(here.names(), [FILE]);
    assert_eq!((depot.prepared(), depot.storage.asked().len()), (0, 0));

    let mut request = here.request();
    request.overwrite = true;
    let (result, _) = run(&depot, request, Arc::new(Disk)).await;
    result.unwrap();
    assert_eq!(here.read(FILE), noise(1_000));
}

#[tokio::test]
async fn a_file_that_appears_meanwhile_is_not_replaced_either() {
    let meddling = Odd {
        room: u64::MAX,
        at_the_end: |part| fs::write(part.with_extension(""), "mine").unwrap(),
    };
    let here = Here::new();
    let depot = Depot::of(&noise(1_000));
    let (result, _) = run(&depot, here.request(), Arc::new(meddling)).await;
    let failure = result.unwrap_err();
    assert!(matches!(
        failure.problem,
        TransferProblem::Disk(DiskProblem {
            trouble: DiskTrouble::Exists,
            ..
        })
    ));
    assert_eq!(here.read(FILE), b"mine");
    assert_eq!(failure.kept, [here.path(&format!("{FILE}.part"))]);
    assert_eq!(here.read(&format!("{FILE}.part")), noise(1_000));
}

#[tokio::test]
async fn a_full_disk_keeps_what_has_come_and_goes_on_when_there_is_room() {
    let small = Odd {
        room: 300_000,
        at_the_end: |_| {},
    };
    let (here, bytes) = (Here::new(), noise(900_000));
    let depot = Depot::of(&bytes);
    let (result, _) = run(&depot, here.request(), Arc::new(small)).await;
    let failure = result.unwrap_err();
    let part = format!("{FILE}.part");
    assert_eq!(
        failure.problem,
        TransferProblem::Disk(DiskProblem {
            path: here.path(&part),
            trouble: DiskTrouble::Full,
        })
    );
    assert!(failure.problem.advice().contains("make room"));
    assert_eq!(failure.kept, [here.path(&part)]);
    let kept = here.read(&part);
    assert!(!kept.is_empty() && bytes.starts_with(&kept));

    let (result, _) = here.download(&depot).await;
    result.unwrap();
    assert_eq!(here.read(FILE), bytes);
    let last = depot.storage.asked().pop().unwrap();
    let from = format!("bytes={}-", kept.len());
    assert_eq!(last.header("range"), Some(from.as_str()));
}

#[tokio::test]
async fn a_folder_that_is_missing_is_named_before_anything_is_asked_for() {
    let here = Here::new();
    let depot = Depot::of(&noise(1_000));
    let mut request = here.request();
    let folder = here.path("none");
    request.to = flightdeck::model::Destination::Folder(folder.clone());
    let (result, _) = run(&depot, request, Arc::new(Disk)).await;
    let problem = result.unwrap_err().problem;
    let expected = DiskProblem {
        path: folder,
        trouble: DiskTrouble::NoFolder,
    };
    assert_eq!(problem, TransferProblem::Disk(expected));
    assert_eq!(depot.prepared(), 0);
}

#[tokio::test]
async fn a_partial_file_of_something_else_is_refused() {
    let here = Here::new();
    let depot = Depot::of(&noise(1_000));
    let part = format!("{FILE}.part");
    fs::write(here.path(&part), "somebody's").unwrap();
    let problem = disk_problem(&here, &depot).await;
    assert_eq!(problem.trouble, DiskTrouble::Foreign);
    assert_eq!(here.read(&part), b"somebody's");
    assert_eq!(depot.prepared(), 0);
}

#[tokio::test]
async fn an_expired_link_is_renewed_once_and_the_file_goes_on() {
    for status in [400, 403, 404, 410] {
        let (here, bytes) = (Here::new(), noise(80_000));
        let depot = Depot::of(&bytes);
        depot.storage.act([Act::Cut(30_000), Act::Status(status)]);
        let (result, _) = here.download(&depot).await;
        result.unwrap();
        assert_eq!(here.read(FILE), bytes);
        assert_eq!(depot.prepared(), 2, "{status}");
        let asked = depot.storage.asked();
        assert_eq!(asked[2].header("range"), Some("bytes=30000-"));
        assert_ne!(asked[2].path, asked[1].path);
    }
}

#[tokio::test]
async fn where_the_platform_has_a_fresh_link_nothing_is_prepared_anew() {
    let (here, bytes) = (Here::new(), noise(80_000));
    let depot = Depot::of(&bytes);
    depot.inner().signs_anew = true;
    depot.storage.act([Act::Cut(30_000), Act::Status(403)]);
    let (result, _) = here.download(&depot).await;
    result.unwrap();
    assert_eq!(here.read(FILE), bytes);
    assert_eq!(depot.prepared(), 1);
}

#[tokio::test]
async fn a_link_that_is_refused_again_and_again_ends_it() {
    let here = Here::new();
    let depot = Depot::of(&noise(80_000));
    depot.inner().signs_anew = true;
    depot.storage.act(std::iter::repeat_n(Act::Status(403), 20));
    let (result, _) = here.download(&depot).await;
    let failure = result.unwrap_err();
    assert_eq!(failure.problem, TransferProblem::LinkRefused(403));
    assert_eq!(depot.prepared(), 2);
    // The first, the platform's present one, and the one that was prepared anew.
    assert_eq!(depot.storage.asked().len(), 3);
    assert!(here.names().is_empty(), "nothing began");
}

#[tokio::test]
async fn a_file_that_is_not_what_the_storage_says_is_no_backup() {
    let (here, bytes) = (Here::new(), noise(10_000));
    let depot = Depot::of(&bytes);
    let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".to_owned();
    depot
        .storage
        .act([Act::Claim("x-amz-checksum-sha256", empty)]);
    let (result, _) = here.download(&depot).await;
    let failure = result.unwrap_err();
    assert!(matches!(failure.problem, TransferProblem::Damaged(_)));
    assert!(
        failure.problem.headline().contains("e3b0c442"),
        "{failure:?}"
    );
    let part = format!("{FILE}.part");
    assert_eq!(failure.kept, [here.path(&part)]);
    assert_eq!(here.names(), [part]);
    // Nor is it taken for one the next time.
    let problem = disk_problem(&here, &depot).await;
    assert_eq!(problem.trouble, DiskTrouble::Foreign);
}

#[tokio::test]
async fn what_could_not_be_prepared_is_told_and_the_rest_is_saved() {
    let (here, bytes) = (Here::new(), noise(10_000));
    let depot = Depot::with(Object::new(bytes.clone()), &["A", "B"]);
    depot.inner().services[0].1 = Some("the dump failed");
    let (result, _) = here.download(&depot).await;
    let failure = result.unwrap_err();
    let why = failure.problem.headline();
    assert!(matches!(failure.problem, TransferProblem::Incomplete(_)));
    assert!(why.contains("A: the dump failed"), "{why}");
    assert_eq!(failure.saved.len(), 1);
    assert_eq!(here.names(), ["shop-live-20260301T140000Z-B.dump"]);
}
