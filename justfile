# The commands of a working day. `just` lists them; `just install` first.

python := ".venv/bin/python"
bin := ".venv/bin"

# list the recipes
help:
    @just --list --unsorted

# make .venv from requirements.lock and install the project into it
install:
    test -x {{ python }} || python3 -m venv .venv
    {{ python }} -m pip install -q --require-hashes -r requirements.lock
    {{ python }} -m pip install -q --no-deps --no-build-isolation -e .

# run the tests that are quick and need nothing from outside
test *args:
    {{ python }} -m pytest -q -n auto {{ args }}

# run the tests again whenever a file changes
watch *args:
    {{ bin }}/watchfiles "{{ python }} -m pytest -q -x {{ args }}" rustok_sim tests scenarios

# lint and check the format, the layers and the notebooks
lint:
    {{ bin }}/ruff check .
    {{ bin }}/ruff format --check .
    {{ bin }}/lint-imports
    {{ bin }}/nbstripout --keep-count --extra-keys "metadata.language_info metadata.widgets cell.metadata.execution" --verify notebooks/*.ipynb

# put files into shape: format, sort imports, strip notebooks
format:
    {{ bin }}/ruff check --fix .
    {{ bin }}/ruff format .
    {{ bin }}/nbstripout --keep-count --extra-keys "metadata.language_info metadata.widgets cell.metadata.execution" notebooks/*.ipynb

# check types: mypy on the package, mypy and pyright on what must be refused
types:
    {{ bin }}/mypy
    {{ python }} -m pytest -q tests/types

# measure branch coverage of the package
coverage:
    {{ python }} -m pytest -q -n auto --cov --cov-report=term tests

# the long forms: searches, every quick study, kills at random moments
long *args:
    {{ python }} -m pytest -q -m long {{ args }}

# compare the engine with bare SimPy
bench *args:
    {{ python }} -m bench.stations {{ args }}

# run every notebook
notebooks:
    {{ python }} -m pytest -q --nbval-lax --nbval-current-env notebooks

# open JupyterLab on notebooks/
lab:
    {{ bin }}/rustok-sim lab

# simulate a minute without Redis and write the report
demo:
    {{ bin }}/rustok-sim demo

# write the schemas of scenario and study files anew
schema:
    {{ bin }}/rustok-sim schema > scenarios/_schema.json
    {{ bin }}/rustok-sim schema --study > scenarios/studies/_schema.json

# Extras stay in: without them pip takes the newest release for `coverage[toml]` first, finds it unpinned and gives up.
# resolve the dependencies anew; --upgrade takes newer versions
lock *args:
    {{ bin }}/uv pip compile pyproject.toml --all-extras --group dev --python-version 3.11 --universal --fork-strategy fewest --generate-hashes --no-strip-extras --no-emit-index-url --no-header --no-annotate {{ args }} -o requirements.lock -q

# run what CI runs
ci:
    bash .ci/run
