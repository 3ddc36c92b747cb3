"""The search: it draws the same for the same seed, finds what is there, makes it small, and writes it down."""

from dataclasses import replace

import pytest

from rustok_sim.core.journal import STEPS, Record
from rustok_sim.scenario import load_scenario
from rustok_sim.scenario.rules.faults import Targets
from rustok_sim.search import (
    Finding,
    Outcome,
    Plan,
    Search,
    Violation,
    attempt,
    draw,
    find,
    realise,
    replay,
    shrink,
    space,
    write_found,
)
from rustok_sim.search.aims import STEPS as AIMS
from rustok_sim.search.aims import struck
from rustok_sim.search.files import search_file
from rustok_sim.search.replay import story_of
from rustok_sim.search.space import CHAOS_S, FAULTS_MAX, fault_kinds
from rustok_sim.search.trial import digest_of_run, judged
from rustok_sim.studies import run
from rustok_sim.testing import simulate

KEPT = ("cancelled_orders_keep_no_money", "money kept")


def test_a_plan_is_its_seed_and_number(base):
    """The same for the same seed, another for another run or seed."""
    assert draw(base, 1, 5) == draw(base, 1, 5)
    assert len({repr(draw(base, seed, number)) for seed in (1, 2) for number in range(20)}) == 40


def test_plans_are_scenarios_with_faults_of_every_kind_on_many_targets(base):
    """Whatever is drawn is allowed; every kind that scenarios know is drawn; all faults lie in the window."""
    plans = [draw(base, 0, number) for number in range(120)]
    faults = [fault for plan in plans for fault in plan.faults]
    for plan in plans:
        realise(base, plan)
    assert {fault["kind"] for fault in faults} == set(fault_kinds())
    assert len({target for fault in faults for target in struck(fault)}) > 10
    assert all(0 < fault["at_s"] < CHAOS_S for fault in faults)
    assert {len(plan.faults) for plan in plans} == set(range(FAULTS_MAX + 1))


def test_some_faults_wait_for_steps_some_befall_a_part_and_some_have_several_targets(base):
    """A modest share of each, so that most strike as plainly as ever; steps are such as nodes reach."""
    faults = [fault for number in range(300) for fault in draw(base, 0, number).faults]
    waiting = [fault for fault in faults if "at_step" in fault]
    together = [fault for fault in faults if "targets" in fault]
    scopes = {key for fault in faults for key in ("callers", "commands", "tenants") if key in fault}
    forms = {(key, fault[key]) for fault in faults for key in ("direction", "form", "lost", "error") if key in fault}
    assert 0.1 < len(waiting) / len(faults) < 0.3
    assert 0.0 < len(together) / len(faults) < 0.2
    assert scopes == {"callers", "commands", "tenants"}
    assert {("direction", "reply"), ("form", "held"), ("lost", "reply"), ("error", "reset")} <= forms
    assert {fault["at_step"] for fault in waiting} <= set(STEPS)
    assert any(fault.get("target") == "here" for fault in waiting)
    assert {"occurrence", "step_ratio"} <= {key for fault in waiting for key in fault}


def test_how_a_fault_strikes_moves_no_other_draw(base, monkeypatch):
    """Without forms and aims there are the same faults at the same times."""

    def kinds_and_times():
        return [[(fault["kind"], fault["at_s"]) for fault in draw(base, 0, n).faults] for n in range(40)]

    fine = kinds_and_times()
    for name in ("shaped", "aimed"):
        monkeypatch.setattr(space, name, lambda fault, *_: fault)
    assert kinds_and_times() == fine
    assert not any("at_step" in fault for n in range(40) for fault in draw(base, 0, n).faults)


def test_steps_that_faults_wait_for_are_reached(root):
    """As advised, everybody's work comes by all of them, but for Redis, which it does not use, and failures."""
    base = load_scenario(root / "scenarios/everything.toml", overlays=[root / "scenarios/presets/advised.toml"])
    records = simulate(realise(base, plan_of(base, heal_s=30.0, within_s=1.0)))
    reached = [
        step
        for step in AIMS
        if any(r.kind == step[0] and step[1] in {None, r.detail} and step[2] in {None, r.outcome} for r in records)
    ]
    assert set(AIMS) - set(reached) <= {
        ("redis.command", None, None),
        ("outbox.marked", None, "pending"),
        ("payment.uncertain", None, None),
    }


def test_what_a_search_met_is_counted_by_target_and_by_step(base):
    """Each run once, for each kind and target, and for each kind and step."""
    crash = {"kind": "crash", "targets": ["node-1", "node-2"], "at_s": 1.0, "restart_s": 1.0}
    waits = crash | {"at_step": "outbox.published", "step_outcome": "ok"}
    search = Search(2)
    for number, faults in enumerate([(crash, waits), (crash,)]):
        search.take(Outcome(number, plan_of(base, faults=faults), ()))
    assert search.strikes == {("crash", "node-1"): 2, ("crash", "node-2"): 2}
    assert search.to_dict()["steps"] == [{"kind": "crash", "step": "outbox.published ok", "runs": 1}]


def test_a_plan_leaves_out_kinds(base):
    """Swarm: in most runs at least one kind that could strike is left out altogether, so the others go further."""
    kinds = len(fault_kinds())
    assert all(len({fault["kind"] for fault in draw(base, 0, n).faults}) < kinds for n in range(20))
    assert list(Targets(base.model_dump(mode="json")).candidates("crash"))


def test_what_is_found_does_not_depend_on_jobs(base):
    """Runs are numbered, and the first that breaks something is the same whoever runs it."""
    one, two = (find(base, runs=6, jobs=jobs, shrinking=0) for jobs in (1, 2))
    assert {key: (found.number, found.times, found.plan) for key, found in one.findings.items()} == {
        key: (found.number, found.times, found.plan) for key, found in two.findings.items()
    }
    assert KEPT in one.findings


def test_a_search_ends_with_what_it_has_when_it_is_interrupted(base):
    """The first report of progress interrupts: what was found until then is there, not shrunk."""

    def interrupt(_search):
        raise KeyboardInterrupt

    search = find(base, runs=50, tell=interrupt)
    assert search.interrupted
    assert search.runs == 5
    assert search.findings


def plan_of(base, **more):
    """A plan with all classes of the base."""
    whole = Plan(seed=3, classes=tuple(load.name for load in base.load), heal_s=40.0, within_s=20.0)
    return replace(whole, **more)


def test_shrinking_keeps_what_is_needed_and_drops_the_rest(base):
    """By a predicate of its own: one crash and one class are needed; all else goes."""
    crash = {"kind": "crash", "target": "node-1", "at_s": 3.0, "restart_s": 1.0}
    flush = {"kind": "flush", "target": "redis", "at_s": 2.0}
    plan = plan_of(base, faults=(flush, crash), knobs=(("catalogue.products", 3),))

    def breaks(smaller):
        return crash in smaller.faults and "payers" in smaller.classes

    small, trials = shrink(plan, breaks)
    assert small == replace(
        plan, faults=(crash,), classes=("payers",), knobs=(), nodes=1, factor=0.25, heal_s=5.0, within_s=5.0
    )
    assert 0 < trials <= 400
    assert shrink(plan, breaks) == (small, trials), "and the same again"


def test_shrinking_finds_the_few_of_many_that_are_needed_within_few_trials(base):
    """Two classes of all and no fault, which luck alone seldom meets: everything else is left out, part by part."""
    flushes = tuple({"kind": "flush", "target": "redis", "at_s": float(n)} for n in (2, 3, 4))
    needed = {"payers", "readers"}
    small, trials = shrink(plan_of(base, faults=flushes), lambda smaller: needed <= set(smaller.classes), trials_max=60)
    assert (set(small.classes), small.faults) == (needed, ())
    assert trials <= 60


def test_shrinking_leaves_the_targets_that_are_needed(base):
    """Of two nodes that are struck together one is enough."""
    crash = {"kind": "crash", "targets": ["node-1", "node-2"], "at_s": 3.0, "restart_s": 1.0}

    def breaks(smaller):
        return any("node-2" in fault["targets"] for fault in smaller.faults)

    small, _ = shrink(plan_of(base, faults=(crash,)), breaks)
    assert small.faults == (crash | {"targets": ["node-2"]},)


def test_what_cannot_be_made_smaller_stays(base):
    """No part of it breaks anything: the plan is the answer."""
    plan = plan_of(base, heal_s=7.0)
    assert shrink(plan, lambda smaller: smaller == plan, trials_max=30)[0] == plan


def test_a_finding_becomes_a_file_that_shows_it_again(shop, base, tmp_path):
    """The file extends the searched one, names the promise and the digest of its run, and still breaks it."""
    done, files = search_file(shop, runs=2, out=tmp_path / "found")
    (file,) = (path for path in files if path.stem == "cancelled_orders_keep_no_money_money_kept")
    text = file.read_text(encoding="utf-8")
    found = load_scenario(file)
    assert 'extends = "../shop.toml"' in text
    assert found.verify.invariants == (KEPT[0],)
    assert len(found.faults) <= 3
    assert {load.name for load in found.load} <= {load.name for load in base.load}
    result = run(file, data=tmp_path / "runs")
    assert f"# Digest of its run: {result.digest}" in text
    assert not result.held
    assert [row["name"] for row in result.invariants if not row["held"]] == [KEPT[0]]
    assert done.findings[KEPT].trials > 0


def test_a_file_of_an_overlay_says_what_the_overlay_changed(shop, tmp_path):
    """Searched with an override, written so that the file alone is the same scenario."""
    base = load_scenario(shop, overrides={"platform.orders.guard": "service"})
    plan = plan_of(base)
    finding = Finding(Violation("order_steps_legal", "x", {}), 0, plan)
    file = write_found(finding, base, shop, load_scenario(shop), tmp_path / "found")
    assert load_scenario(file).platform.orders.guard == "service"
    wanted = realise(base, plan, invariants=("order_steps_legal",))
    assert load_scenario(file).model_copy(update={"name": wanted.name, "title": wanted.title}) == wanted


def test_a_mix_of_operations_is_written_so_that_it_is_read_again(tmp_path):
    """Operations have dots in their names: in a file they stand in quotes."""
    shop = tmp_path / "shop.toml"
    shop.write_text(
        """
        schema_version = 1
        name = "shop"
        horizon_s = 60
        [[load]]
        name = "readers"
        mix = { "product.get" = 2, "product.list" = 1 }
        arrivals = { process = "constant", rate_per_s = 2 }
        """,
        encoding="utf-8",
    )
    base = load_scenario(shop)
    plan = Plan(seed=1, classes=("readers",), factor=0.5, heal_s=40.0, within_s=20.0)
    file = write_found(Finding(Violation("events_not_lost", "x", {}), 0, plan), base, shop, base, tmp_path / "found")
    assert load_scenario(file).load[0].mix == {"product.get": 2.0, "product.list": 1.0}


def test_a_trial_in_memory_is_the_run_on_the_disk(base, tmp_path):
    """The same records, so the same digest; and the same violations."""
    scenario = realise(base, plan_of(base, heal_s=10.0, within_s=5.0))
    result = run(scenario, data=tmp_path)
    assert digest_of_run(scenario) == result.digest
    broken = {row["name"] for row in result.invariants if not row["held"]}
    assert {one.invariant for one in attempt(scenario)} == broken


def test_a_story_leads_to_the_violation(base):
    """Of an order that was paid and cancelled: both requests, the money, the steps, and nothing of other orders."""
    scenario = realise(base, plan_of(base, heal_s=10.0, within_s=5.0), invariants=(KEPT[0],))
    (story,) = replay(scenario)
    order = story.violation.row["order"]
    kinds = [record.kind for record in story.records]
    assert story.violation.key == KEPT
    assert kinds.index("payment.charged") < kinds.index("order.left")
    assert {"payers", "cancellers"} <= {record.site for record in story.records if record.kind == "request.sent"}
    assert {record.detail for record in story.records if record.kind == "order.changed"} == {order}
    assert [record.at_s for record in story.records] == sorted(record.at_s for record in story.records)
    assert any("the provider takes" in line[3] for line in story.lines())


def test_a_story_tells_what_befell_the_tenant():
    """Of one that was served though suspended: its suspension, before the request that shows it; of no other tenant."""

    def rec(at_s, kind, **columns):
        return Record(**dict.fromkeys(Record._fields) | {"at_s": at_s, "kind": kind, **columns})

    rows = [
        rec(1.0, "tenant.standing", tenant="acme", correlation=7, outcome="suspended"),
        rec(1.5, "tenant.standing", tenant="globex", correlation=8, outcome="suspended"),
        rec(9.0, "request.sent", tenant="acme", correlation=9, site="web", value=1.0, detail="product.list"),
        rec(9.1, "request.finished", tenant="acme", correlation=9, site="web", status=200, begin_s=9.0),
    ]
    broken = Violation("suspended_tenants_refused", "served", {"tenant": "acme", "correlation": 9, "seq": 3})
    assert [words for _, _, _, words in story_of(broken, rows).lines()] == [
        "*** tenant acme is suspended from now on",
        "web of acme asks for product.list, attempt 1",
        "web is answered 200 after 0.100 s",
    ]


def test_judging_looks_at_captured_kinds_only(base):
    """A promise whose records were not captured is not judged, and so not broken."""
    scenario = realise(base, plan_of(base, heal_s=10.0, within_s=5.0))
    _, violations = judged(scenario, frozenset({"request.finished", "request.in_flight"}))
    assert violations == []


@pytest.mark.parametrize("kind", fault_kinds())
def test_every_kind_of_fault_has_a_name_and_a_model(kind):
    """The registry of kinds is the union that scenario files know."""
    assert fault_kinds()[kind].model_fields["kind"]
