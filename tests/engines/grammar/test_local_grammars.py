"""Both local engines read every grammar, and what they generate under it is valid whenever it ended by itself."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from craton.engines.grammar import of_schema
from tests.engines.grammar.schemas import REAL

pytestmark = pytest.mark.model

Generate = Callable[[str, int], tuple[str, bool]]
"""Gives a text made under a grammar with a seed, and whether it ended by itself."""
TOKENS = 60
SHORT = ("weather", "pattern", "password", "shape", "values", "unique", "shares")
"""Schemas whose texts always have fewer tokens than that."""
PROMPT = "A valid JSON document: "


def llamacpp(model: Path) -> Generate:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.n_ctx, params.n_parallel, params.verbosity = 512, 1, 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.hostnames, params.api_keys = [str(Path(tempfile.mkdtemp()) / "llama.sock")], ["secret"]
    server = xllamacpp.Server(params)

    def generate(grammar: str, seed: int) -> tuple[str, bool]:
        answer: Any = server.handle_completions(
            {"prompt": PROMPT, "grammar": grammar, "max_tokens": TOKENS, "temperature": 1.0, "seed": seed}
        )
        assert "choices" in answer, f"llama.cpp does not read the grammar: {answer}\n{grammar}"
        (choice,) = answer["choices"]
        return choice["text"], choice["finish_reason"] == "stop"

    return generate


def openvino(model: Path) -> Generate:
    # Importing OpenVINO reports the import to its maker; without this package it does not.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    genai = pytest.importorskip("openvino_genai", reason="the openvino extra is not installed", exc_type=ImportError)
    scheduler = genai.SchedulerConfig()
    scheduler.max_num_seqs, scheduler.num_kv_blocks = 1, 32
    pipeline = genai.ContinuousBatchingPipeline(str(model), scheduler, "CPU", {"INFERENCE_NUM_THREADS": 1})
    tokenizer = pipeline.get_tokenizer()
    prompt = tokenizer.encode(PROMPT).input_ids

    def generate(grammar: str, seed: int) -> tuple[str, bool]:
        config = genai.GenerationConfig(
            max_new_tokens=TOKENS, do_sample=True, temperature=1.0, rng_seed=seed, apply_chat_template=False
        )
        config.eos_token_id = tokenizer.get_eos_token_id()
        config.structured_output_config = genai.StructuredOutputConfig(grammar=grammar)
        handle = pipeline.add_request(seed, prompt, config)
        while handle.get_status() == genai.GenerationStatus.RUNNING:
            pipeline.step()
        tokens, finish = [], None
        while handle.can_read():
            for output in handle.read().values():
                tokens += output.generated_ids
                finish = output.finish_reason
        return tokenizer.decode(tokens), finish == genai.GenerationFinishReason.STOP

    return generate


@pytest.fixture(scope="module", params=[llamacpp, openvino], ids=["llamacpp", "openvino"])
def generate(request: pytest.FixtureRequest, model: Path) -> Iterator[Generate]:
    yield request.param(model)


@pytest.mark.parametrize("name", REAL)
def test_what_ends_by_itself_is_valid(generate: Generate, name: str) -> None:
    grammar = of_schema(REAL[name])
    for seed in (1, 2):
        text, ended = generate(grammar, seed)
        if ended:
            assert Draft202012Validator(REAL[name]).is_valid(json.loads(text)), text
        assert text.isprintable(), "nothing of JSON in this style is a control character"
    assert ended or name not in SHORT, text


def test_long_bounds_end_where_they_say(generate: Generate) -> None:
    # A text of exactly 70 characters needs more than one block of the count.
    text, ended = generate(of_schema({"type": "string", "pattern": "^[a-c]{70}$"}), 1)
    assert ended and len(text) == 72 and set(text[1:-1]) <= set("abc")
