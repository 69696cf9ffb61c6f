//! Brackets behind a name: members, examples, kinds, a definition.

use vocabulary::variable::Kind as VarKind;

use super::around::{defines, is_age};
use super::clause::any_of;
use super::cx::{Cx, join, negate};
use super::elements::What;
use super::facts::{Draft, is_fact_heading};
use super::lexicon::Class;
use super::measured::is_past_window;
use crate::tree::{Kind, Node, Op, Reason, Unread, When};

impl Cx<'_> {
    /// Writes brackets, examples and evidence onto the fact.
    pub fn decorate(&mut self, node: &mut Node, draft: &Draft) {
        let mut inner = None;
        for &(open, close) in &draft.brackets {
            inner =
                inner.or_else(|| self.members_of(node, open, close)).or_else(|| self.bracket(open, close));
        }
        let time = draft.brackets.iter().find_map(|&(open, close)| self.time_in_bracket(open, close));
        let Op::Has(has) = &mut node.op else { return };
        if let Some(when) = time
            && has.when.as_ref().is_none_or(|own| own.window.is_none())
        {
            has.when = Some(when);
        }
        if !draft.examples.is_empty() {
            has.examples.clone_from(&draft.examples);
        }
        has.open_list |= draft.open && !has.examples.is_empty();
        if has.evidence.is_none() {
            has.evidence.clone_from(&draft.evidence);
        }
        match inner {
            Some(Bracket::Members(members)) => *node = members,
            // `diabetic patients (age 19-65)`: an age defines nothing.
            Some(Bracket::Defines(age)) if is_age(&age) => {
                node.span = node.span.join(age.span);
                let head = Node { op: std::mem::replace(&mut node.op, Op::And(Vec::new())), ..*node };
                node.op = Op::And(vec![head, age]);
            }
            // `diabetes (diet-controlled is allowed)`: and not what the bracket takes out.
            Some(Bracket::Without(inner)) => {
                let inner = self.permitted_elsewhere(inner);
                let both = join(vec![node.clone(), negate(inner)], false, "scope.except");
                if let Some(both) = both {
                    *node = both;
                }
            }
            // What precedes is no known condition: the constraint stands alone.
            Some(Bracket::Defines(inner)) if has.concept.0.starts_with("text:") => {
                *node = inner;
                self.labels.extend(draft.name);
            }
            Some(Bracket::Defines(inner)) => has.defined_by = Some(Box::new(inner)),
            Some(Bracket::Examples(examples, open)) => {
                has.examples = examples;
                has.open_list = open;
            }
            Some(Bracket::Kinds(kinds)) => has.subtypes = kinds,
            Some(Bracket::Relax(inner)) => has.relax = Some(Box::new(inner)),
            None => {}
        }
    }

    /// `infections (A, B, C)`: the class or any member; `drug treatment (A and B)`: the members.
    fn members_of(&mut self, node: &Node, open: usize, close: usize) -> Option<Bracket> {
        let Op::Has(has) = &node.op else { return None };
        let (x, y) = (open + 1, close.saturating_sub(1).max(open + 1));
        let first = (x..y).find(|&i| !self.is_empty(i, i + 1));
        if first.is_some_and(|i| matches!(self.class(i), Some(Class::Except | Class::Excluding)))
            || (x..y).any(|i| self.is(i, Class::Permit))
        {
            return None;
        }
        if (x..y).any(|i| {
            matches!(self.class(i), Some(Class::Examples | Class::Etc | Class::Open))
                || matches!(self.what(i), What::Quant(_))
        }) {
            return None;
        }
        let named = (x..y).filter(|&i| is_fact_heading(self.what(i))).count();
        let treatment = matches!(has.kind, Kind::Treatment | Kind::Drug | Kind::DrugClass)
            && has.concept.0.starts_with("text:");
        if named < if treatment { 1 } else { 3 } {
            return None;
        }
        let members = self.list(x, y)?;
        if treatment {
            let drugs = matches!(&members.op, Op::Has(_) | Op::And(_) | Op::Or(_));
            return drugs.then_some(Bracket::Members(members));
        }
        self.flag("paren_list", open, close, "the class or any member");
        let mut members = members;
        // `prior azoles (A, B, C)`: at the same time.
        if let Some(when) = &has.when {
            members.each_mut(&mut |node| match &mut node.op {
                Op::Has(member) if member.kind == has.kind => {
                    member.when.get_or_insert_with(|| when.clone());
                }
                _ => {}
            });
        }
        let members = match members.op {
            Op::And(args) => Node { op: Op::Or(args), ..members },
            op => Node { op, ..members },
        };
        join(vec![node.clone(), members], true, "structure.paren_list").map(Bracket::Members)
    }

    /// `infection (within 2 weeks)`, `(concurrent or within 2 weeks)`: a bracket that says when, and nothing else.
    fn time_in_bracket(&self, open: usize, close: usize) -> Option<When> {
        let (x, y) = (open + 1, close.saturating_sub(1).max(open + 1));
        let plain = |i: usize| {
            self.is_empty(i, i + 1)
                || matches!(self.class(i), Some(Class::Current | Class::Ever | Class::Or | Class::AndOr))
        };
        let at = (x..y).find(|&i| !plain(i))?;
        let read = self.window(at, y)?;
        (is_past_window(&read.when) && !read.longer_ago && (read.end..y).all(plain)).then_some(read.when)
    }

    /// A node with what a bracket behind it lists.
    pub fn bracket_members(&mut self, node: &Node, open: usize, close: usize) -> Option<Node> {
        match self.members_of(node, open, close)? {
            Bracket::Members(members) => Some(members),
            _ => None,
        }
    }

    /// What a bracket behind a name says.
    fn bracket(&mut self, open: usize, close: usize) -> Option<Bracket> {
        let (x, y) = (open + 1, close.saturating_sub(1).max(open + 1));
        if x >= y {
            return None;
        }
        let (mut from, to) = self.trim(x, y);
        if matches!(self.what(from), What::Lex(Class::Skip, "defines")) {
            (from, _) = self.trim(from + 1, to);
        }
        if let Some(at) = (from..to).find(|&i| self.time(i).is_some())
            && (from..to).any(|i| self.word_is(i, &["washout", "wash"]))
            && let Some(quant) = self.time(at)
            && let Some(lo) = quant.lo
        {
            let unit = quant.unit.map_or_else(String::new, |u| u.as_str().to_owned());
            return Some(Bracket::Relax(self.node(Op::Washout { lo, unit }, at, at + 1, "time.washout")));
        }
        if let Some(age) = self.age_of_a_group(from, to) {
            return Some(Bracket::Defines(age));
        }
        if matches!(self.class(from), Some(Class::Except | Class::Excluding)) {
            return self.clause(from + 1, to).map(any_of).map(Bracket::Without);
        }
        if (from..to).any(|i| self.is(i, Class::Permit)) {
            let permitted = self.human(Reason::NotInRecord, from, to, "scope.allowed_if");
            return Some(Bracket::Without(permitted));
        }
        let listed = (from..to).any(|i| matches!(self.class(i), Some(Class::Examples | Class::Etc)));
        if listed {
            while from < to
                && (self.is(from, Class::Examples) || matches!(self.what(from), What::Comma | What::Stop))
            {
                from += 1;
            }
            return Some(Bracket::Examples(self.listed(from, to), true));
        }
        let value = (from..to).any(|i| {
            matches!(self.what(i), What::Quant(_))
                || matches!(self.what(i), What::Var(v) if v.kind == VarKind::Ordinal)
        });
        if value
            && let Some(node) = self.list(from, to)
            && defines(&node)
        {
            if !is_age(&node) {
                self.flag("definition", open, close, "a bracket that defines");
            } else if !(self.first..open).any(|i| self.is_of_people(i)) {
                // `a recent (< 3 months old) value`: the age of something else.
                self.leave_unread(from, to, Unread::Condition, "not read");
                return None;
            }
            return Some(Bracket::Defines(node));
        }
        let kinds: Vec<usize> =
            self.places(from, to, |w| matches!(w, What::Comma | What::Lex(Class::Or | Class::And, _)));
        let adjectives = (from..to)
            .all(|i| matches!(self.what(i), What::Word | What::Comma | What::Lex(Class::Or | Class::And, _)))
            || (from..to).all(|i| !matches!(self.what(i), What::Var(_) | What::Quant(_)));
        if !kinds.is_empty() && adjectives {
            return Some(Bracket::Kinds(self.listed(from, to)));
        }
        None
    }
}

pub enum Bracket {
    /// What stands for the name, or is listed with it.
    Members(Node),
    Defines(Node),
    /// What is taken out of the name.
    Without(Node),
    Relax(Node),
    Examples(Vec<String>, bool),
    Kinds(Vec<String>),
}
