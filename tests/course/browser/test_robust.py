"""The assignments in a browser tab where something fails: work is kept, and a sentence helps."""

import json
import re

import pytest
from playwright.sync_api import expect

from course.curriculum import ASSIGNMENTS
from evidence.browser import CHROMIUM, FLAGS, broken_images, watch
from evidence.check_cells import functions, solution
from tests.course.browser.faults import FAULTS, faulty_server
from tests.course.browser.learner import PATIENCE, Learner
from tests.course.built_book import PAGES, build_book
from tests.lanes import long_but_some

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("robust")]

NAME = "rnn-cell"
FIRST, SECOND, *_ = functions(NAME)
SAVE_AFTER = 400  # ms after the last key: page.mjs
PREFIX = "lstm-gate-by-gate/1/"
ENDLESS = "while True:\n    pass"
SAVE_NOTHING_YET = f"""() => {{
    const later = window.setTimeout;
    window.setTimeout = (act, time, ...rest) =>
        time === {SAVE_AFTER} ? 0 : later(act, time, ...rest);
}}"""
LOADED = [
    *("pyodide/pyodide.js", "pyodide/pyodide.asm.js", "pyodide/pyodide.asm.wasm"),
    *("pyodide/python_stdlib.zip", "pyodide/numpy.zip", "pyodide/pyodide-lock.json", "course.zip"),
    *(f"records/{NAME}{end}" for end in (".json", ".bin", "-graded.json")),
]


@pytest.fixture
def server():
    with faulty_server(build_book()) as server:
        yield server


@pytest.fixture
def context(browser):
    context = browser.new_context(accept_downloads=True)
    yield context
    context.close()


def bar(page):
    return page.locator(".tab-bar [role=status]")


def notices(page):
    return page.locator(".tab-trouble, .tab-notices")


def kept(page):
    """The work that the browser keeps, by its key."""
    texts = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    return {key: json.loads(text) for key, text in texts.items() if key.startswith(PREFIX)}


def choose(learner, name, path):
    """Press a button that asks for a file, and choose one."""
    with learner.page.expect_file_chooser() as chooser:
        learner.press(name)
    chooser.value.set_files(path)


# Private: nothing but this site's files


def test_a_visit_asks_this_site_alone_and_leaves_only_work_behind(server, context):
    log = watch(context)
    learner = Learner(context.new_page(), server.address, NAME)
    learner.write(FIRST, solution(NAME, FIRST))
    learner.check(FIRST, "agrees")
    assert log.elsewhere(server.address) == [] and log.errors == []
    assert context.cookies() == [] and context.service_workers == []
    registered = "async () => (await navigator.serviceWorker.getRegistrations()).length"
    assert learner.page.evaluate(registered) == 0
    assert not any({"Cookie", "Authorization"} & set(headers) for _, headers in server.requests)
    stored = set(learner.page.evaluate("Object.keys(localStorage)"))
    assert {key for key in stored if not key.startswith(PREFIX)} <= {"mode", "theme"}
    assert learner.page.evaluate("async () => (await indexedDB.databases()).length") == 0
    assert learner.page.evaluate("async () => (await caches.keys()).length") == 0


@pytest.mark.parametrize("page", [f"do/{NAME}", "lstm", "intro"])
def test_nothing_of_python_is_loaded_before_the_reader_begins(server, context, page):
    opened = context.new_page()
    opened.goto(f"{server.address}/{page}.html", wait_until="networkidle")
    python = re.compile(r"/tab/(pyodide/|records/|course\.zip|worker\.js)")
    asked = [path for path, _ in server.requests]
    assert any("/tab/tab.js" in path for path in asked)
    assert [path for path in asked if python.search(path)] == []


def test_writing_starts_python(server, context):
    learner = Learner(context.new_page(), server.address, NAME)
    learner.write(FIRST, "x = 1")
    expect(learner.state).to_have_text("Python is ready.", timeout=PATIENCE)


# Served from anywhere


def test_a_site_in_a_subfolder_works(context, tmp_path):
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / "rnn").symlink_to(build_book())
    with faulty_server(tmp_path) as server:
        log = watch(context)
        learner = Learner(context.new_page(), f"{server.address}/courses/rnn", NAME)
        learner.write(FIRST, solution(NAME, FIRST))
        assert learner.check(FIRST, "agrees")
        assert log.errors == []
        assert all(path.startswith("/courses/rnn/") for path, _ in server.requests)


def test_a_server_that_knows_few_media_types_will_do(server, context):
    server.types |= dict.fromkeys([".wasm", ".mjs", ".json", ".zip", ".bin"], "text/plain")
    learner = Learner(context.new_page(), server.address, NAME)
    learner.write(FIRST, solution(NAME, FIRST))
    assert learner.check(FIRST, "agrees")


@pytest.mark.parametrize("name", long_but_some(PAGES))
def test_a_chapter_looks_right_from_a_file(context, name):
    log = watch(context)
    page = context.new_page()
    page.goto((build_book() / f"{name}.html").as_uri(), wait_until="networkidle")
    assert log.elsewhere(build_book().as_uri()) == []
    unstyled = "[...document.styleSheets].filter(sheet => sheet.href && sheet.disabled).length"
    assert page.evaluate(unstyled) == 0
    assert (
        page.locator("main article h1").evaluate("node => getComputedStyle(node).fontFamily")
        != "serif"
    )
    assert page.locator(".math:not(:has(math))").count() == 0
    assert broken_images(page) == []


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_an_assignment_that_is_opened_from_a_file_says_what_to_do(context, name):
    page = context.new_page()
    page.goto((build_book() / "do" / f"{name}.html").as_uri(), wait_until="networkidle")
    expect(page.locator(".tab-top")).to_contain_text("http.server --bind 127.0.0.1 8000")
    expect(page.locator(".tab-source").first).to_be_visible()
    assert page.locator(".math:not(:has(math))").count() == 0


# Connections and caches


def test_a_page_works_without_a_connection_after_the_first_visit(server, browser, tmp_path):
    # Chromium's cache in memory has no room for Python; that on a disk has.
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=CHROMIUM, args=FLAGS
    )
    server.lasting = True
    learner = Learner(context.new_page(), server.address, NAME)
    learner.write(FIRST, solution(NAME, FIRST))
    learner.check(FIRST, "agrees")
    server.down = True
    context.set_offline(True)
    again = Learner(context.new_page(), server.address, NAME)
    assert again.text(FIRST) == solution(NAME, FIRST)
    again.write(SECOND, solution(NAME, SECOND))
    assert again.check(SECOND, "agrees")
    context.close()


@pytest.mark.parametrize("path", long_but_some(LOADED, every=5))
def test_a_file_that_does_not_arrive_is_named_and_pressing_again_helps(server, context, path):
    learner = Learner(context.new_page(), server.address, NAME)
    check = learner.cell(f"{FIRST}-check")
    for fault in FAULTS:
        server.faults = {f"/tab/{path}": fault}
        learner.press(f"Check {FIRST}")
        sentence = re.compile(rf"The file {re.escape(path)} .*(try again|Reload the page)", re.S)
        expect(learner.state).to_have_text(sentence, timeout=PATIENCE)
        expect(check.locator(".tab-verdict")).to_have_text(sentence)
        expect(learner.page.locator("main article h1")).to_be_visible()
    server.faults = {}
    learner.write(FIRST, solution(NAME, FIRST))
    assert learner.check(FIRST, "agrees")


def test_matplotlib_that_does_not_arrive_is_named_and_running_again_helps(server, context):
    learner = Learner(context.new_page(), server.address, NAME)
    learner.write(FIRST, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    server.faults = {"matplotlib.zip": "broken off"}
    learner.press("Run", learner.cell(FIRST))
    expect(learner.state).to_contain_text("matplotlib.zip could not be", timeout=PATIENCE)
    server.faults = {}
    expect(learner.run(FIRST).locator("img")).to_have_count(1)


def test_a_worker_that_does_not_arrive_is_explained_and_pressing_again_helps(server, context):
    learner = Learner(context.new_page(), server.address, NAME)
    server.faults = {"/tab/worker.js": "missing"}
    learner.press(f"Check {FIRST}")
    expect(learner.state).to_contain_text("Is there a connection?", timeout=PATIENCE)
    server.faults = {}
    assert "not started" in learner.check(FIRST, "differs")


@pytest.mark.parametrize("fault", FAULTS)
def test_an_assignment_that_does_not_arrive_leaves_the_text_and_says_what_to_do(
    server, context, fault
):
    server.faults = {f"assignments/{NAME}.json": fault}
    page = context.new_page()
    page.goto(f"{server.address}/do/{NAME}.html")
    expect(page.locator(".tab-top")).to_contain_text(re.compile("reload|try again"))
    expect(page.locator(".tab-source").first).to_be_visible()


def test_a_file_of_an_older_release_in_the_cache_is_replaced(server, context):
    server.lasting = True
    server.faults = dict.fromkeys(("/tab/course.zip", f"records/{NAME}.bin"), "other bytes")
    learner = Learner(context.new_page(), server.address, NAME)
    for path in ("course.zip", f"records/{NAME}.bin"):
        learner.page.evaluate(f"async () => (await fetch('../tab/{path}')).arrayBuffer()")
    server.faults = {}
    assert "not started" in learner.check(FIRST, "differs")


# Browsers that lack something

LACKS = {
    "WebAssembly": ("delete globalThis.WebAssembly", "WebAssembly"),
    "workers": ("delete globalThis.Worker", "worker"),
    "modules": ("delete HTMLScriptElement.prototype.noModule", "too old"),
}


@pytest.mark.parametrize("lack", LACKS)
def test_a_browser_that_lacks_something_shows_the_text_and_says_so(server, context, lack):
    script, words = LACKS[lack]
    context.add_init_script(script)
    if lack == "modules":
        server.faults = {"/tab/tab.js": "missing"}  # which such a browser does not run
    page = context.new_page()
    page.goto(f"{server.address}/do/{NAME}.html")
    expect(page.locator(".tab-top")).to_contain_text(words)
    expect(page.locator(".tab-top")).to_contain_text("download the notebook")
    expect(page.locator(".tab-source").first).to_be_visible()
    page.goto(f"{server.address}/lstm.html")
    expect(page.locator("main article h1")).to_be_visible()


NO_STORE = """Object.defineProperty(window, "localStorage", { get() { throw new Error("no"); } })"""
NO_ROOM = (
    """Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError") }"""
)


@pytest.mark.parametrize("script", [NO_STORE, NO_ROOM])
def test_a_browser_that_keeps_nothing_says_so_and_works(visit, script, tmp_path):
    learner = visit(NAME, lambda context: context.add_init_script(script))
    expect(notices(learner.page).first).to_contain_text("keeps nothing")
    learner.write(FIRST, solution(NAME, FIRST))
    learner.check(FIRST, "agrees")
    assert solution(NAME, FIRST).splitlines()[0] in learner.download(tmp_path).read_text()
    learner.page.once("dialog", lambda dialog: dialog.accept())
    learner.press("Start again")
    expect(learner.page.get_by_text("Earlier work (1)")).to_be_visible()
    expect(notices(learner.page).first).to_contain_text("keeps nothing")


def test_a_store_that_becomes_full_says_so_until_there_is_room(visit):
    learner = visit(NAME)
    learner.write(FIRST, "x = 1")
    expect(notices(learner.page).first).to_be_empty()
    page = learner.page
    page.evaluate(
        "localStorage.fill = 'x'.repeat(5 * 2 ** 20 - JSON.stringify(localStorage).length)"
    )
    learner.write(FIRST, "x = 2" + " " * 10**4)
    expect(notices(page).first).to_contain_text("full")
    page.evaluate("delete localStorage.fill")
    learner.write(FIRST, "x = 3")
    expect(notices(page).first).to_be_empty()
    page.reload()
    assert learner.text(FIRST) == "x = 3"


# Work


def old_work(page, **changes):
    """Put work into the store as an older release of the assignment has left it."""
    work = {
        "version": 1,
        "assignment": NAME,
        "release": "older",
        "saved": "2026-01-02T03:04:05.000Z",
        "points": 3,
        "possible": 16,
        "cells": [{"id": FIRST, "source": "x = 'old'"}],
        "results": {},
        "shown": [],
    } | changes
    key = f"{PREFIX}{NAME}/{work['release']}"
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, json.dumps(work)])
    return key, work


def test_work_on_an_older_release_is_offered_and_stays(visit):
    learner = visit(NAME)
    key, work = old_work(learner.page)
    learner.page.reload()
    earlier = learner.page.locator(".tab-earlier")
    expect(earlier).to_contain_text("This assignment has changed since you worked on it.")
    expect(earlier).to_contain_text("3 of 16 points, on an older version")
    assert learner.text(FIRST) != "x = 'old'"
    learner.press("Use this")
    learner.wait_for_text(FIRST, "x = 'old'")
    learner.page.reload()
    assert learner.text(FIRST) == "x = 'old'"
    assert kept(learner.page)[key] == work
    expect(earlier).to_contain_text("Earlier work (1)")


def test_starting_again_asks_and_keeps_what_was_there(visit):
    learner = visit(NAME)
    released = learner.text(FIRST)
    learner.write(FIRST, "x = 1")
    questions = []
    learner.page.once("dialog", lambda it: (questions.append(it.message), it.dismiss()))
    learner.press("Start again")
    assert learner.text(FIRST) == "x = 1"
    learner.page.once("dialog", lambda it: (questions.append(it.message), it.accept()))
    learner.press("Start again")
    expect(learner.page.get_by_text("Earlier work (1)")).to_be_visible()
    assert learner.text(FIRST) == released
    assert len(questions) == 2 and all("kept" in question for question in questions)
    learner.page.reload()
    assert learner.text(FIRST) == released
    assert any("x = 1" in json.dumps(work["cells"]) for work in kept(learner.page).values())


def test_two_tabs_show_the_same_and_lose_nothing(visit):
    one = visit(NAME)
    other = visit(NAME, context=one.context)
    one.write(FIRST, "x = 'one'")
    other.wait_for_text(FIRST, "x = 'one'")
    expect(notices(other.page).last).to_contain_text("another tab")
    for number in range(5):
        one.page.keyboard.insert_text(f"\ny = {number}")
        text = "\n".join(["x = 'one'", *(f"y = {each}" for each in range(number + 1))])
        other.wait_for_text(FIRST, text)
    assert len(kept(one.page)) == 1  # nothing was written in the other
    other.write(SECOND, "z = 'other'")
    one.wait_for_text(SECOND, "z = 'other'")
    assert one.text(FIRST).startswith("x = 'one'")


def test_what_two_tabs_write_at_the_same_time_is_kept(visit):
    one = visit(NAME)
    other = visit(NAME, context=one.context)
    one.page.evaluate(SAVE_NOTHING_YET)  # so that both write before either saves
    one.write(FIRST, "x = 'one'")
    other.write(FIRST, "x = 'other'")
    expect(notices(one.page).last).to_contain_text("another tab")
    one.wait_for_text(FIRST, "x = 'other'")
    for page in (one.page, other.page):
        page.close()
    last = visit(NAME, context=one.context)
    everything = json.dumps(list(kept(last.page).values()))
    assert "x = 'one'" in everything and "x = 'other'" in everything


def test_tools_work_after_another_tab_has_written(visit, tmp_path):
    one = visit(NAME)
    other = visit(NAME, context=one.context)
    one.write(FIRST, "x = 'one'")
    path = one.download(tmp_path)
    other.wait_for_text(FIRST, "x = 'one'")
    other.write(FIRST, "x = 'other'")
    choose(other, "Open a notebook", path)
    other.wait_for_text(FIRST, "x = 'one'")


def test_all_work_moves_as_one_file(visit, tmp_path):
    one = visit(NAME)
    old_work(one.page)
    one.write(FIRST, "x = 'new'")
    one.page.locator(".tab-more summary").click()
    with one.page.expect_download() as waiting:
        one.press("Export all work")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    expected = kept(one.page)
    assert len(expected) == 2
    other = visit(NAME)
    other.page.locator(".tab-more summary").click()
    choose(other, "Import work", path)
    other.wait_for_text(FIRST, "x = 'new'")
    assert kept(other.page) == expected
    choose(other, "Import work", path)
    expect(notices(other.page).last).to_contain_text("here already")
    assert kept(other.page) == expected


DAMAGED = {
    "Import work": ["", "{", "[1]", '{"format": "lstm-gate-by-gate: all work", "work": {}}'],
    "Open a notebook": ["", "{", "{}", '{"nbformat": 4, "cells": [null, {"cell_type": "code"}]}'],
}


@pytest.mark.parametrize("button", DAMAGED)
def test_a_damaged_file_is_refused_and_nothing_changes(visit, button, tmp_path):
    learner = visit(NAME)
    learner.write(FIRST, "x = 1")
    learner.page.locator(".tab-more summary").click()
    for number, text in enumerate(DAMAGED[button]):
        path = tmp_path / f"{number}.{'json' if 'Import' in button else 'ipynb'}"
        path.write_text(text)
        learner.page.locator(".tab-notices").evaluate("node => node.replaceChildren()")
        choose(learner, button, path)
        expect(notices(learner.page).last).to_contain_text(re.compile(r"This (file|is not).*\w"))
        assert learner.text(FIRST) == "x = 1"
    assert learner.log.errors == []


def test_work_with_damaged_parts_can_be_imported_and_shown(visit, tmp_path):
    learner = visit(NAME)
    learner.write(FIRST, "x = 1")
    learner.page.reload()
    ((key, work),) = kept(learner.page).items()
    results = {f"{FIRST}-check": {"ok": True}, f"{SECOND}-check": None}
    cells = [{"id": "<b>", "own": "code", "source": "<img src=x>"}, {"id": FIRST}]
    damaged = work | {"results": results, "shown": [1], "saved": "9", "points": {}}
    damaged["cells"] = work["cells"] + cells
    file = {"format": "lstm-gate-by-gate: all work", "version": 1}
    path = tmp_path / "all.json"
    path.write_text(json.dumps(file | {"work": [{"key": key, "work": damaged}]}))
    learner.page.locator(".tab-more summary").click()
    choose(learner, "Import work", path)
    expect(notices(learner.page).last).to_contain_text("1 piece of work")
    learner.wait_for_text("<b>", "<img src=x>")
    learner.page.reload()
    assert learner.text(FIRST) == "x = 1"
    assert learner.log.errors == []


# One thing at a time


def test_a_check_that_is_pressed_twice_runs_once(visit):
    learner = visit(NAME)
    learner.write(FIRST, solution(NAME, FIRST) + "\nprint('ran')")
    for _ in range(3):
        learner.press(f"Check {FIRST}")
    expect(learner.cell(f"{FIRST}-check")).to_have_attribute(
        "data-outcome", "agrees", timeout=PATIENCE
    )
    assert learner.cell(FIRST).locator(".tab-outputs").inner_text().strip() == "ran"


def test_what_is_written_while_a_check_runs_is_not_taken_for_what_was_checked(visit):
    learner = visit(NAME)
    learner.write(FIRST, solution(NAME, FIRST) + "\nimport time; time.sleep(1)")
    learner.press(f"Check {FIRST}")
    learner.write(FIRST, "x = 1")
    check = learner.cell(f"{FIRST}-check")
    expect(check).to_have_attribute("data-outcome", "old", timeout=PATIENCE)
    expect(learner.points).to_have_text(re.compile("^0 of"))
    learner.page.reload()
    assert learner.text(FIRST) == "x = 1"


def test_stop_ends_all_checks(visit):
    learner = visit(NAME)
    learner.write(FIRST, ENDLESS)
    learner.press("Check all")
    for _ in range(2):  # the second time Python is still starting, or is ready
        learner.press("Stop")
        expect(learner.cell(f"{FIRST}-check")).to_contain_text("Stopped", timeout=PATIENCE)
        expect(learner.state).to_have_text("Python is ready.", timeout=PATIENCE)
        learner.press("Check all")
    learner.press("Stop")
    assert learner.cell(f"{SECOND}-check").get_attribute("data-outcome") == ""


def test_leaving_the_page_while_it_runs_loses_nothing(visit):
    learner = visit(NAME)
    learner.write(FIRST, ENDLESS)
    learner.press(f"Check {FIRST}")
    expect(learner.page.locator(".tab-bar")).to_have_attribute(
        "data-phase", "running", timeout=PATIENCE
    )
    learner.write(SECOND, "y = 2")
    learner.page.goto(learner.page.url.replace(f"do/{NAME}", "intro"))
    learner.page.go_back()
    assert [learner.text(name) for name in (FIRST, SECOND)] == [ENDLESS, "y = 2"]
    learner.write(FIRST, "x = 1")
    assert learner.check(FIRST, "differs")


def test_outputs_stay_when_a_cell_is_added(visit):
    learner = visit(NAME)
    learner.write(FIRST, "print('shown')")
    learner.run(FIRST)
    learner.press("Add a cell below", learner.cell(FIRST))
    learner.page.keyboard.insert_text("print('own')")
    expect(learner.cell(FIRST).locator(".tab-outputs")).to_have_text("shown\n")
    expect(learner.run("own-1")).to_have_text("own\n")
    learner.page.once("dialog", lambda dialog: dialog.accept())
    learner.press("Remove this cell", learner.cell("own-1"))
    expect(learner.cell(FIRST).locator(".tab-outputs")).to_have_text("shown\n")
    learner.page.reload()
    expect(learner.cell("own-1")).to_have_count(0)
