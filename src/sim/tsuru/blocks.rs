//! Event blocks: rules that forbid events. Source: tsuru contract, section 5, "Events".

use serde_json::{Value, json};

use super::{
    action::Plan,
    call::{Call, View},
    errors::Refusal,
    event::{is_object_id, object_id},
    lock::Block,
    power::form,
    reply::{Outcome, Reply},
};
use crate::sim::dice::mix;

/// Blocks, newest first; only those in force if asked so.
#[expect(clippy::unnecessary_wraps, reason = "handlers share one signature")]
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let active = call.input.query.flag("active");
    let blocks = call.world.blocks.iter().rev();
    let fitting = blocks.filter(|block| active.is_none_or(|it| it == block.end.is_none()));
    Ok(Reply::list(
        fitting.map(|it| wire(it, &call.view)).collect(),
    ))
}

fn wire(block: &Block, view: &View) -> Value {
    json!({
        "ID": block.id,
        "StartTime": view.time(block.start),
        "EndTime": view.maybe(block.end),
        "KindName": block.kind,
        "OwnerName": block.owner,
        "Target": { "Type": block.target_kind, "Value": block.target_value },
        "Conditions": null,
        "Reason": block.reason,
        "Active": block.end.is_none(),
    })
}

/// Forbids events.
pub(super) fn add(call: &mut Call<'_>) -> Outcome {
    let field = |name: &str| call.input.folded(name).unwrap_or_default();
    // A form names it with dots, JSON has it inside.
    let of_target = |name: &str| {
        let inside = call.input.json("Target").and_then(Value::as_object);
        let mut inside = inside.into_iter().flatten();
        let found = inside.find(|(key, _)| key.eq_ignore_ascii_case(name));
        let found = found.and_then(|(_, value)| value.as_str());
        found.map_or_else(|| field(&format!("Target.{name}")), str::to_owned)
    };
    let reason = field("Reason");
    if reason.is_empty() {
        return Err(Refusal::bad("block reason cannot be empty"));
    }
    let block = Block {
        id: String::new(),
        start: call.now(),
        end: None,
        kind: field("KindName"),
        owner: field("OwnerName"),
        target_kind: of_target("Type"),
        target_value: of_target("Value"),
        reason,
    };
    let fields = [
        "KindName",
        "OwnerName",
        "Target.Type",
        "Target.Value",
        "Reason",
    ];
    let plan = Plan::of("event-block.add", "")
        .custom(form(&call.input, &fields))
        .at("event-block", "");
    call.world.begin(call.view.now, plan.unlocked())?;
    call.world.add_block(block);
    Ok(Reply::done())
}

/// Allows again what a block forbids.
pub(super) fn remove(call: &mut Call<'_>) -> Outcome {
    let id = call.given(0).to_owned();
    if !is_object_id(&id) {
        return Err(Refusal::bad(format!(
            "uuid parameter is not ObjectId: {id}"
        )));
    }
    let now = call.now();
    let mut blocks = call.world.blocks.iter_mut();
    let Some(block) = blocks.find(|block| block.id == id && block.end.is_none()) else {
        return Err(Refusal::missing("block not found"));
    };
    block.end = Some(now);
    let plan = Plan::of("event-block.remove", "").at("event-block", &id);
    call.world.begin(now, plan.unlocked())?;
    Ok(Reply::done())
}

impl super::world::World {
    /// Puts a block in force. Tells its identifier.
    pub(super) fn add_block(&mut self, block: Block) -> String {
        let place = self.blocks.len() as u64;
        let id = object_id(block.start, mix(self.seed ^ 0xb10c, &[place]));
        self.blocks.push(Block {
            id: id.clone(),
            ..block
        });
        id
    }
}
