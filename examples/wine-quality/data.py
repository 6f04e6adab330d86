"""The wine data that scikit-learn ships: 178 Italian wines, 13 measurements, three cultivars."""

from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split


def load_split(seed: int):
    wine = load_wine(as_frame=True)
    return train_test_split(wine.data, wine.target, test_size=0.3, random_state=seed, stratify=wine.target)
