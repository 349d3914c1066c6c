"""Where the data lies by which Tesseract recognises text in pictures, German and English. Recognises nothing itself.

The engine is part of the parser that is installed anyway; its data is not.
"""

from pathlib import Path

LANGUAGES = ("deu", "eng")
MISSING = (
    "Text in pictures is recognised where Tesseract's data for German and English is installed; install it with "
    "`apt-get install tesseract-ocr-deu tesseract-ocr-eng`, or put deu.traineddata and eng.traineddata into the folder "
    "`tessdata` of Craton's home."
)

_USUAL = (  # where the packages of Debian, Fedora, Arch, Alpine and Homebrew put it
    "usr/share/tesseract-ocr/*/tessdata",
    "usr/share/tesseract/tessdata",
    "usr/share/tessdata",
    "usr/local/share/tessdata",
    "opt/homebrew/share/tessdata",
)


def data_folder(own: Path | None, root: Path = Path("/")) -> Path | None:
    """The folder that holds the data of all languages: the `own`, or one of the usual."""
    usual = (folder for pattern in _USUAL for folder in sorted(root.glob(pattern), reverse=True))
    for folder in ([own] if own else []) + list(usual):
        if all((folder / f"{language}.traineddata").is_file() for language in LANGUAGES):
            return folder
    return None
