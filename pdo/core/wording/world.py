"""Wording of what ends a command: the exceptions of `pdo.core.errors`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "error.findings": Wording(
            "方案有 {count} 处错误，什么都没有执行。",
            "The playbooks have {count} error(s); nothing was done.",
            "运行 pdo validate 查看全部问题。",
            "Run pdo validate to see all of them.",
        ),
        "error.condition": Wording(
            "条件有 {count} 处错误，没有数。",
            "The condition has {count} error(s); nothing was counted.",
            "按上面的提示改好再试；写法和方案里的 when 一样。",
            "Mend it as said above; it is written as under `when` in a playbook.",
        ),
        "error.stopped": Wording("已中断，什么都没有写入。", "Stopped; nothing was written."),
        "error.stopped_after": Wording(
            "已中断。此前已经写入的都完整保留，没有写到一半的；只是结果没有显示完。",
            "Stopped. What was written before is kept whole, nothing is half-written; the result was not shown to the end.",
            "同一条命令可以再运行一次。",
            "The same command can be run again.",
        ),
        "error.no_project": Wording(
            "{folder} 及其上级目录中没有 pdo.yaml。",
            "There is no pdo.yaml in {folder} or above it.",
            "运行 pdo init 建立项目，或用 --project 指明目录。",
            "Run pdo init to make a project, or name its folder with --project.",
        ),
        "error.no_database": Wording(
            "没有数据库 {path}。",
            "There is no database {path}.",
            "运行 pdo init 建立。",
            "Run pdo init to make it.",
        ),
        "error.locked": Wording(
            "数据库正被占用：{holder}。",
            "The database is in use: {holder}.",
            "等它结束后再试；加 --wait 60 会等上 60 秒。",
            "Try again when it has finished, or let --wait 60 wait for so many seconds.",
        ),
        "error.schema_old": Wording(
            "数据库版本 {found} 比程序旧（需要 {expected}）。",
            "The database's version {found} is older than this program's ({expected}).",
            "运行 pdo db upgrade。",
            "Run pdo db upgrade.",
        ),
        "error.schema_new": Wording(
            "数据库版本 {found} 比程序新（程序认识到 {expected}）。",
            "The database's version {found} is newer than this program's ({expected}).",
            "请升级 pdo。",
            "Upgrade pdo.",
        ),
        "error.not_a_database": Wording(
            "{path} 不是 pdo 的数据库，或已损坏：{reason}。",
            "{path} is not a database of pdo, or it is damaged: {reason}.",
            "用备份恢复；不要在它上面运行 pdo init。",
            "Restore a backup; do not run pdo init over it.",
        ),
        "error.locked_elsewhere": Wording(
            "数据库 {path} 正被其他程序占用。",
            "The database {path} is in use by another program.",
            "关闭正在编辑它的程序（例如 DB Browser）后再试；加 --wait 60 会等上 60 秒。",
            "Close the program that edits it, as DB Browser, and try again, or let --wait 60 wait for so many seconds.",
        ),
        "error.not_of_pdo": Wording(
            "{path} 里没有 pdo 的数据表。",
            "{path} holds no tables of pdo.",
            "检查 pdo.yaml 里的 database；若是空文件，删除后运行 pdo init。",
            "Check database in pdo.yaml; if the file is empty, delete it and run pdo init.",
        ),
        "error.disk_full": Wording(
            "磁盘写满或写入失败（{path}），什么都没有写入。",
            "The disk is full or writing failed ({path}); nothing was written.",
            "腾出空间后重新运行同一条命令。",
            "Make room and run the same command again.",
        ),
        "error.no_space": Wording(
            "{path} 所在的磁盘只剩 {free}，这一次最多可能用 {needed}；什么都没有开始。",
            "Only {free} are free on the disk of {path}, and this may take up to {needed}; nothing was begun.",
            "腾出空间，或把 pdo.yaml 里的 database 放到更大的磁盘上，再运行同一条命令。",
            "Make room, or put the database of pdo.yaml on a larger disk, and run the same command again.",
        ),
        "error.memory": Wording(
            "--memory {value} 不能用：要写数字和单位，至少 {least}。",
            "--memory {value} cannot be used: it takes a number with a unit, {least} or more.",
            "例如 --memory 2GB 或 --memory 1500MB。",
            "For instance --memory 2GB or --memory 1500MB.",
        ),
        "error.memory_short": Wording(
            "内存限制为 {memory}，装不下这么多数据，写到磁盘也不够；什么都没有写入。",
            "With {memory} of memory these data cannot be worked on, not even with what goes to disk; nothing was written.",
            "改用 --memory {more} 或更多，或写进 pdo.yaml 的 memory。",
            "Give --memory {more} or more, or write it as memory in pdo.yaml.",
        ),
        "error.not_permitted": Wording(
            "没有权限读写 {path}。",
            "No permission to read or write {path}.",
            "检查文件和目录的权限。",
            "Check the permissions of the file and its folder.",
        ),
        "error.file_missing": Wording(
            "找不到文件 {path}。",
            "There is no file {path}.",
            "检查路径和文件名。",
            "Check the path and the name.",
        ),
        "error.file_is_folder": Wording(
            "{path} 是目录，不是文件。",
            "{path} is a folder, not a file.",
            "写出目录里的文件，例如 {path}/*.csv。",
            "Name the files in it, as {path}/*.csv.",
        ),
        "store.damaged": Wording(
            "数据库文件损坏：{reason}",
            "The database file is damaged: {reason}",
            "用备份恢复。",
            "Restore a backup.",
        ),
        "store.open_to_others": Wording(
            "其他用户可以读取 {path}（权限 {mode}）。",
            "Other users can read {path} (mode {mode}).",
            "运行 chmod 600 {path}。",
            "Run chmod 600 {path}.",
        ),
        "store.orphans": Wording(
            "{table} 有 {count} 行指向 {target} 中不存在的行。",
            "{count} row(s) of {table} refer to rows of {target} that are not there.",
        ),
        "store.wrong_type": Wording(
            "{table}.{column} 有 {count} 个值的类型不对。",
            "{table}.{column} holds {count} value(s) of the wrong type.",
        ),
        "store.import_sum": Wording(
            "{count} 次导入的各项计数之和与读入的记录数不符。",
            "The counts of {count} import(s) do not sum up to the records read.",
        ),
        "store.import_rejects": Wording(
            "{count} 次导入保存的拒绝记录与计数不符。",
            "{count} import(s) keep more or fewer rejected records than they counted.",
        ),
        "store.no_identity": Wording(
            "{count} 个客户无法用自己的客户编号找到。", "{count} customer(s) cannot be found by their own id."
        ),
        "store.own_twice": Wording(
            "{count} 个客户编号各指向几个客户。", "{count} own id(s) of customers mean several customers each."
        ),
        "store.until_before_since": Wording(
            "{count} 条标签、阶段或人群记录的结束早于开始。",
            "{count} tag(s), stage(s) or segment membership(s) end before they begin.",
        ),
        "store.held_twice": Wording(
            "{count} 个客户的同一标签、阶段或人群同时有多条有效记录。",
            "{count} tag(s), stage(s) or segment membership(s) are held twice at once.",
        ),
        "store.two_stages": Wording(
            "{count} 个客户在同一生命周期里同时处于多个阶段。",
            "{count} customer(s) are in several stages of one lifecycle at once.",
        ),
        "store.foreign_message": Wording(
            "{count} 条消息与所在批次的活动或日期不一致。",
            "{count} message(s) differ from their batch in campaign or date.",
        ),
    }
)
