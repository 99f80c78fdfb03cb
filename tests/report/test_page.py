# Copyright (c) 2026, the cloud_elements.platform contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as people have it before them: by eye in both schemes and at any width, by keyboard, on paper."""

from __future__ import annotations

import itertools
import json

import pytest
from ansible_collections.cloud_elements.platform.tests.report.drawing import NOON, PAGES
from axe_playwright_python.sync_playwright import Axe

SCHEMES = ("light", "dark")

# The contrast of what fills each bar and each swatch with the card that it lies on (WCAG 2.2, 1.4.11 and relative
# luminance).
CONTRASTS = """() => {
  const channels = color => color.match(/[\\d.]+/g).slice(0, 3).map(Number)
  const luminance = color => {
    const [r, g, b] = channels(color).map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    return .2126 * r + .7152 * g + .0722 * b
  }
  const card = luminance(getComputedStyle(document.querySelector('section')).backgroundColor)
  return [...document.querySelectorAll('svg rect')].map(part => {
    const fill = luminance(getComputedStyle(part).fill)
    if ([part, part.ownerSVGElement].some(at => getComputedStyle(at).opacity !== '1')) throw new Error('see-through')
    return [part.getAttribute('class'), (Math.max(fill, card) + .05) / (Math.min(fill, card) + .05)]
  })
}"""
FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect()
  return {
    tag: at.tagName, text: at.textContent.trim().replace(/\\s+/g, ' '),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    // The page scrolls by whole pixels, and a row may end at a part of one.
    seen: box.width > 0 && box.top > -1 && box.bottom < innerHeight + 1 && box.left >= 0 && box.right <= innerWidth,
  }
}"""


@pytest.mark.parametrize("name", PAGES)
def test_it_asks_for_nothing_and_says_nothing_in_the_console(show, site, name):
    page = show(None)
    seen, said = [], []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(site.url(name))
    page.emulate_media(media="print")
    page.wait_for_load_state("networkidle")
    assert seen == [site.url(name)] and site.asked == [f"/{name}.html"] and said == []


def test_its_policy_lets_nothing_in_that_it_does_not_have(show, site):
    page = show("example")
    blocked, title = page.evaluate("""async () => {
      const blocked = []
      document.addEventListener('securitypolicyviolation', event => blocked.push(event.effectiveDirective))
      const add = (tag, fields) => document.body.append(Object.assign(document.createElement(tag), fields))
      add('img', {src: '/pixel.png'})
      add('script', {src: '/script.js'})
      add('script', {textContent: 'document.title = "taken"'})
      add('iframe', {src: '/frame.html'})
      add('link', {rel: 'stylesheet', href: '/style.css'})
      await fetch('/data.json').catch(() => null)
      const form = Object.assign(document.createElement('form'), {action: '/form'})
      document.body.append(form)
      form.submit()
      await new Promise(done => setTimeout(done, 500))
      return [blocked.sort(), document.title]
    }""")
    expected = ["connect-src", "form-action", "frame-src", "img-src", "script-src-elem", "script-src-elem"]
    assert blocked == [*expected, "style-src-elem"]
    assert site.asked == ["/example.html"] and title == "Element instances"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_to_complain_of(show, name, scheme):
    page = show(name, 1280, scheme, unfolded=True)
    # The rows of the largest page are all alike, and would take minutes.
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n + 50)').forEach(row => row.remove())")
    found = Axe().run(page).response["violations"]
    told = [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in found]
    assert told == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_looks_at_the_contrast_of_text(show, scheme):
    page = show("example", 320, scheme, unfolded=True)
    passes = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["passes"]
    assert [rule["id"] for rule in passes] == ["color-contrast"] and len(passes[0]["nodes"]) > 100
    page.add_style_tag(content=".quiet { color: var(--line) !important }")
    broken = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert [rule["id"] for rule in broken] == ["color-contrast"]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["example", "many", "hostile"])
def test_bars_stand_out_from_what_they_lie_on(show, name, scheme):
    contrasts = show(name, 1280, scheme).evaluate(CONTRASTS)
    assert {part for part, _contrast in contrasts} >= {"ok", "off", "bad"}
    assert [entry for entry in contrasts if entry[1] < 3] == []


def test_it_follows_the_scheme_of_the_reader(show):
    dark, light = (
        show("example", scheme=scheme).evaluate(
            "['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name])"
        )
        for scheme in ("dark", "light")
    )
    brightness = [[sum(map(int, color[4:-1].split(", "))) for color in colors] for colors in (dark, light)]
    assert brightness[0][0] < 150 < 600 < brightness[0][1]
    assert brightness[1][1] < 150 < 600 < brightness[1][0]


@pytest.mark.parametrize("width", [320, 400, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_window(show, name, width):
    page = show(name, width, unfolded=True)
    beyond = page.evaluate("""() => [...document.querySelectorAll('body *:not(.unseen, .skip)')]
      .filter(part => part.getBoundingClientRect().right > innerWidth + .5)
      .map(part => part.outerHTML.slice(0, 200))""")
    assert beyond == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [320, 1280])
def test_bars_are_as_long_as_the_numbers_say(show, width):
    bars = show("many", width).evaluate("""() => [...document.querySelectorAll('table.chart tbody tr')].map(row => [
      Number(row.cells[1].textContent.replace(',', '')),
      [...row.querySelectorAll('rect')].reduce((sum, part) => sum + part.getBoundingClientRect().width, 0),
      Number(row.cells[3].textContent), row.querySelectorAll('.off').length > 0,
    ])""")
    hubs = [row for row in bars if row[1]]
    assert len(hubs) > 5
    number, length = max(hubs)[:2]
    for other, other_length, disabled, shows_disabled in hubs:
        assert other_length == pytest.approx(max(3, length * other / number), abs=1.5)
        assert shows_disabled == bool(disabled)


def test_the_keyboard_reaches_everything_in_its_order(show):
    page = show("example")
    page.keyboard.press("Tab")
    skip = page.evaluate(FOCUS)
    assert skip["text"] == "Skip to the content" and skip["seen"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["text"] == "Instance"

    page = show("example")
    expected = page.evaluate("""() => [...document.querySelectorAll('a[href], summary, th[tabindex]')]
      .filter(part => part.checkVisibility()).map(part => part.textContent.trim().replace(/\\s+/g, ' '))""")
    assert expected[:5] == ["Skip to the content", "Hubs and elements", "Needs attention", "Drift", "All instances"]
    order = []
    for _press in expected:
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        assert at["outline"] >= 2 and at["seen"], at
        order.append(at["text"])
    assert order == expected

    # The last one is a hub: it opens and closes by the keyboard alone.
    for state in (True, False):
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.parentElement.open") is state


def test_a_link_of_the_navigation_leads_to_its_section(show):
    page = show("example")
    for link in page.locator("nav a").all():
        link.click()
        assert page.evaluate("location.hash && document.querySelector(location.hash).tagName") == "H2"


@pytest.mark.parametrize("name", PAGES)
def test_headings_and_tables_say_what_they_are(show, name):
    page = show(name)
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(part => Number(part.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.evaluate("document.documentElement.lang") == "en"
    tables = page.evaluate("""() => [...document.querySelectorAll('table')].map(table => [
      table.caption.textContent.trim().length > 0,
      [...table.querySelectorAll('th')].every(cell => cell.scope),
      [...table.tBodies].every(body => [...body.rows].every(row => row.querySelectorAll('th').length === 1)),
    ])""")
    assert tables == [[True, True, True]] * len(tables) and (tables or name == "none")


def test_a_narrow_window_leaves_the_tables_tables(show):
    tree = json.dumps(show("example", 320).locator("#hubs ~ table").aria_snapshot())
    assert "rowheader" in tree and "columnheader" in tree and tree.count("- row ") == 24


def test_on_paper_nothing_stays_folded(show):
    page = show("example")
    hidden = page.locator("#instances ~ details table tbody th").first
    assert not hidden.is_visible()
    page.emulate_media(media="print")
    rows = page.locator("#instances ~ details table tbody th").all()
    assert len(rows) == 42 and all(row.bounding_box()["height"] > 0 for row in rows)
    assert not page.locator("nav").is_visible()
    assert len(page.pdf()) > 10_000


def test_what_is_seen_is_what_the_account_has(show):
    page = show("example")
    assert page.locator("dl.figures").inner_text().split("\n") == [
        *("Instances", "42", "Hubs", "6", "Elements", "17", "Disabled", "3", "Invalid", "2", "Drift", "8")
    ]
    many = show("many").locator("dl.figures").inner_text().split("\n")
    assert many[1] == "2,000" and many[7] == "118" and many[9] == "69" and many[11] == "2,000"
    none = show("none").locator("main").inner_text()
    assert "There are no instances in this account." in none
    filtered = show("filtered")
    assert "Only instances called payments" in filtered.locator("header").inner_text()
    assert filtered.locator("dl.figures").inner_text().split("\n")[::-2][:6] == ["0", "0", "0", "1", "1", "1"]
    assert "The account is as the file says." in filtered.locator("main").inner_text()
    assert NOON in page.locator("header").inner_text()


def test_hostile_names_are_shown_and_do_nothing(show):
    page = show("hostile", unfolded=True)
    assert page.title().startswith("TTT")
    names = page.locator("#instances ~ details").first.locator("tbody th > bdi").all_inner_texts()
    assert names[0] == "<script>document.title = 'taken'</script>" and page.locator("body").is_visible()
    # Whatever direction a name takes, what stands after it stays after it.
    row = page.locator("#instances ~ details").first.locator("tbody tr").nth(3)
    assert row.locator("bdi").first.bounding_box()["x"] < row.locator("td").first.bounding_box()["x"]
    heights = page.evaluate("[...document.querySelectorAll('tr')].map(row => row.getBoundingClientRect().height)")
    assert max(heights) < 700


def test_hostile_names_and_scripts_of_an_account_are_shown_and_do_nothing(show):
    page = show("hostile_account")
    assert page.title() == "Account"
    names = page.locator("table.differs tbody th > bdi:first-child").all_inner_texts()
    assert {"<script>document.title = 'taken'</script>", "{{ 7 * 7 }}"} < set(names)
    assert "and 144 more lines" in page.locator("table.differs pre").last.inner_text()


def test_tables_can_be_searched_and_sorted(show):
    page = show("account")
    rows = page.locator("table.differs tbody tr:visible")
    everything = rows.count()
    page.get_by_label("Search").fill("nightly")
    assert rows.count() == 1 and "configuration.cron" in rows.first.inner_text()
    page.get_by_label("Search").fill("")
    assert rows.count() == everything > 3
    table = page.locator("table.instances:visible").first
    head = table.locator("thead th").first
    names = [row.inner_text() for row in table.locator("tbody th").all()]
    for press, order in (("click", sorted(names)), ("Enter", sorted(names, reverse=True))):
        head.click() if press == "click" else head.press(press)
        assert [row.inner_text() for row in table.locator("tbody th").all()] == order
    assert head.get_attribute("aria-sort") == "descending"
