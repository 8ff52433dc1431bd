"""A page's scripts become one, which does the same in the same order."""

import pytest

from course.delivery import scripts

PAGE = """<html><head>
  <script data-cfasync="false">theme()</script>
  <link rel="preload" as="script" href="b.js?v=2" />
  <script src="a.js?v=1"></script>
  <script>let hint = 'Show';</script>
  <script>let hint = 'Show';</script>
  <script>DOCUMENTATION_OPTIONS.pagename = 'page';</script>
  <script src="searchtools.js"></script>
  <script src="fontawesome.js" defer></script>
</head><body><script type="application/json">{}</script>
<script defer src="b.js?v=2"></script></body></html>"""


@pytest.fixture
def folder(tmp_path):
    for name in ("a", "b", "searchtools", "fontawesome"):
        (tmp_path / f"{name}.js").write_text(f"{name}()\n")
    return tmp_path


def test_scripts_are_joined_in_their_order_and_each_once(folder):
    page, script = scripts.joined(PAGE, folder)
    assert script.split("\n;") == ["a()", "let hint = 'Show';", "b()"]
    assert "src=" not in page and "preload" not in page


def test_data_and_the_choice_of_the_theme_stay(folder):
    page, _ = scripts.joined(PAGE, folder)
    assert "theme()" in page and '<script type="application/json">{}</script>' in page
    linked = scripts.linked(page, "all.js")
    assert linked.endswith('<script src="all.js"></script>\n</body></html>')


def test_the_page_of_the_search_has_its_scripts(folder):
    _, script = scripts.joined(PAGE.replace("<body>", '<body><p id="search-results">'), folder)
    assert script.split("\n;") == ["a()", "let hint = 'Show';", "searchtools()", "b()"]
