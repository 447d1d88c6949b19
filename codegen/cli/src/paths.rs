//! Paths as programs outside need them: from the root of the repository, wherever a command runs.

use std::path::Path;

use eventc_model::{
    diagnostic::{Diagnostic, Place},
    locate::lexical,
    text::path_text,
};

/// Returns findings with their paths from the root of the repository that holds a folder; as they are where none does.
pub(crate) fn from_repository(findings: &[Diagnostic], folder: &Path) -> Vec<Diagnostic> {
    let top = folder.ancestors().find(|folder| folder.join(".git").exists());
    let rebased = |place: &Place| {
        let path = top.and_then(|top| Some(path_text(lexical(&folder.join(&*place.file)).strip_prefix(top).ok()?)));
        Place { file: path.map_or_else(|| place.file.clone(), Into::into), ..place.clone() }
    };
    let mut findings = findings.to_vec();
    for finding in &mut findings {
        finding.place = rebased(&finding.place);
        if let Some(related) = finding.evidence.as_mut().and_then(|evidence| evidence.related.as_mut()) {
            related.place = rebased(&related.place);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_at_the_repository() {
        let top = std::env::temp_dir().join(format!("eventc-paths-{}", std::process::id()));
        let folder = top.join("services/shop");
        std::fs::create_dir_all(folder.join("schemas")).expect("a folder");
        let finding = |file: &str| Diagnostic::new(&eventc_model::diagnostic::SYNTAX, Place::whole(file), "m");
        let told = |file: &str| from_repository(&[finding(file)], &folder)[0].place.file.to_string();
        assert_eq!(told("schemas/a.json"), "schemas/a.json");
        std::fs::create_dir(top.join(".git")).expect("a folder");
        assert_eq!(told("schemas/a.json"), "services/shop/schemas/a.json");
        assert_eq!(told("../other/a.json"), "services/other/a.json");
        assert_eq!(told(&folder.join("b.json").to_string_lossy()), "services/shop/b.json");
        assert_eq!(told("../../../outside.json"), "../../../outside.json");
        std::fs::remove_dir_all(top).expect("a folder");
    }
}
