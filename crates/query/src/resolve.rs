//! Typed query to resolved query: names looked up, values read, contexts pushed down to the leaves.

use std::ops::Range;

use model::{Kind, Piece, StudyId, WeightedPiece};

use crate::{
    error::{Fault, Remark, whole},
    resolved::{Circle, Resolved, TextMatch},
    scope::Scope,
    typed::{Bound, Coverage, Distance, Expansion, Expr, Name, Node},
    value, words,
};

/// What the operators around a part of a query say about it.
#[derive(Clone, Copy)]
struct Context {
    scope: Scope,
    /// Whether `AREA` has named the scope, as against the default of the parameter.
    named: bool,
    coverage: Coverage,
    expansion: Expansion,
    /// Whether we are inside `SEARCH[Location]`.
    in_site: bool,
}

/// Resolves a typed query whose words, where no `AREA` says otherwise, are looked for in `scope`.
///
/// With `all_is_value`, `ALL` under a piece whose enumeration has that value is the value, not every study.
pub(crate) fn resolve(
    node: &Node,
    scope: Scope,
    all_is_value: bool,
) -> Result<(Resolved, Vec<Remark>), Fault> {
    let context = Context {
        scope,
        named: false,
        coverage: Coverage::default(),
        expansion: Expansion::default(),
        in_site: false,
    };
    let mut resolver = Resolver { all_is_value, ..Resolver::default() };
    let resolved = resolver.node(node, context)?;
    resolver.remark_on_missing();
    Ok((resolved, resolver.remarks))
}

#[derive(Default)]
struct Resolver {
    all_is_value: bool,
    remarks: Vec<Remark>,
    /// Ranges open at one end, and pieces that are asked to be missing.
    open_ranges: Vec<(&'static Piece, Range<usize>)>,
    missing: Vec<&'static Piece>,
}

impl Resolver {
    fn node(&mut self, node: &Node, context: Context) -> Result<Resolved, Fault> {
        let span = &node.span;
        match &node.expr {
            Expr::Or(parts) => Ok(Resolved::or(self.nodes(parts, context)?)),
            Expr::And(parts) => Ok(Resolved::and(self.nodes(parts, context)?)),
            Expr::List(parts) => self.list(parts, context),
            Expr::Not(inner) => Ok(Resolved::Not(Box::new(self.node(inner, context)?))),
            Expr::Area(name, inner) => {
                self.node(inner, Context { scope: Scope::by_name(name)?, named: true, ..context })
            }
            Expr::Coverage(coverage, inner) => self.node(inner, Context { coverage: *coverage, ..context }),
            Expr::Expansion(expansion, inner) => {
                self.node(inner, Context { expansion: *expansion, ..context })
            }
            Expr::Search(name, inner) => self.search(name, inner, context),
            Expr::Tilt(name, inner) => {
                Ok(Resolved::Tilt(tilted(name)?, Box::new(self.node(inner, context)?)))
            }
            Expr::Term(text) => words_or_value(text, false, span, context),
            Expr::Phrase(text) => words_or_value(text, true, span, context),
            Expr::Range(lo, hi) => self.range(lo, hi, span, context),
            Expr::Distance(distance) => near(distance, span, context),
            Expr::Missing => self.missing(span, context),
            Expr::All => Ok(self.all(span, context)),
        }
    }

    fn nodes(&mut self, nodes: &[Node], context: Context) -> Result<Vec<Resolved>, Fault> {
        whole(nodes.iter().map(|node| self.node(node, context)))
    }

    /// Alternatives where all are ids; otherwise all must hold.
    fn list(&mut self, parts: &[Node], context: Context) -> Result<Resolved, Fault> {
        if let Some(name) = inverted_name(parts) {
            return self.node(&name, context);
        }
        let resolved = self.nodes(parts, context)?;
        if parts.iter().all(|part| ids_of(part).is_some()) {
            return Ok(Resolved::or(resolved));
        }
        let bare = |node: &&Node| matches!(node.expr, Expr::Term(_) | Expr::Phrase(_));
        if let (Expr::Area(name, _), Some(part)) = (&parts[0].expr, parts[1..].iter().find(bare)) {
            let advice = format!(
                "AREA[{0}] ends at the comma, and the comma means AND; alternatives are AREA[{0}](a OR b)",
                name.text
            );
            self.remarks.push(Remark::new(part.span.clone(), advice));
        }
        Ok(Resolved::and(resolved))
    }

    fn search(&mut self, name: &Name, inner: &Node, context: Context) -> Result<Resolved, Fault> {
        match name.text.as_str() {
            "Location" if context.in_site => self.node(inner, context),
            "Location" => {
                let resolved = self.node(inner, Context { in_site: true, ..context })?;
                Ok(Resolved::InOneSite(Box::new(resolved)))
            }
            "Study" if !context.in_site => self.node(inner, context),
            "Study" => {
                Err(Fault::new(name.span.clone(), "SEARCH[Study] cannot stand inside SEARCH[Location]"))
            }
            other => {
                let message =
                    format!("`{other}` cannot be searched in as one element: only Study and Location");
                Err(Fault::new(name.span.clone(), message).near(["Location", "Study"]))
            }
        }
    }

    fn range(
        &mut self,
        lo: &Bound,
        hi: &Bound,
        span: &Range<usize>,
        context: Context,
    ) -> Result<Resolved, Fault> {
        match context.scope {
            Scope::Size(piece) => {
                check_site(&[piece], span, context)?;
                value::size_range(piece, lo, hi, span)
            }
            Scope::Area(area) => {
                let message = format!("RANGE needs one field, and `{}` is many", area.name);
                Err(Fault::new(span.clone(), message).near([format!("AREA[StartDate]RANGE[{lo}, {hi}]")]))
            }
            Scope::Piece(piece) => {
                check_site(&[piece], span, context)?;
                let half_open = (*lo == Bound::Min) != (*hi == Bound::Max);
                // A date is nearly always there; an age or a count that is absent means "no limit" or "not told".
                if half_open && matches!(piece.kind, Kind::Time | Kind::Integer | Kind::Number) {
                    self.open_ranges.push((piece, span.clone()));
                }
                value::range(piece, lo, hi, span)
            }
        }
    }

    fn missing(&mut self, span: &Range<usize>, context: Context) -> Result<Resolved, Fault> {
        let mut pieces = context.scope.value_pieces();
        if context.in_site {
            pieces.retain(|p| p.in_location());
            check_found(&pieces, span, context)?;
        }
        self.missing.extend(&pieces);
        Ok(Resolved::Missing(pieces))
    }

    fn all(&mut self, span: &Range<usize>, context: Context) -> Resolved {
        if let (true, Scope::Piece(piece)) = (self.all_is_value, context.scope)
            && let Kind::Enum(kind) = piece.kind
            && let Some(all) = kind.value("ALL")
        {
            return Resolved::Enum(piece, vec![all.value]);
        }
        if context.named {
            let name = context.scope.name();
            let advice = format!(
                "ALL means every study, so AREA[{name}] does not restrict anything here; the value is written \
                 AREA[{name}]\"ALL\""
            );
            self.remarks.push(Remark::new(span.clone(), advice));
        }
        Resolved::All
    }

    fn remark_on_missing(&mut self) {
        for (piece, span) in std::mem::take(&mut self.open_ranges) {
            if !self.missing.contains(&piece) {
                let name = piece.name;
                let advice = format!(
                    "RANGE never finds studies without {name}; to keep them add OR AREA[{name}]MISSING"
                );
                self.remarks.push(Remark::new(span, advice));
            }
        }
    }
}

fn tilted(name: &Name) -> Result<&'static Piece, Fault> {
    match Scope::by_name(name)? {
        Scope::Piece(piece) if piece.is_ordered() => Ok(piece),
        _ => {
            let message = format!("TILT needs a date, number or age, and `{}` is none", name.text);
            Err(Fault::new(name.span.clone(), message).near(["StartDate", "LastUpdatePostDate"]))
        }
    }
}

/// Words or a quoted phrase, in whatever the scope holds.
fn words_or_value(
    text: &str,
    phrase: bool,
    span: &Range<usize>,
    context: Context,
) -> Result<Resolved, Fault> {
    if let Some(ids) = ids(text).filter(|_| takes_ids(context)) {
        return Ok(Resolved::Ids(ids));
    }
    match context.scope {
        Scope::Size(piece) => {
            check_site(&[piece], span, context)?;
            let size = value::size(piece, &Name { text: text.to_owned(), span: span.clone() })?;
            Ok(Resolved::Size(piece, size, size))
        }
        Scope::Piece(piece) if piece.is_leaf() && !crate::scope::is_text(piece) => {
            check_site(&[piece], span, context)?;
            value::value(piece, text, span)
        }
        Scope::Area(area) if area.pieces.iter().all(|p| matches!(p.piece.kind, Kind::Enum(_))) => {
            enum_area(&area.pieces, text, span)
        }
        _ => Ok(Resolved::Text(text_match(text, phrase, span, context)?)),
    }
}

/// An area of enumerations only (`FunderTypeSearch`): the pieces whose enumeration knows the value.
fn enum_area(pieces: &[WeightedPiece], text: &str, span: &Range<usize>) -> Result<Resolved, Fault> {
    let known = |p: &WeightedPiece| match p.piece.kind {
        Kind::Enum(kind) => value::known_enum_values(p.piece, kind, text).map(|v| Resolved::Enum(p.piece, v)),
        _ => None,
    };
    let found: Vec<Resolved> = pieces.iter().filter_map(known).collect();
    match (found.is_empty(), pieces.first()) {
        // No piece knows it: the first one tells what it takes.
        (true, Some(first)) => value::value(first.piece, text, span),
        _ => Ok(Resolved::or(found)),
    }
}

fn text_match(text: &str, phrase: bool, span: &Range<usize>, context: Context) -> Result<TextMatch, Fault> {
    let expansion = expansion(phrase, span, context)?;
    let mut pieces = context.scope.text_pieces();
    if context.in_site {
        pieces.retain(|p| p.piece.in_location());
    }
    check_found(&pieces, span, context)?;
    let far = !matches!(expansion, Expansion::None | Expansion::Term);
    let segments = words::segments(text, far && pieces.iter().any(|p| p.piece.synonyms));
    if segments.is_empty() {
        return Err(Fault::new(span.clone(), "there is no letter or digit to look for here"));
    }
    Ok(TextMatch { pieces, coverage: context.coverage, expansion, text: text.to_owned(), segments })
}

/// The expansion that acts: a phrase is kept together, and so is a term that must cover a place in the value.
fn expansion(phrase: bool, span: &Range<usize>, context: Context) -> Result<Expansion, Fault> {
    let covers = context.coverage != Coverage::Contains;
    match context.expansion {
        Expansion::Lossy if covers => {
            let message = format!("EXPANSION[Lossy] cannot be combined with COVERAGE[{}]", context.coverage);
            Err(Fault::new(span.clone(), message))
        }
        Expansion::Relaxation | Expansion::Lossy if phrase || covers => Ok(Expansion::Concept),
        other => Ok(other),
    }
}

fn near(distance: &Distance, span: &Range<usize>, context: Context) -> Result<Resolved, Fault> {
    let reaches = match context.scope {
        Scope::Area(_) => !context.named || context.scope.text_pieces().iter().all(|p| p.piece.in_location()),
        Scope::Piece(piece) => crate::scope::leaves(piece).iter().any(|p| matches!(p.kind, Kind::GeoPoint)),
        Scope::Size(_) => false,
    };
    if !reaches {
        let message = format!("DISTANCE needs points, and `{}` has none", context.scope.name());
        return Err(Fault::new(span.clone(), message).near(["LocationGeoPoint"]));
    }
    Ok(Resolved::Near(Circle { lat: distance.lat, lon: distance.lon, km: distance.km() }))
}

/// The ids that a text consists of: separated by blanks or commas, nothing else in it but what people write before
/// numbers of other registries (`EudraCT number 2016-001234-56`).
pub(crate) fn ids(text: &str) -> Option<Vec<StudyId>> {
    let parts = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|p| !p.is_empty());
    let label = |p: &str| {
        ["eudract", "number", "no", "utn", "isrctn"]
            .contains(&p.trim_end_matches([':', '.']).to_lowercase().as_str())
    };
    let (labels, parts): (Vec<&str>, Vec<&str>) = parts.partition(|p| label(p));
    let mut ids: Vec<StudyId> = parts.into_iter().map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let others = ids.iter().any(|id| id.nct().is_none());
    ids.sort_unstable();
    ids.dedup();
    (!ids.is_empty() && (labels.is_empty() || others)).then_some(ids)
}

/// The ids that a part of a list consists of, whatever operators stand before them.
fn ids_of(node: &Node) -> Option<Vec<StudyId>> {
    match &node.expr {
        Expr::Term(text) | Expr::Phrase(text) => ids(text),
        Expr::Area(_, inner) | Expr::Coverage(_, inner) | Expr::Expansion(_, inner) => ids_of(inner),
        _ => None,
    }
}

/// Whether ids are looked up as such: in an area that holds the id, or in the id itself, and as whole values.
fn takes_ids(context: Context) -> bool {
    let holds = |p: &Piece| p.name == "NCTId" || p.name == "NCTIdAlias";
    let scope = match context.scope {
        Scope::Area(area) => area.pieces.iter().any(|p| p.piece.name == "NCTId"),
        Scope::Piece(piece) => holds(piece),
        Scope::Size(_) => false,
    };
    scope && !context.in_site && matches!(context.coverage, Coverage::Contains | Coverage::FullMatch)
}

/// Inside `SEARCH[Location]` only what belongs to a site can be asked for.
fn check_site(pieces: &[&Piece], span: &Range<usize>, context: Context) -> Result<(), Fault> {
    let inside: Vec<_> = pieces.iter().filter(|p| !context.in_site || p.in_location()).collect();
    check_found(&inside, span, context)
}

fn check_found<T>(pieces: &[T], span: &Range<usize>, context: Context) -> Result<(), Fault> {
    if !pieces.is_empty() {
        return Ok(());
    }
    let name = context.scope.name();
    if context.in_site {
        let message = format!("`{name}` is no field of a site, and SEARCH[Location] looks into sites only");
        return Err(Fault::new(span.clone(), message));
    }
    let inside = context.scope.value_pieces().into_iter().take(3).map(|p| p.name);
    Err(Fault::new(span.clone(), format!("`{name}` is a branch of the record without text")).near(inside))
}

/// Bare words around a comma that are one name of a concept, as MeSH inverts its headings: `Arthritis, Rheumatoid`.
fn inverted_name(parts: &[Node]) -> Option<Node> {
    let words = |part: &Node| if let Expr::Term(words) = &part.expr { Some(words.clone()) } else { None };
    let words: Vec<String> = parts.iter().map(words).collect::<Option<_>>()?;
    let name = words.join(" ");
    vocabulary::by_name(&name)?;
    let span = parts.first()?.span.start..parts.last()?.span.end;
    Some(Node { expr: Expr::Term(name), span })
}
