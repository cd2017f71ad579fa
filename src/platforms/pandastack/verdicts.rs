//! What the last verification of an app's domain said: no other answer repeats it.
//! Source: PandaStack contract, section 3.8.

use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::model::{AppId, Text};

/// The apps of which it is remembered; the one that was asked about longest ago goes.
const APPS: usize = 200;

/// What one verification said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// Whether the domain is verified; absent where the answer does not tell.
    pub(super) is_verified: Option<bool>,
    /// Whether nothing but the success of the call told that.
    pub(super) is_by_success: bool,
    /// Why not, in the platform's words.
    pub(super) reason: Option<Text>,
    /// The DNS records to create, one line each, as the platform has them.
    pub(super) records: Vec<Text>,
    /// When, by the platform's clock.
    pub(super) at: Option<Timestamp>,
    /// When it was answered.
    pub(super) asked: Instant,
}

/// What was said last, by app.
#[derive(Default)]
pub(super) struct Verdicts(Mutex<IndexMap<AppId, Said>>);

impl Verdicts {
    /// What was said of an app's domain.
    pub(super) fn of(&self, app: &AppId) -> Option<Said> {
        self.lock().get(app).cloned()
    }

    /// Something was said.
    pub(super) fn heard(&self, app: &AppId, said: Said) {
        let mut all = self.lock();
        all.shift_remove(app);
        if all.len() >= APPS {
            all.shift_remove_index(0);
        }
        all.insert(app.clone(), said);
    }

    /// It is over: the app is installed, or gone.
    pub(super) fn forget(&self, app: &AppId) {
        self.lock().shift_remove(app);
    }

    fn lock(&self) -> MutexGuard<'_, IndexMap<AppId, Said>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(is_verified: bool) -> Said {
        Said {
            is_verified: Some(is_verified),
            is_by_success: false,
            reason: None,
            records: vec!["CNAME www → x".into()],
            at: None,
            asked: Instant::now(),
        }
    }

    #[test]
    fn the_newest_verdict_counts_and_few_are_kept() {
        let verdicts = Verdicts::default();
        let app = |n: usize| AppId::new(format!("{n}"));
        verdicts.heard(&app(0), said(false));
        verdicts.heard(&app(1), said(false));
        verdicts.heard(&app(0), said(true));
        let is_verified = |n| verdicts.of(&app(n)).map(|it| it.is_verified);
        assert_eq!(is_verified(0), Some(Some(true)));
        for n in 2..=APPS {
            verdicts.heard(&app(n), said(false));
        }
        assert_eq!((is_verified(1), is_verified(0)), (None, Some(Some(true))));
        verdicts.forget(&app(0));
        assert_eq!(is_verified(0), None);
    }
}
