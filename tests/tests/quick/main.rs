//! The quick tier: what spans crates, languages or processes, proved while people work. `docs/testing.md` says what each file proves.

mod architecture;
mod asyncapi_schemas;
mod avro;
mod catalog_snippets;
mod delivery;
mod examples;
mod hostile_input;
mod hostile_text;
mod languages;
mod layouts;
mod manifests;
mod messages;
mod names;
mod openness;
mod outputs;
mod packages;
mod patterns;
mod random_pairs;
mod reports;
mod shapes;
mod supply_chain;
mod tiers;
mod trees;
mod type_quality;
mod typed_values;

use std::sync::LazyLock;

use eventc_tests::runners::Batch;

/// The code of all suites here, generated and built when the first test asks.
static BATCH: LazyLock<Batch> = LazyLock::new(|| {
    let suites = [
        avro::subjects(),
        languages::subjects(),
        hostile_text::subjects(),
        messages::subjects(),
        openness::subjects(),
        patterns::subjects(),
        shapes::subjects(),
        trees::subjects(),
        typed_values::subjects(),
    ];
    Batch::build("quick", &suites.into_iter().flatten().collect::<Vec<_>>())
});
