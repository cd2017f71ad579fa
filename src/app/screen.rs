//! What is on screen: size, focus, zoom, the dialog on top.

use super::choose::ChooseState;
use super::confirm::Confirm;
use super::copy::CopyState;
use super::form::FormState;
use super::help::HelpState;
use super::keymap::Keymap;
use super::menu::MenuState;
use super::palette::PaletteState;
use super::panes::logs::SourcesState;
use super::panes::variables::Dialog;
use super::unlock::Unlock;

/// A size in cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Size {
    /// A size.
    #[must_use]
    pub const fn new(width: u16, height: u16) -> Self {
        Self { width, height }
    }
}

/// A pane that can have the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// One row per app of every context.
    #[default]
    Apps,
    /// The environments of the selected app.
    Environments,
    /// The live log of the selection.
    Logs,
    /// The backups of the selected app.
    Backups,
    /// What is known of the selected environment.
    Detail,
    /// The backups of every environment, the overdue ones first. A view.
    BackupFleet,
    /// The variables of the selected environment. A view.
    Variables,
    /// What happened, everywhere, newest first. A view.
    Activity,
    /// What flightdeck was asked to do, newest first. A view.
    Operations,
    /// Domains, services, jobs, instances and alerts of the selected app. A view.
    Parts,
}

impl Pane {
    /// Every pane of the dashboard, in the order of Tab.
    pub const ALL: [Self; 5] = [
        Self::Apps,
        Self::Environments,
        Self::Logs,
        Self::Backups,
        Self::Detail,
    ];

    /// The views: panes that take the whole screen while they have the focus.
    pub const VIEWS: [Self; 5] = [
        Self::BackupFleet,
        Self::Variables,
        Self::Activity,
        Self::Operations,
        Self::Parts,
    ];

    /// Whether it is a view, which is nowhere on the dashboard.
    #[must_use]
    pub fn is_view(self) -> bool {
        Self::VIEWS.contains(&self)
    }

    /// The panes that share the lower half of a narrow screen, in the order of their tabs.
    pub const TABS: [Self; 4] = [Self::Environments, Self::Logs, Self::Backups, Self::Detail];

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Apps => "Apps",
            Self::Environments => "Environments",
            Self::Logs => "Logs",
            Self::Backups => "Backups",
            Self::Detail => "Detail",
            Self::BackupFleet => "All backups",
            Self::Variables => "Variables",
            Self::Activity => "Activity",
            Self::Operations => "Operations",
            Self::Parts => "Domains and services",
        }
    }
}

/// How much of the screen the focused pane takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Zoom {
    /// Its place in the layout.
    #[default]
    Normal,
    /// Most of the screen.
    Half,
    /// All of it.
    Full,
}

impl Zoom {
    /// One step larger.
    #[must_use]
    pub fn grow(self) -> Self {
        match self {
            Self::Normal => Self::Half,
            Self::Half | Self::Full => Self::Full,
        }
    }

    /// One step smaller.
    #[must_use]
    pub fn shrink(self) -> Self {
        match self {
            Self::Full => Self::Half,
            Self::Half | Self::Normal => Self::Normal,
        }
    }
}

/// What stands over the panes and takes the keys.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The keys, searchable.
    Help(HelpState),
    /// A question before something is changed.
    Confirm(Box<Confirm>),
    /// The name of a protected context, typed to unlock it.
    Unlock(Unlock),
    /// Every operation for the selection.
    Menu(MenuState),
    /// Everything by name.
    Palette(Box<PaletteState>),
    /// What an operation needs to know.
    Form(Box<FormState>),
    /// What can be copied.
    Copy(CopyState),
    /// Which contexts are shown.
    Choose(ChooseState),
    /// Which logs are shown as one.
    Sources(Box<SourcesState>),
    /// A dialog of the view of variables.
    Variables(Box<Dialog>),
    /// Whether to quit although operations run.
    Quit,
}

/// How many colours the terminal may show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Colours {
    /// Direct colours.
    #[default]
    True,
    /// The sixteen of the terminal's own palette.
    Sixteen,
    /// None (`NO_COLOR`): meaning is in words, glyphs, bold, underline and reverse.
    None,
}

/// How things are drawn, as far as the terminal and its user decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Look {
    /// Only ASCII characters.
    pub is_ascii: bool,
    /// How many colours.
    pub colours: Colours,
    /// Whether the terminal's background is light.
    pub is_light: bool,
}

/// What is on screen.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    /// How things are drawn.
    pub look: Look,
    /// The terminal's size.
    pub size: Size,
    /// The pane that has the focus.
    pub focus: Pane,
    /// The pane that had it before a view was opened or left.
    pub previous: Option<Pane>,
    /// The pane shown in the lower half of a narrow screen.
    pub tab: Tab,
    /// How large the focused pane is.
    pub zoom: Zoom,
    /// Whether the mouse is ours; off, the terminal's own selection works.
    pub has_mouse: bool,
    /// The dialog on top.
    pub overlay: Option<Overlay>,
    /// Which key means what.
    pub keymap: Keymap,
}

/// The tab of the lower pane on a narrow screen; the log unless somebody chose another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tab(pub Pane);

impl Default for Tab {
    fn default() -> Self {
        Self(Pane::Logs)
    }
}

impl Screen {
    /// Moves the focus; the lower tab of a narrow screen follows.
    pub fn focus_on(&mut self, pane: Pane) {
        if (self.focus.is_view() || pane.is_view()) && self.focus != pane {
            self.previous = Some(self.focus);
        }
        self.focus = pane;
        if Pane::TABS.contains(&pane) {
            self.tab = Tab(pane);
        }
    }
}
