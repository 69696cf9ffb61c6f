//! Coordination: what commas, "and" and "or" join, and what is said once for several.

use super::apart::classes_apart;
use super::around::only_values;
use super::cx::{Cx, DEEPEST_LIST, join};
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use super::measured::{in_time, share_measured};
use super::mods::Mods;
use super::unit::Piece;
use crate::tree::{Node, Op, Unread};

/// What stands between two parts.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Comma,
    And,
    Or,
    AndOr,
}

/// A part's node, and what stands before it.
pub type Tied = (Option<Node>, Option<(Link, usize)>);

/// A part of a list.
pub struct Part {
    /// Its first element.
    pub a: usize,
    /// The element behind it.
    pub b: usize,
    /// What stands before it.
    pub link: Option<(Link, usize)>,
    /// Whether only a comma stands before it.
    pub comma: bool,
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
            Some(self.human(crate::tree::Reason::NotInRecord, a, b, "limit.depth"))
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
        self.merge_tests(&mut parts);
        self.merge_needs(&mut parts);
        self.merge_allergies(&mut parts);
        if parts.len() == 1 {
            let piece = self.unit(a, b, &Mods::default());
            return self.whole(piece, a, b);
        }
        self.resolve_links(&mut parts);
        self.merge_kinds(&mut parts);
        self.merge_adjectives(&mut parts);
        self.coordinate(&parts, a, b)
    }

    /// `male or female > 18 and < 60 years`: any sex, and the rest.
    fn any_sex(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::TrueSex])) {
            return None;
        }
        let at = (a..b).find(|&i| !self.is_empty(i, i + 1)).filter(|&i| self.is(i, Class::TrueSex))?;
        if !self.says_something(at + 1, b) {
            return None;
        }
        let op = Op::True { var: Some(crate::tree::Var("sex".into())), text: self.raw(at, at + 1) };
        let node = self.node(op, at, at + 1, "scope.unrestricted");
        let pregnant = self.not_pregnant(at);
        let rest = self.clause(at + 1, b);
        join(std::iter::once(node).chain(pregnant).chain(rest).collect(), false, "structure.and")
    }

    /// `men and non-pregnant women`: what is asked of the women.
    fn not_pregnant(&self, at: usize) -> Option<Node> {
        let words = self.read(at, at + 1).to_ascii_lowercase();
        let from = words.find("pregnan")?;
        let text = self.raw(at, at + 1);
        let text = text.get(from..)?.split(|c: char| !c.is_alphabetic()).next()?.to_owned();
        let variable = vocabulary::variable::by_id("pregnancy")?;
        let has = crate::tree::Has::new(
            super::leaf::kind_of(variable),
            crate::tree::Concept(variable.id.into()),
            text,
        );
        Some(super::cx::negate(self.node(Op::Has(Box::new(has)), at, at + 1, "fact.name")))
    }

    /// `X with A or B`: both X and the list.
    fn with_list(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::With])) {
            return None;
        }
        let with = self.find(a, b, |w| matches!(w, What::Lex(Class::With, _)))?;
        let first = self.find(a, b, is_link);
        // `adults, aged 18 or older, with asthma or COPD`: what stands in front says only who.
        let comma = with.checked_sub(1).filter(|&at| at > a && matches!(self.what(at), What::Comma));
        if let Some(comma) = comma.filter(|&comma| self.ors_behind(with, b) && self.says_only_who(a, comma)) {
            let head = self.list(a, comma)?;
            let rest = self.list(with + 1, b)?;
            return join(vec![head, rest], false, "structure.with");
        }
        // `pregnant, with diabetes or with hypertension`: with either of them.
        if let Some(comma) = first.filter(|&at| at + 1 == with && matches!(self.what(at), What::Comma)) {
            return self.with_behind(a, comma, b);
        }
        if first.is_none_or(|at| at < with) || !self.says_something(a, with) {
            return None;
        }
        let commas = self.find(a, b, |w| matches!(w, What::Comma)).is_some();
        let values = (with..b).any(|i| matches!(self.what(i), What::Quant(_)));
        if commas && !values || !self.says_something(with + 1, b) {
            return None;
        }
        let head = self.list(a, with)?;
        let mut rest = self.list(with + 1, b)?;
        super::courses::given_with(&head, &mut rest);
        match head.op {
            Op::Not(arg) if self.denies_all(a, with) => {
                join(vec![*arg, rest], false, "structure.with").map(super::cx::negate)
            }
            op => join(vec![Node { op, ..head }, rest], false, "structure.with"),
        }
    }

    /// `no asthma with A or B`: whether what begins with a denial is denied with all that belongs to it; not
    /// `patients without asthma, with A or B`.
    fn denies_all(&self, a: usize, with: usize) -> bool {
        let first = (a..with).find(|&i| !self.is_empty(i, i + 1));
        first.is_some_and(|i| {
            self.is(i, Class::Neg)
                && !self.word_is(i, &["non", "without", "free of", "free from", "absence of"])
        })
    }

    /// Whether one of several is asked for behind an element.
    fn ors_behind(&self, at: usize, b: usize) -> bool {
        self.find(at + 1, b, |w| matches!(w, What::Lex(Class::Or, _))).is_some()
    }

    /// Whether elements tell of nothing but age and sex.
    fn says_only_who(&self, a: usize, b: usize) -> bool {
        let of_people = |i: usize| match self.what(i) {
            What::Var(v) => matches!(v.id, "age" | "sex"),
            What::Quant(q) => self.e.quants[q as usize].is_time(),
            What::Named(_) | What::Word => self.is_neutral(i),
            _ => true,
        };
        self.says_something(a, b) && (a..b).all(of_people)
    }

    /// `X, with A or with B`: X, and one of the list; the comma is the only one.
    fn with_behind(&mut self, a: usize, comma: usize, b: usize) -> Option<Node> {
        let more = self.find(comma + 1, b, |w| matches!(w, What::Comma)).is_some();
        let or = self.find(comma + 1, b, |w| matches!(w, What::Lex(Class::Or, _)));
        let again = or.is_some_and(|or| !self.is(or + 1, Class::With) && self.or_by_default());
        if more || or.is_none() || again || !self.says_something(a, comma) {
            return None;
        }
        let head = self.list(a, comma)?;
        let rest = self.list(comma + 1, b)?;
        join(vec![head, rest], false, "structure.with")
    }

    /// Cuts at commas, "and", "or" outside brackets.
    pub fn parts_of(&self, a: usize, b: usize) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::with_capacity(4);
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
                let end = self.suffix_of_scale(end).map_or(end, |(_, end)| end);
                i = end.max(i + 1);
                continue;
            }
            // `asthma with or without diabetes`: two parts.
            if i > start
                && self.is_free(i, i + 1)
                && self.says_something(start, i)
                && !self.has_value(start, i)
            {
                parts.push(Part { a: start, b: i, link, comma: matches!(link, Some((Link::Comma, _))) });
                link = Some((Link::And, i));
                start = i;
            }
            let Some((kind, end)) = self.link_at(i, b).filter(|_| !self.joins_one_name(i, start)) else {
                i += 1;
                continue;
            };
            // `infection, requiring treatment`: said of what stands before.
            if kind == Link::Comma && i > start && self.qualifies(end) {
                i = end;
                continue;
            }
            // `with or without X or Y`
            if self.is_free(start, i) && self.goes_on_free(kind, i, end, b) {
                i = end;
                continue;
            }
            // `recovered from surgery, chemotherapy or radiotherapy`: from all of them.
            if self.recovers(start, i) && !self.has_value(end, b) {
                i = end;
                continue;
            }
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

    /// `head and neck`: two words for one place, or for one way to show something.
    fn joins_one_name(&self, i: usize, a: usize) -> bool {
        let place = self.is(i, Class::And)
            && self.word_is(i.wrapping_sub(1), &["head"])
            && self.word_is(i + 1, &["neck"]);
        // `clinical, laboratory or radiologic evidence of`
        let way = (a..i).rev().find(|&k| !is_link(self.what(k))).filter(|&k| self.is_way_to_show(k));
        let shown = is_link(self.what(i)) && way.is_some_and(|way| self.evidence_end(way).is_some());
        i > a && place || shown
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
                What::Lex(Class::With, _) if kind.is_none() && self.is_behind_choice(at) => Link::And,
                What::Slash if kind.is_none() && self.values_of_slash(at) && !self.or_by_default() => {
                    Link::And
                }
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
        let known = |what: What| matches!(what, What::Var(_) | What::Named(_));
        self.before_slash(i).is_some_and(|k| known(self.what(k))) && known(self.what(i + 1))
    }

    /// The element before a slash, or before a bracket in front of it: `AST (SGOT)/ALT`.
    fn before_slash(&self, i: usize) -> Option<usize> {
        let before = i.checked_sub(1)?;
        if !matches!(self.what(before), What::Close) {
            return Some(before);
        }
        let open = (0..before).rev().find(|&k| matches!(self.what(k), What::Open))?;
        open.checked_sub(1)
    }

    /// `AST/ALT ≤ 3 x ULN`: both values must be so, and either of them excludes.
    fn values_of_slash(&self, i: usize) -> bool {
        let value = |what: What| matches!(what, What::Var(v) if super::leaf::is_numeric(v));
        self.before_slash(i).is_some_and(|k| value(self.what(k))) && value(self.what(i + 1))
    }

    /// A comma is the link that follows it in the list.
    fn resolve_links(&self, parts: &mut [Part]) {
        let mut next = None;
        for part in parts.iter_mut().rev() {
            // `asthma, women of an age to conceive and not using contraception`: no end of the list.
            let apart =
                self.or_by_default() && self.is(part.a, Class::Neg) || self.is_free(part.a, part.a + 1);
            match &mut part.link {
                Some((Link::And, _)) if apart => {}
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
        let mut result = None;
        let mut denied = vec![false; parts.len()];
        let mut concomitant = false;
        let behind = self.results_behind(parts);
        for (i, part) in parts.iter().enumerate() {
            if self.is_time_of_something(part.a, part.b) {
                self.leave_unread(part.a, part.b, Unread::Condition, "a time that is none of the study's");
                pieces.push(Piece::Nothing);
                continue;
            }
            let own = (part.a..part.b).any(|k| self.is(k, Class::Neg)) || self.is_of_person(part.a, part.b);
            denied[i] = carried.neg && !own;
            result = self.result_of(part, result);
            if self.takes_result(part) {
                carried.value = result;
            }
            carried.value = carried.value.or(behind[i]);
            let piece = match self.of_its_noun(parts, i, &carried) {
                Some(node) => Piece::Node(node),
                None => self.part(part, &carried),
            };
            carried = self.carried.take().unwrap_or_default();
            // `non-lactating women, and ...`: `non-` denies one word.
            let denials = |i: &usize| self.is(*i, Class::Neg);
            let of_a_word = |i: usize| self.word_is(i, &["non"]);
            let directly =
                parts.get(i + 1).is_some_and(|next| !next.comma && matches!(next.link, Some((Link::Or, _))));
            if carried.neg && !directly && (part.a..part.b).filter(denials).all(of_a_word) && !denied[i] {
                carried.neg = false;
            }
            // `aged 18 to 65 without asthma, or with psoriasis`: what is denied behind a value goes on behind `or` alone.
            let ends = parts.get(i + 1).is_some_and(|next| {
                let comma = next.link.is_some_and(|(_, at)| matches!(self.what(at), What::Comma));
                comma || !matches!(next.link, Some((Link::Or, _))) || self.has_value(next.a, next.b)
            });
            if carried.neg && ends && self.denies_behind_value(part) {
                carried.neg = false;
            }
            // `current angina or heart failure`; but of `active cancer, depression` only the first is active.
            concomitant |= self.is_concomitant(part);
            let timed = || parts[i + 1..].iter().any(|part| self.ends_in_time(part.a, part.b));
            let lists = |next: &Part| {
                next.comma && !(concomitant && self.first_is_treatment(next.a, next.b) && !timed())
            };
            if parts.get(i + 1).is_some_and(lists) {
                carried.not_current();
            }
            pieces.push(piece);
        }
        self.values_of_words(&mut pieces, parts);
        self.share(&mut pieces, parts);
        let mut nodes: Vec<Tied> = pieces
            .into_iter()
            .zip(parts)
            .zip(denied)
            .map(|((piece, part), denied)| {
                // `no asthma or COPD`: neither.
                let link = match part.link {
                    Some((Link::Or | Link::AndOr, at)) if denied => Some((Link::And, at)),
                    link => link,
                };
                (self.whole(piece, part.a, part.b), link)
            })
            .collect();
        self.share_site(&mut nodes, parts);
        self.share_time(&mut nodes, parts);
        self.share_course(&mut nodes, parts);
        self.share_course_ahead(&mut nodes, parts);
        self.share_adjectives(&mut nodes, parts);
        self.share_tails(&mut nodes);
        share_measured(&mut nodes);
        self.groups_apart(&mut nodes, parts);
        self.neither_or_either(&mut nodes, parts);
        self.either(&mut nodes, parts);
        let mut node = self.tie(nodes, a, b)?;
        if let Some(when) = self.time_of_all(parts) {
            in_time(&mut node, &when);
        }
        Some(node)
    }

    /// A part whose noun stands in another one, or that is several kinds of one thing.
    fn of_its_noun(&mut self, parts: &[Part], i: usize, carried: &Mods) -> Option<Node> {
        self.infection_kinds(&parts[i], carried)
            .or_else(|| self.adjective_alone(parts, i, carried))
            .or_else(|| self.of_what(parts, i, carried))
            .or_else(|| self.ellipsis(parts, i, carried))
    }

    /// Whether a part denies something behind a value: `aged 18 to 65 without asthma`.
    fn denies_behind_value(&self, part: &Part) -> bool {
        let value = (part.a..part.b).find(|&i| matches!(self.what(i), What::Quant(_)));
        value.is_some_and(|at| (at..part.b).any(|i| self.is(i, Class::Neg)))
            && !value.is_some_and(|at| (part.a..at).any(|i| self.is(i, Class::Neg)))
    }

    fn part(&mut self, part: &Part, carried: &Mods) -> Piece {
        if let Some(node) = self.undecided(part.a, part.b) {
            return Piece::Node(node);
        }
        if self.is_own_clause(part.a, part.b)
            && let Some(node) = self.for_a_person(part.a, part.b)
        {
            // `no serious medical or psychiatric illness`: neither.
            let denies = self.is(part.a, Class::Neg) && matches!(node.op, Op::Human { .. });
            self.carried =
                (denies && !self.asks_of_will(part)).then(|| Mods { neg: true, ..Mods::default() });
            return Piece::Node(node);
        }
        self.unit(part.a, part.b, carried)
    }

    /// Whether a part speaks of what somebody is able or willing to do.
    fn asks_of_will(&self, part: &Part) -> bool {
        (part.a..part.b).any(|i| {
            matches!(self.class(i), Some(Class::HumanConsent | Class::HumanSubjective | Class::Ability))
                || matches!(self.what(i), What::Var(v) if v.id == "informed_consent")
        })
    }

    /// Whether words for a person stand in a part of a list.
    fn is_own_clause(&self, a: usize, b: usize) -> bool {
        self.has(super::people::FOR_A_PERSON)
            && (a..b).any(|i| {
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

    /// A piece as a node by itself.
    pub fn whole(&mut self, piece: Piece, a: usize, b: usize) -> Option<Node> {
        match piece {
            Piece::Node(node) => Some(node),
            Piece::Vars { a, b, .. } => Some(self.variable_alone(a, b)),
            Piece::Quant { .. } => Some(self.words_alone(a, b)),
            Piece::Fragment { a, b } => Some(self.words_alone(a, b)),
            Piece::None => self.rest(a, b),
            Piece::Nothing => None,
        }
    }

    /// A part of which nothing was read: for a person, if it says anything (`a wish to have a child`).
    fn rest(&mut self, a: usize, b: usize) -> Option<Node> {
        let says = (a..b).any(|i| {
            matches!(
                self.class(i),
                Some(
                    Class::Future
                        | Class::Treat
                        | Class::Need
                        | Class::Abnormal
                        | Class::ChangeDown
                        | Class::ChangeUp
                        | Class::Family
                        | Class::Positive
                        | Class::Negative
                )
            )
        });
        says.then(|| self.human(crate::tree::Reason::NotInRecord, a, b, "rest.part"))
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
        let mut groups: Vec<Vec<Node>> = Vec::with_capacity(nodes.len());
        let mut of_all = Vec::new();
        let mut in_case = false;
        for (node, link) in nodes {
            // `men or postmenopausal women, aged 18 to 65`; `asthma or COPD, stable and treated`: said of each.
            let comma = matches!(link, Some((Link::Comma, _)))
                || matches!(link, Some((Link::And, at)) if matches!(self.link_at(at, b), Some((Link::Comma, _))));
            let goes_on = matches!(link, Some((Link::And, _))) && !of_all.is_empty();
            // `A, or if B, C`: what follows is of the case.
            if let Some((Link::Or, at)) = link {
                in_case = self.link_at(at, b).is_some_and(|(_, end)| self.is(end, Class::If));
            }
            if !exclusion && groups.len() > 1 && (comma || goes_on) && !in_case && !is_of_some(&node) {
                of_all.push(node);
                continue;
            }
            let last = groups.last_mut().and_then(|group| group.pop());
            let Some(last) = last else {
                groups.push(vec![node]);
                continue;
            };
            let facts = is_fact(&last) && is_fact(&node);
            // `ALT or AST ≤ 3 x ULN and bilirubin ...`: the value printed once holds them together.
            if matches!(link, None | Some((Link::Or | Link::AndOr, _)))
                && is_shared(&last)
                && only_values(&node)
            {
                let either = join(vec![last, node], true, "structure.or");
                match groups.last_mut() {
                    Some(group) => group.extend(either),
                    None => groups.push(either.into_iter().collect()),
                }
                continue;
            }
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
                // `ASA 2 and stable ASA 3`: nobody is both.
                Some((Link::And, _)) => classes_apart(&last, &node),
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
        let either = join(ors, true, "structure.or");
        self.with_those_of_all(either?, of_all, a, b)
    }
}

/// Whether a node tells of some of the people only: their sex, what is denied of them, that they are pregnant.
fn is_of_some(node: &Node) -> bool {
    let mut some = false;
    node.each(&mut |n| {
        some |= match &n.op {
            Op::Not(_) => true,
            Op::Coded(coded) => &*coded.var.0 == "sex",
            Op::Has(has) => has.kind == crate::tree::Kind::Status,
            _ => false,
        };
    });
    some
}

/// Whether the value of a node is printed behind the next one.
fn is_shared(node: &Node) -> bool {
    match &node.op {
        Op::Cmp(_) => node.rule.0 == "structure.distribution",
        Op::Or(args) => args.last().is_some_and(is_shared),
        _ => false,
    }
}

/// Whether an element may stand between two parts.
pub fn is_link(what: What) -> bool {
    matches!(what, What::Comma | What::Lex(Class::And | Class::Or | Class::AndOr, _))
}

/// `≥ 18` and `≤ 65` of one variable are one interval.
fn merge_bounds(nodes: Vec<Node>) -> Vec<Node> {
    if nodes.len() < 2 {
        return nodes;
    }
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
        && (a..b).all(|i| matches!(cx.what(i), What::Word | What::Named(_) | What::Lex(Class::HumanOpen, _)))
}

/// Whether a node is a fact or value as lists of exclusions have them.
fn is_fact(node: &Node) -> bool {
    match &node.op {
        Op::Has(_) | Op::Coded(_) | Op::Human { .. } | Op::Cmp(_) | Op::Abnormal { .. } => true,
        Op::Or(args) | Op::Ambiguous(args) => args.iter().all(is_fact),
        Op::And(args) => args.iter().all(is_fact),
        _ => false,
    }
}
