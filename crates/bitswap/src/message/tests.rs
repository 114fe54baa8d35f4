use super::*;

const FILE: &str = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

fn cid() -> Cid {
    FILE.parse().unwrap()
}

fn body(message: &Message) -> Bytes {
    let frame = message.to_frame();
    let (length, rest) = unsigned_varint::decode::usize(&frame).unwrap();
    assert_eq!(length, rest.len());
    Bytes::copy_from_slice(rest)
}

#[test]
fn a_message_reads_back_as_written() {
    let message = Message {
        wants: vec![
            Want {
                cid: cid(),
                kind: Kind::Presence,
                is_cancelled: false,
                tell_absence: true,
            },
            Message::cancelling(cid()).wants.remove(0),
        ],
        blocks: vec![
            Delivered::of(&cid(), Bytes::new()),
            Delivered::of(&cid(), Bytes::from_static(b"x")),
        ],
        presences: vec![
            Presence {
                cid: cid(),
                is_there: true,
            },
            Presence {
                cid: cid(),
                is_there: false,
            },
        ],
    };
    assert_eq!(Message::parse(body(&message)), Ok(message));
    assert!(Message::parse(Bytes::new()).unwrap().is_empty());
}

#[test]
fn a_want_has_the_bytes_that_other_implementations_write() {
    // entry { block: <cid>, priority: 1, sendDontHave: true }
    let mut expected = vec![0x0a, 0x2c, 0x0a, 0x2a, 0x0a, 0x24];
    expected.extend(cid().to_bytes());
    expected.extend([0x10, 1, 0x28, 1]);
    assert_eq!(body(&Message::asking(cid())).as_ref(), expected);
}

#[test]
fn a_block_is_hashed_with_sha_256_or_not_at_all() {
    let empty = Delivered::of(&cid(), Bytes::new());
    assert_eq!(empty.head, [1, 0x55, 0x12, 32]);
    assert!(empty.digest().is_some());
    let other = Delivered {
        head: [1, 0x55, 0x1b, 32],
        bytes: Bytes::new(),
    };
    assert_eq!(other.digest(), None);
}

#[test]
fn bytes_that_are_no_message_are_refused() {
    let refused = |bytes: &[u8]| Message::parse(Bytes::copy_from_slice(bytes)).unwrap_err();
    assert_eq!(refused(&[0x0a, 9]), MessageError::Torn);
    assert!(matches!(
        refused(&[0x0a, 4, 0x0a, 2, 0x10, 1]),
        MessageError::NotACid(_)
    ));
    assert!(matches!(
        refused(&[0x0a, 5, 0x0a, 3, 0x0a, 1, 7]),
        MessageError::NotACid(_)
    ));
    assert_eq!(refused(&[0x1a, 5, 0x0a, 3, 1, 0x55, 0x12]), MessageError::Head(3));
    // a block without a head
    assert_eq!(refused(&[0x1a, 0]), MessageError::Head(0));
}

#[test]
fn a_message_with_more_than_anybody_sends_is_refused() {
    let mut message = Message::asking(cid());
    message.wants = vec![message.wants.remove(0); MOST + 1];
    assert_eq!(Message::parse(body(&message)), Err(MessageError::TooMany("wants")));
}

#[test]
fn no_bytes_make_reading_fail_otherwise_than_by_refusing() {
    let whole = body(&Message {
        wants: Message::asking(cid()).wants,
        blocks: vec![Delivered::of(&cid(), Bytes::from_static(b"hello"))],
        presences: Vec::new(),
    });
    for at in 0..whole.len() {
        let _ = Message::parse(whole.slice(..at));
        for bit in 0..8 {
            let mut changed = whole.to_vec();
            changed[at] ^= 1 << bit;
            let _ = Message::parse(changed.into());
        }
    }
}
