"""What is done to a worker process from outside, for the tests of the cluster: light, for each worker loads it."""

import contextlib
import os
import signal
import time
from importlib import import_module

from distributed import WorkerPlugin

PLACES = {
    "code": ("events.coding", "code_text"),
    "import": ("events.importing", "import_file"),
    "merge": ("events.writing", "Writer", "merge"),
}


def _owner(place):
    module, *within, name = PLACES[place]
    owner = import_module(module)
    for part in within:
        owner = getattr(owner, part)
    return owner, name


def put_in_the_way(place, marker, before, ending=None):
    """The first that comes to a place, or is past it, with an argument that ends so, writes its id and goes no further.

    It goes on when its marker is taken away.
    """
    owner, name = _owner(place)
    real = getattr(owner, name)

    def stop(args):
        with contextlib.suppress(FileExistsError):
            if ending is None or any(str(arg).endswith(ending) for arg in args):
                with marker.open("x") as told:
                    told.write(f"{os.getpid()}\n")
                while marker.exists():
                    time.sleep(0.02)

    def stopping(*args, **kwargs):
        if before:
            stop(args)
        made = real(*args, **kwargs)
        if not before:
            stop(args)
        return made

    stopping.real = real
    setattr(owner, name, stopping)


def clear_the_way(place):
    owner, name = _owner(place)
    found = getattr(owner, name)
    setattr(owner, name, getattr(found, "real", found))


class Deadly(WorkerPlugin):
    """Coding a file whose name ends so kills every worker, those started later, too."""

    name = "deadly"

    def __init__(self, ending):
        self.ending = ending

    def setup(self, worker):
        owner, name = _owner("code")
        real = getattr(owner, name)

        def deadly(*args):
            if str(args[0]).endswith(self.ending):
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args)

        deadly.real = real
        setattr(owner, name, deadly)

    def teardown(self, worker):
        clear_the_way("code")
