//! Bills enter on stdin, a line each; what the types of their foreign schema say of the first leaves, and how many can be
//! made again from those types.

use event_contracts::billing::BillSentPayload;
use event_contracts::foreign::Foreign;
use event_contracts::foreign::billing::{Balance, Method, Party};

fn main() {
    let text = std::io::read_to_string(std::io::stdin()).expect("bills");
    let bills = text.lines().map(|line| BillSentPayload::from_json(line.as_bytes()).expect("a good bill"));
    let bills: Vec<BillSentPayload> = bills.collect();
    let buyer: &Party = &bills[0].buyer;
    println!("{} in {} at {:?}", buyer.name, buyer.address.city, buyer.address.position);
    if let Method::Transfer { iban } = &*bills[0].method {
        println!("by transfer to {iban}");
    }
    println!("same text: {}", Some(&*bills[0].to_json()) == text.lines().next());
    let mut other = buyer.clone();
    other.name = String::new();
    println!("{:?}", Foreign::new(other).map_err(|faults| faults.as_slice()[0].code.as_str()));
    println!("{}", Foreign::new(Balance(1001)).is_err());
    let made_again = bills.into_iter().filter(|bill| Foreign::new(bill.buyer.clone().into_inner()).is_ok());
    println!("made again: {}", made_again.count());
}
