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
    /// All records, a line each, to a pipe.
    pub ndjson_piped: Cost,
    /// As many bytes written to the same disk by `dd`, synced as the export syncs: what the disk takes.
    pub disk: Cost,
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
    let (parquet_bytes, ndjson_bytes) = (size_of(&tables)?, std::fs::metadata(&lines)?.len());
    std::fs::remove_file(lines)?;
    let mut dd = Command::new("dd");
    let zeros = folder.path().join("zeros");
    dd.args(["if=/dev/zero", "bs=1M", "conv=fsync", "status=none"])
        .arg(format!("of={}", zeros.display()))
        .arg(format!("count={}", ndjson_bytes.div_ceil(1 << 20)));
    let disk = process::run(&mut dd)?.0;
    std::fs::remove_file(zeros)?;
    // Through a shell, so that the lines go to another program and not into this one's memory.
    let piped = format!("{binary:?} export -q --format ndjson --data {data:?} --out - | cat > /dev/null");
    let ndjson_piped = process::run(Command::new("sh").args(["-c", &piped]))?.0;
    Ok(Exports { parquet, parquet_bytes, ndjson, ndjson_bytes, ndjson_piped, disk })
}
