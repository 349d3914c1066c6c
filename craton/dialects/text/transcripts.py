"""Raw prompts <-> conversations: the documented templates of completion models, read back into turns and written.

A prompt that follows a template to the letter, beginning to end, becomes the conversation it spells, so that the model
that answers can put it into its own template. Any other text, one with a template's tokens in the wrong order too, is
one user message. Knows no body and no model.
"""

import re
from collections.abc import Callable, Iterable

from craton.dialects.converse import Block

Read = Callable[[str], Block | None]
# (role, text): system, if any, then user and assistant in turn.
Parts = Iterable[tuple[str, str]]


def conversation(prompt: str, *templates: Read) -> Block:
    """`system` and `messages` of a turn, by the first template that the prompt follows."""
    for read in templates:
        if turn := read(prompt):
            return turn
    return {"messages": [{"role": "user", "content": [{"text": prompt}]}]}


def _turn(parts: list[tuple[str, str]]) -> Block | None:
    """Parts of (role, text) as a turn: system parts first, then user and assistant in turn, beginning with user."""
    parts = [(role, text.strip()) for role, text in parts]
    system: list[Block] = []
    while parts and parts[0][0] == "system":
        text = parts.pop(0)[1]
        system += [{"text": text}] if text else []
    if parts and parts[-1] == ("assistant", ""):
        parts.pop()
    roles = [role for role, _ in parts]
    if not parts or roles != [("user", "assistant")[i % 2] for i in range(len(parts))] or not all(t for _, t in parts):
        return None
    messages = [{"role": role, "content": [{"text": text}]} for role, text in parts]
    return ({"system": system} if system else {}) | {"messages": messages}


def _begun(parts: Parts) -> tuple[list[tuple[str, str]], str]:
    """The parts before the answer, and the answer's beginning where the last part is the assistant's."""
    turns = list(parts)
    return (turns[:-1], turns[-1][1]) if turns and turns[-1][0] == "assistant" else (turns, "")


def llama3(prompt: str) -> Block | None:
    """`<|start_header_id|>role<|end_header_id|>text<|eot_id|>`, open at the end; text after the last header is a start.

    Source: https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3/
    """
    return _headers(prompt, "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")


def llama4(prompt: str) -> Block | None:
    """Llama 3's template with Llama 4's tokens."""
    return _headers(prompt, "<|begin_of_text|>", "<|header_start|>", "<|header_end|>", "<|eot|>")


def write_llama3(parts: Parts) -> str:
    """What `llama3` reads."""
    turns, begun = _begun(parts)
    closed = "".join(f"<|start_header_id|>{role}<|end_header_id|>\n\n{text}<|eot_id|>" for role, text in turns)
    return f"<|begin_of_text|>{closed}<|start_header_id|>assistant<|end_header_id|>\n\n{begun}"


def _headers(prompt: str, begin: str, opening: str, closing: str, end: str) -> Block | None:
    rest = prompt.strip().removeprefix(begin).lstrip()
    if not rest.startswith(opening):
        return None
    parts: list[tuple[str, str]] = []
    pieces = rest.removeprefix(opening).split(opening)
    for index, piece in enumerate(pieces):
        role, closed, text = piece.partition(closing)
        body, ended, after = text.partition(end)
        last = index == len(pieces) - 1
        if not closed or role not in ("system", "user", "assistant") or after.strip() or bool(ended) == last:
            return None
        parts.append((role, body))
    return _turn(parts) if parts[-1][0] == "assistant" else None


def inst(prompt: str) -> Block | None:
    """`<s>[INST] <<SYS>>system<</SYS>> user [/INST] assistant </s><s>[INST] ...`, as Llama 2 and Mistral have it.

    Source: https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-2/
    """
    rest = prompt.strip().removeprefix("<s>").lstrip()
    if not rest.startswith("[INST]"):
        return None
    parts: list[tuple[str, str]] = []
    for piece in rest.removeprefix("[INST]").split("[INST]"):
        user, closed, assistant = piece.partition("[/INST]")
        if not closed or "[/INST]" in assistant:
            return None
        parts += [("user", user), ("assistant", re.sub(r"</s>\s*(<s>)?\s*$", "", assistant))]
    system = re.match(r"\s*<<SYS>>(.*?)<</SYS>>(.*)", parts[0][1], re.DOTALL)
    if system:
        parts[:1] = [("system", system[1]), ("user", system[2])]
    return _turn(parts)


def write_inst(parts: Parts) -> str:
    """What `inst` reads."""
    turns, begun = _begun(parts)
    prompt, system = "<s>", ""
    for role, text in turns:
        match role:
            case "system":
                system = f"<<SYS>>\n{text}\n<</SYS>>\n\n"
            case "user":
                prompt, system = f"{prompt}[INST] {system}{text} [/INST]", ""
            case _:
                prompt += f" {text}</s>"
    return f"{prompt} {begun}" if begun else prompt


def deepseek(prompt: str) -> Block | None:
    """`<｜begin▁of▁sentence｜>system<｜User｜>user<｜Assistant｜>assistant<｜end▁of▁sentence｜>...<｜Assistant｜><think>`.

    The tokens are also found with underscores. Source: https://huggingface.co/deepseek-ai/DeepSeek-R1, the model card
    and the tokenizer's template.
    """
    rest = re.sub(r"<｜(begin|end)[▁_]of[▁_]sentence｜>", "", prompt.strip())
    rest = re.sub(r"<think>\s*$", "", rest)
    system, *pieces = re.split(r"<｜(User|Assistant)｜>", rest)
    roles = [name.lower() for name in pieces[::2]]
    if not roles or roles[-1] != "assistant":
        return None
    return _turn([("system", system), *zip(roles, pieces[1::2], strict=True)])


def write_deepseek(parts: Parts) -> str:
    """What `deepseek` reads, open for the model's thoughts."""
    marks = {"system": "{}", "user": "<｜User｜>{}", "assistant": "<｜Assistant｜>{}<｜end▁of▁sentence｜>"}
    turns, begun = _begun(parts)
    closed = "".join(marks[role].format(text) for role, text in turns)
    return f"<｜begin▁of▁sentence｜>{closed}<｜Assistant｜>" + (begun or "<think>\n")


def write_labelled(user: str, assistant: str, parts: Parts, gap: str = "\n") -> str:
    """What `labelled` reads, with `gap` before each label."""
    marks = {"system": "{}", "user": f"{gap}{user}: {{}}", "assistant": f"{gap}{assistant}: {{}}"}
    turns, begun = _begun(parts)
    closed = "".join(marks[role].format(text) for role, text in turns)
    return f"{closed}{gap}{assistant}:" + (f" {begun}" if begun else "")


def labelled(user: str, assistant: str) -> Read:
    r"""Turns told by labels at the beginning of lines, such as `User:` and `Bot:`; the last label is the assistant's.

    Text before the first label is the system's.
    """
    label = re.compile(rf"(?:^|\n)\s*({re.escape(user)}|{re.escape(assistant)}):")

    def read(prompt: str) -> Block | None:
        first, *rest = label.split(prompt)
        roles = ["user" if name == user else "assistant" for name in rest[::2]]
        if not roles or roles[-1] != "assistant":
            return None
        return _turn([("system", first), *zip(roles, rest[1::2], strict=True)])

    return read
