"""Builds pods as Zero to JupyterHub would, and checks them against Kubernetes' schema.

The Hub's Python runs it: `python pods.py KUBERNETES_VERSION NAME... < values.json`. The values are
those of hub/kubernetes/values.yaml with those of a class. Prints what the Hub prints when it
starts, and the pods as JSON in the last line.

The chart itself is in no package registry. Its file jupyterhub_config.py hands these values to
KubeSpawner under these names (Zero to JupyterHub's configuration reference, "singleuser").
"""

import asyncio
import json
import sys
from types import ModuleType, SimpleNamespace

import kubernetes_validate
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner
from traitlets.config import Config

HANDED_ON = {
    "allowPrivilegeEscalation": "allow_privilege_escalation",
    "cmd": "cmd",
    "defaultUrl": "default_url",
    "extraEnv": "environment",
    "fsGid": "fs_gid",
}
LIMITS = {("cpu", "limit"), ("cpu", "guarantee"), ("memory", "limit"), ("memory", "guarantee")}


def at(values, path):
    """Find a value by its keys, with points between them."""
    for key in path.split("."):
        values = values[key]
    return values


def configure(values):
    """Make the Hub's settings of the values, with the snippets of Python among them."""
    c, singleuser = Config(), values["singleuser"]
    for part, settings in values["hub"]["config"].items():
        c[part].update(settings)
    for key, trait in HANDED_ON.items():
        c.KubeSpawner[trait] = singleuser[key]
    for what, bound in LIMITS:
        c.KubeSpawner[f"{what.replace('memory', 'mem')}_{bound}"] = singleuser[what][bound]
    c.KubeSpawner.image = "{name}:{tag}".format(**singleuser["image"])
    storage = singleuser["storage"]
    home = {"name": "home", "persistentVolumeClaim": {"claimName": "claim-{username}"}}
    files = {"name": "files", "secret": {"secretName": "singleuser"}}
    c.KubeSpawner.volumes = [home, files, *storage["extraVolumes"]]
    c.KubeSpawner.volume_mounts = [
        {"name": "home", "mountPath": storage["homeMountPath"]},
        *(
            {"name": "files", "mountPath": file["mountPath"], "subPath": key}
            for key, file in singleuser["extraFiles"].items()
        ),
        *storage["extraVolumeMounts"],
    ]
    z2jh = ModuleType("z2jh")
    z2jh.get_config = lambda path: at(values, path)
    sys.modules["z2jh"] = z2jh
    for _, snippet in sorted(values["hub"]["extraConfig"].items()):
        exec(snippet, {"c": c})
    return c


async def pod(config, name):
    """Build the pod of a person's server."""
    user = SimpleNamespace(name=name, id=1, url=f"/user/{name}/", escaped_name=name)
    hub = SimpleNamespace(public_host="", server=None, base_url="/hub/", api_url="http://hub/api")
    spawner = KubeSpawner(config=config, _mock=True, user=user, hub=hub, api_token="")
    spawner.pre_spawn_hook(spawner)
    return ApiClient().sanitize_for_serialization(await spawner.get_pod_manifest())


async def main(version, *names):
    """Print the pods of some people."""
    config = configure(json.load(sys.stdin))
    pods = {name: await pod(config, name) for name in names}
    for manifest in pods.values():
        kubernetes_validate.validate(manifest, version, strict=True)
    print(json.dumps(pods))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
