//! The shipped keymaps, as differences to the default one.
//!
//! A preset adds what fingers know from another program where that collides with nothing here.
//! What changes something keeps its key in all of them, and so do motions. Keys that terminals and
//! shells use themselves (Ctrl-h, j, k, a, s, q) stay free.

use crate::app::action::Action;

/// A shipped keymap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Preset {
    /// The keys of the table.
    #[default]
    Default,
    /// More of what vim users press.
    Vim,
    /// As in k9s, the dashboard of Kubernetes.
    K9s,
    /// As in lazygit.
    Lazygit,
}

/// What one preset has other than the default one.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// The preset.
    pub preset: Preset,
    /// The action.
    pub action: Action,
    /// All of its keys there.
    pub keys: &'static [&'static str],
    /// What they are called where they come from.
    pub from: &'static str,
}

impl Preset {
    /// Every preset and its name in the configuration.
    pub const WORDS: &[(&str, Self)] = &[
        ("default", Self::Default),
        ("vim", Self::Vim),
        ("k9s", Self::K9s),
        ("lazygit", Self::Lazygit),
    ];

    /// The keys that `action` has other than by default.
    #[must_use]
    pub fn difference(self, action: Action) -> Option<&'static [&'static str]> {
        let mut rows = DIFFERENCES.iter();
        rows.find(|row| row.preset == self && row.action == action)
            .map(|row| row.keys)
    }
}

macro_rules! differences {
    ($($preset:ident { $($action:ident: [$($key:literal),*], $from:literal;)* })*) => {
        /// What every preset has other than the default one.
        pub const DIFFERENCES: &[Difference] = &[$($(Difference {
            preset: Preset::$preset,
            action: Action::$action,
            keys: &[$($key),*],
            from: $from,
        },)*)*];
    };
}

differences! {
    Vim {
        Open: ["enter", "ctrl-]"], "follow a tag";
        Back: ["esc", "ctrl-o"], "jump back";
        NextPane: ["tab", "ctrl-w"], "next window";
        Detail: ["i", "K"], "look up";
        LineStart: ["0", "^"], "start of the line";
    }
    K9s {
        Detail: ["d", "i"], "describe";
        // Its default key describes here; the running parts of an app are what k9s calls pods.
        Environments: ["P"], "pods";
        Refresh: ["r", "ctrl-r"], "refresh";
    }
    Lazygit {
        NextPane: ["tab", "right"], "next panel";
        PreviousPane: ["shift-tab", "left"], "previous panel";
        Logs: ["l", "0"], "the main panel";
        Top: ["g", "home", "<"], "top";
        Bottom: ["G", "end", ">"], "bottom";
        PageUp: ["ctrl-b", "pageup", ","], "previous page";
        PageDown: ["ctrl-f", "pagedown", "."], "next page";
        Left: ["h", "left", "H"], "scroll left";
        Right: ["l", "right", "L"], "scroll right";
        Refresh: ["r", "f"], "fetch";
        // Its default key scrolls here.
        Watch: ["P"], "push, and what comes of it";
    }
}
