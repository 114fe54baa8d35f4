//! A plan in words, a line for each step.

use std::fmt;

use super::{Outline, OutlinedRefusal, OutlinedStep};

/// Digits behind the point of a coin in wei.
const ETHER: u32 = 18;
/// The same of a gwei.
const GWEI: u32 = 9;

impl fmt::Display for Outline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "deployment {} on {}, sent by {}", self.name, self.chain, self.sender)?;
        for step in &self.steps {
            let gas = step.gas.map(|gas| format!("{} gas", grouped(gas))).unwrap_or_default();
            writeln!(f, "  {:<6} {gas:>15}  {}{}", step.action, step.name, particulars(step))?;
        }
        for refused in &self.refused {
            let OutlinedRefusal {
                contract,
                address,
                listed_by,
                reason,
            } = refused;
            writeln!(
                f,
                "  not used: {contract} at {address}, listed by {listed_by}: {reason}"
            )?;
        }
        for note in &self.notes {
            writeln!(f, "  note: {note}")?;
        }
        if self.to_send == 0 {
            return write!(f, "nothing is to be sent");
        }
        let calls = if self.to_send == 1 { "call" } else { "calls" };
        let price = amount(&self.gas_price, GWEI, "gwei");
        let fee = amount(&self.fee, ETHER, "ether");
        let (count, gas) = (self.to_send, grouped(self.gas));
        writeln!(f, "{count} {calls} to send: {gas} gas at {price}, {fee}")?;
        let balance = amount(&self.balance, ETHER, "ether");
        if self.is_affordable {
            write!(f, "the sender has {balance}, which is enough")
        } else {
            write!(f, "the sender has {balance}, which is not enough: fund {}", self.sender)
        }
    }
}

/// What is behind a step's name: where it is, and what is sent for it.
fn particulars(step: &OutlinedStep) -> String {
    let at = step.address.map(|at| format!(" at {at}")).unwrap_or_default();
    let sent = step.data.as_deref().map(|data| {
        let bytes = data.len().saturating_sub(2) / 2;
        match step.to {
            None => format!(", {} bytes of code", grouped(bytes as u64)),
            Some(to) => {
                let selector = data.get(..10).unwrap_or(data);
                format!(
                    ", by {selector} and {} bytes to {to}",
                    grouped(bytes.saturating_sub(4) as u64)
                )
            }
        }
    });
    let listed = step.listed_by.map(|who| format!(", listed by {who}"));
    let done = step
        .transaction
        .map(|transaction| format!(", in transaction {transaction}"));
    [Some(at), sent, listed, done].into_iter().flatten().collect()
}

/// A number in groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// An amount in wei, in a unit of so many digits behind the point.
fn amount(wei: &str, digits: u32, unit: &str) -> String {
    let Ok(wei) = wei.parse::<u128>() else {
        return format!("{wei} wei");
    };
    let one = 10_u128.pow(digits);
    let rest = format!("{:0>width$}", wei % one, width = digits as usize);
    match rest.trim_end_matches('0') {
        "" => format!("{} {unit}", wei / one),
        rest => format!("{}.{rest} {unit}", wei / one),
    }
}

#[cfg(test)]
mod tests {
    use maci_protocol::ids::EthAddress;

    use super::*;

    fn step(name: &str, action: &'static str) -> OutlinedStep {
        OutlinedStep {
            name: name.to_owned(),
            action,
            contract: None,
            address: None,
            listed_by: None,
            transaction: None,
            to: None,
            data: None,
            gas: None,
            fee: None,
            after: Vec::new(),
        }
    }

    #[test]
    fn a_plan_says_what_is_sent_what_it_costs_and_whether_there_is_enough() {
        let at = EthAddress([7; 20]);
        let reused = OutlinedStep {
            address: Some(at),
            listed_by: Some("the public list"),
            ..step("PoseidonT3", "reuse")
        };
        let deployed = OutlinedStep {
            address: Some(at),
            data: Some(format!("0x{}", "60".repeat(1_500))),
            gas: Some(1_775_914),
            ..step("MACI", "deploy")
        };
        let called = OutlinedStep {
            to: Some(at),
            data: Some(format!("0x776d1a01{}", "00".repeat(32))),
            gas: Some(50_145),
            ..step("sign-up policy guards MACI", "call")
        };
        let mut outline = Outline {
            name: "spring".to_owned(),
            chain: "localhost".to_owned(),
            sender: at,
            steps: vec![reused, deployed, called],
            refused: Vec::new(),
            is_simulated: true,
            notes: vec!["a note".to_owned()],
            to_send: 2,
            gas: 1_826_059,
            gas_price: "2500000000".to_owned(),
            fee: "4565147500000000".to_owned(),
            balance: "10000000000000000000".to_owned(),
            is_affordable: true,
        };
        let lines = [
            format!("deployment spring on localhost, sent by {at}"),
            format!("  reuse                   PoseidonT3 at {at}, listed by the public list"),
            format!("  deploy   1,775,914 gas  MACI at {at}, 1,500 bytes of code"),
            format!("  call        50,145 gas  sign-up policy guards MACI, by 0x776d1a01 and 32 bytes to {at}"),
            "  note: a note".to_owned(),
            "2 calls to send: 1,826,059 gas at 2.5 gwei, 0.0045651475 ether".to_owned(),
            "the sender has 10 ether, which is enough".to_owned(),
        ];
        assert_eq!(outline.to_string(), lines.join("\n"));

        outline.is_affordable = false;
        assert!(outline.to_string().ends_with(&format!("not enough: fund {at}")));
        outline.to_send = 0;
        assert!(outline.to_string().ends_with("nothing is to be sent"));
    }
}
