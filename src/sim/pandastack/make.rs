//! The apps of a seed.

use super::{
    app::{App, Dns, Removal},
    catalogue::{CATALOGUE, CAUSES},
    install::{End, Run},
    world::World,
};
use crate::sim::{
    dice::{Dice, mix},
    words::numbered,
};

/// Seconds from one installation to the next.
const APART: f64 = 5.0 * 3_600.0;
/// How long ago, in seconds, what still needs somebody was begun.
const RECENTLY: f64 = 900.0;

/// What an app is like from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Profile {
    Running,
    Awaiting,
    Failed,
    Stopped,
}

/// The lowest identifier of an app.
pub(super) fn first_id(seed: u64) -> u64 {
    4_000 + mix(seed, &[0x1d]) % 5_000
}

/// The app with this ordinal.
pub(super) fn app(world: &World, ordinal: usize, id: u64, uuid: String) -> App {
    let entry = CATALOGUE[ordinal % CATALOGUE.len()];
    let mut dice = Dice::new(world.seed, &[0xa9, ordinal as u64]);
    let profile = profile(ordinal, entry.wants_domain, &mut dice);
    let name = numbered(entry.slug, ordinal, CATALOGUE.len());
    let started = world.clock.started();
    #[expect(clippy::cast_precision_loss, reason = "some thousands at the most")]
    let created = started.plus(-APART * (ordinal + 1) as f64);
    let at = match profile {
        Profile::Awaiting | Profile::Failed => started.plus(-RECENTLY * world.pace().max(1.0)),
        Profile::Running | Profile::Stopped => created,
    };
    let end = match profile {
        Profile::Running | Profile::Stopped => End::Runs,
        Profile::Awaiting => End::AwaitsDomain,
        Profile::Failed => End::Fails(CAUSES[ordinal.wrapping_sub(1) % CAUSES.len()].to_owned()),
    };
    let is_complete = entry.wants_domain && end == End::Runs;
    let run = Run::new(uuid, at, f64::from(dice.between(12, 22)), end);
    App {
        id,
        slug: entry.slug.to_owned(),
        domain: if entry.wants_domain {
            format!("{name}.example.com")
        } else {
            String::new()
        },
        name,
        created,
        updated: at,
        completed: is_complete.then(|| run.ends(world.pace())),
        runs: vec![run],
        dns: if is_complete {
            Dns::verified()
        } else {
            Dns::default()
        },
        removal: Removal::None,
        settings: serde_json::Map::new(),
        is_stopped: profile == Profile::Stopped,
    }
}

/// The first few play in the story; of the rest, some need somebody.
fn profile(ordinal: usize, wants_domain: bool, dice: &mut Dice) -> Profile {
    let rolled = dice.below(100);
    match ordinal {
        0 => Profile::Awaiting,
        1 => Profile::Failed,
        2..=4 => Profile::Running,
        _ if wants_domain && rolled < 15 => Profile::Awaiting,
        _ if rolled >= 96 => Profile::Stopped,
        _ if rolled >= 90 => Profile::Failed,
        _ => Profile::Running,
    }
}
