"""Makes every fixture model and golden file again, each in a process of its own.

python tooling/golden/make_goldens.py [part of a generator's name]

Needs the packages of requirements.txt beside this file. A generator whose numbers have not changed leaves its files as they were, but for the versions written into them.
"""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
# The models come before the goldens that are made with them.
GENERATORS = sorted(FOLDER.glob("make_*.py"), key=lambda path: ("golden" in path.name, path.name))

wanted = sys.argv[1] if len(sys.argv) > 1 else ""
for generator in GENERATORS:
    if generator.name == Path(__file__).name or wanted not in generator.name:
        continue
    print(generator.name, flush=True)
    # One thread makes sums in one order, so that a machine's core count does not show in the last digits.
    subprocess.run([sys.executable, str(generator)], check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
