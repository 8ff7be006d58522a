//! Style that is a test: nothing of the host is linked here, the repository is read as text.
