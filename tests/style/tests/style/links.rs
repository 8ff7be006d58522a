//! Links between our own pages.

use crate::{files, read, root, shown};

#[test]
fn links_of_our_pages_lead_somewhere() {
    let pages = files(&root(), &|path| {
        path.extension().is_some_and(|kind| kind == "md")
    });
    assert!(pages.len() > 2, "the pages were not found");
    let mut broken = Vec::new();
    for page in pages {
        let text = read(&page);
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let target = target.split(['#', ' ']).next().unwrap_or("");
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let file = page.parent().unwrap_or(&page).join(target);
            if !file.exists() {
                broken.push(format!("{}: {target}", shown(&page)));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "links to nowhere:\n{}",
        broken.join("\n")
    );
}
