//! The face: turns `&State` into cells, and nothing else.
//!
//! Drawing twice, or skipping frames, changes nothing. Nothing here sorts, filters or parses, and
//! only rows in sight are built.

mod chrome;
mod dialogs;
mod glyphs;
mod panes;
mod table;
mod text;
mod theme;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::State;
use crate::app::layout::{Area, SizeClass};
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
    let layout = state.layout();
    let buffer = frame.buffer_mut();
    if layout.class == Some(SizeClass::Line) {
        chrome::summary(view, rect(layout.header), buffer);
        return;
    }
    chrome::header(view, rect(layout.header), buffer);
    chrome::strip(view, rect(layout.strip), buffer);
    for (pane, area) in &layout.panes {
        panes::draw(view, *pane, &layout, rect(*area), buffer);
    }
    panes::sidebar::draw(view, rect(layout.sidebar), buffer);
    chrome::activity(view, rect(layout.activity), buffer);
    chrome::footer(view, &layout, buffer);
    dialogs::draw(view, buffer);
}

fn rect(area: Area) -> Rect {
    Rect::new(area.x, area.y, area.width, area.height)
}
