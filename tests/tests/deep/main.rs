//! The deep tier: what takes long and seldom fails alone, run by `cargo deep`. `docs/testing.md` says what each file proves.

mod asyncapi;
mod catalog_site;
mod changed_input;
mod conformance;
mod cross_version;
mod imagined;
mod installed;
mod public_sets;
mod rust_build;
mod strimzi;
mod tutorial;

use std::sync::LazyLock;

use eventc_tests::runners::Batch;

/// The code of all suites here, generated and built when the first test asks.
static BATCH: LazyLock<Batch> = LazyLock::new(|| {
    let suites = [conformance::subjects(), cross_version::subjects(), imagined::subjects(), public_sets::subjects()];
    Batch::build("deep", &suites.into_iter().flatten().collect::<Vec<_>>())
});
