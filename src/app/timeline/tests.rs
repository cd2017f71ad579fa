use super::*;
use crate::model::{BackupId, Follow};
use proptest::prelude::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn event(id: EventId, second: i64, what: &str) -> Event {
    Event {
        id,
        at: at(second),
        status: Status::Live,
        word: Text::clean("DONE"),
        context: Text::clean("divio"),
        app: None,
        place: Text::clean("shop/live"),
        class: None,
        who: Who::Observed,
        what: Text::clean(what),
        brief: Text::clean(what),
        cancels: None,
        is_open: false,
        same: None,
    }
}

fn seen(number: u64, second: i64) -> Event {
    event(EventId::Seen(number), second, &format!("seen {number}"))
}

fn own(ticket: u64, second: i64, follow: impl Into<Option<Follow>>) -> Event {
    Event {
        who: Who::You,
        same: follow
            .into()
            .map(|follow| Same::Followed(ContextId(0), follow)),
        ..event(EventId::Own(OperationTicket(ticket)), second, "deploy")
    }
}

fn deployment(context: u16, id: &str, second: i64) -> Event {
    let own = DeploymentId::new(id);
    Event {
        same: Some(Same::Followed(
            ContextId(context),
            Follow::Deployment(own.clone()),
        )),
        ..event(
            EventId::Deployment(Scoped::new(ContextId(context), own)),
            second,
            &format!("deployment {id}"),
        )
    }
}

fn follow(id: &str) -> Follow {
    Follow::Deployment(DeploymentId::new(id))
}

fn ids(events: &[Event]) -> Vec<EventId> {
    events.iter().map(|event| event.id.clone()).collect()
}

#[test]
fn the_newest_comes_first_and_ties_keep_one_order() {
    let list = [
        seen(1, 5),
        own(1, 9, None),
        seen(2, 9),
        deployment(0, "d", 9),
        seen(3, 9),
    ];
    let forth = merged(list.to_vec());
    let back = merged(list.iter().rev().cloned().collect());
    assert_eq!(forth, back);
    let expected = [
        list[1].id.clone(),
        list[3].id.clone(),
        EventId::Seen(3),
        EventId::Seen(2),
        EventId::Seen(1),
    ];
    assert_eq!(ids(&forth), expected);
}

#[test]
fn an_operation_and_its_deployment_are_one_event() {
    let rows = merged(vec![deployment(0, "d1", 9), own(1, 8, follow("d1"))]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].who, Who::You, "who asked stays in front");
    assert_eq!(rows[0].what.as_str(), "deploy; deployment d1");
    assert_eq!(rows[0].at, at(8));
}

#[test]
fn what_was_not_seen_to_its_end_is_ended_by_who_knows() {
    let open = Event {
        status: Status::Unknown,
        word: Text::clean("UNKN"),
        is_open: true,
        ..own(1, 3, follow("d1"))
    };
    let failed = Event {
        status: Status::Failed,
        word: Text::clean("FAIL"),
        ..deployment(0, "d1", 9)
    };
    let rows = merged(vec![open, failed]);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].at, rows[0].word.as_str()), (at(9), "FAIL"));
}

#[test]
fn only_a_certain_identity_makes_two_events_one() {
    let of_backup = Some(Follow::Backup(BackupId::new("d1")));
    let rows = merged(vec![
        seen(1, 9),
        seen(2, 9),
        own(1, 9, follow("d1")),
        own(2, 9, None),
        own(3, 9, of_backup),
        deployment(1, "d1", 9),
    ]);
    assert_eq!(
        rows.len(),
        6,
        "same words, other context, other kind: all stay"
    );
}

#[test]
fn an_entry_of_a_trail_that_two_lists_have_is_one() {
    let id = Scoped::new(ContextId(0), ActivityId::new("a1"));
    let entry = Event {
        same: Some(Same::Trail(id.clone())),
        ..event(EventId::Trail(id), 4, "domain added")
    };
    let rows = merged(vec![entry.clone(), entry.clone()]);
    assert_eq!(rows, [entry], "and its words are not said twice");
}

#[test]
fn a_deployment_that_a_trail_tells_of_too_is_one_row_and_can_be_cancelled_there() {
    let entry = Event {
        same: Some(Same::Followed(ContextId(0), follow("d1"))),
        cancels: Some(ActivityId::new("a1")),
        is_open: true,
        ..event(
            EventId::Trail(Scoped::new(ContextId(0), ActivityId::new("a1"))),
            4,
            "deploy of shop, under way",
        )
    };
    let rows = merged(vec![entry, deployment(0, "d1", 5)]);
    let [row] = rows.as_slice() else {
        panic!("{rows:?}")
    };
    assert!(matches!(row.id, EventId::Deployment(_)));
    assert_eq!(row.cancels, Some(ActivityId::new("a1")));
}

#[test]
fn there_are_never_more_than_anybody_reads() {
    let many = (0..MOST as u64 + 500).map(|n| seen(n, 1_000 + n.cast_signed()));
    let rows = merged(many.collect());
    assert_eq!(rows.len(), MOST);
    assert_eq!(
        rows[0].id,
        EventId::Seen(MOST as u64 + 499),
        "the oldest went"
    );
}

#[test]
fn a_filter_looks_at_who_and_what_too() {
    let event = own(1, 1, None);
    let fits = |typed: &str| event.fits(&Filter::parse(typed));
    for typed in [
        "you",
        "deploy",
        "ctx:divio",
        "app:shop",
        "state:done",
        "-ana",
    ] {
        assert!(fits(typed), "{typed}");
    }
    for typed in ["ana", "ctx:tsuru", "state:fail", "-you"] {
        assert!(!fits(typed), "{typed}");
    }
}

proptest! {
    #[test]
    fn whatever_the_order_of_the_sources_the_list_is_the_same(
        mut events in proptest::collection::vec(
            prop_oneof![
                (0_u64..20, 0_i64..5).prop_map(|(n, at)| own(n, at, follow(&n.to_string()))),
                (0_u64..20, 0_i64..5).prop_map(|(n, at)| deployment(0, &n.to_string(), at)),
            ],
            0..30,
        )
    ) {
        // An event has one moment, whoever tells it.
        events.sort_by(|a, b| a.id.cmp(&b.id));
        events.dedup_by(|a, b| a.id == b.id);
        let forth = merged(events.clone());
        events.reverse();
        prop_assert_eq!(&forth, &merged(events));
        prop_assert!(forth.is_sorted_by(|a, b| a.at >= b.at));
    }
}
