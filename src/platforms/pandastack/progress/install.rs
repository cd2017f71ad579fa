//! Deployments and installations. Source: PandaStack contract, section 4.

use std::time::Duration;

use tokio::time::Instant;

use super::super::api::Api;
use super::super::decode::{Of, Record};
use super::super::fresh;
use super::super::paths::Op;
use super::super::verdicts::Said;
use super::super::words::State;
use super::watches::Watch;
use super::way::{self, Stop};
use super::{GRACE, LONGEST, ended, failed, id, pace, partly, running};
use crate::model::{AppId, Failure, Followed, Text, Verdict};

/// An installation is looked at so often.
const INSTALLATION_EVERY: Duration = Duration::from_secs(5);

/// What goes by a word that is not known.
const SLOWLY: Duration = Duration::from_secs(10);

/// The longest line that says what to do.
const COLUMNS: usize = 100;

/// An app that is being installed.
pub(super) struct Install {
    app: AppId,
    /// The deployment that is looked at first.
    deployment: Option<String>,
    /// What the installation is about to reach.
    stop: Stop,
    /// The state that it had before: not believed at once.
    doubted: Option<State>,
}

/// What an answer tells.
struct Told {
    state: Option<State>,
    word: Option<Text>,
    record: Record,
}

impl Told {
    fn of(record: Record, of: Of) -> Self {
        Self {
            state: State::told(&record, of),
            word: record.status(of),
            record,
        }
    }

    fn word(&self) -> &str {
        self.word
            .as_ref()
            .map_or("no word of its state", Text::as_str)
    }
}

impl Install {
    pub(super) fn new(app: AppId, deployment: Option<String>) -> Self {
        Self {
            app,
            deployment,
            stop: Stop::Install,
            doubted: None,
        }
    }

    /// Once more, after it had failed.
    pub(super) fn retried(app: AppId, deployment: Option<String>) -> Self {
        Self {
            doubted: Some(State::Failed),
            ..Self::new(app, deployment)
        }
    }

    /// With a domain, after one was awaited.
    pub(super) fn completed(app: AppId) -> Self {
        Self {
            stop: Stop::Complete,
            doubted: Some(State::ActionRequired),
            ..Self::new(app, None)
        }
    }

    pub(super) async fn look(self, api: &Api, watch: &mut Watch) -> Result<Followed, Failure> {
        if let Some(uuid) = self.deployment.as_deref().filter(|_| !watch.is_deployed)
            && let Some(followed) = self.deployed(api, uuid, watch).await?
        {
            return Ok(followed);
        }
        self.installed(api, watch).await
    }

    /// How far the deployment is; absent where the installation is to be asked.
    async fn deployed(
        &self,
        api: &Api,
        uuid: &str,
        watch: &mut Watch,
    ) -> Result<Option<Followed>, Failure> {
        let told = match api.ask(Op::GetDeploymentStatus, &[uuid]).await {
            Ok(payload) => Told::of(payload.record(), Of::Deployment),
            Err(Failure::NotFound { .. }) if watch.age() < GRACE => {
                return Ok(Some(waiting(Stop::Deploy, watch)));
            }
            // Nobody knows it: the installation tells how it went.
            Err(Failure::NotFound { .. }) => return Ok(None),
            Err(failure) => return Err(failure),
        };
        let word = told.word.as_ref().map(Text::as_str);
        api.known.saw(&self.app, uuid, word, api.http.now()).await;
        if told.state == Some(State::Running) {
            watch.is_deployed = true;
        }
        match told.state {
            Some(State::Running) | None => Ok(None),
            Some(_) => Ok(Some(self.judged(api, &told, Stop::Deploy, watch))),
        }
    }

    async fn installed(&self, api: &Api, watch: &mut Watch) -> Result<Followed, Failure> {
        let told = match api.ask(Op::GetInstallationStatus, &[id(&self.app)]).await {
            Ok(payload) => Told::of(payload.record(), Of::Installation),
            Err(Failure::NotFound { .. }) if watch.age() < GRACE => {
                return Ok(waiting(self.stop, watch));
            }
            Err(Failure::NotFound { .. }) => Told::of(Record::default(), Of::Installation),
            Err(failure) => return Err(failure),
        };
        // Flags do not tell what is awaited: the list has a word for that.
        let is_clear = told.word.is_some() || told.state == Some(State::Running);
        if told.state.is_some() && is_clear {
            return Ok(self.judged(api, &told, self.stop, watch));
        }
        self.listed(api, &told, watch).await
    }

    /// What the list says where nothing else tells.
    async fn listed(&self, api: &Api, told: &Told, watch: &mut Watch) -> Result<Followed, Failure> {
        let apps = match fresh::apps(api).await {
            Err(_) if told.state.is_some() => {
                return Ok(self.judged(api, told, self.stop, watch));
            }
            apps => apps?,
        };
        match apps.find(id(&self.app)) {
            Some(record) => {
                let listed = Told::of(record.clone(), Of::App);
                // That something is still missing is said of the installation itself.
                let is_ahead = matches!(listed.state, Some(State::Running) | None);
                let is_told = told.state.is_some() && is_ahead;
                let told = if is_told { told } else { &listed };
                Ok(self.judged(api, told, self.stop, watch))
            }
            None if apps.is_whole() && watch.age() >= GRACE => Ok(failed(
                "the app is not listed any more: somebody deleted it",
            )),
            None => Ok(self.judged(api, told, self.stop, watch)),
        }
    }

    /// What a state comes to.
    fn judged(&self, api: &Api, told: &Told, at: Stop, watch: &mut Watch) -> Followed {
        if told.state.is_some() && told.state == self.doubted {
            if !watch.has_moved && watch.age() < GRACE {
                return waiting(at, watch);
            }
        } else {
            watch.has_moved = true;
        }
        match &told.state {
            Some(State::Running) => self.done(api, told),
            Some(State::ActionRequired) => self.awaiting(api, told),
            Some(State::Failed) => {
                let reason = told.record.error();
                let why = reason
                    .as_ref()
                    .map_or("the installation failed", Text::as_str);
                failed(&format!("{why}: mend the cause, then retry"))
            }
            Some(State::Stopped) => failed(&format!(
                "it stopped before it ran ({}): see PandaStack's dashboard",
                told.word()
            )),
            Some(State::Deleting | State::Deleted) => failed("the app is being deleted"),
            Some(State::Pending | State::Building | State::Deploying) => {
                onward(told, at, pause(at, watch), watch)
            }
            Some(State::Unknown(_)) | None => onward(told, at, SLOWLY, watch),
        }
    }

    fn done(&self, api: &Api, told: &Told) -> Followed {
        api.verdicts.forget(&self.app);
        let url = told.record.url();
        let url = url.map(|url| Text::clean(&format!("it answers at {url}")));
        ended(Verdict::Done(url))
    }

    /// A domain is awaited: what the user has to do.
    fn awaiting(&self, api: &Api, told: &Told) -> Followed {
        let mut records = told.record.dns_records();
        if records.is_empty() {
            let said = api.verdicts.of(&self.app);
            records = said.map(|said| said.records).unwrap_or_default();
        } else if api.verdicts.of(&self.app).is_none() {
            // No other answer may repeat them.
            let said = Said {
                is_verified: None,
                is_by_success: false,
                reason: None,
                records: records.clone(),
                at: api.http.now(),
                asked: Instant::now(),
            };
            api.verdicts.heard(&self.app, said);
        }
        partly(&advice(&records))
    }
}

/// What to do about a domain that is awaited, on one line.
pub(super) fn advice(records: &[Text]) -> String {
    let rest = "verify-domain, then complete-installation";
    let [record] = records else {
        return match records.len() {
            0 => "it awaits a domain: verify-domain says which DNS records to create, \
                  then complete-installation"
                .into(),
            _ => format!("it awaits a domain: create the records under Domains, {rest}"),
        };
    };
    let whole = format!("it awaits a domain: create {record}, {rest}");
    if whole.chars().count() > COLUMNS {
        return format!("it awaits a domain: create the record under Domains, {rest}");
    }
    whole
}

/// It goes on, or has done so for too long.
fn onward(told: &Told, at: Stop, again_in: Duration, watch: &Watch) -> Followed {
    if watch.age() >= LONGEST {
        return partly(&format!(
            "stale after 30 minutes ({}): the list of apps says how it goes on",
            told.word()
        ));
    }
    let label = Text::clean(&format!("{}: {}", doing(at), told.word()));
    running(way::progress(at, label), again_in)
}

/// It has not shown yet.
fn waiting(at: Stop, watch: &Watch) -> Followed {
    let label = format!("{}: waiting for it to begin", doing(at));
    running(way::progress(at, label.into()), pause(at, watch))
}

fn doing(at: Stop) -> &'static str {
    match at {
        Stop::Deploy => "deploying",
        Stop::Install => "installing",
        Stop::Records => "awaiting DNS records",
        Stop::Verify => "verifying",
        Stop::Complete => "completing",
    }
}

fn pause(at: Stop, watch: &Watch) -> Duration {
    match at {
        Stop::Deploy => pace(watch),
        Stop::Install | Stop::Records | Stop::Verify | Stop::Complete => INSTALLATION_EVERY,
    }
}
