//! Keys, pastes and sizes of the terminal, as messages.

use crossterm::event::{
    Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};
use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::app::Message;
use crate::app::keys::{Key, KeyPress};
use crate::app::mouse::{MouseAt, MouseKind};
use crate::app::screen::Size;

/// Reads the terminal until it is dropped. Two readers on one terminal lose keys, so it is dropped
/// before the terminal is handed to anybody else.
#[derive(Debug)]
pub(crate) struct Input {
    task: JoinHandle<()>,
}

impl Input {
    /// Begins to read; messages go to `to`, which may make the reader wait.
    #[expect(
        clippy::disallowed_methods,
        reason = "the terminal's reader belongs to no request"
    )]
    pub(crate) fn start(to: mpsc::Sender<Message>) -> Self {
        let task = tokio::spawn(async move {
            let mut events = EventStream::new();
            while let Some(Ok(event)) = events.next().await {
                let Some(message) = message(event) else {
                    continue;
                };
                if to.send(message).await.is_err() {
                    return;
                }
            }
            // The terminal is gone; nobody is left to be told if the loop is, too.
            let _gone = to.send(Message::InputClosed).await;
        });
        Self { task }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => {
            let repeat = key.kind == KeyEventKind::Repeat;
            let is_release = key.kind == KeyEventKind::Release;
            let press = press(key).filter(|_| !is_release)?;
            Some(Message::Key { press, repeat })
        }
        Event::Paste(text) => Some(Message::Paste(text.into())),
        Event::Resize(width, height) => Some(Message::Resized(Size::new(width, height))),
        Event::Mouse(event) => mouse(event).map(Message::Mouse),
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn mouse(event: MouseEvent) -> Option<MouseAt> {
    let kind = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Click,
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        MouseEventKind::Down(_)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => return None,
    };
    Some(MouseAt {
        kind,
        x: event.column,
        y: event.row,
    })
}

fn press(event: KeyEvent) -> Option<KeyPress> {
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let key = match event.code {
        KeyCode::Char(c) if ctrl => Key::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::F(number) => Key::Function(number),
        KeyCode::Null
        | KeyCode::CapsLock
        | KeyCode::ScrollLock
        | KeyCode::NumLock
        | KeyCode::PrintScreen
        | KeyCode::Pause
        | KeyCode::Menu
        | KeyCode::KeypadBegin
        | KeyCode::Media(_)
        | KeyCode::Modifier(_) => return None,
    };
    Some(KeyPress { key, ctrl, alt })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(code: KeyCode, modifiers: KeyModifiers) -> Option<String> {
        press(KeyEvent::new(code, modifiers)).map(|press| press.to_string())
    }

    #[test]
    fn keys_get_their_names() {
        let none = KeyModifiers::NONE;
        assert_eq!(
            name(KeyCode::Char('D'), KeyModifiers::SHIFT).as_deref(),
            Some("D")
        );
        assert_eq!(
            name(KeyCode::Char('d'), KeyModifiers::CONTROL).as_deref(),
            Some("Ctrl-d")
        );
        assert_eq!(name(KeyCode::BackTab, none).as_deref(), Some("Shift-Tab"));
        assert_eq!(name(KeyCode::CapsLock, none), None);
    }

    #[test]
    fn a_released_key_is_no_key() {
        let released = KeyEvent::new_with_kind(
            KeyCode::Char('y'),
            KeyModifiers::NONE,
            KeyEventKind::Release,
        );
        assert_eq!(message(Event::Key(released)), None);
    }
}
