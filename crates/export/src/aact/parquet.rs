//! The tables as Parquet: a file each, compressed with zstd.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::scope,
};

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender, bounded};
use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel},
    column::writer::{ColumnCloseResult, ColumnWriter, get_column_writer},
    data_type::ByteArray,
    errors::ParquetError,
    file::{
        properties::{WriterProperties, WriterPropertiesPtr},
        writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite},
    },
    schema::types::{SchemaDescriptor, Type},
};

use super::{
    column::{Texts, Values},
    rows::{Rows, TableRows},
    schema::{Column, Kind, Table, tables},
};
use crate::{Error, Records, Way};

/// A row group of a table is written when its values have so many bytes.
const GROUP: usize = 16 << 20;

/// Writes `TABLE.parquet` for every table into a folder that exists; returns the number of studies.
///
/// Texts are UTF-8 strings, days dates, decimal numbers doubles; every column may be null.
pub fn parquet(records: impl Records, folder: &Path, way: &mut Way<'_>) -> Result<u64, Error> {
    let files: Vec<TableFile> =
        tables().iter().map(|t| TableFile::create(t, folder)).collect::<Result<_, _>>()?;
    let threads = way.threads.max(1);
    let failed = Mutex::new(None);
    let done = scope(|scope| {
        let (send, groups) = bounded::<Group>(threads);
        for _ in 0..threads {
            let (groups, files, failed) = (groups.clone(), &files, &failed);
            scope.spawn(move || encode(&groups, files, failed));
        }
        drop(groups);
        collect(records, way, &send)
    });
    // What stopped the writers is why the others found nobody to write for.
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    files.into_iter().try_for_each(TableFile::close)?;
    done
}

/// Rows of a table, and which of its groups they are.
struct Group {
    table: usize,
    number: usize,
    rows: TableRows,
}

/// Gathers the rows into groups, the same on any number of threads.
fn collect(records: impl Records, way: &mut Way<'_>, send: &Sender<Group>) -> Result<u64, Error> {
    let mut gathered = Rows::new();
    let mut numbers = vec![0; gathered.tables.len()];
    let mut pass_on = |table: usize, rows: &mut TableRows| {
        let fresh = TableRows::new(rows.table);
        let group = Group { table, number: numbers[table], rows: std::mem::replace(rows, fresh) };
        numbers[table] += 1;
        send.send(group).map_err(|_| Error::Stopped)
    };
    let done = super::rows(records, way, Ok, |mut part: Rows| {
        for (table, (rows, more)) in gathered.tables.iter_mut().zip(&mut part.tables).enumerate() {
            rows.append(more);
            if rows.size() >= GROUP {
                pass_on(table, rows)?;
            }
        }
        Ok(())
    })?;
    for (table, rows) in gathered.tables.iter_mut().enumerate().filter(|(_, rows)| rows.rows > 0) {
        pass_on(table, rows)?;
    }
    Ok(done)
}

/// Encodes groups until there are no more; after an error, of anyone, nobody encodes any more.
fn encode(groups: &Receiver<Group>, files: &[TableFile], failed: &Mutex<Option<Error>>) {
    let failure = || failed.lock().unwrap_or_else(PoisonError::into_inner);
    for group in groups {
        if failure().is_some() {
            return;
        }
        let file = &files[group.table];
        if let Err(error) = file.encoded(group.rows).and_then(|encoded| file.write(group.number, encoded)) {
            failure().get_or_insert(error);
            return;
        }
    }
}

/// A column of a group as it will stand in the file.
type Encoded = (Bytes, ColumnCloseResult);

/// The file of a table.
struct TableFile {
    schema: SchemaDescriptor,
    properties: WriterPropertiesPtr,
    turn: Mutex<Turn>,
}

/// The file, and the groups whose turn has not come.
struct Turn {
    writer: SerializedFileWriter<File>,
    next: usize,
    waiting: BTreeMap<usize, Vec<Encoded>>,
}

impl TableFile {
    fn create(table: &Table, folder: &Path) -> Result<Self, Error> {
        let fields = table.columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
        let root = Arc::new(Type::group_type_builder(table.name).with_fields(fields).build()?);
        let level = ZstdLevel::try_new(3)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by("trialist".to_owned())
            .build();
        let properties = Arc::new(properties);
        let file = File::create_new(folder.join(format!("{}.parquet", table.name)))?;
        let writer = SerializedFileWriter::new(file, root.clone(), properties.clone())?;
        let turn = Mutex::new(Turn { writer, next: 0, waiting: BTreeMap::new() });
        Ok(Self { schema: SchemaDescriptor::new(root), properties, turn })
    }

    fn encoded(&self, rows: TableRows) -> Result<Vec<Encoded>, Error> {
        let columns = rows.columns.into_iter().zip(self.schema.columns());
        let one = |(values, described): (Values, &parquet::schema::types::ColumnDescPtr)| {
            let mut sink = TrackedWrite::new(Vec::new());
            let pages = Box::new(SerializedPageWriter::new(&mut sink));
            let mut writer = get_column_writer(described.clone(), self.properties.clone(), pages);
            write(&mut writer, values)?;
            let closed = writer.close()?;
            Ok((Bytes::from(sink.into_inner()?), closed))
        };
        columns.map(one).collect()
    }

    /// Writes a group, or keeps it until those before it have come.
    fn write(&self, number: usize, encoded: Vec<Encoded>) -> Result<(), Error> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        turn.waiting.insert(number, encoded);
        let turn = &mut *turn;
        while let Some(columns) = turn.waiting.remove(&turn.next) {
            let mut group = turn.writer.next_row_group()?;
            for (bytes, closed) in columns {
                group.append_column(&bytes, closed)?;
            }
            group.close()?;
            turn.next += 1;
        }
        Ok(())
    }

    fn close(self) -> Result<(), Error> {
        let turn = self.turn.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut file = turn.writer.into_inner()?;
        file.flush()?;
        Ok(file.sync_all()?)
    }
}

fn field(column: &Column) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Key => (Physical::INT64, None),
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT32, None),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Boolean => (Physical::BOOLEAN, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Timestamp => {
            let micros = LogicalType::timestamp(false, TimeUnit::MICROS);
            (Physical::INT64, Some(micros))
        }
    };
    let builder = Type::primitive_type_builder(column.name, physical).with_repetition(Repetition::OPTIONAL);
    Ok(Arc::new(builder.with_logical_type(logical).build()?))
}

/// Writes the values of a column and which of them are there.
fn write(writer: &mut ColumnWriter<'_>, values: Values) -> Result<(), Error> {
    fn some<T: Copy, U>(values: &[Option<T>], as_written: impl Fn(T) -> U) -> (Vec<U>, Vec<i16>) {
        let there = values.iter().map(|value| i16::from(value.is_some())).collect();
        (values.iter().flatten().map(|value| as_written(*value)).collect(), there)
    }
    match (writer, values) {
        (ColumnWriter::ByteArrayColumnWriter(writer), Values::Text(Texts { bytes, spans })) => {
            let bytes = Bytes::from(bytes);
            let (values, there) = some(&spans, |(start, end)| ByteArray::from(bytes.slice(start..end)));
            writer.write_batch(&values, Some(&there), None)?;
        }
        (ColumnWriter::DoubleColumnWriter(writer), Values::Number(texts)) => {
            let numbers: Vec<Option<f64>> =
                (0..texts.spans.len()).map(|row| texts.get(row)?.parse().ok()).collect();
            let (values, there) = some(&numbers, |number| number);
            writer.write_batch(&values, Some(&there), None)?;
        }
        (ColumnWriter::Int64ColumnWriter(writer), Values::Key(keys)) => {
            let (values, there) = some(&keys, |key| key);
            writer.write_batch(&values, Some(&there), None)?;
        }
        (ColumnWriter::Int64ColumnWriter(writer), Values::Timestamp(seconds)) => {
            let (values, there) = some(&seconds, |second| second * 1_000_000);
            writer.write_batch(&values, Some(&there), None)?;
        }
        (ColumnWriter::Int32ColumnWriter(writer), Values::Integer(numbers) | Values::Date(numbers)) => {
            let (values, there) = some(&numbers, |number| number);
            writer.write_batch(&values, Some(&there), None)?;
        }
        (ColumnWriter::BoolColumnWriter(writer), Values::Boolean(flags)) => {
            let (values, there) = some(&flags, |flag| flag);
            writer.write_batch(&values, Some(&there), None)?;
        }
        _ => return Err(ParquetError::General("a column of another kind than its values".to_owned()).into()),
    }
    Ok(())
}
