use std::collections::BTreeSet;

use jiff::Timestamp;

use super::*;
use crate::model::{Secret, Text};

/// An answer for every field, so that nothing is left out on the way there and back.
fn full(recipe: &Recipe) -> Inputs {
    let chosen = |id: &str| Chosen {
        id: id.into(),
        title: Text::clean(id),
    };
    let mut inputs = Inputs::default();
    for field in recipe.fields {
        let value = match field.kind {
            FieldKind::Text => Value::Text(format!("a {}", field.name)),
            FieldKind::Secret => Value::Secret(Secret::new("hidden")),
            FieldKind::Count { least, .. } => Value::Count(least + 3),
            FieldKind::Choice(words) => Value::Text(words[words.len() - 1].0.into()),
            FieldKind::Flag => Value::Flag(true),
            FieldKind::Time => Value::Time(Timestamp::UNIX_EPOCH),
            FieldKind::Pairs => Value::Pairs(vec![("region".into(), "eu".into())]),
            FieldKind::Pick(_) => Value::One(chosen("id-1")),
            FieldKind::Some(_) => Value::Many(vec![chosen("id-1"), chosen("id-2")]),
        };
        inputs.set(field.name, value);
    }
    inputs
}

#[test]
fn names_and_letters_are_unique_and_can_be_typed() {
    let names: BTreeSet<_> = RECIPES.iter().map(|recipe| recipe.name).collect();
    assert_eq!(names.len(), RECIPES.len());
    let letters: BTreeSet<_> = RECIPES.iter().map(|recipe| recipe.letter).collect();
    assert_eq!(letters.len(), RECIPES.len());
    for recipe in RECIPES {
        assert!(recipe.letter.is_ascii_alphabetic(), "{}", recipe.name);
        // These move in the menu and close it.
        assert!(!"jkq".contains(recipe.letter), "{}", recipe.name);
        let is_word = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(is_word(recipe.name), "{}", recipe.name);
        let fields: BTreeSet<_> = recipe.fields.iter().map(|field| field.name).collect();
        assert_eq!(fields.len(), recipe.fields.len(), "{}", recipe.name);
        assert!(fields.iter().all(|name| is_word(name)), "{}", recipe.name);
    }
}

#[test]
fn every_operation_survives_the_way_to_its_answers_and_back() {
    for recipe in RECIPES {
        let inputs = full(recipe);
        let kind = (recipe.build)(&inputs).unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!(recipe_of(&kind), Some(recipe), "{}", recipe.name);
        let again = inputs_of(&kind);
        let rebuilt = (recipe.build)(&again).unwrap();
        assert_eq!(rebuilt, kind, "{}", recipe.name);
        for (field, value) in inputs.iter() {
            assert_eq!(again.get(field), Some(value), "{} {field}", recipe.name);
        }
    }
}

#[test]
fn what_is_required_is_asked_for_by_name() {
    for recipe in RECIPES {
        for field in recipe.fields {
            let mut inputs = full(recipe);
            inputs.clear(field.name);
            let built = (recipe.build)(&inputs);
            match (field.need, built) {
                (Need::Required, Err(problem)) => assert_eq!(problem.field, field.name),
                (Need::Required, Ok(kind)) => {
                    panic!("{} without {}: {kind:?}", recipe.name, field.name)
                }
                (Need::Optional | Need::Given, _) => {}
            }
        }
    }
}

#[test]
fn every_write_that_an_adapter_can_declare_has_a_row() {
    let reads = |capability: &Capability| *capability < Capability::Deploy;
    let covered: BTreeSet<_> = RECIPES.iter().map(|recipe| recipe.capability).collect();
    let missing: Vec<_> = Capability::ALL
        .iter()
        .filter(|capability| !reads(capability) && !covered.contains(capability))
        .collect();
    // Forcing a build is a mode of the row for deployments; what only one platform has, it declares.
    assert_eq!(missing, [&Capability::ForceDeploy, &Capability::Special]);
}

#[test]
fn bounds_come_in_pairs() {
    let recipe = Recipe::named("autoscale").unwrap();
    let build = |inputs: &Inputs| (recipe.build)(inputs);
    let two = Inputs::default()
        .with("least", Value::Count(3))
        .with("most", Value::Count(2));
    assert_eq!(build(&two).unwrap_err().field, "most");
    let one = Inputs::default().with("least", Value::Count(3));
    assert_eq!(build(&one).unwrap_err().field, "most");
    let none = build(&Inputs::default()).unwrap();
    assert_eq!(
        none,
        OperationKind::Autoscale {
            cpu: None,
            process: None,
            limits: None
        }
    );
}

#[test]
fn a_secret_is_not_in_a_debug_dump() {
    let inputs = full(Recipe::named("set-var").unwrap());
    assert!(!format!("{inputs:?}").contains("hidden"));
}
