"""Figures: each a function from a study to a picture that can stand on a slide.

Lives here: drawing, and the choice of marks, scales and labels. Every axis names its unit, every variant stands beside
its line, and every picture tells in words what it shows. It may know studies and their frames. It never opens a
window, keeps a figure in a global list, or computes a number that a query does not give, quantiles over
replications apart.
"""

from rustok_sim.report.figures.answers import answers, heat_map, means, paired, response, steps
from rustok_sim.report.figures.borders import reach, touched_matrix
from rustok_sim.report.figures.breakers import breaker_states
from rustok_sim.report.figures.canvas import Picture
from rustok_sim.report.figures.estimates import differences, intervals
from rustok_sim.report.figures.explorations import effects, pareto, sensitivities, shares, tornado
from rustok_sim.report.figures.grouped import grouped
from rustok_sim.report.figures.over_time import availability, latency, statements
from rustok_sim.report.figures.searches import first_found
from rustok_sim.report.figures.stampedes import stampede

__all__ = [
    "Picture",
    "answers",
    "availability",
    "breaker_states",
    "differences",
    "effects",
    "first_found",
    "grouped",
    "heat_map",
    "intervals",
    "latency",
    "means",
    "paired",
    "pareto",
    "reach",
    "response",
    "sensitivities",
    "shares",
    "stampede",
    "statements",
    "steps",
    "tornado",
    "touched_matrix",
]
