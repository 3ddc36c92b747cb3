"""The engine: the only package that knows SimPy.

It owns the clock, the keyed draws, the stations, the wires, the load and the faults, and it drives the platform's
services, which never see it. It reads a scenario and writes records to a journal; it opens no file but the
data that a scenario names, and it knows neither DuckDB nor the wall clock.
"""

from rustok_sim.engine.draws import Draws
from rustok_sim.engine.runtime import NodeRuntime
from rustok_sim.engine.simulation import Simulation
from rustok_sim.engine.station import Station, Visit
from rustok_sim.engine.task import Gate, Task
from rustok_sim.engine.world import World

__all__ = ["Draws", "Gate", "NodeRuntime", "Simulation", "Station", "Task", "Visit", "World"]
