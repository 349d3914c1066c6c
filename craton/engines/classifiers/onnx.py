"""ONNX Runtime as classifiers use it: one thread, quiet, on the CPU. Knows no model."""

from collections.abc import Callable, Mapping

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from craton.engines.base import ModelSpec
from craton.errors import ModelErrorException, ModelNotReadyException

_ERROR = 3


class Session:
    """A loaded model with one output. Blocks while it computes; call it from a thread."""

    def __init__(self, spec: ModelSpec, change: Callable[[bytes], bytes] = bytes) -> None:
        """Loads the file `model`, changed first. Raises ModelNotReadyException where it cannot be loaded."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _ERROR
        try:
            model = change(spec.files["model"].read_bytes())
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except _FAILURES as error:
            raise ModelNotReadyException(
                f"ONNX Runtime cannot load the files of the model {spec.id!r}: pull the model again. It said: {error}"
            ) from error
        self.inputs = [each.name for each in self._session.get_inputs()]

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> NDArray[np.float32]:
        """The output. Raises ModelErrorException."""
        try:
            output: NDArray[np.float32] = self._session.run(None, dict(inputs))[0]
        except _FAILURES as error:
            raise ModelErrorException(f"ONNX Runtime failed: {error}") from error
        return output


# Its own exceptions have no ancestor in common but Exception.
_FAILURES = tuple(
    kind
    for kind in vars(onnxruntime.capi.onnxruntime_pybind11_state).values()
    if isinstance(kind, type) and issubclass(kind, Exception)
)
