//! The nodes and edges of a flow, for the console.

use crate::script::{HANG_UP, Kind, Node, Part, Piece, Script, Target, Template, Text};
use hotline_sdk::ivr::Node as Drawn;

/// In characters.
const LONGEST_TITLE: usize = 80;

/// Empty when there is nothing to draw. A node that leads to `hangup` brings that one along.
pub fn draw(artifact: &[u8]) -> Vec<Drawn> {
    let Ok(script) = Script::decode(artifact) else {
        return Vec::new();
    };
    let nodes: Vec<Node> = script.nodes().filter_map(Result::ok).collect();
    let name = |target: Target| match nodes.get(usize::from(target)) {
        Some(node) => node.id.clone(),
        None => "hangup".to_owned(),
    };
    let mut hangs_up = false;
    let mut drawn: Vec<Drawn> = nodes
        .iter()
        .map(|node| {
            let mut ways = node.kind.ways();
            if matches!(node.kind, Kind::Menu(_)) {
                ways.extend(
                    script
                        .always
                        .iter()
                        .map(|(key, target)| ((*key).to_owned(), *target)),
                );
            }
            hangs_up |= ways.iter().any(|(_, target)| *target == HANG_UP);
            Drawn {
                id: node.id.clone(),
                title: title(node),
                kind: node.kind.word().to_owned(),
                next: ways
                    .into_iter()
                    .map(|(label, target)| (label, name(target)))
                    .collect(),
                ext: Vec::new(),
            }
        })
        .collect();
    if hangs_up {
        drawn.push(Drawn {
            id: "hangup".to_owned(),
            title: String::new(),
            kind: "hangup".to_owned(),
            next: Vec::new(),
            ext: Vec::new(),
        });
    }
    // The start comes first.
    let start = usize::from(script.start);
    if start < drawn.len() {
        drawn[..=start].rotate_right(1);
    }
    drawn
}

fn title(node: &Node) -> String {
    let title = match &node.kind {
        Kind::Say { text, .. } => words(text),
        Kind::Menu(menu) => words(&menu.text),
        Kind::Collect(collect) => words(&collect.text),
        Kind::Queue(queue) => queue.queue.clone(),
        Kind::Callback(callback) => template(&callback.number),
        Kind::Voicemail(voicemail) => words(&voicemail.text),
        Kind::Lookup(lookup) => lookup.source.label(),
        Kind::If(choice) => choice
            .all
            .iter()
            .map(|(name, patterns)| format!("{name} is {}", patterns.join(" or ")))
            .collect::<Vec<_>>()
            .join(", "),
        Kind::Set { .. } => node
            .set
            .iter()
            .map(|(name, value)| format!("{name} = {}", template(value)))
            .collect::<Vec<_>>()
            .join(", "),
        Kind::Reject(status) => status.to_string(),
        Kind::Hours(_) | Kind::Goto(_) | Kind::HangUp => String::new(),
    };
    if title.chars().count() <= LONGEST_TITLE {
        return title;
    }
    let short: String = title.chars().take(LONGEST_TITLE - 3).collect();
    format!("{}...", short.trim_end())
}

fn words(text: &Text) -> String {
    let parts = match text {
        Text::Same(parts) => Some(parts),
        Text::Each(languages) => languages.iter().flatten().next(),
    };
    parts.map(|parts| spoken(parts)).unwrap_or_default()
}

fn spoken(parts: &[Part]) -> String {
    parts
        .iter()
        .map(|part| match part {
            Part::Words(words) => template(words),
            Part::Foreign(_, parts) => spoken(parts),
            Part::Audio(file) => format!("<{file}>"),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn template(template: &Template) -> String {
    template
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Literal(words) => words.clone(),
            Piece::Value(name) => format!("{{{name}}}"),
        })
        .collect()
}
