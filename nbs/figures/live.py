"""Figures that answer: `%run figures/live.py` gives a notebook `live`, which makes one.

A figure is a picture for where no program runs (GitHub, paper), data that the notebook computes, and plain JavaScript,
live.js and NAME.js of this folder. All of it stands in the cell's output: it needs no other file and no network.
"""
import html
import json
from io import BytesIO
from pathlib import Path

import matplotlib.pyplot as plt
from IPython.display import HTML
from PIL import Image

from image_captioner.core.images import data_uri

here = Path(__file__).resolve().parent


def program(name):
    "What a browser runs for a figure."
    return '\n'.join((here/file).read_text(encoding='utf-8') for file in ('live.js', f'{name}.js'))


def still():
    "The current figure of matplotlib as a PNG of 32 colours; closes it."
    plt.savefig(drawn := BytesIO(), format='png', dpi=80, bbox_inches='tight')
    plt.close()
    return data_uri(Image.open(drawn).convert('RGB').quantize(32), 'PNG')


def live(name, data, alt, caption):
    "The figure NAME.js makes of `data`; the current figure of matplotlib, described by `alt`, is its still picture."
    data = json.dumps(data, ensure_ascii=False, separators=(',', ':')).replace('<', '\\u003c')
    return HTML(f'''<figure class="live" data-live="{name}" data-lm-suppress-shortcuts="true">
<style>{(here/'live.css').read_text(encoding='utf-8')}</style>
<img class="still" src="{still()}" alt="{html.escape(alt)}">
<figcaption>{caption} <small class="still">(A still picture: on the site, or in a notebook that you trust, it is one to
play with.)</small></figcaption>
<script type="application/json">{data}</script>
<script type="module">
{program(name)}</script>
</figure>''')
