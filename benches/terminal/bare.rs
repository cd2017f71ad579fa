//! The least a follower can be: a growing file in one arena, its last rows drawn, at most thirty
//! times a second and on keys. What the dashboard costs is told as a multiple of this.

use std::fs::File;
use std::io::{self, Read as _, Stdout, stdout};
use std::path::Path;
use std::time::{Duration, Instant};

use crossterm::event::{self, Event, KeyCode};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, Clear};

/// Between two frames that no key asks for.
const FRAME: Duration = Duration::from_millis(33);
/// How often the file is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// Lines of text, one after another.
#[derive(Default)]
struct Arena {
    text: String,
    ends: Vec<u64>,
    rest: Vec<u8>,
}

impl Arena {
    fn push(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else {
            return;
        };
        let whole: Vec<u8> = self.rest.drain(..=end).collect();
        for line in whole.split_inclusive(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(&line[..line.len() - 1]);
            self.text.push_str(&text);
            self.ends.push(self.text.len() as u64);
        }
    }

    fn last(&self, rows: usize) -> impl Iterator<Item = &str> {
        let first = self.ends.len().saturating_sub(rows);
        (first..self.ends.len()).map(|line| {
            let at = |end: u64| usize::try_from(end).unwrap_or(usize::MAX);
            let start = line
                .checked_sub(1)
                .map_or(0, |before| at(self.ends[before]));
            self.text
                .get(start..at(self.ends[line]))
                .unwrap_or_default()
        })
    }
}

type Screen = Terminal<CrosstermBackend<Stdout>>;

fn draw(screen: &mut Screen, arena: &Arena, help: bool) -> io::Result<()> {
    screen.draw(|frame| {
        let whole = frame.area();
        let title = format!("Logs  bare {} lines", arena.ends.len());
        let block = Block::bordered().title(title);
        let inside = block.inner(whole);
        frame.render_widget(block, whole);
        let buffer = frame.buffer_mut();
        for (y, line) in (inside.y..inside.bottom()).zip(arena.last(inside.height.into())) {
            buffer.set_stringn(
                inside.x,
                y,
                line,
                inside.width.into(),
                ratatui::style::Style::new(),
            );
        }
        if help {
            let window = Rect::new(30, 8, 60, 20).intersection(whole);
            frame.render_widget(Clear, window);
            frame.render_widget(Block::bordered().title("Keys in Logs"), window);
        }
    })?;
    Ok(())
}

/// Follows a file until `q`.
pub(crate) fn run(path: &Path) -> io::Result<()> {
    let mut file = File::open(path)?;
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen)?;
    let mut screen = Terminal::new(CrosstermBackend::new(stdout()))?;
    let (mut arena, mut help) = (Arena::default(), false);
    let mut buffer = vec![0; 256 * 1024];
    let (mut is_new, mut drawn) = (true, None::<Instant>);
    loop {
        loop {
            let length = file.read(&mut buffer)?;
            if length == 0 {
                break;
            }
            arena.push(&buffer[..length]);
            is_new = true;
        }
        let mut pressed = false;
        if event::poll(LOOK)?
            && let Event::Key(key) = event::read()?
        {
            pressed = true;
            if key.code == KeyCode::Char('q') {
                break;
            }
            help = key.code == KeyCode::Char('?');
        }
        let is_due = drawn.is_none_or(|at| at.elapsed() >= FRAME);
        if pressed || (is_new && is_due) {
            draw(&mut screen, &arena, help)?;
            (is_new, drawn) = (false, Some(Instant::now()));
        }
    }
    execute!(stdout(), LeaveAlternateScreen)?;
    disable_raw_mode()
}
