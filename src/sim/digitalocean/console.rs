//! Consoles of instances. Source: DigitalOcean contract, section 5.8.
//!
//! The shell behind it is a very small one: enough to see what is typed and what comes back.

use axum::{
    extract::{FromRequestParts as _, Request, WebSocketUpgrade, ws::WebSocket},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Duration, interval};

use super::{
    Shared,
    call::Call,
    component::components,
    deployment::Deployment,
    errors::Refusal,
    grant::{Opens, Way},
    reply::{Outcome, Reply},
    stream::{self, Line},
    tape::span,
};
use crate::sim::effects::{Endless, Frames};

const CONSOLE: &str = "/_console/";

pub(super) fn of_active(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let active = call.world.active(app, call.now());
    let Some(active) = active else {
        return Err(Refusal::bad("app has no active deployment"));
    };
    let component = call.given(1).to_owned();
    answer(call, &active, component)
}

pub(super) fn of_deployment(call: &mut Call<'_>) -> Outcome {
    let app = call.app()?;
    let ordinal = call.deployment(app, 1)?;
    let component = call.given(2).to_owned();
    let deployment = call.world.deployment(app, ordinal);
    answer(call, &deployment, component)
}

fn answer(call: &mut Call<'_>, deployment: &Deployment, component: String) -> Outcome {
    let now = call.now();
    let known = components(&deployment.spec);
    let Some(known) = known.iter().find(|known| known.name == component) else {
        return Err(Refusal::missing());
    };
    let serves = span(call.world, deployment, now).is_some_and(|span| span.until.is_none());
    if !known.role.runs() || !serves {
        let message = format!("component {component} has no running instances");
        return Err(Refusal::bad(message));
    }
    let instance = call.query.get("instance_name");
    let instance = instance.map_or_else(|| format!("{component}-0"), str::to_owned);
    let opens = Opens::Console {
        component,
        instance,
    };
    let (token, _) = call.world.logs.grants.give(now, opens);
    let url = format!("{}{CONSOLE}?token={token}", call.view.origin);
    Ok(Reply::ok(json!({ "url": url.replacen("http", "ws", 1) })))
}

/// Answers a request for an address that was given out.
pub(super) async fn serve(shared: &Shared, request: Request, frames: Frames) -> Response {
    let Some(line) = Line::of(&request, frames) else {
        return stream::refused();
    };
    let (mut parts, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(refused) => return axum::response::IntoResponse::into_response(refused),
    };
    let opened = stream::opened(shared, parts.uri.query(), Way::Socket);
    let Some(Opens::Console {
        component,
        instance,
    }) = opened
    else {
        return stream::refused();
    };
    let shell = Shell::new(component, instance);
    let mut response = upgrade.on_upgrade(move |socket| converse(line, socket, shell));
    response.extensions_mut().insert(Endless);
    response
}

/// What a client sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Said {
    Stdin { data: String },
    Resize { width: u16, height: u16 },
}

async fn converse(mut line: Line, mut socket: WebSocket, mut shell: Shell) {
    /// A console has nothing to say by itself: this only keeps the loop the streams have.
    const IDLE: Duration = Duration::from_hours(1);
    let (mut ping, mut idle) = (stream::pings(), interval(IDLE));
    let greeting = shell.greeting();
    if line.say(&mut socket, &greeting).await.is_err() {
        return;
    }
    while let Ok(text) = line.heard(&mut socket, &mut ping, &mut idle).await {
        let said = text.and_then(|text| serde_json::from_str(&text).ok());
        let answer = match said {
            Some(Said::Stdin { data }) => shell.typed(&data),
            Some(Said::Resize { width, height }) => {
                shell.size = Some((width, height));
                String::new()
            }
            None => String::new(),
        };
        if line.say(&mut socket, &answer).await.is_err() {
            return;
        }
        if shell.has_ended {
            return stream::close(&mut socket, 1000).await;
        }
    }
}

/// A shell: echoes what is typed and knows four commands.
#[derive(Debug)]
struct Shell {
    component: String,
    instance: String,
    line: String,
    size: Option<(u16, u16)>,
    has_ended: bool,
}

impl Shell {
    fn new(component: String, instance: String) -> Shell {
        Shell {
            component,
            instance,
            line: String::new(),
            size: None,
            has_ended: false,
        }
    }

    fn prompt(&self) -> String {
        format!("\u{1b}[32mapps@{}\u{1b}[0m:~$ ", self.instance)
    }

    fn greeting(&self) -> String {
        format!("connected to {}\r\n{}", self.component, self.prompt())
    }

    /// What the terminal shows after these keys.
    fn typed(&mut self, keys: &str) -> String {
        let mut shown = String::new();
        for key in keys.chars() {
            match key {
                '\r' | '\n' => shown.push_str(&self.entered()),
                '\u{7f}' | '\u{8}' => {
                    if self.line.pop().is_some() {
                        shown.push_str("\u{8} \u{8}");
                    }
                }
                // Interrupt, and end of input on an empty line.
                '\u{3}' => {
                    self.line.clear();
                    shown.push_str("^C\r\n");
                    shown.push_str(&self.prompt());
                }
                '\u{4}' if self.line.is_empty() => {
                    self.has_ended = true;
                    shown.push_str("logout\r\n");
                }
                key if key.is_control() => {}
                key => {
                    self.line.push(key);
                    shown.push(key);
                }
            }
        }
        shown
    }

    fn entered(&mut self) -> String {
        let line = std::mem::take(&mut self.line);
        let (command, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let output = match command {
            "" => String::new(),
            "ls" => "package.json  \u{1b}[34msrc\u{1b}[0m  server.js\r\n".to_owned(),
            "echo" => format!("{rest}\r\n"),
            "env" => "env: permission denied\r\n".to_owned(),
            "size" => self
                .size
                .map_or("unknown\r\n".to_owned(), |(width, height)| {
                    format!("{width}x{height}\r\n")
                }),
            "exit" => {
                self.has_ended = true;
                return "\r\nlogout\r\n".to_owned();
            }
            unknown => format!("sh: {unknown}: not found\r\n"),
        };
        format!("\r\n{output}{}", self.prompt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(keys: &str, part: &str) {
        let mut shell = Shell::new("web".to_owned(), "web-0".to_owned());
        shell.size = Some((120, 40));
        let shown: String = keys
            .chars()
            .map(|key| shell.typed(&key.to_string()))
            .collect();
        assert!(shown.contains(part), "{shown:?}");
    }

    #[test]
    fn commands_are_echoed_and_answered() {
        check("ls\r", "ls\r\npackage.json");
        check("echo a b\r", "\r\na b\r\n");
        check("env\r", "permission denied");
        check("size\r", "120x40");
        check("lx\u{7f}s\r", "package.json");
        check("lx\u{3}ls\r", "package.json");
        check("nonsense\r", "nonsense: not found");
    }

    #[test]
    fn session_ends_when_asked_to() {
        for keys in ["exit\r", "\u{4}"] {
            let mut shell = Shell::new("web".to_owned(), "web-0".to_owned());
            assert!(shell.typed(keys).contains("logout"));
            assert!(shell.has_ended);
        }
    }
}
