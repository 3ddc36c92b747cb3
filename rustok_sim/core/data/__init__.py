"""The relational ground of all modules: tables and statements as data, and the store that runs them.

A module describes its tables and writes statements; which database runs them is no concern of it. The tenant's scope
lies in one place, :class:`Store`: no module can ask for another tenant's rows but by the two methods that name the
defect of RusToK they stand for. Knows no database, no engine and no real clock.
"""

from rustok_sim.core.data.ports import Database, Isolation, Session
from rustok_sim.core.data.schema import Check, Column, Reference, Table, flag, integer, moment, text, uuid
from rustok_sim.core.data.statements import (
    Condition,
    Delete,
    Expression,
    Insert,
    Operand,
    Result,
    Row,
    Same,
    Select,
    Statement,
    Update,
    Upsert,
    Value,
    Where,
    col,
    conditions_of,
    label_of,
    same,
)
from rustok_sim.core.data.store import Scope, Store, Transaction

__all__ = [
    "Check",
    "Column",
    "Condition",
    "Database",
    "Delete",
    "Expression",
    "Insert",
    "Isolation",
    "Operand",
    "Reference",
    "Result",
    "Row",
    "Same",
    "Scope",
    "Select",
    "Session",
    "Statement",
    "Store",
    "Table",
    "Transaction",
    "Update",
    "Upsert",
    "Value",
    "Where",
    "col",
    "conditions_of",
    "flag",
    "integer",
    "label_of",
    "moment",
    "same",
    "text",
    "uuid",
]
