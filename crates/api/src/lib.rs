//! Interfaces over the coordinator.
