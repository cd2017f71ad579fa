//! The files behind download links: a plain dump for databases, a gzipped archive for storage.
//!
//! The links are signed: whoever sends a token along is refused, as object stores do.

use axum::http::{HeaderMap, StatusCode, header};

use super::{
    backups,
    key::{Key, Kind},
    reply::Reply,
    services::SERVICES,
    world::World,
};
use crate::sim::clock::Moment;

/// Largest file; the size a backup claims may be larger.
const LARGEST: u64 = 8_000_000;

/// Answers a request for a file.
pub(super) fn serve(
    world: &World,
    now: Moment,
    name: &str,
    query: &str,
    headers: &HeaderMap,
) -> Reply {
    let error = |status, code: &str| {
        let body = format!("<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code></Error>\n");
        Reply::bytes(status, "application/xml", body.into_bytes())
    };
    if headers.contains_key(header::AUTHORIZATION) || query != "signature=sim" {
        return error(StatusCode::FORBIDDEN, "AccessDenied");
    }
    let Ok(key) = world.find(name, Kind::DownloadPart) else {
        return error(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    let download = &world.downloads[key.parent];
    if !download.ready(key.ordinal, now) {
        return error(StatusCode::NOT_FOUND, "NoSuchKey");
    }
    let (content, zipped) = content(world, download.parts[key.ordinal]);
    let reply = ranged(
        content,
        headers
            .get(header::RANGE)
            .and_then(|value| value.to_str().ok()),
    );
    if zipped {
        reply.with("content-encoding", "gzip")
    } else {
        reply
    }
}

fn content(world: &World, part: Key) -> (Vec<u8>, bool) {
    let (backup, number) = backups::part_of(world, part);
    let n = backup.instances[number];
    let instances = &world.detail(part.parent).instances;
    let instance = instances.iter().find(|instance| instance.n == n);
    let storage = instance.is_some_and(|i| SERVICES[i.service].kind == "STORAGE");
    let size = usize::try_from(backup.part_size(number).min(LARGEST)).unwrap_or_default();
    let slug = &world.owner(part.parent).slug;
    if storage {
        let picture = repeated(b"picture ", size);
        return (gzip(&tar(&format!("media/{slug}.jpg"), &picture)), true);
    }
    let line = format!("INSERT INTO orders VALUES ('{slug}', 42, 'paid');\n");
    let mut dump = b"-- dump of the database\n".to_vec();
    dump.extend(repeated(line.as_bytes(), size.saturating_sub(dump.len())));
    (dump, false)
}

fn repeated(pattern: &[u8], size: usize) -> Vec<u8> {
    pattern.iter().copied().cycle().take(size).collect()
}

/// The whole file, or the bytes of `bytes=from-` and `bytes=from-to`.
fn ranged(content: Vec<u8>, range: Option<&str>) -> Reply {
    const KIND: &str = "application/octet-stream";
    let size = content.len();
    let bounds = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let Some((from, to)) = bounds else {
        return Reply::bytes(StatusCode::OK, KIND, content).with("accept-ranges", "bytes");
    };
    let from = from.parse::<usize>().ok().filter(|from| *from < size);
    let to = to
        .parse::<usize>()
        .unwrap_or(usize::MAX)
        .min(size.saturating_sub(1));
    match from.and_then(|from| Some((from, content.get(from..=to)?))) {
        Some((from, piece)) => Reply::bytes(StatusCode::PARTIAL_CONTENT, KIND, piece.to_vec())
            .with("content-range", &format!("bytes {from}-{to}/{size}")),
        None => Reply::bytes(StatusCode::RANGE_NOT_SATISFIABLE, KIND, Vec::new())
            .with("content-range", &format!("bytes */{size}")),
    }
}

/// An archive with one file.
fn tar(name: &str, content: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 512;
    let mut header = [0_u8; BLOCK];
    let mut put = |at: usize, text: &str| {
        for (place, byte) in header[at..].iter_mut().zip(text.bytes()) {
            *place = byte;
        }
    };
    put(0, name);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{:011o}\0", content.len()));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\u{0}00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (place, byte) in header[148..]
        .iter_mut()
        .zip(format!("{sum:06o}\0 ").bytes())
    {
        *place = byte;
    }
    let mut archive = header.to_vec();
    archive.extend_from_slice(content);
    // Padded to a whole block, then two empty ones.
    archive.resize(archive.len().next_multiple_of(BLOCK) + 2 * BLOCK, 0);
    archive
}

/// The gzip form without compression: nothing here needs to be small.
fn gzip(content: &[u8]) -> Vec<u8> {
    const STORED: usize = 65_535;
    let mut zipped = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut chunks = content.chunks(STORED).peekable();
    while let Some(chunk) = chunks.next() {
        let length = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
        zipped.push(u8::from(chunks.peek().is_none()));
        zipped.extend(length.to_le_bytes());
        zipped.extend((!length).to_le_bytes());
        zipped.extend(chunk);
    }
    zipped.extend(crc32(content).to_le_bytes());
    zipped.extend(
        u32::try_from(content.len())
            .unwrap_or_default()
            .to_le_bytes(),
    );
    zipped
}

fn crc32(content: &[u8]) -> u32 {
    let entry = |index: u32| {
        (0..8).fold(index, |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    };
    let table: Vec<u32> = (0..256).map(entry).collect();
    let step = |crc: u32, byte: &u8| crc >> 8 ^ table[((crc ^ u32::from(*byte)) & 0xff) as usize];
    !content.iter().fold(u32::MAX, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn ranges_are_cut_out_of_the_file() {
        let piece = |range| {
            let reply = ranged(b"0123456789".to_vec(), Some(range));
            (
                reply.status.as_u16(),
                String::from_utf8(reply.body).unwrap(),
            )
        };
        assert_eq!(piece("bytes=2-4"), (206, "234".to_owned()));
        assert_eq!(piece("bytes=7-"), (206, "789".to_owned()));
        assert_eq!(piece("bytes=10-"), (416, String::new()));
        assert_eq!(ranged(b"01".to_vec(), None).status.as_u16(), 200);
    }
}
