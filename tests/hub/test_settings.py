"""The settings of the Hub, and what refuses them."""

import pytest

from hub import HubError
from hub.accounts import read_list
from hub.settings import read_settings


def test_the_default_is_reached_from_this_machine_alone():
    settings = read_settings({})
    assert (settings.address, settings.tls, settings.learners) == ("127.0.0.1", None, None)
    assert settings.memory == 2**30


def test_tls_takes_two_settings_and_lets_others_reach_the_hub(tmp_path):
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    key.touch()
    certificate.touch()
    variables = {"HUB_TLS_KEY": str(key), "HUB_TLS_CERTIFICATE": str(certificate)}
    assert read_settings({**variables, "HUB_ADDRESS": "0.0.0.0"}).tls == (key, certificate)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"HUB_ADDRESS": "0.0.0.0"}, "need TLS"),
        ({"HUB_ADDRESS": "here"}, "address such as"),
        ({"HUB_TLS_KEY": __file__}, "both"),
        ({"HUB_TLS_KEY": __file__, "HUB_TLS_CERTIFICATE": "/no/file"}, "no such file"),
        ({"HUB_LEARNERS": "/no/file"}, "no such file"),
        ({"HUB_MEMORY": "1.5G"}, "800M"),
        ({"HUB_MEMORY": "0G"}, "800M"),
        ({"HUB_PROCESSORS": "0"}, "whole number"),
        ({"HUB_PORT": "65534"}, "whole number"),
        ({"HUB_IDLE_SECONDS": "²"}, "whole number"),
    ],
)
def test_a_setting_that_cannot_be_says_what_to_do(variables, message):
    with pytest.raises(HubError, match=message):
        read_settings(variables)


@pytest.mark.parametrize("name", ["", "Ada", "ada lovelace", "../ada", "-r", "1ada", "a" * 33])
def test_a_learner_whose_id_is_no_account_is_named_with_the_line(tmp_path, name):
    path = tmp_path / "learners.csv"
    path.write_text(f"id,first_name\nada,Ada\n{name},Bob\n")
    with pytest.raises(HubError, match="line 3"):
        read_list(path)


def test_a_list_is_that_which_nbgrader_imports(tmp_path):
    path = tmp_path / "learners.csv"
    path.write_text("\ufefflast_name,id\nLovelace,ada\nHopper,grace\n", "utf-8")
    assert read_list(path) == ["ada", "grace"]
    path.write_text("name\nada\n")
    with pytest.raises(HubError, match="no column id"):
        read_list(path)
