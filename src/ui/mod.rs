//! The face: turns `&State` into cells, and nothing else.
//!
//! Drawing twice, or skipping frames, changes nothing. Nothing here sorts, filters or parses, and
//! only rows in sight are built.

mod ascii;
mod chrome;
mod dialogs;
mod glyphs;
mod panes;
mod sentence;
mod table;
mod text;
mod theme;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::State;
use crate::app::layout::{Area, Layout, SizeClass};
use glyphs::Glyphs;
use theme::Theme;

/// Everything a part of the view needs besides its area.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    state: &'a State,
    theme: Theme,
    glyphs: &'static Glyphs,
}

/// Draws the state.
pub fn view(state: &State, frame: &mut Frame<'_>) {
    let look = state.screen.look;
    let view = View {
        state,
        theme: Theme::of(look),
        glyphs: Glyphs::of(look),
    };
    let size = state.screen.size;
    let whole = Rect::new(0, 0, size.width, size.height);
    if frame.area() == whole {
        draw(view, frame.buffer_mut());
        return;
    }
    // The terminal has another size already, and the message that tells it is on its way: until
    // then as much as fits is shown.
    let mut buffer = Buffer::empty(whole);
    draw(view, &mut buffer);
    for at in whole.intersection(frame.area()).positions() {
        frame.buffer_mut()[at] = buffer[at].clone();
    }
}

fn draw(view: View<'_>, buffer: &mut Buffer) {
    if buffer.area.is_empty() {
        return;
    }
    let layout = view.state.layout();
    if layout.class == Some(SizeClass::Line) {
        chrome::summary(view, rect(layout.header), buffer);
    } else {
        screen(view, &layout, buffer);
    }
    if view.state.screen.look.is_ascii {
        ascii::only(buffer);
    }
}

fn screen(view: View<'_>, layout: &Layout, buffer: &mut Buffer) {
    chrome::header(view, rect(layout.header), buffer);
    chrome::strip(view, rect(layout.strip), buffer);
    for (pane, area) in &layout.panes {
        panes::draw(view, *pane, layout, rect(*area), buffer);
    }
    panes::sidebar::draw(view, rect(layout.sidebar), buffer);
    chrome::activity(view, rect(layout.activity), buffer);
    chrome::footer(view, layout, buffer);
    dialogs::draw(view, buffer);
}

fn rect(area: Area) -> Rect {
    Rect::new(area.x, area.y, area.width, area.height)
}
