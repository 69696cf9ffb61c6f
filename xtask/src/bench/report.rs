//! The figures as a table, each beside its target.

use std::fmt::Write;

use super::{Figures, process::Cost};

/// Markdown: what was measured, the target, and how the two compare (above 1 is better than asked).
pub fn table(figures: &Figures) -> String {
    let mut rows = Vec::new();
    imports(figures, &mut rows);
    exports(figures, &mut rows);
    searches(figures, &mut rows);
    let mut out = String::from("| what | measured | target | ratio |\n|---|---|---|---|\n");
    for (what, measured, target, ratio) in rows {
        let ratio = ratio.map_or_else(String::new, |r| format!("{r:.2}"));
        _ = writeln!(out, "| {what} | {measured} | {target} | {ratio} |");
    }
    match &figures.load {
        Ok(load) => _ = writeln!(out, "\nserver: {load:?}"),
        Err(why) => _ = writeln!(out, "\nserving was not measured: {why}"),
    }
    match &figures.facets {
        Ok(facets) => _ = writeln!(out, "facets: {facets:?}"),
        Err(why) => _ = writeln!(out, "facets were not measured: {why}"),
    }
    out
}

type Row = (&'static str, String, &'static str, Option<f64>);

fn imports(figures: &Figures, rows: &mut Vec<Row>) {
    let registry = figures.registry;
    let raw = registry.bytes as f64;
    let mut runs = figures.imports.clone();
    runs.sort_by(|a: &Cost, b| a.cpu.total_cmp(&b.cpu));
    let Some(middle) = runs.get(runs.len() / 2).copied() else { return };
    let rate = f64::from(registry.studies) / middle.wall;
    let by_cpu = f64::from(registry.studies) * 2.0 / middle.cpu;
    rows.push(("registry", format!("{} studies, {:.2} GB", registry.studies, raw / 1e9), "", None));
    rows.push((
        "import, wall",
        format!("{:.1} s, {rate:.0} studies/s", middle.wall),
        "1,000/s",
        Some(rate / 1e3),
    ));
    rows.push((
        "import, processor",
        format!("{:.1} CPU s, {by_cpu:.0} studies/s on two idle cores at best", middle.cpu),
        "1,000/s",
        Some(by_cpu / 1e3),
    ));
    let peak = middle.peak as f64 / 1e9;
    rows.push(("import, peak memory", format!("{peak:.2} GB"), "1.5 GB", Some(1.5 / peak)));
    let again = middle.cpu / figures.again.cpu.max(0.01);
    rows.push((
        "the same file again",
        format!("{:.2} s, {:.2} CPU s", figures.again.wall, figures.again.cpu),
        "a tenth",
        Some(again / 10.0),
    ));
    let (store, index) = (figures.store as f64 / raw, figures.index as f64 / raw);
    rows.push(("store of raw JSON", format!("{store:.3}"), "0.40", Some(0.4 / store)));
    rows.push(("index of raw JSON", format!("{index:.3}"), "0.40", Some(0.4 / index)));
}

fn exports(figures: &Figures, rows: &mut Vec<Row>) {
    let e = &figures.exports;
    let (wall, size) = (e.parquet.wall, e.parquet_bytes as f64 / 1e9);
    rows.push(("AACT as Parquet", format!("{wall:.1} s, {size:.2} GB"), "180 s", Some(180.0 / wall)));
    let peak = e.parquet.peak as f64 / 1e9;
    rows.push(("AACT as Parquet, peak memory", format!("{peak:.2} GB"), "2 GB", Some(2.0 / peak)));
    let rate = |wall: f64| e.ndjson_bytes as f64 / 1e6 / wall;
    let mut row = |what, wall: f64, target, limit: Option<f64>| {
        rows.push((what, format!("{:.0} MB/s", rate(wall)), target, limit.map(|limit| rate(wall) / limit)));
    };
    row("NDJSON of everything, to a pipe", e.ndjson_piped.wall, "150 MB/s", Some(150.0));
    row("NDJSON of everything, to a synced file", e.ndjson.wall, "150 MB/s", Some(150.0));
    row("as many zeros to a synced file, by dd", e.disk.wall, "", None);
}

fn searches(figures: &Figures, rows: &mut Vec<Row>) {
    let s = &figures.searches;
    rows.push(("open", format!("{:.1} ms", s.open), "", None));
    let mut time = |what, millis: f64, target: &'static str, limit: Option<f64>| {
        rows.push((what, format!("{millis:.3} ms"), target, limit.map(|l| l / millis)));
    };
    time("search with facets, p50", s.mixed.p50, "3 ms", Some(3.0));
    time("search with facets, p99", s.mixed.p99, "20 ms", Some(20.0));
    time("search without facets, p50", s.plain.p50, "", None);
    time("note, top 1,000, p50", s.notes.p50, "20 ms", Some(20.0));
    time("study by id, p50", s.by_id.p50, "0.5 ms", Some(0.5));
    time("study by id, p99", s.by_id.p99, "", None);
    time("ranges, sorting, distance, sites, p50", s.structured.p50, "", None);
    time("ranges, sorting, distance, sites, p99", s.structured.p99, "", None);
    if let Ok(facets) = &figures.facets {
        let p99 = facets.p99;
        rows.push((
            "facets over HTTP, 16 connections, p99",
            format!("{p99:.1} ms"),
            "50 ms",
            Some(50.0 / p99),
        ));
    }
    if let Ok(load) = &figures.load {
        let rate = load.per_second;
        rows.push(("HTTP, 16 connections", format!("{rate:.0} requests/s"), "1,500/s", Some(rate / 1_500.0)));
    }
}
