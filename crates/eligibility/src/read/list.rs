//! Coordination: what commas, "and" and "or" join, and what is said once for several.

use super::cx::{Cx, DEEPEST_LIST, join};
use super::elements::What;
use super::leaf::{self, About};
use super::lexicon::{Class, Phrase};
use super::unit::{Mods, Piece};
use crate::tree::{Cmp, Concept, Has, Kind, Node, Op, Reason};

/// What stands between two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Comma,
    And,
    Or,
    AndOr,
}

/// A part's node, and what stands before it.
type Tied = (Option<Node>, Option<(Link, usize)>);

struct Part {
    a: usize,
    b: usize,
    /// What stands before it.
    link: Option<(Link, usize)>,
    /// Whether only a comma stands before it.
    comma: bool,
}

impl Cx<'_> {
    /// Reads a list of parts, or the one part.
    pub fn list(&mut self, a: usize, b: usize) -> Option<Node> {
        let (a, b) = self.trim(a, b);
        if a >= b {
            return None;
        }
        self.lists += 1;
        let node = if self.lists > DEEPEST_LIST {
            Some(self.human(Reason::NotInRecord, a, b, "limit.depth"))
        } else {
            self.one_or_more(a, b)
        };
        self.lists -= 1;
        node
    }

    fn one_or_more(&mut self, a: usize, b: usize) -> Option<Node> {
        if let Some(node) = self.any_sex(a, b) {
            return Some(node);
        }
        if let Some(node) = self.with_list(a, b) {
            return Some(node);
        }
        if let Some(node) = self.counted_list(a, b) {
            return Some(node);
        }
        let mut parts = self.parts_of(a, b);
        if parts.len() == 1 {
            let piece = self.unit(a, b, &Mods::default());
            return self.whole(piece, a, b);
        }
        self.resolve_links(&mut parts);
        self.merge_kinds(&mut parts);
        self.coordinate(&parts, a, b)
    }

    /// `systemic bacterial, viral infections`: the kinds of one thing are one part.
    fn merge_kinds(&self, parts: &mut Vec<Part>) {
        let kind = |i: usize| self.word_is(i, KINDS);
        let mut i = 0;
        while i < parts.len() {
            let head = parts[i + 1..].iter().take_while(|p| p.b - p.a == 1 && kind(p.a)).count() + i + 1;
            let leads = (parts[i].a..parts[i].b).all(|k| matches!(self.what(k), What::Word | What::Lex(..)))
                && kind(parts[i].b - 1);
            let ends = parts.get(head).is_some_and(|p| {
                let words = self.read(p.a, p.b).to_ascii_lowercase();
                let mut words = words.split(' ');
                words.next().is_some_and(|w| KINDS.contains(&w))
                    && words.next().is_some_and(|w| w.starts_with("infection"))
            });
            if leads && ends {
                parts[i].b = parts[head].b;
                parts.drain(i + 1..=head);
            }
            i += 1;
        }
    }

    /// A part that [`Cx::merge_kinds`] made: the infection, with its kinds.
    fn infection_kinds(&mut self, part: &Part, carried: &Mods) -> Option<Node> {
        let mut mods = carried.clone();
        let start = self.prefix(part.a, part.b, &mut mods);
        let links = self.places(start, part.b, is_link);
        let first = *links.first()?;
        let kind = (start..first).find(|&i| self.word_is(i, KINDS))?;
        let end = (first..part.b).find(|&i| matches!(self.what(i), What::Open)).unwrap_or(part.b);
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
        Some(if mods.denies() { super::cx::negate(node) } else { node })
    }

    /// `male or female > 18 and < 60 years`: any sex, and the rest.
    fn any_sex(&mut self, a: usize, b: usize) -> Option<Node> {
        let at = (a..b).find(|&i| !self.is_empty(i, i + 1)).filter(|&i| self.is(i, Class::TrueSex))?;
        if !self.says_something(at + 1, b) {
            return None;
        }
        let op = Op::True { var: Some(crate::tree::Var("sex".into())), text: self.raw(at, at + 1) };
        let node = self.node(op, at, at + 1, "scope.unrestricted");
        let rest = self.clause(at + 1, b);
        join(std::iter::once(node).chain(rest).collect(), false, "structure.and")
    }

    /// `X with A or B`: both X and the list.
    fn with_list(&mut self, a: usize, b: usize) -> Option<Node> {
        let with = self.find(a, b, |w| matches!(w, What::Lex(Class::With, _)))?;
        let first = self.find(a, b, is_link);
        if first.is_none_or(|at| at < with) || !self.says_something(a, with) {
            return None;
        }
        let commas = self.find(a, b, |w| matches!(w, What::Comma)).is_some();
        let values = (with..b).any(|i| matches!(self.what(i), What::Quant(_)));
        if commas && !values || !self.says_something(with + 1, b) {
            return None;
        }
        let head = self.list(a, with)?;
        let rest = self.list(with + 1, b)?;
        join(vec![head, rest], false, "structure.with")
    }

    /// `at least one abnormal finding among A, B or C`, `any 2 of the 5 items of A, B and C`.
    fn counted_list(&mut self, a: usize, b: usize) -> Option<Node> {
        let count = (a..b.min(a + 8))
            .find(|&i| matches!(self.what(i), What::Quant(q) if self.count_of(q as usize).is_some()))?;
        let What::Quant(q) = self.what(count) else { return None };
        let k = self.count_of(q as usize)?;
        let among = (count + 1..b.min(count + 7))
            .find(|&i| self.is(i, Class::OrMoreOf) || self.word_is(i, &["among", "of", "in", "from"]))?;
        if !self.is_empty_for_count(a, count) {
            return None;
        }
        // `of the 5 items of A, B`
        let mut from = among + 1;
        let mut of = None;
        while from < b
            && (self.is_empty(from, from + 1)
                || matches!(self.what(from), What::Quant(_))
                || self.word_is(
                    from,
                    &[
                        "item",
                        "criterion",
                        "factor",
                        "examination",
                        "test",
                        "finding",
                        "above",
                        "sign",
                        "symptom",
                        "domain",
                        "parameter",
                        "feature",
                        "below",
                    ],
                ))
        {
            if let What::Quant(inner) = self.what(from) {
                of = self.e.quants[inner as usize].value();
            }
            from += 1;
        }
        let back = (among..from).any(|i| self.word_is(i, &["above", "item", "examination"]));
        if from >= b || !self.says_something(from, b) {
            if !back || self.last_list.len() < 2 {
                return None;
            }
            let members = self.last_list.clone();
            if of.is_some_and(|of| of != rust_decimal::Decimal::from(members.len())) {
                return None;
            }
            let mut start = among + 1;
            if self.word_is(start.saturating_sub(0), &["in"]) {
                start += 1;
            }
            self.flag("back_reference", start, from.max(start + 1), "the list printed before");
            let mut node = self.at_least(k, members, "structure.back_reference")?;
            node.span = self.span(a, b);
            self.count_flags(q as usize);
            return Some(node);
        }
        let parts = self.parts_of(from, b);
        if parts.len() < 2 {
            return None;
        }
        let nodes: Vec<Node> = parts
            .iter()
            .filter_map(|part| {
                let piece = self.unit(part.a, part.b, &Mods::default());
                self.whole(piece, part.a, part.b)
            })
            .collect();
        self.count_flags(q as usize);
        if nodes.len() < 2 {
            return join(nodes, false, "structure.at_least");
        }
        self.at_least(k, nodes, "structure.at_least")
    }

    fn is_empty_for_count(&self, a: usize, count: usize) -> bool {
        (a..count).all(|i| self.is_empty(i, i + 1) || matches!(self.what(i), What::Word | What::Lex(..)))
    }

    fn count_flags(&mut self, q: usize) {
        let e = self.e;
        let quant = &e.quants[q];
        if quant.word {
            let bytes = self.token_bytes((quant.number, quant.number + 1));
            self.flag_bytes("number_word", bytes, "a number written as a word", None);
        }
    }

    /// Cuts at commas, "and", "or" outside brackets.
    fn parts_of(&self, a: usize, b: usize) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let mut start = a;
        let mut link = None;
        let mut i = a;
        while i < b {
            if matches!(self.what(i), What::Open) {
                i = self.close(i, b);
                continue;
            }
            // `stage III or IV`: members of a scale are no parts.
            if let What::Var(v) = self.what(i)
                && (v.kind == vocabulary::variable::Kind::Ordinal || v.id == "tnm_stage")
                && let Some((_, end, _)) = self.scale_members(v, self.behind_scale(i, b), b)
            {
                i = end.max(i + 1);
                continue;
            }
            let Some((kind, end)) = self.link_at(i, b) else {
                i += 1;
                continue;
            };
            if i > start {
                parts.push(Part { a: start, b: i, link, comma: matches!(link, Some((Link::Comma, _))) });
            }
            if end >= b {
                return parts;
            }
            link = Some((kind, i));
            start = end;
            i = end;
        }
        if start < b {
            parts.push(Part { a: start, b, link, comma: matches!(link, Some((Link::Comma, _))) });
        }
        parts
    }

    /// A link at an element, and the element behind it: `,`, `, and`, `and (or)`.
    fn link_at(&self, i: usize, b: usize) -> Option<(Link, usize)> {
        let mut at = i;
        let mut kind = None;
        while at < b {
            let next = match self.what(at) {
                What::Comma => Link::Comma,
                What::Lex(Class::And, _) => Link::And,
                What::Lex(Class::Or, _) => Link::Or,
                What::Lex(Class::AndOr, _) => Link::AndOr,
                What::Slash if kind.is_none() && self.parts_of_slash(at) => Link::Or,
                What::Slash if kind == Some(Link::And) && self.is(at + 1, Class::Or) => Link::AndOr,
                What::Open
                    if kind == Some(Link::And)
                        && self.is(at + 1, Class::Or)
                        && matches!(self.what(at + 2), What::Close) =>
                {
                    at += 2;
                    Link::AndOr
                }
                _ => break,
            };
            kind = Some(match (kind, next) {
                (None | Some(Link::Comma), next) => next,
                (Some(Link::And), Link::Or | Link::AndOr) | (Some(Link::Or), Link::And) => Link::AndOr,
                (Some(kind), _) => kind,
            });
            at += 1;
        }
        kind.map(|kind| (kind, at))
    }

    /// Whether a slash stands between two things that are known: `ALT/AST`.
    fn parts_of_slash(&self, i: usize) -> bool {
        let known = |what: What| matches!(what, What::Var(_) | What::Mesh(_));
        i > 0 && known(self.what(i - 1)) && known(self.what(i + 1))
    }

    /// A comma is the link that follows it in the list.
    fn resolve_links(&self, parts: &mut [Part]) {
        let mut next = None;
        for part in parts.iter_mut().rev() {
            match &mut part.link {
                Some((kind @ Link::Comma, _)) => {
                    if let Some(link) = next {
                        *kind = link;
                    }
                }
                Some((kind, _)) => next = Some(*kind),
                None => {}
            }
        }
    }

    fn coordinate(&mut self, parts: &[Part], a: usize, b: usize) -> Option<Node> {
        let mut pieces: Vec<Piece> = Vec::with_capacity(parts.len());
        let mut carried = Mods::default();
        for (i, part) in parts.iter().enumerate() {
            let piece =
                match self.infection_kinds(part, &carried).or_else(|| self.ellipsis(parts, i, &carried)) {
                    Some(node) => Piece::Node(node),
                    None => self.part(part, &carried),
                };
            carried = self.carried.take().unwrap_or_default();
            // `current angina or heart failure`; but of `active cancer, depression` only the first is active.
            if parts.get(i + 1).is_some_and(|next| next.comma) {
                carried.not_current();
            }
            pieces.push(piece);
        }
        self.share(&mut pieces, parts);
        let mut nodes: Vec<Tied> = pieces
            .into_iter()
            .zip(parts)
            .map(|(piece, part)| (self.whole(piece, part.a, part.b), part.link))
            .collect();
        self.share_site(&mut nodes, parts);
        self.tie(nodes, a, b)
    }

    /// `drug or alcohol abuse`, `type 2 or type 1`: words whose head stands in the next or the last part.
    fn ellipsis(&mut self, parts: &[Part], i: usize, carried: &Mods) -> Option<Node> {
        let part = &parts[i];
        let mut mods = carried.clone();
        let start = self.prefix(part.a, part.b, &mut mods);
        let (x, y) = self.trim(start, part.b);
        if x >= y || y - x > 2 || !(x..y).all(|k| self.is_headless(k)) {
            return None;
        }
        let words = self.read(x, y);
        let phrase = self.head_behind(parts, i, words).or_else(|| self.head_before(parts, i, words))?;
        let mut has = match phrase {
            Phrase::Var(v) if !leaf::is_numeric(v) => {
                Has::new(leaf::kind_of(v), Concept(v.id.into()), self.raw(x, y))
            }
            Phrase::Mesh(id) => {
                Has::new(leaf::kind_of_mesh(id)?, Concept(format!("mesh:{id}").into()), self.raw(x, y))
            }
            _ => return None,
        };
        self.carried = Some(mods.carried());
        mods.onto(&mut has);
        self.flag("ellipsis", x, y, "the head noun is supplied");
        let node = self.node(Op::Has(Box::new(has)), x, y, "structure.ellipsis");
        Some(if mods.denies() { super::cx::negate(node) } else { node })
    }

    /// Words that may lack their head: of no table, a number, `drug`.
    fn is_headless(&self, i: usize) -> bool {
        match self.what(i) {
            What::Word | What::Lex(Class::HumanOpen | Class::Site | Class::Guideline, _) => true,
            What::Mesh(id) => !matches!(leaf::kind_of_mesh(id), Some(Kind::Condition)),
            What::Quant(q) => self.e.quants[q as usize].bare,
            _ => false,
        }
    }

    fn head_behind(&self, parts: &[Part], i: usize, words: &str) -> Option<Phrase> {
        let last = parts[i + 1..]
            .iter()
            .find(|p| (p.a..p.b).any(|k| matches!(self.what(k), What::Var(_) | What::Mesh(_))))?;
        let at = (last.a..last.b).rev().find(|&k| matches!(self.what(k), What::Var(_) | What::Mesh(_)))?;
        let name = self.read(at, at + 1);
        let mut cut = name.len();
        for _ in 0..2 {
            cut = name[..cut].rfind(' ')?;
            let found = super::lexicon::exactly(&format!("{words}{}", &name[cut..]));
            if let Some(Phrase::Var(_) | Phrase::Mesh(_)) = found {
                return found;
            }
        }
        None
    }

    fn head_before(&self, parts: &[Part], i: usize, words: &str) -> Option<Phrase> {
        let before = parts.get(i.checked_sub(1)?)?;
        let at =
            (before.a..before.b).rev().find(|&k| matches!(self.what(k), What::Var(_) | What::Mesh(_)))?;
        let name = self.read(at, at + 1);
        let count = words.split(' ').count();
        let kept: Vec<&str> = name.split(' ').collect();
        let kept = kept.get(..kept.len().checked_sub(count).filter(|n| *n > 0)?)?;
        let same = name.split(' ').nth(kept.len()).zip(words.split(' ').next());
        if !same.is_some_and(|(a, b)| a.eq_ignore_ascii_case(b)) {
            return None;
        }
        super::lexicon::exactly(&format!("{} {words}", kept.join(" ")))
            .filter(|p| matches!(p, Phrase::Var(_) | Phrase::Mesh(_)))
    }

    /// `foot ulcers, infections`: any infection, or one of the foot.
    fn share_site(&mut self, nodes: &mut [Tied], parts: &[Part]) {
        let Some(Some(first)) = nodes.first().map(|n| n.0.as_ref()) else { return };
        let Op::Has(head) = &first.op else { return };
        let word = head.text.split(' ').next().unwrap_or_default();
        let Some(Phrase::Lex(Class::Site, site)) = super::lexicon::exactly(word) else { return };
        for (i, (node, _)) in nodes.iter_mut().enumerate().skip(1) {
            let Some(Node { op: Op::Has(has), span, .. }) = node else { continue };
            if &*has.concept.0 != "infection" || has.site.is_some() || has.text.contains(' ') {
                continue;
            }
            let (any, span) = ((**has).clone(), *span);
            let there = Has { site: Some(site.to_owned()), ..any.clone() };
            self.flag("ambiguous_scope", parts[i].a, parts[i].b, "there, or anywhere");
            self.leave(parts[i].a, parts[i].b, "there, or anywhere: undecided where the two readings differ");
            let rule = crate::tree::Rule("scope.site");
            let both = [any, there].map(|has| Node { op: Op::Has(Box::new(has)), span, rule });
            *node = Some(Node { op: Op::Ambiguous(both.into()), span, rule });
        }
    }

    fn part(&mut self, part: &Part, carried: &Mods) -> Piece {
        if self.is_own_clause(part.a, part.b)
            && let Some(node) = self.for_a_person(part.a, part.b)
        {
            return Piece::Node(node);
        }
        self.unit(part.a, part.b, carried)
    }

    /// Whether words for a person stand in a part of a list.
    fn is_own_clause(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| {
            matches!(
                self.class(i),
                Some(
                    Class::HumanConsent
                        | Class::HumanSubjective
                        | Class::HumanInvestigator
                        | Class::HumanClinical
                        | Class::HumanOpen
                        | Class::HumanRecord
                        | Class::Ability
                        | Class::Significance
                )
            ) || matches!(self.what(i), What::Var(v) if v.id == "informed_consent")
        })
    }

    /// Gives a value printed once to all the variables before or behind it.
    fn share(&mut self, pieces: &mut [Piece], parts: &[Part]) {
        for i in (0..pieces.len()).rev() {
            let Piece::Vars { about, a, b } = &pieces[i] else { continue };
            let (about, a, b) = (about.clone(), *a, *b);
            if let Some(value) = pieces.get(i + 1).and_then(value_of) {
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
            pieces[i] = Piece::Node(self.compare(&about, q, a, b));
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

    /// Where the variable of a part ends: before its value.
    fn var_end(&self, parts: &[Part], i: usize) -> usize {
        let Some(part) = parts.get(i) else { return 0 };
        (part.a..part.b)
            .find(|&k| matches!(self.what(k), What::Quant(_)))
            .filter(|&k| k > part.a)
            .unwrap_or(part.b)
    }

    fn with_value(&self, value: &Node, about: &About, a: usize, b: usize) -> Option<Node> {
        match &value.op {
            Op::Cmp(cmp) => {
                let cmp = Cmp { var: about.var(), canonical: None, repair: None, ..(**cmp).clone() };
                Some(self.node(Op::Cmp(Box::new(cmp)), a, b, "structure.distribution"))
            }
            _ => None,
        }
    }

    /// A piece as a node by itself.
    pub fn whole(&mut self, piece: Piece, a: usize, b: usize) -> Option<Node> {
        match piece {
            Piece::Node(node) => Some(node),
            Piece::Vars { about, a, b } => Some(self.variable_alone(&about, a, b)),
            Piece::Quant { .. } => Some(self.words_alone(a, b)),
            Piece::Fragment { a, b } => Some(self.words_alone(a, b)),
            Piece::None => None,
        }
    }

    /// Joins the parts: "and" binds closer than "or".
    fn tie(&mut self, nodes: Vec<Tied>, a: usize, b: usize) -> Option<Node> {
        let nodes: Vec<(Node, Option<(Link, usize)>)> =
            nodes.into_iter().filter_map(|(node, link)| Some((node?, link))).collect();
        let exclusion = self.or_by_default();
        let only_commas = nodes.iter().skip(1).all(|(_, link)| matches!(link, Some((Link::Comma, _)) | None));
        if only_commas && nodes.len() > 2 && exclusion {
            self.flag("comma_list", a, b, "commas alone, read as or");
        }
        let mut groups: Vec<Vec<Node>> = Vec::new();
        for (node, link) in nodes {
            let last = groups.last_mut().and_then(|group| group.pop());
            let Some(last) = last else {
                groups.push(vec![node]);
                continue;
            };
            let facts = is_fact(&last) && is_fact(&node);
            let or = match link {
                None | Some((Link::Or, _)) => true,
                Some((Link::AndOr, at)) => {
                    let end = self.link_at(at, b).map_or(at + 1, |l| l.1);
                    self.flag("and_or", at, end, "read as or");
                    true
                }
                Some((Link::And, at)) if exclusion && facts => {
                    if self.is(at, Class::And) || self.is(at + 1, Class::And) {
                        self.flag("and_means_or", at, b, "and between members of a list of exclusions");
                    }
                    // Closer than the `and` that joins something else behind it.
                    let either = join(vec![last, node], true, "structure.or");
                    match groups.last_mut() {
                        Some(group) => group.extend(either),
                        None => groups.push(either.into_iter().collect()),
                    }
                    continue;
                }
                Some((Link::And, _)) => false,
                Some((Link::Comma, _)) => exclusion,
            };
            if let Some(group) = groups.last_mut() {
                group.push(last);
            }
            match groups.last_mut() {
                Some(group) if !or => group.push(node),
                _ => groups.push(vec![node]),
            }
        }
        let ors: Vec<Node> = groups
            .into_iter()
            .filter_map(|group| join(merge_bounds(group), false, "structure.and"))
            .collect();
        join(ors, true, "structure.or")
    }
}

/// What infections are told apart by.
const KINDS: &[&str] =
    &["bacterial", "viral", "fungal", "parasitic", "mycobacterial", "protozoal", "mycotic"];

/// Whether a node is a fact or value as lists of exclusions have them.
fn is_fact(node: &Node) -> bool {
    match &node.op {
        Op::Has(_) | Op::Coded(_) | Op::Human { .. } | Op::Cmp(_) | Op::Abnormal { .. } => true,
        Op::Or(args) | Op::Ambiguous(args) => args.iter().all(is_fact),
        Op::And(args) => args.iter().all(is_fact),
        _ => false,
    }
}

fn is_link(what: What) -> bool {
    matches!(what, What::Comma | What::Lex(Class::And | Class::Or | Class::AndOr, _))
}

/// The comparison that a piece is or begins with.
fn value_of(piece: &Piece) -> Option<Node> {
    match piece {
        Piece::Node(node) => match &node.op {
            Op::Cmp(_) => Some(node.clone()),
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

/// `≥ 18` and `≤ 65` of one variable are one interval.
fn merge_bounds(nodes: Vec<Node>) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes {
        if let (Some(Op::Cmp(last)), Op::Cmp(cmp)) = (out.last_mut().map(|n| &mut n.op), &node.op)
            && last.var == cmp.var
            && (last.unit == cmp.unit || last.unit.is_empty() || cmp.unit.is_empty())
            && last.repair.is_none()
            && cmp.repair.is_none()
            && (last.lo.is_none() && cmp.lo.is_some() && last.hi.is_some() && cmp.hi.is_none()
                || last.hi.is_none() && cmp.hi.is_some() && last.lo.is_some() && cmp.lo.is_none())
        {
            last.lo = last.lo.or(cmp.lo);
            last.hi = last.hi.or(cmp.hi);
            last.canonical = None;
            if last.unit.is_empty() {
                last.unit.clone_from(&cmp.unit);
            }
            if let Some(merged) = out.last_mut() {
                merged.span = merged.span.join(node.span);
            }
            continue;
        }
        out.push(node);
    }
    out
}

/// Whether nothing but the rest of a name stands in `a..b`: a word or two.
pub fn ends_name(cx: &Cx<'_>, a: usize, b: usize) -> bool {
    b - a <= 2
        && (a..b).all(|i| matches!(cx.what(i), What::Word | What::Mesh(_) | What::Lex(Class::HumanOpen, _)))
}
