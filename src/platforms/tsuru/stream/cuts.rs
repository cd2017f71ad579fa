//! For tests: a stream is the same however it is cut.

use std::fmt::Debug;

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// Every way to cut in three is tried of bodies up to this long.
const SHORT: usize = 160;

/// What `read` makes of a body, after having made the same of it cut in two at every byte, in three
/// at every two bytes where it is short, byte by byte, and at random.
pub(super) fn same_however_cut<T: PartialEq + Debug>(
    body: &[u8],
    read: impl Fn(&[&[u8]]) -> T,
) -> T {
    let whole = read(&[body]);
    for first in 0..=body.len() {
        let (a, rest) = body.split_at(first);
        assert_eq!(read(&[a, rest]), whole, "cut at {first}");
        if body.len() > SHORT {
            continue;
        }
        for second in 0..=rest.len() {
            let (b, c) = rest.split_at(second);
            assert_eq!(read(&[a, b, c]), whole, "cut at {first} and {second} more");
        }
    }
    let bytes: Vec<&[u8]> = body.chunks(1).collect();
    assert_eq!(read(&bytes), whole, "byte by byte");
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    for most in [2, 7, 50, 1000] {
        for _ in 0..20 {
            let pieces = at_random(body, most, &mut random);
            assert_eq!(read(&pieces), whole, "{pieces:?}");
        }
    }
    whole
}

fn at_random<'a>(body: &'a [u8], most: u32, random: &mut TestRng) -> Vec<&'a [u8]> {
    let (mut pieces, mut rest) = (Vec::new(), body);
    while !rest.is_empty() {
        let size = 1 + (random.next_u32() % most) as usize;
        let (now, later) = rest.split_at(size.min(rest.len()));
        pieces.push(now);
        rest = later;
    }
    pieces
}
