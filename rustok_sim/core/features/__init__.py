"""Modules and features of a tenant."""
