//! What is asked for, which records of it count, and how they look as lines.
//!
//! The server's own filters do not reach every record (the source of what it writes itself, inverted
//! ones), and know no versions: what comes is filtered again. Source: tsuru contract, section 5 (logs).

use std::borrow::Cow;
use std::collections::HashMap;

use tokio::time::{Duration, Instant};

use crate::model::{AppId, EnvId, Failure, JobId, JobRunId, LogLine, Safety, Text};
use crate::platforms::http::Call;
use crate::platforms::tsuru::api::{self, Api};
use crate::platforms::tsuru::ids;
use crate::platforms::tsuru::map;
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::stream::Record;

/// Who writes in the platform's name.
const PLATFORM: &str = "tsuru";

/// How the server says that somebody was too slow for it.
const DROPPED: &str = "Log messages dropped";

/// Units that nobody knows are not asked for again at once.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// What is asked for.
#[derive(Debug)]
pub(super) struct Aim {
    op: Op,
    /// The app, or the job.
    name: String,
    /// The process, or the platform.
    source: Option<String>,
    unit: Option<String>,
    version: Option<String>,
    label: Label,
    units: Units,
    /// What stood before the last record, and of which source and unit that was: most are by the same.
    last: Option<(String, String, Text)>,
}

/// What stands before the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    /// The process, or who else wrote.
    Source,
    /// The unit.
    Unit,
    /// Nothing: all are of one.
    Nothing,
}

/// Which version units are of, as far as is known.
#[derive(Debug, Default)]
struct Units {
    versions: HashMap<String, String>,
    asked: Option<Instant>,
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A part of the log.
    Wanted,
    /// The server's remark that records are missing here.
    Gap,
    /// Not a part of this log.
    Other,
}

impl Aim {
    /// What an app's processes write, or one of them, of one version perhaps.
    pub(super) fn runtime(app: &AppId, environment: Option<&EnvId>) -> Result<Self, Failure> {
        let place = environment.map(ids::of_environment).transpose()?;
        let owned = |text: &str| text.to_owned();
        let process = place.as_ref().and_then(|it| it.process.map(owned));
        Ok(Self {
            label: if process.is_some() {
                Label::Unit
            } else {
                Label::Source
            },
            version: place.as_ref().and_then(|it| it.version.map(owned)),
            ..Self::of(
                Op::AppLog,
                place.as_ref().map_or(app.as_str(), |it| it.app),
                process,
            )
        })
    }

    /// What a job's units write, or one of them.
    pub(super) fn job(job: &JobId, run: &JobRunId) -> Self {
        let is_named = !run.as_str().is_empty() && run.as_str() != job.as_str();
        Self {
            unit: is_named.then(|| run.as_str().to_owned()),
            label: Label::Unit,
            ..Self::of(Op::JobLog, job.as_str(), None)
        }
    }

    /// What the platform itself writes about an app.
    pub(super) fn platform(app: &str) -> Self {
        Self::of(Op::AppLog, app, Some(PLATFORM.to_owned()))
    }

    fn of(op: Op, name: &str, source: Option<String>) -> Self {
        Self {
            op,
            name: name.to_owned(),
            source,
            unit: None,
            version: None,
            label: Label::Nothing,
            units: Units::default(),
            last: None,
        }
    }

    pub(super) fn op(&self) -> Op {
        self.op
    }

    /// Asks for the last so many lines of each unit.
    pub(super) fn call(&self, lines: u32, follows: bool) -> Result<Call, Failure> {
        let lines = lines.to_string();
        let source = self.source.as_deref().map(|source| ("source", source));
        let unit = self.unit.as_deref().map(|unit| ("unit", unit));
        let follow = follows.then_some(("follow", "1"));
        let query = [Some(("lines", lines.as_str())), source, unit, follow];
        let call = api::call(self.op, &[&self.name], Safety::Read)?;
        Ok(call.query(query.into_iter().flatten()))
    }

    /// Finds out what must be known to judge records.
    pub(super) async fn learn(&mut self, api: &Api, records: &[Record]) -> Result<(), Failure> {
        if self.version.is_none() {
            return Ok(());
        }
        let is_new = |it: &Record| self.is_named(it) && !self.units.versions.contains_key(&it.unit);
        let is_due = self.units.asked.is_none_or(|at| at.elapsed() >= ASK_AGAIN);
        if !is_due || !records.iter().any(is_new) {
            return Ok(());
        }
        let app = api.app(&self.name).await?;
        self.units.asked = Some(Instant::now());
        for unit in app.units.iter().flatten() {
            let version = map::version(unit).unwrap_or_default().to_string();
            self.units.versions.insert(unit.id.clone(), version);
        }
        Ok(())
    }

    /// What a record is.
    pub(super) fn judge(&self, record: &Record) -> Kind {
        if record.source == PLATFORM && record.message.starts_with(DROPPED) {
            return Kind::Gap;
        }
        // A unit that the app does not have (any more) is of no version that anybody knows.
        let is_of_version = self.version.is_none()
            || self.units.versions.get(&record.unit).map(String::as_str) == self.version.as_deref();
        if self.is_named(record) && is_of_version {
            Kind::Wanted
        } else {
            Kind::Other
        }
    }

    fn is_named(&self, record: &Record) -> bool {
        let fits = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|it| it == is);
        fits(&self.source, &record.source) && fits(&self.unit, &record.unit)
    }

    /// A record as lines.
    pub(super) fn lines(&mut self, record: &Record) -> Vec<LogLine> {
        let label = self.label(record);
        let message = record.message.trim_end_matches(['\n', '\r']);
        let lines = message.split('\n');
        lines
            .map(|line| LogLine::output(record.at, label.clone(), line))
            .collect()
    }

    fn label(&mut self, record: &Record) -> Text {
        if let Some((source, unit, label)) = &self.last
            && *source == record.source
            && *unit == record.unit
        {
            return label.clone();
        }
        let label = match self.label {
            Label::Nothing => Text::default(),
            Label::Source if !record.source.is_empty() => Text::clean(&record.source),
            Label::Source | Label::Unit => Text::clean(&self.short(record)),
        };
        self.last = Some((record.source.clone(), record.unit.clone(), label.clone()));
        label
    }

    /// Units are named after what they belong to, which is known: `web-x7k2p` is enough of
    /// `shop-web-6d5f9c4b7-x7k2p`, where the middle is the same for all of a version.
    fn short<'a>(&self, record: &'a Record) -> Cow<'a, str> {
        let unit = record.unit.as_str();
        let Some(rest) = after(unit, &self.name) else {
            return unit.into();
        };
        let last = after(rest, &record.source).and_then(|it| it.rsplit('-').next());
        match last.filter(|it| !it.is_empty()) {
            Some(last) => format!("{}-{last}", record.source).into(),
            None => rest.into(),
        }
    }
}

/// What follows a name and a hyphen.
fn after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(name)?.strip_prefix('-')?;
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(source: &str, unit: &str, message: &str) -> Record {
        Record {
            at: None,
            message: message.into(),
            source: source.into(),
            unit: unit.into(),
        }
    }

    fn runtime(environment: Option<&str>) -> Aim {
        let environment = environment.map(EnvId::new);
        Aim::runtime(&AppId::new("shop"), environment.as_ref()).unwrap()
    }

    fn asked(aim: &Aim, follows: bool) -> String {
        let call = aim.call(10, follows).unwrap();
        format!("{}?{}", call.path, call.query)
    }

    #[test]
    fn a_process_is_asked_for_and_filtered_again() {
        let aim = runtime(Some("shop/web"));
        assert_eq!(
            asked(&aim, true),
            "/1.0/apps/shop/log?lines=10&source=web&follow=1"
        );
        assert_eq!(aim.judge(&record("web", "u", "x")), Kind::Wanted);
        assert_eq!(aim.judge(&record("worker", "u", "x")), Kind::Other);
        assert_eq!(aim.judge(&record("tsuru", "api", "x")), Kind::Other);
        let dropped = record("tsuru", "api", "Log messages dropped due to a full buffer");
        assert_eq!(aim.judge(&dropped), Kind::Gap);
    }

    #[test]
    fn a_whole_app_shows_everybody() {
        for mut aim in [runtime(None), runtime(Some("shop/"))] {
            assert_eq!(asked(&aim, false), "/1.0/apps/shop/log?lines=10");
            for source in ["web", "tsuru", "kubernetes", ""] {
                assert_eq!(aim.judge(&record(source, "u", "x")), Kind::Wanted);
            }
            let mut sources =
                |source, unit| aim.lines(&record(source, unit, "x"))[0].source.to_string();
            assert_eq!(sources("web", "shop-web-1"), "web");
            assert_eq!(sources("", "shop-web-1"), "web-1");
        }
    }

    #[test]
    fn a_version_is_that_of_the_units() {
        let mut aim = runtime(Some("shop/web/3"));
        let known = [("u3", "3"), ("u4", "4")];
        let known = known.map(|(unit, version)| (unit.to_owned(), version.to_owned()));
        aim.units.versions.extend(known);
        assert_eq!(aim.judge(&record("web", "u3", "x")), Kind::Wanted);
        assert_eq!(aim.judge(&record("web", "u4", "x")), Kind::Other);
        assert_eq!(aim.judge(&record("web", "gone", "x")), Kind::Other);
    }

    #[test]
    fn a_record_of_several_lines_is_several_lines() {
        let lines = runtime(Some("shop/web")).lines(&record("web", "shop-web-7c9d-x2", "a\nb\n"));
        let told: Vec<_> = lines
            .iter()
            .map(|it| (it.source.as_str(), it.text.as_str()))
            .collect();
        assert_eq!(told, [("web-x2", "a"), ("web-x2", "b")]);
    }

    #[test]
    fn a_job_has_a_log_of_its_own() {
        let (job, unit) = (JobId::new("sweep"), JobRunId::new("sweep-7k2c8"));
        let aim = Aim::job(&job, &unit);
        assert_eq!(
            asked(&aim, true),
            "/1.13/jobs/sweep/log?lines=10&unit=sweep-7k2c8&follow=1"
        );
        let all = Aim::job(&job, &JobRunId::new("sweep"));
        assert_eq!(asked(&all, false), "/1.13/jobs/sweep/log?lines=10");
    }
}
