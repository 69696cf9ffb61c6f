//! The tables as CSV: a file each, under a row of names.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use super::{rows::Rows, schema};
use crate::{Error, Records, Way};

/// Writes `TABLE.csv` for every table into a folder that exists; returns the number of studies.
///
/// What is not known is an empty field, an empty text a quoted one. Yes and no are `t` and `f`, as AACT writes them.
pub fn csv(records: impl Records, folder: &Path, way: &mut Way<'_>) -> Result<u64, Error> {
    let mut files = Vec::new();
    for table in schema::tables() {
        let mut file = BufWriter::new(File::create_new(folder.join(format!("{}.csv", table.name)))?);
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        writeln!(file, "{}", names.join(","))?;
        files.push(file);
    }
    let form = |rows: Rows| {
        Ok(rows.tables.iter().map(|table| table.lines(b',', b"", quoted)).collect::<Vec<Vec<u8>>>())
    };
    let done = super::rows(records, way, form, |tables| {
        files.iter_mut().zip(tables).try_for_each(|(file, lines)| file.write_all(&lines))?;
        Ok(())
    })?;
    for file in files {
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    }
    Ok(done)
}

/// A text, in quotes if it needs them.
fn quoted(text: &str, out: &mut Vec<u8>) {
    if !text.is_empty() && !text.contains([',', '"', '\n', '\r']) {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_are_quoted_where_they_must_be() {
        let quoted = |text| {
            let mut out = Vec::new();
            super::quoted(text, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(quoted("plain; text"), "plain; text");
        assert_eq!(quoted("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(quoted("two\nlines"), "\"two\nlines\"");
        assert_eq!(quoted(""), "\"\"");
    }
}
