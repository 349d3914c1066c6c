"""What becomes of the chunks of a document before they are indexed: a function's work, and a model's."""
