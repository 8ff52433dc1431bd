"""Networks that the book shows trained: recipes, and the training by Keras.

adding         the adding problem
first_speaker  who spoke first in a row of utterances
attention      who spoke first, by attention
variants       the adding problem, by variants of the LSTM
utterances     who speaks, with four ways of padding
births         the births of the next day
characters     the next character of a novel
experiment     what an experiment is, and its training
trained        the files in book/trained/, which hold the weights

Training takes minutes, so the small weights are committed and the book's pages compute their
numbers from them. `python -m course train` trains again.
"""
