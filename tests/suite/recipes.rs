//! The CI recipes of README.md run: as a shell would, twice, with the index kept in between.

#![cfg(unix)]

use std::fs;
use std::process::Command;

use crate::gating::line;
use crate::sandbox::{Ran, Sandbox, ran, repository};

/// The block of README.md in some language that holds a text.
fn block(language: &str, holds: &str) -> String {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let opening = format!("```{language}\n");
    let blocks = readme.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.filter(|block| block.contains(holds)).map(str::to_owned).next().expect("README.md has the recipe")
}

/// Runs a script where `dateline` is on the path.
fn shell(sandbox: &Sandbox, script: &str) -> Ran {
    let bin = sandbox.path().join("bin");
    if !bin.exists() {
        fs::create_dir(&bin).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_dateline"), bin.join("dateline")).unwrap();
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-e", "-c", script]).current_dir(sandbox.path()).env("PATH", path).env_remove("DATELINE_INDEX");
    ran(command.env("GITHUB_STEP_SUMMARY", sandbox.path().join("summary")).output().unwrap())
}

/// An archive of a hundred articles with what is expected of it.
fn archive() -> Sandbox {
    let sandbox = Sandbox::new();
    let text: String = (0..120)
        .map(|number| line(&format!("a{number}"), "Oslo", &format!("2024-05-{:02}", number % 28 + 1)))
        .collect();
    sandbox.write("archive/news.jsonl", text);
    sandbox.write("expected.toml", "[[search]]\nquery = \"ceasefire Oslo\"\nmin_total = 120\n");
    sandbox
}

/// Runs a recipe on an archive that stays good, then goes bad in one way after another.
fn holds(run: impl Fn(&Sandbox) -> Ran) {
    let sandbox = archive();
    for night in 1..=2 {
        let good = run(&sandbox);
        assert_eq!(good.code, 0, "night {night}: {good:?}");
    }
    let text = fs::read_to_string(sandbox.path().join("archive/news.jsonl")).unwrap();
    sandbox.write("archive/news.jsonl", text.clone() + &line("more", "Oslo", "2024-05-29"));
    let grown = run(&sandbox);
    assert_eq!(grown.code, 0, "{grown:?}");
    sandbox.write("archive/news.jsonl", "{\"id\":\n".repeat(20) + &text);
    let broken = run(&sandbox);
    assert!(broken.code == 1 && broken.stderr.contains("--max-skipped 1%: 20 of 140 were left out"), "{broken:?}");
    sandbox.write("archive/news.jsonl", text.lines().take(105).map(|line| format!("{line}\n")).collect::<String>());
    let shrunk = run(&sandbox);
    assert!(shrunk.code == 1 && shrunk.stderr.contains("--fail-on removed>1%: 16 of 121"), "{shrunk:?}");
    let unexpected = run(&archive_without("Oslo"));
    assert!(unexpected.code == 1 && unexpected.stdout.contains("FAIL ceasefire Oslo"), "{unexpected:?}");
}

fn archive_without(city: &str) -> Sandbox {
    let sandbox = archive();
    let text = fs::read_to_string(sandbox.path().join("archive/news.jsonl")).unwrap();
    sandbox.write("archive/news.jsonl", text.replace(city, "Bergen"));
    sandbox
}

#[test]
fn the_shell_recipe_runs_and_fails_when_the_archive_goes_wrong() {
    let script = block("sh", "--fail-on");
    holds(|sandbox| shell(sandbox, &script));
}

#[test]
fn the_steps_of_the_workflow_run_and_fail_when_the_archive_goes_wrong() {
    let workflow = block("yaml", "actions/cache");
    let steps = steps(&workflow);
    assert!(steps.iter().any(|(step, _)| step.contains("dateline check")), "{steps:?}");
    holds(|sandbox| {
        fs::remove_file(sandbox.path().join("summary")).ok();
        let mut whole = Ran { code: 0, stdout: String::new(), stderr: String::new() };
        for (step, always) in steps.iter().filter(|(step, _)| !step.starts_with("cargo install")) {
            if whole.code != 0 && !always {
                continue;
            }
            let ran = shell(sandbox, step);
            whole.code = whole.code.max(ran.code);
            whole.stdout.push_str(&ran.stdout);
            whole.stderr.push_str(&ran.stderr);
        }
        let summary = fs::read_to_string(sandbox.path().join("summary")).unwrap();
        assert!(summary.starts_with("## dateline: "), "{summary}");
        whole
    });
}

/// The commands of a workflow's steps, and whether they run after a failure too.
fn steps(workflow: &str) -> Vec<(String, bool)> {
    let mut steps = Vec::new();
    for step in workflow.split("\n      - ").skip(1) {
        let always = step.contains("if: always()");
        let Some((_, run)) = step.split_once("run: ") else { continue };
        let command = match run.strip_prefix("|\n") {
            Some(lines) => lines
                .lines()
                .take_while(|line| line.starts_with("          "))
                .map(|line| format!("{}\n", line.trim()))
                .collect(),
            None => run.lines().next().unwrap().to_owned(),
        };
        steps.push((command, always));
    }
    steps
}
