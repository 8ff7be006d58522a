use hotline_sdk::ivr::{Call, Event, Fault, Flow, Step};
pub struct Hello;
impl Flow for Hello {
    type State = ();
    fn step(_: &Call, (): (), event: Event) -> Result<Step<()>, Fault> {
        Ok(match event {
            Event::Started => Step::to(()).answer().play("Hello"),
            Event::Done(_) => Step::to(()).hang_up(),
            _ => Step::wait(()),
        })
    }
}
hotline_sdk::export_flow!(Hello);
