"""nbgrader's commands in warm processes: output, folder, environment, failures and time limits."""

import time

import pytest

from course.nbgrader_commands import Command, must_run, run_all

pytestmark = pytest.mark.slow


def command(folder, *arguments, config="", **options):
    """Make a command that runs in a new folder with the given configuration."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(config)
    return Command(arguments, folder / "logs" / "log", folder, **options)


def good(folder):
    return command(folder, "--version")


def bad(folder):
    return command(folder, "fetch_assignment", "nothing", f"--Exchange.root={folder / 'nowhere'}")


def test_output_goes_to_the_log_and_the_exit_code_is_nbgraders(tmp_path):
    commands = [good(tmp_path / "good"), bad(tmp_path / "bad")]
    codes = {done.folder.name: code for done, code in run_all(commands)}
    assert codes == {"good": 0, "bad": 1}
    assert "nbgrader version" in commands[0].log.read_text()


def test_a_command_runs_in_its_folder_with_its_environment(tmp_path):
    config = "import os; print(os.getcwd(), os.environ['MINE'], os.environ.get('PYTHONPATH'))"
    one = command(tmp_path / "one", "db", config=config, environment={"MINE": "is here"})
    list(run_all([one]))
    assert f"{tmp_path / 'one'} is here None" in one.log.read_text()


def test_a_command_that_takes_too_long_is_killed_and_others_run(tmp_path):
    slow = command(tmp_path / "slow", "list", config="import time\ntime.sleep(900)\n", timeout=0.5)
    begin = time.monotonic()
    codes = {
        done.folder.name: code
        for done, code in run_all([slow, good(tmp_path / "good"), good(tmp_path / "next")])
    }
    assert codes.pop("slow") < 0
    assert codes == {"good": 0, "next": 0}
    assert time.monotonic() - begin < 600


def test_a_failure_that_must_not_be_is_raised_with_its_log(tmp_path):
    with pytest.raises(RuntimeError, match=r"fetch_assignment nothing .* failed:\n.*Unwritable"):
        must_run(bad(tmp_path / "bad"))
