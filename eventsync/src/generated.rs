//! Nothing enters; the types, tables and the machine that the contracts of delivery declare leave.

pub use event_contracts::base::*;
pub use event_contracts::delivery::*;
pub use event_contracts::delivery_records::*;
pub use event_contracts::delivery_report::*;
pub use event_contracts::delivery_wire::*;
