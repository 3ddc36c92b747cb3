"""The same contract over SQLAlchemy Core: SQLite and PostgreSQL behind the port of a database server.

Tables are created from their description in ``core.data`` and statements are compiled from theirs, once for each
shape. Whatever the two databases say of a broken rule or a lost race becomes one of the errors of ``core.errors``,
with the same table and the same rule on both, so a service cannot tell which database it runs on.

Knows no module, no engine and no clock of its own.
"""

from rustok_sim.adapters.sql.server import SqlServer

__all__ = ["SqlServer"]
