"""find and replay as a user meets them."""

import json
import subprocess
import sys

COMMAND = [sys.executable, "-m", "rustok_sim"]


def call(*arguments, cwd):
    """Run the command in a directory of its own."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=240, check=False
    )


def test_find_writes_files_that_replay_tells(shop, tmp_path):
    """One JSON object with what was found and met; exit code 1; each file is told as a story, exit code 1 as well."""
    done = call("find", shop, "--runs", 2, "--out", tmp_path / "found", "--json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    printed = json.loads(done.stdout)
    assert printed["runs"] == 2
    assert {"kind", "target", "runs"} == set().union(*printed["coverage"]) or not printed["coverage"]
    assert set().union(*printed["steps"]) <= {"kind", "step", "runs"}
    kept = next(one for one in printed["findings"] if one["invariant"] == "cancelled_orders_keep_no_money")
    assert kept["faults"] <= 3
    told = call("replay", tmp_path / "found" / "cancelled_orders_keep_no_money_money_kept.toml", cwd=tmp_path)
    assert told.returncode == 1, told.stderr
    assert "asks for order.pay" in told.stdout
    assert "Traceback" not in told.stderr


def test_replay_of_what_holds_says_so(shop, tmp_path):
    """Without a promise to keep, nothing is broken."""
    told = call("replay", shop, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "nothing is broken" in told.stdout


def test_a_file_that_is_wrong_is_told_with_its_place(tmp_path):
    """As any command does it: no traceback, exit code 2."""
    file = tmp_path / "wrong.toml"
    file.write_text('schema_version = 1\nname = "x"\nhorizon_s = -1\n', encoding="utf-8")
    done = call("find", file, "--runs", 1, cwd=tmp_path)
    assert done.returncode == 2
    assert "wrong.toml:3:13" in done.stderr
    assert "Traceback" not in done.stderr
