//! Which words of a text were added and which were removed.

/// What became of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// In both texts.
    Same,
    /// In the old one only.
    Removed,
    /// In the new one only.
    Added,
}

/// Some words, and what became of them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Part {
    /// What became of them.
    pub fate: Fate,
    /// The words, as they stand, with what is between them.
    pub text: String,
}

/// Texts that differ in more words than this are told as one replacement: nobody reads their words one by one, and
/// the work would grow with the square.
const MOST: usize = 1_500;

/// The parts of two texts in reading order. Put together without what was removed they are the new text, without what
/// was added the old one.
pub fn compare(old: &str, new: &str) -> Vec<Part> {
    let (a, b) = (cut(old), cut(new));
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
    let mut out = Parts::default();
    a[..start].iter().for_each(|word| out.push(Fate::Same, word));
    let (inner_a, inner_b) = (&a[start..a.len() - end], &b[start..b.len() - end]);
    match path(inner_a, inner_b) {
        Some(steps) => steps.into_iter().for_each(|(fate, word)| out.push(fate, word)),
        None => {
            inner_a.iter().for_each(|word| out.push(Fate::Removed, word));
            inner_b.iter().for_each(|word| out.push(Fate::Added, word));
        }
    }
    a[a.len() - end..].iter().for_each(|word| out.push(Fate::Same, word));
    out.0
}

#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn push(&mut self, fate: Fate, word: &str) {
        match self.0.last_mut() {
            Some(last) if last.fate == fate => last.text.push_str(word),
            _ => self.0.push(Part { fate, text: word.to_owned() }),
        }
    }
}

/// Words and what is between them.
fn cut(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let kind = if c.is_alphanumeric() { 0 } else { 1 + usize::from(!c.is_whitespace()) };
        // Marks stand alone; letters and blanks go together.
        if last.is_some_and(|last| last != kind || kind == 2) {
            out.push(&text[start..at]);
            start = at;
        }
        last = Some(kind);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// The shortest way from one list of words to the other (Myers 1986); `None` if it is longer than [`MOST`].
fn path<'t>(a: &[&'t str], b: &[&'t str]) -> Option<Vec<(Fate, &'t str)>> {
    let (n, m) = (a.len() as isize, b.len() as isize);
    let most = (a.len() + b.len()).min(MOST) as isize;
    let middle = most + 1;
    let mut far = vec![0isize; 2 * middle as usize + 1];
    let mut trace: Vec<Vec<isize>> = Vec::new();
    for d in 0..=most {
        // What this round reads is all that the way back needs.
        trace.push(far[(middle - d) as usize..=(middle + d) as usize].to_vec());
        for k in (-d..=d).step_by(2) {
            let (left, right) = (far[(middle + k - 1) as usize], far[(middle + k + 1) as usize]);
            let mut x = if k == -d || (k != d && left < right) { right } else { left + 1 };
            while x < n && x - k < m && a[x as usize] == b[(x - k) as usize] {
                x += 1;
            }
            far[(middle + k) as usize] = x;
            if x >= n && x - k >= m {
                return Some(back(a, b, &trace, d));
            }
        }
    }
    None
}

/// The way that was found, from its end to its beginning and turned round.
fn back<'t>(a: &[&'t str], b: &[&'t str], trace: &[Vec<isize>], last: isize) -> Vec<(Fate, &'t str)> {
    let (mut x, mut y) = (a.len() as isize, b.len() as isize);
    let mut out = Vec::new();
    for d in (0..=last).rev() {
        let k = x - y;
        let at = |k: isize| trace[d as usize].get((k + d) as usize).copied().unwrap_or(0);
        let down = k == -d || (k != d && at(k - 1) < at(k + 1));
        let (from_x, from_y) = match (d, down) {
            (0, _) => (0, 0),
            (_, true) => (at(k + 1), at(k + 1) - (k + 1)),
            (_, false) => (at(k - 1), at(k - 1) - (k - 1)),
        };
        while x > from_x && y > from_y && a[x as usize - 1] == b[y as usize - 1] {
            out.push((Fate::Same, a[x as usize - 1]));
            (x, y) = (x - 1, y - 1);
        }
        if d > 0 {
            match down {
                true => out.push((Fate::Added, b[y as usize - 1])),
                false => out.push((Fate::Removed, a[x as usize - 1])),
            }
            (x, y) = (from_x, from_y);
        }
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(old: &str, new: &str) -> String {
        let part = |part: &Part| match part.fate {
            Fate::Same => part.text.clone(),
            Fate::Removed => format!("[-{}]", part.text),
            Fate::Added => format!("[+{}]", part.text),
        };
        compare(old, new).iter().map(part).collect()
    }

    #[test]
    fn words_not_letters() {
        assert_eq!(marked("aged 18 to 65 years", "aged 18 to 75 years"), "aged 18 to [-65][+75] years");
        assert_eq!(marked("a b c", "a c"), "a [-b ]c");
        assert_eq!(marked("", "new"), "[+new]");
        assert_eq!(marked("same", "same"), "same");
        assert_eq!(marked("HbA1c > 7%", "HbA1c ≥ 7.5%"), "HbA1c [->][+≥] 7[+.5]%");
    }

    /// Numbers that look random and are always the same.
    fn text(seed: u64, words: u64) -> String {
        let word = |i: u64| (seed.wrapping_mul(i + 1).wrapping_mul(2_654_435_761) >> 7) % 5;
        (0..words).map(|i| format!("w{} ", word(i))).collect()
    }

    #[test]
    fn both_texts_can_be_had_back() {
        let without = |parts: &[Part], fate: Fate| -> String {
            parts.iter().filter(|p| p.fate != fate).map(|p| p.text.as_str()).collect()
        };
        for seed in 1..200 {
            let (old, new) = (text(seed, seed % 37), text(seed * 31, seed % 23));
            let parts = compare(&old, &new);
            assert_eq!(without(&parts, Fate::Added), old);
            assert_eq!(without(&parts, Fate::Removed), new);
        }
        let (old, new) = ("x ".repeat(9_000), "y ".repeat(9_000));
        let parts = compare(&old, &new);
        assert_eq!(without(&parts, Fate::Added), old);
        assert_eq!(without(&parts, Fate::Removed), new);
    }
}
