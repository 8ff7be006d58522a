//! A file has one subject. Length is a hint, so this is a ratchet and not a rule: the longest file
//! may get shorter, and a new one may not pass it.

use crate::{files, read, root, shown};

/// Lines of the longest file there may be. Lower it when you can.
const LONGEST: usize = 780;

#[test]
fn no_source_file_grows_past_what_one_can_hold_in_mind() {
    let generated = root().join("host/console/src/api/schema.d.ts");
    let sources = files(&root(), &|path| {
        let kind = path.extension().and_then(|kind| kind.to_str());
        path != generated && matches!(kind, Some("rs" | "ts" | "tsx"))
    });
    let long: Vec<String> = sources
        .iter()
        .map(|path| (read(path).lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{}: {lines} lines", shown(path)))
        .collect();
    assert!(
        long.is_empty(),
        "split these by subject:\n{}",
        long.join("\n")
    );
}
