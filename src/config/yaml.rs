//! Reads the part of YAML in which command-line tools keep their settings: scalars at the top, and
//! maps of scalars one level below. Everything deeper, and every list, is passed over.
//!
//! Any text is read without harm. A value is a secret until somebody knows better: errors carry
//! the number of a line and nothing of what it says, and nothing here has a `Debug` that would.

mod scalar;
#[cfg(test)]
mod tests;

use scalar::Scalar;

/// The settings of a file. Keys are in lower case: the tools compare them so.
pub(super) struct Settings(Vec<Setting>);

struct Setting {
    /// The key of the map it stands in; absent at the top.
    map: Option<String>,
    key: String,
    value: Scalar,
    /// Counted from 1.
    line: usize,
}

/// The line that cannot be read, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable(pub(super) usize);

impl Settings {
    /// Reads a text.
    ///
    /// # Errors
    /// A line at the top that is neither a setting nor anything that may be passed over.
    pub(super) fn read(text: &str) -> Result<Self, Unreadable> {
        let mut settings = Vec::new();
        let mut open = None;
        let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        for (line, text) in lines.map(|(at, text)| (at + 1, text)) {
            let content = text.trim_start_matches([' ', '\t']);
            let depth = text.len() - content.len();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if depth > 0 {
                settings.extend(below(&mut open, depth, content, line));
                continue;
            }
            match marker(content) {
                Some(Marker::End) => break,
                Some(Marker::Passed) => {}
                None => {
                    let setting = top(content, line)?;
                    open = Open::of(&setting);
                    settings.push(setting);
                }
            }
        }
        Ok(Self(settings))
    }

    /// The value of a key at the top; absent when it is missing, null or empty.
    ///
    /// # Errors
    /// Its line, if the value is not a scalar on one line.
    pub(super) fn scalar(&self, key: &str) -> Result<Option<&str>, Unreadable> {
        let mut settings = self.0.iter();
        let found = settings.rfind(|it| it.map.is_none() && it.key == key);
        found.map_or(Ok(None), |found| {
            let value = found.value.text().ok_or(Unreadable(found.line))?;
            Ok(Some(value).filter(|value| !value.is_empty()))
        })
    }

    /// The entries of a map at the top, in the order of the file; null is empty.
    ///
    /// # Errors
    /// The first line whose value is not a scalar on one line.
    pub(super) fn entries(&self, map: &str) -> Result<Vec<(&str, &str)>, Unreadable> {
        let of_map = |it: &&Setting| it.map.as_deref() == Some(map);
        let entry = |it| entry(it);
        // `auth-contexts: {…}` on one line is a map, too, and not one of these.
        let itself = self.0.iter().rfind(|it| it.map.is_none() && it.key == map);
        match itself {
            Some(Setting {
                value: Scalar::Other,
                line,
                ..
            }) => Err(Unreadable(*line)),
            _ => self.0.iter().filter(of_map).map(entry).collect(),
        }
    }
}

fn entry(setting: &Setting) -> Result<(&str, &str), Unreadable> {
    let value = setting.value.text().ok_or(Unreadable(setting.line))?;
    Ok((&setting.key, value))
}

/// A map whose entries may follow.
struct Open {
    key: String,
    /// How far its entries are indented, once the first has come.
    depth: Option<usize>,
}

impl Open {
    /// A key without a value on its line may begin a map.
    fn of(setting: &Setting) -> Option<Self> {
        matches!(setting.value, Scalar::Missing).then(|| Self {
            key: setting.key.clone(),
            depth: None,
        })
    }
}

/// An indented line: an entry of the open map, or something to be passed over.
fn below(open: &mut Option<Open>, depth: usize, content: &str, line: usize) -> Option<Setting> {
    let map = open.as_mut()?;
    if *map.depth.get_or_insert(depth) != depth {
        return None;
    }
    let (key, value) = scalar::pair(content)?;
    Some(Setting {
        map: Some(map.key.clone()),
        key,
        value,
        line,
    })
}

fn top(content: &str, line: usize) -> Result<Setting, Unreadable> {
    let (key, value) = scalar::pair(content).ok_or(Unreadable(line))?;
    Ok(Setting {
        map: None,
        key,
        value,
        line,
    })
}

/// A line at the top that is not a setting.
enum Marker {
    /// Nothing of this document follows.
    End,
    /// The beginning of a document, a directive, an entry of a list, the end of a bracket.
    Passed,
}

fn marker(content: &str) -> Option<Marker> {
    let word = content.split_whitespace().next()?;
    match word {
        "..." => Some(Marker::End),
        "---" | "-" | "]" | "}" | "{}" | "null" | "~" => Some(Marker::Passed),
        _ => content.starts_with('%').then_some(Marker::Passed),
    }
}
