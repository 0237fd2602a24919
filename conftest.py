"""Collect the notebooks in nbs/ as tests: a code cell that holds a check is one test, run after all cells before it."""
import ast
import contextlib
import ctypes
import gc
import linecache
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path
from unittest import mock

import pytest
from execnb.nbio import write_nb
from execnb.shell import CaptureShell
from fastcore.basics import str2bool
from IPython.core.inputtransformer2 import TransformerManager
from nbdev.clean import clean_nb
from nbdev.config import get_config
from nbdev.frontmatter import FrontmatterProc
from nbdev.process import NBProcessor

root = Path(__file__).resolve().parent
folders = root, sys.prefix, Path.home(), tempfile.gettempdir()
private = re.compile(f"({'|'.join(re.escape(str(f)) for f in folders if len(Path(f).parts) > 1)})(?![\\w-])")


def pytest_addoption(parser):
    group = parser.getgroup('notebooks')
    group.addoption('--slow', action='store_true', help='also run the cells marked `#| slow`')
    group.addoption('--save-outputs', action='store_true', help='run all cells and store their outputs')


def pytest_configure(config):
    os.environ['IN_TEST'] = '1'  # as nbdev_test does: a cell that exports does nothing then


def pytest_sessionfinish():
    "Keep what coverage has seen: a worker that needs more than ten seconds to end is killed."
    if 'COVERAGE_PROCESS_START' not in os.environ: return
    import coverage
    if measured := coverage.Coverage.current(): measured.save()


def pytest_xdist_auto_num_workers(config):
    "Notebooks are shared out among up to four processes of one thread each; one alone has the machine for itself."
    cores = os.cpu_count() or 1
    if cores == 1 or len(config.args) == 1 and '.ipynb' in config.args[0]: return 0
    os.environ.setdefault('OMP_NUM_THREADS', '1')
    return min(4, cores)


def pytest_collection_modifyitems(items):
    "What uses the whole package takes longest, so it comes first: no process is left alone with it in the end."
    whole = 'tutorials', 'benchmarks', 'proofs', 'apps'
    items.sort(key=lambda item: item.path.parent.name not in whole)


def pytest_collect_file(file_path, parent):
    "Take every notebook that nbdev takes: not those below a name that starts with `_` or `.`."
    if file_path.suffix != '.ipynb' or re.search(r'(^|/)[_.]', file_path.relative_to(root).as_posix()): return
    return Notebook.from_parent(parent, path=file_path)


def code(cell):
    "The cell's source without its directives, so that a cell magic comes first."
    return re.sub(r'\A(\s*#\s*\|.*(\n|\Z))+', '', cell.source)


def holds_check(cell):
    "Does running this cell run an `assert` or call a `test_*` function? (Defining one does not.)"
    try: nodes = [ast.parse(TransformerManager().transform_cell(code(cell)))]
    except SyntaxError: return False
    for node in nodes:
        if isinstance(node, ast.Assert): return True
        if isinstance(node, ast.Call) and getattr(node.func, 'id', '').startswith('test_'): return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            nodes.extend(ast.iter_child_nodes(node))
    return False


def never_runs(cell):
    "Cells that nbdev_test never runs."
    return (cell.cell_type != 'code' or 'nbdev_export(' in cell.source
            or cell.directives_.get('eval:', [''])[0].lower() == 'false')


class Lines:
    "Compiles an exported cell as the lines of the package that it becomes, so that coverage counts these."

    def __init__(self, shell, notebook):
        self.places, self.cell, self.name = {}, None, shell.compile.get_code_name
        for file in (root/get_config(path=root).lib_path.name).rglob('*.py'):
            for number, line in enumerate(file.read_text(encoding='utf-8').splitlines(), 1):
                found = re.fullmatch(r'# %% (\S+) #(\w+)', line)
                if found and (file.parent/found[1]).resolve() == notebook: self.places[found[2]] = str(file), number
        shell.compile.get_code_name = self.code_name
        shell.ast_transformers.append(self)

    def code_name(self, *args): return self.places.get(self.cell and self.cell.get('id'), [self.name(*args)])[0]

    def visit(self, tree): # as IPython calls a transformer
        if place := self.places.get(self.cell and self.cell.get('id')):
            linecache.cache.pop(place[0], None)  # IPython put the cell's text there
            ast.increment_lineno(tree, place[1])
        return tree


class Notebook(pytest.File):
    "A notebook whose cells run once, in order, in one shell."

    def collect(self):
        self.nb = NBProcessor(self.path, rm_directives=False).nb
        front = NBProcessor(self.path, procs=FrontmatterProc, process=True).nb.get('frontmatter_', {})
        if str2bool(front.get('skip_exec', False)): return
        flags = set(get_config(path=root).tst_flags.split()) - {'slow' if self.config.getoption('slow') else ''}
        self.todo = [c for c in self.nb.cells if not never_runs(c) and not flags & c.directives_.keys()]
        if not self.todo: return
        last, heading = self.todo[-1].idx_ + 1, ''
        if self.config.getoption('save_outputs'):
            yield Cells.from_parent(self, name='save outputs', stop=last)
            return
        checked = 0
        for cell in self.nb.cells:
            if cell.cell_type == 'markdown': heading = (re.findall(r'^#+ +(.+)', cell.source, re.M) or [heading])[-1]
            if never_runs(cell) or not holds_check(cell): continue
            item = Cells.from_parent(self, name=f'cell {cell.idx_ + 1}: {heading}', stop=cell.idx_ + 1)
            if skipped := flags & cell.directives_.keys(): item.add_marker(pytest.mark.skip(f'#| {min(skipped)}'))
            else: checked = item.stop
            yield item
        if checked < last: yield Cells.from_parent(self, name='the remaining cells', stop=last)

    def setup(self):
        self.failed, self.cwd, self.environ = None, Path.cwd(), dict(os.environ)
        os.chdir(self.path.parent)
        self.shell = CaptureShell(self.path, mpl_format='png')
        self.lines = Lines(self.shell, self.path) if 'COVERAGE_PROCESS_START' in os.environ else None

    def teardown(self):  # the next notebook, in the same process, finds nothing of this one
        mock.patch.stopall()
        os.environ.clear(); os.environ.update(self.environ)
        os.chdir(self.cwd)
        self.shell = None
        gc.collect()  # a worker would grow to five gigabytes
        with contextlib.suppress(OSError, AttributeError): ctypes.CDLL('libc.so.6').malloc_trim(0)

    def run(self, stop):
        "Run the cells up to number `stop` that have not run yet."
        if self.failed: pytest.fail(f'an earlier cell failed: cell {self.failed}', pytrace=False)
        while self.todo and self.todo[0].idx_ < stop:
            cell = self.todo.pop(0)
            if self.lines: self.lines.cell = cell
            outputs = self.shell.run(code(cell))
            cell.outputs = [o for o in outputs if o.get('name') != 'stderr']  # progress bars and warnings are not kept
            if self.shell.exc: self.fail(cell, self.shell.exc)

    def fail(self, cell, error):
        "Show the cell and the traceback from the cell on."
        if isinstance(error, (KeyboardInterrupt, pytest.skip.Exception)): raise error
        self.failed, trace = cell.idx_ + 1, error.__traceback__
        while trace and '/IPython/' in Path(trace.tb_frame.f_code.co_filename).as_posix(): trace = trace.tb_next
        lines = ''.join(traceback.format_exception(type(error), error, trace))
        pytest.fail(f'cell {self.failed}: {type(error).__name__}: {error}\n\n{cell.source}\n\n{lines}', pytrace=False)

    def save(self):
        "Write the outputs into the notebook, cleaned as nbdev_clean does, unless one shows a path of this machine."
        for cell in self.nb.cells:
            for output in cell.get('outputs', []):
                texts = [v for k, v in output.get('data', {}).items() if not k.startswith('image/')]
                found = private.search(str([output.get('text'), *texts]))
                if found: pytest.fail(f'not saved: cell {cell.idx_ + 1} prints the path {found[0]}', pytrace=False)
        clean_nb(self.nb)
        write_nb(self.nb, self.path)


class Cells(pytest.Item):
    "The cells of a notebook up to number `stop`, as far as they have not run."

    def __init__(self, *, stop, **kwargs):
        super().__init__(**kwargs)
        self.stop = stop

    def runtest(self):
        self.parent.run(self.stop)
        if self.config.getoption('save_outputs'): self.parent.save()

    def reportinfo(self): return self.path, 0, self.name
