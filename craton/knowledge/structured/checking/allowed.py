"""The parts of SQL that a query may be made of, by the names of sqlglot's nodes. Data: all that is not here is refused.

Left out on purpose: whatever writes, waits, reads files or the system's catalogs, makes rows or long texts of nothing,
or looks into columns that a query does not name.
"""

_SHAPE = """
    Select Union Except Intersect Subquery With CTE From Join Where Group Having Order Ordered Limit Offset Distinct
    Table TableAlias Alias Column Identifier Star Literal Boolean Null Paren Tuple Case If Window WindowSpec Filter Var
    DataType DataTypeParam Interval
"""
_OPERATORS = """
    And Or Xor Not EQ NEQ GT GTE LT LTE Is In Between Like ILike Escape NullSafeEQ NullSafeNEQ Exists Any All
    Add Sub Mul Div IntDiv Mod Neg DPipe Cast
"""
_TEXTS = """
    Length Lower Upper Trim Initcap Substring Left Right StrPosition Replace Concat ConcatWs SplitPart
"""
_NUMBERS = "Abs Round Ceil Floor Sign Sqrt Coalesce Nullif Greatest Least"
_AGGREGATES = "Count Sum Avg Min Max GroupConcat Stddev StddevPop StddevSamp Variance VariancePop"
_WINDOWS = "RowNumber Rank DenseRank PercentRank CumeDist Ntile Lag Lead FirstValue LastValue NthValue"
_DATES = """
    CurrentDate CurrentTimestamp CurrentTime Extract Date Datetime Time DateTrunc TimestampTrunc TimeToStr ToChar
    StrToDate StrToTime TsOrDsToTimestamp TsOrDsToDate TsOrDsToDatetime DateAdd DateSub DateDiff TsOrDsAdd TsOrDsDiff
    Year Quarter Month Week Day DayOfWeek DayOfMonth DayOfYear
"""


def _words(*texts: str) -> frozenset[str]:
    return frozenset(" ".join(texts).split())


NODES = _words(_SHAPE, _OPERATORS, _TEXTS, _NUMBERS, _AGGREGATES, _WINDOWS, _DATES)

# Functions that the parser has no node for.
NAMES = {
    "sqlite": _words("strftime date datetime time julianday unixepoch instr ifnull iif total ltrim rtrim"),
    "postgres": _words("age date_part make_date btrim ltrim rtrim char_length strpos"),
}

TYPES = _words(
    """
    TEXT VARCHAR CHAR NCHAR NVARCHAR INT BIGINT SMALLINT TINYINT DECIMAL FLOAT DOUBLE BOOLEAN DATE TIME TIMETZ
    TIMESTAMP TIMESTAMPTZ TIMESTAMPNTZ DATETIME INTERVAL REAL
    """
)

# What SQLite is to call at most, by its own names, of all that the nodes above become.
SQLITE_FUNCTIONS = NAMES["sqlite"] | _words(
    """
    abs avg ceil ceiling char_length coalesce concat concat_ws count cume_dist current_date current_time
    current_timestamp date dense_rank first_value floor group_concat lag last_value lead length like lower ltrim max
    min mod nth_value ntile nullif percent_rank rank replace round row_number rtrim sign sqrt string_agg substr
    substring sum total trim upper
    """
)
