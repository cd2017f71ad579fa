//! Seeded chance: every choice is a function of the seed and of what is being chosen, so that any
//! object can be made at any time, in any order, and is always the same.

/// Scrambles a number; a bijection on 64 bits.
pub(crate) fn scramble(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One number from a seed and the coordinates of the thing it is for.
pub(crate) fn mix(seed: u64, parts: &[u64]) -> u64 {
    parts.iter().fold(scramble(seed), |state, part| {
        scramble(state ^ part.wrapping_mul(0x2545_f491))
    })
}

/// A source of choices for one object.
pub(crate) struct Dice(fastrand::Rng);

impl Dice {
    /// The dice of the object with these coordinates.
    pub(crate) fn new(seed: u64, parts: &[u64]) -> Dice {
        Dice(fastrand::Rng::with_seed(mix(seed, parts)))
    }

    /// A number below `end`; 0 if `end` is 0.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        if end == 0 { 0 } else { self.0.u32(0..end) }
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        self.0.u32(low..=high.max(low))
    }

    /// A fraction from 0 to 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        self.0.f64()
    }

    /// True in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the items, which must not be empty.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        items[self.below(count) as usize]
    }

    /// Lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        (0..digits)
            .map(|_| char::from_digit(self.below(16), 16).unwrap_or('0'))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_coordinates_give_the_same_choices() {
        let roll = |seed| Dice::new(seed, &[3, 4]).hex(12);
        assert_eq!(roll(1), roll(1));
        assert_ne!(roll(1), roll(2));
    }

    #[test]
    fn ranges_include_their_ends() {
        let mut dice = Dice::new(1, &[]);
        let rolled: Vec<u32> = (0..200).map(|_| dice.between(2, 4)).collect();
        assert!(rolled.iter().all(|value| (2..=4).contains(value)));
        assert!([2, 3, 4].iter().all(|value| rolled.contains(value)));
    }
}
