"""Wording of the help pages: what commands, arguments and options are for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        # Parts of a page
        "help.usage": Wording("用法：", "Usage: "),
        "help.command_word": Wording("命令 …", "COMMAND ..."),
        "help.option_word": Wording("[选项]", "[OPTIONS]"),
        "help.commands": Wording("命令：", "Commands:"),
        "help.arguments": Wording("参数：", "Arguments:"),
        "help.options": Wording("选项：", "Options:"),
        # Commands
        "help.pdo": Wording(
            "私域运营工具：导入客户与订单，按写好的运营方案打标签、推进客户阶段、圈选人群、生成群发批次。",
            "Private-domain operations: import customers and orders; tag them, move them through stages, segment them and "
            "batch messages to them, by rules written in playbooks.",
        ),
        "help.init": Wording(
            "建立项目：pdo.yaml、playbooks/、contents/、sample_data/ 和数据库。已有的文件不会改动，重复运行无妨。",
            "Make a project: pdo.yaml, playbooks/, contents/, sample_data/ and the database. What is there stays as it is; "
            "running it twice does no harm.",
        ),
        "help.import": Wording(
            "从 CSV 导入客户、订单、商品明细、事件、商品、门店、员工。每个文件要么整个进，要么不进；再导一次不会重复。\n"
            "被拒收的行会说明原因；超过 --max-rejects 时退出码为 4。",
            "Import customers, orders, items, events, products, stores or staff from CSV. A file goes in as a whole or not at "
            "all; importing it again changes nothing.\n"
            "Rejected rows are told with their reason; more than --max-rejects of them end in exit code 4.",
        ),
        "help.imports": Wording("查看导入记录。", "Look at what came in."),
        "help.imports.list": Wording("列出最近的导入。", "List the latest imports."),
        "help.imports.undo": Wording(
            "撤销一次导入：新增的行删除，改动的行恢复原样。后进先出：建立在它之上的导入要先撤销。\n"
            "运行已经得出的标签不随之改变，撤销后请再运行一次。",
            "Take an import back: rows that it made are removed, rows that it changed are what they were. Last in, first out: "
            "what rests on it must be taken back first.\n"
            "Tags that a run worked out of it stay until the next run.",
        ),
        "help.imports.show": Wording("查看一次导入和被拒收的行。", "Show an import with its rejected rows."),
        "help.validate": Wording(
            "检查运营方案，一次说出全部问题及其行列位置。不需要数据库；有错误时退出码为 3。",
            "Check the playbooks and tell everything that is wrong at once, with line and column. Needs no database; errors "
            "end in exit code 3.",
        ),
        "help.test": Wording(
            "运行方案里的例子（examples 和 *.cases.yaml），不需要数据库。"
            "不符的地方一次全说出来：哪一行、哪位客户、应该怎样、实际怎样、为什么；有例子没通过时退出码为 3。\n"
            "只运行一部分：写文件名，或用 --run 写例子名字里的几个字。",
            "Run the playbooks' examples (examples and *.cases.yaml); needs no database. All that differs is told at once: "
            "line, customer, what was expected, what is there, and why; exit code 3 where an example fails.\n"
            "To run some of them, name files, or say with --run what their names contain.",
        ),
        "help.topics": Wording("pdo help 主题：", "pdo help TOPIC:"),
        "help.rule": Wording(
            "解释检查结果的一个代码：什么意思、怎么改，附一个错的例子和一个对的例子；不写代码就列出全部。不需要项目。",
            "Explain the code of a finding: what it means and how to mend it, with a wrong and a right example; all codes "
            "where none is named. Needs no project.",
        ),
        "help.fmt": Wording(
            "把方案、pdo.yaml 和示例文件里的键统一写成中文（--lang zh）或英文（--lang en）。"
            "只改键，注释、空行、引号、顺序和值都不动；"
            "改过去再改回来，和原来一字不差。有错误的文件不动，并说出原因，退出码 3。"
            "不写 --lang 时只说每个文件用的是哪种，什么都不改。",
            "Write the keys of playbooks, pdo.yaml and files of cases in Chinese (--lang zh) or English (--lang en). Only keys "
            "change: comments, blank lines, quotes, order and values stay, and there and back again is the file as it was. "
            "Files with errors stay as they are and are told, with exit code 3. Without --lang it says which language each file "
            "has and changes nothing.",
        ),
        "help.schema": Wording(
            "打印 JSON Schema（2020-12），供编辑器补全和提示：playbook 方案（默认）、cases 示例文件、pdo（pdo.yaml）。"
            "不需要项目。",
            "Print the JSON Schema (2020-12) by which editors complete and explain: playbook (unless given), cases, or pdo for "
            "pdo.yaml. Needs no project.",
        ),
        "help.describe": Wording(
            "把规则说成一句话：标签、指标、阶段、人群、触达、旅程、权益、管控各是什么意思，给不读 YAML 的人看。不需要数据库。",
            "Say rules as sentences, for people who do not read YAML: tags, metrics, stages, segments, campaigns, journeys, "
            "offers, the policy. Needs no database.",
        ),
        "help.diff": Wording(
            "说清楚一次改动的意思：和 git 的某个版本相比，哪些规则新增、删除、改名、改动，"
            "原来怎么说、现在怎么说，牵连哪些人群、活动、权益。"
            "只改了写法也会说明。也可以比较两个版本或两个文件夹。不需要数据库。",
            "Say what a change means: which rules were added, removed, renamed or changed since a revision of git, the sentence "
            "before and after, and the segments, campaigns and offers that hang on them. Two revisions or two folders can be "
            "compared, too. Needs no database.",
        ),
        "help.handbook": Wording(
            "把运营方案印成一本手册，给新同事看：客户有哪些阶段、标签什么意思、谁在哪个人群、什么时候给谁发什么、请员工做什么、例子。"
            "Markdown 或一个自带样式、可打印的 HTML 文件。不需要数据库。",
            "Print the playbooks as a manual for new colleagues: stages of customers, what tags mean, who is in which segment, "
            "what is sent when and to whom, what staff are asked, examples. Markdown, or one HTML file that can be printed. "
            "Needs no database.",
        ),
        "help.plan": Wording(
            "预演：看执行后谁会得到或失去哪些标签、换到哪个阶段、进出哪个人群、收到什么消息。什么都不写入。",
            "Preview: who would gain or lose which tag, move to which stage, enter or leave which segment, get which message. "
            "Writes nothing.",
        ),
        "help.run": Wording(
            "执行运营方案：与预演一致，一次写入，要么全部生效要么全不生效。再执行一次不会有变化。",
            "Apply the playbooks as the preview shows, all of it or nothing. A second run changes nothing.",
        ),
        "help.count": Wording(
            "数一数：符合条件的客户有多少，其中好友多少、有手机号的多少。",
            "Count: how many customers a condition holds for, how many of them are friends, how many have a phone.",
        ),
        "help.explain": Wording(
            "说明原因：某个客户为什么有（或没有）某个标签、阶段、人群，列出起作用的值。",
            "Say why a customer has a tag, is in a stage or belongs to a segment, or why not, with the values that decided.",
        ),
        "help.customer": Wording("查看客户（手机号打码）。", "Look at customers (phones are masked)."),
        "help.customer.show": Wording(
            "查看一个客户的资料、标签、阶段、人群。", "Show a customer's profile, tags, stages and segments."
        ),
        "help.customer.find": Wording(
            "按编号、手机号、企微 ID 或姓名（可只写一部分）查找客户。",
            "Find customers by id, phone, WeCom id, or part of the name.",
        ),
        "help.tag": Wording("手工打标签、摘标签，查看标签。", "Put tags on and take them off by hand; look at tags."),
        "help.tag.list": Wording("列出标签和各有多少客户。", "List the tags with how many customers have them."),
        "help.tag.set": Wording(
            "手工打标签。规则不会摘掉手工打的标签。", "Put a tag on by hand. Rules never take off what a hand put on."
        ),
        "help.tag.remove": Wording(
            "摘掉标签。规则打的标签摘掉后不再自动打上，直到再次手工打上。",
            "Take a tag off. A rule's tag stays off until it is set by hand again.",
        ),
        "help.tag.history": Wording("查看客户的标签何时打上、何时摘掉。", "Show when a customer's tags came and went."),
        "help.stage": Wording("手工调整客户阶段，查看阶段。", "Move customers between stages by hand; look at stages."),
        "help.stage.list": Wording("列出各阶段有多少客户。", "List the stages with how many customers are in them."),
        "help.stage.set": Wording(
            "手工把客户放到某个阶段，直到有规则让客户离开。由数据推算的阶段不能手工调整。",
            "Move a customer to a stage by hand; it holds until a rule leads on. Stages that follow from the data alone cannot "
            "be set.",
        ),
        "help.stage.remove": Wording(
            "让客户退出一个生命周期，下次执行时从初始阶段重新开始。",
            "Take a customer out of a lifecycle; the next run begins at its initial stage.",
        ),
        "help.stage.history": Wording("查看客户经过了哪些阶段。", "Show which stages a customer went through."),
        "help.report": Wording("数据的各种数字。", "Figures about the data."),
        "help.report.match": Wording(
            "打通了多少：订单对上客户、好友对上订单、明细对上商品、跟进人对上员工；没对上的列出来。",
            "How much is joined: orders to customers, friends to orders, items to products, follows to colleagues; and what "
            "is not.",
        ),
        "help.segment": Wording(
            "查看、导出人群（以最近一次执行为准）。", "Look at segments and export them, as of the last run."
        ),
        "help.segment.list": Wording(
            "列出人群和各有多少客户。", "List the segments with how many customers they hold."
        ),
        "help.segment.show": Wording(
            "查看人群里靠前的客户（手机号打码）。", "Show the first members of a segment (phones masked)."
        ),
        "help.segment.export": Wording(
            "把人群导出成文件（手机号完整，导出会留记录），默认写到 out/日期/人群名.csv。",
            "Export a segment to a file (phones in full, the export is recorded), by default out/DATE/NAME.csv.",
        ),
        "help.batch": Wording("群发批次：查看、审批、导出。", "Batches of messages: look, approve, export."),
        "help.batch.list": Wording("列出最近的群发批次。", "List the latest batches."),
        "help.batch.show": Wording("查看批次里靠前的消息。", "Show the first messages of a batch."),
        "help.batch.withheld": Wording("查看被拦截的消息和原因。", "Show the messages that were withheld, and why."),
        "help.batch.approve": Wording("审批一个批次，之后才能导出。", "Approve a batch; only then can it be exported."),
        "help.batch.export": Wording(
            "把审批过的批次导出成文件（手机号完整，导出会留记录）。再导一次得到同样的文件。",
            "Export an approved batch to a file (phones in full, the export is recorded). Again gives the same file.",
        ),
        "help.db": Wording("维护数据库：升级、检查、转储。", "Care for the database: upgrade, check, dump."),
        "help.db.upgrade": Wording("把数据库升级到本程序的版本。", "Bring the database to this program's version."),
        "help.db.check": Wording(
            "检查数据库是否完好、数据是否自洽。", "Check that the database is sound and its data consistent."
        ),
        "help.db.dump": Wording(
            "把数据库内容转成文本（每行一个 JSON），内容相同的库转出来一字不差。含个人信息，请妥善保管。",
            "Print the store as text, a JSON object a line; equal stores print the same. Holds personal data: keep it safe.",
        ),
        "help.config": Wording("查看设置。", "Look at the settings."),
        "help.config.show": Wording("列出实际生效的设置。", "Show the settings in force."),
        "help.help": Wording(
            "显示一个命令或主题的说明；不写就列出全部主题。",
            "Show a command or a topic; all topics where none is named.",
        ),
        # Topics
        "topic.exit-codes": Wording("退出码", "exit codes"),
        "topic.exit-codes.text": Wording("没有列出的退出码一律当作失败。", "Treat any other code as a failure."),
        "topic.environment": Wording("环境变量", "environment variables"),
        "topic.environment.text": Wording(
            "PDO_LANG   zh 或 en：结果和错误用什么语言；不设就看 pdo.yaml 的 language，再看 LC_ALL、LC_MESSAGES、LANG。\n"
            "NO_COLOR   设了（不为空）就不用颜色；--color 优先。\n"
            "TERM       dumb 表示不画表格、不用颜色。\n"
            "COLUMNS    终端宽度；不设就问终端。\n"
            "没有一个是必需的：在 cron 的空环境里也能运行。密码和令牌不从命令行读。",
            "PDO_LANG   zh or en: the language; else that of pdo.yaml, then LC_ALL, LC_MESSAGES, LANG.\n"
            "NO_COLOR   set and not empty: no colours; --color goes before it.\n"
            "TERM       dumb: tables are not drawn, no colours.\n"
            "COLUMNS    width of the terminal, which is asked otherwise.\n"
            "None is needed: it runs in cron's empty environment. Passwords and tokens are never read from the command line.",
        ),
        "topic.formats": Wording("输出格式", "output formats"),
        "topic.formats.text": Wording(
            "结果在标准输出，其余都在标准错误。终端上画表格；接管道时一行一条记录，不截断，没有颜色。\n"
            "--format json 给出一个对象：version、command、status（ok、findings、partial、failed）、data、diagnostics；"
            "键只会增加，不会改名。行和列从 1 数起，列按字符数。\n"
            "pdo validate 另有 concise、github、sarif、junit、gitlab，pdo test 另有 junit。",
            "Results go to standard output, all else to standard error. A terminal gets drawn tables; a pipe one record a line, "
            "never cut, without colours.\n"
            "--format json gives one object: version, command, status (ok, findings, partial, failed), data, diagnostics; "
            "keys are added, never renamed. Lines and columns count from 1, columns in characters.\n"
            "pdo validate also has concise, github, sarif, junit, gitlab; pdo test has junit.",
        ),
        "topic.automation": Wording("定时任务和脚本", "cron and scripts"),
        "topic.automation.text": Wording(
            "pdo 从不提问，不需要终端。成功和失败看退出码（pdo help exit-codes）。\n"
            "写绝对路径，或用 --project 指明项目。别的 pdo 正在写时退出码是 11；加 --wait 600 会等它。\n"
            "中断（Ctrl-C、kill）时正在写的整条撤回；库要么没动、要么整条写入。\n"
            "同样的命令再跑一次不会多写、多发。",
            "pdo never asks and needs no terminal. Exit codes say how it went (pdo help exit-codes).\n"
            "Write absolute paths, or name the project with --project. Code 11: another pdo writes; --wait 600 waits.\n"
            "A signal (Ctrl-C, kill) takes back what is being written: the store has all of a command or none of it.\n"
            "Running the same command again writes and sends nothing twice.",
        ),
        # Arguments
        "argument.examples": Wording(
            "只运行这些文件或目录里的例子，默认项目的全部。",
            "Only the examples of these files or folders; all of the project's unless given.",
        ),
        "argument.folder": Wording("项目目录，默认当前目录。", "The project's folder; the current one unless given."),
        "argument.kind": Wording(
            "数据种类：customers 客户、orders 订单、items 商品明细、events 事件、products 商品、stores 门店、staff 员工……；"
            "auto 按表头认。",
            "What the rows are: customers, orders, items, events, products, stores, staff …; auto finds it by the headers.",
        ),
        "argument.files": Wording("CSV 文件，可以写多个。", "CSV files, one or several."),
        "argument.import_id": Wording("导入编号，见 pdo imports list。", "The import's number, see pdo imports list."),
        "argument.playbooks": Wording(
            "只检查这些文件或目录，默认检查整个项目。",
            "Check only these files or folders; the whole project unless given.",
        ),
        "argument.formatted": Wording(
            "只改这些文件或目录，默认整个项目：pdo.yaml、方案和示例文件。",
            "Only these files or folders; unless given the whole project: pdo.yaml, playbooks and files of cases.",
        ),
        "argument.rules": Wording(
            "只说这些规则，或这些方案里的规则；默认全部。",
            "Only these rules, or the rules of these playbooks; all unless given.",
        ),
        "argument.revision": Wording(
            "原来的版本：提交号、分支、标签（例如 HEAD~1、main），或一个项目文件夹。",
            "What it was: a commit, a branch, a tag (HEAD~1, main), or the folder of a project.",
        ),
        "argument.revision_after": Wording(
            "现在的版本，默认是现在的文件。", "What it is; the files as they are unless given."
        ),
        "argument.schema": Wording(
            "哪种文件：playbook、cases 或 pdo；默认 playbook。",
            "Which file: playbook, cases or pdo; playbook unless given.",
        ),
        "argument.code": Wording(
            "检查结果方括号里的代码，例如 PB107。", "The code in brackets of a finding, as PB107."
        ),
        "argument.topic": Wording("命令名或主题。", "A command or a topic."),
        "argument.condition": Wording(
            "条件，写法同运营方案，例如 'items: {{where: {{category: 水果}}}}'。",
            "A condition as in a playbook, for instance 'orders: {{count: 3..}}'.",
        ),
        "argument.customer": Wording(
            "客户编号，或手机号、企微 ID 等能唯一找到客户的标识。",
            "The customer's id, or a phone, WeCom id or other identifier that only one customer has.",
        ),
        "argument.find": Wording("要找的编号、标识或姓名。", "The id, identifier or name to look for."),
        "argument.tag": Wording("标签名。", "The tag's name."),
        "argument.lifecycle": Wording("生命周期名。", "The lifecycle's name."),
        "argument.stage": Wording("阶段名。", "The stage's name."),
        "argument.segment": Wording("人群名。", "The segment's name."),
        "argument.batch": Wording("批次编号，见 pdo batch list。", "The batch's number, see pdo batch list."),
        # Options
        "option.help": Wording("显示本帮助。", "Show this help."),
        "option.version": Wording("显示版本号。", "Show the version."),
        "option.install": Wording("为当前 shell 安装命令补全。", "Install completion for the current shell."),
        "option.show": Wording("显示补全脚本，供复制或自行安装。", "Show the completion script, to copy or change it."),
        "option.project": Wording(
            "项目目录，默认从当前目录向上找 pdo.yaml。",
            "The project's folder; otherwise pdo.yaml is looked for from here upwards.",
        ),
        "option.run_name": Wording(
            "只运行名字里有这几个字的例子；可写多次。",
            "Only examples whose name contains this; may be given several times.",
        ),
        "option.test_format": Wording(
            "结果的格式：text（默认）、json、junit。", "The format of the result: text (unless given), json, junit."
        ),
        "option.show_messages": Wording(
            "列出每个例子生成的消息，被拦下的注明原因。",
            "Show the messages that each example makes, those held back with the reason.",
        ),
        "option.coverage": Wording(
            "列出还没有被例子看到两面的规则：成立和不成立各要有一位客户。",
            "List the rules of which the examples have not seen both sides: somebody for whom it holds, and somebody for whom "
            "it does not.",
        ),
        "option.min_coverage": Wording(
            "至少要看到规则两面的百分之几，不到则退出码为 3。",
            "How many percent of the outcomes must be seen; fewer end in exit code 3.",
        ),
        "option.record": Wording(
            "不运行，从数据库录一个例子：这些客户的全部数据、现在算出来的标签、阶段、人群、分数和指标；姓名、手机号、编号都换成假的。"
            "可写多个客户。",
            "Run nothing; write an example from the store: all rows of these customers with the tags, stages, segments, scores "
            "and metrics that come out now. Names, phones and ids are replaced. Takes several customers.",
        ),
        "option.record_output": Wording(
            "和 --record 一起用：把录的例子接到这个 .cases.yaml 文件后面。",
            "With --record: put the example behind those of this .cases.yaml file.",
        ),
        "option.format": Wording("结果的格式，默认 text。", "How the result is printed; text unless given."),
        "option.lang": Wording("键写成中文还是英文。", "Whether keys are to be Chinese or English."),
        "option.fmt_check": Wording(
            "不写文件；有要改的就以退出码 3 结束，给 CI 用。",
            "Write nothing; end with exit code 3 where something would change, for CI.",
        ),
        "option.diff_format": Wording(
            "结果的格式：text（默认）、markdown（贴进合并请求）、json。",
            "How the result is printed: text (unless given), markdown for merge requests, json.",
        ),
        "option.exit_code": Wording(
            "规则的意思有变就以退出码 3 结束。", "End with exit code 3 where rules mean something else."
        ),
        "option.book_format": Wording(
            "markdown、html 或 json；默认看 --output 的后缀，没有就是 markdown。",
            "markdown, html or json; unless given as the file's name says, else markdown.",
        ),
        "option.book_output": Wording(
            "写到这个文件；默认打印出来。", "Write it to this file; it is printed unless given."
        ),
        "option.diff": Wording("不写文件，打印会改的行。", "Write nothing; print the lines that would change."),
        "option.check_format": Wording(
            "问题的格式：text（默认）、concise（一处一行）、json，供 CI 使用的 github、sarif、junit、gitlab。",
            "How findings are printed: text (unless given), concise (a line each), json; github, sarif, junit, gitlab for CI.",
        ),
        "option.color": Wording(
            "什么时候用颜色，默认 auto：只在终端上，且没有设 NO_COLOR。",
            "When to use colours; auto unless given: on a terminal where NO_COLOR is not set.",
        ),
        "option.no_color": Wording("不用颜色，同 --color never。", "No colours, as --color never."),
        "option.wait": Wording(
            "数据库被别的 pdo 占用时，最多等多久再试：60（秒）、10m、1h；默认不等。",
            "How long to try again while another pdo holds the database: 60 (seconds), 10m, 1h; not at all unless given.",
        ),
        "option.as_of": Wording(
            "把这个时刻当作现在，例如 2026-03-02 或 2026-03-02T09:00，默认当前时间。",
            "Take this for now, for instance 2026-03-02 or 2026-03-02T09:00; the clock unless given.",
        ),
        "option.memory": Wording(
            "整个程序最多用多少内存，例如 2GB，至少 700MB；更多的写到数据库旁边的磁盘。默认看 pdo.yaml，再看机器。",
            "The memory that the whole program may take, as 2GB, at least 700MB; what needs more goes to the disk of the "
            "database. As pdo.yaml says, else as the machine allows.",
        ),
        "option.playbook": Wording(
            "只让这个方案的规则改动；它引用的照算，不写。",
            "Only this playbook's rules may change anything; what it refers to is worked out, not written.",
        ),
        "option.dry_run": Wording("试导入：照常检查，什么都不写入。", "Check as usual but write nothing."),
        "option.note": Wording("备注，写入操作记录。", "Why, for the journal."),
        "option.output": Wording("写到这个文件。", "Write to this file."),
        "option.file_type": Wording(
            "文件类型，默认看文件名，否则 csv。", "The type of the file; by its name unless given, else csv."
        ),
        "option.limit": Wording("最多显示几行。", "Show at most so many rows."),
        "option.mapping": Wording(
            "表头映射：pdo.yaml 里 mappings 下的名字，或一个映射文件。",
            "How the headers are called: a name under mappings in pdo.yaml, or a file.",
        ),
        "option.profile": Wording(
            "按哪个平台的格式读：youzan、taobao、jd、pdd、douyin、1688、wecom，或 profiles/ 里自己的；不写就按表头认。",
            "Whose export it is: youzan, taobao, jd, pdd, douyin, 1688, wecom or one of your own in profiles/; found by the "
            "headers unless given.",
        ),
        "option.profiles": Wording("列出所有平台格式，不导入。", "List all profiles and import nothing."),
        "option.show_profile": Wording(
            "和 --profile 一起：打印这份格式（YAML），可以存到 profiles/ 里再改。",
            "With --profile: print it as YAML, to be saved into profiles/ and changed.",
        ),
        "option.inbox": Wording(
            "收件夹：里面的文件按表头认种类，按先后导入，导好的移到 done/日期/，有问题的移到 failed/。",
            "A folder whose files come in by their headers, in the right order; they move to done/DATE/, others to failed/.",
        ),
        "option.encoding": Wording(
            "文件编码，例如 gb18030、utf-8；默认自动识别。",
            "The files' encoding, as gb18030 or utf-8; found unless given.",
        ),
        "option.rejects": Wording("把被拒收的行写到这个文件。", "Write the rejected rows to this file."),
        "option.import_strict": Wording(
            "只要有一行被拒收，就整个文件都不写入（退出码 4）。",
            "Write nothing of a file if any of its rows is rejected (exit code 4).",
        ),
        "option.import_mode": Wording(
            "已有的行怎么办：merge 只用有内容的格子更新（默认）；replace 空格子也清空；new-only 只加新行。"
            "文件里没有的列从不改动。",
            "What becomes of rows that are there: merge updates by filled cells only (default); replace empties by empty ones, "
            "too; new-only adds new rows only. Columns that the file lacks are never touched.",
        ),
        "option.allow_sensitive": Wording(
            "允许导入 pdo.yaml 里标为敏感（sensitive）的列。",
            "Let columns in that pdo.yaml marks as sensitive.",
        ),
        "option.max_rejects": Wording(
            "最多容许拒收多少行：行数或百分比，默认 1%。",
            "How many rows may be rejected: a number or a share; 1% unless given.",
        ),
        "option.template": Wording(
            "从示范项目开始，例如 fresh-retail。", "Begin with a worked project, for instance fresh-retail."
        ),
        "option.select": Wording(
            "只看代码这样开头的问题，例如 PB2、PB301；可写多个，用逗号隔开。读不懂的地方总会显示。",
            "Show only findings whose code begins so, as PB2 or PB301; several with commas. What cannot be read is always "
            "told.",
        ),
        "option.ignore": Wording(
            "不看代码这样开头的问题，例如 PB9。", "Leave out findings whose code begins so, as PB9."
        ),
        "option.strict": Wording("警告和建议也算不通过。", "Fail on warnings and advice too."),
        "option.tag": Wording("只说明这个标签。", "Explain this tag only."),
        "option.stage": Wording("只说明这个阶段或生命周期。", "Explain this stage or lifecycle only."),
        "option.segment": Wording("只说明这个人群。", "Explain this segment only."),
        "option.state": Wording("转储全部数据，不含操作记录。", "Dump all data but the journals."),
    }
)
