//! Automatic scaling of a process. What is set already stays: the server replaces all of it.
//!
//! A use of processors is sent in per cent, which the server takes as a part of the plan (and shows as
//! a quantity such as `600m` afterwards); where a plan has no limit it takes it for thousandths of a
//! core, ten for each per cent. Source: tsuru contract, section 5 (units and scaling).

use serde_json::{Map, Value, json};

use super::{Attempt, place};
use crate::model::{Accepted, Failure, Safety};
use crate::platforms::http::unsent;
use crate::platforms::tsuru::api::call;
use crate::platforms::tsuru::folded::is_same;
use crate::platforms::tsuru::paths::Op;

/// A process's entry as it came: what is not known here goes back unchanged.
type Entry = Map<String, Value>;

/// Bounds and use of processors as they are wished for.
type Wish = ((u32, u32), Option<u32>);

impl Attempt<'_> {
    pub(super) async fn autoscale(
        &mut self,
        process: Option<&str>,
        limits: Option<(u32, u32)>,
        cpu: Option<u32>,
    ) -> Result<Accepted, Failure> {
        let operation = self.operation;
        let place = place(operation, process)?;
        let entries: Vec<Entry> = self
            .api
            .list(Op::AutoScaleInfo, &[place.app], &[])
            .await
            .map_err(unsent)?;
        let process = process_of(&entries, place.process)?;
        let entry = entries.iter().find(|it| is_of(it, &process));
        match limits {
            Some(limits) => self.bound(place.app, &process, entry, (limits, cpu)).await,
            None => self.unbound(place.app, &process, entry).await,
        }
    }

    async fn bound(
        &mut self,
        app: &str,
        process: &str,
        entry: Option<&Entry>,
        wish: Wish,
    ) -> Result<Accepted, Failure> {
        if entry.is_some_and(|entry| is_as_wished(entry, wish)) {
            return Ok(Accepted::noted("it is so already: nothing was sent"));
        }
        if entry.is_none() && wish.1.is_none() {
            return Err(no_trigger());
        }
        let spec = spec(process, entry, wish);
        let call = call(Op::AutoScaleAdd, &[app], Safety::Once)?.json(&spec);
        self.sent(Op::AutoScaleAdd, call).await
    }

    async fn unbound(
        &mut self,
        app: &str,
        process: &str,
        entry: Option<&Entry>,
    ) -> Result<Accepted, Failure> {
        if entry.is_none() {
            let text = format!("{process} does not scale automatically: nothing was sent");
            return Ok(Accepted::noted(&text));
        }
        let call = call(Op::AutoScaleRemove, &[app], Safety::Once)?;
        let call = call.query([("process", process)]);
        self.send(Op::AutoScaleRemove, call).await?;
        let text = format!("{process} keeps as many units as it has now");
        Ok(Accepted::noted(&text))
    }
}

/// The process that is meant: the one that is named, else the only one that scales by itself.
pub(in super::super) fn process_of(
    entries: &[Entry],
    chosen: Option<&str>,
) -> Result<String, Failure> {
    if let Some(process) = chosen {
        return Ok(process.to_owned());
    }
    let names: Vec<_> = entries
        .iter()
        .filter_map(|it| text(it, "process"))
        .collect();
    match names.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(Failure::invalid("process", "say which")),
        _ => {
            let problem = format!("say which: {}", names.join(", "));
            Err(Failure::invalid("process", &problem))
        }
    }
}

/// Whether an entry says what is wished for.
pub(in super::super) fn is_as_wished(entry: &Entry, (limits, cpu): Wish) -> bool {
    let number = |name| value(entry, name).and_then(Value::as_u64);
    number("minUnits") == Some(u64::from(limits.0))
        && number("maxUnits") == Some(u64::from(limits.1))
        && cpu.is_none_or(|cpu| text(entry, "averageCPU").and_then(per_cent) == Some(cpu))
}

pub(in super::super) fn is_of(entry: &Entry, process: &str) -> bool {
    text(entry, "process") == Some(process)
}

/// The server wants to know when there are to be more.
pub(in super::super) fn no_trigger() -> Failure {
    let problem = "say from which use of processors on there are more: nothing is set yet";
    Failure::invalid("cpu", problem)
}

/// The bounds of an entry, in words.
pub(in super::super) fn words_of(entry: &Entry) -> String {
    let number = |name| {
        value(entry, name)
            .and_then(Value::as_u64)
            .unwrap_or_default()
    };
    format!("{} to {}", number("minUnits"), number("maxUnits"))
}

/// `60%`, `60` and `600m` are the same to the server.
fn per_cent(quantity: &str) -> Option<u32> {
    match quantity.strip_suffix('m') {
        Some(thousandths) => Some(thousandths.parse::<u32>().ok()? / 10),
        None => quantity.trim_end_matches('%').parse().ok(),
    }
}

fn spec(process: &str, entry: Option<&Entry>, ((least, most), cpu): Wish) -> Value {
    let mut spec = entry.cloned().unwrap_or_default();
    set(&mut spec, "process", json!(process));
    set(&mut spec, "minUnits", json!(least));
    set(&mut spec, "maxUnits", json!(most));
    if let Some(cpu) = cpu {
        set(&mut spec, "averageCPU", json!(format!("{cpu}%")));
    }
    Value::Object(spec)
}

/// Under the key that is there, however it is written.
fn set(spec: &mut Entry, name: &str, value: Value) {
    let key = spec.keys().find(|key| is_same(key, name));
    let key = key.cloned().unwrap_or_else(|| name.to_owned());
    spec.insert(key, value);
}

fn value<'a>(entry: &'a Entry, name: &str) -> Option<&'a Value> {
    let mut fields = entry.iter();
    let (_, value) = fields.find(|(key, _)| is_same(key, name))?;
    Some(value)
}

fn text<'a>(entry: &'a Entry, name: &str) -> Option<&'a str> {
    value(entry, name)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(value: Value) -> Entry {
        let Value::Object(entry) = value else {
            panic!("{value}")
        };
        entry
    }

    #[test]
    fn what_is_set_already_stays_under_its_own_keys() {
        let old = entry(json!({
            "Process": "web", "minUnits": 1, "max_units": 4, "averageCPU": "600m", "version": 3,
            "schedules": [{"minReplicas": 2}], "behavior": {"scaleDown": {"unitsPolicyValue": 1}},
        }));
        let mut expected = old.clone();
        expected.insert("minUnits".into(), json!(2));
        expected.insert("max_units".into(), json!(8));
        assert_eq!(
            spec("web", Some(&old), ((2, 8), None)),
            Value::Object(expected)
        );
        let new = spec("job", None, ((1, 3), Some(70)));
        let plain = json!({"process": "job", "minUnits": 1, "maxUnits": 3, "averageCPU": "70%"});
        assert_eq!(new, plain);
    }

    #[test]
    fn a_use_is_the_same_however_it_is_written() {
        for written in ["60", "60%", "600m"] {
            let entry = entry(json!({"minUnits": 1, "maxUnits": 4, "averageCPU": written}));
            assert!(is_as_wished(&entry, ((1, 4), Some(60))), "{written}");
            assert!(is_as_wished(&entry, ((1, 4), None)), "{written}");
            assert!(!is_as_wished(&entry, ((1, 4), Some(50))), "{written}");
            assert!(!is_as_wished(&entry, ((2, 4), None)), "{written}");
        }
        assert!(!is_as_wished(
            &entry(json!({"averageCPU": "1.5"})),
            ((1, 4), Some(1))
        ));
    }

    #[test]
    fn the_only_one_needs_no_name() {
        let (web, job) = (json!({"process": "web"}), json!({"Process": "job"}));
        let one = [entry(web.clone())];
        assert_eq!(process_of(&one, None).unwrap(), "web");
        assert_eq!(process_of(&one, Some("mail")).unwrap(), "mail");
        let two = [entry(web), entry(job)];
        let failure = process_of(&two, None).unwrap_err().headline();
        assert_eq!(failure, "process: say which: web, job");
        assert!(process_of(&[], None).is_err());
    }
}
