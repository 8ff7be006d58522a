//! Stories, each with what must come of it. The left column is seconds.

mod agents;
mod callbacks;
mod calls;
mod capacity;
mod eligibility;
mod experience;
mod flows;
mod hours;
mod queues;
mod routing;
mod rules;
