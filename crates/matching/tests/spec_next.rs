//! The page `spec/matching/next.md`, and what must hold of every answer to "what next" and "from when on".
#![allow(clippy::unwrap_used)]

use eligibility::{
    Item,
    evaluate::{Assessment, Person, Settings, Truth, Verdict, assess, evaluate},
    read::{Options, Reader},
};
use jiff::{ToSpan, civil::Date};
use matching::{asked::Asked, next::ask, waiting::wait};
use model::{Birth, Fact, FactKind, FactStatus, Source, Subject, What};

fn today() -> Date {
    "2026-06-28".parse().unwrap()
}

/// Makes the page anew and holds it against what stands there.
#[test]
fn next() {
    let path = testkit::root().join("spec/matching/next.md");
    let page = std::fs::read_to_string(path).unwrap();
    let found = again(&page);
    assert!(page == found, "next.md says otherwise; found:\n{found}");
}

fn again(page: &str) -> String {
    let (mut out, mut fence, mut studies) = (String::new(), String::new(), Vec::new());
    let mut fresh = true;
    for line in page.lines() {
        if let Some(head) = line.strip_prefix("```") {
            fence = if fence.is_empty() { head.to_owned() } else { String::new() };
            studies.clear();
        }
        if fence.is_empty() || line.starts_with("```") {
            out += &format!("{line}\n");
        } else if let Some(text) = line.strip_prefix("study: ") {
            if fresh {
                studies.clear();
            }
            studies.push(items(text));
            out += &format!("{line}\n");
        } else if line.starts_with("        ") {
            continue;
        } else if line.starts_with("    ") {
            let (words, _) = line.trim().split_once(" => ").unwrap_or((line.trim(), ""));
            out += &format!("    {words}");
            out += &if fence == "ask" { questions(&studies, words) } else { from(&studies, words) };
        } else {
            out += &format!("{line}\n");
        }
        fresh = !line.starts_with("study: ");
    }
    out
}

fn items(text: &str) -> Vec<Item> {
    let lines = text.replace(" * ", "\n* ").replace(" Exclusion Criteria:", "\n\nExclusion Criteria:");
    Reader::new().read(&lines, Options::default()).items
}

fn questions(studies: &[Vec<Item>], words: &str) -> String {
    let (subject, settings) = person(words);
    let found: Vec<Assessment> =
        studies.iter().map(|items| assess(items, &Person::new(&subject), &settings)).collect();
    let mut out = "\n".to_owned();
    for one in ask(studies.iter().map(Vec::as_slice).zip(&found), 10) {
        out += &format!(
            "        {}: settles {}, touches {}; studies {}, decides {}\n",
            one.words, one.settles, one.touches, one.studies, one.decides
        );
    }
    out
}

fn from(studies: &[Vec<Item>], words: &str) -> String {
    let (subject, settings) = person(words);
    let person = Person::new(&subject);
    let found = assess(&studies[0], &person, &settings);
    match wait(&studies[0], &found, &person, &settings) {
        Some(wait) => format!(" => from {}\n", wait.from),
        None => " => no day is told\n".to_owned(),
    }
}

/// A note, or `born DATE; NAME DATE; ...`.
fn person(words: &str) -> (Subject, Settings) {
    let Some(rest) = words.strip_prefix("born ") else {
        let asked = Asked::of_note("", words, today());
        return (asked.subject, Settings::on(today()));
    };
    let mut parts = rest.split("; ");
    let born = parts.next().unwrap().parse().unwrap();
    let facts = parts.map(|part| {
        let (name, date) = part.rsplit_once(' ').unwrap();
        fact(name, date)
    });
    let subject = Subject { birth: Some(Birth::Date(born)), facts: facts.collect(), ..Subject::default() };
    (subject, Settings::on(today()))
}

fn fact(name: &str, date: &str) -> Fact {
    Fact {
        kind: FactKind::Condition,
        what: What { text: Some(name.to_owned()), ..What::default() },
        value: None,
        range: None,
        start: Some(date.parse().unwrap()),
        end: Some(date.parse().unwrap()),
        status: FactStatus::Past,
        certainty: Default::default(),
        negated: false,
        family: None,
        site: None,
        severity: None,
        stage: None,
        method: None,
        source: Source::Path("facts".to_owned()),
        problems: Vec::new(),
    }
}

/// On the day that is told nothing rules the person out; on the day before something does.
#[test]
fn the_day_is_the_first_one() {
    let studies = [
        "Exclusion Criteria: * Stroke within 6 months",
        "Exclusion Criteria: * Stroke within 30 days * Epilepsy within 1 year",
        "Inclusion Criteria: * Age 18 to 65 years Exclusion Criteria: * Stroke within 8 weeks",
    ];
    let mut told = 0;
    for text in studies {
        let items = items(text);
        for back in (1..400).step_by(7) {
            for born in ["1961-07-15", "2008-09-30", "1990-02-28"] {
                let day = today().checked_sub(i64::from(back).days()).unwrap();
                let words = format!("born {born}; stroke {day}; epilepsy {day}");
                let (subject, settings) = person(&words);
                told += usize::from(is_first(&items, &subject, &settings, &words));
            }
        }
    }
    assert!(told > 100, "{told} days were told");
}

fn is_first(items: &[Item], subject: &Subject, settings: &Settings, words: &str) -> bool {
    let person = Person::new(subject);
    let found = assess(items, &person, settings);
    let Some(told) = wait(items, &found, &person, settings) else { return false };
    let rules_out = |day: Date| {
        let settings = Settings { index_date: day, ..settings.clone() };
        items.iter().any(|item| evaluate(item, &person, &settings).truth() == Truth::NotMet)
    };
    assert!(matches!(found.verdict, Verdict::Ineligible { .. }), "{words}");
    assert!(told.from > settings.index_date && !rules_out(told.from), "{words}: {told:?}");
    let mut day = settings.index_date;
    while day < told.from {
        assert!(rules_out(day), "{words}: {day} is before {told:?}");
        day = day.tomorrow().unwrap();
    }
    true
}

/// Each question is about something that is open, and the first settles as much as any would.
#[test]
fn the_first_question_settles_most() {
    let studies: Vec<Vec<Item>> = [
        "Inclusion Criteria: * HbA1c of 7 % or more * Stroke or epilepsy",
        "Exclusion Criteria: * Stroke * Asthma * HbA1c above 10 %",
        "Exclusion Criteria: * Stroke * Asthma or epilepsy",
    ]
    .map(items)
    .into();
    let (subject, settings) = person("born 1976");
    let found: Vec<Assessment> =
        studies.iter().map(|items| assess(items, &Person::new(&subject), &settings)).collect();
    let pairs = || studies.iter().map(Vec::as_slice).zip(&found);
    let all = ask(pairs(), usize::MAX);
    let open: usize =
        found.iter().flat_map(|one| &one.findings).filter(|f| f.truth() == Truth::Unknown).count();
    assert_eq!(
        all.iter().map(|one| one.settles).sum::<usize>(),
        open,
        "every open criterion is settled once"
    );
    let first = &all[0];
    assert!(first.settles >= 2 && all.iter().all(|one| one.settles <= first.settles + one.touches));
    assert_eq!(ask(pairs(), 2), all[..2], "fewer questions are the first of more");
}
