//! The store on SQLite and PostgreSQL, one text of SQL for both wherever they agree.
