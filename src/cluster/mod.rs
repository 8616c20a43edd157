//! Throwaway `PostgreSQL` clusters.
