//! Who the token is. Source: DigitalOcean contract, section 5.1.

use serde_json::{Value, json};

use super::{
    call::Call,
    id::{Kind, id},
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::words;

#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let name = words::PEOPLE[0];
    Ok(Reply::ok(json!({
        "account": {
            "droplet_limit": 25,
            "floating_ip_limit": 5,
            "email": format!("{name}@example.com"),
            "name": format!("{name} Example"),
            "uuid": id(call.world.seed, Kind::User, 0, 0),
            "email_verified": true,
            "status": "active",
            "status_message": "",
            "team": team(call.world),
        },
    })))
}

/// The team the token belongs to.
pub(super) fn team(world: &World) -> Value {
    json!({ "uuid": id(world.seed, Kind::Team, 0, 0), "name": words::ORGANISATIONS[0] })
}
