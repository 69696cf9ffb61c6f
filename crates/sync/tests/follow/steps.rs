//! First load, deltas, withdrawals, mergers, what is asked for.

use std::{ops::ControlFlow, path::Path, time::Duration};

use sync::{Error, Options, Pace, Patience, Summary, Way};

use crate::{
    proxy::{Deed, Proxy},
    upstream::{State, Upstream, assert_is},
};

/// Quick manners, for tests.
pub fn options(from: &str) -> Options {
    let pace = Pace {
        between: Duration::ZERO,
        first: Duration::from_millis(2),
        longest: Duration::from_secs(3),
        ..Pace::default()
    };
    let patience = Patience {
        connect: Duration::from_secs(5),
        answer: Duration::from_millis(700),
        stall: Duration::from_millis(700),
        page: Duration::from_secs(10),
        bulk: Duration::from_secs(20),
    };
    Options { page: 25, pace, patience, ..Options::new(from, || 1_790_000_000) }
}

pub fn followed(data: &Path, options: &Options) -> Result<Summary, Error> {
    sync::sync(data, options, &mut |_| ControlFlow::Continue(()))
}

#[test]
fn everything_then_what_changed() {
    for way in [Way::Zip, Way::Pages] {
        let first = State::of(1..=120, "2024-05-06");
        let second = first.later("2024-06-10");
        let (a, b) = (Upstream::of(&first), Upstream::of(&second));
        let proxy = Proxy::new(a.address, |_, _| Deed::Pass);
        let folder = testkit::folder();
        let data = folder.path();
        let options = Options { way, ..options(&proxy.url()) };
        let loaded = followed(data, &options).unwrap();
        assert_is(data, &first);
        assert_eq!(
            (loaded.counts.added, loaded.loaded, loaded.stamp.as_str()),
            (120, true, "2024-05-06T00:00:00")
        );
        let zips = proxy.paths().iter().filter(|path| path.contains("download")).count();
        assert_eq!(zips, usize::from(way == Way::Zip));

        proxy.plan(|_, _| Deed::Pass);
        let again = followed(data, &options).unwrap();
        assert_eq!((again.counts.records(), again.loaded, again.swept), (0, false, false));
        assert_eq!(proxy.paths().len(), 3, "version, count, version: {:?}", proxy.paths());

        proxy.point_at(b.address);
        proxy.plan(|_, _| Deed::Pass);
        let delta = followed(data, &options).unwrap();
        assert_is(data, &second);
        assert_eq!((delta.counts.added, delta.counts.changed, delta.gone, delta.back), (10, 21, 7, 0));
        assert!(
            proxy.paths().iter().any(|path| path.contains("RANGE%5B2024-05-05%2CMAX%5D")),
            "{:?}",
            proxy.paths()
        );

        let registry = registry::Registry::open(data).unwrap();
        let merged = "NCT00000041".parse().unwrap();
        assert_eq!(registry.study(merged).unwrap().unwrap().id().number(), 44, "the study it became part of");
        assert_eq!(registry.versions(merged).unwrap().len(), 1, "its own record is kept");
        let withdrawn = "NCT00000031".parse().unwrap();
        assert!(registry.study(withdrawn).unwrap().is_some());
        let marked = registry.store().withdrawal(withdrawn).unwrap().unwrap();
        assert_eq!((marked.noticed, marked.source), (1_790_000_000, proxy.url()));
    }
}

#[test]
fn a_study_that_comes_back_is_found_again() {
    let first = State::of(1..=40, "2024-05-06");
    let second = first.later("2024-06-10");
    let mut third = second.clone();
    // One comes back as it was, one with an update.
    third.0.insert(31, first.0[&31].clone());
    third.put(32, "2024-07-01", "back", &[]);
    let folder = testkit::folder();
    let proxy = Proxy::new(Upstream::of(&first).address, |_, _| Deed::Pass);
    for state in [&first, &second, &third] {
        let upstream = Upstream::of(state);
        proxy.point_at(upstream.address);
        followed(folder.path(), &options(&proxy.url())).unwrap();
        assert_is(folder.path(), state);
    }
    let rebuilt = registry::rebuild(folder.path(), &mut |_, _| ()).unwrap();
    assert_eq!(rebuilt, third.0.len() as u64, "a new index leaves out the same");
    assert_is(folder.path(), &third);
}

#[test]
fn many_missing_studies_look_like_a_fault() {
    let first = State::of(1..=200, "2024-05-06");
    let mut second = State::of(1..=100, "2024-05-06");
    second.put(1, "2024-06-10", "changed", &[]);
    let (a, b) = (Upstream::of(&first), Upstream::of(&second));
    let folder = testkit::folder();
    let proxy = Proxy::new(a.address, |_, _| Deed::Pass);
    let mut options = options(&proxy.url());
    followed(folder.path(), &options).unwrap();
    proxy.point_at(b.address);
    let error = followed(folder.path(), &options).unwrap_err();
    assert!(matches!(error, Error::TooManyGone { gone: 100, held: 200 }), "{error}");
    assert!(error.to_string().contains("--most-gone 100"));
    let store = store::Store::open(folder.path()).unwrap();
    assert_eq!(store.withdrawn().unwrap(), []);
    options.most_gone = 100;
    followed(folder.path(), &options).unwrap();
    assert_is(folder.path(), &second);
}

#[test]
fn everything_again_brings_what_has_no_new_date() {
    let first = State::of(1..=30, "2024-05-06");
    let mut second = first.clone();
    for number in 3..=5 {
        let study = second.0.get_mut(&number).unwrap();
        study["derivedSection"] = serde_json::json!({
            "miscInfoModule": {"versionHolder": "2024-05-06"},
            "conditionBrowseModule": {"meshes": [{"id": "D001249", "term": "Asthma"}]}
        });
    }
    let (a, b) = (Upstream::of(&first), Upstream::of(&second));
    let folder = testkit::folder();
    let proxy = Proxy::new(a.address, |_, _| Deed::Pass);
    let options = options(&proxy.url());
    followed(folder.path(), &options).unwrap();
    proxy.point_at(b.address);
    followed(folder.path(), &options).unwrap();
    assert_is(folder.path(), &first);
    let full = followed(folder.path(), &Options { full: true, ..options }).unwrap();
    assert_eq!((full.loaded, full.counts.changed), (true, 3));
    assert_is(folder.path(), &second);
}

#[test]
fn what_another_sync_or_import_holds_is_left_alone() {
    let state = State::of(1..=5, "2024-05-06");
    let upstream = Upstream::of(&state);
    let folder = testkit::folder();
    let options = options(&format!("http://{}", upstream.address));
    let mut inner = None;
    sync::sync(folder.path(), &options, &mut |_| {
        inner.get_or_insert_with(|| followed(folder.path(), &options).unwrap_err().to_string());
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(inner.unwrap().contains("use"), "the second is told to wait");
    assert_is(folder.path(), &state);
}
