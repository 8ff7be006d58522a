//! What is wrong with the flow as a whole: nodes that nothing leads to, rounds that nothing ends,
//! values that nothing sets.

use crate::compile::Use;
use crate::diagnostics::{Place, Report, suggest};
use crate::script::{HANG_UP, Header, Kind, Node, Target};

/// Values that every contact has.
const BUILT_IN: [&str; 4] = ["caller", "dialled", "channel", "language"];
/// Values that only an announcement has.
const ANNOUNCED: [&str; 3] = ["position", "wait_minutes", "queue"];

/// Warns of values that nothing in the flow sets.
pub(crate) fn values(nodes: &[Option<Node>], uses: &[Use], report: &mut Report) {
    let mut set: Vec<&str> = BUILT_IN.to_vec();
    for node in nodes.iter().flatten() {
        set.extend(node.set.iter().map(|(name, _)| name.as_str()));
        if let Kind::Collect(collect) = &node.kind {
            set.push(&collect.into);
        }
        if let Kind::Lookup(lookup) = &node.kind {
            set.extend(lookup.into.iter().map(|(name, _)| name.as_str()));
        }
    }
    for used in uses {
        let name = used.name.as_str();
        let announced = ANNOUNCED.contains(&name);
        if set.contains(&name) || (announced && used.announced) {
            continue;
        }
        if announced {
            report.warning(
                "script.misplaced-value",
                used.place,
                format!("`{name}` is only known while the contact waits in a queue"),
                Some("use it in `announce` or `announce_wait`".to_owned()),
            );
        } else {
            report.warning(
                "script.unknown-attribute",
                used.place,
                format!("nothing in this flow sets `{name}`"),
                suggest(
                    name,
                    set.iter()
                        .chain(if used.announced { &ANNOUNCED[..] } else { &[] })
                        .copied(),
                ),
            );
        }
    }
}

fn ways(nodes: &[Node]) -> Vec<Vec<Target>> {
    nodes
        .iter()
        .map(|node| {
            node.kind
                .ways()
                .into_iter()
                .map(|(_, target)| target)
                .filter(|target| *target != HANG_UP)
                .collect()
        })
        .collect()
}

/// Tells unreachable nodes, and refusals that come too late.
pub(crate) fn graph(header: &Header, nodes: &[Node], places: &[Place], report: &mut Report) {
    let ways = ways(nodes);
    let mut roots = vec![header.start];
    roots.extend(header.always.iter().map(|(_, target)| *target));
    roots.extend(header.on_failure);
    roots.retain(|target| *target != HANG_UP);
    let reached = reach(&ways, &roots);
    for (place, node) in nodes.iter().enumerate() {
        if !reached[place] {
            report.warning(
                "script.unreachable",
                places[place],
                format!("nothing leads to `{}`", node.id),
                Some("lead there with `next:` or a key, or remove it".to_owned()),
            );
        }
    }
    late_refusals(header, nodes, &ways, places, report);
}

fn reach(ways: &[Vec<Target>], roots: &[Target]) -> Vec<bool> {
    let mut reached = vec![false; ways.len()];
    let mut open: Vec<Target> = roots.to_vec();
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut reached[usize::from(at)], true) {
            open.extend(&ways[usize::from(at)]);
        }
    }
    reached
}

/// Tells endless loops: a round in which the flow never waits for the caller or a queue.
pub(crate) fn loops(nodes: &[Node], places: &[Place], report: &mut Report) {
    let ways = ways(nodes);
    /// Where a node stands in the search.
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        /// On the way from the root.
        Open,
        Done,
    }
    let mut seen = vec![Seen::Not; nodes.len()];
    for root in 0..nodes.len() {
        if seen[root] != Seen::Not {
            continue;
        }
        // Depth first without recursion: node and the next way to look at.
        let mut path: Vec<(usize, usize)> = vec![(root, 0)];
        seen[root] = Seen::Open;
        while let Some((at, way)) = path.last_mut() {
            let at = *at;
            let next = if nodes[at].kind.waits() {
                None
            } else {
                ways[at].get(*way)
            };
            *way += 1;
            let Some(next) = next.map(|target| usize::from(*target)) else {
                seen[at] = Seen::Done;
                path.pop();
                continue;
            };
            match seen[next] {
                Seen::Done => {}
                Seen::Not => {
                    seen[next] = Seen::Open;
                    path.push((next, 0));
                }
                Seen::Open => {
                    let from = path.iter().position(|(node, _)| *node == next).unwrap_or(0);
                    let mut round: Vec<usize> =
                        path[from..].iter().map(|(node, _)| *node).collect();
                    round.push(next);
                    let names: Vec<String> = round
                        .iter()
                        .map(|node| format!("`{}`", nodes[*node].id))
                        .collect();
                    report.error(
                        "script.endless-loop",
                        places[next],
                        format!(
                            "{} goes round without ever waiting for the caller",
                            names.join(" -> ")
                        ),
                        Some(
                            "put a `menu`, `collect` or `queue` into the round, or leave it"
                                .to_owned(),
                        ),
                    );
                }
            }
        }
    }
}

fn speaks(kind: &Kind) -> bool {
    match kind {
        Kind::Say { .. } => true,
        Kind::Lookup(lookup) => lookup.say.is_some(),
        _ => false,
    }
}

/// A refusal after the call may have been answered can only hang up.
fn late_refusals(
    header: &Header,
    nodes: &[Node],
    ways: &[Vec<Target>],
    places: &[Place],
    report: &mut Report,
) {
    let answering: Vec<Target> = nodes
        .iter()
        .filter(|node| node.kind.waits() || speaks(&node.kind))
        .flat_map(|node| node.kind.ways())
        .map(|(_, target)| target)
        .chain(header.always.iter().map(|(_, target)| *target))
        .filter(|target| *target != HANG_UP)
        .collect();
    let late = reach(ways, &answering);
    for (place, node) in nodes.iter().enumerate() {
        if matches!(node.kind, Kind::Reject(_)) && late[place] {
            report.warning(
                "script.late-reject",
                places[place],
                format!(
                    "`{}` may come after the call was answered; it only hangs up then",
                    node.id
                ),
                Some("refuse before anything is said, or use `hangup`".to_owned()),
            );
        }
    }
}
