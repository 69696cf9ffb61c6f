//! `/compare`: two to six studies on common axes.

use axum::{extract::State, response::Response};
use eligibility::{
    Eligibility,
    read::{Options, Reader},
    tree::Bound,
};
use maud::{Markup, html};
use model::StudyId;
use protocol::{
    compare::{
        self, Comparison, Range, Side, Variable,
        text::{level, measured, range_in},
    },
    dosing::Asked,
};

use super::{error::Failure, html as answer, work};
use crate::{
    Site,
    components::{layout, timeline},
    parameters::Parameters,
};

/// Studies at most.
const MOST: usize = 6;
/// Rows of outcomes and of limits at most.
const ROWS: usize = 60;

/// Shows the form, and the studies of `ids` side by side.
pub(crate) async fn get(State(site): State<Site>, given: Parameters) -> Result<Response, Failure> {
    work(move || {
        let words: Vec<String> = given
            .all("ids")
            .flat_map(|ids| ids.split([',', ' ', ';', '\n']).map(str::to_owned).collect::<Vec<_>>())
            .filter(|word| !word.trim().is_empty())
            .collect();
        let asked = words.join(" ");
        if words.is_empty() {
            return Ok(answer(page(&asked, html! {})));
        }
        let mut ids: Vec<StudyId> = Vec::new();
        for word in &words {
            let id = word.parse().map_err(|_| Failure::Unreadable(format!("“{word}” is no NCT id")))?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if !(2..=MOST).contains(&ids.len()) {
            return Err(Failure::Unreadable(format!(
                "two to six studies are compared; {} were given",
                ids.len()
            )));
        }
        let mut studies = Vec::new();
        for id in ids {
            let missing = || Failure::NotFound(format!("There is no study “{id}” in this registry"));
            let study = site.catalogue.study(id)?.ok_or_else(missing)?;
            let eligibility = Eligibility::of(&mut Reader::new(), &study, Options::default());
            studies.push((study, eligibility));
        }
        let person = Asked::read(&compare::usual_person());
        let person = person.map_err(|_| Failure::Internal("the usual person cannot be read".to_owned()))?;
        let sides: Vec<_> = studies.iter().map(|(study, eligibility)| (study, eligibility)).collect();
        Ok(answer(page(&asked, shown(&compare::compare(&sides, &person)))))
    })
    .await
}

fn page(asked: &str, shown: Markup) -> Markup {
    let main = html! {
        div.plan {
            h1 { "Compare studies" }
            form action="/compare" method="get" {
                div.field {
                    label for="ids" { "Two to six NCT ids" }
                    div.box {
                        input #ids name="ids" value=(asked) required autocomplete="off" spellcheck="false";
                        button type="submit" { "Compare" }
                    }
                }
            }
            (shown)
        }
    };
    layout::page("Compare studies", Some(""), main)
}

fn shown(comparison: &Comparison) -> Markup {
    let lanes = comparison
        .sides
        .iter()
        .flat_map(|side| timeline::lanes(&side.protocol, &format!("{} ", side.protocol.id)));
    let lanes: Vec<timeline::Lane> = lanes.collect();
    html! {
        (section("population", "Population", table(&comparison.sides, &population(comparison))))
        (section("schedule", "Times on one axis", timeline::chart("times", "Times of the studies", &lanes)))
        (section("doses", "Doses for a person of 70 kg and 170 cm", table(&comparison.sides, &doses(comparison))))
        (section("outcomes", "Outcomes by instrument", table(&comparison.sides, &outcomes(comparison))))
        (section("limits", "Eligibility", html! {
            p.quiet { "The narrowest limits that the criteria set; limits within alternatives count as well, so read the criteria." }
            (table(&comparison.sides, &limits(comparison)))
        }))
    }
}

fn section(id: &str, title: &str, body: Markup) -> Markup {
    html! { section aria-labelledby=(id) { h2 id=(id) { (title) } (body) } }
}

/// A head, and what each study says.
type Row = (String, Vec<Markup>);

fn table(sides: &[Side], rows: &[Row]) -> Markup {
    html! {
        div.wide {
            table {
                caption.hidden { "Study by study" }
                thead { tr { th scope="col" { "What" } @for side in sides {
                    th scope="col" { a href={ "/study/" (crate::components::labels::address(side.protocol.id)) "/protocol" } { (side.protocol.id) } } } } }
                tbody { @for (head, of) in rows { tr { th scope="row" { (head) } @for one in of { td { (one) } } } } }
            }
        }
    }
}

fn list(lines: Vec<String>) -> Markup {
    html! { @if lines.is_empty() { "—" } @else { ul.plain { @for line in lines.iter().take(20) { li { (line) } } } } }
}

fn population(comparison: &Comparison) -> Vec<Row> {
    let titles = comparison.sides.iter().map(|side| html! { (side.title) }).collect();
    let names = comparison.sides.first().map(|side| side.population.len()).unwrap_or(0);
    let rows = (0..names).map(|row| {
        let of = |side: &Side| html! { (side.population[row].1.as_deref().unwrap_or("—")) };
        (comparison.sides[0].population[row].0.to_owned(), comparison.sides.iter().map(of).collect())
    });
    let arms = |side: &Side| list(side.protocol.arms.iter().map(compare::arm).collect());
    let arms = ("Arms".to_owned(), comparison.sides.iter().map(arms).collect());
    std::iter::once(("Title".to_owned(), titles)).chain(rows).chain([arms]).collect()
}

fn doses(comparison: &Comparison) -> Vec<Row> {
    let of = |side: &Side| list(side.doses.iter().map(level).collect());
    vec![("Doses".to_owned(), comparison.sides.iter().map(of).collect())]
}

fn outcomes(comparison: &Comparison) -> Vec<Row> {
    let of = |row: &compare::Row| {
        (row.name.clone(), row.measured.iter().map(|of| list(of.iter().map(measured).collect())).collect())
    };
    comparison.outcomes.iter().take(ROWS).map(of).collect()
}

fn limits(comparison: &Comparison) -> Vec<Row> {
    let of = |variable: &Variable| {
        let axis = axis(variable);
        let cell = |range: &Option<Range>| {
            html! {
                @match range {
                    Some(range) => {
                        @if !range.is_empty() { (bar(*range, axis)) }
                        (range_in(*range, &variable.unit))
                    }
                    None => "—",
                }
            }
        };
        (variable.name.clone(), variable.ranges.iter().map(cell).collect())
    };
    comparison.limits.iter().take(ROWS).map(of).collect()
}

fn float(bound: Bound) -> f64 {
    f64::try_from(bound.value).unwrap_or(0.0)
}

/// From the least to the greatest limit of all studies, with room on both sides for what is open.
fn axis(variable: &Variable) -> (f64, f64) {
    let bounds =
        variable.ranges.iter().flatten().flat_map(|range| [range.low, range.high]).flatten().map(float);
    let (low, high) = bounds.fold((f64::MAX, f64::MIN), |(low, high), b| (low.min(b), high.max(b)));
    let room = ((high - low) * 0.25).max(high.abs() * 0.1).max(1e-9);
    (low - room, high + room)
}

fn bar(range: Range, (from, to): (f64, f64)) -> Markup {
    let place = |bound: Option<Bound>, open: f64| {
        bound.map_or(open, |b| (100.0 * (float(b) - from) / (to - from)).clamp(0.0, 100.0))
    };
    let (low, high) = (place(range.low, 0.0), place(range.high, 100.0));
    html! {
        svg.range viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            line.axis x1="0" y1="3" x2="100" y2="3" {}
            rect x=(format!("{low:.1}")) y="1" width=(format!("{:.1}", (high - low).max(0.8))) height="4" {}
        }
    }
}
