"""Box scores in the forms of the league and of wire services, made by hand for a test."""

from __future__ import annotations

LEAGUE = """NASCAR Winston Cup Series Race Number 12
Official Race Results for the 28th Annual Test 500 - Sunday, June 2, 1996
Dover Downs International Speedway - Dover, DE - 1-Mile Paved
Total Race Length - 500 Laps - 500 Miles
Fin Str Car Driver Team Laps Led Points Status
1 7 07 Ann Winner Test Oil Ford 500 120 185 Running
2 1 2 Bob Second Other Pontiac 500 88 175 Running
Time of Race: 4 Hrs, 4 Mins, 19 Secs. Average Speed: 122.792 MPH Margin of Victory: .123 Seconds
Caution Flags: 9 for 61 laps
Lead Changes: 23 among 11 drivers
"""

WIRE = """NASCAR Winston Cup-Test 500 Results
Sunday
At Dover Downs International Speedway
Dover, Del.
1. (7) Ann Winner, Ford, 500 laps, $138,730.
2. (1) Bob Second, Pontiac, 500, $81,555.
Race Statistics
Date: June 2, 1996
Average Speed of Race Winner: 122.792 mph.
Time of Race: 4 hours, 4 minutes, 19 seconds.
Margin of Victory: 0.123 seconds.
Caution Flags: 9 for 61 laps.
Lead Changes: 23 among 11 drivers.
Lap Leaders: A.Winner 1-120
"""

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Race results</title></head><body>
<h1>1996 Test 500</h1><p>NASCAR Cup Series, Sunday, June 2, 1996, Dover Downs International Speedway</p>
<table><tr><th>Fin</th><th>Start</th><th>Driver</th></tr><tr><td>1</td><td>7</td><td>Ann Winner</td></tr>
<tr><td>2</td><td>1</td><td>Bob Second</td></tr></table>
<table><tr><td>Margin of Victory:</td><td>.123 Seconds</td></tr><tr><td>Time of Race:</td><td>4:04:19</td></tr>
<tr><td>Average Speed:</td><td>122.792 mph</td></tr><tr><td>Cautions:</td><td>9 for 61 laps</td></tr>
<tr><td>Lead Changes:</td><td>23</td></tr></table></body></html>
"""


def pdf(text: str) -> bytes:
    """A PDF of one page that shows a text, a line below the other."""
    shown = b"".join(
        b"(" + line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("latin-1") + b") Tj T*\n"
        for line in text.splitlines()
    )
    stream = b"BT /F1 10 Tf 40 780 Td 14 TL\n" + shown + b"ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 842] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begin = len(content)
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(parts) + 1, table, len(parts) + 1, begin)
    )
