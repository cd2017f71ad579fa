//! The `[notify]` table: how somebody who looks elsewhere is told what came of a release.

use super::nearest::nearest;
use super::problem::{Noted, Report};
use super::section::Section;
use crate::app::notify::{Desktop, NotifyRules};

/// The keys of the table.
pub(super) const KEYS: &[&str] = &["bell", "desktop", "good"];

/// The words for the ways to ask for a notification of the desktop.
const WORDS: &[(&str, Desktop)] = &[
    ("off", Desktop::Off),
    ("osc9", Desktop::Osc9),
    ("osc777", Desktop::Osc777),
];

pub(super) fn read(file: &Section<'_>, report: &mut Report<'_>) -> NotifyRules {
    let usual = NotifyRules::default();
    let Ok(Some(section)) = file.section("notify", "a table ([notify])", report) else {
        return usual;
    };
    section.check_keys(KEYS, report);
    let mut flag = |key, otherwise: bool| {
        let found = section.flag(key, report).ok().flatten();
        found.map_or(otherwise, |found| found.value)
    };
    NotifyRules {
        bell: flag("bell", usual.bell),
        good: flag("good", usual.good),
        desktop: desktop(&section, report)
            .ok()
            .flatten()
            .unwrap_or(usual.desktop),
    }
}

fn desktop(section: &Section<'_>, report: &mut Report<'_>) -> Result<Option<Desktop>, Noted> {
    let words = || WORDS.iter().map(|(word, _)| *word);
    let allowed = words().collect::<Vec<_>>().join(", ");
    let Some(found) = section.string("desktop", &format!("one of: {allowed}"), report)? else {
        return Ok(None);
    };
    let known = WORDS.iter().find(|(word, _)| *word == found.value);
    known.map(|(_, desktop)| Some(*desktop)).ok_or_else(|| {
        let near = nearest(found.value, words());
        let hint = near.map_or(String::new(), |near| format!(" did you mean \"{near}\"?"));
        let message = format!(
            "unknown kind of notification \"{}\";{hint} allowed: {allowed}",
            found.value
        );
        report.error(&section.key("desktop"), &found.at, &message)
    })
}
