//! A platform's operations as rows of a table, and finding the row of a request.

use super::journal::Operation;

/// One operation of an interface; `H` answers it.
pub(crate) struct Route<H: 'static> {
    pub(crate) operation: Operation,
    pub(crate) method: &'static str,
    /// Placeholders are in braces.
    pub(crate) path: &'static str,
    pub(crate) handler: H,
}

/// A route with what its placeholders stand for, in their order.
pub(crate) struct Found<'a, H: 'static> {
    pub(crate) route: &'static Route<H>,
    pub(crate) given: Vec<&'a str>,
}

/// The same with the percent signs of what was given resolved.
pub(crate) struct Decoded<H: 'static> {
    pub(crate) route: &'static Route<H>,
    pub(crate) given: Vec<String>,
}

impl<H> Found<'_, H> {
    /// Resolves the percent signs.
    pub(crate) fn decoded(self) -> Decoded<H> {
        Decoded {
            route: self.route,
            given: self.given.into_iter().map(decoded).collect(),
        }
    }
}

/// An operation that changes nothing.
pub(crate) const fn read<H: Copy>(name: &'static str, path: &'static str, handler: H) -> Route<H> {
    ask(name, "GET", path, handler)
}

/// An operation that changes nothing, whatever its method.
pub(crate) const fn ask<H: Copy>(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    handler: H,
) -> Route<H> {
    Route {
        operation: Operation::read(name),
        method,
        path,
        handler,
    }
}

/// An operation that changes something.
pub(crate) const fn change<H: Copy>(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    handler: H,
) -> Route<H> {
    Route {
        operation: Operation::change(name),
        method,
        path,
        handler,
    }
}

impl<H> Route<H> {
    /// What the placeholders stand for in a path that fits.
    fn fit<'a>(&self, path: &'a str) -> Option<Vec<&'a str>> {
        let mut given = Vec::new();
        let mut pieces = path.split('/');
        for wanted in self.path.split('/') {
            let piece = pieces.next()?;
            if wanted.starts_with('{') {
                given.push(piece);
            } else if wanted != piece {
                return None;
            }
        }
        pieces.next().is_none().then_some(given)
    }
}

/// The routes that a path fits, whatever the method.
pub(crate) fn fitting<'a, H>(
    routes: &'static [Route<H>],
    path: &'a str,
) -> impl Iterator<Item = Found<'a, H>> {
    routes.iter().filter_map(move |route| {
        let given = route.fit(path)?;
        Some(Found { route, given })
    })
}

/// The route for a method and path; of two that fit, the first is meant.
pub(crate) fn find<'a, H>(
    routes: &'static [Route<H>],
    method: &str,
    path: &'a str,
) -> Option<Found<'a, H>> {
    fitting(routes, path).find(|found| is_for(found.route, method))
}

/// Whether a route is that of a method. `HEAD` is answered as `GET` is.
pub(crate) fn is_for<H>(route: &Route<H>, method: &str) -> bool {
    route.method == if method == "HEAD" { "GET" } else { method }
}

/// A piece of a path with its percent signs resolved; as it is where they make no text.
fn decoded(piece: &str) -> String {
    percent(piece).unwrap_or_else(|| piece.to_owned())
}

fn percent(piece: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(piece.len());
    let mut rest = piece.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(piece: &str, expected: &str) {
        assert_eq!(decoded(piece), expected);
    }

    #[test]
    fn percent_signs_in_paths_are_resolved() {
        check("a%2Fb%20c", "a/b c");
        check("a%2Bb%40example.com", "a+b@example.com");
        check("a+b=c&d", "a+b=c&d");
        check("100%", "100%");
        check("%zz", "%zz");
        check("%ff", "%ff");
    }
}
