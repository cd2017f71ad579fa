//! Reads the parts of a form with files. Source: tsuru contract, section 5 (Deploys).

/// One field: its name, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) name: String,
    pub(super) bytes: &'a [u8],
}

/// The fields of a body of this content type; none if it is of another.
pub(super) fn parts<'a>(kind: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let (_, rest) = kind
        .strip_prefix("multipart/form-data")?
        .split_once("boundary=")?;
    let boundary = rest.split(';').next()?.trim().trim_matches('"');
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = after(body, delimiter.as_bytes())?;
    while let Some(section) = rest.strip_prefix(b"\r\n") {
        let end = find(section, format!("\r\n{delimiter}").as_bytes())?;
        let (part, next) = section.split_at_checked(end)?;
        parts.extend(read(part));
        rest = after(next, delimiter.as_bytes())?;
    }
    Some(parts)
}

fn read(part: &[u8]) -> Option<Part<'_>> {
    let head = find(part, b"\r\n\r\n")?;
    let (head, bytes) = part.split_at_checked(head)?;
    let head = String::from_utf8_lossy(head);
    let name = head.split("name=\"").nth(1)?.split('"').next()?.to_owned();
    Some(Part {
        name,
        bytes: bytes.get(4..)?,
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|some| some == wanted)
}

fn after<'a>(bytes: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    bytes.get(find(bytes, wanted)? + wanted.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_files_are_read_byte_by_byte() {
        let body = b"--x1\r\nContent-Disposition: form-data; name=\"origin\"\r\n\r\napp-deploy\r\n\
            --x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.tar.gz\"\r\n\
            Content-Type: application/gzip\r\n\r\n\x1f\x8b\r\n\r\n\xff\r\n--x1--\r\n";
        let parts = parts("multipart/form-data; boundary=x1", body).unwrap();
        let read: Vec<(&str, &[u8])> = parts
            .iter()
            .map(|part| (part.name.as_str(), part.bytes))
            .collect();
        let expected: [(&str, &[u8]); 2] =
            [("origin", b"app-deploy"), ("file", b"\x1f\x8b\r\n\r\n\xff")];
        assert_eq!(read, expected);
    }

    #[test]
    fn other_kinds_and_broken_bodies_are_none() {
        assert_eq!(parts("text/plain", b"--x1"), None);
        assert_eq!(
            parts("multipart/form-data; boundary=x1", b"--x1\r\nname"),
            None
        );
        assert_eq!(
            parts("multipart/form-data; boundary=x1", b"--x1--"),
            Some(vec![])
        );
    }
}
