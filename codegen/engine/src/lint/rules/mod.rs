//! The rules: a file each, and the one list of them.

use eventc_model::diagnostic::Level;

use super::{Lint, Phase};

/// One line a rule: its file, its level in a tree without conventions, and when it runs.
macro_rules! rules {
    ($($name:ident $elsewhere:ident $phase:ident;)*) => {
        $(pub mod $name;)*

        /// Every rule of lint, by code.
        pub static LINTS: &[Lint] = &[$(
            Lint { rule: &$name::RULE, elsewhere: Level::$elsewhere, phase: Phase::$phase, check: $name::check }
        ),*];

        /// The file of each rule, in the same order.
        #[cfg(test)]
        pub(super) const FILES: &[&str] = &[$(stringify!($name)),*];
    };
}

rules! {
    topic_convention Off Schemas;
    path_case Off Schemas;
    property_case Off Schemas;
    duplicate_topic Warning Schemas;
    duplicate_type_name Off Schemas;
    no_namespace Off Schemas;
    meta_schema Error Schemas;
    useless_keyword Warning Schemas;
    undeclared_required Warning Schemas;
    unsatisfiable Warning Schemas;
    unknown_keyword Warning Schemas;
    unknown_format Note Schemas;
    unreferenced_shared Off Schemas;
    bad_pattern Warning Schemas;
    foreign_pattern Note Schemas;
    slow_pattern Warning Schemas;
    missing_example Off Schemas;
    invalid_example Warning Schemas;
    invalid_default Warning Schemas;
    missing_description Off Schemas;
    missing_owner Off Schemas;
    unknown_owner Off Schemas;
    unknown_producer Off Schemas;
    unknown_consumer Off Schemas;
    no_producer Off Schemas;
    no_consumer Off Schemas;
    request_without_response Off Schemas;
    response_without_request Off Schemas;
    version Off Schemas;
    deprecated_without_successor Warning Schemas;
    short_sunset Warning Schemas;
    sunset_passed Error Dated;
    unclassified_sensitive Off Schemas;
    bad_key Warning Schemas;
    lost_envelope Error Schemas;
    allow_without_reason Warning Schemas;
    unused_allow Warning Findings;
    expired_allow Error Findings;
}
