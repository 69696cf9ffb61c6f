//! The structure of an item: leads and lists, sentences, guards, exceptions.
//!
//! ```text
//! segment  = [lead ":"] part {(";" | "." | bullet) part}
//! part     = guard ("," | ":") segment | clause
//! clause   = list [exception]
//! list     = unit {("," | "and" | "or") unit}
//! ```

use super::cohort::cohort;
use super::cx::{Cx, DEEPEST, join, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use super::measured::in_time;
use crate::tree::{Kind, Node, Op, Reason, Rule, Section, Unread, When};

/// How the members below a lead belong together.
#[derive(Clone, Debug)]
pub struct Lead {
    /// How many of the members; `None` is as the section has it.
    pub count: Option<Count>,
    /// What the lead itself requires besides.
    pub also: Option<Node>,
    /// Whether the members are only examples of something wider.
    pub open: Option<Node>,
    /// Whether the lead is a condition for the members only (`for women:`).
    pub guard: Option<Node>,
    /// What the sentences before that of the lead say.
    pub before: Option<Node>,
    /// Whether the members are exceptions from what stands before.
    pub excepts: bool,
    /// When the members are asked for, unless they say it themselves.
    pub when: Option<When>,
    /// Whether it names what the members are kinds of: `types of sarcoma include:`.
    pub kinds: bool,
}

/// How many members must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Each.
    All,
    /// One or more.
    Any,
    /// None.
    None,
    /// So many or more.
    AtLeast(u32),
}

impl Cx<'_> {
    /// Whether lists without a word for it mean "or" here.
    pub fn or_by_default(&self) -> bool {
        self.section == Section::Exclusion
    }

    /// Reads elements `a..b`: everything that stands there.
    pub fn segment(&mut self, a: usize, b: usize) -> Option<Node> {
        let (a, b) = self.trim(a, b);
        if a >= b {
            return None;
        }
        if let Some(start) = self.formula(a, b) {
            let end = self.find(start, b, |w| matches!(w, What::Semi | What::Stop)).unwrap_or(b);
            self.label(start, end);
            let nodes = self.segment(a, start).into_iter().chain(self.segment(end, b)).collect();
            return join(nodes, self.or_by_default(), "structure.semicolon");
        }
        self.depth += 1;
        let node = if self.depth > DEEPEST {
            Some(self.human(Reason::NotInRecord, a, b, "limit.depth"))
        } else if let Some(paired) = self.paired(a, b) {
            Some(paired)
        } else {
            self.parts(a, b)
        };
        self.depth -= 1;
        node
    }

    fn parts(&mut self, a: usize, b: usize) -> Option<Node> {
        if let Some(marks) = self.inline_marks(a, b) {
            let lead = (a < marks[0].0).then(|| self.lead(a, marks[0].0));
            let ends = marks.iter().skip(1).map(|m| m.0).chain([b]);
            let members: Vec<(usize, usize)> = marks.iter().zip(ends).map(|(m, end)| (m.1, end)).collect();
            return self.members(lead, &members, "structure.inline_list");
        }
        if !self.has(CUTS) {
            return self.clause(a, b);
        }
        let semis = match self.has(Kinds::SEMI) {
            true => self.places(a, b, |w| matches!(w, What::Semi)),
            false => Vec::new(),
        };
        let cuts = |cuts: &[usize]| {
            let starts = std::iter::once(a).chain(cuts.iter().map(|c| c + 1));
            starts.zip(cuts.iter().copied().chain([b])).filter(|(x, y)| x < y).collect::<Vec<_>>()
        };
        let colon = self.lead_colon(a, b).filter(|_| self.note(a, b).is_none());
        if let Some(colon) = colon {
            let parts = cuts(&semis);
            let labelled = parts.iter().filter(|(x, y)| self.lead_colon(*x, *y).is_some()).count();
            let first = parts.first().copied().unwrap_or((a, b));
            let twice = self.lead_colon(colon + 1, first.1).is_some();
            // `BMI above 40; or BMI above 35 with one of the following: ...`: the lead begins behind the semicolon.
            let before = semis.iter().rposition(|&semi| semi < colon);
            if let Some(last) = before.filter(|_| labelled == 1) {
                let mut members = cuts(&semis[..=last]);
                members.pop();
                members.push((semis[last] + 1, b));
                return self.members(None, &members, "structure.semicolon");
            }
            if semis.is_empty() || labelled == 1 || twice {
                let lead = self.lead(a, colon);
                if semis.is_empty() {
                    return self.members(Some(lead), &[(colon + 1, b)], "structure.lead");
                }
                let members: Vec<_> = cuts(&semis)
                    .into_iter()
                    .map(|(x, y)| (x.max(colon + 1), y))
                    .filter(|(x, y)| x < y)
                    .collect();
                return self.members(Some(lead), &members, "structure.lead");
            }
        }
        if !semis.is_empty() {
            let parts = cuts(&semis);
            return self.denied_on(a, &parts).or_else(|| self.members(None, &parts, "structure.semicolon"));
        }
        // `etc. Nerve damage`: the label of a list that is over.
        let etc = self.find(a, b, |w| matches!(w, What::Lex(Class::Etc, _)));
        let b = etc.filter(|&i| matches!(self.what(i + 1), What::Stop)).map_or(b, |i| i + 1);
        let stops = self.places(a, b, |w| matches!(w, What::Stop));
        if !stops.is_empty() {
            return self.sentences(&cuts(&stops));
        }
        // `bilirubin below 2 mg/dL NOTE: unless ...`
        if let Some(note) = self.note(a, b) {
            return self.sentences(&[(a, note), (note + 2, b)]);
        }
        self.clause(a, b)
    }

    /// The colon behind a lead; not one between a variable and its value.
    fn lead_colon(&self, a: usize, b: usize) -> Option<usize> {
        if !self.has(Kinds::COLON) {
            return None;
        }
        let colon = self.find(a, b, |w| matches!(w, What::Colon))?;
        let value = matches!(self.what(colon + 1), What::Quant(_) | What::Sign(_))
            && colon > a
            && !self.is_empty(a, colon);
        (colon + 1 < b && !value).then_some(colon)
    }

    /// `Note:` behind what it is said of.
    fn note(&self, a: usize, b: usize) -> Option<usize> {
        if !self.has(Kinds::COLON) {
            return None;
        }
        let colon = self.find(a, b, |w| matches!(w, What::Colon))?;
        let note = colon.checked_sub(1).filter(|&note| note > a && self.word_is(note, &["note"]))?;
        (self.says_something(a, note) && colon + 1 < b).then_some(note)
    }

    /// The marks of a list within a line: `①`, `(1)`, `1)`, `a)`, in sequence. Start of each mark, start of its text.
    fn inline_marks(&self, a: usize, b: usize) -> Option<Vec<(usize, usize)>> {
        if !self.has(Kinds::BULLET.or(Kinds::CLOSE)) {
            return None;
        }
        if self.has(Kinds::BULLET) {
            let bullets = self.places(a, b, |w| matches!(w, What::Bullet));
            if bullets.len() >= 2 {
                return Some(bullets.into_iter().map(|at| (at, at + 1)).collect());
            }
        }
        let mut marks = Vec::new();
        let mut i = a;
        while i < b {
            let open = usize::from(matches!(self.what(i), What::Open));
            let wanted = marks.len() as u32 + 1;
            // `a)`, `a.)`
            let dot = usize::from(matches!(self.what(i + open + 1), What::Stop));
            let end = i + open + dot + 1;
            let close = matches!(self.what(end), What::Close);
            if close && end < b && self.is_mark(i + open, wanted) {
                marks.push((i, end + 1));
                i = end + 1;
            } else if open > 0 {
                i = self.close(i, b);
            } else {
                i += 1;
            }
        }
        (marks.len() >= 2).then_some(marks)
    }

    fn is_mark(&self, i: usize, wanted: u32) -> bool {
        let text = self.read(i, i + 1);
        match text.as_bytes() {
            [letter] if letter.is_ascii_alphabetic() => {
                let n = u32::from(letter.to_ascii_lowercase() - b'a') + 1;
                n == wanted || wanted == 1 && letter.eq_ignore_ascii_case(&b'i')
            }
            [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9'] => text.parse() == Ok(wanted),
            _ => {
                let roman = if text.len() <= 4 { super::quant::roman(text) } else { None };
                roman.and_then(|n| u32::try_from(n).ok()) == Some(wanted)
            }
        }
    }

    /// What the words before a list say of it.
    pub fn lead(&mut self, a: usize, b: usize) -> Lead {
        let (a, b) = self.trim(a, b);
        if let Some(stop) = self.places(a, b, |w| matches!(w, What::Stop)).pop().filter(|&stop| stop + 1 < b)
        {
            let before = self.segment(a, stop);
            let lead = self.lead(stop + 1, b);
            let (from, _) = self.trim(stop + 1, b);
            return match self.word_is(from, &["exception"]) {
                true => Lead { before, excepts: true, count: Some(Count::Any), ..lead },
                false => Lead { before, ..lead },
            };
        }
        self.label(a, b);
        let mut lead = Lead {
            count: None,
            also: None,
            open: None,
            guard: None,
            before: None,
            excepts: false,
            when: None,
            kinds: (a..b).any(|i| self.names_kinds(i)),
        };
        lead.when = self.lead_time(a, b);
        // `no toxicity above grade 2, except for the following:`
        let except = (a..b).rev().find(|&i| self.is(i, Class::Except));
        let announced = |i: usize| i > a && !self.is_empty(a, i) && (i + 1 >= b || self.announces(i + 1, b));
        if let Some(except) = except.filter(|&i| announced(i)) {
            let before = self.clause(a, except);
            return Lead { before, excepts: true, count: Some(Count::Any), ..lead };
        }
        if let Some(denies) = self.denies_kinds(a, b) {
            return Lead { before: self.clause(a, denies), count: Some(Count::None), ..lead };
        }
        let cue = (a..b).rev().find_map(|i| match self.class(i)? {
            Class::AllOf => Some((i, Count::All)),
            Class::AnyOf => Some((i, Count::Any)),
            Class::NoneOf => Some((i, Count::None)),
            Class::OrMoreOf => Some((i, self.count_before(a, i).map_or(Count::Any, |(_, c)| c))),
            _ => None,
        });
        if let Some((at, count)) = cue {
            lead.count = Some(count);
            let start = self.count_before(a, at).map_or(at, |(start, _)| start);
            let negative = (a..start).any(|i| self.is(i, Class::Neg))
                && (count == Count::Any || self.is_empty_but_neg(a, start));
            if negative {
                lead.count = Some(Count::None);
            }
            // `a stress test is required if any of the following`: the list says when, not what.
            if start > a && self.is(start - 1, Class::If) && (a..start).any(|i| self.is(i, Class::Need)) {
                for unread in [Unread::Condition, Unread::Alternative] {
                    self.leave_unread(a, b, unread, "asked for in a case");
                }
            }
            // `... and any of the following`: what stands before is a requirement of its own.
            let joined = start > a && matches!(self.class(start - 1), Some(Class::And | Class::With));
            if joined && self.says_something(a, start - 1) {
                lead.also = self.clause(a, start - 1);
            } else if !negative && let Some(end) = self.people_before(a, start) {
                lead.also = self.clause(a, end);
            }
            return lead;
        }
        // `chronic pain associated with:`
        if b > a + 1
            && matches!(self.class(b - 1), Some(Class::Cause | Class::With))
            && self.names_fact(a, b - 1)
        {
            lead.also = self.clause(a, b - 1);
            return lead;
        }
        if let Some(count) = self.counted_lead(a, b) {
            lead.count = Some(count);
            return lead;
        }
        if let Some(open) = (a..b).find(|&i| self.is(i, Class::Open)) {
            lead.count = Some(Count::Any);
            lead.open = Some(self.open_list(open, open + 1, (a, open + 1)));
            return lead;
        }
        // `a sleep disorder, such as:`
        if let Some(such) = (a + 1..b).rev().find(|&i| !self.is_empty(i, i + 1))
            && self.is(such, Class::Examples)
            && !matches!(self.class(a), Some(Class::If | Class::ForTime | Class::Neg))
        {
            lead.count = Some(Count::Any);
            lead.open = Some(self.open_list(such, such + 1, (a, such + 1)));
            return lead;
        }
        if self.names_a_cohort(a, b) {
            // Of others it asks nothing, and it excludes none of them.
            let unread = if self.or_by_default() { Unread::Condition } else { Unread::Alternative };
            self.leave_unread(a, b, unread, "who is of the cohort is in no record");
        } else if self.is(a, Class::Except) && b > a + 1 {
            // `unless the marrow is involved:`
            lead.guard = self.guard(a + 1, b).map(negate);
            if lead.guard.is_none() {
                let unread = if self.or_by_default() { Unread::Condition } else { Unread::Alternative };
                self.leave_unread(a, b, unread, "not read");
            }
        } else if matches!(self.class(a), Some(Class::If | Class::ForTime)) && b > a + 1 {
            lead.guard = self.guard(a + 1, b);
        } else if let What::Var(v) = self.what(a)
            && v.id == "sex"
            && b <= a + 2
        {
            lead.guard = self.guard(a, b);
        }
        // `not on the following medications:`
        let denies = (a..b).find(|&i| !self.is_empty(i, i + 1)).is_some_and(|i| self.is(i, Class::Neg));
        if lead.guard.is_none() && denies {
            match self.says_something(a, b) {
                false => lead.count = Some(Count::None),
                true => {
                    for unread in [Unread::Condition, Unread::Alternative] {
                        self.leave_unread(a, b, unread, "whether the list is denied");
                    }
                }
            }
        }
        lead
    }

    /// `no autoimmune disease, such as:`: where the examples of what is denied begin.
    fn denies_kinds(&self, a: usize, b: usize) -> Option<usize> {
        let first = (a..b).find(|&i| !self.is_empty(i, i + 1))?;
        let at = self.find(first, b, |w| matches!(w, What::Lex(Class::Examples | Class::Including, _)))?;
        let only = at + 1 >= b || (at + 1..b).any(|i| self.announces_one(i));
        (self.is(first, Class::Neg) && only && at > first + 1).then_some(at)
    }

    /// Whether a word tells that kinds of one thing follow.
    fn names_kinds(&self, i: usize) -> bool {
        const WORDS: &[&str] =
            &["type", "subtype", "histology", "histologies", "kind", "tumor type", "tumour", "tumor"];
        let words = self.read(i, i + 1).to_ascii_lowercase();
        self.is(i, Class::Including)
            || self.word_is(i, WORDS)
            || ["confirmed", "proven", "diagnosis of", "diagnosis"].iter().any(|word| words.ends_with(word))
    }

    /// Whether elements only announce a list: `the following`, `any of these`.
    fn announces(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| self.announces_one(i)) && !self.says_something(a, b)
    }

    fn announces_one(&self, i: usize) -> bool {
        self.word_is(i, &["following", "the following", "below", "these"])
            || matches!(self.class(i), Some(Class::AnyOf | Class::AllOf | Class::OrMoreOf))
    }

    /// `Group A: ...` within a line.
    fn names_a_cohort(&self, a: usize, b: usize) -> bool {
        let about = |i: usize| matches!(self.what(i), What::Var(v) if super::leaf::is_numeric(v));
        let words = self.read(a, b);
        words.len() <= 80
            && !(a..b).any(about)
            && cohort(&format!("{words}:")) == Some(super::cohort::Cohort::Named)
    }

    fn is_empty_but_neg(&self, a: usize, b: usize) -> bool {
        (a..b).all(|i| self.is(i, Class::Neg) || self.is(i, Class::Ever) || self.is_empty(i, i + 1))
    }

    /// `at least 2` before `of the following`.
    fn count_before(&self, a: usize, at: usize) -> Option<(usize, Count)> {
        let i = (a..at).rev().take(3).find(|&i| matches!(self.what(i), What::Quant(_)))?;
        let What::Quant(q) = self.what(i) else { return None };
        let k = self.count_of(q as usize)?;
        Some((i, if k == 1 { Count::Any } else { Count::AtLeast(k) }))
    }

    /// `one or more risk factors`, `at least two of`: how many of the members a lead asks for that has no other words.
    fn counted_lead(&self, a: usize, b: usize) -> Option<Count> {
        let at = (a..b).find(|&i| !self.is_empty(i, i + 1))?;
        let What::Quant(q) = self.what(at) else { return None };
        let k = self.count_of(q as usize)?;
        let quant = &self.e.quants[q as usize];
        let of = self.word_is(at + 1, &["of", "from", "among"]);
        let noun = (at + 1..b).any(|i| {
            let words = self.read(i, i + 1).to_ascii_lowercase();
            COUNTED.iter().any(|noun| words.ends_with(noun))
        });
        if quant.bare && !of || quant.hi.is_some() && !quant.bare || !of && !noun {
            return None;
        }
        Some(if k == 1 { Count::Any } else { Count::AtLeast(k) })
    }

    /// A quantity that counts things: `at least 2`, `two or more`.
    pub fn count_of(&self, q: usize) -> Option<u32> {
        let quant = &self.e.quants[q];
        if quant.unit.is_some() || quant.limit.is_some() || quant.range {
            return None;
        }
        let bound = quant.lo?;
        let k = u32::try_from(bound.value).ok().filter(|_| bound.value.is_integer())?;
        Some(if bound.incl { k } else { k + 1 })
    }

    fn open_list(&mut self, a: usize, b: usize, whole: (usize, usize)) -> Node {
        let text = self.raw(a, b);
        let node = self.node(Op::Human { reason: Reason::OpenList, text }, a, b, "structure.open_list");
        self.leave(whole.0, whole.1, "open list");
        node
    }

    /// Joins the members of a list as their lead says.
    pub fn members(
        &mut self,
        lead: Option<Lead>,
        parts: &[(usize, usize)],
        rule: &'static str,
    ) -> Option<Node> {
        let mut nodes = Vec::new();
        let mut guarded = 0;
        for &(x, y) in parts {
            let (x, y) = self.trim(x, y);
            if x >= y {
                continue;
            }
            match self.guarded(x, y) {
                Some(node) => {
                    guarded += 1;
                    nodes.push(node);
                }
                None => nodes.extend(self.segment(x, y)),
            }
        }
        let cases = guarded >= 2 && guarded == nodes.len();
        // `asthma; epilepsy; or migraine`: one of them, unless another of them begins with a word that joins.
        let joins = |&&(x, y): &&(usize, usize)| self.begins_with_link(x, y).is_some();
        let links = parts.iter().skip(1).filter(joins).count();
        let or = parts.len() > 1
            && links == 1
            && !nodes.iter().any(|node| matches!(node.op, Op::Not(_)))
            && parts.last().is_some_and(|&(x, y)| self.begins_with_link(x, y) == Some(Class::Or));
        self.joined(lead, nodes, cases || or, rule)
    }

    /// The word that joins a part to the one before it: `or ...`.
    fn begins_with_link(&self, x: usize, y: usize) -> Option<Class> {
        let (x, _) = self.trim(x, y);
        self.class(x).filter(|class| matches!(class, Class::And | Class::Or | Class::AndOr))
    }

    /// Joins nodes as their lead says. `cases`: each has its guard, and they exclude each other; or `or` joins them.
    pub fn joined(
        &mut self,
        lead: Option<Lead>,
        nodes: Vec<Node>,
        cases: bool,
        rule: &'static str,
    ) -> Option<Node> {
        let Some(mut lead) = lead else { return join(nodes, self.or_by_default() || cases, rule) };
        if let Some(before) = lead.before.take() {
            let excepts = lead.excepts;
            let led = self.joined(Some(lead), nodes, cases, rule);
            if excepts && let Some(inner) = led {
                return self.without(before, inner);
            }
            return join(
                std::iter::once(before).chain(led).collect(),
                self.or_by_default(),
                "structure.sentences",
            );
        }
        let mut nodes = nodes;
        if nodes.is_empty() {
            return lead.also;
        }
        if let Some(when) = lead.when.take() {
            nodes.iter_mut().for_each(|node| in_time(node, &when));
        }
        if let Some(open) = lead.open {
            nodes = match nodes.pop() {
                Some(Node { op: Op::Or(args), .. }) if nodes.is_empty() => args,
                Some(last) => {
                    nodes.push(last);
                    nodes
                }
                None => nodes,
            };
            nodes.push(open);
            return join(nodes, true, rule);
        }
        let inner = match lead.count {
            Some(Count::AtLeast(k)) => self.at_least(k, nodes, rule),
            Some(Count::All) => join(spread(nodes, false), false, rule),
            Some(Count::Any) => join(spread(nodes, true), true, rule),
            Some(Count::None) => {
                let nodes = spread(nodes, true).into_iter().map(any_above).collect();
                join(nodes, true, rule).map(negate)
            }
            // Nobody has each of several tumours.
            None if lead.kinds && nodes.len() > 1 && nodes.iter().all(is_disease) => join(nodes, true, rule),
            None => join(nodes, self.or_by_default() || cases, rule),
        };
        let inner = match (lead.guard, inner) {
            (Some(guard), Some(inner)) if self.section == Section::Exclusion => {
                join(vec![guard, inner], false, "structure.guard")
            }
            (Some(guard), Some(inner)) => join(vec![negate(guard), inner], true, "structure.guard"),
            (_, inner) => inner,
        };
        join(lead.also.into_iter().chain(inner).collect(), false, rule)
    }

    /// `k` of some nodes; a list read as one node is taken apart first.
    pub fn at_least(&mut self, k: u32, nodes: Vec<Node>, rule: &'static str) -> Option<Node> {
        let nodes = match <[Node; 1]>::try_from(nodes) {
            Ok([Node { op: Op::And(args) | Op::Or(args), .. }]) => args,
            Ok([node]) => vec![node],
            Err(nodes) => nodes,
        };
        if nodes.len() < 2 || nodes.len() < k as usize {
            return join(nodes, false, rule);
        }
        self.last_list.clone_from(&nodes);
        let span = nodes.iter().map(|n| n.span).reduce(crate::tree::Span::join).unwrap_or_default();
        Some(Node { op: Op::AtLeast { k, args: nodes }, span, rule: Rule("structure.at_least") })
    }

    /// `For symptomatic patients: ...`, `people with symptoms had ...`: a case and what holds in it.
    fn guarded(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.is(a, Class::If) || self.is(a + 1, Class::If) {
            return None;
        }
        let end = self.find(a, b, |w| matches!(w, What::Colon))?;
        let guard = self.guard(a + 1, end)?;
        let then = self.segment(end + 1, b)?;
        join(vec![guard, then], false, "structure.case")
    }

    /// The people a guard speaks of.
    pub fn guard(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.says_something(a, b) {
            return None;
        }
        if let Some(at) = (a..b).find(|&i| matches!(self.what(i), What::Var(v) if v.id == "sex"))
            && (a..b).all(|i| i == at || self.is_empty(i, i + 1))
        {
            return self.sex(at);
        }
        let node = self.clause(a, b)?;
        (!matches!(node.op, Op::Human { .. })).then_some(node)
    }

    /// Sentences: the first says it; what others add is joined, in an exclusion only if they exclude, too.
    pub fn sentences(&mut self, parts: &[(usize, usize)]) -> Option<Node> {
        let mut nodes = Vec::new();
        for (n, &(x, y)) in parts.iter().enumerate() {
            let (x, y) = self.trim(x, y);
            if x >= y {
                continue;
            }
            if n > 0
                && let Some(from) = self.exceptions(x, y)
                && let Some(last) = nodes.pop()
            {
                nodes.extend(self.excepted(last, from, y));
                continue;
            }
            if n > 0
                && let Some(last) = nodes.pop()
            {
                match self.permitted_kind(&last, x, y) {
                    Some(inner) => {
                        nodes.extend(self.without(last, inner));
                        continue;
                    }
                    None => nodes.push(last),
                }
            }
            let explains = n > 0
                && self.or_by_default()
                && (x..y).any(|i| {
                    self.is(i, Class::Permit)
                        || self.word_is(i, &["must", "should", "eligible", "may", "acceptable", "note"])
                });
            if explains {
                nodes.push(self.human(Reason::NotInRecord, x, y, "structure.explanation"));
            } else {
                let node = self.segment(x, y);
                let denial = n > 0 && self.or_by_default();
                nodes.extend(node.map(|node| match denial {
                    true => super::double::settle(node, &self.raw(x, y), &mut self.flags, &mut self.residue),
                    false => node,
                }));
            }
        }
        join(nodes, self.or_by_default(), "structure.sentences")
    }
}

/// What the members of a list are called by their lead.
const COUNTED: &[&str] = &[
    "factor",
    "factors",
    "criteria",
    "criterion",
    "following",
    "condition",
    "conditions",
    "feature",
    "features",
    "finding",
    "findings",
    "sign",
    "signs",
    "symptom",
    "symptoms",
    "item",
    "items",
    "characteristics",
];

/// What a segment is cut at, or ends at.
const CUTS: Kinds = Kinds::SEMI.or(Kinds::COLON).or(Kinds::STOP).or(Kinds::of(&[Class::Etc]));

/// Whether a node is a disease, perhaps with what else is said of it.
fn is_disease(node: &Node) -> bool {
    match &node.op {
        Op::Has(has) => has.kind == Kind::Condition,
        Op::And(args) | Op::Or(args) => args.first().is_some_and(is_disease),
        _ => false,
    }
}

/// `none of these: AST, ALT above 5 x ULN`: neither may be above it.
fn any_above(node: Node) -> Node {
    let above = |arg: &Node| matches!(&arg.op, Op::Cmp(cmp) if cmp.hi.is_none());
    match node.op {
        Op::And(args) if args.iter().all(above) => Node { op: Op::Or(args), ..node },
        op => Node { op, ..node },
    }
}

/// The members of a list that was read as one node.
fn spread(mut nodes: Vec<Node>, or: bool) -> Vec<Node> {
    if nodes.len() != 1 {
        return nodes;
    }
    match nodes.pop() {
        Some(Node { op: Op::And(args), .. }) => args,
        Some(Node { op: Op::Or(args), .. }) if or => args,
        Some(node) => vec![node],
        None => nodes,
    }
}
