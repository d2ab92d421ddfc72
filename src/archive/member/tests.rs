//! Files in every packing, whole and broken, made by code.

use std::io::Write;

use super::*;
use crate::archive::{File, walk};

/// A member's path, and its bytes or why they could not be read.
type Seen = (String, Result<Vec<u8>, SkipReason>);

/// The first file of a folder.
fn first_of(folder: &Path) -> File {
    let mut files = Vec::new();
    walk(folder, |file| files.push(file)).unwrap();
    files.remove(0)
}

/// Writes one file and reads its members, with what was skipped.
fn read(name: &str, bytes: &[u8], limits: Limits) -> (Vec<Seen>, Vec<Skip>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let file = first_of(folder.path());
    let (mut seen, mut skips) = (Vec::new(), Vec::new());
    let contents = members(
        &file,
        &limits,
        &mut |member| {
            let mut all = Vec::new();
            let result = member.read.read_to_end(&mut all);
            let shorter = all.len().min(member.head.len());
            assert_eq!(all[..shorter], member.head[..shorter]);
            seen.push((member.path, result.map(|_| all).map_err(|error| reason(&error))));
            Flow::Continue
        },
        &mut |skip| skips.push(skip),
    )
    .unwrap();
    assert_eq!(contents.sha256, <[u8; 32]>::from(Sha256::digest(bytes)));
    (seen, skips)
}

/// Why the first stream ended early: told by itself, or, if it gave nothing at all, in its stead.
fn ended((seen, skips): &(Vec<Seen>, Vec<Skip>)) -> Option<SkipReason> {
    seen.first().map_or_else(|| skips.first().map(|skip| skip.reason), |(_, read)| read.clone().err())
}

fn text(path: &str, text: &str) -> Seen {
    (path.to_owned(), Ok(text.as_bytes().to_vec()))
}

fn reasons(skips: &[Skip]) -> Vec<(&str, SkipReason)> {
    skips.iter().map(|skip| (skip.path.as_str(), skip.reason)).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        // written by hand, since the library refuses names that lead out
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_plain_file_is_its_own_member() {
    let (seen, skips) = read("a.txt", b"text", Limits::default());
    assert_eq!(seen, [text("a.txt", "text")]);
    assert!(skips.is_empty());
}

#[test]
fn compressions_are_known_by_their_bytes_and_keep_the_path() {
    let zstd = zstd::encode_all(&b"text"[..], 3).unwrap();
    for bytes in [gzip(b"text"), zstd, bzip2(b"text"), xz(b"text"), gzip(&gzip(b"text"))] {
        let (seen, _) = read("a.dat", &bytes, Limits::default());
        assert_eq!(seen, [text("a.dat", "text")]);
    }
}

#[test]
fn every_stream_of_a_file_is_read() {
    for pack in [gzip, bzip2, xz] {
        let (seen, _) = read("a", &[pack(b"one "), pack(b"two")].concat(), Limits::default());
        assert_eq!(seen, [text("a", "one two")]);
    }
}

#[test]
fn padding_after_gzip_is_ignored() {
    let bytes = gzip(b"text");
    for padding in [&[0; 100][..], b"\x1fgarbage"] {
        let (seen, _) = read("a.gz", &[&bytes, padding].concat(), Limits::default());
        assert_eq!(seen, [text("a.gz", "text")]);
    }
}

#[test]
fn a_stream_that_breaks_off_says_so() {
    let long: Vec<u8> =
        (0..200_000_u32).flat_map(|number| (number.wrapping_mul(2_654_435_761) >> 7).to_le_bytes()).collect();
    let zstd: fn(&[u8]) -> Vec<u8> = |bytes| zstd::encode_all(bytes, 1).unwrap();
    for pack in [gzip, bzip2, xz, zstd] {
        let bytes = pack(&long);
        assert_eq!(ended(&read("a", &bytes[..bytes.len() / 2], Limits::default())), Some(SkipReason::Truncated));
    }
}

#[test]
fn a_bomb_ends_at_its_limit() {
    let (seen, _) = read("a.gz", &gzip(&vec![0; 30 << 20]), Limits::default());
    assert_eq!(seen[0].1, Err(SkipReason::TooLarge));
    let (seen, _) = read("a.zip", &zip(&[("a", &vec![0; 30 << 20])]), Limits::default());
    assert_eq!(seen[0].1, Err(SkipReason::TooLarge));
    let small = Limits { member_bytes: 1000, ..Limits::default() };
    for (size, outcome) in [(1000, None), (1001, Some(SkipReason::TooLarge))] {
        for bytes in [gzip(&vec![1; size]), zip(&[("a", &vec![1; size])]), tar(&[("a", &vec![1; size])])] {
            assert_eq!(ended(&read("a", &bytes, small)), outcome);
        }
    }
}

#[test]
fn too_many_layers_are_refused() {
    let (seen, skips) = read("a.gz", &gzip(&gzip(&gzip(&gzip(b"text")))), Limits::default());
    assert!(seen.is_empty());
    assert_eq!(reasons(&skips), [("a.gz", SkipReason::TooLarge)]);
    let (three, _) = read("a", &zip(&[("b", &tar(&[("c", &gzip(&zip(&[("d", b"text")])))]))]), Limits::default());
    assert_eq!(three, [text("a!/b!/c!/d", "text")]);
    let four = zip(&[("b", &zip(&[("c", &zip(&[("d", &zip(&[("e", b"text")]))]))]))]);
    assert_eq!(reasons(&read("a", &four, Limits::default()).1), [("a!/b!/c!/d", SkipReason::TooLarge)]);
}

#[test]
fn members_are_named_after_their_container() {
    let files: [(&str, &[u8]); 3] = [("b/two.txt", b"two"), ("a one.txt", b"one"), ("./.DS_Store", b"x")];
    for bytes in [gzip(&tar(&files)), bzip2(&tar(&files)), xz(&tar(&files)), tar(&files)] {
        let (seen, skips) = read("a.tar", &bytes, Limits::default());
        assert_eq!(seen, [text("a.tar!/b/two.txt", "two"), text("a.tar!/a one.txt", "one")]);
        assert_eq!(reasons(&skips), [("a.tar!/.DS_Store", SkipReason::Hidden)]);
    }
}

#[test]
fn a_zip_is_read_in_order_of_names() {
    let (seen, skips) = read("a.zip", &zip(&[("b.txt", b"two"), ("a.txt.gz", &gzip(b"one"))]), Limits::default());
    assert_eq!(seen, [text("a.zip!/a.txt.gz", "one"), text("a.zip!/b.txt", "two")]);
    assert!(skips.is_empty());
}

#[test]
fn names_that_lead_out_are_refused_in_a_zip_and_only_shown_in_a_tar() {
    let files: [(&str, &[u8]); 2] = [("../../out.txt", b"x"), ("in.txt", b"in")];
    let (seen, skips) = read("a.zip", &zip(&files), Limits::default());
    assert_eq!(seen, [text("a.zip!/in.txt", "in")]);
    assert_eq!(reasons(&skips), [("a.zip!/../../out.txt", SkipReason::Malformed)]);
    let (seen, skips) = read("a.tar", &tar(&files), Limits::default());
    assert_eq!(seen, [text("a.tar!/in.txt", "in")]);
    assert_eq!(reasons(&skips), [("a.tar!/../../out.txt", SkipReason::Malformed)]);
}

#[test]
fn a_broken_off_container_gives_what_came_before() {
    let files: [(&str, &[u8]); 3] = [("a", b"one"), ("b", b"two"), ("c", &[7; 4000])];
    let bytes = tar(&files);
    let (seen, _) = read("a.tar", &bytes[..3000], Limits::default());
    assert_eq!(seen[..2], [text("a.tar!/a", "one"), text("a.tar!/b", "two")]);
    assert_eq!(seen[2].1, Err(SkipReason::Truncated));
    let bytes = zip(&files);
    let (seen, skips) = read("a.zip", &bytes[..bytes.len() - 100], Limits::default());
    assert_eq!(seen[..2], [text("a.zip!/a", "one"), text("a.zip!/b", "two")]);
    assert_eq!(reasons(&skips), [("a.zip", SkipReason::Truncated)]);
}

#[test]
fn overlapping_members_are_refused() {
    // both entries of the directory point at the first member
    let mut bytes = zip(&[("a", b"one"), ("b", b"two")]);
    let directory: Vec<usize> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
    bytes[directory[1] + 42..directory[1] + 46].fill(0);
    let (seen, skips) = read("a.zip", &bytes, Limits::default());
    assert!(seen.is_empty());
    assert_eq!(reasons(&skips), [("a.zip", SkipReason::Malformed)]);
}

#[test]
fn too_many_members_are_refused() {
    let few = Limits { entries: 2, ..Limits::default() };
    let files: [(&str, &[u8]); 3] = [("a", b"1"), ("b", b"2"), ("c", b"3")];
    assert_eq!(reasons(&read("a.zip", &zip(&files), few).1), [("a.zip", SkipReason::TooLarge)]);
    let (seen, skips) = read("a.tar", &tar(&files), few);
    assert_eq!((seen.len(), reasons(&skips)), (2, vec![("a.tar", SkipReason::TooLarge)]));
}

#[test]
fn office_documents_are_no_containers() {
    let (seen, _) =
        read("a.docx", &zip(&[("[Content_Types].xml", b"x"), ("word/document.xml", b"x")]), Limits::default());
    assert_eq!(seen[0].0, "a.docx");
}

#[test]
fn a_file_that_grew_since_the_walk_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("a.txt");
    std::fs::write(&location, "x").unwrap();
    let file = first_of(folder.path());
    std::fs::write(&location, "xyz").unwrap();
    let mut skips = Vec::new();
    members(&file, &Limits::default(), &mut |_| Flow::Continue, &mut |skip| skips.push(skip)).unwrap();
    assert_eq!(reasons(&skips), [("a.txt", SkipReason::Changed)]);
}

#[test]
fn a_file_that_vanished_is_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let file = first_of(folder.path());
    std::fs::remove_file(file.location()).unwrap();
    let result = members(&file, &Limits::default(), &mut |_| Flow::Continue, &mut |_| ());
    assert_eq!(result.map_err(|skip| skip.reason), Err(SkipReason::Unreadable));
}

#[cfg(unix)]
#[test]
fn a_file_that_became_a_pipe_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        assert!(open(&pipe).is_err());
    }
}
