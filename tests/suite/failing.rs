//! Every error in one clear line, with its exit code, and never a panic.

use std::fs;

use crate::sandbox::{Sandbox, sampled};

const ARTICLE: &str = "A title\n\nSome text that is long enough to be an article, with a second sentence after it.\n";

#[test]
fn without_an_index_the_message_says_how_to_get_one() {
    let sandbox = Sandbox::new();
    let expected = "error: no index at .dateline; run `dateline index PATH` or add `--in PATH`";
    for line in ["search x", "facets x people", "export x", "show x", "stats", "timeline x"] {
        assert_eq!(sandbox.error(line, 2), expected, "{line}");
    }
}

#[test]
fn a_missing_path_is_named() {
    let sandbox = Sandbox::new();
    for line in ["index missing", "extract missing", "search --in missing x"] {
        let error = sandbox.error(line, 2);
        assert!(error.starts_with("error: cannot read") && error.contains("missing"), "{line}: {error}");
    }
    assert!(!sandbox.path().join(".dateline").exists(), "nothing is left behind");
}

#[test]
fn an_empty_archive_is_an_error() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path().join("empty")).unwrap();
    for line in ["index empty", "extract empty", "search --in empty x"] {
        let error = sandbox.error(line, 2);
        assert!(error.starts_with("error: no articles in "), "{line}: {error}");
    }
}

#[test]
fn an_index_that_cannot_be_written_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", ARTICLE);
    sandbox.write("file", "not a folder");
    let error = sandbox.error("index a.txt --index file/index", 2);
    assert!(error.starts_with("error: ") && error.contains("file"), "{error}");
    let error = sandbox.error("index a.txt --index file", 2);
    assert!(error.starts_with("error: ") && error.contains("file"), "{error}");
    sandbox.write("else/thing.txt", "someone's own file");
    let error = sandbox.error("index a.txt --index else", 2);
    assert!(error.contains("is a folder of something else"), "{error}");
    assert!(sandbox.path().join("else/thing.txt").exists());
}

/// Does harm to an index.
type Damage<'a> = &'a dyn Fn(&std::path::Path);

#[test]
fn a_damaged_index_is_an_error_not_a_wrong_answer() {
    let damages: [(&str, Damage); 4] = [
        ("no number in CURRENT", &|index| fs::write(index.join("CURRENT"), "one").unwrap()),
        ("no such generation", &|index| fs::write(index.join("CURRENT"), "7").unwrap()),
        ("no manifest", &|index| fs::write(index.join("generations/1/manifest.json"), "{").unwrap()),
        ("a cut segment", &|index| {
            let files = fs::read_dir(index.join("generations/1")).unwrap().map(|entry| entry.unwrap().path());
            let store = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "store")).unwrap();
            fs::write(store, "cut").unwrap();
        }),
    ];
    for (what, damage) in damages {
        let sandbox = Sandbox::new();
        let file = sandbox.write("a.txt", ARTICLE);
        sandbox.index(&file);
        damage(&sandbox.path().join(".dateline"));
        for line in ["search text", "stats", "export", "facets '' people"] {
            let error = sandbox.error(line, 2);
            assert!(error.starts_with("error: ") && error.contains("damaged"), "{what}, {line}: {error}");
        }
        assert_eq!(sandbox.line("index --rebuild a.txt").code, 0, "{what}: it can be built anew");
        assert_eq!(sandbox.line("search text").code, 0, "{what}");
    }
}

#[test]
fn a_damaged_cache_is_made_anew() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", ARTICLE);
    sandbox.stdout("search --in a.txt text");
    let cache = fs::read_dir(sandbox.path().join("cache")).unwrap().next().unwrap().unwrap().path();
    fs::write(cache.join("generations/1/manifest.json"), "{").unwrap();
    assert_eq!(sandbox.line("search --in a.txt text").code, 0);
}

#[test]
fn nothing_found_is_exit_code_one() {
    let sandbox = sampled();
    for line in ["search qqzzxx", "export qqzzxx", "facets qqzzxx people", "timeline qqzzxx", "show qqzzxx"] {
        assert_eq!(sandbox.line(line).code, 1, "{line}");
    }
    assert_eq!(sandbox.line("search ceasefire --limit 0").code, 0, "only counted");
    assert_eq!(sandbox.line("search ceasefire --offset 100000").code, 0, "past the last hit");
}

#[test]
fn an_unknown_flag_is_an_error_and_never_a_query() {
    for line in ["search --fromm 2024 x", "search x --titel y", "export --x", "search '--x y'"] {
        let ran = sampled().line(line);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}");
        assert!(ran.stderr.starts_with("error: unexpected argument"), "{ran:?}");
    }
}

#[test]
fn an_unknown_facet_names_those_there_are() {
    let ran = sampled().line("search x --facet colour");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no facet `colour`; facets are source, authors"), "{ran:?}");
    assert_eq!(sampled().line("facets '' persons").code, 2);
    assert_eq!(sampled().line("facets '' people:many").code, 2);
}

#[test]
fn an_unknown_field_is_pointed_at() {
    let ran = sampled().line("search titel:summit");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    let expected = "error: no field `titel`; did you mean `title`?\n  titel:summit\n  ^^^^^\n";
    assert_eq!(ran.stderr, expected);
}

#[test]
fn a_date_that_is_none_says_which_forms_there_are() {
    let error = sampled().error("search x --from 2024-13", 2);
    assert!(error.starts_with("error: --from 2024-13: month 13"), "{error}");
    let error = sampled().error("search x --from 2025 --to 2024", 2);
    assert_eq!(error, "error: --from 2025 lies after --to 2024");
}

#[test]
fn a_bad_query_of_a_batch_stops_only_itself() {
    let sandbox = Sandbox::with_sample();
    sandbox.write("queries.tsv", "a\tceasefire\nb\t\"open\nc\tsummit\n");
    let ran = sandbox.line("search --queries queries.tsv --format json --limit 1");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 2);
    assert!(ran.stderr.starts_with("error: query b: "), "{ran:?}");
    sandbox.write("queries.tsv", "no tab here\n");
    let error = sandbox.error("search --queries queries.tsv", 2);
    assert_eq!(error, "error: queries.tsv: line 1 has no tab; write an id, a tab and a query");
}

#[test]
fn a_second_writer_is_told_who_holds_the_lock() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", ARTICLE);
    fs::create_dir_all(sandbox.path().join(".dateline/generations")).unwrap();
    let lock = fs::File::create(sandbox.path().join(".dateline/LOCK")).unwrap();
    lock.lock().unwrap();
    let error = sandbox.error("index a.txt", 2);
    assert!(error.contains("is being written by process"), "{error}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_the_old_index_and_no_leftovers() {
    use std::time::{Duration, Instant};
    if ignores_interrupts() {
        // a background job of a shell, or one under nohup; dateline respects that
        eprintln!("skipped: these tests were started with Ctrl-C ignored");
        return;
    }
    let sandbox = Sandbox::new();
    let file = sandbox.write("a.txt", ARTICLE);
    sandbox.index(&file);
    let line =
        "{\"title\":\"Number N\",\"text\":\"Some text about a meeting in Geneva, with several words in it. \"}\n";
    // enough for many seconds, so that the signal comes long before the end on any machine
    let many: String = (0..400_000).map(|number| line.replace('N', &number.to_string())).collect();
    sandbox.write("many.jsonl", many);
    let child = sandbox
        .command()
        .args(["index", "many.jsonl", "--threads", "1"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let building = sandbox.path().join(".dateline/generations/.building");
    let started = Instant::now();
    while !building.exists() && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(2));
    }
    let interrupt = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let ran = crate::sandbox::ran(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (130, "interrupted; nothing was changed\n"));
    assert!(!building.exists());
    assert_eq!(sandbox.json("search --format json")["total"], 1);
}

#[cfg(unix)]
fn ignores_interrupts() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 0b10 != 0)
}
