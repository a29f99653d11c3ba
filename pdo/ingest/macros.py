r"""How one cell becomes one value, as DuckDB macros: constants of this module, nothing is put into them.

Each type has a macro `as_TYPE(cell)` that gives the value, or NULL for a cell that is absent or wrong, and `TYPE_fault(cell)`
that says why it is wrong, asked only for records that have a fault. `as_TYPE` tries the usual spelling first, because almost
all cells have it; what it misses goes through `plain`, which undoes what Excel, input methods and shop systems do to cells.

Regular expressions match the whole cell and know ASCII digits only: `\d` and casts would take others. So a cast alone is no
proof, unless what it gives is written as the cell is; where the engine has one spelling, that is quicker to see.
"""

from __future__ import annotations

# Full-width forms mean their ASCII twins in ids, phones, dates and amounts; never in names, whose commas must stay Chinese.
_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "￥　\u00a0\t\r\n\v\f−–—‐"
_NARROW = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)) + "¥       ----"
# Unseen and meaningless: zero-width characters, bidirectional marks, byte order marks. Without a twin, translate drops them.
_UNSEEN = "".join(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF)))
# A name may hold U+200D: it joins the people of an emoji.
_UNSEEN_IN_TEXT = r"[\x{200B}\x{200C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}]"

_YEAR = "(19|[2-9][0-9])[0-9]{2}"
_CLOCK = "([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
# What Excel makes of more than fifteen digits. Without the sign it may be a real id.
_DAMAGED_ID = r"[0-9](\.[0-9]+)?[Ee]\+[0-9]+"
_SCIENTIFIC = r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+"


def plain_text(text: str) -> str:
    """What `plain` makes of a text that nothing is wrong with but its width."""
    return text.translate(str.maketrans(_WIDE, _NARROW)).strip()


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_BASICS = (
    # Trims, undoes ="001", drops the one ' that Excel and our own files put before a number or a formula.
    f"""CREATE MACRO plain(x) AS regexp_replace(regexp_replace(
        trim(translate(x, {_literal(_WIDE + _UNSEEN)}, {_literal(_NARROW)})), '^="([^"]*)"$', '\\1'), '^''', '')""",
    "CREATE MACRO is_placeholder(x) AS regexp_full_match(x, '-{0,2}|—{1,2}')",
    # No IN anywhere: DuckDB makes a join of it, which then is worked out for every cell and not for the odd ones only.
    """CREATE MACRO is_absent(x) AS x IS NULL OR regexp_full_match(lower(plain(x)),
        '-{0,4}|#?na|#?n/a|null|none|无|0000[-/]00[-/]00.*')""",
    # The middle of a cell may hold blanks; its ends may not, nor may it begin like a formula or a placeholder.
    """CREATE MACRO is_quiet_text(x) AS regexp_full_match(x,
        '[0-9A-Za-z_\\x{4E00}-\\x{9FFF}]([ -~\\x{4E00}-\\x{9FFF}]*[!-~\\x{4E00}-\\x{9FFF}])?')""",
    f"""CREATE MACRO tidy_text(x) AS regexp_replace(nfc_normalize(trim(
        regexp_replace(x, {_literal(_UNSEEN_IN_TEXT)}, '', 'g'), ' \t\n\v\f\r\u3000\u00a0')),
        '^''([=+@\\-\\t\\r])', '\\1')""",
    """CREATE MACRO as_text(x) AS CASE WHEN is_quiet_text(x) THEN x
        WHEN is_placeholder(tidy_text(x)) THEN NULL ELSE tidy_text(x) END""",
    "CREATE MACRO text_fault(x) AS CAST(NULL AS VARCHAR)",
    # Several texts in a cell, each once, in their order; what is left of 水果、、海鲜 has no empty one.
    """CREATE MACRO as_list(x) AS CASE WHEN x IS NULL OR is_placeholder(tidy_text(x)) THEN NULL ELSE
        nullif(list_reduce(list_prepend(CAST([] AS VARCHAR[]), list_transform(regexp_split_to_array(x, '[,，;；、|｜\\n]'),
        lambda part: CASE WHEN tidy_text(part) = '' THEN CAST([] AS VARCHAR[]) ELSE [tidy_text(part)] END)),
        lambda found, one: CASE WHEN list_has_all(found, one) THEN found ELSE list_concat(found, one) END),
        CAST([] AS VARCHAR[])) END""",
    "CREATE MACRO list_fault(x) AS CAST(NULL AS VARCHAR)",
    "CREATE MACRO is_empty_record(x) AS trim(translate(x, ' \t\n\v\f\r\u3000\u00a0\ufeff', '')) = ''",
)

_IDS = (
    f"""CREATE MACRO as_id(x) AS CASE WHEN regexp_full_match(x, '[0-9A-Za-z_][0-9A-Za-z_.:/#@-]*') THEN x
        WHEN is_placeholder(plain(x)) OR regexp_full_match(plain(x), '{_DAMAGED_ID}') THEN NULL
        ELSE nfc_normalize(plain(x)) END""",
    "CREATE MACRO id_fault(x) AS CASE WHEN as_id(x) IS NULL AND NOT is_placeholder(plain(x)) THEN 'IM122' END",
)

_PHONES = (
    r"""CREATE MACRO phone_digits(x) AS regexp_replace(regexp_replace(regexp_replace(plain(x), '[ ()-]', '', 'g'),
        '\.0+$', ''), '^(\+?86|0086|\+?860|0)(1[3-9][0-9]{9})$', '\2')""",
    # Masked, encrypted or with an extension: a number that rings somewhere else or nowhere.
    r"""CREATE MACRO is_hidden_phone(x) AS contains(plain(x), '*') OR regexp_full_match(plain(x),
        '[$~#].*|.*(\$\$|##).*|1[3-9][0-9]{9}(-|转|,)[0-9]{1,6}')""",
    """CREATE MACRO as_phone(x) AS CASE WHEN regexp_full_match(x, '1[3-9][0-9]{9}') THEN x
        WHEN is_absent(x) OR is_hidden_phone(x) THEN NULL
        WHEN regexp_full_match(phone_digits(x), '1[3-9][0-9]{9}') THEN phone_digits(x) END""",
    f"""CREATE MACRO phone_fault(x) AS CASE WHEN as_phone(x) IS NOT NULL OR is_absent(x) OR is_hidden_phone(x) THEN NULL
        WHEN regexp_full_match(plain(x), '{_SCIENTIFIC}') THEN 'IM121' ELSE 'IM120' END""",
)

_NUMBERS = (
    # Signs of money and 1,234,567: only commas that stand where thousands end are taken for such.
    r"""CREATE MACRO bare_number(x) AS regexp_replace(regexp_replace(plain(x),
        '^([+-]?) *(¥|RMB|CNY) *([+-]?)', '\1\3'), ' *(元|圆)$', '')""",
    r"""CREATE MACRO number_text(x) AS CASE WHEN regexp_full_match(bare_number(x), '[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?')
        THEN replace(bare_number(x), ',', '') ELSE bare_number(x) END""",
    r"""CREATE MACRO is_number(x) AS regexp_full_match(number_text(x), '[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)')""",
    # Exact: decimals all the way, and what has more places than the unit is refused before it could be rounded.
    r"""CREATE MACRO as_money(x) AS CASE
        WHEN regexp_full_match(x, '-?[0-9]{1,13}(\.[0-9]{1,2})?')
            THEN CAST(TRY_CAST(x AS DECIMAL(18, 2)) * 100 AS BIGINT)
        WHEN regexp_full_match(number_text(x), '[+-]?([0-9]{1,13}(\.[0-9]{0,2}0*)?|\.[0-9]{1,2}0*)')
            THEN CAST(TRY_CAST(number_text(x) AS DECIMAL(18, 2)) * 100 AS BIGINT) END""",
    r"""CREATE MACRO money_fault(x) AS CASE WHEN as_money(x) IS NOT NULL OR is_absent(x) THEN NULL
        WHEN NOT is_number(x) THEN 'IM113'
        WHEN regexp_full_match(number_text(x), '.*\.[0-9]{2}[0-9]*[1-9]0*') THEN 'IM114' ELSE 'IM115' END""",
    r"""CREATE MACRO as_number(x) AS CASE
        WHEN regexp_full_match(x, '-?[0-9]{1,12}(\.[0-9]{1,3})?')
            THEN CAST(TRY_CAST(x AS DECIMAL(18, 3)) * 1000 AS BIGINT)
        WHEN regexp_full_match(number_text(x), '[+-]?([0-9]{1,12}(\.[0-9]{0,3}0*)?|\.[0-9]{1,3}0*)')
            THEN CAST(TRY_CAST(number_text(x) AS DECIMAL(18, 3)) * 1000 AS BIGINT) END""",
    r"""CREATE MACRO number_fault(x) AS CASE WHEN as_number(x) IS NOT NULL OR is_absent(x) THEN NULL
        WHEN NOT is_number(x) THEN 'IM112'
        WHEN regexp_full_match(number_text(x), '.*\.[0-9]{3}[0-9]*[1-9]0*') THEN 'IM116' ELSE 'IM115' END""",
    r"""CREATE MACRO as_integer(x) AS CASE
        WHEN CAST(TRY_CAST(x AS BIGINT) AS VARCHAR) = x AND strlen(x) <= 15 THEN TRY_CAST(x AS BIGINT)
        WHEN regexp_full_match(x, '-?[0-9]{1,15}') THEN TRY_CAST(x AS BIGINT)
        WHEN regexp_full_match(number_text(x), '[+-]?[0-9]{1,15}(\.0*)?')
            THEN TRY_CAST(regexp_replace(number_text(x), '\.0*$', '') AS BIGINT) END""",
    r"""CREATE MACRO integer_fault(x) AS CASE WHEN as_integer(x) IS NOT NULL OR is_absent(x) THEN NULL
        WHEN regexp_full_match(number_text(x), '[+-]?[0-9]+(\.0*)?') THEN 'IM115' ELSE 'IM111' END""",
    """CREATE MACRO as_boolean(x) AS CASE x WHEN '是' THEN 1 WHEN '否' THEN 0 WHEN '1' THEN 1 WHEN '0' THEN 0 ELSE
        CASE WHEN regexp_full_match(lower(plain(x)), '是|true|1|y|yes|t|√|✓') THEN 1
        WHEN regexp_full_match(lower(plain(x)), '否|false|0|n|no|f|×|✗') THEN 0 END END""",
    """CREATE MACRO boolean_fault(x) AS CASE WHEN as_boolean(x) IS NULL AND NOT is_absent(x) THEN 'IM117' END""",
)

_TIMES = (
    # 2018/1/5 9:05, 2018年1月5日, 20180105, 20180105090500, 2018-01-05T09:05:00.000 are spelt like 2018-1-5 9:05.
    r"""CREATE MACRO spelt_time(x) AS regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(plain(x),
        '^([0-9]{4}) *[-/.年] *([0-9]{1,2}) *[-/.月] *([0-9]{1,2})日?', '\1-\2-\3'),
        '^([0-9]{4})([0-9]{2})([0-9]{2})($|[ T])', '\1-\2-\3\4'),
        '^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})$', '\1-\2-\3 \4:\5:\6'),
        '^([0-9-]+)[T ]+([0-9])', '\1 \2'),
        '(:[0-9]{2})[.,][0-9]{1,9}$', '\1')""",
    f"""CREATE MACRO is_time(x) AS regexp_full_match(spelt_time(x), '{_YEAR}-[0-9]{{1,2}}-[0-9]{{1,2}}( {_CLOCK})?')""",
    # As the clock on the wall shows it, in seconds; the offset of the zone is taken off afterwards.
    """CREATE MACRO as_instant(x) AS CASE
        WHEN CAST(TRY_CAST(x AS TIMESTAMP) AS VARCHAR) = x AND strlen(x) = 19 AND x >= '1900'
            THEN epoch_us(TRY_CAST(x AS TIMESTAMP)) // 1000000
        WHEN is_time(x) THEN epoch_us(TRY_CAST(spelt_time(x) AS TIMESTAMP)) // 1000000 END""",
    """CREATE MACRO as_date(x) AS CASE
        WHEN CAST(TRY_CAST(x AS DATE) AS VARCHAR) = x AND strlen(x) = 10 AND x >= '1900' THEN x
        WHEN is_time(x) THEN strftime(TRY_CAST(split_part(spelt_time(x), ' ', 1) AS DATE), '%Y-%m-%d') END""",
    r"""CREATE MACRO instant_fault(x) AS CASE WHEN as_instant(x) IS NOT NULL OR is_absent(x) THEN NULL
        WHEN regexp_full_match(spelt_time(x), '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( [0-9:]+)?') THEN 'IM118' ELSE 'IM119' END""",
    r"""CREATE MACRO date_fault(x) AS CASE WHEN as_date(x) IS NOT NULL OR is_absent(x) THEN NULL
        WHEN regexp_full_match(spelt_time(x), '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( [0-9:]+)?') THEN 'IM118' ELSE 'IM119' END""",
)

# What profiles do to cells before they are read: the names are those of `pdo.model.made.CLEANERS`, behind `clean_`.
# As elsewhere, one regular expression finds the usual spelling first; what is masked, damaged or absent never has it.
_USUAL = r"[0-9A-Za-z_\x{4E00}-\x{8F6B}\x{8F6D}-\x{9FFF}]+"
_CLEANERS = (
    # 65E0 begins the word for nothing; n and 0 begin others.
    r"""CREATE MACRO present_text(x) AS CASE
        WHEN regexp_matches(x, '^[1-9A-MO-Za-mo-z\x{4E00}-\x{65DF}\x{65E1}-\x{9FFF}]') THEN x
        WHEN is_absent(x) THEN '' ELSE x END""",
    # What Excel has damaged stays as it is, so that it is seen.
    f"""CREATE MACRO prefixed(prefix, x) AS CASE WHEN regexp_full_match(x, '{_USUAL}') THEN prefix || x
        WHEN plain(x) = '' OR regexp_full_match(plain(x), '{_DAMAGED_ID}') THEN plain(x) ELSE prefix || plain(x) END""",
    "CREATE MACRO clean_unwrap(x) AS plain(x)",
    # 99.00元(含运费), 99.00【…】: from the first bracket on it is no number.
    r"""CREATE MACRO clean_number(x) AS CASE WHEN regexp_full_match(x, '[0-9]+(\.[0-9]+)?') THEN x
        ELSE regexp_replace(plain(x), ' *[(\[【].*$', '') END""",
    r"CREATE MACRO clean_undeleted(x) AS regexp_replace(x, '^\s*[(（]删除[)）]\s*', '')",
    f"""CREATE MACRO clean_unmasked(x) AS CASE WHEN regexp_full_match(x, '{_USUAL}') THEN x
        WHEN contains(plain(x), '*') OR is_hidden_phone(x) THEN '' ELSE x END""",
    "CREATE MACRO clean_phone(x) AS coalesce(as_phone(x), '')",
    r"CREATE MACRO clean_address_name(x) AS trim(regexp_split_to_array(x, '[,，]')[1])",
    r"CREATE MACRO clean_address_phone(x) AS trim(coalesce(regexp_split_to_array(x, '[,，]')[2], ''))",
    # Halves of the smallest unit go up.
    """CREATE MACRO minor_text(m) AS CASE WHEN m < 0 THEN '-' ELSE '' END || CAST(abs(m) // 100 AS VARCHAR) || '.'
        || lpad(CAST(abs(m) % 100 AS VARCHAR), 2, '0')""",
    """CREATE MACRO money_times(x, y) AS CASE WHEN as_money(x) IS NULL OR as_number(y) IS NULL THEN x
        ELSE minor_text((CAST(as_money(x) AS HUGEINT) * as_number(y) + 500) // 1000) END""",
)

_CONTENT = (
    # 63 bits of a digest over the content; the store keeps it to find changes, so it must never change its meaning. It is
    # `md5_number_lower(content) >> 1`, which takes four times as long in DuckDB 2.0.
    "CREATE MACRO content_hash(content) AS CAST(md5_number(content) >> 65 AS BIGINT)",
    "CREATE MACRO concat_content(label, value, unit) AS label || value || unit",
    "CREATE MACRO seed_of(key) AS substr(sha256(key), 1, 16)",
    "CREATE MACRO latest(value, line) AS arg_max(value, line) FILTER (value IS NOT NULL)",
    "CREATE MACRO as_object(members) AS CASE WHEN members <> '' THEN '{' || members || '}' END",
    # What the file says over what is kept, keys sorted, so that the same content is the same text.
    """CREATE MACRO merged_object(old, new) AS CASE WHEN old IS NULL THEN new WHEN new IS NULL OR old = new THEN old
        ELSE '{' || array_to_string(list_transform(list_sort(map_entries(CAST(CAST(json_merge_patch(old, new) AS JSON)
        AS MAP(VARCHAR, JSON)))), lambda e: CAST(to_json(e.key) AS VARCHAR)
        || ':' || CAST(e.value AS VARCHAR)), ',') || '}' END""",
    """CREATE MACRO without_members(old, nothing) AS CASE WHEN old IS NULL OR json_merge_patch(old, nothing) = '{}' THEN NULL
        ELSE CAST(json_merge_patch(old, nothing) AS VARCHAR) END""",
    """CREATE MACRO latest_object(value, line) AS list_reduce(list(value ORDER BY line) FILTER (value IS NOT NULL),
        lambda old, new: merged_object(old, new))""",
)

MACROS: tuple[str, ...] = _BASICS + _IDS + _PHONES + _NUMBERS + _TIMES + _CLEANERS + _CONTENT
