"""Craton's operations on the models of this machine: what each is and how it does, and loading and unloading them."""

import re
from collections.abc import Mapping, Sequence

from craton.admin import SERVICE, Members
from craton.admin.machine.fitting import fitting, recommended
from craton.admin.machine.measuring import Measuring
from craton.admin.machine.operator import Operator
from craton.core.context import Context
from craton.core.operation import operation
from craton.engines.state import LocalState
from craton.engines.supervisor import Engines
from craton.errors import ResourceNotFoundException
from craton.models.catalogue import Modality, Model, Scores
from craton.models.profiles import Profiles
from craton.models.pulls import Pulls
from craton.models.resolve import Models
from craton.usage.speeds import Speed, Speeds

# What a model is for, by the last thing that it makes.
TASKS: Mapping[Modality, str] = {"TEXT": "TEXT_GENERATION", "EMBEDDING": "EMBEDDING", "LABELS": "GUARDRAIL"}
_PROFILE = ("inferenceProfileId", "inferenceProfileArn", "inferenceProfileName", "type")
# How makers of GGUF files name what they did to the weights.
_QUANTIZATION = re.compile(r"(?<![a-z0-9])(i?q\d(_[a-z0-9]+)*|b?f16|f32)(?![a-z0-9])", re.IGNORECASE)


class LocalModelsApi:
    def __init__(
        self,
        models: Models,
        engines: Engines,
        profiles: Profiles,
        pulls: Pulls,
        speeds: Speeds,
        measuring: Measuring,
        operator: Operator,
    ) -> None:
        self._models = models
        self._engines = engines
        self._profiles = profiles
        self._pulls = pulls
        self._speeds = speeds
        self._measuring = measuring
        self._operator = operator

    @operation(SERVICE)
    async def list_local_models(self, ctx: Context, req: Members) -> Members:
        installed = self._models.library.models()
        known = {model.id: model for model in self._models.catalogue}
        every = known | {key: model for key, model in installed.items() if key not in known}
        states = {state.id: state for state in self._engines.states()}
        loading = {each.id: each.resident / max(each.expected, 1) for each in self._engines.loading()}
        pulled, profiles = await self._pulls.under_way(), await self._profiles.leading(ctx)
        stand_ins = self._models.stand_ins()
        fits = {key: fitting(model, self._models, self._engines) for key, model in every.items()}
        best = recommended(model for key, model in every.items() if fits[key].fits)
        operates = self._operator.calls(ctx)
        return {
            "models": [
                {
                    **_described(model),
                    **_state(states.get(model.place), key in installed, loading.get(model.place), operates),
                    "pullId": pulled.get(key),
                    "memoryNeededBytes": fits[key].needed,
                    "fits": fits[key].fits,
                    "fit": fits[key].fit,
                    "fitReason": fits[key].reason,
                    "recommended": model is best,
                    "speed": _speed(self._speeds.of(key)),
                    "measuring": self._measuring.running(key),
                    "measurementFailure": self._measuring.failure(key) if operates else None,
                    "standsInFor": stand_ins.get(key, []),
                    "inferenceProfiles": [
                        {member: profile[member] for member in _PROFILE} for profile in profiles.get(key, ())
                    ],
                }
                for key, model in every.items()
            ]
        }

    @operation(SERVICE)
    async def load_model(self, ctx: Context, req: Members) -> Members:
        self._operator.insist(ctx, "LoadModel")
        model = self._installed(req["modelId"])
        await self._engines.load(self._models.spec(model))
        return {"modelId": model.id, "status": self._status(model)}

    @operation(SERVICE)
    async def unload_model(self, ctx: Context, req: Members) -> Members:
        self._operator.insist(ctx, "UnloadModel")
        model = self._installed(req["modelId"])
        await self._engines.unload(model.place)
        return {"modelId": model.id, "status": self._status(model)}

    @operation(SERVICE)
    async def measure_model(self, ctx: Context, req: Members) -> Members:
        self._operator.insist(ctx, "MeasureModel")
        model = self._installed(req["modelId"])
        return {"modelId": model.id, "startedAt": await self._measuring.start(ctx, model)}

    def _installed(self, id: str) -> Model:
        """Raises ResourceNotFoundException."""
        if model := self._models.library.get(id):
            return model
        raise ResourceNotFoundException(
            f"The model {id!r} is not installed on this machine. Fetch it with StartModelPull."
        )

    def _status(self, model: Model) -> str:
        state = next((state for state in self._engines.states() if state.id == model.place), None)
        return _status(state, installed=True)


def _described(model: Model) -> Members:
    """What it is, on whatever machine."""
    return {
        "modelId": model.id,
        "modelName": model.name,
        "shortName": model.short,
        "providerName": model.provider,
        "licence": model.licence,
        "task": TASKS[model.output[-1]],
        "inputModalities": list(model.input),
        "outputModalities": list(model.output),
        "languages": list(model.languages) or None,
        "parameters": model.parameters,
        "quantization": _quantization([file.name for file in model.files]),
        "engines": [choice.name for choice in model.engines],
        "sizeBytes": model.size,
        "contextLength": model.context_length or None,
        "scores": _scores(model.scores) if model.scores else None,
    }


def _state(state: LocalState | None, installed: bool, loading: float | None, operates: bool) -> Members:
    """How it does here. Why it is in trouble may name the machine's files, and is for the operator."""
    loaded = state is not None and state.loaded
    return {
        "installed": installed,
        "loaded": loaded,
        "status": _status(state, installed),
        "statusReason": (state.trouble or None) if state and operates else None,
        "engine": state.engine if state and loaded else None,
        "residentBytes": state.rss if state and loaded else None,
        "activeRequests": state.active if state and loaded else None,
        "loadingProgress": min(loading, 1.0) if loading is not None else None,
    }


def _status(state: LocalState | None, installed: bool) -> str:
    if state and state.loaded:
        return "LOADED"
    if state and state.loading:
        return "LOADING"
    return "INSTALLED" if installed else "FETCHABLE"


def _scores(scores: Scores) -> Members:
    return {
        "functionCalling": round(scores.function_calling, 3),
        "jsonSchema": scores.json_schema,
        "questions": scores.questions,
    }


def _speed(speed: Speed | None) -> Members | None:
    if speed is None:
        return None
    return {
        "tokensPerSecond": round(speed.rate, 1),
        "timeToFirstTokenMs": round(speed.first_token),
        "answers": speed.answers,
        "source": "ANSWERS" if speed.asked else "MEASUREMENT",
        "measuredAt": speed.at,
    }


def _quantization(names: Sequence[str]) -> str | None:
    """Of GGUF files, whose names tell."""
    found = [match[0] for name in names if name.endswith(".gguf") and (match := _QUANTIZATION.search(name))]
    return found[-1].upper() if found else None
