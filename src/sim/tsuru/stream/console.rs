//! Shells over WebSocket. Source: tsuru contract, section 5 (Shell).
//!
//! Text frames both ways carry what a terminal sends and shows. Whatever is wrong is told in a
//! frame, after the upgrade: a client cannot tell it from the status.

use axum::{
    extract::{
        FromRequestParts as _, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    http::{header, request::Parts},
    response::{IntoResponse as _, Response},
};
use tokio::time::{Duration, Instant, MissedTickBehavior, interval_at, timeout};

use super::{
    super::{
        Shared,
        action::Plan,
        call::Call,
        errors::Refusal,
        reply::{Outcome, Reply},
    },
    Play,
    keep_alive::paced,
    line::{Disturbed, Line},
    pod::Pod,
    scene,
    shell::{Place, Terminal},
};
use crate::sim::effects::Endless;

/// Seconds between pings.
const PING: f64 = 20.0;
/// Whoever does not answer a ping for so long is dropped.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the other side has to answer a close frame.
const FAREWELL: Duration = Duration::from_secs(2);
const NORMAL: u16 = 1000;

/// What a shell begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim::tsuru) enum Opening {
    /// A terminal, and the event that lasts as long as it does.
    Shell { place: Place, event: usize },
    /// What is wrong.
    Complaint(String),
}

/// Opens a shell in a unit of an app, or in one of its own.
pub(super) fn open(call: &mut Call<'_>) -> Outcome {
    let app = call.own_app()?;
    let unit = unit(call, app)?;
    let name = call.world.apps[app].name.clone();
    let number = |key: &str| call.input.text(key).parse::<u32>().ok();
    let place = Place {
        unit,
        size: number("width").zip(number("height")),
        term: call.input.text("term"),
        app: name.clone(),
    };
    let now = call.now();
    let plan = Plan::of("app.run.shell", &name).unlocked().endless();
    let event = call.world.begin(now, plan)?;
    Ok(Reply::stream(Play::Shell(Opening::Shell { place, event })))
}

fn unit(call: &Call<'_>, app: usize) -> Result<String, Refusal> {
    let app = &call.world.apps[app];
    if call.input.flag("isolated") {
        return Ok(format!("{}-isolated-run", app.name));
    }
    let wanted = call.input.get("unit");
    let mut pods = scene::pods(app, call.now())
        .into_iter()
        .filter(Pod::is_readable);
    let pod = pods.find(|pod| wanted.as_ref().is_none_or(|wanted| *wanted == pod.unit));
    match (pod, wanted) {
        (Some(pod), _) => Ok(pod.unit),
        (None, Some(wanted)) => Err(Refusal::missing(format!("unit \"{wanted}\" not found"))),
        (None, None) => Err(Refusal::failed("app has no units")),
    }
}

/// Whether a request wants to become a conversation.
pub(super) fn upgrades(parts: &Parts) -> bool {
    parts.headers.contains_key(header::UPGRADE)
}

/// Answers with a conversation.
pub(super) async fn serve(
    shared: Shared,
    mut parts: Parts,
    line: Option<Line>,
    opening: Opening,
) -> Response {
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(refused) => {
            close_event(&shared, &opening);
            return refused.into_response();
        }
    };
    let Some(line) = line else {
        return Response::default();
    };
    let ping = paced(PING, &shared.clock);
    let mut response = upgrade.on_upgrade(async move |socket| {
        let mut talk = Talk { line, socket, ping };
        // Whoever has left does not want to know.
        let _left = talk.hold(&opening).await;
        close_event(&shared, &opening);
    });
    response.extensions_mut().insert(Endless);
    response
}

/// The event of a shell lasts as long as the shell.
fn close_event(shared: &Shared, opening: &Opening) {
    if let Opening::Shell { event, .. } = opening {
        let (mut world, now) = shared.present();
        world.events[*event].end = now;
    }
}

struct Talk {
    line: Line,
    socket: WebSocket,
    /// How often the other side has to show that it is there.
    ping: Duration,
}

/// The conversation is over; there is nobody to tell.
struct Over;

impl Talk {
    async fn hold(&mut self, opening: &Opening) -> Result<(), Over> {
        match opening {
            Opening::Complaint(complaint) => {
                self.say(&format!("Error: {complaint}\n")).await?;
            }
            Opening::Shell { place, .. } => {
                let mut terminal = Terminal::new(place.clone());
                self.say(&terminal.prompt()).await?;
                self.listen(&mut terminal).await?;
            }
        }
        self.close(NORMAL).await
    }

    async fn listen(&mut self, terminal: &mut Terminal) -> Result<(), Over> {
        let mut ping = interval_at(Instant::now() + self.ping, self.ping);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        while !terminal.has_ended {
            self.disturb().await?;
            tokio::select! {
                () = self.line.connection.ended() => return Err(Over),
                said = self.socket.recv() => {
                    heard = Instant::now();
                    let Some(keys) = self.keys(said).await? else {
                        continue;
                    };
                    let shown = terminal.typed(&keys);
                    self.say(&shown).await?;
                }
                _ = ping.tick() => {
                    if heard.elapsed() > PATIENCE {
                        return Err(Over);
                    }
                    let empty = Message::Ping(Vec::new().into());
                    self.socket.send(empty).await.map_err(|_| Over)?;
                }
            }
        }
        Ok(())
    }

    /// What was typed, if anything was.
    async fn keys(
        &mut self,
        said: Option<Result<Message, axum::Error>>,
    ) -> Result<Option<String>, Over> {
        match said {
            Some(Ok(Message::Text(text))) => Ok(Some(text.to_string())),
            Some(Ok(Message::Binary(bytes))) => {
                Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
            Some(Ok(Message::Close(frame))) => {
                if frame.is_some_and(|frame| frame.code == NORMAL) {
                    self.line.streams.left();
                }
                // What answers it leaves when the socket is read again.
                let _answered = timeout(FAREWELL, self.socket.recv()).await;
                Err(Over)
            }
            Some(Err(_)) | None => Err(Over),
        }
    }

    /// Sends what a terminal shows, in as many frames as it takes.
    async fn say(&mut self, shown: &str) -> Result<(), Over> {
        let count = shown.chars().count();
        let size = self.line.frames.split.map_or(count, usize::from).max(1);
        let mut rest = shown.chars().peekable();
        while rest.peek().is_some() {
            let frame: String = rest.by_ref().take(size).collect();
            match self.line.frame().await {
                Ok(()) => {}
                Err(disturbed) => return self.end(disturbed).await,
            }
            let frame = Message::Text(frame.into());
            self.socket.send(frame).await.map_err(|_| Over)?;
        }
        Ok(())
    }

    async fn disturb(&mut self) -> Result<(), Over> {
        match self.line.disturb().await {
            Ok(()) => Ok(()),
            Err(disturbed) => self.end(disturbed).await,
        }
    }

    async fn end(&mut self, disturbed: Disturbed) -> Result<(), Over> {
        match disturbed {
            Disturbed::Lost => {}
            Disturbed::Closed(code) => self.close(code).await?,
        }
        Err(Over)
    }

    /// Says goodbye, and waits a moment for the answer.
    async fn close(&mut self, code: u16) -> Result<(), Over> {
        let reason = "".into();
        let frame = Message::Close(Some(CloseFrame { code, reason }));
        self.socket.send(frame).await.map_err(|_| Over)?;
        let answered = async { while let Some(Ok(_)) = self.socket.recv().await {} };
        let _in_time = timeout(FAREWELL, answered).await;
        Ok(())
    }
}
