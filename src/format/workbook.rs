//! Spreadsheets: each sheet that has a column of titles or texts is read as a table.
//!
//! Cells are streamed, since a sheet of two cells may claim a million rows of them.

use std::io::{self, BufRead, Cursor, ErrorKind, Read};
use std::sync::Arc;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use crate::archive::{HEAD, OverLimit, Skip};
use crate::format::{Context, Cutter, Format, table};

/// Columns of a row that are read.
const COLUMNS: u32 = 1024;
/// How many times a record's bytes all parts of a workbook may unpack to.
const PARTS: u64 = 2;

/// Cuts the sheets of a workbook into rows, each given on as a line of a table.
///
/// # Errors
/// If no sheet has a column of titles or texts, or what the file is broken by.
pub fn rows(
    read: &mut dyn BufRead,
    context: &Context,
    number: &mut u64,
    emit: &mut dyn FnMut(Result<crate::format::Record, Skip>) -> bool,
) -> Result<io::Result<()>, Skip> {
    let limit = context.limits.record_bytes;
    let mut workbook = match open(read, limit) {
        Ok(workbook) => workbook,
        Err(error) => return Ok(Err(error)),
    };
    let mut without_text = None;
    let mut cut = false;
    for name in workbook.sheet_names() {
        let lines = match sheet(&mut workbook, &name, limit) {
            Ok(lines) => lines,
            Err(error) => return Ok(Err(error)),
        };
        if lines.is_empty() {
            continue;
        }
        match table::layout(&lines[..lines.len().min(HEAD)], lines.len() <= HEAD, context) {
            Ok(layout) => {
                let context = Arc::new(Context { table: Some(layout.clone()), ..context.clone() });
                let mut cutter = Cutter { format: Format::Workbook, number, context, emit };
                if let Err(error) = table::rows(&mut &lines[..], &layout, &mut cutter) {
                    return Ok(Err(error));
                }
                cut = true;
            }
            Err(skip) => _ = without_text.get_or_insert(skip),
        }
    }
    match without_text {
        Some(skip) if !cut => Err(skip),
        _ => Ok(Ok(())),
    }
}

fn open(read: &mut dyn BufRead, limit: usize) -> io::Result<Xlsx<Cursor<Vec<u8>>>> {
    let mut packed = Vec::new();
    read.take(limit as u64 + 1).read_to_end(&mut packed)?;
    if packed.len() > limit {
        return Err(OverLimit::MemberBytes(limit as u64).into());
    }
    // what the parts unpack to is counted first, as they are read whole
    let mut archive = zip::ZipArchive::new(Cursor::new(&packed)).map_err(broken)?;
    let most = limit as u64 * PARTS;
    let mut left = most;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(broken)?;
        left -= io::copy(&mut part.take(left), &mut io::sink())?;
        if left == 0 {
            return Err(OverLimit::MemberBytes(most).into());
        }
    }
    Xlsx::new(Cursor::new(packed)).map_err(broken)
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}

/// A sheet as lines of quoted cells.
fn sheet(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str, limit: usize) -> io::Result<Vec<u8>> {
    // a chart has no cells
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { return Ok(Vec::new()) };
    let mut writer =
        csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).flexible(true).from_writer(Vec::new());
    let over_limit = || io::Error::from(OverLimit::MemberBytes(limit as u64));
    let (mut row, mut open, mut bytes): (Vec<String>, u32, usize) = (Vec::new(), 0, 0);
    loop {
        let cell = cells.next_cell().map_err(broken)?;
        let position = cell.as_ref().map(calamine::Cell::get_position);
        if position.is_none_or(|(number, _)| number != open) && row.iter().any(|cell| !cell.is_empty()) {
            writer.write_record(&row)?;
            (row, bytes) = (Vec::new(), 0);
            // a cell far to the right makes a long line
            if writer.get_ref().len() > limit {
                return Err(over_limit());
            }
        }
        let (Some(cell), Some((number, column))) = (cell, position) else { break };
        if number != open {
            row.clear();
        }
        open = number;
        if column >= COLUMNS {
            continue;
        }
        let value = written(cell.get_value());
        bytes += value.len();
        if bytes > limit {
            return Err(over_limit());
        }
        let column = column as usize;
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = value;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn written(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::DateTime(date) => moment(date),
        DataRef::Bool(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// A day, with its time unless that is midnight, as days without a time are kept.
fn moment(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let time =
        if (hour, minute, second) == (0, 0, 0) { String::new() } else { format!("T{hour:02}:{minute:02}:{second:02}") };
    format!("{year:04}-{month:02}-{day:02}{time}")
}
