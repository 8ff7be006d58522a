//! Where a contact stands in its queue.

use crate::Settings;
use hotline_sdk::routing::{Interaction, Order};

const MS_PER_MINUTE: f64 = 60_000.0;

/// Points: the contact's priority and what its attributes are worth, growing while it waits.
pub fn rank(settings: &Settings, interaction: &Interaction) -> Order {
    let mut base = f64::from(interaction.priority);
    let mut reasons = Vec::new();
    if interaction.priority != 0 {
        reasons.push(format!("Priority {}.", interaction.priority));
    }
    for weight in &settings.attribute_weights {
        let Some(value) = applies(weight, interaction) else {
            continue;
        };
        base += weight.points;
        reasons.push(format!(
            "Attribute {} is {value}: {:+} points.",
            weight.attribute, weight.points
        ));
    }
    for name in &settings.score_attributes {
        let score = value_of(name, interaction).and_then(|value| value.trim().parse::<f64>().ok());
        if let Some(score) = score.filter(|score| score.is_finite() && *score != 0.0) {
            base += score;
            reasons.push(format!("Attribute {name}: {score:+} points."));
        }
    }
    if settings.points_per_minute > 0.0 {
        reasons.push(format!(
            "Each minute of waiting counts as {} of priority.",
            points(settings.points_per_minute)
        ));
    }
    reasons.truncate(8);
    Order {
        base,
        slope: settings.points_per_minute / MS_PER_MINUTE,
        reasons,
        ext: Vec::new(),
    }
}

fn applies<'a>(weight: &crate::AttributeWeight, interaction: &'a Interaction) -> Option<&'a str> {
    let value = value_of(&weight.attribute, interaction)?;
    let wanted = weight.value.as_ref().is_none_or(|wanted| wanted == value);
    (wanted && !value.is_empty()).then_some(value)
}

fn value_of<'a>(attribute: &str, interaction: &'a Interaction) -> Option<&'a str> {
    let mut attributes = interaction.attributes.iter();
    let (_, value) = attributes.find(|(name, _)| name == attribute)?;
    Some(value)
}

fn points(count: f64) -> String {
    if count == 1.0 {
        "one point".to_owned()
    } else {
        format!("{count} points")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::caller;

    fn place(order: &Order, waited_ms: f64) -> f64 {
        order.base + order.slope * waited_ms
    }

    #[test]
    fn one_point_of_priority_equals_sixty_seconds_of_age() {
        let settings = Settings::default();
        let early = rank(&settings, &caller());
        let mut important = caller();
        important.priority = 1;
        let important = rank(&settings, &important);
        assert!(place(&early, 60_001.0) > place(&important, 0.0));
        assert!(place(&early, 59_999.0) < place(&important, 0.0));
    }

    #[test]
    fn among_equals_the_older_contact_is_first() {
        let order = rank(&Settings::default(), &caller());
        assert!(place(&order, 2_000.0) > place(&order, 1_000.0));
    }

    #[test]
    fn an_attribute_is_worth_what_the_configuration_says() {
        let settings = Settings::parse(
            r#"{"attribute_weights":[{"attribute":"tier","value":"vip","points":5}]}"#,
        )
        .expect("valid settings");
        let mut vip = caller();
        vip.attributes.push(("tier".into(), "vip".into()));
        let order = rank(&settings, &vip);
        assert_eq!(order.base, 5.0);
        assert_eq!(order.reasons[0], "Attribute tier is vip: +5 points.");
        assert_eq!(rank(&settings, &caller()).base, 0.0);
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        let fault = Settings::parse(r#"{"point_per_minute":2}"#).expect_err("unknown field");
        assert!(
            fault.message.contains("point_per_minute"),
            "{}",
            fault.message
        );
    }
}
