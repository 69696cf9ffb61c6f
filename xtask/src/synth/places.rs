//! Where sites are: real cities, and invented towns around them.

use serde_json::{Value, json};

use super::{
    random::Random,
    words::{Words, name},
};

/// City, state, country, latitude and longitude in degrees, weight (the United States have about a third of all
/// sites).
type City = (&'static str, &'static str, &'static str, f64, f64, u32);

const CITIES: [City; 56] = [
    ("New York", "New York", "United States", 40.7143, -74.006, 60),
    ("Houston", "Texas", "United States", 29.7633, -95.3633, 50),
    ("Los Angeles", "California", "United States", 34.0522, -118.2437, 48),
    ("Boston", "Massachusetts", "United States", 42.3584, -71.0598, 45),
    ("Chicago", "Illinois", "United States", 41.85, -87.65, 42),
    ("Philadelphia", "Pennsylvania", "United States", 39.9523, -75.1638, 36),
    ("Atlanta", "Georgia", "United States", 33.749, -84.388, 32),
    ("San Diego", "California", "United States", 32.7157, -117.1647, 30),
    ("Seattle", "Washington", "United States", 47.6062, -122.3321, 24),
    ("Baltimore", "Maryland", "United States", 39.2904, -76.6122, 24),
    ("Cleveland", "Ohio", "United States", 41.4995, -81.6954, 22),
    ("Denver", "Colorado", "United States", 39.7392, -104.9847, 20),
    ("Miami", "Florida", "United States", 25.7743, -80.1937, 26),
    ("Minneapolis", "Minnesota", "United States", 44.98, -93.2638, 18),
    ("Nashville", "Tennessee", "United States", 36.1659, -86.7844, 20),
    ("Durham", "North Carolina", "United States", 35.994, -78.8986, 22),
    ("Paris", "", "France", 48.8534, 2.3488, 46),
    ("Lyon", "", "France", 45.7485, 4.8467, 18),
    ("Toulouse", "", "France", 43.6043, 1.4437, 12),
    ("London", "", "United Kingdom", 51.5085, -0.1257, 38),
    ("Manchester", "", "United Kingdom", 53.481, -2.2374, 12),
    ("Berlin", "", "Germany", 52.5244, 13.4105, 26),
    ("Munich", "Bavaria", "Germany", 48.1374, 11.5755, 18),
    ("Hamburg", "", "Germany", 53.5753, 10.0153, 12),
    ("Madrid", "", "Spain", 40.4165, -3.7026, 30),
    ("Barcelona", "", "Spain", 41.3888, 2.159, 30),
    ("Milan", "", "Italy", 45.4643, 9.1895, 24),
    ("Rome", "", "Italy", 41.8919, 12.5113, 20),
    ("Toronto", "Ontario", "Canada", 43.7001, -79.4163, 30),
    ("Montreal", "Quebec", "Canada", 45.5088, -73.5878, 24),
    ("Vancouver", "British Columbia", "Canada", 49.2497, -123.1193, 14),
    ("Beijing", "Beijing Municipality", "China", 39.9075, 116.3972, 36),
    ("Shanghai", "Shanghai Municipality", "China", 31.2222, 121.4581, 34),
    ("Guangzhou", "Guangdong", "China", 23.1167, 113.25, 22),
    ("Tokyo", "", "Japan", 35.6895, 139.6917, 22),
    ("Osaka", "", "Japan", 34.6937, 135.5022, 10),
    ("Seoul", "", "South Korea", 37.566, 126.9784, 34),
    ("Taipei", "", "Taiwan", 25.0531, 121.5264, 18),
    ("Cairo", "", "Egypt", 30.0626, 31.2497, 28),
    ("Assiut", "", "Egypt", 27.1828, 31.1828, 12),
    ("Ankara", "", "Turkey (Türkiye)", 39.9199, 32.8543, 18),
    ("Istanbul", "", "Turkey (Türkiye)", 41.0138, 28.9497, 20),
    ("Copenhagen", "", "Denmark", 55.6759, 12.5655, 20),
    ("Stockholm", "", "Sweden", 59.3294, 18.0687, 14),
    ("Oslo", "", "Norway", 59.9127, 10.7461, 10),
    ("Amsterdam", "", "Netherlands", 52.374, 4.8897, 16),
    ("Brussels", "", "Belgium", 50.8505, 4.3488, 14),
    ("Vienna", "", "Austria", 48.2085, 16.3721, 12),
    ("Zurich", "", "Switzerland", 47.3667, 8.55, 10),
    ("Warsaw", "", "Poland", 52.2298, 21.0118, 18),
    ("Budapest", "", "Hungary", 47.4984, 19.0404, 14),
    ("Tel Aviv", "", "Israel", 32.0809, 34.7806, 16),
    ("São Paulo", "", "Brazil", -23.5475, -46.6361, 18),
    ("Buenos Aires", "", "Argentina", -34.6132, -58.3772, 10),
    ("Sydney", "New South Wales", "Australia", -33.8679, 151.2073, 16),
    ("Lahore", "Punjab Province", "Pakistan", 31.558, 74.3507, 16),
];

/// The sites of a study. Large studies cross borders; a small one stays in one city's reach.
pub fn sites(random: &mut Random, words: &Words, count: usize, open: Option<&str>) -> Vec<Value> {
    let weights: Vec<(usize, u32)> = CITIES.iter().map(|city| city.5).enumerate().collect();
    let home = random.weighted(&weights);
    (0..count)
        .map(|_| {
            let city = if random.chance(if count > 8 { 0.2 } else { 0.7 }) {
                home
            } else {
                random.weighted(&weights)
            };
            site(random, words, &CITIES[city], open)
        })
        .collect()
}

fn site(random: &mut Random, words: &Words, city: &City, open: Option<&str>) -> Value {
    let (mut town, mut lat, mut lon) = (city.0.to_owned(), city.3, city.4);
    if random.chance(0.35) {
        let rank = random.zipf(400);
        town = name((rank as u64) << 8 | u64::from(city.0.as_bytes()[0]));
        let offset = |step: usize| ((rank * step) % 201) as f64 / 100.0 - 1.0;
        (lat, lon) = (round(lat + offset(37)), round(lon + offset(61)));
    }
    let mut site = json!({ "facility": facility(random, words, &town) });
    if let Some(status) = open {
        site["status"] = status.into();
    }
    site["city"] = town.into();
    if !city.1.is_empty() {
        site["state"] = city.1.into();
    }
    site["zip"] = format!("{:05}", random.between(1000, 99_999)).into();
    site["country"] = city.2.into();
    if open == Some("RECRUITING") && random.chance(0.5) {
        site["contacts"] = json!([contact(random)]);
    }
    if random.chance(0.96) {
        site["geoPoint"] = json!({ "lat": lat, "lon": lon });
    }
    site
}

/// About every eighth name is generic, as the registry's are.
fn facility(random: &mut Random, words: &Words, town: &str) -> String {
    match random.below(8) {
        0 => "Research Site".to_owned(),
        1 | 2 => format!("University Hospital {town}"),
        3 | 4 => {
            format!("{town} Medical Center, Department of {}", super::words::capital(words.word(random)))
        }
        5 => format!("Investigative Site {}", random.between(1, 900)),
        _ => format!("{} Institute of {town}", name(random.zipf(3_000) as u64)),
    }
}

/// An invented person with a number that nobody has.
pub fn contact(random: &mut Random) -> Value {
    let (first, last) = (name(random.zipf(900) as u64), name(random.zipf(9_000) as u64 + 1_000));
    json!({
        "name": format!("{first} {last}, MD"),
        "role": "CONTACT",
        "phone": format!("555-01{:02}", random.below(100)),
        "email": format!("{}@example.org", last.to_lowercase()),
    })
}

fn round(degrees: f64) -> f64 {
    (degrees * 1e4).round() / 1e4
}
