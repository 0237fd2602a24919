"""Give each notebook, or those that are named, badges and the line that makes it run in Colab; again, to no effect."""
import json
import re
import sys
from configparser import ConfigParser
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

root = Path(__file__).resolve().parent.parent
config = ConfigParser()
config.read(root/'settings.ini', encoding='utf-8')
cfg = config['DEFAULT']
place = f'{cfg["user"]}/{cfg["repo"]}'
colab, binder = 'https://colab.research.google.com', 'https://mybinder.org'

badges = f'''\
[![Open in Colab]({colab}/assets/colab-badge.svg)]({colab}/github/{place}/blob/{cfg["branch"]}/{{path}})
[![Open in Binder]({binder}/badge_logo.svg)]({binder}/v2/gh/{place}/{cfg["branch"]}?labpath={{quoted}})'''

address = f'{cfg["git_url"]}/raw/{cfg["branch"]}/.binder/colab.py' # which IPython can fetch by itself
install = f'''\
#| hide
#| eval: false
if 'google.colab' in str(get_ipython()): exec(get_ipython().find_user_code('{address}'), {{{{'folder': '{{folder}}'}}}})'''

ours = re.compile(r"\[!\[Open in Colab\]|#\| hide\n#\| eval: false\nif 'google\.colab' in ") # here, and where it was


def cell(kind, path, text):
    "A cell whose id depends on its kind and on the notebook's path alone."
    made = dict(cell_type=kind, id=sha256(f'{kind} {path}'.encode()).hexdigest()[:8], metadata={},
                source=text.splitlines(True))
    if kind == 'code': made |= dict(execution_count=None, outputs=[])
    return dict(sorted(made.items())) # as nbdev_clean leaves it


for file in [Path(name).resolve() for name in sys.argv[1:]] or sorted((root/'nbs').rglob('*.ipynb')):
    path = file.relative_to(root)
    if re.search(r'(^|/)[_.]', path.as_posix()): continue
    names = {'path': path.as_posix(), 'quoted': quote(path.as_posix(), safe=''), 'folder': path.parent.as_posix()}
    made = [cell('markdown', path, badges.format(**names)), cell('code', path, install.format(**names))]
    text = file.read_text(encoding='utf-8')
    nb = json.loads(text)
    cells = [c for c in nb['cells'] if not ours.match(''.join(c['source']))]
    title = next(i for i, c in enumerate(cells) if c['cell_type'] == 'markdown')
    nb['cells'] = cells[:title + 1] + made + cells[title + 1:]
    new = json.dumps(nb, indent=1, ensure_ascii=False) + '\n'
    if new != text: file.write_text(new, encoding='utf-8')
