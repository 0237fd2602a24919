"""Make a notebook run in Colab, which opens it without the book: a hidden cell of each notebook runs this file there.

It fetches the book, installs the package and Java, goes to `folder`, the notebook's own, and leaves out long cells.
"""
import importlib
import os
import subprocess
import sys
from pathlib import Path

book = Path('/content/image_captioner')
commands = (f'git clone -q --depth 1 https://github.com/image-captioner/image_captioner {book}',
            f'{sys.executable} -m pip install -q {book}[dev]',
            'apt-get -qq install -y openjdk-17-jre-headless')


def leave_out(lines):
    "A cell's lines, or a note in their place if it takes long; IPython asks this of each cell before it runs."
    if not any(line.startswith(('#| slow', '#| eval: false')) for line in lines): return lines
    return ["print('left out: it takes long, or needs a data set;',\n",
            "      'get_ipython().input_transformers_cleanup.pop() lets such cells run')\n"]


for command in commands[book.exists():]: subprocess.run(command.split(), check=True)
importlib.invalidate_caches() # of what Python has looked up before it was installed
os.chdir(book/folder) # noqa: F821
get_ipython().input_transformers_cleanup.append(leave_out) # noqa: F821
