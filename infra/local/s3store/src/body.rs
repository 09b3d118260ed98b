//! Bodies as plain files: taken in as a stream, synced before they count, given out as a stream.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use s3s::S3ErrorCode;
use s3s::dto::StreamingBlob;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use crate::digest::{Algorithm, Digest, Digester, signed_hash_differs};
use crate::fail::{Fail, Outcome, refuse};

/// The most that S3 takes in one PUT or one part.
const BODY_LIMIT: u64 = 5 * 1024 * 1024 * 1024;
/// How much is gathered before it is handed to a blocking thread.
const BATCH: usize = 256 * 1024;

/// The folder of body files.
pub(crate) struct Bodies {
    folder: Arc<PathBuf>,
    run: u64,
    next: AtomicU64,
}

impl Bodies {
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        let run = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        // Nanoseconds since 1970 fit into 64 bits until the year 2554.
        let run = u64::try_from(run.as_nanos()).unwrap_or(u64::MAX);
        Ok(Self { folder: Arc::new(folder), run, next: AtomicU64::new(0) })
    }

    /// Tells this opening of the folder from every other.
    pub(crate) fn run(&self) -> u64 {
        self.run
    }

    /// Removes every file that no row names: what a crash, or a failed removal, left behind.
    pub(crate) fn sweep(&self, named: &HashSet<String>) -> io::Result<()> {
        for entry in fs::read_dir(self.folder.as_path())? {
            let entry = entry?;
            let known = entry.file_name().to_str().is_some_and(|name| named.contains(name));
            if !known && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        File::open(self.folder.as_path())?.sync_all()
    }

    /// Removes files whose rows are gone. A failure is only logged: the next start sweeps what is left.
    pub(crate) fn remove(&self, files: &[String]) {
        for file in files {
            if let Err(error) = fs::remove_file(self.folder.join(file)) {
                tracing::warn!(%error, "a body file without a row could not be removed");
            }
        }
    }

    fn create(&self) -> io::Result<(File, BodyFile)> {
        let serial = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("{:016x}-{serial:016x}", self.run);
        let path = self.folder.join(&name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        Ok((file, BodyFile { name, path, owned: true }))
    }

    /// Takes a body in. When this returns, the file and its folder entry are on the disk; until
    /// [`BodyFile::settle`] is called, dropping the result removes the file again.
    ///
    /// # Errors
    ///
    /// What breaks the stream is the client's fault (`IncompleteBody`, or its signed hash being wrong); what
    /// breaks the file is ours.
    pub(crate) async fn receive<S, E>(&self, mut body: S, algorithms: &[Algorithm]) -> Outcome<Received>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: std::fmt::Display,
    {
        let (file, name) = self.create()?;
        let folder = Arc::clone(&self.folder);
        let mut sink = Sink { file, name, folder, digester: Digester::new(algorithms), size: 0 };
        let mut batch = gather(&mut body).await?;
        while !batch.last {
            let writing = tokio::task::spawn_blocking(move || sink.write(&batch).map(|()| sink));
            let (written, following) = tokio::join!(writing, gather(&mut body));
            sink = written??;
            batch = following?;
        }
        tokio::task::spawn_blocking(move || {
            sink.write(&batch)?;
            Ok(sink.finish()?)
        })
        .await?
    }

    /// Reads whole files again through a hasher: for the checksum of a multipart object as one. Blocks.
    pub(crate) fn hash(&self, files: &[String], algorithm: Algorithm) -> io::Result<Digest> {
        let mut digester = Digester::new(&[algorithm]);
        let mut buffer = vec![0; BATCH];
        for file in files {
            let mut file = File::open(self.folder.join(file))?;
            loop {
                let read = file.read(&mut buffer)?;
                let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
                digester.update(bytes);
            }
        }
        Ok(digester.finish())
    }

    /// Gives out the bytes of `range`, counted over all the files one after the other.
    ///
    /// # Errors
    ///
    /// The first file is opened at once: it may be gone because a newer version replaced it since its row was read.
    pub(crate) async fn stream(
        &self,
        files: Vec<StoredFile>,
        range: std::ops::Range<u64>,
    ) -> io::Result<StreamingBlob> {
        let mut pieces = Vec::new();
        let mut start = 0_u64;
        for file in files {
            let end = start.saturating_add(file.size);
            let from = range.start.max(start);
            let to = range.end.min(end);
            if from < to {
                pieces.push((self.folder.join(file.name), from - start, to - from));
            }
            start = end;
        }
        let mut pieces = pieces.into_iter();
        let first = match pieces.next() {
            Some((path, skip, length)) => vec![Ok(open_piece(path, skip, length).await?)],
            None => Vec::new(),
        };
        let rest = stream::iter(pieces).then(|(path, skip, length)| open_piece(path, skip, length));
        Ok(StreamingBlob::wrap(stream::iter(first).chain(rest).try_flatten()))
    }
}

type Piece = ReaderStream<tokio::io::Take<tokio::fs::File>>;

async fn open_piece(path: PathBuf, skip: u64, length: u64) -> io::Result<Piece> {
    let mut file = tokio::fs::File::open(path).await?;
    if skip > 0 {
        file.seek(io::SeekFrom::Start(skip)).await?;
    }
    Ok(ReaderStream::with_capacity(file.take(length), BATCH))
}

/// One file of a version, with its length.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub(crate) name: String,
    pub(crate) size: u64,
}

struct Batch {
    chunks: Vec<Bytes>,
    length: u64,
    last: bool,
}

async fn gather<S, E>(body: &mut S) -> Outcome<Batch>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    let mut batch = Batch { chunks: Vec::new(), length: 0, last: false };
    while batch.length < BATCH as u64 {
        match body.next().await {
            Some(Ok(chunk)) => {
                batch.length += chunk.len() as u64;
                batch.chunks.push(chunk);
            }
            Some(Err(broken)) => return Err(broken_stream(&broken.to_string())),
            None => {
                batch.last = true;
                break;
            }
        }
    }
    Ok(batch)
}

/// The protocol library keeps its error types to itself, so their text is all there is to go by.
fn broken_stream(reason: &str) -> Fail {
    if reason.contains("Sha256Mismatch") {
        signed_hash_differs()
    } else if reason.contains("SignatureMismatch") {
        S3ErrorCode::SignatureDoesNotMatch.into()
    } else {
        tracing::debug!(reason, "a body did not arrive whole");
        refuse(S3ErrorCode::IncompleteBody, "The body did not arrive as it was announced.")
    }
}

struct Sink {
    file: File,
    name: BodyFile,
    folder: Arc<PathBuf>,
    digester: Digester,
    size: u64,
}

impl Sink {
    fn write(&mut self, batch: &Batch) -> Outcome<()> {
        self.size = self.size.saturating_add(batch.length);
        if self.size > BODY_LIMIT {
            return Err(S3ErrorCode::EntityTooLarge.into());
        }
        for chunk in &batch.chunks {
            self.file.write_all(chunk)?;
            self.digester.update(chunk);
        }
        Ok(())
    }

    fn finish(self) -> io::Result<Received> {
        self.file.sync_all()?;
        File::open(self.folder.as_path())?.sync_all()?;
        Ok(Received { file: self.name, size: self.size, digest: self.digester.finish() })
    }
}

/// A body that has arrived whole.
pub(crate) struct Received {
    pub(crate) file: BodyFile,
    pub(crate) size: u64,
    pub(crate) digest: Digest,
}

/// A body file that no row names yet. It is removed on drop, so that a request which fails or is abandoned on its
/// way leaves nothing.
pub(crate) struct BodyFile {
    name: String,
    path: PathBuf,
    owned: bool,
}

impl BodyFile {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Leaves the file where it is, whatever happens next.
    pub(crate) fn settle(mut self) {
        self.owned = false;
    }
}

impl Drop for BodyFile {
    fn drop(&mut self) {
        if self.owned
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "an abandoned body file could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn chunks(parts: &[&'static str]) -> impl Stream<Item = Result<Bytes, io::Error>> + Unpin {
        stream::iter(parts.iter().map(|part| Ok(Bytes::from_static(part.as_bytes()))).collect::<Vec<_>>())
    }

    fn count(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[tokio::test]
    async fn a_file_stays_only_when_it_is_settled() {
        let folder = tempfile::tempdir().unwrap();
        let bodies = Bodies::open(folder.path().to_owned()).unwrap();
        drop(bodies.receive(chunks(&["a", "b"]), &[]).await.unwrap());
        assert_eq!(count(folder.path()), 0);

        let broken = stream::iter([Ok(Bytes::from_static(b"a")), Err(io::Error::other("gone"))]);
        assert!(bodies.receive(broken, &[]).await.is_err());
        assert_eq!(count(folder.path()), 0);

        let received = bodies.receive(chunks(&["a", "b"]), &[]).await.unwrap();
        assert_eq!(received.size, 2);
        received.file.settle();
        assert_eq!(count(folder.path()), 1);
        bodies.sweep(&HashSet::new()).unwrap();
        assert_eq!(count(folder.path()), 0);
    }

    #[tokio::test]
    async fn a_range_may_cross_files() {
        let folder = tempfile::tempdir().unwrap();
        let bodies = Bodies::open(folder.path().to_owned()).unwrap();
        let mut files = Vec::new();
        for text in ["abc", "", "defg"] {
            let received = bodies.receive(chunks(&[text]), &[]).await.unwrap();
            files.push(StoredFile { name: received.file.name().to_owned(), size: received.size });
            received.file.settle();
        }
        for (range, expected) in [(0..7, "abcdefg"), (2..4, "cd"), (3..7, "defg"), (0..0, ""), (6..7, "g")] {
            let body = bodies.stream(files.clone(), range).await.unwrap();
            let got: Vec<Bytes> = body.try_collect().await.unwrap();
            assert_eq!(got.concat(), expected.as_bytes());
        }
    }
}
