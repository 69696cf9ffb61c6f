//! One request at a time, politely, until it is answered or given up.

use std::time::{Duration, Instant};

use ureq::{Agent, Body, http::Response};

use crate::{
    Error, Event, Watcher,
    pace::{Pace, Waits, retry_after},
};

/// Longest answer that is held in memory: a page of a thousand studies is some 20 MB.
const LONGEST: u64 = 512 << 20;
/// Of an answer that refuses, so much is told.
const SAID: usize = 300;

/// How long a request may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// To be connected.
    pub connect: Duration,
    /// Until the answer begins.
    pub answer: Duration,
    /// From one part of an answer to the next, its beginning included.
    pub stall: Duration,
    /// Until an answer with records is read.
    pub page: Duration,
    /// Until the zip of everything is read.
    pub bulk: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            answer: Duration::from_secs(90),
            stall: Duration::from_secs(90),
            page: Duration::from_secs(300),
            bulk: Duration::from_secs(6 * 3600),
        }
    }
}

/// What went wrong with one try.
pub(crate) enum Trouble {
    /// It may go well the next time; what the server asks to wait, if it says.
    Passing(String, Option<Duration>),
    /// The rest that was asked for is none of what the server has.
    NoSuchRange,
    /// It will not.
    Lasting(Error),
}

/// A client of one registry.
pub(crate) struct Client<'w, 'e> {
    agent: Agent,
    base: String,
    pace: Pace,
    pub(crate) patience: Patience,
    waits: Waits,
    now: fn() -> i64,
    last: Option<Instant>,
    pub(crate) watcher: &'w mut Watcher<'e>,
}

impl<'w, 'e> Client<'w, 'e> {
    /// A client of the site at `base`. `now` tells seconds since 1970, for servers that name a date to come back.
    pub(crate) fn new(
        base: &str,
        pace: Pace,
        patience: Patience,
        now: fn() -> i64,
        watcher: &'w mut Watcher<'e>,
    ) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(3)
            .timeout_connect(Some(patience.connect))
            .timeout_recv_response(Some(patience.answer))
            .timeout_per_read(Some(patience.stall))
            .user_agent(concat!("trialist/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Self {
            agent,
            base: base.to_owned(),
            pace,
            patience,
            waits: Waits::new(pace),
            now,
            last: None,
            watcher,
        }
    }

    /// The whole address of a path.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// An answer of JSON with what `read` makes of it. What `read` cannot read counts as a failed try: a truncated
    /// body, a page of HTML in place of JSON.
    pub(crate) fn json<T>(
        &mut self,
        path: &str,
        read: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Result<(Vec<u8>, T), Error> {
        let patience = self.patience.page;
        self.patiently(path, |client, address| {
            let mut response = client.get(address, patience)?;
            let body = response.body_mut().with_config().limit(LONGEST).read_to_vec();
            let body = body.map_err(|e| Trouble::Passing(format!("the answer breaks off: {e}"), None))?;
            let thing = read(&body).map_err(|e| Trouble::Passing(e, None))?;
            Ok((body, thing))
        })
    }

    /// The answer to one try, whose body may take so long.
    fn get(&mut self, address: &str, patience: Duration) -> Result<Response<Body>, Trouble> {
        self.get_with(address, patience, &[])
    }

    /// The same with headers.
    pub(crate) fn get_with(
        &mut self,
        address: &str,
        patience: Duration,
        headers: &[(&str, String)],
    ) -> Result<Response<Body>, Trouble> {
        self.last = Some(Instant::now());
        let mut request = self.agent.get(address);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.config().timeout_recv_body(Some(patience)).build();
        let mut response = request.call().map_err(|error| self.untold(address, error))?;
        let status = response.status().as_u16();
        if matches!(status, 200 | 206) {
            return Ok(response);
        }
        if status == 416 {
            return Err(Trouble::NoSuchRange);
        }
        let header = response.headers().get("retry-after").and_then(|v| v.to_str().ok());
        let wait = header.and_then(|text| retry_after(text, (self.now)()));
        if matches!(status, 408 | 425 | 429 | 500..) {
            return Err(Trouble::Passing(format!("status {status}"), wait));
        }
        let said = response.body_mut().with_config().limit(1 << 16).read_to_string().unwrap_or_default();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SAID).collect();
        Err(Trouble::Lasting(Error::Refused { address: address.to_owned(), status, said }))
    }

    /// What the lack of an answer means.
    fn untold(&self, address: &str, error: ureq::Error) -> Trouble {
        match error {
            ureq::Error::BadUri(_) => Trouble::Lasting(Error::Address(address.to_owned())),
            other => Trouble::Passing(other.to_string(), None),
        }
    }

    /// Tries until it goes well, the registry refuses, or it was tried often enough.
    pub(crate) fn patiently<T>(
        &mut self,
        path: &str,
        mut attempt: impl FnMut(&mut Self, &str) -> Result<T, Trouble>,
    ) -> Result<T, Error> {
        let address = self.address(path);
        let mut failures = 0;
        loop {
            if let Some(last) = self.last {
                self.sleep(self.pace.between.saturating_sub(last.elapsed()), "")?;
            }
            let (why, asked) = match attempt(self, &address) {
                Ok(done) => return Ok(done),
                Err(Trouble::Lasting(error)) => return Err(error),
                Err(Trouble::Passing(why, asked)) => (why, asked),
                Err(Trouble::NoSuchRange) => ("status 416".to_owned(), None),
            };
            failures += 1;
            if failures >= self.pace.attempts.max(1) {
                return Err(Error::GivenUp { address, attempts: failures, last: why });
            }
            let wait = self.waits.after(failures);
            match asked {
                Some(asked) if asked > self.pace.longest => {
                    return Err(Error::Later { address, seconds: asked.as_secs() });
                }
                // Not all at once when the time has come.
                Some(asked) => self.sleep(asked + self.pace.between.mul_f64(0.5).min(wait), &why)?,
                None => self.sleep(wait, &why)?,
            }
        }
    }

    /// Waits, but not longer than until somebody asks to stop.
    fn sleep(&mut self, time: Duration, why: &str) -> Result<(), Error> {
        const SLICE: Duration = Duration::from_millis(100);
        self.watcher.stop()?;
        if !why.is_empty() {
            self.watcher.tell(Event::Waiting { time, why })?;
        }
        let started = Instant::now();
        while let Some(rest) = time.checked_sub(started.elapsed()).filter(|rest| !rest.is_zero()) {
            std::thread::sleep(rest.min(SLICE));
            self.watcher.stop()?;
        }
        Ok(())
    }
}
