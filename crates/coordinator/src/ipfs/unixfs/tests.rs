use super::*;

fn files(paths: &[(&str, &[u8])]) -> BTreeMap<String, Bytes> {
    let file = |(path, bytes): &(&str, &[u8])| ((*path).to_owned(), Bytes::copy_from_slice(bytes));
    paths.iter().map(file).collect()
}

#[test]
fn an_empty_directory_is_the_one_everybody_knows() {
    let dag = Dag::directory(&BTreeMap::new()).unwrap();
    assert_eq!(
        dag.root().to_string(),
        "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354"
    );
}

#[test]
fn a_small_file_is_one_raw_block() {
    let bytes = Bytes::from_static(b"hello");
    let dag = Dag::file(&bytes);
    assert_eq!(dag.root(), Block::new(Codec::Raw, bytes).cid());
    assert_eq!(dag.blocks().len(), 1);
}

#[test]
fn a_large_file_is_a_node_over_chunks_of_a_mebibyte() {
    let bytes = Bytes::from(vec![7; CHUNK * 2 + 1]);
    let dag = Dag::file(&bytes);
    let Node::File { own, children, size } = Node::read(&dag.blocks()[&dag.root()]).unwrap() else {
        panic!("it is a file");
    };
    assert!(own.is_empty());
    assert_eq!((children.len(), size), (3, bytes.len() as u64));
    // two chunks are alike
    assert_eq!(dag.blocks().len(), 3);
}

#[test]
fn the_order_in_which_files_are_named_does_not_matter() {
    let one = Dag::directory(&files(&[("a/b.json", b"1"), ("c.json", b"2")])).unwrap();
    let other = Dag::directory(&files(&[("c.json", b"2"), ("a/b.json", b"1")])).unwrap();
    assert_eq!(one, other);
    let Node::Directory(entries) = Node::read(&one.blocks()[&one.root()]).unwrap() else {
        panic!("it is a directory");
    };
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a", "c.json"]);
}

#[test]
fn paths_that_make_no_tree_are_refused() {
    for path in ["", "/a", "a/", "a//b", "../a", "a/./b"] {
        assert!(
            matches!(Dag::directory(&files(&[(path, b"")])), Err(ShapeError::BadPath { .. })),
            "{path}"
        );
    }
    for paths in [
        [("a", &b""[..]), ("a/b", &b""[..])],
        [("a/b", &b""[..]), ("a", &b""[..])],
    ] {
        assert!(matches!(Dag::directory(&files(&paths)), Err(ShapeError::Both { .. })));
    }
}

#[test]
fn bytes_that_are_no_node_are_an_error() {
    for bytes in [&b""[..], b"[]", b"\x0a\x02\x08", b"\x0a\x02\x08\x09", b"\x12\xff"] {
        assert!(Node::read(&Bytes::copy_from_slice(bytes)).is_err(), "{bytes:?}");
    }
}
