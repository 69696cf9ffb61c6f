//! Ctrl-C and SIGTERM: the first asks for a clean end, the second ends at once.

use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::terminal;

/// Exit code of a second signal: the one shells give for Ctrl-C.
const AT_ONCE: i32 = 130;

/// Whether the user asked to stop.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on; `what` is said at the first signal.
    pub fn listen(what: &'static str) -> Self {
        let asked = Self::default();
        let flag = asked.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // Without a runtime signals keep their usual meaning: they end the process, which loses nothing.
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                signal().await;
                flag.0.store(true, Ordering::Relaxed);
                terminal::note(what);
                signal().await;
                // Nothing acknowledged is lost by it: the store takes any end of the process.
                process::exit(AT_ONCE);
            });
        });
        asked
    }

    /// Whether a signal has come.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Waits for the next Ctrl-C or, on Unix, SIGTERM.
pub async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
