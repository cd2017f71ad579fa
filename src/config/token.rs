//! The `token` of a context: where it comes from.

use std::ops::Range;

use url::Url;

use super::Origin;
use super::context::is_loopback;
use super::credential::Source;
use super::discover::{self, Asked, CLIENT_ID, Tool};
use super::nearest::nearest;
use super::problem::{Noted, Report};
use super::section::{Found, Section, wrong_type};
use super::settings::CLIENT_SECRET;
use crate::model::Secret;
use crate::platforms::adapter;

/// The keys of a `token` table; `context` goes with `cli`.
pub(super) const KEYS: &[&str] = &["env", "file", "command", "cli", "context"];

/// Ways to a token that every platform knows.
const WAYS: &[&str] = &["env", "file", "command"];

/// Ways to a token that are planned and not in this build.
const UNBUILT: &[&str] = &["keyring"];

/// What the secret of a context is for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The setting: `token`, or one that takes the same forms.
    pub(super) name: &'static str,
    /// The platform, where that is known.
    pub(super) platform: Option<&'a str>,
    /// Where its API is, where that is known.
    pub(super) base_url: Option<&'a Url>,
    /// The file.
    pub(super) origin: &'a Origin,
}

impl Wanted<'_> {
    /// The programs whose logins will do. A login is a token and nothing else.
    fn tools(&self) -> Vec<&'static Tool> {
        match self.name {
            TOKEN => discover::tools(self.platform),
            _ => Vec::new(),
        }
    }

    /// The other way to open a context, where the platform has one.
    fn clients(&self) -> String {
        let known = self.platform.and_then(adapter);
        let client = known.and_then(|adapter| adapter.profile.client);
        client.map_or_else(String::new, |_| {
            format!(", or `{CLIENT_ID}` with `{CLIENT_SECRET}`")
        })
    }
}

/// The setting of which every platform has one.
pub(super) const TOKEN: &str = "token";

/// Reads the secret of a context.
pub(super) fn read(
    context: &Section<'_>,
    wanted: Wanted<'_>,
    report: &mut Report<'_>,
) -> Result<(Source, Range<usize>), Noted> {
    let (name, key) = (wanted.name, context.key(wanted.name));
    let Some(found) = context.value(name) else {
        if let Some(tool) = wanted.platform.and_then(|it| discover::entry(it).usual) {
            // Why there is no address is noted already.
            let name = Some(wanted.base_url.ok_or(Noted)?.to_string());
            return Ok((Source::Login { tool, name }, context.at.clone()));
        }
        let (path, forms) = (&context.path, forms(wanted));
        let client = wanted.clients();
        let message = format!("[{path}] has no `{name}`; allowed: {forms}{client}");
        return Err(report.error(&key, &context.at, &message));
    };
    let at = found.span();
    if let Some(literal) = found.get_ref().as_str() {
        let source = written(&key, &at, literal, wanted, report)?;
        return Ok((source, at));
    }
    let Some(table) = found.get_ref().as_table() else {
        let expected = "a table such as { env = \"…\" }";
        return Err(wrong_type(&key, expected, found, report));
    };
    let section = Section::new(table, key, at.clone());
    let source = from_table(&section, wanted, report)?;
    Ok((source, at))
}

/// Whose token a context uses, as far as that tells where its platform is. Mistakes are told by
/// [`read`].
pub(super) fn asked<'a>(context: &Section<'a>) -> Asked<'a> {
    let Some(found) = context.value(TOKEN) else {
        // The secret of a client is for where the context says, whatever a program keeps.
        let is_client = context.value(CLIENT_SECRET).is_some();
        return if is_client {
            Asked::Other
        } else {
            Asked::InUse
        };
    };
    let Some(table) = found.get_ref().as_table() else {
        return Asked::Other;
    };
    let text = |key: &str| table.get(key).and_then(|found| found.get_ref().as_str());
    match (text("cli"), text("context").map(str::trim)) {
        (Some(_), Some(name)) if !name.is_empty() => Asked::Login(name),
        (Some(_), _) => Asked::InUse,
        (None, _) => Asked::Other,
    }
}

/// Every form of the table.
pub(super) fn forms(wanted: Wanted<'_>) -> String {
    let mut forms: Vec<_> = WAYS
        .iter()
        .map(|way| format!("{{ {way} = \"…\" }}"))
        .collect();
    let tools = wanted.tools();
    forms.extend(
        tools
            .iter()
            .map(|it| format!("{{ cli = \"{}\" }}", it.name)),
    );
    forms.join(", ")
}

/// A token that stands in the file.
fn written(
    key: &str,
    at: &Range<usize>,
    literal: &str,
    wanted: Wanted<'_>,
    report: &mut Report<'_>,
) -> Result<Source, Noted> {
    let (name, origin) = (wanted.name, wanted.origin);
    // A token for this machine is a simulator's or a tunnel's test: no secret of a platform.
    if !origin.is_private && !wanted.base_url.is_some_and(is_loopback) {
        let file = &origin.name;
        let message = format!(
            "a {} in a file that others can read is refused: chmod 600 {file}, \
             or use {{ env = \"…\" }}, {{ file = \"…\" }} or {{ command = \"…\" }}",
            name.replace('_', " ")
        );
        return Err(report.error(key, at, &message));
    }
    if literal.trim().is_empty() {
        return Err(report.error(key, at, &format!("`{name}` is empty")));
    }
    Ok(Source::Literal(Secret::new(literal.trim())))
}

fn from_table(
    section: &Section<'_>,
    wanted: Wanted<'_>,
    report: &mut Report<'_>,
) -> Result<Source, Noted> {
    let tools = wanted.tools();
    let mut allowed = WAYS.to_vec();
    if !tools.is_empty() {
        allowed.push("cli");
    }
    let allowed = allowed.join(", ");
    let is_set = |key: &&&str| section.value(key).is_some();
    if let Some(unbuilt) = UNBUILT.iter().find(is_set) {
        let message = format!("`{unbuilt}` is not available in this build; allowed: {allowed}");
        return Err(report.error(&section.key(unbuilt), &section.at, &message));
    }
    section.check_keys(KEYS, report);
    let variable = section.string("env", "the name of a variable", report)?;
    let file = section.string("file", "a path", report)?;
    let line = section.string("command", "a command line", report)?;
    let cli = section.string("cli", "the name of a program", report)?;
    let login = section.string("context", "the name of a context of that program", report)?;
    match (variable, file, line, cli, login) {
        (Some(name), None, None, None, None) => Ok(Source::Variable(name.value.to_owned())),
        (None, Some(path), None, None, None) => Ok(Source::File(wanted.origin.path(path.value))),
        (None, None, Some(line), None, None) => command(section, &line, report),
        (None, None, None, Some(name), login) => {
            let tool = tool(section, &name, wanted.platform, &tools, report)?;
            let name = login.map(|login| login_name(section, &login, report));
            let name = name.transpose()?;
            // What is in use now may be another's later.
            let by_address = || tool.keep.and(wanted.base_url).map(Url::to_string);
            Ok(Source::Login {
                tool,
                name: name.or_else(by_address),
            })
        }
        (None, None, None, None, Some(login)) => {
            let message = "`context` is a context of the program that `cli` names";
            Err(report.error(&section.key("context"), &login.at, message))
        }
        _ => {
            let message = format!("`{}` needs exactly one of: {allowed}", wanted.name);
            Err(report.error(&section.path, &section.at, &message))
        }
    }
}

fn command(
    section: &Section<'_>,
    line: &Found<&str>,
    report: &mut Report<'_>,
) -> Result<Source, Noted> {
    let words = shell_words::split(line.value).unwrap_or_default();
    if words.is_empty() {
        let message = "`command` is empty or has a quotation mark without its partner";
        return Err(report.error(&section.key("command"), &line.at, message));
    }
    Ok(Source::Command(words))
}

fn login_name(
    section: &Section<'_>,
    found: &Found<&str>,
    report: &mut Report<'_>,
) -> Result<String, Noted> {
    let name = found.value.trim();
    if name.is_empty() {
        let message = "`context` is empty; leave it out for the one in use";
        return Err(report.error(&section.key("context"), &found.at, message));
    }
    Ok(name.to_owned())
}

/// The program of that name. One of another platform would give that platform's token away.
fn tool(
    section: &Section<'_>,
    name: &Found<&str>,
    platform: Option<&str>,
    tools: &[&'static Tool],
    report: &mut Report<'_>,
) -> Result<&'static Tool, Noted> {
    let names = || tools.iter().map(|tool| tool.name);
    if let Some(tool) = tools.iter().find(|tool| tool.name == name.value) {
        return Ok(tool);
    }
    let message = if tools.is_empty() {
        let platform = platform.unwrap_or("this platform");
        let ways = WAYS.join(", ");
        format!("`cli` knows no program for {platform}; allowed: {ways}")
    } else {
        let near = nearest(name.value, names());
        let hint = near.map_or(String::new(), |near| format!(" did you mean \"{near}\"?"));
        let allowed = names().collect::<Vec<_>>().join(", ");
        format!(
            "unknown program \"{}\";{hint} allowed: {allowed}",
            name.value
        )
    };
    Err(report.error(&section.key("cli"), &name.at, &message))
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;
    use crate::config::Environment;

    /// What `token = …` is for `platform`: the source in words, or what is wrong and in which
    /// column.
    fn described(platform: Option<&str>, token: &str) -> Result<String, String> {
        let text = format!("token = {token}");
        let table = DeTable::parse(&text).unwrap();
        let section = Section::new(table.get_ref(), "contexts.a".into(), 0..0);
        let origin = Origin {
            name: "f".into(),
            path: None,
            is_private: true,
            environment: Environment::fixed(&[("DIGITALOCEAN_CONFIG", "/d.yaml")]),
        };
        let mut report = Report::new("f", &text);
        let source = read(&section, wanted(platform, &origin), &mut report);
        let problems = report.into_problems();
        match (source, problems.first()) {
            (Ok((source, _)), None) => Ok(source.describe(&origin.environment).to_string()),
            (_, Some(problem)) => Err(problem.to_string()),
            (Err(Noted), None) => Err("nothing was noted".into()),
        }
    }

    fn wanted<'a>(platform: Option<&'a str>, origin: &'a Origin) -> Wanted<'a> {
        Wanted {
            name: TOKEN,
            platform,
            base_url: None,
            origin,
        }
    }

    #[track_caller]
    fn check(platform: &str, token: &str, expected: Result<&str, &str>) {
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(described(Some(platform), token), expected, "{token}");
    }

    const DO: &str = "digitalocean";

    #[test]
    fn the_login_of_a_program_is_a_source() {
        let source = Ok("doctl's context in use (/d.yaml)");
        check(DO, "{ cli = \"doctl\" }", source);
        let source = Ok("doctl context client-x (/d.yaml)");
        check(DO, "{ cli = \"doctl\", context = \"client-x\" }", source);
    }

    #[test]
    fn programs_are_those_of_the_platform() {
        let refused = Err(
            "f:1:17: unknown program \"doctll\"; did you mean \"doctl\"? \
                           allowed: doctl",
        );
        check(DO, "{ cli = \"doctll\" }", refused);
        let refused = Err("f:1:17: `cli` knows no program for divio; allowed: env, file, command");
        check("divio", "{ cli = \"doctl\" }", refused);
        // A mistake in `platform` is told there, and once.
        assert!(described(None, "{ cli = \"doctl\" }").is_ok());
    }

    #[test]
    fn a_context_needs_its_program_and_a_name() {
        let refused = Err("f:1:21: `context` is a context of the program that `cli` names");
        check(DO, "{ context = \"a\" }", refused);
        let refused = Err("f:1:36: `context` is empty; leave it out for the one in use");
        check(DO, "{ cli = \"doctl\", context = \" \" }", refused);
        let one = Err("f:1:9: `token` needs exactly one of: env, file, command, cli");
        check(DO, "{ cli = \"doctl\", env = \"A\" }", one);
        check(DO, "{ env = \"A\", context = \"a\" }", one);
        let unbuilt = Err("f:1:9: `keyring` is not available in this build; \
                           allowed: env, file, command, cli");
        check(DO, "{ keyring = \"x\" }", unbuilt);
        let origin = Origin {
            name: "f".into(),
            path: None,
            is_private: true,
            environment: Environment::fixed(&[]),
        };
        let missing = forms(wanted(Some(DO), &origin));
        assert!(missing.ends_with("{ command = \"…\" }, { cli = \"doctl\" }"));
    }
}
