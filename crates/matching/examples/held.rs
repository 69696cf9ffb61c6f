//! How quickly people are held against studies: `cargo run --release -p matching --example held -- one|cohort`.
//!
//! `one`: each of the synthetic people beside the project against 100,000 studies, made of the real ones, on one
//! thread; alone, and 64 at once. `cohort`: a million made-up people against one study of 20 criteria, on two threads.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../../eligibility/tests/compiled/people.rs"]
mod people;
#[path = "../../eligibility/tests/compiled/studies.rs"]
mod studies;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eligibility::evaluate::compiled::{Block, Compiled, Plan, Single};
use eligibility::evaluate::{Absence, Settings};
use eligibility::tree::{Computable, Item, Node, Op, Relation, When, Window};
use ingest::people::{FoundPerson, read_people_at};
use jiff::civil::Date;
use matching::screen::{Screening, Tally};
use model::Subject;
use people::{Asked, Dice};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const STUDIES: usize = 100_000;
const PEOPLE: usize = 1_000_000;
const CRITERIA: usize = 20;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("one") => one(),
        Some("cohort") => cohort(),
        _ => println!("say what is measured: one or cohort"),
    }
}

fn today() -> Date {
    "2026-06-28".parse().unwrap()
}

/// The real studies: of the registry's files, and of the pool for ranking.
fn real() -> Vec<Vec<Item>> {
    let mut all = studies::real(1);
    let pool = testkit::shared("data/relevance/studies.v2.zip");
    all.extend(pool.into_iter().flat_map(|path| studies::of_file(&path, 1)));
    assert!(!all.is_empty(), "the real studies are needed");
    all
}

fn synthetic() -> Vec<Subject> {
    let path = testkit::shared("data/patients/synthea-r4-bundles.ndjson.zst").unwrap();
    let mut people = Vec::new();
    let _ = read_people_at(&path, None, ingest::Limits::default(), &mut |found| {
        if let FoundPerson::Person(subject, _) = found {
            people.push(*subject);
        }
        ControlFlow::Continue(())
    });
    people
}

fn one() {
    let (people, real) = (synthetic(), real());
    let facts: usize = people.iter().map(|subject| subject.facts.len()).sum();
    println!("{} real studies; {} people with {} facts each", real.len(), people.len(), facts / people.len());
    for (name, apart) in [("copies share their leaves", false), ("each copy has leaves of its own", true)] {
        let copies: Vec<Vec<Item>> = (0..STUDIES.div_ceil(real.len()))
            .flat_map(|copy| {
                real.iter().map(move |items| if apart { changed(items, copy) } else { items.clone() })
            })
            .take(STUDIES)
            .collect();
        let clock = Clock::now();
        let plan = Plan::new(copies.iter().map(Vec::as_slice));
        println!("{name}: compiled in {:.1} s: {:?}", clock.elapsed().as_secs_f64(), plan.size());
        drop(copies);
        let (clock, bytes) = (Clock::now(), plan.bytes());
        println!("  {} MB written in {:.2} s", bytes.len() >> 20, clock.elapsed().as_secs_f64());
        drop(plan);
        let clock = Clock::now();
        let plan = Arc::new(Plan::of_bytes(&bytes).unwrap());
        println!("  read in {:.2} s", clock.elapsed().as_secs_f64());
        let by = |policies: &[Absence]| {
            let policies = policies.iter().map(|absence| Settings::on(today()).with(*absence)).collect();
            Arc::new(Compiled::of(plan.clone(), policies).unwrap())
        };
        for policies in [&[Absence::Open][..], &[Absence::Closed], &[Absence::Open, Absence::Clinical]] {
            let compiled = by(policies);
            let mut single = Single::new(compiled.clone());
            let clock = Clock::now();
            // The first time learns the names and what is so without facts.
            people.iter().for_each(|subject| single.hold_one(subject));
            println!("  {policies:?}: names learned in {:.2} s", clock.elapsed().as_secs_f64());
            alone(&mut single, &compiled, &people);
        }
        let compiled = by(&[Absence::Open]);
        let mut block = Block::new(compiled.clone());
        people.chunks(Block::ROOM).for_each(|people| block.hold(people));
        together(&mut block, &compiled, &people);
    }
    println!("largest resident memory {}", peak());
}

fn alone(block: &mut Single, compiled: &Compiled, people: &[Subject]) {
    let (mut times, mut leaves, mut eligible) = (Vec::new(), Vec::new(), 0_u32);
    for subject in people {
        let clock = Clock::now();
        block.hold_one(subject);
        leaves.push(clock.elapsed());
        for study in 0..compiled.len() {
            eligible += block.verdicts(study).eligible.count_ones();
        }
        times.push(clock.elapsed());
    }
    times.sort_unstable();
    leaves.sort_unstable();
    let at = |times: &[Duration], share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!(
        "  one person: p50 {:.1} ms (leaves {:.1}), p95 {:.1} ms, most {:.1} ms; {eligible} eligible pairs",
        at(&times, 50),
        at(&leaves, 50),
        at(&times, 95),
        at(&times, 100)
    );
}

fn together(block: &mut Block, compiled: &Compiled, people: &[Subject]) {
    let clock = Clock::now();
    let mut eligible = 0_u32;
    for people in people.chunks(Block::ROOM) {
        block.hold(people);
        for study in 0..compiled.len() {
            eligible += block.verdicts(study).eligible.count_ones();
        }
    }
    let pairs = people.len() * compiled.len();
    let seconds = clock.elapsed().as_secs_f64();
    println!(
        "  {pairs} pairs in {seconds:.2} s: {:.1} million/s; {eligible} eligible",
        pairs as f64 / seconds / 1e6
    );
}

/// The same criteria with bounds and times that no other copy has.
fn changed(items: &[Item], copy: usize) -> Vec<Item> {
    let mut items = items.to_vec();
    items.iter_mut().filter_map(|item| item.expr.as_mut()).for_each(|node| change(node, copy as i64));
    items
}

fn change(node: &mut Node, copy: i64) {
    let little = model::Decimal::new(copy, 6);
    match &mut node.op {
        Op::And(args) | Op::Or(args) | Op::Ambiguous(args) | Op::AtLeast { args, .. } => {
            args.iter_mut().for_each(|arg| change(arg, copy));
        }
        Op::Not(arg) => change(arg, copy),
        Op::Cmp(cmp) => {
            for bound in [&mut cmp.lo, &mut cmp.hi].into_iter().flatten() {
                bound.value += little;
            }
        }
        Op::Has(has) => {
            let window = Window { value: (36_000 + copy).into(), unit: "d".to_owned(), incl: true };
            let before = When { window: Some(window), relation: Relation::Before, anchor: None };
            match &mut has.when {
                Some(When { window: Some(window), .. }) => window.value += little,
                when => *when = Some(before),
            }
        }
        _ => {}
    }
}

fn cohort() {
    // The study of 20 criteria that records can decide most of.
    let resolved =
        |items: &Vec<Item>| items.iter().filter(|item| item.computable == Computable::Resolved).count();
    let study = real().into_iter().filter(|items| items.len() == CRITERIA).max_by_key(resolved).unwrap();
    println!("{CRITERIA} criteria, of which records decide {} wholly", resolved(&study));
    let half = |seed: u64| {
        let study = &study;
        move || {
            let asked = Asked::of(study.iter());
            let mut dice = Dice(seed);
            let mut screening = Screening::new(study.clone(), Settings::on(today()));
            let (mut spent, mut facts) = (Duration::ZERO, 0);
            for _ in 0..PEOPLE / 2 / 5_000 {
                let people: Vec<Subject> = (0..5_000).map(|_| asked.person(&mut dice, 6, today())).collect();
                facts += people.iter().map(|subject| subject.facts.len()).sum::<usize>();
                let clock = Clock::now();
                let rows = screening.hold(&people);
                spent += clock.elapsed();
                assert_eq!(rows.len(), people.len());
            }
            (spent, facts, screening.tally().clone())
        }
    };
    let halves: Vec<(Duration, usize, Tally)> = std::thread::scope(|scope| {
        let threads = [1, 2].map(|seed| scope.spawn(half(seed)));
        threads.map(|thread| thread.join().unwrap()).into()
    });
    let mut tally = Tally::new(CRITERIA);
    halves.iter().for_each(|(_, _, half)| tally.merge(half));
    let facts: usize = halves.iter().map(|half| half.1).sum();
    let seconds = halves.iter().map(|half| half.0.as_secs_f64()).fold(0.0, f64::max);
    println!(
        "{} people with {:.1} facts each: {seconds:.2} s on two threads, without making the people; {} eligible, {} \
         undetermined, {} ineligible; largest resident memory {}",
        tally.people(),
        facts as f64 / PEOPLE as f64,
        tally.eligible,
        tally.undetermined,
        tally.ineligible,
        peak()
    );
}

/// The time that this thread had a processor, where the system tells it (Linux), else the time of the clock: what else
/// runs on the machine does not count.
struct Clock(Instant, Option<Duration>);

impl Clock {
    fn now() -> Self {
        Self(Instant::now(), Self::processor())
    }

    fn elapsed(&self) -> Duration {
        match (self.1, Self::processor()) {
            (Some(start), Some(end)) => end - start,
            _ => self.0.elapsed(),
        }
    }

    fn processor() -> Option<Duration> {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        stat.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    }
}

/// The most memory that the process has had, where the system tells it (Linux).
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or_else(|| "unknown".to_owned(), |line| line[6..].trim().to_owned())
}
