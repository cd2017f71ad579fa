//! The snapshots of menus, the palette and forms.

use flightdeck::app::screen::{Colours, Look};
use flightdeck::model::{
    Failure, FieldProblem, Page, Payload, Query, QueryKey, Service, ServiceId,
    Stage as OperationStage, Status,
};

use crate::screens::{check, check_text};
use crate::stage::Stage;
use crate::world::{answers, full, text as word, unreachable};

const ASCII: Look = Look {
    is_ascii: true,
    colours: Colours::True,
    is_light: false,
};
const PLAIN: Look = Look {
    is_ascii: false,
    colours: Colours::None,
    is_light: false,
};

#[test]
fn the_action_menu() {
    check("menu", &full(120, 40).keys("a"));
    check_text("menu_80x24", &full(80, 24).keys("a"));
    check_text("menu_80x24_end", &full(80, 24).keys("a end"));
    check_text("menu_50x16", &full(50, 16).keys("a"));
    check_text("menu_searched", &full(80, 24).keys("a / d o m a"));
    check_text("menu_ascii", &full(80, 24).look(ASCII).keys("a"));
    // On tsuru, which is locked.
    check("menu_locked", &full(80, 24).keys("j").ready().keys("a"));
}

#[test]
fn a_menu_says_what_is_not_offered_and_stays() {
    let stage = Stage::new(vec![crate::world::bare_context()], 120, 40)
        .answering(|key| Some(Ok(crate::world::lists(key))))
        .ready();
    check("menu_refused", &stage.keys("a x"));
}

#[test]
fn the_palette() {
    check("palette", &full(120, 40).keys(":"));
    check_text("palette_typed", &full(80, 24).keys("ctrl-p").types("shop"));
    check_text("palette_50x16", &full(50, 16).keys(":").types("back"));
    check_text("palette_nothing", &full(80, 24).keys(":").types("zzzz"));
    let plain = full(80, 24).look(PLAIN).keys(":").types("set");
    check("palette_no_colour", &plain);
}

/// With services of the environment, which a backup chooses from.
fn with_services(key: &QueryKey) -> Result<Payload, Failure> {
    let service = |id: &str, kind: &str, can_back_up| Service {
        id: ServiceId::new(id),
        name: word(id),
        kind: word(kind),
        kind_id: None,
        environment: None,
        status: Status::Live,
        state: Some(word("attached")),
        can_back_up: Some(can_back_up),
        details: Vec::new(),
    };
    let Query::Services(_) = key.query else {
        return answers(key);
    };
    Ok(Payload::Services(Page::whole(vec![
        service("DATABASE", "postgresql", true),
        service("CACHE", "redis", false),
        service("MEDIA", "storage", true),
    ])))
}

/// The form of a backup, with all there is to say.
const TO_BACKUP: &str = "a / b a c k u p tab";

#[test]
fn a_form_that_chooses_from_what_exists() {
    let stage = |width, height| full(width, height).answering(|key| Some(with_services(key)));
    check("form_some", &stage(120, 40).keys(TO_BACKUP).keys("space"));
    let pick = |stage: Stage| stage.keys("a j j j tab");
    check("form_pick", &pick(stage(80, 24)));
    check_text("form_pick_50x16", &pick(stage(50, 16)));
    check_text("form_pick_40x10", &pick(stage(40, 10)));
    check_text("form_pick_searched", &pick(stage(80, 24)).types("210"));
    check_text("form_pick_ascii", &pick(stage(80, 24).look(ASCII)));
}

#[test]
fn a_list_that_is_not_there_says_why() {
    let is_services = |key: &QueryKey| matches!(key.query, Query::Services(_));
    let waiting = move |key: &QueryKey| (!is_services(key)).then(|| answers(key));
    let stage = full(80, 24).answering(waiting).keys(TO_BACKUP);
    check_text("form_list_loading", &stage);
    let failing = move |key: &QueryKey| {
        Some(if is_services(key) {
            Err(unreachable())
        } else {
            answers(key)
        })
    };
    let stage = full(80, 24).answering(failing).keys(TO_BACKUP);
    check_text("form_list_failed", &stage);
}

/// A variable on staging, sent and refused.
fn refused(width: u16, height: u16) -> Stage {
    let problem = |field: Option<&str>, problem| FieldProblem {
        field: field.map(word),
        problem: word(problem),
    };
    let failure = Failure::Validation(vec![
        problem(Some("name"), "Enter a valid name: letters, digits and _."),
        problem(None, "This environment takes no more variables."),
    ]);
    full(width, height)
        .keys("d j")
        .ready()
        .keys("a v")
        .types("1-up")
        .keys("tab")
        .types("日本-secret")
        .keys("enter enter y")
        .operation(0, OperationStage::Refused(failure))
        .after(std::time::Duration::from_secs(1))
}

#[test]
fn a_form_with_problems() {
    check("form_missing", &full(80, 24).keys("a v tab x enter enter"));
    check("form_refused", &refused(120, 40));
    check_text("form_refused_50x16", &refused(50, 16));
    check_text("form_refused_secret", &refused(80, 24).keys("tab"));
}

#[test]
fn the_copy_menu_and_the_contexts() {
    check("copy", &full(120, 40).keys("y"));
    check_text("copied", &full(80, 24).keys("y n"));
    check("contexts", &full(120, 40).keys("c j space"));
    check_text("contexts_hidden", &full(80, 24).keys("c space esc"));
    check_text("contexts_one", &full(120, 40).keys("c enter"));
}
