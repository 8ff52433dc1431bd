"""Loads Keras when a check first needs it, and says so: it takes seconds."""

import sys

if "keras" not in sys.modules:
    print("Loading Keras, which your functions are compared with. This takes a few seconds, once.")

import keras
import tensorflow as tf

__all__ = ["keras", "tf"]
