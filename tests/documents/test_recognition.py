"""Where Tesseract's data is looked for."""

from pathlib import Path

from craton.documents.recognition import data_folder


def fill(folder: Path, *languages: str) -> Path:
    folder.mkdir(parents=True)
    for language in languages:
        (folder / f"{language}.traineddata").touch()
    return folder


def test_the_own_folder_comes_first_where_it_is_whole(tmp_path: Path) -> None:
    system = fill(tmp_path / "usr/share/tesseract-ocr/5/tessdata", "deu", "eng", "osd")
    own = fill(tmp_path / "home/tessdata", "deu")
    assert data_folder(own, tmp_path) == system
    (own / "eng.traineddata").touch()
    assert data_folder(own, tmp_path) == own
    assert data_folder(None, tmp_path) == system


def test_one_language_is_not_enough(tmp_path: Path) -> None:
    fill(tmp_path / "usr/share/tesseract-ocr/5/tessdata", "eng", "osd")
    assert data_folder(None, tmp_path) is None
