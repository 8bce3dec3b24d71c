"""Seq2SeqTranslator: what it learns, the forms of its predictions, and what it refuses."""

from __future__ import annotations

import copy
import pickle
import warnings

import keras
import numpy as np
import pandas as pd
import pytest
import sacrebleu
import tensorflow as tf
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

import seqkit
from tests.estimators.toy import untrained
from tests.estimators.translating import numbers, token_lists, translator

X, Y = numbers(160, seed=1)
TEST = numbers(60, seed=2)
CONSTANT = {"learning_rate_schedule": "constant"}  # so that an epoch is not changed by later ones


@pytest.fixture(scope="module")
def model():
    return translator(epochs=15).fit(X, Y)


@pytest.fixture(scope="module")
def lists():
    """From lists of tokens to lists of tokens, for two epochs."""
    return translator(**CONSTANT).fit(token_lists(X), token_lists(Y))


def test_learns_to_translate_what_it_has_not_seen(model):
    assert model.score(*TEST, metric="exact_match") > 0.85
    assert model.score(*TEST, metric="chrf") > 80
    expected = sacrebleu.corpus_bleu(model.predict(TEST[0]), [TEST[1]]).score
    assert model.score(*TEST) == pytest.approx(expected)
    assert model.history_["perplexity"][-1] < 1.5
    with pytest.raises(ValueError, match="metric must be .*'bleu'.*got 'ter'"):
        model.score(*TEST, metric="ter")


@pytest.mark.parametrize(
    "options",
    [
        {"attention": "bahdanau", "bidirectional": True, "tie_embeddings": False},
        pytest.param(
            {"input_feeding": True, "scheduled_sampling": 0.1, "label_smoothing": 0.0},
            marks=pytest.mark.slow,
        ),
        pytest.param({"attention": None, "feed_context": True}, marks=pytest.mark.slow),
    ],
)
def test_other_decoders_learn_it_too(options):
    found = translator(epochs=20, **options).fit(X, Y, sample_weight=np.ones(len(X)))
    assert found.score(*TEST, metric="exact_match") > 0.7


@pytest.mark.parametrize(
    ("tokens", "target"),
    [("char", "subword"), pytest.param("subword", None, marks=pytest.mark.slow)],
)
@untrained()
def test_characters_and_subwords(tokens, target):
    found = translator(tokens=tokens, target_tokens=target, max_tokens=40, epochs=1).fit(X, Y)
    assert all(isinstance(text, str) for text in found.predict(X[:3]))
    assert found.source_codec_.mode == tokens
    assert found.target_codec_.mode == (target or tokens)


def test_lists_of_tokens_on_either_side(lists):
    found = lists.predict(token_lists(TEST[0]))
    assert all(isinstance(row, list) for row in found)
    assert {token for row in found for token in row} <= set("12345")
    assert set(lists.target_vocabulary_) == set("12345")
    assert 0 <= lists.score(token_lists(TEST[0]), token_lists(TEST[1])) <= 100
    assert 0 <= lists.score(token_lists(TEST[0]), token_lists(TEST[1]), "exact_match") <= 1
    with untrained():
        mixed = translator().fit(X, token_lists(Y))
    assert isinstance(mixed.predict(X[:1])[0], list)
    with pytest.raises(TypeError, match=r"X\[0\] must be a list of tokens, as all in fit"):
        lists.predict(X[:2])
    with pytest.raises(TypeError, match="must be a string, as all in fit, got a list of tokens"):
        mixed.predict(token_lists(X[:2]))


def test_forms_of_predictions(model):
    sources = TEST[0][:7]
    texts = model.predict(sources)
    assert all(isinstance(text, str) for text in texts)
    assert [row[0] for row in model.predict(sources, n_best=1)] == texts
    best, scores = model.predict(sources, beam_width=4, n_best=3, return_scores=True)
    assert [len(row) for row in best] == [3] * 7
    assert all(len(set(row)) == 3 for row in best)
    assert scores.shape == (7, 3)
    assert (np.diff(scores) <= 0).all()
    one, score = model.predict(sources, beam_width=4, return_scores=True)
    assert score.shape == (7,)
    assert one == [row[0] for row in best]
    np.testing.assert_allclose(score, scores[:, 0], rtol=1e-5)
    assert len(model.predict(np.array(sources, object), beam_width=1)) == 7


@pytest.mark.parametrize("beam_width", [1, 4])
def test_attention_of_the_tokens(model, beam_width):
    sources = [*TEST[0][:7], ""]
    texts, maps = model.predict(sources, beam_width=beam_width, return_attention=True)
    assert texts == model.predict(sources, beam_width=beam_width)
    for source, text, (read, written, weights) in zip(sources, texts, maps, strict=True):
        assert [t.strip("▁") for t in read] == [*source.split(), "</s>"]
        assert [t.strip("▁") for t in written] == text.split()
        assert weights.shape == (len(written), len(read))
        np.testing.assert_allclose(weights.sum(1), 1, atol=1e-5)


def log_probability(model, source: str, target: str) -> float:
    """Of a target, by teacher forcing."""
    start = model.target_codec_.end_id
    (read,), (written,) = model.source_codec_.encode([source]), model.target_codec_.encode([target])
    previous = np.array([[start, *written]])
    logits = model.model_((np.array([[*read, model.source_codec_.end_id]]), previous))
    p = tf.nn.log_softmax(logits[0]).numpy()
    return sum(p[t, token] for t, token in enumerate([*written, start]))


@pytest.mark.parametrize("beam_width", [1, 4])
def test_scores_are_log_probabilities(model, beam_width):
    sources = [s for s in TEST[0] if len(s.split()) < 3][:6]  # below the longest: they all end
    texts, scores = model.predict(
        sources, beam_width=beam_width, length_penalty=0.0, return_scores=True
    )
    expected = [log_probability(model, s, t) for s, t in zip(sources, texts, strict=True)]
    np.testing.assert_allclose(scores, expected, atol=1e-4)


@pytest.mark.parametrize("beam_width", [1, 4])
def test_a_batch_and_its_order_never_change_a_translation(model, beam_width):
    sources = [*TEST[0][:20], "", "one " * 9, "nine"]
    texts, scores = model.predict(sources, beam_width=beam_width, return_scores=True)
    order = np.random.default_rng(0).permutation(len(sources))
    shuffled = model.predict([sources[i] for i in order], beam_width=beam_width)
    assert shuffled == [texts[i] for i in order]
    for i in (0, 20, 21, 22):
        alone, score = model.predict([sources[i]], beam_width=beam_width, return_scores=True)
        assert alone == [texts[i]]
        np.testing.assert_allclose(score, scores[i : i + 1], atol=1e-5)
    assert model.predict(sources * 4, beam_width=beam_width) == texts * 4  # more than one batch


def test_a_frame_of_one_column_is_its_column(model):
    frame = pd.DataFrame({"source": ["one two", "five"]})
    assert (
        model.predict(frame) == model.predict(frame["source"]) == model.predict(["one two", "five"])
    )
    with pytest.raises(ValueError, match="one column of texts each, got 2 columns"):
        model.predict(frame.assign(more="x"))


def test_penalties_given_to_predict_count(model):
    before = model.predict(["one two"], return_scores=True)[1]
    penalty = model.length_penalty + 1
    assert model.predict(["one two"], length_penalty=penalty, return_scores=True)[1] != before


def test_arrays_of_one_column_are_texts(model):
    assert model.predict(np.array(X[:2])[:, None]) == model.predict(X[:2])


def test_scores_are_of_targets_as_fit_takes_them(model, lists):
    right = model.score(TEST[0], TEST[1])
    assert model.score(pd.DataFrame({"s": TEST[0]}), pd.DataFrame({"t": TEST[1]})) == right
    stream = tf.data.Dataset.from_tensor_slices(tuple(map(list, TEST)))
    assert model.score(stream) == pytest.approx(right)
    assert model.score(stream.shuffle(60, seed=1)) == pytest.approx(right)  # pairs stay pairs
    with pytest.raises(TypeError, match=r"y\[0\] must be a list of tokens, as all in fit"):
        lists.score(token_lists(TEST[0]), TEST[1])
    with pytest.raises(TypeError, match="y must be a list of strings, got one"):
        model.score(TEST[0], "abc")
    with pytest.raises(TypeError, match="y must be a list of strings, got NoneType"):
        model.score(TEST[0])
    with pytest.raises(ValueError, match="same length, got 60 sources and 3 targets"):
        model.score(TEST[0], TEST[1][:3])
    with pytest.raises(ValueError, match="y must be None"):
        model.score(stream, TEST[1])


def test_several_references_a_sentence(model, lists):
    written = model.predict(TEST[0])
    both = [["5 5 5", text] if i % 2 else text for i, text in enumerate(written)]
    assert model.score(TEST[0], both, "exact_match") == 1.0
    pairs = [["1 2 3 4 5", text] for text in TEST[1]]
    streams = [["1 2 3 4 5"] * 60, TEST[1]]
    assert model.score(TEST[0], pairs) == pytest.approx(
        sacrebleu.corpus_bleu(written, streams).score
    )
    assert model.score(TEST[0], pairs, "chrf") > model.score(TEST[0], ["1 2 3 4 5"] * 60, "chrf")
    sources = token_lists(TEST[0])
    tokens = [[["5"], row] for row in lists.predict(sources)]
    assert lists.score(sources, tokens, "exact_match") == 1.0
    with pytest.raises(TypeError, match=r"y\[1\]\[1\] must be a string, got 3"):
        model.score(TEST[0][:2], ["1", ["2", 3]])


@untrained()
def test_scores_of_a_script_without_blanks():
    X, y = ["one two three four"] * 8, ["一二三四五六"] * 8
    found = translator(tokens="char", epochs=1).fit(X, y)
    by_character = found.score(X, y, tokenize="char")
    with pytest.warns(UserWarning, match="no blanks between words, so that BLEU is of characters"):
        assert found.score(X, y) == by_character
    perfect = copy.deepcopy(found)
    perfect.__dict__["predict"] = lambda sources: y
    with pytest.warns(UserWarning, match="of characters"):
        assert perfect.score(X, y) == pytest.approx(100)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        expected = sacrebleu.corpus_bleu(found.predict(X), [y], tokenize="zh").score
        assert found.score(X, y, tokenize="zh") == pytest.approx(expected)
        found.score(X, y, "chrf")
    with pytest.raises(ValueError, match="tokenize must be .*'char'.*or None, got 'zhh'"):
        found.score(X, y, tokenize="zhh")
    with pytest.raises(ValueError, match="tokenize must be None with metric='chrf', got 'zh'"):
        found.score(X, y, "chrf", tokenize="zh")


@untrained()
def test_the_best_texts_are_distinct_however_they_are_cut(tmp_path):
    found = translator(tokens="subword", max_tokens=12, epochs=1).fit(
        ["ab", "a b"] * 8, ["aa", "aaa"] * 8
    )
    sources = ["ab", "a b", ""]
    options = {"beam_width": 12, "n_best": 6}
    best, scores = found.predict(sources, **options, return_scores=True)
    for texts, values in zip(best[:2], scores, strict=False):
        real = [text for text, value in zip(texts, values, strict=True) if np.isfinite(value)]
        assert len(set(real)) == len(real) > 1
        assert not "".join(texts[len(real) :])
    assert (np.diff(scores[:2][np.isfinite(scores[:2]).all(1)]) <= 0).all()
    served = tf.saved_model.load(found.export(tmp_path, **options)).signatures["beam"]
    answer = served(inputs=tf.constant(sources))
    assert [[t.decode() for t in row] for row in answer["outputs"].numpy()] == best
    np.testing.assert_allclose(answer["scores"], scores, atol=1e-4)


@untrained()
def test_unknown_characters_of_later_targets_are_warned_of():
    found = translator(tokens="char", epochs=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        found.partial_fit(["ab", "ba"] * 4, ["ab", "ba"] * 4)
        found.partial_fit(["ab", "ba"] * 4, ["ba", "ab"] * 4)
    message = "33.3% of the tokens of y are unknown, as the first training had none"
    with pytest.warns(UserWarning, match=message):
        found.partial_fit(["ab"] * 4, ["aξ"] * 4)
    stream = tf.data.Dataset.from_tensor_slices((["ab"] * 4, ["aξ"] * 4))
    with pytest.warns(UserWarning, match=message):
        found.partial_fit(stream, None)


def test_options_of_predict_are_checked(model, tmp_path):
    with pytest.raises(TypeError, match="coverage_penalty must be a number"):
        model.predict(X[:1], coverage_penalty="a")
    with pytest.raises(ValueError, match="n_best must be at most beam_width=5, got 6"):
        model.export(tmp_path, n_best=6)


def test_an_empty_source_has_one_translation(model, lists):
    texts, scores = model.predict([""], beam_width=3, n_best=3, return_scores=True)
    assert texts == [["", "", ""]]
    assert scores.tolist() == [[0.0, -np.inf, -np.inf]]
    assert lists.predict([[]]) == [[]]


def test_empty_and_unknown_sources(model):
    texts, scores = model.predict(["", "one", "日本 🎉", " "], return_scores=True)
    assert (texts[0], texts[3]) == ("", "")
    assert texts[1] == "1"
    assert scores[0] == scores[3] == 0
    assert "⁇" not in texts[2]
    assert model.predict([""], n_best=2) == [["", ""]]


def test_a_beam_wider_than_the_vocabulary(model):
    assert len(model.target_vocabulary_) < 20
    best = model.predict(["one two"], beam_width=20, n_best=20)[0]
    assert best[0] == "1 2"


@untrained()
def test_a_vocabulary_of_one_token():
    found = translator(epochs=1).fit(["a", "a a"] * 8, ["b", "b b"] * 8)
    assert found.target_vocabulary_ == ["▁b"]
    best, scores = found.predict(["a", "c"], beam_width=5, n_best=5, return_scores=True)
    assert set("".join(best[0])) <= {"b", " "}
    assert not np.isnan(scores).any()


def test_search_is_limited(model):
    with pytest.raises(ValueError, match="n_best must be at most beam_width=2, got 3"):
        model.predict(X[:2], beam_width=2, n_best=3)
    for width in (0, 1.5):
        with pytest.raises((TypeError, ValueError), match="beam_width"):
            model.predict(X[:2], beam_width=width)
    long = model.predict(["one two three"] * 2, beam_width=1)[0]
    assert len(long.split()) <= 3  # as long as the longest target of the training


@untrained()
def test_longer_texts_are_cut_with_a_warning_that_counts_them():
    found = translator(max_length=2, epochs=1)
    longer = sum(len(x.split()) > 2 for x in X)
    with pytest.warns(UserWarning, match="max_length=2") as caught:
        found.fit(X, Y)
    messages = [str(w.message) for w in caught]
    for name in "Xy":
        expected = f"{longer} of 160 texts of {name} have more than max_length=2 tokens"
        assert any(expected in message for message in messages)
    with pytest.warns(UserWarning, match="1 of 2 texts of X"):
        texts = found.predict(["one two three", "one"])
    assert texts == found.predict(["one two", "one"])
    found.set_params(truncate=False)
    with pytest.raises(ValueError, match="raise max_length, or set truncate=True"):
        found.fit(X, Y)
    short = [(x, y) for x, y in zip(X, Y, strict=True) if len(x.split()) < 3]
    found.fit(*zip(*short, strict=True))
    with pytest.raises(ValueError, match=r"X\[1\] has 3 tokens, and max_length=2; 1 of 2 are"):
        found.predict(["one", "one two three"])


@pytest.mark.parametrize(
    ("X", "y", "error", "message"),
    [
        (["a", "b"], ["c"], ValueError, "same length, got 2 sources and 1 targets"),
        (["a", ""], ["c", "d"], ValueError, r"X\[1\] is empty, ''.*Leave the pair out"),
        (["a", "b"], ["c", " "], ValueError, r"y\[1\] is empty, ' '"),
        (["a", 3], ["c", "d"], TypeError, r"X\[1\] must be a string, got 3"),
        (["a", "b"], [None, "d"], TypeError, r"y\[0\] must be a string, got None"),
        ([["a", 1]], [["c"]], TypeError, r"X\[0\]\[1\] must be a token"),
        ([["a"]], [["c d"]], ValueError, r"y\[0\]\[0\] must be a token without blanks"),
        ([["a"]], [["c\u3000d"]], ValueError, r"y\[0\]\[0\] must be a token without blanks"),
        (["a"], None, ValueError, "requires y to be passed"),
        ("a", "b", TypeError, "X must be a list of strings"),
        (5, ["c"], TypeError, "X must be a list of strings, got int"),
        ([], [], ValueError, "X must hold at least one text"),
        ([1.0, 2.0], ["a", "b"], TypeError, r"X\[0\] must be a string, got 1.0"),
        (np.zeros((2, 3)), ["a", "b"], TypeError, r"X\[0\]\[0\] must be a token, .* got 0.0"),
        ([["a"], "b"], ["c", "d"], TypeError, r"X\[1\] must be a list of tokens, as all in fit"),
        (["a", ["b"]], ["c", "d"], TypeError, r"X\[1\] must be a string, as all in fit"),
        (pd.Series(["a", pd.NA], dtype="string"), ["c", "d"], TypeError, "got <NA>. Fill or drop"),
        ({"a": "b"}, ["c"], TypeError, "X must be a list of strings, got dict"),
    ],
)
def test_bad_data(X, y, error, message):
    with pytest.raises(error, match=message):
        translator().fit(X, y)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_best": 6}, "n_best must be at most beam_width=5, got 6"),
        ({"input_feeding": True, "attention": None}, "needs attention='luong'"),
        ({"coverage_penalty": 0.1, "attention": None}, "coverage_penalty needs attention"),
        ({"tokens": "letters"}, "tokens must be"),
        ({"attention": "self"}, "attention must be"),
        ({"max_tokens": 3}, "max_tokens must be over 3, as padding, unknown and the end"),
        ({"min_frequency": 1000}, "X must have at least one token that min_frequency=1000"),
        ({"min_frequency": 1000, "tokens": "subword"}, "X must have at least one token that"),
    ],
)
def test_bad_parameters(options, message):
    with pytest.raises(ValueError, match=message):
        translator(**options).fit(X, Y)


class Poisons(keras.callbacks.Callback):
    """Makes the weights not a number at the beginning of an epoch, from 0."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.at:
            for weight in self.model.trainable_weights:
                weight.assign(weight * np.nan)


def test_a_loss_that_is_not_a_number_keeps_the_last_good_weights(lists):
    """Those of another training with the same seed, bit for bit."""
    data = token_lists(X), token_lists(Y)
    found = translator(epochs=5, callbacks=[Poisons(2)], **CONSTANT)
    with pytest.warns(UserWarning, match="loss became nan in epoch 3.*The weights of epoch 2 are"):
        found.fit(*data)
    assert found.best_epoch_ == 2
    for weight, expected in zip(found.model_.weights, lists.model_.weights, strict=True):
        np.testing.assert_array_equal(weight, expected)
    found.set_params(callbacks=None, warm_start=True, epochs=1)
    found.fit(*data)  # and goes on from there
    assert found.history_["loss"][0] < lists.history_["loss"][-1]


def test_copies_and_files(model, tmp_path):
    expected, scores = model.predict(TEST[0], return_scores=True)
    path = model.save(tmp_path / "numbers.seqkit")
    for copied in (copy.deepcopy(model), pickle.loads(pickle.dumps(model)), seqkit.load(path)):
        for weight, kept in zip(copied.model_.weights, model.model_.weights, strict=True):
            np.testing.assert_array_equal(weight, kept)
        assert copied.history_ == model.history_
        assert copied.get_params() == model.get_params()
    found, values = copied.predict(TEST[0], return_scores=True)
    assert found == expected
    np.testing.assert_array_equal(values, scores)


def test_clones_have_the_parameters_and_no_model(model):
    assert clone(model).get_params() == model.get_params()
    assert not hasattr(clone(model), "model_")
    assert "beam_width=7" in repr(clone(model).set_params(beam_width=7))


@pytest.mark.slow
def test_grid_search():
    grid = {"length_penalty": [0.5]}
    small = translator(epochs=1, beam_width=2)
    search = GridSearchCV(small, grid, cv=2, error_score="raise").fit(X[:32], Y[:32])
    assert search.best_estimator_.length_penalty == 0.5
    assert isinstance(search.predict(X[:1])[0], str)


def test_streams_validation_data_and_early_stopping():
    stream = tf.data.Dataset.from_tensor_slices((X, Y))
    # The last two of 34 pairs in batches of 16 must not weigh as much as the rest.
    test = tf.data.Dataset.from_tensor_slices(TEST).take(34)
    found = translator(early_stopping=True, epochs=3, n_iter_no_change=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        found.fit(stream, validation_data=test)
    assert set(found.history_) == {"loss", "perplexity", "val_loss", "val_perplexity"}
    losses, perplexities = found.history_["val_loss"], found.history_["val_perplexity"]
    np.testing.assert_allclose(losses, np.log(perplexities), rtol=1e-6)
    assert perplexities[1] < perplexities[0]
    assert found.best_epoch_ == 1 + int(np.argmin(losses))
    assert found.predict(test) == found.predict(TEST[0][:34])
    with pytest.raises(ValueError, match="y and sample_weight must be None"):
        found.fit(stream, Y)
    with pytest.raises(ValueError, match="X must hold at least one sample, got 0 samples"):
        found.fit(stream.take(0))
