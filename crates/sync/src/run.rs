//! The steps of a sync.

use std::path::{Path, PathBuf};

use registry::Import;
use store::Store;

use crate::{
    Error, Event, Options, State, Summary, Watcher, Way,
    client::Client,
    key, page, site,
    spool::{Spool, Walk, What, is_whole_zip, remove},
};

/// How often the data may change under a sync before it ends all the same.
const ROUNDS: u32 = 4;
/// How often a walk is begun anew because its pages do not fit together.
const WALKS: u32 = 3;
/// Pages that are imported at once.
const BATCH: usize = 24;
/// All ids are compared again after so many seconds.
const WEEK: i64 = 7 * 24 * 3600;

/// A sync under way.
pub(crate) struct Run<'r, 'e> {
    pub(crate) folder: &'r Path,
    pub(crate) options: &'r Options,
    pub(crate) base: String,
    pub(crate) spool: Spool,
    pub(crate) client: Client<'r, 'e>,
    pub(crate) summary: Summary,
}

impl<'r, 'e> Run<'r, 'e> {
    pub(crate) fn new(
        folder: &'r Path,
        options: &'r Options,
        watcher: &'r mut Watcher<'e>,
    ) -> Result<Self, Error> {
        let base = site(&options.from)?;
        let spool = Spool::open(folder)?;
        let client = Client::new(&base, options.pace, options.patience, options.now, watcher);
        Ok(Self { folder, options, base, spool, client, summary: Summary::default() })
    }

    pub(crate) fn finish(mut self) -> Result<Summary, Error> {
        let mut state = State::of(&self.store()?, &self.base)?;
        for round in 0..ROUNDS {
            let stamp = self.stamp()?;
            let all = state.is_none() || (self.options.full && !self.summary.loaded);
            let known = state.as_ref().filter(|state| !all && state.stamp == stamp);
            let due = self.sweep_is_due(state.as_ref());
            if known.is_none() {
                match &state {
                    Some(state) if !all => self.delta(&state.stamp.clone(), &stamp)?,
                    _ => self.load(&stamp)?,
                }
                let swept = state.and_then(|state| state.swept);
                state = Some(self.keep(State { stamp: stamp.clone(), synced: self.now(), swept })?);
            }
            self.summary.stamp.clone_from(&stamp);
            if (due || all || self.total()? != self.held()?)
                && let Some(state) = &mut state
            {
                state.swept = Some(self.now());
                self.sweep(&stamp, state)?;
            }
            self.spool.clear()?;
            if self.stamp()? == stamp {
                break;
            }
            self.summary.moving = round + 1 == ROUNDS;
        }
        Ok(self.summary)
    }

    /// How many studies of this registry are held; those of others are not counted.
    fn held(&self) -> Result<u64, Error> {
        Ok(self.store()?.ids()?.iter().filter(|id| id.nct().is_some()).count() as u64)
    }

    fn sweep_is_due(&self, state: Option<&State>) -> bool {
        let last = state.and_then(|state| state.swept);
        (self.options.sweep && !self.summary.swept) || last.is_none_or(|last| self.now() - last > WEEK)
    }

    /// Loads everything.
    fn load(&mut self, stamp: &str) -> Result<(), Error> {
        if self.options.way != Way::Pages {
            match self.bulk(stamp) {
                // A site without the zip still has its pages.
                Err(Error::Refused { .. }) if self.options.way == Way::Auto => {}
                done => {
                    self.summary.loaded = done.is_ok();
                    return done;
                }
            }
        }
        self.records(What::Load, "", stamp)?;
        self.summary.loaded = true;
        Ok(())
    }

    /// Loads the zip of everything; what came before an interruption is not asked for again.
    fn bulk(&mut self, stamp: &str) -> Result<(), Error> {
        let mut walk = Walk::new(&self.base, What::Bulk, String::new(), stamp);
        let last = self.spool.walk().filter(|last| last.is(&walk));
        if !last.as_ref().is_some_and(|last| last.done) || !self.spool.bulk().exists() {
            // What came of the same zip before stays: only the rest is asked for.
            if last.is_none() {
                self.spool.clear()?;
            }
            self.spool.save(&walk)?;
            self.client.watcher.tell(Event::Step("downloading the zip of all studies"))?;
            let to = self.spool.partial();
            self.client.download("/api/v2/studies/download?format=json.zip", &to, is_whole_zip)?;
            self.spool.arrived()?;
            walk.done = true;
            self.spool.save(&walk)?;
        }
        let bulk = self.spool.bulk();
        self.import(&[bulk])
    }

    /// Fetches what was posted since the data of a stamp; a day earlier as well, as days are those of the registry's
    /// own time zone.
    fn delta(&mut self, since: &str, stamp: &str) -> Result<(), Error> {
        let day: Option<jiff::civil::Date> = since.get(..10).and_then(|day| day.parse().ok());
        let Some(day) = day.and_then(|day| day.yesterday().ok()) else { return self.load(stamp) };
        let query = format!("&filter.advanced=AREA%5BLastUpdatePostDate%5DRANGE%5B{day}%2CMAX%5D");
        self.client.watcher.tell(Event::Step("asking for the studies that changed"))?;
        self.records(What::Delta, &query, stamp)
    }

    /// Walks through all pages of a search and imports their records. Pages that do not fit together are fetched anew;
    /// what is missing after the last try is found by the comparison of ids.
    pub(crate) fn records(&mut self, what: What, query: &str, stamp: &str) -> Result<(), Error> {
        for _ in 0..WALKS {
            let walk = Walk::new(&self.base, what, query.to_owned(), stamp);
            let Some(walk) = self.walk(walk, true)? else { continue };
            if walk.total.is_none_or(|total| total == walk.records) {
                break;
            }
            self.spool.clear()?;
        }
        Ok(())
    }

    /// Walks through all pages of a search, from where an interrupted one of the same data stood. With `import` the
    /// pages are imported on the way and removed, else they stay. `None`: the token of a page has died.
    pub(crate) fn walk(&mut self, begun: Walk, import: bool) -> Result<Option<Walk>, Error> {
        let mut walk = match self.spool.walk() {
            Some(last) if last.is(&begun) => last,
            _ => {
                self.spool.clear()?;
                begun
            }
        };
        while !walk.done {
            let path = self.path(&walk);
            let (bytes, page) = match self.client.json(&path, page::page) {
                Err(Error::Refused { status: 400, .. }) if walk.next.is_some() => {
                    self.spool.clear()?;
                    return Ok(None);
                }
                answered => answered?,
            };
            walk.pages += 1;
            self.spool.put(walk.pages, &bytes)?;
            walk.records += page.studies as u64;
            walk.total = walk.total.or(page.total);
            walk.done = page.next.is_none();
            walk.next = page.next;
            self.spool.save(&walk)?;
            let total = walk.total.unwrap_or(0);
            self.client.watcher.tell(Event::Pages { done: walk.records, total })?;
            let waiting = self.spool.pages()?;
            if import && waiting.len() >= BATCH {
                self.import(&waiting)?;
            }
        }
        if import {
            let waiting = self.spool.pages()?;
            self.import(&waiting)?;
        }
        Ok(Some(walk))
    }

    fn path(&self, walk: &Walk) -> String {
        let size = self.options.page;
        let token = walk.next.as_ref().map_or_else(String::new, |t| format!("&pageToken={}", encoded(t)));
        format!("/api/v2/studies?pageSize={size}&countTotal=true{}{token}", walk.query)
    }

    /// Imports files and removes them.
    pub(crate) fn import(&mut self, files: &[PathBuf]) -> Result<(), Error> {
        if files.is_empty() {
            return Ok(());
        }
        let import = Import {
            paths: files.to_vec(),
            source: Some(format!("{}/api/v2/studies", self.base)),
            received: self.now(),
            strict: false,
            workers: self.options.workers,
            limits: self.options.limits,
        };
        let watcher = &mut *self.client.watcher;
        let done = registry::import(self.folder, &import, &mut |event| (watcher.on)(Event::Import(event)))?;
        let counts = &mut self.summary.counts;
        counts.added += done.counts.added;
        counts.changed += done.counts.changed;
        counts.kept += done.counts.kept;
        counts.unchanged += done.counts.unchanged;
        self.summary.lost += done.lost;
        files.iter().try_for_each(|file| remove(file))
    }

    /// Keeps how far the registry was followed.
    fn keep(&self, state: State) -> Result<State, Error> {
        let mut writer = store::Writer::open(self.folder)?;
        writer.meta_set(&key(&self.base), &written(&state))?;
        writer.commit()?;
        Ok(state)
    }

    pub(crate) fn stamp(&mut self) -> Result<String, Error> {
        Ok(self.client.json("/api/v2/version", page::stamp)?.1)
    }

    fn total(&mut self) -> Result<u64, Error> {
        let path = "/api/v2/studies?pageSize=1&countTotal=true&fields=NCTId";
        let total = |bytes: &[u8]| page::page(bytes)?.total.ok_or_else(|| "no count was told".to_owned());
        Ok(self.client.json(path, total)?.1)
    }

    pub(crate) fn store(&self) -> Result<Store, Error> {
        Ok(Store::open(self.folder)?)
    }

    pub(crate) fn now(&self) -> i64 {
        (self.options.now)()
    }
}

/// A state as the store keeps it.
pub(crate) fn written(state: &State) -> String {
    serde_json::to_string(state).expect("strings and numbers are JSON")
}

/// A value of an address, percent-encoded.
pub(crate) fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}
