//! Statistical models of particle physics: draft 6, in small files whose one reference leads into a file of definitions, and definitions that
//! stand where no keyword holds a schema (`#/definitions/modifier/histosys`).

use eventc_codegen::project::Project;
use eventc_tests::{mutate::mutants, tools::pyhf_schemas};
use serde_json::{Value, json};

use super::{Document, hold, opened, page};
use crate::BATCH;

pub(super) fn open() -> Project {
    opened(pyhf_schemas(), &[])
}

#[test]
fn pyhf_models_compile_in_every_language() {
    let project = BATCH.project("pyhf");
    let mut documents = Vec::new();
    for (name, value) in documents_of_each_schema() {
        let path = format!("1.0.0/{name}.json");
        let root = project.catalog.find(&path).unwrap_or_else(|| panic!("{path} is no contract")).root;
        let variants = mutants(&project.catalog.schemas, root, &value);
        documents.extend([value].into_iter().chain(variants).map(|value| Document { path: path.clone(), value }));
    }
    let outcome = hold("pyhf", &documents);
    assert!(outcome.valid > 100 && outcome.invalid > 500, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("pyhf", &outcome);
}

fn documents_of_each_schema() -> [(&'static str, Value); 5] {
    let channels = json!([{"name": "singlechannel", "samples": [
        {"name": "signal", "data": [12, 11.0], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]},
        {"name": "background", "data": [50.0, 52.5], "modifiers": [
            {"name": "lumi", "type": "lumi", "data": null},
            {"name": "shape", "type": "shapesys", "data": [3, 7]},
            {"name": "stat", "type": "staterror", "data": [1.5, 2.5]},
            {"name": "free", "type": "shapefactor", "data": null},
            {"name": "norm", "type": "normsys", "data": {"hi": 1.1, "lo": 0.9}},
            {"name": "histo", "type": "histosys", "data": {"lo_data": [49, 50], "hi_data": [51, 54]}}]}]}]);
    let parameter =
        json!({"name": "lumi", "auxdata": [1], "bounds": [[0.5, 1.5]], "fixed": true, "inits": [1.0], "sigmas": [0.017], "factors": [1]});
    let measurement = json!({"name": "Measurement", "config": {"poi": "mu", "parameters": [parameter, {"name": "mu"}]}});
    let patch = json!([
        {"op": "add", "path": "/channels/0/samples/-", "value": {"name": "signal"}},
        {"op": "remove", "path": "/channels/1"},
        {"op": "move", "path": "/channels/1", "from": "/channels/0"},
        {"op": "test", "path": "/version", "value": null}]);
    let metadata = json!({"references": {"hepdata": "ins1234567"}, "digests": {"md5": "0123456789abcdef0123456789abcdef"},
        "labels": ["mass", "width_2"], "description": "signals"});
    [
        ("model", json!({"channels": channels, "parameters": [parameter]})),
        ("measurement", measurement.clone()),
        (
            "workspace",
            json!({"channels": channels, "measurements": [measurement], "version": "1.0.0",
                "observations": [{"name": "singlechannel", "data": [51, 48.0]}]}),
        ),
        ("jsonpatch", patch.clone()),
        (
            "patchset",
            json!({"version": "1.0.0", "metadata": metadata,
                "patches": [{"metadata": {"name": "mass_100", "values": [100, "high"], "more": {}}, "patch": patch}]}),
        ),
    ]
}
