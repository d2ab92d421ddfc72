//! A connection to a server that is kept open and asked one thing after the other.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// One connection.
pub struct Connection {
    reader: BufReader<TcpStream>,
    address: String,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub etag: String,
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub fn open(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { reader: BufReader::with_capacity(64 << 10, stream), address: address.to_owned() })
    }

    /// Asks for a path; with what is already held, if that is known by its `ETag`.
    pub fn get(&mut self, path: &str, held: Option<&str>) -> std::io::Result<Answer> {
        let held = held.map(|etag| format!("If-None-Match: {etag}\r\n")).unwrap_or_default();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/html, */*\r\n{held}\r\n", self.address);
        self.reader.get_mut().write_all(request.as_bytes())?;
        let mut answer = Answer { status: 0, etag: String::new(), body: Vec::new() };
        let (mut length, mut is_chunked, mut line) = (0, false, String::new());
        loop {
            line.clear();
            if self.reader.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let text = line.trim_end();
            if answer.status == 0 {
                answer.status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
                continue;
            }
            let Some((name, value)) = text.split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().map_err(std::io::Error::other)?,
                "transfer-encoding" => is_chunked = true,
                "etag" => answer.etag = value.trim().into(),
                _ => {}
            }
        }
        while is_chunked {
            line.clear();
            self.reader.read_line(&mut line)?;
            let piece = usize::from_str_radix(line.trim(), 16).map_err(std::io::Error::other)?;
            self.read(piece, &mut answer.body)?;
            self.reader.read_line(&mut line)?;
            is_chunked = piece > 0;
        }
        if answer.status != 304 {
            self.read(length, &mut answer.body)?;
        }
        Ok(answer)
    }

    fn read(&mut self, length: usize, body: &mut Vec<u8>) -> std::io::Result<()> {
        let start = body.len();
        body.resize(start + length, 0);
        self.reader.read_exact(&mut body[start..])
    }
}
