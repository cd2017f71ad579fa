//! The command line of `do`, made from the catalogue: a subcommand for each operation, an option
//! for each of its fields.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::error::ErrorKind;
use clap::{
    Arg, ArgAction, ArgGroup, ArgMatches, Args as _, Command, Error, FromArgMatches, Subcommand,
    value_parser,
};

use super::answer::{Answer, Source, moment, pair};
use super::pick::{self, Word};
use crate::cli::args::Common;
use crate::model::catalogue::{Field, FieldKind, Need, On, Pick, RECIPES, Recipe, Value};
use crate::model::{Capability, Creation, Special};
use crate::platforms::ADAPTERS;

/// One operation as it was asked for.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) recipe: &'static Recipe,
    pub(crate) common: Common,
    pub(super) answers: Vec<(&'static Field, Answer)>,
}

impl Action {
    /// A terminal session in that instance, or in any.
    pub(super) fn console(common: Common, unit: Option<&str>) -> Option<Self> {
        let recipe = Recipe::of(Capability::Console)?;
        let field = recipe.field("unit");
        let unit = field.zip(unit);
        let answer = unit.map(|(field, unit)| (field, Answer::Pick(Pick::Unit, unit.into())));
        Some(Self {
            recipe,
            common,
            answers: answer.into_iter().collect(),
        })
    }
}

impl Subcommand for Action {
    fn augment_subcommands(command: Command) -> Command {
        every().fold(command, |command, (recipe, platform)| {
            command.subcommand(subcommand(recipe, platform))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        named(name).is_some()
    }
}

impl FromArgMatches for Action {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let named = matches
            .subcommand()
            .and_then(|(name, matches)| Some((named(name)?, matches)));
        let Some((recipe, matches)) = named else {
            return Err(Error::raw(ErrorKind::MissingSubcommand, "say what to do\n"));
        };
        let declared = declared(recipe).into_iter().map(|(field, _)| field);
        let answers = recipe
            .asked()
            .chain(declared)
            .filter_map(|field| Some((field, answer(field, matches)?)));
        Ok(Self {
            recipe,
            common: Common::from_arg_matches(matches)?,
            answers: answers.collect(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Every operation, and the title of its platform where only one has it.
fn every() -> impl Iterator<Item = (&'static Recipe, Option<&'static str>)> {
    let own = ADAPTERS.iter().flat_map(|adapter| {
        let profile = adapter.profile;
        let specials = profile.specials.iter();
        specials.map(|special| (&special.recipe, Some(profile.title)))
    });
    RECIPES.iter().map(|recipe| (recipe, None)).chain(own)
}

fn named(name: &str) -> Option<&'static Recipe> {
    let own = || special(name).map(|(special, _)| &special.recipe);
    Recipe::named(name).or_else(own)
}

/// The operation of that name, if only one platform has it, and the title of that.
pub(super) fn special(name: &str) -> Option<(&'static Special, &'static str)> {
    let mut profiles = ADAPTERS.iter().map(|adapter| adapter.profile);
    profiles.find_map(|profile| Some((profile.special(name)?, profile.title)))
}

fn subcommand(recipe: &'static Recipe, platform: Option<&'static str>) -> Command {
    let command = Command::new(recipe.name).next_help_heading("Inputs");
    let command = recipe.asked().fold(command, |command, field| {
        if field.kind == FieldKind::Secret {
            return with_secret(command, field);
        }
        command.arg(option(recipe, field))
    });
    let command = declared(recipe)
        .into_iter()
        .fold(command, |command, (field, help)| {
            command.arg(declared_option(field).help(help))
        });
    // What the others have in common sets a heading and a sentence of its own.
    Common::augment_args(command)
        .mut_arg("target", |arg| {
            arg.help(on_what(recipe.on))
                .help_heading(None::<&'static str>)
        })
        .about(match platform {
            Some(platform) => format!("{} ({platform} only)", recipe.about),
            None => recipe.about.to_owned(),
        })
}

/// Fields that platforms declare for an app that is to be created, beside those of the row, each with
/// what it is for and where.
fn declared(recipe: &Recipe) -> Vec<(&'static Field, String)> {
    let mut all: Vec<(&'static Field, String)> = Vec::new();
    if recipe.capability != Capability::CreateApp {
        return all;
    }
    for profile in ADAPTERS.iter().map(|adapter| adapter.profile) {
        let own = profile.creation.fields.iter();
        for field in own.filter(|field| recipe.field(field.name).is_none()) {
            let words = field.words();
            let words = words.iter().map(|word| format!(", {word}"));
            let words: String = words.collect();
            let help = format!("{} ({}{words})", field.about, profile.title);
            match all.iter_mut().find(|(known, _)| known.name == field.name) {
                Some((_, known)) => *known = format!("{known}; {help}"),
                None => all.push((field, help)),
            }
        }
    }
    all
}

/// Which platform is meant is not known yet: neither what is needed nor which words fit.
fn declared_option(field: &'static Field) -> Arg {
    let arg = Arg::new(id(field)).long(field.name);
    if field.kind == FieldKind::Pairs {
        let arg = arg.action(ArgAction::Append).value_name("KEY=VALUE");
        return arg.value_parser(pair);
    }
    arg.value_name("TEXT")
}

/// What a field of the row is for; of an app that is to be created, what platforms say of it.
fn about(recipe: &Recipe, field: &Field) -> String {
    let mut about = field.about.to_owned();
    if recipe.capability != Capability::CreateApp {
        return about;
    }
    for profile in ADAPTERS.iter().map(|adapter| adapter.profile) {
        let creation = profile.creation;
        let own = creation.fields.iter().find(|own| own.name == field.name);
        let said = match own {
            Some(own) => Some(own.about),
            None => (field.name == "name").then_some(creation.name),
        };
        let plain = |said: &&str| !Creation::PLAIN.says(said);
        if let Some(said) = said.filter(plain) {
            about = format!("{about}; {}: {said}", profile.title);
        }
    }
    about
}

fn on_what(on: On) -> &'static str {
    match on {
        On::Release => "On what: [CONTEXT:]APP[/ENVIRONMENT], as the platform deploys",
        On::Environment => "On what: [CONTEXT:]APP[/ENVIRONMENT]",
        On::App => "On what: [CONTEXT:]APP",
        On::Context => "On what: CONTEXT:",
    }
}

/// Its id among the arguments: no field shares one with an option that every operation has.
fn id(field: &Field) -> String {
    format!("field {}", field.name)
}

fn option(recipe: &Recipe, field: &'static Field) -> Arg {
    let arg = Arg::new(id(field)).long(field.name);
    let default = pick::default_word(recipe, field).map(Word::as_str);
    let is_needed = field.need == Need::Required && default.is_none();
    let help = match (field.kind, default) {
        (FieldKind::Pick(what) | FieldKind::Some(what), default) => {
            let words = pick::words(what).iter().map(|word| word.as_str());
            let words: Vec<_> = ["an id", "a name"].into_iter().chain(words).collect();
            let default = default.map(|word| format!("; {word} if not given"));
            let words = words.join(", ");
            format!("{}: {words}{}", field.about, default.unwrap_or_default())
        }
        (FieldKind::Time, _) => {
            format!("{}: 2026-12-31, 2026-12-31T12:00:00Z, 30d", field.about)
        }
        _ => about(recipe, field),
    };
    let arg = arg.help(help);
    match field.kind {
        // Secrets have options of their own.
        FieldKind::Text | FieldKind::Secret => arg.required(is_needed).value_name("TEXT"),
        FieldKind::Count { least, most } => {
            let bounds = i64::from(least)..=i64::from(most);
            let parser = value_parser!(u32).range(bounds);
            arg.required(is_needed).value_name("N").value_parser(parser)
        }
        FieldKind::Choice(words) => {
            let words = words
                .iter()
                .map(|(word, meaning)| PossibleValue::new(*word).help(*meaning));
            let parser = PossibleValuesParser::new(words);
            arg.required(is_needed)
                .value_name("WORD")
                .value_parser(parser)
        }
        // Some are meant unless they are switched off: `--pin=false`.
        FieldKind::Flag => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .hide_possible_values(true)
            .value_name("BOOL")
            .value_parser(value_parser!(bool)),
        FieldKind::Time => arg
            .required(is_needed)
            .value_name("TIME")
            .value_parser(moment),
        FieldKind::Pairs => arg
            .required(is_needed)
            .action(ArgAction::Append)
            .value_name("KEY=VALUE")
            .value_parser(pair),
        FieldKind::Pick(_) => arg.required(is_needed).value_name("ID"),
        FieldKind::Some(_) => arg
            .required(is_needed)
            .action(ArgAction::Append)
            .value_name("ID"),
    }
}

/// Ways to a secret that do not lead over the list of processes.
fn with_secret(command: Command, field: &'static Field) -> Command {
    let about = field.about;
    let [variable, file, stdin] = secret_ids(field);
    let arg = |id: &str| Arg::new(id.to_owned()).long(id.to_owned());
    let group = ArgGroup::new(id(field))
        .args([&variable, &file, &stdin].map(Clone::clone))
        .required(field.need == Need::Required);
    command
        .arg(
            arg(&variable)
                .value_name("VARIABLE")
                .help(format!("{about}: that of a variable of this shell")),
        )
        .arg(
            arg(&file)
                .value_name("FILE")
                .value_parser(value_parser!(std::path::PathBuf))
                .help(format!("{about}: what a file holds, less a last line end")),
        )
        .arg(arg(&stdin).action(ArgAction::SetTrue).help(format!(
            "{about}: from standard input, less a last line end"
        )))
        .group(group)
}

fn secret_ids(field: &Field) -> [String; 3] {
    ["from-env", "file", "stdin"].map(|way| format!("{}-{way}", field.name))
}

/// What was said of a field; absent if nothing was.
fn answer(field: &'static Field, matches: &ArgMatches) -> Option<Answer> {
    let id = id(field);
    let text = || matches.get_one::<String>(&id).cloned();
    let all = || matches.get_many::<String>(&id).map(Iterator::cloned);
    let value = match field.kind {
        FieldKind::Text | FieldKind::Choice(_) => Value::Text(text()?),
        FieldKind::Count { .. } => Value::Count(*matches.get_one(&id)?),
        FieldKind::Flag => Value::Flag(*matches.get_one(&id)?),
        FieldKind::Time => Value::Time(*matches.get_one(&id)?),
        FieldKind::Pairs => {
            let pairs = matches.get_many::<(String, String)>(&id)?;
            Value::Pairs(pairs.cloned().collect())
        }
        FieldKind::Secret => return secret(field, matches).map(Answer::Secret),
        FieldKind::Pick(what) => return Some(Answer::Pick(what, text()?)),
        FieldKind::Some(what) => return Some(Answer::Some(what, all()?.collect())),
    };
    Some(Answer::Value(value))
}

fn secret(field: &Field, matches: &ArgMatches) -> Option<Source> {
    let [variable, file, stdin] = secret_ids(field);
    if let Some(name) = matches.get_one::<String>(&variable) {
        return Some(Source::Variable(name.clone()));
    }
    if let Some(path) = matches.get_one::<std::path::PathBuf>(&file) {
        return Some(Source::File(path.clone()));
    }
    matches.get_flag(&stdin).then_some(Source::Stdin)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::catalogue::recipes_for;

    #[test]
    fn no_two_operations_have_the_same_name() {
        let names: BTreeSet<_> = every().map(|(recipe, _)| recipe.name).collect();
        assert_eq!(names.len(), every().count());
    }

    #[test]
    fn no_two_operations_of_a_platform_have_the_same_letter() {
        for adapter in ADAPTERS {
            let mut letters = BTreeSet::new();
            for recipe in recipes_for(adapter.profile.specials) {
                let Recipe { letter, name, .. } = recipe;
                assert!(letters.insert(*letter), "{letter} is also that of {name}");
                // These move in the menu, search and close it.
                assert!(!"jkq/".contains(*letter), "{name}");
                assert!(letter.is_ascii_graphic(), "{name}");
            }
        }
    }
}
