//! What a log consists of, and reading it bit by bit.
//! Source: DigitalOcean contract, sections 6.1 and 6.2.

use super::{
    build_log::{self, Said, over},
    chatter::Talk,
    component::{Component, Role, components},
    deployment::{Deployment, Stage},
    voice::{Span, printed},
    world::World,
};
use crate::sim::{
    clock::Moment,
    record::{Line, Place},
};

/// Which log it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Of one half of a deployment, by ordinal.
    Stage(usize, Stage),
    /// What a deployment writes while it serves.
    Run(usize),
    /// What it wrote before an instance crashed for the last time.
    Restarted(usize),
    /// One run of a job, by ordinal.
    Invocation(usize),
    /// One change of the number of instances, by the ordinal of its deployment.
    Scaling(usize),
}

/// What somebody wants to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) app: usize,
    pub(super) what: What,
    /// The component, if it is to be one only.
    pub(super) component: Option<String>,
    /// How many of the existing lines; absent means all.
    pub(super) tail: Option<usize>,
    /// Whether to go on after the existing lines.
    pub(super) follow: bool,
    /// Until when to wait for instances that are not up.
    pub(super) patience: Moment,
}

/// A log with an end, whether that has come or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tape {
    /// What is written by then, oldest first.
    pub(super) said: Vec<Said>,
    /// When nothing more is written.
    pub(super) over: Moment,
}

impl Asked {
    fn takes(&self, component: &Component) -> bool {
        let name = self.component.as_deref();
        name.is_none_or(|name| name == component.name)
    }

    /// The components whose lines it is about.
    pub(super) fn components(&self, world: &World) -> Vec<Component> {
        let spec = match self.what {
            What::Stage(ordinal, _) | What::Run(ordinal) | What::Restarted(ordinal) => {
                world.deployment(self.app, ordinal).spec
            }
            What::Invocation(_) | What::Scaling(_) => world.spec(self.app),
        };
        let wanted = |component: &Component| self.takes(component) && self.has(component);
        components(&spec).into_iter().filter(wanted).collect()
    }

    fn has(&self, component: &Component) -> bool {
        match self.what {
            What::Stage(_, Stage::Build) => !component.prebuilt && component.role != Role::Database,
            What::Stage(_, Stage::Deploy) => {
                component.role.runs() || matches!(component.role, Role::Job(_))
            }
            What::Run(_) | What::Restarted(_) => component.role.runs(),
            What::Invocation(_) | What::Scaling(_) => true,
        }
    }

    /// A log with an end; none of what goes on for as long as a deployment serves.
    pub(super) fn tape(&self, world: &World, now: Moment) -> Option<Tape> {
        match self.what {
            What::Stage(ordinal, stage) => {
                Some(self.stage(world, &world.deployment(self.app, ordinal), stage))
            }
            What::Restarted(ordinal) => Some(Tape {
                said: self.restarted(world, &world.deployment(self.app, ordinal), now),
                over: now,
            }),
            What::Run(_) => None,
            What::Invocation(ordinal) => {
                let mut runs = world.runs(self.app, now).into_iter();
                let run = runs.find(|run| run.ordinal == ordinal)?;
                Some(Tape {
                    said: build_log::job_run(world, &run),
                    over: run.ended,
                })
            }
            What::Scaling(ordinal) => {
                let (said, over) = build_log::scaling(&world.deployment(self.app, ordinal))?;
                Some(Tape { said, over })
            }
        }
    }

    fn stage(&self, world: &World, deployment: &Deployment, stage: Stage) -> Tape {
        let written =
            |component: &Component| build_log::pieces(world.seed, deployment, component, stage);
        let mut said: Vec<Said> = self.components(world).iter().flat_map(written).collect();
        // Stable: what is written at the same time stays in the order of the components.
        said.sort_by_key(|said| said.at);
        Tape {
            said,
            over: over(deployment, stage),
        }
    }

    fn restarted(&self, world: &World, deployment: &Deployment, now: Moment) -> Vec<Said> {
        let Some(span) = span(world, deployment, now) else {
            return Vec::new();
        };
        let mut lines = Vec::new();
        for component in self.components(world) {
            let talk = talk(world, self.app, &component, now);
            let crash = talk.crashed.iter().rev().find(|at| span.holds(**at));
            if let Some(crash) = crash {
                let until = Some(*crash);
                let before = Span { until, ..span };
                let most = self.tail.unwrap_or(usize::MAX);
                lines.extend(world.logs.voices.last(&talk, before, most, now));
            }
        }
        said(lines)
    }

    /// What a deployment that serves has written after a place; from the tail on if it is the
    /// first time.
    fn running(&self, world: &World, span: Span, after: Option<Place>, now: Moment) -> Vec<Said> {
        let voices = &world.logs.voices;
        let most = self.tail.unwrap_or(usize::MAX);
        let mut lines: Vec<Line> = Vec::new();
        let mut flooded: Vec<(Moment, String)> = Vec::new();
        for component in self.components(world) {
            let talk = talk(world, self.app, &component, now);
            lines.extend(match after {
                Some(place) => {
                    flooded.extend(voices.flooded(&talk, span, place, now));
                    voices.after(&talk, span, place, now)
                }
                None => voices.last(&talk, span, most, now),
            });
        }
        let mut said = said(lines);
        said.extend(flooded.into_iter().map(|(at, text)| Said { at, text }));
        if after.is_none() {
            said.drain(..said.len().saturating_sub(most));
        }
        said
    }
}

/// When a deployment serves, or served; none if it never did.
pub(super) fn span(world: &World, deployment: &Deployment, now: Moment) -> Option<Span> {
    Some(Span {
        from: deployment.live_since(now)?,
        until: world.replaced_at(deployment, now),
    })
}

fn talk(world: &World, app: usize, component: &Component, now: Moment) -> Talk {
    Talk {
        seed: world.seed,
        app,
        component: component.name.clone(),
        role: component.role,
        crashed: world.crashes(app, &component.name, now),
    }
}

fn said(mut lines: Vec<Line>) -> Vec<Said> {
    lines.sort_by_key(|line| line.place.at);
    let printed = |line: Line| Said {
        at: line.place.at,
        text: printed(&line.service, line.place.at, &line.message),
    };
    lines.into_iter().map(printed).collect()
}

/// How far somebody has read a log.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    asked: Asked,
    /// How many pieces of a log with an end are read.
    pieces: Option<usize>,
    /// Up to where what a deployment writes is read.
    place: Option<Place>,
}

/// What there is to read now, and whether anything will follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) pieces: Vec<String>,
    pub(super) is_last: bool,
}

impl Reader {
    /// Nothing is read yet.
    pub(super) fn new(asked: Asked) -> Reader {
        Reader {
            asked,
            pieces: None,
            place: None,
        }
    }

    /// What was written since the last time.
    pub(super) fn read(&mut self, world: &World, now: Moment) -> Batch {
        let (said, is_last) = match (self.asked.tape(world, now), self.asked.what) {
            (Some(tape), _) => self.wind(tape, now),
            (None, What::Run(ordinal)) => self.listen(world, ordinal, now),
            (None, _) => (Vec::new(), true),
        };
        Batch {
            pieces: said.into_iter().map(|said| said.text).collect(),
            is_last: is_last || !self.asked.follow || world.apps[self.asked.app].gone,
        }
    }

    fn wind(&mut self, Tape { mut said, over }: Tape, now: Moment) -> (Vec<Said>, bool) {
        said.retain(|said| said.at <= now);
        let count = said.len();
        let tail = self.asked.tail.unwrap_or(usize::MAX);
        let read = self.pieces.replace(count);
        said.drain(..read.unwrap_or(count.saturating_sub(tail)).min(count));
        (said, over <= now)
    }

    fn listen(&mut self, world: &World, ordinal: usize, now: Moment) -> (Vec<Said>, bool) {
        let deployment = world.deployment(self.asked.app, ordinal);
        let Some(span) = span(world, &deployment, now) else {
            let phase = world.phase(&deployment, now);
            return (
                Vec::new(),
                phase.is_terminal() || self.asked.patience <= now,
            );
        };
        // Lines of this very microsecond may still come.
        let now = Moment(now.0 - 1);
        let said = self.asked.running(world, span, self.place, now);
        self.place = Some(Place {
            at: now,
            ..Place::END
        });
        (said, span.until.is_some_and(|until| until <= now))
    }
}
