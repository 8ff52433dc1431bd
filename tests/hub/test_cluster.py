"""What is prepared for a class on a cluster: values, pods, the exchange, the image."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from course import COURSE
from evidence.hub.running import ENVIRONMENT, install
from hub import HubError
from hub.cluster import FIRST, account_number, class_values, passwd
from hub.exchange import COURSE_FOLDERS
from hub.settings import read_settings
from tests.course.leaks import given_away

KUBERNETES = COURSE / "hub" / "kubernetes"
VALUES = yaml.safe_load((KUBERNETES / "values.yaml").read_text("utf-8"))
EXCHANGE = list(yaml.safe_load_all((KUBERNETES / "exchange.yaml").read_text("utf-8")))
PAGE = (COURSE / "book" / "hub.md").read_text("utf-8")
VERSION = "1.32"
"""Of Kubernetes: the oldest that the chart takes."""


def merged(one, other):
    """Merge two files of values, as Helm does: mappings by their keys, all else replaced."""
    both = one | other
    for key in one.keys() & other.keys():
        if isinstance(one[key], dict) and isinstance(other[key], dict):
            both[key] = merged(one[key], other[key])
    return both


NO_CLUSTER = {
    "current-context": "none",
    "contexts": [{"name": "none", "context": {"cluster": "none", "user": "none"}}],
    "clusters": [{"name": "none", "cluster": {"server": "http://127.0.0.1:9"}}],
    "users": [{"name": "none", "user": {}}],
}
"""KubeSpawner reads where its cluster is before it builds a pod. It asks none for that."""


def run_with_values(folder, script, *arguments):
    """Have the Hub's Python run a script with the values of a class; return the lines it prints.

    folder: of the Hub's passwords.
    """
    where = folder / "config"
    where.write_text(json.dumps(NO_CLUSTER))
    values = merged(VALUES, class_values(["ada", "bob"], "instructor"))
    here = {"FirstUseAuthenticator": {"dbm_path": str(folder / "passwords.dbm")}}
    values = merged(values, {"hub": {"config": here}})
    ran = subprocess.run(
        [ENVIRONMENT / "bin" / "python", COURSE / "tests" / "hub" / script, *arguments],
        input=json.dumps(values),
        env=os.environ | {"KUBECONFIG": str(where)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The pods of an instructor and of two learners."""
    install()
    folder = tmp_path_factory.mktemp("cluster")
    *_, pods = run_with_values(folder, "pods.py", VERSION, "instructor", "ada", "bob")
    return json.loads(pods)


@pytest.mark.slow
@pytest.mark.hub
def test_the_hub_draws_the_first_password_of_the_instructor_once(tmp_path):
    install()
    *lines, let_in = run_with_values(tmp_path, "signing_in.py", "instructor:of who comes first")
    assert json.loads(let_in) == [None]
    words, _, password = lines[0].rpartition(" ")
    assert words == "instructor signs in with the password"
    attempts = f"instructor:{password}", "ada:her first", "ada:another", "eve:of nobody"
    (let_in,) = run_with_values(tmp_path, "signing_in.py", *attempts)
    assert json.loads(let_in) == ["instructor", "ada", None, None]


@pytest.mark.slow
@pytest.mark.hub
def test_the_page_says_how_the_hub_of_one_machine_draws_another_password(tmp_path):
    install()
    (forget,) = re.findall(r"/bin/python -c '\n(.*?)\n'$", PAGE, re.MULTILINE | re.DOTALL)
    folder = str(read_settings({}).state)
    assert f'"{folder}/passwords"' in forget
    draw = (
        "from pathlib import Path; from hub.passwords import first_password\n"
        f"print(first_password(Path('{tmp_path}/passwords'), 'instructor'))"
    )

    def printed(code):
        command = [ENVIRONMENT / "bin" / "python", "-c", code]
        ran = subprocess.run(command, cwd=COURSE, capture_output=True, text=True, check=True)
        return ran.stdout.strip()

    first, none = printed(draw), printed(draw)
    assert none == "None"
    printed(forget.replace(folder, str(tmp_path)))
    assert printed(draw) not in ("None", first)


@pytest.mark.slow
@pytest.mark.hub
def test_the_page_says_how_to_set_another_password(tmp_path):
    install()
    (code,) = re.findall(r" python3 -c '\n(.*?)\n'$", PAGE, re.MULTILINE | re.DOTALL)
    path = VALUES["hub"]["config"]["FirstUseAuthenticator"]["dbm_path"]
    assert path in code
    run_with_values(tmp_path, "signing_in.py")
    subprocess.run(
        [ENVIRONMENT / "bin" / "python", "-c", code.replace(path, str(tmp_path / Path(path).name))],
        input="another one\n",
        text=True,
        check=True,
        start_new_session=True,  # without a terminal, which the password would be read from
    )
    (let_in,) = run_with_values(tmp_path, "signing_in.py", "instructor:another one")
    assert json.loads(let_in) == ["instructor"]


@pytest.mark.slow
@pytest.mark.hub
def test_each_server_runs_as_its_own_person(built):
    assert len(set(map(account_number, built))) == 3
    for name, pod in built.items():
        (container,) = pod["spec"]["containers"]
        assert container["securityContext"] == {
            "runAsUser": account_number(name),
            "runAsGroup": 100,
            "allowPrivilegeEscalation": False,
        }
        assert container["resources"]["limits"] == {"cpu": 1.0, "memory": 2**30}
        assert pod["spec"]["automountServiceAccountToken"] is False
        places = [mount["mountPath"] for mount in container["volumeMounts"]]
        assert places == ["/home/jovyan", "/etc/passwd", "/srv/lstm-hub/exchange"]


@pytest.mark.slow
@pytest.mark.hub
def test_only_the_instructor_has_the_settings_of_the_course(built):
    folders = {
        name: {each["name"]: each.get("value") for each in pod["spec"]["containers"][0]["env"]}
        for name, pod in built.items()
    }
    assert folders["instructor"]["JUPYTER_CONFIG_PATH"] == "/home/jovyan/course"
    for name in ("ada", "bob"):
        assert folders[name]["JUPYTER_CONFIG_PATH"] == "/srv/lstm-hub/share/learners"
        assert "COURSE_CLASS" not in folders[name]


@pytest.mark.slow
@pytest.mark.hub
def test_the_exchange_is_what_kubernetes_takes():
    install()
    check = "import json, sys, kubernetes_validate as k\n"
    check += f"[k.validate(each, '{VERSION}', strict=True) for each in json.load(sys.stdin)]"
    command = [ENVIRONMENT / "bin" / "python", "-c", check]
    for manifests, code in ((EXCHANGE, 0), ([EXCHANGE[0] | {"sepc": {}}], 1)):
        ran = subprocess.run(command, input=json.dumps(manifests), capture_output=True, text=True)
        assert ran.returncode == code, ran.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: the exchange's folders; it needs root")
def test_the_job_makes_the_folders_that_a_hub_on_one_machine_has(tmp_path):
    (container,) = EXCHANGE[2]["spec"]["template"]["spec"]["containers"]
    variables = {each["name"]: each["value"] for each in container["env"]}
    assert variables["INSTRUCTOR"] == str(account_number("instructor"))
    variables |= {"EXCHANGE": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run([*container["command"], *container["args"]], env=variables, check=True)
    course = tmp_path / "nbgrader" / "lstm"
    modes = {name: stat.S_IMODE((course / name).stat().st_mode) for name in COURSE_FOLDERS}
    assert modes == COURSE_FOLDERS
    assert {(course / name).stat().st_uid for name in modes} == {account_number("instructor")}
    assert stat.S_IMODE(course.parent.stat().st_mode) == 0o1777
    assert {path.name for path in course.iterdir()} == COURSE_FOLDERS.keys() - {""}


def test_values_share_names_with_the_other_manifests():
    (volume,) = VALUES["singleuser"]["storage"]["extraVolumes"]
    assert volume["persistentVolumeClaim"]["claimName"] == EXCHANGE[1]["metadata"]["name"]
    image = "{name}:{tag}".format(**VALUES["singleuser"]["image"])
    (container,) = EXCHANGE[2]["spec"]["template"]["spec"]["containers"]
    assert container["image"] == image
    assert image in (KUBERNETES / "Dockerfile").read_text("utf-8")


def copied():
    """List the files that the image copies from the course."""
    text = (KUBERNETES / "Dockerfile").read_text("utf-8")
    ignored = (KUBERNETES / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    sources = [line.split()[1].rstrip("/") for line in re.findall(r"^COPY .*", text, re.M)]
    assert {f"!{each}" for each in sources} == {each for each in ignored if each[0] == "!"}
    for source in map(COURSE.joinpath, sources):
        assert source.exists(), source
        yield from [source] if source.is_file() else filter(os.path.isfile, source.rglob("*"))


@pytest.mark.slow
def test_the_image_holds_no_solution():
    files = [path for path in copied() if "__pycache__" not in path.parts]
    assert len(files) > 20
    for path in files:
        assert given_away(path.read_bytes().decode("utf-8", "replace")) == [], path


def test_a_number_depends_on_the_name_alone():
    before = class_values(["ada", "bob"], "instructor")["custom"]["accounts"]
    after = class_values(["zoe", "bob"], "instructor")["custom"]["accounts"]
    assert before["bob"] == after["bob"] and min(before.values()) >= FIRST


def test_two_people_never_share_a_number():
    with pytest.raises(HubError, match="ada and ada would share"):
        class_values(["ada", "ada"], "instructor")
    with pytest.raises(HubError, match="instructor and instructor"):
        class_values(["instructor"], "instructor")


def test_a_pod_looks_up_the_names_of_accounts():
    root, ada = passwd({"ada": 123_456}).splitlines()
    assert root.startswith("root:x:0:0:")
    assert ada.split(":") == ["ada", "x", "123456", "100", "", "/home/jovyan", "/bin/bash"]


def test_the_command_prints_what_helm_reads(tmp_path):
    learners = tmp_path / "learners.csv"
    learners.write_text("id\nada\n")
    command = [sys.executable, "-m", "hub", "values"]
    variables = os.environ | {"HUB_LEARNERS": str(learners)}
    ran = subprocess.run(command, cwd=COURSE, env=variables, capture_output=True, text=True)
    assert yaml.safe_load(ran.stdout) == class_values(["ada"], "instructor")
    ran = subprocess.run(command, cwd=COURSE, capture_output=True, text=True)
    assert ran.returncode == 1 and ran.stderr.startswith("HUB_LEARNERS is not set.")
