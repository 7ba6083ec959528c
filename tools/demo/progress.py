"""One line a step on stderr: what was done, and how long it took."""

import contextlib
import sys
import time


class Progress:
    """Shows steps and keeps their times."""

    def __init__(self, stream=None):
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self.seconds = {}

    @contextlib.contextmanager
    def step(self, name, doing):
        """Times what is done inside. `doing` is shown meanwhile on a terminal; the step that is
        handed out is told what to show once it is done."""
        step = _Step(doing)
        self._show_live(f"… {doing}")
        began = time.monotonic()
        try:
            yield step
        except BaseException:
            self._show_live("")
            self._line("✗", doing, time.monotonic() - began)
            raise
        self._show_live("")
        self.seconds[name] = round(time.monotonic() - began, 2)
        self._line("✗" if step.failed else "✓", step.done, self.seconds[name])

    def note(self, text):
        """A line between the steps."""
        print(text, file=self._stream, flush=True)

    def _line(self, mark, text, seconds):
        print(f"{mark} {text:<72} {seconds:6.1f} s", file=self._stream, flush=True)

    def _show_live(self, text):
        if self._live:
            self._stream.write("\r\033[K" + text)
            self._stream.flush()


class _Step:
    def __init__(self, doing):
        self.done = doing
        self.failed = False
