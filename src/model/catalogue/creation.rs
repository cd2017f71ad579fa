//! What a platform asks for when an app is created, on its way to the one answer of the row: `set`.

use super::{Field, FieldKind, InputProblem, Inputs, Need, Value};
use crate::model::Creation;

/// The field of the row that holds every answer beside the name.
const SET: &str = "set";

impl Creation {
    /// Makes one answer, `set`, of the answers to the declared fields. Pairs that were given as they
    /// are may name declared fields, too.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn gather(&self, answers: &Inputs) -> Result<Inputs, Vec<InputProblem>> {
        let (mut given, mut loose) = (Vec::new(), Vec::new());
        for field in self.fields {
            if let (Some(text), false) = (answers.maybe_text(field.name), is_pairs(field)) {
                given.push((field.name, text));
            }
        }
        for (key, value) in self.all_pairs(answers) {
            match self.named(&key) {
                Some(field) => given.push((field.name, value)),
                None => loose.push((key, value)),
            }
        }
        let problems = self.problems(&given, &loose);
        if !problems.is_empty() {
            return Err(problems);
        }
        // In the order of the fields, so that the same answers are the same operation.
        let declared = self.fields.iter();
        let declared = declared.filter_map(|field| {
            let (name, text) = given.iter().find(|(name, _)| *name == field.name)?;
            Some(((*name).to_owned(), text.clone()))
        });
        let pairs: Vec<_> = declared.chain(loose).collect();
        let mut inputs = answers.clone();
        self.fields
            .iter()
            .for_each(|field| inputs.clear(field.name));
        inputs.clear(SET);
        Ok(inputs.with_some(SET, (!pairs.is_empty()).then_some(Value::Pairs(pairs))))
    }

    /// The way back: what `set` answers, put into the declared fields.
    #[must_use]
    pub fn spread(&self, inputs: &Inputs) -> Inputs {
        let mut answers = inputs.clone();
        answers.clear(SET);
        let (named, loose): (Vec<_>, Vec<_>) = inputs
            .pairs(SET)
            .into_iter()
            .partition(|(key, _)| self.named(key).is_some());
        for (key, value) in named {
            if let Some(field) = self.named(&key) {
                answers.set(field.name, Value::Text(value));
            }
        }
        let rest = self.fields.iter().find(|field| is_pairs(field));
        if let Some(field) = rest.filter(|_| !loose.is_empty()) {
            answers.set(field.name, Value::Pairs(loose));
        }
        answers
    }

    /// Whether it says so of its name or of one of its fields.
    #[must_use]
    pub fn says(&self, about: &str) -> bool {
        self.name == about || self.fields.iter().any(|field| field.about == about)
    }

    /// The answers to every field of pairs, and to `set`.
    fn all_pairs(&self, answers: &Inputs) -> Vec<(String, String)> {
        let own = self.fields.iter().filter(|field| is_pairs(field));
        let mut names: Vec<_> = own.map(|field| field.name).collect();
        if !names.contains(&SET) {
            names.push(SET);
        }
        names.into_iter().flat_map(|it| answers.pairs(it)).collect()
    }

    /// The declared field of that name, unless it takes pairs.
    fn named(&self, key: &str) -> Option<&'static Field> {
        let mut own = self.fields.iter().filter(|field| !is_pairs(field));
        own.find(|field| field.name == key)
    }

    fn problems(
        &self,
        given: &[(&'static str, String)],
        loose: &[(String, String)],
    ) -> Vec<InputProblem> {
        let mut problems = Vec::new();
        for field in self.fields {
            let mut texts = given.iter().filter(|(name, _)| *name == field.name);
            let (first, second) = (texts.next(), texts.next());
            let is_missing = if is_pairs(field) {
                loose.is_empty()
            } else {
                first.is_none_or(|(_, text)| text.is_empty())
            };
            let problem = match (first, second) {
                _ if is_missing && field.need == Need::Required => Some(field.missing()),
                (Some(_), Some(_)) => Some("is given twice".to_owned()),
                (Some((_, text)), None) => unknown_word(field, text),
                (None, _) => None,
            };
            problems.extend(problem.map(|problem| InputProblem {
                field: field.name,
                problem,
            }));
        }
        if let Some((key, _)) = loose.first()
            && !self.fields.iter().any(is_pairs)
        {
            let names: Vec<_> = self.fields.iter().map(|field| field.name).collect();
            let names = names.join(", ");
            problems.push(InputProblem {
                field: SET,
                problem: format!("has \"{key}\", which is not asked for; what is: {names}"),
            });
        }
        problems
    }
}

fn is_pairs(field: &Field) -> bool {
    field.kind == FieldKind::Pairs
}

/// What is wrong with a word that is none of a choice.
fn unknown_word(field: &Field, text: &str) -> Option<String> {
    let words = field.words();
    let is_known = words.is_empty() || words.contains(&text);
    (!is_known).then(|| format!("is none of {}", words.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GEOS: [(&str, &str); 2] = [("us", "United States"), ("eu", "European Union")];
    const DECLARED: Creation = Creation {
        name: "The name of the project",
        fields: &[
            Field::new("geo", FieldKind::Choice(&GEOS), "Where its data stays"),
            Field::text("region", "Which region").optional(),
        ],
    };
    const OPEN: Creation = Creation {
        name: "The slug",
        fields: &[
            Field::text("plan", "Which plan").optional(),
            Field::new("more", FieldKind::Pairs, "What else is sent").optional(),
        ],
    };

    fn pairs(all: &[(&str, &str)]) -> Value {
        let all = all.iter();
        Value::Pairs(all.map(|(k, v)| ((*k).into(), (*v).into())).collect())
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    /// The pairs that are made of answers, or every complaint.
    fn check(
        creation: Creation,
        answers: &[(&'static str, Value)],
        expected: Result<&[(&str, &str)], &str>,
    ) {
        let answers = answers.iter().cloned();
        let named = Inputs::default().with("name", text("demo"));
        let answers = answers.fold(named, |all, (name, value)| all.with(name, value));
        match (creation.gather(&answers), expected) {
            (Ok(inputs), Ok(all)) => {
                assert_eq!(inputs.maybe_text("name").as_deref(), Some("demo"));
                let expected = (!all.is_empty()).then(|| pairs(all));
                assert_eq!(inputs.get("set"), expected.as_ref());
                let again = creation.gather(&creation.spread(&inputs));
                assert_eq!(again, Ok(inputs), "the way back");
            }
            (Err(problems), Err(expected)) => {
                let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
                assert_eq!(all.join("; "), expected);
            }
            (other, expected) => panic!("{other:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn answers_to_declared_fields_become_one() {
        let both = [("region", text("eu-central-1")), ("geo", text("eu"))];
        check(
            DECLARED,
            &both,
            Ok(&[("geo", "eu"), ("region", "eu-central-1")]),
        );
        check(DECLARED, &[("geo", text("us"))], Ok(&[("geo", "us")]));
    }

    #[test]
    fn pairs_may_name_declared_fields() {
        let set = ("set", pairs(&[("region", "us-west-1"), ("geo", "us")]));
        check(
            DECLARED,
            &[set],
            Ok(&[("geo", "us"), ("region", "us-west-1")]),
        );
    }

    #[test]
    fn what_is_missing_is_told_with_its_words() {
        check(DECLARED, &[], Err("geo is missing: us, eu"));
        check(
            DECLARED,
            &[("set", pairs(&[("geo", "")]))],
            Err("geo is missing: us, eu"),
        );
    }

    #[test]
    fn what_does_not_fit_is_told() {
        check(
            DECLARED,
            &[("geo", text("mars"))],
            Err("geo is none of us, eu"),
        );
        let twice = [("geo", text("us")), ("set", pairs(&[("geo", "eu")]))];
        check(DECLARED, &twice, Err("geo is given twice"));
        let more = [("geo", text("us")), ("set", pairs(&[("plan", "x")]))];
        let told = "set has \"plan\", which is not asked for; what is: geo, region";
        check(DECLARED, &more, Err(told));
    }

    #[test]
    fn a_field_of_pairs_takes_what_has_no_field() {
        let answers = [
            ("plan", text("s")),
            ("more", pairs(&[("a", "1")])),
            ("set", pairs(&[("b", "2")])),
        ];
        check(OPEN, &answers, Ok(&[("plan", "s"), ("a", "1"), ("b", "2")]));
        check(
            Creation::PLAIN,
            &[("set", pairs(&[("a", "1")]))],
            Ok(&[("a", "1")]),
        );
        check(Creation::PLAIN, &[], Ok(&[]));
    }
}
