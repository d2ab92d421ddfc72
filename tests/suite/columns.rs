//! Parquet: read and written in builds with the feature, and named in others.

use crate::sandbox::{Sandbox, TODAY};

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_how_to_make_one_with_it() {
    let sandbox = Sandbox::new();
    sandbox.write("a/table.parquet", b"PAR1\x15\x04\x15\x00PAR1");
    sandbox.write("a/b.txt", "A title\n\nSome text of the day.\n");
    let summary = sandbox.index(&sandbox.path().join("a"));
    assert_eq!((&summary["articles"], &summary["skipped"]["not built in"]), (&1.into(), &1.into()));
    assert_eq!(
        summary["examples"]["not built in"]["detail"],
        "Parquet, which `cargo build --release --features parquet` reads"
    );
    let error = sandbox.error(&format!("export --format parquet --today {TODAY}"), 2);
    assert!(error.contains("`cargo build --release --features parquet`"), "{error}");
}

#[cfg(feature = "parquet")]
mod built_in {
    use std::sync::Arc;

    use parquet::basic::{Compression, ZstdLevel};
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use serde_json::Value;

    use super::*;

    /// A table as pandas writes one: a headline, a text, a moment in nanoseconds, and a column that means nothing; rows
    /// in groups of two.
    fn table(rows: &[(&str, &str, i64)], compression: Compression) -> Vec<u8> {
        let schema = "message schema { optional binary Headline (STRING); optional binary content (STRING);
            required int64 pub_date (TIMESTAMP(NANOS,false)); optional binary junk; }";
        let properties = WriterProperties::builder().set_compression(compression).build();
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
        for rows in rows.chunks(2) {
            let mut group = file.next_row_group().unwrap();
            for column in 0..4 {
                let mut writer = group.next_column().unwrap().unwrap();
                if column == 2 {
                    let values: Vec<i64> = rows.iter().map(|row| row.2).collect();
                    writer.typed::<Int64Type>().write_batch(&values, None, None).unwrap();
                } else {
                    let text = |row: &(&str, &str, i64)| [row.0, row.1, "", "junk"][column].to_owned();
                    let texts: Vec<String> = rows.iter().map(text).collect();
                    let values: Vec<ByteArray> =
                        texts.iter().filter(|text| !text.is_empty()).map(|text| text.as_str().into()).collect();
                    let levels: Vec<i16> = texts.iter().map(|text| i16::from(!text.is_empty())).collect();
                    writer.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
                }
                writer.close().unwrap();
            }
            group.close().unwrap();
        }
        file.into_inner().unwrap()
    }

    const ROWS: [(&str, &str, i64); 3] = [
        ("Ferry sinks", "The ferry to Marsh Island sank on Monday.", 1_714_558_830_000_000_000),
        ("", "", 0),
        ("Harvest ends", "The harvest was poor.", 1_714_521_600_000_000_000),
    ];

    #[test]
    fn rows_are_articles_and_empty_ones_are_counted() {
        let all = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::LZ4_RAW,
            Compression::ZSTD(ZstdLevel::default()),
        ];
        for compression in all {
            let sandbox = Sandbox::new();
            sandbox.write("a/t.parquet", table(&ROWS, compression));
            let articles = sandbox.lines(&format!("extract a --today {TODAY}"));
            let shown: Vec<_> = articles
                .iter()
                .map(|article| (&article["title"], &article["date"], &article["origin"]["record"]))
                .collect();
            let expected: [(Value, Value, Value); 2] = [
                ("Ferry sinks".into(), "2024-05-01T10:20:30".into(), 1.into()),
                ("Harvest ends".into(), "2024-05-01".into(), 3.into()),
            ];
            assert_eq!(shown, expected.iter().map(|(a, b, c)| (a, b, c)).collect::<Vec<_>>(), "{compression:?}");
            assert_eq!(sandbox.index(&sandbox.path().join("a"))["skipped"]["no text"], 1);
        }
    }

    #[test]
    fn columns_are_mapped_as_those_of_any_table() {
        let sandbox = Sandbox::new();
        sandbox.write("a/t.parquet", table(&ROWS, Compression::SNAPPY));
        let articles = sandbox.lines(&format!("extract a --map body=Headline --map title=content --today {TODAY}"));
        assert_eq!(
            (&articles[1]["title"], &articles[1]["body"]),
            (&"The harvest was poor.".into(), &"Harvest ends".into())
        );
    }

    #[test]
    fn a_file_without_its_end_is_refused_whole() {
        let whole = table(&ROWS, Compression::SNAPPY);
        let sandbox = Sandbox::new();
        sandbox.write("a/b.txt", "A title\n\nSome text of the day.\n");
        for cut in [8, whole.len() / 2, whole.len() - 1] {
            sandbox.write("a/t.parquet", &whole[..cut]);
            let summary = sandbox.index(&sandbox.path().join("a"));
            assert_eq!(
                (&summary["articles"], &summary["skipped"]["malformed"]),
                (&1.into(), &1.into()),
                "{cut}: {summary}"
            );
        }
    }

    #[test]
    fn no_flipped_byte_stops_the_run() {
        let whole = table(&ROWS, Compression::SNAPPY);
        let sandbox = Sandbox::new();
        for at in (0..whole.len()).step_by(3) {
            let mut broken = whole.clone();
            broken[at] ^= 0x55;
            sandbox.write(&format!("a/{at:04}.parquet"), broken);
        }
        sandbox.write("a/good.parquet", &whole);
        let ran = sandbox.line(&format!("extract a --today {TODAY}"));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(ran.stdout.matches("\"path\":\"good.parquet\"").count(), 2);
    }

    #[test]
    fn what_is_exported_is_read_back_as_it_was() {
        let sandbox = Sandbox::with_sample();
        let exported = sandbox.command().args(["export", "--format", "parquet"]).output().unwrap();
        assert!(exported.status.success(), "{exported:?}");
        sandbox.write("parquet/all", exported.stdout);
        sandbox.write("ndjson/all", sandbox.stdout("export --format ndjson"));
        let again = |folder: &str| sandbox.lines(&format!("extract {folder} --today {TODAY}"));
        assert!(again("ndjson").len() > 100);
        assert_eq!(again("parquet"), again("ndjson"));
    }
}
