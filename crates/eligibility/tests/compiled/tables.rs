//! Every truth that up to four parts may have, joined in every way.

use eligibility::Item;
use eligibility::evaluate::{About, Absence, Answer, Settings};
use eligibility::tree::{Computable, Number, Op, Polarity, Reason, Section, Span};
use eligibility::{Node, english};
use model::{Sex, Subject};

/// A leaf of each kind: it holds, it does not, a record would tell, only people could.
const LEAVES: [&str; 4] = ["sex is male", "sex is female", "hba1c above 7 %", "for a person"];

fn leaf(kind: usize) -> Node {
    match LEAVES[kind] {
        "for a person" => {
            Node::new(Op::Human { reason: Reason::ClinicalJudgement, text: "as judged".into() })
        }
        text => english::parse(text).unwrap(),
    }
}

fn item(op: Op, polarity: Polarity) -> Item {
    Item {
        section: Section::Inclusion,
        number: Number::Counted(1),
        span: Span::default(),
        source: String::new(),
        polarity: Some(polarity),
        expr: Some(Node::new(op)),
        cohort: None,
        computable: Computable::Resolved,
        residue: Vec::new(),
        flags: Vec::new(),
    }
}

#[test]
fn all_truths_in_all_ways() {
    let mut studies = Vec::new();
    for count in 1..=4_u32 {
        for mut kinds in 0..4_usize.pow(count) {
            let mut args = Vec::new();
            for _ in 0..count {
                args.push(leaf(kinds % 4));
                kinds /= 4;
            }
            let mut ops = vec![Op::And(args.clone()), Op::Or(args.clone()), Op::Ambiguous(args.clone())];
            ops.extend((1..=count).map(|k| Op::AtLeast { k, args: args.clone() }));
            for op in ops {
                let turned = Op::Not(Box::new(Node::new(op.clone())));
                studies.push(vec![
                    item(op.clone(), Polarity::Require),
                    item(turned, Polarity::Require),
                    item(op, Polarity::Forbid),
                ]);
            }
        }
    }
    let people = [
        Subject { sex: Some(Sex::Male), ..Subject::default() },
        Subject { sex: Some(Sex::Female), ..Subject::default() },
        Subject::default(),
    ];
    let mut settings = Settings::on(super::today());
    for absence in Absence::ALL {
        settings.absence = absence;
        super::check(&studies, &people, &settings);
    }
    settings.answers.push(Answer {
        question: "as judged".into(),
        about: About::Words,
        holds: true,
        by: "a test".into(),
    });
    super::check(&studies, &people, &settings);
}

#[test]
fn without_a_tree_or_without_criteria() {
    let nothing = Item::absent();
    let wordless = Item { expr: None, ..item(Op::And(Vec::new()), Polarity::Forbid) };
    let met = Item { computable: Computable::Absent, ..item(leaf(0).op, Polarity::Require) };
    let empty = item(Op::And(Vec::new()), Polarity::Require);
    let one = item(leaf(0).op, Polarity::Require);
    let studies = [
        vec![],
        vec![nothing],
        vec![wordless.clone(), one.clone()],
        vec![met],
        vec![empty, one],
        vec![wordless],
    ];
    let people = [Subject::default(), Subject { sex: Some(Sex::Male), ..Subject::default() }];
    super::check(&studies, &people, &Settings::on(super::today()));
}
