//! What a platform says that an operation would do, and apps that are pinned.

use flightdeck::model::{AuthProblem, Failure, Preview};

use crate::screens::{check, check_text, seconds};
use crate::stage::Stage;
use crate::world::{text, whole};

/// `shop-api/prod` is to have four instances.
fn scaled(width: u16, height: u16) -> Stage {
    let form = whole(width, height, false).keys("a c").types("4");
    form.keys("ctrl-enter").after(seconds(1))
}

fn costly() -> Preview {
    Preview {
        facts: vec![
            (text("cost a month"), text("24.00 → 48.00 USD")),
            (text("size"), text("professional-xs, 4 instances")),
        ],
        warnings: vec![
            text("the image is not named by its digest: what is deployed may be another one"),
            text("a static site is built anew"),
        ],
        refusal: None,
    }
}

#[test]
fn while_the_platform_is_asked() {
    for (width, height) in [(80, 24), (120, 40)] {
        check(
            &format!("preview_asking_{width}x{height}"),
            &scaled(width, height),
        );
    }
}

#[test]
fn what_it_costs_and_what_speaks_against_it() {
    for (width, height) in [(80, 24), (120, 40)] {
        let stage = scaled(width, height).previewed(Ok(Some(costly())));
        check(&format!("preview_costs_{width}x{height}"), &stage);
    }
    let small = scaled(50, 16).previewed(Ok(Some(costly())));
    check_text("preview_costs_50x16", &small);
}

#[test]
fn what_it_would_refuse() {
    let refused = || Preview {
        refusal: Some(text(
            "instance_count: the size apps-s-1vcpu-0.5gb runs one instance; choose another size or \
             scale to one",
        )),
        ..costly()
    };
    for (width, height) in [(80, 24), (120, 40)] {
        let stage = scaled(width, height).previewed(Ok(Some(refused())));
        check(&format!("preview_refused_{width}x{height}"), &stage);
    }
    let pressed = scaled(80, 24).previewed(Ok(Some(refused()))).keys("y");
    check_text("preview_refused_all_the_same", &pressed);
}

#[test]
fn what_could_not_be_asked() {
    let forbidden = || Failure::Auth(AuthProblem::Forbidden(Some(text("app:read"))));
    for (width, height) in [(80, 24), (120, 40)] {
        let stage = scaled(width, height).previewed(Err(forbidden()));
        check(&format!("preview_failed_{width}x{height}"), &stage);
    }
    let nothing = scaled(80, 24).previewed(Ok(None));
    check_text("preview_nothing_to_say", &nothing);
}

#[test]
fn pinned_apps() {
    for (width, height) in [(80, 24), (120, 40)] {
        check(
            &format!("pinned_{width}x{height}"),
            &whole(width, height, true),
        );
    }
    check_text("pinned_menu", &whole(120, 40, true).keys("a"));
}
