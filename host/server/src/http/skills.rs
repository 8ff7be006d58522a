//! Skill expressions: whether a text is one, and who meets it, before it is saved anywhere.

use super::caller::Supervisor;
use super::problem::Problem;
use super::{App, Query};
use axum::Json;
use axum::extract::State;
use hotline_vocabulary::configuration::{SkillExpression, SkillNeed};
use hotline_vocabulary::ids::{AgentId, QueueId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    /// `english >= 4 and (cards >= 2 or loans)`; empty for anyone.
    #[serde(default)]
    expression: String,
    /// Only the agents of this queue.
    queue: Option<QueueId>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Qualifying {
    /// The expression as it is kept.
    expression: SkillExpression,
    /// The skills that it asks for.
    needs: Vec<SkillNeed>,
    /// Every agent asked about, by name.
    agents: Vec<Qualification>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Qualification {
    id: AgentId,
    name: String,
    /// The first condition that the agent does not meet; none when qualified.
    unmet: Option<SkillExpression>,
}

/// Checks a skill expression, and says which agents meet it
#[utoipa::path(get, operation_id = "check_skills", path = "/skills/qualifying", tag = "queues", params(Question),
    responses((status = 200, body = Qualifying), (status = "default", body = Problem)))]
pub(crate) async fn qualifying(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Query(question): Query<Question>,
) -> Result<Json<Qualifying>, Problem> {
    let parsed = question.expression.parse::<SkillExpression>();
    let expression = parsed.map_err(|error| Problem::invalid("expression", error.to_string()))?;
    if let Some(queue) = question.queue {
        // Whether there is one in this tenant.
        app.records.queues.get(caller.tenant, queue).await?;
    }
    let mut agents = app.records.users.agents(caller.tenant).await?;
    agents.sort_by(|one, other| one.name.cmp(&other.name));
    let serves = |queues: &[hotline_vocabulary::configuration::Membership]| {
        let wanted = question.queue;
        wanted.is_none_or(|queue| queues.iter().any(|one| one.queue == queue))
    };
    let agents = agents
        .into_iter()
        .filter(|agent| serves(&agent.queues))
        .map(|agent| {
            let level_of = |skill: &str| {
                let held = agent.skills.iter().find(|held| held.name == skill);
                held.map_or(0, |held| held.level)
            };
            Qualification {
                id: agent.id,
                unmet: expression.unmet(&level_of).cloned(),
                name: agent.name,
            }
        })
        .collect();
    Ok(Json(Qualifying {
        needs: expression.needs(),
        expression,
        agents,
    }))
}
