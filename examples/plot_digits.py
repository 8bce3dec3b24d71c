"""
Handwritten digits as sequences
===============================

An image of eight rows of eight grey values is read row by row, as a sequence of eight steps. The
1,797 digits come with scikit-learn.
"""

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import seqkit
from seqkit.inspection import plot_confusion, plot_history

digits = load_digits()
X_train, X_test, y_train, y_test = train_test_split(
    digits.images, digits.target, stratify=digits.target, random_state=0
)

# %%
# Without arguments the number of steps follows the data. ``chosen_`` says what was chosen, and why.

model = seqkit.SequenceClassifier("gru", random_state=0).fit(X_train, y_train)
print(f"accuracy {model.score(X_test, y_test):.3f}")
for name, choice in model.chosen_.items():
    print(f"{name} = {choice.value}: {choice.reason}")

# %%
# The loss of each epoch.

history = plot_history(model)

# %%
# Which digits are taken for which.

confusion = plot_confusion(y_test, model.predict(X_test))
