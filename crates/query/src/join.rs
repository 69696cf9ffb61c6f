//! Joining resolved parts in one canonical way, so that equal queries look equal.

use crate::Resolved;

impl Resolved {
    /// Alternatives: flat, values of one enumeration piece and ids drawn together, one part as itself.
    pub(crate) fn or(parts: Vec<Self>) -> Self {
        let mut out: Vec<Self> = Vec::new();
        for part in parts {
            match part {
                Self::Or(inner) => inner.into_iter().for_each(|p| push_alternative(&mut out, p)),
                part => push_alternative(&mut out, part),
            }
        }
        if out.len() == 1 { out.remove(0) } else { Self::Or(out) }
    }

    /// Parts that must all hold: flat, without the empty restriction, one part as itself, no part as every study.
    pub(crate) fn and(parts: Vec<Self>) -> Self {
        let mut out: Vec<Self> = Vec::new();
        for part in parts {
            match part {
                Self::And(inner) => out.extend(inner),
                Self::All => {}
                part => out.push(part),
            }
        }
        match out.len() {
            0 => Self::All,
            1 => out.remove(0),
            _ => Self::And(out),
        }
    }
}

fn push_alternative(out: &mut Vec<Resolved>, part: Resolved) {
    // Only these two kinds are drawn together; a long list of other parts is not searched again and again.
    let drawn = matches!(part, Resolved::Enum(..) | Resolved::Ids(_));
    for known in out.iter_mut().filter(|_| drawn) {
        match (known, &part) {
            (Resolved::Enum(piece, values), Resolved::Enum(other, more)) if piece == other => {
                let new: Vec<_> = more.iter().filter(|v| !values.contains(v)).copied().collect();
                values.extend(new);
                return;
            }
            (Resolved::Ids(ids), Resolved::Ids(more)) => {
                ids.extend(more);
                ids.sort_unstable();
                ids.dedup();
                return;
            }
            _ => {}
        }
    }
    out.push(part);
}
