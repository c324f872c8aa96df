"""The templates of the support code enter; packages that tests can import leave, one for each base of the classes."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SUPPORT = ROOT / "templates/python/support"


@pytest.fixture(scope="session", params=["pydantic", "plain"])
def support(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The support package, laid out as the emitter does."""
    folder = tmp_path_factory.mktemp(request.param)
    package = folder / f"support_{request.param}"
    package.mkdir()
    for file in SUPPORT.glob("*.py"):
        if not file.name.startswith("record_"):
            shutil.copy(file, package)
    shutil.copy(SUPPORT / f"record_{request.param}.py", package / "record.py")
    sys.path.insert(0, str(folder))
    return import_module(package.name)
