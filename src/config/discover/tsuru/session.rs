//! A login of the tsuru client in use: read when it is needed, renewed when it is over.
//!
//! The files are read anew each time, so that `tsuru login` in another terminal needs no restart. A
//! session that is over, or that the platform rejected, is renewed at the server that gave it; the
//! new token stays in memory, and only a new refresh token is written back, see `written`.

use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Handle;

use super::super::super::Environment;
use super::files::{self, Held, Login, Session};
use super::targets::Targets;
use super::written::{self, Fresh};
use super::{advice, given, missing};
use crate::model::{AuthProblem, Failure, Secret, Text};
use crate::platforms::TokenSource;
use crate::platforms::http::oauth::{self, Grant, Granted, Trouble};

/// A token that is good for less than this is over: it would be when it arrives.
/// Source: golang.org/x/oauth2, `defaultExpiryDelta`.
const MARGIN: SignedDuration = SignedDuration::from_secs(10);

/// The login for one address.
pub(super) struct Kept {
    pub(super) environment: Environment,
    /// Where the platform is that accepts it.
    pub(super) address: String,
    pub(super) clock: fn() -> Timestamp,
    pub(super) memory: Mutex<Memory>,
}

/// What is known beyond the files.
#[derive(Default)]
pub(super) struct Memory {
    /// The session that took the place of the one in the file.
    renewed: Option<Renewed>,
    /// Why it could not be renewed the last time.
    trouble: Option<Text>,
    /// What begins another session; absent where the token is no session's.
    advice: Option<Text>,
}

/// A session that is not in a file.
struct Renewed {
    /// The token in the file, as long as which stands there this one counts.
    instead_of: Secret,
    session: Session,
}

impl TokenSource for Kept {
    fn token(&self) -> Result<Secret, Failure> {
        self.ask(None)
    }

    fn renew(&self, rejected: &Secret) -> Result<Secret, Failure> {
        self.ask(Some(rejected))
    }

    fn rejected(&self) -> Option<Failure> {
        let memory = self.memory();
        let advice = memory.advice.clone()?;
        Some(Failure::Auth(AuthProblem::Expired {
            reason: memory.trouble.clone(),
            advice,
        }))
    }
}

impl Kept {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, rejected: Option<&Secret>) -> Result<Secret, Failure> {
        if let Some(token) = given(&self.environment) {
            self.memory().advice = None;
            return token.map_err(absent);
        }
        let login = self.read()?;
        match self.best(&login) {
            // Nothing renews it: the platform says what it is worth.
            Best::Classic(token) => Ok(token),
            Best::Session(session) if self.is_good(&session, rejected) => Ok(session.access_token),
            Best::Session(_) => self.renewed(&login.file, rejected),
        }
    }

    fn read(&self) -> Result<Login, Failure> {
        let targets = Targets::known(&self.environment);
        self.memory().advice = Some(advice(&targets, &self.address));
        let found = files::login(&self.environment, &targets, &self.address);
        let found = found.map_err(absent)?;
        found.ok_or_else(|| absent(missing(&targets, &self.address)))
    }

    /// The session that took the place of the file's, unless something else stands there by now.
    fn best(&self, login: &Login) -> Best {
        let session = match &login.held {
            Held::Classic(token) => return Best::Classic(token.clone()),
            Held::Session(session) => session,
        };
        let mut memory = self.memory();
        let token = &session.access_token;
        memory.renewed.take_if(|it| it.instead_of != *token);
        let renewed = memory.renewed.as_ref().map(|it| it.session.clone());
        Best::Session(renewed.unwrap_or_else(|| session.clone()))
    }

    fn is_good(&self, session: &Session, rejected: Option<&Secret>) -> bool {
        let is_over = |until: Timestamp| until.duration_since((self.clock)()) < MARGIN;
        Some(&session.access_token) != rejected && !session.expiry.is_some_and(is_over)
    }

    /// A new token. One at a time on this machine: a refresh token may be good only once.
    fn renewed(&self, file: &Path, rejected: Option<&Secret>) -> Result<Secret, Failure> {
        let _turn = turn(file);
        // Somebody else may have done it meanwhile.
        let login = self.read()?;
        let session = match self.best(&login) {
            Best::Classic(token) => return Ok(token),
            Best::Session(session) if self.is_good(&session, rejected) => {
                return Ok(session.access_token);
            }
            Best::Session(session) => session,
        };
        match granted(&session) {
            Ok(granted) => Ok(self.keep(&login, &session, granted)),
            Err(Trouble::Failed(failure)) => Err(failure),
            Err(Trouble::Refused(reason)) => {
                self.memory().trouble = Some(reason);
                Err(self.over())
            }
        }
    }

    /// The session is over, and cannot be renewed.
    fn over(&self) -> Failure {
        let nobody = || absent(Text::clean("the tsuru client keeps no login"));
        self.rejected().unwrap_or_else(nobody)
    }

    /// Remembers what was granted, and writes back what the user's own client needs.
    fn keep(&self, login: &Login, old: &Session, granted: Granted) -> Secret {
        let token = granted.access_token.clone();
        let session = Session {
            access_token: granted.access_token,
            refresh_token: granted
                .refresh_token
                .clone()
                .or_else(|| old.refresh_token.clone()),
            expiry: granted.lifetime.and_then(|it| self.after(it)),
            server: old.server.clone(),
        };
        if granted.refresh_token.is_some() && session.refresh_token != old.refresh_token {
            self.write_back(login, &session);
        }
        let instead_of = login.held.token().clone();
        let mut memory = self.memory();
        memory.trouble = None;
        memory.renewed = Some(Renewed {
            instead_of,
            session,
        });
        token
    }

    fn after(&self, lifetime: Duration) -> Option<Timestamp> {
        let lifetime = SignedDuration::try_from(lifetime).ok()?;
        (self.clock)().checked_add(lifetime).ok()
    }

    fn write_back(&self, login: &Login, new: &Session) {
        let (Held::Session(old), Some(refresh_token)) = (&login.held, &new.refresh_token) else {
            return;
        };
        let target = Targets::known(&self.environment).target(&self.address);
        let fresh = Fresh {
            access_token: &new.access_token,
            refresh_token,
            expiry: new.expiry,
        };
        if let Err(error) = written::replace(&self.environment, &target, old, &fresh) {
            // This run goes on with what is in memory.
            tracing::warn!(%error, "the tsuru client's renewed login could not be written back");
        }
    }
}

/// Asks the server that gave it for another one.
fn granted(session: &Session) -> Result<Granted, Trouble> {
    let refuse = |why: &str| Trouble::Refused(Text::clean(why));
    let refresh_token = session.refresh_token.as_ref();
    let refresh_token = refresh_token.ok_or_else(|| refuse("nothing renews it"))?;
    let grant = Grant {
        token_url: &session.server.token_url,
        client_id: &session.server.client_id,
        client_secret: &session.server.client_secret,
        refresh_token,
        style: session.server.style,
    };
    // The caller's thread may block.
    let runtime = Handle::try_current().map_err(|_| refuse("nobody is there to renew it"))?;
    runtime.block_on(oauth::renew(&grant))
}

/// What there is to go on with.
enum Best {
    Classic(Secret),
    Session(Session),
}

/// Holds others off who would renew the same session, in this process or another. The lock is no
/// more than a courtesy: where there is none, both ask.
fn turn(file: &Path) -> Option<File> {
    let file = File::open(file).ok()?;
    file.lock().ok()?;
    Some(file)
}

fn absent(place: Text) -> Failure {
    Failure::Auth(AuthProblem::Missing(place))
}
