"""The dashboard in a notebook: it watches and changes nothing, and replays when the run is over."""

import nbformat
import pytest
from nbclient import NotebookClient

import rustok_sim as rs
from rustok_sim.capture import query
from rustok_sim.dashboard.watching import replay

CHANGES = {"horizon_s": 30, "warmup_s": 0, "faults.0.at_s": 10, "faults.0.duration_s": 5, "expect": []}


@pytest.fixture(scope="module")
def scenario(root):
    """Half a minute of which Redis is gone for five seconds."""
    return rs.load_scenario(root / "scenarios/redis_outage.toml", overrides=CHANGES)


def test_whoever_watches_sees_the_records_so_far_and_changes_none(scenario, tmp_path):
    """Looked at now and then: the records are the first ones of the finished run, and its digest is the same."""
    seen = []

    def observe(share, events):
        if round(share * 1000) % 250 == 1:
            connection = events()
            frame = query(connection, "select seq, at_s, kind from events order by seq")
            connection.close()
            seen.append((share, frame))

    watched = rs.run(scenario, data=tmp_path, observe=observe)
    assert watched.digest == rs.run(scenario, data=tmp_path).digest
    whole = watched.sql("select seq, at_s, kind from events order by seq")
    assert [round(share, 3) for share, _ in seen] == [0.001, 0.251, 0.501, 0.751]
    assert 0 < seen[1][1].height < seen[2][1].height < seen[3][1].height < whole.height
    for share, frame in seen:
        assert frame.equals(whole.head(frame.height))
        assert whole[frame.height, "at_s"] >= share * 30


def test_records_that_have_gone_to_the_disk_are_seen_too(tmp_path):
    """Blocks of ten: of 25 records two blocks are files, and five are not."""
    from rustok_sim.capture import EventLog

    log = EventLog(tmp_path, block_rows=10)
    for number in range(25):
        log.append((float(number), "cache.hit", *[None] * 11))
        if number in {9, 19}:
            log.open().close()
    connection = log.open()
    assert query(connection, "select seq, at_s from events order by seq").rows() == [(i, float(i)) for i in range(25)]
    connection.close()
    log.finish()
    unwatched = EventLog(tmp_path)
    for number in range(25):
        unwatched.append((float(number), "cache.hit", *[None] * 11))
    unwatched.finish()
    assert log.digest == unwatched.digest


def texts(widget):
    """All that the HTML below a widget says."""
    own = getattr(widget, "value", "")
    return (own if isinstance(own, str) else "") + "".join(texts(child) for child in getattr(widget, "children", ()))


def test_a_live_run_is_the_run_and_is_drawn_now_and_then(scenario, tmp_path, monkeypatch):
    """Every twelve of thirty seconds: twice while it goes on, once when it is over; the digest is that of any run."""
    from rustok_sim.dashboard import watching

    said = []
    show = watching.Display.show

    def told(self, board, text):
        said.append((text, board.clock.known))
        show(self, board, text)

    monkeypatch.setattr(watching.Display, "show", told)
    run = rs.live(scenario, every_s=12, data=tmp_path)
    assert [text for text, _ in said] == ["12 of 30 s simulated", "24 of 30 s simulated", "over"]
    assert [known for _, known in said] == sorted(known for _, known in said)
    assert run.digest == rs.run(scenario, data=tmp_path).digest


def test_the_slider_replays(outage, outage_board):
    """It stands at the end; moved to the outage, cursors, faults and values are those of that moment."""
    widget = replay(outage)
    parts = [part for box in widget.children for part in getattr(box, "children", ())]
    [slider] = [part for part in parts if type(part).__name__ == "IntSlider"]
    assert slider.value == slider.max == outage_board.clock.buckets - 1
    assert "no fault at work" in texts(widget)
    slider.value = outage_board.clock.place(25.0)
    text = texts(widget)
    assert "<b>25 to 25.5 s</b> outage of redis" in text
    assert "--share: 0.42083" in text
    assert "<b>open</b>" not in text
    [breakers] = [panel for panel in outage_board.panels if panel.key == "breakers"]
    opened_s = min(span.begin_s for strip in breakers.strips for span in strip.spans if span.state == "open")
    slider.value = outage_board.clock.place(opened_s) + 1
    assert "<b>open</b>" in texts(widget)


@pytest.mark.parametrize("every_s", [0, -1.0, float("nan")])
def test_a_step_of_no_time_is_refused(scenario, every_s):
    """Before anything is run."""
    with pytest.raises(ValueError, match="every_s must be above 0"):
        rs.live(scenario, every_s=every_s)


def test_a_run_that_is_stopped_says_that_nothing_was_kept(scenario, tmp_path, monkeypatch):
    """An interrupt reaches whoever asked, and the board says so."""
    from rustok_sim.dashboard import watching

    def stop(*_arguments, **_options):
        raise KeyboardInterrupt

    said = []
    monkeypatch.setattr(watching, "gather", stop)
    monkeypatch.setattr(watching.Display, "say", lambda self, text: said.append(text))
    with pytest.raises(KeyboardInterrupt):
        rs.live(scenario, every_s=10, data=tmp_path)
    assert said == ["The run was stopped: nothing of it was kept."]
    assert list(tmp_path.iterdir()) == []


def test_in_a_kernel_the_widget_is_there_and_the_run_comes_back(root, tmp_path):
    """A real kernel: the cell shows one widget, whose panels are there when it is over, and gives back the run."""
    code = f"""
import rustok_sim as rs
run = rs.live({str(root / "scenarios/redis_outage.toml")!r}, set={CHANGES!r}, every_s=10, data={str(tmp_path)!r})
print(run.digest)
"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(root)}}).execute()
    outputs = notebook.cells[0].outputs
    [widget] = [output for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})]
    [text] = [output["text"] for output in outputs if output.output_type == "stream" and output.name == "stdout"]
    assert len(text.strip()) == 64
    states = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    shown = "".join(str(state["state"].get("value", "")) for state in states.values())
    assert shown.count('class="rd-plot"') >= 6
    assert any(state["model_name"] == "IntSliderModel" for state in states.values())
    assert widget.data["application/vnd.jupyter.widget-view+json"]["model_id"] in states
