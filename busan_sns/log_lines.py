"""What the web log says of a request that was refused: one line."""

import logging


class OneLineForRefusals(logging.Filter):
    """A 4xx is somebody's request, not a fault of ours: the way to it through our code goes. A 5xx keeps it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        return True
