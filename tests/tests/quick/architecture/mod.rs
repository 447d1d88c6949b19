//! The house as ARCHITECTURE.md draws it: which crate may know which, and no circle of files beyond one folder.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod homonyms;
mod imports;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use eventc_tests::tools::{scratch, workspace};

/// The crates of the workspace: name and folder.
fn crates() -> Vec<(String, PathBuf)> {
    let manifest = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    let members = manifest.split_once("members = [").unwrap().1.split_once(']').unwrap().0;
    let folders = members.split(',').map(|member| member.trim().trim_matches('"')).filter(|member| !member.is_empty());
    folders.map(|folder| (package_name(&workspace().join(folder)), workspace().join(folder))).collect()
}

fn package_name(folder: &Path) -> String {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    manifest.lines().find_map(|line| line.strip_prefix("name = ")).unwrap().trim_matches('"').to_owned()
}

/// The crates of the workspace that a crate depends on, but for its tests.
fn dependencies(folder: &Path) -> BTreeSet<String> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let mut section = String::new();
    let mut found = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            line.clone_into(&mut section);
        } else if section == "[dependencies]" && line.starts_with("eventc") {
            found.insert(line.split(['.', ' ', '=']).next().unwrap().to_owned());
        }
    }
    found
}

/// What the map says: the second column names a crate, the last whom it may know.
fn permitted() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(workspace().join("ARCHITECTURE.md")).unwrap();
    let table = page.split("## The map").nth(1).unwrap().split("\n## ").next().unwrap();
    let code = |cell: &str| -> Vec<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2).filter_map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let known = code(cells[3]).into_iter().map(|name| if name == "eventc" { name } else { format!("eventc-{name}") });
        Some((code(cells[1]).into_iter().next()?, known.collect()))
    });
    rows.collect()
}

#[test]
fn crates_know_only_whom_the_map_lets_them_know() {
    let permitted = permitted();
    for (name, folder) in crates() {
        let known = permitted.get(&name).unwrap_or_else(|| panic!("the map in ARCHITECTURE.md has no row for {name}"));
        assert_eq!(&dependencies(&folder), known, "{name}: what its manifest depends on, and what the map in ARCHITECTURE.md says");
    }
}

/// Files of one folder may know each other; those of several may not, else neither folder can be read alone.
#[test]
fn no_circle_of_files_goes_beyond_a_folder() {
    let mut wrong = Vec::new();
    for (name, folder) in crates() {
        let roots = ["src/lib.rs", "src/main.rs"].map(|root| folder.join(root));
        let Some(root) = roots.into_iter().find(|root| root.exists()) else { continue };
        let arrows = imports::of_crate(&root);
        for circle in circles(&arrows) {
            if !is_within_a_folder(&circle) {
                let within =
                    |file: &PathBuf| arrows[file].iter().filter(|other| circle.contains(*other)).map(|other| shown(other)).collect();
                let lines = circle.iter().map(|file| (shown(file), within(file)));
                let lines: Vec<String> =
                    lines.map(|(file, others): (String, Vec<String>)| format!("  {file} -> {}", others.join(", "))).collect();
                wrong.push(format!("{name}:\n{}", lines.join("\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "files import each other in a circle beyond one folder:\n{}", wrong.join("\n"));
}

/// Whether files lie in one folder. `plan.rs` is the head of the folder `plan/`.
fn is_within_a_folder(files: &BTreeSet<PathBuf>) -> bool {
    let homes = |file: &PathBuf| [file.parent().unwrap().to_path_buf(), file.with_extension("")];
    let mut candidates = files.iter().flat_map(homes);
    candidates.any(|folder| files.iter().all(|file| homes(file).contains(&folder)))
}

fn shown(file: &Path) -> String {
    file.strip_prefix(workspace()).unwrap_or(file).display().to_string()
}

/// Sets of files that can all be reached from each other (strongly connected components), each of several files.
fn circles(arrows: &BTreeMap<PathBuf, BTreeSet<PathBuf>>) -> Vec<BTreeSet<PathBuf>> {
    let reach = |start: &PathBuf| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start.clone()]);
        while let Some(file) = open.pop() {
            for next in arrows.get(&file).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&PathBuf, BTreeSet<PathBuf>> = arrows.keys().map(|file| (file, reach(file))).collect();
    let mut circles: BTreeSet<BTreeSet<PathBuf>> = BTreeSet::new();
    for file in arrows.keys() {
        let circle: BTreeSet<PathBuf> = reached[file].iter().filter(|other| reached[other].contains(file)).cloned().collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

#[test]
fn circles_are_found() {
    let arrows = |pairs: &[(&str, &[&str])]| -> BTreeMap<PathBuf, BTreeSet<PathBuf>> {
        pairs.iter().map(|(from, to)| (PathBuf::from(from), to.iter().map(PathBuf::from).collect())).collect()
    };
    let found = circles(&arrows(&[("a", &["b"]), ("b", &["c"]), ("c", &["a", "d"]), ("d", &[])]));
    assert_eq!(found, [["a", "b", "c"].map(PathBuf::from).into_iter().collect()]);
    assert!(circles(&arrows(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])).is_empty());
}

/// The arrows of a crate whose files these are, without their folder.
fn arrows_of(name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let folder = scratch(name);
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let short = |file: &Path| file.strip_prefix(&folder).unwrap().display().to_string();
    let arrows = imports::of_crate(&folder.join("lib.rs")).into_iter();
    arrows
        .flat_map(|(from, to)| to.into_iter().map(move |to| (from.clone(), to)))
        .map(|(from, to)| format!("{} -> {}", short(&from), short(&to)))
        .collect()
}

/// The list of rules asks lint for its own by a function that has the name of a module, and two of these ask the list.
#[test]
fn an_arrow_through_a_function_named_as_a_module_and_a_list_in_a_macro_is_found() {
    let files = [
        ("lib.rs", "mod lint; mod rules;"),
        ("rules.rs", "use crate::lint; pub fn all() -> Vec<u8> { lint::rules().collect() }"),
        ("lint/mod.rs", "pub mod rules; use self::rules::LINTS; pub fn rules() -> impl Iterator<Item = u8> { LINTS.iter().copied() }"),
        (
            "lint/rules/mod.rs",
            "macro_rules! list { ($($name:ident)*) => { $(mod $name;)* pub static LINTS: &[u8] = &[$($name::RULE),*]; } } list! { unused }",
        ),
        ("lint/rules/unused.rs", "pub const RULE: u8 = 1; pub fn check() { crate::rules::all(); }"),
    ];
    let expected = [
        "lint/mod.rs -> lint/rules/mod.rs",
        "lint/rules/mod.rs -> lint/rules/unused.rs",
        "lint/rules/unused.rs -> rules.rs",
        "rules.rs -> lint/mod.rs",
    ];
    assert_eq!(arrows_of("arrows-of-lists", &files), expected);
}

#[test]
fn arrows_within_macros_are_found_and_quoted_code_has_none() {
    let files = [
        ("lib.rs", "mod definition; mod call; mod quoted; mod target; #[cfg(test)] mod tests { fn a() { crate::target::f(); } }"),
        ("target.rs", "pub fn f() {} impl T for u8 { fn g(&self) { h(self, |target| target) } }"),
        ("definition.rs", "macro_rules! take { ($e:expr) => { $crate::target::f($e) } }"),
        ("call.rs", "fn g() { println!(\"{}\", vec![crate::target::f()]); }"),
        ("quoted.rs", "fn g() { quote! { crate::target::f() }; }"),
    ];
    assert_eq!(arrows_of("arrows-in-macros", &files), ["call.rs -> target.rs", "definition.rs -> target.rs"]);
}

/// Which room of a crate takes something from which other. A room is a file of `src`, or a folder with its head.
fn rooms(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let src = folder.join("src");
    let room = |file: &Path| {
        let below = file.strip_prefix(&src).unwrap().with_extension("");
        below.components().next().unwrap().as_os_str().to_string_lossy().into_owned()
    };
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in imports::of_crate(&src.join("lib.rs")) {
        let from = room(&from);
        let others = to.iter().map(|to| room(to)).filter(|to| *to != from).collect::<Vec<_>>();
        rooms.entry(from).or_default().extend(others);
    }
    // The head of a crate hands on what its rooms have.
    rooms.remove("lib");
    rooms
}

/// The tables of rooms: the heading names the folder of a crate, the first column a room, the last what it may import.
fn permitted_rooms() -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let page = fs::read_to_string(workspace().join("ARCHITECTURE.md")).unwrap();
    let section = page.split("\n## The rooms").nth(1).unwrap().split("\n## ").next().unwrap();
    let code = |cell: &str| -> Vec<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let of_crate = |part: &str| {
        let (title, table) = part.split_once('\n').unwrap();
        let rows = table.lines().filter(|line| line.starts_with('|')).skip(2).map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
            (code(cells[0]).remove(0), code(cells[2]).into_iter().collect())
        });
        (code(title).remove(0), rows.collect())
    };
    section.split("\n### ").skip(1).map(of_crate).collect()
}

#[test]
fn rooms_import_what_the_page_lets_them_import() {
    let permitted = permitted_rooms();
    assert!(["codegen/engine", "codegen/model", "runtime"].iter().all(|folder| permitted.contains_key(*folder)), "the large crates");
    for (folder, permitted) in permitted {
        let found = rooms(&workspace().join(&folder));
        let row = |(room, imports): (&String, &BTreeSet<String>)| {
            format!("`{room}`: {}", imports.iter().map(|import| format!("`{import}`")).collect::<Vec<_>>().join(", "))
        };
        let wrong: Vec<String> = found.iter().filter(|(room, imports)| permitted.get(*room) != Some(*imports)).map(row).collect();
        assert!(wrong.is_empty(), "{folder}/src: what these import, and what ARCHITECTURE.md should say:\n{}", wrong.join("\n"));
        let gone: Vec<&String> = permitted.keys().filter(|room| !found.contains_key(*room)).collect();
        assert!(gone.is_empty(), "ARCHITECTURE.md has rooms that {folder}/src has not: {gone:?}");
    }
}
