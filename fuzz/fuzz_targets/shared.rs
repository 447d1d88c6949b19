//! What every target is made of: an entry of the library, and changes that keep schemas whole half of the time.

/// Defines a target.
macro_rules! target {
    ($name:literal) => {
        libfuzzer_sys::fuzz_target!(|data: &[u8]| {
            let Ok(text) = std::str::from_utf8(data) else { return };
            (eventc_tests::fuzz_targets::fuzz_target($name).run)(text);
        });

        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            let text = std::str::from_utf8(&data[..size]).ok().filter(|_| seed % 8 > 0);
            let changed = text.map(|text| eventc_tests::mutate_text::mutate_text(text, seed.into())).filter(|changed| changed.len() <= max_size);
            let Some(changed) = changed else { return libfuzzer_sys::fuzzer_mutate(data, size, max_size) };
            data[..changed.len()].copy_from_slice(changed.as_bytes());
            changed.len()
        });
    };
}
