//! The action menu: every operation for the selection, by letter, with the reason where one is not
//! to be had.

use tui_input::Input;

use super::aim::Aim;
use super::filter::contains;
use super::state::State;
use super::update;
use crate::model::catalogue::{Group, On, Recipe, recipes_for};
use crate::model::{Class, Profile, Target, Text};

/// From this width on the menu has two columns.
const TWO_COLUMNS: u16 = 110;

/// What the menu shows.
#[derive(Clone, Debug)]
pub struct MenuState {
    /// What is searched for.
    pub search: Input,
    /// Whether the search is being typed: letters are text then.
    pub is_searching: bool,
    /// All that it is about: groups of which something is offered first, otherwise in the order of the
    /// catalogue.
    pub all: Vec<&'static Recipe>,
    /// The fitting operations, in the same order.
    pub rows: Vec<&'static Recipe>,
    /// The selected one among them.
    pub selected: usize,
}

impl MenuState {
    /// Of these operations of a platform only; of all, if none is named.
    #[must_use]
    pub fn of(profile: &Profile, names: &[&str]) -> Self {
        let fits = |recipe: &&Recipe| names.is_empty() || names.contains(&recipe.name);
        let all: Vec<_> = recipes_for(profile.specials).filter(fits).collect();
        Self {
            search: Input::default(),
            is_searching: false,
            rows: all.clone(),
            all,
            selected: 0,
        }
    }

    /// Puts groups of which the platform offers something before those of which it offers nothing, and
    /// selects the first that is offered.
    pub fn put_first(&mut self, is_offered: impl Fn(&'static Recipe) -> bool) {
        let usable: Vec<_> = self
            .all
            .iter()
            .copied()
            .filter(|it| is_offered(it))
            .collect();
        let has_some = |group: Group| usable.iter().any(|recipe| recipe.group == group);
        // Stable: otherwise in the order of the catalogue.
        self.all.sort_by_key(|recipe| !has_some(recipe.group));
        self.rows.clone_from(&self.all);
        let first = usable.first();
        let place = self.rows.iter().position(|row| Some(row) == first);
        self.selected = place.unwrap_or(0);
    }
}

/// A line of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuLine {
    /// The name of a group.
    Heading(Group),
    /// The operation at that position among the fitting ones.
    Row(usize),
}

impl MenuState {
    /// Searches anew: every word must be in the name or the sentence.
    pub fn search_again(&mut self) {
        let words = self.search.value().to_lowercase();
        let fits = |recipe: &&Recipe| {
            words
                .split_whitespace()
                .all(|word| contains(recipe.name, word) || contains(recipe.about, word))
        };
        self.rows = self.all.iter().copied().filter(|it| fits(it)).collect();
        self.selected = 0;
    }

    /// Moves the selection, not past the ends.
    pub fn step(&mut self, delta: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(delta).min(last);
    }

    /// Goes to the other column, as near as possible.
    pub fn cross(&mut self, width: u16) {
        let columns = self.columns(width);
        let place = columns.iter().enumerate().find_map(|(column, lines)| {
            let line = lines
                .iter()
                .position(|line| *line == MenuLine::Row(self.selected))?;
            Some((column, line))
        });
        let Some((column, line)) = place else { return };
        let other = columns.get(1 - column).into_iter().flatten().enumerate();
        let rows = other.filter_map(|(at, line)| match line {
            MenuLine::Row(row) => Some((at, *row)),
            MenuLine::Heading(_) => None,
        });
        if let Some((_, row)) = rows.min_by_key(|(at, _)| at.abs_diff(line)) {
            self.selected = row;
        }
    }

    /// The lines of the one or two columns of a screen of that width. Groups stay whole.
    #[must_use]
    pub fn columns(&self, width: u16) -> Vec<Vec<MenuLine>> {
        let groups = self.groups();
        let all: usize = groups.iter().map(Vec::len).sum();
        if width < TWO_COLUMNS {
            return vec![groups.concat()];
        }
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for group in groups {
            if right.is_empty() && left.len() + group.len() / 2 <= all / 2 {
                left.extend(group);
            } else {
                right.extend(group);
            }
        }
        vec![left, right]
    }

    fn groups(&self) -> Vec<Vec<MenuLine>> {
        let rows = || self.rows.iter().enumerate();
        let of = |group: Group| {
            let own = rows().filter(move |(_, recipe)| recipe.group == group);
            let own = own.map(|(at, _)| MenuLine::Row(at));
            let lines: Vec<_> = [MenuLine::Heading(group)].into_iter().chain(own).collect();
            (lines.len() > 1).then_some(lines)
        };
        let mut groups: Vec<_> = Vec::new();
        for recipe in &self.rows {
            if !groups.contains(&recipe.group) {
                groups.push(recipe.group);
            }
        }
        groups.into_iter().filter_map(of).collect()
    }
}

/// Why an operation is not to be had for what is marked or selected; absent when it is.
#[must_use]
pub fn why_not(state: &State, recipe: &'static Recipe) -> Option<String> {
    update::obstacle(state, recipe)
}

/// What the operations of a menu act on, in words, and how much it matters.
#[must_use]
pub fn subject(state: &State, menu: &MenuState) -> Option<(Text, Option<Class>)> {
    let mut all = menu.all.iter().copied();
    let recipe = all.find(|recipe| recipe.on == On::Environment);
    let recipe = recipe.or_else(|| menu.all.first().copied());
    let targets = recipe.and_then(|recipe| update::subject(state, recipe));
    match targets.as_deref() {
        Some(targets) => titled(targets),
        None => Aim::of(state).map(|aim| (aim.title, aim.class)),
    }
}

/// `shop/live`, or `7 targets` where there are several.
#[must_use]
pub fn titled(targets: &[Target]) -> Option<(Text, Option<Class>)> {
    let first = targets.first()?;
    let class = targets.iter().filter_map(|target| target.class).max();
    let title = match targets.len() {
        1 => first.title.clone(),
        count => Text::clean(&format!("{count} targets")),
    };
    Some((title, class))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::kit::BY_ENVIRONMENT;
    use crate::model::catalogue::RECIPES;

    fn menu() -> MenuState {
        MenuState::of(&BY_ENVIRONMENT, &[])
    }

    fn rows(lines: &[MenuLine]) -> Vec<usize> {
        let rows = lines.iter().filter_map(|line| match line {
            MenuLine::Row(row) => Some(*row),
            MenuLine::Heading(_) => None,
        });
        rows.collect()
    }

    #[test]
    fn every_operation_stands_in_one_column_or_two() {
        let menu = menu();
        let all: Vec<_> = (0..RECIPES.len()).collect();
        for (width, count) in [(80, 1), (200, 2)] {
            let columns = menu.columns(width);
            assert_eq!(columns.len(), count);
            assert_eq!(
                rows(&columns.concat()),
                all,
                "in the order of the catalogue"
            );
            let lengths: Vec<_> = columns.iter().map(Vec::len).collect();
            let spread = lengths.iter().max().unwrap() - lengths.iter().min().unwrap();
            assert!(spread < 8, "{lengths:?}");
        }
    }

    #[test]
    fn what_can_be_done_comes_first() {
        let mut menu = menu();
        menu.put_first(|recipe| ["delete-app", "rename-app"].contains(&recipe.name));
        let groups: Vec<_> = menu.rows.iter().map(|row| row.group).collect();
        let life = groups
            .iter()
            .take_while(|group| **group == Group::Life)
            .count();
        assert!(life > 2 && !groups[life..].contains(&Group::Life));
        assert!(groups[life..].is_sorted(), "the others as they are");
        assert_eq!(menu.rows[menu.selected].name, "rename-app");
        assert_eq!(
            rows(&menu.columns(80).concat()),
            (0..menu.rows.len()).collect::<Vec<_>>()
        );
        let before = menu.rows.clone();
        menu.put_first(|_| false);
        assert_eq!((menu.rows[0].group, menu.selected), (before[0].group, 0));
    }

    #[test]
    fn a_search_leaves_what_fits_and_crossing_needs_another_column() {
        let mut whole = menu();
        let mut menu = MenuState {
            search: Input::new("domain remove".into()),
            ..menu()
        };
        menu.search_again();
        assert_eq!(menu.rows.len(), 1);
        assert_eq!(menu.rows[0].name, "remove-domain");
        menu.cross(200);
        assert_eq!(menu.selected, 0);
        whole.cross(80);
        assert_eq!(whole.selected, 0);
        whole.cross(200);
        assert!(whole.selected > 0);
        whole.cross(200);
        assert_eq!(whole.selected, 0);
    }
}
