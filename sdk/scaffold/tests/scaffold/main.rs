//! What someone finds who makes a project with `hotline plugin new`. Builds every template natively
//! and as a component, outside of this repository's workspace.

mod projects;
