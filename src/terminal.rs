//! The two streams of the terminal: results on standard output, everything else on standard error.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use console::{Alignment, measure_text_width, pad_str, style, truncate_str};

/// Columns of a terminal that is none.
const PIPED: usize = 80;

/// Standard output, buffered. Flush it at the end: what fails only then must still be reported.
pub fn output() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// How many columns standard output has; 80 where it is no terminal.
pub fn width() -> usize {
    let size = io::stdout().is_terminal().then(|| console::Term::stdout().size_checked()).flatten();
    size.map_or(PIPED, |(_, columns)| usize::from(columns).max(40))
}

/// Says something on standard error that is no result.
pub fn note(text: &str) {
    // Nobody is left to be told that standard error is gone.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Says on standard error what went wrong.
pub fn complain(text: &str) {
    note(&format!("{} {text}", style("error:").for_stderr().red().bold()));
}

/// Says on standard error what should be known.
pub fn warn(text: &str) {
    note(&format!("{} {text}", style("warning:").for_stderr().yellow().bold()));
}

/// Bold on a terminal.
pub fn bold(text: &str) -> String {
    style(text).bold().to_string()
}

/// Faint on a terminal.
pub fn faint(text: &str) -> String {
    style(text).dim().to_string()
}

/// One line: what would break it, or command the terminal, becomes a blank.
pub fn one_line(text: &str) -> String {
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(blank).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text cut to so many columns, never within a character; `…` tells that something was cut.
pub fn cut(text: &str, columns: usize) -> String {
    truncate_str(text, columns, "…").into_owned()
}

/// Text cut and filled to exactly so many columns.
pub fn fit(text: &str, columns: usize) -> String {
    pad_str(text, columns, Alignment::Left, Some("…")).into_owned()
}

/// Text in lines of at most so many columns, broken at blanks; line breaks and the indent of each line stay.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut out = Vec::new();
    for line in text.lines() {
        let line = line.trim_end();
        let indent: String = line.chars().take_while(|c| *c == ' ').take(columns / 2).collect();
        wrap_line(line.trim_start(), &indent, columns, &mut out);
    }
    out
}

fn wrap_line(line: &str, indent: &str, columns: usize, out: &mut Vec<String>) {
    let mut current = String::new();
    let mut used = 0;
    for word in line.split_whitespace() {
        let word: String = word.chars().filter(|c| !c.is_control()).collect();
        let length = measure_text_width(&word);
        if used > 0 && indent.len() + used + 1 + length > columns {
            out.push(format!("{indent}{current}"));
            current.clear();
            used = 0;
        }
        if used > 0 {
            current.push(' ');
            used += 1;
        }
        current.push_str(&word);
        used += length;
    }
    out.push(if current.is_empty() { String::new() } else { format!("{indent}{current}") });
}

/// `1234567` as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 study`, `2 studies`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// Bytes as people read them: `1.4 MB`.
pub fn sized(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1000.0 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} bytes") } else { format!("{size:.1} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_by_columns_not_bytes() {
        assert_eq!(cut("Wirksamkeit für Ältere", 10), "Wirksamke…");
        assert_eq!(measure_text_width(&fit("日本語の試験", 7)), 7);
        assert_eq!(fit("ab", 4), "ab  ");
    }

    #[test]
    fn wraps_at_blanks_and_keeps_lines_and_indents() {
        assert_eq!(
            wrapped("a line of words\n  * an indented one\n\nlast", 10),
            ["a line of", "words", "  * an", "  indented", "  one", "", "last"]
        );
        assert_eq!(wrapped("unbreakable-and-long", 5), ["unbreakable-and-long"]);
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        assert_eq!(one_line("a\u{1b}[31m\tb\nc"), "a [31m b c");
        assert_eq!(wrapped("a\u{1b}[2Jb", 20), ["a[2Jb"]);
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!([grouped(1), grouped(1000), grouped(1_234_567)], ["1", "1,000", "1,234,567"]);
        assert_eq!([sized(999), sized(1400), sized(2_000_000)], ["999 bytes", "1.4 kB", "2.0 MB"]);
        assert_eq!(counted(1, "study", "studies"), "1 study");
    }
}
