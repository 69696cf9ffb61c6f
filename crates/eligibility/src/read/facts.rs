//! Facts: what is named, and what is said of it before, behind and in brackets.

use vocabulary::variable::Kind as VarKind;

use super::cx::{Cx, join, negate};
use super::elements::What;
use super::leaf::{is_numeric, kind_of, kind_of_mesh, positive_by_name};
use super::lexicon::Class;
use super::unit::{Mods, Piece, allergen, only_values};
use crate::tree::{Code, Coded, Concept, Has, Kind, Node, Op, Reason, Relation, Var, When};

/// What is gathered of one fact.
#[derive(Default)]
struct Draft {
    /// The elements that name it.
    name: Option<(usize, usize)>,
    /// Brackets behind the name.
    brackets: Vec<(usize, usize)>,
    /// More that must hold, too.
    also: Vec<Node>,
    /// What a treatment behind `requiring` is.
    examples: Vec<String>,
    open: bool,
    evidence: Option<String>,
}

impl Cx<'_> {
    /// Reads elements that name a fact.
    pub fn facts(&mut self, a: usize, b: usize, mods: Mods) -> Piece {
        let mut mods = mods;
        let mut draft = Draft::default();
        let mut i = self.more_prefix(a, b, &mut mods);
        while i < b {
            i = self.fact_part(i, a, b, &mut mods, &mut draft);
        }
        self.finish(draft, a, b, mods)
    }

    fn more_prefix(&mut self, a: usize, b: usize, mods: &mut Mods) -> usize {
        let mut i = a;
        while i < b {
            match self.what(i) {
                What::Lex(Class::Severe, _) => mods.severe(),
                What::Lex(Class::Control, value) => mods.control(value),
                What::Lex(Class::Ever, _) => mods.ever(),
                What::Lex(Class::Skip | Class::If, _) => {}
                What::Lex(Class::Positive, _) => mods.resulted("positive"),
                What::Lex(Class::Negative, _) => mods.resulted("negative"),
                _ => break,
            }
            i += 1;
        }
        i
    }

    /// Takes the element at `i` into the draft; returns where to go on.
    fn fact_part(&mut self, i: usize, a: usize, b: usize, mods: &mut Mods, draft: &mut Draft) -> usize {
        let named = draft.name.is_some();
        match self.what(i) {
            What::Open => {
                let close = self.close(i, b);
                // `dipeptidyl peptidase-4 (DPP-4) inhibitor`: the name goes on behind an acronym.
                let inner = named && close - i <= 4 && self.goes_on_behind(close, b);
                if !inner {
                    draft.brackets.push((i, close));
                }
                close
            }
            What::Lex(class, value) => match class {
                Class::Within | Class::Before | Class::During | Class::After | Class::Since => {
                    match self.window(i, b) {
                        Some(read) => self.take_window(read, i, mods),
                        None => self.content(i, draft, false),
                    }
                }
                Class::ForTime if self.time(i + 1).is_some() => self.lasts(i + 1, draft, mods),
                Class::Ever if named => {
                    mods.ever();
                    i + 1
                }
                Class::Positive => {
                    mods.resulted("positive");
                    i + 1
                }
                Class::Negative => {
                    mods.resulted("negative");
                    i + 1
                }
                Class::Severe if !named => {
                    mods.severe();
                    i + 1
                }
                Class::Control if !named => {
                    mods.control(value);
                    i + 1
                }
                Class::Site if named && self.is(i.wrapping_sub(1), Class::If) => {
                    mods.site(value);
                    i + 1
                }
                Class::Excluded => {
                    mods.deny();
                    self.flag("post_exception", i, i + 1, "excluded stands behind its list");
                    i + 1
                }
                Class::Neg if named && i + 1 >= b => {
                    mods.deny();
                    i + 1
                }
                Class::Need if named => {
                    self.need(i + 1, b, draft);
                    b
                }
                Class::With if named => {
                    self.with(i + 1, b, draft);
                    b
                }
                Class::Treat if named && self.says_something(i + 1, b) && !mods.is_treatment() => {
                    self.with(i, b, draft);
                    b
                }
                Class::Examples | Class::Including | Class::Open => {
                    draft.examples = self.listed(i + 1, b);
                    draft.open = true;
                    b
                }
                Class::Etc => {
                    draft.open = true;
                    i + 1
                }
                Class::If | Class::Skip if named && self.is_evidence(i) => {
                    let (x, y) = self.trim(i + 1, b);
                    draft.evidence = Some(self.raw(x, y));
                    b
                }
                Class::Panel => self.content(i, draft, true),
                Class::Vague => {
                    self.leave(i, i + 1, "vague");
                    i + 1
                }
                Class::Form if named => {
                    mods.form(value);
                    i + 1
                }
                Class::Ge
                | Class::Gt
                | Class::Le
                | Class::Lt
                | Class::Eq
                | Class::Between
                | Class::To
                | Class::ForTime
                    if named && self.only_empty(i + 1, b) =>
                {
                    i + 1
                }
                Class::Skip | Class::If | Class::Incl | Class::And | Class::Or | Class::AndOr => i + 1,
                Class::HumanClinical | Class::HumanOpen
                    if !named && i + 1 < b && self.says_something(i + 1, b) =>
                {
                    i + 1
                }
                Class::HumanClinical | Class::HumanOpen if named && self.only_empty(i, b) => {
                    self.tail(i, draft)
                }
                _ => self.content(i, draft, false),
            },
            What::Quant(_) => match (self.time(i).is_some(), self.window(i, b)) {
                (true, Some(read)) => self.take_window(read, i, mods),
                (true, None) => self.lasts(i, draft, mods),
                _ if named => {
                    self.leave(i, i + 1, "the amount is not part of the tree");
                    i + 1
                }
                _ => self.content(i, draft, false),
            },
            What::Word | What::Mesh(_) => self.content(i, draft, true),
            // The name itself is all that is known of it.
            What::Var(v) if v.id == "sex" => {
                let alone = !named && self.only_empty(i + 1, b) && self.only_empty(a, i);
                if alone { self.content(i, draft, true) } else { i + 1 }
            }
            What::Var(_) => self.content(i, draft, true),
            _ => i + 1,
        }
    }

    /// Whether the name goes on behind a bracket.
    fn goes_on_behind(&self, i: usize, b: usize) -> bool {
        i < b
            && matches!(self.what(i), What::Word | What::Mesh(_) | What::Lex(Class::HumanOpen, _))
            && super::list::ends_name(self, i, b)
    }

    fn only_empty(&self, a: usize, b: usize) -> bool {
        (a..b).all(|i| self.is_empty(i, i + 1) || matches!(self.class(i), Some(Class::HumanOpen)))
    }

    /// A word such as `disease` or `disorder` behind a name belongs to it.
    fn tail(&self, i: usize, draft: &mut Draft) -> usize {
        if let Some((_, end)) = &mut draft.name
            && *end == i
        {
            *end = i + 1;
        }
        i + 1
    }

    /// Adds an element to the name.
    fn content(&self, i: usize, draft: &mut Draft, counts: bool) -> usize {
        match &mut draft.name {
            Some((_, end)) => *end = i + 1,
            None if counts => draft.name = Some((i, i + 1)),
            None => {}
        }
        i + 1
    }

    fn take_window(&mut self, read: super::when::Read, i: usize, mods: &mut Mods) -> usize {
        if read.longer_ago {
            self.leave(i, read.end, "longer ago than a time: not part of the tree");
            return read.end;
        }
        let mut when = read.when;
        if matches!(when, When { relation: Relation::Before, .. })
            && mods.is_future()
            && when.window.is_some()
        {
            when.relation = Relation::After;
        }
        if read.implicit {
            self.flag("implicit_reference", i, read.end, "from when is not printed");
        }
        mods.at(when);
        read.end
    }

    fn lasts(&mut self, i: usize, draft: &mut Draft, mods: &mut Mods) -> usize {
        if let What::Quant(q) = self.what(i) {
            let extent = self.extent(q as usize);
            mods.last(extent);
        }
        let _ = draft;
        i + 1
    }

    /// `requiring laser treatment`
    fn need(&mut self, a: usize, b: usize, draft: &mut Draft) {
        if let Piece::Node(node) = self.unit(a, b, &Mods::default()) {
            draft.also.push(as_need(node));
        }
    }

    fn with(&mut self, a: usize, b: usize, draft: &mut Draft) {
        if let Piece::Node(node) = self.unit(a, b, &Mods::default()) {
            draft.also.push(node);
        }
    }

    fn is_evidence(&self, i: usize) -> bool {
        self.word_is(i, &["on"])
            && (i + 1..i + 6).any(|k| {
                self.word_is(
                    k,
                    &[
                        "ecg",
                        "electrocardiogram",
                        "mri",
                        "ct",
                        "echocardiography",
                        "ultrasound",
                        "imaging",
                        "x-ray",
                        "lead",
                    ],
                )
            })
    }

    fn finish(&mut self, draft: Draft, a: usize, b: usize, mut mods: Mods) -> Piece {
        let Some((x, y)) = draft.name else { return self.nameless(draft, a, b, &mods) };
        let (x, y) = self.name_bounds(x, y);
        if x >= y {
            return self.nameless(draft, a, b, &mods);
        }
        let duration = mods.lasted();
        let mut node = self.named(x, y, &mods);
        self.decorate(&mut node, &draft, &mods);
        if let Some(extent) = duration {
            node = self.lasted(node, extent, x, y);
        }
        let mut nodes = vec![node];
        nodes.extend(draft.also);
        let Some(node) = join(nodes, false, "structure.with") else { return Piece::None };
        Piece::Node(if mods.denies() { negate(node) } else { node })
    }

    /// A name without the vague words and determiners at its ends.
    fn name_bounds(&self, mut x: usize, mut y: usize) -> (usize, usize) {
        while x < y
            && (self.is(x, Class::Skip) || matches!(self.what(x), What::Dash | What::Comma | What::Other))
        {
            x += 1;
        }
        while y > x
            && (self.is(y - 1, Class::Skip)
                || self.is(y - 1, Class::If)
                || matches!(self.what(y - 1), What::Dash | What::Comma | What::Other))
        {
            y -= 1;
        }
        (x, y)
    }

    /// Nothing is named: a result alone, words for a person, or nothing.
    fn nameless(&mut self, draft: Draft, a: usize, b: usize, mods: &Mods) -> Piece {
        if let Some(&(open, close)) = draft.brackets.first()
            && self.says_something(open + 1, close)
            && let Some(node) = self.clause(open + 1, close.saturating_sub(1))
        {
            return Piece::Node(if mods.denies() { negate(node) } else { node });
        }
        if let Some(node) = join(draft.also, false, "structure.with") {
            return Piece::Node(node);
        }
        let soft = (a..b).any(|i| {
            matches!(
                self.class(i),
                Some(
                    Class::HumanClinical
                        | Class::HumanOpen
                        | Class::HumanSubjective
                        | Class::HumanConsent
                        | Class::HumanOpinion
                        | Class::HumanInvestigator
                        | Class::Abnormal
                        | Class::Future
                )
            )
        });
        if soft || (a..b).any(|i| matches!(self.what(i), What::Word | What::Quant(_))) {
            let reason = self.reason(a, b);
            if reason == Reason::NotInRecord
                && (a..b).any(|i| matches!(self.what(i), What::Word | What::Quant(_)))
            {
                return Piece::Node(self.words_alone(a, b));
            }
            return Piece::Node(self.human(reason, a, b, "rest.words"));
        }
        Piece::None
    }

    fn reason(&self, a: usize, b: usize) -> Reason {
        for i in a..b {
            match self.class(i) {
                Some(Class::HumanConsent) => return Reason::Consent,
                Some(Class::HumanSubjective) => return Reason::Subjective,
                Some(Class::HumanInvestigator) => return Reason::InvestigatorJudgement,
                _ => {}
            }
        }
        if (a..b).any(|i| self.is(i, Class::HumanClinical)) {
            Reason::ClinicalJudgement
        } else {
            Reason::NotInRecord
        }
    }

    /// The node of a name.
    fn named(&mut self, x: usize, y: usize, mods: &Mods) -> Node {
        if mods.is_allergy() {
            return self.allergy(x, y, mods);
        }
        if let Some(node) = self.coded_name(x, y, mods) {
            return node;
        }
        if let Some(node) = self.abnormal_name(x, y, mods) {
            return node;
        }
        if y == x + 1
            && let What::Var(v) = self.what(x)
            && is_numeric(v)
        {
            return self.variable_alone(&super::leaf::About::Known(v), x, y);
        }
        let mut has = self.fact(x, x, y);
        if has.concept.0.starts_with("text:") {
            self.slip(&mut has, x, y);
        }
        if &*has.concept.0 == "allergy" && y == x + 1 {
            has.concept = Concept("unspecified_allergen".into());
        }
        if &*has.concept.0 == "pregnancy_intent" && mods.time().is_none() {
            mods_time_future(&mut has);
        }
        let unknown = has.concept.0.starts_with("text:");
        if mods.is_treatment() && unknown && matches!(has.kind, Kind::Condition | Kind::Finding) {
            has.kind = Kind::Treatment;
        }
        if mods.is_need() {
            has.kind = Kind::Need;
        }
        if mods.is_family() {
            has.concept = Concept(format!("text:family history of {}", self.normal_words(x, y)).into());
            has.kind = Kind::Finding;
        }
        mods.onto(&mut has);
        if let (true, Some(when)) = (&*has.concept.0 == "pregnancy_intent", &mut has.when)
            && when.window.is_some()
        {
            when.relation = Relation::After;
        }
        self.node(Op::Has(Box::new(has)), x, y, "fact.name")
    }

    /// A name with a slip of one letter is the name of the catalogue, and says so.
    fn slip(&mut self, has: &mut Has, x: usize, y: usize) {
        if y - x > 4 || !(x..y).any(|i| matches!(self.what(i), What::Word)) {
            return;
        }
        let normal = self.normal_words(x, y);
        let words: Vec<String> = normal.split(' ').map(str::to_owned).collect();
        for (i, word) in words.iter().enumerate() {
            let Some(meant) = super::lexicon::slip_of(word) else { continue };
            let mut corrected = words.clone();
            corrected[i] = meant.to_owned();
            let Some(super::lexicon::Phrase::Var(v)) = super::lexicon::exactly(&corrected.join(" ")) else {
                continue;
            };
            has.kind = kind_of(v);
            has.concept = Concept(v.id.into());
            if let Some(at) = (x..y).find(|&k| {
                self.read(k, k + 1).to_ascii_lowercase().starts_with(word.get(..6).unwrap_or(word))
            }) {
                self.flag("typo", at, at + 1, "a slip of one letter");
            }
            return;
        }
    }

    /// An allergy to what is named.
    fn allergy(&mut self, x: usize, y: usize, mods: &Mods) -> Node {
        let words = self.normal_words(x, y);
        let mut has = self.fact(x, x, y);
        if let Some(variable) = allergen(&words) {
            has.concept = Concept(variable.id.into());
        } else if has.concept.0.starts_with("text:") || y > x + 1 {
            has.concept = Concept(format!("text:{words}").into());
        }
        has.kind = Kind::Allergy;
        mods.onto(&mut has);
        self.node(Op::Has(Box::new(has)), x, y, "fact.allergy")
    }

    /// A coded variable with a result, printed or meant: `positive HIV antibodies`, `HIV`.
    fn coded_name(&mut self, x: usize, y: usize, mods: &Mods) -> Option<Node> {
        let at = (x..y).find(|&i| matches!(self.what(i), What::Var(v) if v.kind == VarKind::Coded))?;
        let What::Var(variable) = self.what(at) else { return None };
        if variable.id == "sex" {
            return (y == x + 1).then(|| self.sex(at)).flatten();
        }
        let infection =
            (x..y).any(|i| i != at && matches!(self.what(i), What::Var(v) if v.id == "infection"));
        if infection && !positive_by_name(variable) {
            let text = self.raw(x, y);
            let mut has = Has::new(Kind::Condition, Concept(variable.id.into()), text);
            mods.onto(&mut has);
            return Some(self.node(Op::Has(Box::new(has)), x, y, "fact.infection"));
        }
        if y > x + 1 && !self.is_test_name(x, y, at) {
            return None;
        }
        if mods.result().is_none() && !positive_by_name(variable) {
            return None;
        }
        let (from, to) = self.with_result(x, y);
        let text = self.raw(from, to);
        let coded = mods.coded(variable, text)?;
        Some(self.node(Op::Coded(Box::new(coded)), from, to, "code.result"))
    }

    /// Whether the other words of a name only say that it is a test: `antibody`, `test`, `serology`.
    fn is_test_name(&self, x: usize, y: usize, at: usize) -> bool {
        (x..y).all(|i| {
            i == at
                || self.is_empty(i, i + 1)
                || self.is(i, Class::Specimen)
                || self.is(i, Class::Positive)
                || self.is(i, Class::Negative)
                || matches!(self.what(i), What::Var(v) if v.id == "infection")
                || self.word_is(
                    i,
                    &[
                        "antibody",
                        "antigen",
                        "test",
                        "serology",
                        "rna",
                        "dna",
                        "status",
                        "virus",
                        "result",
                        "infection",
                        "screen",
                        "screening",
                    ],
                )
                || matches!(self.what(i), What::Mesh(_))
                    && self.word_is(i, &["antibody", "antibodies", "antigen", "serology"])
        })
    }

    /// A name with the words before and behind it that give its result and specimen.
    fn with_result(&self, x: usize, y: usize) -> (usize, usize) {
        let says =
            |i: usize| matches!(self.class(i), Some(Class::Positive | Class::Negative | Class::Specimen));
        let (mut from, mut to) = (x, y);
        while from > 0 && says(from - 1) {
            from -= 1;
        }
        while says(to) {
            to += 1;
        }
        (from, to)
    }

    fn sex(&mut self, at: usize) -> Option<Node> {
        let word = self.read(at, at + 1).to_ascii_lowercase();
        let value = if word.starts_with("fem") || word.starts_with("wom") {
            "female"
        } else if word.starts_with("mal") || word.starts_with("men") || word.starts_with("man") {
            "male"
        } else {
            return None;
        };
        let coded = Coded {
            var: Var("sex".into()),
            values: vec![Code::Word(value.to_owned())],
            specimen: None,
            text: self.raw(at, at + 1),
        };
        Some(self.node(Op::Coded(Box::new(coded)), at, at + 1, "code.sex"))
    }

    /// `abnormal coagulation`: the disease, or a laboratory value outside its range.
    fn abnormal_name(&mut self, x: usize, y: usize, mods: &Mods) -> Option<Node> {
        if !mods.is_abnormal() {
            return None;
        }
        if let Some(node) = self.panel(x, y) {
            return Some(node);
        }
        if y > x + 1 {
            return None;
        }
        match self.what(x) {
            What::Var(v) if is_numeric(v) => {
                let vars = vec![Var(v.id.into())];
                self.leave(x.saturating_sub(1), x, "no threshold: the laboratory's flag decides");
                Some(self.node(Op::Abnormal { vars }, x, y, "code.abnormal"))
            }
            _ => None,
        }
    }

    /// `abnormal liver function`: the disease by that name, if there is one, or a value outside its range.
    fn panel(&mut self, x: usize, y: usize) -> Option<Node> {
        let at = (x..y).find(|&i| self.is(i, Class::Panel))?;
        let What::Lex(_, values) = self.what(at) else { return None };
        let vars = values.split(',').map(|id| Var(id.into())).collect();
        let from = x.saturating_sub(1);
        self.leave(from, from + 1, "no threshold: the laboratory's flag decides");
        let abnormal = self.node(Op::Abnormal { vars }, from, y, "code.abnormal");
        let words = self.read(from, y);
        let mut nodes = Vec::new();
        let shorter = words.rsplit_once(' ').map_or(words, |(first, _)| first);
        let named = super::lexicon::exactly(words).or_else(|| super::lexicon::exactly(shorter));
        if let Some(super::lexicon::Phrase::Var(v)) = named {
            let has = Has::new(kind_of(v), Concept(v.id.into()), self.raw(from, y));
            nodes.push(self.node(Op::Has(Box::new(has)), from, y, "fact.name"));
        }
        nodes.push(abnormal);
        join(nodes, true, "code.abnormal")
    }

    /// Writes brackets, examples and evidence onto the fact.
    fn decorate(&mut self, node: &mut Node, draft: &Draft, mods: &Mods) {
        let mut inner = None;
        for &(open, close) in &draft.brackets {
            inner =
                inner.or_else(|| self.members_of(node, open, close)).or_else(|| self.bracket(open, close));
        }
        let Op::Has(has) = &mut node.op else { return };
        if !draft.examples.is_empty() {
            has.examples.clone_from(&draft.examples);
        }
        has.open_list |= draft.open && !has.examples.is_empty();
        if has.evidence.is_none() {
            has.evidence.clone_from(&draft.evidence);
        }
        match inner {
            Some(Bracket::Members(members)) => *node = members,
            // What precedes is no known condition: the constraint stands alone.
            Some(Bracket::Defines(inner)) if has.concept.0.starts_with("text:") => *node = inner,
            Some(Bracket::Defines(inner)) => has.defined_by = Some(Box::new(inner)),
            Some(Bracket::Examples(examples, open)) => {
                has.examples = examples;
                has.open_list = open;
            }
            Some(Bracket::Kinds(kinds)) => has.subtypes = kinds,
            Some(Bracket::Relax(inner)) => has.relax = Some(Box::new(inner)),
            None => {}
        }
        let _ = mods;
    }

    /// `infections (A, B, C)`: the class or any member; `drug treatment (A and B)`: the members.
    fn members_of(&mut self, node: &Node, open: usize, close: usize) -> Option<Bracket> {
        let Op::Has(has) = &node.op else { return None };
        let (x, y) = (open + 1, close.saturating_sub(1).max(open + 1));
        if (x..y).any(|i| {
            matches!(self.class(i), Some(Class::Examples | Class::Etc | Class::Open))
                || matches!(self.what(i), What::Quant(_))
        }) {
            return None;
        }
        let named = (x..y).filter(|&i| is_fact_heading(self.what(i))).count();
        let treatment = matches!(has.kind, Kind::Treatment) && has.concept.0.starts_with("text:");
        if named < if treatment { 1 } else { 3 } {
            return None;
        }
        let members = self.list(x, y)?;
        if treatment {
            let drugs = matches!(&members.op, Op::Has(_) | Op::And(_) | Op::Or(_));
            return drugs.then_some(Bracket::Members(members));
        }
        self.flag("paren_list", open, close, "the class or any member");
        let members = match members.op {
            Op::And(args) => Node { op: Op::Or(args), ..members },
            op => Node { op, ..members },
        };
        join(vec![node.clone(), members], true, "structure.paren_list").map(Bracket::Members)
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
        if let Some(at) = (from..to).find(|&i| self.time(i).is_some())
            && (from..to).any(|i| self.word_is(i, &["washout", "wash"]))
            && let Some(quant) = self.time(at)
            && let Some(lo) = quant.lo
        {
            let unit = quant.unit.map_or_else(String::new, |u| u.as_str().to_owned());
            return Some(Bracket::Relax(self.node(Op::Washout { lo, unit }, at, at + 1, "time.washout")));
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
            && only_values(&node)
        {
            self.flag("definition", open, close, "a bracket that defines");
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

    /// A treatment that lasted, or a disease and how long somebody has had it.
    fn lasted(&mut self, node: Node, extent: crate::tree::Extent, x: usize, y: usize) -> Node {
        if let Op::And(args) = &node.op
            && args.iter().all(
                |arg| matches!(&arg.op, Op::Has(has) if matches!(has.kind, Kind::Drug | Kind::DrugClass)),
            )
        {
            let exposure = crate::tree::Exposure { to: node, duration: extent, concurrent: true };
            return self.node(Op::Exposure(Box::new(exposure)), x, y, "time.exposure");
        }
        let treatment = matches!(
            &node.op,
            Op::Has(has) if matches!(has.kind, Kind::Drug | Kind::DrugClass | Kind::Treatment | Kind::Procedure)
        );
        if treatment {
            let exposure = crate::tree::Exposure { to: node, duration: extent, concurrent: false };
            return self.node(Op::Exposure(Box::new(exposure)), x, y, "time.exposure");
        }
        let name = match &node.op {
            Op::Has(has) if has.concept.0.contains("ulcer") => "ulcer_duration",
            Op::Has(has) if matches!(&*has.concept.0, "diabetes" | "t1dm" | "t2dm") => "diabetes_duration",
            _ => {
                self.leave(x, y, "how long is not part of the tree");
                return node;
            }
        };
        let cmp = crate::tree::Cmp {
            var: Var(name.into()),
            lo: extent.lo,
            hi: extent.hi,
            unit: extent.unit,
            site: None,
            method: None,
            state: None,
            stable_for: None,
            canonical: None,
            repair: None,
        };
        let duration = self.node(Op::Cmp(Box::new(cmp)), x, y, "time.duration");
        join(vec![node.clone(), duration], false, "time.duration").unwrap_or(node)
    }
}

enum Bracket {
    /// What stands for the name, or is listed with it.
    Members(Node),
    Defines(Node),
    Relax(Node),
    Examples(Vec<String>, bool),
    Kinds(Vec<String>),
}

/// A plan is for the future, where its name says so: `planning`, `willing`.
fn mods_time_future(has: &mut Has) {
    let lower = has.text.to_ascii_lowercase();
    if ["plan", "willing", "intend", "wish", "desire", "try", "attempt"]
        .iter()
        .any(|word| lower.contains(word))
    {
        has.when = Some(When { window: None, relation: Relation::Future, anchor: None });
    }
}

/// A treatment that is needed.
fn as_need(node: Node) -> Node {
    match node.op {
        Op::Has(mut has) => {
            has.kind = Kind::Need;
            Node { op: Op::Has(has), ..node }
        }
        Op::Or(args) => Node { op: Op::Or(args.into_iter().map(as_need).collect()), ..node },
        Op::And(args) => Node { op: Op::And(args.into_iter().map(as_need).collect()), ..node },
        op => Node { op, ..node },
    }
}

/// Whether a heading can be a fact, for what reads names elsewhere.
pub fn is_fact_heading(what: What) -> bool {
    match what {
        What::Var(v) => !is_numeric(v) && kind_of(v) != Kind::Status,
        What::Mesh(id) => kind_of_mesh(id).is_some(),
        _ => false,
    }
}
