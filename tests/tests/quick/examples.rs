//! The examples' lock files know the crates here as they stand: a service that is cloned builds at once.

use std::{fs, path::PathBuf, process::Command};

use eventc_tests::tools::workspace;

#[test]
fn lock_files_need_no_update() {
    let folders = fs::read_dir(workspace().join("examples")).expect("the folder of examples").flatten().map(|entry| entry.path());
    let services: Vec<PathBuf> = folders.filter(|folder| folder.join("Cargo.toml").is_file()).collect();
    assert!(services.len() >= 3, "{services:?}");
    for folder in services {
        let metadata = Command::new(env!("CARGO")).args(["metadata", "--locked", "--format-version", "1"]).current_dir(&folder).output();
        let output = metadata.expect("cargo starts");
        let advice = "run `cargo update --workspace` there: a crate here got or lost a dependency";
        assert!(output.status.success(), "{}: {advice}\n{}", folder.display(), String::from_utf8_lossy(&output.stderr));
    }
}
