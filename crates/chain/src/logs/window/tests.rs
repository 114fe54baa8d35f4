use super::*;

#[test]
fn a_refusal_without_a_number_halves_the_window() {
    let mut window = Window::new(1_000, 5_000);
    assert!(window.shrink(1_000, "query timed out"));
    assert_eq!(window.blocks(), 500);
    window.grow();
    window.grow();
    window.grow();
    window.grow();
    assert_eq!(window.blocks(), 5_000);
}

#[test]
fn a_limit_the_provider_names_is_never_exceeded_again() {
    let refusals = [
        ("eth_getLogs is limited to a 10,000 block range", 10_000),
        ("You can make eth_getLogs requests with up to a 2K block range", 2_000),
        ("exceed maximum block range: 5000", 5_000),
        ("block range is too wide, maximum is 1_024 blocks", 1_024),
        (
            "query returned more than 10000 results. Try with this block range [0x64, 0xc7].",
            100,
        ),
    ];
    for (words, limit) in refusals {
        let mut window = Window::new(50_000, 100_000);
        assert!(window.shrink(50_000, words), "{words}");
        for _ in 0..20 {
            window.grow();
        }
        assert_eq!(window.blocks(), limit, "{words}");
    }
}

#[test]
fn a_number_of_results_is_not_taken_for_a_number_of_blocks() {
    let mut window = Window::new(800, 100_000);
    assert!(window.shrink(800, "query returned more than 10 results in this range"));
    assert_eq!(window.blocks(), 400);
}

#[test]
fn one_block_cannot_be_made_smaller() {
    let mut window = Window::new(1, 10);
    assert!(!window.shrink(1, "response size exceeded"));
}

#[test]
fn a_refusal_that_names_more_than_was_asked_still_shrinks() {
    let mut window = Window::new(100, 10_000);
    assert!(window.shrink(100, "limited to 1000 blocks range"));
    assert_eq!(window.blocks(), 50);
}
