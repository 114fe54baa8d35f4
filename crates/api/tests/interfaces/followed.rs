//! Events, followed and resumed.

use axum::body::BodyDataStream;
use futures::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::served::{Served, Who};

/// A stream of server-sent events being read.
struct Followed {
    stream: BodyDataStream,
    read: String,
}

/// One of them.
#[derive(Debug)]
struct Told {
    id: String,
    kind: String,
    data: Value,
}

impl Followed {
    async fn open(served: &Served, path: &str, last_seen: Option<&str>) -> Self {
        let mut request = served.request(Who::Viewer, "GET", path, None);
        if let Some(id) = last_seen {
            request.headers_mut().insert("last-event-id", id.parse().unwrap());
        }
        let response = served.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            stream: response.into_body().into_data_stream(),
            read: String::new(),
        }
    }

    async fn next(&mut self) -> Told {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                if let (Some(id), Some(kind), Some(data)) = (field("id:"), field("event:"), field("data:")) {
                    return Told {
                        id: id.to_owned(),
                        kind: kind.to_owned(),
                        data: serde_json::from_str(data).unwrap(),
                    };
                }
                continue;
            }
            let bytes = self.stream.next().await.expect("the stream stays open").unwrap();
            self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}

async fn make_key(served: &Served, name: &str) {
    let answer = served.post(Who::Operator, "/v1/keys", &json!({ "name": name })).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text);
}

#[tokio::test]
async fn whoever_comes_back_misses_nothing_and_hears_nothing_twice() {
    let served = Served::start().await;
    make_key(&served, "one").await;
    make_key(&served, "two").await;
    let mut first = Followed::open(&served, "/v1/events?after=0", None).await;
    let told = first.next().await;
    assert_eq!(told.kind, "key-added");
    assert_eq!(told.data["cursor"].to_string(), told.id);
    drop(first);
    let mut second = Followed::open(&served, "/v1/events?after=0", Some(&told.id)).await;
    let next = second.next().await;
    assert_ne!(next.id, told.id);
    assert_eq!(next.data["body"]["name"], "two", "{next:?}");
    make_key(&served, "three").await;
    let live = second.next().await;
    assert_eq!(live.data["body"]["name"], "three");
}

#[tokio::test]
async fn only_the_kinds_that_are_asked_for_are_told() {
    let served = Served::start().await;
    make_key(&served, "one").await;
    let mut followed = Followed::open(&served, "/v1/events?after=0&kinds=key-added,job-done", None).await;
    assert_eq!(followed.next().await.kind, "key-added");
}
