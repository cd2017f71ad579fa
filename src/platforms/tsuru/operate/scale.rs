//! How many units a process has: the platform knows only more and less, so they are counted first.
//!
//! Source: tsuru contract, section 5 (units and scaling).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{Attempt, place};
use crate::model::{Accepted, Failure, Safety, Text};
use crate::platforms::http::{Call, unsent};
use crate::platforms::tsuru::api::{call, with_form};
use crate::platforms::tsuru::ids::Place;
use crate::platforms::tsuru::map::{is_of_version, version};
use crate::platforms::tsuru::paths::Op;
use crate::platforms::tsuru::wire::{App, AutoScale, Unit};

/// The units of a process in one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Counted {
    /// The process.
    pub(in super::super) process: String,
    /// The version, where it is known.
    pub(in super::super) version: Option<String>,
    /// How many there are now.
    pub(in super::super) now: u32,
}

/// Counts what is there.
///
/// # Errors
/// `Validation` that names the choice, where there is one; `Local` where the server could not count.
pub(in super::super) fn count(app: &App, place: &Place<'_>) -> Result<Counted, Failure> {
    let units = app.units.as_deref().unwrap_or_default();
    if let Some(error) = app.error.as_deref().filter(|it| !it.is_empty())
        && units.is_empty()
    {
        return Err(uncountable(error));
    }
    let process = match place.process {
        Some(process) => process.to_owned(),
        None => only_process(app, units)?,
    };
    let its = |unit: &&Unit| unit.process_name.as_deref() == Some(process.as_str());
    let its: Vec<_> = units
        .iter()
        .filter(|it| !it.id.is_empty())
        .filter(its)
        .collect();
    let version = match place.version {
        Some(version) => Some(version.to_owned()),
        None => only_version(&process, &its)?,
    };
    let is_in = |unit: &&Unit| version.as_deref().is_none_or(|it| is_of_version(unit, it));
    let now = its.iter().copied().filter(is_in).count();
    Ok(Counted {
        process,
        version,
        now: u32::try_from(now).unwrap_or(u32::MAX),
    })
}

/// How a process scales by itself, if it does.
pub(in super::super) fn autoscaled<'a>(app: &'a App, process: &str) -> Option<&'a AutoScale> {
    let mut list = app.autoscale.as_deref().unwrap_or_default().iter();
    list.find(|it| it.process == process)
}

/// What is said of a process that is not scaled by hand.
pub(in super::super) fn scales_itself(process: &str) -> Text {
    let text = format!("{process} scales automatically: change its bounds with `autoscale`");
    Text::clean(&text)
}

/// Units have no size of their own.
pub(in super::super) fn no_size(size: Option<&str>) -> Result<(), Failure> {
    match size {
        None | Some("") => Ok(()),
        Some(_) => Err(Failure::invalid(
            "size",
            "it is that of the whole app: `configure-app` changes its plan",
        )),
    }
}

fn only_version(process: &str, units: &[&Unit]) -> Result<Option<String>, Failure> {
    let versions: BTreeSet<_> = units.iter().filter_map(|it| *it.version).collect();
    if versions.len() > 1 {
        let names: Vec<_> = versions.iter().map(|it| format!("v{it}")).collect();
        let problem = format!(
            "{process} runs as {}: choose the one of a version",
            names.join(" and ")
        );
        return Err(Failure::invalid("process", &problem));
    }
    Ok(units
        .first()
        .and_then(|unit| Some(version(unit)?.to_string())))
}

/// Of an app that is stopped, what was deployed tells.
fn only_process(app: &App, units: &[Unit]) -> Result<String, Failure> {
    let of_units = units.iter().filter_map(|it| it.process_name.as_deref());
    let mut names: BTreeSet<&str> = of_units.filter(|it| !it.is_empty()).collect();
    if names.is_empty() {
        let known = app.processes.as_deref().unwrap_or_default();
        names.extend(known.iter().map(|it| it.name.as_str()));
    }
    let mut all = names.iter();
    match (all.next(), all.next()) {
        (Some(only), None) => Ok((*only).to_owned()),
        (None, _) => Err(Failure::invalid("process", "say which: none of it runs")),
        (Some(_), Some(_)) => {
            let names: Vec<_> = names.into_iter().collect();
            let problem = format!("say which: {}", names.join(", "));
            Err(Failure::invalid("process", &problem))
        }
    }
}

fn uncountable(error: &str) -> Failure {
    Failure::Local {
        problem: Text::clean(&format!(
            "nothing was sent: its units cannot be counted: {error}"
        )),
        advice: Text::clean("try again when the app shows its units"),
    }
}

impl Attempt<'_> {
    pub(super) async fn scale(
        &mut self,
        process: Option<&str>,
        units: u32,
        size: Option<&str>,
    ) -> Result<Accepted, Failure> {
        no_size(size)?;
        let operation = self.operation;
        let place = place(operation, process)?;
        let app = self.api.app(place.app).await.map_err(unsent)?;
        let counted = count(&app, &place)?;
        if autoscaled(&app, &counted.process).is_some() {
            return Err(Failure::Conflict(scales_itself(&counted.process)));
        }
        self.change(place.app, &counted, units).await
    }

    async fn change(
        &mut self,
        app: &str,
        counted: &Counted,
        wanted: u32,
    ) -> Result<Accepted, Failure> {
        let difference = wanted.abs_diff(counted.now).to_string();
        let (op, kind) = match wanted.cmp(&counted.now) {
            Ordering::Equal => {
                let units = if wanted == 1 { "unit" } else { "units" };
                let text = format!(
                    "{} has {wanted} {units} already: nothing was sent",
                    counted.process
                );
                return Ok(Accepted::noted(&text));
            }
            Ordering::Greater => (Op::UnitsAdd, "app.update.unit.add"),
            Ordering::Less => (Op::UnitsRemove, "app.update.unit.remove"),
        };
        let call = |version: &str| {
            let fields = [
                ("units", difference.as_str()),
                ("process", &counted.process),
                ("version", version),
            ];
            let call = call(op, &[app], Safety::Once)?;
            Ok(with_fields(op, call, &fields))
        };
        self.by_name(op, Some(kind), counted.version.as_deref(), call)
            .await
    }
}

/// The server reads no form of a DELETE.
fn with_fields(op: Op, call: Call, fields: &[(&str, &str)]) -> Call {
    if op == Op::UnitsRemove {
        call.query(fields.iter().copied())
    } else {
        with_form(call, fields)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platforms::tsuru::folded;

    fn unit(process: &str, version: i64) -> Value {
        json!({"ID": format!("{process}-{version}"), "ProcessName": process, "Version": version})
    }

    fn counted(
        app: Value,
        process: Option<&str>,
        version: Option<&str>,
    ) -> Result<Counted, String> {
        let app: App = folded::from_value(app).unwrap();
        let place = Place {
            app: "shop",
            process,
            version,
        };
        count(&app, &place).map_err(|failure| failure.headline())
    }

    fn check(app: Value, place: (Option<&str>, Option<&str>), expected: (&str, Option<&str>, u32)) {
        let (process, version, now) = expected;
        let expected = Counted {
            process: process.into(),
            version: version.map(str::to_owned),
            now,
        };
        assert_eq!(counted(app, place.0, place.1), Ok(expected));
    }

    #[test]
    fn units_are_counted_by_process_and_version() {
        let units = || {
            let mut all = vec![
                unit("web", 1),
                unit("web", 2),
                unit("web", 2),
                unit("job", 2),
            ];
            all.push(json!({"ID": "", "ProcessName": "job", "Version": 2}));
            json!({"name": "shop", "units": all})
        };
        check(units(), (Some("web"), Some("2")), ("web", Some("2"), 2));
        check(units(), (Some("job"), None), ("job", Some("2"), 1));
        check(units(), (Some("mail"), None), ("mail", None, 0));
        let expected = "process: web runs as v1 and v2: choose the one of a version";
        assert_eq!(counted(units(), Some("web"), None), Err(expected.into()));
        let expected = "process: say which: job, web";
        assert_eq!(counted(units(), None, None), Err(expected.into()));
    }

    #[test]
    fn of_what_is_stopped_the_processes_tell() {
        let stopped = json!({"name": "shop", "units": null, "processes": [{"name": "web"}]});
        check(stopped, (None, None), ("web", None, 0));
        let nothing = json!({"name": "shop"});
        let expected = "process: say which: none of it runs";
        assert_eq!(counted(nothing, None, None), Err(expected.into()));
        let old = json!({"name": "shop", "units": [unit("web", 0)]});
        check(old, (None, None), ("web", None, 1));
    }

    #[test]
    fn what_the_server_could_not_count_is_not_taken_for_none() {
        let broken = json!({"name": "shop", "units": [], "error": "cluster is down"});
        let failure = counted(broken, Some("web"), None).unwrap_err();
        assert!(failure.contains("cluster is down"), "{failure}");
        let partly = json!({"name": "shop", "units": [unit("web", 1)], "error": "no router"});
        check(partly, (Some("web"), None), ("web", Some("1"), 1));
    }
}
