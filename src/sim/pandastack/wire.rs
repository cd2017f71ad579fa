//! Values as they are written. Source: PandaStack contract, section 6.3.

use serde_json::{Map, Value, json};

use super::{
    app::App,
    forms::{Ids, StatusForm, Times, Truth, UuidPlace},
    install::{Run, Stage},
    shape::Shape,
    words::{ERROR_OBJECT, Field},
};
use crate::sim::{clock::Moment, effects::Tweaks};

/// Identifiers begin above this, where they are to be beyond what a float can tell apart.
const BIG: u64 = 1 << 53;

/// An object before it is written.
pub(super) type Object = Map<String, Value>;

/// What an answer depends on besides the world.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) now: Moment,
    /// Seconds that a simulated second takes.
    pub(super) pace: f64,
    pub(super) tweaks: Tweaks,
    pub(super) shape: Shape,
    pub(super) organisation: String,
}

/// The number of an app, whichever way it is written.
pub(super) fn number(id: &str) -> Option<u64> {
    let id: u64 = id.parse().ok()?;
    Some(if id > BIG { id - BIG } else { id })
}

impl View {
    /// An identifier.
    pub(super) fn id(&self, id: u64) -> Value {
        match self.shape.ids {
            Ids::Number => json!(id),
            Ids::Text => json!(id.to_string()),
            Ids::Big => json!(BIG + id),
            Ids::BigText => json!((BIG + id).to_string()),
        }
    }

    /// A time.
    pub(super) fn time(&self, moment: Moment) -> Value {
        let moment = self.tweaks.shifted(moment);
        match self.shape.times {
            Times::Rfc3339 => json!(moment.milliseconds()),
            Times::Blank => json!(blank(moment)),
            Times::Seconds => json!(moment.second()),
            Times::Millis => json!(moment.0.div_euclid(1_000)),
            Times::Strange => json!("a while ago"),
        }
    }

    /// The word for a stage, unless a fault replaces all of them.
    pub(super) fn word(&self, stage: Stage) -> String {
        self.tweaks.word(self.shape.word(stage))
    }

    /// A yes or no.
    pub(super) fn truth(&self, yes: bool) -> Value {
        match self.shape.truth {
            Truth::Bool => json!(yes),
            Truth::Text => json!(yes.to_string()),
            Truth::Number => json!(u8::from(yes)),
            Truth::NumberText => json!(u8::from(yes).to_string()),
        }
    }

    /// Writes a field, if it has a name here.
    pub(super) fn put(&self, object: &mut Object, field: Field, value: Value) {
        if let Some(name) = self.shape.name(field) {
            object.insert(name, value);
        }
    }

    /// Writes something that has one name in all shapes, but for its case.
    pub(super) fn put_key(&self, object: &mut Object, name: &str, value: Value) {
        object.insert(self.shape.key(name), value);
    }

    /// Writes why something failed.
    pub(super) fn put_failure(&self, object: &mut Object, why: &str) {
        let value = if self.shape.names == ERROR_OBJECT {
            json!({ "message": why })
        } else {
            json!(why)
        };
        self.put(object, Field::Error, value);
    }

    /// Writes a state where it stands alone.
    pub(super) fn put_status(&self, object: &mut Object, field: Field, stage: Stage) {
        let word = self.word(stage);
        let value = match self.shape.status {
            StatusForm::Text | StatusForm::Latest(_) => json!(word),
            StatusForm::Object(key) => json!({ key: word }),
        };
        self.put(object, field, value);
    }

    /// Writes the organisation.
    pub(super) fn put_organisation(&self, object: &mut Object) {
        let number = self.organisation.parse::<u64>();
        let value = match (self.shape.ids, number) {
            (Ids::Number | Ids::Big, Ok(number)) => json!(number),
            (Ids::Number | Ids::Big | Ids::Text | Ids::BigText, _) => json!(self.organisation),
        };
        self.put(object, Field::Organisation, value);
    }

    /// Writes the UUID of a deployment, with its state where that stands there.
    pub(super) fn put_uuid(&self, object: &mut Object, run: &Run) {
        let status = self.word(self.deployed(run));
        let element = json!({ "uuid": run.uuid, "status": status });
        match self.shape.uuid {
            UuidPlace::Flat => self.put(object, Field::Uuid, json!(run.uuid)),
            UuidPlace::Object(key) => {
                let inner = json!({ key: run.uuid, "status": status });
                object.insert("deployment".into(), inner);
            }
            UuidPlace::List(name) => {
                object.insert(name.into(), json!([element]));
            }
            UuidPlace::Nowhere => {}
        }
    }

    /// The stage of a deployment: once the app is there it has done its part.
    pub(super) fn deployed(&self, run: &Run) -> Stage {
        let stage = run.stage(self.now, self.pace);
        if matches!(stage, Stage::Awaiting | Stage::Running) {
            Stage::Done
        } else {
            stage
        }
    }

    /// The record of an app.
    pub(super) fn record(&self, app: &App) -> Object {
        let mut object = Object::new();
        let stage = app.stage(self.now, self.pace);
        self.put(&mut object, Field::Id, self.id(app.id));
        self.put(&mut object, Field::Name, json!(app.name));
        self.put(&mut object, Field::Slug, json!(app.slug));
        self.put_state(&mut object, app, stage);
        self.put_place(&mut object, app, stage);
        self.put(&mut object, Field::Created, self.time(app.created));
        let changed = app.changed(self.now, self.pace);
        self.put(&mut object, Field::Updated, self.time(changed));
        if let Some(why) = app.run().failure().filter(|_| stage == Stage::Failed) {
            self.put_failure(&mut object, why);
        }
        self.put_organisation(&mut object);
        if !app.settings.is_empty() {
            self.put_key(&mut object, "configuration", json!(app.settings));
        }
        // What no contract names is there too.
        self.put_key(&mut object, "plan_size", json!("small"));
        object
    }

    /// Writes the state of an app and its deployment. A list of deployments is there once.
    fn put_state(&self, object: &mut Object, app: &App, stage: Stage) {
        let run = app.run();
        let StatusForm::Latest(list) = self.shape.status else {
            self.put_uuid(object, run);
            self.put_status(object, Field::Status, stage);
            return;
        };
        if !matches!(self.shape.uuid, UuidPlace::List(_)) {
            self.put_uuid(object, run);
        }
        let element = json!({ "uuid": run.uuid, "status": self.word(stage) });
        object.insert(list.into(), json!([element]));
    }

    /// Writes where an app answers, or is to answer.
    pub(super) fn put_place(&self, object: &mut Object, app: &App, stage: Stage) {
        if !app.domain.is_empty() {
            self.put(object, Field::Domain, json!(app.domain));
        }
        if let Some(host) = app.host(stage) {
            // One with a scheme, one without: both are addresses.
            let scheme = if app.domain.is_empty() {
                ""
            } else {
                "https://"
            };
            self.put(object, Field::Url, json!(format!("{scheme}{host}")));
        }
    }
}

/// `YYYY-MM-DD HH:MM:SS` in UTC.
fn blank(moment: Moment) -> String {
    let text = moment.whole_second();
    text.trim_end_matches('Z').replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_a_blank() {
        let moment = Moment::parse("2026-08-14T09:12:44.25Z").unwrap();
        assert_eq!(blank(moment), "2026-08-14 09:12:44");
    }

    #[test]
    fn number_is_the_same_however_large_it_is_written() {
        assert_eq!(number("4182"), Some(4182));
        assert_eq!(number(&(BIG + 4182).to_string()), Some(4182));
        assert_eq!(number("n8n"), None);
    }
}
