//! Long work tells how far it is: a bar on a terminal, a line every few seconds elsewhere.

use std::{
    io::{IsTerminal, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal;

/// Work that ends sooner shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two lines where there is no terminal.
const BETWEEN: Duration = Duration::from_secs(5);
/// Between two redrawings of the bar.
const REDRAW: Duration = Duration::from_millis(100);

/// The progress of one piece of work.
pub struct Progress {
    what: &'static str,
    things: &'static str,
    quiet: bool,
    started: Instant,
    told: Option<Instant>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Of work called `what`, which goes through `things`.
    pub fn new(what: &'static str, things: &'static str, quiet: bool) -> Self {
        Self { what, things, quiet, started: Instant::now(), told: None, bar: None }
    }

    /// So much of so much (0: unknown) is done; `count` things so far.
    pub fn update(&mut self, done: u64, total: u64, count: u64) {
        let terminal = stderr().is_terminal();
        let pause = if terminal { REDRAW } else { BETWEEN };
        let early = self.started.elapsed() < if terminal { PATIENCE } else { BETWEEN };
        if self.quiet || early || self.told.is_some_and(|told| told.elapsed() < pause) {
            return;
        }
        self.told = Some(Instant::now());
        let per_second = (count as f64 / self.started.elapsed().as_secs_f64()) as u64;
        let state =
            format!("{} {} ({}/s)", terminal::grouped(count), self.things, terminal::grouped(per_second));
        if terminal {
            self.draw(done, total, state);
        } else {
            let percent = (done * 100).checked_div(total);
            let share = percent.map_or_else(String::new, |percent| format!("{percent} %, "));
            terminal::note(&format!("{}: {share}{state}", self.what));
        }
    }

    fn draw(&mut self, done: u64, total: u64, state: String) {
        let bar = self.bar.get_or_insert_with(|| {
            let (bar, template) = match total {
                0 => (ProgressBar::new_spinner(), "{spinner} {prefix}  {msg}  {elapsed}"),
                _ => (ProgressBar::new(total), "{prefix} [{bar:30}] {percent} %  {msg}  {eta} left"),
            };
            let style = ProgressStyle::with_template(template);
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_prefix(self.what)
        });
        bar.set_message(state);
        bar.set_position(done);
    }

    /// Takes the bar away.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}
