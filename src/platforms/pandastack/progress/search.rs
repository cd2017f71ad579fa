//! An app that no answer named: the newest with its slug that was not there before.
//!
//! Source: PandaStack contract, section 3.4.

use std::time::Duration;

use super::super::api::Api;
use super::super::decode::Record;
use super::super::fresh::{self, Apps};
use super::super::ids;
use super::install::Install;
use super::watches::Watch;
use super::way::{self, Stop};
use super::{partly, running};
use crate::model::{Failure, Followed};

/// It is listed a moment later.
const MOMENT: Duration = Duration::from_secs(2);

/// Then it is looked for now and then, and not for ever.
const EVERY: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(2);

/// Which app: its slug, those that were there, its deployment.
type Wanted<'a> = (&'a str, Option<&'a [String]>, Option<String>);

pub(super) async fn look(
    api: &Api,
    (slug, not, deployment): Wanted<'_>,
    watch: &mut Watch,
) -> Result<Followed, Failure> {
    if watch.app.is_none() {
        let left = MOMENT.saturating_sub(watch.age());
        if !left.is_zero() {
            return Ok(waiting(left));
        }
        let apps = fresh::apps(api).await?;
        let found = newest(&apps, slug, not, deployment.as_deref());
        watch.app = found.map(|id| ids::managed(&id));
    }
    let Some(app) = watch.app.clone() else {
        return Ok(if watch.age() < LONGEST {
            waiting(EVERY)
        } else {
            partly(&format!(
                "taken, but no new app from {slug} is listed: refresh to look again"
            ))
        });
    };
    Install::new(app, deployment).look(api, watch).await
}

fn waiting(again_in: Duration) -> Followed {
    let label = "deploying: waiting for the app to be listed";
    running(way::progress(Stop::Deploy, label.into()), again_in)
}

/// The id of the one that has this deployment, or is the newest of those that are new. Where nobody
/// knows what was there before, only one that has no like can be it.
fn newest(
    apps: &Apps,
    slug: &str,
    not: Option<&[String]>,
    deployment: Option<&str>,
) -> Option<String> {
    let new = apps.new_from(slug, not.unwrap_or_default());
    let has_it = |record: &&&Record| {
        let uuid = record.deployment();
        deployment.is_some_and(|wanted| uuid.is_some_and(|it| it.as_str() == wanted))
    };
    let found = match (new.iter().find(has_it), new.as_slice()) {
        (Some(record), _) => Some(*record),
        (None, [only]) => Some(*only),
        (None, _) if not.is_none() => None,
        // Lists go on at their end where they say no times.
        (None, _) => new.iter().copied().max_by_key(|it| it.created_at()),
    };
    found?.id().map(|id| id.to_string())
}
