//! Everything a key can do, as one table. Default keys, hints, help and the key reference are
//! derived from its rows.

use super::screen::Pane;
use crate::model::Capability;

/// Where a key means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everywhere but in dialogs and text fields.
    Global,
    /// In the Apps pane.
    Apps,
    /// In the Environments pane.
    Environments,
    /// In the Logs pane.
    Logs,
    /// In the Backups pane.
    Backups,
    /// In the Detail pane.
    Detail,
    /// In the view of all backups.
    BackupFleet,
    /// In the view of variables.
    Variables,
    /// In the view of activity.
    Activity,
    /// In the view of operations.
    Operations,
    /// In the view of domains and services.
    Parts,
}

impl Scope {
    /// Every scope, in the order of help.
    pub const ALL: [Self; 11] = [
        Self::Global,
        Self::Apps,
        Self::Environments,
        Self::Logs,
        Self::Backups,
        Self::Detail,
        Self::BackupFleet,
        Self::Variables,
        Self::Activity,
        Self::Operations,
        Self::Parts,
    ];

    /// The heading in help.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
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

impl From<Pane> for Scope {
    fn from(pane: Pane) -> Self {
        match pane {
            Pane::Apps => Self::Apps,
            Pane::Environments => Self::Environments,
            Pane::Logs => Self::Logs,
            Pane::Backups => Self::Backups,
            Pane::Detail => Self::Detail,
            Pane::BackupFleet => Self::BackupFleet,
            Pane::Variables => Self::Variables,
            Pane::Activity => Self::Activity,
            Pane::Operations => Self::Operations,
            Pane::Parts => Self::Parts,
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What happens.
    pub action: Action,
    /// Its name in configuration.
    pub name: &'static str,
    /// Its default keys.
    pub keys: &'static [&'static str],
    /// Where the keys mean this.
    pub scope: Scope,
    /// One or two words for the hint line.
    pub hint: &'static str,
    /// A sentence for help.
    pub about: &'static str,
    /// What the selected context's platform must offer.
    pub needs: Option<Capability>,
    /// Whether it leads to a change on a platform (through a confirmation).
    pub mutates: bool,
}

macro_rules! actions {
    (@needs) => { None };
    (@needs $how:ident $capability:ident) => { Some(Capability::$capability) };
    (@mutates) => { false };
    (@mutates changes $capability:ident) => { true };
    (@mutates needs $capability:ident) => { false };
    ($($action:ident, $name:literal, [$($key:literal),*], $scope:ident, $hint:literal, $about:literal
       $(, $how:ident $capability:ident)?;)*) => {
        /// Something a key can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $about] $action,)*
        }

        /// Every action, in the order of help.
        pub const ACTIONS: &[Row] = &[$(Row {
            action: Action::$action,
            name: $name,
            keys: &[$($key),*],
            scope: Scope::$scope,
            hint: $hint,
            about: $about,
            needs: actions!(@needs $($how $capability)?),
            mutates: actions!(@mutates $($how $capability)?),
        },)*];
    };
}

actions! {
    Down, "move.down", ["j", "down"], Global, "down", "Move down one row";
    Up, "move.up", ["k", "up"], Global, "up", "Move up one row";
    Top, "move.top", ["g", "home"], Global, "top", "Go to the first row";
    Bottom, "move.bottom", ["G", "end"], Global, "bottom", "Go to the last row; in Logs also follow";
    HalfDown, "move.half-down", ["ctrl-d"], Global, "half down", "Move down half a page";
    HalfUp, "move.half-up", ["ctrl-u"], Global, "half up", "Move up half a page";
    PageDown, "move.page-down", ["ctrl-f", "pagedown"], Global, "page down", "Move down a page";
    PageUp, "move.page-up", ["ctrl-b", "pageup"], Global, "page up", "Move up a page";
    Open, "place.open", ["enter"], Global, "open", "Open the selection: an app's environments, then its log";
    Back, "place.back", ["esc"], Global, "back", "Go back: leave the filter, the zoom, then the pane";
    NextPane, "pane.next", ["tab"], Global, "next pane", "Focus the next pane";
    PreviousPane, "pane.previous", ["shift-tab"], Global, "previous pane", "Focus the previous pane";
    NextTab, "tab.next", ["]"], Global, "next tab", "Show the next tab of the lower pane";
    PreviousTab, "tab.previous", ["["], Global, "previous tab", "Show the previous tab of the lower pane";
    Grow, "pane.grow", ["+"], Global, "grow", "Grow the focused pane: normal, half, full";
    Shrink, "pane.shrink", ["_"], Global, "shrink", "Shrink the focused pane";
    Logs, "pane.logs", ["l"], Global, "logs", "Go to the log of the selection";
    LogView, "view.logs", ["3"], Global, "log view", "Show the log on the whole screen";
    Watch, "view.watch", ["L"], Global, "watch", "Watch the release of the selection: its phases, its log and what came of it";
    Environments, "pane.environments", ["d"], Global, "deployments", "Go to the environments and deployments of the selection";
    Backups, "pane.backups", ["b"], Global, "backups", "Go to the backups of the selection";
    Dashboard, "view.dashboard", ["1"], Global, "dashboard", "Go to the dashboard";
    BackupFleet, "view.backups", ["4"], Global, "all backups", "Show the backups of every environment, overdue ones first";
    Variables, "view.variables", ["5", "e"], Global, "variables", "Show the variables of the selected environment";
    Activity, "view.activity", ["6", "t"], Global, "activity", "Show what happened, everywhere, newest first";
    Parts, "view.parts", ["8"], Global, "domains", "Show domains, services, jobs, instances and alerts of the selected app";
    Operations, "view.operations", ["T"], Global, "operations", "Show what flightdeck was asked to do, and what came of it";
    PreviousPlace, "place.previous", ["-"], Global, "previous", "Go back to the view or pane before";
    Detail, "pane.detail", ["i"], Global, "detail", "Go to the details of the selection";
    Filter, "list.filter", ["/"], Apps, "filter", "Filter the apps: words, and ctx: app: class: state: -word";
    FilterActivity, "activity.filter", ["/"], Activity, "filter", "Filter what happened: words, and ctx: app: class: state: -word";
    FilterParts, "parts.filter", ["/"], Parts, "filter", "Filter every section: words, and env: state: -word";
    FilterBackups, "backups.filter", ["/"], BackupFleet, "filter", "Filter the environments: words, and ctx: app: env: class: state: -word";
    Menu, "menu.actions", ["a"], Global, "actions", "Show every operation for the selection";
    Palette, "menu.palette", [":", "ctrl-p"], Global, "commands", "Find any action, operation, context or app by name";
    Contexts, "context.choose", ["c"], Global, "contexts", "Choose the contexts whose apps are listed";
    Copy, "copy.menu", ["y"], Global, "copy", "Copy the name, id, address or status of the selection";
    CopyCommand, "copy.command", ["Y"], Global, "copy command", "Copy the command that does what was last done here";
    Browse, "open.browser", ["o"], Global, "browser", "Open the selection in a browser; over SSH copy its address";
    NextProblem, "list.next-problem", ["}"], Global, "problem", "Go to the next app that is failed or degraded";
    PreviousProblem, "list.previous-problem", ["{"], Global, "previous problem", "Go to the previous app that is failed or degraded";
    Follow, "logs.follow", ["f"], Logs, "follow", "Follow the log, or stop";
    PreviousLog, "logs.previous", ["O"], Logs, "before restart", "Show what was written before the last restart, or again what runs", needs PreviousLog;
    SearchLog, "logs.search", ["/"], Logs, "search", "Search the log: a regular expression; small letters fit capitals, too";
    NextHit, "logs.next-hit", ["n"], Logs, "next hit", "Go to the next line that the search found";
    PreviousHit, "logs.previous-hit", ["N"], Logs, "previous hit", "Go to the line before that the search found";
    FilterLog, "logs.filter", ["&"], Logs, "filter", "Show only lines that fit: expressions, level: source: and -word";
    LogContext, "logs.context", ["C"], Logs, "context", "Show more lines around each that the filter shows, then none again";
    NextError, "logs.next-error", ["E"], Logs, "next error", "Go to the next line that tells an error";
    PreviousError, "logs.previous-error", ["ctrl-e"], Logs, "previous error", "Go to the line before that tells an error";
    Wrap, "logs.wrap", ["w"], Logs, "wrap", "Wrap long lines, or scroll them sideways";
    LogTime, "logs.time", ["t"], Logs, "time", "Show the time of lines: local, UTC, relative or off";
    LogFields, "logs.json", ["x"], Logs, "JSON", "Show JSON lines as fields, or as they came";
    ChooseFields, "logs.fields", ["F"], Logs, "fields", "Choose which fields of JSON lines are shown";
    Since, "logs.since", ["s"], Logs, "since", "Read older lines: from a time, or for so long";
    Sources, "logs.sources", ["M"], Logs, "sources", "Merge the logs of several apps, by time; or show the selection's again";
    SelectLines, "logs.select", ["v"], Logs, "select", "Choose lines, to copy or save them";
    CopyLines, "logs.copy", ["y"], Logs, "copy", "Copy the chosen lines; without any, what the copy menu has";
    SaveLog, "logs.save", ["W"], Logs, "save", "Save the chosen lines, or all that are shown, to a file";
    Left, "logs.left", ["h", "left"], Logs, "left", "Scroll long lines back";
    Right, "logs.right", ["l", "right"], Logs, "sideways", "Scroll long lines sideways";
    LineStart, "logs.line-start", ["0"], Logs, "line start", "Go to the start of long lines";
    Deploy, "deployment.deploy", ["D"], Global, "deploy", "Deploy the selected environment", changes Deploy;
    Cancel, "deployment.cancel", ["X"], Global, "cancel", "Cancel the running deployment", changes CancelDeployment;
    RollBack, "deployment.roll-back", ["Z"], Global, "roll back", "Roll back to the last good deployment", changes RollBack;
    Console, "unit.console", ["I"], Global, "console", "Open a terminal session in an instance of the selected environment", changes Console;
    CreateBackup, "backup.create", ["B"], Global, "back up", "Take a backup of the selected environment", changes CreateBackup;
    Download, "backup.download", ["W"], Backups, "download", "Save the selected backup to this machine", changes DownloadBackup;
    CancelDownload, "transfer.cancel", ["x"], Operations, "stop download", "Stop the newest download; what has come stays";
    Restore, "backup.restore", ["Z"], Backups, "restore", "Restore the selected backup over the data that is there", changes RestoreBackup;
    CancelEvent, "activity.cancel", ["X"], Activity, "cancel event", "Cancel what the platform began by itself, where the row says so", changes CancelEvent;
    Undo, "operation.undo", ["u"], Global, "undo", "Undo the last operation that can be undone; asks first";
    RetryFailed, "batch.retry-failed", ["F"], Operations, "retry failed", "Try what failed of the last batch again; asks first";
    RunRest, "batch.run-rest", ["C"], Operations, "run the rest", "Do what never began of the last batch; asks first";
    Mark, "mark.toggle", ["space"], Global, "mark", "Mark the row, to act on several at once";
    MarkRange, "mark.range", ["v"], Global, "mark range", "Mark every app from the last mark to here";
    MarkAll, "mark.all", ["*"], Global, "mark all", "Mark every app in the list, or none";
    CopyIncident, "incident.copy", ["S"], Global, "copy report", "Copy a redacted report of the last two hours, as Markdown";
    FilterVariables, "variables.filter", ["/"], Variables, "filter", "Filter the variables by words of their names";
    NewVariable, "variables.new", ["n"], Variables, "new", "Add a variable; staged until you apply";
    UnsetVariable, "variables.unset", ["x"], Variables, "unset", "Remove the selected variable; staged until you apply";
    Reveal, "variables.reveal", ["."], Variables, "reveal", "Show the selected value for 15 seconds";
    EditVariables, "variables.edit-all", ["E"], Variables, "edit all", "Edit all variables in $VISUAL or $EDITOR; what differs is staged";
    CompareVariables, "variables.compare", ["="], Variables, "compare", "Compare with another environment, of any app and platform";
    ReviewVariables, "variables.apply", ["A"], Variables, "apply", "Review what is staged against the platform and apply it", changes SetVariable;
    DropStaged, "variables.drop", ["U"], Variables, "drop", "Drop the staged change of the row; pressed twice on a row without, all of them";
    Unlock, "context.unlock", ["!"], Global, "unlock", "Unlock a protected context for 10 minutes, or lock it again";
    Refresh, "poll.refresh", ["r"], Global, "refresh", "Read the selected context again";
    RefreshAll, "poll.refresh-all", ["R"], Global, "refresh all", "Read every context again";
    Pause, "poll.pause", ["p"], Global, "pause", "Pause or resume polling";
    Help, "help", ["?", "f1"], Global, "help", "Show the keys; type to search, Enter runs";
    Mouse, "screen.mouse", ["f2"], Global, "mouse", "Switch the mouse on or off; off, the terminal's own selection works";
    Redraw, "screen.redraw", ["ctrl-l"], Global, "redraw", "Draw the screen anew";
    Suspend, "screen.suspend", ["ctrl-z"], Global, "suspend", "Suspend flightdeck; `fg` brings it back";
    Quit, "quit", ["q"], Global, "quit", "Close what is open, or quit";
    Interrupt, "cancel", ["ctrl-c"], Global, "cancel", "Close what is open; at the dashboard, quit";
}

/// The actions that begin an operation of the catalogue as it is, by its name there.
const STARTS: [(Action, &str); 7] = [
    (Action::Deploy, "deploy"),
    (Action::Cancel, "cancel"),
    (Action::RollBack, "rollback"),
    (Action::Console, "console"),
    (Action::CreateBackup, "backup"),
    (Action::Download, "prepare-download"),
    (Action::Restore, "restore"),
];

impl Action {
    /// The operation of the catalogue that it begins, where it begins one.
    #[must_use]
    pub fn starts(self) -> Option<&'static str> {
        let mut starts = STARTS.iter();
        starts
            .find(|(action, _)| *action == self)
            .map(|(_, name)| *name)
    }

    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        // The table is built from the same list as the enum, in the same order.
        &ACTIONS[self as usize]
    }

    /// One or two words for the hint line of a pane.
    #[must_use]
    pub fn hint_in(self, pane: Pane) -> &'static str {
        match (self, pane) {
            (Self::Open, Pane::Variables) => "edit",
            (Self::Open, Pane::Activity) => "app",
            (Self::Open, Pane::BackupFleet) => "backups",
            (Self::Open, Pane::Parts) => "details",
            (Self::NextPane, Pane::Parts) => "next section",
            (own, _) => own.row().hint,
        }
    }
}

/// The keys that are useful in a pane, most useful first; `:` and `?` come last on the hint line.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table: a list for each pane")]
pub fn hints(pane: Pane) -> &'static [Action] {
    use Action as A;
    match pane {
        Pane::Apps => &[
            A::Deploy,
            A::RollBack,
            A::Logs,
            A::Menu,
            A::Filter,
            A::Cancel,
            A::CreateBackup,
            A::NextProblem,
            A::Backups,
            A::Variables,
            A::Activity,
            A::Operations,
            A::Mark,
            A::Open,
            A::Grow,
            A::Refresh,
            A::Pause,
            A::NextPane,
            A::Quit,
        ],
        Pane::Environments => &[
            A::Deploy,
            A::RollBack,
            A::Logs,
            A::Menu,
            A::CreateBackup,
            A::Backups,
            A::Variables,
            A::Mark,
            A::Back,
            A::Grow,
            A::Refresh,
            A::NextPane,
            A::Console,
            A::Quit,
        ],
        Pane::Logs => &[
            A::SearchLog,
            A::FilterLog,
            A::Follow,
            A::NextError,
            A::Wrap,
            A::LogTime,
            A::Sources,
            A::LogFields,
            A::SelectLines,
            A::SaveLog,
            A::Since,
            A::LogContext,
            A::PreviousLog,
            A::Back,
            A::Grow,
            A::NextPane,
            A::Quit,
        ],
        Pane::Backups => &[
            A::CreateBackup,
            A::Download,
            A::Restore,
            A::Open,
            A::Menu,
            A::Logs,
            A::Back,
            A::Grow,
            A::Refresh,
            A::NextPane,
            A::Quit,
        ],
        Pane::Detail => &[
            A::Deploy,
            A::CreateBackup,
            A::Menu,
            A::Logs,
            A::Back,
            A::Grow,
            A::NextPane,
            A::Quit,
        ],
        Pane::Activity => &[
            A::Open,
            A::FilterActivity,
            A::CopyIncident,
            A::Back,
            A::Refresh,
            A::PreviousPlace,
            A::CancelEvent,
        ],
        Pane::BackupFleet => &[
            A::Open,
            A::CreateBackup,
            A::FilterBackups,
            A::Back,
            A::Refresh,
            A::PreviousPlace,
        ],
        Pane::Operations => &[
            A::Open,
            A::RetryFailed,
            A::RunRest,
            A::CancelDownload,
            A::Back,
            A::CopyIncident,
            A::Activity,
            A::PreviousPlace,
        ],
        Pane::Parts => &[
            A::Open,
            A::Menu,
            A::NextPane,
            A::FilterParts,
            A::Back,
            A::Refresh,
            A::PreviousPlace,
        ],
        Pane::Variables => &[
            A::Open,
            A::ReviewVariables,
            A::Reveal,
            A::NewVariable,
            A::UnsetVariable,
            A::EditVariables,
            A::CompareVariables,
            A::DropStaged,
            A::FilterVariables,
            A::Deploy,
            A::Back,
            A::Refresh,
            A::Quit,
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::app::keys::{Key, KeyPress};

    #[test]
    fn every_row_stands_where_its_action_says() {
        assert!(
            ACTIONS
                .iter()
                .enumerate()
                .all(|(i, row)| row.action as usize == i)
        );
    }

    #[test]
    fn every_default_key_is_a_key_and_means_one_thing_in_its_scope() {
        let mut seen = HashMap::new();
        for row in ACTIONS {
            assert!(!row.keys.is_empty(), "{}", row.name);
            for name in row.keys {
                let press = KeyPress::from_name(name).unwrap_or_else(|| panic!("{name}"));
                let before = seen.insert((row.scope, press), row.name);
                assert_eq!(
                    before, None,
                    "{name} means both {before:?} and {}",
                    row.name
                );
            }
        }
    }

    #[test]
    fn small_letters_digits_arrows_and_ctrl_never_change_anything() {
        for row in ACTIONS.iter().filter(|row| row.mutates) {
            for name in row.keys {
                let press = KeyPress::from_name(name).unwrap();
                assert!(!press.ctrl, "{name}");
                assert!(
                    matches!(press.key, Key::Char(c) if c.is_ascii_uppercase()),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn nothing_mutates_in_logs() {
        assert!(
            ACTIONS
                .iter()
                .all(|row| row.scope != Scope::Logs || !row.mutates)
        );
    }
}
