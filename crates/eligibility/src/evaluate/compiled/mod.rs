//! Criteria of many studies compiled, to hold many people against them: the same truths as [`super::assess`] finds,
//! without the evidence.
//!
//! What criteria ask is kept as leaves, each once however many studies ask it. Bounds of one variable and unit stand on
//! one scale, on which a value is placed by binary search. Facts find the leaves that they may settle by their names,
//! each name looked up once; all other leaves are as for a person of whom nothing is recorded. A study is a program in
//! postfix order over planes of bits, which works on many people at once. A [`Plan`] is all that does not depend on how
//! people are evaluated; it can be kept.
//!
//! Whatever is rare is left to the evaluator that walks trees: values with a site, a method or a time for which they
//! are stable, multiples of limits of normal, courses of treatment, what is defined by something else.

mod block;
mod kept;
mod leaf;
mod program;
mod quick;
mod scale;
mod topic;
mod values;
mod word;

use std::sync::{Arc, OnceLock};

use super::Side;
use super::assessment::{Standing, defining};
use super::settings::Settings;
use super::time::Asked;
use crate::tree::{Computable, Item, Node, Op, Polarity, Reason, Unread};
use leaf::{Class, Known, Leaves};
use program::Step;

pub use block::{Block, Held, Single, Verdicts};
pub use program::Planes;
pub use word::Word;

/// The criteria of some studies as programs over shared leaves, whatever the settings are.
#[derive(Debug, Default)]
pub struct Plan {
    leaves: Leaves,
    /// The programs of all studies, one behind the other.
    code: Vec<Step>,
    /// Where the program of each study ends.
    ends: Vec<usize>,
}

/// A plan, and how people are held against it.
#[derive(Debug)]
pub struct Compiled {
    plan: Arc<Plan>,
    policies: Vec<Settings>,
    /// By policy and class of people, what becomes of each leaf without facts.
    defaults: Vec<[OnceLock<Vec<Standing>>; Class::COUNT]>,
    /// By policy, when each leaf asks for its fact.
    asked: Vec<OnceLock<Vec<Asked>>>,
}

/// How much was compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Studies.
    pub studies: usize,
    /// Steps of their programs.
    pub steps: usize,
    /// Distinct leaves.
    pub leaves: usize,
    /// Those of them that are left to the evaluator that walks trees.
    pub walked: usize,
    /// Distinct concepts and variables that the leaves ask for.
    pub topics: usize,
}

impl Compiled {
    /// Compiles studies, to be evaluated with these settings. Their numbers are those of their order.
    pub fn new<'i>(settings: Settings, studies: impl IntoIterator<Item = &'i [Item]>) -> Self {
        let plan = Plan::compiled(Some(&settings), studies);
        Self::with(Arc::new(plan), vec![settings])
    }

    /// People held against a plan by several policies, which see the same criteria: [`Single::hold_one`]. `None` if
    /// there are answers of people or accepted repairs, which a plan does not have.
    pub fn of(plan: Arc<Plan>, policies: Vec<Settings>) -> Option<Self> {
        let plain = |settings: &Settings| settings.answers.is_empty() && !settings.accept_repairs;
        policies.iter().all(plain).then(|| Self::with(plan, policies))
    }

    fn with(plan: Arc<Plan>, policies: Vec<Settings>) -> Self {
        let defaults = policies.iter().map(|_| Default::default()).collect();
        let asked = policies.iter().map(|_| OnceLock::new()).collect();
        Self { plan, policies, defaults, asked }
    }

    /// How people are evaluated.
    pub fn policies(&self) -> &[Settings] {
        &self.policies
    }

    /// What people are held against.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    fn defaults(&self, policy: usize, class: Class) -> &[Standing] {
        let settings = &self.policies[policy];
        self.defaults[policy][class.0]
            .get_or_init(|| class.defaults(&self.plan.leaves.all, self.asked(policy), settings))
    }

    fn asked(&self, policy: usize) -> &[Asked] {
        let (settings, leaves) = (&self.policies[policy], &self.plan.leaves.all);
        self.asked[policy].get_or_init(|| leaves.iter().map(|leaf| leaf.asked(settings)).collect())
    }

    /// How many studies there are.
    pub fn len(&self) -> usize {
        self.plan.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.plan.is_empty()
    }
}

impl Plan {
    /// Compiles studies for whatever settings. Their numbers are those of their order.
    pub fn new<'i>(studies: impl IntoIterator<Item = &'i [Item]>) -> Self {
        Self::compiled(None, studies)
    }

    fn compiled<'i>(settings: Option<&Settings>, studies: impl IntoIterator<Item = &'i [Item]>) -> Self {
        let mut planner = Planner { plan: Self::default(), known: Known::new(settings) };
        studies.into_iter().for_each(|items| planner.add(items));
        planner.finish()
    }

    /// How many studies there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How much was compiled.
    pub fn size(&self) -> Size {
        Size {
            studies: self.len(),
            steps: self.code.len(),
            leaves: self.leaves.all.len(),
            walked: self.leaves.all.iter().filter(|leaf| leaf.is_walked()).count(),
            topics: self.leaves.topics.len(),
        }
    }

    fn program(&self, study: usize) -> &[Step] {
        let from = study.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.code[from..self.ends[study]]
    }
}

/// Makes a plan, study by study.
#[derive(Debug)]
pub struct Planner<'s> {
    plan: Plan,
    known: Known<'s>,
}

impl Default for Planner<'_> {
    fn default() -> Self {
        Self { plan: Plan::default(), known: Known::new(None) }
    }
}

impl Planner<'_> {
    /// Adds a study.
    pub fn add(&mut self, items: &[Item]) {
        let defining = defining(items);
        for (place, item) in items.iter().enumerate() {
            self.item(item, defining.contains(&place));
        }
        self.plan.ends.push(self.plan.code.len());
    }

    /// The plan of all studies that were added.
    pub fn finish(self) -> Plan {
        let mut plan = self.plan;
        plan.leaves.index();
        plan
    }

    fn item(&mut self, item: &Item, defining: bool) {
        let (forbidden, from) = (item.polarity == Some(Polarity::Forbid), self.plan.code.len());
        // Without a tree only people can tell, as for words that are for a person.
        let words = || Node::new(Op::Guideline { reference: String::new(), text: String::new() });
        let words = item.expr.is_none().then(words);
        if let Some(node) = item.expr.as_ref().or(words.as_ref()) {
            let side = Side { forbidden, rules_out: forbidden };
            self.node(node, side);
            self.unread(item, side);
        }
        let answer = self.known.settings.and_then(|settings| settings.answer_of_criterion(item));
        let answer = answer.map(|answer| answer.holds != forbidden);
        let code = &mut self.plan.code;
        code.extend(answer.map(Step::answered));
        if item.computable == Computable::Absent {
            code.push(Step::ABSENT);
        }
        // A criterion that is one leaf is one step.
        let end = match (forbidden, defining) {
            (true, true) => Step::FORBID_AND_DEFINE,
            (true, false) => Step::FORBID,
            (false, true) => Step::DEFINE,
            (false, false) => Step::REQUIRE,
        };
        match code.last().filter(|_| code.len() == from + 1).and_then(|leaf| leaf.ended(end)) {
            Some(step) => code[from] = step,
            None => code.push(end),
        }
    }

    /// Joins the words that stand in no part of the tree with it.
    fn unread(&mut self, item: &Item, side: Side) {
        let settings = self.known.settings;
        let is_answered = |words: &&str| settings.is_some_and(|s| s.answer_of_words(words).is_some());
        for (how, join, open) in [
            (Unread::Alternative, Step::any(2), Step::NOT_WITHOUT),
            (Unread::Condition, Step::all(2), Step::NOT_ALONE),
        ] {
            for words in item.unread(how).filter(is_answered) {
                let (reason, text) = (Reason::NotInRecord, words.to_owned());
                self.node(&Node::new(Op::Human { reason, text }), side);
                self.plan.code.extend(join);
            }
            if item.unread(how).any(|words| !is_answered(&words)) {
                self.plan.code.push(open);
            }
        }
    }

    fn node(&mut self, node: &Node, side: Side) {
        let joined = match &node.op {
            Op::And(args) => Step::all(args.len()).map(|step| (args, step)),
            Op::Or(args) => Step::any(args.len()).map(|step| (args, step)),
            Op::Ambiguous(args) => Step::same(args.len()).map(|step| (args, step)),
            Op::AtLeast { k, args } if (1..=args.len()).contains(&(*k as usize)) => {
                Step::at_least(*k as usize, args.len()).map(|step| (args, step))
            }
            Op::Not(arg) => {
                self.node(arg, Side { rules_out: !side.rules_out, ..side });
                return self.plan.code.push(Step::NOT);
            }
            _ => None,
        };
        match joined.filter(|(args, _)| !args.is_empty()) {
            Some((args, step)) => {
                args.iter().for_each(|arg| self.node(arg, side));
                self.plan.code.extend((args.len() > 1).then_some(step));
            }
            None => {
                let leaf = self.plan.leaves.number(node, side, &mut self.known) as usize;
                // A leaf whose number no step can hold would need 200 million distinct leaves.
                self.plan.code.extend(Step::leaf(leaf));
            }
        }
    }
}
