"""The same contract over SQLAlchemy Core: SQLite and PostgreSQL behind the port of a database server.

Tables are created from their description in ``core.data`` and statements are compiled from theirs, once for each
shape. Whatever the two databases say of a broken rule or a lost race becomes one of the errors of ``core.errors``,
with the same table and the same rule on both, so a service cannot tell which database it runs on. For the same
reason texts are ordered by code points, nulls come last, the primary key breaks ties, a text's length is a check
(PostgreSQL's ``varchar`` would cut off spaces), and a sum beyond 64 bits is an error.

Where they differ from the database in memory and from each other:

- SQLite knows no level but serializable: each of the three is that one, by BEGIN IMMEDIATE or by BEGIN. It locks
  the database and not rows, so SKIP LOCKED leaves out nothing.
- Under the engine one thread holds all sessions, and none may stop it. Waiting is polite then: a statement that finds
  a lock taken is undone, and starts anew when a transaction of this server has ended. At READ COMMITTED it then
  sees all that was committed meanwhile, where PostgreSQL itself looks again only at the rows it waited for.
- Who waits for whom is not told by the databases: polite sessions know a deadlock when all that are in a transaction
  wait. A circle of some is found once the others end or wait too; one that waits for it from outside may give way.

Knows no module, no engine and no clock of its own; a real database takes real time, which no run sees.
"""

from rustok_sim.adapters.sql.server import SqlServer

__all__ = ["SqlServer"]
