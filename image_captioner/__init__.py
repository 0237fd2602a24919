"""Caption photographs, and train models that do."""
from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.2.0"
__all__ = ['BadInput', 'Captioner', 'adapt', 'evaluate', 'finetune', 'open_data', 'refine', 'train']

_PLACES = dict(BadInput='core.errors', Captioner='inference', adapt='stages.adapting', evaluate='evaluation',
               finetune='stages.finetuning', open_data='sources.catalog', refine='stages.refining', train='training')

if TYPE_CHECKING: # at run time each is imported when it is asked for
    from .core.errors import BadInput
    from .evaluation import evaluate
    from .inference import Captioner
    from .sources.catalog import open_data
    from .stages.adapting import adapt
    from .stages.finetuning import finetune
    from .stages.refining import refine
    from .training import train


def __getattr__(name: str):
    if name not in _PLACES: raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    globals()[name] = found = getattr(import_module(f'{__name__}.{_PLACES[name]}'), name)
    return found


def __dir__() -> list[str]: return sorted({*globals(), *__all__})
