"""Chinese, Japanese, Thai: letters are tokens of their own in fit, predict and export; what is cut
already stays so; and a tagger's tokens are what blanks separate."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import tensorflow as tf

import seqkit
from tests.estimators.toy import untrained
from tests.estimators.translating import translator

UNCUT = {
    "chinese": ["我喜欢这部电影，很好看。", "这部电影太无聊了！", "不好", "非常好"],
    "japanese": ["この映画は とても面白い。", "つまらない映画だった", "最高でした", "ひどい"],
    "thai": ["หนังเรื่องนี้ดีมาก", "ฉันไม่ชอบ หนังเรื่องนี้น่าเบื่อ", "สนุกมาก", "แย่"],
    "single words": ["很好", "不好", "好看", "无聊"],
}
CUT = {
    "chinese": ["我 喜欢 这 部 电影 ， 很 好看 。", "太 无聊 了 ！", "不 好", "好"],
    "thai": ["หนัง เรื่อง นี้ ดี มาก", "ฉัน ไม่ ชอบ หนัง", "สนุก มาก", "แย่"],
    "english with a word": ["I like 電影院 a lot", "dull 電影院", "good 道", "not good"],
    "digits": ["1 2", "2 2", "3 1", "4 4"],
}
SUBJECTS = ["这部电影", "我的朋友", "那本书", "昨天的晚饭", "他的房子", "这个城市"]
GOOD, BAD = ["很好", "非常好", "真好看"], ["很坏", "非常坏", "太坏了"]
NEW = ["老师的电影好", "老师的电影坏"]  # no clause of which was in training


def classifier(**options):
    small = {"units": 8, "embedding_dim": 8, "epochs": 1, "random_state": 0}
    return seqkit.TextClassifier("gru", **{**small, **options})


def labels_of(texts):
    """A label for each token that blanks separate."""
    return [["ab"[i % 2]] * len(text.split()) for i, text in enumerate(texts)]


@pytest.mark.always
def test_a_classifier_knows_the_letters_of_a_new_sentence(tmp_path):
    X = [subject + end for subject in SUBJECTS for end in GOOD + BAD]
    y = ["good" if end in GOOD else "bad" for _ in SUBJECTS for end in GOOD + BAD]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        model = classifier(epochs=30, learning_rate=0.02).fit(X, y)
    assert {"电", "影", "好", "坏"} <= set(model.vocabulary_)
    assert max(map(len, model.vocabulary_)) == 1
    assert model.predict(NEW).tolist() == ["good", "bad"]
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    found = served(inputs=tf.constant(NEW))["probabilities"]
    np.testing.assert_allclose(found, model.predict_proba(NEW), atol=1e-6)


@untrained()
def test_texts_that_are_cut_into_words_stay_so():
    texts = CUT["chinese"]
    model = classifier(tokens="whitespace").fit(texts, ["x", "y"] * 2)
    assert {"喜欢", "电影", "无聊"} <= set(model.vocabulary_)
    lists = [text.split() for text in texts]
    np.testing.assert_array_equal(model.predict_proba(lists), model.predict_proba(texts))
    stream = tf.data.Dataset.from_tensor_slices((tf.ragged.constant(lists), ["x", "y"] * 2))
    streamed = classifier(tokens="whitespace").fit(stream)
    assert streamed.vocabulary_ == model.vocabulary_


@pytest.mark.parametrize("texts", UNCUT.values(), ids=UNCUT)
@untrained()
def test_phrases_that_are_one_token_each_are_warned_of(texts):
    y = ["x", "y"] * 2
    with pytest.warns(UserWarning, match="no blanks between words.*tokens='word'"):
        classifier(tokens="whitespace").fit(texts, y)
    tagger = seqkit.SequenceTagger("gru", units=4, embedding_dim=4, epochs=1)
    labels = labels_of(texts)
    with pytest.warns(UserWarning, match="no blanks between words.*Give lists of tokens"):
        found = tagger.fit(texts, labels).predict(texts)
    assert [len(row) for row in found] == [len(row) for row in labels]


@pytest.mark.parametrize("texts", CUT.values(), ids=CUT)
@untrained()
def test_tokens_between_blanks_and_lists_are_not_warned_of(texts):
    tagger = seqkit.SequenceTagger("gru", units=4, embedding_dim=4, epochs=1)
    lists = [[text] for text in UNCUT["chinese"]]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        classifier(tokens="whitespace").fit(texts, ["x", "y"] * 2)
        tagger.fit(texts, labels_of(texts))
        tagger.fit(lists, labels_of(UNCUT["single words"]))


@pytest.mark.always
def test_a_translator_writes_letters_without_blanks(tmp_path):
    signs = dict(zip(["one", "two", "three", "four", "five"], "一二三四五", strict=True))
    rng = np.random.default_rng(0)
    rows = [rng.choice(list(signs), rng.integers(1, 4)) for _ in range(160)]
    X, y = [" ".join(row) for row in rows], ["".join(signs[word] for word in row) for row in rows]
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        model = translator(epochs=20).fit(X, y)
    assert set(model.target_vocabulary_) == set("一二三四五")
    assert model.score(X, y, "exact_match") > 0.9
    assert model.predict(["two four one", "five"]) == ["二四一", "五"]
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    outputs = served(inputs=tf.constant(["two four one"]))["outputs"].numpy()
    assert [text.decode() for text in outputs] == ["二四一"]


@untrained()
def test_a_translator_reads_and_writes_mixed_scripts():
    texts = ["我爱 Python 语言", "Python 好。", "หนังดี ดีมาก", "スーパーへ"] * 4
    model = translator(epochs=1).fit(texts, texts[::-1])
    for codec in (model.source_codec_, model.target_codec_):
        assert codec.decode(codec.encode(texts)) == texts
        assert {"我", "▁语", "言", "▁Python", "ดี", "▁ดี", "ー"} <= set(codec.vocabulary)
