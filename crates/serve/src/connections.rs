//! Connections: how many are open at once, and how long each is waited for.
//!
//! A client that sends its request byte by byte, or takes its answer byte by byte, holds a connection and what was
//! computed for it. Both have an end here, so that nobody holds them for longer than the limits of
//! [`Options`](crate::Options) say.

use std::{
    io,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, BodyDataStream, Bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::Sleep,
};
use tokio_stream::Stream;
use tower::ServiceExt;

use crate::{Options, api::refusal::Refusal};

/// The system could open no further connection; it is asked again after so long.
const BREATH: Duration = Duration::from_millis(50);

/// Answers on every connection that comes until `shutdown` is done, and then until the open ones are finished.
pub(crate) async fn answer(
    listener: TcpListener,
    site: Router,
    options: &Options,
    shutdown: impl Future<Output = ()>,
) {
    let service = TowerToHyperService::new(site.map_request(|r: hyper::Request<Incoming>| r.map(Body::new)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(options.send_within);
    let room = Arc::new(Semaphore::new(options.most_connections.max(1)));
    let open = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        // Whoever comes when there is no room waits in the queue of the system.
        let next = async { (room.clone().acquire_owned().await, listener.accept().await) };
        let (turn, accepted) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        // Only makes small answers quicker.
        let _ = stream.set_nodelay(true);
        let stream = Patient { stream, stall: options.stall, waiting: None };
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service.clone()));
        tokio::spawn(async move {
            let _turn = turn;
            // A client that is gone, silent or not speaking HTTP: there is nobody to tell.
            let _ = connection.await;
        });
    }
    drop(listener);
    open.shutdown().await;
}

/// A connection whose reader is waited for, but not without end.
struct Patient {
    stream: TcpStream,
    stall: Duration,
    /// Runs while the reader takes nothing.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    fn watched<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.waiting = None;
            return polled;
        }
        let stall = self.stall;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(stall)));
        ready!(waiting.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing")))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watched(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Refuses a request whose body is not whole in time.
pub(crate) async fn sent_in_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let late = Arc::new(AtomicBool::new(false));
    let in_time = |body: Body| {
        let end = Box::pin(tokio::time::sleep(limit));
        Body::from_stream(InTime { body: body.into_data_stream(), end, late: late.clone() })
    };
    let response = next.run(request.map(in_time)).await;
    if late.load(Ordering::Relaxed) { Refusal::too_slow(limit).into_response() } else { response }
}

/// A body that breaks off when its time is over.
struct InTime {
    body: BodyDataStream,
    end: Pin<Box<Sleep>>,
    late: Arc<AtomicBool>,
}

impl Stream for InTime {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.end.as_mut().poll(cx).is_ready() {
            self.late.store(true, Ordering::Relaxed);
            return Poll::Ready(Some(Err(axum::Error::new("the body was not sent in time"))));
        }
        Pin::new(&mut self.body).poll_next(cx)
    }
}
