"""Drives the desk and the portal as people do, in two real browsers; ends with an error if anything is not as it should be.

    desk.py TOBAN CONFIG BASE CORPUS FOLDER

TOBAN is the program and CONFIG its configuration, BASE the address of the running desk, CORPUS a file of hostile
texts, FOLDER where screenshots go.
"""

import json
import os
import subprocess
import sys
import time
import traceback

from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException, StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

TOBAN, CONFIG, BASE, CORPUS, FOLDER = sys.argv[1:]
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-quic --disable-dev-shm-usage --window-size=1440,950"
).split()
# A machine with few cores may be busy; nothing waits longer than it must.
PATIENCE = 30
# What a browser says by itself of an answer that is not 2xx: the desk's refusals are such answers.
REFUSALS = ("status of 401", "status of 404", "status of 409", "status of 422")


def toban(*args, stdin=""):
    """Runs a command of the program against the running desk."""
    done = subprocess.run(
        [TOBAN, *args, "--config", CONFIG], input=stdin, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, f"toban {args}: {done.stderr}"
    return done.stdout.strip()


def send(external_id, title, **fields):
    """Delivers an inquiry as a source does; its reference."""
    document = {"id": external_id, "title": title, **fields}
    return json.loads(toban("send", "-", stdin=json.dumps(document)))["reference"]


class Person:
    """A browser of their own, with the languages they read."""

    def __init__(self, name, languages):
        options = webdriver.ChromeOptions()
        for flag in FLAGS:
            options.add_argument(flag)
        options.binary_location = "/usr/bin/chromium"
        options.add_experimental_option("prefs", {"intl.accept_languages": languages})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.name = name
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)

    def open(self, path):
        self.driver.get(path if path.startswith("http") else BASE + path)

    def script(self, code, *args):
        return self.driver.execute_script(code, *args)

    def until(self, what, condition):
        """Waits until a condition gives something, and gives it."""
        try:
            return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(lambda _: condition())
        except TimeoutException:
            raise AssertionError(f"{self.name} never sees: {what}") from None

    def find(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def see(self, css, text="", not_text=None):
        """Waits for an element that is shown and holds a text. Asked in one script, so that no edit comes between."""
        code = """
            for (const found of document.querySelectorAll(arguments[0])) {
              const text = found.textContent;
              if (!found.checkVisibility() || !text.includes(arguments[1])) continue;
              if (arguments[2] && text.includes(arguments[2])) continue;
              return found;
            }
            return null;"""
        said = f"{css} with “{text}”" + (f", without “{not_text}”" if not_text else "")
        return self.until(said, lambda: self.script(code, css, text, not_text))

    def gone(self, css):
        self.until(f"{css} is gone", lambda: not self.find(css))

    def click(self, css):
        """Clicks; once more if an edit took the element away under the hand, as a person does."""

        def clicked():
            try:
                self.see(css).click()
            except StaleElementReferenceException:
                return False
            return True

        self.until(f"{css} stands still", clicked)

    def read(self, css):
        """The text of an element that is shown, read before an edit can replace it."""
        self.see(css)
        code = "return document.querySelector(arguments[0])?.textContent"
        return self.until(css, lambda: self.script(code, css))

    def say(self, line):
        """Types a line into the command line."""
        field = self.see("#line-text")
        field.clear()
        field.send_keys(line, Keys.ENTER)

    def sign_in(self, member):
        link = toban("login", member)
        self.open(link)
        self.see("#live[data-state=ok]")
        # A page that is loaded anew forgets this.
        self.script("window.stayed = true")
        return link

    def stays(self):
        assert self.script("return window.stayed === true"), f"{self.name}'s page was loaded anew"

    def look(self, name):
        self.driver.save_screenshot(os.path.join(FOLDER, f"{name}.png"))

    def dark(self, is_dark):
        value = "dark" if is_dark else "light"
        features = [{"name": "prefers-color-scheme", "value": value}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def no_dialog(self):
        try:
            opened = self.driver.switch_to.alert.text
        except NoAlertPresentException:
            return
        raise AssertionError(f"a dialog opened: {opened}")

    def console(self):
        """Nothing was complained about: no error of a script, nothing that the policy had to stop."""
        wrong = []
        for entry in self.driver.get_log("browser"):
            is_refusal = entry["source"] == "network" and any(status in entry["message"] for status in REFUSALS)
            if entry["level"] in ("SEVERE", "WARNING") and not is_refusal:
                wrong.append(entry["message"])
        assert not wrong, f"{self.name}'s console: {wrong}"

    def only_our_markup(self):
        """Words from outside are words: no element, handler or address was made of them."""
        self.no_dialog()
        found = self.script("""
            const wrong = [];
            const ours = /^(\\/assets\\/(page|desk)\\.js)$/;
            for (const script of document.querySelectorAll("script")) {
              const isData = script.type === "application/json" && ["desk-data", "page-data"].includes(script.id);
              if (!isData && !ours.test(script.getAttribute("src"))) wrong.push(script.outerHTML);
            }
            const strange = "img, iframe, object, embed, svg, math, video, audio, style, base, meta:not(head > meta), "
              + "link:not(head > link), marquee, table, input[type=image], frameset, applet, xss, x, "
              + ".post form, .whole form, .post input, .whole input, .post a a, .post script";
            for (const element of document.querySelectorAll(strange)) wrong.push(element.outerHTML);
            for (const element of document.querySelectorAll("*")) {
              for (const { name, value } of element.attributes) {
                const isAddress = ["href", "src", "action", "formaction", "srcdoc", "data"].includes(name);
                if (name.startsWith("on") || name === "style" || name === "srcdoc") wrong.push(element.outerHTML);
                if (isAddress && !/^(\\/|#|https?:\\/\\/)/.test(value)) wrong.push(element.outerHTML);
              }
            }
            return wrong;""")
        assert not found, f"{self.name}'s page holds {found}"


CARD = '#posts .card[data-reference="{}"]'
BUTTON = '{} button[data-verb="{}"]'


def card(reference):
    return CARD.format(reference)


def button(where, verb):
    return BUTTON.format(where, verb)


def a_card_appears_and_one_claims(aoki, inoue):
    """A delivered inquiry appears without loading; one claims by the button, the other is told who."""
    one = send("T-1", "朝からメールが届かない", body="昨日の夜から。\nエラーは出ていない。", severity="S2", plan="gold")
    for person in (aoki, inoue):
        person.see(card(one), "朝からメールが届かない")
        person.see(button(card(one), "claim"))
        person.stays()
    # A page that has not heard of the claim yet still has its button.
    inoue.script("window.stale = document.querySelector(arguments[0]).cloneNode(true)", button(card(one), "claim"))
    aoki.look("unclaimed-ja")
    aoki.click(button(card(one), "claim"))
    for person in (aoki, inoue):
        person.see(card(one), "青木")
        person.gone(button(card(one), "claim"))
        person.stays()
    inoue.script("document.querySelector(arguments[0]).append(window.stale)", card(one))
    inoue.click(button(card(one), "claim"))
    inoue.see("#answers .no", f"{one} belongs to 青木")
    inoue.stays()
    return one


def a_note_is_seen_in_the_thread(aoki, inoue, one):
    inoue.click(f"{card(one)} [data-open]")
    inoue.see("#thread .whole", "朝からメールが届かない")
    aoki.say(f"メモ {one} 再現した <b>太字ではない</b>")
    aoki.see("#answers", one)
    inoue.see("#thread-posts .post", "再現した <b>太字ではない</b>")
    inoue.stays()
    inoue.look("thread-en")


def it_is_resolved_by_the_dialog(aoki, inoue, one):
    """What its kind demands is asked for, and nothing is sent without it."""
    aoki.click(button(card(one), "resolve"))
    aoki.see("dialog[open] form")
    aoki.look("resolve-ja")
    aoki.click("dialog[open] button.main")
    assert aoki.find("dialog[open] :invalid"), "a resolution without its words is not sent"
    category = Select(aoki.see("dialog[open] select[name=category]"))
    category.select_by_index(1)
    chosen = category.first_selected_option.text
    aoki.see("dialog[open] [name=cause]").send_keys("送信キューが満杯だった")
    aoki.click("dialog[open] button.main")
    # An investigation ends with a workaround or with the reason why there is none: the desk says so in the form.
    aoki.see("dialog[open] .refused", "回避策")
    aoki.look("resolve-refused-ja")
    aoki.see("dialog[open] [name=workaround]").send_keys("キューを空にする")
    aoki.click("dialog[open] button.main")
    aoki.gone("dialog[open]")
    for person in (aoki, inoue):
        person.see(f"{card(one)}.tone-done", chosen)
        person.see(f"{card(one)}.tone-done", "送信キューが満杯だった")
        person.see(f"{card(one)}.tone-done", "キューを空にする")
        person.stays()
    inoue.see("#thread .whole.tone-done")


def with_the_keyboard_alone(inoue):
    """Claims, notes, looks into a form and leaves it, without a mouse."""
    two = send("T-2", "帳票の合計が合わない", severity="S3", plan="silver", requester="高橋")
    inoue.see(button(card(two), "claim"))
    keys = lambda *which: webdriver.ActionChains(inoue.driver).send_keys(*which).perform()
    focused = lambda: inoue.script("return document.activeElement.matches(arguments[0])", button(card(two), "claim"))
    inoue.script("document.activeElement.blur()")
    for _ in range(200):
        if focused():
            break
        keys(Keys.TAB)
    assert focused(), "the button cannot be reached by the Tab key"
    keys(Keys.ENTER)
    inoue.see(card(two), "井上")
    # The card was edited, and the keyboard is still at it.
    inoue.until("focus in the card", lambda: inoue.script(
        "return document.querySelector(arguments[0]).contains(document.activeElement)", card(two)))
    # From anywhere on the page a slash leads to the command line.
    inoue.script("document.activeElement.blur()")
    keys("/")
    assert inoue.script("return document.activeElement.id") == "line-text", "the slash leads to the command line"
    keys(f"show {two}", Keys.ENTER)
    inoue.see("#answers", "帳票の合計が合わない")
    keys(f"claim {two}", Keys.ENTER)
    # What was done last took the place of what was done before, and a refusal takes nobody's.
    inoue.see("#answers .no", two)
    assert len(inoue.find("#answers .done")) == 1, "answers pile up"
    keys(Keys.TAB)
    inoue.script("document.querySelector(arguments[0]).focus()", button(card(two), "resolve"))
    keys(Keys.SPACE)
    inoue.see("dialog[open] form")
    where = inoue.script("return document.activeElement.name")
    assert where == "category", f"the form begins at its first field, not at {where!r}"
    inoue.look("resolve-en")
    keys(Keys.ESCAPE)
    inoue.gone("dialog[open]")
    inoue.stays()
    return two


def languages_and_colours(aoki, one):
    html = lambda: aoki.script("return document.documentElement.lang")
    assert html() == "ja"
    aoki.look("desk-ja")
    aoki.click(".languages button[value=en]")
    aoki.until("the page in English", lambda: html() == "en")
    aoki.see(card(one), "Workaround")
    aoki.see("#live[data-state=ok]")
    aoki.look("desk-en")
    aoki.dark(True)
    aoki.look("desk-en-dark")
    aoki.click(".languages button[value=ja]")
    aoki.until("the page in Japanese", lambda: html() == "ja")
    aoki.see("#live[data-state=ok]")
    aoki.look("desk-ja-dark")
    aoki.dark(False)
    aoki.script("window.stayed = true")


def hostile():
    """Texts that would be markup if anybody let them."""
    with open(CORPUS, encoding="utf-8") as file:
        texts = json.load(file)["sections"]["naughty_strings"]
    return [text for text in texts if any(sign in text.lower() for sign in ("<", "script", "onload", "{{", "&#"))]


def words_from_outside_stay_words(aoki, inoue):
    texts = hostile()
    assert len(texts) > 200, len(texts)
    count = 12
    shown = {}
    for n in range(count):
        own = texts[n::count]
        title = own[n % len(own)]
        body = "\n".join(own)
        fields = {"requester": own[0], "customer": own[1], "severity": own[2], "url": own[3]}
        shown[send(f"X-{n}", title, body=body, **fields)] = (title, body)
    squeeze = lambda text: " ".join(text.split())
    for reference, (title, body) in shown.items():
        assert squeeze(aoki.read(f"{card(reference)} h3")) == squeeze(title)[:200], title
        aoki.click(f'{card(reference)} a.reference')
        assert aoki.read(f'#thread .whole[data-reference="{reference}"] .body') == body.strip(), reference
        # Typed key by key, so a few of them must do.
        note = squeeze(own[4])[:80]
        aoki.say("note " + note)
        aoki.see("#thread-posts .post", note.strip())
        aoki.only_our_markup()
    aoki.stays()
    aoki.look("hostile-ja")
    # And as the whole page is made by the server.
    for person in (aoki, inoue):
        person.open("/desk?inquiry=" + reference)
        person.see(card(reference))
        person.see("#live[data-state=ok]")
        person.only_our_markup()
        person.console()
        person.script("window.stayed = true")
        is_answered_in_sight(person)
    return texts


def is_answered_in_sight(person):
    """An answer takes its place below a channel that is full, also where nothing is pinned."""
    full = "const posts = document.querySelector('#posts'); return posts.scrollHeight > posts.clientHeight"
    assert person.script(full), "the channel is full"
    assert not person.find("#pinned > *"), "nothing is pinned"
    person.say("help")
    person.see("#answers > div", "claim")
    heights = """
        const height = (css) => document.querySelector(css).getBoundingClientRect().height;
        const answers = document.querySelector("#answers").getBoundingClientRect();
        const line = document.querySelector("#line").getBoundingClientRect();
        return { answers: answers.height, posts: height("#posts"), apart: line.top - answers.bottom, below: innerHeight - line.bottom };"""
    seen = person.script(heights)
    assert seen["answers"] > 30 and seen["posts"] > 100 and abs(seen["apart"]) < 1 and seen["below"] >= 0, seen
    person.look("answered-in-a-full-channel-" + person.name + str(person.script("return innerWidth")))


def the_portal(guest, aoki, texts):
    """Support files, follows the link, reads the answer and writes again."""
    guest.open("/portal")
    guest.see("[name=key]").send_keys("wrong", Keys.ENTER)
    guest.see(".refused")
    guest.see("[name=key]").send_keys("open sesame", Keys.ENTER)
    guest.see("form.filing [name=title]").send_keys("請求書が <script>alert(1)</script> 二重に届く")
    guest.look("portal-en")
    guest.see("[name=body]").send_keys("お客様は月末までに知りたい。")
    guest.see("[name=requester]").send_keys("サポート 山田")
    guest.see("[name=customer]").send_keys("さくら商事")
    guest.click("[name=kind][value=investigation]")
    guest.click("[name=severity][value=S2]")
    guest.click("form.filing button.main")
    reference = guest.see(".whole .reference").text
    link = guest.driver.current_url
    assert "/portal/s/" in link, link
    guest.see(".whole h1", "請求書が <script>alert(1)</script> 二重に届く")
    guest.see(".empty")
    guest.look("status-en")
    aoki.see(card(reference), "請求書が")
    aoki.click(button(card(reference), "claim"))
    aoki.see(card(reference), "青木")
    guest.open(link)
    guest.see(".whole", "青木")
    seen = guest.read(".whole")
    assert not any(ours in seen for ours in ("On duty", "Claim", "unknown")), seen
    aoki.say(f"質問 {reference} どの請求書ですか <i>")
    # The claim's answer names the inquiry too, so the page itself is asked until the question has come.
    asked = lambda: guest.open(link) or "どの請求書ですか <i>" in guest.read("body")
    guest.until("the question", asked)
    guest.see(".talk .text", "どの請求書ですか <i>")
    aoki.click(button(card(reference), "resolve"))
    Select(aoki.see("dialog[open] select[name=category]")).select_by_index(1)
    aoki.see("dialog[open] [name=cause]").send_keys("締め処理が二度動いた <img src=x onerror=alert(1)>")
    aoki.see("dialog[open] [name=no_workaround]").send_keys("修正を待つ")
    aoki.click("dialog[open] button.main")
    aoki.gone("dialog[open]")
    guest.open(link)
    guest.see(".answer", "締め処理が二度動いた <img src=x onerror=alert(1)>")
    guest.see(".answer", "修正を待つ")
    guest.see(".whole.tone-done")
    guest.only_our_markup()
    guest.look("answered-en")
    # A message after the end is told with the choice what it means.
    aoki.click(f"{card(reference)} a.reference")
    aoki.see("#thread .whole.tone-done")
    guest.see("[name=text]").send_keys(f"まだ届きます {texts[0]}")
    guest.click("form.filing button.main")
    guest.see(".whole .reference", reference)
    said = f'#thread-posts .post[data-reference="{reference}"]'
    aoki.see(said, "まだ届きます")
    # The card is done and yet somebody waits: the promise is shown again.
    aoki.see(f"{card(reference)}.tone-done .fields > div", "継続応答")
    aoki.look("after-the-end-ja")
    aoki.click(button(said, "reopen"))
    aoki.see("dialog[open] form")
    aoki.click("dialog[open] button.main")
    aoki.gone("dialog[open]")
    aoki.see("#thread .whole:not(.tone-done)")
    aoki.see(f"{card(reference)}:not(.tone-done)", "青木")
    aoki.stays()
    guest.open(link)
    guest.see(".whole:not(.tone-done)", "青木")
    guest.see(".talk .text", f"まだ届きます {texts[0]}")
    guest.only_our_markup()
    guest.dark(True)
    guest.look("status-en-dark")
    guest.open("/portal/s/" + "x" * 43)
    guest.see("h1")
    assert reference not in guest.driver.page_source
    guest.open("/portal")
    guest.look("portal-en-dark")
    guest.click(".languages button[value=ja]")
    guest.until("the form in Japanese", lambda: guest.script("return document.documentElement.lang") == "ja")
    guest.look("portal-ja-dark")
    guest.dark(False)


def an_issue_is_filed(aoki):
    """The tracker is chosen in the form, what was written survives a refusal, and the number comes to the card."""
    one = send("T-3", "通知メールが二重に届く", severity="S2")
    aoki.click(button(card(one), "claim"))
    aoki.see(card(one), "青木")
    aoki.say(f"replied {one}")
    aoki.say(f"wait {one} development")
    aoki.click(button(card(one), "file"))
    tracker = Select(aoki.see("dialog[open] select[name=tracker]"))
    assert tracker.first_selected_option.get_attribute("value") == "github", "the form says where it goes"
    text = aoki.see("dialog[open] [name=text]")
    assert one in text.get_attribute("value"), "the form begins with what is known"
    title = aoki.see("dialog[open] [name=title]")
    aoki.look("file-ja")
    aoki.script("arguments[0].value = arguments[1]", title, "長" * 256)
    aoki.script("arguments[0].value += arguments[1]", text, "\n再現しました。")
    # Another tracker has other first words; what somebody wrote stays.
    tracker.select_by_value("infra")
    aoki.click("dialog[open] button.main")
    aoki.see("dialog[open] .refused", "255")
    aoki.look("file-refused-ja")
    assert title.get_attribute("value") == "長" * 256 and "再現しました。" in text.get_attribute("value"), "nothing is lost"
    title.clear()
    title.send_keys("通知が二重")
    aoki.click("dialog[open] button.main")
    aoki.gone("dialog[open]")
    aoki.see(card(one), "#121（infra）")
    aoki.stays()


def one_without_a_contract_is_refused(aoki):
    """The words stand in the form; they are read, changed and sent, and that is the end of it."""
    register = os.path.join(FOLDER, "contracts.csv")
    with open(register, "w", encoding="utf-8") as file:
        file.write("契約番号,顧客名\nK-1,ひまわり商店\n")
    toban("contract", "import", register)
    one = send("T-4", "使い方を知りたい", product="contracted", customer="もみじ物産", requester="山田")
    aoki.open("/desk?inquiry=" + one)
    aoki.see("#live[data-state=ok]")
    whole = f'#thread .whole[data-reference="{one}"]'
    aoki.click(button(whole, "refuse"))
    text = aoki.see("dialog[open] [name=text]")
    assert "もみじ物産 様のサポート契約を確認できませんでした" in text.get_attribute("value"), text.get_attribute("value")
    aoki.look("refuse-ja")
    text.send_keys("\n担当：青木")
    aoki.click("dialog[open] button.main")
    aoki.gone("dialog[open]")
    aoki.see(f"{whole}.tone-done")
    aoki.see("#thread-posts .post", "担当：青木")


def small_screen(aoki, one):
    aoki.driver.set_window_size(420, 860)
    aoki.open("/desk")
    aoki.see("#live[data-state=ok]")
    is_answered_in_sight(aoki)
    aoki.look("small-ja")
    wide = aoki.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"a small screen must not be scrolled sideways by {wide} pixels"
    aoki.open("/desk?inquiry=" + one)
    aoki.see("#thread .whole")
    aoki.look("small-thread-ja")


def timed(step, *args):
    """Does a step, and says how long it took: shown when something fails."""
    started = time.monotonic()
    outcome = step(*args)
    print(f"{step.__name__}: {time.monotonic() - started:.1f} s", file=sys.stderr)
    return outcome


def main():
    people = []
    try:
        for name, languages in (("aoki", "ja"), ("inoue", "en")):
            people.append(timed(Person, name, languages))
        aoki, inoue = people
        link = timed(aoki.sign_in, "aoki")
        inoue.open(link)
        inoue.see("h1", "This link does not work")
        inoue.sign_in("井上")
        one = timed(a_card_appears_and_one_claims, aoki, inoue)
        timed(a_note_is_seen_in_the_thread, aoki, inoue, one)
        timed(it_is_resolved_by_the_dialog, aoki, inoue, one)
        timed(with_the_keyboard_alone, inoue)
        timed(languages_and_colours, aoki, one)
        texts = timed(words_from_outside_stay_words, aoki, inoue)
        timed(the_portal, inoue, aoki, texts)
        timed(an_issue_is_filed, aoki)
        timed(one_without_a_contract_is_refused, aoki)
        timed(small_screen, aoki, one)
        for person in people:
            person.only_our_markup()
            person.console()
    except BaseException:
        traceback.print_exc()
        for person in people:
            person.look(f"failed-{person.name}")
        sys.exit(1)
    finally:
        for person in people:
            person.driver.quit()


main()
