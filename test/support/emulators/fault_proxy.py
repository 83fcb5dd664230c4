"""Starts microburst, which knows no path labels with hyphens, so that it does recognise Amazon Pinpoint's operations."""

import re
import sys

from microburst import cli
from microburst.detection import rest


def uri_to_regex(uri: str) -> re.Pattern:
    return re.compile("^" + re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(uri)) + "$")


rest.uri_to_regex = uri_to_regex
sys.exit(cli.main())
