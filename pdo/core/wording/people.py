"""Wording of who is one person, of people's rights, and of copies of the store."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_HELP = {
    "help.customer.merge": Wording(
        "手工合并：把后面的客户并到第一个客户。标签、阶段、订单、授权、消息都跟过去，文件里的编号照样认得。",
        "Join customers by hand: the later ones to the first. Tags, stages, orders, consents and messages go along; files may "
        "go on naming any of the ids.",
    ),
    "help.customer.split": Wording(
        "手工拆开：让这些编号各自成为一位客户，以后也不再自动合并。各自的订单等原样回去。",
        "Take customers apart by hand: these ids stand for themselves from now on, and get back what files brought for them.",
    ),
    "help.customer.export": Wording(
        "导出一个人的全部数据（查阅权），并记录。", "Write everything that is known of a person to a file, and note it."
    ),
    "help.customer.erase": Wording(
        "删除一个人：所有的表、日志、导入前的样子、done/ 和 out/ 里的文件；再导入也不会回来。不能撤销。",
        "Erase a person from every table, journal, and file in done/ and out/; imports do not bring them back. Cannot be undone.",
    ),
    "help.identity": Wording("谁和谁是同一个人。", "Who is one person."),
    "help.identity.conflicts": Wording(
        "列出没有用来合并的标识：公用的，或指向两位客户的。",
        "List identifiers that joined nobody: shared ones, and those that point at two customers.",
    ),
    "help.identity.decisions": Wording("列出手工的合并和拆分。", "List what was joined and split by hand."),
    "help.identity.apply": Wording(
        "重新判断谁和谁是同一个人，例如改了 shared_phones 以后。",
        "Decide anew who is one person, as after shared_phones has changed.",
    ),
    "help.identity.undo": Wording("撤回一次手工的合并或拆分。", "Take a join or split by hand back."),
    "help.db.backup": Wording(
        "备份数据库：别人可以照常使用；备份会打开检查过才算数。",
        "Copy the database while others go on using it; the copy is opened and looked through before it counts.",
    ),
    "help.db.restore": Wording(
        "用备份换回数据库：先检查备份，被换下的文件留在旁边。",
        "Put a backup in the place of the database: it is tried first, and what it replaces is kept beside it.",
    ),
    "help.db.purge": Wording(
        "删除超过 retention_days 没有任何动静的客户。", "Erase customers of whom nothing was heard for retention_days."
    ),
    "help.db.log": Wording(
        "列出个人数据的处理记录：删除、明文显示、清理。里面没有个人数据。",
        "List uses of personal data: erased, shown unmasked, purged. Holds no personal data.",
    ),
    "argument.own_ids": Wording("客户编号（可以多个）。", "Customers' ids."),
    "argument.keep": Wording("保留的客户，后面是并入的客户。", "The customer to keep, then those to join to it."),
    "argument.decision": Wording("pdo identity decisions 里的号。", "The number in pdo identity decisions."),
    "argument.backup": Wording("备份文件。", "The backup."),
    "option.decisions_file": Wording(
        "从 CSV 读：合并要有 keep、other（保留、并入）两列，拆开要有 customer_id（客户编号）。",
        "Read a CSV: columns keep and other to join, customer_id to split.",
    ),
    "option.decision_undo": Wording("撤回这一次手工的合并或拆分。", "Take this decision back."),
    "option.reveal": Wording("手机号不打码；会记录。", "Show phones in full; this is noted."),
    "option.yes": Wording("不用再确认。", "Do not ask."),
    "option.backup_folder": Wording("备份放在哪里，默认 backups/。", "Where copies go; backups/ unless given."),
    "option.keep": Wording("只留最近 N 份。", "Keep the N latest only."),
    "option.repair": Wording(
        "修好能修的：文件权限、索引、视图。", "Mend what can be: the mode of the file, indexes, views."
    ),
    "option.subject_type": Wording("文件类型：json 或 xlsx。", "Type of the file: json or xlsx."),
}
_IDENTITY = {
    "identity.joined": Wording("合并了 {count} 个编号：{keys}", "{count} ids stand with another customer now: {keys}"),
    "identity.separated": Wording("拆开了 {count} 个编号：{keys}", "{count} ids stand for themselves again: {keys}"),
    "identity.unchanged": Wording("没有变化。", "Nothing changed."),
    "identity.conflicts_left": Wording(
        "{count} 个标识没有用来合并，见 pdo identity conflicts。",
        "{count} identifiers joined nobody, see pdo identity conflicts.",
    ),
    "identity.more": Wording("还有 {count} 个，用 --output 写到文件。", "{count} more; --output writes all to a file."),
    "identity.none": Wording("没有冲突。", "No conflicts."),
    "identity.no_decisions": Wording("还没有手工合并或拆开过。", "Nobody was joined or split by hand yet."),
    "identity.action.merge": Wording("合并", "merge"),
    "identity.action.split": Wording("拆开", "split"),
    "identity.reason.same_source": Wording("同一来源的两个编号都用", "on two ids of one source"),
    "identity.reason.names": Wording("两个不同的名字都用", "used by two names"),
    "identity.reason.listed": Wording("在公用电话名单里", "listed as shared"),
    "identity.reason.several": Wording("指向两位客户", "points at two customers"),
    "identity.phone": Wording("手机号", "phone"),
    "import.joined": Wording(
        "{path}：有 {count} 个编号与别的编号是同一个人，已合并。",
        "{path}: {count} ids are people with another id; joined.",
    ),
    "import.separated": Wording(
        "{path}：有 {count} 个编号原来合并着，现在拆开了：{keys}",
        "{path}: {count} ids stood with another customer and stand for themselves again: {keys}",
    ),
    "import.conflicts": Wording(
        "{path}：现有 {count} 个标识没有用来合并，见 pdo identity conflicts。",
        "{path}: there are {count} identifiers that join nobody, see pdo identity conflicts.",
    ),
    "IM170": Wording(
        "这个人已按要求删除，不再导入。",
        "This person was erased and does not come in again.",
        "请从来源文件里删掉这一行。",
        "Take the row out of the source.",
    ),
    "error.merge_what": Wording(
        "合并谁？写保留的和并入的客户，或 --file、--undo，三选一。",
        "Join whom? Name the one to keep and those to join, or say --file or --undo: one of the three.",
    ),
    "error.split_what": Wording(
        "拆开谁？写客户编号，或用 --file，二选一。", "Split whom? Name ids, or say --file: one of the two."
    ),
    "error.erase_unsure": Wording(
        "将删除客户 {customer} 的全部数据，不能撤销。",
        "Would erase everything of customer {customer}; this cannot be undone.",
        "确定就加 --yes。要先留一份就用 pdo customer export。",
        "Say --yes to do it. For a copy use pdo customer export first.",
    ),
    "error.unknown_own_ids": Wording(
        "有 {count} 个客户编号不存在：{keys}",
        "{count} ids are nobody's: {keys}",
        "用 pdo customer find 查。",
        "Look them up with pdo customer find.",
    ),
    "error.merge_with_itself": Wording("不能和自己合并：{keys}", "Nobody can be joined to herself: {keys}"),
    "error.nothing_to_split": Wording(
        "没有和别的编号合并，不用拆：{keys}", "Stands with nobody, so there is nothing to split: {keys}"
    ),
    "error.unknown_decision": Wording(
        "没有第 {number} 号手工合并。",
        "There is no decision {number}.",
        "用 pdo identity decisions 查。",
        "See pdo identity decisions.",
    ),
    "error.decision_undone": Wording("第 {number} 号已经撤回过。", "Decision {number} was taken back before."),
    "error.decision_columns": Wording(
        "{path} 缺少列 {missing}，找到的列：{found}",
        "{path} lacks the columns {missing}; it has {found}",
        "合并要有 keep、other 两列，拆开要有 customer_id。",
        "To join it needs keep and other, to split customer_id.",
    ),
    "error.decision_file": Wording(
        "{path} 读不了：{reason}",
        "{path} cannot be read: {reason}",
        "另存为 UTF-8 的 CSV 再试。",
        "Save it as a UTF-8 CSV.",
    ),
}
_RIGHTS = {
    "customer.own_ids": Wording("合并的编号", "Other ids"),
    "erase.done": Wording(
        "已删除：{own_ids} 个编号，{rows} 行数据；{suppressed} 个标识记入不再导入的名单（只存加密摘要）。",
        "Erased: {own_ids} ids, {rows} rows; {suppressed} identifiers are listed, as keyed digests, and do not come in again.",
    ),
    "erase.file": Wording("{path}：去掉了 {rows} 行。", "{path}: {rows} rows taken out."),
    "erase.file_gone": Wording("{path}：整个文件已删除。", "{path}: the whole file is gone."),
    "erase.file_failed": Wording(
        "{path}：含有这个人，但改写不了，请手工删除。",
        "{path}: holds the person and cannot be written anew; delete it by hand.",
    ),
    "erase.original": Wording(
        "{path}：导入过的原文件还在这里，含有这个人。",
        "{path}: this imported file still lies here and holds the person.",
    ),
    "erase.backup": Wording(
        "{path}：这份备份是删除以前做的，还含有这个人；恢复它时会再次删除。",
        "{path}: this backup is older and holds the person; restoring it erases them again.",
    ),
    "erase.not_scrubbed": Wording(
        "有别的程序开着数据库，文件里可能还有残留；关掉后运行 pdo db check --repair。",
        "Another program has the database open, so the file may hold remains; close it and run pdo db check --repair.",
    ),
    "purge.dry": Wording(
        "{before} 以来没有任何动静的客户有 {count} 位。试运行：什么都没有删。",
        "Nothing was heard of {count} customers since {before}. Dry run: nothing was erased.",
    ),
    "purge.done": Wording(
        "删除了 {count} 位 {before} 以来没有任何动静的客户，共 {rows} 行。",
        "{count} customers of whom nothing was heard since {before} are erased, {rows} rows.",
    ),
    "processing.none": Wording("还没有处理记录。", "Nothing is noted yet."),
    "processing.erase": Wording("删除", "erased"),
    "processing.erase_again": Wording("恢复备份后再次删除", "erased again after a restore"),
    "processing.reveal": Wording("明文显示", "shown in full"),
    "processing.purge": Wording("到期清理", "purged"),
    "backup.done": Wording(
        "{path}：已备份并检查，{customers} 位客户，{orders} 个订单。",
        "{path}: copied and tried, {customers} customers, {orders} orders.",
    ),
    "backup.gone": Wording("{path}：旧备份，已删。", "{path}: an older copy, gone."),
    "restore.done": Wording(
        "已用 {path} 恢复：{customers} 位客户，{orders} 个订单。",
        "Restored from {path}: {customers} customers, {orders} orders.",
    ),
    "restore.aside": Wording("被换下的数据库在 {path}。", "What was replaced is {path}."),
    "restore.again": Wording(
        "其中 {count} 位客户此前已按要求删除，已再次删除。",
        "{count} customers in it had been erased and were erased again.",
    ),
    "store.mended_mode": Wording("文件权限改成了 0600。", "The mode of the file is 0600 again."),
    "store.mended_indexes": Wording("索引重建了。", "Indexes are made anew."),
    "store.mended_views": Wording("视图重建了。", "Views are made anew."),
    "error.suppression_key": Wording(
        "{path} 不在或不对：不知道谁被删除过，所以不导入。",
        "{path} is missing or another one: nobody can say who was erased, so nothing is imported.",
        "把这个文件从备份里找回来，放到数据库旁边。",
        "Put the file back beside the database.",
    ),
    "error.no_retention": Wording(
        "pdo.yaml 没有 retention_days，不知道数据该保留多久。",
        "pdo.yaml has no retention_days, so nobody knows for how long data are kept.",
        "例如写 retention_days: 1095（三年）。",
        "Say retention_days: 1095 for three years.",
    ),
    "error.keep": Wording("--keep 至少是 1，现在是 {value}。", "--keep is at least 1, not {value}."),
    "error.no_backup": Wording("没有这份备份：{path}", "There is no such backup: {path}"),
    "error.backup_unsound": Wording(
        "{path} 不完好（{reason}），没有使用。",
        "{path} is not sound ({reason}) and was not used.",
        "换一份备份。",
        "Use another backup.",
    ),
    "error.beyond_repair": Wording(
        "{path} 的数据页坏了（{reason}），修不好。",
        "{path} has damaged pages ({reason}) and cannot be mended.",
        "用 pdo db restore 换回最近的备份。",
        "Put the latest backup back with pdo db restore.",
    ),
    "error.scrub_busy": Wording(
        "有别的程序开着 {path}。", "Another program has {path} open.", "关掉后再运行一次。", "Close it and try again."
    ),
}
_HEADINGS = {
    "why": Wording("原因", "why"),
    "own_ids": Wording("客户编号", "customer ids"),
    "decision": Wording("号", "no."),
    "identifier": Wording("标识", "identifier"),
    "into": Wording("并入", "into"),
    "at": Wording("时间", "at"),
    "action": Wording("做了什么", "action"),
    "note": Wording("备注", "note"),
    "undone_at": Wording("撤回于", "undone at"),
    "detail": Wording("明细", "detail"),
}

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        **_HELP,
        **_IDENTITY,
        **_RIGHTS,
        **{f"heading.{name}": words for name, words in _HEADINGS.items()},
    }
)
