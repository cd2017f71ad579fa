//! From the engine's recorder to the audit on the disk, and from there back to the engine.
//!
//! The demo's operations concern nobody: its audit is kept in memory, for as long as it runs.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::clock::now;
use crate::config::{ContextConfig, Environment};
use crate::engine::{OpenIntent, Recorder};
use crate::model::{
    Consent, ContextId, Ended, Failure, Follow, IntentId, Operation, Safety, Secret, Text, Witness,
};
use crate::platforms::{Connection, Credential, TokenSource, adapter};
use crate::store::audit::{self, Asked, Audit, AuditContext, AuditError, Hidden, Unfinished, Who};
use crate::store::paths;

/// The audit of this run: writes for the engine, and finds what earlier runs left open.
#[derive(Debug)]
pub struct Ledger {
    audit: Audit,
    dir: Option<std::path::PathBuf>,
    /// By [`ContextId`].
    contexts: Vec<AuditContext>,
    /// What earlier runs left open and this one finds out about.
    earlier: Mutex<HashMap<IntentId, Unfinished>>,
}

/// An operation that an earlier run left open and that can be looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// When it was asked for.
    pub at: Timestamp,
    /// Of whom.
    pub context: Text,
    /// What the engine needs.
    pub open: OpenIntent,
}

impl Ledger {
    /// The audit below the state folder. `contexts[i]` describes `ContextId(i)`; what is `hidden`
    /// is never written.
    #[must_use]
    pub fn new(
        environment: &Environment,
        is_demo: bool,
        contexts: Vec<AuditContext>,
        hidden: Hidden,
    ) -> Self {
        let who = who(environment);
        let state = environment.state_dir().filter(|_| !is_demo);
        let dir = state.map(|state| paths::audit_dir(&state));
        let audit = match &dir {
            _ if is_demo => Audit::in_memory(who, now),
            Some(dir) => Audit::in_folder(dir.clone(), who, now),
            None => Audit::nowhere(who, now),
        };
        Self {
            audit: audit.hiding(hidden),
            dir,
            contexts,
            earlier: Mutex::default(),
        }
    }

    /// What is written down so far.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// What runs that are gone left open and can be looked for, oldest first, and how many
    /// operations there are besides of which nobody will ever know by looking: their context is not
    /// configured as it was, or the same was done again since. As long as this lives no other process takes
    /// up the former. `thorough` finds what [`audit::unfinished`] does.
    ///
    /// # Errors
    /// If the audit cannot be read.
    pub fn take_up(&self, thorough: bool) -> io::Result<(Vec<Earlier>, usize)> {
        let Some(dir) = &self.dir else {
            return Ok((Vec::new(), 0));
        };
        let (mut found, mut left) = (Vec::new(), 0);
        for unfinished in audit::unfinished(dir, thorough)? {
            match self.lookable(&unfinished) {
                Some(earlier) => {
                    let id = unfinished.entry.id.clone();
                    self.earlier().insert(id, unfinished);
                    found.push(earlier);
                }
                None => left += 1,
            }
        }
        Ok((found, left))
    }

    /// Writes of what runs that are gone left open, and what cannot be looked for, that nobody can
    /// tell; gives how many that are.
    ///
    /// # Errors
    /// If the audit cannot be read or written.
    pub fn give_up(&self) -> Result<usize, Failure> {
        let Some(dir) = &self.dir else { return Ok(0) };
        let all = audit::unfinished(dir, true).map_err(|error| {
            told(&AuditError::Io {
                file: dir.clone(),
                error,
            })
        })?;
        let mut count = 0;
        for unfinished in all {
            if self.lookable(&unfinished).is_some() {
                continue;
            }
            let ended = Ended {
                stage: crate::model::Stage::Unresolved(Text::clean(
                    "it cannot be looked for: its context is not configured as it was, or the same was \
                     done again since",
                )),
                follow: None,
                lost: None,
                note: None,
            };
            self.audit
                .resolved(unfinished, &ended)
                .map_err(|error| told(&error))?;
            count += 1;
        }
        Ok(count)
    }

    fn lookable(&self, unfinished: &Unfinished) -> Option<Earlier> {
        let entry = &unfinished.entry;
        // The same account as far as can be told: elsewhere everything looks as if it had not
        // happened.
        let at = self.contexts.iter().position(|it| *it == entry.context)?;
        if entry.is_superseded {
            return None;
        }
        let context = ContextId(u16::try_from(at).ok()?);
        let platform = adapter(entry.context.platform.as_str())?;
        Some(Earlier {
            at: entry.at,
            context: entry.context.name.clone(),
            open: OpenIntent {
                id: entry.id.clone(),
                operation: unfinished.operation(context, platform.profile.specials)?,
                witness: unfinished.witness(),
                follow: entry.follow.clone(),
            },
        })
    }

    fn earlier(&self) -> MutexGuard<'_, HashMap<IntentId, Unfinished>> {
        self.earlier.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorder for Ledger {
    fn intent(
        &self,
        operation: &Operation,
        safety: Safety,
        consent: &Consent,
        witness: &Witness,
    ) -> Result<IntentId, Failure> {
        let context = usize::from(operation.target.context.0);
        let Some(context) = self.contexts.get(context) else {
            return Err(Failure::Local {
                problem: Text::clean("the audit does not know this context: nothing was sent"),
                advice: Text::clean("report this to flightdeck's developers"),
            });
        };
        let asked = Asked {
            operation,
            safety,
            consent,
            witness,
            context,
        };
        self.audit.intent(asked).map_err(|error| told(&error))
    }

    fn accepted(&self, id: &IntentId, follow: &Follow) -> Result<(), Failure> {
        let accepted = self.audit.accepted(id, follow);
        accepted.map_err(|error| told(&error))
    }

    fn ended(&self, id: &IntentId, ended: &Ended) -> Result<(), Failure> {
        let written = self.audit.ended(id, ended);
        written.map_err(|error| told(&error))
    }

    fn resolved(&self, id: &IntentId, ended: &Ended) -> Result<(), Failure> {
        let Some(unfinished) = self.earlier().remove(id) else {
            return Ok(());
        };
        let written = self.audit.resolved(unfinished, ended);
        written.map_err(|error| told(&error))
    }
}

/// How a context is named in the audit: without anything that lets one in.
#[must_use]
pub fn audit_context(config: &ContextConfig) -> AuditContext {
    let base = config.connection.base_url.origin().ascii_serialization();
    AuditContext {
        name: config.name.clone(),
        platform: Text::clean(config.adapter.profile.name),
        base: Text::clean(&base),
    }
}

/// The same connection, of which every token is `hidden` from the moment it is read: some platforms
/// repeat in an error what they were sent.
#[must_use]
pub fn watched(connection: Connection, hidden: &Hidden) -> Connection {
    let credential = Watched {
        inner: Arc::clone(&connection.credential),
        hidden: hidden.clone(),
    };
    Connection {
        credential: Arc::new(credential),
        ..connection
    }
}

/// A source of tokens of which each is hidden.
struct Watched {
    inner: Credential,
    hidden: Hidden,
}

impl Watched {
    fn hide(&self, token: Result<Secret, Failure>) -> Result<Secret, Failure> {
        token.inspect(|token| self.hidden.add(token))
    }
}

impl TokenSource for Watched {
    fn token(&self) -> Result<Secret, Failure> {
        self.hide(self.inner.token())
    }

    fn renew(&self, rejected: &Secret) -> Result<Secret, Failure> {
        self.hide(self.inner.renew(rejected))
    }

    fn is_due(&self) -> bool {
        self.inner.is_due()
    }

    fn rejected(&self) -> Option<Failure> {
        self.inner.rejected()
    }
}

fn told(error: &AuditError) -> Failure {
    let advice = match error {
        AuditError::Nowhere => "set FLIGHTDECK_STATE_DIR to a folder that is kept",
        AuditError::Io { .. } => {
            "nothing is changed without it: make room, or the folder writable, or set \
             FLIGHTDECK_STATE_DIR to another one"
        }
    };
    Failure::Local {
        problem: Text::clean(&error.to_string()),
        advice: Text::clean(advice),
    }
}

fn who(environment: &Environment) -> Who {
    let names = ["USER", "LOGNAME", "USERNAME"];
    let user = names.iter().find_map(|name| environment.variable(name));
    Who {
        user: user.unwrap_or_else(user_number),
        host: host(environment),
    }
}

#[cfg(unix)]
fn user_number() -> String {
    format!("uid {}", rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn user_number() -> String {
    "unknown".to_owned()
}

#[cfg(unix)]
fn host(_: &Environment) -> String {
    let names = rustix::system::uname();
    names.nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host(environment: &Environment) -> String {
    let name = environment.variable("COMPUTERNAME");
    name.unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{OperationKind, Target};

    fn operation() -> Operation {
        Operation {
            target: Target {
                context: ContextId(0),
                app: None,
                environment: None,
                title: Text::clean("shop/live"),
                class: None,
            },
            kind: OperationKind::CommitRollback,
        }
    }

    fn ledger(variables: &[(&str, &str)], is_demo: bool) -> Ledger {
        let context = AuditContext {
            name: Text::clean("divio"),
            platform: Text::clean("divio"),
            base: Text::clean("https://api.divio.com"),
        };
        let environment = Environment::fixed(variables);
        Ledger::new(&environment, is_demo, vec![context], Hidden::default())
    }

    fn intent(ledger: &Ledger) -> Result<IntentId, Failure> {
        let (operation, consent) = (operation(), Consent::default());
        ledger.intent(&operation, Safety::Once, &consent, &Witness(None))
    }

    #[test]
    fn without_a_home_nothing_may_be_sent() {
        let failure = intent(&ledger(&[], false)).unwrap_err();
        assert!(failure.headline().contains("no home folder"), "{failure}");
        assert!(failure.advice().contains("FLIGHTDECK_STATE_DIR"));
    }

    #[test]
    fn the_demo_is_kept_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().to_str().unwrap();
        let ledger = ledger(&[("FLIGHTDECK_STATE_DIR", state)], true);
        assert!(intent(&ledger).is_ok());
        assert_eq!(ledger.audit().entries(None).unwrap().len(), 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_taken_up_is_taken_up_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let variables = [("FLIGHTDECK_STATE_DIR", folder.path().to_str().unwrap())];
        let gone = ledger(&variables, false);
        let id = intent(&gone).unwrap();
        drop(gone);
        let (first, second) = (ledger(&variables, false), ledger(&variables, false));
        let (earlier, left) = first.take_up(false).unwrap();
        assert_eq!((earlier[0].open.id.clone(), left), (id, 0));
        assert_eq!(earlier[0].open.operation, operation());
        assert_eq!(second.take_up(false).unwrap(), (Vec::new(), 0));
        drop(first);
        assert_eq!(second.take_up(false).unwrap().0.len(), 1);
    }

    #[test]
    fn a_context_with_another_address_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let variables = [("FLIGHTDECK_STATE_DIR", folder.path().to_str().unwrap())];
        let gone = ledger(&variables, false);
        intent(&gone).unwrap();
        drop(gone);
        let mut moved = ledger(&variables, false);
        moved.contexts[0].base = Text::clean("https://elsewhere.example.com");
        assert_eq!(moved.take_up(false).unwrap(), (Vec::new(), 1));
        assert_eq!(moved.give_up(), Ok(1));
        assert_eq!(moved.take_up(true).unwrap(), (Vec::new(), 0));
    }
}
