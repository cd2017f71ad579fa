//! The loop: wait for the first message, apply what else is there, draw once.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::browser;
use super::clock::now;
use super::console::console;
use super::editor::{Editor, Lent};
use super::frames::FrameClock;
use super::input::Input;
use super::turn::Turn;
use crate::app::notify::Notification;
use crate::app::screen::Size;
use crate::app::{self, Effect, Message, Signal, State};
use crate::engine::{Engine, EngineEvent, OpenIntent};
use crate::model::{
    Consent, Failure, Operation, OperationEvent, OperationTicket, Secret, Stage, Text,
};
use crate::store::download::Disk;

/// The terminal's reader waits when this many of its messages wait.
const INPUT_QUEUE: usize = 64;
/// What interrupted the editor is told to us, too, and may come this late.
const LATE_INTERRUPT: Duration = Duration::from_secs(1);
/// No wake-up is planned further ahead: a clock that was set back must not make us sleep for ever.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// Where frames go. The real one is a terminal; tests have their own.
pub trait Display {
    /// Draws the state.
    ///
    /// # Errors
    /// If the terminal is gone.
    fn draw(&mut self, state: &State) -> io::Result<()>;

    /// Forgets what is on the terminal: the next frame draws every cell.
    ///
    /// # Errors
    /// If the terminal is gone.
    fn forget(&mut self) -> io::Result<()>;

    /// Puts a text into the terminal's clipboard, with the next frame.
    ///
    /// # Errors
    /// If the terminal is gone.
    fn copy(&mut self, text: &str) -> io::Result<()>;

    /// Tells somebody who looks elsewhere, with the next frame.
    ///
    /// # Errors
    /// If the terminal is gone.
    fn notify(&mut self, notification: &Notification) -> io::Result<()>;

    /// Whether the terminal has not yet taken the last frame.
    fn is_busy(&self) -> bool;

    /// Resolves when it has.
    fn taken(&self) -> impl Future<Output = ()>;

    /// Takes the mouse, or gives it back.
    ///
    /// # Errors
    /// If the terminal is gone.
    fn mouse(&mut self, is_on: bool) -> io::Result<()>;

    /// Gives the terminal to the shell until that continues us.
    ///
    /// # Errors
    /// If that is not possible.
    fn suspend(&mut self) -> io::Result<()>;

    /// Gives the terminal to somebody else.
    fn lend(&mut self);

    /// Takes the terminal back, which may have another size by now.
    ///
    /// # Errors
    /// If the terminal is gone.
    fn take_back(&mut self) -> io::Result<Size>;
}

/// The dashboard, running.
pub struct Shell<D> {
    state: State,
    display: D,
    engine: Engine,
    reports: mpsc::Receiver<EngineEvent>,
    frames: FrameClock,
    input: mpsc::Receiver<Message>,
    to_input: mpsc::Sender<Message>,
    reader: Option<Input>,
    reads_terminal: bool,
    earlier: Vec<(OperationTicket, OpenIntent)>,
    editor: Editor,
    to_edit: Option<Secret>,
    to_console: Option<(OperationTicket, Operation, Consent)>,
    editor_closed: Option<Instant>,
}

/// Whether the loop goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    On,
    Over,
}

impl<D: Display> Shell<D> {
    /// A dashboard that has drawn nothing yet.
    pub fn new(
        state: State,
        display: D,
        engine: Engine,
        reports: mpsc::Receiver<EngineEvent>,
    ) -> Self {
        let (to_input, input) = mpsc::channel(INPUT_QUEUE);
        Self {
            state,
            display,
            engine,
            reports,
            frames: FrameClock::new(),
            input,
            to_input,
            reader: None,
            reads_terminal: false,
            earlier: Vec::new(),
            editor: Editor::default(),
            to_edit: None,
            to_console: None,
            editor_closed: None,
        }
    }

    /// Where messages of input go: keys, sizes, signals.
    #[must_use]
    pub fn input(&self) -> mpsc::Sender<Message> {
        self.to_input.clone()
    }

    /// Reads keys from the terminal, too.
    #[must_use]
    pub fn reading_terminal(mut self) -> Self {
        self.reads_terminal = true;
        self
    }

    /// Finds out what became of operations that an earlier run left open, too. The state knows
    /// them by their tickets.
    #[must_use]
    pub fn finding_out(mut self, earlier: Vec<(OperationTicket, OpenIntent)>) -> Self {
        self.earlier = earlier;
        self
    }

    /// Lends texts to this editor.
    #[must_use]
    pub(crate) fn editing_with(mut self, editor: Editor) -> Self {
        self.editor = editor;
        self
    }

    /// Runs until it is told to quit; gives the last state.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub async fn run(mut self) -> io::Result<State> {
        // The first frame is drawn before any request is sent.
        self.draw()?;
        if self.reads_terminal {
            self.reader = Some(Input::start(self.to_input.clone()));
        }
        for (ticket, open) in std::mem::take(&mut self.earlier) {
            if let Err(operation) = self.engine.resolve(ticket, open) {
                tracing::error!(verb = operation.kind.verb(), "cannot be looked for");
            }
        }
        let mut first = Some(Message::Clock);
        loop {
            if self.turn(first)? == Going::Over {
                break;
            }
            if let Some(text) = self.to_edit.take()
                && self.edit(text).await? == Going::Over
            {
                break;
            }
            if let Some(session) = self.to_console.take() {
                self.console(session).await?;
            }
            self.draw_if_due()?;
            first = self.wait().await;
        }
        // The terminal is given back first: what the engine still has to close is not waited for
        // by anybody's eyes.
        drop(self.reader);
        drop(self.display);
        self.engine.shutdown().await;
        Ok(self.state)
    }

    /// Applies `first` and what else is waiting, up to a turn.
    fn turn(&mut self, first: Option<Message>) -> io::Result<Going> {
        let mut turn = Turn::begin();
        let mut next = first;
        while let Some(message) = next {
            turn.note(&message);
            if self.apply(message)? == Going::Over {
                return Ok(Going::Over);
            }
            next = self.next_of(&mut turn);
        }
        Ok(Going::On)
    }

    /// What waits, while the turn has room for it: input first.
    fn next_of(&mut self, turn: &mut Turn) -> Option<Message> {
        if !turn.takes_input() {
            return None;
        }
        if let Ok(input) = self.input.try_recv() {
            turn.note_input();
            return Some(input);
        }
        let report = turn.takes_reports().then(|| self.reports.try_recv());
        report?.ok().map(message_of)
    }

    fn apply(&mut self, message: Message) -> io::Result<Going> {
        let is_input = is_input(&message);
        if self.is_meant_for_editor(&message) {
            return Ok(Going::On);
        }
        #[cfg(debug_assertions)]
        panic_if_asked(&message);
        self.state.now = now();
        let outcome = app::update(&mut self.state, message);
        if outcome.redraw {
            self.frames.mark(is_input);
        }
        for effect in outcome.effects {
            if self.perform(effect)? == Going::Over {
                return Ok(Going::Over);
            }
        }
        Ok(Going::On)
    }

    /// Submits an effect; waits for nothing.
    fn perform(&mut self, effect: Effect) -> io::Result<Going> {
        match effect {
            Effect::Fetch(fetch) => self.engine.fetch(fetch),
            Effect::Leave(context) => self.engine.leave(context),
            Effect::Preview(ticket, operations) => self.engine.preview(ticket, operations),
            Effect::Operate(ticket, operation, consent) => {
                if let Err(operation) = self.engine.operate(ticket, operation, consent) {
                    // The state refuses it first; were it not to, nothing is sent twice.
                    tracing::error!(
                        verb = operation.kind.verb(),
                        "operation is already in flight"
                    );
                }
            }
            Effect::Download(ticket, request) => {
                self.engine.download(ticket, request, Arc::new(Disk));
            }
            Effect::CancelDownload(ticket) => self.engine.cancel_download(ticket),
            Effect::OpenTail(tail, request) => self.engine.open_tail(tail, request),
            Effect::CloseTail(tail) => self.engine.close_tail(&tail),
            Effect::ReadLog(ticket, tail, request) => self.engine.read_log(ticket, tail, request),
            Effect::StopReading(tail) => self.engine.stop_reading(&tail),
            Effect::SaveLog(save) => super::save::save(save, self.to_input.clone()),
            Effect::Notify(notification) => self.display.notify(&notification)?,
            Effect::Mouse(is_on) => self.display.mouse(is_on)?,
            Effect::CopyText(text) => self.display.copy(&text)?,
            Effect::OpenUrl(url) => browser::open(&url, self.to_input.clone()),
            // Lending the terminal takes long: after this turn.
            Effect::Edit(file) => self.to_edit = Some(file.text),
            Effect::Console(ticket, operation, consent) => {
                self.to_console = Some((ticket, operation, consent));
            }
            Effect::Redraw => self.display.forget()?,
            Effect::Suspend => self.suspend()?,
            Effect::Quit => return Ok(Going::Over),
        }
        Ok(Going::On)
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.reader = None;
        self.display.suspend()?;
        if self.reads_terminal {
            self.reader = Some(Input::start(self.to_input.clone()));
        }
        if self.state.screen.has_mouse {
            self.display.mouse(true)?;
        }
        self.display.forget()?;
        self.frames.mark(true);
        Ok(())
    }

    /// Lends the terminal and the text to the editor until it is closed. Requests go on meanwhile;
    /// what they report waits.
    async fn edit(&mut self, text: Secret) -> io::Result<Going> {
        self.reader = None;
        self.display.lend();
        let edited = match self.editor.open(&text) {
            Ok(lent) => match self.edited(lent).await {
                Some(edited) => edited,
                None => return Ok(Going::Over),
            },
            Err(why) => Err(why),
        };
        self.editor_closed = Some(Instant::now());
        let size = self.display.take_back()?;
        if self.reads_terminal {
            self.reader = Some(Input::start(self.to_input.clone()));
        }
        self.apply(Message::Resized(size))?;
        self.apply(Message::Edited(edited))
    }

    /// Lends the terminal to a session on the platform until that ends. Requests go on meanwhile; what
    /// they report waits, and so does a wish to end: the session hears of it by itself.
    async fn console(
        &mut self,
        (ticket, operation, consent): (OperationTicket, Operation, Consent),
    ) -> io::Result<()> {
        self.reader = None;
        self.display.lend();
        let ended = match self.engine.opening(&operation) {
            Some(opening) => console(opening, &operation, &consent).await,
            None => Err(io::Error::other("this context is gone")),
        };
        let stage = ended.unwrap_or_else(|error| {
            Stage::Refused(Failure::Local {
                problem: Text::clean(&format!("the terminal cannot be lent: {error}")),
                advice: Text::clean("use flightdeck console in another terminal"),
            })
        });
        let size = self.display.take_back()?;
        if self.reads_terminal {
            self.reader = Some(Input::start(self.to_input.clone()));
        }
        if self.state.screen.has_mouse {
            self.display.mouse(true)?;
        }
        self.apply(Message::Resized(size))?;
        self.apply(Message::Operation(ended_event(ticket, stage)))?;
        self.display.forget()?;
        self.frames.mark(true);
        Ok(())
    }

    /// Ctrl-c in the editor reaches all who share the terminal.
    fn is_meant_for_editor(&self, message: &Message) -> bool {
        let is_interrupt = *message == Message::Signal(Signal::Interrupt);
        let closed = self.editor_closed.filter(|_| is_interrupt);
        closed.is_some_and(|at| at.elapsed() < LATE_INTERRUPT)
    }

    /// What the editor made of it; absent if flightdeck was told to end meanwhile. Keys that were
    /// typed ahead were meant for the editor, and so is an interrupt.
    async fn edited(&mut self, mut lent: Lent) -> Option<Result<Secret, Text>> {
        loop {
            tokio::select! {
                status = lent.closed() => return Some(lent.taken_back(status)),
                message = self.input.recv() => {
                    if matches!(message, None | Some(Message::Signal(Signal::Terminate))) {
                        lent.end().await;
                        return None;
                    }
                }
            }
        }
    }

    fn draw_if_due(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let is_due = self.frames.due(now).is_some_and(|due| due <= now);
        if is_due && !self.display.is_busy() {
            self.draw()
        } else {
            Ok(())
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        self.state.now = now();
        self.display.draw(&self.state)?;
        self.frames.drawn(Instant::now());
        Ok(())
    }

    /// Waits for the next message, or for a moment at which something is to be done without one.
    async fn wait(&mut self) -> Option<Message> {
        let frame = self.frames.due(Instant::now());
        let wakeup = app::next_wakeup(&self.state).map(|at| until(at, now()));
        let nap = wakeup.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP);
        let is_busy = self.display.is_busy();
        if nap.is_zero() {
            // Something is gone through a slice at a time: it goes on at once, behind what is typed. A
            // timer would take a millisecond.
            tokio::task::yield_now().await;
            return Some(self.input.try_recv().unwrap_or(Message::Clock));
        }
        // Biased: a flood of reports cannot starve the keyboard.
        tokio::select! {
            biased;
            message = self.input.recv() => Some(message.unwrap_or(Message::InputClosed)),
            () = self.display.taken(), if is_busy && frame.is_some() => None,
            () = sleep_until(frame), if !is_busy => None,
            () = tokio::time::sleep(nap) => Some(Message::Clock),
            Some(event) = self.reports.recv() => Some(message_of(event)),
        }
    }
}

/// How long until `at`; zero if it is past.
fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default()
}

async fn sleep_until(frame: Option<Instant>) {
    match frame {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn ended_event(ticket: OperationTicket, stage: Stage) -> OperationEvent {
    OperationEvent {
        ticket,
        at: now(),
        stage,
        follow: None,
        note: None,
        next_steps: Vec::new(),
        output: Vec::new(),
    }
}

/// Whether somebody waits to see what comes of it.
pub(super) fn is_input(message: &Message) -> bool {
    matches!(
        message,
        Message::Key { .. } | Message::Paste(_) | Message::Resized(_) | Message::Signal(_)
    )
}

fn message_of(event: EngineEvent) -> Message {
    match event {
        EngineEvent::Report(report) => Message::Report(report),
        EngineEvent::Logs(batch) => Message::Logs(batch),
        EngineEvent::PastLines(lines) => Message::PastLines(lines),
        EngineEvent::Preview(report) => Message::Preview(report),
        EngineEvent::Operation(event) => Message::Operation(event),
        EngineEvent::Transfer(event) => Message::Transfer(event),
    }
}

/// F12 panics in debug builds: that is how the tests see that a panic gives the terminal back.
#[cfg(debug_assertions)]
fn panic_if_asked(message: &Message) {
    use crate::app::keys::{Key, KeyPress};
    let press = KeyPress::plain(Key::Function(12));
    #[expect(clippy::panic, reason = "a panic is what is asked for")]
    if *message
        == (Message::Key {
            press,
            repeat: false,
        })
    {
        panic!("asked for by F12, which does this in debug builds only");
    }
}

/// What ends the dashboard from outside.
#[cfg(unix)]
pub(crate) async fn signals(to: mpsc::Sender<Message>) {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [
        (SignalKind::terminate(), Signal::Terminate),
        (SignalKind::hangup(), Signal::Terminate),
        (SignalKind::interrupt(), Signal::Interrupt),
    ];
    let waits = kinds.into_iter();
    let mut waits: Vec<_> = waits
        .filter_map(|(kind, meaning)| Some((signal(kind).ok()?, meaning)))
        .collect();
    while !waits.is_empty() {
        let all = waits.iter_mut().map(|(wait, meaning)| {
            Box::pin(async move {
                wait.recv().await;
                *meaning
            })
        });
        let (meaning, ..) = futures_util::future::select_all(all).await;
        if to.send(Message::Signal(meaning)).await.is_err() {
            return;
        }
    }
    std::future::pending::<()>().await;
}

#[cfg(not(unix))]
pub(crate) async fn signals(to: mpsc::Sender<Message>) {
    let _ignored = tokio::signal::ctrl_c().await;
    let _gone = to.send(Message::Signal(Signal::Terminate)).await;
}

#[cfg(test)]
mod tests;
