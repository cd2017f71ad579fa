//! Files as object stores keep them: gzipped.

/// The gzip form without compression: nothing here needs to be small.
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
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
}
