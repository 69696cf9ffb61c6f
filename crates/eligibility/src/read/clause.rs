//! Clauses: examples, exceptions, guidelines, the order of two events.
//!
//! ```text
//! clause = clause "are not eligible"                     (tails.rs)
//!        | for_a_person
//!        | list "which would" ...                          (tails.rs)
//!        | clause "allowed"
//!        | time "since" clause
//!        | clause ("except" | "excluding") clause
//!        | clause "such as" list
//!        | clause "despite" clause
//!        | list "after the diagnosis of" list
//!        | list "defined by" guideline
//!        | list "defined as" values                  (define.rs)
//!        | list
//! ```

use super::cx::{Cx, DEEPEST, LONGEST, join, negate};
use super::elements::What;
use super::except::{is_expectancy, is_limit};
use super::kinds::Kinds;
use super::lexicon::Class;
use crate::tree::{Kind, Node, Op, Reason, Rule, Unread};

impl Cx<'_> {
    /// A clause: for a person, with exceptions, or a list.
    pub fn clause(&mut self, a: usize, b: usize) -> Option<Node> {
        let (a, b) = self.trim(a, b);
        let behind = self.behind_purpose(a, b);
        let (a, b) = self.trim(behind, b);
        if a >= b {
            return None;
        }
        self.depth += 1;
        let node = if self.depth > DEEPEST {
            Some(self.human(Reason::NotInRecord, a, b, "limit.depth"))
        } else if b - a > LONGEST {
            Some(self.human(Reason::NotInRecord, a, b, "limit.length"))
        } else if self.is_somewhere(a, b) {
            Some(self.human(Reason::NotInRecord, a, b, "structure.guard"))
        } else if let Some(node) = self.normal_values(a, b) {
            Some(node)
        } else if let Some(node) = self.undecided(a, b) {
            Some(node)
        } else if let Some(node) = self.barred(a, b) {
            Some(node)
        } else if let Some(node) = self.duty(a, b) {
            Some(node)
        } else if let Some(node) = self.duty_at_an_age(a, b) {
            Some(node)
        } else if let Some(node) = self.of_another(a, b) {
            Some(node)
        } else if let Some(node) = self.in_a_case(a, b) {
            Some(node)
        } else if let Some(node) = self.elapsed(a, b) {
            Some(node)
        } else if let Some(node) = self.permitted(a, b) {
            Some(node)
        } else if let Some(node) = self.for_a_person(a, b) {
            Some(node)
        } else if let Some(node) = self.qualified(a, b) {
            Some(node)
        } else if let Some(node) = self.generic_with_examples(a, b) {
            Some(node)
        } else if let Some(node) = self.exception(a, b) {
            Some(node)
        } else if let Some(node) = self.definition(a, b) {
            Some(node)
        } else if let Some(node) = self.guideline(a, b) {
            Some(node)
        } else if let Some(node) = self.order(a, b) {
            Some(node)
        } else if let Some(node) = self.with_examples(a, b) {
            Some(node)
        } else if let Some(node) = self.despite(a, b) {
            Some(node)
        } else {
            self.list(a, b)
        };
        self.depth -= 1;
        node
    }

    /// The place behind `to be eligible for the study,`, which asks for nothing.
    fn behind_purpose(&mut self, a: usize, b: usize) -> usize {
        const PURPOSES: [&str; 5] =
            ["to be eligible", "to be included", "to be considered", "to participate", "in order to be"];
        if !self.begins(a, b, &PURPOSES) {
            return a;
        }
        let comma = self.find(a, b, |w| matches!(w, What::Comma)).filter(|&at| at < a + 12);
        comma.filter(|&at| !self.says_something(a, at)).map_or(a, |at| {
            self.label(a, at);
            at + 1
        })
    }

    /// `in countries where ..., patients must be adults`: what holds in some places.
    fn is_somewhere(&self, a: usize, b: usize) -> bool {
        self.begins(
            a,
            b,
            &["in countries", "in regions", "in sites where", "in centers where", "in centres where"],
        ) && self.find(a, b, |w| matches!(w, What::Comma)).is_some()
    }

    /// Whether a part begins with one of some words.
    fn begins(&self, a: usize, b: usize, beginnings: &[&str]) -> bool {
        let words = self.read(a, b);
        let is = |start: &&str| words.get(..start.len()).is_some_and(|w| w.eq_ignore_ascii_case(start));
        beginnings.iter().any(is)
    }

    /// `if HIV positive, CD4 > 200`: a case, and what holds in it.
    fn in_a_case(&mut self, a: usize, b: usize) -> Option<Node> {
        let case = self.is(a, Class::If) && self.word_is(a, &["if", "in case of", "in the case of", "when"]);
        if !case && !self.is_for_people(a) {
            return None;
        }
        let comma = self.find(a, b, |w| matches!(w, What::Comma))?;
        let then = self.trim(comma + 1, b);
        if !self.says_something(then.0, then.1) {
            return None;
        }
        let guard = self.guard(a + 1, comma)?;
        self.label(a, a + 1);
        let then = self.clause(then.0, then.1)?;
        if self.or_by_default() {
            join(vec![guard, then], false, "structure.guard")
        } else {
            join(vec![negate(guard), then], true, "structure.guard")
        }
    }

    /// `for women of childbearing potential`, `for patients with diabetes`: who is meant.
    fn is_for_people(&self, a: usize) -> bool {
        const PEOPLE: &[&str] =
            &["patient", "subject", "participant", "those", "people", "individual", "volunteer", "children"];
        if !self.word_is(a, &["for", "in"]) {
            return false;
        }
        let before = |i: usize| self.word_is(i, &["all", "the", "any", "minor", "adult"]);
        let who = (a + 1..a + 3).find(|&i| !before(i)).unwrap_or(a + 1);
        let age = |i: usize| match self.what(i) {
            What::Open => self.speaks_of_years(i + 1) || self.speaks_of_years(i + 2),
            _ => self.speaks_of_years(i) || self.speaks_of_years(i + 1),
        };
        let sex = |i: usize| matches!(self.what(i), What::Var(v) if matches!(v.id, "sex" | "childbearing_potential"));
        sex(who)
            || self.word_is(who, PEOPLE) && matches!(self.class(who + 1), Some(Class::With))
            || self.word_is(who, PEOPLE)
                && (self.word_is(who + 1, &["who", "who are", "who have"]) || age(who + 1))
    }

    /// Whether a time in years, or one that is said to be an age, stands at a place.
    fn speaks_of_years(&self, i: usize) -> bool {
        let What::Quant(q) = self.what(i) else { return false };
        let quant = &self.e.quants[q as usize];
        quant.age || quant.unit.is_some_and(|unit| unit.as_str() == "a")
    }

    /// `X despite Y`: both.
    fn despite(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::Despite])) {
            return None;
        }
        let at = self.find(a, b, |w| matches!(w, What::Lex(Class::Despite, _))).filter(|&at| at > a)?;
        let head = self.clause(a, at)?;
        let rest = self.clause(at + 1, b)?;
        join(vec![head, rest], false, "structure.despite")
    }

    /// `X after the diagnosis of Y`: one began behind the other.
    fn order(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::After])) {
            return None;
        }
        let at = self.find(a, b, |w| matches!(w, What::Lex(Class::After, _))).filter(|&at| at > a)?;
        let onset =
            (at + 1..b).find(|&i| self.word_is(i, &["diagnosis", "onset"]) || self.is_diagnosis(i))?;
        if onset > at + 3 || self.find(a, b, |w| matches!(w, What::Comma | What::Quant(_))).is_some() {
            return None;
        }
        let occurs = (a..at).find(|&i| {
            self.word_is(
                i,
                &["occur", "develop", "appear", "begin", "arise", "occurring", "developing", "that"],
            )
        });
        let end =
            (a..at).find(|&i| self.word_is(i, &["on"])).filter(|&i| i + 2 >= at && self.is(i + 1, Class::Or));
        let same = end.is_some();
        let head_end = occurs.unwrap_or(at).min(end.unwrap_or(at));
        let then = self.list(a, head_end).filter(|n| matches!(n.op, Op::Has(_)))?;
        let first = self.list(onset, b).filter(|n| matches!(n.op, Op::Has(_)))?;
        self.flag("boundary", a, at + 1, "needs the dates of both");
        let op = Op::Order { first: Box::new(first), then: Box::new(then), allow_same_time: same };
        Some(self.node(op, a, b, "time.order"))
    }

    fn is_diagnosis(&self, i: usize) -> bool {
        self.read(i, i + 1).to_ascii_lowercase().contains("diagnosis of")
    }

    /// `X defined by the 2013 ADA standards`, `the 2023 ADA criteria for X`.
    fn guideline(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::Guideline])) {
            return None;
        }
        let word = (a..b).find(|&i| self.is(i, Class::Guideline))?;
        let mut start = word;
        while start > a && self.names_a_guideline(start - 1) {
            start -= 1;
        }
        let (text, reference) = self.reference(start, word + 1)?;
        let before = (a..start).any(|i| self.is_disease(i));
        let (x, y) = if before { (a, start) } else { (word + 1, b) };
        let mut y = y;
        while y > x
            && (self.is_empty(y - 1, y)
                || self.word_is(y - 1, &["defined", "diagnosed", "per", "fulfilling"]))
        {
            y -= 1;
        }
        let mut node = self.list(x, y)?;
        let Op::Has(has) = &mut node.op else { return None };
        if has.concept.0.starts_with("text:") || has.defined_by.is_some() {
            return None;
        }
        let inner = self.node(
            Op::Guideline { reference, text: text.clone() },
            start,
            word + 1,
            "definition.guideline",
        );
        has.defined_by = Some(Box::new(inner));
        self.flags.push(crate::tree::Flag {
            code: "external_definition",
            text,
            note: "criteria of a guideline; a coded diagnosis is accepted".into(),
            suggest: None,
        });
        Some(node)
    }

    pub fn is_disease(&self, i: usize) -> bool {
        match self.what(i) {
            What::Var(v) => super::leaf::kind_of(v) == Kind::Condition && !super::leaf::is_numeric(v),
            What::Named(id) => super::leaf::kind_of_named(id) == Some(Kind::Condition),
            _ => false,
        }
    }

    fn names_a_guideline(&self, i: usize) -> bool {
        match self.what(i) {
            What::Word | What::Open | What::Close | What::Named(_) => true,
            What::Quant(q) => self.e.quants[q as usize].bare,
            What::Var(_) => self.read(i, i + 1).starts_with(char::is_uppercase),
            _ => false,
        }
    }

    /// A guideline's words, and its acronym and year: `ADA 2013`.
    fn reference(&self, a: usize, b: usize) -> Option<(String, String)> {
        let mut start = a;
        while start < b && matches!(self.what(start), What::Open | What::Close) {
            start += 1;
        }
        let text = self.raw(start, b);
        let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let acronym =
            words().find(|w| (2..=6).contains(&w.len()) && w.bytes().all(|c| c.is_ascii_uppercase()))?;
        let year = words().find(|w| {
            w.len() == 4
                && (w.starts_with("19") || w.starts_with("20"))
                && w.bytes().all(|c| c.is_ascii_digit())
        });
        let reference = year.map_or_else(|| acronym.to_owned(), |year| format!("{acronym} {year}"));
        Some((text, reference))
    }

    /// `X, such as A, B`: X, with its examples.
    fn with_examples(&mut self, a: usize, b: usize) -> Option<Node> {
        // Of an exclusion all that `including` names is excluded as well.
        let classes: &[Class] =
            if self.or_by_default() { &[Class::Examples] } else { &[Class::Examples, Class::Including] };
        if !self.has(Kinds::of(classes)) {
            return None;
        }
        let leads = |w| matches!(w, What::Lex(class, _) if classes.contains(&class));
        let at = self.find(a, b, leads).filter(|&at| at > a)?;
        if !self.says_something(a, at) || self.is(at, Class::Including) && !self.only_names(at + 1, b) {
            return None;
        }
        let mut node = self.clause(a, at)?;
        let Op::Has(has) = &mut node.op else { return None };
        let disease = matches!(has.kind, Kind::Condition | Kind::Finding);
        let kinds = disease && self.are_below(&has.concept.0, at + 1, b);
        let time = self.past_time(at + 1, b);
        has.examples = self.listed(at + 1, time.as_ref().map_or(b, |(from, _)| *from));
        has.open_list = true;
        if let Some((_, read)) = time {
            has.when = Some(read.when);
        }
        // `chemotherapy including cisplatin`, `cancer, including of the lung, and diabetes`: they may be asked for.
        if self.is(at, Class::Including) && !kinds {
            self.leave_unread(at, b, Unread::Condition, "whether these are examples, or asked for as well");
        }
        Some(node)
    }

    /// Whether elements are names and what joins them: no value, no time, nothing denied.
    fn only_names(&self, a: usize, b: usize) -> bool {
        let name = |i: usize| match self.what(i) {
            What::Var(v) => !super::leaf::is_numeric(v),
            What::Named(_) | What::Word | What::Comma | What::Dash => true,
            What::Lex(class, _) => matches!(
                class,
                Class::And | Class::Or | Class::AndOr | Class::Skip | Class::Etc | Class::Open | Class::Site
            ),
            _ => false,
        };
        (a..b).all(name) && (a..b).any(|i| matches!(self.what(i), What::Var(_) | What::Named(_)))
    }

    /// Whether all names that are known are kinds of a concept.
    fn are_below(&self, concept: &str, a: usize, b: usize) -> bool {
        (a..b).all(|i| match self.what(i) {
            What::Var(v) => super::except::is_below(v.id, concept),
            What::Named(id) => super::except::is_below(&id.curie(), concept),
            _ => true,
        })
    }

    /// The members of a list, verbatim.
    pub fn listed(&self, a: usize, b: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut x = a;
        for i in a..=b {
            let cut = i == b
                || matches!(self.what(i), What::Comma | What::Semi)
                || matches!(self.class(i), Some(Class::And | Class::Or | Class::Etc | Class::AndOr));
            if cut {
                let (from, to) = self.trim(x, i);
                if from < to {
                    found.push(self.raw(from, to));
                }
                x = i + 1;
            }
            if i < b && self.is(i, Class::Etc) {
                break;
            }
        }
        found
    }

    /// `other diseases (e.g., A or B)`: the members, and what else there may be.
    fn generic_with_examples(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.or_by_default() || !self.has(Kinds::OPEN) || !self.has(Kinds::of(&[Class::Examples])) {
            return None;
        }
        let open = (a..b).find(|&i| matches!(self.what(i), What::Open))?;
        let close = self.close(open, b);
        if !self.is(open + 1, Class::Examples) || !(a..open).any(|i| self.is(i, Class::HumanOpen)) {
            return None;
        }
        let need = (a + 1..open).find(|&i| self.is(i, Class::Need));
        let head_end = need.unwrap_or(open);
        if self.says_something_for(a, head_end) {
            return None;
        }
        let members = self.clause(open + 2, close.saturating_sub(1))?;
        let text = self.raw(a, head_end);
        let rest = Node {
            op: Op::Human { reason: Reason::OpenList, text },
            span: self.span(a, head_end),
            rule: Rule("structure.open_list"),
        };
        self.leave(a, if need.is_some() { open + 2 } else { head_end }, "open list");
        let mut nodes = vec![join(vec![members, rest], true, "structure.open_list")?];
        if let Some(need) = need {
            nodes.extend(self.list(need, open));
        }
        let (x, y) = self.trim(close, b);
        let relative = (x..y).find(|&i| !self.is_empty(i, i + 1));
        if let Some(from) = relative {
            nodes.push(self.human(Reason::ClinicalJudgement, from, y, "person.hindrance"));
        }
        join(nodes, false, "structure.open_list")
    }

    /// Whether a condition or a drug is named, not only words such as `trial participation`.
    fn says_something_for(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| self.is_disease(i) || matches!(self.what(i), What::Quant(_)))
    }

    /// `X except Y`.
    fn exception(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::Except, Class::Excluding])) {
            return None;
        }
        let at = self.find(a, b, |w| matches!(w, What::Lex(Class::Except | Class::Excluding, _)))?;
        let says = self.says_something(a, at) || self.names_a_class(a, at, b);
        if at == a || self.is_empty(a, at) || !says {
            return self.open_but(a, at, b);
        }
        let base = self.clause(a, at)?;
        if is_expectancy(&base) {
            self.leave_out(at, b);
            return Some(base);
        }
        if self.is(at, Class::Excluding) && self.or_by_default() {
            return self.ruled_out(base, at, b);
        }
        let Some(exception) = self.clause(at + 1, b) else { return Some(base) };
        let exception = if self.word_is(at, &["unless"]) { exception } else { any_of(exception) };
        // `cancers other than of the skin within 5 years`: the time is of all of it.
        let mut base = base;
        if !is_limit(&base) {
            super::trailing::time_back(&mut base, &exception);
        }
        self.without(base, exception)
    }

    /// `a life expectancy of at least 10 years, excluding breast cancer`: nobody must be without what is left out.
    pub fn leave_out(&mut self, a: usize, b: usize) {
        for unread in [Unread::Condition, Unread::Alternative] {
            self.leave_unread(a, b, unread, "what the estimate leaves out");
        }
    }

    /// `conditions other than asthma`: whatever they are, asthma is none of them.
    fn open_but(&mut self, a: usize, at: usize, b: usize) -> Option<Node> {
        let open = (a..at).any(|i| self.is(i, Class::HumanOpen) || matches!(self.what(i), What::Word));
        let plain = |i: usize| match self.what(i) {
            What::Word | What::Dash => true,
            What::Lex(class, _) => {
                matches!(class, Class::HumanOpen | Class::Cause | Class::Skip | Class::If | Class::Ever)
            }
            _ => false,
        };
        let bracket = (at..b).any(|i| matches!(self.what(i), What::Open));
        // `conditions other than hypertension or diabetes`
        let plain_list = self.find(at, b, super::list::is_link).is_none() || self.only_names(at + 1, b);
        let alone = (a..at).all(plain) && !bracket && plain_list;
        let other = open && alone && self.is(at, Class::Except) && self.word_is(at, &["other than"]);
        other.then(|| self.human(Reason::NotInRecord, a, b, "rest.part"))
    }

    /// `antimycobacterial drugs other than rifabutin`: a name of few words that no table has, and one exception.
    fn names_a_class(&self, a: usize, at: usize, b: usize) -> bool {
        const CAUSES: &[&str] = &["factor", "reason", "cause", "condition", "criteria", "circumstance"];
        let word = |i: usize| matches!(self.what(i), What::Word);
        let open = |i: usize| word(i) || self.is(i, Class::HumanOpen) || matches!(self.what(i), What::Dash);
        let (_, end) = self.trim(a, at);
        let plain = |i: usize| {
            open(i) || matches!(self.class(i), Some(Class::Skip | Class::Neg | Class::Ever | Class::Current))
        };
        self.is(at, Class::Except)
            && end > a
            && (a..end).all(plain)
            && (1..=4).contains(&(a..end).filter(|&i| word(i)).count())
            && open(end - 1)
            && !self.word_is(end - 1, CAUSES)
            && self.find(at, b, |w| matches!(w, What::Comma)).is_none()
    }

    /// `excluding` in an exclusion: an exception, or further causes that are ruled out.
    fn ruled_out(&mut self, base: Node, at: usize, b: usize) -> Option<Node> {
        let Some(more) = self.clause(at + 1, b) else { return Some(base) };
        self.flag("ambiguous_scope", at, at + 1, "an exception, or further causes that are ruled out");
        self.leave(at, b, "reads as an exception or as ruling out further causes");
        let wide = join(vec![base.clone(), more.clone()], true, "scope.excluding")?;
        let narrow = join(vec![base, negate(more)], false, "scope.excluding")?;
        let span = wide.span.join(narrow.span);
        Some(Node { op: Op::Ambiguous(vec![wide, narrow]), span, rule: Rule("scope.excluding") })
    }
}

/// `except A, B and C`: each of them is excepted.
pub fn any_of(node: Node) -> Node {
    match node.op {
        Op::And(args)
            if node.rule.0 == "structure.and" && args.iter().all(|arg| matches!(arg.op, Op::Has(_))) =>
        {
            Node { op: Op::Or(args), ..node }
        }
        op => Node { op, ..node },
    }
}
