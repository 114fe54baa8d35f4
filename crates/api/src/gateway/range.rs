use axum::http::HeaderMap;
use axum::http::header::{IF_RANGE, RANGE};

/// What a client wants of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// These bytes, both ends included.
    Bytes {
        /// The first, from 0.
        first: usize,
        /// The last.
        last: usize,
    },
    /// Bytes beyond its end.
    Beyond,
}

impl Part {
    /// What the headers ask for, of a body of this tag and length. Several ranges, other units and what makes no sense are
    /// answered as if nobody had asked for a part, which is what the standard allows.
    pub(super) fn wanted(headers: &HeaderMap, tag: &str, length: usize) -> Self {
        if headers
            .get(IF_RANGE)
            .is_some_and(|given| given.as_bytes() != tag.as_bytes())
        {
            return Self::Whole;
        }
        let asked = headers.get(RANGE).and_then(|range| range.to_str().ok());
        asked.and_then(|range| read(range, length)).unwrap_or(Self::Whole)
    }
}

fn read(range: &str, length: usize) -> Option<Part> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.trim().split_once('-')?;
    if first.is_empty() {
        let count = number(last)?;
        return Some(match length.checked_sub(1) {
            Some(end) if count > 0 => Part::Bytes {
                first: length.saturating_sub(count),
                last: end,
            },
            Some(_) | None => Part::Beyond,
        });
    }
    let first = number(first)?;
    let last = if last.is_empty() { usize::MAX } else { number(last)? };
    if last < first {
        return None;
    }
    Some(match length.checked_sub(1) {
        Some(end) if first <= end => Part::Bytes {
            first,
            last: last.min(end),
        },
        Some(_) | None => Part::Beyond,
    })
}

fn number(text: &str) -> Option<usize> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn wanted(range: &'static str, length: usize) -> Part {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static(range));
        Part::wanted(&headers, "\"tag\"", length)
    }

    #[test]
    fn a_range_is_cut_off_at_the_end_and_counted_from_either_side() {
        assert_eq!(wanted("bytes=0-3", 10), Part::Bytes { first: 0, last: 3 });
        assert_eq!(wanted("bytes=4-", 10), Part::Bytes { first: 4, last: 9 });
        assert_eq!(
            wanted("bytes=8-99999999999999999999999", 10),
            Part::Bytes { first: 8, last: 9 }
        );
        assert_eq!(wanted("bytes=-3", 10), Part::Bytes { first: 7, last: 9 });
        assert_eq!(wanted("bytes=-30", 10), Part::Bytes { first: 0, last: 9 });
    }

    #[test]
    fn bytes_beyond_the_end_are_refused_and_what_makes_no_sense_is_answered_whole() {
        for beyond in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(wanted(beyond, 10), Part::Beyond, "{beyond}");
        }
        assert_eq!(wanted("bytes=0-", 0), Part::Beyond);
        for whole in [
            "bytes=3-1",
            "bytes=0-1,3-4",
            "lines=0-1",
            "bytes=+1-2",
            "bytes=a-b",
            "bytes",
            "",
        ] {
            assert_eq!(wanted(whole, 10), Part::Whole, "{whole}");
        }
    }

    #[test]
    fn a_part_of_something_else_is_not_put_to_what_a_client_has() {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static("bytes=1-2"));
        headers.insert(IF_RANGE, HeaderValue::from_static("\"tag\""));
        assert_eq!(Part::wanted(&headers, "\"tag\"", 10), Part::Bytes { first: 1, last: 2 });
        headers.insert(IF_RANGE, HeaderValue::from_static("\"other\""));
        assert_eq!(Part::wanted(&headers, "\"tag\"", 10), Part::Whole);
    }
}
