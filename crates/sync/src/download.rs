//! A long answer into a file: what has come stays, and only the rest is asked for again.
//!
//! Whether the rest belongs to what has come is for the server to say: it gave a validator with the beginning (a strong
//! `ETag`, else `Last-Modified`), and gets it back in `If-Range`. If its file is another by now, or if it knows no
//! ranges, it sends the whole, and the beginning is thrown away.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use ureq::{Body, http::Response};

use crate::{
    Error, Event,
    client::{Client, Trouble},
    spool,
};

/// A file that is coming.
struct Part<'p> {
    path: &'p Path,
    file: File,
}

impl Client<'_, '_> {
    /// Writes a long answer to a file, going on where the try before broke off, also one of an earlier run, until
    /// `check` has nothing against it.
    pub(crate) fn download(
        &mut self,
        path: &str,
        to: &Path,
        check: impl Fn(&mut File) -> Result<(), String>,
    ) -> Result<(), Error> {
        let patience = self.patience.bulk;
        let mut part = Part::open(to).map_err(|source| Error::File { path: to.to_owned(), source })?;
        self.patiently(path, |client, address| {
            let fail = |source| Trouble::Lasting(Error::File { path: to.to_owned(), source });
            let come = part.come().map_err(fail)?;
            // The bytes of the file itself are counted, so none of them may be packed on the way.
            let mut headers = vec![("accept-encoding", "identity".to_owned())];
            if let Some((come, validator)) = &come {
                headers.push(("range", format!("bytes={come}-")));
                headers.push(("if-range", validator.clone()));
            }
            let mut response = match client.get_with(address, patience, &headers) {
                Err(Trouble::NoSuchRange) => {
                    part.forget().map_err(fail)?;
                    return Err(Trouble::NoSuchRange);
                }
                answer => answer?,
            };
            let begin = part.begin(&response, come.map_or(0, |(come, _)| come)).map_err(fail)?;
            let begin =
                begin.ok_or_else(|| Trouble::Passing("another part came than was asked for".into(), None))?;
            client.copy(&mut response, &mut part.file, begin, &fail)?;
            part.file.sync_all().map_err(fail)?;
            if let Err(why) = check(&mut part.file) {
                part.forget().map_err(fail)?;
                return Err(Trouble::Passing(why, None));
            }
            spool::remove(&part.note()).map_err(Trouble::Lasting)
        })
    }

    fn copy(
        &mut self,
        response: &mut Response<Body>,
        out: &mut File,
        begin: u64,
        fail: &dyn Fn(io::Error) -> Trouble,
    ) -> Result<(), Trouble> {
        let total = response.body().content_length().map_or(0, |length| begin + length);
        let mut reader = response.body_mut().with_config().limit(u64::MAX).reader();
        let mut buffer = vec![0; 1 << 18];
        let mut done = begin;
        loop {
            let read = match reader.read(&mut buffer) {
                Ok(read) => read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(Trouble::Passing(format!("the answer breaks off: {e}"), None)),
            };
            if read == 0 {
                break;
            }
            out.write_all(&buffer[..read]).map_err(fail)?;
            done += read as u64;
            self.watcher.tell(Event::Download { done, total }).map_err(Trouble::Lasting)?;
        }
        match total {
            0 => Ok(()),
            total if total == done => Ok(()),
            total => Err(Trouble::Passing(format!("{done} of {total} bytes came"), None)),
        }
    }
}

impl<'p> Part<'p> {
    fn open(path: &'p Path) -> io::Result<Self> {
        let file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        Ok(Self { path, file })
    }

    /// Where the validator of what has come is noted.
    fn note(&self) -> PathBuf {
        self.path.with_extension("validator")
    }

    /// How many bytes have come, and of which file; `None` if it must be begun anew.
    fn come(&self) -> io::Result<Option<(u64, String)>> {
        let length = self.file.metadata()?.len();
        let validator = fs::read_to_string(self.note()).ok().filter(|text| !text.is_empty());
        Ok(validator.filter(|_| length > 0).map(|validator| (length, validator)))
    }

    /// Forgets what has come.
    fn forget(&mut self) -> io::Result<()> {
        // The note first: without it the bytes count as nothing.
        match fs::remove_file(self.note()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        self.file.set_len(0)
    }

    /// Stands where the answer goes on, `come` bytes having been there: the place; `None` for a part that was not asked
    /// for.
    fn begin(&mut self, response: &Response<Body>, come: u64) -> io::Result<Option<u64>> {
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        if response.status().as_u16() == 206 {
            let fits = come > 0 && header("content-range").and_then(first_byte) == Some(come);
            if !fits {
                self.forget()?;
                return Ok(None);
            }
            return self.file.seek(SeekFrom::End(0)).map(Some);
        }
        self.forget()?;
        self.file.rewind()?;
        let strong = header("etag").filter(|tag| tag.starts_with('"'));
        if let Some(validator) = strong.or_else(|| header("last-modified")) {
            fs::write(self.note(), validator)?;
        }
        Ok(Some(0))
    }
}

/// The place of the first byte: `bytes 100-199/200` begins at 100.
fn first_byte(range: &str) -> Option<u64> {
    range.trim().strip_prefix("bytes")?.trim_start().split('-').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::first_byte;

    #[test]
    fn ranges_are_read_or_refused() {
        assert_eq!(first_byte("bytes 100-199/200"), Some(100));
        assert_eq!(first_byte("bytes 7-8/*"), Some(7));
        for odd in ["", "bytes", "bytes */200", "lines 1-2/3", "bytes -5-7/9"] {
            assert_eq!(first_byte(odd), None, "{odd}");
        }
    }
}
