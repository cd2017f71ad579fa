use proptest::prelude::*;

use super::*;

fn record(unit: &str, at: i64) -> Record {
    Record {
        at: Timestamp::from_second(at).ok(),
        message: "x".into(),
        source: "web".into(),
        unit: unit.into(),
    }
}

/// The last so many records of each unit, by time, as the server sends them.
fn last(log: &[Record], lines: u32) -> Vec<Record> {
    let mut kept: Vec<Record> = Vec::new();
    for (at, record) in log.iter().enumerate() {
        let later = log[at + 1..].iter().filter(|it| it.unit == record.unit);
        if later.count() < lines as usize {
            kept.push(record.clone());
        }
    }
    kept
}

/// A connection on which `came` comes first; how many of them are new, or that more is wanted.
fn first(place: &mut Place, log: &[Record], is_short: bool) -> Result<Vec<usize>, Joins> {
    let asked = place.reach(is_short);
    place.begin(asked);
    let came = last(log, asked);
    let from = log.len() - came.len();
    match place.joins(&came) {
        Joins::AskMore => return Err(Joins::AskMore),
        Joins::No | Joins::Yes => {}
    }
    let new = (0..came.len()).filter(|at| place.take(&came[*at]));
    Ok(new.map(|at| from + at).collect())
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_comes_twice(
        times in prop::collection::vec((0..2_u8, 0..3_i64), 0..60),
        cuts in prop::collection::vec((1..20_usize, 0..10_usize), 0..8),
    ) {
        let mut now = 1000;
        let log: Vec<Record> = times.iter().map(|(unit, step)| {
            now += step;
            record(if *unit == 0 { "a" } else { "b" }, now)
        }).collect();
        let mut place = Place::new(100, None);
        let (mut given, mut written) = (Vec::new(), 0);
        for (missed, live) in cuts.into_iter().chain([(log.len(), 0)]) {
            written = (written + missed).min(log.len());
            given.extend(first(&mut place, &log[..written], false).unwrap());
            let end = (written + live).min(log.len());
            given.extend((written..end).filter(|at| place.take(&log[*at])));
            written = end;
        }
        // Of one writer and moment any may be the one that was missed.
        let key = |at: &usize| (log[*at].unit.clone(), log[*at].at);
        let mut given: Vec<_> = given.iter().map(key).collect();
        let mut whole: Vec<_> = (0..log.len()).map(|at| key(&at)).collect();
        given.sort();
        whole.sort();
        prop_assert_eq!(given, whole);
    }
}

#[test]
fn what_was_before_the_first_lines_of_a_unit_does_not_come_later() {
    let log: Vec<_> = (0..50).map(|at| record("a", 1000 + at)).collect();
    let slow = [record("b", 10)];
    let all: Vec<_> = slow.iter().chain(&log).cloned().collect();
    let mut place = Place::new(5, None);
    assert_eq!(first(&mut place, &all, false).unwrap().len(), 6);
    assert_eq!(first(&mut place, &all, false), Ok(vec![]));
}

#[test]
fn a_unit_that_wrote_more_than_is_asked_for_is_asked_for_more() {
    let mut log: Vec<_> = (0..5).map(|at| record("a", 1000 + at)).collect();
    let mut place = Place::new(5, None);
    assert_eq!(first(&mut place, &log, false).unwrap().len(), 5);
    log.extend((0..1500).map(|at| record("a", 2000 + at)));
    assert_eq!(first(&mut place, &log, false), Err(Joins::AskMore));
    assert_eq!(first(&mut place, &log, true).unwrap().len(), 1500);
    let mut many: Vec<_> = (0..11_000).map(|at| record("a", 5000 + at)).collect();
    place.begin(MOST);
    many = last(&many[1000..], MOST);
    assert_eq!(place.joins(&many), Joins::No);
}

#[test]
fn a_new_unit_is_new_from_its_first_line() {
    let mut place = Place::new(2, None);
    assert_eq!(first(&mut place, &[record("a", 5)], false).unwrap(), [0]);
    let log = [record("b", 1), record("a", 5), record("b", 6)];
    assert_eq!(first(&mut place, &log, false).unwrap(), [0, 2]);
}

#[test]
fn only_what_was_written_since_then_is_wanted() {
    let mut place = Place::new(2, Timestamp::from_second(1005).ok());
    let log: Vec<_> = (0..10).map(|at| record("a", 1000 + at)).collect();
    assert_eq!(place.reach(false), MOST);
    assert_eq!(first(&mut place, &log, false).unwrap(), [5, 6, 7, 8, 9]);
    assert_eq!(place.first_lines(), None);
    assert_eq!(place.reach(false), GENEROUS);
}

#[test]
fn memory_is_bounded_and_what_is_forgotten_is_old() {
    let mut place = Place::new(5, None);
    place.begin(5);
    for at in 0..30_000 {
        assert!(place.take(&record("a", at)));
    }
    for unit in 0..WRITERS + 100 {
        place.take(&record(&unit.to_string(), 40_000));
    }
    assert!(place.order.len() <= MOMENTS && place.counts.len() <= MOMENTS);
    assert!(place.spans.len() <= WRITERS);
    let mut place = Place::new(5, None);
    place.begin(5);
    (0..30_000).for_each(|at| assert!(place.take(&record("a", at))));
    place.begin(5);
    assert!((0..30_000).all(|at| !place.take(&record("a", at))));
    assert!(place.take(&record("a", 30_001)));
}
