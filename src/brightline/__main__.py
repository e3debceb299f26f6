"""`python -m brightline`."""

import sys

from brightline.cli.main import main

sys.exit(main())
