//! Whole runs of the indexer and of the program: every format, a tree of small files, a refresh, a cold start.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dateline::index::IndexDirectory;
use dateline::indexer::{IndexRequest, Progress, Settings, index};
use serde_json::Value;

use crate::clock::{Cost, cost};

/// Indexes a path, or refreshes its index.
pub fn build(input: &Path, folder: &Path, settings: &Settings) -> Cost {
    let directory = IndexDirectory::new(folder.to_owned());
    let request = IndexRequest { paths: vec![input.to_owned()], ..IndexRequest::default() };
    cost(|| {
        index(&directory, &request, settings, &Progress::default()).unwrap();
    })
}

/// The same articles in several formats; name and path of each.
pub fn formats(lines: &str, folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let articles: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let text = |article: &Value, key: &str| article[key].as_str().unwrap_or_default().to_owned();
    let mut made = vec![("JSON lines", folder.join("news.jsonl")), ("JSON array", folder.join("news.json"))];
    fs::write(&made[0].1, lines).unwrap();
    fs::write(&made[1].1, format!("[{}]", lines.trim_end().replace('\n', ","))).unwrap();
    let packed = folder.join("packed.jsonl.zst");
    fs::write(&packed, zstd::encode_all(lines.as_bytes(), 3).unwrap()).unwrap();
    made.push(("JSON lines, zstd", packed));
    let mut table = String::from("id,title,body,date,source\n");
    let mut sgml = String::new();
    for article in &articles {
        let cells = ["id", "title", "body", "date", "source"].map(|key| text(article, key).replace('"', "\"\""));
        let _ = writeln!(table, "\"{}\"", cells.join("\",\""));
        let _ = writeln!(
            sgml,
            "<DOC>\n<DOCNO> {} </DOCNO>\n<DATE>{}</DATE>\n<HEADLINE>{}</HEADLINE>\n<TEXT>\n{}\n</TEXT>\n</DOC>",
            text(article, "id"),
            text(article, "date"),
            text(article, "title"),
            text(article, "body")
        );
    }
    for (name, file, contents) in [("CSV", "news.csv", table), ("TREC", "news.sgml", sgml)] {
        fs::write(folder.join(file), contents).unwrap();
        made.push((name, folder.join(file)));
    }
    for (name, kind) in [("JSON, a file each", "json"), ("text, a file each", "txt"), ("HTML, a file each", "html")] {
        let tree = folder.join(kind);
        for (number, article) in articles.iter().enumerate() {
            let place = tree.join(format!("{:03}", number / 1000));
            if number % 1000 == 0 {
                fs::create_dir_all(&place).unwrap();
            }
            let (title, body, date) = (text(article, "title"), text(article, "body"), text(article, "date"));
            let contents = match kind {
                "json" => article.to_string(),
                "txt" => format!("{title}\n\n{date}\n\n{body}\n"),
                _ => format!(
                    "<!doctype html><html lang=en><head><title>{title}</title>\
                     <meta property=\"article:published_time\" content=\"{date}\"></head><body><nav><a href=/>Home</a></nav>\
                     <article><h1>{title}</h1><p>{}</p></article></body></html>\n",
                    body.replace("\n\n", "</p>\n<p>")
                ),
            };
            fs::write(place.join(format!("{number}.{kind}")), contents).unwrap();
        }
        made.push((name, tree));
    }
    made
}

/// Runs the program once and waits for its end.
pub fn one_shot(index: &Path, query: &str) -> Cost {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.arg("search").arg(query).arg("--index").arg(index).stdout(Stdio::null()).stderr(Stdio::null());
    cost(|| {
        command.status().unwrap();
    })
}

/// Reads the whole archive once and counts a word's lines, as grep does.
pub fn grep(input: &Path, word: &str) -> Cost {
    cost(|| {
        let contents = fs::read(input).unwrap();
        let lines = contents.split(|byte| *byte == b'\n');
        let finder = memchr::memmem::Finder::new(word);
        std::hint::black_box(lines.filter(|line| finder.find(line).is_some()).count());
    })
}
