//! Words for what scales a process, and for where it is reached from inside.
//!
//! Source: tsuru contract, section 5 (apps, units and scaling).

use super::quantity::quantity;
use crate::model::Text;
use crate::platforms::details::text;
use crate::platforms::tsuru::wire;

/// "2 to 10 units, CPU 60 %".
pub(super) fn autoscale(rule: &wire::AutoScale) -> Text {
    let (from, to) = (rule.min_units.unwrap_or(0), rule.max_units.unwrap_or(0));
    let cpu = text(&rule.average_cpu).map(|cpu| match quantity(cpu.as_str()) {
        Some(share) => format!(", CPU {:.0} %", share * 100.0),
        None => format!(", CPU {cpu}"),
    });
    Text::clean(&format!("{from} to {to} units{}", cpu.unwrap_or_default()))
}

/// "night: at least 3 from `0 12 * * *` to `0 15 * * *` (UTC)".
pub(super) fn scheduled(rule: &wire::Schedule) -> Text {
    let word = |field: &Option<String>| field.clone().unwrap_or_default();
    let name = text(&rule.name).map(|name| format!("{name}: "));
    Text::clean(&format!(
        "{}at least {} from `{}` to `{}` ({})",
        name.unwrap_or_default(),
        rule.min_replicas.unwrap_or(0),
        word(&rule.start),
        word(&rule.end),
        text(&rule.timezone).unwrap_or_else(|| Text::clean("UTC")),
    ))
}

/// "queue above 5".
pub(super) fn prometheus(rule: &wire::Prometheus) -> Option<Text> {
    let name = text(&rule.name)?;
    let threshold = rule.threshold.map(|it| format!(" above {it}"));
    Some(Text::clean(&format!(
        "{name}{}",
        threshold.unwrap_or_default()
    )))
}

/// "shop-web.prod.svc:8888/TCP".
pub(super) fn internal(address: &wire::InternalAddress) -> Option<Text> {
    let domain = text(&address.domain)?;
    let port = address.port.map(|port| format!(":{port}"));
    let protocol = text(&address.protocol).map(|it| format!("/{it}"));
    Some(Text::clean(&format!(
        "{domain}{}{}",
        port.unwrap_or_default(),
        protocol.unwrap_or_default()
    )))
}
