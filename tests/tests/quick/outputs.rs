//! What holds of every output: its options are checked, its bytes depend on the tree alone, and its files stay in its folder.

use std::collections::BTreeSet;

use eventc_codegen::project::{Generated, Project, ProjectRoot, Selection};
use eventc_model::{config::Config, diagnostic::BAD_CONFIG};
use eventc_tests::{
    outline,
    tools::{scratch, workspace},
};

/// What every output that tests run makes of this repository.
fn repository() -> Generated {
    let mut project = Project::open(&ProjectRoot::Config(workspace().join("eventc.toml"))).expect("this repository");
    project.targets = outline::targets();
    project.generate(&everything(), &project.lint(None)).expect("files")
}

fn everything() -> Selection {
    Selection { targets: outline::targets().iter().map(|target| target.name().to_owned()).collect(), topics: Vec::new() }
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let [first, second] = [(); 2].map(|()| repository().targets);
    assert_eq!(first.len(), outline::targets().len());
    for (first, second) in first.iter().zip(&second) {
        assert!(!first.files.is_empty(), "{} makes something", first.name);
        assert_eq!(first.files, second.files, "{}", first.name);
    }
}

#[test]
fn files_have_one_path_each_in_their_folder() {
    for target in repository().targets {
        let paths: BTreeSet<&str> = target.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths.len(), target.files.len(), "{}", target.name);
        for path in paths {
            let plain = path.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains('\\'));
            assert!(plain, "{}: {path}", target.name);
        }
        let folder = scratch(&format!("outputs/{}", target.name));
        eventc_codegen::output::write(&folder, &target.files).expect("written files");
    }
}

#[test]
fn a_misspelled_option_is_told_at_its_place() {
    for target in outline::targets() {
        let (config, _) = Config::parse("eventc.toml", &format!("[targets.{}]\nnonsense = true\n", target.name()));
        let problems = target.configure(&config).err().unwrap_or_else(|| panic!("{} takes a key that it does not know", target.name()));
        assert_eq!((problems[0].rule.code, problems[0].place.line), (BAD_CONFIG.code, 2), "{}: {problems:?}", target.name());
    }
}

#[test]
fn outputs_are_told_apart() {
    let names: BTreeSet<&str> = outline::targets().iter().map(|target| target.name()).collect();
    assert_eq!(names.len(), outline::targets().len());
    assert!(outline::targets().iter().all(|target| !target.summary().is_empty()));
}
