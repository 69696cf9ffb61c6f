//! The way from analysed terms into the index: a packed stream that our tokenizer unpacks.
//!
//! A record is analysed before the index sees it (on other threads, with positions that restart in every piece),
//! so the index gets text that is only a list of terms and positions: `position` in four characters, the term, NUL.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-";
const END: char = '\0';

/// Appends a term at a position; `write` appends the term itself.
pub fn push(stream: &mut String, position: u32, write: impl FnOnce(&mut String)) {
    for shift in [18, 12, 6, 0] {
        stream.push(DIGITS[(position >> shift) as usize & 63] as char);
    }
    write(stream);
    stream.push(END);
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
        let Some(end) = self.rest.find(END) else { return false };
        let Some((head, term)) = self.rest.get(..4).zip(self.rest.get(4..end)) else { return false };
        self.token.position = head.bytes().fold(0, |sum, digit| sum << 6 | value(digit));
        self.token.text.clear();
        self.token.text.push_str(term);
        self.rest = &self.rest[end + 1..];
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
