//! Sites as dots over the outlines of the land.

use maud::{Markup, html};

use super::labels::grouped;
use crate::assets::LAND;

/// A dot: degrees north, degrees east, how many sites.
pub(crate) type Point = (f32, f32, u32);

/// A world map (equirectangular: two units a degree). Points with equal coordinates on it become one dot.
pub(crate) fn world(id: &str, title: &str, points: &[Point]) -> Markup {
    let dots = dots(points);
    let sites: u64 = points.iter().map(|p| u64::from(p.2)).sum();
    let most = dots.iter().map(|d| d.2).max().unwrap_or(1);
    html! {
        figure.map {
            svg viewBox="0 0 720 300" role="img" aria-labelledby={ (id) "-t " (id) "-d" } {
                title id={ (id) "-t" } { (title) }
                desc id={ (id) "-d" } {
                    (grouped(sites)) " sites with a known place, at " (grouped(dots.len() as u64))
                    " spots. Places are those of the cities, not of the buildings."
                }
                use.land href={ (LAND.address()) "#land" } {}
                g.dots {
                    @for (x, y, count) in &dots {
                        circle cx=(x) cy=(y) r=(format!("{:.1}", radius(*count, most))) {}
                    }
                }
            }
        }
    }
}

/// Area grows with the count, from a dot that can be seen to one that does not hide a country.
fn radius(count: u32, most: u32) -> f64 {
    2.5 + 6.0 * (f64::from(count.saturating_sub(1)) / f64::from(most.max(2) - 1)).sqrt()
}

/// Whole units of the map, most sites first, at most 600 so that the page stays light.
fn dots(points: &[Point]) -> Vec<(i32, i32, u32)> {
    let mut merged = std::collections::BTreeMap::new();
    let real = |p: &&Point| p.0.is_finite() && p.1.is_finite() && p.0.abs() <= 90.0 && p.1.abs() <= 180.0;
    for (lat, lon, count) in points.iter().filter(real) {
        let place = (((lon + 180.0) * 2.0).round() as i32, ((90.0 - lat) * 2.0).round() as i32);
        *merged.entry(place).or_insert(0_u32) += count;
    }
    let mut out: Vec<_> = merged.into_iter().map(|((x, y), count)| (x, y, count)).collect();
    out.sort_by_key(|(x, y, count)| (std::cmp::Reverse(*count), *x, *y));
    out.truncate(600);
    out
}

/// Great-circle distance in kilometres (haversine, mean radius 6,371.0088 km).
pub(crate) fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half = |x: f64| (x / 2.0).sin().powi(2);
    let h = half(lat_b - lat_a) + lat_a.cos() * lat_b.cos() * half((b.1 - a.1).to_radians());
    2.0 * 6371.0088 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_and_merges() {
        // Berlin to Paris: about 878 km by any great-circle calculator.
        assert!((km((52.52, 13.405), (48.8566, 2.3522)) - 878.0).abs() < 2.0);
        let found = dots(&[(52.52, 13.4, 1), (52.5, 13.41, 2), (f32::NAN, 0.0, 9), (0.0, 0.0, 1)]);
        assert_eq!(found, [(387, 75, 3), (360, 180, 1)]);
    }
}
