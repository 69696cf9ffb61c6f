//! Trouble on the way: the folder ends up with what the registry has, or the sync says why not and how to go on.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sync::{Error, Options, Way};

use crate::{
    proxy::{Deed, Proxy},
    steps::{followed, options},
    upstream::{State, Upstream, assert_is},
};

/// One of each kind of trouble in turn, and after each a request that is passed on.
fn every_other(number: usize) -> Deed {
    const SILENT: Duration = Duration::from_millis(900);
    match number {
        n if n % 2 == 0 => Deed::Pass,
        n => match n / 2 % 8 {
            0 => Deed::Html,
            1 => Deed::Cut(60),
            2 => Deed::Status(500, "", "oh"),
            3 => Deed::CutUnseen(70),
            4 => Deed::Status(429, "Retry-After: 1\r\n", ""),
            5 => Deed::Close,
            6 => Deed::Silence(SILENT),
            _ => Deed::Status(503, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", ""),
        },
    }
}

#[test]
fn any_trouble_that_passes_costs_time_only() {
    let first = State::of(1..=120, "2024-05-06");
    let second = first.later("2024-06-10");
    let (a, b) = (Upstream::of(&first), Upstream::of(&second));
    for way in [Way::Zip, Way::Pages] {
        let folder = testkit::folder();
        let proxy = Proxy::new(a.address, |number, _| every_other(number));
        let options = Options { way, ..options(&proxy.url()) };
        followed(folder.path(), &options).unwrap();
        assert_is(folder.path(), &first);
        proxy.point_at(b.address);
        followed(folder.path(), &options).unwrap();
        assert_is(folder.path(), &second);
    }
}

#[test]
fn an_answer_that_stalls_is_not_waited_for_to_its_end() {
    const LONG: Duration = Duration::from_secs(15);
    let state = State::of(1..=120, "2024-05-06");
    let upstream = Upstream::of(&state);
    for way in [Way::Zip, Way::Pages] {
        let folder = testkit::folder();
        let proxy = Proxy::new(upstream.address, |number, path| {
            let records = path.contains("download") || path.contains("pageSize");
            if records && number < 4 { Deed::Stall(50, LONG) } else { Deed::Pass }
        });
        let started = Instant::now();
        followed(folder.path(), &Options { way, ..options(&proxy.url()) }).unwrap();
        assert_is(folder.path(), &state);
        assert!(started.elapsed() < LONG, "{way:?} took {:?}", started.elapsed());
    }
}

/// What is done to the zip in turn; everything else is passed on.
fn to_the_zip(deeds: Vec<Deed>) -> impl FnMut(usize, &str) -> Deed + Send {
    let mut deeds = deeds.into_iter();
    move |_, path| {
        if path.contains("download") {
            deeds.next().unwrap_or(Deed::Status(403, "", "no more"))
        } else {
            Deed::Pass
        }
    }
}

#[test]
fn of_a_zip_that_breaks_off_the_rest_is_asked_for() {
    let state = State::of(1..=120, "2024-05-06");
    let upstream = Upstream::of(&state);
    let check = |deeds: Vec<Deed>, begins: &dyn Fn(&[usize]) -> bool| {
        let folder = testkit::folder();
        let proxy = Proxy::new(upstream.address, to_the_zip(deeds.clone()));
        let options = Options { way: Way::Zip, ..options(&proxy.url()) };
        followed(folder.path(), &options).unwrap();
        assert_is(folder.path(), &state);
        assert!(begins(&proxy.parts()), "{deeds:?}: {:?}", proxy.parts());
    };
    const TAG: &str = "\"a\"";
    let file = |percent| Deed::File(TAG, percent);
    check(vec![file(100)], &|parts| parts == [0]);
    // Each part begins where the one before broke off.
    check(vec![file(40), file(50), Deed::Close, file(60), file(100)], &|parts| {
        parts.len() == 4 && parts[0] == 0 && parts.windows(2).all(|two| two[0] < two[1])
    });
    // Another file by now, a server that knows no parts, a part that was not asked for, a weak tag: the whole comes.
    check(vec![file(40), Deed::File("\"b\"", 100)], &|parts| parts == [0, 0]);
    check(vec![file(40), Deed::Pass], &|parts| parts == [0]);
    check(vec![file(40), Deed::WrongPart(TAG), file(100)], &|parts| parts.len() == 3 && parts[2] == 0);
    check(vec![Deed::File("W/\"a\"", 40), Deed::File("W/\"a\"", 100)], &|parts| parts == [0, 0]);
    check(vec![file(40), Deed::Status(416, "", ""), file(100)], &|parts| parts == [0, 0]);
    check(vec![file(40), Deed::Html, file(100)], &|parts| parts == [0, 0]);
}

#[test]
fn the_next_sync_asks_for_the_rest_of_the_zip() {
    let state = State::of(1..=120, "2024-05-06");
    let later = state.later("2024-06-10");
    let (a, b) = (Upstream::of(&state), Upstream::of(&later));
    for (now, address, anew) in [(&state, a.address, false), (&later, b.address, true)] {
        let folder = testkit::folder();
        let proxy = Proxy::new(a.address, to_the_zip(vec![Deed::File("\"a\"", 50)]));
        let options = Options { way: Way::Zip, ..options(&proxy.url()) };
        assert!(matches!(followed(folder.path(), &options), Err(Error::Refused { .. })));
        proxy.point_at(address);
        let tag = if anew { "\"b\"" } else { "\"a\"" };
        proxy.plan(to_the_zip(vec![Deed::File(tag, 100)]));
        followed(folder.path(), &options).unwrap();
        assert_is(folder.path(), now);
        assert_eq!(proxy.parts()[1] == 0, anew, "{:?}", proxy.parts());
    }
}

/// Data that change between two pages: each further page is of the later state.
#[test]
fn data_that_change_between_pages_are_read_again() {
    let first = State::of(1..=120, "2024-05-06");
    let second = first.later("2024-06-10");
    let (a, b) = (Upstream::of(&first), Upstream::of(&second));
    for turn in 2..=14 {
        let folder = testkit::folder();
        let proxy = Arc::new(Proxy::new(a.address, |_, _| Deed::Pass));
        let (held, to) = (proxy.clone(), b.address);
        let asked = AtomicUsize::new(0);
        let options = Options { way: Way::Pages, ..options(&proxy.url()) };
        sync::sync(folder.path(), &options, &mut |event| {
            if let sync::Event::Pages { .. } = event
                && asked.fetch_add(1, Ordering::Relaxed) + 1 == turn
            {
                held.point_at(to);
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        let now = if asked.load(Ordering::Relaxed) >= turn { &second } else { &first };
        assert_is(folder.path(), now);
    }
}

/// Broken off at every request in turn: the next sync goes on, and asks for no page that came before.
#[test]
fn a_sync_that_is_broken_off_anywhere_goes_on() {
    let first = State::of(1..=120, "2024-05-06");
    let second = first.later("2024-06-10");
    let (a, b) = (Upstream::of(&first), Upstream::of(&second));
    for way in [Way::Zip, Way::Pages] {
        let folder = testkit::folder();
        let proxy = Proxy::new(a.address, |_, _| Deed::Pass);
        let options = Options { way, ..options(&proxy.url()) };
        for state in [(a.address, &first), (b.address, &second)] {
            proxy.point_at(state.0);
            let mut broken_off = 0;
            // The last request that is let through is one further each time.
            for last in 1.. {
                proxy.plan(
                    move |number, _| if number > last { Deed::Status(403, "", "no") } else { Deed::Pass },
                );
                match followed(folder.path(), &options) {
                    Ok(_) => break,
                    Err(Error::Refused { status: 403, .. }) => broken_off += 1,
                    Err(other) => panic!("{other}"),
                }
            }
            assert!(broken_off >= 3, "{broken_off}");
            assert_is(folder.path(), state.1);
        }
    }
    let folder = testkit::folder();
    let proxy =
        Proxy::new(a.address, |number, _| if number > 4 { Deed::Status(403, "", "") } else { Deed::Pass });
    let options = Options { way: Way::Pages, ..options(&proxy.url()) };
    followed(folder.path(), &options).unwrap_err();
    proxy.plan(|_, _| Deed::Pass);
    followed(folder.path(), &options).unwrap();
    let pages =
        proxy.paths().into_iter().filter(|path| path.contains("countTotal") && !path.contains("fields"));
    assert_eq!(pages.count(), 2, "three of the five pages had come");
}

#[test]
fn trouble_that_stays_is_told_with_the_way_on() {
    let upstream = Upstream::of(&State::of(1..=5, "2024-05-06"));
    let told = |deed: Deed, words: &[&str]| {
        let folder = testkit::folder();
        let proxy = Proxy::new(upstream.address, move |_, _| deed.clone());
        let mut options = options(&proxy.url());
        options.pace.attempts = 3;
        let error = followed(folder.path(), &options).unwrap_err().to_string();
        words.iter().for_each(|word| assert!(error.contains(word), "`{word}` is not in: {error}"));
    };
    told(Deed::Html, &["failed 3 times", "no JSON", "<!doctype html>", "trialist sync"]);
    told(Deed::Status(500, "", ""), &["failed 3 times", "status 500", "go on"]);
    told(Deed::Status(429, "Retry-After: 7200\r\n", ""), &["come back in 7200 s"]);
    told(Deed::Status(404, "", "No such place"), &["status 404", "No such place", "--from"]);
    told(Deed::Close, &["failed 3 times"]);
    let nobody = options("http://127.0.0.1:9");
    let error = followed(testkit::folder().path(), &nobody).unwrap_err();
    assert!(matches!(error, Error::GivenUp { .. }), "{error}");
}

#[test]
fn whoever_asks_for_an_end_need_not_wait_for_it() {
    let upstream = Upstream::of(&State::of(1..=5, "2024-05-06"));
    let proxy = Proxy::new(upstream.address, |_, _| Deed::Status(503, "Retry-After: 3\r\n", ""));
    let options = options(&proxy.url());
    let started = Instant::now();
    let error = sync::sync(testkit::folder().path(), &options, &mut |_| {
        let long = started.elapsed() > Duration::from_millis(200);
        if long { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(error, Err(Error::Stopped)), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(2));
}
