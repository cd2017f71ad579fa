//! Where everything is: a pure function of the size, the focus and the zoom. The view draws by it
//! and `update` scrolls by it; nothing is ever learned from having drawn.

use super::screen::{Pane, Size, Zoom};

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Area {
    /// Column of the left edge.
    pub x: u16,
    /// Row of the upper edge.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    fn new(x: u16, y: u16, width: u16, height: u16) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// Whether there is nothing to draw on.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// Whether a cell is in it.
    #[must_use]
    pub fn contains(self, x: u16, y: u16) -> bool {
        (self.x..self.x.saturating_add(self.width)).contains(&x)
            && (self.y..self.y.saturating_add(self.height)).contains(&y)
    }

    /// Without its frame.
    #[must_use]
    pub fn inside(self) -> Self {
        Self::new(
            self.x.saturating_add(1),
            self.y.saturating_add(1),
            self.width.saturating_sub(2),
            self.height.saturating_sub(2),
        )
    }

    fn split_rows(self, upper: u16) -> (Self, Self) {
        let upper = upper.min(self.height);
        (
            Self {
                height: upper,
                ..self
            },
            Self {
                y: self.y + upper,
                height: self.height - upper,
                ..self
            },
        )
    }

    fn split_columns(self, left: u16) -> (Self, Self) {
        let left = left.min(self.width);
        (
            Self {
                width: left,
                ..self
            },
            Self {
                x: self.x + left,
                width: self.width - left,
                ..self
            },
        )
    }

    fn percent_rows(self, percent: u16) -> (Self, Self) {
        self.split_rows(percent_of(self.height, percent))
    }

    fn percent_columns(self, percent: u16) -> (Self, Self) {
        self.split_columns(percent_of(self.width, percent))
    }
}

fn percent_of(whole: u16, percent: u16) -> u16 {
    u16::try_from(u32::from(whole) * u32::from(percent) / 100).unwrap_or(whole)
}

/// Which arrangement a size gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SizeClass {
    /// Below 40×8: one line.
    Line,
    /// 40 to 59 columns, or fewer than 16 rows: the focused pane only.
    Single,
    /// 60 to 99 columns: Apps over tabs.
    Narrow,
    /// 100 to 159 columns: two by two.
    Medium,
    /// From 160 columns: sidebar, three columns.
    Wide,
}

impl SizeClass {
    /// The class of a size.
    #[must_use]
    pub fn of(size: Size) -> Self {
        match (size.width, size.height) {
            (..40, _) | (_, ..8) => Self::Line,
            (..60, _) | (_, ..16) => Self::Single,
            (..100, _) => Self::Narrow,
            (..160, _) => Self::Medium,
            _ => Self::Wide,
        }
    }
}

/// Rows from which the activity line (medium) and strip (wide) are shown.
const ACTIVITY_LINE_ROWS: u16 = 30;
const ACTIVITY_STRIP_ROWS: u16 = 50;
/// The sidebar's width.
const SIDEBAR: u16 = 26;

/// Where everything is. What is absent or empty is not drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The arrangement.
    pub class: Option<SizeClass>,
    /// Line 1: totals, locks, clock.
    pub header: Area,
    /// Line 2: the contexts.
    pub strip: Area,
    /// The panes that are drawn.
    pub panes: Vec<(Pane, Area)>,
    /// Whether the lower pane of `panes` carries the tab titles.
    pub tabs: bool,
    /// The contexts at the side.
    pub sidebar: Area,
    /// What happened.
    pub activity: Area,
    /// Operations, running and finished.
    pub operations: Area,
    /// The keys.
    pub hints: Area,
}

impl Layout {
    /// Where a pane is; absent when it is not drawn.
    #[must_use]
    pub fn pane(&self, pane: Pane) -> Option<Area> {
        self.panes
            .iter()
            .find(|(id, _)| *id == pane)
            .map(|(_, area)| *area)
    }

    /// Whether a pane is drawn.
    #[must_use]
    pub fn shows(&self, pane: Pane) -> bool {
        self.pane(pane).is_some()
    }

    /// How many rows of content a pane has, below its header row if it has one.
    #[must_use]
    pub fn rows(&self, pane: Pane) -> usize {
        let height = self.pane(pane).map_or(0, |area| area.inside().height);
        usize::from(height.saturating_sub(super::panes::header_rows(pane)))
    }
}

/// Lays out a screen.
#[must_use]
pub fn layout(size: Size, focus: Pane, tab: Pane, zoom: Zoom) -> Layout {
    let class = SizeClass::of(size);
    let whole = Area::new(0, 0, size.width, size.height);
    if class == SizeClass::Line {
        return Layout {
            class: Some(class),
            header: Area {
                height: size.height.min(1),
                ..whole
            },
            ..Layout::default()
        };
    }
    let (header, rest) = whole.split_rows(1);
    let (strip, rest) = rest.split_rows(1);
    let wants_line = class == SizeClass::Medium && size.height >= ACTIVITY_LINE_ROWS;
    let footer = if size.height < 12 {
        1
    } else {
        2 + u16::from(wants_line)
    };
    let (body, foot) = rest.split_rows(rest.height - footer);
    let mut out = Layout {
        class: Some(class),
        header,
        strip,
        ..Layout::default()
    };
    place_footer(&mut out, foot, wants_line);
    place_panes(&mut out, body, size, focus, tab, zoom);
    out
}

fn place_footer(out: &mut Layout, foot: Area, wants_line: bool) {
    if foot.height == 1 {
        out.hints = foot;
        return;
    }
    let (operations, rest) = foot.split_rows(1);
    out.operations = operations;
    if wants_line {
        (out.activity, out.hints) = rest.split_rows(1);
    } else {
        out.hints = rest;
    }
}

fn place_panes(out: &mut Layout, body: Area, size: Size, focus: Pane, tab: Pane, zoom: Zoom) {
    let class = SizeClass::of(size);
    if zoom == Zoom::Full || class == SizeClass::Single || focus.is_view() {
        out.panes = vec![(focus, body)];
        return;
    }
    match class {
        SizeClass::Line | SizeClass::Single => {}
        SizeClass::Narrow => narrow(out, body, focus, tab, zoom),
        SizeClass::Medium => medium(out, body, focus, zoom),
        SizeClass::Wide => wide(out, body, size, focus, zoom),
    }
}

fn narrow(out: &mut Layout, body: Area, focus: Pane, tab: Pane, zoom: Zoom) {
    let percent = match (zoom, focus) {
        (Zoom::Half, Pane::Apps) => 75,
        (Zoom::Half, _) => 25,
        (Zoom::Normal | Zoom::Full, _) => 52,
    };
    // Not less than a frame, a header and two rows.
    let (upper, lower) = body.split_rows(percent_of(body.height, percent).max(5));
    out.tabs = true;
    out.panes = vec![(Pane::Apps, upper), (tab, lower)];
}

fn medium(out: &mut Layout, body: Area, focus: Pane, zoom: Zoom) {
    // Detail has no place of its own here: it takes that of the environments while it is focused.
    let beside = if focus == Pane::Detail {
        Pane::Detail
    } else {
        Pane::Environments
    };
    let (upper, lower) = body.percent_rows(match (zoom, focus) {
        (Zoom::Half, Pane::Logs | Pane::Backups) => 25,
        (Zoom::Half, _) => 75,
        (Zoom::Normal | Zoom::Full, _) => 52,
    });
    let (apps, environments) = upper.percent_columns(match (zoom, focus) {
        (Zoom::Half, Pane::Apps) => 72,
        (Zoom::Half, Pane::Environments | Pane::Detail) => 35,
        _ => 60,
    });
    let (logs, backups) = lower.percent_columns(match (zoom, focus) {
        (Zoom::Half, Pane::Logs) => 80,
        (Zoom::Half, Pane::Backups) => 40,
        _ => 65,
    });
    out.panes = vec![
        (Pane::Apps, apps),
        (beside, environments),
        (Pane::Logs, logs),
        (Pane::Backups, backups),
    ];
}

fn wide(out: &mut Layout, body: Area, size: Size, focus: Pane, zoom: Zoom) {
    let (sidebar, body) = body.split_columns(SIDEBAR);
    out.sidebar = sidebar;
    let focus_right = matches!(focus, Pane::Environments | Pane::Backups | Pane::Detail);
    let (middle, right) = body.percent_columns(match (zoom, focus_right) {
        (Zoom::Half, true) => 42,
        (Zoom::Half, false) => 74,
        _ => 62,
    });
    let strip_rows = if size.height >= ACTIVITY_STRIP_ROWS {
        6
    } else {
        0
    };
    let (middle, activity) = middle.split_rows(middle.height - strip_rows);
    out.activity = activity;
    let (apps, logs) = middle.percent_rows(match (zoom, focus) {
        (Zoom::Half, Pane::Apps) => 75,
        (Zoom::Half, Pane::Logs) => 25,
        _ => 54,
    });
    let (environments, rest) = right.percent_rows(match (zoom, focus) {
        (Zoom::Half, Pane::Environments) => 60,
        (Zoom::Half, Pane::Backups | Pane::Detail) => 20,
        _ => 36,
    });
    let (backups, detail) = rest.percent_rows(match (zoom, focus) {
        (Zoom::Half, Pane::Backups) => 75,
        (Zoom::Half, Pane::Detail) => 25,
        _ => 48,
    });
    out.panes = vec![
        (Pane::Apps, apps),
        (Pane::Environments, environments),
        (Pane::Logs, logs),
        (Pane::Backups, backups),
        (Pane::Detail, detail),
    ];
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(width: u16, height: u16) -> Layout {
        layout(
            Size::new(width, height),
            Pane::Apps,
            Pane::Logs,
            Zoom::Normal,
        )
    }

    #[test]
    fn size_classes_change_exactly_at_their_edges() {
        use SizeClass as C;
        for ((width, height), class) in [
            ((39, 24), C::Line),
            ((40, 7), C::Line),
            ((40, 8), C::Single),
            ((59, 24), C::Single),
            ((80, 15), C::Single),
            ((60, 16), C::Narrow),
            ((99, 24), C::Narrow),
            ((100, 24), C::Medium),
            ((159, 50), C::Medium),
            ((160, 24), C::Wide),
        ] {
            assert_eq!(
                SizeClass::of(Size::new(width, height)),
                class,
                "{width}x{height}"
            );
        }
    }

    #[test]
    fn the_four_panes_are_there_at_once_from_100_columns() {
        for (width, height) in [(100, 24), (120, 40), (200, 60)] {
            let layout = at(width, height);
            for pane in [Pane::Apps, Pane::Environments, Pane::Logs, Pane::Backups] {
                assert!(layout.rows(pane) >= 2, "{pane:?} at {width}x{height}");
            }
        }
        assert!(at(200, 60).activity.height > 1);
        assert!(at(200, 49).activity.is_empty());
    }

    fn areas(layout: &Layout) -> Vec<Area> {
        let mut all: Vec<_> = layout.panes.iter().map(|(_, area)| *area).collect();
        all.extend([layout.header, layout.strip, layout.sidebar, layout.activity]);
        all.extend([layout.operations, layout.hints]);
        all.retain(|area| !area.is_empty());
        all
    }

    proptest! {
        #[test]
        fn nothing_overlaps_or_leaves_the_screen(
            width in 0u16..300, height in 0u16..120,
            focus in proptest::sample::select([&Pane::ALL[..], &Pane::VIEWS].concat()),
            tab in proptest::sample::select(Pane::TABS.to_vec()),
            zoom in proptest::sample::select(vec![Zoom::Normal, Zoom::Half, Zoom::Full]),
        ) {
            let size = Size::new(width, height);
            let tab = if Pane::TABS.contains(&focus) { focus } else { tab };
            let layout = layout(size, focus, tab, zoom);
            let all = areas(&layout);
            for (i, a) in all.iter().enumerate() {
                prop_assert!(a.x + a.width <= width && a.y + a.height <= height, "{a:?}");
                for b in all.iter().skip(i + 1) {
                    let apart = a.x + a.width <= b.x || b.x + b.width <= a.x
                        || a.y + a.height <= b.y || b.y + b.height <= a.y;
                    prop_assert!(apart, "{a:?} {b:?}");
                }
            }
            if SizeClass::of(size) != SizeClass::Line {
                prop_assert!(layout.shows(focus), "the focused pane is always drawn");
                prop_assert!(!layout.hints.is_empty());
            }
        }
    }
}
