//! The characters of meaning, in Unicode and in ASCII.

use ratatui::symbols::border;

use crate::app::rows::Overlay;
use crate::app::screen::Look;
use crate::model::Status;

/// A set of characters. All are one column wide, but for the status glyphs of the ASCII set (two).
#[derive(Debug)]
pub(crate) struct Glyphs {
    pub(crate) failed: &'static str,
    pub(crate) degraded: &'static str,
    pub(crate) changing: &'static str,
    pub(crate) live: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) asleep: &'static str,
    pub(crate) stopped: &'static str,
    pub(crate) done: &'static str,
    pub(crate) down: &'static str,
    /// From what was to what is.
    pub(crate) arrow: &'static str,
    pub(crate) selected: &'static str,
    pub(crate) ellipsis: &'static str,
    /// Where a line that is scrolled sideways began earlier.
    pub(crate) earlier: &'static str,
    /// Beside the lines of a group: the first, those between, the last.
    pub(crate) group: [&'static str; 3],
    pub(crate) none: &'static str,
    /// Stands for any value that is not shown, whatever its length.
    pub(crate) mask: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) dot: &'static str,
    pub(crate) tab: &'static str,
    pub(crate) bar_full: &'static str,
    pub(crate) bar_empty: &'static str,
    /// From the lowest to the highest; empty where sparklines are numbers.
    pub(crate) spark: &'static [&'static str],
    pub(crate) frame: border::Set<'static>,
    pub(crate) frame_focused: border::Set<'static>,
    /// The two lines at a tab's sides, in a plain and in a heavy frame.
    pub(crate) current: &'static str,
}

const UNICODE: Glyphs = Glyphs {
    failed: "✖",
    degraded: "▲",
    changing: "◐",
    live: "●",
    unknown: "?",
    asleep: "◌",
    stopped: "○",
    done: "✓",
    down: "↓",
    arrow: "→",
    selected: "▸",
    ellipsis: "…",
    earlier: "‹",
    group: ["╭", "│", "╰"],
    none: "–",
    mask: "••••••••",
    rule: "──",
    dot: "·",
    tab: "┃",
    bar_full: "▰",
    bar_empty: "▱",
    spark: &["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    frame: border::ROUNDED,
    frame_focused: border::THICK,
    current: "◂",
};

const PLAIN_FRAME: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

const ASCII: Glyphs = Glyphs {
    failed: "!!",
    degraded: "^^",
    changing: "..",
    live: "ok",
    unknown: "??",
    asleep: "zz",
    stopped: "--",
    done: "ok",
    down: "v",
    arrow: "->",
    selected: ">",
    ellipsis: "~",
    earlier: "<",
    group: ["/", "|", "\\"],
    none: "-",
    mask: "********",
    rule: "--",
    dot: "|",
    tab: "|",
    bar_full: "#",
    bar_empty: ".",
    spark: &[],
    frame: PLAIN_FRAME,
    frame_focused: border::Set {
        vertical_left: "#",
        vertical_right: "#",
        horizontal_top: "=",
        horizontal_bottom: "=",
        ..PLAIN_FRAME
    },
    current: "<",
};

impl Glyphs {
    pub(crate) fn of(look: Look) -> &'static Self {
        if look.is_ascii { &ASCII } else { &UNICODE }
    }

    /// The glyph of a status, under what lies over it.
    pub(crate) fn status(&self, status: &Status, overlay: Overlay) -> &'static str {
        if overlay != Overlay::None {
            return self.unknown;
        }
        match status {
            Status::Failed => self.failed,
            Status::Degraded => self.degraded,
            Status::Queued | Status::Building | Status::Deploying => self.changing,
            Status::Live => self.live,
            Status::Unknown | Status::Other(_) => self.unknown,
            Status::Asleep => self.asleep,
            Status::Stopped | Status::Present => self.stopped,
        }
    }

    /// A bar of `width` cells, `percent` full.
    pub(crate) fn bar(&self, percent: u8, width: usize) -> String {
        let full = (usize::from(percent.min(100)) * width + 50) / 100;
        self.bar_full.repeat(full) + &self.bar_empty.repeat(width - full)
    }

    /// A sparkline of the newest `width` values; numbers where there are no such glyphs.
    pub(crate) fn sparkline(&self, values: &[u64], width: usize) -> String {
        let newest = &values[values.len().saturating_sub(width)..];
        let Some(highest) = newest
            .iter()
            .copied()
            .max()
            .filter(|_| !self.spark.is_empty())
        else {
            return String::new();
        };
        let steps = self.spark.len() as u64 - 1;
        let level = |value: u64| {
            let level = u128::from(value) * u128::from(steps) / u128::from(highest.max(1));
            usize::try_from(level).unwrap_or(0)
        };
        newest
            .iter()
            .filter_map(|value| self.spark.get(level(*value)))
            .copied()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_sparklines_keep_their_width() {
        for percent in 0..=110 {
            assert_eq!(UNICODE.bar(percent, 7).chars().count(), 7);
        }
        assert_eq!(UNICODE.bar(50, 4), "▰▰▱▱");
        assert_eq!(UNICODE.sparkline(&[0, 5, 10], 9), "▁▄█");
        assert_eq!(UNICODE.sparkline(&[], 9), "");
        assert_eq!(UNICODE.sparkline(&[0, 0], 9), "▁▁");
    }
}
