//! What was measured, beside what it has to be.

use std::fmt::Write as _;

/// A figure of several runs, and its limits.
pub(crate) struct Figure {
    /// The number of the row in the list of promises.
    row: u32,
    name: &'static str,
    unit: &'static str,
    /// One value a run.
    own: Vec<f64>,
    /// The same of what it is compared with; empty where nothing is.
    other: Vec<f64>,
    pass: Limit,
    goal: Limit,
}

/// What a figure may be at the most.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    /// Nothing is promised.
    None,
    /// So much.
    Most(f64),
    /// So many times what it is compared with.
    Times(f64),
}

/// The middle of some values.
pub(crate) fn median(values: &[f64]) -> f64 {
    share(values, 0.5)
}

/// The value below which a share of all lies.
pub(crate) fn share(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list that fits into memory"
    )]
    let at = (last as f64 * share).ceil() as usize;
    sorted[at.min(last)]
}

impl Figure {
    /// Whether the least that is promised is kept.
    fn passes(&self) -> bool {
        self.keeps(self.pass)
    }

    fn keeps(&self, limit: Limit) -> bool {
        let own = median(&self.own);
        match limit {
            Limit::None => true,
            // What was not measured keeps nothing.
            Limit::Most(most) => own <= most,
            Limit::Times(times) => own <= times * median(&self.other),
        }
    }

    fn written(&self, limit: Limit) -> String {
        let mark = if self.keeps(limit) { '✓' } else { '✗' };
        match limit {
            Limit::None => String::new(),
            Limit::Most(most) => format!("{mark} ≤ {}", number(most)),
            Limit::Times(times) => format!("{mark} ≤ {}×", number(times)),
        }
    }
}

/// All figures, in the order in which they were first measured.
#[derive(Default)]
pub(crate) struct Table(Vec<Figure>);

impl Table {
    /// Adds what one run gave.
    pub(crate) fn add(
        &mut self,
        (row, name, unit): (u32, &'static str, &'static str),
        own: f64,
        (pass, goal): (Limit, Limit),
    ) {
        self.figure((row, name, unit), (pass, goal)).own.push(own);
    }

    /// Adds what one run gave of both.
    pub(crate) fn compare(
        &mut self,
        what: (u32, &'static str, &'static str),
        (own, other): (f64, f64),
        limits: (Limit, Limit),
    ) {
        let figure = self.figure(what, limits);
        figure.own.push(own);
        figure.other.push(other);
    }

    fn figure(
        &mut self,
        (row, name, unit): (u32, &'static str, &'static str),
        (pass, goal): (Limit, Limit),
    ) -> &mut Figure {
        let known = self
            .0
            .iter()
            .position(|it| (it.row, it.name) == (row, name));
        let at = known.unwrap_or(self.0.len());
        if known.is_none() {
            self.0.push(Figure {
                row,
                name,
                unit,
                own: Vec::new(),
                other: Vec::new(),
                pass,
                goal,
            });
        }
        &mut self.0[at]
    }

    /// The table, and whether everything passes.
    pub(crate) fn written(&mut self) -> (String, bool) {
        self.0.sort_by_key(|figure| figure.row);
        let mut text = format!(
            "{:>3}  {:<46} {:>10} {:>10} {:>7}  {:<12} {:<12}\n",
            "row", "what", "median", "bare", "ratio", "pass", "goal"
        );
        for figure in &self.0 {
            let own = median(&figure.own);
            let other = median(&figure.other);
            let shown = |value: f64| {
                if value.is_nan() {
                    String::new()
                } else {
                    number(value)
                }
            };
            let ratio = own / other;
            let ratio = if ratio.is_finite() {
                format!("{ratio:.2}")
            } else {
                String::new()
            };
            let name = format!("{}, {}", figure.name, figure.unit);
            let _written = writeln!(
                text,
                "{:>3}  {name:<46} {:>10} {:>10} {ratio:>7}  {:<12} {:<12}",
                figure.row,
                if own.is_nan() {
                    "-".to_owned()
                } else {
                    number(own)
                },
                shown(other),
                figure.written(figure.pass),
                figure.written(figure.goal),
            );
        }
        let passes = self.0.iter().all(Figure::passes);
        (text, passes)
    }
}

fn number(value: f64) -> String {
    if value == 0.0 || value.abs() >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}
