"""Make README.md from nbs/index.ipynb; with --check, only say whether it is in step."""
import json
import posixpath
import re
import sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
note = '<!-- Made from nbs/index.ipynb by .ci/readme.py: edit the notebook, not this file. -->'


def from_root(markdown):
    "Turn links and pictures relative to nbs/ into ones relative to the README."
    return re.sub(r'(\]\(|\bsrc="|\bhref=")(?![\w+.-]+:|[#/])([^)"\s]+)',
                  lambda m: m[1] + posixpath.normpath('nbs/' + m[2]), markdown)


def fenced(text, language=''):
    "Put `text` into a fence."
    return f'```{language}\n{text.rstrip()}\n```'


def shown(output):
    "The markdown for one stored output: markdown as it is, text in a fence."
    data = output.get('data', {})
    if 'image/png' in data:
        sys.exit('nbs/index.ipynb: a cell draws a picture; show a committed file from a markdown cell instead')
    if 'text/markdown' in data: return from_root(''.join(data['text/markdown']))
    return fenced(''.join(output.get('text') or data.get('text/plain', [])))


def blocks(cell):
    "The markdown blocks for one cell; none for a hidden one."
    source = ''.join(cell['source']).strip()
    if cell['cell_type'] == 'markdown': return [from_root(source)]
    if cell['cell_type'] == 'raw':
        front = dict(re.findall(r'^(title|description):\s*[\'"]?(.+?)[\'"]?\s*$', source, re.M))
        return [mark + front[key] for mark, key in (('# ', 'title'), ('> ', 'description')) if key in front]
    if re.search(r'^#\s*\|\s*(hide|include:\s*false)\s*$', source, re.M): return []
    code = re.sub(r'^#\s*\|.*\n?', '', source, flags=re.M).strip()
    return [fenced(code, 'python')] * bool(code) + [shown(output) for output in cell['outputs']]


cells = json.loads((root/'nbs/index.ipynb').read_text(encoding='utf-8'))['cells']
parts, code = [note], '```python\n'
for block in (block for cell in cells for block in blocks(cell)):
    if block.startswith(code) and parts[-1].startswith(code): # two cells in a row: one piece
        parts[-1] = parts[-1].removesuffix('```') + '\n' + block.removeprefix(code)
    else: parts.append(block)
text = '\n\n'.join(parts) + '\n'
readme = root/'README.md'
if '--check' not in sys.argv: readme.write_text(text, encoding='utf-8')
elif not readme.exists() or readme.read_text(encoding='utf-8') != text:
    sys.exit('README.md is not in step with nbs/index.ipynb: run python .ci/readme.py')
