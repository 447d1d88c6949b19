//! Charts: one schema of two megabytes, made from TypeScript, with a thousand definitions that are recursive and have names such as
//! `ConditionalMarkPropFieldOrDatumDef<TypeForShape>`.

use std::{collections::BTreeMap, fs, path::Path};

use eventc_codegen::project::Project;
use eventc_tests::{mutate::mutants, tools::vega_lite_schema};
use serde_json::{Value, json};

use super::{Document, hold, page, project};
use crate::BATCH;

const SCHEMA: &str = "vega-lite-schema.json";

/// Of the variants that are made from a chart, one in so many is asked about.
const SAMPLE: usize = 31;

pub(super) fn open() -> Project {
    project(&[(SCHEMA.to_owned(), fs::read_to_string(vega_lite_schema()).expect("the schema"))], &[])
}

#[test]
fn vega_lite_compiles_in_every_language() {
    let (path, project) = (vega_lite_schema(), BATCH.project("vega-lite"));
    let root = project.catalog.find(SCHEMA).expect("the one contract").root;
    let charts = charts().into_iter().chain(themes(&path));
    let documents: Vec<Document> = charts
        .flat_map(|chart| {
            let variants = mutants(&project.catalog.schemas, root, &chart).into_iter().step_by(SAMPLE);
            [chart].into_iter().chain(variants).collect::<Vec<_>>()
        })
        .map(|value| Document { path: SCHEMA.to_owned(), value })
        .collect();
    let outcome = hold("vega-lite", &documents);
    assert!(outcome.valid > 20 && outcome.invalid > 200, "{} valid, {} invalid", outcome.valid, outcome.invalid);
    page::keep("vega-lite", &outcome);
}

/// A chart in each of the themes that the package has.
fn themes(schema: &Path) -> Vec<Value> {
    let text = fs::read_to_string(schema.with_file_name("vega-themes.json")).expect("the themes");
    let themes: BTreeMap<String, Value> = serde_json::from_str(&text).expect("JSON");
    let chart = |theme: &Value| json!({"data": {"url": "cars.json"}, "mark": "bar", "encoding": {}, "config": theme["config"]});
    themes.values().map(chart).collect()
}

/// A chart of each kind: single, layered, repeated, in facets, side by side, and a map.
fn charts() -> Vec<Value> {
    let point = json!({"mark": {"type": "point", "filled": true}, "encoding": {
        "x": {"field": "Horsepower", "type": "quantitative", "scale": {"zero": false}},
        "y": {"field": "Miles_per_Gallon", "type": "quantitative", "axis": {"grid": false, "labelExpr": "datum.label"}},
        "color": {"condition": {"param": "brush", "field": "Origin", "type": "nominal"}, "value": "grey"}}});
    vec![
        json!({"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "data": {"values": [{"a": "A", "b": 28}, {"a": "B", "b": null}]},
            "mark": "bar", "encoding": {"x": {"field": "a", "type": "nominal", "sort": "-y"}, "y": {"aggregate": "mean", "field": "b"}}}),
        json!({"data": {"url": "stocks.csv", "format": {"type": "csv", "parse": {"date": "date"}}},
            "transform": [{"filter": {"and": ["datum.price > 10", {"not": {"field": "symbol", "equal": "IBM"}}]}},
                {"window": [{"op": "rank", "as": "rank"}], "sort": [{"field": "price", "order": "descending"}], "frame": [null, 0]}],
            "layer": [point, {"mark": {"type": "rule", "strokeDash": [4, 2]}, "encoding": {"y": {"datum": 20}}}],
            "params": [{"name": "brush", "select": {"type": "interval", "encodings": ["x"]}}], "resolve": {"scale": {"y": "independent"}}}),
        json!({"data": {"url": "cars.json"}, "repeat": {"row": ["a", "b"], "column": ["c"]}, "spec": {"mark": "point", "encoding": {
            "x": {"field": {"repeat": "column"}, "type": "quantitative", "bin": {"maxbins": 20}},
            "y": {"field": {"repeat": "row"}, "type": "quantitative"}}}}),
        json!({"data": {"name": "table"}, "facet": {"field": "Origin", "type": "nominal", "header": {"labelAngle": -45.5}}, "columns": 2, "spec": point}),
        json!({"hconcat": [{"vconcat": [point]}, point], "title": {"text": ["Two", "lines"], "anchor": "start"}, "spacing": 4, "bounds": "flush"}),
        json!({"data": {"url": "world.json", "format": {"type": "topojson", "feature": "countries"}}, "projection": {"type": "mercator"},
            "mark": {"type": "geoshape", "fill": "lightgray"}, "width": "container"}),
    ]
}
