//! Answers of any length, written while they are read: little is in memory, and nobody is waited for without end.

use std::{io, panic::AssertUnwindSafe, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use tokio::{runtime::Handle, sync::mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::refusal::Refusal;
use crate::Site;

/// Bytes sent at once.
const CHUNK: usize = 64 << 10;
/// Chunks that may wait for the reader.
const WAITING: usize = 4;

/// Where a long answer is written to.
pub(crate) struct Pipe {
    sender: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
    stall: Duration,
    runtime: Handle,
}

impl Pipe {
    fn send(&mut self, chunk: io::Result<Bytes>) -> io::Result<()> {
        let sent = self.runtime.block_on(tokio::time::timeout(self.stall, self.sender.send(chunk)));
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader has gone")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing")),
        }
    }
}

impl io::Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(2 * CHUNK));
        self.send(Ok(full.into()))
    }
}

/// An answer that `write` writes on a thread of its own. If it fails on the way the answer breaks off, so that nobody
/// takes the part for the whole.
pub(crate) fn answer(
    site: &Site,
    kind: &'static str,
    write: impl FnOnce(&mut Pipe) -> io::Result<()> + Send + 'static,
) -> Result<Response, Refusal> {
    let permit = site.streams.clone().try_acquire_owned().map_err(|_| {
        let most = site.options.most_streams;
        Refusal::busy(format!("{most} long answers are being read already; try again in a few seconds"))
    })?;
    let (sender, receiver) = mpsc::channel(WAITING);
    let runtime = Handle::current();
    let mut pipe = Pipe { sender, buffer: Vec::with_capacity(2 * CHUNK), stall: site.options.stall, runtime };
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let whole = AssertUnwindSafe(|| write(&mut pipe).and_then(|()| io::Write::flush(&mut pipe)));
        let written = std::panic::catch_unwind(whole);
        let written = written.unwrap_or_else(|_| Err(io::Error::other("the answer was not finished")));
        if let Err(error) = written {
            // Fails only when nobody listens any more.
            let _ = pipe.send(Err(error));
        }
    });
    let mut response = Body::from_stream(ReceiverStream::new(receiver)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

/// A registry's error on the way of a stream.
pub(crate) fn broken(error: impl ToString) -> io::Error {
    io::Error::other(error.to_string())
}
