"""Measures over a hand-made study."""

from rustok_sim.report.measures import number


def test_the_total_is_the_sum_over_replications_and_zero_for_what_never_was(study):
    """Loads of 2, 4 and 6 make 12; nobody was ever told 409."""
    assert number("load.mean", "load").total(study, "moka<b>") == 12.0
    assert number("requests.web.by_status.409", "told 409").total(study, "moka<b>") == 0.0
