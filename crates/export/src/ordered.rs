//! Work on many threads, its results in the order of its input.

use std::{
    any::Any,
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Mutex, PoisonError},
};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use crate::Error;

/// Items in work or waiting for their turn, for each thread.
const AHEAD: usize = 2;

/// What became of an item.
type Done<T> = Result<Result<T, Error>, Box<dyn Any + Send>>;

/// Gives each item to `work` on one of some threads, and what came of it to `take`, in the order of the items. At most
/// a few results wait for their turn. The first error, by the order of the items, ends it.
pub(crate) fn ordered<I: Send, T: Send>(
    threads: usize,
    items: impl Iterator<Item = Result<I, Error>> + Send,
    work: impl Fn(I) -> Result<T, Error> + Sync,
    mut take: impl FnMut(T) -> Result<(), Error>,
) -> Result<(), Error> {
    let items = Mutex::new(items.enumerate());
    let (allow, permits) = bounded(threads.max(1) * AHEAD);
    let (send, done) = unbounded();
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let (permits, send, items, work) = (permits.clone(), send.clone(), &items, &work);
            scope.spawn(move || labour(&permits, items, work, &send));
        }
        drop((permits, send));
        for _ in 0..threads.max(1) * AHEAD {
            // Nobody takes permits any more only when all items are done.
            let _ = allow.send(());
        }
        let (mut waiting, mut next) = (BTreeMap::new(), 0);
        // Leaving this scope drops `allow` and `done`, which ends the threads.
        let (allow, done) = (allow, done);
        for (number, result) in &done {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                next += 1;
                match result {
                    Ok(result) => take(result?)?,
                    Err(panic) => resume_unwind(panic),
                }
                let _ = allow.send(());
            }
        }
        Ok(())
    })
}

/// One thread's share: an item for each permit, until there are no more of either.
fn labour<I, T>(
    permits: &Receiver<()>,
    items: &Mutex<impl Iterator<Item = (usize, Result<I, Error>)>>,
    work: &impl Fn(I) -> Result<T, Error>,
    send: &Sender<(usize, Done<T>)>,
) {
    while permits.recv().is_ok() {
        let next = items.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some((number, item)) = next else { return };
        let result = catch_unwind(AssertUnwindSafe(|| item.and_then(work)));
        if send.send((number, result)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn squares(threads: usize, items: Vec<Result<u64, Error>>) -> (Vec<u64>, Result<(), Error>) {
        let mut out = Vec::new();
        let work = |n: u64| {
            std::thread::sleep(Duration::from_micros(n * 37 % 200));
            Ok(n * n)
        };
        let result = ordered(threads, items.into_iter(), work, |n| {
            out.push(n);
            Ok(())
        });
        (out, result)
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for threads in [0, 1, 2, 5] {
            let (out, result) = squares(threads, (0..300).map(Ok).collect());
            assert!(result.is_ok());
            assert_eq!(out, (0..300).map(|n| n * n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_error_ends_it() {
        let mut items: Vec<Result<u64, Error>> = (0..50).map(Ok).collect();
        items.insert(7, Err(Error::Stopped));
        let (out, result) = squares(3, items);
        assert!(matches!(result, Err(Error::Stopped)));
        assert_eq!(out.len(), 7);
        let refused = ordered(2, (0..90).map(Ok), |n: u64| Ok(n), |_| Err(Error::Stopped));
        assert!(matches!(refused, Err(Error::Stopped)));
    }

    #[test]
    fn a_panic_is_passed_on_and_nobody_waits_for_ever() {
        let work = |n: u64| if n == 5 { panic!("five") } else { Ok(n) };
        let caught = catch_unwind(AssertUnwindSafe(|| ordered(2, (0..90).map(Ok), work, |_| Ok(()))));
        assert!(caught.is_err());
    }
}
