//! Fixture twins: every `fixtures/formats/FORMAT/NAME.ext` has a `NAME.articles.json` that says what is read from it.

use std::path::{Path, PathBuf};

use dateline::article::Article;

use crate::sandbox::{Sandbox, repository};

const TWIN: &str = ".articles.json";

fn inputs() -> Vec<PathBuf> {
    let root = repository().join("tests/fixtures/formats");
    let mut inputs = Vec::new();
    for format in folder(&root) {
        inputs.extend(folder(&format).into_iter().filter(|path| !path.to_string_lossy().ends_with(TWIN)));
    }
    inputs
}

fn folder(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// `a.txt` and `a.html` would share a twin, so a twin keeps the whole name where that is so.
fn twin(input: &Path) -> PathBuf {
    let name = input.file_name().unwrap().to_string_lossy();
    let stem = name.split_once('.').map_or(&*name, |(stem, _)| stem);
    input.with_file_name(format!("{stem}{TWIN}"))
}

#[test]
fn every_fixture_gives_the_articles_of_its_twin() {
    let sandbox = Sandbox::new();
    let mut wrong = Vec::new();
    for input in inputs() {
        let ran = sandbox.run([Path::new("extract"), &input, Path::new("--today"), Path::new("2026-01-01")]);
        let articles: Vec<Article> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut text = serde_json::to_string_pretty(&articles).unwrap();
        text.push('\n');
        let twin = twin(&input);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&twin, text).unwrap();
        } else if std::fs::read_to_string(&twin).unwrap_or_default() != text {
            wrong.push(format!("{}\n{text}", twin.display()));
        }
    }
    assert!(wrong.is_empty(), "look at these, then run with BLESS=1:\n{}", wrong.join("\n"));
}

#[test]
fn no_two_fixtures_share_a_twin() {
    let mut twins: Vec<PathBuf> = inputs().iter().map(|input| twin(input)).collect();
    let all = twins.len();
    twins.sort();
    twins.dedup();
    assert_eq!(twins.len(), all);
}
