use std::io;

use bytes::Bytes;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::bounds::{SILENCE, WRITING};
use crate::message::Message;

/// The longest length in front of a message, in bytes.
const LONGEST: usize = 4;

/// A stream on which something else was said, or nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum FrameError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("a message is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("a message's length has no end")]
    Endless,
    #[error("nothing was said for {} seconds", SILENCE.as_secs())]
    Silent,
    #[error("a message was not taken within {} seconds", WRITING.as_secs())]
    NotTaken,
}

/// Reads the next message's bytes; none at the end of the stream.
pub(super) async fn read<S>(stream: &mut S, limit: usize) -> Result<Option<Bytes>, FrameError>
where
    S: AsyncRead + Unpin,
{
    timeout(SILENCE, read_patiently(stream, limit))
        .await
        .map_err(|_| FrameError::Silent)?
}

async fn read_patiently<S>(stream: &mut S, limit: usize) -> Result<Option<Bytes>, FrameError>
where
    S: AsyncRead + Unpin,
{
    let mut length = 0;
    for place in 0..LONGEST {
        let mut byte = [0];
        if stream.read(&mut byte).await? == 0 {
            return match place {
                0 => Ok(None),
                _ => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            };
        }
        let [byte] = byte;
        length |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            if length > limit {
                return Err(FrameError::TooLarge { limit });
            }
            return body(stream, length).await.map(Some);
        }
    }
    Err(FrameError::Endless)
}

/// Room is made as bytes come, not for what is announced.
async fn body<S>(stream: &mut S, length: usize) -> Result<Bytes, FrameError>
where
    S: AsyncRead + Unpin,
{
    let mut content = Vec::new();
    let read = stream.take(length as u64).read_to_end(&mut content).await?;
    if read < length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(content.into())
}

/// Writes a message.
pub(super) async fn write<S>(stream: &mut S, message: &Message) -> Result<(), FrameError>
where
    S: AsyncWrite + Unpin,
{
    let frame = message.to_frame();
    let writing = async {
        stream.write_all(&frame).await?;
        stream.flush().await
    };
    timeout(WRITING, writing).await.map_err(|_| FrameError::NotTaken)??;
    Ok(())
}

#[cfg(test)]
mod tests {
    use cid::Cid;
    use futures::io::Cursor;

    use super::*;

    #[tokio::test]
    async fn messages_come_out_of_a_stream_as_they_went_in() {
        let cid: Cid = "bafkqaaa".parse().unwrap();
        let mut stream = Cursor::new(Vec::new());
        write(&mut stream, &Message::asking(cid)).await.unwrap();
        write(&mut stream, &Message::cancelling(cid)).await.unwrap();
        stream.set_position(0);
        for expected in [Message::asking(cid), Message::cancelling(cid)] {
            let bytes = read(&mut stream, 100).await.unwrap().unwrap();
            assert_eq!(Message::parse(bytes), Ok(expected));
        }
        assert!(read(&mut stream, 100).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_is_too_long_is_not_even_read_and_what_is_torn_is_refused() {
        let error = async |bytes: &[u8]| read(&mut Cursor::new(bytes), 300).await.unwrap_err();
        assert!(matches!(error(&[0xad, 2]).await, FrameError::TooLarge { limit: 300 }));
        assert!(matches!(error(&[0xff; 8]).await, FrameError::Endless));
        assert!(matches!(error(&[0x80]).await, FrameError::Io(_)));
        assert!(matches!(error(&[5, 1, 2]).await, FrameError::Io(_)));
    }
}
