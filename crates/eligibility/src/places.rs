//! Bytes and characters of a text: spans are bytes, the notation counts characters.

use crate::tree::Span;

/// Finds characters by their bytes, and bytes by their characters.
#[derive(Debug)]
pub struct Places<'t> {
    /// The byte of every 64th character.
    marks: Vec<usize>,
    text: &'t str,
}

const STEP: usize = 64;

impl<'t> Places<'t> {
    /// Of this text.
    pub fn new(text: &'t str) -> Self {
        let marks = text.char_indices().step_by(STEP).map(|(byte, _)| byte).collect();
        Self { marks, text }
    }

    /// The character at a byte.
    pub fn at(&self, byte: u32) -> usize {
        let byte = byte as usize;
        let mark = self.marks.partition_point(|m| *m <= byte).saturating_sub(1);
        let from = self.marks.get(mark).copied().unwrap_or(0);
        mark * STEP + self.text.get(from..byte).map_or(0, |part| part.chars().count())
    }

    /// The byte of a character.
    pub fn byte(&self, char: usize) -> usize {
        let from = self.marks.get(char / STEP).copied().unwrap_or(self.text.len());
        self.text[from..].char_indices().nth(char % STEP).map_or(self.text.len(), |(i, _)| from + i)
    }

    /// The characters of a span; `None` for what has no place in the text.
    pub fn chars(&self, span: Span) -> Option<(usize, usize)> {
        (span != Span::default()).then(|| (self.at(span.start), self.at(span.end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_bytes() {
        let text = "é".repeat(200);
        let places = Places::new(&text);
        assert_eq!([places.at(0), places.at(130), places.at(400)], [0, 65, 200]);
        assert_eq!([places.byte(0), places.byte(65), places.byte(900)], [0, 130, 400]);
    }
}
