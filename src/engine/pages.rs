//! Payloads as lists of pages, whatever their entries are.

use crate::model::{Page, PageToken, Payload};

/// What the engine needs to know of a page.
pub(super) trait List {
    /// How many entries it has.
    fn count(&self) -> usize;
    /// Where the next one begins.
    fn next(&self) -> Option<&PageToken>;
    /// Keeps the first entries.
    fn truncate(&mut self, count: usize);
}

impl<T> List for Page<T> {
    fn count(&self) -> usize {
        self.items.len()
    }

    fn next(&self) -> Option<&PageToken> {
        self.next.as_ref()
    }

    fn truncate(&mut self, count: usize) {
        self.items.truncate(count);
    }
}

macro_rules! lists {
    (lists: $($list:ident)*; single: $($single:ident)*) => {
        /// The page in `payload`, if it is a list.
        pub(super) fn list(payload: &mut Payload) -> Option<&mut dyn List> {
            match payload {
                $(Payload::$list(page) => Some(page),)*
                $(Payload::$single(_) => None,)*
            }
        }

        /// Adds the entries of the next page; what is not a list is replaced.
        pub(super) fn append(whole: &mut Payload, page: Payload) {
            match (whole, page) {
                $((Payload::$list(whole), Payload::$list(page)) => {
                    whole.items.extend(page.items);
                    whole.next = page.next;
                    whole.total = page.total.or(whole.total);
                })*
                (whole, page) => *whole = page,
            }
        }
    };
}

lists! {
    lists: Organisations Apps Environments Deployments Backups Restores BackupPlans Variables
        Domains Services ServiceKinds Jobs JobRuns Units Alerts Sizes Activity Maintenance Regions Others Repositories Webhooks
        Invoices InvoiceItems;
    single: Account Environment Deployment Backup Download Metrics
}
