//! A Python literal (what `repr` prints of a JSON document), or real JSON, read with the place of every value.
//!
//! ```text
//! value  = dict | list | tuple | string+ | number | True | False | None | true | false | null
//! dict   = '{' [ value ':' value { ',' value ':' value } [','] ] '}'
//! list   = '[' [ value { ',' value } [','] ] ']'      tuple = the same with ( )
//! string = [prefix] ( ''' | """ | ' | " ) { character | escape } the same quote
//! ```

use serde_json::{Map, Number, Value};

use super::record::Span;

/// Deepest nesting that is read; a registry record needs about twelve.
const DEPTH: usize = 96;

/// What was read.
#[derive(Debug)]
pub(super) struct Literal {
    /// The value, or as much of it as stood before `fault`; values that were cut off in the middle are left out.
    pub value: Value,
    /// Where each value inside was read: path (`a.b[2].c`), bytes without the quotes.
    pub leaves: Vec<(String, Span)>,
    /// Why reading stopped.
    pub fault: Option<Fault>,
    /// Values that JSON cannot hold or that were written twice; kept as near as can be.
    pub remarks: Vec<(usize, String)>,
    /// Where reading stopped.
    pub end: usize,
}

/// Why a literal could not be read further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Byte of the text.
    pub byte: usize,
    /// What should have stood there.
    pub expected: &'static str,
    /// The text ended, as against: something else stood there.
    pub truncated: bool,
}

/// Reads the literal that begins at byte `start` of `text`.
pub(super) fn parse(text: &str, start: usize) -> Literal {
    let mut reader = Reader {
        text,
        at: start.min(text.len()),
        path: String::new(),
        leaves: Vec::new(),
        remarks: Vec::new(),
        fault: None,
    };
    let value = reader.value(0).unwrap_or(Value::Null);
    let Reader { leaves, remarks, fault, at, .. } = reader;
    Literal { value, leaves, fault, remarks, end: at }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    path: String,
    leaves: Vec<(String, Span)>,
    remarks: Vec<(usize, String)>,
    fault: Option<Fault>,
}

impl Reader<'_> {
    /// A value; `None` if there was none, with the fault set.
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.blanks();
        if depth > DEPTH {
            return self.fail("at most 96 levels of nesting");
        }
        match self.peek() {
            Some('{') => Some(self.dict(depth)),
            Some('[') => Some(self.list(depth, ']')),
            Some('(') => Some(self.list(depth, ')')),
            Some('-' | '+' | '.' | '0'..='9') => self.number(),
            Some(_) if self.string_ahead() => self.strings().map(|(text, span)| self.leaf(text.into(), span)),
            Some(c) if c.is_alphabetic() => self.word(),
            _ => self.fail("a value"),
        }
    }

    fn dict(&mut self, depth: usize) -> Value {
        let mut map = Map::new();
        self.at += 1;
        while !self.closes('}') {
            let start = self.at;
            let Some(key) = self.key() else { break };
            if !self.symbol(':', "`:`") {
                break;
            }
            let before = self.path.len();
            let dot = if before == 0 { "" } else { "." };
            self.path.push_str(dot);
            self.path.push_str(&key);
            let value = self.value(depth + 1);
            self.path.truncate(before);
            self.insert(&mut map, key, value, start);
            if self.fault.is_some() || !self.separated('}') {
                break;
            }
        }
        Value::Object(map)
    }

    /// Absent and `None` mean the same in a record, so `None` is left out.
    fn insert(&mut self, map: &mut Map<String, Value>, key: String, value: Option<Value>, start: usize) {
        let Some(value) = value.filter(|v| !v.is_null()) else { return };
        if map.contains_key(&key) {
            self.remarks.push((start, format!("the key `{key}` stands twice; the last one is kept")));
        }
        map.insert(key, value);
    }

    fn key(&mut self) -> Option<String> {
        self.blanks();
        if self.string_ahead() {
            return self.strings().map(|s| s.0);
        }
        let (start, marks) = (self.at, self.leaves.len());
        let value = self.value(DEPTH)?;
        self.leaves.truncate(marks);
        let key = value.to_string();
        self.remarks.push((start, format!("the key `{key}` is no string; kept as one")));
        Some(key)
    }

    /// A list or a tuple. `(x)` is `x`, as in Python.
    fn list(&mut self, depth: usize, close: char) -> Value {
        let mut items = Vec::new();
        let mut commas = 0;
        self.at += 1;
        while !self.closes(close) {
            let before = self.path.len();
            self.path.push_str(&format!("[{}]", items.len()));
            let value = self.value(depth + 1);
            self.path.truncate(before);
            let Some(value) = value else { break };
            items.push(value);
            commas += 1;
            if self.fault.is_some() || !self.separated(close) {
                commas -= 1;
                break;
            }
        }
        if close == ')' && items.len() == 1 && commas == 0 && self.fault.is_none() {
            let inner = format!("{}[0]", self.path);
            for (path, _) in self.leaves.iter_mut().filter(|(path, _)| path.starts_with(&inner)) {
                path.replace_range(self.path.len()..inner.len(), "");
            }
            return items.remove(0);
        }
        Value::Array(items)
    }

    /// After an item: true at a comma, false at the closing bracket (taken) or a fault.
    fn separated(&mut self, close: char) -> bool {
        self.blanks();
        match self.peek() {
            Some(',') => {
                self.at += 1;
                true
            }
            Some(c) if c == close => {
                self.at += 1;
                false
            }
            _ => {
                let expected = match close {
                    '}' => "`,` or `}`",
                    ']' => "`,` or `]`",
                    _ => "`,` or `)`",
                };
                self.fail::<()>(expected);
                false
            }
        }
    }

    /// Takes a closing bracket if it is next (an empty container or a trailing comma).
    fn closes(&mut self, close: char) -> bool {
        self.blanks();
        let closes = self.peek() == Some(close);
        self.at += usize::from(closes);
        closes
    }

    fn symbol(&mut self, symbol: char, expected: &'static str) -> bool {
        self.blanks();
        if self.peek() == Some(symbol) {
            self.at += symbol.len_utf8();
            return true;
        }
        self.fail::<()>(expected);
        false
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        let digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        let length = self.text[start..].find(|c| !digit(c)).unwrap_or(self.text.len() - start);
        if start + length == self.text.len() {
            self.at = self.text.len();
            return self.fail("the rest of a number");
        }
        let printed = &self.text[start..start + length];
        let plain = printed.strip_prefix('+').unwrap_or(printed);
        let value = plain.parse().map(Number::from_i128);
        let value = value.ok().flatten().or_else(|| Number::from_f64(plain.parse().ok()?));
        let Some(value) = value else { return self.odd_number(printed) };
        self.at += length;
        Some(self.leaf(Value::Number(value), Span::new(start, start + length)))
    }

    /// Infinities are kept as text; anything else is a fault.
    fn odd_number(&mut self, printed: &str) -> Option<Value> {
        if printed.parse::<f64>().is_err() {
            return self.fail("a number");
        }
        let start = self.at;
        self.at += printed.len();
        self.remarks.push((start, format!("`{printed}` is no number of JSON; kept as text")));
        Some(self.leaf(printed.into(), Span::new(start, self.at)))
    }

    fn word(&mut self) -> Option<Value> {
        let start = self.at;
        let rest = &self.text[start..];
        let word = &rest[..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())];
        let value = match word {
            "True" | "true" => Value::Bool(true),
            "False" | "false" => Value::Bool(false),
            "None" | "null" => Value::Null,
            "nan" | "inf" | "NaN" | "Infinity" => word.into(),
            _ if start + word.len() == self.text.len() => {
                self.at = self.text.len();
                return self.fail("True, False or None");
            }
            _ => return self.fail("a value"),
        };
        self.at += word.len();
        if value.is_string() {
            self.remarks.push((start, format!("`{word}` is no number of JSON; kept as text")));
        }
        Some(if value.is_null() { value } else { self.leaf(value, Span::new(start, self.at)) })
    }

    fn leaf(&mut self, value: Value, span: Span) -> Value {
        self.leaves.push((self.path.clone(), span));
        value
    }

    /// Whether a string, with its prefix if it has one, is next.
    fn string_ahead(&self) -> bool {
        let rest = &self.text[self.at..];
        let prefix = rest.chars().take_while(|c| matches!(c, 'u' | 'U' | 'r' | 'R' | 'b' | 'B')).count();
        prefix <= 2 && rest[prefix..].starts_with(['\'', '"'])
    }

    /// A string, or several that stand beside each other and are one.
    fn strings(&mut self) -> Option<(String, Span)> {
        let mut out = String::new();
        let mut span = self.string(&mut out)?;
        loop {
            let end = self.at;
            self.blanks();
            if !self.string_ahead() {
                self.at = end;
                return Some((out, span));
            }
            span.end = self.string(&mut out)?.end;
        }
    }

    fn string(&mut self, out: &mut String) -> Option<Span> {
        let rest = &self.text[self.at..];
        let quote_at = rest.find(['\'', '"'])?;
        let raw = rest[..quote_at].contains(['r', 'R']);
        let quote = &rest[quote_at..];
        let triple = ["'''", "\"\"\""].into_iter().find(|q| quote.starts_with(q));
        let close = triple.unwrap_or(&quote[..1]).to_owned();
        self.at += quote_at + close.len();
        let start = self.at;
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with(&close) {
                let end = self.at;
                self.at += close.len();
                return Some(Span::new(start, end));
            }
            match rest.chars().next() {
                None => return self.fail("the end of a string"),
                Some('\\') if !raw => self.escape(out)?,
                Some(c) => {
                    out.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    /// A backslash and what it means. One that means nothing stands for itself, as in Python.
    fn escape(&mut self, out: &mut String) -> Option<()> {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.peek() else { return self.fail("the rest of an escape") };
        self.at += c.len_utf8();
        match c {
            '\n' => {}
            '\\' | '\'' | '"' | '/' => out.push(c),
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            'x' => self.hex(2, start, out)?,
            'u' => self.hex(4, start, out)?,
            'U' => self.hex(8, start, out)?,
            '0'..='7' => self.octal(out),
            'N' => self.named(start, out),
            _ => out.extend(['\\', c]),
        }
        Some(())
    }

    fn hex(&mut self, digits: usize, start: usize, out: &mut String) -> Option<()> {
        let code = self.hex_digits(digits)?;
        if (0xd800..0xdc00).contains(&code) && self.text[self.at..].starts_with("\\u") {
            let here = self.at;
            self.at += 2;
            let low = self.hex_digits(4)?;
            if (0xdc00..0xe000).contains(&low) {
                out.extend(char::from_u32(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)));
                return Some(());
            }
            self.at = here;
        }
        if char::from_u32(code).is_none() {
            self.remarks.push((start, "an escape that is no character; replaced".to_owned()));
        }
        out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        Some(())
    }

    fn hex_digits(&mut self, digits: usize) -> Option<u32> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
        self.at += length;
        if length < digits {
            return self.fail("hexadecimal digits");
        }
        u32::from_str_radix(&rest[..digits], 16).ok()
    }

    /// Up to three octal digits, the first of which is taken already.
    fn octal(&mut self, out: &mut String) {
        let first = self.at - 1;
        let more = self.text[self.at..].bytes().take(2).take_while(|b| (b'0'..=b'7').contains(b)).count();
        self.at += more;
        let code = u32::from_str_radix(&self.text[first..self.at], 8).ok().and_then(char::from_u32);
        out.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    /// `\N{DEGREE SIGN}` stays as written: the names of all characters are not at hand.
    fn named(&mut self, start: usize, out: &mut String) {
        let rest = &self.text[self.at..];
        let length = rest.find('}').filter(|_| rest.starts_with('{')).map_or(0, |end| end + 1);
        self.at += length;
        out.push_str(&self.text[start..self.at]);
        self.remarks.push((start, "a character given by its name; kept as written".to_owned()));
    }

    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Stops reading; the first fault stays.
    fn fail<T>(&mut self, expected: &'static str) -> Option<T> {
        let truncated = self.at >= self.text.len();
        self.fault.get_or_insert(Fault { byte: self.at, expected, truncated });
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn check(text: &str, expected: Value) {
        let read = parse(text, 0);
        assert_eq!(read.fault, None, "{text}");
        assert_eq!(read.value, expected, "{text}");
        assert_eq!(read.end, text.trim_end().len(), "{text}");
    }

    #[test]
    fn reads_what_python_prints() {
        let dict = r#"{'a': [1, -2, 3.5, 1e3,], "b": (), 'c': {}, }"#;
        check(dict, json!({"a": [1, -2, 3.5, 1e3], "b": [], "c": {}}));
        check(
            r"['it\'s', 'a\\b', '\x41\u00e9\U0001f339\101\n', '\d']",
            json!(["it's", r"a\b", "Aé🌹A\n", r"\d"]),
        );
        check("['a' \n \"b\" '''c'd''', u'e', r'\\n']", json!(["abc'd", "e", r"\n"]));
        check("(1,)", json!([1]));
        check("{'a': (True)}", json!({"a": true}));
        check("[None, True, False, null, true, false]", json!([null, true, false, null, true, false]));
        check(r#"{"a": "\ud83c\udf39\/"}"#, json!({"a": "🌹/"}));
        check("18446744073709551615 ", json!(u64::MAX));
    }

    #[test]
    fn tells_where_and_what_was_expected() {
        for (text, byte, expected, truncated) in [
            ("{'a' 1}", 5, "`:`", false),
            ("{'a': 1", 7, "the rest of a number", true),
            ("{'a': 'b", 8, "the end of a string", true),
            ("[1 2]", 3, "`,` or `]`", false),
            ("[1, ", 4, "a value", true),
            ("[1, ;", 4, "a value", false),
            (r"['\u12'", 6, "hexadecimal digits", false),
            ("[Tru", 4, "True, False or None", true),
            ("[1x]", 1, "a number", false),
        ] {
            let fault = parse(text, 0).fault.unwrap_or_else(|| panic!("{text} reads"));
            assert_eq!((fault.byte, fault.expected, fault.truncated), (byte, expected, truncated), "{text}");
        }
        let deep = "[".repeat(100_000);
        let expected = parse(&deep, 0).fault.map(|f| f.expected);
        assert_eq!(expected, Some("at most 96 levels of nesting"));
    }

    #[test]
    fn keeps_what_stood_before_a_fault() {
        let read = parse("{'a': {'b': [1, 'x', 'cut", 0);
        assert_eq!(read.value, json!({"a": {"b": [1, "x"]}}));
        let paths: Vec<_> = read.leaves.iter().map(|l| l.0.as_str()).collect();
        assert_eq!(paths, ["a.b[0]", "a.b[1]"]);
        assert_eq!(parse("{'a': 1, 'a': inf}", 0).remarks.len(), 2);
    }

    /// As Python's `repr` prints it.
    fn repr(value: &Value) -> String {
        match value {
            Value::Null => "None".to_owned(),
            Value::Bool(b) => if *b { "True" } else { "False" }.to_owned(),
            Value::Number(n) => n.to_string(),
            Value::String(s) => {
                let quote = if s.contains('\'') && !s.contains('"') { '"' } else { '\'' };
                let mut out = String::from(quote);
                for c in s.chars() {
                    match c {
                        '\\' => out.push_str("\\\\"),
                        '\n' => out.push_str("\\n"),
                        c if c == quote => out.extend(['\\', c]),
                        c if c.is_control() => out.push_str(&format!("\\U{:08x}", c as u32)),
                        c => out.push(c),
                    }
                }
                out.push(quote);
                out
            }
            Value::Array(a) => format!("[{}]", a.iter().map(repr).collect::<Vec<_>>().join(", ")),
            Value::Object(o) => {
                let pair = |(k, v): (&String, &Value)| format!("{}: {}", repr(&k.as_str().into()), repr(v));
                format!("{{{}}}", o.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9f64).prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        let document = leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(".{0,6}", inner, 0..6)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        });
        // A number that ends the text could go on; a list closes it.
        document.prop_map(|v| json!([v]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn reads_back_what_repr_and_json_print(value in document()) {
            for text in [repr(&value), value.to_string()] {
                let read = parse(&text, 0);
                prop_assert_eq!(read.fault, None, "{}", text);
                prop_assert_eq!(&read.value, &value, "{}", text);
            }
        }

        #[test]
        fn never_panics(text in r#"[\[\](){}'"\\uxUN0-9a-fTrueé:,. \nrb-]{0,60}"#, start in 0..4usize) {
            if text.is_char_boundary(start) {
                let read = parse(&text, start);
                for (_, span) in read.leaves {
                    prop_assert!(text.get(span.start..span.end).is_some());
                }
            }
        }

        #[test]
        fn any_prefix_is_truncated_and_never_malformed(value in document(), cut in 0..200usize) {
            let text = repr(&value);
            let end = (0..=cut.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            let read = parse(&text[..end], 0);
            prop_assert_eq!(read.fault.is_some(), end < text.len());
            prop_assert!(read.fault.is_none_or(|f| f.truncated));
        }
    }
}
