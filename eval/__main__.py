"""``python -m eval``: the same as ``pullquote eval``."""

import sys

from qa.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "eval")
    main()
