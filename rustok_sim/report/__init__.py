"""What people look at: series from the event log, figures, tables, notebooks as HTML, the demo.

Lives here: everything between the numbers of ``studies`` and a reader's eye, and what two notebooks need in common. It
may know runs and replications, SQL over their events, and the libraries that draw and convert; they are heavy, so its
modules are imported by whoever needs them (``from rustok_sim.report import figures``), never by this charter. It never
decides what a number means, that is ``verify``'s, and it never loads anything from a network or lets a report do so.
"""

__all__: list[str] = []
