"""Browse the site in _docs/ as a reader does, in a headless Chromium, below the path that GitHub Pages gives it.

Follows every link from the cover, on a wide page and on a phone's. `--pictures FOLDER` takes a picture of each page.
"""
import argparse
import gzip
import re
import shutil
import sys
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag

from playwright.sync_api import sync_playwright

from image_captioner.apps.browser import npm_files

root = Path(__file__).resolve().parent.parent
settings = (root/'settings.ini').read_text(encoding='utf-8')
base = '/' + re.search(r'^repo = (.+)', settings, re.M)[1] + '/'
texts = '.html', '.css', '.js', '.mjs', '.json', '.svg'
browsers = 'chromium', 'chromium-browser', 'google-chrome'
flags = ('--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking '
         '--disable-component-update --disable-sync').split()

# What would only be drawn, and pictures that would only load, once a reader scrolls to them.
load_all = '''async () => {
for (const e of document.querySelectorAll('div.sourceCode, .cell-output')) e.style.contentVisibility = 'visible'
const lazy = [...document.querySelectorAll('img[loading=lazy]')]
for (const picture of lazy) picture.loading = 'eager'
await Promise.all(lazy.map(picture => picture.decode().catch(() => {})))
}'''

look = '''() => {
const scrolls = e => e && e !== document.body &&
    (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
return {
    links: [...document.querySelectorAll('a[href]')].map(a => a.href),
    names: [...document.querySelectorAll('[id], a[name]')].map(e => e.id || e.name),
    unseen: [...document.querySelectorAll('img[src]:not([loading=lazy])')] // a script may have added some since
        .filter(i => !i.complete || !i.naturalWidth).map(i => i.src.slice(0, 80)),
    raw: [...document.querySelectorAll('.math')].filter(m => !m.querySelector('.katex')).map(m => m.textContent),
    wide: [...document.querySelectorAll('body *:not(.katex-mathml *)')].filter(e => !scrolls(e.parentElement))
        .map(e => [e.getBoundingClientRect().right - innerWidth, e.outerHTML.slice(0, 60)])
        .filter(([over]) => over > 1),
}}'''

# What axe-core finds that keeps a reader out.
check = '''async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter(v => ['serious', 'critical'].includes(v.impact))
    .map(v => `${v.impact}: ${v.help}: ${v.nodes.length} times, first ${v.nodes[0].html.slice(0, 120)}`)'''


@contextmanager
def served(folder):
    "The address of `folder`, served by this machine below `base` and nowhere else."
    packed = cache(lambda path: gzip.compress(path.read_bytes()))

    class Pages(SimpleHTTPRequestHandler):
        def translate_path(self, path):
            return super().translate_path(path[len(base) - 1:] if path.startswith(base) else '/not/below/base')

        def do_GET(self):
            "Text is packed on its way, as GitHub Pages does it."
            path = Path(self.translate_path(self.path))
            if path.suffix not in texts or not path.is_file(): return super().do_GET()
            data = packed(path)
            self.send_response(200)
            for name, value in {'Content-Type': self.guess_type(path), 'Content-Encoding': 'gzip',
                                'Content-Length': len(data)}.items(): self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def end_headers(self):
            self.send_header('Cache-Control', 'max-age=600')
            super().end_headers()

        def log_message(self, *_): pass

    server = ThreadingHTTPServer(('127.0.0.1', 0), partial(Pages, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    try: yield f'http://127.0.0.1:{server.server_port}{base}'
    finally: server.shutdown()


class Reader:
    "A reader who follows every link of a site and writes down what is wrong."

    def __init__(self, context, home, axe, pictures=None):
        self.home, self.axe, self.pictures, self.faults, self.seen = home, axe, pictures, [], {}
        self.page = context.new_page()
        self.page.on('console', lambda m: m.type == 'error' and self.note(f'console: {m.text}'))
        self.page.on('pageerror', lambda e: self.note(f'script: {e}'))
        self.page.on('response', lambda r: r.status >= 400 and self.note(f'{r.status}: {r.url}'))

    def note(self, fault):
        self.faults.append(f'{self.page.url.removeprefix(self.home) or "cover"}: {fault}')

    def read(self, address):
        "Look at one page; returns where it leads to within the site."
        self.page.goto(address, wait_until='load')
        self.page.evaluate(load_all)
        found = self.seen[address] = self.page.evaluate(look)
        for name in found['unseen']: self.note(f'this picture does not load: {name}')
        for text in found['raw']: self.note(f'mathematics is not set: {text}')
        self.page.evaluate(self.axe)
        for fault in self.page.evaluate(check): self.note(fault)
        for over, what in found['wide'][:1]: self.note(f'{over:.0f} pixels wider than the window: {what}')
        if self.pictures: self.take(re.sub(r'\W+', '-', address.removeprefix(self.home)) or 'cover')
        here = [link for link in found['links'] if link.startswith(self.home.removesuffix(base))]
        for link in here:
            if not link.startswith(self.home): self.note(f'this link leaves the site: {link}')
        return [link for link in here if link.startswith(self.home)]

    def take(self, name):
        self.page.screenshot(path=self.pictures/f'{name}-{self.page.viewport_size["width"]}.png', full_page=True)

    def read_all(self):
        "Look at every page that the cover leads to, however far away; check the places that links name."
        todo, links = [self.home + 'index.html'], []
        while todo:
            address = todo.pop()
            if address in self.seen: continue
            new = [(address, *urldefrag(link)) for link in self.read(address)]
            links += new
            todo += [to for _, to, _ in new if to.endswith('.html')]
        for at, to, place in dict.fromkeys(links):
            if not to.endswith(('.html', '/')) and to not in self.seen:
                self.seen[to], got = dict(names=[]), self.page.request.get(to)
                if not got.ok: self.faults.append(f'{at.removeprefix(self.home)}: {got.status}: {to}')
            to = to + 'index.html' if to.endswith('/') else to
            if place and to in self.seen and unquote(place) not in self.seen[to]['names']:
                self.faults.append(f'{at.removeprefix(self.home)}: no such place: {to.removeprefix(self.home)}#{place}')
        return len(links)

    def search(self, word):
        "Look for a word as one does, by typing it; returns what the first answer is called."
        self.page.goto(self.home + 'index.html')
        self.page.locator('.smalldocs-search input:visible').first.fill(word)
        answer = self.page.locator('.search-result').first
        answer.wait_for(timeout=5000)
        return answer.inner_text().splitlines()[0]


def answer(route, home, asked):
    "A reader needs this server and no other."
    url = route.request.url
    if url.startswith((home, 'data:', 'blob:')): return route.continue_()
    asked.append(url)
    route.abort()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--pictures', type=Path, metavar='FOLDER', help='take a picture of each page')
    parser.add_argument('--dark', action='store_true', help='prefer the dark colours')
    args = parser.parse_args()
    if args.pictures: args.pictures.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, browsers)), None)
    if not program: sys.exit('no Chromium: on Debian, apt-get install chromium')
    asked, faults, axe = [], [], npm_files('axe-core@4.14.1', 'axe.min.js')['axe.min.js'].decode()
    with served(root/'_docs') as home, sync_playwright() as play:
        with play.chromium.launch(executable_path=program, args=flags) as browser:
            for width in 1280, 390:
                context = browser.new_context(viewport={'width': width, 'height': 844},
                                              color_scheme='dark' if args.dark else 'light')
                context.route('**/*', lambda route: answer(route, home, asked))
                reader = Reader(context, home, axe, args.pictures)
                links = reader.read_all()
                unread = {p.relative_to(root/'_docs').as_posix() for p in (root/'_docs').rglob('*.html')}
                unread -= {address.removeprefix(home) for address in reader.seen}
                if unread: reader.faults.append(f'no link leads to {", ".join(sorted(unread))}')
                if width > 600: print(f"a search for 'beam' finds first: {reader.search('beam')}")
                print(f'{width} pixels: {len(reader.seen)} pages, {links} links, {len(reader.faults)} faults',
                      *dict.fromkeys(reader.faults), sep='\n', flush=True)
                faults += reader.faults
    for url in dict.fromkeys(asked): print(f'asked of another server: {url}')
    if faults or asked: sys.exit(1)


if __name__ == '__main__': main()
