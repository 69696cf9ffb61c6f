//! The tables in a PostgreSQL server, filled by COPY.
//!
//! The new tables are made and filled in a schema of their own, which takes the place of `ctgov` in one transaction
//! when it is whole: until then whoever reads `ctgov` sees the old data, and after a failure nothing has changed.

use super::{
    rows::Rows,
    schema::{Table, tables},
    sql::{self, Dialect},
};
use crate::{Error, Records, Way};

/// The schema where people look for AACT's tables.
pub const SCHEMA: &str = "ctgov";
/// Where they are filled.
const STAGING: &str = "trialist_loading";
/// What the schema is marked with, so that it is known again.
const MARK: &str = "AACT-shaped tables, made by trialist export";
/// Only one load at a time: the number of an advisory lock.
const LOCK: i64 = 0x7472_6961_6c69_7374;
/// Rows of a table are sent when they have so many bytes.
const SEND: usize = 1 << 20;

/// A connection to a PostgreSQL server. Errors are [`Error::Server`] and tell what to do.
pub trait Server {
    /// Runs statements.
    fn run(&mut self, statements: &str) -> Result<(), Error>;
    /// Sends rows behind a `COPY ... FROM STDIN`.
    fn copy(&mut self, statement: &str, rows: &[u8]) -> Result<(), Error>;
    /// The first column of what a query finds, as texts.
    fn ask(&mut self, query: &str) -> Result<Vec<String>, Error>;
}

/// What came of a load.
#[derive(Debug)]
pub struct Loaded {
    /// The number of studies.
    pub studies: u64,
    /// What could not be done, though the tables are whole: an index over a text that is too long for one.
    pub remarks: Vec<String>,
}

/// Loads all tables. A schema `ctgov` that others made, or that others' views look into, is replaced only by `force`.
pub fn load(
    records: impl Records,
    server: &mut dyn Server,
    force: bool,
    way: &mut Way<'_>,
) -> Result<Loaded, Error> {
    if server.ask(&format!("SELECT pg_try_advisory_lock({LOCK})::text"))? != ["true"] {
        return Err(Error::Server(
            "another load into this database is under way; wait for its end".to_owned(),
        ));
    }
    if !force {
        may_replace(server)?;
    }
    server.run(&format!("DROP SCHEMA IF EXISTS {STAGING} CASCADE; CREATE SCHEMA {STAGING}"))?;
    let filled = fill(records, server, way).and_then(|loaded| {
        if !force {
            // It may have changed since.
            may_replace(server)?;
        }
        replace(server)?;
        Ok(loaded)
    });
    if filled.is_err() {
        // What went wrong first is what matters.
        let _ = server.run(&format!("DROP SCHEMA IF EXISTS {STAGING} CASCADE"));
    }
    let _ = server.ask(&format!("SELECT pg_advisory_unlock({LOCK})::text"));
    filled
}

/// Refuses to replace what is not ours.
fn may_replace(server: &mut dyn Server) -> Result<(), Error> {
    let marks = server.ask(&format!(
        "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = '{SCHEMA}'"
    ))?;
    if marks.iter().any(|mark| mark != MARK) {
        return Err(Error::Server(format!(
            "the database has a schema {SCHEMA} that this command did not make. --force replaces it and all that is \
             in it"
        )));
    }
    let views = server.ask(&format!(
        "SELECT DISTINCT v.oid::regclass::text FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
         JOIN pg_class v ON v.oid = r.ev_class JOIN pg_class t ON t.oid = d.refobjid
         WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
         AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = '{SCHEMA}')
         AND v.relnamespace <> t.relnamespace ORDER BY 1"
    ))?;
    if !views.is_empty() {
        return Err(Error::Server(format!(
            "views outside of {SCHEMA} look into it and would be lost: {}. Drop them and make them again after the \
             load, or use --force",
            views.join(", ")
        )));
    }
    Ok(())
}

fn fill(records: impl Records, server: &mut dyn Server, way: &mut Way<'_>) -> Result<Loaded, Error> {
    for table in tables() {
        server.run(&sql::create(table, &in_staging(table), Dialect::Postgres))?;
    }
    let mut waiting: Vec<Vec<u8>> = vec![Vec::new(); tables().len()];
    let form = |rows: Rows| {
        Ok(rows.tables.iter().map(|table| table.lines(b'\t', b"\\N", escaped)).collect::<Vec<Vec<u8>>>())
    };
    let studies = super::rows(records, way, form, |parts| {
        for ((table, rows), part) in tables().iter().zip(&mut waiting).zip(parts) {
            rows.extend(part);
            if rows.len() >= SEND {
                send(server, table, rows)?;
            }
        }
        Ok(())
    })?;
    for (table, rows) in tables().iter().zip(&mut waiting) {
        send(server, table, rows)?;
    }
    let mut remarks = Vec::new();
    for statement in sql::indexes(&format!("{STAGING}.")) {
        if let Err(error) = server.run(&statement) {
            remarks.push(format!("{statement}: {error}"));
        }
        if !(way.progress)(studies) {
            return Err(Error::Stopped);
        }
    }
    for statement in sql::views(&format!("{STAGING}."), Dialect::Postgres) {
        server.run(&statement)?;
    }
    server.run(&format!("COMMENT ON SCHEMA {STAGING} IS '{MARK}'"))?;
    for table in tables() {
        server.run(&format!("ANALYZE {}", in_staging(table)))?;
    }
    Ok(Loaded { studies, remarks })
}

fn in_staging(table: &Table) -> String {
    format!("{STAGING}.\"{}\"", table.name)
}

fn send(server: &mut dyn Server, table: &Table, rows: &mut Vec<u8>) -> Result<(), Error> {
    if !rows.is_empty() {
        server.copy(&format!("COPY {} FROM STDIN", in_staging(table)), rows)?;
        rows.clear();
    }
    Ok(())
}

/// Puts the filled schema in the place of the old one, whose readers may go on to read the new.
fn replace(server: &mut dyn Server) -> Result<(), Error> {
    let grants = server.ask(&format!(
        "SELECT format('GRANT USAGE ON SCHEMA {STAGING} TO %1$s; GRANT SELECT ON ALL TABLES IN SCHEMA {STAGING} TO %1$s',
                CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END)
         FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
         WHERE n.nspname = '{SCHEMA}' AND a.privilege_type = 'USAGE' AND a.grantee <> n.nspowner ORDER BY 1"
    ))?;
    let grants: String = grants.iter().map(|grant| format!("{grant};\n")).collect();
    server.run(&format!(
        "BEGIN;\n{grants}DROP SCHEMA IF EXISTS {SCHEMA} CASCADE;\nALTER SCHEMA {STAGING} RENAME TO {SCHEMA};\nCOMMIT"
    ))
}

/// A text as COPY reads it. PostgreSQL has no character zero in texts: it is replaced.
fn escaped(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            byte => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_are_escaped_for_copy() {
        let mut out = Vec::new();
        super::escaped("a\tb\\N\r\n\0ü", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "a\\tb\\\\N\\r\\n\u{fffd}ü");
    }
}
