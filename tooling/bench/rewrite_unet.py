"""Writes the graph of a U-Net as ONNX Runtime's own Python tools rewrite it, for `measure-kept-graphs.ts` to run beside the plain one, or says what share of a
step goes into what is the same at every step (docs/decisions/0073).

python rewrite_unet.py fused GRAPH.onnx OTHER.onnx    attention fused; what only graphics processors have kernels for is left as it is
python rewrite_unet.py int8 GRAPH.onnx OTHER.onnx     products with weights in eight bits, channel by channel, the other factor measured at each run
python rewrite_unet.py share GRAPH.onnx [SIDE]        keys and values of the text, of all that a step takes on one thread; SIDE in pixels, else 256

It needs onnxruntime, onnx, sympy and numpy below 2.3; 1.30.0, 1.23.2, 1.14.0 and 2.2.6 were used.
"""

import json
import os
import sys

import numpy
import onnxruntime

ONLY_ON_GRAPHICS_PROCESSORS = ("nhwc_conv", "group_norm", "skip_group_norm", "bias_splitgelu", "bias_add", "packed_qkv", "packed_kv")


def fused(graph: str, other: str) -> None:
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("unet")
    for fusion in ONLY_ON_GRAPHICS_PROCESSORS:
        setattr(options, f"enable_{fusion}", False)
    # Level 0: the runtime optimises on when it loads what is written here.
    model = optimize_model(graph, model_type="unet", num_heads=0, hidden_size=0, opt_level=0, optimization_options=options)
    print({name: count for name, count in model.get_fused_operator_statistics().items() if count > 0})
    model.save_model_to_file(other)


def int8(graph: str, other: str) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    only_weights = {"MatMulConstBOnly": True}
    quantize_dynamic(graph, other, ["MatMul"], per_channel=True, weight_type=QuantType.QInt8, extra_options=only_weights)


def share(graph: str, side: str = "256") -> None:
    options = onnxruntime.SessionOptions()
    options.enable_profiling = True
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    latents = int(side) // 8
    free = dict(sample=[2, 4, latents, latents], encoder_hidden_states=[2, 77], timestep=[1], text_embeds=[2], time_ids=[2])
    feeds = {}
    for given in session.get_inputs():
        shape = [size if isinstance(size, int) else free[given.name][at] for at, size in enumerate(given.shape)]
        feeds[given.name] = numpy.full(shape, 500, numpy.int64 if given.type == "tensor(int64)" else numpy.float32)
    for _ in range(5):
        session.run(None, feeds)
    written = session.end_profiling()
    with open(written) as file:
        events = [event for event in json.load(file) if event["name"].endswith("_kernel_time")]
    os.remove(written)
    of_the_text = [event for event in events if "attn2/to_k" in event["name"] or "attn2/to_v" in event["name"]]
    print(f"{100 * sum(event['dur'] for event in of_the_text) / sum(event['dur'] for event in events):.1f} %")


if __name__ == "__main__":
    dict(fused=fused, int8=int8, share=share)[sys.argv[1]](*sys.argv[2:])
