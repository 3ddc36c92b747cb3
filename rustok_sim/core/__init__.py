"""What every module of the platform shares: errors, resilience, caches, and the ports to the world.

Plain synchronous Python and generators over :mod:`rustok_sim.core.ports`. The time and the chance it needs are
arguments; it holds no clock, no random generator and no engine, and it never does I/O. Import from the
sub-packages: this one exports nothing.
"""
