//! Followed logs. Each environment has one channel; what is shown is a ring of lines: that of a
//! channel, or one into which several are merged. How it is looked at (filter, search, time) is
//! derived from the ring, a slice of lines at a time, and never changes it.

mod around;
mod belonging;
pub mod breaks;
pub mod channel;
mod complaint;
pub mod errors;
pub mod fields;
pub mod find;
pub mod head;
pub mod lens;
pub mod merge;
pub mod query;
pub mod ring;
mod scan;
pub mod shown;
pub mod sieve;
mod words;

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};

use self::merge::{Change, Merged, Source};
use self::sieve::Budget;
use super::age::set_back;
use crate::model::{ContextId, EnvId, Scoped, TailId, TailState};

pub use self::channel::Channel;

/// Channels that are kept when another is looked at, beside those in use; the least recently used go
/// first.
const KEPT: usize = 16;
/// All channels together, and what several are as one, keep at most this much text.
const MAX_BYTES: usize = 128 * 1024 * 1024;

/// The channels.
#[derive(Clone, Debug)]
pub struct LogBook {
    channels: IndexMap<Scoped<EnvId>, Channel>,
    /// What was written before the last restart of the one environment where that is looked at. It
    /// is no part of what is followed, and forgotten with the look.
    previous: Option<(Scoped<EnvId>, Channel)>,
    /// Several channels as one, while that is looked at.
    merged: Option<Merged>,
    /// Whose channels are in use: they are neither forgotten nor emptied.
    in_use: Vec<Scoped<EnvId>>,
    /// How much text is kept at most.
    most_bytes: usize,
}

impl Default for LogBook {
    fn default() -> Self {
        Self {
            channels: IndexMap::new(),
            previous: None,
            merged: None,
            in_use: Vec::new(),
            most_bytes: MAX_BYTES,
        }
    }
}

impl LogBook {
    /// From now on at most so many bytes of text are kept.
    pub fn limit_to(&mut self, most_bytes: usize) {
        self.most_bytes = most_bytes;
    }

    /// Several channels as one, while that is looked at.
    #[must_use]
    pub fn merged(&self) -> Option<&Merged> {
        self.merged.as_ref()
    }

    /// The channel of an environment.
    #[must_use]
    pub fn channel(&self, env: &Scoped<EnvId>) -> Option<&Channel> {
        self.channels.get(env)
    }

    /// The channel of an environment, made if there is none; the least recently used goes.
    pub fn channel_mut(&mut self, env: &Scoped<EnvId>) -> &mut Channel {
        if !self.channels.contains_key(env) {
            self.forget_idle();
        }
        self.channels.entry(env.clone()).or_default()
    }

    fn forget_idle(&mut self) {
        while self.channels.len() >= KEPT {
            let used = |env: &Scoped<EnvId>| self.in_use.contains(env);
            let mut all = self.channels.iter();
            let idle = all.position(|(env, channel)| channel.tail.is_none() && !used(env));
            let Some(idle) = idle else { return };
            self.channels.shift_remove_index(idle);
        }
    }

    /// These channels are in use, and from now on the most recently used ones.
    pub(super) fn keep(&mut self, envs: &[Scoped<EnvId>]) {
        if self.in_use == envs {
            return;
        }
        self.in_use = envs.to_vec();
        for env in envs {
            if let Some((env, channel)) = self.channels.shift_remove_entry(env) {
                self.channels.insert(env, channel);
            }
        }
    }

    /// The channel of an environment, where there is one; it does not become the most recent.
    pub(super) fn known_mut(&mut self, env: &Scoped<EnvId>) -> Option<&mut Channel> {
        self.channels.get_mut(env)
    }

    /// What an environment wrote before its last restart, while that is looked at.
    #[must_use]
    pub fn previous(&self, env: &Scoped<EnvId>) -> Option<&Channel> {
        let (of, channel) = self.previous.as_ref()?;
        (of == env).then_some(channel)
    }

    /// As [`LogBook::previous`], made if there is none.
    pub(super) fn previous_mut(&mut self, env: &Scoped<EnvId>) -> &mut Channel {
        self.previous.take_if(|(of, _)| of != env);
        let made = || (env.clone(), Channel::default());
        &mut self.previous.get_or_insert_with(made).1
    }

    /// Forgets what was written before a restart. Gives its tail, which is to be closed.
    pub(super) fn forget_previous(&mut self) -> Option<TailId> {
        self.previous.take()?.1.tail
    }

    fn all_mut(&mut self) -> impl Iterator<Item = (&Scoped<EnvId>, &mut Channel)> {
        let previous = self.previous.iter_mut();
        let previous = previous.map(|(env, channel)| (&*env, channel));
        self.channels.iter_mut().chain(previous)
    }

    /// The channel that follows a tail.
    pub fn following(&mut self, tail: &TailId) -> Option<(&Scoped<EnvId>, &mut Channel)> {
        self.all_mut()
            .find(|(_, channel)| channel.tail.as_ref() == Some(tail))
    }

    /// What could not be followed is tried again, and older lines may be asked for again.
    pub(super) fn forget_failures(&mut self, context: ContextId) {
        let known = self.channels.iter_mut();
        for (_, channel) in known.filter(|(env, _)| env.context == context) {
            channel.head.is_whole = false;
        }
        let own = self.all_mut().filter(|(env, channel)| {
            env.context == context && matches!(channel.state, TailState::Failed(_))
        });
        for (_, channel) in own {
            channel.deployments_ended.clear();
            channel.is_retried = true;
        }
    }

    /// Bytes of text that are kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let channels = self.channels.values().map(|it| it.ring.bytes());
        let merged = self.merged.as_ref().map_or(0, Merged::bytes);
        let previous = self.previous.as_ref().map(|(_, it)| it.ring.bytes());
        channels.sum::<usize>() + merged + previous.unwrap_or(0)
    }

    /// When all together keep too much, the least recently used channels are emptied; if what is in
    /// use is too much by itself, the longest logs give up their oldest lines, except what is shown.
    pub(super) fn trim(&mut self) {
        let mut over = self.bytes().saturating_sub(self.most_bytes);
        let in_use = &self.in_use;
        let idle = self.channels.iter_mut();
        let idle = idle.filter(|(env, channel)| channel.tail.is_none() && !in_use.contains(env));
        for (_, channel) in idle {
            if over == 0 {
                return;
            }
            over = over.saturating_sub(channel.empty());
        }
        while over > 0 {
            let Some(freed) = self.shed(over) else { return };
            over = over.saturating_sub(freed);
        }
    }

    /// The longest log gives up its oldest lines: what it has more than the second longest, at least
    /// a part of it, so that this is not done for every line.
    fn shed(&mut self, over: usize) -> Option<usize> {
        let is_merged = self.merged.is_some();
        let shown = self.in_use.first().filter(|_| !is_merged);
        let others = self.channels.iter_mut();
        let others = others.filter(|(env, _)| Some(*env) != shown);
        let (_, longest) = others.max_by_key(|(_, channel)| channel.ring.bytes())?;
        let before = longest.ring.bytes();
        longest.ring.shed(over.min(before).max(before / 8));
        Some(before - longest.ring.bytes()).filter(|freed| *freed > 0)
    }

    /// Shows these logs as one, if there are several. Says whether that is news: then they are to be
    /// [named](Self::call).
    pub(super) fn show_as_one(&mut self, sources: &[Scoped<EnvId>], now: Timestamp) -> bool {
        if sources.len() < 2 {
            self.merged = None;
            return false;
        }
        if self.merged().is_some_and(|it| it.wanted() == sources) {
            return false;
        }
        let logs = logs_of(&self.channels, sources);
        match &mut self.merged {
            Some(merged) => merged.turn_to(sources.to_vec(), &logs, now),
            None => self.merged = Some(Merged::new(sources.to_vec(), &logs, now)),
        }
        true
    }

    /// What the logs that are shown as one are called in remarks.
    pub(super) fn call(&mut self, names: Vec<String>) {
        if let Some(merged) = &mut self.merged {
            merged.call(names);
        }
    }

    /// Goes on making one log of several.
    pub(super) fn merge(&mut self, now: Timestamp, budget: &mut Budget) -> Change {
        let Some(merged) = &mut self.merged else {
            return Change::Nothing;
        };
        let wanted = merged.wanted().to_vec();
        merged.advance(&logs_of(&self.channels, &wanted), now, budget)
    }

    /// The clock was set back by `by`.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        let closed = self
            .channels
            .values_mut()
            .filter_map(|c| c.closed_at.as_mut());
        closed.for_each(|at| set_back(at, by));
        let opened = self.channels.values_mut();
        let opened = opened.filter_map(|it| it.opened_at.as_mut());
        opened.for_each(|at| set_back(at, by));
    }

    /// What waits to be tried again is opened anew at once, where it was left.
    pub(super) fn hurry(&mut self, context: ContextId) {
        let own = self.all_mut().filter(|(env, channel)| {
            env.context == context && matches!(channel.state, TailState::Waiting { .. })
        });
        for (_, channel) in own {
            channel.is_retried = true;
        }
    }

    /// Environments whose logs are followed now.
    #[must_use]
    pub fn open(&self) -> Vec<Scoped<EnvId>> {
        let open = self
            .channels
            .iter()
            .filter(|(_, channel)| channel.tail.is_some());
        open.map(|(env, _)| env.clone()).collect()
    }
}

/// The logs of these environments, to be merged.
fn logs_of<'a>(
    channels: &'a IndexMap<Scoped<EnvId>, Channel>,
    envs: &[Scoped<EnvId>],
) -> Vec<Source<'a>> {
    let log = |env: &Scoped<EnvId>| {
        let channel = channels.get(env);
        Source {
            ring: channel.map(|channel| &channel.ring),
            is_live: channel.is_some_and(Channel::is_live),
            opened_at: channel.and_then(|channel| channel.opened_at),
        }
    };
    envs.iter().map(log).collect()
}
