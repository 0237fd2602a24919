"""Figures that answer: `%run figures/live.py` gives a notebook `live`, which makes one.

A figure is a picture for where no program runs (GitHub, paper), data that the notebook computes, and plain JavaScript,
live.js and NAME.js of this folder. All of it stands in the cell's output: it needs no other file and no network.
Those of `MODEL` run the model of the site's own page, too; where that does not lie beside the book's, the picture stays.
"""
import html
import json
import os
from io import BytesIO
from pathlib import Path

import matplotlib.pyplot as plt
from IPython.display import HTML
from PIL import Image

from image_captioner.core.images import data_uri

here = Path(__file__).resolve().parent
model_at = os.path.relpath(here.parent/'live').replace(os.sep, '/') + '/' # from the notebook's page to the model's
MODEL = 'word', 'erase'
PLAY = {True: 'on the site it is one to play with, and the model runs in your browser',
        False: 'on the site, or in a notebook that you trust, it is one to\nplay with'}


def program(name):
    "What a browser runs for a figure."
    parts = 'live', *['model'] * (name in MODEL), name
    return '\n'.join((here/f'{part}.js').read_text(encoding='utf-8') for part in parts)


def style(name):
    "How a figure looks."
    parts = 'live', *['model'] * (name in MODEL)
    return ''.join((here/f'{part}.css').read_text(encoding='utf-8') for part in parts)


def still(photographs=False):
    "The current figure of matplotlib as a PNG of 32 colours, or as a JPEG; closes it."
    plt.savefig(drawn := BytesIO(), format='png', dpi=80, bbox_inches='tight')
    plt.close()
    image = Image.open(drawn).convert('RGB')
    return data_uri(image) if photographs else data_uri(image.quantize(32), 'PNG')


def live(name, data, alt, caption):
    "The figure NAME.js makes of `data`; the current figure of matplotlib, described by `alt`, is its still picture."
    if name in MODEL: data = dict(live=model_at) | data
    data = json.dumps(data, ensure_ascii=False, separators=(',', ':')).replace('<', '\\u003c')
    return HTML(f'''<figure class="live" data-live="{name}" data-lm-suppress-shortcuts="true">
<style>{style(name)}</style>
<img class="still" src="{still(name in MODEL)}" alt="{html.escape(alt)}">
<figcaption>{caption} <small class="still">(A still picture: {PLAY[name in MODEL]}.)</small></figcaption>
<script type="application/json">{data}</script>
<script type="module">
{program(name)}</script>
</figure>''')
