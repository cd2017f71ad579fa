//! Plans: what a unit may use.
//!
//! Source: tsuru contract, section 5 (apps).

use super::app::Around;
use crate::model::size::Bytes;
use crate::model::{InstanceSize, Text};
use crate::platforms::details::{Details, text};
use crate::platforms::tsuru::wire;

/// What a unit may use. Zero is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Limits {
    /// In thousandths of a processor.
    pub(super) cpu: Option<u64>,
    /// In bytes.
    pub(super) memory: Option<u64>,
}

/// What counts: what a plan is changed to, else what it says.
pub(super) fn limits(plan: &wire::Plan) -> Limits {
    let changed = plan.changed.as_ref();
    let cpu = changed.and_then(|it| *it.cpu_milli).or(*plan.cpu_milli);
    let memory = changed.and_then(|it| *it.memory).or(*plan.memory);
    let real = |limit: Option<u64>| limit.filter(|limit| *limit > 0);
    Limits {
        cpu: real(cpu),
        memory: real(memory),
    }
}

/// "c0.1m0.2 (0.1 CPU, 268 MB)".
pub(super) fn words(plan: &wire::Plan) -> Text {
    let limits = limits(plan);
    let cpu = limits.cpu.map(|cpu| format!("{} CPU", processors(cpu)));
    let parts: Vec<_> = cpu
        .into_iter()
        .chain(limits.memory.map(|it| Bytes(it).to_string()))
        .collect();
    if parts.is_empty() {
        return Text::clean(&plan.name);
    }
    Text::clean(&format!("{} ({})", plan.name, parts.join(", ")))
}

/// 1500 is "1.5".
fn processors(milli: u64) -> String {
    let digits = format!("{}.{:03}", milli / 1000, milli % 1000);
    digits
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// The plan of a process: its own, else the app's.
pub(super) fn plan_of<'a>(
    process: &str,
    wire: &'a wire::App,
    around: &Around<'a>,
) -> Option<&'a wire::Plan> {
    let full = around.full.unwrap_or(wire);
    let mut processes = full.processes.iter().flatten();
    let own = processes.find(|it| it.name == process);
    let own = own
        .and_then(|it| it.plan.as_deref())
        .filter(|plan| !plan.is_empty());
    let of_app = || wire.plan.as_ref().or(full.plan.as_ref());
    match own {
        Some(name) if of_app().is_none_or(|plan| plan.name != name) => {
            around.plans.iter().find(|plan| plan.name == name)
        }
        Some(_) | None => of_app(),
    }
}

/// A plan as something to choose.
pub(in crate::platforms::tsuru) fn size(wire: &wire::Plan) -> Option<InstanceSize> {
    let slug = Text::non_empty(&wire.name)?;
    let limits = limits(wire);
    let burst = wire.cpu_burst.as_ref();
    let factor = |factor: Option<f64>| {
        let factor = factor.filter(|factor| *factor > 0.0)?;
        Some(Text::clean(&format!("{factor} times its CPU")))
    };
    Some(InstanceSize {
        name: slug.clone(),
        slug,
        cpus: Text::clean(&limits.cpu.map_or("no limit".to_owned(), processors)),
        memory_bytes: limits.memory,
        price: None,
        can_scale: true,
        details: Details::default()
            .when("Default", &wire.is_default)
            .text("Bursts to", factor(burst.and_then(|it| *it.usual)))
            .text(
                "Bursts at most to",
                factor(burst.and_then(|it| *it.max_allowed)),
            )
            .text("Runtime class", text(&wire.runtime_class_name))
            .done(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platforms::tsuru::folded;

    #[test]
    fn what_a_plan_is_changed_to_counts() {
        let plan: wire::Plan = folded::from_value(json!({
            "Name": "small", "memory": 268_435_456, "cpumilli": 100,
            "override": {"memory": 536_870_912, "cpumilli": null},
        }))
        .unwrap();
        assert_eq!(words(&plan).as_str(), "small (0.1 CPU, 537 MB)");
        let free: wire::Plan = folded::from_value(json!({"name": "free", "memory": 0})).unwrap();
        assert_eq!(words(&free).as_str(), "free");
        assert_eq!(limits(&free), Limits::default());
        assert_eq!(processors(2000), "2");
    }
}
