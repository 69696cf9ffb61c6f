//! Names, units and bounds as short words for people, in messages.

use crate::{
    catalogue::Catalogue,
    interval::Interval,
    tree::{Cmp, Code, Coded, Node, Op},
};

/// The name of a variable or concept: the catalogue's, else its id without marks.
pub(crate) fn name(id: &str, catalogue: &dyn Catalogue) -> String {
    let name = catalogue.name(id).map(str::to_owned);
    let name = name.unwrap_or_else(|| id.strip_prefix("text:").unwrap_or(id).replace('_', " "));
    if vocabulary::by_curie(id).is_some() {
        return name;
    }
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        // A name that begins as a sentence does, not an abbreviation.
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            let rest = &name[first.len_utf8()..];
            if rest.chars().any(char::is_uppercase) {
                name
            } else {
                format!("{}{rest}", first.to_lowercase())
            }
        }
        _ => name,
    }
}

/// A UCUM unit as people write it, with a space in front; nothing for a scale's own unit.
pub fn unit(ucum: &str) -> String {
    let words = match ucum {
        "" => return String::new(),
        "a" => "years",
        "mo" => "months",
        "wk" => "weeks",
        "d" => "days",
        "h" => "hours",
        "mm[Hg]" => "mmHg",
        "Cel" => "°C",
        "{ULN}" => "× the upper limit of normal",
        "{LLN}" => "× the lower limit of normal",
        "{half-life}" => "half-lives",
        scale if scale.starts_with('{') => return String::new(),
        other => {
            return format!(
                " {}",
                other.replace("10*", "10^").replace("{1.73_m2}", "1.73 m2").replace(['[', ']'], "")
            );
        }
    };
    format!(" {words}")
}

/// `age 18 to 65 years`.
pub(crate) fn cmp(cmp: &Cmp, catalogue: &dyn Catalogue) -> String {
    format!("{} {}", name(&cmp.var.0, catalogue), bounds(cmp))
}

/// `18 to 65 years`.
pub(crate) fn bounds(cmp: &Cmp) -> String {
    format!("{}{}", Interval::new(cmp.lo, cmp.hi), unit(&cmp.unit))
}

/// `3, 4`.
pub(crate) fn codes(coded: &Coded) -> String {
    let word = |code: &Code| match code {
        Code::Integer(n) => n.to_string(),
        Code::Word(word) => word.clone(),
    };
    coded.values.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// A leaf in a few words; the shape of anything larger.
pub(crate) fn leaf(node: &Node, catalogue: &dyn Catalogue) -> String {
    match &node.op {
        Op::Cmp(c) => cmp(c, catalogue),
        Op::Coded(c) => format!("{} {}", name(&c.var.0, catalogue), codes(c)),
        Op::Has(has) => has.text.clone(),
        Op::Human { text, .. } | Op::True { text, .. } | Op::Guideline { text, .. } => text.clone(),
        Op::Not(arg) => format!("no {}", leaf(arg, catalogue)),
        Op::Exposure(e) => format!("time on {}", leaf(&e.to, catalogue)),
        Op::Change(c) => format!("change of {}", name(&c.var.0, catalogue)),
        Op::Abnormal { vars } => {
            let names: Vec<String> = vars.iter().map(|v| name(&v.0, catalogue)).collect();
            format!("abnormal {}", names.join(", "))
        }
        Op::Washout { .. } => "a washout".to_owned(),
        Op::Order { then, .. } => leaf(then, catalogue),
        Op::And(args) | Op::Or(args) | Op::Ambiguous(args) | Op::AtLeast { args, .. } => {
            let word = if matches!(node.op, Op::And(_)) { " and " } else { " or " };
            let few: Vec<String> = args.iter().take(3).map(|a| leaf(a, catalogue)).collect();
            format!("{}{}", few.join(word), if args.len() > 3 { " ..." } else { "" })
        }
    }
}

/// At most `most` characters of a text on one line.
pub(crate) fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
