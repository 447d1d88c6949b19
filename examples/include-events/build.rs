//! The compiler watches the schemas that the macro reads; Cargo watches the folder, for those that are added.

fn main() {
    println!("cargo::rerun-if-changed=schemas/events");
}
