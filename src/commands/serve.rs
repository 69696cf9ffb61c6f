//! `trialist serve`: the API and the pages, on this machine unless told otherwise.

use std::{
    io::{ErrorKind, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Result, anyhow};
use clap::Args;
use registry::Registry;
use serve::{Options, Server};

use super::Context;
use crate::{data, ending::Ending, interrupt, terminal};

/// Where it listens if no port is named: this one, or one of the next that is free.
const PORT: u16 = 8080;
/// Ports tried, from [`PORT`] on.
const TRIED: u16 = 20;
/// Open answers have so long to be finished once the end was asked for.
const GRACE: Duration = Duration::from_secs(5);

/// Serve the registry's pages and its API (`/api/v2`) over HTTP
///
/// The address is the first line of standard output. Studies that are imported meanwhile appear by themselves.
/// Ctrl-C or SIGTERM ends it once the open answers have been sent.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  trialist serve\n  trialist serve --port 9000\n  \
    trialist serve --host 0.0.0.0    for other machines, too: there is no password")]
pub struct Serve {
    #[command(flatten)]
    pub address: Address,
}

// Where to listen. (A doc comment would become the help of the verb that has it.)
#[derive(Debug, Args)]
pub struct Address {
    /// Port to listen on; by default 8080 or the next that is free (0: any)
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on; anything but a loopback address lets other machines in
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Most megabytes that may be sent at once: a note, or a person's record
    #[arg(long, value_name = "MEGABYTES", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    most_sent: u16,
    /// Most requests of the APIs that are computed at once; the others wait for their turn
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    most_at_once: u16,
    /// Most long answers (NDJSON, CSV of everything, the zip) at once; more are told to come back (503)
    #[arg(long, value_name = "N", default_value_t = 16)]
    most_streams: u16,
    /// Seconds that an answer waits for a reader that takes nothing
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    stall: u16,
    /// Most connections that are open at once; others wait to be let in
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..))]
    most_connections: u16,
    /// Seconds in which a client must send the head of a request, and then its body
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..))]
    send_within: u16,
    /// Keep the answers about people (/match, /screen, their APIs) in this folder; without it nothing about a person is
    /// written
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
}

impl Address {
    fn options(&self) -> Options {
        Options {
            most_sent: usize::from(self.most_sent) << 20,
            most_at_once: self.most_at_once.into(),
            most_streams: self.most_streams.into(),
            stall: Duration::from_secs(self.stall.into()),
            most_connections: self.most_connections.into(),
            send_within: Duration::from_secs(self.send_within.into()),
            save: self.save.as_deref().map(Into::into),
            ..Options::default()
        }
    }
}

impl Serve {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let registry = data::open(&context.data, context.quiet)?;
        listen(registry, &self.address, context.quiet, |_| ())
    }
}

/// Serves a registry until a signal comes; `ready` is given the URL.
pub fn listen(
    registry: Registry,
    address: &Address,
    quiet: bool,
    ready: impl FnOnce(&str),
) -> Result<Ending> {
    if !address.host.is_loopback() {
        terminal::warn(&format!(
            "listening on {}: whoever reaches this machine can read the registry; there is no password",
            address.host
        ));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (asked, ask) = tokio::sync::watch::channel(false);
        tokio::spawn(async move {
            interrupt::signal().await;
            // Fails only when the server has ended by itself.
            let _ = asked.send(true);
        });
        let about = about(&registry);
        let server = bind(Arc::new(registry), address, &ask).await?;
        let url = format!("http://{}/", server.address);
        let mut out = terminal::output();
        writeln!(out, "{url}")?;
        out.flush()?;
        drop(out);
        if !quiet {
            terminal::note(&format!("{about}. Ctrl-C ends it."));
        }
        ready(&url);
        ended(server, ask).await
    })
}

/// What is served, in words.
fn about(registry: &Registry) -> String {
    let studies = terminal::counted(registry.len() as u64, "study", "studies");
    match registry.data_timestamp().get(..10) {
        Some(day) => format!("{studies}, data of {day}, from {}", registry.folder().display()),
        None => format!("{studies}, from {}", registry.folder().display()),
    }
}

type Asked = tokio::sync::watch::Receiver<bool>;

async fn bind(registry: Arc<Registry>, address: &Address, asked: &Asked) -> Result<Server> {
    let ports = match address.port {
        Some(port) => vec![port],
        None => (PORT..PORT + TRIED).chain([0]).collect(),
    };
    let mut last = None;
    for port in ports {
        let mut asked = asked.clone();
        let shutdown = async move {
            // An error means that the sender is gone, and with it the program's main part.
            let _ = asked.wait_for(|asked| *asked).await;
        };
        let at = SocketAddr::new(address.host, port);
        match serve::run(registry.clone(), address.options(), Some(at), shutdown).await {
            Err(serve::Error::Bind { source, .. })
                if source.kind() == ErrorKind::AddrInUse && address.port.is_none() =>
            {
                last = Some(source);
            }
            done => return Ok(done?),
        }
    }
    Err(anyhow!("no port is free: {}", last.map_or_else(String::new, |e| e.to_string())))
}

/// Waits for the signal, and then for the open answers.
async fn ended(server: Server, mut asked: Asked) -> Result<Ending> {
    let finished = server.finished();
    tokio::pin!(finished);
    tokio::select! {
        result = &mut finished => result?,
        _ = asked.wait_for(|asked| *asked) => {
            if let Ok(result) = tokio::time::timeout(GRACE, finished).await {
                result?;
            }
        }
    }
    Ok(Ending::Done)
}

/// Opens a URL in the browser; a machine without one is no failure.
pub fn browse(url: &str) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/c", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    if std::process::Command::new(program).args(arguments).arg(url).spawn().is_err() {
        terminal::warn(&format!("no browser could be started: open {url} yourself"));
    }
}
