"""Writes what in the documentation follows from the program: four reference pages and the tour of the README.

`--check` writes nothing, names what is not current and ends with 1; `--fast` leaves out the tour, which needs the demo to run.

The tour stands between two marks in the README. Its sentences are written by hand; each `console` block in it names commands of
`docs/demo.sh` (`$ pdo …`), and what they said is put under them. All commands of the demo must be there, in its order. Where a
table repeats one shown before, the lines that are the same are replaced by one that says so.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from difflib import SequenceMatcher
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from typer.main import get_command

from docs.meaning import render_meaning
from pdo.cli import app
from pdo.commands.reference import commands_page, exit_codes_page
from pdo.commands.reference import help_texts as texts_of
from pdo.core.wording.ingest import WORDING as IMPORTS
from pdo.model.fields import KINDS, Type
from pdo.playbook.keys_page import render_columns, render_keys
from pdo.playbook.reference import render_diagnostics_page
from pdo.playbook.schema import FILES, schema_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pdo.model.fields import Column, Kind

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- tour: begin -->", "<!-- tour: end -->"
MEANING_BEGIN, MEANING_END = "<!-- meaning: begin (docs/build.py) -->", "<!-- meaning: end -->"
KEYS_BEGIN, KEYS_END = "<!-- keys: begin (docs/build.py) -->", "<!-- keys: end -->"
PROMPT = "$ "
REPEATED = 10
"""So many lines in a row that were shown before are not shown again."""


def help_texts(language: str, *, columns: int = 100) -> dict[str, str]:
    """The help of every command in one language, on a terminal of that width."""
    command = [sys.executable, __file__, "--texts"]
    environment = {**_environment(language, columns), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _environment(language: str, columns: int) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
        "PDO_LANG": language,
        "COLUMNS": str(columns),
        "PYTHONUTF8": "1",
    }


def pages() -> dict[str, str]:
    """Name in `docs/reference/` → content of every generated page."""
    return {
        "commands.md": commands_page(help_texts("zh"), help_texts("en")),
        "exit-codes.md": exit_codes_page(),
        "import.md": import_page(),
        "diagnostics.md": render_diagnostics_page(),
        "playbook.md": with_meaning(with_keys("playbook.md", "playbook", "cases")),
        "settings.md": with_keys("settings.md", "pdo.yaml"),
    }


def with_keys(name: str, *roots: str) -> str:
    """A page written by hand, the tables of keys between its marks as the grammar has them.

    Raises:
        ValueError: the marks are missing.
    """
    text = (DOCS / "reference" / name).read_text(encoding="utf-8")
    before, mark, rest = text.partition(KEYS_BEGIN)
    _, end, after = rest.partition(KEYS_END)
    if not mark or not end:
        raise ValueError(f"{name} lacks {KEYS_BEGIN} … {KEYS_END}")
    tables = "\n".join(render_keys(root) for root in roots)
    tables += "\n" + render_columns() if "playbook" in roots else ""
    return f"{before}{KEYS_BEGIN}\n{tables}{KEYS_END}{after}"


def with_meaning(text: str) -> str:
    """The page of the language with its sentences and their proofs between their marks.

    Raises:
        ValueError: the marks are missing.
    """
    before, mark, rest = text.partition(MEANING_BEGIN)
    _, end, after = rest.partition(MEANING_END)
    if not mark or not end:
        raise ValueError(f"playbook.md lacks {MEANING_BEGIN} … {MEANING_END}")
    return f"{before}{MEANING_BEGIN}\n{render_meaning()}{MEANING_END}{after}"


# What can be imported ------------------------------------------------------------------------------------------------

_TYPES: Mapping[Type, str] = MappingProxyType(
    {
        Type.TEXT: "文字 text",
        Type.INTEGER: "整数 whole number",
        Type.NUMBER: "数字，至多三位小数 number",
        Type.MONEY: "金额，元 money",
        Type.BOOLEAN: "是否 yes or no",
        Type.INSTANT: "日期和时间 date and time",
        Type.DATE: "日期 date",
        Type.PHONE: "手机号 mobile phone",
        Type.LIST: "多个文字 several texts",
    }
)
_IMPORT_HEAD = """\
# 导入 · Import

本页由程序生成（`docs/build.py`），请勿手改。Generated from the program; do not edit.

`pdo import 种类 文件…` 导入 CSV 和 XLSX。第一次导入自己的文件，看[怎么做](../how-to/import-your-export.md)；
表头对不上，写一份[映射](settings.md)。
`pdo import KIND FILE…` imports CSV and XLSX. See [how to import your export](../how-to/import-your-export.md) and
[mappings](settings.md).

- **文件 Files**：CSV、TSV、Excel 的 `.xlsx`，可以是 `.gz` 压缩的，`-` 是标准输入。UTF-8（有无 BOM 都行）、带 BOM 的 UTF-16、
  GB18030（GBK）自动认；别的（如 Big5）用 `--encoding`。逗号、制表符、分号、竖线分隔都行。
  CSV, TSV and `.xlsx`, packed as `.gz` or not, `-` for standard input. UTF-8, UTF-16 with a mark and GB18030 are found;
  commas, tabs, semicolons and bars separate cells.
- **表头 Headers**：下表里的任何一种叫法，不分大小写、全角半角，空格不计。认不得的列不存，导入后会列出来。
  Any spelling below, whatever its case, width and blanks; columns that mean nothing are told and not kept.
- **表格以外的行 Lines around the table**：表头上方的标题、`#` 开头的说明、合计、数据下方的注，不算数据，计入“空行”，并逐行列出。
  Titles above the header, comments (`#`), sums and notes below the data are told by line and counted as blank.
- **名不副实 Names that lie**：内容和扩展名对不上的（CSV 其实是 XLSX、HTML、压缩包……）不导入，会说明它是什么。
  A file whose bytes are not what its name says is refused and called by its right name.
- **重复导入 Again**：按编号新增或更新；内容没变的算“未变”。字节完全相同、读法也相同的文件一眼就认出来，不再读第二遍。
  Rows are added or updated by key. A file whose very bytes came in before in the same way is known at once and not read again.
- **已有的行 Rows that are there**（`--mode`）：`merge`（默认）有内容的格子更新、空格子不动；`replace` 空格子也清空；`new-only`
  只加新行和只有编号的行。文件里没有的列从不改动；手机号等识别用的编号和授权从不因为空格子而消失。同一行谁说了算，
  看导入的先后：后导入的为准，所以先导旧文件、再导新文件（通配符按文件名排）。付款、完成这些时间不用来分先后：时间改早了，
  往往正是更正。自己说得清先后的只有两种：`consents` 的时间以晚的为准，`tags` 写明之后又打上的才算，都与导入先后无关。
  `merge` (unless said) updates by filled cells only, `replace` empties by empty ones, too, `new-only` adds new rows and fills
  those that have a key only. What the file lacks is never touched; identifiers and consents never go by an empty cell. The
  file that comes in later wins, so bring old files first (patterns go by name): times such as `paid_at` do not decide, for one
  that moves back is a correction as a rule. Two kinds have a time of their own, whatever the order of files: of the times of
  `consents` the later one holds, and `tags` that a hand took off come back only where they were put on later.
- **撤销 Taking back**：`pdo imports undo 编号` 让库回到导入之前：新行删除，改动的行恢复，连带新建的客户、员工、商品也删除。
  后进先出：后来的导入、运行、人工操作建立在它的行上时，会说出要先撤销哪些。
  `pdo imports undo ID` makes the store what it was. Last in, first out: what rests on its rows is named and must go first.
- **拒收多少算多 How many rejects are too many**：好的行总会进；超过 `--max-rejects`（默认 1%）退出码是 4。
  `--strict`：有一行拒收，那个文件就什么都不写。
  Good rows always go in; more than `--max-rejects` end in exit code 4. `--strict` writes nothing of a file with a rejected row.
- **平台 Platforms**：`pdo import auto 文件` 按表头认出平台和种类，先说认作什么再导入；一个文件里有几种数据的，一个事务里一起进。
  `--profile` 点名，`--profiles` 列出全部，`profiles/` 里自己的[平台格式](../how-to/write-a-profile.md)优先。
  `pdo import auto FILE` finds platform and kinds by the headers and says so first; all kinds of a file go in together.
- **收件夹 Inbox**（`--inbox`）：按先后导入文件夹里的文件，导好的移到 `done/日期/`（拒收的在旁边），用不了的移到 `failed/日期/`
  并说明原因；可能没写完的（10 秒内还在变、`.part`）留到下次。每五分钟执行一次也不会重复；数据库忙时退出码 11，文件不动。
  Files of a folder come in in the right order and move to `done/DATE/`, rejects beside them, or to `failed/DATE/` with the
  reason; what may not be whole is left. Safe every five minutes; a busy store leaves all where it is (exit code 11).
- **多个文件 Several files**：一个一个导，各自一个事务；一个用不了，不耽误别的，最后退出码是 2。
  One transaction each; one that cannot be used does not keep the others out, and the exit code is 2.
- **敏感列 Sensitive columns**：`pdo.yaml` 里标了 `sensitive` 的列，要加 `--allow-sensitive` 才导入。
  Columns marked `sensitive` come in with `--allow-sensitive` only.
- **每一行都有交代 Every record is counted**：读到 = 新增 + 有改动 + 未变 + 重复 + 拒收 + 空行。
  read = new + changed + same + duplicate + rejected + blank.
- **空着 Empty**：空的格子不改动已有的内容；下表“空着时”写了别的除外。
  An empty cell changes nothing, unless the table names a default.
- **引用 References**（`→`）：客户、门店、员工、商品、群、渠道、标签还没导入也可以，会先建一个只有编号的。
  `items` 例外，订单要先在库里。
  What a row refers to is made where it is missing; only items need their order to be there.
- **员工的叫法 Names of colleagues**：文件里写的是姓名或账号的，在 `pdo.yaml` 的 [`aliases`](settings.md) 里对上编号。
  Where a file has a colleague's name or account, `aliases` in `pdo.yaml` say whose it is.
- **授权 Consent**：一张表，客户 × 渠道。`consents` 带时间；客户表里的 `sms_consent` 这样的列没有时间：
  写“是”只在从没撤回过时算同意，写“否”就是撤回，都从导入的时刻算起。旧文件盖不掉后来的撤回。
  One table, customer × channel. `consents` bring their times; a column such as `sms_consent` has none: yes gives consent only
  where none was withdrawn, no withdraws it, both from the moment of the import. No older file overrules a withdrawal.
- **标签 Tags**：`tags` 打上的标签不会被规则摘掉；人工摘掉的，文件里写明之后又打上的才会回来。
  Tags of files are not taken off by rules; what a hand took off comes back only where a file says that it was put on later.
- **自己的表 Tables of your own**：`pdo.yaml` 的 [`tables`](settings.md) 里声明的，用它的名字导入：`pdo import children 文件`。
  What `tables` in `pdo.yaml` declare is imported by its name.
- **退款 Refunds**：`paid` 是退款之前的实付；导出里已经减过退款的，映射里写 `paid_is: net`。
  `paid` is what was paid before refunds.
- **日期 Dates**：`2026-03-02`、`2026/3/2 9:05`、`20260302`、`2026年3月2日` 都行，钟点按项目的时区。
  Times are those of the project's zone.
"""


def import_page() -> str:
    """`docs/reference/import.md`: kinds, columns, headers, and why a record may be rejected."""
    lines = [_IMPORT_HEAD]
    for kind in KINDS.values():
        lines += _kind_section(kind)
    lines += [
        "## 拒收和提示 · Rejects and notes",
        "",
        "代码不会改、也不会另作他用。`…` 处是具体的值。Codes are stable and never reused.",
        "",
        "| 代码 Code | 说什么 | Says | 怎么办 |",
        "| --- | --- | --- | --- |",
    ]
    for code, words in IMPORTS.items():
        if code.startswith("IM"):
            cells = (re.sub(r"\{\w+\}", "…", text).replace("|", "\\|") for text in (words.zh, words.en, words.hint_zh))
            lines.append(f"| {code} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _kind_section(kind: Kind) -> Iterator[str]:
    yield f"## `{kind.name}` {kind.label}"
    yield ""
    yield f"编号 Key：{_names(kind.key)}" + (
        "；没有就按内容编 made of the content where there is none" if kind.made else ""
    )
    yield ""
    if kind.any_of:
        yield f"{_names(kind.any_of)} 至少要填一个。At least one of them must be filled in."
        yield ""
    yield "| 列 Column | 认得的表头 Headers | 类型 Type | 必需 Required | 空着时 Default | 说明 Notes |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for column in kind.columns:
        headers = " ".join(f"`{header}`" for header in (column.label, *column.headers))
        required = "是 yes" if column.required else ""
        notes = ["编号 key"] if column.name in kind.key else []
        notes += [f"→ `{column.refers}`"] if column.refers in KINDS else []
        notes += [" ".join(f"`{value}`" for value in column.values)] if column.values else []
        notes += [column.note] if column.note else []
        yield f"| `{column.name}` | {headers} | {_TYPES[column.type]} | {required} | {_default(column)} | {'；'.join(notes)} |"
    yield ""


def _names(names: Iterable[str]) -> str:
    return "、".join(f"`{name}`" for name in names)


def _default(column: Column) -> str:
    if column.default is None:
        return ""
    return f"`{column.default}`" if column.default else "空 empty"


# The tour ------------------------------------------------------------------------------------------------------------


def run_demo() -> list[tuple[str, list[str]]]:
    """Each command of the demo with the lines it printed."""
    done = subprocess.run(
        [DOCS / "demo.sh"], env=_environment("zh", 100), stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8"
    )
    steps: list[tuple[str, list[str]]] = []
    # The mark at the beginning of a CSV cannot be seen and would confuse whoever copies from the page.
    for line in done.stdout.replace("\ufeff", "").splitlines():
        if line.startswith(PROMPT):
            steps.append((line.removeprefix(PROMPT), []))
        elif steps:
            steps[-1][1].append(line.rstrip())
    return [(command, _trimmed(said)) for command, said in steps]


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def with_tour(text: str, steps: list[tuple[str, list[str]]]) -> str:
    """A README with the output of the demo in its tour.

    Raises:
        ValueError: the marks are missing, or the tour's commands are not those of the demo.
    """
    before, mark, rest = text.partition(BEGIN)
    tour, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"README.md lacks {BEGIN} … {END}")
    waiting = list(steps)
    shown: list[list[str]] = []

    def fill(block: re.Match[str]) -> str:
        lines: list[str] = []
        for line in block[1].splitlines():
            if not line.startswith(PROMPT):
                continue
            command, said = waiting.pop(0) if waiting else ("", [])
            if line != PROMPT + command:
                raise ValueError(f"README.md: the tour has '{line}' where the demo has '{PROMPT}{command}'")
            lines += ["", line, *_folded(said, shown)]
            shown.append(said)
        return "```console\n" + "\n".join(lines[1:]) + "\n```"

    filled = re.sub(r"```console\n(.*?)\n```", fill, tour, flags=re.DOTALL)
    if waiting:
        raise ValueError(f"README.md: the tour lacks '{PROMPT}{waiting[0][0]}'")
    return f"{before}{BEGIN}{filled}{END}{after}"


def _folded(said: list[str], shown: list[list[str]]) -> list[str]:
    """What a command said, its longest stretch that was shown before told in one line."""
    for earlier in reversed(shown):
        same = SequenceMatcher(None, earlier, said, autojunk=False).find_longest_match()
        if same.size >= REPEATED:
            note = f"（此处 {same.size} 行与上面相同，略 · {same.size} lines as above, left out）"
            return [*said[: same.b], note, *said[same.b + same.size :]]
    return said


# Writing -------------------------------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Write everything, or compare it."""
    if "--texts" in arguments:
        json.dump(texts_of(get_command(app)), sys.stdout)
        return 0
    wanted = {DOCS / "reference" / name: text for name, text in pages().items()}
    wanted |= {DOCS / "schema" / f"{name}.schema.json": schema_text(name) for name in FILES}
    if "--fast" not in arguments:
        wanted[README] = with_tour(README.read_text(encoding="utf-8"), run_demo())
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current: run make docs")
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
        print(f"{path.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
