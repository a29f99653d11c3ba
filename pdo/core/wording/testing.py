"""Wording of `pdo test`: what examples expected and what is there."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "error.record_only": Wording(
            "--output 和 --as-of 只和 --record 一起用。",
            "--output and --as-of go with --record only.",
            "例子的时刻写在例子的 now 里。",
            "The moment of an example stands in its now.",
        ),
        "error.record_file": Wording(
            "不能把例子接到 {path} 后面。",
            "The example cannot be put behind {path}.",
            "文件名要以 .cases.yaml 结尾，里面最后一段是 examples: 下的列表；或换一个新文件名。",
            "Its name must end in .cases.yaml and the list under examples: must stand last in it; or name a new file.",
        ),
        "error.record_nothing": Wording(
            "方案里没有标签、人群和阶段，没有可录的。",
            "The playbooks have no tag, segment or lifecycle, so there is nothing to record.",
            "先在方案里写规则。",
            "Write rules first.",
        ),
        "test.recorded": Wording(
            "已接到 {path} 后面；pdo test {path} 运行它。", "Put behind {path}; pdo test {path} runs it."
        ),
        "error.no_examples": Wording(
            "没有例子可以运行。",
            "There is no example to run.",
            "在方案里写 examples，或新建 playbooks/….cases.yaml：\n"
            "examples:\n"
            "  - name: 买过水果的人有标签\n"
            "    now: 2026-03-02 09:00\n"
            "    customers: [{{customer_id: a}}]\n"
            "    expect: {{tags: {{a: [爱水果]}}}}",
            "Write examples in a playbook, or a file playbooks/….cases.yaml:\n"
            "examples:\n"
            "  - name: buyers\n"
            "    now: 2026-03-02 09:00\n"
            "    customers: [{{customer_id: a}}]\n"
            "    expect: {{tags: {{a: [buyer]}}}}",
        ),
        "error.unknown_example": Wording(
            "没有名字里有“{name}”的例子。",
            "No example has {name} in its name.",
            "去掉 --run 就运行全部。",
            "Without --run all are run.",
        ),
        "error.unknown_example.near": Wording(
            "没有名字里有“{name}”的例子。",
            "No example has {name} in its name.",
            "是不是想写“{near}”？",
            "Did you mean “{near}”?",
        ),
        "error.min_coverage": Wording(
            "--min-coverage 要写 0 到 100。",
            "--min-coverage takes 0 to 100.",
            "例如 --min-coverage 90。",
            "For example --min-coverage 90.",
        ),
        # Failures
        "test.nothing": Wording("（无）", "(none)"),
        "test.tag_missing": Wording(
            "{customer}：应有标签 {name}；实有 {got}", "{customer}: tag {name} expected; has {got}"
        ),
        "test.tag_unwanted": Wording("{customer}：不该有标签 {name}，却有", "{customer}: has tag {name} and must not"),
        "test.segment_missing": Wording(
            "{customer}：应在人群 {name} 里；实在 {got}", "{customer}: segment {name} expected; is in {got}"
        ),
        "test.segment_unwanted": Wording(
            "{customer}：不该在人群 {name} 里，却在", "{customer}: is in segment {name} and must not be"
        ),
        "test.stage_missing": Wording(
            "{customer}：{name} 应是 {expected}；实是 {got}", "{customer}: {name} expected {expected}; is {got}"
        ),
        "test.stage_unwanted": Wording(
            "{customer}：{name} 不该是 {expected}，却是", "{customer}: {name} is {expected} and must not be"
        ),
        "test.value_missing": Wording(
            "{customer}：{name} 应是 {expected}；实是 {got}", "{customer}: {name} expected {expected}; is {got}"
        ),
        "test.message_missing": Wording(
            "{customer}：应收到 {name}，没有收到", "{customer}: message {name} expected; there is none"
        ),
        "test.message_withheld": Wording(
            "{customer}：应收到 {name}，被拦下：{got}", "{customer}: message {name} expected; it was held back: {got}"
        ),
        "test.message_differs": Wording(
            "{customer}：{name} 的文字应是 {expected}；实是 {got}",
            "{customer}: text of {name} expected {expected}; is {got}",
        ),
        "test.message_unwanted": Wording(
            "{customer}：不该收到 {name}，却收到：{got}", "{customer}: gets {name} and must not: {got}"
        ),
        "test.task_missing": Wording(
            "{customer}：应有任务 {name}；实有 {got}", "{customer}: task {name} expected; has {got}"
        ),
        "test.task_unwanted": Wording(
            "{customer}：不该有任务 {name}，却有", "{customer}: has task {name} and must not"
        ),
        "test.members_differ": Wording(
            "{name}：应是 {expected}；实是 {got}", "{name}: members expected {expected}; are {got}"
        ),
        "test.more_than_exactly": Wording(
            "{customer}：写了 exactly，应只有 {expected}；多了 {name}",
            "{customer}: exactly {expected} expected; besides has {name}",
        ),
        # What could not be checked or read
        "test.unknown_customer": Wording(
            "没有客户 {name}，无法核对", "there is no customer {name}, so it cannot be checked"
        ),
        "test.unknown_name": Wording(
            "没有标签叫 {name}，无法核对：没有客户有这个值",
            "no tag is called {name}, so it cannot be checked: no customer has that value",
        ),
        "test.unknown_tag": Wording(
            "方案里没有标签 {name}。",
            "The playbooks have no tag {name}.",
            "在 tags 里写上它，或改正名字。",
            "Define it under tags, or mend the name.",
        ),
        "test.unused": Wording(
            "{path} 里认不得、没有用上的列：{columns}", "columns of {path} that mean nothing: {columns}"
        ),
        "test.line": Wording("第 {line} 行", "line {line}"),
        # Summary
        "test.at": Wording("{place}  （{moment}）", "{place}  ({moment})"),
        "test.passed": Wording("{total} 个例子，全部通过。", "{total} example(s), all passed."),
        "test.failed": Wording(
            "{total} 个例子，{passed} 个通过，{failed} 个没通过。",
            "{total} example(s): {passed} passed, {failed} failed.",
        ),
        "test.message": Wording(
            "{moment}  {campaign} → {customer}：{text}", "{moment}  {campaign} → {customer}: {text}"
        ),
        "test.withheld": Wording(
            "{moment}  {campaign} → {customer}：拦下（{reason}）",
            "{moment}  {campaign} → {customer}: held back ({reason})",
        ),
        "test.no_message": Wording("没有消息", "no message"),
        "test.coverage": Wording(
            "例子看到了规则两面的 {share}%（{seen}/{outcomes}）。",
            "The examples saw {share}% of the outcomes of the rules ({seen} of {outcomes}).",
        ),
        "test.below": Wording(
            "低于 --min-coverage 要求的 {wanted}%。", "That is below the {wanted}% of --min-coverage."
        ),
        "test.uncovered": Wording("{place}  {kind} {name}：{what}", "{place}  {kind} {name}: {what}"),
        "test.never_held": Wording("没有例子里成立", "holds in no example"),
        "test.always_held": Wording("每个例子里都成立", "holds in every example"),
        "test.never_seen": Wording("没有被例子看到", "no example has looked at it"),
        "test.part_low": Wording("没有例子里是高", "high in no example"),
        "test.part_high": Wording("每个例子里都是高", "high in every example"),
        "heading.rfm": Wording("RFM", "RFM"),
        "heading.rules": Wording("规则", "rules"),
        "heading.outcomes_seen": Wording("看到的面", "outcomes seen"),
        "heading.share": Wording("占比", "share"),
    }
)
