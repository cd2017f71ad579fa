//! What SGR sequences set.

use vte::Params;

use super::{Colour, SgrStyle};

/// Changes a style as one sequence says.
pub(super) fn apply_sgr(style: &mut SgrStyle, params: &Params) {
    let mut codes = params.iter();
    while let Some(code) = codes.next() {
        match code.first().copied().unwrap_or(0) {
            0 => *style = SgrStyle::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            3 => style.italic = true,
            4 => style.underline = code.get(1) != Some(&0),
            22 => (style.bold, style.dim) = (false, false),
            23 => style.italic = false,
            24 => style.underline = false,
            39 => style.fg = None,
            49 => style.bg = None,
            plain @ (30..=37 | 90..=97) => style.fg = sixteen(plain, 30, 90),
            plain @ (40..=47 | 100..=107) => style.bg = sixteen(plain, 40, 100),
            38 => style.fg = extended(code, &mut codes).or(style.fg),
            48 => style.bg = extended(code, &mut codes).or(style.bg),
            _ => {}
        }
    }
}

/// `30` to `37` are the dark eight, `90` to `97` the bright eight.
fn sixteen(code: u16, dark: u16, bright: u16) -> Option<Colour> {
    let index = if code >= bright {
        code - bright + 8
    } else {
        code - dark
    };
    u8::try_from(index).ok().map(Colour::Indexed)
}

/// `38;5;n`, `38;2;r;g;b` and their forms with colons.
fn extended<'a>(code: &[u16], rest: &mut impl Iterator<Item = &'a [u16]>) -> Option<Colour> {
    let mut inline = code.iter().skip(1).copied();
    let mut next = || {
        inline
            .next()
            .or_else(|| rest.next().and_then(|p| p.first().copied()))
    };
    let mut byte = || u8::try_from(next()?).ok();
    match byte()? {
        5 => byte().map(Colour::Indexed),
        2 if code.len() > 5 => {
            // With colons a colour space stands before the three values.
            byte();
            Some(Colour::Rgb(byte()?, byte()?, byte()?))
        }
        2 => Some(Colour::Rgb(byte()?, byte()?, byte()?)),
        _ => None,
    }
}
