"""Wording of runs that are left alone: the guard, kept plans, history, taking back."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOK = "运行 pdo plan 看清楚是不是本来就要这样：是，就加 --override-guard 理由 再执行；不是，先改方案或数据。"
_LOOK_EN = (
    "See with pdo plan whether it is meant: if so, run again with --override-guard REASON; if not, mend the playbook or "
    "the data."
)
_AGAIN = "重新运行 pdo plan --out，看过再执行。"
_AGAIN_EN = "Run pdo plan --out again, look at it, and run that."

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        # The guard
        "error.guard": Wording(
            "护栏拦下了这次执行（{count} 处），什么都没有写入。",
            "The guard stopped the run ({count} reason(s)); nothing was written.",
            "逐条看上面的原因；确认无误后用 --override-guard 理由 放行，理由会记在运行记录里。界限写在 policy 的 guard。",
            "Look at the reasons above; when they are right, --override-guard REASON passes, and the reason is kept with the "
            "run. The limits stand under guard in the policy.",
        ),
        "guard.share.tag": Wording(
            "标签“{name}”会从 {of} 位客户中的 {count} 位身上拿掉（{share}，上限 {limit}），例如 {sample}。",
            'The tag "{name}" would be taken from {count} of {of} customers ({share}, limit {limit}), as {sample}.',
            _LOOK,
            _LOOK_EN,
        ),
        "guard.share.stage": Wording(
            "“{name}”里 {of} 位客户中的 {count} 位会换阶段（{share}，上限 {limit}），例如 {sample}。",
            '{count} of {of} customers of "{name}" would be moved to another stage ({share}, limit {limit}), as {sample}.',
            _LOOK,
            _LOOK_EN,
        ),
        "guard.share.segment": Wording(
            "人群“{name}”的 {of} 位客户中有 {count} 位会离开（{share}，上限 {limit}），例如 {sample}。",
            '{count} of {of} customers would leave the segment "{name}" ({share}, limit {limit}), as {sample}.',
            _LOOK,
            _LOOK_EN,
        ),
        "guard.share.all": Wording(
            "合计 {of} 位客户中有 {count} 位会失去标签、换阶段或离开人群（{share}，上限 {limit}），例如 {sample}。",
            "In all {count} of {of} customers would lose a tag, change stage or leave a segment ({share}, limit {limit}), "
            "as {sample}.",
            _LOOK,
            _LOOK_EN,
        ),
        "guard.messages": Wording(
            "会生成 {count} 条消息，上限 {limit}：{campaigns}。",
            "{count} messages would be made, the limit is {limit}: {campaigns}.",
            _LOOK,
            _LOOK_EN,
        ),
        "guard.age": Wording(
            "数据旧了：最近一次导入是 {last}，已过 {hours} 小时，上限 {limit}。",
            "The data are old: the last import was at {last}, {hours} hours ago; the limit is {limit}.",
            "看看今天的导出和导入为什么没来（pdo imports list），导入后再执行；确实不需要新数据，加 --override-guard 理由。",
            "See why nothing was exported or imported (pdo imports list), import and run again; where no new data are needed, "
            "add --override-guard REASON.",
        ),
        "guard.shrink": Wording(
            "{kind} 的文件 {path} 短了：这次（导入 #{import_id}）{rows} 行，上次 {before} 行，少了 {share}，上限 {limit}。",
            "The file {path} of {kind} is short: {rows} rows this time (import #{import_id}), {before} the time before, {share} "
            "less; the limit is {limit}.",
            "多半是导出不完整：撤销这次导入（pdo imports undo），重新导出；数据本来就变少了，加 --override-guard 理由。",
            "Most likely the export is not whole: take the import back (pdo imports undo) and export again; where there really "
            "are fewer, add --override-guard REASON.",
        ),
        "plan.guard": Wording("护栏会拦下这次执行：", "The guard would stop this run:"),
        "run.overridden": Wording("护栏已放行，理由：{reason}", "The guard was passed over: {reason}"),
        # Kept plans
        "plan.kept": Wording(
            "已写到 {path}；运行 pdo run --plan {path} 就照它执行。",
            "Written to {path}; pdo run --plan {path} applies it.",
        ),
        "error.no_plan": Wording(
            "{path} 不是 pdo plan --out 写的文件。", "{path} was not written by pdo plan --out.", _AGAIN, _AGAIN_EN
        ),
        "error.plan_options": Wording(
            "--plan 自带时间和方案，不能再写 --as-of、--playbook、--from、--to。",
            "--plan brings its moment and playbook: --as-of, --playbook, --from and --to cannot stand beside it.",
        ),
        "error.drift": Wording(
            "这份预演已经对不上（{count} 处），什么都没有写入。",
            "The plan no longer fits ({count} reason(s)); nothing was written.",
            _AGAIN,
            _AGAIN_EN,
        ),
        "drift.store": Wording("它是给另一个数据库做的。", "It was made for another database."),
        "drift.playbooks": Wording("运营方案改过了：{names}。", "Playbooks have changed: {names}."),
        "drift.settings": Wording("pdo.yaml 改过了。", "pdo.yaml has changed."),
        "drift.imports": Wording(
            "之后又有 {count} 次导入，最后是 #{last}。", "{count} import(s) came in since, the last is #{last}."
        ),
        "drift.imports_undone": Wording("之后撤销了 {count} 次导入。", "{count} import(s) were taken back since."),
        "drift.runs": Wording(
            "之后又执行过 {count} 次，最后是 #{last}。", "There were {count} run(s) since, the last is #{last}."
        ),
        "drift.runs_undone": Wording("之后撤销了 {count} 次执行。", "{count} run(s) were taken back since."),
        "drift.hands": Wording("之后有 {count} 处人工修改。", "{count} change(s) were made by hand since."),
        "drift.other": Wording(
            "数据库之后写过 {count} 次，结果不一样了。",
            "The database was written {count} time(s) since, and the result differs.",
        ),
        "drift.result": Wording(
            "结果不一样了（变化 {before} 处，现在 {now} 处）：方案用到的文件改过，或 pdo 的版本不同。",
            "The result differs ({before} changes then, {now} now): a file that playbooks read has changed, or pdo itself.",
        ),
        # Runs
        "help.runs": Wording("查看和撤销执行记录。", "Look at runs, and take one back."),
        "help.runs.list": Wording("列出最近的执行。", "List the latest runs."),
        "help.runs.show": Wording(
            "查看一次执行改了什么；不写编号就是最后一次。", "Show what a run changed; the last one unless numbered."
        ),
        "help.runs.diff": Wording(
            "比较两次执行之后的样子：每个标签、阶段、人群多了谁、少了谁。",
            "Compare how things stood after two runs: who has each tag, stage and segment then and not before.",
        ),
        "help.runs.undo": Wording(
            "撤销一次执行，不写编号就是最后一次：它打的标签摘掉，它摘的放回，它生成的批次和消息删除。"
            "后进先出；已经发出的消息撤不回。",
            "Take a run back, the last one unless numbered: what it gave goes, what it took away comes back, its batches and "
            "messages are removed. Last in, first out; messages that have left cannot be taken back.",
        ),
        "argument.run_id": Wording("执行编号，见 pdo runs list。", "The run's number, see pdo runs list."),
        "error.unknown_run": Wording(
            "没有执行 #{run_id}。", "There is no run #{run_id}.", "见 pdo runs list。", "See pdo runs list."
        ),
        "error.run_undone": Wording(
            "执行 #{run_id} 已经撤销过了。",
            "Run #{run_id} was taken back before.",
            "见 pdo runs list。",
            "See pdo runs list.",
        ),
        "error.run_rests": Wording(
            "执行 #{run_id} 还不能撤销，有别的数据建立在它之上。后来的执行：{runs}；导入：{imports}；人工操作：{hands}。",
            "Run #{run_id} cannot be taken back yet, because other data rest on it. Later runs: {runs}; imports: {imports}; by "
            "hand: {hands}.",
            "后进先出：先撤销它们（从编号最大的开始）。人工操作要先改回来。",
            "Last in, first out: take those back first, beginning with the highest number. Changes by hand have to be "
            "changed back.",
        ),
        "error.run_sent": Wording(
            "执行 #{run_id} 不能撤销：批次 {batches} 的 {messages} 条消息已经发出。",
            "Run #{run_id} cannot be taken back: {messages} messages of batch {batches} have left.",
            "发出的收不回。规则错了就改方案再执行一次。",
            "What has left cannot be called back. Where a rule was wrong, mend it and run again.",
        ),
        "runs.undone": Wording(
            "已撤销执行 #{run_id}（{as_of}）：收回 {given} 处，放回 {taken} 处，删除 {batches} 个批次 {messages} 条消息。",
            "Run #{run_id} ({as_of}) was taken back: {given} given away are gone, {taken} taken away are back, {batches} batches "
            "with {messages} messages removed.",
        ),
        "runs.none": Wording("还没有执行过。", "Nothing was run yet."),
        "runs.is_undone": Wording("{at} 已撤销", "taken back {at}"),
        "runs.same": Wording(
            "执行 #{before} 和 #{after} 之后，谁有什么完全一样。",
            "After runs #{before} and #{after} everybody has the same.",
        ),
        "argument.run_before": Wording("前一次执行的编号。", "The number of the earlier run."),
        "argument.run_after": Wording("后一次执行的编号。", "The number of the later run."),
        "heading.run_id": Wording("执行", "run"),
        "heading.as_of": Wording("截至", "as of"),
        "heading.playbooks": Wording("方案", "playbooks"),
        "heading.changes": Wording("变化", "changes"),
        "heading.remark": Wording("备注", "remark"),
        "segment.past": Wording(
            "成员是当时的；列里的客户资料是现在的。", "Members are those of then; what columns say of them is of now."
        ),
        "error.no_run_at": Wording(
            "{at} 以前没有执行过。", "There was no run up to {at}.", "见 pdo runs list。", "See pdo runs list."
        ),
        "error.at": Wording(
            "--at 看不懂：{value}。",
            "--at is neither a date or time nor a run: {value}.",
            "写成 2026-03-02、2026-03-02T09:00，或执行编号 12。",
            "Write 2026-03-02, 2026-03-02T09:00, or the number of a run, as 12.",
        ),
        # Day after day
        "run.walked": Wording(
            "共 {days} 天，{changes} 处变化，已写入。", "{days} days, {changes} changes in all, written."
        ),
        "error.walk_options": Wording(
            "--from 和 --to 要一起写，不能和 --as-of 一起用。",
            "--from and --to stand together, and --as-of cannot stand beside them.",
        ),
        "error.walk_backwards": Wording(
            "--to（{last}）早于 --from（{first}）。", "--to ({last}) lies before --from ({first})."
        ),
        # Options
        "option.from": Wording(
            "从这一天起逐日执行，直到 --to；适合补跑还没有执行过的日子。",
            "Run day after day from here up to --to, for days that were not run yet.",
        ),
        "option.to": Wording("逐日执行的最后一天。", "The last of the days."),
        "option.quiet": Wording(
            "顺利时什么都不打印，适合 cron；出错照样打印。", "Print nothing where all is well, for cron."
        ),
        "option.summary": Wording("顺利时只打印一行。", "Print one line where all is well."),
        "option.log": Wording(
            "把开始、步骤、结束和退出码记到这个文件，每行一个 JSON。",
            "Note beginning, steps, end and exit code in this file, one JSON object a line.",
        ),
        "error.log": Wording(
            "日志 {path} 写不了：{reason}。",
            "The log {path} cannot be written: {reason}.",
            "检查路径和权限。",
            "Check path and permissions.",
        ),
        "error.wait": Wording(
            "--wait 看不懂：{value}。",
            "--wait is no length of time: {value}.",
            "写成 60、90s、10m 或 1h。",
            "Write 60, 90s, 10m or 1h.",
        ),
        "run.summary": Wording(
            "执行 #{run_id}（截至 {as_of}）：{changes} 处变化，{messages} 条消息。",
            "Run #{run_id} as of {as_of}: {changes} changes, {messages} messages.",
        ),
        "option.at": Wording(
            "看过去的样子：日期、时刻，或执行编号。", "As it stood then: a date, a moment, or the number of a run."
        ),
        "option.out": Wording(
            "把预演写到这个文件，供 pdo run --plan 照着执行。",
            "Keep the plan in this file, for pdo run --plan to apply.",
        ),
        "option.plan": Wording(
            "照 pdo plan --out 写的文件执行；数据或方案变了就不执行，并说出变了什么。",
            "Apply what pdo plan --out wrote; where data or playbooks have changed nothing is done, and what changed is told.",
        ),
        "option.override_guard": Wording(
            "护栏拦下也照样执行，并把这个理由记在运行记录里。",
            "Run though the guard stops it; the reason is kept with the run.",
        ),
    }
)
