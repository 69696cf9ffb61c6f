//! Ids of concepts as one number: the vocabulary in the upper four bits, the number in it in the others.

/// The vocabularies, in the order of their numbers: what stands before the digits of an id.
pub const PREFIXES: [&str; 9] = ["D", "MONDO:", "DOID:", "HP:", "", "", "", "", "C"];

/// Bits of the number within a vocabulary.
pub const BITS: u32 = 28;

/// Marks an id of the Disease Ontology with zeros in front: DOID:0001816 and DOID:1816 are two.
pub const PADDED: u32 = 1 << 27;

/// The packed form of `D008175`, `C582435`, `MONDO:0005148`, `DOID:9352`, `HP:0002625`, in small or capital letters.
pub fn pack(id: &str) -> Option<u32> {
    let digits = id.find(|c: char| c.is_ascii_digit())?;
    let (prefix, number) = id.split_at(digits);
    let known = |own: &&str| !own.is_empty() && own.eq_ignore_ascii_case(prefix);
    let vocabulary = PREFIXES.iter().position(known)? as u32;
    let mesh = !prefix.ends_with(':');
    let length = if mesh { matches!(number.len(), 6 | 9) } else { (1..=8).contains(&number.len()) };
    if !length || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let padded = if PREFIXES[vocabulary as usize] == "DOID:" && number.starts_with('0') { PADDED } else { 0 };
    let number = number.parse::<u32>().ok().filter(|number| *number < PADDED)?;
    Some(vocabulary << BITS | padded | number)
}
