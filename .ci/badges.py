"""Give each notebook its badges, and the cell that makes it run elsewhere. Running this again changes nothing."""
import json
import re
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

install = f'''\
#| hide
#| eval: false
if 'google.colab' in str(get_ipython()): # the book and its package come first
    !git clone -q --depth 1 {cfg["git_url"]}
    !pip install -q './{cfg["repo"]}[dev]'
    !apt-get -qq install -y openjdk-17-jre-headless
    %cd {cfg["repo"]}/{{folder}}

def leave_out(lines): # when all cells are run; delete these lines to run the long ones too
    long = any(line.startswith(('#| slow', '#| eval: false')) for line in lines)
    return ["print('left out: it takes long, or needs a data set')"] if long else lines

get_ipython().input_transformers_cleanup.append(leave_out)'''


def cell(kind, name, text):
    "A cell whose id depends on its name alone."
    made = dict(cell_type=kind, id=sha256(name.encode()).hexdigest()[:8], metadata={}, source=text.splitlines(True))
    if kind == 'code': made |= dict(execution_count=None, outputs=[])
    return dict(sorted(made.items())) # as nbdev_clean leaves it


for file in sorted((root/'nbs').rglob('*.ipynb')):
    path = file.relative_to(root)
    if re.search(r'(^|/)[_.]', path.as_posix()): continue
    names = {'path': path.as_posix(), 'quoted': quote(path.as_posix(), safe=''), 'folder': path.parent.as_posix()}
    made = [cell('markdown', f'badges {path.name}', badges.format(**names)),
            cell('code', f'install {path.name}', install.format(**names))]
    text = file.read_text(encoding='utf-8')
    nb = json.loads(text)
    ours = {c['id'] for c in made}
    cells = [c for c in nb['cells'] if c.get('id') not in ours]
    title = next(i for i, c in enumerate(cells) if c['cell_type'] == 'markdown')
    nb['cells'] = cells[:title + 1] + made + cells[title + 1:]
    new = json.dumps(nb, indent=1, ensure_ascii=False) + '\n'
    if new != text: file.write_text(new, encoding='utf-8')
