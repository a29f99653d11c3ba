"""Wording of imports: why a file cannot be used (`error.import_…`), why a record does not go in (`IM1xx`), what is told besides.

Every wording of a fault may name `column`, the header in the file. None names the cell's value: it may be somebody's phone.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILES = {
    "error.import_empty": Wording("{path} 是空文件。", "{path} is empty.", "重新导出后再导入。", "Export it again."),
    "error.import_not_regular": Wording(
        "{path} 不是普通文件。",
        "{path} is not a regular file.",
        "先保存成文件再导入。",
        "Save it as a file first.",
    ),
    "error.import_unreadable": Wording(
        "读不了 {path}：{reason}。",
        "{path} cannot be read: {reason}.",
        "检查文件和磁盘。",
        "Check the file and the disk.",
    ),
    "error.import_binary": Wording(
        "{path} 不是文本表格，而是 {format} 文件。",
        "{path} is no text but a {format} file.",
        "用 Excel 或 WPS 打开，另存为 .xlsx 或“CSV UTF-8（逗号分隔）”；压缩包先解压。",
        "Open it in your spreadsheet program and save it as .xlsx or CSV UTF-8; unpack archives first.",
    ),
    "error.import_misnamed": Wording(
        "{path} 的扩展名是 {suffix}，内容却是 {format}。",
        "{path} is called {suffix} but its bytes are {format}.",
        "如果内容是对的，改名为 {better} 再导入。",
        "If the content is right, rename it to {better}.",
    ),
    "error.import_protected": Wording(
        "{path} 是旧版 Excel 文件（XLS），或者是设了密码的工作簿。",
        "{path} is an old Excel file (XLS), or a workbook with a password.",
        "在 Excel 或 WPS 中打开，去掉密码，另存为 .xlsx。",
        "Open it in your spreadsheet program, remove the password and save it as .xlsx.",
    ),
    "error.import_damaged": Wording(
        "{path} 是损坏的 {format} 文件，或者没有下载完整。",
        "{path} is a damaged {format} file, or not the whole of it.",
        "重新导出或下载。",
        "Export or download it again.",
    ),
    "error.import_workbook_large": Wording(
        "{path} 解开后有 {mib} MiB，不像是导出的表格。",
        "{path} unpacks to {mib} MiB; no export does.",
        "另存为 CSV UTF-8 再导入。",
        "Save it as CSV UTF-8.",
    ),
    "error.import_sheet_large": Wording(
        "{path} 的工作表占了 {rows} 行 × {columns} 列，多半有一格写在了很远的地方。",
        "A sheet of {path} reaches over {rows} rows and {columns} columns; most likely a cell stands far out by mistake.",
        "删掉数据右边和下边多余的行列，或另存为 CSV UTF-8 再导入。",
        "Delete the rows and columns beyond the data, or save it as CSV UTF-8.",
    ),
    "error.import_line_long": Wording(
        "{path} 有一行超过 2 MiB，不是表格。",
        "A line of {path} is longer than 2 MiB; that is no table.",
        "检查是否拿错了文件；表格的每条记录应占一行。",
        "Look whether it is the right file; in a table each record has its own line.",
    ),
    "error.import_no_match": Wording(
        "没有文件符合 {path}。",
        "No file fits {path}.",
        "检查文件夹和文件名。",
        "Look at the folder and the names in it.",
    ),
    "error.import_no_input": Wording(
        "“-”表示从标准输入读取，但没有输入。",
        "A dash means standard input, but there is none.",
        "用管道送入内容，例如：zcat 订单.csv.gz | pdo import orders -",
        "Pipe something in, as in: zcat orders.csv.gz | pdo import orders -",
    ),
    "error.import_nul": Wording(
        "{path} 里有 NUL 字节，不是 UTF-8 或 GB18030 文本。",
        "{path} holds NUL bytes, so it is no text in UTF-8 or GB18030.",
        "若它是没有 BOM 的 UTF-16，加 --encoding utf-16-le；否则重新导出为 CSV。",
        "If it is UTF-16 without a mark, add --encoding utf-16-le; otherwise export it again as CSV.",
    ),
    "error.import_encoding": Wording(
        "{path} 既不是 UTF-8，也不是 GB18030（GBK）。",
        "{path} is neither UTF-8 nor GB18030 (GBK).",
        "用 --encoding 指明编码（例如 big5），或另存为 CSV UTF-8。",
        "Name its encoding with --encoding (as big5), or save it as CSV UTF-8.",
    ),
    "error.import_encoding_doubtful": Wording(
        "{path} 不是 UTF-8；按 {encoding} 解码出来的多半是生僻字，应该是别的编码。",
        "{path} is not UTF-8; decoded as {encoding} it is made of rare characters, so it seems to be something else.",
        "用 --encoding 指明编码，例如 big5 或 latin-1；确实是 GBK 就写 --encoding gb18030。",
        "Name its encoding with --encoding, as big5 or latin-1; if it is GBK indeed, say --encoding gb18030.",
    ),
    "error.import_encoding_named": Wording(
        "{path} 不能按 {encoding} 解码。",
        "{path} cannot be decoded as {encoding}.",
        "去掉 --encoding 让程序自己判断，或换成正确的编码；文件也可能被截断。",
        "Leave --encoding out to have it found, or name another one; the file may also be cut off.",
    ),
    "error.import_encoding_unknown": Wording(
        "没有编码 {encoding}。",
        "There is no encoding {encoding}.",
        "常用：utf-8、gb18030、utf-16、big5。",
        "Common ones: utf-8, gb18030, utf-16, big5.",
    ),
    "error.import_changing": Wording(
        "{path} 在读取时被改动，什么都没有写入。",
        "{path} changed while it was read; nothing was written.",
        "等它写完再导入。",
        "Import it when it is complete.",
    ),
    "error.rejects_unwritable": Wording(
        "写不了 {path}：{reason}。什么都没有写入。",
        "{path} cannot be written: {reason}. Nothing was written.",
        "用 --rejects 换一个位置。",
        "Name another place with --rejects.",
    ),
}

_RECOGNISING = {
    "error.import_auto_unknown": Wording(
        "认不出 {path} 是什么数据，表头是：{found}。",
        "It cannot be told what {path} is; its headers are: {found}.",
        "写明种类：pdo import orders 文件；自己的平台可以写一份 profiles/名字.yaml，见 docs/how-to/write-a-profile.md。",
        "Name the kind, as in pdo import orders FILE, or write a profile: docs/how-to/write-a-profile.md.",
    ),
    "error.import_auto_several": Wording(
        "{path} 可以是几种数据：{kinds}。",
        "{path} may be of several kinds: {kinds}.",
        "写明种类，例如：pdo import {first} {path}；或者让文件名以种类开头。",
        "Name the kind, as in: pdo import {first} {path}; or let the file's name begin with it.",
    ),
    "error.import_auto_input": Wording(
        "标准输入认不出种类。",
        "The kind of standard input cannot be found.",
        "写明种类，或者先存成文件。",
        "Name the kind, or save it as a file first.",
    ),
    "error.import_profile_misfit": Wording(
        "{path} 不是这个平台的导出，表头是：{found}。",
        "{path} is no export of this platform; its headers are: {found}.",
        "应有的表头：{expected}。不写 --profile 会自动识别。",
        "Expected: {expected}. Without --profile it is found by the headers.",
    ),
    "error.import_profile_kind": Wording(
        "{path} 是 {profile}，里面没有 {kind}。",
        "{path} is {profile}, which holds no {kind}.",
        "里面有：{kinds}；写 auto 就全部导入。",
        "It holds: {kinds}; auto imports all of them.",
    ),
    "error.import_mapping_or_profile": Wording(
        "--mapping 不能和 auto 或 --profile 一起用。",
        "--mapping does not go with auto or --profile.",
        "只写其中一个。",
        "Say one of them.",
    ),
    "error.import_what": Wording(
        "没有写要导入什么。",
        "What is to be imported was not said.",
        "写种类和文件：pdo import auto 文件；或者一个收件夹：pdo import --inbox 目录。",
        "Name a kind and files, as in pdo import auto FILE, or a folder: pdo import --inbox DIR.",
    ),
    "error.import_inbox_alone": Wording(
        "--inbox 自己认种类和表头，不能再写种类、文件、--mapping、--profile、--rejects 或 --dry-run。",
        "--inbox finds kinds and headers by itself and takes no kind, file, --mapping, --profile, --rejects or --dry-run.",
        "只写 pdo import --inbox 目录。",
        "Say pdo import --inbox DIR only.",
    ),
    "error.inbox_missing": Wording(
        "没有收件夹 {path}。",
        "There is no folder {path}.",
        "先建好它，再把导出的文件放进去。",
        "Make it and put the exports into it.",
    ),
    "error.inbox_busy": Wording(
        "收件夹 {path} 正在由另一个 pdo 导入。",
        "Another pdo is at work on {path}.",
        "等它做完；下一次会接着做。",
        "Wait for it; the next call goes on.",
    ),
    "error.unknown_profile": Wording(
        "没有平台格式 {name}。",
        "There is no profile {name}.",
        "可用：{profiles}；自己的放在 profiles/ 里。",
        "There are: {profiles}; your own go to profiles/.",
    ),
    "error.unknown_profile.near": Wording(
        "没有平台格式 {name}。",
        "There is no profile {name}.",
        "是不是 {near}？",
        "Did you mean {near}?",
    ),
}

_HEADERS = {
    "error.import_header_broken": Wording(
        "{path} 的表头读不出来：引号没有配对。",
        "The header of {path} cannot be read: its quotes do not match.",
        "检查最前面几行的双引号。",
        "Look at the double quotes in the first lines.",
    ),
    "error.import_header_blank": Wording(
        "{path} 第 {column} 列没有表头，但第 {line} 行有内容。",
        "Column {column} of {path} has no header, but something stands in it in line {line}.",
        "给这一列写上表头，或删掉这一列。",
        "Give the column a header or delete it.",
    ),
    "error.import_header_twice": Wording(
        "{path} 里表头“{header}”出现了两次，不知道用哪一列。",
        "The header {header} stands twice in {path}; which one is meant cannot be known.",
        "改掉其中一个表头，或用 --mapping 写明要用的列。",
        "Rename one of them, or say with --mapping which columns are meant.",
    ),
    "error.import_column_missing": Wording(
        "{path} 缺少必需的列：{missing}。\n  找到的表头：{found}\n  能识别的写法：{expected}",
        "{path} lacks required columns: {missing}.\n  headers found: {found}\n  recognised: {expected}",
        "在 pdo.yaml 中写出对应关系，用 --mapping 指明：\n{mapping}",
        "Write down what they are called in pdo.yaml and name it with --mapping:\n{mapping}",
    ),
    "error.import_mapping_kind": Wording(
        "映射 {mapping} 是给 {expected} 的，不能用于 {found}。",
        "The mapping {mapping} is for {expected}, not for {found}.",
        "换一个映射，或改成 pdo import {expected}。",
        "Name another mapping, or use pdo import {expected}.",
    ),
    "error.import_mapping_column": Wording(
        "映射 {mapping} 写了不存在的列：{unknown}。",
        "The mapping {mapping} names unknown columns: {unknown}.",
        "可用的列：{known}。自定义的列先在 pdo.yaml 的 attributes 中声明。",
        "Columns: {known}. Declare your own under attributes in pdo.yaml first.",
    ),
    "error.import_mapping_header": Wording(
        "映射 {mapping} 要的表头在 {path} 里没有：{absent}。\n  找到的表头：{found}",
        "Headers that the mapping {mapping} names are not in {path}: {absent}.\n  headers found: {found}",
        "按文件的表头改映射，或检查是否拿错了文件。",
        "Change the mapping to the file's headers, or look whether it is the right file.",
    ),
}

_RECORDS = {
    "IM101": Wording(
        "只有 {found} 格，表头有 {expected} 格。",
        "Only {found} cells; the header has {expected}.",
        "补上缺少的分隔符；内容里有换行的要加双引号。",
        "Add the missing delimiters; put cells with line breaks in double quotes.",
    ),
    "IM102": Wording(
        "有 {found} 格，表头只有 {expected} 格。",
        "{found} cells; the header has only {expected}.",
        "内容里有分隔符的要加双引号，多余的格删掉。",
        "Put cells that hold the delimiter in double quotes, or delete what is too much.",
    ),
    "IM103": Wording(
        "双引号没有配对。",
        "The double quotes do not match.",
        "补上缺少的双引号；内容里的双引号写成两个。",
        "Add the missing double quote; write a double quote inside a cell twice.",
    ),
    "IM104": Wording("含有 NUL 字符。", "Holds a NUL character.", "删掉它，或重新导出。", "Delete it or export again."),
    "IM105": Wording(
        "有一格超过 131,072 个字符，多半是双引号没有配对。",
        "A cell has more than 131,072 characters; most likely the double quotes do not match.",
        "补上缺少的双引号。",
        "Add the missing double quote.",
    ),
}

_CELLS = {
    "IM110": Wording("“{column}”是必需的，但是空的。", "{column} is required but empty.", "补上内容。", "Fill it in."),
    "IM111": Wording(
        "“{column}”应为整数。", "{column} should be a whole number.", "只写数字，如 12。", "Write digits only, as 12."
    ),
    "IM112": Wording(
        "“{column}”应为数字。", "{column} should be a number.", "写成 1.5 这样的数字。", "Write a number, as 1.5."
    ),
    "IM113": Wording(
        "“{column}”应为金额。",
        "{column} should be an amount of money.",
        "写成 12.50 这样的金额，单位元。",
        "Write an amount, as 12.50.",
    ),
    "IM114": Wording(
        "“{column}”的金额小数超过两位。",
        "{column} has more than two decimals.",
        "确认单位是元，四舍五入到分。",
        "See that the unit is right, and round to two decimals.",
    ),
    "IM115": Wording(
        "“{column}”的数字太大。",
        "{column} is too large a number.",
        "检查是否错列。",
        "See that it stands in the right column.",
    ),
    "IM116": Wording(
        "“{column}”的小数超过三位。", "{column} has more than three decimals.", "保留三位以内。", "Keep at most three."
    ),
    "IM117": Wording(
        "“{column}”应为是或否。",
        "{column} should be yes or no.",
        "写成 是/否、1/0 或 true/false。",
        "Write yes/no, 1/0 or true/false.",
    ),
    "IM118": Wording(
        "“{column}”是不存在的日期或时间（或早于 1900 年）。",
        "{column} is a date or time that does not exist, or before 1900.",
        "检查年月日和时分秒。",
        "Check year, month, day and time.",
    ),
    "IM119": Wording(
        "“{column}”应为日期或时间。",
        "{column} should be a date or time.",
        "写成 2024-01-05 或 2024-01-05 09:30:00；Excel 的数字日期先设成日期格式再导出。",
        "Write 2024-01-05 or 2024-01-05 09:30:00; give numeric dates of Excel a date format before exporting.",
    ),
    "IM120": Wording(
        "“{column}”不是中国大陆的手机号。",
        "{column} is no mobile number of mainland China.",
        "写成 11 位手机号；一格只写一个；没有就留空。",
        "Write eleven digits, one number a cell; leave it empty if there is none.",
    ),
    "IM121": Wording(
        "“{column}”被 Excel 变成了科学计数法，号码已经丢失。",
        "{column} was turned into scientific notation by Excel; the number is lost.",
        "在来源系统重新导出，在 Excel 中先把该列设为文本。",
        "Export it again, and make the column text before Excel opens it.",
    ),
    "IM122": Wording(
        "“{column}”被 Excel 变成了科学计数法，编号已经丢失。",
        "{column} was turned into scientific notation by Excel; the id is lost.",
        "在来源系统重新导出，在 Excel 中先把该列设为文本。",
        "Export it again, and make the column text before Excel opens it.",
    ),
    "IM123": Wording(
        "“{column}”不是允许的值。",
        "{column} has a value that is not allowed.",
        "可用：{values}。",
        "Allowed: {values}.",
    ),
    "IM130": Wording(
        "“{column}”的订单不存在。",
        "The order that {column} names is not known.",
        "先用 pdo import orders 导入订单，再导入这个文件。",
        "Import the orders with pdo import orders first.",
    ),
    "IM131": Wording(
        "什么也没说：{columns} 都是空的。",
        "Says nothing: {columns} are all empty.",
        "至少填一个。",
        "Fill in at least one of them.",
    ),
}

_NOTES = {
    "IM150": Wording(
        "与第 {other} 行的编号相同，内容不同；以后面的行为准。",
        "Has the key of line {other} and other content; the later line holds.",
        "核对哪一行是对的。",
        "See which of them is right.",
    ),
    "IM151": Wording("与第 {other} 行完全相同。", "Is the same as line {other}."),
    "IM152": Wording(
        "“{column}”被遮盖或加密，没有存。",
        "{column} is masked or encrypted and was not kept.",
        "需要手机号就在来源系统导出明文。",
        "If phones are needed, export them in the clear.",
    ),
    "IM153": Wording(
        "“{column}”与第 {other} 行相同，名字却不同；以后面的名字为准。",
        "{column} is the same as in line {other}, the name is another; the later one holds.",
        "核对是不是同一个人；不是就给他们不同的编号。",
        "See whether they are one person; if not, give them different ids.",
    ),
    "IM160": Wording("在表头上方，不是数据，计入空行。", "Stands above the header: no data, counted as blank."),
    "IM161": Wording("是 # 开头的说明，不是数据，计入空行。", "Is a comment (#): no data, counted as blank."),
    "IM162": Wording("是合计，不是数据，计入空行。", "Is a sum: no data, counted as blank."),
    "IM163": Wording("是数据下方的说明，不是数据，计入空行。", "Is a note below the data: counted as blank."),
    "IM164": Wording(
        "只读了工作表“{sheet}”；没有读：{others}。",
        "Only the sheet {sheet} was read; not read: {others}.",
        "要导入别的工作表，就把它另存为单独的文件。",
        "To import another sheet, save it as a file of its own.",
    ),
}

WORDING: Mapping[str, Wording] = MappingProxyType(
    {**_FILES, **_RECOGNISING, **_HEADERS, **_RECORDS, **_CELLS, **_NOTES}
)
