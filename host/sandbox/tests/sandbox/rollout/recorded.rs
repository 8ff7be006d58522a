//! Calls that were recorded, and candidates that are replayed on them.

use super::{call, other_sales, used, with_menu};
use crate::stand::{by_admin, contact, demo, other};
use hotline_sandbox::PluginKind::Flow;
use hotline_sandbox::rollout::{Actor, Recording, ReplayGate, Settings, Wish};
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::question::Question;

#[tokio::test]
async fn a_gate_opens_only_for_a_candidate_that_recorded_calls_were_replayed_on() {
    let stand = with_menu().await;
    for number in 1..=10 {
        call(&stand, contact(number), if number <= 3 { "2" } else { "1" }).await;
    }
    let settings = |max_changed_percent| Settings {
        gate: Some(ReplayGate {
            max_changed_percent,
            min_contacts: 5,
        }),
        ..Settings::default()
    };
    stand
        .handle
        .configure(demo(), Flow, "main", settings(20.0))
        .await
        .unwrap();
    let new = stand.uploaded("main", &other_sales()).await;
    stand.stage(Flow, "main", &new).await;
    let unreplayed = stand
        .change(Flow, "main", &new, Wish::Active)
        .await
        .unwrap_err();
    assert!(unreplayed.to_string().contains("replay"), "{unreplayed}");

    let report = stand
        .handle
        .replay(demo(), Flow, "main", &new)
        .await
        .unwrap();
    let summary = &report.summary;
    assert_eq!(
        (summary.contacts, summary.contacts_changed),
        (10, 3),
        "{summary:?}"
    );
    assert_eq!((summary.faults, summary.complete), (0, true));
    let replayed = (u64::from(summary.calls), report.fuel_candidate);
    assert_eq!(used(&stand, Purpose::Replay), replayed);
    let (tried, fuel) = used(&stand, Purpose::Admission);
    assert_eq!(tried, 2, "the file and the upload");
    assert!(fuel > 0);
    assert!(report.differences[0].candidate.contains("our shop"));
    assert_eq!(
        stand.version(Flow, "main", &new).replayed.as_ref(),
        Some(summary)
    );
    let too_much = stand
        .change(Flow, "main", &new, Wish::Active)
        .await
        .unwrap_err();
    assert!(too_much.to_string().contains("3 of 10"), "{too_much}");

    stand
        .handle
        .configure(demo(), Flow, "main", settings(30.0))
        .await
        .unwrap();
    let stand = stand.restart().await;
    stand
        .change(Flow, "main", &new, Wish::Active)
        .await
        .unwrap();
    let cause = by_admin("a gate holds up no rollback");
    let back = stand
        .handle
        .roll_back(demo(), Flow, "main", None, cause)
        .await;
    assert_eq!(back.unwrap().status.by, Actor::FlowsFolder);
}

#[tokio::test]
async fn what_is_recorded_is_private_bounded_and_ends_with_its_setting() {
    let stand = with_menu().await;
    let keep = |last| Settings {
        recording: Recording { last, hours: 1 },
        gate: None,
    };
    stand
        .handle
        .configure(demo(), Flow, "main", keep(20))
        .await
        .unwrap();
    for number in 0..50 {
        call(&stand, contact(number), "1").await;
    }
    let recorded = stand.handle.recorded(demo(), Flow, "main").await.unwrap();
    assert_eq!(recorded.len(), 20);
    assert!(
        matches!(&*recorded[19].question, Question::FlowStep(step) if step.contact == contact(49))
    );
    assert!(
        stand
            .handle
            .recorded(other(), Flow, "main")
            .await
            .unwrap()
            .is_empty()
    );

    let folder = stand.path("").parent().unwrap().join("store/recorded");
    let mut files = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            use std::os::unix::fs::PermissionsExt;
            let about = entry.metadata().unwrap();
            assert_eq!(about.permissions().mode() & 0o077, 0, "{:?}", entry.path());
            if about.is_dir() {
                folders.push(entry.path());
            } else {
                files += 1;
                let lines = std::fs::read_to_string(entry.path())
                    .unwrap()
                    .lines()
                    .count();
                assert!(lines <= 20, "{lines}");
            }
        }
    }
    assert_eq!(files, 2);
    stand
        .handle
        .configure(demo(), Flow, "main", keep(0))
        .await
        .unwrap();
    call(&stand, contact(100), "1").await;
    assert!(
        stand
            .handle
            .recorded(demo(), Flow, "main")
            .await
            .unwrap()
            .is_empty()
    );
}
