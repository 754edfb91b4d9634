"""Reads the settings of a run from a file; errors name the line."""

from __future__ import annotations

from core.settings.config import RunConfig
from core.settings.data_source import READY_SETS
from core.settings.kind import KIND_KEY
from core.toml_files.toml_file import TomlFile
from core.toml_files.toml_reader import RUN_KEYS, TomlReader


def settings_in(file: TomlFile, table: str | None = None) -> RunConfig:
    """Return the settings that a file holds, or one of its tables; a missing one has its default.

    Raises
    ------
    TomlFileError
        If a setting is unknown, of the wrong type, or out of range.
    """
    root = () if table is None else (table,)
    values = file.values if table is None else file.values[table]
    reader = TomlReader(file.path, file.text, root)
    reader.check_kind(values, "settings")
    reader.check_keys(values, (KIND_KEY, "dataset", *RUN_KEYS), (), "A run")
    dataset = RunConfig.dataset
    if "dataset" in values:
        if isinstance(values["dataset"], dict):
            dataset = reader.own_data(values["dataset"])
        else:
            dataset = reader.choice(values, "dataset", READY_SETS)
    return reader.run_config(values, (), dataset)
