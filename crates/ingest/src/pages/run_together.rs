//! Table cells that were captured without anything between them.
//!
//! A cut is believed only where the page itself settles it: by names that stand elsewhere on it, or by the words of
//! a time frame that begin where no blank stands before them.

/// A row cut into cells, or not.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut<T> {
    /// Only one cut makes sense.
    Sure(T),
    /// None or several do.
    Unsure,
}

/// Cuts `salinesalinesaline injection` into label, place of the intervention in `names`, and description. `labels` are
/// those of rows already cut.
pub(super) fn arm<'t>(row: &'t str, names: &[String], labels: &[String]) -> Cut<(&'t str, usize, &'t str)> {
    let mut cuts: Vec<(&str, usize, &str)> = Vec::new();
    for (place, name) in names.iter().enumerate().filter(|(_, n)| !n.is_empty()) {
        let mut from = 0;
        while let Some(at) = row[from..].find(name.as_str()).map(|at| at + from) {
            let (label, rest) = (&row[..at], &row[at + name.len()..]);
            if joined(label, rest) {
                cuts.push((label, place, rest));
            }
            from = at + name.chars().next().map_or(1, char::len_utf8);
        }
    }
    // `Placebo` is not meant where `Placebo tablets` stands, at either end.
    let longer = |c: &(&str, usize, &str)| {
        cuts.iter()
            .any(|o| names[o.1].len() > names[c.1].len() && o.0.len() <= c.0.len() && o.2.len() <= c.2.len())
    };
    let cuts: Vec<_> = cuts.iter().copied().filter(|c| !longer(c)).collect();
    let best = |test: &dyn Fn(&(&'t str, usize, &'t str)) -> bool| {
        let mut chosen = cuts.iter().filter(|c| test(c));
        chosen.next().filter(|_| chosen.next().is_none()).copied()
    };
    let known = |c: &(&str, usize, &str)| labels.iter().any(|l| l == c.0);
    let namesake = |c: &(&str, usize, &str)| names[c.1] == c.0;
    let sure = best(&|_| true).or_else(|| best(&known)).or_else(|| best(&namesake));
    sure.map_or(Cut::Unsure, Cut::Sure)
}

/// Whether a name between these two was a cell: there is a label, and no blank or inner punctuation at the edges.
fn joined(label: &str, rest: &str) -> bool {
    let before = label.chars().next_back();
    let after = rest.chars().next();
    before.is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | '-' | '/' | '+'))
        && after.is_none_or(|c| !c.is_whitespace() && !matches!(c, ')' | ',' | '.' | ';' | '-' | '/'))
}

/// Cuts `Area of diabetic foot ulcers3 months` into measure and time frame; `page` tells which words exist.
pub(super) fn outcome<'t>(row: &'t str, page: &str) -> Cut<(&'t str, &'t str)> {
    let starts = row.char_indices().map(|(at, _)| at).skip(1);
    let mut cuts = starts.filter(|at| edge(&row[..*at], &row[*at..]) && is_time_frame(&row[*at..]));
    match cuts.next() {
        Some(at) if is_settled(row, at, page) => Cut::Sure((&row[..at], &row[at..])),
        _ => Cut::Unsure,
    }
}

/// Whether two cells may meet here: no blank, no number cut in two.
fn edge(before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return false };
    let inside_number = first.is_ascii_digit() && (last.is_ascii_digit() || matches!(last, '.' | ','));
    let blank = last.is_whitespace() || first.is_whitespace();
    let open = matches!(last, '(' | '[' | '/' | '-' | '–' | '~' | '<' | '>' | '≤' | '≥' | '=');
    !blank && !inside_number && !open && first.is_alphanumeric()
}

/// Whether no other cut is as good: the word before the edge is whole, and the words made by another cut do not
/// stand elsewhere on the page.
fn is_settled(row: &str, at: usize, page: &str) -> bool {
    let (before, after) = row.split_at(at);
    let word = |c: char| c.is_alphanumeric();
    let head = &before[before.trim_end_matches(word).len()..];
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        // `TcPO23 months` is `TcPO2` and 3 months if the page speaks of TcPO2; `SF-3612 weeks` is anyone's guess.
        let number_before = before.trim_end_matches(word).ends_with(['-', '–', '.']) && head.is_empty();
        let taken = (1..digits).any(|n| has_word(page, &format!("{head}{}", &after[..n])));
        return !number_before && (head.is_empty() || !taken) && digits <= 4;
    }
    let (last, first) = (before.chars().next_back(), after.chars().next());
    let lower = |c: Option<char>| c.is_some_and(char::is_lowercase);
    if !lower(first) || !last.is_some_and(char::is_alphabetic) {
        return true;
    }
    // `scoreup to 2 years`: a small letter behind a letter needs the word before it as a witness.
    let rest = &after[..after.find(|c: char| !word(c)).unwrap_or(after.len())];
    let joined = format!("{head}{rest}").to_lowercase();
    !is_in(ORDINARY, &joined)
        && head.len() > 2
        && has_word(page, head)
        && !has_word_besides(page, &joined, row)
}

/// Whether the page has this as a word of its own, whatever the case.
fn has_word(page: &str, wanted: &str) -> bool {
    page.split(|c: char| !c.is_alphanumeric()).any(|w| w.eq_ignore_ascii_case(wanted))
}

fn has_word_besides(page: &str, wanted: &str, row: &str) -> bool {
    page.lines().any(|line| line.trim() != row && has_word(line, wanted))
}

/// Ordinary words in which a time frame seems to begin.
const ORDINARY: &str = "thereafter hereafter thereupon whereupon therein wherein followup checkup workup backup \
    setup buildup pickup makeup nearby thereby whereby hereby thereof";

/// Words that count time behind or before a number.
const UNITS: &str = "\
    second seconds sec minute minutes min mins hour hours hr hrs h day days d week weeks wk wks w month \
    months mo mos m year years yr yrs y cycle cycles visit visits trimester";

/// Words that are a time by themselves.
const MOMENTS: &str = "\
    baseline screening enrollment enrolment randomization randomisation inclusion admission discharge \
    birth delivery surgery operation completion end entry start death progression relapse intraoperative \
    intraoperatively perioperative perioperatively postoperative postoperatively preoperative \
    preoperatively immediately daily weekly monthly annually yearly pre post predose postdose procedure \
    hospitalization hospitalisation";

/// Words that join or qualify times and are none by themselves.
const BETWEEN: &str = "\
    from to until till through throughout during within up at on in by and or of the an a average every \
    each after before following prior follow followup study treatment therapy period periods time times \
    first second third last final dose doses injection injections infusion intervention administration \
    approximately about maximum minimum max min whichever occurs comes earlier later date assessed \
    duration hospital stay approx initiation entire whole trial point points more than less least most \
    one two three four five six seven eight nine ten twelve eighteen long term as needed for other \
    between transplant transplantation vaccination op operative documented any cause measured st nd rd \
    th x once twice per then with expected anticipated overall 1st 2nd 3rd participation subject patient \
    withdrawal termination beginning initial total";

/// Whether every bracket that is closed was opened: `2)3 months` is no time frame.
fn is_balanced(text: &str) -> bool {
    let depth = text.chars().try_fold(0u32, |depth, c| match c {
        '(' | '[' => Some(depth + 1),
        ')' | ']' => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}

/// Whether all of a text is a time frame: numbers, units and the words that join them, with a number and its unit, or
/// a moment, among them.
fn is_time_frame(text: &str) -> bool {
    if !is_balanced(text) {
        return false;
    }
    let mut words: Vec<String> = Vec::new();
    for part in text.split(|c: char| c.is_whitespace() || ",;:()/[]&+-–—~±".contains(c)) {
        let part = part.trim_end_matches('.').to_lowercase();
        let digits = part.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(part.len());
        let (number, rest) = part.split_at(digits);
        words.extend([number, rest].into_iter().filter(|w| !w.is_empty()).map(str::to_owned));
    }
    let number = |w: &str| w.parse::<f64>().is_ok();
    let (unit, moment) = (|w: &str| is_in(UNITS, w), |w: &str| is_in(MOMENTS, w));
    let between = |w: &str| is_in(BETWEEN, w);
    let known = words.iter().all(|w| number(w) || unit(w) || moment(w) || between(w));
    // A single letter is a unit behind a number, not at the beginning.
    let opens = words.first().is_some_and(|w| number(w) || w.len() > 1);
    let counted = |pair: &[String]| {
        let [a, b] = pair else { return false };
        (number(a) || between(a)) && unit(b) || unit(a) && number(b)
    };
    known && opens && (words.windows(2).any(counted) || words.iter().any(|w| moment(w)))
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(row: &str, page: &str, expected: Option<(&str, &str)>) {
        let expected = expected.map_or(Cut::Unsure, Cut::Sure);
        assert_eq!(outcome(row, page), expected, "{row}");
    }

    #[test]
    fn cuts_time_frames_where_the_page_settles_it() {
        check("Pain (VAS)3 months", "", Some(("Pain (VAS)", "3 months")));
        check("HbA1c12 weeks", "HbA1c", Some(("HbA1c", "12 weeks")));
        check("Response rateBaseline, Week 4 and 8", "", Some(("Response rate", "Baseline, Week 4 and 8")));
        check("Deathwithin 28 days", "Any death counts", Some(("Death", "within 28 days")));
        check("AUCDay 1 to Day 28", "", Some(("AUC", "Day 1 to Day 28")));
        check("Oxygen (TcPO2)3 months", "", Some(("Oxygen (TcPO2)", "3 months")));
        check(
            "Pain1 day, 3, 6 and 12 months after surgery",
            "",
            Some(("Pain", "1 day, 3, 6 and 12 months after surgery")),
        );
    }

    #[test]
    fn leaves_uncertain_rows_whole() {
        for (row, page) in [
            ("TcPO23 months", "TcPO2 is measured"),
            ("SF-3612 weeks", ""),
            ("Pain at 3 months", ""),
            ("Pain thereafter 3 months", "there"),
            ("Group to 3 months", ""),
            ("Level in AUCH 24 hours", ""),
            ("Pain", ""),
            ("", ""),
            ("3 months", ""),
        ] {
            check(row, page, None);
        }
    }

    #[test]
    fn cuts_arms_by_names_known_elsewhere() {
        let names = ["saline", "Placebo", "Placebo tablets"].map(str::to_owned);
        let check = |row, expected: Option<(&str, usize, &str)>| {
            assert_eq!(arm(row, &names, &[]), expected.map_or(Cut::Unsure, Cut::Sure), "{row}");
        };
        check("salinesalinesaline injection", Some(("saline", 0, "saline injection")));
        check("ControlPlacebo tabletsOne a day", Some(("Control", 2, "One a day")));
        check("ControlPlacebo", Some(("Control", 1, "")));
        check("Control with Placebo only", None);
        check("A+Placebo", None);
    }
}
