"""Wording of findings in playbooks and in `pdo.yaml`.

A code has one sentence for each thing that can be found under it (`PB302.unit`); hints show the line as it should be.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording import blocks, checking, conditions, outreach, sense
from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_MENDED = ("改成：{mended}", "Write: {mended}")
_LATER = ("先删掉这一项；现有的写法见 docs/reference。", "Leave it out for now; docs/reference lists what there is.")

SYNTAX: Mapping[str, Wording] = MappingProxyType(
    {
        "PB101": Wording(
            "这里的 YAML 读不懂。",
            "This is not YAML that can be read.",
            "检查这一行和上一行的引号、括号、冒号和缩进；含有标点的文字放进引号里。",
            "Check quotes, brackets, colons and indentation here and one line above; put texts with punctuation in quotes.",
        ),
        "PB101.open": Wording(
            "这个“{sign}”一直没有结束。",
            "This '{sign}' is never closed.",
            "在这一段的末尾补上“{closing}”。",
            "Put the missing '{closing}' where it should end.",
        ),
        "PB101.quote": Wording(
            "这个引号一直没有结束。",
            "This quote is never closed.",
            "在文字末尾补上 {sign}。",
            "Put {sign} where the text ends.",
        ),
        "PB101.indent": Wording(
            "这一行的缩进和前面的对不上。",
            "The indentation of this line fits none before it.",
            "同一层的键左边对齐，下一层多缩进两个空格。",
            "Align keys of one level; indent the next level by two blanks.",
        ),
        "PB101.colon": Wording(
            "这一行少了“键: 值”里的冒号。",
            "This line lacks the colon of 'key: value'.",
            "在键后面写半角冒号和一个空格，如 city: 北京。",
            "Put a colon and a blank after the key, as in city: 北京.",
        ),
        "PB102.tab": Wording(
            "缩进里有 Tab，YAML 不认。",
            "The indentation holds a tab, which YAML does not take for blanks.",
            "用空格缩进：{mended}",
            "Indent with blanks: {mended}",
        ),
        "PB102.wide": Wording(
            "缩进里有全角空格，YAML 不认。",
            "The indentation holds a full-width blank, which YAML takes for a letter.",
            "用半角空格缩进：{mended}",
            "Indent with plain blanks: {mended}",
        ),
        "PB102.nbsp": Wording(
            "缩进里有不换行空格（多半是从网页粘贴来的），YAML 不认。",
            "The indentation holds a no-break space (probably pasted), which YAML takes for a letter.",
            "用普通空格缩进：{mended}",
            "Indent with plain blanks: {mended}",
        ),
        "PB103": Wording(
            "“{name}”在同一层写了两次，YAML 只会留下一个。",
            "'{name}' is given twice here; YAML would keep only one.",
            "合并成一个，或者删掉一个。",
            "Join them, or remove one.",
        ),
        "PB103.measure": Wording(
            "“{name}”在同一个条件里写了两次，YAML 只会留下一个。",
            "'{name}' is given twice in one condition; YAML would keep only one.",
            "写成列表，每条都要成立：{name}: [{{…}}, {{…}}]",
            "Write a list, every one of which must hold: {name}: [{{…}}, {{…}}]",
        ),
        "PB104.alias": Wording(
            "这里用了 YAML 的引用 {name}，方案里不能用。",
            "{name} is a YAML alias; playbooks have none.",
            "把内容写全；如果本来就是文字，放进引号里。",
            "Write the content out; if it is text, put it in quotes.",
        ),
        "PB104.anchor": Wording(
            "这里用了 YAML 的锚点 {name}，方案里不能用。",
            "{name} is a YAML anchor; playbooks have none.",
            "删掉它；如果本来就是文字，放进引号里。",
            "Remove it; if it is text, put it in quotes.",
        ),
        "PB104.tag": Wording(
            "这里用了 YAML 的类型标记 {name}，方案里不能用。",
            "{name} is an explicit YAML tag; playbooks have none.",
            "删掉它；如果本来就是文字，放进引号里。",
            "Remove it; if it is text, put it in quotes.",
        ),
        "PB105": Wording(
            "“{sign}”后面是多行文字，这里不能用。",
            "'{sign}' begins a text of several lines, which has no place here.",
            "把值写在冒号后面的同一行；多行文字只能用在 text 里。",
            "Write the value after the colon on the same line; only text may have several lines.",
        ),
        "PB106": Wording(
            "从“{value}”起被当成注释，文字在这里断了。",
            "The text is cut here: '{value}' is taken for a comment.",
            "给整段文字加引号：{mended}",
            "Put the whole text in quotes: {mended}",
        ),
        "PB106.empty": Wording(
            "“{value}”被当成注释，这一项成了空的。",
            "'{value}' is taken for a comment, so nothing is left here.",
            "改成：{mended}（名字前面不用写 #；文字里要有 # 就加引号）",
            "Write: {mended} (names need no #; a text with # needs quotes)",
        ),
        "PB107.comma": Wording(
            "这里是全角的逗号或顿号，YAML 把两边当成一个词。",
            "This comma is a full-width one; YAML takes both sides for one word.",
            *_MENDED,
        ),
        "PB107.values": Wording(
            "“{value}”像是几个值，写在一起就成了一个词。",
            "'{value}' looks like several values, but is one word.",
            "几个值写成 {mended}；真是一个词就加引号。",
            "Several values are {mended}; put it in quotes if it is one word.",
        ),
        "PB107.colon": Wording(
            "这里是全角冒号“：”，YAML 不认。", "This colon is a full-width one, which YAML does not know.", *_MENDED
        ),
        "PB107.quotes": Wording("中文引号会成为内容的一部分。", "Curly quotes become part of the value.", *_MENDED),
        "PB107.bracket": Wording(
            "这里是全角括号，YAML 不认。", "This bracket is a full-width one, which YAML does not know.", *_MENDED
        ),
        "PB108.start": Wording(
            "以“{value}”开头的文字，YAML 会当成别的东西。",
            "YAML takes a text that begins with '{value}' for something else.",
            "给文字加引号：{mended}",
            "Put the text in quotes: {mended}",
        ),
        "PB108.exclamation": Wording(
            "开头的“{value}”会被 YAML 吃掉。",
            "YAML swallows the '{value}' at the beginning.",
            "给文字加引号：{mended}",
            "Put the text in quotes: {mended}",
        ),
        "PB108.colon": Wording(
            "文字里有冒号加空格，YAML 会当成新的一项。",
            "A colon with a blank in a text begins a new key in YAML.",
            "给文字加引号：{mended}",
            "Put the text in quotes: {mended}",
        ),
        "PB108.nested": Wording(
            "同一行里有两个“键: 值”。",
            "There are two 'key: value' on one line.",
            "里面的一层放进花括号：{mended}",
            "Put the inner one in braces: {mended}",
        ),
        "PB108.comma": Wording(
            "逗号后面的“{value}”被当成了另一项。",
            "'{value}' after the comma is taken for another key.",
            "文字里有逗号就加引号：{mended}",
            "A text with a comma needs quotes: {mended}",
        ),
        "PB108.list": Wording(
            "逗号后面的“{value}”被当成了另一项。",
            "'{value}' after the comma is taken for another key.",
            "几个值放进方括号：{mended}",
            "Put several values in brackets: {mended}",
        ),
        "PB108.thousands": Wording(
            "“{value}”里的逗号把数字断成了两项。",
            "The comma in '{value}' cuts the number in two.",
            "数字里不写逗号：{mended}",
            "Write numbers without commas: {mended}",
        ),
        "PB108.quote": Wording(
            "引号结束以后还有文字。",
            "The text goes on after the closing quote.",
            "把整段文字放进一对引号：{mended}",
            "Put the whole text in one pair of quotes: {mended}",
        ),
        "PB109": Wording(
            "“{value}”的冒号后面少一个空格，YAML 当成一个词。",
            "'{value}' lacks the blank after its colon; YAML takes it for one word.",
            *_MENDED,
        ),
        "PB110": Wording(
            "“{value}”不是这里的写法：YAML 把 > 当成多行文字的开头。",
            "'{value}' is not how it is said: YAML takes > for the beginning of a text.",
            "至少写 3..，大于写 {{above: 3}}；这里写：{mended}",
            "At least is 3.., more than is {{above: 3}}; here: {mended}",
        ),
        "PB111": Wording(
            "“{name}”里有看不见的字符 {character}。",
            "'{name}' holds a character that cannot be seen, {character}.",
            "删掉这个词重新打一遍，不要粘贴。",
            "Delete the word and type it again instead of pasting it.",
        ),
        "PB111.decomposed": Wording(
            "“{name}”用的是拆开的字符（如字母和声调分开），看着一样，其实是另一个词。",
            "'{name}' is spelt with decomposed characters: it looks the same and is another word.",
            "删掉这个词重新打一遍，不要粘贴。",
            "Delete the word and type it again instead of pasting it.",
        ),
        "PB111.control": Wording(
            "这里有控制字符 {character}。",
            "There is a control character here, {character}.",
            "删掉它。",
            "Delete it.",
        ),
        "PB111.separator": Wording(
            "这里有看不见的换行符 {character}。",
            "There is an invisible line break here, {character}.",
            "删掉它；要换行就用回车。",
            "Delete it; break lines with the return key.",
        ),
        "PB112.depth": Wording(
            "嵌套超过 {limit} 层。", "Nested more than {limit} levels deep.", "拆成几个标签或指标。", "Split it up."
        ),
        "PB112.nodes": Wording(
            "文件里超过 {limit} 项。",
            "More than {limit} items in one file.",
            "拆成几个文件。",
            "Split it into several files.",
        ),
        "PB112.size": Wording(
            "文件超过 {limit}，不像是方案。",
            "The file is larger than {limit}: hardly a playbook.",
            "数据用 pdo import 导入；方案拆成几个文件。",
            "Import data with pdo import; split playbooks into several files.",
        ),
        "PB112.list": Wording(
            "列表超过 {limit} 项。",
            "The list has more than {limit} items.",
            "改用标签或自有字段来区分。",
            "Use a tag or an attribute instead.",
        ),
        "PB112.text": Wording(
            "文案超过 {limit} 字。", "The text is longer than {limit} characters.", "写短一些。", "Shorten it."
        ),
        "PB113": Wording(
            "这一行不是 UTF-8 编码的文字。",
            "This line is not text in UTF-8.",
            "用编辑器另存为 UTF-8 编码。",
            "Save the file as UTF-8 in your editor.",
        ),
        "PB113.utf16": Wording(
            "文件是 UTF-16 编码。",
            "The file is in UTF-16.",
            "用编辑器另存为 UTF-8 编码。",
            "Save the file as UTF-8 in your editor.",
        ),
        "PB114": Wording(
            "{place} 里没有“{name}”这一项。",
            "{place} knows no key '{name}'.",
            "可以写：{known}",
            "It knows: {known}",
        ),
        "PB114.under": Wording(
            "{place} 里没有“{name}”这一项。",
            "{place} knows no key '{name}'.",
            "写成：{mended}",
            "Write: {mended}",
        ),
        "PB114.near": Wording(
            "{place} 里没有“{name}”这一项。",
            "{place} knows no key '{name}'.",
            "是不是 {near}？",
            "Did you mean {near}?",
        ),
        "PB115": Wording("“{name}”这个版本还没有。", "'{name}' is not in this version yet.", *_LATER),
        "PB116.mapping_not_list": Wording(
            "{name} 应该是“键: 值”，这里是列表。", "{name} should hold keys and values, not a list."
        ),
        "PB116.mapping_not_text": Wording(
            "{name} 下面应该是“键: 值”，这里是文字。",
            "{name} should hold keys and values, not a text.",
            "例如 {name}: {{city: 北京}}；所有人写 when: everyone。",
            "For example {name}: {{city: 北京}}; everybody is when: everyone.",
        ),
        "PB116.list_not_mapping": Wording(
            "{name} 应该是列表，这里是“键: 值”。",
            "{name} should be a list, not keys and values.",
            "每项前面写 - ，或者放进方括号：{name}: [{{…}}, {{…}}]",
            "Put - before each item, or brackets around: {name}: [{{…}}, {{…}}]",
        ),
        "PB116.list_not_text": Wording(
            "{name} 应该是列表，这里是文字。",
            "{name} should be a list, not a text.",
            "放进方括号，用半角逗号隔开。",
            "Put it in brackets, with commas between.",
        ),
        "PB116.text_not_mapping": Wording(
            "{name} 应该是一个值，这里是“键: 值”。", "{name} should be one value, not keys."
        ),
        "PB116.text_not_list": Wording("{name} 应该是一个值，这里是列表。", "{name} should be one value, not a list."),
        "PB116.condition_list": Wording(
            "条件应该是“键: 值”，这里是列表。",
            "A condition should hold keys and values, not a list.",
            "都要成立写 {name}: {{all: […]}}，一条成立就行写 {name}: {{any: […]}}。",
            "If all must hold write {name}: {{all: […]}}, if one is enough {name}: {{any: […]}}.",
        ),
        "PB116.measure": Wording(
            "{name} 下面要说看什么：次数、金额还是时间；这里只有“{value}”。",
            "{name} must say what is measured; there is only '{value}'.",
            "例如 {name}: {{count: 3..}}；有过就行写 {name}: {{}}。",
            "For example {name}: {{count: 3..}}; for at least one {name}: {{}}.",
        ),
        "PB116.of": Wording(
            "{name} 下面要写清楚几样，只有一个值不够。",
            "{name} needs several things said, not one value.",
            "例如 {example}",
            "For example {example}",
        ),
        "PB116.latest": Wording(
            "latest 要说最后一行有什么。",
            "latest must say what the last row has.",
            *_MENDED,
        ),
        "PB116.metric": Wording(
            "指标只说算什么，不带条件；“{name}”在这里不能比较大小。",
            "A metric says what is measured, without a test; '{name}' cannot be compared here.",
            *_MENDED,
        ),
        "PB116.ranking": Wording(
            "{name} 要说从大到小还是从小到大。",
            "{name} must say which way.",
            "从大到小：{mended}；从小到大用 asc。",
            "From the largest down: {mended}; smallest first is asc.",
        ),
        "PB116.key": Wording(
            "“{value}”不能当键。",
            "'{value}' cannot be a key.",
            "键只能是一个词；文字里有花括号就加引号。",
            "A key is one word; a text with braces needs quotes.",
        ),
        "PB117": Wording(
            "缺少 {name}。", "{name} is missing.", "补上，例如：{example}", "Add it, for example: {example}"
        ),
        "PB117.condition": Wording(
            "这一步既没有 {name} 也没有 after，不知道什么时候走。",
            "This transition has neither {name} nor after, so nothing says when.",
            "补上，例如：{example}",
            "Add one, for example: {example}",
        ),
        "PB118": Wording(
            "{name} 是空的。", "{name} is empty.", "写上内容，或者删掉这一项。", "Fill it in or remove it."
        ),
        "PB118.condition": Wording(
            "{name} 是空的条件。",
            "{name} is an empty condition.",
            "所有客户写 {name}: everyone。",
            "Everybody is {name}: everyone.",
        ),
        "PB118.file": Wording(
            "{name} 是空的。", "{name} is empty.", "写上内容，或者删掉文件。", "Fill it in or delete it."
        ),
        "PB119": Wording(
            "version 是“{found}”，这里只认识 1。",
            "version is '{found}'; only 1 is known here.",
            "写 version: 1；方案来自更新的 pdo 时，请升级。",
            "Write version: 1; upgrade pdo if the playbook comes from a newer one.",
        ),
        "PB120": Wording(
            "{folder} 里没有方案。",
            "There are no playbooks in {folder}.",
            "把 .yaml 文件放进 playbooks/ 目录。",
            "Put .yaml files into the folder playbooks/.",
        ),
        "PB121": Wording(
            "一个文件里只能有一份方案，“---”后面的没有读。",
            "One file holds one playbook; what comes after '---' was not read.",
            "删掉“---”，或者分成两个文件。",
            "Remove the '---', or make two files.",
        ),
        "PB122.chinese": Wording(
            "这个文件的键是中文的，却有 {count} 处写成了英文：{found}。",
            "The keys of this file are Chinese, but {count} of them English: {found}.",
            "统一成一种：pdo fmt --lang zh {path}",
            "Make them one: pdo fmt --lang zh {path}",
        ),
        "PB122.english": Wording(
            "这个文件的键是英文的，却有 {count} 处写成了中文：{found}。",
            "The keys of this file are English, but {count} of them Chinese: {found}.",
            "统一成一种：pdo fmt --lang en {path}",
            "Make them one: pdo fmt --lang en {path}",
        ),
        "PB130": Wording(
            "这条 pdo: ignore 没有写要忽略哪个代码。",
            "This pdo: ignore names no code.",
            "写上代码和理由：# pdo: ignore PB904 新店没有历史数据",
            "Name the code and say why: # pdo: ignore PB904 a new shop has no history",
        ),
        "PB130.unknown": Wording(
            "没有代码 {name}。",
            "There is no code {name}.",
            "照检查结果方括号里的代码写；全部代码见 pdo rule。",
            "Copy the code from the brackets of the finding; pdo rule lists them all.",
        ),
        "PB130.reason": Wording(
            "忽略 {name} 没有写理由，所以没有忽略。",
            "Nothing says why {name} is to be ignored, so it is not.",
            "把理由写在代码后面：# pdo: ignore {name} 新店没有历史数据",
            "Say why after the code: # pdo: ignore {name} a new shop has no history",
        ),
        "PB130.error": Wording(
            "{name} 在这里是错误，不能忽略。",
            "{name} is an error here and cannot be ignored.",
            "照它的提示改好，再删掉这条注释。",
            "Mend it as it says, and remove this comment.",
        ),
    }
)

REFERENCES: Mapping[str, Wording] = MappingProxyType(
    {
        "PB201": Wording(
            "没有叫“{name}”的 {kind}。", "There is no {kind} called '{name}'.", "现有：{known}", "There are: {known}"
        ),
        "PB201.none": Wording(
            "没有叫“{name}”的 {kind}，这个项目里一个 {kind} 也没有。",
            "There is no {kind} called '{name}', nor any other.",
            "先在 {block} 下面写上“{name}”，或者去掉这一处。",
            "Define '{name}' under {block}, or leave this out.",
        ),
        "PB201.near": Wording(
            "没有叫“{name}”的 {kind}。",
            "There is no {kind} called '{name}'.",
            "是不是 {near}？",
            "Did you mean {near}?",
        ),
        "PB201.kind": Wording(
            "“{name}”不是 {kind}，而是 {other}。",
            "'{name}' is no {kind} but a {other}.",
            "写 {other}: {name}。",
            "Write {other}: {name}.",
        ),
        "PB202": Wording(
            "不认识“{name}”：不是客户的字段，也不是指标。",
            "'{name}' is unknown: neither an attribute nor a metric.",
            "可以写：{known}。自己的字段在 pdo.yaml 的 attributes 里声明。",
            "Known: {known}. Declare attributes of your own in pdo.yaml.",
        ),
        "PB202.near": Wording(
            "不认识“{name}”：不是客户的字段，也不是指标。",
            "'{name}' is unknown: neither an attribute nor a metric.",
            "是不是 {near}？",
            "Did you mean {near}?",
        ),
        "PB202.measure": Wording(
            "“{name}”要说是哪种数据的。", "'{name}' must say of which rows.", "例如：{mended}", "For example: {mended}"
        ),
        "PB202.column": Wording(
            "“{name}”不是客户的字段，是明细里的列。",
            "'{name}' is no attribute of a customer but a column of rows.",
            "写：{mended}",
            "Write: {mended}",
        ),
        "PB202.name": Wording(
            "“{name}”前面要说它是什么。", "It must be said what '{name}' is.", "写：{mended}", "Write: {mended}"
        ),
        "PB203": Wording(
            "{subject} 没有“{name}”这一列。", "{subject} have no column '{name}'.", "有：{known}", "There are: {known}"
        ),
        "PB203.near": Wording(
            "{subject} 没有“{name}”这一列。",
            "{subject} have no column '{name}'.",
            "是不是 {near}？",
            "Did you mean {near}?",
        ),
        "PB204": Wording(
            "“{name}”已经有了，名字不能重复。",
            "'{name}' exists already; names must be unique.",
            "换一个名字，或者删掉一个。",
            "Rename one of them, or remove it.",
        ),
        "PB204.policy": Wording(
            "policy 一个项目只能有一份。",
            "A project has one policy.",
            "合并到一个文件里。",
            "Join them in one file.",
        ),
        "PB205": Wording(
            "绕成了一圈：{path}。",
            "This goes round in a circle: {path}.",
            "去掉其中一处引用，或者把共同的条件写成另一个标签。",
            "Remove one of the references, or make a tag of what they share.",
        ),
        "PB206": Wording(
            "“{name}”在几个生命周期里都有：{owners}。",
            "Several lifecycles have a stage '{name}': {owners}.",
            "说明是哪一个：{mended}",
            "Say which one: {mended}",
        ),
        "PB207": Wording(
            "订单没有“{name}”：买了什么要问 items。",
            "Orders have no '{name}': what was bought is asked of items.",
            "写：{mended}",
            "Write: {mended}",
        ),
        "PB208": Wording(
            "“{name}”有别的意思，不能当名字。",
            "'{name}' means something else and cannot be a name.",
            "换一个名字。",
            "Choose another name.",
        ),
        "PB208.key": Wording(
            "“{name}”在这里成了一个名字，多半是缩进少了一层。",
            "'{name}' has become a name here; it probably lacks one level of indentation.",
            "再缩进两个空格，放到上面那一项里。",
            "Indent it by two more blanks, into the item above.",
        ),
        "PB208.attribute": Wording(
            "“{name}”已经是一个字段了。",
            "'{name}' is an attribute already.",
            "换一个名字。",
            "Choose another name.",
        ),
        "PB209": Wording(
            "“{name}”不能当名字。",
            "'{name}' cannot be a name.",
            "名字最多 {limit} 个字，不含斜杠、引号、花括号和看不见的字符，不以 . - ~ 开头。",
            "Names have at most {limit} characters, no slash, quote, brace or invisible ones, and do not begin with . - ~.",
        ),
    }
)

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        **SYNTAX,
        **REFERENCES,
        **conditions.WORDING,
        **checking.TYPES,
        **checking.LIFECYCLES,
        **checking.MESSAGES,
        **checking.ADVICE,
        **checking.RELATED,
        **blocks.WORDING,
        **outreach.WORDING,
        **sense.WORDING,
    }
)
