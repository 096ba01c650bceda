"""What MLServer runs for each graph; serve_mlserver.py sets it up."""

import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class OnnxGraph(MLModel):
    async def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = self.settings.parameters.uri
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        feeds = {tensor.name: NumpyCodec.decode_input(tensor) for tensor in payload.inputs}
        names = [value.name for value in self._session.get_outputs()]
        outputs = zip(names, self._session.run(names, feeds), strict=True)
        encoded = [NumpyCodec.encode_output(name, value) for name, value in outputs]
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=encoded)
