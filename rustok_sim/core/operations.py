"""The operations a load class may ask of the platform."""

OPERATIONS = {
    "tenant.resolve": "a request that only needs its tenant's context: the tenant middleware and an empty handler",
    "health.live": "the liveness probe: the tenant middleware for the default tenant, as wired, and an empty handler",
    "tenant.update": "an administrator writes the tenant's row, and invalidates what the settings say",
}
