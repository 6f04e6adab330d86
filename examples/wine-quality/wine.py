"""The wine data of scikit-learn: 178 wines, 13 measurements each, three cultivars to tell apart."""

from typing import NamedTuple

import pandas as pd
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

SPLIT_SEED = 0


class Split(NamedTuple):
    features: pd.DataFrame
    cultivars: pd.Series


def load_splits() -> tuple[Split, Split, Split]:
    """Training, validation and test wines, the same ones for every run."""
    features, cultivars = load_wine(return_X_y=True, as_frame=True)
    learn_x, test_x, learn_y, test_y = train_test_split(
        features, cultivars, test_size=0.2, stratify=cultivars, random_state=SPLIT_SEED
    )
    train_x, validation_x, train_y, validation_y = train_test_split(
        learn_x, learn_y, test_size=0.25, stratify=learn_y, random_state=SPLIT_SEED
    )
    return Split(train_x, train_y), Split(validation_x, validation_y), Split(test_x, test_y)
