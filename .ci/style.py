"""Measure the notebooks and hold them to the house's bounds: cells, prose, lines of code, hidden cells, checks."""
import ast
import re
import sys
from collections import namedtuple
from pathlib import Path
from statistics import median, quantiles

from IPython.core.inputtransformer2 import TransformerManager
from nbdev.process import NBProcessor

root = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root))
from conftest import code, holds_check  # noqa: E402

longest_line, longest_cell = 120, 150 # the longest cells are classes, which stay whole
Row = namedtuple('Row', 'notebook cells prose median p90 longest hidden checks')


def lines(cell):
    "The cell's lines of code: neither directives nor blank ones."
    return [line for line in code(cell).splitlines() if line.strip()]


def mixes(cell):
    "Do imports stand beside other code? nbdev would run that, too, whenever the site is built; it runs exports anyway."
    try: nodes = ast.parse(TransformerManager().transform_cell(code(cell))).body
    except SyntaxError: return False
    nodes = [n for n in nodes if not (isinstance(n, ast.If) and ast.unparse(n.test) == 'TYPE_CHECKING')]
    if 'export' not in cell.directives_: nodes = [n for top in nodes for n in ast.walk(top) if isinstance(n, ast.stmt)]
    imports = [isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes]
    return any(imports) and not all(imports)


def faults(cell, name):
    "What breaks a bound in this cell, one line for each."
    where = f'nbs/{name} cell {cell.idx_ + 1}'
    for line in cell.source.splitlines():
        if len(line) > longest_line and not line.startswith(('|', '[![')): # a table's row, a badge
            yield f'{where}: a line of {len(line)} characters: {line[:60]} ...'
    for block in re.findall(r'```sh\n(.*?)```', cell.source, re.S):
        if '\\\\\n' in block: yield f'{where}: two backslashes end a line of a command, which ends the command'
    if cell.cell_type != 'code': return
    if mixes(cell): yield f'{where}: imports beside other code: {cell.source.splitlines()[0]} ...'
    if len(lines(cell)) > longest_cell: yield f'{where}: {len(lines(cell))} lines of code'


def row(name, cells):
    "The figures of these cells."
    programs = [cell for cell in cells if cell.cell_type == 'code']
    sizes = [len(lines(cell)) for cell in programs]
    return Row(name, len(cells), f'{1 - len(programs)/len(cells):.0%}', f'{median(sizes):g}',
               f'{quantiles(sizes, n=10, method="inclusive")[-1]:.0f}', max(sizes),
               sum(bool(re.search(r'^#\s*\|\s*hide\b', cell.source, re.M)) for cell in programs),
               sum(map(holds_check, programs)))


if __name__ == '__main__':
    rows, everything, found = [Row._fields], [], []
    for path in sorted((root/'nbs').rglob('*.ipynb')):
        name = path.relative_to(root/'nbs').as_posix()
        if re.search(r'(^|/)[_.]', name): continue
        cells = [cell for cell in NBProcessor(path, rm_directives=False).nb.cells if cell.source.strip()]
        rows.append(row(name, cells))
        everything += cells
        found += [fault for cell in cells for fault in faults(cell, name)]
        title = next(cell for cell in cells if cell.cell_type == 'markdown').source
        if not re.fullmatch(r'# .+\n+> .+\s*', title):
            found.append(f'nbs/{name}: the first cell is for a title and one line after `>`; the site drops the rest')
    rows.append(row('all', everything))
    for r in rows: print(f'{r[0]:24}', *(f'{value:>8}' for value in r[1:]))
    if found: sys.exit('\n'.join(found))
