//! Every flipped byte is found by `verify`, and no search panics over one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::gating::line;
use crate::sandbox::{Sandbox, ran};
use crate::server::Server;

/// An index with two generations kept.
fn two_generations() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("news.jsonl", line("a", "Geneva", "2024-05-01"));
    sandbox.stdout("index news.jsonl");
    sandbox.write("news.jsonl", line("a", "Geneva", "2024-05-01") + &line("b", "Vienna", "2024-05-02"));
    sandbox.stdout("index");
    sandbox
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn an_index_as_it_was_written_is_whole() {
    let sandbox = two_generations();
    let number = files(&sandbox.path().join(".dateline/generations/1")).len() - 2;
    let second = files(&sandbox.path().join(".dateline/generations/2")).len() - 2;
    let all = number + second;
    assert_eq!(sandbox.stdout("verify"), format!("2 generations, {all} files: whole\n"));
    assert_eq!(sandbox.stdout("verify --deep"), format!("2 generations, {all} files, 3 articles: whole\n"));
    let verified = sandbox.json("verify --deep --json");
    let expected =
        serde_json::json!({"generations": [1, 2], "current": 2, "files": all, "articles": 3, "findings": []});
    assert_eq!(verified, expected);
    let expected = "error: no index at .dateline; run `dateline index PATH` or add `--in PATH`";
    assert_eq!(Sandbox::new().error("verify", 2), expected);
}

/// Does harm to a generation.
type Harm<'a> = &'a dyn Fn(&Path);

#[test]
fn what_is_missing_cut_or_added_is_named_in_any_generation() {
    let harms: [(&str, Harm); 4] = [
        ("meanings.bin is missing", &|folder| fs::remove_file(folder.join("meanings.bin")).unwrap()),
        ("files.bin has 3 bytes instead of ", &|folder| fs::write(folder.join("files.bin"), "cut").unwrap()),
        ("stray.txt is no file of the index", &|folder| fs::write(folder.join("stray.txt"), "").unwrap()),
        ("manifest.json is not as it was written", &|folder| {
            let path = folder.join("manifest.json");
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, text.replacen("\"articles\": ", "\"articles\": 1", 1)).unwrap();
        }),
    ];
    for generation in [1, 2] {
        for (what, harm) in harms {
            let sandbox = two_generations();
            harm(&sandbox.path().join(format!(".dateline/generations/{generation}")));
            let ran = sandbox.line("verify");
            assert_eq!(ran.code, 1, "{what}: {ran:?}");
            let lines: Vec<&str> = ran.stdout.lines().collect();
            assert_eq!(lines.len(), 2, "{what}: {ran:?}");
            assert!(lines[0].starts_with(&format!("generation {generation}: ")) && lines[0].contains(what), "{ran:?}");
            assert!(lines[1].ends_with(": 1 finding; build anew with `dateline index --rebuild`"), "{ran:?}");
        }
    }
    let sandbox = two_generations();
    fs::write(sandbox.path().join(".dateline/CURRENT"), "7\n").unwrap();
    let ran = sandbox.line("verify");
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.starts_with("CURRENT names generation 7, which is not there\n"), "{ran:?}");
}

#[test]
fn a_refresh_is_not_made_from_lists_that_are_not_as_they_were_written() {
    for list in ["files.bin", "records.bin", "names.bin"] {
        let sandbox = two_generations();
        let path = sandbox.path().join(".dateline/generations/2").join(list);
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        let error = sandbox.error("index", 2);
        let expected = format!("{} is not as it was written", path.strip_prefix(sandbox.path()).unwrap().display());
        assert!(
            error.starts_with("error: index damaged: run `dateline verify`: ") && error.ends_with(&expected),
            "{error}"
        );
        assert_eq!(fs::read_to_string(sandbox.path().join(".dateline/CURRENT")).unwrap(), "2\n");
        assert_eq!(sandbox.line("index --rebuild").code, 0, "{list}");
    }
}

#[test]
fn an_index_of_another_format_says_what_to_do() {
    let sandbox = two_generations();
    let folder = sandbox.path().join(".dateline/generations/2");
    let text = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let (before, after) = text.split_once("\"format_version\": ").unwrap();
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
    fs::write(folder.join("manifest.json"), format!("{before}\"format_version\": 1{after}")).unwrap();
    fs::remove_file(folder.join("manifest.sha256")).unwrap();
    for verb in ["search x", "stats"] {
        let error = sandbox.error(verb, 2);
        assert!(error.starts_with("error: the index has format 1, this dateline reads format "), "{error}");
        assert!(error.ends_with("run `dateline index --rebuild` to make it anew"), "{error}");
    }
}

/// Numbers that look random and are the same every time.
fn numbers(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// Flips random bytes one at a time, each file as likely as it is large or, every other time, as any other file.
fn flip(sandbox: &Sandbox, times: u64, seed: u64, searches: &[&str]) {
    let files: Vec<PathBuf> =
        files(&sandbox.path().join(".dateline/generations")).iter().flat_map(|generation| files(generation)).collect();
    let current = fs::read_to_string(sandbox.path().join(".dateline/CURRENT")).unwrap();
    let sizes: Vec<u64> = files.iter().map(|file| fs::metadata(file).unwrap().len()).collect();
    let mut random = numbers(seed);
    for round in 0..times {
        let chosen = if round % 2 == 0 {
            random(files.len() as u64) as usize
        } else {
            let mut place = random(sizes.iter().sum());
            sizes
                .iter()
                .position(|size| {
                    let here = place < *size;
                    place = place.saturating_sub(*size);
                    here
                })
                .unwrap()
        };
        let path = &files[chosen];
        let mut bytes = fs::read(path).unwrap();
        if bytes.is_empty() {
            continue;
        }
        let place = random(bytes.len() as u64) as usize;
        let bit = 1 << random(8);
        bytes[place] ^= bit;
        fs::write(path, &bytes).unwrap();
        let what = format!("bit {bit} of byte {place} of {}", path.display());
        let verified = sandbox.line("verify");
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_named = verified.stdout.contains(name) || name.starts_with("manifest");
        assert!(verified.code == 1 && is_named, "{what}: {verified:?}");
        // generations share the segments that a refresh left alone, so a flip in an old one may be in the answering one too
        let answering = sandbox.path().join(".dateline/generations").join(current.trim()).join(name);
        let answers = fs::read(answering).is_ok_and(|found| found == bytes);
        let search = searches[round as usize % searches.len()];
        let searched = sandbox.line(search);
        if answers {
            assert_eq!(searched.code, 2, "{what}, {search}: {searched:?}");
            let is_told = searched.stderr.starts_with("error: index damaged: run `dateline verify`");
            assert!(is_told && searched.stderr.lines().count() == 1, "{what}, {search}: {searched:?}");
        } else {
            assert_eq!(searched.code, 0, "{what}, {search}: another generation answers: {searched:?}");
        }
        bytes[place] ^= bit;
        fs::write(path, &bytes).unwrap();
    }
    assert_eq!(sandbox.line("verify --deep").code, 0, "every byte was put back");
}

const SEARCHES: [&str; 4] = ["search", "stats", "facets '' people countries year", "export"];

#[test]
fn a_hundred_flipped_bytes_are_all_found_and_no_search_answers_over_one() {
    flip(&two_generations(), 100, 7, &SEARCHES);
}

#[test]
#[ignore = "takes minutes"]
fn a_thousand_flipped_bytes_are_all_found_and_no_search_answers_over_one() {
    let sandbox = Sandbox::with_sample();
    let extra = sandbox.write("extra.jsonl", line("extra", "Oslo", "2024-05-01"));
    sandbox.index(&extra);
    flip(&sandbox, 1000, 11, &SEARCHES);
}

#[cfg(target_os = "linux")]
#[test]
fn a_block_that_claims_gigabytes_is_damage_and_asks_for_no_memory() {
    let sandbox = Sandbox::new();
    // more than is read and hashed when an index is opened
    let mut random = numbers(5);
    let lines = (0..400).map(|number| {
        let noise: String = (0..6000).map(|_| char::from(b'a' + random(26) as u8)).collect();
        line(&format!("a{number}"), &format!("Geneva {noise}"), "2024-05-01")
    });
    sandbox.write("news.jsonl", lines.collect::<String>());
    sandbox.stdout("index news.jsonl");
    let generation = sandbox.path().join(".dateline/generations/1");
    let store = files(&generation).into_iter().find(|path| path.extension().is_some_and(|ending| ending == "store"));
    let store = store.unwrap();
    let mut bytes = fs::read(&store).unwrap();
    assert!(bytes.len() > 1 << 20, "small files are hashed when an index is opened");
    bytes[3] ^= 0x80;
    fs::write(&store, &bytes).unwrap();
    for search in ["show a1", "search Geneva --limit 400", "export"] {
        // two gigabytes are asked for on top of what is there
        let limited = format!("ulimit -v 2097152; exec \"$0\" {search}");
        let command = sandbox.command();
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &limited]).arg(command.get_program()).current_dir(sandbox.path());
        let ran = ran(shell.output().unwrap());
        assert_eq!(ran.code, 2, "{search}: {ran:?}");
        assert!(ran.stderr.starts_with("error: index damaged: run `dateline verify`: "), "{search}: {ran:?}");
        assert!(ran.stderr.contains(".store is not as it was written") && ran.stderr.lines().count() == 1, "{ran:?}");
    }
}

/// Spoils the stored articles of an index in place, so that whoever has them open sees it.
fn spoil_articles(sandbox: &Sandbox) {
    use std::io::Write;
    let generation = sandbox.path().join(".dateline/generations/1");
    let store = files(&generation).into_iter().find(|path| path.extension().is_some_and(|ending| ending == "store"));
    let mut store = fs::File::options().write(true).open(store.unwrap()).unwrap();
    store.write_all(&[0xa5; 200]).unwrap();
}

#[test]
fn a_server_whose_index_is_damaged_says_so_and_ends_no_export_as_if_it_were_whole() {
    let sandbox = Sandbox::new();
    let lines: String = (0..50).map(|number| line(&format!("a{number}"), "Geneva", "2024-05-01")).collect();
    sandbox.write("news.jsonl", lines);
    sandbox.stdout("index news.jsonl");
    let server = Server::start(&sandbox, &[]);
    assert_eq!(server.get("/api/search?q=Geneva&limit=0").status, 200);
    spoil_articles(&sandbox);
    for path in ["/api/articles/a1", "/api/search?q=Geneva&limit=5"] {
        let answer = server.get(path);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(answer.status == 500 && detail.starts_with("index damaged: run `dateline verify`"), "{path}: {detail}");
    }
    let export = server.get("/api/export");
    assert!(!export.is_whole, "{}", export.head);
    assert_eq!(sandbox.error("show a1", 2).split_once(": ").unwrap().1.split_once(": ").unwrap().0, "index damaged");
}
