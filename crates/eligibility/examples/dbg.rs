fn main() {
    let mut t = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut t).unwrap();
    eligibility::read::debug(t.trim_end());
    let c = eligibility::read::Reader::new().read(
        t.trim_end(),
        eligibility::read::Options {
            section: if std::env::args().len() > 1 {
                eligibility::tree::Section::Exclusion
            } else {
                eligibility::tree::Section::Inclusion
            },
            ..Default::default()
        },
    );
    for i in c.items {
        println!("{} {}", i.number, eligibility::notation::node(i.expr.as_ref().unwrap()));
    }
}
