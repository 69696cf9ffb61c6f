//! What the index holds at one moment, numbered so that results do not depend on how it is stored.
//!
//! Studies are numbered in the order of their ids, sites in the order of their studies and then of the record.
//! All evaluation works on these numbers; segments only translate.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, OnceLock},
};

use model::{Identity, Piece, StudyId, piece};
use tantivy::{
    Searcher, SegmentReader,
    index::InvertedIndexReader,
    postings::{BlockSegmentPostings, SegmentPostings, TermInfo},
    schema::IndexRecordOption,
};

use crate::{
    Error,
    facets::FacetColumns,
    layout::{self, Fields},
    passed::Lately,
};

/// So many lists are looked up one by one; of more it is faster to go through all of their neighbours.
const FEW: usize = 16;

/// A document of a segment that is deleted.
const GONE: u32 = u32::MAX;

/// The index at one moment.
pub struct Snapshot {
    pub(crate) segments: Vec<Segment>,
    /// Study number -> id, ascending.
    ids: Vec<StudyId>,
    /// Site number -> study number, ascending.
    pub(crate) parents: Vec<u32>,
    /// Study number -> its first site; one more at the end.
    pub(crate) first_site: Vec<u32>,
    fields: Fields,
    columns: Vec<OnceLock<Arc<Column>>>,
    points: OnceLock<Vec<Option<(f32, f32)>>>,
    pub(crate) facets: OnceLock<FacetColumns>,
    homes: OnceLock<Homes>,
    identity: OnceLock<Identity>,
    places: OnceLock<Places>,
    pub(crate) passed: Lately,
    sequence: Option<i64>,
}

/// Where studies and sites lie: segment and document, by number.
pub(crate) struct Homes {
    pub(crate) studies: Vec<(u32, u32)>,
    pub(crate) sites: Vec<(u32, u32)>,
}

/// The distinct points of sites, and which of them each site has (`u32::MAX` for none).
struct Places {
    points: Vec<(f32, f32)>,
    of_site: Vec<u32>,
}

/// A segment and the numbers of its documents.
pub(crate) struct Segment {
    pub(crate) terms: Arc<InvertedIndexReader>,
    reader: SegmentReader,
    /// Document -> study number or site number (a term's piece says which).
    pub(crate) numbers: Vec<u32>,
    /// Document -> whether it is a site.
    is_site: Vec<bool>,
}

/// The values of an ordered piece by study (or by site for pieces of sites).
pub struct Column {
    /// Number -> where its values begin; one more at the end.
    starts: Vec<u32>,
    values: Vec<i64>,
}

impl Column {
    /// All values, in the order of the record.
    pub fn values(&self, number: u32) -> &[i64] {
        let number = number as usize;
        &self.values[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    /// The first value.
    pub fn first(&self, number: u32) -> Option<i64> {
        self.values(number).first().copied()
    }
}

/// A posting list in a segment.
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) piece: &'static Piece,
    pub(crate) info: TermInfo,
}

impl Snapshot {
    /// Numbers the studies and sites that a searcher sees, which has read the store up to `sequence`.
    pub(crate) fn new(searcher: &Searcher, sequence: Option<i64>) -> Result<Self, Error> {
        let fields = Fields::new();
        let mut found: Vec<(u64, usize, u32)> = Vec::new();
        let mut raw = Vec::new();
        for (s, reader) in searcher.segment_readers().iter().enumerate() {
            let study = reader.fast_fields().u64("study")?.first_or_default_col(0);
            let site = reader.fast_fields().u64("site")?.first_or_default_col(0);
            let documents = reader.max_doc() as usize;
            let (mut studies, mut sites) = (vec![0u64; documents], vec![0u64; documents]);
            study.get_range(0, &mut studies);
            site.get_range(0, &mut sites);
            for doc in 0..reader.max_doc() {
                if sites[doc as usize] == 0 && !reader.is_deleted(doc) {
                    found.push((studies[doc as usize], s, doc));
                }
            }
            raw.push((studies, sites));
        }
        found.sort_unstable();
        found.dedup_by_key(|f| f.0);
        let ids: Vec<StudyId> = found.iter().filter_map(|f| StudyId::new(f.0)).collect();
        let (segments, parents, first_site) = number(searcher, &ids, &raw, &fields)?;
        let columns = piece::all().iter().map(|_| OnceLock::new()).collect();
        Ok(Self {
            segments,
            ids,
            parents,
            first_site,
            fields,
            columns,
            points: OnceLock::new(),
            facets: OnceLock::new(),
            homes: OnceLock::new(),
            identity: OnceLock::new(),
            places: OnceLock::new(),
            passed: Lately::default(),
            sequence,
        })
    }

    /// The store's sequence up to which this has read; `None` if the index does not say.
    pub fn sequence(&self) -> Option<i64> {
        self.sequence
    }

    /// How many studies there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// How many sites there are.
    pub fn sites(&self) -> usize {
        self.parents.len()
    }

    /// The id of a study number.
    pub fn id(&self, number: u32) -> StudyId {
        self.ids[number as usize]
    }

    /// The number of a study.
    pub fn number(&self, id: StudyId) -> Option<u32> {
        self.ids.binary_search(&id).ok().map(|n| n as u32)
    }

    /// The sites of a study.
    pub fn sites_of(&self, study: u32) -> std::ops::Range<u32> {
        self.first_site[study as usize]..self.first_site[study as usize + 1]
    }

    /// The column of an ordered piece, read at first use.
    pub fn column(&self, piece: &Piece) -> Arc<Column> {
        self.columns[usize::from(piece.id)].get_or_init(|| Arc::new(self.read_column(piece))).clone()
    }

    fn read_column(&self, piece: &Piece) -> Column {
        let size = if piece.in_location() { self.sites() } else { self.len() };
        let mut pairs: Vec<(u32, i64)> = Vec::new();
        if self.fields.columns[usize::from(piece.id)].is_some() {
            for segment in &self.segments {
                // A column that no document of the segment has is simply not there.
                let Ok(column) = segment.reader.fast_fields().i64(piece.name) else { continue };
                for (doc, number) in segment.numbers.iter().enumerate().filter(|(_, n)| **n != GONE) {
                    pairs.extend(column.values_for_doc(doc as u32).map(|value| (*number, value)));
                }
            }
        }
        pairs.sort_by_key(|p| p.0);
        let mut starts = vec![0u32; size + 1];
        pairs.iter().for_each(|(number, _)| starts[*number as usize + 1] += 1);
        (0..size).for_each(|i| starts[i + 1] += starts[i]);
        Column { starts, values: pairs.into_iter().map(|p| p.1).collect() }
    }

    /// Degrees north and east of each site, if it has a point.
    pub fn points(&self) -> &[Option<(f32, f32)>] {
        self.points.get_or_init(|| {
            let mut points = vec![None; self.sites()];
            for segment in &self.segments {
                let columns =
                    ["latitude", "longitude"].map(|name| segment.reader.fast_fields().i64(name).ok());
                let [Some(lat), Some(lon)] = columns else { continue };
                for (doc, number) in segment.numbers.iter().enumerate().filter(|(_, n)| **n != GONE) {
                    if let (Some(lat), Some(lon)) = (lat.first(doc as u32), lon.first(doc as u32)) {
                        points[*number as usize] =
                            Some(((lat as f64 / 1e6) as f32, (lon as f64 / 1e6) as f32));
                    }
                }
            }
            points
        })
    }

    /// Where studies and sites lie; made at first use.
    pub(crate) fn homes(&self) -> &Homes {
        self.homes.get_or_init(|| {
            let mut homes =
                Homes { studies: vec![(GONE, 0); self.len()], sites: vec![(GONE, 0); self.sites()] };
            for (s, segment) in self.segments.iter().enumerate() {
                for (doc, number) in segment.numbers.iter().enumerate().filter(|(_, n)| **n != GONE) {
                    let list = if segment.is_site[doc] { &mut homes.sites } else { &mut homes.studies };
                    list[*number as usize] = (s as u32, doc as u32);
                }
            }
            homes
        })
    }

    /// Which records are of one trial; made at first use.
    pub fn identity(&self) -> &Identity {
        self.identity.get_or_init(|| {
            let mut records: Vec<(StudyId, Vec<StudyId>)> = Vec::new();
            for segment in &self.segments {
                let Ok(column) = segment.reader.fast_fields().u64("names") else { continue };
                for (doc, number) in segment.numbers.iter().enumerate().filter(|(_, n)| **n != GONE) {
                    let names: Vec<StudyId> =
                        column.values_for_doc(doc as u32).filter_map(StudyId::new).collect();
                    if !segment.is_site[doc] && (!names.is_empty() || self.id(*number).nct().is_none()) {
                        records.push((self.id(*number), names));
                    }
                }
            }
            // Those that are named, and name nobody.
            let named: HashSet<StudyId> = records.iter().flat_map(|(_, names)| names).copied().collect();
            let known: HashSet<StudyId> = records.iter().map(|(id, _)| *id).collect();
            let silent = named.into_iter().filter(|id| !known.contains(id) && self.number(*id).is_some());
            records.extend(silent.map(|id| (id, Vec::new())));
            Identity::new(records)
        })
    }

    /// How many of the studies, the first ones, are those of ClinicalTrials.gov.
    pub fn nct_studies(&self) -> usize {
        self.ids.partition_point(|id| id.nct().is_some())
    }

    fn place_list(&self) -> &Places {
        self.places.get_or_init(|| {
            let mut known: HashMap<(u32, u32), u32> = HashMap::new();
            let mut points = Vec::new();
            let of_site = self.points().iter().map(|point| {
                let Some((lat, lon)) = *point else { return GONE };
                *known.entry((lat.to_bits(), lon.to_bits())).or_insert_with(|| {
                    points.push((lat, lon));
                    points.len() as u32 - 1
                })
            });
            let of_site = of_site.collect();
            Places { points, of_site }
        })
    }

    /// What a function makes of the point of each site; 0 for sites without one. Many sites share a point (that of
    /// their city), and it is called once for each.
    pub(crate) fn at_points(&self, f: impl Fn((f32, f32)) -> f32) -> Vec<f32> {
        let list = self.place_list();
        let values: Vec<f32> = list.points.iter().map(|point| f(*point)).collect();
        list.of_site.iter().map(|place| values.get(*place as usize).copied().unwrap_or(0.0)).collect()
    }

    /// The points of the sites of matching studies with the number of sites at each: most first, at most `limit`.
    pub fn places(&self, scores: &crate::scores::Scores, limit: usize) -> Vec<(f32, f32, u32)> {
        let list = self.place_list();
        let mut counts = vec![0u32; list.points.len()];
        for study in scores.matches() {
            let sites = self.sites_of(study);
            let places = list.of_site[sites.start as usize..sites.end as usize].iter();
            places.filter(|p| **p != GONE).for_each(|p| counts[*p as usize] += 1);
        }
        let mut order: Vec<u32> = (0..counts.len() as u32).filter(|p| counts[*p as usize] > 0).collect();
        order.sort_by(|a, b| counts[*b as usize].cmp(&counts[*a as usize]).then(a.cmp(b)));
        order.truncate(limit);
        let point = |p: u32| (list.points[p as usize].0, list.points[p as usize].1, counts[p as usize]);
        order.into_iter().map(point).collect()
    }

    /// The lists whose terms begin with `prefix` and end in their piece, by segment.
    pub(crate) fn lists(&self, prefix: &str) -> Result<Vec<Vec<List>>, Error> {
        self.segments.iter().map(|segment| segment.lists(prefix)).collect()
    }

    /// Those of them in these pieces, and perhaps others.
    pub(crate) fn lists_in(&self, prefix: &str, pieces: &[&'static Piece]) -> Result<Vec<Vec<List>>, Error> {
        self.segments.iter().map(|segment| segment.lists_in(prefix, pieces)).collect()
    }

    /// The list of exactly this term, by segment.
    pub(crate) fn list(&self, term: &str, piece: &'static Piece) -> Result<Vec<Vec<List>>, Error> {
        let one = |segment: &Segment| -> Result<Vec<List>, Error> {
            let info = segment.terms.terms().get(term.as_bytes())?;
            Ok(info.map(|info| List { piece, info }).into_iter().collect())
        };
        self.segments.iter().map(one).collect()
    }

    /// Every whole value of a piece with the numbers of the documents that have it, values in order.
    pub(crate) fn whole_values(&self, piece: &'static Piece) -> Result<Vec<(String, Vec<u32>)>, Error> {
        let prefix = layout::whole_prefix(piece);
        let mut values: HashMap<String, Vec<u32>> = HashMap::new();
        for segment in &self.segments {
            let mut terms = segment.terms.terms().range().ge(prefix.as_bytes()).into_stream()?;
            while terms.advance() {
                let Some(value) = terms.key().strip_prefix(prefix.as_bytes()) else { break };
                let value = String::from_utf8_lossy(value).into_owned();
                let numbers = values.entry(value).or_default();
                segment.each(terms.value(), |number| numbers.push(number))?;
            }
        }
        let mut values: Vec<_> = values.into_iter().collect();
        values.iter_mut().for_each(|(_, numbers)| numbers.sort_unstable());
        values.sort_unstable();
        Ok(values)
    }
}

type Numbered = (Vec<Segment>, Vec<u32>, Vec<u32>);

/// Gives every living document its number.
fn number(
    searcher: &Searcher,
    ids: &[StudyId],
    raw: &[(Vec<u64>, Vec<u64>)],
    fields: &Fields,
) -> Result<Numbered, Error> {
    let number_of: HashMap<u64, u32> =
        ids.iter().enumerate().map(|(n, id)| (id.number(), n as u32)).collect();
    let living = |reader: &SegmentReader, doc: usize| !reader.is_deleted(doc as u32);
    let mut first_site = vec![0u32; ids.len() + 1];
    for (reader, (studies, sites)) in searcher.segment_readers().iter().zip(raw) {
        for (doc, site) in sites.iter().enumerate().filter(|(doc, site)| **site > 0 && living(reader, *doc)) {
            if let Some(n) = number_of.get(&studies[doc]) {
                let count = &mut first_site[*n as usize + 1];
                *count = (*count).max(*site as u32);
            }
        }
    }
    (0..ids.len()).for_each(|i| first_site[i + 1] += first_site[i]);
    let mut parents = vec![0u32; first_site.last().copied().unwrap_or(0) as usize];
    for (n, pair) in first_site.windows(2).enumerate() {
        parents[pair[0] as usize..pair[1] as usize].fill(n as u32);
    }
    let mut segments = Vec::new();
    for (reader, (studies, sites)) in searcher.segment_readers().iter().zip(raw) {
        let numbers = (0..sites.len())
            .map(|doc| match number_of.get(&studies[doc]) {
                Some(n) if living(reader, doc) && sites[doc] == 0 => *n,
                Some(n) if living(reader, doc) => first_site[*n as usize] + sites[doc] as u32 - 1,
                _ => GONE,
            })
            .collect();
        let is_site = sites.iter().map(|site| *site > 0).collect();
        segments.push(Segment {
            is_site,
            terms: reader.inverted_index(fields.text)?,
            reader: reader.clone(),
            numbers,
        });
    }
    Ok((segments, parents, first_site))
}

impl Segment {
    /// The lists of a prefix in these pieces: where they are few, each is looked up by itself.
    fn lists_in(&self, prefix: &str, pieces: &[&'static Piece]) -> Result<Vec<List>, Error> {
        if pieces.len() > FEW {
            return self.lists(prefix);
        }
        let (mut out, mut term) = (Vec::new(), prefix.to_owned());
        for piece in pieces {
            term.truncate(prefix.len());
            layout::end_in(&mut term, piece);
            out.extend(self.terms.terms().get(term.as_bytes())?.map(|info| List { piece, info }));
        }
        Ok(out)
    }

    fn lists(&self, prefix: &str) -> Result<Vec<List>, Error> {
        let mut out = Vec::new();
        let mut terms = self.terms.terms().range().ge(prefix.as_bytes()).into_stream()?;
        while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
            if let Some(piece) = layout::piece_at_end(terms.key()) {
                out.push(List { piece, info: terms.value().clone() });
            }
        }
        Ok(out)
    }

    /// Shows the number of every living document of a list.
    #[inline]
    pub(crate) fn each(&self, info: &TermInfo, mut f: impl FnMut(u32)) -> Result<(), Error> {
        let mut blocks = self.terms.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        self.drain(&mut blocks, &mut f);
        Ok(())
    }

    /// Shows the number of every living document of several lists, with what `of` makes of each list; lists of which
    /// it makes nothing are passed over.
    #[inline]
    pub(crate) fn each_of<T: Copy>(
        &self,
        lists: &[List],
        of: impl Fn(&List) -> Option<T>,
        mut f: impl FnMut(T, u32),
    ) -> Result<(), Error> {
        let mut blocks = None;
        for list in lists {
            if let Some(value) = of(list) {
                self.each_in(&mut blocks, &list.info, |number| f(value, number))?;
            }
        }
        Ok(())
    }

    /// [`Segment::each`] that reads through `blocks`, so that many short lists do not each make their own.
    #[inline]
    pub(crate) fn each_in(
        &self,
        blocks: &mut Option<BlockSegmentPostings>,
        info: &TermInfo,
        mut f: impl FnMut(u32),
    ) -> Result<(), Error> {
        match blocks {
            Some(blocks) => self.terms.reset_block_postings_from_terminfo(info, blocks)?,
            None => {
                let fresh = self.terms.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
                *blocks = Some(fresh);
            }
        }
        if let Some(blocks) = blocks {
            self.drain(blocks, &mut f);
        }
        Ok(())
    }

    #[inline]
    fn drain(&self, blocks: &mut BlockSegmentPostings, f: &mut impl FnMut(u32)) {
        while !blocks.docs().is_empty() {
            for doc in blocks.docs() {
                let number = self.numbers[*doc as usize];
                if number != GONE {
                    f(number);
                }
            }
            blocks.advance();
        }
    }

    /// Shows the number and the frequency of every living document of a list.
    pub(crate) fn each_with_count(&self, info: &TermInfo, mut f: impl FnMut(u32, u32)) -> Result<(), Error> {
        let mut blocks = self.terms.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        while !blocks.docs().is_empty() {
            for (doc, count) in blocks.docs().iter().zip(blocks.freqs()) {
                let number = self.numbers[*doc as usize];
                if number != GONE {
                    f(number, *count);
                }
            }
            blocks.advance();
        }
        Ok(())
    }

    /// The list with its positions.
    pub(crate) fn positions(&self, info: &TermInfo) -> Result<SegmentPostings, Error> {
        Ok(self.terms.read_postings_from_terminfo(info, IndexRecordOption::WithFreqsAndPositions)?)
    }

    /// The number of a document, unless it is deleted.
    pub(crate) fn living(&self, doc: u32) -> Option<u32> {
        Some(self.numbers[doc as usize]).filter(|n| *n != GONE)
    }
}
