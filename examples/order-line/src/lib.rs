//! A flow that reads from top to bottom: an order line asks for the order's number, looks it up, tells
//! where an order is that is on its way, and puts everybody else into a queue, or takes a message when
//! nobody comes.
//!
//! `hotline plugin build examples/order-line --out flows/demo` puts `order_line.flow.wasm` there. It
//! looks orders up in the table `flows/demo/tables/orders.json`:
//!
//! ```json
//! {"12345": {"status": "shipped", "days": 2}, "23456": {"status": "delayed"}}
//! ```

use hotline_sdk::Fault;
use hotline_sdk::ivr::{Found, LookUp, Node, keys, node, queue};
use hotline_sdk::linear::{Line, Linear, Stay, Treatment};
use serde::{Deserialize, Serialize};

const DIGITS: u32 = 5;
const ATTEMPTS: u32 = 3;
const PATIENCE_MS: u32 = 5 * 60_000;

#[derive(Debug)]
pub struct OrderLine;

/// What the table knows of an order. The call's journal keeps it, so only what the flow needs.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
struct Order {
    status: String,
    #[serde(default)]
    days: u32,
}

impl Linear for OrderLine {
    async fn call(line: Line) -> Result<(), Fault> {
        line.answer().await;
        line.play("Welcome to the order line.").await;

        let order = order(&line).await;
        if let Some((number, order)) = &order {
            line.set("order", number).await;
            if order.status == "shipped" && !wants_more(&line, order).await {
                line.play("Thank you. Goodbye.").await;
                return Ok(());
            }
        }

        // Whose order is late is waiting long enough already.
        let priority = match &order {
            Some((_, order)) if order.status == "delayed" => 5,
            Some(_) => 1,
            None => 0,
        };
        let treatment = Treatment::of(queue("support").priority(priority))
            .telling(|it| Some(format!("You are number {} in line.", it.position).into()))
            .giving_up_after_ms(PATIENCE_MS);
        if line.enqueue(treatment).await == Stay::Connected {
            return Ok(());
        }

        let sorry = "Nobody can take your call now. Please leave a message.";
        line.voicemail(sorry, 60_000).await;
        line.play("Thank you. Goodbye.").await;
        Ok(())
    }

    fn describe() -> Vec<Node> {
        vec![
            node("number", "collect", "Order number", &[("any", "order")]),
            node(
                "order",
                "lookup",
                "orders",
                &[
                    ("shipped", "news"),
                    ("known", "support"),
                    ("unknown", "number"),
                ],
            ),
            node("news", "menu", "On its way", &[("1", "support")]),
            node("support", "queue", "Support", &[("nobody came", "message")]),
            node("message", "voicemail", "Message", &[]),
        ]
    }
}

/// The number that was entered and what is known of it, or nothing after three attempts. Where the
/// table can not be read, any number will do.
async fn order(line: &Line) -> Option<(String, Order)> {
    for _ in 0..ATTEMPTS {
        let asked = keys(DIGITS).saying("Please enter the five digits of your order.");
        let entered = line.collect("order", asked).await;
        if entered.length != DIGITS {
            line.play("That was no order number.").await;
            continue;
        }
        let wanted = LookUp::table("orders", &entered.digits).within_ms(2_000);
        match line.look_up("order", wanted).await {
            Found::Value(order) => return Some((entered.digits, order)),
            Found::Nothing => line.play("We do not know this order.").await,
            Found::TimedOut | Found::Failed => return Some((entered.digits, Order::default())),
        };
    }
    None
}

async fn wants_more(line: &Line, order: &Order) -> bool {
    let news = format!(
        "Your order is on its way, and will be with you in {} days. To talk to us, press 1.",
        order.days
    );
    line.collect("more", keys(1).saying(news)).await.digits == "1"
}

hotline_sdk::export_linear_flow!(OrderLine);

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::FlowBench;
    use hotline_sdk::linear::step_linear;

    fn begun() -> FlowBench {
        let mut call = FlowBench::new(step_linear::<OrderLine>);
        call.start();
        call
    }

    #[test]
    fn a_known_order_takes_the_caller_to_the_front_of_the_queue() {
        let mut call = begun();
        call.press("12")
            .press("23456")
            .finds(r#"{"status": "delayed"}"#);
        call.progress(2, None);
        assert_eq!(call.queued(), Some("support"));
        assert!(call.heard().contains("You are number 2 in line."));
        let transcript = call.transcript();
        assert!(transcript.contains("look up table orders 23456 within 2000 ms"));
        assert!(transcript.contains("enqueue support priority 5"));
        assert!(!call.agent("connected").is_over());
    }

    #[test]
    fn who_asks_for_an_order_on_its_way_need_not_talk_to_anybody() {
        let shipped = r#"{"status": "shipped", "days": 2}"#;
        let mut call = begun();
        call.press("12345").finds(shipped).press_nothing();
        assert!(call.heard().contains("with you in 2 days"));
        assert!(call.is_over());

        let mut call = begun();
        call.press("12345").finds(shipped).press("1");
        assert_eq!(call.queued(), Some("support"));
    }

    #[test]
    fn an_unknown_order_is_asked_for_again_and_a_broken_table_stops_nobody() {
        let mut call = begun();
        call.press("99999").finds_nothing();
        assert!(call.heard().contains("We do not know this order."));
        assert!(call.is_collecting());
        call.press("12345").lookup_fails();
        assert_eq!(call.queued(), Some("support"));
        assert!(call.transcript().contains("enqueue support priority 1"));
    }

    #[test]
    fn who_waits_too_long_leaves_a_message() {
        let mut call = begun();
        call.press("12345")
            .lookup_times_out()
            .timer("linear-give-up");
        assert!(call.transcript().contains("voicemail"));
        assert!(call.heard().contains("Goodbye."));
        assert!(call.is_over());
    }

    #[test]
    fn a_hang_up_at_every_step_is_no_fault() {
        for keys in [&[][..], &["12"], &["12345"]] {
            let mut call = begun();
            for entered in keys {
                call.press(entered);
            }
            assert_eq!(call.hang_up().fault(), None);
        }
    }
}
