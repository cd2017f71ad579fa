//! Invoices and their items (contract section 5.7): amounts are strings.

use serde_json::{Value, json};

use super::{
    call::{Call, View},
    errors::Refusal,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::{clock::Moment, dice::Dice};

/// One a month for a year, for every organisation.
const MONTHS: usize = 12;

fn issued(world: &World, month: usize) -> Moment {
    let months = f64::from(u32::try_from(month).unwrap_or(0));
    world
        .clock
        .started()
        .plus(-86_400.0 * (3.0 + 30.5 * months))
}

/// Amounts of the items in cents.
fn amounts(world: &World, key: Key) -> Vec<u32> {
    let mut dice = Dice::new(world.seed, &[20, key.parent as u64, key.ordinal as u64]);
    (0..dice.between(3, 5))
        .map(|_| dice.between(900, 24_000))
        .collect()
}

fn money(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn is_open(key: Key) -> bool {
    key.ordinal == 0
}

fn wire(world: &World, view: &View, key: Key) -> Value {
    let created = issued(world, key.ordinal);
    let number = format!("{}-{:04}", created.date().replace('-', ""), key.parent + 1);
    json!({
        "uuid": key.text(world.seed),
        "number": number,
        "created": view.time(created),
        "period": format!("{} to {}", created.plus(-30.0 * 86_400.0).date(), created.date()),
        "billing_currency": "CHF",
        "charge_total": money(amounts(world, key).iter().sum()),
        "status": view.word(if is_open(key) { "DRAFT" } else { "PAID" }),
        "charge_date": (!is_open(key)).then(|| created.date()),
        "organisation": world.root_id(Kind::Organisation, key.parent),
        "receipt": (!is_open(key)).then(|| format!("https://billing.example/receipt/{number}")),
        "payment_methods": null,
        "charge_info": null,
        "extra_info": null,
    })
}

fn every(world: &World) -> impl Iterator<Item = Key> {
    let organisations = 0..world.organisations.len();
    organisations
        .flat_map(|owner| (0..MONTHS).map(move |month| Key::within(Kind::Invoice, owner, month)))
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let organisations = call.filter("organisation", Kind::Organisation);
    let open = call.query.flag("open");
    let items: Vec<Key> = every(world)
        .filter(|key| open.is_none_or(|open| open == is_open(*key)))
        .filter(|key| {
            Call::passes(
                organisations.as_ref(),
                Key::root(Kind::Organisation, key.parent),
            )
        })
        .collect();
    paging::page(call, &items, |key| wire(world, &call.view, *key))
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::Invoice)?;
    if !every(call.world).any(|known| known == key) {
        return Err(Refusal::MISSING);
    }
    Ok(Reply::ok(&wire(call.world, &call.view, key)))
}

fn item_wire(world: &World, view: &View, (invoice, item): (Key, usize)) -> Value {
    const TITLES: [&str; 5] = ["Plan", "Memory", "Traffic", "Database", "Backups"];
    let end = issued(world, invoice.ordinal);
    let application = &world.applications[(invoice.parent + item) % world.applications.len()];
    let within = (invoice.parent * MONTHS + invoice.ordinal) * TITLES.len() + item;
    json!({
        "uuid": world.root_id(Kind::InvoiceItem, within),
        "item_id": within,
        "item_name": application.name,
        "item_class_name": "Website",
        "item_url": null,
        "item_obj_archived": application.gone,
        "duration": "30 days",
        "options": "",
        "is_website_additional_service": item > 0,
        "invoice": invoice.text(world.seed),
        "title": TITLES[item],
        "start": view.time(end.plus(-30.0 * 86_400.0)),
        "end": view.time(end),
        "total": money(amounts(world, invoice)[item]),
    })
}

pub(super) fn list_items(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let invoices = call.filter("invoice", Kind::Invoice);
    let wanted = every(world).filter(|key| Call::passes(invoices.as_ref(), *key));
    let items: Vec<(Key, usize)> = wanted
        .filter(|_| !world.applications.is_empty())
        .flat_map(|key| (0..amounts(world, key).len()).map(move |item| (key, item)))
        .collect();
    paging::page(call, &items, |item| item_wire(world, &call.view, *item))
}
