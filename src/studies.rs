//! Lists of studies on standard output: as a table for people, as JSON, JSON lines or CSV for programs.

use std::io::Write;

use anyhow::Result;
use index::Reason;
use model::{Kind, Piece, Study, StudyId, enums, markup, piece};
use serde_json::{Map, Value, json};

use crate::{ending::Unreadable, format::Format, terminal};

/// A study found, and why.
pub struct Row {
    /// The study.
    pub study: Study,
    /// How well it fits.
    pub score: f32,
    /// Kilometres to its nearest site.
    pub km: Option<f64>,
    /// What it was found by.
    pub why: Vec<Reason>,
    /// What it shares with another.
    pub shares: Vec<String>,
}

/// A value of a study under a name.
pub struct Column {
    name: String,
    piece: &'static Piece,
    many: bool,
}

/// Name in the output and piece, where none are chosen. `search --help` documents them.
const USUAL: [(&str, &str); 9] = [
    ("briefTitle", "BriefTitle"),
    ("overallStatus", "OverallStatus"),
    ("studyType", "StudyType"),
    ("phases", "Phase"),
    ("conditions", "Condition"),
    ("interventions", "InterventionName"),
    ("leadSponsor", "LeadSponsorName"),
    ("enrollment", "EnrollmentCount"),
    ("startDate", "StartDate"),
];

/// What is printed of each study.
pub struct Listing {
    columns: Vec<Column>,
    /// Whether the columns were chosen by the user.
    chosen: bool,
    /// Whether rows have distances, reasons, things shared.
    pub km: bool,
    pub why: bool,
    pub shares: bool,
}

impl Listing {
    /// The usual columns, or the pieces named.
    pub fn new(fields: &[String]) -> Result<Self> {
        let columns: Result<Vec<Column>> = match fields {
            [] => Ok(USUAL.iter().map(|(name, piece)| Column::new(name, piece::known(piece))).collect()),
            _ => fields.iter().map(|name| Column::named(name)).collect(),
        };
        Ok(Self { columns: columns?, chosen: !fields.is_empty(), km: false, why: false, shares: false })
    }

    /// Prints rows as they come. `head` is what a JSON document says before its list of studies.
    pub fn print(
        &self,
        out: &mut dyn Write,
        format: Format,
        head: &Map<String, Value>,
        rows: impl Iterator<Item = Result<Row>>,
    ) -> Result<()> {
        match format {
            Format::Table => self.table(out, rows),
            Format::Json => self.json(out, head, rows),
            Format::Jsonl => {
                for row in rows {
                    serde_json::to_writer(&mut *out, &self.object(&row?))?;
                    out.write_all(b"\n")?;
                }
                Ok(())
            }
            Format::Csv => self.csv(out, rows),
        }
    }

    fn json(
        &self,
        out: &mut dyn Write,
        head: &Map<String, Value>,
        rows: impl Iterator<Item = Result<Row>>,
    ) -> Result<()> {
        out.write_all(b"{")?;
        for (key, value) in head {
            write!(out, "{}:{value},", Value::from(key.as_str()))?;
        }
        out.write_all(b"\"studies\":[")?;
        for (i, row) in rows.enumerate() {
            out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut *out, &self.object(&row?))?;
        }
        Ok(out.write_all(b"\n]}\n")?)
    }

    fn object(&self, row: &Row) -> Value {
        let mut object = Map::new();
        object.insert("nctId".into(), json!(row.study.id()));
        object.insert("score".into(), short(row.score));
        for column in &self.columns {
            object.insert(column.name.clone(), column.value(&row.study));
        }
        if self.km {
            object.insert("km".into(), row.km.map_or(Value::Null, |km| json!((km * 10.0).round() / 10.0)));
        }
        if self.shares {
            object.insert("shares".into(), json!(row.shares));
        }
        if self.why {
            let why = row.why.iter().map(
                |r| json!({"words": r.words, "piece": r.piece, "how": r.how, "counts": short(r.counts)}),
            );
            object.insert("why".into(), why.collect());
        }
        object.into()
    }

    fn csv(&self, out: &mut dyn Write, rows: impl Iterator<Item = Result<Row>>) -> Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        let mut header = vec!["nctId", "score"];
        header.extend(self.columns.iter().map(|c| c.name.as_str()));
        header.extend(self.km.then_some("km"));
        header.extend(self.shares.then_some("shares"));
        csv.write_record(&header)?;
        for row in rows {
            let Value::Object(object) = self.object(&row?) else { continue };
            csv.write_record(header.iter().map(|name| cell(object.get(*name).unwrap_or(&Value::Null))))?;
        }
        Ok(csv.flush()?)
    }

    fn table(&self, out: &mut dyn Write, rows: impl Iterator<Item = Result<Row>>) -> Result<()> {
        let layout = Layout::new(self, terminal::width());
        for (i, row) in rows.enumerate() {
            if i == 0 {
                writeln!(out, "{}", terminal::bold(&layout.line(&layout.names())))?;
            }
            let row = row?;
            writeln!(out, "{}", layout.line(&layout.cells(&row)))?;
            for reason in &row.why {
                let line = format!(
                    "{:>12.3}  {} in {} ({})",
                    reason.counts,
                    terminal::one_line(&reason.words),
                    reason.piece,
                    reason.how
                );
                writeln!(out, "{}", terminal::faint(&terminal::cut(&line, layout.width)))?;
            }
        }
        Ok(())
    }
}

impl Column {
    fn new(name: &str, piece: &'static Piece) -> Self {
        Self { name: name.to_owned(), piece, many: has_many(piece) }
    }

    fn named(name: &str) -> Result<Self> {
        let mut error = format!("there is no field `{name}`");
        match piece::by_name(name) {
            Some(piece) if !piece.indexed_only => return Ok(Self::new(name, piece)),
            Some(_) => error += ": it can be searched, but is no part of a record",
            None if !piece::near(name).is_empty() => {
                error += &format!("\n  did you mean {}?", piece::near(name).join(" or "));
            }
            None => {}
        }
        Err(Unreadable(error).into())
    }

    /// A list where the record may have several; `null` where it has none.
    fn value(&self, study: &Study) -> Value {
        let values = self.piece.values(study.json());
        if self.many {
            return values.into_iter().cloned().collect();
        }
        values.first().map_or(Value::Null, |value| (*value).clone())
    }

    fn shown(&self, study: &Study) -> String {
        let values = self.piece.values(study.json());
        let shown: Vec<String> = values.iter().map(|value| shown(self.piece, value)).collect();
        shown.join(", ")
    }
}

/// Whether a record may have several values of a piece: it is a list, or lies in one.
fn has_many(piece: &Piece) -> bool {
    let ends = piece.path.match_indices('.').map(|(i, _)| i).chain([piece.path.len()]);
    ends.filter_map(|end| piece::by_path(&piece.path[..end])).any(|p| p.list)
}

/// A value of a piece as people read it.
pub fn shown(piece: &Piece, value: &Value) -> String {
    match (piece.kind, value) {
        (Kind::Enum(kind), Value::String(text)) => enums::label(kind.name, text).to_owned(),
        (Kind::Markup, Value::String(text)) => markup::unescape(text).into_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        (_, other) => other.to_string(),
    }
}

/// A number with the digits that it has, not those of its neighbour of twice the width.
fn short(number: f32) -> Value {
    number.to_string().parse::<f64>().map_or(Value::Null, |n| json!(n))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

/// The columns of a table and how wide they are.
struct Layout<'l> {
    listing: &'l Listing,
    width: usize,
    widths: Vec<usize>,
}

const ID: usize = 11;
const GAP: usize = 2;
/// From so many columns on there is room for whole statuses and the conditions.
const WIDE: usize = 120;

impl<'l> Layout<'l> {
    fn new(listing: &'l Listing, width: usize) -> Self {
        let mut fixed = vec![ID];
        if listing.km {
            fixed.push(8);
        }
        let mut layout = Self { listing, width, widths: Vec::new() };
        let open = if listing.chosen {
            listing.columns.len()
        } else {
            fixed.extend([if width < WIDE { 14 } else { 23 }, 7]);
            layout.open_columns()
        };
        let taken = fixed.iter().sum::<usize>() + GAP * (fixed.len() + open - 1);
        let each = width.saturating_sub(taken) / open.max(1);
        fixed.extend(std::iter::repeat_n(each.max(8), open));
        layout.widths = fixed;
        layout
    }

    /// Columns that share the room: title, what is shared, on wide terminals the conditions.
    fn open_columns(&self) -> usize {
        1 + usize::from(self.listing.shares) + usize::from(self.width >= WIDE)
    }

    fn names(&self) -> Vec<String> {
        let mut names = vec!["NCT ID"];
        names.extend(self.listing.km.then_some("DISTANCE"));
        if self.listing.chosen {
            names.extend(self.listing.columns.iter().map(|c| c.name.as_str()));
        } else {
            names.extend(["STATUS", "PHASE", "TITLE"]);
            names.extend(self.listing.shares.then_some("SHARES"));
            names.extend((self.width >= WIDE).then_some("CONDITIONS"));
        }
        names.into_iter().map(str::to_owned).collect()
    }

    fn cells(&self, row: &Row) -> Vec<String> {
        let study = &row.study;
        let mut cells = vec![study.id().to_string()];
        if self.listing.km {
            cells.push(row.km.map_or_else(String::new, |km| format!("{km:.0} km")));
        }
        if self.listing.chosen {
            cells.extend(self.listing.columns.iter().map(|c| c.shown(study)));
            return cells;
        }
        let status = study.text("OverallStatus").unwrap_or_default();
        cells.extend([enums::label("Status", status).to_owned(), phase(study), study.title()]);
        if self.listing.shares {
            cells.push(row.shares.join(", "));
        }
        if self.width >= WIDE {
            cells.push(study.texts("Condition").join(", "));
        }
        cells
    }

    fn line(&self, cells: &[String]) -> String {
        let fitted = cells.iter().zip(&self.widths).map(|(c, w)| terminal::fit(&terminal::one_line(c), *w));
        fitted.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

/// The phases in few letters: `1/2`, `Early 1`; empty where none is stated or none applies.
pub fn phase(study: &Study) -> String {
    let short = |value: &&str| {
        match *value {
            "EARLY_PHASE1" => Some("Early 1"),
            "NA" => None,
            other => Some(other.strip_prefix("PHASE").unwrap_or(other)),
        }
        .map(str::to_owned)
    };
    study.texts("Phase").iter().filter_map(short).collect::<Vec<_>>().join("/")
}

/// Reads the records of ids, one at a time.
pub fn study(registry: &registry::Registry, id: StudyId) -> Result<Study> {
    let study = registry.study(id)?;
    study.ok_or_else(|| anyhow::anyhow!("{id} is in the index but not in the store. Run `trialist doctor`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_from_single_values() {
        for (name, many) in [
            ("BriefTitle", false),
            ("Phase", true),
            ("InterventionName", true),
            ("LocationCity", true),
            ("EnrollmentCount", false),
        ] {
            assert_eq!(has_many(piece::known(name)), many, "{name}");
        }
    }

    #[test]
    fn scores_keep_their_own_digits() {
        assert_eq!(short(0.1).to_string(), "0.1");
        assert_eq!(short(f32::NAN), Value::Null);
    }
}
