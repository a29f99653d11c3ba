"""Wording of findings about rules that do not make sense together."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "PB920": Wording(
            "这个条件永远不成立：和另一处矛盾。",
            "This can never hold: it contradicts another place.",
            "改其中一处；满足一处就行的写进 any。",
            "Change one of them; where one is enough use any.",
        ),
        "PB920.alone": Wording(
            "这个条件永远不成立：没有这样的值。",
            "This can never hold: there is no such value.",
            "改范围或者时间窗，例如 within: 30d 里最近一次不会是 45 天前。",
            "Change the range or the window: within: 30d there is no last row of 45 days ago.",
        ),
        "PB921": Wording(
            "这个条件对每个客户都成立。",
            "This holds for every customer.",
            "要“有过”写 count: 1..；真要全部客户写 when: everyone。",
            "For those who have any write count: 1..; if all customers are meant write when: everyone.",
        ),
        "PB922": Wording(
            "这一行永远轮不到：满足它的人都先归了前面的一行。",
            "This line never gets its turn: whoever meets it meets an earlier one.",
            "换一下先后，或者改条件。",
            "Change their order, or a condition.",
        ),
        "PB922.tag": Wording(
            "“{name}”永远轮不到：满足它的人都先归了“{first}”。",
            "'{name}' never gets its turn: whoever meets it has '{first}' already.",
            "把“{name}”写到“{first}”前面，或者改条件。",
            "Put '{name}' before '{first}', or change a condition.",
        ),
        "PB922.stage": Wording(
            "阶段“{name}”永远轮不到：满足它的人都归了“{first}”。",
            "The stage '{name}' is never reached: whoever meets it is in '{first}'.",
            "换一下先后，或者改条件；take: first 取先写的，take: highest 取后写的。",
            "Change their order or a condition; take: first takes the one written first, take: highest the last.",
        ),
        "PB923": Wording(
            "“{first}”和“{name}”可能同时成立，可是“{group}”组只能有一个：归先写的“{first}”。",
            "'{first}' and '{name}' can both hold, yet '{group}' allows one: the first written, '{first}', is taken.",
            "改条件，让两边不重叠；就是要这样，就在行尾写明原因忽略。",
            "Change a condition so that they do not overlap; if this is meant, say why and ignore it.",
        ),
        "PB924": Wording(
            "到了“{name}”就离不开，final 里又没有它。",
            "Nobody leaves '{name}', yet it is not final.",
            "是终点就写进 final；不是就补一步，例如 {{from: {name}, to: {other}, when: …}}。",
            "If it is an end, list it in final; otherwise add a transition, as in {{from: {name}, to: {other}, when: …}}.",
        ),
        "PB925": Wording(
            "这两步可能同时成立：客户每次执行都来回走，{path}。",
            "These two can both hold: a customer goes to and fro with every run, {path}.",
            "改其中一步的条件，让两边不重叠，或者加 after。",
            "Change one of the conditions so that they do not overlap, or add after.",
        ),
        "PB926": Wording(
            "“{name}”没有人用到。",
            "'{name}' is used nowhere.",
            "用上它，或者从 {block} 里删掉。",
            "Use it, or remove it from {block}.",
        ),
        "related.against": Wording("和这里矛盾", "it contradicts this"),
        "related.taken": Wording("“{name}”在这里", "'{name}' is here"),
        "related.there": Wording("另一步在这里", "the other one is here"),
    }
)
