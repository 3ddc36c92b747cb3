"""Payments: what orders owe, what the provider is asked for, what came of it, and what it says of its own accord.

The lives of collections, payments, refunds, operations and messages are types; services keep them in rows. The
provider is a protocol that an adapter implements; nothing here knows orders beyond their ids.
"""

from rustok_sim.modules.commerce.payments.books import Debt, Taken
from rustok_sim.modules.commerce.payments.errors import (
    GatewayUnavailable,
    KeyReused,
    PaymentDeclined,
    PaymentInProgress,
    PaymentNotFound,
    PaymentUncertain,
    RefundTooLarge,
)
from rustok_sim.modules.commerce.payments.inbox import WebhookInbox
from rustok_sim.modules.commerce.payments.ports import Charge, Done, Gateway, Notice, Request, SendBack
from rustok_sim.modules.commerce.payments.refunds import RefundService
from rustok_sim.modules.commerce.payments.service import PaymentService
from rustok_sim.modules.commerce.payments.settings import GatewaySettings, InboxSettings
from rustok_sim.modules.commerce.payments.tables import PAYMENT_TABLES

__all__ = [
    "PAYMENT_TABLES",
    "Charge",
    "Debt",
    "Done",
    "Gateway",
    "GatewaySettings",
    "GatewayUnavailable",
    "InboxSettings",
    "KeyReused",
    "Notice",
    "PaymentDeclined",
    "PaymentInProgress",
    "PaymentNotFound",
    "PaymentService",
    "PaymentUncertain",
    "RefundService",
    "RefundTooLarge",
    "Request",
    "SendBack",
    "Taken",
    "WebhookInbox",
]
