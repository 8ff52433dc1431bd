"""The settings: a command reads them once, however many submissions there are."""

import pytest

pytestmark = pytest.mark.slow

NOTE = "from pathlib import Path\nwith Path({!r}).open('a') as log:\n    log.write('read ')\n"


def test_a_command_reads_nbgraders_settings_once(small_class, tmp_path):
    log = tmp_path / "reads"
    small_class.hand_in_many(4)
    small_class.configure(NOTE.format(str(log)))
    assert small_class.grade().returncode == 0
    assert len(small_class.results()) == 4
    assert log.read_text() == "read "
