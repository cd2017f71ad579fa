//! One operation on one target, wherever it may be and however it is answered.

use std::panic::AssertUnwindSafe;

use flightdeck::model::{Stage, TransferPhase, Verdict};
use futures_util::{FutureExt as _, StreamExt as _, stream};

use crate::cases::{Case, cases, own_cases};
use crate::desk::{Desk, PROTECTED, READ_ONLY};
use crate::own;
use crate::prepare::{Place, prepare};
use crate::rules::{About, RULES};
use crate::tenants;
use crate::world::{Counts, World, counts, since};

/// Worlds that are tried side by side.
const AT_ONCE: usize = 6;

/// A case, under way.
struct Trial {
    case: Case,
    place: Place,
    world: World,
    desk: Desk,
    before: Counts,
    /// By the rules.
    tier: u8,
    must_type: Option<String>,
}

impl Trial {
    async fn new(case: Case) -> Self {
        let world = World::on(case.platform).await;
        let place = match case.platform {
            "tsuru" => own::prepare(&world, &case).await,
            "pandastack" | "pangea" => tenants::prepare(&world, &case).await,
            _ => prepare(&world, case.rule, case.environment).await,
        };
        let tier = case.tier();
        Self {
            tier,
            must_type: case.rule.must_type(tier, place.app),
            before: world.changes().await,
            desk: Desk::new(&world).await,
            place,
            world,
            case,
        }
    }

    fn select(&mut self, context: &str) {
        let Place {
            app, environment, ..
        } = self.place;
        match self.case.rule.about {
            About::All | About::Context => self.desk.select_app(context, app),
            About::App | About::Environment => self.desk.select(context, app, environment),
        }
    }

    async fn sent(&self) -> Counts {
        since(&self.before, self.world.changes().await)
    }

    async fn nothing_was_sent(&self, when: &str) {
        assert_eq!(self.desk.begun, 0, "{:?}: {when}", self.case);
        let sent = self.sent().await;
        assert_eq!(sent, Counts::new(), "{:?}: {when}", self.case);
    }

    /// Where nothing may be changed, the menu says why and nothing begins.
    async fn is_refused(&mut self, context: &str, why: &str) {
        self.select(context);
        let said = self.desk.ask(self.case.rule.recipe, None).await;
        let said = said.unwrap_err();
        assert!(said.contains(why), "{said}");
        self.nothing_was_sent(why).await;
    }

    /// The question, which must be as hard as the rules say and about what was selected.
    async fn ask(&mut self) {
        let rule = self.case.rule;
        self.desk.ask(rule.recipe, Some(rule)).await.unwrap();
        let confirm = self.desk.confirm().unwrap();
        assert_eq!(confirm.tier.number(), self.tier, "{:?}", self.case);
        let must_type = confirm.must_type.as_ref().map(ToString::to_string);
        assert_eq!(must_type, self.must_type, "{:?}", self.case);
        let [operation] = &confirm.request.operations[..] else {
            panic!("{:?}", confirm.request);
        };
        let context = self.desk.state.contexts.get(operation.target.context);
        assert_eq!(context.unwrap().name.as_str(), self.case.context);
        let Place {
            app, environment, ..
        } = self.place;
        let title = match rule.about {
            About::Context => self.case.context.to_owned(),
            About::App | About::All => app.to_owned(),
            About::Environment => format!("{app}/{environment}"),
        };
        assert_eq!(operation.target.title.as_str(), title);
    }

    async fn is_over(&self, when: &str) {
        assert!(self.desk.confirm().is_none(), "{when}: {:?}", self.case);
        self.nothing_was_sent(when).await;
    }

    /// Every answer that is no yes.
    async fn is_declined(&mut self) {
        for key in ["enter", "esc"] {
            self.ask().await;
            self.desk.ready().await;
            self.desk.press(key);
            self.is_over(key).await;
        }
        self.keys_too_early_are_no_answer().await;
        self.a_held_key_is_no_answer().await;
        if let Some(text) = self.must_type.clone() {
            self.what_is_wrong_is_a_no(&text).await;
        }
    }

    /// A dialog opens under the fingers: what was typed before was not meant for it. The question
    /// in the line takes keys at once.
    async fn keys_too_early_are_no_answer(&mut self) {
        if self.tier == 1 {
            return;
        }
        self.ask().await;
        self.desk.agree(self.must_type.as_deref());
        assert!(self.desk.confirm().is_some(), "{:?}", self.case);
        self.nothing_was_sent("too early").await;
        self.desk.ready().await;
        self.desk.press("esc");
        self.is_over("after keys that came too early").await;
    }

    async fn a_held_key_is_no_answer(&mut self) {
        self.ask().await;
        self.desk.ready().await;
        match self.must_type.clone() {
            Some(text) => {
                self.desk.type_text(&text);
                self.desk.hold("enter");
            }
            None => self.desk.hold("y"),
        }
        assert!(self.desk.confirm().is_some(), "{:?}", self.case);
        self.desk.press("esc");
        self.is_over("a held key").await;
    }

    /// Something else, a part of it, a paste, and the key that is enough elsewhere.
    async fn what_is_wrong_is_a_no(&mut self, text: &str) {
        let part: String = text.chars().skip(1).collect();
        let wrong = [format!("{text}x"), part, "y".to_owned()];
        for wrong in wrong {
            self.ask().await;
            self.desk.ready().await;
            self.desk.agree(Some(&wrong));
            self.is_over(&wrong).await;
        }
        self.ask().await;
        self.desk.ready().await;
        self.desk.paste(text);
        self.desk.press("enter");
        self.is_over("a paste").await;
    }

    /// The lock falls by itself while the question is open.
    async fn what_is_locked_again_is_not_done(&mut self) {
        self.ask().await;
        self.desk.ready().await;
        if let Some(text) = self.must_type.clone() {
            self.desk.type_text(&text);
        }
        self.desk.doze(10);
        let last = self.must_type.as_ref().map_or("y", |_| "enter");
        self.desk.press(last);
        self.is_over("a lock that fell").await;
        // The key may have opened something where there was no question any more.
        self.desk.press("esc");
        self.is_refused(PROTECTED, "is protected").await;
        self.desk.unlock(PROTECTED);
    }

    /// What a yes may send, and nothing else.
    fn expected(&self) -> Counts {
        let mut expected = counts(&[(self.case.rule.request, 1)]);
        if self.case.rule.recipe == "restore" && self.case.takes_offer {
            expected.extend(counts(&[("CreateBackup", 1)]));
        }
        expected
    }

    async fn is_done_once(&mut self) {
        self.ask().await;
        self.desk.ready().await;
        if !self.case.takes_offer {
            self.desk.press("tab");
        }
        self.desk.agree(self.must_type.as_deref());
        self.desk.until_idle().await;
        assert_eq!(self.sent().await, self.expected(), "{:?}", self.case);
        for entry in self.desk.state.operations.finished() {
            let is_done = matches!(entry.stage, Stage::Ended(Verdict::Done(_)));
            assert!(is_done, "{:?}: {:?}", self.case, entry.stage);
        }
        for entry in self.desk.state.transfers.finished() {
            let is_done = matches!(entry.phase, TransferPhase::Done(_));
            assert!(is_done, "{:?}: {:?}", self.case, entry.phase);
        }
    }
}

async fn try_out(case: Case) {
    let mut trial = Trial::new(case).await;
    trial.is_refused(READ_ONLY, "is read-only").await;
    trial.is_refused(PROTECTED, "is protected").await;
    trial.desk.unlock("gvarded");
    trial.is_refused(PROTECTED, "is protected").await;
    trial.select(case.context);
    if case.context == PROTECTED {
        trial.desk.unlock(PROTECTED);
    }
    trial.is_declined().await;
    if case.context == PROTECTED {
        trial.what_is_locked_again_is_not_done().await;
    }
    trial.is_done_once().await;
    let (expected, before) = (trial.expected(), trial.before);
    // Whatever was still on its way has come by now.
    trial.desk.close().await;
    let sent = since(&before, trial.world.changes().await);
    assert_eq!(sent, expected, "{case:?}");
}

/// Tries all of them, some at once, and tells which were wrong.
async fn try_all(all: &[Case]) {
    let tried = stream::iter(all).map(|case| async move {
        let tried = AssertUnwindSafe(try_out(*case)).catch_unwind().await;
        tried.is_err().then(|| format!("{case:?}"))
    });
    let wrong: Vec<Option<String>> = tried.buffer_unordered(AT_ONCE).collect().await;
    assert_eq!(wrong.len(), all.len());
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_confirmed_is_sent_once_and_nothing_else_is() {
    let all = cases();
    assert_eq!(all.len(), (RULES.len() + 1) * 4);
    try_all(&all).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_one_platform_has_is_asked_about_by_the_same_rules() {
    try_all(&own_cases()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_at_pandastack_and_pangea_is_asked_about_by_the_same_rules() {
    try_all(&tenants::cases()).await;
}
