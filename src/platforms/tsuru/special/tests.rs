use std::collections::BTreeSet;

use super::*;
use crate::model::catalogue::{Chosen, RECIPES, Value};
use crate::model::{Secret, Text};

/// An answer for every field that must have one.
fn answers(recipe: &Recipe) -> Inputs {
    let mut inputs = Inputs::default();
    for field in recipe.fields.iter().filter(|it| it.need == Need::Required) {
        let value = match field.kind {
            FieldKind::Text => Value::Text("a".into()),
            FieldKind::Secret => Value::Secret(Secret::new("canary")),
            FieldKind::Choice(words) => Value::Text(words[0].0.into()),
            FieldKind::Pick(_) => Value::One(Chosen {
                id: "x".into(),
                title: Text::clean("x"),
            }),
            FieldKind::Count { .. }
            | FieldKind::Flag
            | FieldKind::Time
            | FieldKind::Pairs
            | FieldKind::Some(_) => panic!("{} is not asked for", field.name),
        };
        inputs.set(field.name, value);
    }
    inputs
}

fn problem(own: Own, inputs: &Inputs) -> String {
    (SPECIALS[own as usize].recipe.build)(inputs)
        .unwrap_err()
        .to_string()
}

#[test]
fn names_and_letters_are_nobody_elses_and_can_be_typed() {
    let all = || RECIPES.iter().chain(SPECIALS.iter().map(|it| &it.recipe));
    let names: BTreeSet<_> = all().map(|recipe| recipe.name).collect();
    let letters: BTreeSet<_> = all().map(|recipe| recipe.letter).collect();
    assert_eq!(names.len(), RECIPES.len() + SPECIALS.len());
    assert_eq!(letters.len(), RECIPES.len() + SPECIALS.len());
    for special in SPECIALS {
        let recipe = &special.recipe;
        assert!(recipe.letter.is_ascii_graphic(), "{}", recipe.name);
        assert!(!"jkq/".contains(recipe.letter), "{}", recipe.name);
        let is_word = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(is_word(recipe.name), "{}", recipe.name);
        assert!(
            recipe.fields.iter().all(|it| is_word(it.name)),
            "{}",
            recipe.name
        );
        assert!(!recipe.about.ends_with('.') && !special.verb.is_empty());
    }
}

#[test]
fn each_is_made_of_its_answers_and_knows_itself_again() {
    for (special, own) in SPECIALS.iter().zip(Own::ALL) {
        let mut inputs = answers(&special.recipe);
        if *own == Own::ConfigureApp {
            inputs.set("plan", Value::Text("c1".into()));
        }
        if *own == Own::SetQuota {
            inputs.set("limit", Value::Count(4));
        }
        let kind = (special.recipe.build)(&inputs).unwrap();
        let OperationKind::Special { what, inputs: kept } = kind else {
            panic!("{own:?}")
        };
        assert_eq!(Own::of(what), Some(*own));
        assert_eq!(kept, inputs);
        assert!(!format!("{kept:?}").contains("canary"));
    }
}

#[test]
fn what_does_not_go_together_is_told_by_field() {
    let none = Inputs::default;
    assert_eq!(problem(Own::GrantTeam, &none()), "team is missing");
    let expected = "plan is missing: something has to change";
    let alone = none().with("no-restart", Value::Flag(true));
    assert_eq!(problem(Own::ConfigureApp, &alone), expected);
    let expected = "limit is missing: or say `unlimited`";
    assert_eq!(problem(Own::SetQuota, &none()), expected);
    let both = none()
        .with("limit", Value::Count(1))
        .with("unlimited", Value::Flag(true));
    assert_eq!(
        problem(Own::SetQuota, &both),
        "unlimited goes without a limit"
    );
    let both = answers(&SPECIALS[Own::ReleaseVersion as usize].recipe)
        .with("image", Value::Text("a:1".into()))
        .with(
            "to",
            Value::One(Chosen {
                id: "d".into(),
                title: Text::clean("v1"),
            }),
        );
    assert_eq!(
        problem(Own::ReleaseVersion, &both),
        "to goes without an image"
    );
}

#[test]
fn only_a_log_in_needs_no_credential_and_may_leave_a_read_only_context() {
    for (special, own) in SPECIALS.iter().zip(Own::ALL) {
        let is_login = *own == Own::LogIn;
        assert_eq!(special.needs_no_credential, is_login, "{own:?}");
        assert_eq!(special.safety == Safety::Read, is_login, "{own:?}");
    }
}
