//! Parquet: a table kept by columns, as data scientists pass collections on. Each row is given on as a JSON object, since
//! its cells may be lists and objects; only columns that may hold a field are read.
//!
//! The file is read from its end, where its columns are described, one group of rows at a time: from disk where it lies
//! there by itself, else from memory. Layout: <https://parquet.apache.org/docs/file-format/>

use std::io::{self, BufRead, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::basic::{LogicalType, TimeUnit};
use ::parquet::file::reader::{ChunkReader, FileReader, RowGroupReader, SerializedFileReader};
use ::parquet::record::Field as Value;
use ::parquet::record::reader::RowIter;
use ::parquet::schema::types::{Type, TypePtr};
use bytes::Bytes;
use serde_json::{Map, Value as Json};

use crate::archive::{self, OverLimit, SkipReason};
use crate::date::Date;
use crate::format::field::{self, Field};
use crate::format::frame::Piece;
use crate::format::{Context, Cutter};

/// Rows decoded at once.
const BATCH: usize = 64;
/// Lists and objects in each other; deeper ones are left out.
const DEPTH: usize = 16;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// Cuts a file into its rows. One without its end cannot be read at all.
///
/// # Errors
/// What the file is broken by.
pub fn rows(read: &mut dyn BufRead, cutter: &mut Cutter<'_>) -> io::Result<()> {
    if let Some(location) = &cutter.context.location {
        return table(archive::open(location)?, cutter);
    }
    let Some(bytes) = cutter.read_whole(read)? else { return Ok(()) };
    table(Bytes::from(bytes), cutter)
}

fn table<R: ChunkReader + 'static>(source: R, cutter: &mut Cutter<'_>) -> io::Result<()> {
    let reader = guarded(|| SerializedFileReader::new(source))?;
    let schema = reader.metadata().file_metadata().schema().clone();
    let Some(chosen) = chosen(&schema, &cutter.context) else {
        let names: Vec<&str> = schema.get_fields().iter().take(12).map(|column| column.name()).collect();
        let detail = format!("no column holds a title or text, name one with --map; columns are {}", names.join(", "));
        cutter.skip(SkipReason::NoText, &detail);
        return Ok(());
    };
    let moments: Vec<Option<Moment>> = chosen.iter().map(|column| moment(column)).collect();
    let projection = Type::group_type_builder(schema.name()).with_fields(chosen).build().map_err(broken)?;
    let before = *cutter.number;
    for number in 0..reader.num_row_groups() {
        let most = cutter.context.limits.member_bytes;
        if u64::try_from(reader.metadata().row_group(number).total_byte_size()).unwrap_or(u64::MAX) > most {
            return Err(OverLimit::MemberBytes(most).into());
        }
        let group = guarded(|| reader.get_row_group(number))?;
        if !group_rows(&*group, &projection, &moments, cutter)? {
            return Ok(());
        }
    }
    if *cutter.number == before {
        cutter.skip(SkipReason::NoText, "a table without rows");
    }
    Ok(())
}

/// Cuts one group of rows; false to stop.
fn group_rows(
    group: &dyn RowGroupReader,
    projection: &Type,
    moments: &[Option<Moment>],
    cutter: &mut Cutter<'_>,
) -> io::Result<bool> {
    let limit = cutter.limit();
    let mut rows = guarded(|| RowIter::from_row_group(Some(projection.clone()), group))?.with_batch_size(BATCH);
    loop {
        let Some(row) = guarded(|| rows.next().transpose())? else { return Ok(true) };
        let mut object = Map::new();
        for ((name, value), moment) in row.get_column_iter().zip(moments) {
            let value = match (value, moment) {
                (Value::Long(number), Some(moment)) => Json::String(moment.written(*number)),
                (Value::TimestampMillis(number), Some(Moment { is_utc, .. })) => {
                    Json::String(Moment { per_second: 1_000, is_utc: *is_utc }.written(*number))
                }
                (Value::TimestampMicros(number), Some(Moment { is_utc, .. })) => {
                    Json::String(Moment { per_second: 1_000_000, is_utc: *is_utc }.written(*number))
                }
                _ => json(value, DEPTH),
            };
            object.insert(name.clone(), value);
        }
        let bytes = serde_json::to_vec(&object)?;
        let piece = if bytes.len() > limit { Piece::TooLong(0) } else { Piece::Bytes(bytes) };
        if !cutter.piece(piece) {
            return Ok(false);
        }
    }
}

/// The columns that may hold a field; `None` if none holds a title or text.
fn chosen(schema: &Type, context: &Context) -> Option<Vec<TypePtr>> {
    let columns = schema.get_fields();
    let names: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
    let fields = field::positions(&names, &context.map);
    let is_mapped = |name: &str| context.map.0.iter().any(|(_, column)| column.split('.').next() == Some(name));
    // articles may lie one level further in, and our own output says so by its origin
    let is_envelope = |name: &str| field::envelopes().contains(&name) || name == "origin";
    let has_text = fields.iter().any(|(field, at)| {
        let is_weak = context.map.0.is_empty() && field::known(&names[*at]).is_some_and(|alias| alias.weak);
        !is_weak && matches!(field, Field::Title | Field::Body)
    });
    let has_text = has_text
        || columns.iter().any(|column| is_envelope(column.name()) && column.is_group() && column.name() != "origin")
        || context.map.0.iter().any(|(_, column)| column.contains('.'));
    let wanted = columns.iter().enumerate().filter(|(at, column)| {
        fields.iter().any(|(_, place)| place == at) || is_mapped(column.name()) || is_envelope(column.name())
    });
    has_text.then(|| wanted.map(|(_, column)| Arc::clone(column)).collect())
}

/// How a column counts time since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    /// Of its units in a second.
    per_second: i64,
    is_utc: bool,
}

/// How a column of moments counts, where the row's value does not say.
fn moment(column: &Type) -> Option<Moment> {
    if !column.is_primitive() {
        return None;
    }
    if column.get_physical_type() == ::parquet::basic::Type::INT96 {
        // by custom they are of UTC
        return Some(Moment { per_second: 1_000, is_utc: true });
    }
    match column.get_basic_info().logical_type_ref()? {
        LogicalType::Timestamp(kind) => {
            let per_second = match kind.unit {
                TimeUnit::MILLIS => 1_000,
                TimeUnit::MICROS => 1_000_000,
                TimeUnit::NANOS => 1_000_000_000,
            };
            Some(Moment { per_second, is_utc: kind.is_adjusted_to_u_t_c })
        }
        _ => None,
    }
}

impl Moment {
    /// A day, with its time unless that is midnight of no zone, as days without a time are kept.
    fn written(self, number: i64) -> String {
        let seconds = number.div_euclid(self.per_second);
        let (day, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let Some(date) = Date::from_days(day) else { return number.to_string() };
        if second == 0 && !self.is_utc {
            return date.to_string();
        }
        let zone = if self.is_utc { "Z" } else { "" };
        format!("{date}T{:02}:{:02}:{:02}{zone}", second / 3600, second / 60 % 60, second % 60)
    }
}

fn json(value: &Value, depth: usize) -> Json {
    let utc = |per_second| Moment { per_second, is_utc: true };
    match value {
        Value::Bool(value) => Json::Bool(*value),
        Value::Byte(number) => Json::from(*number),
        Value::Short(number) => Json::from(*number),
        Value::Int(number) | Value::TimeMillis(number) => Json::from(*number),
        Value::Long(number) | Value::TimeMicros(number) => Json::from(*number),
        Value::UByte(number) => Json::from(*number),
        Value::UShort(number) => Json::from(*number),
        Value::UInt(number) => Json::from(*number),
        Value::ULong(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Double(number) => Json::from(*number),
        Value::Str(text) => Json::String(text.clone()),
        // some programs do not mark text as such
        Value::Bytes(bytes) => Json::String(String::from_utf8_lossy(bytes.data()).into_owned()),
        Value::Date(day) => Date::from_days(i64::from(*day)).map_or(Json::Null, |date| Json::String(date.to_string())),
        Value::TimestampMillis(number) => Json::String(utc(1_000).written(*number)),
        Value::TimestampMicros(number) => Json::String(utc(1_000_000).written(*number)),
        Value::Group(row) if depth > 0 => {
            Json::Object(row.get_column_iter().map(|(name, value)| (name.clone(), json(value, depth - 1))).collect())
        }
        Value::ListInternal(list) if depth > 0 => {
            Json::Array(list.elements().iter().map(|value| json(value, depth - 1)).collect())
        }
        Value::MapInternal(map) if depth > 0 => {
            let entries = map.entries().iter().filter_map(|(key, value)| match key {
                Value::Str(key) => Some((key.clone(), json(value, depth - 1))),
                _ => None,
            });
            Json::Object(entries.collect())
        }
        // no fields of articles, and what is nested too deep
        _ => Json::Null,
    }
}

/// Runs a step of the library, which panics over some broken files.
fn guarded<T>(step: impl FnOnce() -> ::parquet::errors::Result<T>) -> io::Result<T> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(result) => result.map_err(broken),
        Err(_) => Err(io::Error::new(ErrorKind::InvalidData, "broken in a way its reader does not expect")),
    }
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_precisely_as_they_are_meant() {
        let day = 19_844 * DAY;
        for (per_second, is_utc, number, text) in [
            (1, false, day, "2024-05-01"),
            (1, true, day, "2024-05-01T00:00:00Z"),
            (1_000_000_000, false, (day + 37_230) * 1_000_000_000 + 5, "2024-05-01T10:20:30"),
            (1_000, true, -1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(Moment { per_second, is_utc }.written(number), text);
        }
    }
}
