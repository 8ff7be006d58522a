//! A flow that reads from top to bottom: an order line asks for the order's number, then puts the
//! caller into a queue, and takes a message when nobody comes.
//!
//! `hotline plugin build examples/order-line --out flows/demo` puts `order_line.flow.wasm` there.

use hotline_sdk::Fault;
use hotline_sdk::ivr::{Node, keys, node, queue};
use hotline_sdk::linear::{Line, Linear, Stay, Treatment};

const DIGITS: u32 = 5;
const ATTEMPTS: u32 = 3;
const PATIENCE_MS: u32 = 5 * 60_000;

#[derive(Debug)]
pub struct OrderLine;

impl Linear for OrderLine {
    async fn call(line: Line) -> Result<(), Fault> {
        line.answer().await;
        line.play("Welcome to the order line.").await;

        let order = order(&line).await;
        if let Some(order) = &order {
            line.set("order", order).await;
        }

        let place = queue("support").priority(i32::from(order.is_some()));
        let treatment = Treatment::of(place)
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
            node("order", "menu", "Order number", &[("any", "support")]),
            node("support", "queue", "Support", &[("nobody came", "message")]),
            node("message", "say", "Message", &[]),
        ]
    }
}

/// The number that was entered, or nothing after three attempts.
async fn order(line: &Line) -> Option<String> {
    for _ in 0..ATTEMPTS {
        let asked = keys(DIGITS).saying("Please enter the five digits of your order.");
        let entered = line.collect("order", asked).await;
        if entered.length == DIGITS {
            return Some(entered.digits);
        }
        line.play("That was no order number.").await;
    }
    None
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
    fn an_order_number_takes_the_caller_to_the_front_of_the_queue() {
        let mut call = begun();
        call.press("12").press("12345").progress(2, None);
        assert_eq!(call.queued(), Some("support"));
        assert!(call.heard().contains("You are number 2 in line."));
        assert!(call.transcript().contains("enqueue support priority 1"));
        assert!(!call.agent("connected").is_over());
    }

    #[test]
    fn who_waits_too_long_leaves_a_message() {
        let mut call = begun();
        call.press("12345").timer("linear-give-up");
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
