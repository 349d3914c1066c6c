"""Engines that tell what is in a text or a picture: small classifiers, each computing in a single thread."""
