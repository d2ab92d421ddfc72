//! The console blocks of README.md run: every `$ dateline …` line on the sample archive prints what stands below it.
//!
//! A line `…` stands for any lines. Times differ from run to run and are not compared.

use crate::sandbox::{Sandbox, repository, without_times};

#[test]
fn the_console_blocks_of_the_readme_print_what_they_show() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let sandbox = Sandbox::new();
    let archive = repository().join("tests/fixtures/archive");
    std::fs::create_dir_all(sandbox.path().join("tests/fixtures")).unwrap();
    copy(&archive, &sandbox.path().join("tests/fixtures/archive"));
    let mut commands = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for command in block.split("$ ").skip(1) {
            let (line, expected) = command.split_once('\n').unwrap();
            let arguments = line.strip_prefix("dateline ").expect("a console block runs dateline");
            let ran = sandbox.line(arguments.split(" | ").next().unwrap());
            let printed = without_times(&format!("{}{}", ran.stderr, ran.stdout));
            assert!(
                fits(&printed, &without_times(expected)),
                "README.md: {line}\n--- shows\n{expected}\n--- prints\n{printed}"
            );
            commands += 1;
        }
    }
    assert!(commands >= 5, "the README shows commands");
}

/// Whether lines are those expected; a line `…` stands for any number of lines.
fn fits(printed: &str, expected: &str) -> bool {
    let lines = |text: &str| text.trim_end().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    let (printed, expected) = (lines(printed), lines(expected));
    let parts: Vec<&[String]> = expected.split(|line| line.trim() == "…").collect();
    let [first, rest @ ..] = parts.as_slice() else { return printed.is_empty() };
    if rest.is_empty() {
        return printed == *first;
    }
    let (Some((last, middle)), true) = (rest.split_last(), printed.starts_with(first)) else { return false };
    let mut left = &printed[first.len()..];
    for part in middle {
        let Some(at) = (0..=left.len()).find(|at| left[*at..].starts_with(part)) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn an_ellipsis_stands_for_any_lines() {
    assert!(fits("a\nb\nc\n", "a\n…\nc\n"));
    assert!(fits("a\nb\nc\n", "…\n"));
    assert!(fits("a\nb\n", "a\n…\nb\n…\n"));
    assert!(!fits("a\nb\n", "a\n"));
    assert!(!fits("a\nb\n", "b\n…\n"));
    assert_eq!(
        without_times("3 of 129 articles, 4 ms\n0.2 MB/s, 1.1 s\n12 seconds\n"),
        "3 of 129 articles, N ms\nN MB/s, N s\n12 seconds\n"
    );
}
