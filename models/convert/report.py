"""What the recipe says while it runs: one JSON object a line on standard output, and nothing else there."""

import json
import sys
from typing import TextIO


class Report:
    """Writes lines of three kinds: `progress` (fraction 0..1 that never falls, and what is done), `done`, `failed`."""

    def __init__(self, stream: TextIO):
        self._stream = stream
        self._fraction = 0.0

    @classmethod
    def take_standard_output(cls) -> "Report":
        """Standard output becomes this report's alone: whatever libraries print there goes to standard error from now on."""
        stream, sys.stdout = sys.stdout, sys.stderr
        return cls(stream)

    def progress(self, fraction: float, doing: str, part: str = "") -> None:
        """`doing` is one of loading, converting, comparing; `part` names the component that is worked on."""
        self._fraction = max(self._fraction, min(1.0, fraction))
        self._write({"type": "progress", "fraction": round(self._fraction, 4), "doing": doing, "part": part})

    def done(self, conversion: dict) -> None:
        self._write({"type": "done", "conversion": conversion})

    def failed(self, code: str, message: str, hint: str, details: dict) -> None:
        self._write({"type": "failed", "code": code, "message": message, "hint": hint, "details": details})

    def _write(self, line: dict) -> None:
        self._stream.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
        self._stream.flush()
