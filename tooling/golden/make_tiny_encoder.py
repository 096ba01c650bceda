"""Writes test/fixtures/models/tiny-encoder/: a De-Diffusion encoder one can work out by hand.

python tooling/golden/make_tiny_encoder.py

The backbone averages an 8 x 8 picture into 2 x 2 patches of three colours. Query i of a head looks at the patches
strongest in colour i (red, green, blue; every further query looks everywhere) and says that colour's word; from the
fourth on it says the end token. slow.onnx is the same backbone after two seconds or so of counting, for tests of cancelling.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parents[2] / "test" / "fixtures" / "models" / "tiny-encoder"
VOCABULARY = ["red</w>", "green</w>", "blue</w>", "dark</w>", "<|startoftext|>", "<|endoftext|>", "re", "d</w>"]
END = VOCABULARY.index("<|endoftext|>")
TOP_K = 4


def constant(name: str, value) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(value), name)


def value(name: str, kind: int, shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def save(name: str, nodes, inputs, outputs, constants) -> None:
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, FOLDER / f"{name}.onnx")


def patches(source: str) -> list:
    return [
        helper.make_node("AveragePool", [source], ["pooled"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node("Reshape", ["pooled", "flat"], ["planes"]),
        helper.make_node("Transpose", ["planes"], ["last_hidden_state"], perm=[0, 2, 1]),
    ]


def backbone(name: str, rounds: int) -> None:
    pixels = value("pixel_values", TensorProto.FLOAT, ["batch", 3, 8, 8])
    features = value("last_hidden_state", TensorProto.FLOAT, ["batch", 4, 3])
    flat = constant("flat", np.array([0, 3, 4], np.int64))
    if rounds == 0:
        save(name, patches("pixel_values"), [pixels], [features], [flat])
        return
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Add", ["count", "one"], ["next"])],
        "count",
        [value("round", TensorProto.INT64, []), value("go", TensorProto.BOOL, []), value("count", TensorProto.FLOAT, [])],
        [value("go_on", TensorProto.BOOL, []), value("next", TensorProto.FLOAT, [])],
        [constant("one", np.float32(1))],
    )
    nodes = [
        helper.make_node("Loop", ["rounds", "", "start"], ["counted"], body=body),
        helper.make_node("Mul", ["counted", "nothing"], ["zero"]),
        helper.make_node("Add", ["pixel_values", "zero"], ["waited"]),
        *patches("waited"),
    ]
    constants = [flat, constant("rounds", np.int64(rounds)), constant("start", np.float32(0)), constant("nothing", np.float32(0))]
    save(name, nodes, [pixels], [features], constants)


def head(length: int) -> None:
    queries = np.zeros((3, length), np.float32)
    for position in range(min(length, 3)):
        queries[position, position] = 8
    words = np.zeros((3, len(VOCABULARY)), np.float32)
    words[range(3), range(3)] = 6
    words[0, VOCABULARY.index("re")] = 3
    bias = np.zeros((1, length, len(VOCABULARY)), np.float32)
    bias[:, 3:, END] = 20
    nodes = [
        helper.make_node("MatMul", ["image_features", "queries"], ["looks"]),
        helper.make_node("Transpose", ["looks"], ["scores"], perm=[0, 2, 1]),
        helper.make_node("Softmax", ["scores"], ["attention"], axis=-1),
        helper.make_node("MatMul", ["attention", "image_features"], ["seen"]),
        helper.make_node("MatMul", ["seen", "words"], ["said"]),
        helper.make_node("Add", ["said", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["likely"], axis=-1),
        helper.make_node("TopK", ["likely", "candidates"], ["token_probs", "token_ids"], axis=-1),
    ]
    save(
        f"pooler_{length}",
        nodes,
        [value("image_features", TensorProto.FLOAT, ["batch", 4, 3])],
        [
            value("token_ids", TensorProto.INT64, ["batch", length, TOP_K]),
            value("token_probs", TensorProto.FLOAT, ["batch", length, TOP_K]),
            value("attention", TensorProto.FLOAT, ["batch", length, 4]),
        ],
        [
            constant("queries", queries),
            constant("words", words),
            constant("bias", bias),
            constant("candidates", np.array([TOP_K], np.int64)),
        ],
    )


FOLDER.mkdir(parents=True, exist_ok=True)
backbone("backbone", 0)
backbone("slow", 1_500_000)
head(2)
head(5)
tokenizer = FOLDER / "tokenizer"
tokenizer.mkdir(exist_ok=True)
(tokenizer / "vocab.json").write_text(json.dumps({token: index for index, token in enumerate(VOCABULARY)}) + "\n")
(tokenizer / "merges.txt").write_text("#version: 0.2\nr e\nre d</w>\n")
(tokenizer / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 16, "pad_token": "<|endoftext|>"}) + "\n")
