//! Trees and items as JSON, and back.
//!
//! The keys stand in the order of the notation and are absent where nothing is said; numbers are decimals in their
//! shortest form.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use serde_json::{Map, Value, json};

use crate::places::Places;
use crate::tree::{
    Anchor, Bound, Change, Cmp, Code, Coded, Concept, Criteria, Exposure, Extent, Has, Item, Kind, Node, Op,
    Quantity, Reason, Relation, Repair, Span, Var, When, Window,
};

/// What an item's line says besides the item: where its text stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'o> {
    /// The NCT id, or the file's stem.
    pub trial: &'o str,
    /// The file it was read from.
    pub file: &'o str,
    /// The first character (code point) in the file; `None` where there are no criteria.
    pub chars: Option<(usize, usize)>,
}

/// All items of a text, a line each.
pub fn lines<'c>(
    criteria: &'c Criteria,
    text: &'c str,
    trial: &'c str,
    file: &'c str,
) -> impl Iterator<Item = Value> + 'c {
    let places = Places::new(text);
    criteria.items.iter().map(move |item| line(item, Origin { trial, file, chars: places.chars(item.span) }))
}

/// One line of the notation.
pub fn line(item: &Item, origin: Origin<'_>) -> Value {
    let number = match item.number {
        crate::tree::Number::Counted(n) => json!(n),
        crate::tree::Number::Field(field) => json!(field.as_str()),
    };
    let mut line = json!({
        "trial": origin.trial,
        "section": item.section.as_str(),
        "n": number,
        "source": item.source,
        "file": origin.file,
        "char_start": origin.chars.map(|c| c.0),
        "char_end": origin.chars.map(|c| c.1),
        "polarity": item.polarity.map(|p| p.as_str()),
        "expr": item.expr.as_ref().map(node),
        "computable": item.computable.as_str(),
        "unresolvable": item.residue.iter().map(|r| json!({"span": r.text, "reason": r.reason})).collect::<Vec<_>>(),
        "flags": item.flags.iter().map(flag).collect::<Vec<_>>(),
    });
    if let (Some(cohort), Some(line)) = (&item.cohort, line.as_object_mut()) {
        line.insert("cohort".to_owned(), json!(cohort.source));
    }
    line
}

/// Which rule read each node of a tree, and where: the path of the node, the rule, and the place that `at` makes of
/// its bytes.
pub fn rules(tree: &Node, at: &dyn Fn(Span) -> Option<(usize, usize)>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut open = vec![("expr".to_owned(), tree)];
    while let Some((path, node)) = open.pop() {
        let below = node.keyed_children().into_iter().rev();
        open.extend(below.map(|(key, child)| (format!("{path}.{key}"), child)));
        let span = at(node.span).map(|(start, end)| json!([start, end]));
        out.push(json!({"path": path, "rule": node.rule.0, "span": span}));
    }
    out
}

fn flag(flag: &crate::tree::Flag) -> Value {
    let mut out = object();
    put(&mut out, "code", flag.code);
    put(&mut out, "span", flag.text.as_str());
    put(&mut out, "note", flag.note.as_str());
    if let Some(suggest) = &flag.suggest {
        put(&mut out, "suggest", suggest.as_str());
    }
    out.into()
}

fn object() -> Map<String, Value> {
    Map::new()
}

fn put(out: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    out.insert(key.to_owned(), value.into());
}

fn put_some(out: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        put(out, key, value);
    }
}

/// A tree as JSON.
pub fn node(node: &Node) -> Value {
    let mut out = object();
    let nodes = |args: &[Node]| args.iter().map(self::node).collect::<Vec<Value>>();
    match &node.op {
        Op::True { var, text } => {
            put(&mut out, "op", "true");
            put_some(&mut out, "var", var.as_ref().map(|v| &*v.0));
            put(&mut out, "text", text.as_str());
        }
        Op::And(args) => {
            put(&mut out, "op", "and");
            put(&mut out, "args", nodes(args));
        }
        Op::Or(args) => {
            put(&mut out, "op", "or");
            put(&mut out, "args", nodes(args));
        }
        Op::Not(arg) => {
            put(&mut out, "op", "not");
            put(&mut out, "arg", self::node(arg));
        }
        Op::AtLeast { k, args } => {
            put(&mut out, "op", "at_least");
            put(&mut out, "k", *k);
            put(&mut out, "of", args.len());
            put(&mut out, "args", nodes(args));
        }
        Op::Ambiguous(args) => {
            put(&mut out, "op", "ambiguous");
            put(&mut out, "args", nodes(args));
        }
        Op::Cmp(c) => cmp(c, &mut out),
        Op::Coded(c) => coded(c, &mut out),
        Op::Has(h) => has(h, &mut out),
        Op::Exposure(e) => {
            put(&mut out, "op", "exposure");
            put(&mut out, "to", self::node(&e.to));
            put(&mut out, "duration", extent(&e.duration));
            put_some(&mut out, "concurrent", e.concurrent.then_some(true));
        }
        Op::Change(c) => change(c, &mut out),
        Op::Order { first, then, allow_same_time } => {
            put(&mut out, "op", "order");
            put(&mut out, "first", self::node(first));
            put(&mut out, "then", self::node(then));
            put(&mut out, "allow_same_time", *allow_same_time);
        }
        Op::Abnormal { vars } => {
            put(&mut out, "op", "abnormal");
            put(&mut out, "vars", vars.iter().map(|v| Value::from(&*v.0)).collect::<Vec<_>>());
            put(&mut out, "against", "reference_range");
        }
        Op::Human { reason, text } => {
            put(&mut out, "op", "human");
            put(&mut out, "reason", reason.as_str());
            put(&mut out, "text", text.as_str());
        }
        Op::Guideline { reference, text } => {
            put(&mut out, "op", "guideline");
            put(&mut out, "ref", reference.as_str());
            put(&mut out, "text", text.as_str());
        }
        Op::Washout { lo, unit } => {
            put(&mut out, "op", "washout");
            put(&mut out, "lo", bound(*lo));
            put(&mut out, "unit", unit.as_str());
        }
    }
    out.into()
}

fn cmp(c: &Cmp, out: &mut Map<String, Value>) {
    put(out, "op", "cmp");
    put(out, "var", &*c.var.0);
    put_some(out, "lo", c.lo.map(bound));
    put_some(out, "hi", c.hi.map(bound));
    put(out, "unit", c.unit.as_str());
    put_some(out, "site", c.site.as_deref());
    put_some(out, "method", c.method.as_deref());
    put_some(out, "state", c.state.as_deref());
    put_some(out, "stable_for", c.stable_for.as_ref().map(extent));
    put_some(out, "when", c.when.as_ref().map(when));
    put_some(out, "canonical", c.canonical.as_ref().map(quantity));
    if let Some(repair) = &c.repair {
        let fields = json!({
            "unit": repair.unit, "canonical": quantity(&repair.canonical), "confidence": repair.confidence,
            "applied": false,
        });
        put(out, "repair", fields);
    }
}

fn coded(c: &Coded, out: &mut Map<String, Value>) {
    let values = c.values.iter().map(|v| match v {
        Code::Integer(n) => json!(n),
        Code::Word(word) => json!(word),
    });
    put(out, "op", "coded");
    put(out, "var", &*c.var.0);
    put(out, "in", values.collect::<Vec<_>>());
    put_some(out, "specimen", c.specimen.as_deref());
    put(out, "text", c.text.as_str());
    put_some(out, "when", c.when.as_ref().map(when));
}

fn has(h: &Has, out: &mut Map<String, Value>) {
    put(out, "op", "has");
    put(out, "kind", h.kind.as_str());
    put(out, "concept", &*h.concept.0);
    put(out, "text", h.text.as_str());
    put_some(out, "when", h.when.as_ref().map(when));
    put_some(out, "severity", h.severity.as_deref());
    put_some(out, "control", h.control.as_deref());
    put_some(out, "course", h.course.as_deref());
    put_some(out, "certainty", h.certainty.as_deref());
    put_some(out, "significance", h.significance.as_deref());
    put_some(out, "evidence", h.evidence.as_deref());
    put_some(out, "form", h.form.as_deref());
    put_some(out, "site", h.site.as_deref());
    put_some(out, "count", h.count.map(|lo| json!({"lo": bound(lo)})));
    put_some(out, "defined_by", h.defined_by.as_deref().map(node));
    put_some(out, "examples", (!h.examples.is_empty()).then(|| h.examples.clone()));
    put_some(out, "open_list", h.open_list.then_some(true));
    put_some(out, "subtypes", (!h.subtypes.is_empty()).then(|| h.subtypes.clone()));
    put_some(out, "relax", h.relax.as_deref().map(node));
}

fn change(c: &Change, out: &mut Map<String, Value>) {
    put(out, "op", "change");
    put(out, "var", &*c.var.0);
    put(out, "direction", if c.increase { "increase" } else { "decrease" });
    put(out, "measure", if c.percent { "percent" } else { "absolute" });
    put(out, "from", c.from.as_str());
    put_some(out, "lo", c.lo.map(bound));
    put_some(out, "hi", c.hi.map(bound));
    put(out, "unit", c.unit.as_str());
}

fn when(w: &When) -> Value {
    let mut out = object();
    if let Some(window) = &w.window {
        let fields = json!({"value": number(window.value), "unit": window.unit, "incl": window.incl});
        put(&mut out, "window", fields);
    }
    put(&mut out, "relation", w.relation.as_str());
    put_some(&mut out, "anchor", w.anchor.map(|a| a.as_str()));
    out.into()
}

fn extent(e: &Extent) -> Value {
    let mut out = object();
    put_some(&mut out, "lo", e.lo.map(bound));
    put_some(&mut out, "hi", e.hi.map(bound));
    put(&mut out, "unit", e.unit.as_str());
    out.into()
}

fn quantity(q: &Quantity) -> Value {
    json!({"value": number(q.value), "unit": q.unit})
}

fn bound(b: Bound) -> Value {
    json!({"value": number(b.value), "incl": b.incl})
}

/// A decimal in its shortest form, as a JSON number.
pub fn number(value: Decimal) -> Value {
    let value = value.normalize();
    match value.to_i64() {
        Some(whole) if value.is_integer() => json!(whole),
        _ => value.to_string().parse::<f64>().map_or(Value::Null, |v| json!(v)),
    }
}

/// JSON that is no tree of the notation: where, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: expected {expected}")]
pub struct NotATree {
    /// The path within the JSON.
    pub path: String,
    /// What should stand there.
    pub expected: &'static str,
}

/// A tree from JSON. Nodes have no place and the rule `made`.
///
/// # Errors
/// [`NotATree`] with the first place that is not as the notation says.
pub fn read(value: &Value) -> Result<Node, NotATree> {
    Reader { value, path: "expr".to_owned() }.node()
}

struct Reader<'v> {
    value: &'v Value,
    path: String,
}

impl<'v> Reader<'v> {
    fn fail<T>(&self, expected: &'static str) -> Result<T, NotATree> {
        Err(NotATree { path: self.path.clone(), expected })
    }

    fn get(&self, key: &str) -> Option<Reader<'v>> {
        let value = self.value.get(key)?;
        Some(Reader { value, path: format!("{}.{key}", self.path) })
    }

    fn need(&self, key: &'static str) -> Result<Reader<'v>, NotATree> {
        self.get(key).map_or_else(|| self.fail(key), Ok)
    }

    fn text(&self, key: &'static str) -> Result<String, NotATree> {
        self.need(key)?.string()
    }

    fn text_if(&self, key: &'static str) -> Result<Option<String>, NotATree> {
        self.get(key).map(|r| r.string()).transpose()
    }

    fn string(&self) -> Result<String, NotATree> {
        self.value.as_str().map_or_else(|| self.fail("a text"), |s| Ok(s.to_owned()))
    }

    fn list(&self) -> Result<Vec<Reader<'v>>, NotATree> {
        let Some(items) = self.value.as_array() else { return self.fail("a list") };
        let item = |(i, value)| Reader { value, path: format!("{}[{i}]", self.path) };
        Ok(items.iter().enumerate().map(item).collect())
    }

    fn texts(&self, key: &'static str) -> Result<Vec<String>, NotATree> {
        self.get(key).map_or(Ok(Vec::new()), |r| r.list()?.iter().map(Reader::string).collect())
    }

    fn flag(&self, key: &'static str) -> bool {
        self.get(key).and_then(|r| r.value.as_bool()).unwrap_or(false)
    }

    fn word<T>(&self, key: &'static str, read: fn(&str) -> Option<T>) -> Result<T, NotATree> {
        let reader = self.need(key)?;
        let word = reader.string()?;
        read(&word).map_or_else(|| reader.fail("a word of the notation"), Ok)
    }

    fn decimal(&self) -> Result<Decimal, NotATree> {
        let number = match self.value {
            Value::Number(n) => n.to_string().parse().ok().or_else(|| Decimal::from_f64(n.as_f64()?)),
            Value::String(s) => s.parse().ok(),
            _ => None,
        };
        number.map_or_else(|| self.fail("a number"), |n: Decimal| Ok(n.normalize()))
    }

    fn bound(&self) -> Result<Bound, NotATree> {
        Ok(Bound { value: self.need("value")?.decimal()?, incl: self.flag("incl") })
    }

    fn bound_if(&self, key: &'static str) -> Result<Option<Bound>, NotATree> {
        self.get(key).map(|r| r.bound()).transpose()
    }

    fn extent(&self) -> Result<Extent, NotATree> {
        Ok(Extent { lo: self.bound_if("lo")?, hi: self.bound_if("hi")?, unit: self.text("unit")? })
    }

    fn quantity(&self) -> Result<Quantity, NotATree> {
        Ok(Quantity { value: self.need("value")?.decimal()?, unit: self.text("unit")? })
    }

    fn var(&self) -> Result<Var, NotATree> {
        Ok(Var(self.text("var")?.into()))
    }

    fn args(&self, least: usize) -> Result<Vec<Node>, NotATree> {
        let list = self.need("args")?;
        let args = list.list()?.iter().map(Reader::node).collect::<Result<Vec<_>, _>>()?;
        if args.len() < least { list.fail("two nodes or more") } else { Ok(args) }
    }

    fn boxed(&self, key: &'static str) -> Result<Option<Box<Node>>, NotATree> {
        self.get(key).map(|r| r.node().map(Box::new)).transpose()
    }

    fn node(&self) -> Result<Node, NotATree> {
        let op = match self.text("op")?.as_str() {
            "true" => Op::True { var: self.text_if("var")?.map(|v| Var(v.into())), text: self.text("text")? },
            "and" => Op::And(self.args(2)?),
            "or" => Op::Or(self.args(2)?),
            "not" => Op::Not(Box::new(self.need("arg")?.node()?)),
            "at_least" => {
                let k = self.need("k")?;
                let k = k.value.as_u64().and_then(|k| k.to_u32()).map_or_else(|| k.fail("a count"), Ok)?;
                Op::AtLeast { k, args: self.args(1)? }
            }
            "ambiguous" => Op::Ambiguous(self.args(2)?),
            "cmp" => Op::Cmp(Box::new(self.cmp()?)),
            "coded" => Op::Coded(Box::new(self.coded()?)),
            "has" => Op::Has(Box::new(self.has()?)),
            "exposure" => Op::Exposure(Box::new(Exposure {
                to: self.need("to")?.node()?,
                duration: self.need("duration")?.extent()?,
                concurrent: self.flag("concurrent"),
            })),
            "change" => Op::Change(Box::new(self.change()?)),
            "order" => Op::Order {
                first: Box::new(self.need("first")?.node()?),
                then: Box::new(self.need("then")?.node()?),
                allow_same_time: self.flag("allow_same_time"),
            },
            "abnormal" => {
                Op::Abnormal { vars: self.texts("vars")?.into_iter().map(|v| Var(v.into())).collect() }
            }
            "human" => {
                Op::Human { reason: self.word("reason", Reason::from_word)?, text: self.text("text")? }
            }
            "guideline" => Op::Guideline { reference: self.text("ref")?, text: self.text("text")? },
            "washout" => Op::Washout { lo: self.need("lo")?.bound()?, unit: self.text("unit")? },
            _ => return self.need("op")?.fail("an operator of the notation"),
        };
        Ok(Node::new(op))
    }

    fn cmp(&self) -> Result<Cmp, NotATree> {
        let repair = |r: Reader<'v>| {
            Ok(Repair {
                unit: r.text("unit")?,
                canonical: r.need("canonical")?.quantity()?,
                confidence: r.text("confidence")?,
            })
        };
        Ok(Cmp {
            var: self.var()?,
            lo: self.bound_if("lo")?,
            hi: self.bound_if("hi")?,
            unit: self.text("unit")?,
            site: self.text_if("site")?,
            method: self.text_if("method")?,
            state: self.text_if("state")?,
            stable_for: self.get("stable_for").map(|r| r.extent()).transpose()?,
            when: self.get("when").map(|r| r.when()).transpose()?,
            canonical: self.get("canonical").map(|r| r.quantity()).transpose()?,
            repair: self.get("repair").map(repair).transpose()?,
        })
    }

    fn coded(&self) -> Result<Coded, NotATree> {
        let code = |r: &Reader<'v>| match r.value {
            Value::String(word) => Ok(Code::Word(word.clone())),
            value => value.as_i64().map_or_else(|| r.fail("a class or a word"), |n| Ok(Code::Integer(n))),
        };
        Ok(Coded {
            var: self.var()?,
            values: self.need("in")?.list()?.iter().map(code).collect::<Result<_, _>>()?,
            specimen: self.text_if("specimen")?,
            when: self.get("when").map(|r| r.when()).transpose()?,
            text: self.text("text")?,
        })
    }

    fn has(&self) -> Result<Has, NotATree> {
        let concept = Concept(self.text("concept")?.into());
        let mut has = Has::new(self.word("kind", Kind::from_word)?, concept, self.text("text")?);
        has.when = self.get("when").map(|r| r.when()).transpose()?;
        has.severity = self.text_if("severity")?;
        has.control = self.text_if("control")?;
        has.course = self.text_if("course")?;
        has.certainty = self.text_if("certainty")?;
        has.significance = self.text_if("significance")?;
        has.evidence = self.text_if("evidence")?;
        has.form = self.text_if("form")?;
        has.site = self.text_if("site")?;
        has.count = self.get("count").map(|r| r.need("lo")?.bound()).transpose()?;
        has.defined_by = self.boxed("defined_by")?;
        has.examples = self.texts("examples")?;
        has.open_list = self.flag("open_list");
        has.subtypes = self.texts("subtypes")?;
        has.relax = self.boxed("relax")?;
        Ok(has)
    }

    fn when(&self) -> Result<When, NotATree> {
        let window = |r: Reader<'v>| {
            Ok(Window { value: r.need("value")?.decimal()?, unit: r.text("unit")?, incl: r.flag("incl") })
        };
        let anchor = |r: Reader<'v>| {
            let word = r.string()?;
            Anchor::from_word(&word).map_or_else(|| r.fail("an anchor"), Ok)
        };
        Ok(When {
            window: self.get("window").map(window).transpose()?,
            relation: self.word("relation", Relation::from_word)?,
            anchor: self.get("anchor").map(anchor).transpose()?,
        })
    }

    fn change(&self) -> Result<Change, NotATree> {
        Ok(Change {
            var: self.var()?,
            increase: self.text("direction")? == "increase",
            percent: self.text("measure")? == "percent",
            from: self.text("from")?,
            lo: self.bound_if("lo")?,
            hi: self.bound_if("hi")?,
            unit: self.text("unit")?,
        })
    }
}
