"""Every model on anyone's data, measured alike: `python -m recommendations.engine.benchmark`.

Full ranking: each list is drawn from all items but those the listener met in training, which are
hidden, repeat listening with them. Nothing is tuned on the test part.
"""
