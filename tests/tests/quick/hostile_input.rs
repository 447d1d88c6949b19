//! Whatever comes in, an answer comes out: no panic, no hang, nothing without bound. Here the inputs that a person wrote, and those on
//! which something fell over once; the deep tier changes them at random, and the fuzzers in `fuzz/` go through the same entries.

use eventc_tests::fuzz_targets::{FUZZ_TARGETS, inputs};

#[test]
fn seeds_and_kept_cases_are_answered_by_every_entry() {
    let inputs: Vec<String> = ["seeds", "cases"].into_iter().flat_map(inputs).collect();
    assert!(inputs.len() > 30, "{} inputs", inputs.len());
    for fuzz_target in FUZZ_TARGETS {
        let made: usize = inputs.iter().map(|input| fuzz_target.answer(input)).sum();
        assert!(made > 0, "{} makes nothing of any input", fuzz_target.name);
    }
}
