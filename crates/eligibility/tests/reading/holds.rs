//! What must hold of a text and what was read from it.

use eligibility::{
    Criteria, Item, Node, Op,
    read::{Options, Reader},
    tree::{Polarity, Section, Span},
};

/// Reads a text and says what does not hold of the reading.
pub fn faults(text: &str, options: Options, reader: &mut Reader) -> Vec<String> {
    let read = reader.read(text, options);
    let mut found = cover(text, &read);
    read.items.iter().for_each(|item| of_item(text, item, &mut found));
    found
}

/// Every character that is not blank is inside one item or mark, and only one.
fn cover(text: &str, read: &Criteria) -> Vec<String> {
    let mut spans: Vec<Span> =
        read.items.iter().map(|item| item.span).chain(read.marks.iter().copied()).collect();
    spans.sort_unstable();
    let (mut found, mut at) = (Vec::new(), 0);
    for span in spans {
        let (start, end) = (span.start as usize, span.end as usize);
        if text.get(start..end).is_none() {
            found.push(format!("{span:?} are no characters of the text"));
            continue;
        }
        if start < at {
            found.push(format!("twice: `{}` of `{}`", &text[start..at.min(end)], span.of(text)));
        } else if lost(&text[at..start]) {
            found.push(format!("lost: `{}` before `{}`", &text[at..start], span.of(text)));
        }
        at = at.max(end);
    }
    if lost(&text[at..]) {
        found.push(format!("lost: `{}` at the end", &text[at..]));
    }
    found
}

/// Whether something was printed between two spans: escaped line breaks and blanks are none, nor is a
/// backslash that itself escapes a line break.
fn lost(between: &str) -> bool {
    let mut plain = between.to_owned();
    for escape in [r"\n", r"\r", r"\t"] {
        let hard = format!(r"\\{escape}");
        while plain.contains(&hard) {
            plain = plain.replace(&hard, escape);
        }
        plain = plain.replace(escape, " ");
    }
    let plain = ["&nbsp;", "\u{feff}"].iter().fold(plain, |t, e| t.replace(e, " "));
    plain.contains(|c: char| !c.is_whitespace())
}

/// An item has a tree, its polarity is that of its section, and all its words are its own.
fn of_item(text: &str, item: &Item, found: &mut Vec<String>) {
    let mut fault = |what: &str, words: &str| found.push(format!("{what}: `{words}` in `{}`", item.source));
    if item.span.of(text) != item.source || item.source.trim().is_empty() {
        fault("source", item.span.of(text));
    }
    let polarity = if item.section == Section::Exclusion { Polarity::Forbid } else { Polarity::Require };
    if item.polarity != Some(polarity) {
        fault("polarity", item.section.as_str());
    }
    let Some(expr) = &item.expr else { return fault("no tree", "") };
    for words in item.flags.iter().map(|f| &f.text).chain(item.residue.iter().map(|r| &r.text)) {
        if words.is_empty() || !item.source.contains(words) {
            fault("words of a remark", words);
        }
    }
    expr.each(&mut |node| {
        let within = |span: Span| node.span.start >= span.start && node.span.end <= span.end;
        let heading = item.cohort.as_ref();
        if !(within(item.span) || heading.is_some_and(|h| within(h.span))) || node.span.start > node.span.end
        {
            fault("place", &format!("{:?} of {:?}", node.span, item.span));
        }
        words(node)
            .into_iter()
            .filter(|w| {
                let printed = item.source.contains(w) || heading.is_some_and(|h| h.source.contains(w));
                w.is_empty() || !printed
            })
            .for_each(|w| fault("words", w));
        if arguments(node).is_some_and(|count| count < 2) {
            fault("one part", node.rule.0);
        }
    });
}

/// The words of a node that are those of the text.
fn words(node: &Node) -> Vec<&str> {
    match &node.op {
        Op::True { text, .. } | Op::Human { text, .. } | Op::Guideline { text, .. } => vec![text],
        Op::Coded(coded) => vec![&coded.text],
        Op::Has(has) => [&has.text].into_iter().chain(&has.examples).map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

fn arguments(node: &Node) -> Option<usize> {
    match &node.op {
        Op::And(args) | Op::Or(args) | Op::Ambiguous(args) => Some(args.len()),
        _ => None,
    }
}
