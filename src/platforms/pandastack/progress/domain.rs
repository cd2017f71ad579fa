//! Verifications: asked again until the domain is verified. Source: PandaStack contract, sections 3.8
//! and 4.

use std::time::Duration;

use super::super::api::Api;
use super::super::operate::verify;
use super::super::verdicts::Said;
use super::watches::Watch;
use super::way;
use super::{LONGEST, ended, id, partly, running};
use crate::model::{AppId, Failure, Followed, Progress, Text, Verdict};

/// It makes the platform look at DNS: not more often.
const EVERY: Duration = Duration::from_secs(30);

pub(super) async fn look(api: &Api, app: &AppId, watch: &Watch) -> Result<Followed, Failure> {
    let said = match said(api, app).await {
        Err(Failure::ReadOnly) => {
            let text = "read-only: verify-domain again where changes are allowed";
            return Ok(partly(text));
        }
        said => said?,
    };
    if said.is_verified == Some(true) {
        let next = "the domain is verified: complete the installation next";
        return Ok(ended(Verdict::Done(Some(next.into()))));
    }
    if watch.age() >= LONGEST {
        let verdict = verdict(&said);
        let next = "mend the records, then verify-domain";
        return Ok(partly(&format!("{verdict}, after 30 minutes: {next}")));
    }
    let again_in = EVERY.saturating_sub(said.asked.elapsed());
    Ok(running(progress(&said), again_in))
}

/// What was said less than half a minute ago, or is said now.
async fn said(api: &Api, app: &AppId) -> Result<Said, Failure> {
    let last = api.verdicts.of(app);
    let is_new = |said: &Said| said.is_verified.is_some() && said.asked.elapsed() < EVERY;
    match last.filter(is_new) {
        Some(said) => Ok(said),
        None => verify(api, app, id(app)).await,
    }
}

fn progress(said: &Said) -> Progress {
    let records: Vec<_> = said.records.iter().map(Text::as_str).collect();
    let label = match records.as_slice() {
        [] => verdict(said),
        records => format!("{}; create {}", verdict(said), records.join(", ")),
    };
    way::verifying(Text::clean(&label), &said.records, said.reason.as_ref())
}

fn verdict(said: &Said) -> String {
    match &said.reason {
        Some(reason) => format!("not verified ({reason})"),
        None => "not verified yet".into(),
    }
}
