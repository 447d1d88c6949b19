//! Whatever comes in, an answer comes out: no panic, no hang, no memory without bound.
//!
//! `EVENTC_FUZZ_SECONDS=600 cargo test -p eventc-tests --test hostile_input` tries longer than the suite does, and `EVENTC_SEED`
//! chooses other changes. The fuzzers in `fuzz/` go through the same entries.

use std::{
    env, fs,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use eventc_tests::{
    entries::{ENTRIES, Entry},
    random::Random,
    scramble::scramble,
    tools::{scratch, workspace},
};

/// The longest that one input may take in an unoptimized build on a busy machine: what takes longer does not end.
const LONGEST: Duration = Duration::from_secs(300);

/// Inputs that are tried at least, however slow the machine is.
const FEWEST: usize = 5;

/// The most memory that the whole run may take, in KiB.
const MOST_MEMORY: u64 = 2 << 20;

/// The texts of a folder below `fuzz/`, in the order of their names.
fn texts(folder: &str) -> Vec<(String, String)> {
    let folder = workspace().join("fuzz").join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let files = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    let mut texts: Vec<_> = files
        .map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read_to_string(&path).expect("UTF-8")))
        .collect();
    texts.sort();
    texts
}

/// Runs inputs through an entry on a thread of its own, and says which one it fell or hung on. Each is kept in a file before it runs,
/// since nothing can be said after an overflow of the stack.
fn watch(entry: Entry, test: &str, mut inputs: impl FnMut() -> Option<String> + Send + 'static) -> usize {
    let current = Arc::new(Mutex::new((0_usize, Instant::now())));
    let shared = Arc::clone(&current);
    let file = scratch("hostile-input").join(format!("{test}-{}.txt", entry.name));
    let kept = file.clone();
    let worker = thread::spawn(move || {
        while let Some(input) = inputs() {
            fs::write(&kept, &input).expect("the input can be kept");
            {
                let mut now = shared.lock().expect("no panic while it is locked");
                *now = (now.0 + 1, Instant::now());
            }
            (entry.run)(&input);
        }
    });
    let hung = loop {
        thread::sleep(Duration::from_millis(20));
        if worker.is_finished() {
            break false;
        }
        if current.lock().is_ok_and(|now| now.1.elapsed() > LONGEST) {
            break true;
        }
    };
    assert!(!hung, "{} hangs on {}", entry.name, file.display());
    assert!(worker.join().is_ok(), "{} panics on {}", entry.name, file.display());
    current.lock().expect("no panic while it is locked").0
}

/// The most memory that this process had at any time, in KiB; `None` where the system does not say.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[test]
fn seeds_and_kept_cases_are_answered_by_every_entry() {
    let inputs: Vec<String> = ["seeds", "cases"].into_iter().flat_map(texts).map(|(_, text)| text).collect();
    assert!(inputs.len() > 30, "{} inputs", inputs.len());
    for entry in ENTRIES {
        let mut rest = inputs.clone().into_iter();
        assert_eq!(watch(*entry, "kept", move || rest.next()), inputs.len());
    }
    assert!(peak_memory().is_none_or(|peak| peak < MOST_MEMORY), "{:?} KiB", peak_memory());
}

#[test]
fn changed_inputs_are_answered_by_every_entry() {
    let seconds = env::var("EVENTC_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let seed = env::var("EVENTC_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let seeds: Vec<String> = texts("seeds").into_iter().map(|(_, text)| text).collect();
    for entry in ENTRIES {
        let (seeds, until, mut random) = (seeds.clone(), Instant::now() + Duration::from_secs(seconds), Random(seed));
        let mut given = 0;
        let tried = watch(*entry, "changed", move || {
            given += 1;
            let text = random.pick(&seeds).clone();
            (given <= FEWEST || Instant::now() < until).then(|| scramble(&text, random.next()))
        });
        assert!(tried >= FEWEST, "{} was tried with {tried} inputs", entry.name);
    }
    assert!(peak_memory().is_none_or(|peak| peak < MOST_MEMORY), "{:?} KiB", peak_memory());
}
