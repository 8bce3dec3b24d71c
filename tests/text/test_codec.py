"""Texts to ids and back: what goes in comes out."""

from __future__ import annotations

import pickle

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tensorflow.core.protobuf import saved_model_pb2

from seqkit.text import TextCodec, learn_vocabulary
from tests.text.plain import SCRIPTS, between_blanks, collapsed, composed, pieces, tokens, visible

MODES = ["subword", "word", "char", "whitespace"]
TEXTS = list(SCRIPTS.values())


def expected(text, mode):
    if mode in ("subword", "word"):
        text = visible(text)
    if mode == "whitespace":
        return " ".join(between_blanks(text))
    return composed(text) if mode == "char" else collapsed(text)


@pytest.fixture(scope="module", params=MODES)
def codec(request):
    return TextCodec(learn_vocabulary(TEXTS, request.param, max_tokens=None), request.param)


@pytest.fixture(scope="module")
def few():
    """A vocabulary in which words are several pieces, and some characters are unknown."""
    texts = [SCRIPTS["english"], SCRIPTS["accents"], SCRIPTS["greek"]] * 2
    return TextCodec(learn_vocabulary(texts, "subword", max_tokens=90))


def test_round_trip_of_every_script(codec):
    assert codec.decode(codec.encode(TEXTS)) == [expected(text, codec.mode) for text in TEXTS]


@settings(max_examples=60)
@given(texts=st.lists(st.text(max_size=20), min_size=1, max_size=3), mode=st.sampled_from(MODES))
@example(texts=["▁a ▁", " ▁"], mode="whitespace")
@example(texts=["▁a ▁", " ▁"], mode="char")
def test_round_trip_of_any_text(texts, mode):
    if mode in ("subword", "word"):
        texts = [visible(text).replace("▁", "_") for text in texts]
    texts = [composed(text) for text in texts]
    vocabulary = {
        "subword": ["▁", *set("".join(texts)), *(f"▁{a}" for text in texts for a in text.split())],
        "word": [token for text in texts for token in _tokens(text)],
        "char": "".join(texts),
        "whitespace": between_blanks(" ".join(texts)),
    }[mode]
    codec = TextCodec(list(dict.fromkeys(vocabulary)), mode)
    assert written(codec, codec.ids(texts)) == [expected(t, mode) for t in texts]


def written(codec, ids):
    """What `decode` says, without a graph of its own."""
    ids = ids.to_tensor() if isinstance(ids, tf.RaggedTensor) else tf.constant(ids, tf.int32)
    return [text.decode() for text in codec.texts(ids).numpy()]


def _tokens(text):
    """By the codec itself: the characters' categories depend on the version of Unicode."""
    from seqkit.text.marking import split

    return [t.decode() for t in split(tf.constant([text]), "word", False).values.numpy()]


def test_pieces_are_those_of_a_plain_search(few):
    for text, ids in zip(TEXTS, few.encode(TEXTS), strict=True):
        found = [None if i == 1 else few.vocabulary[i - 2] for i in ids]
        words = tokens(text, phrases=True)
        assert found == [p for word in words for p in pieces(word, few.vocabulary)]


def test_ids(codec):
    size = len(codec.vocabulary)
    assert (codec.end_id, len(codec)) == (size + 2, size + 3)
    for ids in codec.encode(TEXTS):
        assert ids.dtype == np.int32
        assert ((ids >= 2) & (ids < codec.end_id)).all()


@pytest.mark.parametrize(  # lower case is made before a text is split, in every mode alike
    "mode, lowercase", [("subword", 1), ("word", 0), ("char", 1), ("whitespace", 0)]
)
def test_the_graph_and_encode_agree(mode, lowercase):
    vocabulary = learn_vocabulary(TEXTS, mode, max_tokens=150, lowercase=bool(lowercase))
    codec = TextCodec(vocabulary, mode, bool(lowercase))
    rows = [row.tolist() for row in codec.encode(TEXTS)]
    assert codec.ids(tf.constant(TEXTS)).to_list() == rows
    assert tf.function(codec.ids)(tf.constant(TEXTS)).to_list() == rows
    # A text's ids do not depend on what is beside it.
    assert [codec.encode([text])[0].tolist() for text in TEXTS] == rows
    one = codec.ids(tf.constant(TEXTS[:3]))
    assert (one.dtype, one.shape.rank, one.ragged_rank) == (tf.int32, 2, 1)


def test_more_texts_than_a_chunk(few):
    texts = [f"the {i} été" for i in range(2500)]
    found = few.encode(texts)
    np.testing.assert_array_equal(found[2400], few.encode([texts[2400]])[0])
    assert few.decode(few.encode(["déjà, go!"] * 2500)) == ["déjà, go!"] * 2500
    assert (few.encode([]), few.decode([])) == ([], [])


def test_empty_texts_are_empty_rows(codec):
    assert codec.ids(tf.constant([], tf.string)).to_list() == []
    assert codec.ids(["", "x", ""]).row_lengths().numpy().tolist() == [0, 1, 0]
    assert [len(ids) for ids in codec.encode(["", ""])] == [0, 0]
    assert codec.decode([[], np.zeros(0, np.int32)]) == ["", ""]
    assert codec.texts(tf.zeros((2, 0), tf.int32)).numpy().tolist() == [b"", b""]


def test_an_unknown_character_is_one_id():
    codec = TextCodec(["▁", "a", "▁b"])
    assert codec.ids(["aξ道 ξb ba"]).to_list() == [[2, 3, 1, 1, 2, 1, 1, 4, 3]]
    assert written(codec, codec.ids(["aξ道 ξb ba"])) == ["a⁇⁇ ⁇⁇ ba"]


@pytest.mark.parametrize(
    "mode, ids, text",
    [
        ("word", [2, 1, 3, 1], "a ⁇, ⁇"),
        ("whitespace", [4, 1, 4], "b ⁇ b"),
        ("char", [4, 1, 1, 3], "b⁇⁇,"),
    ],
)
def test_unknown_tokens_of_other_modes(mode, ids, text):
    codec = TextCodec(["▁a", ",", "b"], mode)
    assert written(codec, [ids]) == [text]


def test_padding_and_end_are_skipped(codec):
    (ids,) = codec.encode(["太初有道，道與神同在。 道就是神！"])
    row = [codec.end_id, 0, *ids, codec.end_id, 0, 0]
    block = tf.constant([[row, row[::-1]], [[0] * len(row), row]], tf.int32)  # (2, 2, L)
    texts = codec.texts(block).numpy()
    assert texts.shape == (2, 2)
    assert texts[0, 0].decode() == texts[1, 1].decode() == SCRIPTS["chinese"]
    assert texts[1, 0] == b""
    assert codec.texts(tf.constant(row)).numpy().decode() == SCRIPTS["chinese"]


def test_letters_of_scripts_without_blanks_are_joined_without_one():
    codec = TextCodec(["我", "喜", "欢", "▁Python", "ดี", "ม", "▁ม"], "word")
    texts = ["我喜欢我", "欢 Python", "喜喜", "ดีม มดี"]
    ids = codec.ids(texts)
    assert ids.to_list() == [[2, 3, 4, 2], [4, 5], [3, 3], [6, 7, 8, 6]]
    assert written(codec, ids) == texts


def test_blanks_in_a_row_are_one_also_where_a_model_writes_them():
    codec = TextCodec(["▁", "▁a"])
    assert written(codec, [[2, 2, 3, 2, 3, 2], [2, 0, 0, 0, 0, 0]]) == ["a a", ""]


def test_lower_case_is_for_reading():
    codec = TextCodec(["▁", "é", "t", "É"], lowercase=True)
    assert written(codec, codec.ids(["ÉtÉ"])) == ["été"]
    assert written(codec, [[5]]) == ["É"]


@pytest.mark.parametrize("mode", MODES)
def test_texts_that_are_read_as_they_come_are_written_so(mode):
    texts = ["un \u00e9t\u00e9", "un e\u0301te\u0301"]
    options = {"max_tokens": None, "normalization": None}
    codec = TextCodec(learn_vocabulary(texts, mode, **options), mode, normalization=None)
    assert codec.decode(codec.encode(texts)) == texts
    again = pickle.loads(pickle.dumps(codec))
    assert again.decode(again.encode(texts)) == texts
    composing = TextCodec(codec.vocabulary, mode)
    assert composing.decode(composing.encode(texts)) == texts[:1] * 2


def test_wrong_form():
    with pytest.raises(ValueError, match="normalization must be 'NFC' or None, got 'nfc'"):
        TextCodec(["a"], normalization="nfc")


def test_bytes_that_are_not_utf8(codec):
    (ids,) = codec.ids([b"\xff\xfe a\x80"]).to_list()
    assert 1 in ids


def test_half_a_surrogate_pair(codec):
    assert 1 in codec.encode(["\ud83d"])[0]


def test_one_token():
    codec = TextCodec(["▁a"])
    assert len(codec) == 4
    assert codec.ids(["a a", "b", ""]).to_list() == [[2, 2], [1, 1], []]
    assert codec.decode([[2, 2, 3]]) == ["a a"]


@pytest.mark.parametrize("mode", MODES)
def test_no_token(mode):
    codec = TextCodec([], mode)
    assert {*codec.ids(["ab"]).to_list()[0]} == {1}
    assert (codec.end_id, len(codec)) == (2, 3)


@pytest.mark.parametrize("vocabulary", [["a", "b", "a"], ["a", ""]])
def test_wrong_vocabulary(vocabulary):
    with pytest.raises(ValueError, match="vocabulary must be distinct tokens"):
        TextCodec(vocabulary)


def test_wrong_mode():
    with pytest.raises(ValueError, match="mode must be one of"):
        TextCodec(["a"], "syllable")


def test_pickle(few):
    few.encode(["a"])
    again = pickle.loads(pickle.dumps(few))
    assert again.ids(TEXTS).to_list() == few.ids(TEXTS).to_list()


def test_saved_model(codec, tmp_path):
    archive = keras.export.ExportArchive()
    for resource in codec.resources:
        archive.track(resource)

    def serve(texts):
        return codec.ids(texts).to_tensor()

    def both(texts):
        ids = serve(texts)
        return {"ids": ids, "texts": codec.texts(ids)}

    archive.add_endpoint("both", both, [tf.TensorSpec((None,), tf.string)])
    archive.write_out(str(tmp_path / "m"), verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "m"))
    answer = loaded.both(tf.constant(TEXTS))
    np.testing.assert_array_equal(answer["ids"], serve(TEXTS))
    texts = [text.decode() for text in answer["texts"].numpy()]
    assert texts == [expected(text, codec.mode) for text in TEXTS]
    saved = saved_model_pb2.SavedModel.FromString((tmp_path / "m/saved_model.pb").read_bytes())
    graph = saved.meta_graphs[0].graph_def
    nodes = [*graph.node, *(node for f in graph.library.function for node in f.node_def)]
    assert not [node.op for node in nodes if "PyFunc" in node.op or "Sentencepiece" in node.op]


def test_other_things_than_lists_are_refused(few):
    with pytest.raises(TypeError, match="texts must be a list of strings, got one"):
        few.encode("abc")
    with pytest.raises(TypeError, match=r"texts\[1\] must be a string, got None"):
        few.encode(["a", None])
    with pytest.raises(TypeError, match=r"ids\[0\] must be a sequence of ids, got 2"):
        few.decode([2, 3])
    with pytest.raises(
        ValueError, match=rf"ids\[0\] must be from 0 to {len(few) - 1}, got 2 to 999"
    ):
        few.decode([[2, 999]])
    with pytest.raises(TypeError, match="texts must be several strings, got one"):
        learn_vocabulary("abc", "char", max_tokens=None)
