"""Craton's own operations on the models of this machine."""

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.engines.supervisor import Engines
from craton.models.resolve import Models


class LocalModelsApi:
    def __init__(self, models: Models, engines: Engines) -> None:
        self._models = models
        self._engines = engines

    @operation(SERVICE)
    async def list_local_models(self, ctx: Context, req: Members) -> Members:
        loaded = {model.id: model for model in self._engines.loaded()}
        installed = self._models.library.models()
        known = {model.id: model for model in self._models.catalogue} | dict(installed)
        return {
            "models": [
                {
                    "modelId": model.id,
                    "modelName": model.name,
                    "licence": model.licence,
                    "engine": loaded[model.id].engine if model.id in loaded else None,
                    "sizeBytes": model.size,
                    "contextLength": model.context_length,
                    "installed": model.id in installed,
                    "loaded": model.id in loaded,
                    "residentBytes": loaded[model.id].rss if model.id in loaded else None,
                }
                for model in known.values()
            ]
        }
