//! Makes what only programs make: archives, compressed streams, records of a crawl.

use std::io::{Cursor, Write};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// A tar with these names as they are, whatever they lead to.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        builder.append(&header(name, tar::EntryType::Regular, bytes.len()), *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// The header of a tar's member.
pub fn header(name: &str, kind: tar::EntryType, size: usize) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(size as u64);
    header.set_cksum();
    header
}

/// A zip with these names as they are, whatever they lead to.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    // the writer makes names harmless, so they are put in afterwards
    let stand_in = |number: usize, name: &str| format!("{number:#<width$}", width = name.len());
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (number, (name, bytes)) in files.iter().enumerate() {
        writer.start_file(stand_in(number, name), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    let mut zip = writer.finish().unwrap().into_inner();
    let heads: Vec<usize> = memchr::memmem::find_iter(&zip, b"PK").collect();
    for (number, (name, _)) in files.iter().enumerate() {
        let stand_in = stand_in(number, name);
        for at in heads.iter().flat_map(|head| [head + 30, head + 46]) {
            if zip.get(at..).is_some_and(|rest| rest.starts_with(stand_in.as_bytes())) {
                zip[at..at + name.len()].copy_from_slice(name.as_bytes());
            }
        }
    }
    zip
}

/// A page that is an article.
pub fn page(title: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>")
}

/// A record of a crawl that holds a page; its length may be a lie.
pub fn captured(title: &str, length: impl Fn(usize) -> Option<usize>) -> Vec<u8> {
    let page = page(title, &format!("<article><p>{0}</p><p>Later: {0}</p></article>", super::WORDS));
    let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
    record(title, block.as_bytes(), length(block.len()))
}

/// A record of a crawl that holds a page as it was sent, under these headers.
pub fn captured_as(title: &str, header: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{header}\r\n");
    let block = [head.as_bytes(), body].concat();
    record(title, &block, Some(block.len()))
}

fn record(title: &str, block: &[u8], length: Option<usize>) -> Vec<u8> {
    let length = length.map(|length| format!("Content-Length: {length}\r\n")).unwrap_or_default();
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/{}\r\n\
         WARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: application/http\r\n{length}\r\n",
        title.replace(' ', "-")
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}
