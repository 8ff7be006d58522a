//! Plugins that the host defends against: one file each in `examples/`, what each does and what the
//! host answers in README.md. `tests/hostile-guests/build` builds them all.
