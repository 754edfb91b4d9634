"""The Markdown pages: their links and anchors lead somewhere, and their code is what it shows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    page
    for folder in ("", "assets", "docs", "tests")
    for page in (ROOT / folder).glob("**/*.md" if folder else "*.md")
)
EXAMPLES = sorted(path.name for path in (ROOT / "docs" / "examples").glob("*.py"))

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
