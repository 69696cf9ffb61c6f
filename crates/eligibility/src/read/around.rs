//! What stands around a value: facts before it, brackets, guards and times behind it.

use super::cases::{CASE, PEOPLE, of_people, of_sex};
use super::clause::any_of;
use super::cx::{Cx, join, negate};
use super::elements::What;
use super::except::is_expectancy;
use super::leaf::{About, is_numeric};
use super::lexicon::Class;
use super::measured::{is_past_window, measure};
use super::mods::Mods;
use super::unit::Piece;
use crate::tree::{Anchor, Kind, Node, Op, Relation, Unread, When, Window};

impl Cx<'_> {
    /// Adds what stands around a constraint: facts before it, brackets, guards and times behind it.
    pub fn around(
        &mut self,
        (node, x, mut y): (Node, usize, usize),
        a: usize,
        b: usize,
        mods: &Mods,
    ) -> Piece {
        let mut node = node;
        self.apply_state(&mut node, mods, a, x);
        if let Some(when) = mods.time().filter(|when| is_past_window(when)) {
            measure(&mut node, when);
        }
        let mut nodes = Vec::new();
        let mut defines = false;
        // `non-smoking adults aged 18 to 50`: what is denied is not the age.
        let own =
            mods.neg && matches!(&node.op, Op::Cmp(cmp) if matches!(&*cmp.var.0, "age" | "weight" | "bmi"));
        let case = self.sex_case(x, y, a, b);
        let people = if case.is_some() || x == a { None } else { self.only_sex(a, x) };
        if x > a {
            // `severe level (TCSS ≥ 12)`, `heart failure (NYHA III)`
            let open =
                (a..x).rev().find(|&i| matches!(self.what(i), What::Open)).filter(|&i| self.close(i, b) > x);
            let head_end = open.unwrap_or(x);
            if let Some(open) = open {
                let close = self.close(open, b);
                // `diabetic patients (age 19-65)`: an age defines nothing.
                let age = is_age(&node) && (a..open).any(|i| self.is_of_people(i));
                if !age && (self.is_empty(open + 1, x) || open + 1 == x) {
                    self.flag("definition", open, close, "a bracket that defines");
                    defines = true;
                }
                // `hypertension (systolic > 150, or diastolic > 90)`: all of the bracket is one.
                if y < close
                    && let Some(inner) = self.values_of(open, close)
                {
                    (node, y) = (inner, close);
                }
            }
            if self.has_fact(a, head_end)
                && let Piece::Node(head) =
                    self.facts(a, head_end, if own { mods.clone() } else { mods.affirmed() })
            {
                nodes.push(head);
            }
        }
        // What precedes is no known condition: the constraint stands alone.
        if defines
            && matches!(nodes.as_slice(), [Node { op: Op::Has(has), .. }] if has.concept.0.starts_with("text:"))
        {
            // `ascites that causes distress (grade 2 or worse dyspnea)`: what is known of it is not in the tree.
            if (a..x).any(|i| self.is_disease(i)) {
                let end = (a..x).rev().find(|&i| matches!(self.what(i), What::Open)).unwrap_or(x);
                self.leave_unread(a, end, Unread::Condition, "not read");
            }
            nodes.clear();
            self.label(a, x);
        }
        if let (true, [Node { op: Op::Has(has), .. }]) = (defines, nodes.as_mut_slice()) {
            has.defined_by = Some(Box::new(node));
            nodes =
                nodes.into_iter().map(|node| if own { node } else { self.with_mods(node, mods) }).collect();
        } else {
            let headed = !nodes.is_empty();
            // `no heart failure of NYHA class III`, `no NYHA class III heart disease`: both together.
            let staged = self.staged(y, b);
            if let Some((mut disease, end)) = staged {
                // `no prior grade 3 neuropathy`
                if let Op::Has(has) = &mut disease.op {
                    mods.onto(has);
                }
                nodes.insert(0, disease);
                y = end;
            }
            nodes.push(node);
            // `no grade 3 neuropathy with diabetes`: what it comes with is denied together with it.
            if mods.neg && !own && self.is(y, Class::With) && self.has_fact(y + 1, b) {
                if let Piece::Node(more) = self.unit(y, b, &Mods::default()) {
                    nodes.push(more);
                }
                y = b;
            }
            let Some(node) = join(std::mem::take(&mut nodes), false, "structure.with") else {
                return Piece::None;
            };
            let node = if own && headed { node } else { self.with_mods(node, mods) };
            nodes.push(match (people, case) {
                (Some(sex), _) => of_sex(sex, node, PEOPLE),
                (None, Some((sex, end))) => {
                    // `ASA II or III females` are people; `≥ 11 g/dL in women` is a case.
                    let people = matches!(node.op, Op::Coded(_)) && end == y + 1;
                    y = end;
                    of_sex(sex, node, if people { PEOPLE } else { CASE })
                }
                (None, None) => node,
            });
        }
        self.behind(y, b, &mut nodes);
        match join(nodes, false, "structure.with") {
            Some(node) => Piece::Node(node),
            None => Piece::None,
        }
    }

    /// What a bracket says, if that is nothing but values.
    pub fn values_of(&mut self, open: usize, close: usize) -> Option<Node> {
        let (flags, residue) = (self.flags.len(), self.residue.len());
        let inner = self.list(open + 1, close.saturating_sub(1)).filter(defines);
        if inner.is_none() {
            self.flags.truncate(flags);
            self.residue.truncate(residue);
        }
        inner
    }

    /// `women aged 18 to 65`: in an inclusion, people of one sex only.
    pub fn only_sex(&mut self, a: usize, b: usize) -> Option<Node> {
        if self.or_by_default() || (a..b).any(|i| self.is(i, Class::TrueSex)) {
            return None;
        }
        let mut named = (a..b).filter(|&i| matches!(self.what(i), What::Var(v) if v.id == "sex"));
        let at = named.next()?;
        if named.next().is_some() {
            return None;
        }
        self.sex(at)
    }

    /// Whether a fact is named in `a..b`: a condition, a drug, not a variable of numbers.
    pub fn has_fact(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| match self.what(i) {
            What::Var(v) => !is_numeric(v) && v.id != "sex",
            What::Named(id) => super::leaf::kind_of_named(id).is_some_and(|k| k == Kind::Condition),
            _ => false,
        })
    }

    /// Whether a fact of any kind is named in `a..b`.
    fn names_a_fact(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| match self.what(i) {
            What::Var(v) => !is_numeric(v) && v.id != "sex",
            What::Named(id) => super::leaf::kind_of_named(id).is_some(),
            _ => false,
        })
    }

    /// Whether a word tells that what people have or undergo follows.
    fn leads_on(&self, i: usize) -> bool {
        const WORDS: [&str; 13] = [
            "undergoing",
            "who are",
            "who have",
            "that have",
            "having",
            "admitted for",
            "hospitalized for",
            "hospitalized with",
            "presenting with",
            "diagnosed with",
            "suffering from",
            "referred for",
            "treated for",
        ];
        self.is(i, Class::Future) || self.word_is(i, &WORDS)
    }

    /// Whether a length of time counts from something that is none of the study's times.
    fn is_time_of_another(&self, i: usize, y: usize, b: usize) -> bool {
        let age = self.time(i).is_none_or(|quant| quant.age);
        let from = matches!(self.class(i + 1), Some(Class::After | Class::Since | Class::Before));
        !age && (i > y && self.is(i - 1, Class::Within) || from && i + 2 < b)
    }

    /// What stands behind a constraint.
    fn behind(&mut self, y: usize, b: usize, nodes: &mut Vec<Node>) {
        let mut i = y;
        while i < b {
            match self.what(i) {
                What::Close => i += 1,
                What::Open => {
                    let close = self.close(i, b);
                    self.bracket_behind(i, close, nodes);
                    i = close;
                }
                What::Lex(Class::True, _) => {
                    let end = self.find(i + 1, b, |w| matches!(w, What::Open | What::Lex(Class::ForTime, _))).unwrap_or(b);
                    let end = (i + 1..end).find(|&k| matches!(self.what(k), What::Open)).unwrap_or(end);
                    nodes.push(self.node(Op::True { var: None, text: self.raw(i, end) }, i, end, "scope.unrestricted"));
                    i = end;
                }
                // Values without anything between them: `platelets ≥ 50 hemoglobin ≥ 8`.
                What::Var(v) if is_numeric(v) && (i..b).any(|k| matches!(self.what(k), What::Quant(_))) => {
                    nodes.extend(self.list(i, b));
                    return;
                }
                What::Word if (i + 1..b.min(i + 5)).any(|k| matches!(self.what(k), What::Quant(q) if !self.e.quants[q as usize].bare && !self.e.quants[q as usize].is_time())) => {
                    nodes.extend(self.list(i, b));
                    return;
                }
                What::Lex(Class::If, _) if self.has_fact(i + 1, b) => {
                    let guard = self.facts(i + 1, b, Mods::default());
                    self.label(i, i + 1);
                    if let (Piece::Node(guard), Some(last)) = (guard, nodes.pop()) {
                        let node = if self.or_by_default() {
                            join(vec![guard, last], false, "structure.guard")
                        } else {
                            join(vec![negate(guard), last], true, "structure.guard")
                        };
                        nodes.extend(node);
                    }
                    return;
                }
                What::Lex(Class::With | Class::Need | Class::Treat, _) if self.has_fact(i, b) => {
                    if let Piece::Node(more) = self.unit(i, b, &Mods::default()) {
                        nodes.push(more);
                    }
                    return;
                }
                // `adults aged 18 to 65 without asthma`
                What::Lex(Class::Neg, _) if self.word_is(i, &["without"]) && self.names_a_fact(i + 1, b) => {
                    if let Piece::Node(more) = self.unit(i, b, &Mods::default()) {
                        nodes.push(more);
                    }
                    return;
                }
                // `aged 18 to 75 years, undergoing hip surgery`
                What::Lex(Class::Skip | Class::Future, _) if self.leads_on(i) && self.names_a_fact(i, b) => {
                    if let Piece::Node(more) = self.unit(i, b, &Mods::default()) {
                        nodes.push(more);
                    }
                    return;
                }
                // `cervical length 15-25 mm at 16-24 weeks of gestation`
                What::Quant(q) if self.variable_behind(i, b, q as usize).is_some() => {
                    let found = self.variable_behind(i, b, q as usize);
                    let Some((about, end)) = found else { return };
                    nodes.push(self.compare(&about, q as usize, i, end));
                    i = end;
                }
                What::Lex(Class::Within | Class::Before | Class::During, _) | What::Quant(_) => {
                    match self.window(i, b) {
                        Some(read) => {
                            self.time_of_values(i, &read, nodes);
                            i = read.end;
                        }
                        // `within 30 days of the start of treatment`: of a time that is none of the study.
                        None if self.is_time_of_another(i, y, b) => {
                            let end = self.find(i, b, |w| matches!(w, What::Comma | What::Open)).unwrap_or(b);
                            let from = i - usize::from(i > y && self.is(i - 1, Class::Within));
                            let why = "from a time that is none of the study";
                            self.leave_unread(from, end, Unread::Condition, why);
                            i = end;
                        }
                        None => i += 1,
                    }
                }
                // `patients weighing more than 300 pounds will be excluded`
                What::Lex(Class::Excluded, _) if !self.or_by_default() => {
                    let said = join(std::mem::take(nodes), false, "structure.and");
                    nodes.extend(said.map(negate));
                    self.flag("post_exception", i, i + 1, "excluded stands behind its list");
                    i += 1;
                }
                What::Lex(Class::ForTime | Class::Stable | Class::If, _) if self.time(i + 1).is_some() => {
                    self.steady(i, nodes);
                    i += 2;
                }
                _ => i += 1,
            }
        }
    }

    /// `for at least 3 months`: how long a value has been so; what was excluded with it, over the same time.
    fn steady(&mut self, i: usize, nodes: &mut [Node]) {
        let What::Quant(q) = self.what(i + 1) else { return };
        let extent = self.extent(q as usize);
        let Some(Node { op: Op::Cmp(cmp), .. }) = nodes.first_mut() else { return };
        cmp.stable_for = Some(extent.clone());
        let Some(length) = extent.lo.or(extent.hi) else { return };
        let window = Window { value: length.value, unit: extent.unit, incl: true };
        let when = When { window: Some(window), relation: Relation::Before, anchor: Some(Anchor::Screening) };
        let mut excluded = false;
        for node in &mut *nodes {
            if let Op::Not(arg) = &mut node.op {
                excluded = true;
                set_when(arg, &when);
            }
        }
        if excluded {
            self.flag("ambiguous_scope", i, i + 2, "over the same time, or at any");
            self.flag("implicit_reference", i, i + 2, "from when is not printed");
            self.leave(i, i + 2, "whether what is excluded is barred over the same time");
        }
    }

    /// A bracket behind a value: a method, another constraint, or a remark.
    fn bracket_behind(&mut self, open: usize, close: usize, nodes: &mut Vec<Node>) {
        let (x, y) = (open + 1, close.saturating_sub(1).max(open + 1));
        if (x..y).any(|i| self.word_is(i, &["mdrd"]))
            && let Some(Op::Cmp(cmp)) = nodes.last_mut().map(|n| &mut n.op)
        {
            cmp.method = Some("MDRD".to_owned());
            return;
        }
        // `(obtained ≤ 7 days prior to registration)`
        if let Some((at, read)) = self.past_time(x, y) {
            return self.time_of_values(at, &read, nodes);
        }
        // `CD4 > 200 (ages 2-5) or > 100 (over 5)`: a value for people of an age.
        if let Some(last) = nodes.pop_if(|last| only_values(last) && !is_age(last)) {
            match self.age_of_a_case(&last, x, y) {
                Some(age) => return nodes.push(of_people(age, last)),
                None => nodes.push(last),
            }
        }
        // `(A, B and C excluded)`
        if let Some(at) = (x..y).find(|&i| self.is(i, Class::Excluded)) {
            if let Some(list) = self.list(x, at) {
                let list = match list.op {
                    Op::And(args) => Node { op: Op::Or(args), ..list },
                    op => Node { op, ..list },
                };
                self.flag("post_exception", at, close, "excluded stands behind its list");
                nodes.push(negate(list));
            }
            return;
        }
        // `(excluding women with a BMI under 20)`, `(except in Gilbert's syndrome)`
        if let Some(at) = (x..y).find(|&i| !self.is_empty(i, i + 1))
            && let Some(class @ (Class::Excluding | Class::Except)) = self.class(at)
        {
            if nodes.last().is_some_and(is_expectancy) {
                return self.leave_out(at, y);
            }
            let Some(inner) = self.clause(at + 1, y) else { return };
            if class == Class::Excluding && !self.or_by_default() {
                nodes.push(negate(inner));
            } else if let Some(last) = nodes.pop() {
                nodes.extend(self.without(last, any_of(inner)));
            }
            return;
        }
        // `(≥ 1.5 × 10⁹/L)` repeats the value in another unit.
        if (x..y).any(|i| matches!(self.what(i), What::Quant(q) if !self.e.quants[q as usize].bare && !self.e.quants[q as usize].is_time()))
            && (x..y).any(|i| matches!(self.what(i), What::Var(v) if is_numeric(v)) || matches!(self.what(i), What::Word))
            && let Some(node) = self.list(x, y)
            && only_values(&node)
        {
            let or = self.is(x, Class::Or);
            match nodes.pop() {
                Some(last) if or => nodes.extend(join(vec![last, node], true, "structure.or")),
                last => nodes.extend(last.into_iter().chain([node])),
            }
        }
    }

    /// An age, if a bracket says nothing else: `(ages 2-5)`, behind a score of performance also `(over 10 years)`.
    fn age_of_a_case(&mut self, value: &Node, x: usize, y: usize) -> Option<Node> {
        let named = (x..y).any(|i| matches!(self.what(i), What::Var(v) if v.id == "age"));
        let other = |i: usize| !self.is_empty(i, i + 1) && !matches!(self.what(i), What::Quant(_));
        let at = (x..y).find(|&i| self.time(i).is_some())?;
        let plain = (x..y).all(|i| i == at || !other(i) && self.time(i).is_none() || self.is_person_age(i));
        let scored = matches!(&value.op, Op::Cmp(cmp) if &*cmp.var.0 == "karnofsky")
            && self.time(at).is_some_and(|quant| quant.unit.is_some_and(|unit| unit.as_str() == "a"));
        let What::Quant(q) = self.what(at) else { return None };
        let age = self.e.quants[q as usize].age || named || scored;
        let about = About::Known(vocabulary::variable::by_id("age")?);
        let last = self.last_value.take();
        let node = (plain && age).then(|| self.compare(&about, q as usize, at, at + 1));
        self.last_value = last;
        node
    }

    fn apply_state(&mut self, node: &mut Node, mods: &Mods, a: usize, x: usize) {
        let fasting = mods.fasting || (a..x).any(|i| self.is(i, Class::Fasting));
        if let Op::Cmp(cmp) = &mut node.op
            && (cmp.var.0.contains("fasting") || fasting && !cmp.var.0.starts_with("glucose"))
        {
            cmp.state = (cmp.var.0.as_ref() == "cpeptide_fasting").then(|| "fasting".to_owned());
        }
    }

    pub fn with_mods(&self, node: Node, mods: &Mods) -> Node {
        if mods.neg { negate(node) } else { node }
    }
}

/// Whether a node may define what a name means: values, or values and facts that are known of which one is enough.
pub fn defines(node: &Node) -> bool {
    let (mut values, mut known) = (0, true);
    node.each(&mut |n| match &n.op {
        Op::Cmp(_) | Op::Coded(_) | Op::Change(_) => values += 1,
        Op::Has(has) => known &= !has.concept.0.starts_with("text:"),
        Op::And(_) | Op::Or(_) | Op::Ambiguous(_) => {}
        _ => known = false,
    });
    only_values(node) || matches!(node.op, Op::Or(_)) && values > 0 && known
}

/// Whether a node says nothing but values.
pub fn only_values(node: &Node) -> bool {
    match &node.op {
        Op::Cmp(_) | Op::Coded(_) | Op::Change(_) => true,
        Op::And(args) | Op::Or(args) | Op::Ambiguous(args) => args.iter().all(only_values),
        _ => false,
    }
}

/// Whether a node is an age.
pub fn is_age(node: &Node) -> bool {
    matches!(&node.op, Op::Cmp(cmp) if &*cmp.var.0 == "age")
}

fn set_when(node: &mut Node, when: &When) {
    match &mut node.op {
        Op::Has(has) => has.when = Some(when.clone()),
        Op::Or(args) | Op::And(args) => args.iter_mut().for_each(|arg| set_when(arg, when)),
        _ => {}
    }
}
