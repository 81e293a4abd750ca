"""How does a process end with the one that started it? `python -m oncallbot.cli.leash MODULE …` runs a module so.

Standard input is a pipe whose other end only the parent has: its end of file is the parent's, however that ended. It
must not know the module, nor be used for servers that a person starts: their standard input means nothing.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

ENDS_WITHIN = 6  # seconds after SIGTERM


def main() -> None:
    """Become the module that the command line names."""
    threading.Thread(target=_end_with_parent, name="leash", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    """SIGTERM, as the parent would have sent it; whatever hangs then is over soon afterwards."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ENDS_WITHIN)
    os._exit(1)


if __name__ == "__main__":
    main()
