//! What holds at every size, in every pane, under every dialog.

use std::time::Duration;

use flightdeck::app::screen::{Colours, Look};
use proptest::prelude::*;

use crate::grid::{drawn, drawn_on};
use crate::stage::Stage;
use crate::world::full;

/// Keys that lead to every focus, zoom and dialog.
const WAYS: [&str; 31] = [
    "",
    "d",
    "l",
    "b",
    "i",
    "?",
    "D",
    "/ x",
    "! D",
    "d j D",
    "p",
    "? z z z",
    "6",
    "6 / x",
    "4",
    "4 G",
    "T",
    "d j B y T enter",
    "a",
    "a end",
    ": s h o p",
    "a v x tab y enter",
    "a j j j tab",
    "y",
    "c space",
    "5 j . enter",
    "5 n",
    "5 = s",
    "5 j j j enter x enter A",
    "5 x q q",
    "5 j j . =  enter",
];

fn at(width: u16, height: u16, way: &str, zoom: usize, look: Look) -> Stage {
    let mut stage = full(width, height);
    stage.state.screen.look = look;
    let stage = (0..zoom).fold(stage, |stage, _| stage.keys("+"));
    stage.keys(way).after(Duration::from_secs(1))
}

fn looks() -> impl Strategy<Value = Look> {
    let colours = prop_oneof![
        Just(Colours::True),
        Just(Colours::Sixteen),
        Just(Colours::None)
    ];
    (any::<bool>(), colours, any::<bool>()).prop_map(|(is_ascii, colours, is_light)| Look {
        is_ascii,
        colours,
        is_light,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Drawing is a function of the state; no size is too small and none too large; the ASCII look
    /// is ASCII whatever the names and lines are made of; without colours there are none.
    #[test]
    fn any_screen_is_drawn_and_drawn_alike(
        width in 0_u16..=250,
        height in 0_u16..=80,
        way in prop::sample::select(WAYS.to_vec()),
        zoom in 0_usize..=2,
        look in looks(),
    ) {
        let stage = at(width, height, way, zoom, look);
        let once = drawn(&stage.state);
        prop_assert_eq!(&once, &drawn(&stage.state));
        if look.is_ascii {
            let strange = once.content.iter().find(|cell| !cell.symbol().is_ascii());
            prop_assert_eq!(strange, None);
        }
        if look.colours == Colours::None {
            use ratatui::style::Color::Reset;
            let coloured = once.content.iter().find(|cell| (cell.fg, cell.bg) != (Reset, Reset));
            prop_assert_eq!(coloured, None);
        }
    }

    /// A terminal may have been resized before the state is told.
    #[test]
    fn a_screen_of_another_size_shows_what_fits(
        told in (0_u16..=250, 0_u16..=80),
        real in (0_u16..=250, 0_u16..=80),
        way in prop::sample::select(WAYS.to_vec()),
    ) {
        let stage = at(told.0, told.1, way, 0, Look::default());
        let shown = drawn_on(&stage.state, real.0, real.1);
        prop_assert_eq!((shown.area.width, shown.area.height), real);
        let stage = stage.resized(real.0, real.1);
        prop_assert_eq!(drawn(&stage.state).area, shown.area);
    }
}
