//! Who may still report. An answer is applied only if it carries the ticket last issued for its
//! key, so that late, doubled and overtaken answers change nothing.

use std::collections::HashMap;

use crate::model::{ContextId, QueryKey, Ticket};

/// Tickets issued and not yet used.
#[derive(Clone, Debug, Default)]
pub struct Tickets {
    last: u64,
    expected: HashMap<QueryKey, Ticket>,
}

impl Tickets {
    /// Issues a ticket. Every earlier one for `key` is void from now on.
    pub fn issue(&mut self, key: QueryKey) -> Ticket {
        self.last += 1;
        let ticket = Ticket(self.last);
        self.expected.insert(key, ticket);
        ticket
    }

    /// A ticket for what is asked by other means than a query; who asks keeps it.
    pub fn issue_single(&mut self) -> Ticket {
        self.last += 1;
        Ticket(self.last)
    }

    /// Whether `ticket` is the one last issued for `key` and not used up.
    #[must_use]
    pub fn is_current(&self, key: &QueryKey, ticket: Ticket) -> bool {
        self.expected.get(key) == Some(&ticket)
    }

    /// Whether an answer is waited for.
    #[must_use]
    pub fn expects(&self, key: &QueryKey) -> bool {
        self.expected.contains_key(key)
    }

    /// True once, for the ticket issued last.
    pub fn accept(&mut self, key: &QueryKey, ticket: Ticket) -> bool {
        self.is_current(key, ticket) && self.expected.remove(key).is_some()
    }

    /// Voids every ticket of a context.
    pub fn revoke(&mut self, context: ContextId) {
        self.expected.retain(|key, _| key.context != context);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Query;

    fn key(n: u16) -> QueryKey {
        QueryKey {
            context: ContextId(n),
            query: Query::Apps,
        }
    }

    #[test]
    fn a_revoked_context_accepts_nothing() {
        let mut tickets = Tickets::default();
        let (a, b) = (tickets.issue(key(0)), tickets.issue(key(1)));
        tickets.revoke(ContextId(0));
        assert!(!tickets.accept(&key(0), a));
        assert!(tickets.accept(&key(1), b));
    }

    proptest! {
        /// Answers arrive shuffled, delayed and doubled: only the newest of a key counts, once.
        #[test]
        fn only_the_newest_ticket_is_accepted_and_only_once(
            issues in proptest::collection::vec(0u16..3, 1..20),
            arrivals in proptest::collection::vec(any::<prop::sample::Index>(), 1..60),
        ) {
            let mut tickets = Tickets::default();
            let issued: Vec<_> = issues.iter().map(|&n| (n, tickets.issue(key(n)))).collect();
            let mut accepted = Vec::new();
            for arrival in arrivals {
                let (n, ticket) = *arrival.get(&issued);
                if tickets.accept(&key(n), ticket) {
                    accepted.push((n, ticket));
                }
            }
            for &(n, ticket) in &accepted {
                let newest = issued.iter().rfind(|(m, _)| *m == n).map(|(_, t)| *t);
                prop_assert_eq!(Some(ticket), newest);
                prop_assert_eq!(accepted.iter().filter(|entry| entry.0 == n).count(), 1);
            }
        }
    }
}
