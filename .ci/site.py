"""Build the site into _docs/: nbdev prepares the notebooks, smalldocs makes the pages from them and _quarto.yml.

The page that captions in the browser is made from the installed model."""
import hashlib
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from html import unescape
from io import BytesIO
from pathlib import PurePosixPath

from fontTools.subset import main as subset
from nbdev.config import get_config
from nbdev.quarto import refresh_quarto_yml
from nbdev.serve import proc_nbs
from PIL import Image
from smalldocs.config import load
from smalldocs.layout import KATEX
from smalldocs.site import Site

from image_captioner.apps.browser import make_page, npm_files
from image_captioner.inference import NOTES, Captioner

known = re.compile(r'.*: output-file is not read by smalldocs') # `Book` reads it

# The one thing for which the pages need Bootstrap's 80 kB of scripts: parts of the menu open and close.
fold = """addEventListener('click', event => {
  const opener = event.target.closest('[data-bs-toggle=collapse]')
  if (!opener) return
  event.preventDefault()
  const name = opener.dataset.bsTarget, open = document.querySelector(name).classList.toggle('show')
  for (const each of document.querySelectorAll(`[data-bs-target="${name}"]`)) {
    each.classList.toggle('collapsed', !open)
    each.setAttribute('aria-expanded', open)
  }
})
"""


def unlinked(code):
    "nbdev links names in a signature's comments, too, where a link would be read as it is written."
    return re.sub(r'\[(`[^`]+`)\]\(https?:[^)]+\)', r'\1', code[0])


def any_scheme(text):
    "A program that changes the colours by links to styles does so by the styles in the page, too."
    return text.replace('link.quarto-color-scheme', '.quarto-color-scheme')


class Book(Site):
    "A site whose pages have the names that nbdev gives them, and whose links to these are relative."

    def read(self, src):
        page = super().read(src)
        page.out = page.out.with_name(page.front.get('output-file', page.out.name))
        page.body = re.sub(r'(?ms)^```python\n.*?^```', unlinked, page.body)
        page.body = re.sub(r'\[(`_\w+`)\]\(https?:[^)]+\)', r'\1', page.body) # what is private has no place of its own
        return page

    def find_page(self, target):
        "Find a page by its notebook, or by its name in the site."
        named = {page.out: page for page in self.pages.values()}
        return named.get(PurePosixPath(target)) or super().find_page(target)

    def resolve(self, href, page, record=True):
        "Names in the text are linked by nbdev with the address of the site."
        here = href.replace(self.project.website['site-url'] + '/', '/', 1)
        return super().resolve(here, page, record and not here.startswith('/live/')) # which is made later


class Finish:
    "What a page still needs: all that it waits for within itself, and nothing from another server."

    def __init__(self, out):
        self.out, self.libs, self.faults = out, out/'site_libs', []
        (out/'figures').mkdir(exist_ok=True)

    def picture(self, found):
        "A picture of a cell, or of the text, in a small file, with its size, so that nothing moves when it comes."
        data = b64decode(found['data']) if found['data'] else (self.page.parent/unescape(found['file'])).read_bytes()
        image, path = Image.open(BytesIO(data)), self.out/'figures'/hashlib.sha256(data).hexdigest()[:12]
        path = path.with_suffix('.webp' if image.format == 'PNG' else '.jpg')
        if image.format == 'PNG': image.save(path, lossless=True)
        else: path.write_bytes(data)
        tag = re.sub(r' (width|height)="[^"]*"', '', found[0].replace(found['src'], self.to(path)))
        if not re.search(r'\balt="[^"]', tag):
            self.faults.append(f'{self.page.relative_to(self.out)}: a picture has no text: give its cell `#| fig-alt:`')
        when = 'loading="lazy"' if self.begun else 'fetchpriority="high"' # the first one of a page comes at once
        self.begun = True
        return f'{tag[:-1]} width="{image.width}" height="{image.height}" {when}>'

    def to(self, path):
        "The address of a file for the page."
        return os.path.relpath(path, self.page.parent)

    def page_of(self, path):
        "Rewrite one page."
        self.page, self.begun, text = path, False, path.read_text(encoding='utf-8')
        text = re.sub(r'<script src="([^"]+)"></script>', r'<script src="\1" defer></script>', text) # in their order
        text = text.replace('bootstrap/bootstrap.bundle.min.js', 'fold.js')
        # what scrolls must be reached with a keyboard
        text = re.sub(r'<pre\b|<span class="math display"|<div class="(sd-table|cell-output cell-output-display)"'
                      r'(?=>\s*<(?!pre|img|div class="quarto))', r'\g<0> tabindex="0"', text)
        text = re.sub(r'<img alt="(Open in \w+)" src="https:[^>]+>', r'<span class="open-in">\1</span>', text)
        text = re.sub(r'<img\b(?=[^>]*\b(?:img-fluid|align)\b)[^>]*?src="(?P<src>data:image/\w+;base64,(?P<data>[^"]+)|'
                      r'(?P<file>(?!https?:|data:)[^"]+\.(?:png|jpg)))"[^>]*>', self.picture, text)
        # a third of the elements: operators, and strings in three parts
        text = re.sub(r'<span class="(?:op|bu)">([^<]*)</span>', r'\1', text)
        text = re.sub(r'<span class="(\w\w)">[^<]*</span>(?:<span class="\1">[^<]*</span>)+',
                      lambda run: f'<span class="{run[1]}">{re.sub("<[^>]*>", "", run[0])}</span>', text)
        path.write_text(text.replace(KATEX, self.to(self.libs/'katex')), encoding='utf-8')

    def all(self):
        "Rewrite all pages; returns what is missing."
        pages = sorted(self.out.rglob('*.html'))
        for path in pages: self.page_of(path)
        needed = r'dist/(katex\.min\.(css|js)|contrib/auto-render\.min\.js|fonts/.*woff2)'
        for name, data in npm_files(re.search('katex@[0-9.]+', KATEX)[0], needed).items():
            to = self.libs/'katex'/name.removeprefix('dist/')
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(data)
        shutil.rmtree(self.libs/'bootstrap')
        (self.libs/'fold.js').write_text(fold, encoding='utf-8')
        script = self.libs/'smalldocs.js'
        script.write_text(any_scheme(script.read_text(encoding='utf-8')), encoding='utf-8')
        self.shorten()
        for path in pages: self.dress(path)
        return self.faults

    def shorten(self):
        "Leave out of the styles what no page uses: nine tenths of Bootstrap and of its icons."
        used = [*self.out.rglob('*.html'), self.libs/'smalldocs.js', self.libs/'fold.js']
        for style in *self.libs.glob('*/*.css'), self.libs/'smalldocs.css':
            if style.parent.name == 'katex': continue
            call = ['npx', '--yes', 'purgecss@8.0.0', '--css', style, '--content', *used, '--output', style.parent]
            subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
            text = re.sub(r'@import url\([^)]*\);?', '', style.read_text(encoding='utf-8')) # the reader's own fonts do
            style.write_text(text, encoding='utf-8')
        icons, own = self.libs/'bootstrap-icons'/'bootstrap-icons.min.css', self.libs/'smalldocs.css'
        text = icons.read_text(encoding='utf-8')
        signs = re.findall(r'content:\s*"\\(f\w{3})"', text + own.read_text(encoding='utf-8'))
        font = icons.parent/'fonts'/'bootstrap-icons.woff2'
        subset([str(font), f'--output-file={font}', '--flavor=woff2', '--unicodes=' + ','.join(signs)])
        data = f'src:url(data:font/woff2;base64,{b64encode(font.read_bytes()).decode()})'
        icons.write_text(re.sub(r'src:url\([^}]*', data, text), encoding='utf-8')
        shutil.rmtree(font.parent)

    def dress(self, path):
        "Put the styles into the page, but for the dark one, for which a page in light colours does not wait."
        self.page = path
        def style(found):
            if 'data-mode="dark"' in found[0] or 'katex' in found[0]: return found[0]
            kept = ' '.join(re.findall(r'(?:data-mode|class|id|media)="[^"]*"', found[0]))
            return f'<style {kept}>{(path.parent/found[1]).read_text(encoding="utf-8")}</style>'
        text = any_scheme(path.read_text(encoding='utf-8'))
        text = re.sub(r'<link rel="stylesheet" href="([^"]+)"[^>]*>', style, text)
        path.write_text(text, encoding='utf-8')
        for tag in re.findall(r'<link rel="stylesheet"[^>]*>|<script src="[^>]*>', text):
            if not re.search(r'defer>|media="\(prefers-color-scheme: dark\)"|katex', tag):
                self.faults.append(f'{path.relative_to(self.out)}: a reader waits for {tag}')


if __name__ == '__main__':  # the notebooks are processed in processes that read this file again
    refresh_quarto_yml()
    cfg = get_config()
    site = Book(load(proc_nbs(force=True)), quiet=True)
    print(f'{site.build()} pages in {cfg.doc_path.name}/')
    shutil.rmtree(cfg.doc_path, ignore_errors=True)
    shutil.move(site.out, cfg.doc_path)
    warnings = [*(w for w in site.warnings if not known.fullmatch(w)), *Finish(cfg.doc_path).all()]
    cover = make_page(Captioner.load(engine='onnx'), cfg.doc_path/'live', NOTES['everyday'])/'index.html'
    text = cover.read_text(encoding='utf-8').replace(site.project.website['site-url'] + '/', '../')
    cover.write_text(text, encoding='utf-8')
    if warnings: sys.exit('\n'.join(warnings))
