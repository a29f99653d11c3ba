"""Wording of `pdo diff`: what a change of playbooks means."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "diff.head": Wording(
            "{before} → {after}：{changes} 条规则有变。", "{before} → {after}: {changes} rules are not the same."
        ),
        "diff.working_tree": Wording("现在的文件", "the files as they are"),
        "diff.same": Wording("{before} → {after}：规则的意思没有变。", "{before} → {after}: the rules mean the same."),
        "diff.added": Wording("新增：{title}", "Added: {title}"),
        "diff.removed": Wording("删除：{title}", "Removed: {title}"),
        "diff.renamed": Wording("改名：{before} → {title}", "Renamed: {before} → {title}"),
        "diff.changed": Wording("改动：{title}", "Changed: {title}"),
        "diff.moved": Wording(
            "换了方案：{title}，{before} → {after}", "In another playbook: {title}, {before} → {after}"
        ),
        "diff.before": Wording("原来：{line}", "before: {line}"),
        "diff.after": Wording("现在：{line}", "now:    {line}"),
        "diff.unsaid": Wording(
            "句子没有变，变的是句子里不说的部分；见 {file} 第 {line} 行。",
            "The sentence is the same; what changed it does not say: see {file}, line {line}.",
        ),
        "diff.resting": Wording("牵连：{titles}", "What hangs on it: {titles}"),
        "diff.join": Wording("、", ", "),
        "diff.settings": Wording(
            "pdo.yaml 的这些设置有变，所有规则都可能受影响：{names}",
            "pdo.yaml says something else, which any rule may rest on: {names}",
        ),
        "diff.examples": Wording("示例有变：{names}", "Examples are not the same: {names}"),
        "diff.reworded": Wording(
            "这些方案只改了写法（注释、顺序、格式、语言），规则的意思没有变：{names}",
            "Only the writing of these playbooks is another (comments, order, layout, language), not what rules mean: {names}",
        ),
        "diff.title": Wording("运营方案的改动", "What the change of playbooks means"),
        "error.no_git": Wording(
            "没有 git，看不到以前的版本。",
            "There is no git, so that earlier revisions cannot be seen.",
            "安装 git；或比较两个文件夹：pdo diff 旧文件夹 新文件夹。",
            "Install git; or compare two folders: pdo diff OLD NEW.",
        ),
        "error.not_a_repository": Wording(
            "{folder} 不在 git 仓库里，没有以前的版本。",
            "{folder} is in no git repository, so that there are no earlier revisions.",
            "比较两个文件夹：pdo diff 旧文件夹 新文件夹。",
            "Compare two folders: pdo diff OLD NEW.",
        ),
        "error.no_revision": Wording(
            "没有版本 {revision}，也没有叫这个名字、放着 pdo.yaml 的文件夹。",
            "There is no revision {revision}, nor a folder of that name with a pdo.yaml.",
            "写提交号、分支或标签，例如 HEAD~1、main、v1.2。",
            "Name a commit, a branch or a tag: HEAD~1, main, v1.2.",
        ),
        "error.revision_without_project": Wording(
            "版本 {revision} 里没有 {file}。",
            "The revision {revision} has no {file}.",
            "写一个已经有这个项目的版本。",
            "Name a revision that has the project.",
        ),
    }
)
