//! Plans actions: a timeline of output and changes, which becomes an [`Event`].
//!
//! A handler makes a [`Plan`], writes into it in the order in which things happen, and hands it to
//! [`World::begin`], which refuses it if something stands in the way. The answer is
//! `Reply::stream(Play::Action(place))`: `stream` plays the event. Seconds are simulated ones.

use serde_json::Value;

use super::{
    app::App,
    errors::Refusal,
    event::{Deploy, Event, Kind, Owner, Piece, Script, Target},
    world::World,
};
use crate::sim::clock::Moment;

/// Something that happens to an app at a moment; the last is the seconds a simulated one takes.
pub(super) type Effect = Box<dyn FnOnce(&mut App, Moment, f64) + Send>;

/// What is to happen, in seconds from its start.
pub(super) struct Plan {
    kind: Kind,
    target: Target,
    owner: Owner,
    seconds: f64,
    pieces: Vec<(f64, String)>,
    effects: Vec<(f64, Effect)>,
    error: Option<String>,
    cancelable_until: Option<f64>,
    locks: bool,
    endless: bool,
    deploy: Option<Deploy>,
    custom: Value,
}

impl Plan {
    /// Something that the user of the token does to an app.
    pub(super) fn of(kind: &'static str, app: &str) -> Plan {
        Plan {
            kind: Kind::Permission(kind),
            target: Target::app(app),
            owner: Owner::user(World::USER),
            seconds: 0.0,
            pieces: Vec::new(),
            effects: Vec::new(),
            error: None,
            cancelable_until: None,
            locks: true,
            endless: false,
            deploy: None,
            custom: Value::Null,
        }
    }

    /// Somebody else does it.
    pub(super) fn by(mut self, owner: Owner) -> Plan {
        self.owner = owner;
        self
    }

    /// It is done to something that is no app.
    pub(super) fn at(mut self, kind: &'static str, value: &str) -> Plan {
        self.target = Target {
            kind,
            value: value.to_owned(),
        };
        self
    }

    /// What the custom data of its start says.
    pub(super) fn custom(mut self, custom: Value) -> Plan {
        self.custom = custom;
        self
    }

    /// What it deploys.
    pub(super) fn deploys(mut self, deploy: Deploy) -> Plan {
        self.deploy = Some(deploy);
        self
    }

    /// Other things can happen meanwhile, as while somebody has a shell.
    pub(super) fn unlocked(mut self) -> Plan {
        self.locks = false;
        self
    }

    /// It does not end by itself.
    pub(super) fn endless(mut self) -> Plan {
        self.endless = true;
        self
    }

    /// Some seconds pass.
    pub(super) fn wait(&mut self, seconds: f64) -> &mut Plan {
        self.seconds += seconds;
        self
    }

    /// A fragment of output is written now.
    pub(super) fn say(&mut self, text: impl Into<String>) -> &mut Plan {
        self.pieces.push((self.seconds, text.into()));
        self
    }

    /// Something happens to the app now.
    pub(super) fn then(
        &mut self,
        effect: impl FnOnce(&mut App, Moment, f64) + Send + 'static,
    ) -> &mut Plan {
        self.effects.push((self.seconds, Box::new(effect)));
        self
    }

    /// Up to now it can be cancelled.
    pub(super) fn cancelable(&mut self) -> &mut Plan {
        self.cancelable_until = Some(self.seconds);
        self
    }

    /// It ends now, with this error. Whatever was planned stays.
    pub(super) fn fail(&mut self, error: impl Into<String>) -> &mut Plan {
        self.error = Some(error.into());
        self
    }

    /// Whether it is planned to fail.
    pub(super) fn has_failed(&self) -> bool {
        self.error.is_some()
    }

    /// Puts the error into the frame that the server puts around it.
    pub(super) fn wrap_failure(&mut self, during: &str) -> &mut Plan {
        if let Some(error) = &mut self.error {
            *error = format!("\n---- ERROR during {during}: ----\n{error}\n");
        }
        self
    }

    /// What is written, with the second it is written in.
    pub(super) fn written(&self) -> &[(f64, String)] {
        &self.pieces
    }

    /// Seconds that are planned so far.
    pub(super) fn length(&self) -> f64 {
        self.seconds
    }
}

/// An effect that waits for its moment.
pub(super) struct Pending {
    pub(super) at: Moment,
    pub(super) event: usize,
    pub(super) effect: Effect,
}

impl World {
    /// Lets a plan begin, unless something stands in its way. Tells the place of its event.
    pub(super) fn begin(&mut self, now: Moment, plan: Plan) -> Result<usize, Refusal> {
        self.check_throttle(now, plan.kind, &plan.target)?;
        if plan.locks {
            self.check_lock(now, &plan.target)?;
        }
        let blocked = self.blocked(plan.kind, &plan.target, &plan.owner);
        if let Some(reason) = blocked {
            // It leaves an event that failed before it did anything.
            let mut refused = plan;
            refused.pieces.clear();
            refused.effects.clear();
            refused.seconds = 0.0;
            refused.deploy = None;
            refused.fail(reason.clone());
            self.put(now, refused);
            return Err(Refusal::failed(reason));
        }
        Ok(self.put(now, self.doomed(plan)))
    }

    /// What a fault makes of a plan: it fails at its end, after everything it has written.
    fn doomed(&self, mut plan: Plan) -> Plan {
        if let Some(cause) = self.doom.as_ref().filter(|_| plan.error.is_none()) {
            let verb = plan.kind.name().rsplit('.').next().unwrap_or_default();
            plan.fail(cause).wrap_failure(verb);
        }
        plan
    }

    /// Puts a plan into the list of events, whatever stands in its way.
    pub(super) fn put(&mut self, now: Moment, plan: Plan) -> usize {
        let pace = self.pace();
        let at = |seconds: f64| now.plus(seconds * pace);
        let pieces = plan.pieces.into_iter().map(|(seconds, text)| Piece {
            at: at(seconds),
            text,
        });
        let event = Event {
            id: self.event_id(now),
            kind: plan.kind,
            start: now,
            end: if plan.endless {
                Moment::NEVER
            } else {
                at(plan.seconds)
            },
            script: Script::Written(pieces.collect()),
            error: plan.error,
            cancelable_until: match plan.cancelable_until {
                None => now,
                Some(_) if plan.endless => Moment::NEVER,
                Some(seconds) => at(seconds),
            },
            cancel: None,
            locks: plan.locks,
            deploy: plan.deploy,
            custom: plan.custom,
            target: plan.target,
            owner: plan.owner,
        };
        let index = self.add_event(event);
        self.pending
            .extend(plan.effects.into_iter().map(|(seconds, effect)| Pending {
                at: at(seconds),
                event: index,
                effect,
            }));
        self.live.push(index);
        self.settle(now);
        index
    }
}
