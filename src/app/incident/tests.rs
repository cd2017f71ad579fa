use super::*;
use crate::app::contexts::{ClassRules, SupportTable};
use crate::app::journal;
use crate::app::past::PastEnd;
use crate::model::{
    Activity, ActivityId, App, AppId, AuthProblem, ContextId, Failure, Page, Scoped, Status,
    Support,
};

const CANARY: &str = "canary7f3a9c1e5b2d8046xyz";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

static PROFILE: crate::model::Profile = crate::model::Profile {
    name: "p",
    title: "Platform",
    vocabulary: crate::model::Vocabulary {
        app: ("app", "apps"),
        environment: ("environment", "environments"),
        deployment: ("deployment", "deployments"),
        backup: ("backup", "backups"),
        organisation: ("team", "teams"),
    },
    rate: crate::model::RatePolicy {
        per_minute: 60,
        burst: 10,
        concurrent: 4,
        lists_per_minute: 100,
    },
    poll: crate::model::PollHints {
        apps: std::time::Duration::from_mins(5),
        environments: std::time::Duration::from_secs(15),
        selected: None,
        changing: std::time::Duration::from_secs(5),
        running: std::time::Duration::from_secs(3),
        history: std::time::Duration::from_secs(30),
        backup_running: std::time::Duration::from_secs(2),
        slow: std::time::Duration::from_mins(1),
    },
    history: 100,
    changes_variables_together: false,
    restores_beside: false,
    previews: &[],
    specials: &[],
    others: &[],
    creation: crate::model::Creation::PLAIN,
    settings: &[],
    client: None,
    deployments_note: None,
    deploys_environments: true,
    deployment_log: crate::model::LogDelivery::None,
    runtime_log: crate::model::LogDelivery::None,
    runtime_history: crate::model::LogHistory::ByTime,
    base_url: "https://example.com",
    token_variables: &[],
};

/// A state that looked at one context; what is wrong there is said with a secret in it.
fn state() -> State {
    let support: SupportTable = Capability::ALL
        .iter()
        .map(|it| (*it, Support::Yes))
        .collect();
    let context = Context::new(ContextId(0), Text::clean("do|prod"), &PROFILE, support);
    let mut state = State::new(vec![context], ClassRules::default(), at(0), TimeZone::UTC);
    let mut app = App::new(AppId::new("a"), Text::clean("shop`api"));
    app.status = Status::Failed;
    app.reason = Text::non_empty(&format!("cannot reach https://u:{CANARY}@db/?key={CANARY}"));
    let fleet = state.inventory.fleet_mut(ContextId(0)).unwrap();
    fleet.take_apps(Page::whole(vec![app]), true, at(0));
    fleet.take_environments(Page::whole(Vec::new()), true, at(0));
    state.panes.apps.rows = rows::build(
        &state.contexts,
        &state.inventory,
        &state.rules,
        &[Overlay::None],
    );
    state
}

fn past(second: i64, words: &str) -> PastOperation {
    PastOperation {
        id: Text::clean(&second.to_string()),
        context: Text::clean("do|prod"),
        app: Some(AppId::new("a")),
        title: Text::clean("shop/live"),
        class: Some(Class::Production),
        verb: Text::clean("set variable"),
        by: Text::clean("ana@example.org"),
        confirmed: Text::clean("y in the dialog"),
        started_at: at(second),
        ended_at: Some(at(second)),
        end: PastEnd::Failed,
        words: Text::clean(words),
        follow: None,
    }
}

fn trail(second: i64, text: &str) -> Activity {
    Activity {
        id: ActivityId::new(format!("t{second}")),
        at: Some(at(second)),
        app: None,
        by: Text::non_empty("bo@example.org"),
        kind: Text::clean("kind"),
        text: Text::clean(text),
        failed: None,
        can_cancel: false,
        follow: None,
        details: Vec::new(),
    }
}

fn told(state: &State) -> String {
    report(state, at(-7_200), CLIPBOARD)
}

#[test]
fn every_section_is_there_and_says_so_when_it_is_empty() {
    let text = told(&State::new(
        Vec::new(),
        ClassRules::default(),
        at(0),
        TimeZone::UTC,
    ));
    for part in [
        "# Incident report",
        "covers 2023-11-14 20:13:20Z to 2023-11-14 22:13:20Z (2h 00m)",
        "0 apps: none known",
        "## Contexts\n\nNone is configured.",
        "## Broken now\n\nNothing is failed or degraded.",
        "## Timeline\n\nNothing is known to have happened.",
        "## Operations\n\nflightdeck was asked to do nothing.",
        "## Deployments\n\nNone is known in this time.",
        "## Open questions\n\nNone.",
    ] {
        assert!(text.contains(part), "{part:?} in\n{text}");
    }
}

#[test]
fn secrets_domains_and_markup_of_others_are_taken_out() {
    let mut state = state();
    state.past = vec![past(-60, &format!("`TOKEN={CANARY}` is | not\nvalid <b>"))];
    let list = vec![
        trail(-30, &format!("set API_KEY={CANARY} with Bearer {CANARY}")),
        trail(-20, &format!("opened {CANARY}")),
    ];
    let of = Scoped::new(ContextId(0), None);
    state.inventory.take_activity(of, list, at(0));
    let failure = Failure::Server {
        status: 502,
        message: Text::non_empty(&format!("upstream said {CANARY}")),
        request_id: None,
    };
    state.contexts.get_mut(ContextId(0)).unwrap().failing = Some(failure);
    let text = told(&state);
    assert!(!text.contains(CANARY), "{text}");
    assert!(!text.contains("example.org"), "{text}");
    for part in [
        "**failing: 502**",
        "shop\\`api",
        "| do\\|prod | Platform |",
        "ana&#64;…",
        "&lt;b&gt;",
        "do\\|prod could not be read (502): what happened there since?",
    ] {
        assert!(text.contains(part), "{part:?} in\n{text}");
    }
}

#[test]
fn the_story_is_told_from_its_beginning_and_only_within_its_time() {
    let mut state = state();
    let of = Scoped::new(ContextId(0), None);
    let list = vec![
        trail(-10, "second"),
        trail(-20, "first"),
        trail(-9_000, "long ago"),
    ];
    state.inventory.take_activity(of, list, at(0));
    let text = told(&state);
    let place = |what: &str| text.find(what);
    assert!(place("first") < place("second"), "{text}");
    assert!(place("first").is_some() && place("long ago").is_none());
}

#[test]
fn operations_are_listed_with_who_how_and_what_became_of_them() {
    let mut state = state();
    state.past = vec![past(-60, "quota exceeded")];
    let text = told(&state);
    let row = "| 2023-11-14 22:12:20Z | ana&#64;… | set variable | shop/live | PROD | do\\|prod \
               | y in the dialog | FAIL: quota exceeded |";
    assert!(text.contains(row), "{text}");
}

#[test]
fn what_is_not_known_is_asked() {
    let mut state = state();
    let context = state.contexts.get_mut(ContextId(0)).unwrap();
    context.bad_credential = Some(Failure::Auth(AuthProblem::Rejected));
    context
        .support
        .insert(Capability::ListActivity, Support::No("it has none"));
    let text = told(&state);
    assert!(
        text.contains("could not be read (token rejected)"),
        "{text}"
    );
    assert!(text.contains("its platform offers no activity"), "{text}");
}

#[test]
fn a_long_report_loses_its_oldest_lines_and_says_how_many() {
    let mut state = state();
    for n in 0..200 {
        let app = Scoped::new(ContextId(0), AppId::new("a"));
        state.journal.note(journal::Event {
            at: at(n - 200),
            actor: journal::Actor::Observed,
            status: Status::Live,
            text: Text::default(),
            subject: Some(journal::Subject {
                app,
                name: Text::clean("shop"),
                class: None,
                what: Text::clean(&format!("change {n} {}", "x".repeat(400))),
            }),
        });
    }
    let text = told(&state);
    assert!(text.len() <= CLIPBOARD);
    assert!(text.contains("change 199 ") && !text.contains("change 0 "));
    assert!(text.contains("more are left out."));
}
