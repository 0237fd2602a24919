"""Build the package that settings.ini describes."""
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent
config = ConfigParser()
config.read(here/'settings.ini', encoding='utf-8')
cfg = config['DEFAULT']
extra = '_requirements'  # `dev_requirements` is the extra `dev`, and so on

setup(
    name=cfg['lib_name'],
    version=cfg['version'],
    description=cfg['description'],
    long_description=(here/'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    author=cfg['author'],
    url=cfg['git_url'],
    project_urls={'Documentation': cfg['doc_host'] + cfg['doc_baseurl']},
    license='Apache-2.0',
    keywords=cfg['keywords'].split(),
    classifiers=cfg['classifiers'].strip().splitlines(),
    python_requires='>=' + cfg['min_python'],
    install_requires=cfg['requirements'].split(),
    extras_require={key.removesuffix(extra): cfg[key].split() for key in cfg if key.endswith(extra)},
    entry_points={
        'console_scripts': cfg['console_scripts'].split(),
        'nbdev': ['{0}={0}._modidx:d'.format(cfg['lib_name'])],  # nbdev finds there what the names in the book link to
    },
    packages=find_packages(include=[cfg['lib_name'] + '*']),
    include_package_data=True,  # the data files that MANIFEST.in names
)
