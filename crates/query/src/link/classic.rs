//! Links of the classic site: letters and numbers for options, dates as MM/DD/YYYY.

use super::{Clauses, Link};

/// Options of the classic site, and what they are in `aggFilters`: parameter, value, pair.
const OPTIONS: &[(&str, &str, &str, &str)] = &[
    ("recrs", "a", "status", "rec"),
    ("recrs", "b", "status", "not"),
    ("recrs", "d", "status", "act"),
    ("recrs", "e", "status", "com"),
    ("recrs", "f", "status", "enr"),
    ("recrs", "g", "status", "sus"),
    ("recrs", "h", "status", "ter"),
    ("recrs", "i", "status", "wit"),
    ("recrs", "m", "status", "unk"),
    ("recrs", "c", "status", "ava"),
    ("recrs", "j", "status", "nla"),
    ("recrs", "k", "status", "tna"),
    ("recrs", "l", "status", "afm"),
    ("age", "0", "ages", "child"),
    ("age", "1", "ages", "adult"),
    ("age", "2", "ages", "older"),
    ("phase", "4", "phase", "0"),
    ("phase", "0", "phase", "1"),
    ("phase", "1", "phase", "2"),
    ("phase", "2", "phase", "3"),
    ("phase", "3", "phase", "4"),
    ("gndr", "Female", "sex", "f"),
    ("gndr", "Male", "sex", "m"),
    ("rslt", "With", "results", "with"),
    ("rslt", "Without", "results", "without"),
    ("type", "Intr", "studyType", "int"),
    ("type", "Obsr", "studyType", "obs"),
    ("type", "PReg", "studyType", "obs_patreg"),
    ("type", "Expn", "studyType", "exp"),
    ("fund", "0", "funderType", "nih"),
    ("fund", "1", "funderType", "fed"),
    ("fund", "2", "funderType", "industry"),
    ("fund", "3", "funderType", "other"),
];

/// Date fields of the classic site.
const CLASSIC_DATES: [(&str, &str); 5] = [
    ("strd", "StartDate"),
    ("prcd", "PrimaryCompletionDate"),
    ("sfpd", "StudyFirstPostDate"),
    ("rfpd", "ResultsFirstPostDate"),
    ("lupd", "LastUpdatePostDate"),
];

/// The search that the parameters of a classic link stand for.
pub(super) fn read(pairs: &[(String, String)]) -> Link {
    let (mut link, mut clauses) = (Link::default(), Clauses::default());
    let mut chosen: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut dates: Vec<(&str, [String; 2])> = Vec::new();
    for (name, value) in pairs {
        match name.as_str() {
            "locn" => clauses.place("LocationFacility", value),
            "city" => clauses.place("LocationCity", value),
            "cntry" if value.len() == 2 => {
                clauses
                    .site
                    .push(format!("AREA[LocationCountryCode]EXPANSION[Term]{}", value.to_uppercase()));
            }
            "cntry" => clauses.place("LocationCountry", value),
            "gndr" if value == "All" => {}
            _ if OPTIONS.iter().any(|(own, ..)| own == name) => {
                if !choose(&mut chosen, name, value) {
                    link.drop(name, value, "there is no such option");
                }
            }
            _ if date_of(name).is_some() => {
                let Some((piece, end)) = date_of(name) else { continue };
                match iso(value) {
                    Some(day) => match dates.iter_mut().find(|(own, _)| *own == piece) {
                        Some((_, span)) => span[end] = day,
                        None => {
                            let mut span = [String::new(), String::new()];
                            span[end] = day;
                            dates.push((piece, span));
                        }
                    },
                    None => link.drop(name, value, "it is no date of the form MM/DD/YYYY"),
                }
            }
            "state" => {
                link.drop(name, value, "states are told by a code here; search for the state by its name");
            }
            "dist" => link.drop(name, value, "the distance from a city needs the city's point"),
            _ if link.takes(name, value) => {}
            _ => link.drop(name, value, "it is not known what this says"),
        }
    }
    clauses.options = chosen.into_iter().map(|(id, options)| format!("{id}:{}", options.join(" "))).collect();
    dates.iter().for_each(|(piece, [low, high])| clauses.range(piece, low, high));
    clauses.fill(&mut link);
    link
}

/// Adds the options of a value: the value as a whole, or each letter of it. Whether all of it was known.
fn choose(chosen: &mut Vec<(&'static str, Vec<&'static str>)>, name: &str, value: &str) -> bool {
    let of = |wanted: &str| OPTIONS.iter().find(|(own, option, ..)| *own == name && *option == wanted);
    let found: Option<Vec<_>> = match of(value) {
        Some(one) => Some(vec![one]),
        None => value.chars().map(|c| of(c.encode_utf8(&mut [0; 4]))).collect(),
    };
    let Some(found) = found else { return false };
    for (_, _, id, option) in found {
        match chosen.iter_mut().find(|(own, _)| own == id) {
            Some((_, options)) if options.contains(option) => {}
            Some((_, options)) => options.push(option),
            None => chosen.push((id, vec![option])),
        }
    }
    true
}

/// The piece and the end of its range that a parameter of the classic site stands for.
fn date_of(name: &str) -> Option<(&'static str, usize)> {
    let (stem, end) = name.split_once('_')?;
    let end = match end {
        "s" => 0,
        "e" => 1,
        _ => return None,
    };
    CLASSIC_DATES.iter().find(|(own, _)| *own == stem).map(|(_, piece)| (*piece, end))
}

/// `MM/DD/YYYY` as `YYYY-MM-DD`.
fn iso(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('/').collect();
    let [month, day, year] = parts[..] else { return None };
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    let whole = digits(month, 2) && digits(day, 2) && year.len() == 4 && digits(year, 4);
    whole.then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

#[cfg(test)]
mod tests {
    use crate::link::tests::check;

    #[test]
    fn classic_links() {
        let site = "https://www.clinicaltrials.gov/ct2/results?";
        check(
            &format!("{site}cond=Asthma&recrs=ab&age=0&phase=4&phase=1&type=Intr&fund=2&Search=Apply"),
            "AREA[ConditionSearch]Asthma AND AREA[OverallStatus](RECRUITING OR NOT_YET_RECRUITING) AND \
             AREA[StdAge]CHILD AND AREA[Phase](EARLY_PHASE1 OR PHASE2) AND AREA[StudyType]INTERVENTIONAL AND \
             (AREA[LeadSponsorClass]INDUSTRY OR AREA[CollaboratorClass]INDUSTRY)",
            &[],
        );
        check(
            &format!("{site}strd_s=01%2F15%2F2015&strd_e=02/01/2016&lupd_s=yesterday&gndr=All"),
            "AREA[StartDate]RANGE[2015-01-15, 2016-02-01]",
            &["lupd_s"],
        );
        check(
            &format!("{site}cntry=US&state=US%3ACA&dist=50&recrs=z"),
            "SEARCH[Location]AREA[LocationCountryCode]EXPANSION[Term]\"US\"",
            &["state", "dist", "recrs"],
        );
    }
}
