//! The templates of `sdk/templates`: whole plugins, which the tests build as they are.

use crate::{Error, Language, Name, World};
use rust_embed::Embed;
use std::path::PathBuf;

#[derive(Embed)]
#[folder = "../templates"]
struct Templates;

/// The name that all templates have.
const PLACEHOLDER: &str = "my-plugin";

/// Path and content of each file: what all worlds have in common, and the world's own.
pub(crate) fn files(
    name: &Name,
    world: World,
    language: Language,
) -> Result<Vec<(PathBuf, Vec<u8>)>, Error> {
    let mut files = Vec::new();
    let folders = [
        format!("{language}/common/"),
        format!("{language}/{world}/"),
    ];
    let mut of_world = false;
    for path in Templates::iter() {
        let Some(place) = folders.iter().position(|folder| path.starts_with(folder)) else {
            continue;
        };
        of_world |= place == 1;
        let Some(file) = Templates::get(&path) else {
            continue;
        };
        files.push((
            below(&path[folders[place].len()..]),
            named(&file.data, name),
        ));
    }
    match of_world {
        true => Ok(files),
        false => Err(Error::NoTemplate { world, language }),
    }
}

/// Hidden files are not hidden among the templates.
fn below(path: &str) -> PathBuf {
    match path {
        "gitignore" => ".gitignore".into(),
        path => path.into(),
    }
}

/// Everything in a template is text.
fn named(content: &[u8], name: &Name) -> Vec<u8> {
    String::from_utf8_lossy(content)
        .replace(PLACEHOLDER, name.as_str())
        .into_bytes()
}
