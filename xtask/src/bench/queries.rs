//! A fixed list of queries of mixed selectivity, from everyday words to rare ones.

use query::Request;

/// Conditions, from the commonest to the rare, in the words of those who ask.
const CONDITIONS: [&str; 25] = [
    "type 2 diabetes",
    "breast cancer",
    "non small cell lung cancer",
    "high blood pressure",
    "depression",
    "heart attack",
    "obesity",
    "stroke",
    "prostate cancer",
    "chronic kidney disease",
    "asthma",
    "multiple sclerosis",
    "rheumatoid arthritis",
    "alzheimer disease",
    "covid-19",
    "copd",
    "acute myeloid leukemia",
    "parkinson disease",
    "postoperative pain",
    "hepatitis c",
    "sickle cell anemia",
    "cystic fibrosis",
    "systemic lupus erythematosus",
    "glioblastoma",
    "huntington disease",
];
const DRUGS: [&str; 10] = [
    "metformin",
    "bevacizumab",
    "insulin",
    "paclitaxel",
    "dexamethasone",
    "vitamin d",
    "nivolumab",
    "ketamine",
    "aspirin",
    "rituximab",
];
const WORDS: [&str; 8] = [
    "randomized placebo controlled",
    "quality of life",
    "overall survival months",
    "elderly patients hospital",
    "pregnant women care",
    "children school exercise",
    "blood pressure control",
    "early stage surgery",
];

/// About two hundred requests of three words and so: conditions, drugs and words, alone and together.
pub fn mixed() -> Vec<Request> {
    let text = |text: &str| Some(text.to_owned());
    let mut out = Vec::new();
    for condition in CONDITIONS {
        out.push(Request { cond: text(condition), ..Request::default() });
        out.push(Request { term: text(condition), ..Request::default() });
        out.push(Request { titles: text(condition), ..Request::default() });
    }
    for (i, condition) in CONDITIONS.iter().enumerate() {
        for step in [0, 3, 7] {
            let drug = DRUGS[(i + step) % DRUGS.len()];
            out.push(Request { cond: text(condition), intr: text(drug), ..Request::default() });
        }
        let words = WORDS[i % WORDS.len()];
        out.push(Request { cond: text(condition), term: text(words), ..Request::default() });
    }
    out.extend(DRUGS.map(|drug| Request { intr: text(drug), ..Request::default() }));
    out.extend(DRUGS.map(|drug| Request { term: text(drug), ..Request::default() }));
    out.extend(WORDS.map(|words| Request { term: text(words), ..Request::default() }));
    out
}

/// Queries that are not about words: ranges, sorting, distance, sites.
pub fn structured() -> Vec<Request> {
    let advanced = |text: &str| Request { advanced: Some(text.to_owned()), ..Request::default() };
    let sorted = |sort: &str, cond: &str| Request {
        cond: Some(cond.to_owned()),
        sort: Some(sort.to_owned()),
        ..Request::default()
    };
    vec![
        advanced("AREA[StartDate]RANGE[2020-01-01,2021-12-31]"),
        advanced("AREA[EnrollmentCount]RANGE[500,MAX] AND AREA[Phase]PHASE3"),
        advanced("AREA[MinimumAge]RANGE[MIN,16 years]"),
        advanced("AREA[LastUpdatePostDate]RANGE[2024-06-01,MAX]"),
        sorted("LastUpdatePostDate:desc", "diabetes"),
        sorted("EnrollmentCount:desc", "breast cancer"),
        sorted("StartDate", "asthma"),
        Request { geo: Some("distance(40.7128,-74.006,50mi)".into()), ..Request::default() },
        Request {
            geo: Some("distance(48.85,2.35,100km)".into()),
            cond: Some("stroke".into()),
            ..Request::default()
        },
        advanced("SEARCH[Location](AREA[LocationCity]Boston AND AREA[LocationStatus]RECRUITING)"),
        advanced("SEARCH[Location](AREA[LocationCountry]Germany AND AREA[LocationCity]Berlin)"),
        Request { locn: Some("New York".into()), cond: Some("depression".into()), ..Request::default() },
        Request {
            overall_status: Some("RECRUITING".into()),
            cond: Some("obesity".into()),
            ..Request::default()
        },
        Request {
            agg_filters: Some("phase:2 3,sex:f".into()),
            cond: Some("breast cancer".into()),
            ..Request::default()
        },
        Request::default(),
    ]
}

/// Notes of about sixty words, as someone would write down a patient; any of the words may match.
pub fn notes() -> Vec<Request> {
    const NOTES: [&str; 4] = [
        "58 year old woman with metastatic breast cancer to bone and liver progressing after paclitaxel and carboplatin \
         with hypertension and type 2 diabetes treated with metformin ecog performance status one normal kidney and \
         liver function no brain metastases wants to know about new treatments prior radiation to the left hip two \
         years ago mild neuropathy of both feet and no cardiac disease in the family",
        "72 year old man former smoker with chronic obstructive pulmonary disease and heart failure admitted three times \
         this year for shortness of breath and swelling of the legs ejection fraction thirty percent atrial \
         fibrillation on anticoagulation creatinine two point one obesity and sleep apnea on home oxygen asks for \
         studies near home that do not need long travel or hospital stays at all",
        "9 year old girl with acute lymphoblastic leukemia in second remission after chemotherapy and a relapse in the \
         bone marrow fever with low neutrophils and a fungal infection of the lung last month now better parents ask \
         about stem cell transplant and car t cell therapy normal heart function no hepatitis mild asthma and a \
         history of seizures during the first treatment with methotrexate given intrathecally",
        "34 year old pregnant woman at twenty weeks with severe depression and anxiety after stopping sertraline weight \
         gain gestational diabetes treated with diet and insulin no suicidal thoughts prior postpartum depression \
         migraine and hypothyroidism on levothyroxine lives alone works at night sleeps badly would like psychotherapy \
         or a digital program and does not want medication during the remaining months of pregnancy",
    ];
    NOTES
        .iter()
        .map(|note| Request { term: Some(format!("EXPANSION[Lossy]({note})")), ..Request::default() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_is_understood() {
        let all = [mixed(), structured(), notes()].concat();
        for request in &all {
            request.resolve().unwrap_or_else(|error| panic!("{request:?}: {error}"));
        }
        assert!((180..260).contains(&mixed().len()), "{}", mixed().len());
    }
}
