"""What the site takes from npm, so that its readers need no other server."""
import subprocess
import tarfile
import tempfile
from pathlib import Path


def files(package):
    "The files of a package such as `katex@0.16.11`, by their names."
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(['npm', 'pack', '--silent', package], cwd=work, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(work).glob('*.tgz'))) as tar:
            return {m.name.removeprefix('package/'): tar.extractfile(m).read() for m in tar if m.isfile()}
