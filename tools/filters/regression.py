"""Logistic regression with a quadratic penalty, by L-BFGS (Nocedal and Wright, Numerical Optimization, 7.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Single = NDArray[np.float32]
Mask = NDArray[np.bool_]
Places = NDArray[np.int_]

_REMEMBERED = 10
_STEPS = 500
_ENOUGH = 1e-8  # of the loss, by which a step must lower it


@dataclass(frozen=True)
class Rows:
    """What is known of each text: numbers in columns of their own, and then marks in `width` more.

    The marks of a row are the places of columns among these, each worth one by the root of how many the row has.
    """

    numbers: Single
    marks: Sequence[Places]
    width: int

    @property
    def columns(self) -> int:
        return int(self.numbers.shape[1]) + self.width

    def chosen(self, rows: Places) -> "Rows":
        return Rows(self.numbers[rows], [self.marks[row] for row in rows], self.width)


def numbers(columns: Single) -> Rows:
    """Rows of nothing but numbers."""
    return Rows(columns, [np.zeros(0, np.int_)] * len(columns), 0)


class Sums:
    """Products of rows with weights of their columns, and back."""

    def __init__(self, rows: Rows) -> None:
        lengths = np.array([len(each) for each in rows.marks], np.int_)
        self._rows = rows
        self._places = np.concatenate([*rows.marks, np.zeros(0, np.int_)])
        self._row = np.repeat(np.arange(len(lengths)), lengths)
        self._worth = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths)

    def of(self, weights: Matrix) -> Matrix:
        """One sum for each row."""
        numbers = self._rows.numbers
        dense, sparse = weights[: numbers.shape[1]], weights[numbers.shape[1] :]
        marked = np.bincount(self._row, sparse[self._places] * self._worth, len(numbers)) if self._rows.width else 0
        return (numbers @ dense.astype(np.float32)).astype(np.float64) + marked

    def back(self, shares: Matrix) -> Matrix:
        """One sum for each column, of the rows' shares."""
        dense = (self._rows.numbers.T @ shares.astype(np.float32)).astype(np.float64)
        sparse = np.bincount(self._places, shares[self._row] * self._worth, self._rows.width)
        return np.concatenate([dense, sparse])


def fitted(rows: Rows, positive: Mask, weights: Matrix, penalty: Matrix) -> Matrix:
    """The columns' weights. `weights` are those of the rows, `penalty` those of the columns."""
    sums = Sums(rows)
    found = np.zeros(rows.columns)
    loss, slope = _loss(sums, positive, weights, penalty, found)
    steps: list[tuple[Matrix, Matrix]] = []
    for _ in range(_STEPS):
        direction = _direction(slope, steps)
        width = 1.0
        while True:
            step = width * direction
            lower, there = _loss(sums, positive, weights, penalty, found + step)
            if lower <= loss + 1e-4 * float(step @ slope) or width < 1e-8:
                break
            width /= 2
        bend = there - slope
        if float(step @ bend) > 1e-12:
            steps = [*steps, (step, bend)][-_REMEMBERED:]
        won = loss - lower
        found, loss, slope = found + step, lower, there
        if won < _ENOUGH * loss:
            break
    return found


def _loss(sums: Sums, positive: Mask, weights: Matrix, penalty: Matrix, found: Matrix) -> tuple[float, Matrix]:
    totals = sums.of(found)
    odds = 1 / (1 + np.exp(-np.clip(totals, -40, 40)))
    loss = float(weights @ (np.logaddexp(0, totals) - positive * totals)) + float(penalty @ (found * found)) / 2
    return loss, sums.back(weights * (odds - positive)) + penalty * found


def _direction(slope: Matrix, steps: list[tuple[Matrix, Matrix]]) -> Matrix:
    left = slope.copy()
    shares: list[float] = []
    for step, bend in reversed(steps):
        shares.append(float(step @ left) / float(bend @ step))
        left -= shares[-1] * bend
    if steps:
        step, bend = steps[-1]
        left *= float(step @ bend) / float(bend @ bend)
    else:
        left /= max(float(np.linalg.norm(left)), 1.0)
    for (step, bend), share in zip(steps, reversed(shares), strict=True):
        left += step * (share - float(bend @ left) / float(bend @ step))
    return -left
