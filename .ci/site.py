"""Build the site into _docs/: nbdev prepares the notebooks, smalldocs makes the pages from them and _quarto.yml.

The page that captions in the browser is made from the installed model."""
import hashlib
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from html import unescape
from pathlib import PurePosixPath

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


def unlinked(code):
    "nbdev links names in a signature's comments, too, where a link would be read as it is written."
    return re.sub(r'\[(`[^`]+`)\]\(https?:[^)]+\)', r'\1', code[0])


class Book(Site):
    "A site whose pages have the names that nbdev gives them, and whose links to these are relative."

    def read(self, src):
        page = super().read(src)
        page.out = page.out.with_name(page.front.get('output-file', page.out.name))
        page.body = re.sub(r'(?ms)^```python\n.*?^```', unlinked, page.body)
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
    "What a page still needs: pictures in files that load when they are seen, and nothing from another server."

    def __init__(self, out):
        self.out, self.faults = out, []
        (out/'figures').mkdir(exist_ok=True)

    def picture(self, found):
        "A picture of a cell, or of the text, with its size, so that nothing moves when it comes."
        tag, path = found[0], found['file'] and os.path.normpath(self.page.parent/unescape(found['file']))
        if found['data']:
            data = b64decode(found['data'])
            path = self.out/'figures'/f'{hashlib.sha256(data).hexdigest()[:12]}.{found["kind"]}'
            path.write_bytes(data)
            tag = tag.replace(found['src'], os.path.relpath(path, self.page.parent))
        if not re.search(r'\balt="[^"]', tag):
            self.faults.append(f'{self.page.relative_to(self.out)}: a picture has no text: give its cell `#| fig-alt:`')
        width, height = Image.open(path).size
        when = 'loading="lazy"' if self.begun else 'fetchpriority="high"' # the first one of a page comes at once
        self.begun = True
        return f'{tag[:-1]} width="{width}" height="{height}" {when}>'

    def page_of(self, path):
        "Rewrite one page."
        self.page, self.begun, text = path, False, path.read_text(encoding='utf-8')
        text = re.sub(r'<script src="([^"]+)"></script>', r'<script src="\1" defer></script>', text) # in their order
        # what scrolls must be reached with a keyboard
        text = re.sub(r'<pre\b|<div class="(sd-table|cell-output cell-output-display)"(?=>\s*<(?!pre|img|div class="quarto))',
                      r'\g<0> tabindex="0"', text)
        text = re.sub(r'<img alt="(Open in \w+)" src="https:[^>]+>', r'<span class="open-in">\1</span>', text)
        text = re.sub(r'<img\b(?=[^>]*\bimg-fluid\b)[^>]*?src="(?P<src>data:image/(?P<kind>\w+);base64,(?P<data>[^"]+)|'
                      r'(?P<file>(?!https?:|data:)[^"]+\.(?:png|jpg)))"[^>]*>', self.picture, text)
        text = text.replace(KATEX, os.path.relpath(self.out/'site_libs'/'katex', path.parent))
        path.write_text(text, encoding='utf-8')

    def all(self):
        "Rewrite all pages; returns what is missing."
        for path in sorted(self.out.rglob('*.html')): self.page_of(path)
        needed = r'dist/(katex\.min\.(css|js)|contrib/auto-render\.min\.js|fonts/.*woff2)'
        for name, data in npm_files(re.search('katex@[0-9.]+', KATEX)[0], needed).items():
            to = self.out/'site_libs'/'katex'/name.removeprefix('dist/')
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(data)
        for theme in (self.out/'site_libs'/'themes').glob('*.css'): # the reader's own fonts do
            text = re.sub(r'@import url\([^)]*\);?', '', theme.read_text(encoding='utf-8'))
            theme.write_text(text, encoding='utf-8')
        self.shorten()
        return self.faults

    def shorten(self):
        "Leave out of the styles what no page uses: nine tenths of Bootstrap and of its icons."
        libs = self.out/'site_libs'
        used = [*self.out.rglob('*.html'), *libs.rglob('*.js')]
        for style in *(libs/'themes').glob('*.css'), *(libs/'bootstrap-icons').glob('*.css'), libs/'smalldocs.css':
            subprocess.run(['npx', '--yes', 'purgecss@8.0.0', '--css', style, '--content', *used, '--output', style.parent],
                           check=True, stdout=subprocess.DEVNULL)


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
