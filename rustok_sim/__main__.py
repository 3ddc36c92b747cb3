"""``python -m rustok_sim``: the command line."""

from rustok_sim.cli import main

main()
