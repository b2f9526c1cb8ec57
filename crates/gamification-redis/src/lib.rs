//! Pending executions and broadcast between nodes on Redis, and their twins inside one process.
//!
//! Both ports may be away without any harm: the database is the truth, an entry that is lost costs
//! a look-up, a wake-up that is lost costs latency. So nothing here waits for Redis.
//!
//! * [`RedisAdapter`] serves both ports for several nodes. While Redis is away, the cache answers
//!   [`PortUnavailable`](gamification_core::ports::PortUnavailable) at once and wake-ups reach this
//!   node's own subscribers; it finds its way back by itself.
//! * [`in_process`] serves them when there is one node and no Redis.

mod adapter;
mod connection;
mod health;
pub mod in_process;
mod keeper;
mod names;
mod options;
mod wakeups;

pub use adapter::RedisAdapter;
pub use options::{RedisConfigError, RedisOptions};
