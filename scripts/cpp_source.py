"""What the checks know about C++ text: where its code is, and where comments and literals are."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOT_CODE = re.compile(r"""
      //[^\n]* | /\*.*?\*/
    | (?:\b(?:u8|[uUL]))?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"
    | "(?:\\.|[^"\\\n])*"
    | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'          # not the ' of 10'000
""", re.X | re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)


def blank(match: re.Match) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def code_only(text: str) -> str:
    """The text with comments, literals and preprocessor lines made spaces: offsets and lines stay."""
    return DIRECTIVE.sub(blank, NOT_CODE.sub(blank, text))


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def sources(*folders: str) -> list[pathlib.Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".cpp", ".hpp"))
