//! A text four times as long takes about four times as long to read.

use std::time::{Duration, Instant};

use eligibility::read::{Options, Reader};

/// How often the longer text is the shorter one.
const TIMES: usize = 4;
/// Twice as much as it should be is noise; a quadratic reading takes 16 times as long.
const BOUND: f64 = 2.2 * TIMES as f64;

/// Compares the work for `n` and for `TIMES * n` parts of a text.
fn check(n: usize, text: impl Fn(usize) -> String) {
    let (short, long) = (text(n), text(TIMES * n));
    let mut ratio = f64::MAX;
    for _ in 0..6 {
        ratio = ratio.min(work(&long) / work(&short));
        if ratio < BOUND {
            return;
        }
    }
    let begin = &short[..short.len().min(60)];
    panic!("`{begin}...` takes {ratio:.1} times as long when it is {TIMES} times as long");
}

/// The processor time that reading a text takes, in seconds; the time on the clock where that is not to be had.
///
/// Read as often as it takes to see it: the system counts in steps of some milliseconds.
fn work(text: &str) -> f64 {
    const ENOUGH: Duration = Duration::from_millis(40);
    let mut reader = Reader::new();
    let (before, start) = (processor(), Instant::now());
    for times in 1.. {
        reader.read(text, Options::default());
        let clock = start.elapsed();
        let spent = before.and_then(|before| Some(processor()?.saturating_sub(before))).unwrap_or(clock);
        if spent >= ENOUGH {
            return spent.as_secs_f64() / f64::from(times);
        }
    }
    unreachable!("the loop ends when enough time has passed")
}

/// The processor time of this thread so far.
fn processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

#[test]
fn bullets() {
    check(25_000, |n| "* Age over 18 years\n".repeat(n));
}

#[test]
fn nested_bullets() {
    check(5_000, |n| (0..n).map(|i| format!("{}- asthma:\n", " ".repeat(i % 40))).collect());
}

#[test]
fn one_bullet_with_many_below() {
    check(5_000, |n| format!("1. Any of the following:\n{}", "   - asthma\n".repeat(n)));
}

#[test]
fn open_brackets() {
    check(10_000, |n| "(".repeat(n));
}

#[test]
fn nested_brackets() {
    check(5_000, |n| format!("asthma {}x{}", "(".repeat(n), ")".repeat(n)));
}

#[test]
fn brackets_with_words() {
    check(2_500, |n| format!("* {}{}", "asthma (".repeat(n), ")".repeat(n)));
}

#[test]
fn brackets_that_never_close() {
    check(2_500, |n| "* asthma (or HIV, ".repeat(n));
}

#[test]
fn commas() {
    check(50_000, |n| ",".repeat(n));
}

#[test]
fn a_long_list() {
    check(5_000, |n| "asthma, ".repeat(n));
}

#[test]
fn a_long_list_of_words_no_one_knows() {
    check(5_000, |n| "blorfitis, ".repeat(n));
}

#[test]
fn a_long_line() {
    check(125_000, |n| "x".repeat(n));
}

#[test]
fn a_long_line_of_words() {
    check(25_000, |n| "asthma or ".repeat(n));
}

#[test]
fn many_sentences_in_a_line() {
    check(5_000, |n| "No asthma of any kind. Age over 18 years; HIV. ".repeat(n));
}

#[test]
fn numbers() {
    check(10_000, |n| "18 < ".repeat(n));
    check(5_000, |n| "HbA1c 7 to 9 %, ".repeat(n));
}

#[test]
fn escapes() {
    check(25_000, |n| "\\< ".repeat(n));
    check(25_000, |n| "\\".repeat(n));
    check(25_000, |n| "&lt;".repeat(n));
}

#[test]
fn negations_and_exceptions() {
    check(5_000, |n| "no ".repeat(n));
    check(5_000, |n| "except asthma unless HIV ".repeat(n));
    check(5_000, |n| "history of ".repeat(n));
}

#[test]
fn headings() {
    check(10_000, |n| "Inclusion Criteria:\nasthma\nExclusion Criteria:\nHIV\n".repeat(n));
    check(10_000, |n| "Exclusion criteria: ".repeat(n));
}

#[test]
fn two_megabytes() {
    let item =
        "* Patients with asthma (GINA step 3 or 4) who had two or more exacerbations in the last 12 months\n";
    check((1 << 19) / item.len(), |n| item.repeat(n));
}
