//! tsuru, simulated: every question, every operation and every log of the profile, against a server
//! that knows nothing of the adapter: what one misunderstands the other does not.

mod asked;
mod done;
mod old;
mod recased;
mod refused;
mod world;

use std::collections::BTreeSet;

use flightdeck::model::Capability;
use flightdeck::platforms::tsuru::{PROFILE, paths::TABLE};

use self::world::World;

/// Operations that only somebody in trouble needs, and what for.
const IN_TROUBLE: &[(&str, &str)] = &[
    ("AppCertificatesLegacy", "a server that is too old for more"),
    ("AppQuotaGet", "a quota whose change was not answered"),
    ("GetJob", "a job whose removal was not answered"),
    ("InstanceGet", "an instance whose making was not answered"),
];

#[tokio::test]
async fn every_capability_is_asked_for_done_or_refused() {
    let world = World::new().await;
    let mut passed: BTreeSet<Capability> = refused::LOGS.iter().map(|(what, _)| *what).collect();
    let asked = asked::questions(&world).await;
    passed.extend(asked.iter().map(|(query, _)| query.capability()));
    passed.extend(
        done::steps(&world)
            .await
            .iter()
            .map(|it| it.kind.capability()),
    );
    passed.extend(
        refused::questions()
            .iter()
            .map(flightdeck::model::Query::capability),
    );
    passed.extend(
        refused::operations()
            .iter()
            .map(flightdeck::model::OperationKind::capability),
    );
    passed.extend(done::OF_WHAT_WAS_MADE);
    let all: BTreeSet<Capability> = Capability::ALL.iter().copied().collect();
    assert_eq!(passed, all);
}

#[tokio::test]
async fn every_operation_of_the_table_is_reached_and_no_other() {
    let world = World::new().await;
    asked::ask_all(&world).await;
    done::do_all(&world).await;
    asked::hear_all(&world).await;
    let reached: BTreeSet<String> = world.counts().await.into_keys().collect();
    let known = TABLE.iter().map(|row| row.operation.to_owned());
    let known: BTreeSet<String> = known.collect();
    let strange: Vec<_> = reached.difference(&known).collect();
    assert_eq!(
        strange, [""; 0],
        "the adapter does not know that it asks this"
    );
    let mut left: Vec<_> = known.difference(&reached).map(String::as_str).collect();
    left.retain(|name| IN_TROUBLE.iter().all(|(known, _)| known != name));
    assert_eq!(left, [""; 0], "nothing asks for it");
}

#[tokio::test]
async fn every_list_of_its_own_has_something_in_it() {
    let world = World::new().await;
    for kind in PROFILE.others {
        let page = flightdeck::model::PageRequest::first();
        let found = world.platform.others(kind.name, page).await.unwrap();
        assert!(!found.items.is_empty(), "{}", kind.name);
        assert!(found.next.is_none(), "{}", kind.name);
    }
}
