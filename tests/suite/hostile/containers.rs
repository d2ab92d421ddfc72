//! Compressed files and containers that bomb, break off, overlap or lead out.

use super::make::{bzip2, captured, gzip, header, tar, xz, zip, zstandard};
use super::{STORY, case, folder, hold, outcome};

#[test]
fn bombs_end_at_a_limit() {
    let bomb = format!("A title\n\n{}", "x".repeat(12 << 20)).into_bytes();
    let small = &["--max-member-size", "1M"][..];
    let text = "A line of news that is not one letter over and over again.\n".repeat(40_000);
    let four = zip(&[("b", &zip(&[("c", &zip(&[("d", &zip(&[("e.txt", STORY.as_bytes())]))]))]))]);
    hold(vec![
        case("gzip bomb", "a.txt.gz", gzip(&bomb), "0 articles, 1 too large"),
        case("zst bomb", "a.txt.zst", zstandard(&bomb), "0 articles, 1 too large"),
        case("bz2 bomb", "a.txt.bz2", bzip2(&bomb), "0 articles, 1 too large"),
        case("xz bomb", "a.txt.xz", xz(&bomb), "0 articles, 1 too large"),
        case(
            "zip bomb",
            "a.zip",
            zip(&[("a.txt", &bomb), ("b.txt", b"Short\n\nText of a short note that stands beside it.")]),
            "1 article, 1 too large",
        ),
        case("tar bomb", "a.tar.gz", gzip(&tar(&[("a.txt", &bomb)])), "0 articles, 2 too large"),
        case("a bomb in a bomb", "a.gz", gzip(&gzip(&bomb)), "0 articles, 1 too large"),
        case("a large member", "a.txt.gz", gzip(text.as_bytes()), "0 articles, 1 too large").with(small),
        case("containers too deep", "a.zip", four.clone(), "0 articles, 1 too large"),
        case("a depth lifted", "a.zip", four, "1 article").with(&["--max-depth", "4"]),
        case(
            "compressed five times",
            "a.gz",
            (0..5).fold(STORY.as_bytes().to_vec(), |bytes, _| gzip(&bytes)),
            "0 articles, 1 too large",
        ),
    ]);
}

#[test]
fn many_members_are_counted_and_the_message_names_the_flag() {
    let names: Vec<String> = (0..20).map(|number| format!("{number}.txt")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let few = &["--max-members", "10"][..];
    hold(vec![
        case("zip of many", "a.zip", zip(&files), "0 articles, 1 too large").with(few),
        case("tar of many", "a.tar", tar(&files), "0 articles, 10 empty, 1 too large").with(few),
    ]);
    let sandbox = folder();
    sandbox.write("news/a.zip", zip(&files));
    let ran = sandbox.line("extract news --max-members 10");
    assert_eq!(ran.stderr, "skipped:\n  1 too large  a.zip: over 10 members, see --max-members\n");
}

#[test]
fn names_that_lead_out_are_shown_and_never_written() {
    let names = ["../../out.txt", "/absolute.txt", "in/../../out.txt"];
    for name in names {
        for (file, bytes) in [("a.zip", zip(&[(name, STORY.as_bytes())])), ("a.tar", tar(&[(name, STORY.as_bytes())]))]
        {
            let sandbox = folder();
            sandbox.write(&format!("news/{file}"), bytes);
            assert_eq!(outcome(&sandbox, &[]), "0 articles, 1 malformed", "{name} in {file}");
            assert!(!sandbox.path().join("out.txt").exists() && !sandbox.path().join("../out.txt").exists());
        }
    }
    hold(vec![
        case("a drive letter", "a.zip", zip(&[("C:\\out.txt", STORY.as_bytes())]), "1 article"),
        case("backslashes", "a.zip", zip(&[("..\\..\\out.txt", STORY.as_bytes())]), "0 articles, 1 malformed"),
        case("NUL in a name", "a.zip", zip(&[("a\0b.txt", STORY.as_bytes())]), "0 articles, 1 malformed"),
    ]);
}

#[test]
fn what_is_no_file_in_a_container_is_named() {
    let mut builder = ::tar::Builder::new(Vec::new());
    let mut link = header("link.txt", ::tar::EntryType::Symlink, 0);
    link.set_link_name("/etc/passwd").unwrap();
    link.set_cksum();
    builder.append(&link, &b""[..]).unwrap();
    builder.append(&header("device", ::tar::EntryType::Char, 0), &b""[..]).unwrap();
    builder.append(&header("pipe", ::tar::EntryType::Fifo, 0), &b""[..]).unwrap();
    builder.append(&header("story.txt", ::tar::EntryType::Regular, 0), &b""[..]).unwrap();
    let tar = builder.into_inner().unwrap();
    let mut overlapping = zip(&[("a.txt", b"one"), ("b.txt", b"two")]);
    let directory: Vec<usize> = memchr::memmem::find_iter(&overlapping, b"PK\x01\x02").collect();
    overlapping[directory[1] + 42..directory[1] + 46].fill(0);
    hold(vec![
        case("links and devices", "a.tar", tar, "0 articles, 1 empty, 2 not a file, 1 symlink"),
        case("members over each other", "a.zip", overlapping, "0 articles, 1 malformed"),
    ]);
}

#[test]
fn what_came_before_a_break_is_indexed() {
    let story = |place: &str| {
        let mut text = STORY.replace("old town", place);
        // words that do not compress, so that the break lies within them
        text.extend((0..4000_u32).map(|number| format!("{:x} ", number.wrapping_mul(2_654_435_761))));
        text.into_bytes()
    };
    let (oslo, bern) = (story("Oslo"), story("Bern"));
    let cut = |mut bytes: Vec<u8>| {
        bytes.truncate(bytes.len() * 3 / 4);
        bytes
    };
    let crawl = [captured("A first page", Some), captured("A second page", Some)];
    let lines: String =
        (0..2000).map(|n| format!("{{\"title\":\"Story {n}\",\"text\":\"Text {n} of it, {}\"}}\n", n * 7919)).collect();
    let whole = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let parquet = if cfg!(feature = "parquet") { "0 articles, 1 malformed" } else { "0 articles, 1 not built in" };
    hold(vec![
        case("a cut gz of one text", "a.txt.gz", cut(gzip(&oslo)), "0 articles, 1 truncated"),
        case("a cut tar", "a.tar", cut(tar(&[("a.txt", &oslo), ("b.txt", &bern)])), "1 article, 2 truncated"),
        case("a cut zip", "a.zip", cut(zip(&[("a.txt", &oslo), ("b.txt", &bern)])), "1 article, 2 truncated"),
        case("a cut crawl", "a.warc", cut(crawl.concat()), "1 article, 1 truncated"),
        case(
            "a cut crawl, gz",
            "a.warc.gz",
            cut(crawl.iter().flat_map(|page| gzip(page)).collect()),
            "1 article, 1 truncated",
        ),
        case(
            "a broken gz",
            "a.txt.gz",
            {
                let mut bytes = gzip(&oslo);
                let middle = bytes.len() / 2;
                bytes[middle..middle + 40].fill(0xff);
                bytes
            },
            "0 articles, 1 malformed",
        ),
        case("no gz after all", "a.txt.gz", oslo.clone(), "1 article"),
        case(
            "a cut array",
            "a.json",
            whole(cut(format!("[{}]", lines.trim_end().replace('\n', ",")).into_bytes())),
            "1515 articles, 1 truncated",
        ),
        case("a Parquet file", "a.parquet", [b"PAR1", &oslo[..], b"PAR1"].concat(), parquet),
    ]);
    let sandbox = folder();
    sandbox.write("news/a.jsonl.gz", cut(gzip(lines.as_bytes())));
    let outcome = outcome(&sandbox, &[]);
    let (articles, rest) = outcome.split_once(' ').unwrap();
    assert!(articles.parse::<u32>().unwrap() > 500 && rest.contains("1 truncated"), "{outcome}");
}
