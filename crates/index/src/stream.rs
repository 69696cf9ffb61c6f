//! The way from analysed terms into the index: a packed stream that our tokenizer unpacks.
//!
//! A record is analysed before the index sees it (on other threads, with positions that restart in every piece),
//! so the index gets text that is only a list of terms and positions: the position in four characters, the length of the
//! term in two, the term.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-";
/// Characters before each term: its position and its length.
const HEAD: usize = 6;

/// Appends a term at a position; `write` appends the term itself.
pub fn push(stream: &mut String, position: u32, write: impl FnOnce(&mut String)) {
    let mut head = [0; 4];
    for (digit, shift) in head.iter_mut().zip([18, 12, 6, 0]) {
        *digit = DIGITS[(position >> shift) as usize & 63];
    }
    stream.push_str(std::str::from_utf8(&head).unwrap_or("0000"));
    let length_at = stream.len();
    stream.push_str("00");
    let start = stream.len();
    write(stream);
    // Terms are cut far below 4,096 bytes by the layout.
    let length = (stream.len() - start).min(4095);
    let digits = [DIGITS[length >> 6], DIGITS[length & 63]];
    stream.replace_range(length_at..start, std::str::from_utf8(&digits).unwrap_or("00"));
}

fn value(digit: u8) -> usize {
    match digit {
        b'0'..=b'9' => usize::from(digit - b'0'),
        b'A'..=b'Z' => usize::from(digit - b'A') + 10,
        b'a'..=b'z' => usize::from(digit - b'a') + 36,
        b'+' => 62,
        _ => 63,
    }
}

/// Unpacks what [`push`] packed.
#[derive(Clone, Default)]
pub struct Unpack {
    token: Token,
}

/// A packed stream being read.
pub struct Unpacked<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for Unpack {
    type TokenStream<'a> = Unpacked<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Unpacked<'a> {
        self.token.reset();
        Unpacked { rest: text, token: &mut self.token }
    }
}

impl TokenStream for Unpacked<'_> {
    fn advance(&mut self) -> bool {
        let number = |digits: &[u8]| digits.iter().fold(0, |sum, digit| sum << 6 | value(*digit));
        let Some(head) = self.rest.as_bytes().get(..HEAD) else { return false };
        let (position, end) = (number(&head[..4]), HEAD + number(&head[4..]));
        let Some(term) = self.rest.get(HEAD..end) else { return false };
        self.token.position = position;
        self.token.text.clear();
        self.token.text.push_str(term);
        self.rest = &self.rest[end..];
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_and_unpacks() {
        let mut stream = String::new();
        let terms = [(0, "lung"), (63, "é"), (64, ""), (16_777_215, "x y")];
        for (position, term) in terms {
            push(&mut stream, position, |out| out.push_str(term));
        }
        let mut unpack = Unpack::default();
        let mut tokens = unpack.token_stream(&stream);
        for (position, term) in terms {
            assert!(tokens.advance());
            assert_eq!((tokens.token().position, tokens.token().text.as_str()), (position as usize, term));
        }
        assert!(!tokens.advance());
    }
}
