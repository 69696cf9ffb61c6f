//! What is printed once for several parts of a list: a head noun, a value, a site.

use super::cases::{CASE, of_sex};
use super::cx::{Cx, join};
use super::elements::What;
use super::leaf::{self, About};
use super::lexicon::{Class, Phrase};
use super::list::{Part, Tied, is_link};
use super::mods::Mods;
use super::unit::Piece;
use crate::tree::{Cmp, Concept, Has, Kind, Node, Op, Rule};

impl Cx<'_> {
    /// `drug or alcohol abuse`, `type 2 or type 1`: words whose head stands in the next or the last part.
    pub fn ellipsis(&mut self, parts: &[Part], i: usize, carried: &Mods) -> Option<Node> {
        let part = &parts[i];
        let mut mods = carried.clone();
        let start = self.prefix(part.a, part.b, &mut mods);
        let (mut x, mut y) = self.trim(start, part.b);
        // `treated basal or squamous cell skin cancer`
        let mut degrees = Vec::new();
        let there = |from: usize, to: usize| self.degree(from, to) == Some(super::degree::Degree::Site);
        while let Some(end) = self.quality_end(x, y).filter(|&end| end < y && !there(x, end)) {
            degrees.push((x, end));
            x = end;
        }
        // `hepatitis B or C infection`
        if y > x + 1 && self.word_is(y - 1, &["infection", "virus"]) && self.read(x, y - 1).len() == 1 {
            y -= 1;
        }
        // `hepatitis B and C negative`
        if y > x + 1
            && let Some(result @ (Class::Positive | Class::Negative)) = self.class(y - 1)
        {
            mods.resulted(if result == Class::Positive { "positive" } else { "negative" });
            y -= 1;
        }
        // `hepatitis B or C (testing is not required)`
        if y > x + 2 && matches!(self.what(x + 1), What::Open) && self.close(x + 1, y) == y {
            y = x + 1;
        }
        if x >= y || y - x > 2 || !(x..y).all(|k| self.is_headless(k)) {
            return None;
        }
        let words = self.read(x, y);
        // What is a disease by itself has its head in the next part, if in any.
        let disease =
            matches!(self.what(x), What::Named(id) if leaf::kind_of_named(id) == Some(Kind::Condition));
        let parts = if disease { &parts[..parts.len().min(i + 2)] } else { parts };
        let phrase = match disease && (y > x + 1 || words.contains(' ')) {
            // `squamous cell or basal cell skin cancer`
            true if y == x + 1 => self.head_behind(parts, i, words)?,
            true => return None,
            false => self.head_behind(parts, i, words).or_else(|| self.head_before(parts, i, words))?,
        };
        if let Phrase::Var(v) = phrase
            && let Some(coded) = mods.coded(v, self.raw(x, y))
        {
            self.carried = Some(mods.carried());
            self.flag("ellipsis", x, y, "the head noun is supplied");
            let mut node = self.node(Op::Coded(Box::new(coded)), x, y, "structure.ellipsis");
            for (from, to) in degrees {
                node = self.vaguely(node, from, to);
            }
            return Some(if mods.denies() { super::cx::negate(node) } else { node });
        }
        let mut has = match phrase {
            Phrase::Var(v) if !leaf::is_numeric(v) => {
                Has::new(leaf::kind_of(v), Concept(v.id.into()), self.raw(x, y))
            }
            Phrase::Named(id) => {
                Has::new(leaf::kind_of_named(id)?, Concept(id.curie().into()), self.raw(x, y))
            }
            _ => return None,
        };
        if !degrees.iter().all(|&(from, to)| self.degree(from, to).is_some_and(|d| d.is_said_of(has.kind))) {
            return None;
        }
        self.carried = Some(mods.carried());
        mods.onto(&mut has);
        self.flag("ellipsis", x, y, "the head noun is supplied");
        let mut node = self.node(Op::Has(Box::new(has)), x, y, "structure.ellipsis");
        for (from, to) in degrees {
            node = self.vaguely(node, from, to);
        }
        Some(if mods.denies() { super::cx::negate(node) } else { node })
    }

    /// Words that may lack their head: of no table, a number, `drug`.
    fn is_headless(&self, i: usize) -> bool {
        match self.what(i) {
            What::Word | What::Lex(Class::HumanOpen | Class::Site | Class::Guideline, _) => true,
            // `bleeding or clotting disorder`: what by itself is a disease may be one of another name.
            What::Named(_) if self.is(i + 1, Class::Or) || matches!(self.what(i + 1), What::Slash) => true,
            What::Named(id) => !matches!(leaf::kind_of_named(id), Some(Kind::Condition)),
            What::Quant(q) => self.e.quants[q as usize].bare,
            _ => false,
        }
    }

    fn head_behind(&self, parts: &[Part], i: usize, words: &str) -> Option<Phrase> {
        let names = |p: &&Part| (p.a..p.b).any(|k| matches!(self.what(k), What::Var(_) | What::Named(_)));
        // `alcohol or illegal drug/substance abuse`: the head may stand some parts behind.
        let behind = &parts[i + 1..];
        let head = behind.iter().filter(names).take(3).find_map(|part| self.head_in(part, words));
        head.or_else(|| self.plain_head(behind.first()?, words))
    }

    /// `measurable or evaluable disease`: the last word of a part that no table has, directly joined to the one before.
    fn plain_head(&self, part: &Part, words: &str) -> Option<Phrase> {
        let plain = |k: usize| matches!(self.what(k), What::Word | What::Lex(Class::HumanOpen, _));
        let last = part.b.checked_sub(1).filter(|&last| last > part.a && !part.comma)?;
        let head = self.read(last, last + 1);
        let named = (part.a..part.b).all(plain) && !head.contains(' ');
        let phrase = super::lexicon::exactly(&format!("{words} {head}")).filter(|_| named)?;
        matches!(phrase, Phrase::Var(_) | Phrase::Named(_)).then_some(phrase)
    }

    /// A name of a part whose last words are the head of other words, too.
    fn head_in(&self, last: &Part, words: &str) -> Option<Phrase> {
        let at = (last.a..last.b).find(|&k| matches!(self.what(k), What::Var(_) | What::Named(_)))?;
        let name = self.read(at, at + 1);
        // `acute and chronic infectious diseases`: infectious diseases of either course.
        if ["acute", "subacute"].iter().any(|course| words.eq_ignore_ascii_case(course)) {
            return super::lexicon::exactly(name).filter(|p| matches!(p, Phrase::Var(_) | Phrase::Named(_)));
        }
        // `squamous cell or basal cell skin cancer`: of the skin, before any squamous cell cancer. `basal or squamous cell
        // carcinoma of the skin`: the longest end that makes a name.
        let ends = name.match_indices([' ', '-']).map(|(cut, _)| cut);
        ends.filter_map(|cut| super::lexicon::exactly(&format!("{words}{}", &name[cut..])))
            .find(|found| matches!(found, Phrase::Var(_) | Phrase::Named(_)))
    }

    fn head_before(&self, parts: &[Part], i: usize, words: &str) -> Option<Phrase> {
        let before = parts.get(i.checked_sub(1)?)?;
        let at =
            (before.a..before.b).rev().find(|&k| matches!(self.what(k), What::Var(_) | What::Named(_)))?;
        let name = self.read(at, at + 1);
        let count = words.split(' ').count();
        let kept: Vec<&str> = name.split(' ').collect();
        let kept = kept.get(..kept.len().checked_sub(count).filter(|n| *n > 0)?)?;
        // `type 2 or type 1`, `hepatitis B or C`
        let same = name.split(' ').nth(kept.len()).zip(words.split(' ').next());
        if !same.is_some_and(|(a, b)| a.eq_ignore_ascii_case(b) || count == 1 && a.len() == 1 && b.len() == 1)
        {
            return None;
        }
        super::lexicon::exactly(&format!("{} {words}", kept.join(" ")))
            .filter(|p| matches!(p, Phrase::Var(_) | Phrase::Named(_)))
    }

    /// `foot ulcers, infections`: any infection, or one of the foot.
    pub fn share_site(&mut self, nodes: &mut [Tied], parts: &[Part]) {
        let infection = |node: &Option<Node>| {
            let Some(Node { op: Op::Has(has), .. }) = node else { return false };
            &*has.concept.0 == "infection" && has.site.is_none() && !has.text.contains(' ')
        };
        if !nodes.iter().skip(1).any(|(node, _)| infection(node)) {
            return;
        }
        let Some(Some(first)) = nodes.first().map(|n| n.0.as_ref()) else { return };
        let Op::Has(head) = &first.op else { return };
        let word = head.text.split(' ').next().unwrap_or_default();
        let Some(Phrase::Lex(Class::Site, site)) = super::lexicon::exactly(word) else { return };
        for (i, (node, _)) in nodes.iter_mut().enumerate().skip(1) {
            if !infection(node) {
                continue;
            }
            let Some(Node { op: Op::Has(has), span, .. }) = node else { continue };
            let (any, span) = ((**has).clone(), *span);
            let there = Has { site: Some(site.to_owned()), ..any.clone() };
            self.flag("ambiguous_scope", parts[i].a, parts[i].b, "there, or anywhere");
            self.leave(parts[i].a, parts[i].b, "there, or anywhere: undecided where the two readings differ");
            let rule = Rule("scope.site");
            let both = [any, there].map(|has| Node { op: Op::Has(Box::new(has)), span, rule });
            *node = Some(Node { op: Op::Ambiguous(both.into()), span, rule });
        }
    }

    /// `transaminases, bilirubin ≤ 5 x ULN`: what stands before a variable in a list of values is one, too.
    pub fn values_of_words(&mut self, pieces: &mut [Piece], parts: &[Part]) {
        for i in (0..pieces.len().saturating_sub(1)).rev() {
            let Piece::Node(Node { op: Op::Has(has), .. }) = &pieces[i] else { continue };
            let plain = has.kind == Kind::Drug && has.when.is_none();
            let followed = match &pieces[i + 1] {
                Piece::Vars { .. } => true,
                next => value_of(next).is_some_and(
                    |n| matches!(&n.op, Op::Cmp(cmp) if matches!(&*cmp.unit, "{ULN}" | "{LLN}")),
                ),
            };
            let (a, b) = self.trim(parts[i].a, parts[i].b);
            if plain && followed && b == a + 1 {
                pieces[i] = Piece::Vars { about: About::Words(self.normal_words(a, b)), a, b };
            }
        }
    }

    /// Gives a value printed once to all the variables before or behind it.
    pub fn share(&mut self, pieces: &mut [Piece], parts: &[Part]) {
        for i in (0..pieces.len()).rev() {
            let Piece::Vars { about, a, b } = &pieces[i] else { continue };
            let (about, a, b) = (about.clone(), *a, *b);
            if let Some(value) = pieces.get(i + 1).and_then(value_of).cloned() {
                let shared = self.with_value(&value, &about, a, b);
                if let Some(node) = shared {
                    if parts.get(i + 2).is_none() || !matches!(pieces.get(i + 2), Some(Piece::Vars { .. })) {
                        self.flag(
                            "distribution",
                            parts[i].a,
                            self.var_end(parts, i + 1),
                            "a value printed once",
                        );
                    }
                    pieces[i] = Piece::Node(node);
                    self.share_case(pieces, i, &value, &about);
                }
            }
        }
        for i in 1..pieces.len() {
            let Piece::Quant { q, a, b } = pieces[i] else { continue };
            let before = pieces[i - 1].clone();
            let about = match &before {
                Piece::Node(node) => about_of(node),
                Piece::Vars { about, .. } => Some(about.clone()),
                _ => None,
            };
            let Some(about) = about else { continue };
            let node = self.compare(&about, q, a, b);
            pieces[i] = Piece::Node(match self.sex_case(a, b, parts[i].a, parts[i].b) {
                Some((sex, _)) => of_sex(sex, node, CASE),
                None => node,
            });
        }
        // A value whose variable stands behind it: `≥ 18 and ≤ 65 years of age`.
        for i in (0..pieces.len().saturating_sub(1)).rev() {
            let Piece::Quant { q, a, b } = pieces[i] else { continue };
            let Piece::Node(next) = &pieces[i + 1] else { continue };
            let Some(about) = about_of(next) else { continue };
            let unit = unit_of(next);
            let mut node = self.compare(&about, q, a, b);
            if let (Op::Cmp(cmp), Some(unit)) = (&mut node.op, unit)
                && cmp.unit.is_empty()
            {
                cmp.unit = unit;
            }
            pieces[i] = Piece::Node(node);
        }
    }

    /// `ALT and AST ≤ 2.5 or ≤ 5 if Y`: the bound of the case is for all of them.
    fn share_case(&self, pieces: &mut [Piece], i: usize, value: &Node, about: &About) {
        let Op::Cmp(shared) = &value.op else { return };
        for piece in pieces.iter_mut().skip(i + 2) {
            let Piece::Node(Node { op: Op::And(args), rule, .. }) = piece else { continue };
            if rule.0 != "structure.case" {
                continue;
            }
            let of_case = args.iter().position(|n| matches!(&n.op, Op::Cmp(c) if c.var == shared.var));
            let Some(at) = of_case else { continue };
            let Op::Cmp(cmp) = &args[at].op else { continue };
            let cmp = Cmp { var: about.var(), canonical: None, repair: None, ..(**cmp).clone() };
            let node = Node { op: Op::Cmp(Box::new(cmp)), span: args[at].span, rule: args[at].rule };
            args.insert(at, node);
        }
    }

    /// Where the variable of a part ends: before its value.
    fn var_end(&self, parts: &[Part], i: usize) -> usize {
        let Some(part) = parts.get(i) else { return 0 };
        (part.a..part.b)
            .find(|&k| matches!(self.what(k), What::Quant(_)))
            .filter(|&k| k > part.a)
            .unwrap_or(part.b)
    }

    pub fn with_value(&self, value: &Node, about: &About, a: usize, b: usize) -> Option<Node> {
        match &value.op {
            Op::Cmp(cmp) => {
                let cmp = Cmp { var: about.var(), canonical: None, repair: None, ..(**cmp).clone() };
                Some(self.node(Op::Cmp(Box::new(cmp)), a, b, "structure.distribution"))
            }
            _ => None,
        }
    }

    /// `systemic bacterial, viral infections`: the kinds of one thing are one part.
    pub fn merge_kinds(&self, parts: &mut Vec<Part>) {
        let kind = |i: usize| self.word_is(i, KINDS);
        let mut i = 0;
        while i < parts.len() {
            let head = parts[i + 1..].iter().take_while(|p| p.b - p.a == 1 && kind(p.a)).count() + i + 1;
            let leads = (parts[i].a..parts[i].b).all(|k| matches!(self.what(k), What::Word | What::Lex(..)))
                && kind(parts[i].b - 1);
            let ends = leads
                && parts.get(head).is_some_and(|p| {
                    let words = self.read(p.a, p.b).to_ascii_lowercase();
                    let mut words = words.split(' ');
                    words.next().is_some_and(|w| KINDS.contains(&w))
                        && words.next().is_some_and(|w| w.starts_with("infection"))
                });
            if ends {
                parts[i].b = parts[head].b;
                parts.drain(i + 1..=head);
            }
            i += 1;
        }
    }

    /// Whether a kind of infections follows a sign.
    fn goes_on_in_kinds(&self, i: usize) -> bool {
        matches!(self.what(i), What::Comma) && (i + 1..i + 3).any(|k| self.begins_with_kind(k))
    }

    fn begins_with_kind(&self, i: usize) -> bool {
        let words = self.read(i, i + 1).to_ascii_lowercase();
        words.split(' ').next().is_some_and(|word| KINDS.contains(&word))
    }

    /// A part that [`Cx::merge_kinds`] made: the infection, with its kinds.
    pub fn infection_kinds(&mut self, part: &Part, carried: &Mods) -> Option<Node> {
        if !(part.a..part.b).any(|i| is_link(self.what(i))) {
            return None;
        }
        let mut mods = carried.clone();
        let start = self.prefix(part.a, part.b, &mut mods);
        let links = self.places(start, part.b, is_link);
        let first = *links.first()?;
        let kind = (start..first).find(|&i| self.word_is(i, KINDS))?;
        let need = (first..part.b).find(|&i| self.is(i, Class::Need));
        let end = (first..need.unwrap_or(part.b))
            .find(|&i| matches!(self.what(i), What::Open | What::Comma) && !self.goes_on_in_kinds(i));
        let end = end.or(need).unwrap_or(part.b);
        let words = self.read(start, end);
        let head = words.rsplit(' ').next().unwrap_or_default();
        let name = format!("{} {head}", self.read(start, kind));
        let concept = match super::lexicon::exactly(name.trim()) {
            Some(Phrase::Var(v)) if leaf::kind_of(v) == Kind::Condition => v.id,
            _ => return None,
        };
        let mut has = Has::new(Kind::Condition, Concept(concept.into()), self.raw(start, end));
        has.subtypes = self.listed(kind, end);
        if let Some(last) = has.subtypes.last_mut() {
            *last = last.split(' ').next().unwrap_or_default().to_owned();
        }
        mods.onto(&mut has);
        let mut node = self.node(Op::Has(Box::new(has)), start, end, "structure.kinds");
        if end < part.b
            && let Some(members) = self.bracket_members(&node, end, self.close(end, part.b))
        {
            node = members;
        }
        if let Some(need) = need
            && let Piece::Node(need) = self.unit(need, part.b, &Mods::default())
        {
            node = join(vec![node, need], false, "structure.with")?;
        }
        Some(if mods.denies() { super::cx::negate(node) } else { node })
    }
}

/// What infections are told apart by.
const KINDS: &[&str] =
    &["bacterial", "viral", "fungal", "parasitic", "mycobacterial", "protozoal", "mycotic"];

/// The rule of a limit that holds for all of several.
const OF_ALL: &str = "structure.limits";

/// `ALT or AST no greater than 3 x ULN` among the inclusions: neither may be greater, whatever the `or` says.
pub fn below_all_limits(mut node: Node) -> Node {
    let upper = |arg: &Node| match &arg.op {
        Op::Cmp(cmp) if cmp.lo.is_none() && cmp.unit.contains("ULN") => cmp.hi,
        _ => None,
    };
    match &mut node.op {
        Op::Or(args) => {
            let limit = args.first().and_then(upper);
            let same = limit.is_some() && args.iter().all(|arg| upper(arg) == limit);
            if same && args.iter().any(|arg| arg.rule.0 == "structure.distribution") {
                (node.op, node.rule) = (Op::And(std::mem::take(args)), Rule(OF_ALL));
            }
        }
        Op::And(args) => {
            let parts = std::mem::take(args).into_iter().map(below_all_limits);
            for part in parts {
                match part.op {
                    Op::And(limits) if part.rule.0 == OF_ALL => args.extend(limits),
                    _ => args.push(part),
                }
            }
        }
        _ => {}
    }
    node
}

/// The comparison that a piece is or begins with.
fn value_of(piece: &Piece) -> Option<&Node> {
    match piece {
        Piece::Node(node) => match &node.op {
            Op::Cmp(_) => Some(node),
            // `bilirubin, transaminases (AST, ALT) < 2 x ULN`
            Op::And(args) | Op::Or(args) if node.rule.0 == "structure.distribution" => args.first(),
            _ => None,
        },
        _ => None,
    }
}

fn about_of(node: &Node) -> Option<About> {
    let var = match &node.op {
        Op::Cmp(cmp) => &cmp.var,
        Op::And(args) | Op::Or(args) | Op::Ambiguous(args) => return args.iter().rev().find_map(about_of),
        _ => return None,
    };
    Some(match vocabulary::variable::by_id(&var.0) {
        Some(variable) => About::Known(variable),
        None => About::Words(var.0.trim_start_matches("text:").to_owned()),
    })
}

fn unit_of(node: &Node) -> Option<String> {
    match &node.op {
        Op::Cmp(cmp) => Some(cmp.unit.clone()),
        Op::And(args) | Op::Or(args) => args.iter().find_map(unit_of),
        _ => None,
    }
}
