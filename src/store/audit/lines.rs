//! From what was asked and what came of it to lines without secrets.

use super::entry::{Outcome, follow_words};
use super::inputs;
use super::read::safety_word;
use super::record::{EndLine, FollowLine, IntentLine};
use super::redact::Redactor;
use super::write::Asked;
use crate::model::{Class, Ended, Failure, Follow, IntentId, Stage, Text, Verdict};

pub(super) fn intent_line(id: &IntentId, asked: Asked<'_>, redactor: &Redactor) -> IntentLine {
    let Asked {
        operation,
        safety,
        consent,
        witness,
        context,
    } = asked;
    let target = &operation.target;
    let (name, inputs) = inputs::written(&operation.kind, redactor);
    IntentLine {
        id: id.0.clone(),
        operation: name,
        inputs,
        context: context.name.to_string(),
        platform: context.platform.to_string(),
        base: context.base.to_string(),
        app: target.app.as_ref().map(|id| id.as_str().to_owned()),
        environment: target.environment.as_ref().map(|id| id.as_str().to_owned()),
        title: redactor.clean(target.title.as_str()),
        class: target.class.map(Class::word).map(str::to_owned),
        safety: safety_word(safety).to_owned(),
        tier: consent.tier,
        confirmed: redactor.clean(consent.words.as_str()),
        before: facts(&consent.before, redactor),
        witness: witness.0.clone(),
    }
}

pub(super) fn end_line(id: &IntentId, ended: &Ended, redactor: &Redactor) -> EndLine {
    let (outcome, words) = told(&ended.stage);
    let failures = [refusal(&ended.stage), ended.lost.as_ref()];
    let request_id = failures.into_iter().flatten().find_map(Failure::request_id);
    let note = ended.note.clone().map(|note| (Text::clean("note"), note));
    EndLine {
        intent: id.0.clone(),
        outcome: outcome.word().to_owned(),
        words: redactor.clean(&words),
        request_id: request_id.map(|id| redactor.clean(id.as_str())),
        follow: ended.follow.as_ref().map(follow_line),
        after: facts(note.as_slice(), redactor),
    }
}

fn told(stage: &Stage) -> (Outcome, String) {
    let maybe = |text: &Option<Text>| text.as_ref().map_or_else(String::new, Text::to_string);
    match stage {
        Stage::Ended(Verdict::Done(remark)) => (Outcome::Done, maybe(remark)),
        Stage::Ended(Verdict::Partly(why)) => (Outcome::Partly, why.to_string()),
        Stage::Ended(Verdict::Failed(why)) => (Outcome::Failed, why.to_string()),
        Stage::Refused(failure) => (Outcome::Refused, failure.headline()),
        Stage::Unresolved(why) => (Outcome::Unresolved, why.to_string()),
        Stage::Running(_) => (Outcome::Accepted, "its end was not waited for".to_owned()),
        Stage::Unknown(failure) => (Outcome::Unresolved, failure.headline()),
        Stage::Sending => (Outcome::Unresolved, String::new()),
    }
}

fn refusal(stage: &Stage) -> Option<&Failure> {
    match stage {
        Stage::Refused(failure) | Stage::Unknown(failure) => Some(failure),
        Stage::Sending | Stage::Running(_) | Stage::Ended(_) | Stage::Unresolved(_) => None,
    }
}

fn facts(facts: &[(Text, Text)], redactor: &Redactor) -> Vec<(String, String)> {
    let written =
        |(label, value): &(Text, Text)| (label.to_string(), redactor.clean(value.as_str()));
    facts.iter().map(written).collect()
}

pub(super) fn follow_line(follow: &Follow) -> FollowLine {
    let (what, id) = follow_words(follow);
    FollowLine {
        what: what.to_owned(),
        id,
    }
}
