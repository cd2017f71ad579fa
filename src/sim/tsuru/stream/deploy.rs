//! Deploys, whose answers are plain text. Source: tsuru contract, sections 3 C and 5 (Deploys).

use axum::http::header;

use super::{
    super::{
        call::Call,
        deploy::{Ask, Source},
        errors::Refusal,
        reply::{Outcome, Reply},
    },
    Play, multipart,
};

/// What a deploy may say where it comes from.
const ORIGINS: [&str; 6] = [
    "app-deploy",
    "git",
    "rollback",
    "drag-and-drop",
    "image",
    "rebuild",
];

/// Seconds it takes to fetch an archive: longer than a stream may be silent.
const FETCH_S: f64 = 32.0;

/// Builds what is given, and rolls it out.
pub(super) fn deploy(call: &mut Call<'_>) -> Outcome {
    const FORBIDDEN: &str = "User does not have permission to do this action in this app";
    let app = call.app()?;
    let allowed = call.world.may_change(app);
    allowed.map_err(|_| Refusal::forbidden(FORBIDDEN))?;
    let ask = Form::of(call).ask()?;
    let event = call.world.deploy(call.view.now, app, ask)?;
    let id = call.world.events[event].id.clone();
    Ok(Reply::stream(Play::Text(event)).with("x-tsuru-eventid", &id))
}

/// What a request says, in whichever form.
struct Form<'a> {
    call: &'a Call<'a>,
    parts: Vec<multipart::Part<'a>>,
}

impl<'a> Form<'a> {
    fn of(call: &'a Call<'a>) -> Form<'a> {
        let kind = call.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let parts = multipart::parts(kind, call.body);
        Form {
            call,
            parts: parts.unwrap_or_default(),
        }
    }

    fn text(&self, name: &str) -> String {
        let part = self.parts.iter().find(|part| part.name == name);
        part.map_or_else(
            || self.call.input.text(name),
            |part| String::from_utf8_lossy(part.bytes).into_owned(),
        )
    }

    fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.text(name).as_str(), "true" | "1")
    }

    /// Exactly one source is needed; a file may go with a Dockerfile.
    fn source(&self) -> Result<Source, Refusal> {
        let given = [
            self.has("image"),
            self.has("archive-url"),
            self.has("dockerfile"),
            self.has("file") && !self.has("dockerfile"),
        ];
        match given.iter().filter(|given| **given).count() {
            0 => Err(Refusal::bad(
                "you must specify either the archive-url, a image url or upload a file.",
            )),
            1 if given[0] => Ok(Source::Image(self.text("image"))),
            1 => Ok(Source::Build),
            _ => Err(Refusal::bad(
                "you must specify only one of archive-url, image, dockerfile and file.",
            )),
        }
    }

    fn origin(&self) -> Result<&'static str, Refusal> {
        let given = self.text("origin");
        let usual = if self.has("image") { "image" } else { "" };
        if given.is_empty() {
            return Ok(usual);
        }
        let known = ORIGINS.into_iter().find(|known| *known == given);
        known.ok_or_else(|| Refusal::bad("Invalid deployment origin"))
    }

    fn ask(&self) -> Result<Ask, Refusal> {
        let source = self.source()?;
        Ok(Ask {
            message: self.text("message"),
            commit: self.text("commit"),
            new_version: self.flag("new-version"),
            override_versions: self.flag("override-versions"),
            fetch_s: if self.has("archive-url") {
                FETCH_S
            } else {
                0.0
            },
            failure: self.call.view.tweaks.fail_deployment.clone(),
            ..Ask::of(source, self.origin()?)
        })
    }
}
