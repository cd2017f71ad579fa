//! The nearest spelling of a mistyped name.

/// The candidate that `typed` was most likely meant to be; absent when none is near.
pub(crate) fn nearest<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    // A third of the letters may be wrong; with less than three letters one.
    let allowed = (typed.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&typed, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The few candidates most like `typed`, nearest first, near or not: for "there is …".
pub(crate) fn most_alike<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    count: usize,
) -> Vec<&'a str> {
    let typed = typed.to_lowercase();
    let mut ranked: Vec<_> = candidates
        .into_iter()
        .map(|candidate| {
            let lower = candidate.to_lowercase();
            let part = !(lower.contains(&typed) || typed.contains(&lower));
            ((part, distance(&typed, &lower)), candidate)
        })
        .collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked
        .into_iter()
        .take(count)
        .map(|(_, name)| name)
        .collect()
}

/// How many letters must be changed, added, dropped or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (last[j - 1] + changed).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let keys = ["platform", "token", "base_url", "class"];
        assert_eq!(nearest("tokn", keys), Some("token"));
        assert_eq!(nearest("toekn", keys), Some("token"));
        assert_eq!(nearest("Platfrom", keys), Some("platform"));
        assert_eq!(nearest("colour", keys), None);
    }

    #[test]
    fn the_most_alike_come_first() {
        let apps = ["billing", "shop", "shop-api", "blog"];
        assert_eq!(most_alike("shopp", apps, 2), ["shop", "shop-api"]);
    }
}
