//! Catalogues: kinds of services, regions, repositories, webhooks and invoices.

use crate::model::{
    Invoice, InvoiceId, InvoiceItem, OrgId, Region, RegionId, Repository, RepositoryId,
    ServiceKind, ServiceKindId, Status, Text, Webhook, WebhookId,
};
use crate::platforms::address::address;
use crate::platforms::details::{Details, text};
use crate::platforms::divio::wire;

pub(in crate::platforms::divio) fn service_kind(wire: &wire::Service) -> ServiceKind {
    let kind = text(&wire.kind).unwrap_or_default();
    ServiceKind {
        id: ServiceKindId::new(&wire.uuid),
        name: text(&wire.name).unwrap_or_else(|| kind.clone()),
        kind,
        can_back_up: *wire.is_backupable,
        description: text(&wire.description),
    }
}

pub(in crate::platforms::divio) fn region(wire: &wire::Region) -> Region {
    Region {
        id: RegionId::new(&wire.uuid),
        name: text(&wire.name).unwrap_or_else(|| Text::clean(&wire.uuid)),
        details: Details::default()
            .word("Short name", &wire.short_name)
            .when("Default", &wire.is_default)
            .flag("Public", &wire.is_public)
            .done(),
    }
}

pub(in crate::platforms::divio) fn repository(wire: &wire::Repository) -> Repository {
    Repository {
        id: RepositoryId::new(&wire.uuid),
        organisation: wire.organisation.as_deref().map(OrgId::new),
        address: wire.dsn.as_deref().and_then(address),
        status: match *wire.last_pull_success {
            Some(true) => Status::Live,
            Some(false) => Status::Degraded,
            None => Status::Unknown,
        },
        message: text(&wire.state_message),
        details: Details::default()
            .word("State", &wire.state)
            .word("Authentication", &wire.authentication_type)
            .when("Read-only", &wire.is_read_only)
            .time("Last pulled", &wire.last_pulled_at)
            .time("Last pushed", &wire.last_pushed_at)
            .flag("Last push worked", &wire.last_push_success)
            .done(),
    }
}

pub(in crate::platforms::divio) fn webhook(wire: &wire::Webhook) -> Webhook {
    Webhook {
        id: WebhookId::new(&wire.uuid),
        repository: wire.repository.as_deref().map(RepositoryId::new),
        provider: text(&wire.provider_class).unwrap_or_default(),
        last_at: *wire.last_dispatch_at,
        last_ok: *wire.last_dispatch_success,
        message: text(&wire.last_dispatch_message),
    }
}

pub(in crate::platforms::divio) fn invoice(wire: &wire::Invoice) -> Invoice {
    let word = |field| text(field).unwrap_or_default();
    Invoice {
        id: InvoiceId::new(&wire.uuid),
        number: word(&wire.number),
        period: word(&wire.period),
        total: word(&wire.charge_total),
        currency: word(&wire.billing_currency),
        state: word(&wire.status),
        organisation: wire.organisation.as_deref().map(OrgId::new),
        charged_on: *wire.charge_date,
        created_at: *wire.created,
        receipt: text(&wire.receipt),
    }
}

pub(in crate::platforms::divio) fn invoice_item(wire: &wire::InvoiceItem) -> InvoiceItem {
    let title = text(&wire.title).or_else(|| text(&wire.item_name));
    InvoiceItem {
        title: title.unwrap_or_default(),
        total: text(&wire.total).unwrap_or_default(),
        from: *wire.start,
        until: *wire.end,
    }
}
