"""``python -m rolegraph``."""

from rolegraph.cli import run

run()
