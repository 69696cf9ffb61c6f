//! How each registry writes its numbers.

use std::fmt;

use super::{
    StudyId,
    digits::{after, coded, decoded, digits},
};
use crate::NctId;

/// A registry, or who else gives numbers to studies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Register {
    /// ClinicalTrials.gov: `NCT05507697`.
    ClinicalTrialsGov,
    /// ISRCTN: `ISRCTN12345678`.
    Isrctn,
    /// The EU's Clinical Trials Information System: `2022-500123-18-00`.
    Ctis,
    /// EudraCT and the EU Clinical Trials Register: `2013-003828-36`; one record a country `EUCTR2013-003828-36-SK`.
    Eudract,
    /// Germany: `DRKS00012345`.
    Drks,
    /// China: `ChiCTR2000029308`, earlier `ChiCTR-TRC-10000123`.
    Chictr,
    /// India: `CTRI/2017/01/007604`.
    Ctri,
    /// Japan, jRCT: `jRCT2031200123`, `jRCTs031180123`.
    Jrct,
    /// Japan, UMIN-CTR: `UMIN000012345`, earlier `C000000123`.
    Umin,
    /// Japan, JapicCTI: `JapicCTI-123456`.
    Japic,
    /// Japan, JMACCT: `JMA-IIA00123`.
    JmaIia,
    /// Australia and New Zealand: `ACTRN12605000026628`.
    Anzctr,
    /// Iran: `IRCT20080901001165N12`.
    Irct,
    /// Brazil: `RBR-6q5s8z`.
    Rebec,
    /// Pan-African: `PACTR202001234567890`.
    Pactr,
    /// Korea: `KCT0001234`.
    Cris,
    /// Thailand: `TCTR20190101001`.
    Tctr,
    /// Sri Lanka: `SLCTR/2019/001`.
    Slctr,
    /// Lebanon: `LBCTR2019012345`.
    Lbctr,
    /// The Netherlands: `NTR1234`, `NL1234`, `NL-OMON12345`.
    Dutch,
    /// Peru: `PER-015-15`.
    Repec,
    /// Cuba: `RPCEC00000123`.
    Rpcec,
    /// Traditional medicine: `ITMCTR2023000123`.
    Itmctr,
    /// Hong Kong: `HKUCTR-1234`.
    Hkuctr,
    /// The WHO's universal trial number, which no record has as its own: `U1111-1234-5678`.
    Utn,
}

/// All, in the order of their codes: kept in data folders, so new ones are added at the end only.
const REGISTERS: [(Register, &str, &str); 25] = [
    (Register::ClinicalTrialsGov, "ClinicalTrials.gov", "NCT"),
    (Register::Isrctn, "ISRCTN", "ISRCTN"),
    (Register::Ctis, "EU CTIS", ""),
    (Register::Eudract, "EU Clinical Trials Register", ""),
    (Register::Drks, "DRKS", "DRKS"),
    (Register::Chictr, "ChiCTR", "ChiCTR"),
    (Register::Ctri, "CTRI", "CTRI/"),
    (Register::Jrct, "jRCT", "jRCT"),
    (Register::Umin, "UMIN-CTR", "UMIN"),
    (Register::Japic, "JapicCTI", "JapicCTI-"),
    (Register::JmaIia, "JMACCT", "JMA-IIA"),
    (Register::Anzctr, "ANZCTR", "ACTRN"),
    (Register::Irct, "IRCT", "IRCT"),
    (Register::Rebec, "ReBec", "RBR-"),
    (Register::Pactr, "PACTR", "PACTR"),
    (Register::Cris, "CRIS", "KCT"),
    (Register::Tctr, "TCTR", "TCTR"),
    (Register::Slctr, "SLCTR", "SLCTR/"),
    (Register::Lbctr, "LBCTR", "LBCTR"),
    (Register::Dutch, "Dutch trial register", ""),
    (Register::Repec, "REPEC", "PER-"),
    (Register::Rpcec, "RPCEC", "RPCEC"),
    (Register::Itmctr, "ITMCTR", "ITMCTR"),
    (Register::Hkuctr, "HKUCTR", "HKUCTR-"),
    (Register::Utn, "WHO universal trial number", "U1111-"),
];

impl Register {
    /// As people call it.
    pub fn name(self) -> &'static str {
        REGISTERS[self as usize].1
    }

    pub(super) fn code(self) -> u64 {
        self as u64
    }

    pub(super) fn of_code(code: u64) -> Option<Self> {
        REGISTERS.get(usize::try_from(code).ok()?).map(|r| r.0)
    }

    fn prefix(self) -> &'static str {
        REGISTERS[self as usize].2
    }
}

/// Registries whose numbers are a prefix and so many digits, at least and at most; printed with at least that many.
fn width(register: Register) -> Option<(usize, usize)> {
    Some(match register {
        Register::Isrctn | Register::Drks | Register::Rpcec => (8, 8),
        Register::Japic => (6, 6),
        Register::JmaIia => (5, 5),
        Register::Anzctr => (14, 14),
        Register::Pactr => (15, 16),
        Register::Cris => (7, 7),
        Register::Tctr => (11, 11),
        Register::Lbctr | Register::Itmctr => (10, 10),
        Register::Hkuctr => (1, 6),
        _ => return None,
    })
}

/// The first and the last year of EudraCT numbers, and the first of CTIS.
const EUDRACT_YEARS: std::ops::RangeInclusive<u64> = 2004..=2025;
const CTIS_YEARS: std::ops::RangeInclusive<u64> = 2022..=2099;
/// The running numbers of CTIS begin here; EudraCT never came near it.
const CTIS_FIRST: u64 = 500_000;
/// Countries are two letters; this stands for trials outside the EU, as the register spells it.
const OUTSIDE: &str = "Outside-EU/EEA";
const OUTSIDE_CODE: u64 = 27 * 27;
const COUNTRIES: u64 = OUTSIDE_CODE + 1;

/// Whether some id has this number within its registry: whether what it prints reads back.
pub(super) fn valid(register: Register, payload: u64) -> bool {
    if register == Register::ClinicalTrialsGov {
        return u32::try_from(payload).ok().and_then(NctId::new).is_some();
    }
    struct Printed(Register, u64);
    impl fmt::Display for Printed {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write(self.0, self.1, f)
        }
    }
    payload < 1 << super::BITS
        && payload_of(&Printed(register, payload).to_string()) == Some((register, payload))
}

/// Reads an id.
pub(super) fn read(text: &str) -> Option<StudyId> {
    let (register, payload) = payload_of(text)?;
    (payload < 1 << super::BITS).then(|| StudyId(register.code() << super::BITS | payload))
}

fn payload_of(text: &str) -> Option<(Register, u64)> {
    if let Ok(id) = text.parse::<NctId>() {
        return Some((Register::ClinicalTrialsGov, id.number().into()));
    }
    let text = after(text, "JPRN-").unwrap_or(text);
    for (register, _, prefix) in REGISTERS {
        let Some((least, most)) = width(register) else { continue };
        let Some(rest) = after(text, prefix) else { continue };
        let rest = if register == Register::Anzctr { rest.trim_end_matches(['p', 'P']) } else { rest };
        if let Some(number) = digits(rest, least, most) {
            return (number > 0).then_some((register, number));
        }
    }
    irregular(text).or_else(|| european(text))
}

fn irregular(text: &str) -> Option<(Register, u64)> {
    let of = |register: Register| after(text, register.prefix());
    if let Some(rest) = of(Register::Chictr) {
        return Some((Register::Chictr, chictr(rest)?));
    }
    if let Some(rest) = of(Register::Jrct) {
        let (strict, rest) = match after(rest, "s") {
            Some(rest) => (1, digits(rest, 9, 9)?),
            None => (0, digits(rest, 10, 10)?),
        };
        return Some((Register::Jrct, rest * 2 + strict));
    }
    if let Some(rest) = of(Register::Umin) {
        return Some((Register::Umin, digits(rest, 9, 9)? * 2));
    }
    if let Some(number) = text.strip_prefix('C').and_then(|rest| digits(rest, 9, 9)) {
        return Some((Register::Umin, number * 2 + 1));
    }
    if let Some(rest) = of(Register::Irct) {
        let (main, part) = rest.split_once(['N', 'n'])?;
        let plain = !main.starts_with('0') && !part.starts_with('0');
        return plain.then_some((Register::Irct, digits(main, 8, 14)? * 1000 + digits(part, 1, 3)?));
    }
    if let Some(rest) = of(Register::Rebec) {
        let whole = (6..=9).contains(&rest.len()).then(|| coded(rest))?;
        return Some((Register::Rebec, whole?));
    }
    if let Some(rest) = of(Register::Ctri) {
        return Some((Register::Ctri, ctri(rest)?));
    }
    if let Some(rest) = of(Register::Slctr) {
        let (year, number) = rest.split_once('/')?;
        return Some((Register::Slctr, digits(year, 4, 4)? * 1000 + digits(number, 3, 3)?));
    }
    if let Some(rest) = of(Register::Repec) {
        let (number, year) = rest.split_once('-')?;
        return Some((Register::Repec, digits(number, 3, 3)? * 100 + digits(year, 2, 2)?));
    }
    if let Some(rest) = of(Register::Utn) {
        let (a, b) = rest.split_once('-')?;
        return Some((Register::Utn, digits(a, 4, 4)? * 10_000 + digits(b, 4, 4)?));
    }
    for (kind, prefix) in DUTCH.iter().enumerate() {
        if let Some(number) = after(text, prefix).and_then(|rest| digits(rest, 1, 7)) {
            return (number > 0).then_some((Register::Dutch, number * 4 + kind as u64));
        }
    }
    None
}

const DUTCH: [&str; 3] = ["NTR", "NL-OMON", "NL"];

/// Ten digits, or a word of up to five letters and eight digits.
fn chictr(rest: &str) -> Option<u64> {
    if let Some(number) = digits(rest, 10, 10) {
        return Some(number * 2);
    }
    let (word, number) = rest.strip_prefix('-')?.split_once('-')?;
    let fits = (1..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphabetic());
    Some((fits.then(|| coded(word))?? * 100_000_000 + digits(number, 8, 8)?) * 2 + 1)
}

/// Year, month or a code of three digits, running number.
fn ctri(rest: &str) -> Option<u64> {
    let mut parts = rest.split('/');
    let (year, month, number) = (parts.next()?, parts.next()?, parts.next()?);
    let long = u64::from(month.len() == 3);
    let head = digits(year, 4, 4)? * 1000 + digits(month, 2, 3)?;
    parts.next().is_none().then_some((head * 2 + long) * 1_000_000 + digits(number, 6, 6)?)
}

/// `yyyy-nnnnnn-cc`, behind it the country of a record or the count of submissions.
fn european(text: &str) -> Option<(Register, u64)> {
    let text = ["EUCTR", "EudraCT", "CTIS", "EUCT"].iter().find_map(|p| after(text, p)).unwrap_or(text);
    let mut parts = text.trim_start_matches(['-', ':', ' ']).splitn(4, '-');
    let year = digits(parts.next()?, 4, 4)?;
    let number = digits(parts.next()?, 6, 6)?;
    let check = digits(parts.next()?, 2, 2)?;
    let trial = (year * 1_000_000 + number) * 100 + check;
    let rest = parts.next();
    if number >= CTIS_FIRST {
        let submission = rest.map_or(Some(0), |r| digits(r, 2, 2))?;
        return CTIS_YEARS.contains(&year).then_some((Register::Ctis, trial * 100 + submission));
    }
    let country = rest.map_or(Some(0), country)?;
    EUDRACT_YEARS.contains(&year).then_some((Register::Eudract, trial * COUNTRIES + country))
}

fn country(text: &str) -> Option<u64> {
    if text.eq_ignore_ascii_case(OUTSIDE) || text.eq_ignore_ascii_case("3rd") {
        return Some(OUTSIDE_CODE);
    }
    let letter = |b: u8| b.is_ascii_alphabetic().then(|| u64::from(b.to_ascii_uppercase() - b'A') + 1);
    match text.as_bytes() {
        [a, b] => Some(letter(*a)? * 26 + letter(*b)? - 26),
        _ => None,
    }
}

/// Prints an id.
pub(super) fn write(register: Register, payload: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let prefix = register.prefix();
    if let Some((least, _)) = width(register) {
        return write!(f, "{prefix}{payload:0least$}");
    }
    match register {
        Register::Ctis => {
            european_number(payload / 100, f)?;
            write!(f, "-{:02}", payload % 100)
        }
        Register::Eudract => write_eudract(payload, f),
        Register::Chictr if payload.is_multiple_of(2) => write!(f, "{prefix}{:010}", payload / 2),
        Register::Chictr => {
            let (word, number) = (payload / 2 / 100_000_000, payload / 2 % 100_000_000);
            write!(f, "{prefix}-{}-{number:08}", decoded(word).to_ascii_uppercase())
        }
        Register::Ctri => {
            let (head, number) = (payload / 1_000_000, payload % 1_000_000);
            let wide = if head % 2 == 1 { 3 } else { 2 };
            let (year, month) = (head / 2 / 1000, head / 2 % 1000);
            write!(f, "{prefix}{year}/{month:0wide$}/{number:06}")
        }
        Register::Jrct if payload % 2 == 1 => write!(f, "{prefix}s{:09}", payload / 2),
        Register::Jrct => write!(f, "{prefix}{:010}", payload / 2),
        Register::Umin if payload % 2 == 1 => write!(f, "C{:09}", payload / 2),
        Register::Umin => write!(f, "{prefix}{:09}", payload / 2),
        Register::Irct => write!(f, "{prefix}{}N{}", payload / 1000, payload % 1000),
        Register::Rebec => write!(f, "{prefix}{}", decoded(payload)),
        Register::Slctr => write!(f, "{prefix}{:04}/{:03}", payload / 1000, payload % 1000),
        Register::Repec => write!(f, "{prefix}{:03}-{:02}", payload / 100, payload % 100),
        Register::Utn => write!(f, "{prefix}{:04}-{:04}", payload / 10_000, payload % 10_000),
        Register::Dutch => {
            let prefix = DUTCH.get((payload % 4) as usize).copied().unwrap_or("?");
            write!(f, "{prefix}{}", payload / 4)
        }
        _ => write!(f, "NCT{payload:08}"),
    }
}

fn european_number(trial: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{:04}-{:06}-{:02}", trial / 100_000_000, trial / 100 % 1_000_000, trial % 100)
}

fn write_eudract(payload: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let country = payload % COUNTRIES;
    if country > 0 {
        f.write_str("EUCTR")?;
    }
    european_number(payload / COUNTRIES, f)?;
    match country {
        0 => Ok(()),
        OUTSIDE_CODE => write!(f, "-{OUTSIDE}"),
        _ => {
            let letter = |n: u64| char::from(b'A' + (n % 26) as u8);
            write!(f, "-{}{}", letter((country - 1) / 26), letter((country - 1) % 26))
        }
    }
}

/// The number of the trial as a whole within its registry, where records are of parts of it.
pub(super) fn trial(register: Register, payload: u64) -> Option<u64> {
    match register {
        Register::Eudract => Some(payload / COUNTRIES * COUNTRIES),
        Register::Ctis => Some(payload / 100 * 100),
        _ => None,
    }
}

/// Where a registry shows a study.
pub(super) fn address(id: StudyId) -> Option<String> {
    Some(match id.register() {
        Register::ClinicalTrialsGov => format!("https://clinicaltrials.gov/study/{id}"),
        Register::Isrctn => format!("https://www.isrctn.com/{id}"),
        Register::Ctis => format!("https://euclinicaltrials.eu/ctis-public/view/{id}"),
        Register::Eudract => {
            format!("https://www.clinicaltrialsregister.eu/ctr-search/search?query={}", id.trial())
        }
        Register::Drks => format!("https://drks.de/search/en/trial/{id}"),
        Register::Jrct => format!("https://jrct.niph.go.jp/en-latest-detail/{id}"),
        Register::Anzctr => format!("https://www.anzctr.org.au/{id}.aspx"),
        Register::Rebec => format!("https://ensaiosclinicos.gov.br/rg/{id}"),
        Register::Utn => return None,
        _ => format!("https://trialsearch.who.int/Trial2.aspx?TrialID={}", ictrp(id)),
    })
}

/// As the WHO's platform writes it.
fn ictrp(id: StudyId) -> String {
    match id.register() {
        Register::Umin | Register::Japic | Register::JmaIia => format!("JPRN-{id}"),
        _ => id.to_string(),
    }
}
