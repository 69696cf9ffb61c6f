//! Exports of everything, as whole processes.

use std::{path::Path, process::Command};

use serde::Serialize;

use super::{
    process::{self, Cost},
    size_of,
};

/// What exports took.
#[derive(Debug, Serialize)]
pub struct Exports {
    /// AACT's tables as Parquet.
    pub parquet: Cost,
    /// Bytes of the Parquet files.
    pub parquet_bytes: u64,
    /// All records, a line each.
    pub ndjson: Cost,
    /// Bytes of the lines.
    pub ndjson_bytes: u64,
}

/// Exports the registry of a data folder into files beside it, and removes them.
pub fn exports(binary: &Path, data: &Path) -> anyhow::Result<Exports> {
    let folder = tempfile::tempdir_in(data.parent().unwrap_or(data))?;
    let export = |format: &str| -> anyhow::Result<(Cost, std::path::PathBuf)> {
        let out = folder.path().join(format);
        let mut command = Command::new(binary);
        command.args(["export", "-q", "--format", format, "--data"]).arg(data).arg("--out").arg(&out);
        Ok((process::run(&mut command)?.0, out))
    };
    let (parquet, tables) = export("aact-parquet")?;
    let (ndjson, lines) = export("ndjson")?;
    let (parquet_bytes, ndjson_bytes) = (size_of(&tables)?, std::fs::metadata(lines)?.len());
    Ok(Exports { parquet, parquet_bytes, ndjson, ndjson_bytes })
}
