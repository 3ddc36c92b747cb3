"""RusToK's modules, one shape each: settings, records, ports, and the services over them.

A module knows ``core`` and itself. What it needs of another goes through an event or a protocol in ``core``; what it
needs of the outside, through a protocol of its own that an adapter implements.
"""
