//! Messages of the compiler: programs that agree with their contracts, and the exact message for each way not to.

use std::{fs, path::Path};

/// Copies the contracts to where trybuild compiles its programs: for these that folder is the package.
fn place_tree() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| here.join("../target"), Into::into);
    let package = target.join("tests/trybuild/eventc-macros");
    let _ = fs::remove_dir_all(package.join("schemas"));
    copy(&here.join("tests/ui/tree"), &package);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

#[test]
fn messages_are_exact() {
    place_tree();
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/fail/*.rs");
}
