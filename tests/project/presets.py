"""Checks that quickstart's spelled-out commands set what the presets set.

usage: presets.py ROOT
"""

import json
import sys
from pathlib import Path

import source_tree


def settings(presets, name):
    """Returns the cache variables of a configure preset with those it inherits."""
    preset = presets[name]
    inherited = settings(presets, preset["inherits"]) if "inherits" in preset else {}
    return inherited | preset.get("cacheVariables", {})


def problems(root):
    presets = json.loads((Path(root) / "CMakePresets.json").read_text(encoding="utf-8"))
    presets = {preset["name"]: preset for preset in presets["configurePresets"]}
    text = (Path(root) / "quickstart").read_text(encoding="utf-8").replace("\\\n", " ")
    commands = {name: line for line in text.splitlines() for name in ("demo", "dev") if f"-B build/{name}" in line}
    return [f"quickstart:1: lacks -D{key}={value} of preset {name}"
            for name in ("demo", "dev") for key, value in settings(presets, name).items()
            if f"-D{key}={value}" not in commands.get(name, "")]


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1])))
