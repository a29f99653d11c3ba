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
            "执行 #{run_id} 还不能撤销，有别的数据建立在它之上。"
            "后来的执行：{runs}；导入：{imports}；人工操作：{hands}；合并客户：{joined}。",
            "Run #{run_id} cannot be taken back yet, because other data rest on it. Later runs: {runs}; imports: {imports}; by "
            "hand: {hands}; customers joined: {joined}.",
            "后进先出：先撤销它们（从编号最大的开始）。人工操作要先改回来，之后合并的客户要先拆开。",
            "Last in, first out: take those back first, beginning with the highest number. Changes by hand have to be "
            "changed back, and customers joined since be split.",
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
        # Nights and days
        "help.nightly": Wording(
            "每晚一条命令：收件目录导入 → 执行 → 到期批次导出 → 任务单 → 日报，全程占住数据库，文件都在 out/日期/。"
            "做哪几步写在 pdo.yaml 的 nightly。",
            "One command for the night: inbox, run, batches that are due, task sheets, report; the database is held throughout, "
            "and every file is under out/DATE/. Which steps stands under nightly in pdo.yaml.",
        ),
        "help.today": Wording(
            "今天先看什么：昨天以来的变化、等审批的批次、过期的任务、数据多旧、券码还剩多少。",
            "What a day begins with: what changed since yesterday, batches to approve, overdue tasks, age of the data, codes "
            "left.",
        ),
        "option.from_step": Wording(
            "从这一步接着做：inbox、run、batches、sheets、report。",
            "Go on from this step: inbox, run, batches, sheets, report.",
        ),
        "nightly.inbox": Wording(
            "导入 {files} 个文件，{rows} 行有变化；{failed} 个文件不能用，{rejected} 行被拒收。",
            "{files} files came in, {rows} rows are new or changed; {failed} files could not be used, {rejected} rows were "
            "rejected.",
        ),
        "nightly.run": Wording("执行 #{run_id}：{changes} 处变化。", "Run #{run_id}: {changes} changes."),
        "nightly.batches": Wording(
            "导出 {batches} 个批次，{messages} 条消息。", "{batches} batches, {messages} messages written."
        ),
        "nightly.sheets": Wording("写好 {sheets} 份任务单，{tasks} 个任务。", "{sheets} sheets with {tasks} tasks."),
        "nightly.report": Wording(
            "日报：{drafts} 个批次等审批，{overdue} 个任务过期。",
            "Report: {drafts} batches to approve, {overdue} tasks overdue.",
        ),
        "nightly.done": Wording(
            "{steps} 步都完成了，文件在 {folder}。", "All {steps} steps are done; the files are in {folder}."
        ),
        "nightly.failed": Wording(
            "停在 {step} 这一步；解决后运行 pdo nightly --from-step {step}。",
            "Stopped at {step}; when that is mended, run pdo nightly --from-step {step}.",
        ),
        "nightly.no_heartbeat": Wording("心跳没有送到：{reason}。", "The heartbeat could not be told: {reason}."),
        "today.title": Wording("{now}，最近一次执行截至 {as_of}。", "{now}; the last run was as of {as_of}."),
        "today.title_first": Wording("{now}，还没有执行过。", "{now}; nothing was run yet."),
        "today.title_plain": Wording("今天", "today"),
        "today.changed": Wording("昨天以来的变化", "Changed since yesterday"),
        "today.drafts": Wording("等审批的批次", "Batches to approve"),
        "today.overdue": Wording("过期的任务", "Overdue tasks"),
        "today.ages": Wording("数据多旧", "Age of the data"),
        "today.codes": Wording("券码还剩", "Codes left"),
        "today.nothing": Wording("没有要看的。", "There is nothing to look at."),
        "today.written": Wording("已写到 {path}", "Written to {path}"),
        "heading.staff": Wording("员工", "staff"),
        "heading.channel": Wording("渠道", "channel"),
        "heading.oldest_on": Wording("最早应完成", "oldest due"),
        "heading.imported_at": Wording("最近导入", "last import"),
        "heading.hours": Wording("小时前", "hours ago"),
        "heading.offer": Wording("权益", "offer"),
        "heading.left": Wording("还剩", "left"),
        "heading.given": Wording("近 7 天发出", "given in 7 days"),
        "heading.ends_on": Wording("最早到期", "first ends on"),
        "today.low": Wording("不够再发 7 天", "less than 7 days' worth"),
        # Whether all is well
        "help.doctor": Wording(
            "体检：项目、方案、数据库、权限、磁盘、数据新旧、终端和 cron，哪里不对、怎么办。什么都不写入；有问题时退出码 3。",
            "Whether all is well: project, playbooks, database, permissions, disk, age of data, terminal and cron; what is "
            "wrong and what to do. Writes nothing; exit code 3 where something is wrong.",
        ),
        "doctor.level.ok": Wording("好    {message}", "fine    {message}"),
        "doctor.level.advice": Wording("注意  {message}", "note    {message}"),
        "doctor.level.error": Wording("不行  {message}", "wrong   {message}"),
        "doctor.hint": Wording("      → {hint}", "        → {hint}"),
        "doctor.well": Wording("没有妨碍运行的问题。", "Nothing keeps it from working."),
        "doctor.unwell": Wording("有 {count} 处不行，先解决它们。", "{count} thing(s) are wrong; mend them first."),
        "doctor.encoding": Wording(
            "终端的编码是 {encoding}，中文可能显示成问号。",
            "The terminal's encoding is {encoding}; Chinese may show as question marks.",
            "设 LANG=zh_CN.UTF-8 或 PYTHONIOENCODING=utf-8。",
            "Set LANG=zh_CN.UTF-8 or PYTHONIOENCODING=utf-8.",
        ),
        "doctor.cron_path": Wording(
            "cron 只在 /usr/bin 和 /bin 里找程序，找不到 pdo。",
            "cron looks in /usr/bin and /bin only and does not find pdo.",
            "crontab 里写全路径：{program}。",
            "Write the whole path in the crontab: {program}.",
        ),
        "doctor.settings": Wording(
            "pdo.yaml 有 {count} 处错误。",
            "pdo.yaml has {count} error(s).",
            "运行 pdo validate 查看。",
            "Run pdo validate.",
        ),
        "doctor.zone": Wording(
            "机器的时区是 {machine}，和 pdo.yaml 的 {zone} 不同：cron 的钟点按机器的算。",
            "The machine's clock is at {machine}, pdo.yaml says {zone}: cron goes by the machine's.",
            "crontab 里按机器的时区写钟点，或改机器的时区。",
            "Write the machine's hours in the crontab, or change its time zone.",
        ),
        "doctor.no_playbooks": Wording(
            "{folder} 里没有运营方案。",
            "There is no playbook in {folder}.",
            "写一份，或 pdo init --template 名字。",
            "Write one, or run pdo init --template NAME.",
        ),
        "doctor.playbooks": Wording(
            "运营方案有 {count} 处错误，什么都不会执行。",
            "The playbooks have {count} error(s); nothing will be run.",
            "运行 pdo validate 查看。",
            "Run pdo validate.",
        ),
        "doctor.playbooks_fine": Wording(
            "运营方案没有错误（{count} 个文件）。", "The playbooks have no errors ({count} file(s))."
        ),
        "doctor.not_writable": Wording(
            "{path} 不能写。",
            "{path} cannot be written.",
            "改目录的属主或权限：chown、chmod u+w。",
            "Change owner or mode: chown, chmod u+w.",
        ),
        "doctor.open_secret": Wording(
            "别人读得到 {path}，里面可能有密钥。",
            "Others can read {path}, which may hold secrets.",
            "运行 chmod 600 {path}。",
            "Run chmod 600 {path}.",
        ),
        "doctor.open_store": Wording(
            "别人读得到数据库 {path}（权限 {mode}）。",
            "Others can read the database {path} (mode {mode}).",
            "运行 chmod 600 {path}。",
            "Run chmod 600 {path}.",
        ),
        "doctor.disk": Wording(
            "磁盘只剩 {free}，一次执行可能要 {least}。",
            "Only {free} are free on the disk; a run may need {least}.",
            "腾出空间。",
            "Make room.",
        ),
        "doctor.spill": Wording(
            "{path} 是被强行结束的 pdo 留下的临时文件。",
            "{path} holds temporary files of a pdo that was killed.",
            "下一次 pdo run 会删掉它，不用管。",
            "The next pdo run removes it; nothing need be done.",
        ),
        "doctor.no_inbox": Wording(
            "pdo.yaml 的 nightly 里有 inbox，但没有收件目录 {path}。",
            "nightly in pdo.yaml names inbox, but there is no folder {path}.",
            "建好它，把导出的文件放进去。",
            "Make it, and drop exports there.",
        ),
        "doctor.busy": Wording("数据库正被占用：{holder}。", "The database is in use: {holder}."),
        "doctor.no_customers": Wording(
            "数据库里还没有客户。",
            "There are no customers in the database.",
            "先导入：pdo import customers 文件。",
            "Import them: pdo import customers FILE.",
        ),
        "doctor.store_fine": Wording(
            "数据库可用，{customers} 位客户。", "The database can be used; {customers} customers."
        ),
        "doctor.no_imports": Wording(
            "还没有导入过文件。", "No file was imported yet.", "运行 pdo import。", "Run pdo import."
        ),
        "doctor.no_runs": Wording("还没有执行过。", "Nothing was run yet.", "运行 pdo run。", "Run pdo run."),
        "doctor.old_data": Wording(
            "最近一次导入是 {at}，{days} 天前。",
            "The last import was at {at}, {days} days ago.",
            "看看导出和收件目录：文件有没有来。",
            "See whether exports still come, and where they go.",
        ),
        "doctor.old_run": Wording(
            "最近一次执行是 {at}，{days} 天前。",
            "The last run was at {at}, {days} days ago.",
            "看看 cron 还在不在跑：crontab -l，以及它的日志。",
            "See whether cron still runs it: crontab -l, and its log.",
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
