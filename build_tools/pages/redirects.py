"""Pages at the old addresses of what a curator renamed or merged (`corpus/redirects.yml`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from build_tools.core.diagnostics import Report
from build_tools.core.messages import say
from build_tools.core.registry import Redirect
from build_tools.core.site import Page
from build_tools.corpus.yaml_source import near
from build_tools.pages import markdown

FILE = "redirects.yml"


def resolved(told: Sequence[Redirect], pages: Collection[str], report: Report) -> dict[str, str]:
    """Old address → the page that is there now, through several renamings. `pages`: the addresses of all pages.

    What leads nowhere, back to itself, or from a page that is there is an error line in `report`, and left out.

    >>> steps = (Redirect("people/wang-1a2b", "people/wang"), Redirect("people/wang", "people/wang-wei"))
    >>> resolved(steps, ["people/wang-wei"], Report())
    {'people/wang-1a2b': 'people/wang-wei', 'people/wang': 'people/wang-wei'}
    """
    steps = {one.old: one.new for one in told}
    out = {}
    for one in told:
        seen, end = {one.old}, one.new
        while end in steps and end not in seen and end not in pages:
            seen.add(end)
            end = steps[end]
        if one.old in pages:
            what, remedy = (
                say("{}: a page is there", one.old),
                say("remove the line, or give that page another id"),
            )
        elif end in seen:
            what, remedy = say("{} leads back to itself", one.old), say("break the circle")
        elif end not in pages:
            what = say("{} leads to {}, where no page is", one.old, end)
            remedy = say("fix the new address or remove the line{}", near(end, pages))
        else:
            out[one.old] = end
            continue
        report.error(FILE, what, remedy, one.line)
    return out


def pages(moved: dict[str, str]) -> Iterator[Page]:
    """One page at each old address. The theme leads on from it, with the reader's anchor; no list names it."""
    for old, new in moved.items():
        fields = {"title": "地址已改", "page": "redirect", "to": f"{new}/"}
        text = f"这一页的地址已改：{markdown.link('到新地址', f'../{new}.md')}。"
        body = markdown.blocks((markdown.heading(1, "地址已改", "title"), text))
        yield Page(f"{old}.md", markdown.front_matter(fields) + body)
