use super::double::{broken, connect, decode, environment, limited, lost, not_found, rejected};
use super::*;
use crate::model::{
    AppId, Budget, Capability, Deployment, DeploymentId, DeploymentScope, Environment, Failure,
    Page, PageToken, Payload, Phase, Priority, Query, Text, Ticket,
};

fn key(context: u16, app: &str) -> QueryKey {
    QueryKey {
        context: ContextId(context),
        query: Query::Environments(AppId::new(app)),
    }
}

fn ask(app: &str, ticket: u64) -> Fetch {
    ask_of(0, app, ticket)
}

fn ask_of(context: u16, app: &str, ticket: u64) -> Fetch {
    Fetch {
        key: key(context, app),
        ticket: Ticket(ticket),
        priority: Priority::Visible,
    }
}

fn page(names: &[&str], next: Option<&str>) -> Page<Environment> {
    Page {
        items: names.iter().copied().map(environment).collect(),
        next: next.map(|token| PageToken(token.into())),
        total: None,
    }
}

fn names(payload: &Payload) -> Vec<&str> {
    let Payload::Environments(page) = payload else {
        panic!("{payload:?}");
    };
    page.items.iter().map(|e| e.name.as_str()).collect()
}

fn fails(times: usize, failure: &Failure) -> Vec<double::Step<Page<Environment>>> {
    vec![(millis(10), Err(failure.clone())); times]
}

#[tokio::test(start_paused = true)]
async fn pages_are_reported_in_order_as_they_come() {
    let mut bench = Bench::new();
    bench.platform().answers(
        "a",
        [
            (millis(10), Ok(page(&["one", "two"], Some("p2")))),
            (millis(10), Ok(page(&["three"], Some("p3")))),
            (millis(10), Ok(page(&["four"], None))),
        ],
    );
    bench.engine.fetch(ask("a", 1));
    for (expected, more) in [
        (&["one", "two"][..], true),
        (&["three"], true),
        (&["four"], false),
    ] {
        let report = bench.report().await;
        assert_eq!(names(&report.result.unwrap()), expected);
        assert_eq!((report.more, report.retry_at), (more, None));
    }
    bench.silence(secs(60)).await;
    let tokens = |script: &double::Script| -> Vec<_> {
        let tokens = script.pages.iter().map(|page| page.token.clone());
        tokens.map(|token| token.map(|t| t.0.to_string())).collect()
    };
    let expected = [None, Some("p2".to_owned()), Some("p3".to_owned())];
    assert_eq!(tokens(&bench.platform().script()), expected);
}

fn deployments(count: usize, next: Option<&str>) -> Page<Deployment> {
    let one = |n: usize| {
        let id = n.to_string();
        Deployment::new(DeploymentId::new(&id), Text::clean(&id), Phase::Succeeded)
    };
    Page {
        items: (0..count).map(one).collect(),
        next: next.map(|token| PageToken(token.into())),
        total: None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_history_is_read_up_to_its_limit() {
    let platforms = Scripted::several(1);
    let query = Query::Deployments(DeploymentScope::App(AppId::new("a")));
    platforms[0].script().deployments = (2..9)
        .map(|n| (millis(1), Ok(deployments(40, Some(&n.to_string())))))
        .collect();
    let Payload::Deployments(page) = read_all(platforms[0].as_ref(), &query, clock)
        .await
        .unwrap()
    else {
        panic!("deployments were asked for");
    };
    assert_eq!(page.items.len(), 100);
    assert_eq!(page.next, Some(PageToken("4".into())));
    assert_eq!(platforms[0].count("deployments"), 3);
    let limits = platforms[0].script().pages.clone();
    assert!(limits.iter().all(|page| page.limit == Some(100)));
}

#[tokio::test(start_paused = true)]
async fn read_all_puts_the_pages_together_and_retries() {
    let platforms = Scripted::several(1);
    platforms[0].answers(
        "a",
        [
            (millis(1), Ok(page(&["one"], Some("p2")))),
            (millis(1), Err(broken(502))),
            (millis(1), Ok(page(&["two", "three"], None))),
        ],
    );
    let query = Query::Environments(AppId::new("a"));
    let whole = read_all(platforms[0].as_ref(), &query, clock)
        .await
        .unwrap();
    assert_eq!(names(&whole), ["one", "two", "three"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_goes_in_circles_ends() {
    let mut bench = Bench::new();
    let again = || (millis(1), Ok(page(&["one"], Some("same"))));
    bench.platform().answers("a", [again(), again(), again()]);
    bench.engine.fetch(ask("a", 1));
    assert!(bench.report().await.more);
    let report = bench.report().await;
    assert!(matches!(report.result, Err(Failure::Decode { .. })));
    assert!(!report.more);
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_three_times_in_sight() {
    for failure in [connect(), lost(), broken(500), broken(503), limited(None)] {
        let mut bench = Bench::new();
        bench.platform().answers("a", fails(5, &failure));
        bench.engine.fetch(ask("a", 1));
        for _ in 0..2 {
            let report = bench.report().await;
            assert_eq!(report.result, Err(failure.clone()));
            assert!(report.more && report.retry_at.unwrap() > report.at);
        }
        let report = bench.report().await;
        assert_eq!(report.result, Err(failure.clone()));
        assert_eq!((report.more, report.retry_at), (false, None));
        assert_eq!(bench.platform().count("a"), 3, "{failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_is_asked_once() {
    for failure in [rejected(), not_found(), decode(), broken(404)] {
        let mut bench = Bench::new();
        bench.platform().answers("a", fails(5, &failure));
        bench.engine.fetch(ask("a", 1));
        let report = bench.report().await;
        assert_eq!(report.result, Err(failure.clone()));
        assert!(!report.more);
        bench.silence(secs(60)).await;
        assert_eq!(bench.platform().count("a"), 1, "{failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_works_ends_the_trouble() {
    let mut bench = Bench::new();
    let mut steps = fails(1, &broken(502));
    steps.push((millis(1), Ok(page(&["one"], None))));
    bench.platform().answers("a", steps);
    bench.engine.fetch(ask("a", 1));
    assert!(bench.report().await.result.is_err());
    let report = bench.report().await;
    assert_eq!(names(&report.result.unwrap()), ["one"]);
    assert!(!report.more);
}

#[tokio::test(start_paused = true)]
async fn a_newer_request_silences_the_older() {
    let mut bench = Bench::new();
    let slow = |name| (secs(5), Ok(page(&[name], None)));
    bench.platform().answers("a", [slow("old"), slow("new")]);
    bench.engine.fetch(ask("a", 1));
    assert!(timeout(secs(2), bench.events.recv()).await.is_err());
    bench.engine.fetch(ask("a", 2));
    let report = bench.report().await;
    assert_eq!(report.ticket, Ticket(2));
    assert_eq!(names(&report.result.unwrap()), ["new"]);
    bench.silence(secs(60)).await;
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_read_makes_room_and_says_nothing() {
    let mut bench = Bench::new();
    for (ticket, app) in ["a", "b", "c", "d"].into_iter().enumerate() {
        let forever = (secs(100_000), Ok(page(&[], None)));
        bench.platform().answers(app, [forever]);
        bench.engine.fetch(ask(app, ticket as u64));
    }
    bench.engine.fetch(ask("e", 9));
    bench.silence(secs(30)).await;
    bench.engine.cancel(&key(0, "a"));
    assert_eq!(bench.report().await.ticket, Ticket(9));
}

#[tokio::test(start_paused = true)]
async fn leaving_a_context_cancels_its_reads_and_no_others() {
    let mut bench = Bench::with(2, QUEUE);
    for platform in &bench.platforms {
        platform.answers("a", [(secs(5), Ok(page(&[], None)))]);
    }
    bench.engine.fetch(ask_of(0, "a", 1));
    bench.engine.fetch(ask_of(1, "a", 2));
    bench.engine.leave(ContextId(0));
    assert_eq!(bench.report().await.ticket, Ticket(2));
    bench.silence(secs(60)).await;
    bench.engine.fetch(ask_of(0, "b", 3));
    assert_eq!(bench.report().await.ticket, Ticket(3));
}

#[tokio::test(start_paused = true)]
async fn one_slow_query_delays_no_other() {
    let mut bench = Bench::new();
    bench
        .platform()
        .answers("slow", [(secs(29), Ok(page(&[], None)))]);
    bench.engine.fetch(ask("slow", 1));
    for ticket in 2..30 {
        bench.engine.fetch(ask(&ticket.to_string(), ticket));
    }
    for _ in 2..30 {
        assert_ne!(bench.report().await.ticket, Ticket(1));
    }
    assert!(bench.elapsed() < secs(1));
    assert_eq!(bench.report().await.ticket, Ticket(1));
}

#[tokio::test(start_paused = true)]
async fn at_most_four_of_a_context_and_sixteen_in_all() {
    let mut bench = Bench::with(6, QUEUE);
    for context in 0..6 {
        for n in 0..8 {
            let app = n.to_string();
            let platform = &bench.platforms[usize::from(context)];
            platform.answers(&app, [(secs(1), Ok(page(&[], None)))]);
            bench.engine.fetch(ask_of(context, &app, n));
        }
    }
    for _ in 0..48 {
        assert!(!bench.report().await.more);
    }
    for platform in &bench.platforms {
        assert!(platform.here.most() <= 4);
    }
    assert_eq!(bench.platform().here.most(), 4);
    assert_eq!(bench.platform().all.most(), 16);
    // Two rounds of four contexts, two of the remaining two.
    assert_eq!(bench.elapsed(), secs(4));
}

#[tokio::test(start_paused = true)]
async fn what_is_visible_overtakes_what_is_not() {
    let mut bench = Bench::new();
    for n in 0..12 {
        let app = n.to_string();
        let slow = (secs(1), Ok(page(&[], None)));
        bench.platform().answers(&app, [slow]);
        let priority = Priority::Background;
        bench.engine.fetch(Fetch {
            priority,
            ..ask(&app, n)
        });
    }
    tokio::task::yield_now().await;
    // The first three are under way; the fourth place is kept.
    bench.engine.fetch(ask("seen", 99));
    bench.engine.fetch(ask("seen too", 100));
    assert_eq!(bench.report().await.ticket, Ticket(99));
    assert_eq!(bench.report().await.ticket, Ticket(100));
    assert!(bench.elapsed() < millis(100));
    for _ in 0..12 {
        assert!(bench.report().await.ticket < Ticket(12));
    }
    assert_eq!(bench.platform().here.most(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_outage_does_not_triple_the_load() {
    let mut bench = Bench::new();
    for n in 0..20 {
        let app = n.to_string();
        bench.platform().answers(&app, fails(3, &broken(503)));
        bench.engine.fetch(ask(&app, n));
    }
    let mut ended = 0;
    while ended < 20 {
        ended += usize::from(!bench.report().await.more);
    }
    // Twenty first attempts and ten retries.
    assert_eq!(bench.platform().calls().len(), 30);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_obeyed_by_the_whole_context() {
    let mut bench = Bench::with(2, QUEUE);
    bench
        .platform()
        .answers("a", fails(1, &limited(Some(secs(30)))));
    bench.engine.fetch(ask("a", 1));
    let report = bench.report().await;
    assert_eq!(report.result, Err(limited(Some(secs(30)))));
    assert_eq!(report.retry_at, Some(report.at + secs(30)));
    assert!(report.more);
    let until = bench.engine.paused_until(ContextId(0)).unwrap();
    assert_eq!(until, report.retry_at.unwrap());
    assert_eq!(bench.engine.paused_until(ContextId(1)), None);

    bench.engine.fetch(ask("b", 2));
    bench.engine.fetch(ask_of(1, "b", 3));
    let waits = bench.report().await;
    assert_eq!((waits.ticket, waits.more), (Ticket(2), true));
    assert!(waits.retry_at.is_some());
    assert_eq!(bench.report().await.ticket, Ticket(3));
    assert!(bench.elapsed() < secs(1));

    for _ in 0..2 {
        assert!(bench.report().await.result.is_ok());
        assert!(bench.elapsed() >= secs(30));
    }
    assert_eq!(bench.engine.paused_until(ContextId(0)), None);
}

#[tokio::test(start_paused = true)]
async fn a_long_retry_after_pauses_the_context() {
    let mut bench = Bench::new();
    bench
        .platform()
        .answers("a", fails(1, &limited(Some(secs(900)))));
    bench.engine.fetch(ask("a", 1));
    let report = bench.report().await;
    assert_eq!(report.result, Err(limited(Some(secs(900)))));
    assert_eq!((report.more, report.retry_at), (false, None));
    assert!(bench.engine.paused_until(ContextId(0)).is_some());

    bench.silence(secs(100)).await;
    bench.engine.fetch(ask("b", 2));
    let report = bench.report().await;
    let Err(Failure::RateLimited { retry_after, .. }) = report.result else {
        panic!("{report:?}");
    };
    assert_eq!(retry_after.unwrap().as_secs().div_ceil(10), 80);
    assert!(!report.more);
    assert_eq!(bench.platform().count("b"), 0);

    bench.silence(secs(900)).await;
    bench.engine.fetch(ask("b", 3));
    assert!(bench.report().await.result.is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_exhausted_budget_is_waited_for_and_reported() {
    let mut bench = Bench::new();
    let budget = Budget {
        remaining: 0,
        limit: 100,
        resets_at: Some(clock() + secs(40)),
    };
    bench.platform().script().budget = Some(budget);
    bench.engine.fetch(ask("a", 1));
    assert_eq!(bench.report().await.budget, Some(budget));
    bench.engine.fetch(ask("b", 2));
    assert!(bench.report().await.more);
    assert!(bench.report().await.result.is_ok());
    assert!(bench.elapsed() >= secs(39));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_costs_no_request() {
    let mut bench = Bench::new();
    let refused = (Capability::ListEnvironments, "there are none");
    bench.platform().script().refuses = Some(refused);
    bench.engine.fetch(ask("a", 1));
    let report = bench.report().await;
    assert!(matches!(
        report.result,
        Err(Failure::Unsupported { capability, .. }) if capability == refused.0
    ));
    assert!(bench.platform().calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_slows_reads_and_loses_nothing() {
    let mut bench = Bench::with(1, 2);
    for n in 0..50 {
        bench.engine.fetch(ask(&n.to_string(), n));
    }
    tokio::time::sleep(secs(10)).await;
    let mut tickets = Vec::new();
    for _ in 0..50 {
        tickets.push(bench.report().await.ticket.0);
    }
    tickets.sort_unstable();
    assert!(tickets.into_iter().eq(0..50));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_reported() {
    let mut bench = Bench::new();
    bench.engine.fetch(ask("panic", 1));
    let report = bench.report().await;
    assert!(matches!(report.result, Err(Failure::Decode { .. })));
    assert_eq!((report.ticket, report.more), (Ticket(1), false));
    bench.engine.fetch(ask("a", 2));
    assert!(bench.report().await.result.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_end_cancels_everything_at_once() {
    let mut bench = Bench::new();
    for n in 0..8 {
        let app = n.to_string();
        let forever = (secs(100_000), Ok(page(&[], None)));
        bench.platform().answers(&app, [forever]);
        bench.engine.fetch(ask(&app, n));
    }
    tokio::time::sleep(secs(1)).await;
    let begun = Instant::now();
    bench.engine.shutdown().await;
    assert!(begun.elapsed() <= millis(500));
    assert!(bench.events.recv().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_turn_is_lost_between_threads() {
    let mut bench = Bench::with(4, QUEUE);
    for n in 0..400 {
        bench
            .engine
            .fetch(ask_of((n % 4) as u16, &n.to_string(), n));
    }
    for _ in 0..400 {
        let report = timeout(secs(60), bench.report()).await.unwrap();
        assert!(report.result.is_ok());
    }
    assert!(bench.platform().all.most() <= 16);
}
