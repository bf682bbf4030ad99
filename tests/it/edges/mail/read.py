"""Reads a letter from standard input with Python's own library, and tells what a person sees."""

import json
import sys
from email import message_from_bytes, policy

letter = message_from_bytes(sys.stdin.buffer.read(), policy=policy.default)
print(
    json.dumps(
        {
            "from": letter["from"],
            "to": letter["to"],
            "subject": letter["subject"],
            "date": letter["date"].datetime.isoformat(),
            "id": letter["message-id"],
            "references": letter["references"],
            "auto": letter["auto-submitted"],
            "type": letter.get_content_type(),
            "text": letter.get_content(),
            "defects": [str(defect) for defect in letter.defects],
        }
    )
)
