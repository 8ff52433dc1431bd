"""IPython's settings for all kernels of the Hub."""

import os
import sys

share = os.environ.get("HUB_SHARE")
c = get_config()  # noqa: F821 (IPython defines it)
if share:
    sys.path += [share, f"{share}/records"]
    c.InteractiveShellApp.extensions = ["recorded_references"]
