"""The lines of a PDF, as far as it has text. Needs pypdf, which `pip install 'nascar-warehouse[pdf]'` brings."""

from __future__ import annotations

import io
import logging

from nascar_warehouse.warehouse.errors import SourceChanged

MAGIC = b"%PDF-"

_MOST_PAGES = 20
_MOST_CHARACTERS = 1_000_000
_ADVICE = "open the file: if it shows text, save that as a text file; a picture of a page has none"


def pdf_lines(content: bytes) -> list[str]:
    """Return the lines of the first pages of a PDF; `SourceChanged` if it cannot be read or pypdf is missing."""
    try:
        from pypdf import PdfReader
    except ImportError as error:
        raise SourceChanged(
            "unexpected content: a PDF, and pypdf is not installed", "run `pip install 'nascar-warehouse[pdf]'`"
        ) from error
    # It warns of every oddity of a file; what counts is whether there is text in the end.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    lines: list[str] = []
    size = 0
    try:
        for page in PdfReader(io.BytesIO(content)).pages[:_MOST_PAGES]:
            text = page.extract_text()
            size += len(text)
            if size > _MOST_CHARACTERS:
                raise SourceChanged("unexpected content: a PDF with too much text", _ADVICE)
            lines += text.splitlines()
    except SourceChanged:
        raise
    except Exception as error:  # what a damaged file raises in pypdf is any error
        raise SourceChanged(f"unexpected content: a PDF that is damaged ({type(error).__name__})", _ADVICE) from error
    return lines
