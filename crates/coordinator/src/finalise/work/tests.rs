use super::super::sample::{batches, coordinator, standing, state};
use super::*;

use maci_protocol::salts::DerivedSalts;

#[test]
fn work_is_gone_on_with_as_long_as_the_chain_holds_its_history_and_its_batches() {
    let state = state();
    let plan = batches(&state, &DerivedSalts::new(&coordinator(), state.config().poll()));
    let begun_at = standing(&state, &plan, 0, 0);
    let later: Vec<Standing> = [(0, 0), (1, 0), (1, 1), (1, 2)]
        .map(|(processed, tallied)| standing(&state, &plan, processed, tallied))
        .into();
    let work = Work {
        made_from: History::of(&begun_at),
        plan,
    };
    assert!(later.iter().all(|standing| work.fits(standing)));

    let one = Fr::from(1u64);
    let changes: [fn(&mut Standing, Fr); 6] = [
        |standing, _| standing.merged = None,
        |standing, one| standing.merged.as_mut().unwrap().state_root += one,
        |standing, one| standing.merged.as_mut().unwrap().commitment += one,
        |standing, one| standing.chain_hash += one,
        |standing, one| standing.processing.commitment += one,
        |standing, one| standing.tallying.commitment += one,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut replaced = later[3].clone();
        change(&mut replaced, one);
        assert!(!work.fits(&replaced), "change {number} was not noticed");
    }
}
