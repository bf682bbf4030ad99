"""Reads an iCalendar file with Debian's python3-icalendar and says what is in it, as JSON.

Beside what it says, it checks what any reader may rely on: lines end in CR LF and have at most 75 octets, every event
has what RFC 5545 asks for, and ids are unique.
"""

import json
import sys
from zoneinfo import ZoneInfo

import icalendar

raw = sys.stdin.buffer.read()
zone = ZoneInfo(sys.argv[1])

for line in raw.split(b"\r\n"):
    assert b"\n" not in line and b"\r" not in line, line
    assert len(line) <= 75, line
    line.decode("utf-8")  # no character is cut in two

calendar = icalendar.Calendar.from_ical(raw)
assert calendar["VERSION"] == "2.0", calendar["VERSION"]
assert calendar["PRODID"], "no PRODID"
assert not calendar.errors, calendar.errors

events = []
for event in calendar.walk("VEVENT"):
    assert not event.errors, event.errors
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    assert start < end
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
    assert event["TRANSP"] == "TRANSPARENT"
    events.append(
        {
            "uid": str(event["UID"]),
            "start_ms": round(start.timestamp() * 1000),
            "end_ms": round(end.timestamp() * 1000),
            "wall": start.astimezone(zone).strftime("%H:%M"),
            "offset": int(start.astimezone(zone).utcoffset().total_seconds()),
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "sequence": int(event["SEQUENCE"]),
        }
    )
assert len({event["uid"] for event in events}) == len(events), "an id is there twice"

json.dump(
    {
        "name": str(calendar["X-WR-CALNAME"]),
        "refresh": str(calendar["REFRESH-INTERVAL"].to_ical(), "ascii")
        if hasattr(calendar["REFRESH-INTERVAL"], "to_ical")
        else str(calendar["REFRESH-INTERVAL"]),
        "events": events,
    },
    sys.stdout,
)
