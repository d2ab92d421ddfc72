//! A stream whose first bytes can be looked at before it is read, however it delivers them.

use std::io::{self, BufRead, Read};

/// Bytes looked at to recognise a container or a format.
pub const HEAD: usize = 64 << 10;

/// A reader together with its first bytes; reading it gives those bytes first.
pub struct Peeked<R> {
    head: Vec<u8>,
    at: usize,
    error: Option<io::Error>,
    rest: R,
}

impl<R: BufRead> Peeked<R> {
    /// Reads up to `size` bytes ahead. An error met there is kept and returned in its place.
    pub fn new(mut rest: R, size: usize) -> Self {
        let mut head = Vec::new();
        let error = (&mut rest).take(size as u64).read_to_end(&mut head).err();
        Self { head, at: 0, error, rest }
    }

    /// The bytes read ahead, whether or not they were consumed since.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The error met before anything but blanks could be read: such a stream is broken, not empty.
    pub fn broken_from_the_start(&mut self) -> Option<io::Error> {
        if self.head.trim_ascii().is_empty() { self.error.take() } else { None }
    }

    /// Whether the head is full of blanks, behind which something may follow.
    pub fn is_only_blanks(&self) -> bool {
        self.head.len() >= HEAD && self.head.trim_ascii().is_empty()
    }

    /// Consumes blanks up to the first other byte, or to the end.
    ///
    /// # Errors
    /// What the stream meets.
    pub fn skip_blanks(&mut self) -> io::Result<()> {
        loop {
            let chunk = self.fill_buf()?;
            let blanks = chunk.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if blanks == 0 {
                return Ok(());
            }
            self.consume(blanks);
        }
    }

    /// Whether the head is the whole stream.
    pub fn is_whole(&mut self) -> bool {
        self.error.is_none() && self.rest.fill_buf().is_ok_and(<[u8]>::is_empty)
    }
}

impl<R: BufRead> Read for Peeked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&available[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: BufRead> BufRead for Peeked<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.head.len() {
            return Ok(&self.head[self.at..]);
        }
        match self.error.take() {
            Some(error) => Err(error),
            None => self.rest.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        if self.at < self.head.len() {
            self.at = (self.at + amount).min(self.head.len());
        } else {
            self.rest.consume(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_fails_before_its_first_byte_is_not_empty() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        assert!(Peeked::new(io::BufReader::new(Broken), 50).broken_from_the_start().is_some());
        assert!(Peeked::new(io::BufReader::new((&b"x"[..]).chain(Broken)), 50).broken_from_the_start().is_none());
        assert!(Peeked::new(&b""[..], 50).broken_from_the_start().is_none());
    }

    #[test]
    fn peeking_takes_nothing_away() {
        let text = b"one two three";
        for size in [0, 3, 13, 50] {
            let mut peeked = Peeked::new(io::BufReader::with_capacity(2, &text[..]), size);
            assert_eq!(peeked.head().len(), size.min(13));
            assert_eq!(peeked.is_whole(), size >= 13);
            let mut all = Vec::new();
            peeked.read_to_end(&mut all).unwrap();
            assert_eq!(all, text);
        }
    }
}
