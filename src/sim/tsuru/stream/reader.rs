//! Reading the log of an app bit by bit. Source: tsuru contract, section 5 (Logs).
//!
//! Two origins are merged: what pods write, and tsuru's own records. The rules differ between the
//! two, and so it is here: only the second honours an inverted source.

use std::collections::HashSet;

use super::{
    pod::{Pod, PodState},
    record::{self, NOTICE, OWN, Record},
    voice::Voices,
};
use crate::sim::clock::Moment;

/// What somebody wants to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::sim::tsuru) struct Asked {
    /// The app or the job.
    pub(super) name: String,
    /// How many of the newest records of each pod, and of tsuru's own; 0 is the default.
    pub(super) lines: usize,
    pub(super) source: Option<String>,
    /// Everything but that source.
    pub(super) inverts: bool,
    /// All if empty.
    pub(super) units: Vec<String>,
    pub(super) follow: bool,
    pub(super) origin: Origin,
}

/// Whose records they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sim::tsuru) enum Origin {
    /// Of an app: of its pods, and tsuru's own.
    #[default]
    App,
    /// What the answering instance keeps of an app: no pods.
    Instance,
    /// Of the runs of a job: pods only.
    Job,
}

/// How far somebody has read a log.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    asked: Asked,
    /// Everything before is read.
    to: Moment,
    /// The pods that were there when somebody looked last.
    known: Option<HashSet<String>>,
}

/// Where a reader finds what it reads.
pub(super) struct Scene<'a> {
    pub(super) pods: Vec<Pod>,
    /// tsuru's own records between two moments.
    pub(super) own: &'a dyn Fn(Moment, Moment) -> Vec<Record>,
    pub(super) voices: &'a Voices,
}

impl Asked {
    fn takes_pod(&self, pod: &Pod) -> bool {
        let source = self.source.as_deref();
        source.is_none_or(|source| source == pod.source) && self.takes_unit(&pod.unit)
    }

    fn takes_own(&self) -> bool {
        let source = self.source.as_deref();
        let fits = source.is_none_or(|source| (source == OWN.0) != self.inverts);
        fits && self.takes_unit(OWN.1)
    }

    fn takes_unit(&self, unit: &str) -> bool {
        self.units.is_empty() || self.units.iter().any(|wanted| wanted == unit)
    }

    /// How many lines of a pod, and how many of tsuru's own.
    fn most(&self) -> (usize, usize) {
        const USUAL: usize = 100;
        match self.lines {
            0 => (USUAL, usize::MAX),
            lines => (lines, lines),
        }
    }
}

impl Reader {
    /// Nothing is read yet.
    pub(super) fn new(asked: Asked) -> Reader {
        Reader {
            asked,
            to: Moment(0),
            known: None,
        }
    }

    /// What was written since the last time; the newest of what there is, the first time.
    pub(super) fn read(&mut self, scene: &Scene<'_>, now: Moment) -> Vec<Record> {
        let before = self.known.take();
        let (of_pod, of_own) = if before.is_some() {
            (usize::MAX, usize::MAX)
        } else {
            self.asked.most()
        };
        let mut records = Vec::new();
        let mut known = HashSet::new();
        for pod in self.pods(scene) {
            if before
                .as_ref()
                .is_none_or(|before| !before.contains(&pod.unit))
            {
                let said = introduction(pod, before.is_some());
                records.extend(said.map(|said| Record::of(now, NOTICE, &self.asked.name, said)));
            }
            known.insert(pod.unit.clone());
            if pod.is_readable() {
                let spoken = match before {
                    Some(_) => scene.voices.quietly(pod, self.to, now),
                    None => scene.voices.between(pod, self.to, now, of_pod),
                };
                records.extend(spoken.into_iter().map(|spoken| spoken.by(pod)));
            }
        }
        if self.asked.origin != Origin::Job && self.asked.takes_own() {
            let mut own = (scene.own)(self.to, now);
            own.drain(..own.len().saturating_sub(of_own));
            records.extend(own);
        }
        // Stable: what is written at the same time stays in the order of the pods.
        records.sort_by_key(|record| record.at);
        if before.is_some() {
            self.drop_some(&mut records, now);
        }
        self.known = Some(known);
        self.to = now;
        records
    }

    /// Up to when is read now: what was written in great number is sent bit by bit, and not when all
    /// of it is made.
    pub(super) fn reach(&self, scene: &Scene<'_>, now: Moment) -> Moment {
        const AT_ONCE: u64 = 2_000;
        let pods = self.pods(scene).filter(|_| self.known.is_some());
        let floods = pods.flat_map(|pod| {
            let from = self.to.max(pod.from).min(now);
            scene.voices.floods(pod).iter().map(move |it| (it, from))
        });
        let reaches = floods.map(|(flood, from)| flood.reach(from, now, AT_ONCE));
        reaches.min().unwrap_or(now)
    }

    /// What was written in great number since the last time, as it is sent: many records at once.
    /// To be asked before the rest is read, which is the last time from then on.
    pub(super) fn flooded(
        &self,
        scene: &Scene<'_>,
        now: Moment,
        skewed: impl Fn(Moment) -> Moment,
    ) -> Vec<String> {
        let pods = self.pods(scene).filter(|pod| pod.is_readable());
        let known = pods.filter(|_| self.known.is_some());
        let flooded = known.flat_map(|pod| {
            let from = self.to.max(pod.from);
            let to = pod.until.map_or(now, |until| until.min(now));
            let floods = scene.voices.floods(pod).iter();
            floods.map(move |flood| (pod, flood, flood.between(from, to)))
        });
        flooded
            .flat_map(|(pod, flood, lines)| record::flooded(pod, flood, lines, &skewed))
            .collect()
    }

    /// The pods that are read.
    fn pods<'a>(&'a self, scene: &'a Scene<'_>) -> impl Iterator<Item = &'a Pod> {
        let reads = self.asked.origin != Origin::Instance;
        let pods = scene.pods.iter();
        pods.filter(move |pod| reads && self.asked.takes_pod(pod))
    }

    /// Who reads slowly loses what was kept for it in between, and is told.
    fn drop_some(&self, records: &mut Vec<Record>, now: Moment) {
        const SLOW: f64 = 5.0;
        const KEPT: usize = 1_000;
        let surplus = records.len().saturating_sub(KEPT);
        if now.since(self.to) < SLOW || surplus == 0 {
            return;
        }
        let text = format!("Log messages dropped: {surplus} messages, the client reads too slowly");
        let told = Record::of(now, OWN, &self.asked.name, text);
        records.drain(..surplus);
        records.push(told);
    }
}

/// What is said when a pod is seen first, which may be in the middle.
fn introduction(pod: &Pod, is_late: bool) -> Option<String> {
    match &pod.state {
        PodState::Unreadable(why) => Some(format!(
            "Unable to fetch logs from unit {:?}: {why}",
            pod.unit
        )),
        PodState::Running | PodState::Crashing | PodState::Job { .. } => {
            is_late.then(|| format!("Starting to watch new unit: {}", pod.unit))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{self, pod},
        *,
    };
    use crate::sim::clock::Clock;

    /// An app with three units in a still world, and ten records of tsuru's own.
    struct Stage {
        clock: Clock,
        voices: Voices,
        pods: Vec<Pod>,
    }

    impl Stage {
        fn new() -> Stage {
            let clock = Clock::start(1.0);
            let born = clock.started().plus(-100.0);
            Stage {
                voices: Voices::new(1, &clock, false),
                pods: vec![
                    pod("web", "web-1", born),
                    pod("web", "web-2", born),
                    pod("worker", "worker-1", born),
                ],
                clock,
            }
        }

        fn read(&self, reader: &mut Reader, seconds: f64) -> Vec<Record> {
            let started = self.clock.started();
            let own = move |from: Moment, to: Moment| {
                let at = (0..10).map(|number| started.plus(-50.0 + f64::from(number)));
                let within = at.filter(|at| (from..to).contains(at));
                let said = within.map(|at| Record::of(at, OWN, "shop", format!("own {}", at.0)));
                said.collect()
            };
            let scene = Scene {
                pods: self.pods.clone(),
                own: &own,
                voices: &self.voices,
            };
            reader.read(&scene, started.plus(seconds))
        }

        fn first(&self, asked: Asked) -> Vec<Record> {
            self.read(&mut Reader::new(asked), 1.0)
        }
    }

    fn asked(lines: usize, source: Option<&str>, inverts: bool) -> Asked {
        Asked {
            name: "shop".to_owned(),
            lines,
            source: source.map(str::to_owned),
            inverts,
            ..Asked::default()
        }
    }

    /// How many records there are of each source.
    fn check(asked: Asked, web: usize, worker: usize, own: usize) {
        let records = Stage::new().first(asked);
        let of = |source| {
            let some = records.iter().filter(|record| record.source == source);
            some.count()
        };
        assert_eq!((of("web"), of("worker"), of("tsuru")), (web, worker, own));
        assert!(records.is_sorted_by_key(|record| record.at));
    }

    #[test]
    fn lines_are_counted_for_each_pod_and_for_tsuru() {
        check(asked(3, None, false), 6, 3, 3);
        check(asked(3, Some("web"), false), 6, 0, 0);
        check(asked(3, Some("tsuru"), false), 0, 0, 3);
    }

    #[test]
    fn inverted_source_is_honoured_for_records_of_tsuru_only() {
        check(asked(3, Some("web"), true), 6, 0, 3);
        check(asked(3, Some("tsuru"), true), 0, 0, 0);
    }

    #[test]
    fn units_and_origins_narrow_what_is_read() {
        let of = |units: &[&str], origin| Asked {
            units: units.iter().map(|unit| (*unit).to_owned()).collect(),
            origin,
            ..asked(3, None, false)
        };
        check(of(&["web-1"], Origin::App), 3, 0, 0);
        check(of(&["web-1", "worker-1"], Origin::App), 3, 3, 0);
        check(of(&["api"], Origin::App), 0, 0, 3);
        check(of(&[], Origin::Instance), 0, 0, 3);
        check(of(&[], Origin::Job), 6, 3, 0);
    }

    #[test]
    fn nought_lines_mean_all_of_tsuru_and_the_usual_number_of_a_pod() {
        let stage = Stage::new();
        let records = stage.first(asked(0, None, false));
        let own = records.iter().filter(|record| record.source == "tsuru");
        assert_eq!(own.count(), 10);
        let one = records.iter().filter(|record| record.unit == "web-1");
        assert!((50..=100).contains(&one.count()));
    }

    #[test]
    fn what_is_written_while_it_is_read_comes_once() {
        let mut stage = Stage::new();
        let mut reader = Reader::new(asked(2, Some("web"), false));
        assert_eq!(stage.read(&mut reader, 1.0).len(), 4);
        assert_eq!(stage.read(&mut reader, 2.0), []);
        let now = stage.clock.started().plus(2.5);
        let lines = ["a", "b"].map(str::to_owned);
        let writer = stage.pods[1].clone();
        stage.voices.append(&writer, now, &lines);
        let read = stage.read(&mut reader, 3.0);
        let read: Vec<&str> = read.iter().map(|record| record.message.as_str()).collect();
        assert_eq!(read, ["a", "b"]);
        assert_eq!(stage.read(&mut reader, 4.0), []);
    }

    #[test]
    fn new_pods_and_those_that_cannot_be_read_are_noticed_once() {
        let mut stage = Stage::new();
        let mut reader = Reader::new(asked(1, None, false));
        stage.pods[0].state = PodState::Unreadable("ContainerCreating".to_owned());
        let notices = |records: Vec<Record>| {
            let notices = records.into_iter().filter(|it| it.source == "kubernetes");
            notices.map(|it| it.message).collect::<Vec<String>>()
        };
        let first = notices(stage.read(&mut reader, 1.0));
        assert_eq!(
            first,
            ["Unable to fetch logs from unit \"web-1\": ContainerCreating"]
        );
        stage.pods.push(testing::pod(
            "web",
            "web-3",
            stage.clock.started().plus(2.0),
        ));
        let second = notices(stage.read(&mut reader, 3.0));
        assert_eq!(second, ["Starting to watch new unit: web-3"]);
        assert!(notices(stage.read(&mut reader, 4.0)).is_empty());
    }

    #[test]
    fn slow_reader_loses_records_and_is_told() {
        let mut stage = Stage::new();
        let mut reader = Reader::new(asked(1, Some("web"), false));
        stage.read(&mut reader, 1.0);
        let lines: Vec<String> = (0..3_000).map(|number| format!("line {number}")).collect();
        let now = stage.clock.started().plus(1.5);
        let writer = stage.pods[0].clone();
        stage.voices.append(&writer, now, &lines);
        let read = stage.read(&mut reader.clone(), 2.0);
        assert_eq!(read.len(), 3_000, "who reads in time loses nothing");
        let read = stage.read(&mut reader, 9.0);
        assert_eq!(read.len(), 1_001);
        assert_eq!(read[999].message, "line 2999");
        assert!(
            read[1_000]
                .message
                .starts_with("Log messages dropped: 2000")
        );
    }
}
