//! What follows a log on the local disk into SQL: one task, and the way to end it.

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Owns the task. Dropping it ends the task at once; [`Service::stop`] catches up first.
#[derive(Debug)]
pub struct Service {
    /// What the task does, for the log.
    what: &'static str,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

impl Service {
    /// Begins on the current Tokio runtime. The task ends, with what the log holds brought in, soon
    /// after it was told `true`.
    pub(crate) fn start<F>(
        what: &'static str,
        follow: impl FnOnce(watch::Receiver<bool>) -> F,
    ) -> Service
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopping) = watch::channel(false);
        Service {
            what,
            stop,
            task: Some(tokio::spawn(follow(stopping))),
        }
    }

    /// Brings what is in the log into SQL, as far as the database lets it at the first try, then
    /// ends.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "{} ended badly", self.what);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
