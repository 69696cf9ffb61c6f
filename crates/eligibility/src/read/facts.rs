//! Facts: what is named, and what is said of it before, behind and in brackets.
//!
//! ```text
//! facts = {result | severity | control} name {window | duration | bracket | result}
//!         ["requiring" unit | "with" unit | "such as" list | "on" evidence]
//! ```

use super::cases::{PEOPLE, of_sex};
use super::cx::{Cx, join, negate};
use super::duration::absent_for;
use super::elements::What;
use super::leaf::{is_numeric, kind_of, kind_of_named};
use super::lexicon::Class;
use super::measured::{is_past_window, measure};
use super::mods::Mods;
use super::unit::Piece;
use crate::tree::{Anchor, Bound, Code, Extent, Kind, Node, Op, Reason, Relation, Unread, Var, When, Window};

/// What is gathered of one fact.
#[derive(Default)]
pub struct Draft {
    /// The elements that name it.
    pub name: Option<(usize, usize)>,
    /// Brackets behind the name.
    pub brackets: Vec<(usize, usize)>,
    /// More that must hold, too.
    pub also: Vec<Node>,
    /// What a treatment behind `requiring` is.
    pub examples: Vec<String>,
    /// Whether the examples are not all.
    pub open: bool,
    /// How it must be shown.
    pub evidence: Option<String>,
    /// Whether a time or a verb stands behind the name, which does not go on behind it.
    pub timed: bool,
    /// The elements of the last time.
    pub window: Option<(usize, usize)>,
}

impl Cx<'_> {
    /// Reads elements that name a fact.
    pub fn facts(&mut self, a: usize, b: usize, mods: Mods) -> Piece {
        let mut mods = mods;
        if !mods.neg
            && let Some(node) = self.normal_values(a, b)
        {
            return Piece::Node(node);
        }
        let mut draft = Draft::default();
        let mut i = self.more_prefix(a, b, &mut mods);
        while i < b {
            i = self.fact_part(i, a, b, &mut mods, &mut draft);
        }
        let vague = mods.vague.take();
        match (self.finish(draft, a, b, mods), vague) {
            (Piece::Node(node), Some((from, to))) => Piece::Node(self.vaguely(node, from, to)),
            (piece, _) => piece,
        }
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
                        Some(read) => {
                            self.note_time(draft, (i, read.end), b);
                            self.take_window(read, i, mods)
                        }
                        // `no other prior malignancy`
                        None if class == Class::Before && !named && self.word_is(i, &["prior"]) => {
                            mods.ever();
                            i + 1
                        }
                        // `solid organ transplantation in the past`
                        None if named && self.word_is(i, &["in the past"]) && !self.time_near(i, b) => {
                            mods.ever();
                            i + 1
                        }
                        // `within 4 weeks of birth`: the next element is the time.
                        None if class == Class::Within && named && self.time_near(i, b) => i + 1,
                        None => self.content(i, draft, false),
                    }
                }
                Class::ForTime if self.time(i + 1).is_some() => self.lasts(i + 1, mods),
                Class::Ever if named => {
                    mods.ever();
                    i + 1
                }
                Class::Current if named && self.only_empty(i + 1, b) => i + 1,
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
                // `Pregnant women will be excluded`, where all that stands is excluded already.
                Class::Excluded if self.or_by_default() && !self.word_is(i, &["excluded"]) => {
                    // `excluded from receiving glucose`: not from the study.
                    if !self.word_is(i + 1, &["from"]) || self.says_of_the_study(i + 2) {
                        draft.timed = named;
                        return i + 1;
                    }
                    self.content(i, draft, false)
                }
                Class::Excluded => {
                    mods.deny();
                    self.flag("post_exception", i, i + 1, "excluded stands behind its list");
                    i + 1
                }
                Class::Neg if self.names_by_non(i) => self.content(i, draft, true),
                // `likely to be in the absence of contraception`, `women who are not pregnant`; not what is `not
                // associated with diabetes`.
                Class::Neg if !named && i > a && self.names_next(i + 1, b) => {
                    mods.deny();
                    i + 1
                }
                Class::Neg if named && i + 1 >= b => {
                    mods.deny();
                    i + 1
                }
                // `a negative test is required within 14 days`
                Class::Need if named && self.only_time_follows(i + 1, b) => i + 1,
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
                    // `cancer including melanoma (except of the skin)`: the bracket is of the cancer.
                    let except = (i + 1..b).find(|&k| {
                        matches!(self.what(k), What::Open)
                            && (k + 1..b.min(k + 4)).any(|m| self.is(m, Class::Except))
                    });
                    // `such as A or B within six weeks`: the time is of all of them.
                    let time = self.past_time(i + 1, b).map(|(at, _)| at);
                    let end = except.unwrap_or(b).min(time.unwrap_or(b));
                    draft.examples = self.listed(i + 1, end);
                    draft.open = true;
                    draft.timed = true;
                    end
                }
                Class::Etc => {
                    draft.open = true;
                    i + 1
                }
                Class::If | Class::Skip if named && self.is_evidence(i, b) => {
                    let (x, y) = self.trim(i + 1, b);
                    draft.evidence = Some(self.raw(x, y));
                    b
                }
                Class::Panel => self.content(i, draft, true),
                // `blood products`
                Class::Specimen if !named && self.is_of_blood(i) => self.content(i, draft, true),
                // `symptomatic heart failure`
                Class::Vague if !named && self.is_degree(i) && self.says_something(i + 1, b) => {
                    match self.degree(i, i + 1) {
                        Some(_) => mods.degrees.push((i, i + 1)),
                        None => mods.vaguely(i),
                    }
                    i + 1
                }
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
                    // `high risk of fracture`, `medication for arthritis`: not what is named behind it.
                    self.content(i, draft, self.is_of_another_thing(i))
                }
                Class::HumanClinical | Class::HumanOpen if named && self.only_empty(i, b) => {
                    self.tail(i, draft)
                }
                _ => self.content(i, draft, false),
            },
            What::Quant(_) => match (self.time(i).is_some(), self.window(i, b)) {
                (true, Some(read)) => {
                    self.note_time(draft, (i, read.end), b);
                    self.take_window(read, i, mods)
                }
                // `within 4 weeks of birth`: from a time that is none of the study.
                (true, None) if self.is_within(i, a) => {
                    draft.timed = self.ends_name(draft, i, b);
                    self.leave_unread(i, b, Unread::Condition, "from a time that is none of the study");
                    i + 1
                }
                // `2 weeks prior to testing`
                (true, None) if self.counts_from(i) => {
                    draft.timed = self.ends_name(draft, i, b);
                    self.leave_unread(i, b, Unread::Condition, "from a time that is none of the study");
                    b
                }
                // `diabetes before the age of 60 years`
                (true, None) if named && self.is_age_at(i) => {
                    self.leave_unread(
                        i,
                        i + 1,
                        Unread::Condition,
                        "the age at that time is not part of the tree",
                    );
                    i + 1
                }
                // `history of surgery in 6 months`
                (true, None)
                    if named && self.word_is(i.wrapping_sub(1), &["in"]) && self.only_empty(i + 1, b) =>
                {
                    self.note_time(draft, (i, i + 1), b);
                    self.in_the_last(i, mods)
                }
                (true, None) => self.lasts(i, mods),
                _ if named => {
                    self.leave_unread(i, i + 1, Unread::Condition, "the amount is not part of the tree");
                    i + 1
                }
                _ => self.content(i, draft, false),
            },
            // `radiographic evidence of metastases`: how it is shown.
            What::Word | What::Named(_) if !named && self.evidence_end(i).is_some() => {
                let end = self.evidence_end(i).unwrap_or(i + 1);
                if self.is_own_evidence(i, end) {
                    draft.evidence = Some(self.raw(i, end));
                }
                self.label(i, end);
                end
            }
            // `recurrent lymphoma`, `curatively treated carcinoma in situ`: a quality of what is named.
            What::Word | What::Named(_) if !named && self.quality_of_next(i, b).is_some() => {
                let end = self.quality_of_next(i, b).unwrap_or(i + 1);
                mods.degrees.push((i, end));
                end
            }
            What::Word | What::Named(_) => self.content(i, draft, true),
            // The name itself is all that is known of it.
            What::Var(v) if v.id == "sex" => {
                let alone = !named && self.only_empty(i + 1, b) && self.only_empty(a, i);
                if alone { self.content(i, draft, true) } else { i + 1 }
            }
            What::Var(_) => self.content(i, draft, true),
            _ => i + 1,
        }
    }

    /// Whether the next element that says something names something.
    fn names_next(&self, i: usize, b: usize) -> bool {
        let next = (i..b).find(|&k| !self.is(k, Class::Skip));
        next.is_some_and(|k| matches!(self.what(k), What::Var(_) | What::Named(_)))
    }

    /// Whether a length of time is an age that somebody had: `before the age of 60 years`.
    pub fn is_age_at(&self, i: usize) -> bool {
        let said =
            |k: usize| self.word_is(k, &["age", "age of", "aged", "the age of"]) || self.is_person_age(k);
        self.time(i).is_some_and(|quant| quant.age) || (i.saturating_sub(3)..i).any(said)
    }

    pub fn is_person_age(&self, i: usize) -> bool {
        matches!(self.what(i), What::Var(v) if v.id == "age")
    }

    /// Whether `the study` or `participation` stands at a place.
    fn says_of_the_study(&self, i: usize) -> bool {
        const STUDY: &[&str] =
            &["study", "trial", "protocol", "participation", "participating", "participating in"];
        (i..i + 3).any(|k| self.word_is(k, STUDY) || self.anchor_at(k).is_some())
    }

    /// Whether what stands behind a word is only what it is for or a risk of.
    fn is_of_another_thing(&self, i: usize) -> bool {
        const TREATMENTS: &[&str] =
            &["medication", "treatment", "therapy", "drug", "agent", "medicine", "intervention", "surgery"];
        let words = self.read(i, i + 1).to_ascii_lowercase();
        let last = words.rsplit(' ').next().unwrap_or_default();
        words.split(' ').any(|word| word == "risk")
            || TREATMENTS.contains(&last.trim_end_matches('s'))
                && (self.word_is(i + 1, &["for", "against", "to treat"]) || self.is(i + 1, Class::Cause))
    }

    /// Whether the name goes on behind a bracket.
    fn goes_on_behind(&self, i: usize, b: usize) -> bool {
        i < b
            && matches!(self.what(i), What::Word | What::Named(_) | What::Lex(Class::HumanOpen, _))
            && super::list::ends_name(self, i, b)
    }

    pub fn only_empty(&self, a: usize, b: usize) -> bool {
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

    /// Whether a name ends before a time: something known is named, or nothing known follows.
    fn ends_name(&self, draft: &Draft, i: usize, b: usize) -> bool {
        let known = |i: usize| matches!(self.what(i), What::Var(_) | What::Named(_));
        let follows = self.find(i, b, |w| matches!(w, What::Var(_) | What::Named(_)));
        draft.name.is_some_and(|(x, y)| (x..y).any(known) || follows.is_none())
    }

    fn note_time(&self, draft: &mut Draft, at: (usize, usize), b: usize) {
        draft.timed = self.ends_name(draft, at.0, b);
        draft.window = Some(at);
    }

    /// Whether nothing but a time stands behind an element.
    fn only_time_follows(&self, i: usize, b: usize) -> bool {
        let next = (i..b).find(|&k| !self.is(k, Class::Skip));
        next.is_some_and(|k| self.is(k, Class::Within) || self.time(k).is_some())
    }

    /// Whether a length of time stands directly behind `within`.
    fn time_near(&self, i: usize, b: usize) -> bool {
        (i + 1..b.min(i + 3)).any(|k| self.time(k).is_some())
    }

    /// Adds an element to the name.
    fn content(&self, i: usize, draft: &mut Draft, counts: bool) -> usize {
        match &mut draft.name {
            Some(_) if draft.timed => {}
            Some((_, end)) => *end = i + 1,
            None if counts => draft.name = Some((i, i + 1)),
            None => {}
        }
        i + 1
    }

    fn take_window(&mut self, read: super::when::Read, i: usize, mods: &mut Mods) -> usize {
        if read.longer_ago {
            let why = "longer ago than a time: not part of the tree";
            self.leave_unread(i, read.end, Unread::Condition, why);
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

    /// Whether a length of time is said to lie before or after something.
    pub fn counts_from(&self, i: usize) -> bool {
        self.word_is(i + 1, &["prior"])
            || matches!(self.class(i + 1), Some(Class::Before | Class::After | Class::Since))
    }

    /// `in 6 months`: within them, up to now.
    fn in_the_last(&mut self, i: usize, mods: &mut Mods) -> usize {
        let What::Quant(q) = self.what(i) else { return i + 1 };
        let extent = self.extent(q as usize);
        if let Some(length) = extent.hi.or(extent.lo) {
            let window = Window { value: length.value, unit: extent.unit, incl: true };
            mods.at(When {
                window: Some(window),
                relation: Relation::Before,
                anchor: Some(Anchor::Screening),
            });
            self.flag("implicit_reference", i, i + 1, "from when is not printed");
        }
        i + 1
    }

    fn lasts(&mut self, i: usize, mods: &mut Mods) -> usize {
        if let What::Quant(q) = self.what(i) {
            let extent = self.extent(q as usize);
            mods.last(extent);
        }
        i + 1
    }

    /// `requiring laser treatment`
    fn need(&mut self, a: usize, b: usize, draft: &mut Draft) {
        // `requiring A or B`
        let node = match self.find(a, b, super::list::is_link) {
            Some(_) => self.list(a, b),
            None => match self.unit(a, b, &Mods::default()) {
                Piece::Node(node) => Some(node),
                _ => None,
            },
        };
        draft.also.extend(node.map(as_need));
    }

    fn with(&mut self, a: usize, b: usize, draft: &mut Draft) {
        if let Piece::Node(node) = self.unit(a, b, &Mods::default()) {
            draft.also.push(node);
        }
    }

    fn finish(&mut self, mut draft: Draft, a: usize, b: usize, mut mods: Mods) -> Piece {
        let Some((x, y)) = draft.name else { return self.nameless(draft, a, b, &mods) };
        let (x, y) = self.name_bounds(x, y);
        if x >= y {
            return self.nameless(draft, a, b, &mods);
        }
        let duration = mods.lasted();
        let (mut x, mut node) = (x, self.named(x, y, &mods));
        // `recurrent brain lesions of the left side`: a name that no vocabulary has keeps all its words.
        let longer = mods.degrees.iter().position(|&(from, _)| !self.is(from, Class::Vague) && from < x);
        if let (Op::Has(has), Some(at)) = (&node.op, longer)
            && has.concept.0.starts_with("text:")
        {
            x = mods.degrees[at].0;
            mods.degrees.truncate(at);
            node = self.named(x, y, &mods);
        }
        // `adequate organ function`: no vocabulary has it, and nothing says how much is enough.
        let unknown = matches!(&node.op, Op::Has(has) if has.concept.0.starts_with("text:"));
        if unknown && (a..y).any(|i| self.is_enough(i)) && draft.brackets.is_empty() {
            return Piece::Node(self.human(Reason::ClinicalJudgement, a, b, "person.vague"));
        }
        // `estrogen receptor status known`: any result.
        if matches!(node.op, Op::Coded(_)) && mods.result().is_none() && self.is_only_known(y, b) {
            return Piece::Node(self.human(Reason::NotInRecord, a, b, "rest.result"));
        }
        if let Some(person) = self.undecided_result(&node, &mut mods, a, b) {
            return Piece::Node(person);
        }
        if matches!(node.op, Op::Coded(_)) {
            let timed = mods.time().is_some_and(|when| is_past_window(when) && measure(&mut node, when));
            if let (false, Some((from, to))) = (timed, draft.window) {
                self.leave(from, to, "the time of the result is not part of the tree");
            }
        }
        let degrees = std::mem::take(&mut mods.degrees);
        for &(from, to) in &degrees {
            node = self.vaguely(node, from, to);
        }
        self.decorate(&mut node, &draft);
        // `untreated infections (hepatitis, tuberculosis)`: each of them.
        if matches!(node.op, Op::Or(_)) {
            for &(from, to) in &degrees {
                self.qualify(&mut node, from, to);
            }
        }
        let duration = match duration {
            // Whoever had none of it had no more, either.
            Some(extent) if mods.at_most && !mods.denies() && treats(&node) => {
                mods.deny();
                node = self.lasted(node, beyond(extent), x, y);
                None
            }
            other => other,
        };
        if let Some(extent) = duration
            && !(mods.denies() && absent_for(&mut node, &extent))
        {
            node = self.lasted(node, extent, x, y);
        }
        // `women with asthma`; what only women have says so itself.
        let status = matches!(
            &node.op,
            Op::Has(has) if has.kind == Kind::Status && &*has.concept.0 != "healthy_volunteer"
        );
        let sex = if status || mods.denies() {
            None
        } else {
            self.only_sex(a, x).or_else(|| self.sex_behind(x, y))
        };
        let node = match sex {
            Some(sex) => of_sex(sex, node, PEOPLE),
            None => node,
        };
        // `prior chemotherapy with cisplatin`: the drug was given then.
        if treats(&node)
            && let Some(when) = mods.time()
        {
            draft.also.iter_mut().for_each(|also| super::courses::given_then(also, when));
        }
        // `infection with HIV` is HIV.
        let germ = |node: &Node| matches!(&node.op, Op::Coded(c) if c.values.iter().all(is_positive));
        let infection = matches!(&node.op, Op::Has(has) if &*has.concept.0 == "infection");
        let node = match <[Node; 1]>::try_from(std::mem::take(&mut draft.also)) {
            Ok([also]) if infection && germ(&also) => also,
            Ok(also) => {
                draft.also = also.into();
                node
            }
            Err(also) => {
                draft.also = also;
                node
            }
        };
        // `non-pregnant women with asthma`: the prefix denies the one word.
        let denied = mods.denies() && !draft.also.is_empty() && self.is_denied_alone(x);
        if denied {
            let nodes = std::iter::once(negate(node)).chain(draft.also).collect();
            return join(nodes, false, "structure.with").map_or(Piece::None, Piece::Node);
        }
        let nodes: Vec<Node> = std::iter::once(node).chain(draft.also).collect();
        let Some(node) = join(nodes, false, "structure.with") else { return Piece::None };
        Piece::Node(if mods.denies() { negate(node) } else { node })
    }

    /// Whether a result is only to be known: `status known`, `is determined`.
    fn is_only_known(&self, y: usize, b: usize) -> bool {
        let known = |i: usize| {
            self.is(i, Class::Known)
                || self.word_is(i, &["known", "determined", "assessed", "available", "unknown"])
        };
        (y..b.min(y + 4)).any(known)
            && !(y..b).any(|i| matches!(self.class(i), Some(Class::Positive | Class::Negative)))
    }

    /// Whether `non-` stands before a name.
    fn is_denied_alone(&self, x: usize) -> bool {
        let dash = usize::from(x > 0 && matches!(self.what(x - 1), What::Dash));
        x > dash && self.word_is(x - dash - 1, &["non"])
    }

    /// `diabetic men`: the sex of whom a name tells that the item begins with, if it speaks of no other.
    fn sex_behind(&mut self, x: usize, y: usize) -> Option<Node> {
        let is_sex = |i: usize| matches!(self.what(i), What::Var(v) if v.id == "sex");
        if self.or_by_default() || !is_sex(y) || self.first > x || !self.is_empty(self.first, x) {
            return None;
        }
        let sexes = (0..self.e.els.len()).filter(|&i| is_sex(i) || self.is(i, Class::TrueSex)).count();
        if sexes == 1 { self.sex(y) } else { None }
    }

    /// Words that ask for enough of something.
    fn is_enough(&self, i: usize) -> bool {
        const WORDS: &[&str] =
            &["adequate", "inadequate", "sufficient", "insufficient", "appropriate", "acceptable"];
        self.is(i, Class::HumanClinical) && self.word_is(i, WORDS)
    }

    /// Nothing is named: a result alone, words for a person, or nothing.
    fn nameless(&mut self, draft: Draft, a: usize, b: usize, mods: &Mods) -> Piece {
        if let Some(&(open, close)) = draft.brackets.first()
            && self.says_something(open + 1, close)
            && !(open + 1..close).any(|i| self.is_age_of_something(i, open))
            && let Some(node) = self.clause(open + 1, close.saturating_sub(1))
        {
            let node = super::said_once::of_members(node, mods);
            if !mods.denies() {
                return Piece::Node(node);
            }
            // `no systemic disease (diabetes, lupus)`: none of them.
            let any = match node.op {
                Op::And(args) if args.iter().all(|arg| matches!(arg.op, Op::Has(_) | Op::Coded(_))) => {
                    Node { op: Op::Or(args), ..node }
                }
                op => Node { op, ..node },
            };
            return Piece::Node(negate(any));
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
                && (a..b).any(|i| {
                    matches!(self.what(i), What::Word | What::Quant(_)) || self.is(i, Class::HumanSubjective)
                })
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
                Some(Class::HumanSubjective) if self.is_of_the_mind(i, a, b) => return Reason::Subjective,
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

    /// A treatment that lasted, or a disease and how long somebody has had it.
    fn lasted(&mut self, node: Node, extent: Extent, x: usize, y: usize) -> Node {
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
                self.leave_unread(x, y, Unread::Condition, "how long is not part of the tree");
                return node;
            }
        };
        let cmp = crate::tree::Cmp::new(Var(name.into()), extent.lo, extent.hi, extent.unit);
        let duration = self.node(Op::Cmp(Box::new(cmp)), x, y, "time.duration");
        join(vec![node.clone(), duration], false, "time.duration").unwrap_or(node)
    }
}

/// Whether a node is a treatment that somebody can have had for a time.
fn treats(node: &Node) -> bool {
    matches!(&node.op, Op::Has(has) if matches!(has.kind, Kind::Drug | Kind::DrugClass | Kind::Treatment | Kind::Procedure))
}

/// Longer than at most so long.
fn beyond(extent: Extent) -> Extent {
    Extent { lo: extent.hi.map(|hi| Bound { incl: !hi.incl, ..hi }), hi: None, unit: extent.unit }
}

fn is_positive(code: &Code) -> bool {
    matches!(code, Code::Word(word) if word == "positive")
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
        What::Named(id) => kind_of_named(id).is_some(),
        _ => false,
    }
}
