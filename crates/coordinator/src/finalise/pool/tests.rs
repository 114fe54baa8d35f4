use std::sync::mpsc;

use super::*;

/// A proof that takes so much, says which one it is, and ends when it is told to.
fn task(circuit: &str, (key, working): (u64, u64), says: (&mpsc::Sender<u32>, u32), until: mpsc::Receiver<()>) -> Task {
    let (sender, number) = (says.0.clone(), says.1);
    Task {
        footprint: Footprint {
            circuit: circuit.into(),
            key,
            working,
        },
        run: Box::new(move || {
            sender.send(number).unwrap();
            // ends too when the test has let go of the other end
            let _ = until.recv();
        }),
    }
}

/// A proof that ends at once.
fn quick(circuit: &str, takes: (u64, u64), says: (&mpsc::Sender<u32>, u32)) -> Task {
    task(circuit, takes, says, mpsc::channel().1)
}

fn pool(parallel: usize, memory: u64) -> ProvingPool {
    ProvingPool::new(ProvingLimits {
        parallel: Some(parallel),
        memory,
    })
}

#[test]
fn two_polls_take_turns_however_many_proofs_the_first_one_queued() {
    let (said, heard) = mpsc::channel();
    let pool = pool(1, 100);
    let (go, wait) = mpsc::channel();
    let mut first = vec![task("a", (1, 1), (&said, 0), wait)];
    first.extend((1..4).map(|number| quick("a", (1, 1), (&said, number))));
    let _first = pool.queue(first);
    assert_eq!(heard.recv(), Ok(0));
    let _second = pool.queue((10..13).map(|number| quick("b", (1, 1), (&said, number))).collect());
    go.send(()).unwrap();
    let order: Vec<u32> = heard.iter().take(6).collect();
    assert_eq!(order, [1, 10, 2, 11, 3, 12]);
}

#[test]
fn what_does_not_fit_beside_the_running_proof_waits_for_it() {
    let (said, heard) = mpsc::channel();
    let pool = pool(2, 10);
    let (go, wait) = mpsc::channel();
    let _place = pool.queue(vec![
        task("a", (2, 6), (&said, 1), wait),
        quick("b", (2, 6), (&said, 2)),
    ]);
    assert_eq!(heard.recv(), Ok(1));
    assert_eq!(pool.load(), (1, 1));
    go.send(()).unwrap();
    assert_eq!(heard.recv(), Ok(2));
}

#[test]
fn proofs_of_one_circuit_share_its_key() {
    let (said, heard) = mpsc::channel();
    let pool = pool(2, 10);
    let (go, wait) = mpsc::channel();
    let (go_too, wait_too) = mpsc::channel();
    let _place = pool.queue(vec![
        task("a", (6, 2), (&said, 1), wait),
        task("a", (6, 2), (&said, 2), wait_too),
    ]);
    let mut both = [heard.recv().unwrap(), heard.recv().unwrap()];
    both.sort_unstable();
    assert_eq!(both, [1, 2]);
    drop((go, go_too));
}

#[test]
fn a_proof_that_panics_leaves_its_room_to_the_next() {
    let (said, heard) = mpsc::channel();
    let pool = pool(1, 10);
    let dies = Task {
        run: Box::new(|| panic!("as told")),
        ..quick("a", (5, 5), (&said, 0))
    };
    let _place = pool.queue(vec![dies, quick("b", (5, 5), (&said, 1))]);
    assert_eq!(heard.recv(), Ok(1));
}

#[test]
fn whoever_leaves_takes_along_what_was_not_begun_and_a_stopped_pool_begins_nothing() {
    let (said, heard) = mpsc::channel();
    let pool = pool(1, 10);
    let (go, wait) = mpsc::channel();
    let leaves = pool.queue(vec![
        task("a", (1, 1), (&said, 1), wait),
        quick("a", (1, 1), (&said, 2)),
    ]);
    assert_eq!(heard.recv(), Ok(1));
    drop(leaves);
    assert_eq!(pool.load(), (1, 0));
    pool.stop();
    let _late = pool.queue(vec![quick("a", (1, 1), (&said, 3))]);
    go.send(()).unwrap();
    drop(said);
    assert_eq!(pool.load().1, 1);
}

#[test]
fn a_proof_larger_than_the_bound_is_refused_before_it_is_queued() {
    let need = Footprint {
        circuit: "a".into(),
        key: 3 << 20,
        working: 2 << 20,
    };
    let refused = pool(1, 4 << 20).expect_room(&[need]);
    assert!(matches!(
        refused,
        Err(FinaliseError::TooLittleMemory { needed: 5, allowed: 4 })
    ));
}
