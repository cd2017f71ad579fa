//! The title of the pane, and what it says of the log at the right.

use std::time::Duration;

use super::super::{Part, part};
use crate::app::action::Action;
use crate::app::age::Short;
use crate::app::logs::Channel;
use crate::app::panes::logs::{Sight, origins, platforms, rows, selected_channel};
use crate::model::{LogDelivery, LogSource, TailState};
use crate::ui::View;
use crate::ui::text::{count, width};

/// What was typed is told up to here.
const TYPED: usize = 24;

/// `Logs  shop-api/live · runtime`, or `Logs  shop-api + billing + 1 · 3 sources on 2 platforms`.
pub(super) fn title(view: View<'_>, columns: u16) -> String {
    let what = if view.state.logs.merged().is_some() {
        merged(view, usize::from(columns) / 2)
    } else {
        single(view)
    };
    let what: Vec<_> = what.into_iter().filter(|it| !it.is_empty()).collect();
    let what = what.join(&format!(" {} ", view.glyphs.dot));
    format!("Logs  {what}").trim_end().to_owned()
}

fn single(view: View<'_>) -> Vec<String> {
    let channel = selected_channel(view.state);
    let tail = channel.and_then(|channel| channel.tail.as_ref());
    let source = tail.map_or("", |tail| match &tail.source {
        LogSource::Deployment { .. } => "deployment",
        LogSource::Runtime { .. } => "runtime",
        LogSource::Previous { .. } => "before the last restart",
        LogSource::JobRun { .. } => "job run",
        LogSource::Event { .. } => "event",
    });
    vec![target(view), source.to_owned()]
}

/// As many names as fit, and how many more there are.
fn merged(view: View<'_>, columns: usize) -> Vec<String> {
    let names = origins(view.state);
    let mut shown = String::new();
    for (at, name) in names.iter().enumerate() {
        let joined = if at == 0 {
            name.app.clone()
        } else {
            format!("{shown} + {}", name.app)
        };
        if at > 0 && width(&joined) > columns {
            shown = format!("{shown} + {}", names.len() - at);
            break;
        }
        shown = joined;
    }
    let (sources, platforms) = (names.len(), platforms(view.state));
    let sources = format!(
        "{sources} {}",
        if sources == 1 { "source" } else { "sources" }
    );
    let on = if platforms > 1 {
        format!(" on {platforms} platforms")
    } else {
        String::new()
    };
    vec![shown, sources + &on]
}

fn target(view: View<'_>) -> String {
    let app = view
        .state
        .panes
        .apps
        .selected()
        .map(|row| row.name.to_string());
    let env = view
        .state
        .selected_environment()
        .map(|env| env.name.to_string());
    let parts: Vec<_> = [app, env].into_iter().flatten().collect();
    parts.join("/")
}

/// What is wrong, `FOLLOW`, what is looked for, what is lost, how much there is: the most important
/// first.
pub(super) fn right<'a>(view: View<'a>, sight: Option<&Sight<'_>>, tabs: bool) -> Vec<Part<'a>> {
    let theme = view.theme;
    let Some(sight) = sight else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    if tabs && view.state.logs.merged().is_none() {
        parts.push(part(target(view), theme.plain()));
    }
    parts.extend(problem(view));
    parts.push(following(view, sight));
    parts.extend(search(view, sight));
    parts.extend(filter(view, sight));
    let lost = lost(view, sight);
    if lost > 0 {
        let lost = count(usize::try_from(lost).unwrap_or(usize::MAX));
        parts.push(part(format!("{lost} dropped"), theme.warning()));
    }
    let lines = sight.ring.len();
    let word = if lines == 1 { "line" } else { "lines" };
    parts.push(part(format!("{} {word}", count(lines)), theme.dim()));
    parts.extend(delay(view).map(|delay| part(delay, theme.dim())));
    parts
}

/// The logs that are shown, each with its name where there are several.
fn channels(view: View<'_>) -> Vec<(String, &Channel)> {
    let state = view.state;
    let Some(merged) = state.logs.merged() else {
        let one = selected_channel(state).map(|channel| (String::new(), channel));
        return one.into_iter().collect();
    };
    let all = merged.sources.iter().zip(origins(state));
    let all = all.filter_map(|(env, name)| Some((name.app, state.logs.channel(env)?)));
    all.collect()
}

/// How the log is doing where that is not well; of several the first of which that is so.
fn problem(view: View<'_>) -> Option<Part<'_>> {
    let channels = channels(view);
    let told = channels
        .iter()
        .filter_map(|(name, channel)| Some((name, condition(view, channel)?)));
    // What failed matters more than what has only begun.
    let (name, (_, text, style)) = told.max_by_key(|(_, (weight, ..))| *weight)?;
    let name = if name.is_empty() {
        String::new()
    } else {
        format!("{name}: ")
    };
    Some(part(format!("{name}{text}"), style))
}

fn condition(view: View<'_>, channel: &Channel) -> Option<(u8, String, ratatui::style::Style)> {
    let theme = view.theme;
    match &channel.state {
        TailState::Opening if channel.tail.is_some() => Some((1, "opening".into(), theme.dim())),
        TailState::Waiting { failure, retry_in } => {
            let wait = Short((*retry_in).max(Duration::from_secs(1)));
            let text = format!("{}, retry in {wait}", failure.short());
            Some((2, text, theme.bad()))
        }
        TailState::Failed(failure) => Some((3, failure.short(), theme.bad())),
        TailState::Ended if channel.tail.is_some() => Some((0, "ended".into(), theme.dim())),
        TailState::Opening | TailState::Live | TailState::Ended => None,
    }
}

/// `FOLLOW`, `PAUSED`, or what is below and the key that goes there.
fn following<'a>(view: View<'a>, sight: &Sight<'_>) -> Part<'a> {
    let (state, theme) = (view.state, view.theme);
    if state.is_paused {
        return part("PAUSED", theme.warning());
    }
    if state.panes.logs.follows {
        return part("FOLLOW", theme.good());
    }
    let rows = rows(state);
    let last = sight.lines(sight.top(rows), rows);
    let seen = last.last().map_or(0, |(line, ..)| line.no + 1);
    let sieve = &state.panes.logs.sieve;
    let below = sieve
        .len(sight.ring)
        .saturating_sub(sieve.rank(sight.ring, seen));
    let key = state.screen.keymap.key(Action::Follow);
    if below == 0 {
        return part(format!("{key} follows"), theme.dim());
    }
    let text = format!("{key} follows {} {} below", view.glyphs.dot, count(below));
    part(text, theme.dim())
}

/// `/pat 2/17`.
fn search<'a>(view: View<'a>, sight: &Sight<'_>) -> Option<Part<'a>> {
    let finder = &view.state.panes.logs.finder;
    let typed = shortened(view, finder.pattern()?.text());
    let (at, all, may_be_more) = finder.position();
    let is_behind = may_be_more || finder.is_behind(sight.ring, &view.state.panes.logs.sieve);
    let more = if is_behind { view.glyphs.ellipsis } else { "" };
    if all == 0 && !is_behind {
        return Some(part(format!("/{typed} not found"), view.theme.warning()));
    }
    let at = if at > 0 {
        format!("{}/", count(at))
    } else {
        String::new()
    };
    let text = format!("/{typed} {at}{}{more}", count(all));
    Some(part(text, view.theme.accent()))
}

/// `&level>=warn: 120 of 12 408`.
fn filter<'a>(view: View<'a>, sight: &Sight<'_>) -> Option<Part<'a>> {
    let sieve = &view.state.panes.logs.sieve;
    let typed = shortened(view, sieve.filter_text()?);
    let more = if sieve.is_behind(sight.ring) {
        view.glyphs.ellipsis
    } else {
        ""
    };
    let (fitting, all) = (sieve.fitting(sight.ring), sight.ring.len());
    let text = format!("&{typed}: {}{more} of {}", count(fitting), count(all));
    Some(part(text, view.theme.accent()))
}

fn shortened(view: View<'_>, typed: &str) -> String {
    crate::ui::text::fit(typed, TYPED, view.glyphs.ellipsis)
}

fn lost(view: View<'_>, sight: &Sight<'_>) -> u64 {
    let skipped: u64 = channels(view)
        .iter()
        .map(|(_, channel)| channel.skipped)
        .sum();
    sight.ring.dropped().saturating_add(skipped)
}

/// How late lines may be, where they are asked for rather than sent; of several the latest.
fn delay(view: View<'_>) -> Option<String> {
    let channels = channels(view);
    let delays = channels.iter().filter_map(|(_, channel)| {
        let tail = channel.tail.as_ref()?;
        let profile = view.state.contexts.get(tail.context)?.profile;
        match profile.delivery(&tail.source) {
            LogDelivery::Polled(every) => Some(every),
            LogDelivery::Stream | LogDelivery::None => None,
        }
    });
    delays.max().map(|every| format!("every {}", Short(every)))
}
