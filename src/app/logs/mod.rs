//! Followed logs. Each environment has one channel; what is shown is a ring of lines: that of a
//! channel, or one into which several are merged. How it is looked at (filter, search, time) is
//! derived from the ring, a slice of lines at a time, and never changes it.

pub mod channel;
pub mod errors;
pub mod fields;
pub mod find;
pub mod lens;
pub mod merge;
pub mod query;
pub mod ring;
pub mod sieve;

use indexmap::IndexMap;
use jiff::SignedDuration;

use self::merge::Merged;
use super::age::set_back;
use crate::model::{ContextId, EnvId, Scoped, TailId, TailState};

pub use self::channel::Channel;

/// Channels that are kept when another is looked at, beside those in use; the least recently used go
/// first.
const KEPT: usize = 16;
/// All channels together keep at most this much text.
const MAX_BYTES: usize = 128 * 1024 * 1024;

/// The channels.
#[derive(Clone, Debug, Default)]
pub struct LogBook {
    channels: IndexMap<Scoped<EnvId>, Channel>,
    /// What was written before the last restart of the one environment where that is looked at. It
    /// is no part of what is followed, and forgotten with the look.
    previous: Option<(Scoped<EnvId>, Channel)>,
    /// Several channels as one, while that is looked at.
    merged: Option<Merged>,
    /// Whose channels are in use: they are neither forgotten nor emptied.
    in_use: Vec<Scoped<EnvId>>,
}

impl LogBook {
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

    /// What could not be followed is tried again.
    pub(super) fn forget_failures(&mut self, context: ContextId) {
        let own = self.all_mut().filter(|(env, channel)| {
            env.context == context && matches!(channel.state, TailState::Failed(_))
        });
        for (_, channel) in own {
            channel.deployments_ended.clear();
            channel.is_retried = true;
        }
    }

    /// Empties the least recently followed channels when all together keep too much.
    pub(super) fn trim(&mut self) {
        let mut bytes: usize = self.channels.values().map(|c| c.ring.bytes()).sum();
        let idle = self.channels.values_mut().filter(|c| c.tail.is_none());
        for channel in idle {
            if bytes <= MAX_BYTES {
                return;
            }
            bytes -= channel.ring.bytes();
            channel.ring.clear();
        }
    }

    /// The clock was set back by `by`.
    pub(super) fn shift(&mut self, by: SignedDuration) {
        let closed = self
            .channels
            .values_mut()
            .filter_map(|c| c.closed_at.as_mut());
        closed.for_each(|at| set_back(at, by));
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
