//! Every operation, with its path, in one table: the version in them is a beta and may change.
//!
//! Source: Pangea contract, sections 6 and 7.

/// One operation.
#[derive(Debug)]
pub struct Row {
    /// Its name, for failures and the log.
    pub operation: &'static str,
    /// Path; every one is posted to.
    pub path: &'static str,
    /// What it is about, in words: "project".
    pub noun: &'static str,
}

macro_rules! operations {
    ($($name:ident $path:literal $noun:literal,)*) => {
        /// An operation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Op {
            $(#[doc = concat!("`POST ", $path, "`")] $name,)*
        }

        /// Every operation.
        const ALL: &[Op] = &[$(Op::$name,)*];

        /// Every operation, in the order of [`Op`].
        pub static TABLE: &[Row] = &[$(Row {
            operation: stringify!($name),
            path: $path,
            noun: $noun,
        },)*];
    };
}

impl Op {
    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

operations! {
    GetOrg "/v1beta/platform/org/get" "organisation",
    UpdateOrg "/v1beta/platform/org/update" "organisation",
    GetProject "/v1beta/platform/project/get" "project",
    ListProjects "/v1beta/platform/project/list" "projects",
    CreateProject "/v1beta/platform/project/create" "project",
    UpdateProject "/v1beta/platform/project/update" "project",
    DeleteProject "/v1beta/platform/project/delete" "project",
}

/// Where an answer that comes later is asked for, by the id of its request; read with `GET`.
pub const REQUEST: &str = "/request/{}";

/// Where a token is to be had, on the server of logins.
pub const TOKEN: &str = "/v1beta/oauth/token";

/// The operation of that name.
pub(super) fn op_of(operation: &str) -> Option<Op> {
    let at = TABLE.iter().position(|row| row.operation == operation)?;
    ALL.get(at).copied()
}
