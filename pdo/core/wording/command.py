"""Wording of the command line: results, headings, and what is wrong with a call."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording import help as help_pages
from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_ERRORS = {
    "error.line": Wording("错误：{message}", "Error: {message}"),
    "error.hint": Wording("提示：{hint}", "Hint: {hint}"),
    "error.bug": Wording(
        "程序出错了，这是 pdo 的缺陷。",
        "pdo failed; this is a bug of pdo's.",
        "请把上面的内容报告给开发者。数据库要么没动、要么整条命令都已写入：pdo db check 可确认它完好。",
        "Please report what is printed above. The database has all of the command or none of it: pdo db check says it is sound.",
    ),
    "error.output": Wording(
        "结果无法写出：{reason}。",
        "The result cannot be written: {reason}.",
        "检查输出所在的磁盘。",
        "Check the disk that the output goes to.",
    ),
    "error.usage": Wording("用法不对：{message}", "{message}", "用法见 {command} --help。", "See {command} --help."),
    "error.unknown_code": Wording(
        "没有以 {name} 开头的代码。", "No code begins with {name}.", "全部代码见 pdo rule。", "See pdo rule for all."
    ),
    "error.unknown_code.near": Wording(
        "没有以 {name} 开头的代码。", "No code begins with {name}.", "是不是想写 {near}？", "Did you mean {near}?"
    ),
    "error.unknown_command": Wording(
        "没有命令 {name}。",
        "There is no command {name}.",
        "全部命令见 {command} --help。",
        "See {command} --help for all.",
    ),
    "error.unknown_command.near": Wording(
        "没有命令 {name}。",
        "There is no command {name}.",
        "是不是想用 {command} {near}？",
        "Did you mean {command} {near}?",
    ),
    "error.unknown_playbook": Wording(
        "没有方案 {name}。", "There is no playbook {name}.", "有这些：{known}。", "There are: {known}."
    ),
    "error.unknown_rule": Wording(
        "没有叫 {name} 的规则或方案。",
        "No rule and no playbook is called {name}.",
        "全部规则见 pdo describe。",
        "See pdo describe for all.",
    ),
    "error.unknown_rule.near": Wording(
        "没有叫 {name} 的规则或方案。",
        "No rule and no playbook is called {name}.",
        "是不是想写 {near}？",
        "Did you mean {near}?",
    ),
    "error.unknown_topic": Wording(
        "没有命令或主题 {name}。", "There is no command or topic {name}.", "见 pdo help。", "See pdo help."
    ),
    "error.unknown_topic.near": Wording(
        "没有命令或主题 {name}。",
        "There is no command or topic {name}.",
        "是不是想看 pdo help {near}？",
        "Did you mean pdo help {near}?",
    ),
    "error.unknown_option": Wording(
        "没有选项 {name}。", "There is no option {name}.", "用法见 {command} --help。", "See {command} --help."
    ),
    "error.unknown_option.near": Wording(
        "没有选项 {name}。", "There is no option {name}.", "是不是想用 {near}？", "Did you mean {near}?"
    ),
    "error.missing_argument": Wording(
        "缺少 {name}。", "{name} is missing.", "用法见 {command} --help。", "See {command} --help."
    ),
    "error.extra_argument": Wording(
        "多出了参数 {argument}。",
        "There is one argument too many: {argument}.",
        "带空格的值请加引号；用法见 {command} --help。",
        "Put values with blanks in quotes; see {command} --help.",
    ),
    "error.option_usage": Wording(
        "选项 {name} 用法不对：缺少值，或不该带值。",
        "The option {name} lacks a value, or takes none.",
        "用法见 {command} --help。",
        "See {command} --help.",
    ),
    "error.bad_value": Wording(
        "{name} 的值不对：{expected}",
        "{name} has a wrong value: {expected}",
        "用法见 {command} --help。",
        "See {command} --help.",
    ),
    "error.bad_number": Wording("{name} 要写一个整数。", "{name} must be a whole number."),
    "error.bad_choice": Wording("{name} 只能是：{expected}。", "{name} must be one of: {expected}."),
    "error.as_of": Wording(
        "--as-of 看不懂：{value}。",
        "--as-of is no date or time: {value}.",
        "写成 2026-03-02 或 2026-03-02T09:00。",
        "Write 2026-03-02 or 2026-03-02T09:00.",
    ),
    "error.as_of_before_last": Wording(
        "{as_of} 早于上一次执行的 {last}。",
        "{as_of} lies before the last run's {last}.",
        "执行只能往后；想看过去的样子请用 pdo plan --as-of。",
        "Runs go forward only; to look at the past, use pdo plan --as-of.",
    ),
    "error.no_run_yet": Wording("还没有执行过。", "Nothing was run yet.", "先运行 pdo run。", "Run pdo run first."),
    "error.max_rejects": Wording(
        "--max-rejects 看不懂：{value}。",
        "--max-rejects is neither a number nor a share: {value}.",
        "写成行数或百分比，例如 100 或 1%。",
        "Write a number of rows or a share, as 100 or 1%.",
    ),
    "error.import_sensitive": Wording(
        "{path}：这些列在 pdo.yaml 里标为敏感：{columns}。没有导入。",
        "{path}: these columns are marked as sensitive in pdo.yaml: {columns}. Nothing was imported.",
        "确实需要时加上 --allow-sensitive；否则先从文件里删去这些列。",
        "Add --allow-sensitive if they are really needed, or take them out of the file.",
    ),
    "error.import_undone": Wording(
        "导入 #{import_id} 已经撤销过了。",
        "Import #{import_id} was taken back before.",
        "见 pdo imports show {import_id}。",
        "See pdo imports show {import_id}.",
    ),
    "error.import_rests": Wording(
        "导入 #{import_id} 还不能撤销，有别的数据建立在它之上。后来的导入：{imports}；运行：{runs}；人工操作：{hands}。",
        "Import #{import_id} cannot be taken back yet, because other data rest on it. Later imports: {imports}; runs: {runs}; "
        "by hand: {hands}.",
        "后进先出：先撤销它们（从编号最大的开始），再撤销这一次。",
        "Last in, first out: take those back first, beginning with the highest number.",
    ),
    "error.rejects_one_file": Wording(
        "--rejects 一次只能用于一个文件。",
        "--rejects takes one file at a time.",
        "分别导入，各写一个拒收文件。",
        "Import the files one by one, each with its own.",
    ),
    "error.explain_one": Wording(
        "--tag、--stage、--segment 一次只能用一个。", "Only one of --tag, --stage and --segment at a time."
    ),
    "error.file_type": Wording(
        "从文件名 {path} 看不出类型。",
        "The name {path} does not say what type of file it is.",
        "文件名以 .csv 或 .jsonl 结尾，或用 --file-type 指明。",
        "End it with .csv or .jsonl, or say --file-type.",
    ),
    "error.file_name": Wording(
        "{name} 不能用作文件名。",
        "{name} cannot be the name of a file.",
        "用 --output 指明文件。",
        "Name the file with --output.",
    ),
    "error.folder_missing": Wording(
        "没有目录 {path}。", "There is no folder {path}.", "检查 --project。", "Check --project."
    ),
    "error.no_playbooks": Wording(
        "{folder} 里没有可检查的运营方案。",
        "There is no playbook to check in {folder}.",
        "运营方案是 playbooks/ 里以 .yaml 结尾的文件。",
        "Playbooks are the files in playbooks/ that end in .yaml.",
    ),
    "error.dump_state": Wording(
        "请说明转储什么。", "Say what to dump.", "目前可以用 pdo db dump --state。", "Use pdo db dump --state."
    ),
    "error.unknown_template": Wording(
        "没有示范项目 {name}。", "There is no template {name}.", "可用的有：{known}。", "There are: {known}."
    ),
    "error.unknown_kind": Wording(
        "没有数据种类 {name}。", "There is no kind {name}.", "可用的有：{kinds}。", "There are: {kinds}."
    ),
    "error.unknown_kind.near": Wording(
        "没有数据种类 {name}。", "There is no kind {name}.", "是不是想写 {near}？", "Did you mean {near}?"
    ),
    "error.unknown_mapping": Wording(
        "没有映射 {name}，也没有这个文件。",
        "There is no mapping {name}, and no such file.",
        "在 pdo.yaml 的 mappings 下写一份，或检查路径。",
        "Write one under mappings in pdo.yaml, or check the path.",
    ),
    "error.unknown_mapping.near": Wording(
        "没有映射 {name}，也没有这个文件。",
        "There is no mapping {name}, and no such file.",
        "是不是想写 {near}？",
        "Did you mean {near}?",
    ),
    "error.unknown_customer": Wording(
        "没有这个客户。", "There is no such customer.", "用 pdo customer find 查找。", "Look with pdo customer find."
    ),
    "error.unknown_customer.near": Wording(
        "没有这个客户。", "There is no such customer.", "相近的编号有：{near}。", "Ids like it: {near}."
    ),
    "error.several_customers": Wording(
        "有多个客户符合。",
        "Several customers match.",
        "请用客户编号；可用 pdo customer find 查看。",
        "Use the customer's id; pdo customer find shows them.",
    ),
    "error.unknown_tag": Wording(
        "没有标签 {name}。", "There is no tag {name}.", "全部标签见 pdo tag list。", "See pdo tag list."
    ),
    "error.unknown_tag.near": Wording(
        "没有标签 {name}。", "There is no tag {name}.", "是不是想写 {near}？", "Did you mean {near}?"
    ),
    "error.unknown_segment": Wording(
        "没有人群 {name}。", "There is no segment {name}.", "全部人群见 pdo segment list。", "See pdo segment list."
    ),
    "error.unknown_segment.near": Wording(
        "没有人群 {name}。", "There is no segment {name}.", "是不是想写 {near}？", "Did you mean {near}?"
    ),
    "error.unknown_lifecycle": Wording(
        "没有生命周期 {name}。", "There is no lifecycle {name}.", "全部阶段见 pdo stage list。", "See pdo stage list."
    ),
    "error.unknown_lifecycle.near": Wording(
        "没有生命周期 {name}。", "There is no lifecycle {name}.", "是不是想写 {near}？", "Did you mean {near}?"
    ),
    "error.unknown_stage": Wording(
        "{lifecycle} 里没有阶段 {name}。",
        "{lifecycle} has no stage {name}.",
        "全部阶段见 pdo stage list。",
        "See pdo stage list.",
    ),
    "error.unknown_stage.near": Wording(
        "{lifecycle} 里没有阶段 {name}。",
        "{lifecycle} has no stage {name}.",
        "是不是想写 {near}？",
        "Did you mean {near}?",
    ),
    "error.ambiguous_stage": Wording(
        "不止一个生命周期有阶段 {name}：{lifecycles}。",
        "Several lifecycles have a stage {name}: {lifecycles}.",
        "请写生命周期的名字。",
        "Name the lifecycle.",
    ),
    "error.derived_lifecycle": Wording(
        "{lifecycle} 的阶段由数据推算，不能手工调整。",
        "The stages of {lifecycle} follow from the data and cannot be set by hand.",
        "要改变它，请修改运营方案里的条件。",
        "To change them, change the conditions in the playbook.",
    ),
    "error.unknown_import": Wording(
        "没有编号为 {import_id} 的导入。",
        "There is no import {import_id}.",
        "见 pdo imports list。",
        "See pdo imports list.",
    ),
    "error.unknown_batch": Wording(
        "没有编号为 {batch_id} 的批次。", "There is no batch {batch_id}.", "见 pdo batch list。", "See pdo batch list."
    ),
    "error.batch_draft": Wording(
        "批次 {batch_id} 还是草稿，没有审批。",
        "Batch {batch_id} is a draft that nobody has approved.",
        "先看 pdo batch show {batch_id}，再运行 pdo batch approve {batch_id}。",
        "Look at it with pdo batch show {batch_id}, then run pdo batch approve {batch_id}.",
    ),
    "error.batch_cancelled": Wording("批次 {batch_id} 已取消。", "Batch {batch_id} is cancelled."),
    "error.batch_expired": Wording(
        "批次 {batch_id} 计划在 {planned_on} 发，那天没有审批，已过期。",
        "Batch {batch_id} was planned for {planned_on}; nobody approved it that day and it has expired.",
        "仍然该发的消息，之后的执行已放进新的批次，见 pdo batch list。",
        "Messages that are still due are in a batch of a later run, see pdo batch list.",
    ),
}

_RESULTS = {
    "init.made": Wording("新建  {path}", "made  {path}"),
    "init.kept": Wording("已有  {path}", "there  {path}"),
    "init.next": Wording(
        "项目已在 {root} 建好。接下来：pdo import 导入数据，pdo validate 检查方案，pdo plan 预演。",
        "The project is ready in {root}. Next: pdo import brings data in, pdo validate checks the playbooks, pdo plan "
        "previews them.",
    ),
    "init.nothing": Wording("项目已在 {root}，没有改动。", "The project is in {root}; nothing was changed."),
    "validate.clean": Wording("{files} 个文件，没有发现问题。", "{files} file(s), nothing found."),
    "validate.found": Wording(
        "{files} 个文件：{errors} 处错误，{warnings} 处警告或建议。",
        "{files} file(s): {errors} error(s), {warnings} warning(s).",
    ),
    "validate.silenced": Wording("注释里说明不用管的 {count} 处。", " {count} silenced by comments."),
    "validate.hidden": Wording(
        "按 --select、--ignore 没有显示的 {count} 处。", " {count} not shown, as --select and --ignore say."
    ),
    "fmt.zh": Wording("中文", "Chinese"),
    "fmt.en": Wording("英文", "English"),
    "fmt.mixed": Wording("中英文混用", "both"),
    "fmt.none": Wording("没有", "none"),
    "fmt.looked": Wording(
        "什么都没有改。写 --lang zh 或 --lang en 来统一。",
        "Nothing was changed. Say --lang zh or --lang en to make them one.",
    ),
    "fmt.written": Wording("已改写  {path}（{keys} 处）", "rewritten  {path} ({keys} key(s))"),
    "fmt.to_write": Wording("要改写  {path}（{keys} 处）", "to rewrite  {path} ({keys} key(s))"),
    "fmt.done": Wording(
        "改写 {changed} 个文件，{same} 个本来就是。", "{changed} file(s) rewritten, {same} already so."
    ),
    "fmt.checked": Wording(
        "要改写 {changed} 个文件，{same} 个本来就是。没有写入。",
        "{changed} file(s) to rewrite, {same} already so. Nothing was written.",
    ),
    "fmt.refused": Wording(
        "有错误、没有动的文件：{paths}。先用 pdo validate 改好。",
        "Left alone because of errors: {paths}. Mend them first, pdo validate shows how.",
    ),
    "rule.hint": Wording("提示：{hint}", "help: {hint}"),
    "rule.bad": Wording("✗ 这样不行：", "✗ wrong:"),
    "rule.good": Wording("✓ 这样写：", "✓ right:"),
    "progress.read": Wording("读取", "reading"),
    "progress.check": Wording("检查", "checking"),
    "progress.compare": Wording("比对", "comparing"),
    "progress.write": Wording("写入", "writing"),
    "import.figures": Wording(
        "订单 {orders} 笔，已付款 {paid} 笔，净额 {net} 元，退款 {refunded} 元。",
        "{orders} orders, {paid} paid, net {net}, refunded {refunded}.",
    ),
    "import.unused": Wording("{path}：没有用到的列：{columns}。", "{path}: columns not used: {columns}."),
    "import.value": Wording("写的是「{value}」。", "It says '{value}'."),
    "import.notes": Wording("{path}：{count} 处提醒，例如：", "{path}: {count} note(s), for instance:"),
    "import.more_rejects": Wording(
        "{path}：共拒收 {rejected} 行；全部原因见 pdo imports show，或用 --rejects 写成文件。",
        "{path}: {rejected} rows rejected in all; see pdo imports show, or write them with --rejects.",
    ),
    "import.known": Wording(
        "{path}：与第 {import_id} 次导入的文件完全相同，此后没有再导入过同类数据：没有什么要做。",
        "{path}: the very same file as import {import_id}, and nothing of its kind came in since: nothing to do.",
    ),
    "import.recognised": Wording(
        "{path}：认作“{label}”（{profile}），导入 {kinds}。", "{path}: taken for {label} ({profile}): {kinds}."
    ),
    "match.orders": Wording("订单 → 客户", "orders → customers"),
    "match.friends": Wording("好友 → 订单（打通率）", "friends → orders"),
    "match.items": Wording("明细 → 商品", "items → products"),
    "match.items.category": Wording("明细 → 品类", "items → categories"),
    "match.follows": Wording("跟进 → 员工", "follows → colleagues"),
    "match.orders_staff": Wording("订单的导购 → 员工", "orders' guides → colleagues"),
    "match.unknown_staff": Wording(
        "不认识的员工：{names}。是同一个人的别名，就写进 pdo.yaml 的 aliases；不是，就导入 staff。",
        "Colleagues that nobody knows: {names}. Say whose alias it is under aliases in pdo.yaml, or import staff.",
    ),
    "match.uncategorised": Wording(
        "没有品类的商品：{titles}。写进 pdo.yaml 的 categories，再导入一次。",
        "Products without a category: {titles}. Say so under categories in pdo.yaml and import again.",
    ),
    "inbox.empty": Wording("收件夹是空的。", "The inbox is empty."),
    "inbox.done": Wording("✓ {file}：{label}：{kinds}", "✓ {file}: {label}: {kinds}"),
    "inbox.kind": Wording(
        "{kind} 读 {read} 新 {new} 改 {changed} 拒 {rejected}",
        "{kind} {read} read, {new} new, {changed} changed, {rejected} rejected",
    ),
    "inbox.rejects": Wording("；拒收的在 {path}", "; rejects in {path}"),
    "inbox.waiting": Wording(
        "… {file}：可能还没写完，下次再导", "… {file}: may not be whole yet, left for the next time"
    ),
    "inbox.failed": Wording("✗ {file}：{reason}已移到 {target}", "✗ {file}: {reason} Moved to {target}"),
    "import.profile_own": Wording("项目自己的", "the project's own"),
    "import.profile_built_in": Wording("pdo 自带", "comes with pdo"),
    "import.profiles_hint": Wording(
        "要改一份：pdo import --profile 名字 --show > profiles/名字.yaml，改好就优先用它。",
        "To change one: pdo import --profile NAME --show > profiles/NAME.yaml; it then goes before ours.",
    ),
    "import.failed": Wording("未导入：{reason}", "Not imported: {reason}"),
    "import.more_changes": Wording(
        "{path}：共 {changed} 行会有改动，以上是前几行。", "{path}: {changed} rows would change; these are the first."
    ),
    "import.held": Wording(
        "有行被拒收：这些文件什么都没有写入（--strict）。",
        "Rows were rejected: nothing of those files was written (--strict).",
    ),
    "imports.is_undone": Wording("{path}（已撤销）", "{path} (taken back)"),
    "imports.undone": Wording(
        "已撤销导入 #{import_id}（{kind}，{path}）：删除 {removed} 行，恢复 {restored} 行。",
        "Import #{import_id} ({kind}, {path}) was taken back: {removed} rows removed, {restored} restored.",
    ),
    "import.dry_run": Wording("试导入：什么都没有写入。", "Dry run: nothing was written."),
    "import.too_many": Wording(
        "拒收的行超过 {limit}；其余各行已经导入。", "More than {limit} of the rows were rejected; the others went in."
    ),
    "import.too_many_dry": Wording("拒收的行超过 {limit}。", "More than {limit} of the rows would be rejected."),
    "imports.none": Wording("还没有导入过。", "Nothing was imported yet."),
    "plan.title": Wording("预演：截至 {as_of}，共 {customers} 位客户。", "Plan as of {as_of}, {customers} customers."),
    "run.title": Wording(
        "执行 #{run_id}：截至 {as_of}，共 {customers} 位客户。", "Run #{run_id} as of {as_of}, {customers} customers."
    ),
    "plan.renamed": Wording("改名：{old} → {new}，持有的客户不变。", "Renamed: {old} → {new}; who has it keeps it."),
    "plan.nothing": Wording("没有变化。", "Nothing changes."),
    "plan.total": Wording(
        "共 {changes} 处变化，尚未写入；运行 pdo run 执行。",
        "{changes} changes in all, not written yet; pdo run applies them.",
    ),
    "run.total": Wording("共 {changes} 处变化，已写入。", "{changes} changes in all, written."),
    "plan.no_stage": Wording("（无）", "(none)"),
    "change.gained": Wording("新增", "gained"),
    "change.lost": Wording("失去", "lost"),
    "count.customers": Wording("全部客户", "all customers"),
    "count.matched": Wording("符合条件", "condition holds"),
    "count.friends": Wording("其中好友", "of these, friends"),
    "count.with_phone": Wording("其中有手机号", "of these, with phone"),
    "explain.since": Wording("（自 {since} 起）", " (since {since})"),
    "explain.by_hand": Wording("，手工打上", ", put on by hand"),
    "explain.blocked": Wording(
        "，已手工摘下，规则不再打上（pdo tag set 可恢复）",
        ", taken off by hand: the rule no longer gives it (pdo tag set does)",
    ),
    "explain.kept": Wording("，打上后规则不摘（keep）", ", never taken off by rule (keep)"),
    "explain.excluded": Wording("，已有互斥的 {other}", ", has {other}, which excludes it"),
    "explain.expired": Wording(
        "，已过有效期，条件不成立过一次才会再打", ", has expired: it comes again after its condition has failed once"
    ),
    "explain.none": Wording("没有可说明的标签、阶段或人群。", "There is no tag, stage or segment to explain."),
    "customer.nobody": Wording("没有符合的客户。", "Nobody matches."),
    "customer.orders": Wording("有效订单", "orders"),
    "customer.net": Wording("累计消费（元）", "spent"),
    "customer.last_paid": Wording("最近付款", "last paid"),
    "customer.events": Wording("事件", "events"),
    "customer.messages": Wording("消息", "messages"),
    "customer.blocked": Wording("手工摘掉、不再自动打上：{tags}", "taken off by hand, stay off: {tags}"),
    "history.none": Wording("没有记录。", "No record."),
    "label.none": Wording("运营方案里没有定义。", "The playbooks define none."),
    "hand.set": Wording("{customer}：已设为 {label}。", "{customer}: {label} set."),
    "hand.remove": Wording("{customer}：已摘掉 {label}。", "{customer}: {label} removed."),
    "hand.same": Wording("{customer}：本来就是这样，没有变化。", "{customer}: it was so already, nothing changed."),
    "hand.blocked": Wording(
        "规则不会再给 {customer} 打上 {label}；要恢复请运行 pdo tag set {customer} {label}。",
        "No rule will put {label} on {customer} again; pdo tag set {customer} {label} lifts this.",
    ),
    "hand.replaced": Wording(
        "{label} 与 {others} 互斥，已取下后者。", "{label} excludes {others}, which was taken off."
    ),
    "segment.title": Wording("{name}：{total} 位客户，截至 {as_of}。", "{name}: {total} customers as of {as_of}."),
    "export.done": Wording("已导出 {rows} 行到 {path}", "{rows} rows written to {path}"),
    "batch.none": Wording("还没有群发批次。", "There is no batch yet."),
    "batch.approved": Wording(
        "批次 {batch_id}（{campaign}，{messages} 条消息）已审批；运行 pdo batch export {batch_id} 导出。",
        "Batch {batch_id} ({campaign}, {messages} messages) is approved; pdo batch export {batch_id} writes it.",
    ),
    "batch.approved_by_hand": Wording(
        "批次 {batch_id}（{campaign}，{messages} 条消息）已审批；运行 pdo task export 写进导购的任务单。",
        "Batch {batch_id} ({campaign}, {messages} messages) is approved; pdo task export puts it on the sheets of colleagues.",
    ),
    "batch.approved_before": Wording("批次 {batch_id} 之前已审批。", "Batch {batch_id} was approved before."),
    "db.current": Wording("数据库已是版本 {after}，无需升级。", "The database is at version {after} already."),
    "db.upgraded": Wording(
        "数据库已从版本 {before} 升级到 {after}。", "The database went from version {before} to {after}."
    ),
    "db.sound": Wording("数据库完好。", "The database is sound."),
    "db.unsound": Wording("发现 {count} 处问题。", "{count} thing(s) are wrong."),
    "status.draft": Wording("草稿", "draft"),
    "status.approved": Wording("已审批", "approved"),
    "status.exported": Wording("已导出", "exported"),
    "status.expired": Wording("已过期", "expired"),
    "status.cancelled": Wording("已取消", "cancelled"),
    "reason.cap": Wording("频控：{channel}每 {per} 至多 {count} 条", "cap: at most {count} per {per} on {channel}"),
    "reason.campaign_cap": Wording(
        "本触达频控：每 {per} 至多 {count} 条", "cap of the campaign: at most {count} per {per}"
    ),
    "reason.quota": Wording("平台额度：{channel}{window}", "quota of the platform: {channel}, {window}"),
    "reason.blocked": Wording("在勿扰名单上", "on the block list"),
    "reason.opted_out": Wording("已退订或撤回授权", "opted out"),
    "reason.no_consent": Wording("没有授权", "no consent"),
    "reason.not_friend": Wording("不是好友", "not a friend"),
    "reason.not_member": Wording("不在任何群里", "in no chat"),
    "reason.no_address": Wording("没有手机号", "no phone number"),
    "reason.no_sender": Wording("没有能发的跟进人或店长", "no colleague who could send it"),
    "reason.skipped": Wording("按规则不发", "skipped on purpose"),
    "reason.no_content": Wording("没有合适的素材", "no content fits"),
    "reason.missing_value": Wording("缺少要写进文案的值", "a value of the text is missing"),
    "reason.too_long": Wording("超过渠道的长度", "longer than the channel takes"),
    "reason.control": Wording("对照组", "control group"),
    "reason.exclusive": Wording("同组的触达已经发过", "another one of the group goes first"),
    "reason.late": Wording("时间已过", "its time is over"),
    "reason.quiet_hours": Wording("免打扰时段", "quiet hours"),
    "reason.capacity": Wording("导购今天已满，等下次", "the guide has enough to do, it waits"),
    "reason.no_code": Wording("券码不够", "no code left"),
    "reason.edited": Wording("触达改过，重新生成", "edited since, made anew"),
    "reason.by_hand": Wording("人工取消", "cancelled by hand"),
    "quota.daily": Wording("每天 1 条", "1 a day"),
    "quota.weekly": Wording("每周 7 条", "7 a week"),
    "quota.monthly": Wording("每月天数那么多条", "as many a month as it has days"),
    "channel.any": Wording("任何渠道", "any channel"),
    "source.rule": Wording("规则", "rule"),
    "source.staff": Wording("手工", "staff"),
    "source.file": Wording("文件", "file"),
    "source.platform": Wording("平台", "platform"),
    "identity.external": Wording("企微客户 ID", "WeCom external id"),
    "identity.unionid": Wording("微信 UnionID", "unionid"),
}

_HEADINGS = {
    "keys": Wording("键", "keys"),
    "code": Wording("代码", "code"),
    "says": Wording("说什么", "says"),
    "actor": Wording("操作人", "by"),
    "batch_id": Wording("批次", "batch"),
    "blank": Wording("空行", "blank"),
    "campaign": Wording("触达", "campaign"),
    "change": Wording("变化", "change"),
    "changed": Wording("有改动", "changed"),
    "count": Wording("口径", "who"),
    "customer_id": Wording("客户编号", "customer_id"),
    "customers": Wording("客户数", "customers"),
    "duplicate": Wording("重复", "duplicate"),
    "file": Wording("文件", "file"),
    "group": Wording("标签组", "group"),
    "import_id": Wording("编号", "id"),
    "kind": Wording("种类", "kind"),
    "kinds": Wording("种类", "kinds"),
    "match": Wording("对上", "joined"),
    "matched": Wording("对上的", "joined"),
    "total": Wording("共", "all"),
    "origin": Wording("来自", "from"),
    "profile": Wording("平台", "profile"),
    "label": Wording("名称", "name"),
    "label_kind": Wording("种类", "kind"),
    "lifecycle": Wording("生命周期", "lifecycle"),
    "messages": Wording("消息", "messages"),
    "move": Wording("阶段变化", "move"),
    "name": Wording("姓名", "name"),
    "new": Wording("新增", "new"),
    "number": Wording("人数", "number"),
    "owner": Wording("跟进人", "owner"),
    "phone": Wording("手机号", "phone"),
    "planned_on": Wording("计划日期", "planned on"),
    "playbook": Wording("运营方案", "playbook"),
    "read": Wording("读到", "read"),
    "reason": Wording("拦截原因", "reason"),
    "reasons": Wording("拦截原因", "reasons"),
    "rejected": Wording("拒收", "rejected"),
    "rows": Wording("行数", "rows"),
    "same": Wording("未变", "same"),
    "conflict": Wording("互斥冲突（标签组）", "conflicts (exclusive group)"),
    "sample": Wording("例如", "for instance"),
    "segment": Wording("人群", "segment"),
    "setting": Wording("设置", "setting"),
    "since": Wording("自", "since"),
    "source": Wording("来源", "source"),
    "stage": Wording("阶段", "stage"),
    "started_at": Wording("时间", "at"),
    "status": Wording("状态", "status"),
    "store": Wording("门店", "store"),
    "table": Wording("表", "table"),
    "tag": Wording("标签", "tag"),
    "text": Wording("消息内容", "text"),
    "until": Wording("至", "until"),
    "value": Wording("值", "value"),
    "withheld": Wording("被拦截", "withheld"),
}

_EXIT_CODES = {
    "done": Wording(
        "完成。拒收的行没有超过 --max-rejects 也算完成；警告和建议不算失败（--strict 除外）。",
        "Done. Rejected rows up to --max-rejects are told but are no failure, nor are warnings and advice without --strict.",
    ),
    "bug": Wording("pdo 自身的缺陷，什么都没有写入。", "A bug of pdo's; nothing was written."),
    "usage": Wording(
        "用法不对，或文件不能用：选项写错、文件不存在、不是 CSV、名字不存在。",
        "Wrong usage, or a file that cannot be used: an unknown option or name, a missing file, not a CSV.",
    ),
    "findings": Wording(
        "有问题：运营方案或设置有错误，护栏拦下，预演对不上了，数据库自检不通过。",
        "Findings: errors in playbooks or settings, the guard, a plan that no longer fits, or an unsound store.",
    ),
    "partial": Wording(
        "完成，但拒收的行超过 --max-rejects。", "Done, but more rows were rejected than --max-rejects allows."
    ),
    "no_database": Wording("没有数据库。", "There is no database."),
    "locked": Wording("数据库正被另一个进程占用。", "Another process holds the database."),
    "schema": Wording("数据库版本比程序旧或新。", "The database is older or newer than the program."),
    "storage": Wording(
        "读写失败：磁盘不够、内存限制太小、没有权限、文件损坏。什么都没有写入。",
        "Reading or writing failed: no room on the disk, too little memory, no permission, damaged file. Nothing was written.",
    ),
    "delivery": Wording("发送失败，已保留待重试。", "Delivery failed and is kept for another try."),
    "hangup": Wording(
        "被 SIGHUP 中断：正在写的整条撤回；消息会说明此前有没有写入。",
        "Stopped by SIGHUP: what was being written is taken back; the message says whether something was before.",
    ),
    "interrupted": Wording(
        "被 SIGINT（Ctrl-C）中断：正在写的整条撤回；消息会说明此前有没有写入。",
        "Stopped by SIGINT (Ctrl-C): what was being written is taken back; the message says whether something was before.",
    ),
    "terminated": Wording(
        "被 SIGTERM 中断：正在写的整条撤回；消息会说明此前有没有写入。",
        "Stopped by SIGTERM: what was being written is taken back; the message says whether something was before.",
    ),
}

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        **help_pages.WORDING,
        **_ERRORS,
        **_RESULTS,
        **{f"heading.{name}": words for name, words in _HEADINGS.items()},
        **{f"exit.{name}": words for name, words in _EXIT_CODES.items()},
    }
)
