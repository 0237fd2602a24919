"""The table of the house: its modules, which way they import, and its notebooks; fails where a bound is broken."""
import ast
import json
import posixpath
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from statistics import median, quantiles

from IPython.core.inputtransformer2 import TransformerManager
from nbdev.process import NBProcessor

root = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root))
from conftest import code, holds_check  # noqa: E402

package = 'image_captioner'
most = dict(module=350, klass=90, function=40, total=10100, line=120, lesson=88, cell=60, p90=15)

# A module imports only from those that stand before it.
order = '''
core.errors core.registry core.files core.settings core.devices core.images core.pages core.loading
vocab data sources.shapes sources.web sources.hub sources.catalog sources.layouts
engine.java engine.mentions engine.evidence engine.bundle
engine.backbones engine.runtime engine.features engine.distributed engine.loop engine.resuming
engine.watching model attention engine.cider engine.checkpoint engine.run training search inference engine.light evaluation
stages.adapting stages.refining stages.finetuning stages.calibrating
apps.entry apps.options apps.page apps.bulk apps.report apps.server apps.cluster
apps.eight_bits apps.export apps.inside apps.browser apps.convert apps.metadata
benchmarks.floor benchmarks.plain benchmarks.bench
apps.caption_command apps.alt_command apps.info_command apps.model_commands apps.train_commands __main__
'''.split()

Module = namedtuple('Module', 'name lines klass function up')
Notebook = namedtuple('Notebook', 'name cells prose median p90 longest hidden checks')


def rank(name, names): return names.index(name) if name in names else len(names)


def imported(tree, name):
    "The modules of this package that a module imports, anywhere in it."
    here = name.split('.')
    for node in ast.walk(tree):
        if isinstance(node, ast.Import): found = [alias.name.split('.') for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [package, *here[:-node.level]] if node.level else []
            found = [[*base, *filter(None, (node.module or '').split('.')), alias.name] for alias in node.names]
        else: continue
        for first, *rest in found:
            if first != package: continue
            for end in len(rest), len(rest) - 1: # what is imported may be a module, or a name in one
                if (to := '.'.join(rest[:end])) in order: yield to; break
            else:
                if rest != ['__version__']: yield '.'.join(rest) or package


def modules():
    "Each module's figures, and what is wrong with it."
    paths = [path for path in (root/package).rglob('*.py') if path.stem not in ('_modidx', '__init__')]
    names = {'.'.join(path.relative_to(root/package).with_suffix('').parts): path for path in paths}
    for name, path in sorted(names.items(), key=lambda item: rank(item[0], order)):
        text = path.read_text(encoding='utf-8')
        tree, faults = ast.parse(text), []
        sizes = {kind: [(n.end_lineno - n.lineno + 1, n.name) for n in ast.walk(tree) if isinstance(n, types)]
                 for kind, types in dict(klass=ast.ClassDef, function=(ast.FunctionDef, ast.AsyncFunctionDef)).items()}
        lines = text.count('\n')
        up = [to for to in dict.fromkeys(imported(tree, name)) if to not in order[:rank(name, order)]]
        faults += [f'{name} imports {to}, which does not stand before it in the order of .ci/house.py' for to in up]
        if name not in order: faults.append(f'{name} has no place in the order of .ci/house.py')
        if lines > most['module']: faults.append(f'{name}: {lines} lines, and at most {most["module"]} are allowed')
        faults += [f'{name}.{what}: {n} lines, and at most {most[kind]} are allowed'
                   for kind, found in sizes.items() for n, what in found if n > most[kind]]
        yield Module(name, lines, *(max(found, default=(0,))[0] for found in sizes.values()), len(up)), faults


def size(cell):
    "The cell's lines of code: neither directives nor blank ones."
    return sum(bool(line.strip()) for line in code(cell).splitlines())


def mixes(cell):
    "Do imports stand beside other code? nbdev would run that, too, whenever the site is built; it runs exports anyway."
    try: nodes = ast.parse(TransformerManager().transform_cell(code(cell))).body
    except SyntaxError: return False
    nodes = [n for n in nodes if not (isinstance(n, ast.If) and ast.unparse(n.test) == 'TYPE_CHECKING')]
    if 'export' not in cell.directives_: nodes = [n for top in nodes for n in ast.walk(top) if isinstance(n, ast.stmt)]
    imports = [isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes]
    return any(imports) and not all(imports)


def lost(cell, name):
    "The notebooks and files that the cell links to or names, and that do not exist."
    if cell.cell_type != 'markdown': return
    for link in re.findall(r'\]\((?![\w+.-]+:|#)([^)#\s]+)', cell.source):
        if not (root/'nbs'/posixpath.dirname(name)/link).exists(): yield link
    for path in re.findall(r'(?<![\w/])nbs/[\w/.-]+\.ipynb', cell.source):
        if not (root/path).exists(): yield path


def faults_of(cell, name):
    "What is wrong with a cell, one line for each."
    shown = cell.source if cell.cell_type == 'code' else re.sub(r'\]\([^)]+\)', ']', cell.source) # without addresses
    for line in shown.splitlines():
        if len(line) > most['line'] and not line.startswith(('|', "if 'google.colab'")): # a table's row, Colab's line
            yield f'a line of {len(line)} characters: {line[:60]} ...'
    for block in re.findall(r'```sh\n(.*?)```', cell.source, re.S):
        if '\\\\\n' in block: yield 'two backslashes end a line of a command, which ends the command'
    for link in lost(cell, name): yield f'it names {link}, which does not exist'
    if re.search(r'\bTODO\b', cell.source): yield 'something is to be done'
    if cell.cell_type != 'code':
        for word in re.findall(r'\[`\w+`\](?=\((?!http))', cell.source): yield f'{word}: nbdev links the name, which breaks this link'
        return
    if mixes(cell): yield f'imports beside other code: {cell.source.splitlines()[0]} ...'
    if not re.search(r'^#\s*\|\s*export', cell.source, re.M):
        for line in code(cell).splitlines():
            if len(line) > most['lesson'] and not line.startswith("if 'google.colab'"): yield f'a line of {len(line)} characters in a lesson: {line[:60]} ...'
    if size(cell) > most['cell']: yield f'{size(cell)} lines of code, and at most {most["cell"]} are allowed'


def figures(name, cells):
    "The figures of some cells."
    programs = [cell for cell in cells if cell.cell_type == 'code']
    sizes = [*map(size, programs)]
    hidden = sum(bool(re.search(r'^#\s*\|\s*hide\b', cell.source, re.M)) for cell in programs)
    return Notebook(name, len(cells), 1 - len(programs)/len(cells), median(sizes),
                    quantiles(sizes, n=10, method='inclusive')[-1], max(sizes), hidden, sum(map(holds_check, programs)))


def notebooks():
    "Each notebook's name, its cells, and what is wrong with it."
    listed = re.findall(r'^ *- (\S+\.ipynb)$', (root/'nbs'/'sidebar.yml').read_text(encoding='utf-8'), re.M)
    cover = '\n'.join(c.source for c in NBProcessor(root/'nbs'/'index.ipynb').nb.cells)
    there = [path.relative_to(root/'nbs').as_posix() for path in (root/'nbs').rglob('*.ipynb')]
    there = sorted(name for name in there if not re.search(r'(^|/)[_.]', name))
    for name in sorted(there, key=lambda name: rank(name, listed)):
        cells = [c for c in NBProcessor(root/'nbs'/name, rm_directives=False).nb.cells if c.source.strip()]
        faults = [f'nbs/{name} cell {c.idx_ + 1}: {fault}' for c in cells for fault in faults_of(c, name)]
        title = next(c for c in cells if c.cell_type == 'markdown').source
        if not re.fullmatch(r'# .+\n+> .+\s*', title):
            faults.append(f'nbs/{name}: the first cell is for a title and one line after `>`; the site drops the rest')
        if name not in listed: faults.append(f'nbs/{name}: nbs/sidebar.yml does not list it')
        row = f'| [{title.splitlines()[0][2:]}]({name}) | '
        if name != 'index.ipynb' and row not in cover: faults.append(f'nbs/index.ipynb has no row that begins {row}')
        yield name, cells, faults
    yield '', [], [f'nbs/sidebar.yml lists {name}, which does not exist' for name in listed if name not in there]


def undefined():
    "Names in notebooks that nothing defines. Of cells that are slow no test would tell, and of `import *` no linter."
    known = {'get_ipython': None}
    exec('from fastcore.test import *\nfrom nbdev.showdoc import *', known)
    known |= dict.fromkeys(re.findall(r'^(?:def )?(\w+)(?:\(| = )', (root/'nbs'/'figures'/'live.py').read_text(), re.M))
    check = [sys.executable, '-m', 'ruff', 'check', '--isolated', '--no-cache', '--select=F405', '--output-format=json']
    found = subprocess.run([*check, *(root/'nbs').rglob('[!_.]*.ipynb')], capture_output=True).stdout
    for fault in json.loads(found):
        if not (name := re.search(r'`(\w+)`', fault['message'])) or name[1] not in known:
            yield f'{Path(fault["filename"]).relative_to(root)} cell {fault["cell"]}: {fault["message"]}'


def show(rows):
    "Print rows of one kind below their heads."
    heads = rows[0]._fields[1:]
    print(f'{type(rows[0]).__name__.lower():32}', *(f'{head.replace("klass", "class"):>8}' for head in heads))
    for name, *values in rows:
        texts = (f'{value:.0%}' if head == 'prose' else f'{value:.3g}' if isinstance(value, float) else str(value)
                 for head, value in zip(heads, values))
        print(f'{name:32}', *(f'{text:>8}' for text in texts))


def main():
    rows, faults = map(list, zip(*modules()))
    lines, *largest, up = zip(*(row[1:] for row in rows))
    show([*rows, Module('all', sum(lines), *map(max, largest), sum(up))])
    print()
    names, cells, wrong = zip(*notebooks())
    everything = figures('all', sum(cells, []))
    show([*map(figures, names[:-1], cells[:-1]), everything])
    found = [*sum([*faults, *wrong], []), *undefined()]
    if sum(lines) > most['total']: found.append(f'all modules: {sum(lines)} lines; at most {most["total"]} are allowed')
    if everything.p90 > most['p90']:
        found.append(f'one cell in ten has {everything.p90:g} lines of code or more, and the bound is {most["p90"]}')
    if found: sys.exit('\n'.join(['', *found]))


if __name__ == '__main__': main()
