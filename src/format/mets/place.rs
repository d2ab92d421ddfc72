//! Where the files lie that an issue names: their addresses are relative, absolute on the machine that made them, or of
//! a server that is gone.

use std::collections::BTreeMap;

/// Files below the issue's folder that are looked at for one of a name.
const LOOKED_AT: usize = 10_000;
/// What a file may be compressed as.
const PACKED: [&str; 5] = ["", ".gz", ".zst", ".bz2", ".xz"];

/// Whether a file's name says that it describes an issue.
pub fn may_be_issue(path: &str) -> bool {
    let is_part = |bytes: &[u8], part: &[u8]| bytes.get(..part.len()).is_some_and(|s| s.eq_ignore_ascii_case(part));
    // asked of every file of an archive, and nearly none has it in its path
    let bytes = path.as_bytes();
    if !memchr::memchr2_iter(b'm', b'M', bytes).any(|at| is_part(&bytes[at..], b"mets")) {
        return false;
    }
    let name = name(path).as_bytes();
    let has = |part: &[u8]| (0..name.len()).any(|at| is_part(&name[at..], part));
    has(b"mets") && !has(b".zip") && !has(b".tar") && !has(b".tgz")
}

/// The folder of a file or member: all of its path up to its name.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |end| &path[..=end])
}

/// The last part of an address or path.
fn name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The path an issue's file names by a relative address; `None` if it leads out of the archive or is absolute.
pub fn resolve(issue: &str, href: &str) -> Option<String> {
    let href = unescaped(href.trim());
    let href = href.strip_prefix("file:").map_or(&*href, |rest| rest.trim_start_matches("//")).replace('\\', "/");
    if href.starts_with('/') || href.contains(':') {
        return None;
    }
    let base = folder(issue);
    // a path may not climb out of the container the issue lies in
    let (outside, inside) = base.rfind("!/").map_or(("", base), |at| base.split_at(at + 2));
    let mut parts: Vec<&str> = inside.split('/').filter(|part| !part.is_empty()).collect();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(format!("{outside}{}", parts.join("/")))
}

/// Whether a path is the one named, as it is or compressed.
pub fn is_at(path: &str, wanted: &str) -> bool {
    path.strip_prefix(wanted).is_some_and(|ending| PACKED.contains(&ending))
}

/// The file an address means among those of an archive: the one it leads to, else one of that name below the issue's
/// folder.
pub fn find<'a, T>(issue: &str, href: &str, files: &'a BTreeMap<String, T>) -> Option<&'a str> {
    if let Some(wanted) = resolve(issue, href) {
        let known = PACKED.iter().find_map(|ending| files.get_key_value(&format!("{wanted}{ending}")));
        if let Some((path, _)) = known {
            return Some(path);
        }
    }
    let (folder, href) = (folder(issue), unescaped(href.trim()));
    let wanted = name(&href);
    if wanted.is_empty() {
        return None;
    }
    let below = files.range(folder.to_owned()..).take_while(|(path, _)| path.starts_with(folder)).take(LOOKED_AT);
    below.map(|(path, _)| path.as_str()).find(|path| is_at(name(path), wanted))
}

/// An address with its `%20` as they are meant.
fn unescaped(href: &str) -> String {
    let bytes = href.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.filter(|_| bytes[at] == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| href.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_files() {
        for (issue, href, path) in [
            ("a/x-mets.xml", "file://./ALTO/1.xml", Some("a/ALTO/1.xml")),
            ("a/x-mets.xml", "1.xml", Some("a/1.xml")),
            ("a/b/mets.xml", "../alto/page%201.xml", Some("a/alto/page 1.xml")),
            ("mets.xml", "../1.xml", None),
            ("a.zip!/mets.xml", "../1.xml", None),
            ("a.zip!/i/mets.xml", ".\\alto\\1.xml", Some("a.zip!/i/alto/1.xml")),
            ("a/mets.xml", "file:///Z:/scans/1.xml", None),
            ("a/mets.xml", "http://example.org/1.xml", None),
        ] {
            assert_eq!(resolve(issue, href).as_deref(), path, "{href}");
        }
    }

    #[test]
    fn a_file_is_found_where_it_was_moved() {
        let paths = ["a/ALTO/1.xml", "a/text/2.xml.gz", "b/3.xml"];
        let files: BTreeMap<String, usize> = paths.into_iter().map(str::to_owned).zip(0..).collect();
        for (href, path) in [
            ("ALTO/1.xml", Some("a/ALTO/1.xml")),
            ("file:///Z:/scans/1.xml", Some("a/ALTO/1.xml")),
            ("http://example.org/2.xml", Some("a/text/2.xml.gz")),
            ("3.xml", None),
            ("", None),
        ] {
            assert_eq!(find("a/mets.xml", href, &files), path, "{href}");
        }
    }
}
