//! Cron jobs (contract section 5.7): the one list that pages by limit and offset.

use serde_json::{Value, json};

use super::{
    call::Call,
    errors::Refusal,
    form::present,
    key::{Key, Kind},
    paging,
    reply::{Outcome, Reply},
    world::World,
};
use crate::sim::dice::Dice;

/// One cron job of an environment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cronjob {
    pub(super) n: usize,
    command: String,
    frequency: String,
    time: String,
    timeout: Value,
}

const FREQUENCIES: [&str; 3] = ["DAILY", "HOURLY", "EVERY10MIN"];

/// The cron jobs an environment has from the start.
pub(super) fn generated(world: &World, environment: usize) -> Vec<Cronjob> {
    let mut dice = Dice::new(world.seed, &[13, environment as u64]);
    let plans = [
        (
            "python manage.py clearsessions",
            "DAILY",
            "02:30",
            Value::Null,
        ),
        (
            "python manage.py refresh_prices",
            "HOURLY",
            ":42",
            json!(1_200),
        ),
        ("python manage.py send_mail", "EVERY10MIN", "", Value::Null),
    ];
    let count = dice.below(4) as usize;
    let jobs = plans.into_iter().take(count).enumerate();
    jobs.map(|(n, (command, frequency, time, timeout))| Cronjob {
        n,
        command: command.to_owned(),
        frequency: frequency.to_owned(),
        time: time.to_owned(),
        timeout,
    })
    .collect()
}

fn wire(world: &World, environment: usize, job: &Cronjob) -> Value {
    json!({
        "uuid": world.id(Kind::Cronjob, environment, job.n),
        "command": job.command,
        "frequency": job.frequency,
        "time": job.time,
        "environment": world.root_id(Kind::Environment, environment),
        "custom_timeout": job.timeout,
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let scope = world.scope(call).into_iter();
    let items: Vec<(usize, &Cronjob)> = scope
        .flat_map(|n| world.detail(n).cronjobs.iter().map(move |job| (n, job)))
        .collect();
    paging::window(call, &items, |(n, job)| wire(world, *n, job))
}

fn place(world: &World, key: Key) -> Result<usize, Refusal> {
    let jobs = &world.detail(key.parent).cronjobs;
    jobs.iter()
        .position(|job| job.n == key.ordinal)
        .ok_or(Refusal::MISSING)
}

pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::Cronjob)?;
    let job = &call.world.detail(key.parent).cronjobs[place(call.world, key)?];
    Ok(Reply::ok(&wire(call.world, key.parent, job)))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let mut form = call.form();
    let environment = form.reference("environment", Kind::Environment);
    let command = form.text("command", usize::MAX);
    let frequency = form.choice("frequency", true, &FREQUENCIES);
    let time = form.free_text("time", 16);
    let timeout = form.number("custom_timeout", 0, i64::from(i32::MAX), true);
    form.finish()?;
    let environment = present(environment)?.ordinal;
    call.world.may_change_environment(environment)?;
    let now = call.now();
    let detail = call.world.detail_mut(environment);
    let n = detail.next_ordinal();
    let job = Cronjob {
        n,
        command: present(command)?,
        frequency: present(frequency)?,
        time: time.unwrap_or_default(),
        timeout: timeout.unwrap_or_default(),
    };
    detail.cronjobs.push(job.clone());
    call.world
        .note_change(environment, now, "cron job added".to_owned());
    Ok(Reply::created(&wire(call.world, environment, &job)))
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let key = changeable(call)?;
    let mut form = call.partial_form();
    let command = form.text("command", usize::MAX);
    let frequency = form.choice("frequency", false, &FREQUENCIES);
    let time = form.free_text("time", 16);
    let timeout = form.number("custom_timeout", 0, i64::from(i32::MAX), true);
    form.finish()?;
    let (now, place) = (call.now(), place(call.world, key)?);
    let job = &mut call.world.detail_mut(key.parent).cronjobs[place];
    job.command = command.unwrap_or_else(|| job.command.clone());
    job.frequency = frequency.unwrap_or_else(|| job.frequency.clone());
    job.time = time.unwrap_or_else(|| job.time.clone());
    job.timeout = timeout.unwrap_or_else(|| job.timeout.clone());
    let job = job.clone();
    call.world
        .note_change(key.parent, now, "cron job changed".to_owned());
    Ok(Reply::ok(&written(&job, call.subject)))
}

/// What an update answers: the fields that can be written.
fn written(job: &Cronjob, uuid: &str) -> Value {
    json!({
        "uuid": uuid, "command": job.command, "frequency": job.frequency,
        "time": job.time, "custom_timeout": job.timeout,
    })
}

pub(super) fn destroy(call: &mut Call<'_>) -> Outcome {
    let key = changeable(call)?;
    let (now, place) = (call.now(), place(call.world, key)?);
    call.world.detail_mut(key.parent).cronjobs.remove(place);
    call.world
        .note_change(key.parent, now, "cron job removed".to_owned());
    Ok(Reply::deleted())
}

/// The last runs. The reference shows one object; a list of them for every second job.
pub(super) fn logs(call: &mut Call<'_>) -> Outcome {
    let key = call.subject(Kind::Cronjob)?;
    let mut dice = Dice::new(
        call.world.seed,
        &[14, key.parent as u64, key.ordinal as u64],
    );
    let started = call.world.clock.started();
    let mut run = |back: u32| {
        let began = started.plus(-3_600.0 * f64::from(back) - 240.0);
        let took = f64::from(dice.between(2, 300));
        json!({
            "started_at": call.view.time(began),
            "finished_at": call.view.time(began.plus(took)),
            "exit_code": u32::from(dice.chance(15)),
        })
    };
    if key.ordinal.is_multiple_of(2) {
        return Ok(Reply::ok(&run(0)));
    }
    Ok(Reply::ok(&(0..5).map(run).collect()))
}

fn changeable(call: &Call<'_>) -> Result<Key, Refusal> {
    let key = call.subject(Kind::Cronjob)?;
    call.world.may_change_environment(key.parent)?;
    Ok(key)
}
