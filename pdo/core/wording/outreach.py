"""Wording of findings about what is sent: texts, offers, contents, campaigns, journeys, the policy."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEAR = ("是不是 {near}？", "Did you mean {near}?")
_ADD = ("补上，例如：{example}", "Add it, for example: {example}")

TEXTS: Mapping[str, Wording] = MappingProxyType(
    {
        "PB117.said": Wording(
            "没说发什么：缺少 {name}、content、variants 或 choose。",
            "It does not say what is sent: {name}, content, variants or choose is missing.",
            *_ADD,
        ),
        "PB505": Wording("没有变量 {name}。", "There is no variable {name}.", "有：{known}", "There are: {known}"),
        "PB505.near": Wording("没有变量 {name}。", "There is no variable {name}.", *_NEAR),
        "PB505.offer": Wording(
            "文案里有 {name}，这条消息却没有带权益。",
            "The text has {name}, yet the message carries no offer.",
            "加上 offer: 权益名，或者删掉这个变量。",
            "Name an offer with offer, or remove the variable.",
        ),
        "PB505.content": Wording(
            "{name} 只能用在素材表的文案里。",
            "{name} is for texts inside a content table.",
            "删掉这个变量，或者改用 content。",
            "Remove the variable, or use content.",
        ),
        "PB505.row": Wording(
            "这一行用的权益没有 {name}。",
            "The offer of this line has no {name}.",
            "给权益补上这一项，或者改文案。",
            "Add it to the offer, or change the text.",
        ),
        "PB525": Wording(
            "“{value}”只有一层花括号，会原样发出去。",
            "'{value}' has one brace on each side and goes out as it stands.",
            "变量写成 {mended}。",
            "Variables are written {mended}.",
        ),
        "PB506": Wording(
            "{channel} 是一条文案发给很多人，不能有因人而异的 {names}。",
            "{channel} sends one text to many; it cannot say {names}, which differs from person to person.",
            "删掉这个变量，或者改用 channel: one_to_one；只有几种情况就用 choose 分开写。",
            "Remove it, or send by channel: one_to_one; where there are few cases use choose.",
        ),
        "PB507": Wording(
            "文案有 {size} 字节，{channel} 最多 {limit} 字节（一个汉字 3 字节）。",
            "The text has {size} bytes; {channel} takes {limit} (a Chinese character has 3).",
            "写短一些。",
            "Shorten it.",
        ),
        "PB508": Wording(
            "营销短信没有写退订方式。",
            "A marketing SMS must say how to opt out.",
            "在末尾加上“拒收请回复R”。",
            "Say at the end how to refuse further messages.",
        ),
        "PB508.signature": Wording(
            "短信没有签名。",
            "The SMS has no signature.",
            "在开头加上【品牌名】。",
            "Begin it with the brand in square Chinese brackets.",
        ),
        "PB509": Wording(
            "“{value}”是广告法不许用的绝对化或功效用语。",
            "'{value}' is wording that the advertising law forbids.",
            "换成能证明的事实，如销量、产地、检测结果；只是引用就在行尾写明原因忽略。",
            "Say a fact that can be proved; if it is a quotation, silence this with the reason.",
        ),
        "PB510": Wording(
            "{first} 和 {second} 只能写一个。",
            "{first} and {second} do not go together.",
            "删掉其中一个。",
            "Remove one of them.",
        ),
        "PB511": Wording(
            "只有一种文案，没有可比的。",
            "There is one variant, and nothing to compare it with.",
            "再写一种，或者直接写 text。",
            "Write another, or use text.",
        ),
        "PB512": Wording(
            "otherwise 后面的永远轮不到。",
            "What comes after otherwise is never reached.",
            "把 otherwise 放到最后。",
            "Put otherwise last.",
        ),
        "PB512.both": Wording(
            "otherwise 自己一行，里面写发什么。",
            "otherwise stands alone and holds what is sent.",
            "写 - otherwise: {{text: …}}，或者 - otherwise: {{skip: …}}。",
            "Write - otherwise: {{text: …}}, or - otherwise: {{skip: …}}.",
        ),
        "PB512.skip": Wording(
            "skip 就是不发，不能再写发什么。",
            "skip sends nothing, so nothing else can stand beside it.",
            "删掉 skip，或者删掉其他的。",
            "Remove skip, or the rest.",
        ),
    }
)

BLOCKS: Mapping[str, Wording] = MappingProxyType(
    {
        "PB201.audience": Wording(
            "“{name}”不是 {kind}，而是 {other}。",
            "'{name}' is no {kind} but a {other}.",
            "写 to: {{{other}: {name}}}。",
            "Write to: {{{other}: {name}}}.",
        ),
        "PB117.anchor": Wording("缺少 {name}：不知道从哪个日期算起。", "{name} is missing: from which date?", *_ADD),
        "PB513": Wording(
            "权益“{name}”没说给什么。",
            "The offer '{name}' does not say what is given.",
            "写 coupon: {{pool: 券码池}}，或者 product 和 price。",
            "Write coupon: {{pool: …}}, or product and price.",
        ),
        "PB513.coupon": Wording(
            "券没说码从哪里来。",
            "The coupon does not say where its codes come from.",
            "手里有码写 {{pool: 券码池}}，由商城发券写 {{grant: 券名}}。",
            "Codes that we hold are {{pool: …}}; codes of the shop system are {{grant: …}}.",
        ),
        "PB513.both": Wording(
            "pool 和 grant 只能写一个。",
            "pool and grant do not go together.",
            "手里有码写 pool，由商城发券写 grant。",
            "Codes that we hold are pool; codes of the shop system are grant.",
        ),
        "PB514": Wording(
            "这一行的“{name}”是空的。",
            "'{name}' is empty in this line.",
            "填上，或者删掉这一行。",
            "Fill it in, or remove the line.",
        ),
        "PB514.day": Wording(
            "“{name}”这一天有两行。",
            "There are two lines for {name}.",
            "一天只留一行：改日期，或者删掉一行。",
            "Keep one line a day: change a date, or remove a line.",
        ),
        "PB514.same": Wording(
            "这一行和另一行一模一样。",
            "This line is the same as another one.",
            "删掉一行。",
            "Remove one of them.",
        ),
        "PB514.twice": Wording(
            "编号“{name}”有两行。",
            "There are two lines with the key '{name}'.",
            "改一个编号，或者删掉重复的一行。",
            "Change one of them, or remove the line.",
        ),
        "PB515": Wording(
            "“{name}”不是“是否同意”这样的列。",
            "'{name}' is no column of yes or no.",
            "可以写：{known}；别的渠道在 pdo.yaml 里声明。",
            "Possible are: {known}; declare others in pdo.yaml.",
        ),
        "PB516": Wording(
            "{name} 要客户书面同意，policy 里没有写，所以是关着的。",
            "{name} needs consent in writing; the policy names none, so it is closed.",
            "在 policy 里写：{mended}",
            "Write in the policy: {mended}",
        ),
        "PB517": Wording(
            "{value} 在免打扰时段 {quiet} 里，发不出去。",
            "{value} lies in the quiet hours {quiet}; nothing goes out then.",
            "换一个时刻；免打扰时段含起点、不含终点。",
            "Choose another time; quiet hours include their start and not their end.",
        ),
        "PB518": Wording(
            "“{name}”不是星期几、日期或节日。",
            "'{name}' is no weekday, date or festival.",
            "可以写：{known}，或者 2026-05-01。",
            "Possible are: {known}, or 2026-05-01.",
        ),
        "PB518.near": Wording("“{name}”不是星期几、日期或节日。", "'{name}' is no weekday, date or festival.", *_NEAR),
        "PB519": Wording(
            "“{name}”由规则打上和摘掉，旅程不能再打。",
            "A rule puts '{name}' on and takes it off, so a journey cannot.",
            "用一个没有 when 的标签。",
            "Use a tag without when.",
        ),
        "PB520": Wording("有两步叫“{name}”。", "Two steps are called '{name}'.", "改一个名字。", "Rename one of them."),
        "PB520.back": Wording(
            "“{name}”在这一步之前，走不回去。",
            "'{name}' comes before this step; there is no way back.",
            "写后面的一步。",
            "Name a later step.",
        ),
        "PB521": Wording(
            "这一步没说做什么。",
            "This step does not say what is done.",
            "发消息写 channel 和 text，派任务写 task，等客户写 wait_for。",
            "A message has channel and text, work for staff has task, waiting has wait_for.",
        ),
        "PB521.several": Wording(
            "一步只做一件事，这里有：{names}。",
            "A step does one thing; these are {names}.",
            "分成几步。",
            "Make several steps.",
        ),
        "PB521.key": Wording(
            "{name} 只和 {owner} 一起用。", "{name} goes with {owner}.", "删掉它，或者改这一步。", "Remove it."
        ),
        "PB522": Wording(
            "这一步的条件就是退出的条件：到了这里的人都已经退出了。",
            "This step asks for what makes people leave: whoever meets it has left already.",
            "改“{name}”的条件，或者改 exit。",
            "Change the condition of '{name}', or exit.",
        ),
        "PB522.late": Wording(
            "到这一步的那天，退出的条件已经成立：没有人走得到。",
            "By the day of this step the exit holds: nobody gets there.",
            "把这一步往前挪，或者改 exit。",
            "Move the step to an earlier day, or change exit.",
        ),
        "PB523": Wording(
            "这一步在那天之前 {days} 天，可是客户最早提前 {earliest} 天才进来。",
            "This step is {days} days before the date, yet people enter {earliest} days before it at the earliest.",
            "放宽 enter，或者把这一步往后挪。",
            "Widen enter, or move the step.",
        ),
        "PB524": Wording(
            "这一步排在后面，时间却在前一步之前。",
            "This step comes after one that is later than it.",
            "按时间先后写。",
            "Write steps in the order of their time.",
        ),
    }
)

ADVICE: Mapping[str, Wording] = MappingProxyType(
    {
        "PB910": Wording(
            "短信有 {count} 字，按 {parts} 条计费。",
            "The SMS has {count} characters and is charged as {parts}.",
            "70 字以内是一条。",
            "Up to 70 characters are one.",
        ),
        "PB911": Wording(
            "choose 没有 otherwise：哪一行都不满足的人收不到，也没有记下原因。",
            "choose has no otherwise: whoever meets no line gets nothing, for no stated reason.",
            "最后加一行，例如 - otherwise: {{skip: 无对应渠道}}。",
            "Add a last line, such as - otherwise: {{skip: …}}.",
        ),
        "PB912": Wording(
            "同样的“{name}”，因人而异卖两个价。",
            "The same '{name}' has two prices by who the person is.",
            "按会员等级等差别定价可能违反消费者权益和价格规定；真有不同的服务就在 redeem 里写清。",
            "This may break rules on fair prices; if the service differs say so in redeem.",
        ),
        "PB913": Wording(
            "这一行的“{name}”空着，等于谁都可以。",
            "'{name}' is empty in this line, so it fits everybody.",
            "真要这样就写 *。",
            "Write * if that is meant.",
        ),
        "PB914": Wording(
            "这一步总会被频控 {cap} 拦下。",
            "This step is always held back by the cap {cap}.",
            "把两步隔开，或者放宽频控。",
            "Move the steps apart, or widen the cap.",
        ),
        "PB915": Wording(
            "这一步在 {again} 之后，那时客户可能已经又进来一次。",
            "This step comes after {again}, when the customer may have entered again.",
            "让 again 比最后一步长。",
            "Let again be longer than the last step.",
        ),
    }
)

RELATED: Mapping[str, Wording] = MappingProxyType(
    {
        "related.used": Wording("在这里用到", "it is used here"),
        "related.otherwise": Wording("otherwise 在这里", "otherwise is here"),
        "related.price": Wording("另一个价在这里", "the other price is here"),
        "related.exit": Wording("退出的条件在这里", "the exit is here"),
        "related.cap": Wording("频控在这里", "the cap is here"),
        "related.counts": Wording("先算上了这一步", "this step counts already"),
    }
)

WORDING: Mapping[str, Wording] = MappingProxyType({**TEXTS, **BLOCKS, **ADVICE, **RELATED})
