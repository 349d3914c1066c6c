"""The bodies of Amazon's models: Nova and Titan, which generate and embed."""
