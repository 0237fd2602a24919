"""Ask Lighthouse about some pages of the site in _docs/: `.ci/lighthouse.py index.html search.html live/index.html`.

Prints the middle score of five runs, since a busy machine spoils some, and what the slowest parts of a page are.
A phone on slow 4G is simulated, with a processor of a quarter of this one's speed. Needs npm and Chromium."""
import argparse
import json
import os
import shutil
import subprocess
from statistics import median

from browse import browsers, root, served

kinds = 'performance', 'accessibility', 'best-practices'
times = 'first-contentful-paint', 'largest-contentful-paint', 'speed-index', 'total-blocking-time'
raw = 'cumulative-layout-shift', 'dom-size', 'total-byte-weight', 'render-blocking-resources'


def ask(address):
    "Lighthouse's report on one page."
    call = ['npx', '--yes', 'lighthouse@12.8.2', address, '--quiet', '--output=json', '--throttling-method=simulate',
            '--only-categories=' + ','.join(kinds), '--chrome-flags=--headless=new --no-sandbox --disable-gpu']
    program = next(filter(None, map(shutil.which, browsers)))
    done = subprocess.run(call, check=True, capture_output=True, text=True, env={**os.environ, 'CHROME_PATH': program})
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('pages', nargs='+', help='below _docs/')
    parser.add_argument('--runs', type=int, default=5)
    args = parser.parse_args()
    with served(root/'_docs') as home:
        for page in args.pages:
            reports = [ask(home + page) for _ in range(args.runs)]
            print(page)
            for kind in kinds:
                scores = [round(100 * report['categories'][kind]['score']) for report in reports]
                print(f'  {kind}: {median(scores):.0f} of {sorted(scores)}')
            for name in times:
                print(f"  {name}: {median(r['audits'][name]['numericValue'] for r in reports):.0f} ms")
            for name in raw:
                audit = reports[-1]['audits'][name]
                print(f"  {name}: {audit.get('displayValue') or audit['score']}")
            speed = median(report['environment']['benchmarkIndex'] for report in reports)
            print(f'  benchmark index of this machine: {speed:.0f}')
            for name, audit in reports[-1]['audits'].items():
                if audit['score'] is not None and audit['score'] < 0.9:
                    print(f"  ! {name} {audit['score']} {audit.get('displayValue', '')}")


if __name__ == '__main__': main()
