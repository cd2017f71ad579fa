use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::model::catalogue::{Chosen, FieldKind, RECIPES, Value};
use crate::model::{AppId, ContextId, EnvId, Secret};

fn now() -> Timestamp {
    "2026-03-02T14:02:11Z".parse().unwrap()
}

fn target() -> Target {
    Target {
        context: ContextId(0),
        app: Some(AppId::new("shop")),
        environment: Some(EnvId::new("shop/live")),
        title: Text::clean("shop/live"),
        class: None,
    }
}

fn form(name: &str) -> FormState {
    FormState::new(Recipe::named(name).unwrap(), vec![target()])
}

fn check(form: &mut FormState) -> Option<Inputs> {
    form.check(now(), &TimeZone::UTC)
}

fn problem(form: &FormState, name: &str) -> String {
    let field = form.fields.iter().find(|it| it.field.name == name);
    let problem = field.and_then(|field| field.problem.as_ref());
    problem.map_or_else(String::new, ToString::to_string)
}

fn type_into(form: &mut FormState, name: &str, text: &str) {
    form.field_mut(name).unwrap().entry.insert(text);
}

/// An answer for every field that is asked for.
fn answers(recipe: &Recipe) -> Inputs {
    let one = Chosen {
        id: "id-1".into(),
        title: Text::clean("the first"),
    };
    let mut inputs = Inputs::default();
    for field in recipe.asked() {
        let value = match field.kind {
            FieldKind::Text => Value::Text(format!("a {}", field.name)),
            FieldKind::Secret => Value::Secret(Secret::new(" two\nlines ")),
            FieldKind::Count { least, .. } => Value::Count(least + 3),
            FieldKind::Choice(words) => Value::Text(words[words.len() - 1].0.into()),
            FieldKind::Flag => Value::Flag(true),
            FieldKind::Time => Value::Time("2027-01-01T00:00:00Z".parse().unwrap()),
            FieldKind::Pairs => Value::Pairs(vec![("a".into(), "b c".into())]),
            FieldKind::Pick(_) => Value::One(one.clone()),
            FieldKind::Some(_) => Value::Many(vec![one.clone()]),
        };
        inputs.set(field.name, value);
    }
    inputs
}

#[test]
fn every_recipe_has_a_form_that_gives_back_what_was_put_in() {
    for recipe in RECIPES {
        let mut form = FormState::new(recipe, vec![target()]);
        let inputs = answers(recipe);
        form.fill(&inputs);
        assert_eq!(check(&mut form), Some(inputs), "{}", recipe.name);
    }
}

#[test]
fn an_empty_form_names_what_is_missing_and_nothing_else() {
    for recipe in RECIPES {
        let mut form = FormState::new(recipe, vec![target()]);
        let answered = check(&mut form);
        let mut asked = recipe.asked();
        assert_eq!(
            answered.is_some(),
            asked.all(|it| it.need != Need::Required)
        );
        for field in &form.fields {
            let is_missing = field.problem == Some(Text::clean(&field.field.missing()));
            let is_required = field.field.need == Need::Required;
            assert_eq!(
                is_missing, is_required,
                "{} {}",
                recipe.name, field.field.name
            );
        }
        let first = form.fields.iter().position(|it| it.problem.is_some());
        assert_eq!(form.focus, first.unwrap_or(0), "the first has the focus");
    }
}

#[test]
fn what_does_not_do_says_what_would() {
    for (recipe, field, typed, expected) in [
        ("scale", "units", "1001", "must be from 0 to 1000"),
        ("scale", "units", "99999999999", "must be from 0 to 1000"),
        ("scale", "units", "-1", "is no whole number"),
        ("backup", "keep-until", "2020-01-01", "has passed"),
        ("backup", "keep-until", "0d", "has passed"),
        (
            "backup",
            "keep-until",
            "soon",
            "is no time: write 2026-12-24",
        ),
        ("create-app", "set", "a=1 b", "has no key=value in \"b\""),
        ("create-app", "set", "=1", "has no key=value in \"=1\""),
        ("create-app", "set", "a='1", "has a quote that does not end"),
    ] {
        let mut form = form(recipe);
        type_into(&mut form, field, typed);
        assert_eq!(check(&mut form), None, "{typed}");
        let said = problem(&form, field);
        assert!(said.starts_with(expected), "{typed}: {said}");
    }
}

#[test]
fn a_time_is_a_day_a_moment_or_a_while() {
    for (typed, expected) in [
        ("2026-12-24", "2026-12-24T00:00:00Z"),
        ("30d", "2026-04-01T14:02:11Z"),
        (" 12h ", "2026-03-03T02:02:11Z"),
        ("2026-12-24T18:00:00+01:00", "2026-12-24T17:00:00Z"),
    ] {
        let mut form = form("backup");
        type_into(&mut form, "keep-until", typed);
        let inputs = check(&mut form).unwrap_or_else(|| panic!("{typed}"));
        let at = Value::Time(expected.parse().unwrap());
        assert_eq!(inputs.get("keep-until"), Some(&at), "{typed}");
    }
}

#[test]
fn bounds_are_checked_together() {
    let mut form = form("autoscale");
    type_into(&mut form, "least", "3");
    type_into(&mut form, "most", "2");
    assert_eq!(check(&mut form), None);
    assert_eq!(problem(&form, "most"), "is less than the fewest");
}

fn complaint(field: Option<&str>, problem: &str) -> FieldProblem {
    FieldProblem {
        field: field.map(Text::clean),
        problem: Text::clean(problem),
    }
}

#[test]
fn a_platforms_complaints_stand_beside_what_they_are_about() {
    let mut form = form("set-var");
    form.focus = 3;
    form.complain(&[
        complaint(Some("is_sensitive"), "cannot be changed"),
        complaint(Some("value"), "is too long"),
        complaint(Some("quota"), "is used up"),
        complaint(None, "try later"),
    ]);
    assert_eq!(problem(&form, "sensitive"), "cannot be changed");
    assert_eq!(problem(&form, "value"), "is too long");
    let below: Vec<_> = form.problems.iter().map(Text::as_str).collect();
    assert_eq!(below, ["quota: is used up", "try later"]);
    assert_eq!(form.focus, 1, "the first field with a complaint");
    let mut unsaid = self::form("set-var");
    unsaid.complain(&[]);
    assert_eq!(unsaid.problems.len(), 1);
}

#[test]
fn no_secret_is_in_a_debug_dump() {
    let mut form = form("set-var");
    type_into(&mut form, "value", "canary");
    let mut drafts = Drafts::default();
    drafts.keep(form.clone(), true);
    assert!(!format!("{form:?} {drafts:?}").contains("canary"));
}

#[test]
fn drafts_are_kept_by_operation_and_target_and_are_few() {
    let mut drafts = Drafts::default();
    let elsewhere = |number: usize| Target {
        environment: Some(EnvId::new(format!("shop/{number}"))),
        ..target()
    };
    let recipe = Recipe::named("set-var").unwrap();
    for number in 0..30 {
        drafts.keep(
            FormState::new(recipe, vec![elsewhere(number)]),
            number == 29,
        );
    }
    assert_eq!(drafts.len(), KEPT);
    assert!(
        drafts.take(recipe, &[elsewhere(0)]).is_none(),
        "the oldest went"
    );
    assert!(
        drafts.take_sent(recipe, &elsewhere(28)).is_none(),
        "not sent"
    );
    assert!(drafts.take_sent(recipe, &elsewhere(29)).is_some());
    assert!(drafts.take(recipe, &[elsewhere(28)]).is_some());
    assert_eq!(drafts.len(), KEPT - 2);
}

proptest! {
    /// Whatever is typed wherever, nothing panics, and what does not do has a problem that a
    /// field shows.
    #[test]
    fn any_text_gives_answers_or_a_named_problem(
        recipe in prop::sample::select((0..RECIPES.len()).collect::<Vec<_>>()),
        texts in prop::collection::vec(any::<String>(), 5),
    ) {
        let recipe = &RECIPES[recipe];
        let mut form = FormState::new(recipe, vec![target()]);
        for (field, text) in form.fields.iter_mut().zip(&texts) {
            field.entry.insert(text);
        }
        let answers = check(&mut form);
        let problems = form.fields.iter().filter(|field| field.problem.is_some());
        prop_assert_eq!(answers.is_none(), problems.count() > 0);
        if let Some(problem) = answers.and_then(|answers| (recipe.build)(&answers).err()) {
            let given = recipe.field(problem.field).map(|field| field.need);
            prop_assert_eq!(given, Some(Need::Given), "{}", problem);
        }
    }

    #[test]
    fn any_word_for_a_time_or_a_number_is_read_or_refused(
        typed in "[0-9]{0,30}[dhTZ:+-]{0,3}[0-9]{0,9}",
    ) {
        for (recipe, field) in [("backup", "keep-until"), ("scale", "units")] {
            let mut form = form(recipe);
            type_into(&mut form, field, &typed);
            let _either = check(&mut form);
        }
    }
}

const DECLARED: Creation = Creation {
    name: "The name of the project",
    fields: &[
        Field::new("geo", FieldKind::Choice(&GEOS), "Where its data stays"),
        Field::text("region", "Which region").optional(),
    ],
};
const GEOS: [(&str, &str); 2] = [("us", "United States"), ("eu", "European Union")];

fn creation() -> FormState {
    let mut form = form("create-app");
    form.ask_for(&DECLARED);
    form
}

#[test]
fn an_app_is_asked_for_by_what_its_platform_declares() {
    let mut form = creation();
    let asked: Vec<_> = form.fields.iter().map(|it| it.field.name).collect();
    assert_eq!(asked, ["name", "geo", "region"]);
    assert_eq!(form.fields[0].about, "The name of the project");
    type_into(&mut form, "name", "demo");
    assert_eq!(check(&mut form), None);
    assert_eq!(problem(&form, "geo"), "is missing: us, eu");
    let eu = Inputs::default().with("geo", Value::Text("eu".into()));
    form.fill(&eu);
    type_into(&mut form, "region", "eu-central-1");
    let inputs = check(&mut form).unwrap();
    let pairs = [("geo", "eu"), ("region", "eu-central-1")];
    let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(inputs.get("set"), Some(&Value::Pairs(pairs.into())));
    assert_eq!(inputs.get("geo"), None, "they are one answer");
    let mut again = creation();
    again.fill(&inputs);
    assert_eq!(check(&mut again), Some(inputs), "and are put back");
}

#[test]
fn a_complaint_about_a_declared_field_stands_beside_it() {
    let mut form = creation();
    let complaint = |field: &str, problem: &str| FieldProblem {
        field: Some(Text::clean(field)),
        problem: Text::clean(problem),
    };
    form.complain(&[
        complaint("geo", "is closed"),
        complaint("billing", "is due"),
    ]);
    assert_eq!(problem(&form, "geo"), "is closed");
    assert_eq!(form.focus, 1);
    assert_eq!(form.problems, [Text::clean("billing: is due")]);
}

#[test]
fn what_was_put_in_before_is_not_what_was_typed() {
    let mut form = form("complete-installation");
    form.presume(Inputs::default().with("domain", Value::Text("www.example.com".into())));
    assert!(form.is_empty());
    type_into(&mut form, "domain", "x");
    assert!(!form.is_empty());
}
