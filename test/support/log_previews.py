"""Logs one artifact of each kind that a run's page shows, and prints what Python reads in them, as JSON."""

import csv
import io
import json
import math
import os
import struct
import sys
import tempfile
import wave

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import mlflow
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

expected = {"tables": {}, "arrays": {}, "images": [], "texts": {}, "documents": {}}


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if hasattr(value, "isoformat"):
        return {"time": pd.Timestamp(value).isoformat()}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    return value


def log_bytes(path, content):
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, os.path.basename(path))
        with open(file, "wb") as out:
            out.write(content)
        mlflow.log_artifact(file, os.path.dirname(path) or None)


def log_csv(path, rows, encoding="utf-8", **dialect):
    text = io.StringIO()
    csv.writer(text, **dialect).writerows(rows)
    log_bytes(path, text.getvalue().encode(encoding))
    expected["tables"][path] = {"columns": rows[0], "rows": rows[1:]}


rows = [["name", "quote", "n"], ["Zoë", 'she said "hi, there"', "1"], ["two\nlines", "a;b", "2.5"], ["日本", "", "-3"]]
many = [["i", "text"]] + [[str(i), f"row {i}, é{i % 7}" + ("\n" if i % 100 == 0 else "")] for i in range(60_000)]
table = pa.table(
    {
        "whole": pa.array([1, None, 2**62], pa.int64()),
        "real": pa.array([0.1, float("nan"), -1e300]),
        "text": ["Zoë", None, ""],
        "flag": [True, False, None],
        "when": pa.array([pd.Timestamp("2024-05-06T07:08:09.123"), None, pd.Timestamp("1970-01-01")], pa.timestamp("ms")),
        "list": [[1, 2], [], None],
        "inner": [{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}],
        "deep": [[{"k": [1, 2]}, {"k": []}], None, []],
        "bytes": [b"\x00\xff", None, b"abc"],
    }
)
large = pa.table({"i": np.arange(200_000), "noise": np.random.default_rng(1).normal(size=200_000), "lists": [[i, i + 1] for i in range(200_000)]})


def log_parquet(path, data, **options):
    out = io.BytesIO()
    pq.write_table(data, out, **options)
    log_bytes(path, out.getvalue())
    wanted = {"columns": data.column_names, "count": data.num_rows, "starts": {}}
    for start in sorted({0, data.num_rows // 2, max(0, data.num_rows - 3)}):
        window = data.slice(start, 3).to_pylist()
        wanted["starts"][start] = [[plain(value) for value in row.values()] for row in window]
    expected["tables"][path] = wanted


def log_array(path, array):
    out = io.BytesIO()
    np.save(out, array)
    log_bytes(path, out.getvalue())
    two = np.atleast_1d(array)
    first = two[(0,) * (two.ndim - 2)] if two.ndim > 2 else two.reshape(-1, 1) if two.ndim == 1 else two
    if first.dtype.kind == "c":
        values = [[[float(v.real), float(v.imag)] for v in row] for row in first]
    elif first.dtype.kind == "M":
        values = [[str(v) for v in row] for row in first]
    elif first.dtype.kind == "S":
        values = [[v.decode("latin1") for v in row] for row in first]
    else:
        values = [[plain(v) for v in row] for row in first.tolist()]
    expected["arrays"][path] = {"dtype": array.dtype.str, "shape": list(array.shape), "first": values}


def sound():
    """A second of a tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes((np.sin(np.arange(8_000) * 0.3) * 9_000).astype("<i2").tobytes())
    return out.getvalue()


def element(name, *content):
    """Of Matroska: its id, its length, what is in it."""
    body = b"".join(part if isinstance(part, bytes) else part.to_bytes(4, "big") for part in content)
    return bytes.fromhex(name) + (len(body) | 1 << 56).to_bytes(8, "big") + body


def film():
    """Ten frames of WebM: each is the picture that a lossy WebP holds, whose format is that of a film's key frame."""
    frames = []
    for shade in range(10):
        out = io.BytesIO()
        Image.new("RGB", (64, 48), (shade * 25, 0, 90)).save(out, "WEBP", quality=80)
        at = out.getvalue().index(b"VP8 ")
        (length,) = struct.unpack_from("<I", out.getvalue(), at + 4)
        frames.append(out.getvalue()[at + 8 : at + 8 + length])
    head = element("1a45dfa3", element("4286", 1), element("42f7", 1), element("42f2", 4), element("42f3", 8), element("4282", b"webm"), element("4287", 2), element("4285", 2))
    info = element("1549a966", element("2ad7b1", 1_000_000), element("4489", struct.pack(">d", 1_000)), element("4d80", b"tests"), element("5741", b"tests"))
    track = element("ae", element("d7", 1), element("73c5", 1), element("83", 1), element("86", b"V_VP8"), element("e0", element("b0", 64), element("ba", 48)))
    blocks = [element("a3", b"\x81" + struct.pack(">hB", at * 100, 0x80) + frame) for at, frame in enumerate(frames)]
    return head + element("18538067", info, element("1654ae6b", track), element("1f43b675", element("e7", 0), *blocks))


def log_documents():
    """Each with the kind of its preview."""
    mlflow.log_text("# Findings\n\nA **bold** word.\n", "documents/findings.md")
    mlflow.log_text('<h1>Report</h1><script>document.body.append("ran")</script><img src="https://evil.example/pixel.png">', "documents/report.html")
    cell = {"cell_type": "code", "source": ["print('x')"], "outputs": [{"output_type": "stream", "name": "stdout", "text": ["printed by a cell\n"]}]}
    mlflow.log_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "documents/look.ipynb")
    figure = plt.figure(figsize=(3, 2))
    figure.gca().plot([1, 4, 2])
    mlflow.log_figure(figure, "documents/figure.pdf")
    mlflow.log_figure(figure, "documents/figure.svg")
    log_bytes("documents/tone.wav", sound())
    log_bytes("documents/film.webm", film())
    kinds = {"findings.md": "markdown", "report.html": "html", "look.ipynb": "notebook", "figure.pdf": "pdf", "figure.svg": "image", "tone.wav": "none", "film.webm": "none"}
    expected["documents"] = {f"documents/{name}": kind for name, kind in kinds.items()}


mlflow.set_experiment("previews")
with mlflow.start_run(run_name="first try") as run:
    expected["runId"] = run.info.run_id
    mlflow.log_text("first line\nsecond line\n", "notes.txt")
    expected["texts"]["notes.txt"] = "first line\nsecond line\n"
    mlflow.log_dict({"a": [1, {"b": None}], "c": "é"}, "config.json")
    expected["texts"]["config.json"] = None
    log_csv("tables/utf8.csv", rows)
    log_csv("tables/semicolon.csv", rows, delimiter=";")
    log_csv("tables/tabs.tsv", rows, delimiter="\t")
    log_csv("tables/utf16.csv", rows, encoding="utf-16")
    log_csv("tables/marked.csv", rows, encoding="utf-8-sig", lineterminator="\n")
    log_csv("tables/latin.csv", [["städte", "größe"]] + [["Köln – Süd", "1"], ["Größenwörth", "2"], ["Bäärenbühl", "3"]] * 20, encoding="cp1252")
    log_csv("tables/many.csv", many)
    frame = pd.DataFrame({"inputs": ["a", "b"], "score": [0.5, None], "n": [1, 2]})
    mlflow.log_table(frame, "eval.json")
    mlflow.log_table(frame, "eval.json")
    expected["tables"]["eval.json"] = {"columns": ["inputs", "score", "n"], "rows": [["a", 0.5, 1], ["b", None, 2]] * 2}
    mlflow.log_table(frame, "eval.parquet")
    for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
        log_parquet(f"parquet/{codec}.parquet", table, compression=codec)
    log_parquet("parquet/groups.parquet", large, row_group_size=30_000, data_page_size=20_000)
    log_parquet("parquet/one-group.parquet", large, data_page_size=20_000, use_dictionary=False)
    log_parquet("parquet/v2.parquet", large, data_page_version="2.0", data_page_size=20_000)
    log_parquet("parquet/indexed.parquet", large, write_page_index=True, data_page_size=20_000)
    log_parquet("parquet/empty.parquet", table.slice(0, 0))
    for kind in ["<f8", "<f4", "<f2", ">f8", "<i8", "<i4", "i1", "<u8", ">i2", "u1", "?", "<c16", "<c8"]:
        log_array(f"arrays/{kind.strip('<>?')}{'big' if kind[0] == '>' else ''}{'bool' if kind == '?' else ''}.npy", (np.arange(12).reshape(3, 4) * 1.3).astype(kind))
    log_array("arrays/text.npy", np.array(["ab", "Zoë", ""]))
    log_array("arrays/ascii.npy", np.array([b"ab", b"c"]))
    log_array("arrays/days.npy", np.array(["2024-01-02", "1969-12-31"], "M8[D]"))
    log_array("arrays/scalar.npy", np.array(3.25))
    log_array("arrays/nan.npy", np.array([np.nan, np.inf, -np.inf, -0.0]))
    log_array("arrays/cube.npy", np.arange(24.0).reshape(2, 3, 4))
    log_array("arrays/fortran.npy", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
    log_array("arrays/empty.npy", np.zeros((0, 3)))
    for step in [0, 10, 2]:
        mlflow.log_image(np.full((8, 6, 3), step * 20, np.uint8), key="eval/dogs", step=step)
    mlflow.log_image(np.zeros((4, 4, 3), np.uint8), key="cats", step=25)
    figure = plt.figure(figsize=(2, 1), dpi=50)
    mlflow.log_figure(figure, "plots/figure.png")
    mlflow.log_image(Image.new("RGB", (30, 20)), "plots/picture.jpg")
    log_documents()
    expected["images"] = {"plots/figure.png": [100, 50], "plots/picture.jpg": [30, 20]}

with mlflow.start_run(run_name="second try"):
    mlflow.log_text("first line\nanother line\n", "notes.txt")

json.dump(expected, sys.stdout, default=plain)
