//! Fetches one file, in as many pieces as it takes.

use std::time::Duration;

use tokio::time::sleep;

use super::judge::{Step, judge, version};
use super::source::{Source, Wanted};
use super::teller::Teller;
use super::writer::{Piece, Sealed, Writer, Written};
use crate::engine::retry::{Decision, Delays, LONGEST_SLEEP, decide};
use crate::model::{
    Failure, NetworkProblem, Partial, Safety, Secret, Stored, Text, TransferPhase, TransferProblem,
};
use crate::platforms::http::storage::{Head, Object, Storage, Wish};

/// So often in a row it is asked again without a byte more than ever before: about a minute.
const ATTEMPTS: u32 = 8;

/// An answer that says neither ends when the connection does, for whatever reason.
const UNTOLD: &str = "the storage tells neither size nor checksum: that the file is complete cannot \
                      be proved";

/// What came of one answer.
enum Came {
    All,
    /// Not all; why.
    Some(Failure),
}

/// What became of a file.
pub(super) struct Fetched {
    pub(super) result: Result<Sealed, TransferProblem>,
    /// Whether a partial file is left.
    pub(super) has_bytes: bool,
}

impl Fetched {
    fn no(problem: TransferProblem, has_bytes: bool) -> Self {
        Self {
            result: Err(problem),
            has_bytes,
        }
    }
}

/// A file on its way.
pub(super) struct Fetch<'a, 'b, 's> {
    pub(super) storage: &'a Storage,
    pub(super) source: &'a mut Source<'s>,
    pub(super) teller: &'a mut Teller<'b>,
    pub(super) wanted: Wanted<'a>,
    link: Secret,
    /// Bytes that are here, or on their way to the disk.
    have: u64,
    known: Option<Stored>,
    sha256: Option<String>,
    tries: Tries,
}

/// How often it is asked again. A byte more than ever before is progress, after which everything
/// may go wrong anew; the same bytes again are none.
struct Tries {
    furthest: u64,
    failures: u32,
    delays: Delays,
    /// Whether the platform may be asked for its present link.
    may_look: bool,
}

impl Tries {
    fn at(furthest: u64) -> Self {
        Self {
            furthest,
            failures: 0,
            delays: Delays::quick(),
            may_look: true,
        }
    }

    fn came(&mut self, have: u64) {
        if have > self.furthest {
            *self = Self::at(have);
        }
    }

    /// How long to wait before it is asked again; absent if it is not.
    fn failed(&mut self, failure: &Failure) -> Option<Duration> {
        self.failures += 1;
        let is_answer = decide(failure, Safety::Read, 1, Duration::ZERO) == Decision::GiveUp;
        let is_last = is_answer || self.failures >= ATTEMPTS;
        (!is_last).then(|| self.delays.next_delay())
    }
}

impl<'a, 'b, 's> Fetch<'a, 'b, 's> {
    pub(super) fn new(
        storage: &'a Storage,
        source: &'a mut Source<'s>,
        teller: &'a mut Teller<'b>,
        wanted: Wanted<'a>,
        link: Secret,
    ) -> Self {
        Self {
            storage,
            source,
            teller,
            wanted,
            link,
            have: 0,
            known: None,
            sha256: None,
            tries: Tries::at(0),
        }
    }

    /// Fetches what `partial` lacks.
    pub(super) async fn run(mut self, partial: Box<dyn Partial>) -> Fetched {
        let (have, known) = partial.kept();
        if known.is_some() {
            (self.have, self.known, self.tries) = (have, known, Tries::at(have));
        }
        self.teller.at(self.have, self.total());
        let writer = Writer::start(partial);
        let pulled = self.pull(&writer).await;
        if pulled.is_ok() {
            let is_told = self.total().is_some() || self.sha256.is_some();
            let note = (!is_told).then_some(UNTOLD);
            self.teller.say(TransferPhase::Checking, note).await;
        }
        // Whatever happened: when this is over, the file is as it will be for the next run.
        let Written { partial, sha256 } = match writer.end().await {
            Ok(written) => written,
            Err(problem) => return Fetched::no(problem, true),
        };
        let has_bytes = partial.kept().0 > 0;
        // A disk that is full is why the rest was not fetched.
        match (sha256.map_err(TransferProblem::Disk), pulled) {
            (Err(problem), _) | (Ok(_), Err(problem)) => Fetched::no(problem, has_bytes),
            (Ok(sha256), Ok(())) => match self.check(Sealed { partial, sha256 }) {
                Ok(sealed) => Fetched {
                    result: Ok(sealed),
                    has_bytes,
                },
                Err(problem) => Fetched::no(problem, has_bytes),
            },
        }
    }

    /// Asks until everything is here.
    async fn pull(&mut self, writer: &Writer) -> Result<(), TransferProblem> {
        loop {
            match self.once(writer).await? {
                Some(Came::All) => return Ok(()),
                Some(Came::Some(failure)) => self.wait(failure, None).await?,
                None => {}
            }
            if writer.is_over() {
                return Ok(());
            }
        }
    }

    /// One request, and what comes of it; absent if it was of no use.
    async fn once(&mut self, writer: &Writer) -> Result<Option<Came>, TransferProblem> {
        let wish = Wish {
            from: self.have,
            version: self.known.as_ref().and_then(version),
        };
        let object = match self.storage.get(&self.link, wish).await {
            Ok(object) => object,
            Err(failure) => return Ok(Some(Came::Some(failure))),
        };
        match judge(self.have, self.known.as_ref(), &object.head) {
            Step::Begin => self.begin(&object.head, None, writer).await,
            Step::BeginAnew(why) => self.begin(&object.head, Some(why), writer).await,
            Step::GoOn => self.go_on(&object.head).await,
            Step::Complete => return Ok(Some(Came::All)),
            Step::AskForAll(why) => return self.ask_for_all(why).await.map(|()| None),
            Step::NewLink => return self.renew(object.head.status).await.map(|()| None),
            Step::Again(at_least) => {
                let failure = refused(&object.head);
                return self.wait(failure, at_least).await.map(|()| None);
            }
            Step::GiveUp => return Err(TransferProblem::Storage(refused(&object.head))),
        }
        self.stream(object, writer).await.map(Some)
    }

    async fn begin(&mut self, head: &Head, why: Option<&str>, writer: &Writer) {
        self.have = 0;
        self.known = Some(head.object.clone());
        self.sha256.clone_from(&head.sha256);
        self.teller.at(0, self.total());
        self.teller.say(TransferPhase::Fetching, why).await;
        writer.write(Piece::Begin(head.object.clone())).await;
    }

    async fn go_on(&mut self, head: &Head) {
        self.sha256 = head.sha256.clone().or(self.sha256.take());
        if let Some(known) = &mut self.known {
            // An answer in pieces of its own does not say how many there will be; this one does.
            known.total = known.total.or(head.object.total);
        }
        self.teller.at(self.have, self.total());
        self.teller.say(TransferPhase::Fetching, None).await;
    }

    /// Takes in the bytes of an answer.
    async fn stream(
        &mut self,
        mut object: Object,
        writer: &Writer,
    ) -> Result<Came, TransferProblem> {
        loop {
            let bytes = match object.next().await {
                Ok(Some(bytes)) => bytes,
                Ok(None) => break,
                Err(failure) => return Ok(Came::Some(failure)),
            };
            self.have += bytes.len() as u64;
            if writer.write(Piece::Bytes(bytes)).await {
                // Whoever waits for its end learns why.
                return Ok(Came::All);
            }
            self.tries.came(self.have);
            self.teller.progress(self.have);
            if self.total().is_some_and(|total| self.have > total) {
                // It would fill the disk, and is not the file.
                break;
            }
        }
        Ok(match self.total() {
            Some(total) if self.have < total => Came::Some(cut()),
            Some(_) | None => Came::All,
        })
    }

    async fn ask_for_all(&mut self, why: &str) -> Result<(), TransferProblem> {
        self.have = 0;
        self.known = None;
        self.teller.at(0, None);
        self.teller.say(TransferPhase::Fetching, Some(why)).await;
        self.again(&cut()).map(|_| ())
    }

    async fn renew(&mut self, status: u16) -> Result<(), TransferProblem> {
        let may_look = std::mem::replace(&mut self.tries.may_look, false);
        let why = Text::clean(&format!(
            "the link has expired ({status}); asking for another"
        ));
        self.teller.say(TransferPhase::Waiting(why), None).await;
        let Self {
            source,
            teller,
            wanted,
            link,
            ..
        } = self;
        let fresh = source.renew(*wanted, link, may_look, teller).await?;
        self.link = fresh.ok_or(TransferProblem::LinkRefused(status))?;
        Ok(())
    }

    /// Waits before it is asked again, if it is.
    async fn wait(
        &mut self,
        failure: Failure,
        at_least: Option<Duration>,
    ) -> Result<(), TransferProblem> {
        let delay = self.again(&failure)?.max(at_least.unwrap_or_default());
        let delay = delay.min(LONGEST_SLEEP);
        let seconds = delay.as_secs_f64().ceil();
        let why = Text::clean(&format!("{}, again in {seconds} s", failure.short()));
        self.teller.say(TransferPhase::Waiting(why), None).await;
        sleep(delay).await;
        Ok(())
    }

    /// After how long it is asked again.
    fn again(&mut self, failure: &Failure) -> Result<Duration, TransferProblem> {
        let delay = self.tries.failed(failure);
        delay.ok_or_else(|| TransferProblem::Storage(failure.clone()))
    }

    /// Whether it is what the storage says it has.
    fn check(&self, mut sealed: Sealed) -> Result<Sealed, TransferProblem> {
        let wrong = match (self.total(), &self.sha256) {
            (Some(total), _) if total != self.have => {
                format!("{} bytes came, and it has {total}", self.have)
            }
            (_, Some(sha256)) if *sha256 != sealed.sha256 => {
                format!("its SHA-256 is {} and should be {sha256}", sealed.sha256)
            }
            (Some(_) | None, Some(_) | None) => return Ok(sealed),
        };
        sealed.partial.spoil();
        Err(TransferProblem::Damaged(Text::clean(&wrong)))
    }

    fn total(&self) -> Option<u64> {
        self.known.as_ref().and_then(|known| known.total)
    }
}

/// An answer that is none.
fn refused(head: &Head) -> Failure {
    if head.status == 429 {
        return Failure::RateLimited {
            retry_after: head.retry_after,
            limit: None,
        };
    }
    Failure::Server {
        status: head.status,
        message: None,
        request_id: None,
    }
}

/// The bytes end before the file does.
fn cut() -> Failure {
    Failure::Network {
        problem: NetworkProblem::Reset,
        sent: true,
        detail: Text::clean("the answer ended before the file"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken() -> Failure {
        refused(&Head {
            status: 500,
            ..Head::default()
        })
    }

    #[test]
    fn what_leads_nowhere_is_given_up() {
        let mut tries = Tries::at(5);
        let asked = (0..100).take_while(|_| tries.failed(&cut()).is_some());
        assert_eq!(asked.count(), 7);
        let mut tries = Tries::at(5);
        let answer = refused(&Head {
            status: 501,
            ..Head::default()
        });
        assert_eq!(tries.failed(&answer), None, "asking again gives the same");
    }

    #[test]
    fn only_bytes_that_were_never_here_before_are_progress() {
        let mut tries = Tries::at(5);
        for _ in 0..7 {
            assert!(tries.failed(&broken()).is_some());
            tries.came(5);
        }
        tries.came(6);
        assert!(tries.failed(&broken()).is_some());
        assert!(tries.may_look);
    }
}
