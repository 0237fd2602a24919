"""Build the site into _docs/: nbdev prepares the notebooks, smalldocs makes the pages from them and _quarto.yml.

The page that captions in the browser is made from the installed model."""
import re
import shutil
import sys
from pathlib import PurePosixPath

from nbdev.config import get_config
from nbdev.quarto import refresh_quarto_yml
from nbdev.serve import proc_nbs
from smalldocs.config import load
from smalldocs.site import Site

from image_captioner.apps.browser import make_page
from image_captioner.inference import Captioner, NOTES

known = re.compile(r'.*: output-file is not read by smalldocs') # `Book` reads it


class Book(Site):
    "A site whose pages have the names that nbdev gives them, and whose links to these are relative."

    def read(self, src):
        page = super().read(src)
        page.out = page.out.with_name(page.front.get('output-file', page.out.name))
        return page

    def find_page(self, target):
        "Find a page by its notebook, or by its name in the site."
        named = {page.out: page for page in self.pages.values()}
        return named.get(PurePosixPath(target)) or super().find_page(target)

    def resolve(self, href, page, record=True):
        "Names in the text are linked by nbdev with the address of the site."
        here = href.replace(self.project.website['site-url'] + '/', '/', 1)
        return super().resolve(here, page, record and not here.startswith('/live/')) # which is made later


if __name__ == '__main__':  # the notebooks are processed in processes that read this file again
    refresh_quarto_yml()
    cfg = get_config()
    site = Book(load(proc_nbs(force=True)), quiet=True)
    print(f'{site.build()} pages in {cfg.doc_path.name}/')
    shutil.rmtree(cfg.doc_path, ignore_errors=True)
    shutil.move(site.out, cfg.doc_path)
    cover = make_page(Captioner.load(engine='onnx'), cfg.doc_path/'live', NOTES['everyday'])/'index.html'
    text = cover.read_text(encoding='utf-8').replace(site.project.website['site-url'] + '/', '../')
    cover.write_text(text, encoding='utf-8')
    warnings = [w for w in site.warnings if not known.fullmatch(w)]
    if warnings: sys.exit('\n'.join(warnings))
