"""The Markdown pages: their links and anchors lead somewhere, and their code is what it shows."""

import re
from pathlib import Path

import pytest

from core.lessons.lesson_file import load_lesson
from core.lessons.lessons import SHIPPED_LESSONS, find_lessons
from gui.screenshot_views import VIEWS

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    page
    for folder in ("", "assets", "docs", "tests")
    for page in (ROOT / folder).glob("**/*.md" if folder else "*.md")
)
EXAMPLES = sorted(path.name for path in (ROOT / "docs" / "examples").glob("*.py"))

MOST_BYTES = 3_000_000
"""Of the pictures, which every clone brings."""

_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def links(page):
    """Return the targets of a page's links and pictures, those in code left out."""
    text = re.sub(r"`[^`\n]*`", "", _FENCED.sub("", page.read_text("utf-8")))
    return [first or second for first, second in _LINK.findall(text)]


def anchors(page):
    """Return the anchors of a page's headings, as they are made on the web."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    dead = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_on_the_library_shows_each_example(name):
    page = (ROOT / "docs" / "library.md").read_text("utf-8")
    code = (ROOT / "docs" / "examples" / name).read_text("utf-8")
    assert f"[{name}](examples/{name})\n\n```python\n{code}```\n" in page


def test_the_page_on_lessons_lists_all_and_its_example_is_one(tmp_path):
    page = (ROOT / "docs" / "lessons.md").read_text("utf-8")
    found = find_lessons([SHIPPED_LESSONS]).lessons
    rows = [
        f"| {number} | {lesson.title} | {lesson.promise} |"
        for number, lesson in enumerate(found, start=1)
    ]
    assert re.findall(r"^\| \d.*$", page, re.MULTILINE) == rows
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    file = tmp_path / "momentum.toml"
    file.write_text(example, encoding="utf-8")
    lesson = load_lesson(file)
    assert [variant.name for variant in lesson.variants] == ["0.01", "0.01, momentum", "0.1"]


def test_the_index_leads_to_every_page_and_shows_every_view():
    index = ROOT / "docs" / "README.md"
    reached = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    pages = set((ROOT / "docs").glob("*.md")) - {index}
    assert sorted(page.name for page in pages - reached) == []
    pictures = {index.parent / "pictures" / theme for theme in ("light", "dark")}
    shown = {folder / f"{view}.png" for folder in pictures for view in VIEWS}
    assert shown <= reached
    assert shown == set((ROOT / "docs" / "pictures").glob("*/*.png"))
    assert sum(file.stat().st_size for file in shown) < MOST_BYTES
