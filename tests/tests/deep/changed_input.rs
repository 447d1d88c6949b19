//! Inputs changed at random: no panic, no hang, nothing without bound.
//!
//! `EVENTC_INPUTS=10000 cargo deep changed_input` tries more for each entry than the tier does, and `EVENTC_SEED` chooses other changes.
//! What falls over goes to `fuzz/cases/`, where the quick tier tries it from then on.

use std::env;

use eventc_tests::{
    fuzz_targets::{FUZZ_TARGETS, inputs},
    mutate_text::mutate_text,
    random::Random,
};

/// Inputs for each entry.
const INPUTS: usize = 60;

#[test]
fn changed_inputs_are_answered_by_every_entry() {
    let number =
        |variable: &str| env::var(variable).ok().map(|text| text.parse::<u64>().unwrap_or_else(|_| panic!("{variable} is a number")));
    let count = number("EVENTC_INPUTS").map_or(INPUTS, |count| usize::try_from(count).expect("a number of inputs"));
    let seeds = inputs("seeds");
    for fuzz_target in FUZZ_TARGETS {
        let mut random = Random(number("EVENTC_SEED").unwrap_or(1));
        for _ in 0..count {
            let text = random.pick(&seeds).clone();
            fuzz_target.answer(&mutate_text(&text, random.next()));
        }
    }
}
