"""Wording of journeys on their way, and of tasks."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "help.journey": Wording(
            "旅程（SOP）：进行得怎样、谁走到哪一步、让人退出。",
            "Journeys: how they stand, who is where, taking people out.",
        ),
        "help.journey.list": Wording("列出旅程和里面的人数。", "List the journeys with how many are in each."),
        "help.journey.show": Wording("一个旅程每一步的结果。", "What became of each step of a journey."),
        "help.journey.who": Wording(
            "谁在旅程里，下一步是什么、什么时候。", "Who is in a journey, what comes next and when."
        ),
        "help.journey.stop": Wording(
            "让一位客户、或旅程里的所有人退出；还没发出的消息一并取消。\n旅程还写在方案里，以后符合条件的人仍会进入；要停掉旅程，请从方案里删掉它。",
            "Take one customer, or everybody inside, out of a journey; what waits to be sent to them is cancelled.\n"
            "As long as the journey stands in a playbook others still enter; to end it, take it out of the playbook.",
        ),
        "argument.journey": Wording("旅程的名字。", "The journey's name."),
        "argument.journey_customer": Wording(
            "只让这位客户退出；不写是所有人。", "Only this customer; everybody without it."
        ),
        "option.journey_all": Wording("已经走完、退出的也列出。", "Those too who are out."),
        "heading.journey": Wording("旅程", "journey"),
        "heading.journey_steps": Wording("步数", "steps"),
        "heading.journey_active": Wording("进行中", "inside"),
        "heading.journey_done": Wording("走完", "done"),
        "heading.journey_exited": Wording("中途退出", "exited"),
        "heading.journey_stopped": Wording("被停止", "stopped"),
        "heading.step": Wording("步骤", "step"),
        "heading.journey_waiting": Wording("等这一步", "next"),
        "heading.journey_outcome": Wording("结果", "what became of it"),
        "heading.journey_status": Wording("状态", "status"),
        "heading.journey_entered": Wording("进入", "entered"),
        "heading.journey_step": Wording("下一步", "next step"),
        "heading.journey_when": Wording("时间", "when"),
        "journey.gone": Wording("（方案里已没有）", "(no longer in a playbook)"),
        "journey.none": Wording("还没有写旅程。", "No journey is defined."),
        "journey.nobody": Wording("“{journey}”里现在没有人。", "Nobody is in '{journey}'."),
        "journey.active": Wording("进行中", "inside"),
        "journey.done": Wording("走完", "done"),
        "journey.exited": Wording("中途退出", "exited"),
        "journey.stopped": Wording("被停止", "stopped"),
        "journey.state": Wording(
            "“{journey}”：进行中 {active} 人，走完 {done}，中途退出 {exited}，被停止 {stopped}。",
            "'{journey}': {active} inside, {done} done, {exited} exited, {stopped} stopped.",
        ),
        "journey.earlier": Wording(
            "其中 {count} 人按进入时的旧写法走完。",
            "{count} of those inside go on as it was defined when they entered.",
        ),
        "journey.step.made": Wording("已生成", "made"),
        "journey.step.withheld": Wording("被拦截", "withheld"),
        "journey.step.skipped": Wording("不符合条件，跳过", "skipped"),
        "journey.step.late": Wording("错过时间", "too late"),
        "journey.step.happened": Wording("等到了", "happened"),
        "journey.step.timeout": Wording("没等到", "timed out"),
        "journey.step.task": Wording("已派任务", "task given"),
        "journey.stopped_now": Wording(
            "“{journey}”停了 {entries} 人，取消未发出的消息 {messages} 条。",
            "'{journey}': {entries} stopped, {messages} unsent messages cancelled.",
        ),
        "journey.still_open": Wording(
            "旅程还写在方案里：以后符合条件的人仍会进入。要停掉，请从方案里删掉它。",
            "The journey still stands in a playbook: whoever comes to qualify still enters. To end it, take it out there.",
        ),
        "error.unknown_journey": Wording(
            "没有叫“{name}”的旅程。",
            "There is no journey '{name}'.",
            "看一看：pdo journey list。",
            "See pdo journey list.",
        ),
        "error.unknown_journey.near": Wording(
            "没有叫“{name}”的旅程。", "There is no journey '{name}'.", "是“{near}”吗？", "Is it '{near}'?"
        ),
        "error.not_in_journey": Wording(
            "客户 {customer} 不在“{journey}”里。",
            "Customer {customer} is not in '{journey}'.",
            "看谁在里面：pdo journey who {journey}。",
            "Who is: pdo journey who {journey}.",
        ),
        # What a run says of journeys and tasks
        "heading.journey_customer": Wording("客户", "customer"),
        "heading.journey_name": Wording("姓名", "name"),
        "heading.journey_entering": Wording("进入", "enter"),
        "heading.tasks_of": Wording("任务来源", "tasks of"),
        "plan.journeys_stopped": Wording(
            "“{journey}”已不在方案里，或旧写法已读不懂：里面的人到此为止。",
            "'{journey}' is no longer in a playbook, or cannot be read as it was: those inside end here.",
        ),
        # Tasks
        "help.task.list": Wording("列出要做的任务，逾期的在前。", "List what is to be done, late ones first."),
        "help.task.done": Wording("记下一条任务已完成。", "Note that a task is done."),
        "argument.task": Wording("任务编号，见 pdo task list。", "The task's id, see pdo task list."),
        "option.task_result": Wording("结果；默认“已完成”。", "What came of it; 'done' unless given."),
        "option.task_staff": Wording("只看这位员工的（编号或姓名）。", "Only this colleague's (id or name)."),
        "option.task_all": Wording("做完的也列出。", "Those too that are done."),
        "heading.task": Wording("任务", "task"),
        "heading.task_due": Wording("最晚", "due"),
        "heading.task_state": Wording("状态", "state"),
        "heading.task_source": Wording("来自", "from"),
        "heading.task_text": Wording("做什么", "what"),
        "task.open": Wording("待办", "open"),
        "task.late": Wording("逾期", "late"),
        "task.escalated": Wording("已升级", "escalated"),
        "task.state_done": Wording("已完成", "done"),
        "task.none": Wording("没有要做的任务。", "Nothing is to be done."),
        "task.done": Wording("任务 {task} 已完成：{result}。", "Task {task} is done: {result}."),
        "task.was_done": Wording("任务 {task} 之前就完成了：{result}。", "Task {task} was done before: {result}."),
        "error.unknown_task": Wording(
            "没有任务 {task}。", "There is no task {task}.", "看一看：pdo task list --all。", "See pdo task list --all."
        ),
    }
)
